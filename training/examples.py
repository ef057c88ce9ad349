"""The examples of `docs/examples`, made anew from the bundled digests: `python -m training.examples [FOLDER]`.

The same program makes the same files on every machine: PDFs are set in the font that readers bring along, decks have
one date, and the index is made without fitting the encoder. Connects nowhere and asks no language model.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from assistant.changes import LibraryOptions
from assistant.library import Library
from assistant.settings import Settings
from assistant.wiring import build_assistant
from corpus.durable import make_folder, write_file
from training.export.anki import write_anki
from training.export.fonts import standard_typeface
from training.export.formats import FORMATS, export
from training.export.names import file_name
from training.export.pdf import write_pdf
from training.material import Material
from training.models import Pack
from training.pack.builder import build_pack
from training.quiz.pool import build_pool

FOLDER = Path(__file__).parents[1] / "docs" / "examples"
NOT_THE_SAME_EVERYWHERE = frozenset({"pptx", "docx", "pdf", "apkg"})
"""Formats whose bytes depend on the versions of the libraries that make them."""
# Seconds since 1970: the notes of a deck say when they were made.
_MADE = 1_775_000_000


@dataclass(frozen=True, slots=True)
class Example:
    """A pack to show: its folder and what was chosen."""

    folder: str
    theme: str
    audience: str
    minutes: int


EXAMPLES = (
    Example("1-suriawase-sales-30", "すり合わせ", "営業", 30),
    Example("2-people-newcomers-15", "人を通じた技術流出", "新入社員", 15),
    Example("3-overseas-plant-60", "生産拠点の海外進出", "海外拠点", 60),
    Example("4-joint-research-engineers-15", "共同研究", "技術者", 15),
    Example("5-first-steps-management-15", "まず最初にやるべき対策", "経営層", 15),
)


def example_packs() -> list[tuple[Example, Pack]]:
    """Each example with its pack, from an index made for it in a temporary folder."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        settings = Settings(Path(temporary))
        Library(settings, options=LibraryOptions(adapt=False)).build([])
        material = Material.of(build_assistant(settings))
        pool = build_pool(material)
        return [(each, build_pack(material, each.theme, each.audience, each.minutes, pool=pool)) for each in EXAMPLES]


def contents(pack: Pack) -> dict[str, bytes]:
    """The files of a pack, by format."""
    special = {"pdf": write_pdf(pack, standard_typeface()), "apkg": write_anki(pack.as_quiz(), now=_MADE)}
    return {key: special.get(key) or export(pack, key) for key in FORMATS}


def write_examples(folder: Path) -> list[Path]:
    """Write every example in a folder of its own and return the paths; what else lay in these folders is removed."""
    written: list[Path] = []
    for example, pack in example_packs():
        place = folder / example.folder
        make_folder(place)
        files = {place / file_name(pack.title, FORMATS[key].suffix): c for key, c in contents(pack).items()}
        for path, content in files.items():
            write_file(path, content)
        for path in place.iterdir():
            if path not in files and path.is_file():
                path.unlink()
        written += files
    return written


def main(arguments: list[str]) -> int:
    """Write the examples in the folder named, or where the repository keeps them; return the exit status."""
    folder = Path(arguments[0]) if arguments else FOLDER
    if not arguments and not folder.parent.is_dir():
        print("There is no docs folder here: python -m training.examples FOLDER", file=sys.stderr)
        return 2
    paths = write_examples(folder)
    print(f"{folder}: {len(paths)} files, {sum(path.stat().st_size for path in paths) / 1024:.0f} KiB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
