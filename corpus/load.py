"""Files and folders to documents, with a verdict for each file. A bad file costs that file only.

Each file is read in a process of its own (`corpus.sandbox`), two of them at a time; what is known already, by the hash
of its content, is not read again. The result is in the order of the files, whichever was read first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import resources
from pathlib import Path

from corpus.files import FoundFile, find_files, readable_name
from corpus.gather import Gatherer
from corpus.loaded import Corpus, LoadOptions
from corpus.one_file import ReadResult, read_found

_AT_ONCE = 2

Progress = Callable[[str, int, int], None]


def bundled_documents() -> Path:
    """The folder of the digest that ships with Mamori."""
    return Path(str(resources.files("corpus").joinpath("documents")))


def load_corpus(paths: Sequence[Path], progress: Progress | None = None, options: LoadOptions | None = None) -> Corpus:
    """Read every file under `paths`, folders and archives with all that is in them.

    Raises NothingToRead for a path that does not exist or a folder without files, SourcesError for a bad sources.toml.
    A file that cannot be read raises nothing: its verdict is in the report.
    """
    return load_files(find_files(paths), progress, options)


def load_files(
    files: Sequence[FoundFile], progress: Progress | None = None, options: LoadOptions | None = None
) -> Corpus:
    """Read these files; nothing is raised for any of them."""
    options = options or LoadOptions()
    gathered = Gatherer(options, reserved={file.source.doc_id for file in files if file.source})
    pool = ThreadPoolExecutor(_AT_ONCE)
    reads: list[ReadResult] = []
    try:
        waiting: list[Future[list[ReadResult]]] = [pool.submit(read_found, file, options) for file in files]
        for index, (file, future) in enumerate(zip(files, waiting, strict=True)):
            if progress:
                progress(readable_name(file.path.name), index, len(files))
            reads += future.result()
    finally:
        pool.shutdown(cancel_futures=True)
    gathered.take_all(reads)
    return Corpus(tuple(gathered.loaded))
