"""`python -m index.training --data DIR --output DIR`: train the bundled static encoder anew.

Two rounds of the same training: first without a tenth of the articles, which are then searched (the figure to choose
settings by), then on all of them (the model that is written). `--no-check` leaves the first round out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from index.encoder.errors import EncoderError
from index.encoder.static import StaticEncoder
from index.training.adapt import adapt
from index.training.bags import TokenisedPassage, tokenise
from index.training.card import Report, model_card
from index.training.data import Passage, held_back_titles, read_set
from index.training.evaluate import Figures, measure, passage_text
from index.training.guidance import guidance_passages
from index.training.progress import say
from index.training.save import model_files, write_folder
from index.training.settings import FitSettings, ModelSettings
from index.training.train import train

HELD_BACK = 0.1
SPLIT_SEED = 1234


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, write; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except EncoderError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        reason = error.strerror or str(error)
        print(f"「{options.output}」に書き込めません({reason})。空き容量と権限を確かめてください。", file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    model = ModelSettings(options.name, options.dim, options.vocabulary, options.buckets, options.min_count)
    settings = FitSettings(**{field.name: getattr(options, field.name) for field in fields(FitSettings)})
    guidance = guidance_passages(options.guidance, statements=not options.without_statements)
    passages = [*read_set(options.data), *guidance]
    reported = {folder.name: read_set(folder) for folder in options.report}
    tokenised = tokenise(passages, model.segment)
    figures = {} if options.no_check else _check(passages, tokenised, model, settings)
    encoder = train(tokenised, model, settings)
    for name, searched in reported.items():
        figures |= _measure(name, encoder, searched)
    questions = sum(len(passage.questions) for passage in passages)
    files = model_files(encoder, model_card(Report(model, settings, len(passages), questions, figures)))
    write_folder(options.output, files)
    say(f"{options.output}: {sum(map(len, files.values())) / 1e6:.1f} MB")


def _check(
    passages: Sequence[Passage], tokenised: Sequence[TokenisedPassage], model: ModelSettings, settings: FitSettings
) -> dict[str, Figures]:
    """Train without a tenth of the articles and search those."""
    titles = held_back_titles(passages, HELD_BACK, SPLIT_SEED)
    encoder = train([passage for passage in tokenised if passage.article not in titles], model, settings)
    return _measure("held-back articles", encoder, [passage for passage in passages if passage.title in titles])


def _measure(name: str, encoder: StaticEncoder, passages: Sequence[Passage]) -> dict[str, Figures]:
    """Search `passages` as they come and after adaptation to them."""
    adapted = adapt(encoder, [passage_text(passage) for passage in passages])
    results = {name: measure(encoder, passages), f"{name}, adapted": measure(adapted, passages)}
    for label, figures in results.items():
        say(f"{label}: {figures}")
    return results


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index.training", description="Train the static encoder.")
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder with corpus.jsonl, queries.jsonl and qrels.tsv")
    add("--output", type=Path, required=True, help="folder of the model; replaced as a whole")
    add("--report", type=Path, nargs="*", default=[], help="further sets to measure, never learnt from")
    add(
        "--guidance",
        type=int,
        default=8,
        help="times that the digests and their likely questions come in (%(default)s)",
    )
    add("--without-statements", action="store_true", help="leave the likely questions of single statements for fitting")
    add("--no-check", action="store_true", help="skip the round that holds a tenth of the articles back")
    model, fit = ModelSettings(), FitSettings()
    add("--name", default=model.name, help="what the encoder calls itself (%(default)s)")
    add("--dim", type=int, default=model.dimension, help="length of the vectors (%(default)s)")
    add("--vocabulary", type=int, default=model.vocabulary, help="tokens with a row of their own (%(default)s)")
    add("--buckets", type=int, default=model.buckets, help="rows that all other tokens share (%(default)s)")
    add("--min-count", type=int, default=model.min_count, help="passages that a token must stand in (%(default)s)")
    for field in fields(FitSettings):
        value = getattr(fit, field.name)
        add(f"--{field.name.replace('_', '-')}", type=type(value), default=value, help="(%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
