"""What each choice in the search is worth, on articles held back from everything else.

Prints one line a setting: BM25 parameters, field weights, and how the vectors' scores are added. It chooses nothing:
decisions 0002 and 0003 keep the tables. Never run it on the set that figures are reported on.

    python -m eval.tune_fusion ../shared/bench/jaquad_train [--parts 10 --part 0] [--encoder FOLDER] [--adapt]
    python -m eval.tune_fusion ../shared/bench/jaquad_train [--parts 10 --part 0] --write-rest FOLDER

The second form writes the articles that are not held back: `python -m index.training --no-check` trains the encoder of
the first form on them.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np

from eval.beir import BeirSet, read_beir, write_beir
from eval.prepared import Prepared, adapted, prepare
from index.encoder import Encoder, load_encoder
from index.fusion import FusionWeights, Scores, divide_by_max, min_max, weighted_sum, z_score
from index.lexical import LexicalIndex
from index.tokenize import Tokenizer

PARTS = 10
"""Articles are parted into so many, by the hash of their titles, and one part is held back."""

FIELD_WEIGHTS = (0.0, 0.1, 0.25, 0.4, 0.6, 1.0)
DENSE_WEIGHTS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.6)
UNCOVERED_WEIGHTS = (0.8, 1.0, 1.2, 1.3, 1.5)
MOST = (0.4, 0.6, 2.0)
RECIPROCAL_RANK_CONSTANT = 60


def is_held_back(title: str, parts: int = PARTS, part: int = 0) -> bool:
    """Return whether the article of this title is kept from training and used here."""
    return int.from_bytes(hashlib.sha256(title.encode()).digest()[:4], "big") % parts == part


def articles(data: BeirSet, wanted: Callable[[str], bool]) -> BeirSet:
    """Return the paragraphs of the articles whose title is `wanted`, and the questions about them."""
    paragraphs = tuple(paragraph for paragraph in data.paragraphs if wanted(paragraph.title))
    kept = {paragraph.paragraph_id for paragraph in paragraphs}
    relevant = {name: found & kept for name, found in data.relevant.items() if found & kept}
    return BeirSet(paragraphs, {name: data.questions[name] for name in relevant}, relevant)


def lexical_lines(data: Prepared) -> Iterator[tuple[str, str]]:
    """Yield a name and the figures for each BM25 setting."""
    weights = FusionWeights().fields
    scores = data.field_scores(LexicalIndex.build(data.tokens))

    def line(changed: Mapping[str, float]) -> str:
        return data.figures([weighted_sum(fields, changed) for fields in scores])

    yield "as shipped", line(weights)
    for name in weights:
        yield f"{name} alone", line({name: 1.0})
    for name, weight in product(weights, FIELD_WEIGHTS):
        yield f"{name} {weight}", line({**weights, name: weight})
    for k1, b in product((0.3, 0.4, 0.6, 0.9, 1.2), (0.3, 0.5, 0.75, 0.9)):
        varied = data.field_scores(LexicalIndex.build(data.tokens, k1=k1, b=b))
        yield f"k1 {k1} b {b}", data.figures([weighted_sum(fields, weights) for fields in varied])


def hybrid_lines(data: Prepared, encoder: Encoder) -> Iterator[tuple[str, str]]:
    """Yield a name and the figures for each way of adding the cosines to BM25."""
    index = LexicalIndex.build(data.tokens)
    lexical = [weighted_sum(fields, FusionWeights().fields) for fields in data.field_scores(index)]
    cosines = data.cosines(encoder)
    yield "BM25", data.figures(lexical)
    yield "cosine", data.figures(cosines)
    yield (
        "reciprocal ranks, equal",
        data.figures([_ranks(a) + _ranks(b) for a, b in zip(lexical, cosines, strict=True)]),
    )
    scalings: dict[str, tuple[Callable[[Scores], Scores], Callable[[Scores], Scores]]] = {
        "BM25/max + w cosine": (divide_by_max, lambda scores: scores),
        "BM25/max + w cosine/max": (divide_by_max, divide_by_max),
        "min-max": (min_max, min_max),
        "z-score": (z_score, z_score),
    }
    for (name, (left, right)), weight in product(scalings.items(), DENSE_WEIGHTS):
        fused = [left(a) + np.float32(weight) * right(b) for a, b in zip(lexical, cosines, strict=True)]
        yield f"{name}, w {weight}", data.figures(fused)
    uncovered = data.uncovered(index, lexical)
    for a, most in product(UNCOVERED_WEIGHTS, MOST):
        weights = [np.float32(min(most, a * share)) for share in uncovered]
        fused = [divide_by_max(b) + w * c for b, w, c in zip(lexical, weights, cosines, strict=True)]
        yield f"BM25/max + min({most}, {a} uncovered) cosine", data.figures(fused)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="What each choice in the search is worth, on held-back articles.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--encoder", help="name or folder of an encoder; default: the bundled one")
    parser.add_argument("--adapt", action="store_true", help="fit the encoder to the held-back paragraphs first")
    parser.add_argument("--only", choices=["lexical", "hybrid"])
    parser.add_argument("--parts", type=int, default=PARTS, help="how many parts the articles make (%(default)s)")
    parser.add_argument("--part", type=int, default=0, help="which of them is held back, from 0 (%(default)s)")
    parser.add_argument("--write-rest", type=Path, help="write what is not held back into this folder, measure nothing")
    options = parser.parse_args(arguments)
    held_back = partial(is_held_back, parts=options.parts, part=options.part)
    everything = read_beir(options.folder)
    if options.write_rest:
        write_beir(articles(everything, lambda title: not held_back(title)), options.write_rest)
        return
    data = prepare(articles(everything, held_back), Tokenizer())
    print(f"{len(data.texts)} paragraphs, {len(data.questions)} questions")
    if options.only != "hybrid":
        _print(lexical_lines(data))
    if options.only != "lexical":
        encoder = load_encoder(options.encoder)
        _print(hybrid_lines(data, adapted(encoder, data.texts) if options.adapt else encoder))


def _print(lines: Iterator[tuple[str, str]]) -> None:
    for name, figures in lines:
        print(f"{name:44} {figures}", flush=True)


def _ranks(scores: Scores) -> Scores:
    """Return 1 / (60 + rank) for every paragraph (Cormack et al. 2009)."""
    places = np.empty(len(scores), dtype=np.float32)
    places[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return np.float32(1) / (np.float32(RECIPROCAL_RANK_CONSTANT) + places)


if __name__ == "__main__":
    main()
