"""The documents in the index, and every way to change them: build, add, remove, update. Shared by terminal and pages.

Each change reads the generation in use, makes the next one and switches to it, all under one lock, so that two changes
at once never lose each other's documents. What is unchanged is neither read nor embedded again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from assistant.catalogue import BUNDLED, FILE, Catalogue, Holding, holding_of
from assistant.changes import LibraryOptions, LibraryReport, Plan
from assistant.errors import LibraryError
from assistant.history import Change, is_uploaded, quarantined, record_change, record_loss
from assistant.merge import differences, looked_at, merged, with_moved, with_warnings
from assistant.settings import Settings
from assistant.wiring import build_encoder, build_store
from corpus.errors import NothingToRead
from corpus.files import FoundFile, find_files, readable_name
from corpus.load import bundled_documents, load_files
from corpus.loaded import LoadedFile, LoadOptions, archive_key
from corpus.models import Chunk, Document
from corpus.one_file import file_path_key
from index.build import build_index
from index.encoder.adapted import Adaptation
from index.errors import IndexingError, NoIndex, UnknownDocument
from index.generations import Generation, GenerationInfo
from index.likely.anchors import bundled_anchors, bundled_unanswerable, fingerprint

Progress = Callable[[str, int, int], None]
WAIT_SECONDS = 600.0
_NOTHING = Holding(Catalogue(), ())
_LAST = "すべての文書を取り除くことはできません。ほかの文書を加えてから、もう一度実行してください。"
_ALL_GONE = (
    "どの文書のファイルも見つからないので、何も取り除きませんでした。"
    "ドライブやフォルダーがつながっているか確かめてください。"
)
_GONE = "ファイルが見つかりません。取り込んだ内容は、そのまま残しました。"
_NO_ROOTS = "更新するファイルがありません。`mamori index add PATH` で文書を加えてください。"


class Library:
    """The documents of one data folder."""

    def __init__(
        self, settings: Settings, progress: Progress | None = None, options: LibraryOptions | None = None
    ) -> None:
        self._settings = settings
        self._progress = progress
        self._options = options or LibraryOptions()
        self._store = build_store(settings)

    def holding(self) -> Holding:
        """Return what the index in use holds; raises as `IndexStore.open` does."""
        return holding_of(self._store.open())

    def build(self, paths: Sequence[Path]) -> LibraryReport:
        """Make an index of exactly these files and folders, or of the bundled digests where there are none.

        Raises CorpusError for a path that does not exist or a bad sources.toml, IndexingError where it is not written.
        """
        start = time.perf_counter()
        with self._alone():
            found = find_files(list(paths) or [bundled_documents()])
            loaded = self._load(found, LoadOptions())
            roots = tuple(map(_root, paths)) or (BUNDLED,)
            return self._switch(self._plan("build", self._or_nothing(), loaded, roots, (), loaded), start)

    def add(self, paths: Sequence[Path]) -> LibraryReport:
        """Take files and folders in besides what there is; one that is there already is read again if it has changed.

        Raises as `build` does, and what the index in use raises where it is damaged or was made by another program.
        """
        start = time.perf_counter()
        with self._alone():
            before = self._before()
            found = find_files(paths)
            keys = {file_path_key(file.path) for file in found}
            loaded = self._load(found, _options_beside(before, keys))
            roots = tuple(dict.fromkeys((*before.catalogue.roots, *map(_root, paths))))
            excluded = tuple(key for key in before.catalogue.excluded if archive_key(key) not in keys)
            files = merged(before.files, loaded)
            plan = self._plan("add", before, files, roots, excluded, looked_at(loaded, files))
            return self._switch(plan, start)

    def remove(self, names: Collection[str]) -> LibraryReport:
        """Take documents out, and see to it that an update does not bring them back; an uploaded file is deleted.

        `names` are ids of documents, or paths of files that gave none and are to be listed no longer.

        Raises UnknownDocument for a name that is not there, LibraryError where nothing would be left.
        """
        start = time.perf_counter()
        with self._alone():
            before = holding_of(self._store.open())
            gone = [file for file in before.files if any(_is_called(file, name) for name in names)]
            kept = [file for file in before.files if file not in gone]
            if unknown := [name for name in names if not any(_is_called(file, name) for file in gone)]:
                raise UnknownDocument(unknown, sorted(file.document.doc_id for file in before.files if file.document))
            if not any(file.document for file in kept):
                raise LibraryError(_LAST)
            contents = {file.report.sha256 for file in gone if file.document}
            copies = (file.report.key for file in before.files if file.report.sha256 in contents or file in gone)
            excluded = tuple(dict.fromkeys((*before.catalogue.excluded, *copies)))
            report = self._switch(self._plan("remove", before, kept, before.catalogue.roots, excluded, []), start)
            self._delete_uploads(gone, kept)
            return report

    def rollback(self, generation_id: str | None = None) -> GenerationInfo:
        """Go back to an older index, the last one before by default; raises what `IndexStore.rollback` does."""
        with self._alone():
            before = self._or_nothing()
            info = self._store.rollback(generation_id)
            changes = differences(before.files, self._or_nothing().files)
            self._record(Change("", "", self._options.where, "rollback", info.generation_id, *changes))
            return info

    def update(self, *, prune: bool = False, reread: bool = False) -> LibraryReport:
        """Look at every file and folder again that the index was made from: new, changed and moved files are taken in.

        A document whose file is gone stays, and is told of, unless `prune`: a drive may only not be there today.
        `reread` reads the unchanged ones again as well, and fits the encoder anew.

        Raises as `add` does, and LibraryError where no file or folder is known, or `prune` would leave nothing.
        """
        start = time.perf_counter()
        with self._alone():
            before = holding_of(self._store.open())
            if not before.catalogue.roots:
                raise LibraryError(_NO_ROOTS)
            found = [file for file in _under(before.catalogue.roots) if not _is_excluded(file, before)]
            before = with_moved(before, found)
            keys = {file_path_key(file.path) for file in found}
            options = replace(_options_beside(before, keys), reread=reread)
            # What is about to go does not keep a copy of itself out.
            loaded = self._load(found, replace(options, beside=()) if prune else options)
            files = merged(before.files, loaded)
            files = [file for file in files if file.document or archive_key(file.report.key) in keys]
            missing = [file for file in before.files if archive_key(file.report.key) not in keys and file.document]
            gone = [with_warnings(file, _GONE) for file in missing]
            if prune:
                files, gone = [file for file in files if file not in missing], []
                if not any(file.document for file in files):
                    raise LibraryError(_ALL_GONE)
            told = before.catalogue
            plan = self._plan(
                "update", before, files, told.roots, told.excluded, [*looked_at(loaded, files), *gone], fits=reread
            )
            return self._switch(plan, start)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._store.exclusive(WAIT_SECONDS, self._options.on_wait):
            yield

    def _before(self) -> Holding:
        """What there is to be changed: nothing where no index has been made yet."""
        try:
            return self.holding()
        except NoIndex:
            return _NOTHING

    def _or_nothing(self) -> Holding:
        """What there was, for the history only: an index that cannot be read is replaced all the same."""
        try:
            return self.holding()
        except IndexingError:
            return _NOTHING

    def _plan(
        self,
        action: str,
        before: Holding,
        files: Sequence[LoadedFile],
        roots: tuple[str, ...],
        excluded: tuple[str, ...],
        looked_at: Sequence[LoadedFile],
        fits: bool = False,
    ) -> Plan:
        # By their paths from the root: an index may be updated from another folder than it was made in.
        reports = tuple(replace(one.report, unchanged=False, path=readable_name(one.report.key)) for one in files)
        fits = fits or action == "build" if self._options.adapt is None else self._options.adapt
        return Plan(action, before, files, Catalogue(roots, excluded, reports), looked_at, fits)

    def _load(self, found: Sequence[FoundFile], options: LoadOptions) -> list[LoadedFile]:
        settings = self._settings
        options = replace(
            options,
            ocr=self._options.ocr,
            quarantine={} if self._options.retry else quarantined(settings),
            on_loss=lambda sha256, path, why: record_loss(settings, sha256, path, why),
        )
        return list(load_files(found, _stage(self._progress, "read"), options).loaded)

    def _switch(self, plan: Plan, start: float) -> LibraryReport:
        """Make the next generation by the plan, unless it would be the one before."""
        documents = [replace(file.document, pages=()) for file in plan.files if file.document]
        chunks = [chunk for file in plan.files for chunk in file.chunks]
        looked_at = tuple(file.report for file in plan.looked_at)
        if not chunks or plan.is_idle(documents, chunks):
            return LibraryReport(looked_at, None, len(documents), len(chunks), time.perf_counter() - start)
        generation = self._write(plan, documents, chunks).generation_id
        added, changed, removed = differences(plan.before.files, plan.files)
        change = Change("", "", self._options.where, plan.action, generation, added, changed, removed)
        problem = self._record(change)
        seconds = time.perf_counter() - start
        return LibraryReport(
            looked_at, generation, len(documents), len(chunks), seconds, added, changed, removed, problem
        )

    def _write(self, plan: Plan, documents: Sequence[Document], chunks: Sequence[Chunk]) -> Generation:
        beside = {FILE: plan.catalogue.to_bytes()}
        if not plan.fits and plan.holds_the_same(documents, chunks):
            generation = self._store.open()
            recipe = generation.manifest.recipe
            if recipe.likely in (None, fingerprint(bundled_anchors(), bundled_unanswerable())):
                return self._store.write({**generation.contents, **beside}, recipe)
        otherwise = Adaptation.OFF if plan.action == "build" else Adaptation.KEEP
        return build_index(
            documents,
            chunks,
            self._store,
            build_encoder(self._settings),
            progress=self._progress,
            adaptation=Adaptation.FIT if plan.fits else otherwise,
            anchors=bundled_anchors(),
            unanswerable=bundled_unanswerable(),
            beside=beside,
        )

    def _record(self, change: Change) -> str | None:
        """Keep the change in the history; what went wrong with that, where it did: the change itself stands."""
        try:
            record_change(self._settings, change)
        except LibraryError as error:
            return str(error)
        return None

    def _delete_uploads(self, gone: Sequence[LoadedFile], kept: Sequence[LoadedFile]) -> None:
        """Delete the uploaded files of what is gone, but no archive that something kept lies in."""
        needed = {archive_key(file.report.key) for file in kept}
        for key in {archive_key(file.report.key) for file in gone} - needed:
            if is_uploaded(self._settings, Path(key)):
                Path(key).unlink(missing_ok=True)


def _is_called(file: LoadedFile, name: str) -> bool:
    """Whether this is the file that a person means who wants it removed: by its document's id, else by its path."""
    if file.document:
        return file.document.doc_id == name
    return file.report.path == name or file.report.key == file_path_key(Path(name))


def _root(path: Path) -> str:
    return BUNDLED if path.absolute() == bundled_documents().absolute() else file_path_key(path)


def _under(roots: Sequence[str]) -> list[FoundFile]:
    """The files under all roots that are there; an empty folder has none."""
    found: dict[str, FoundFile] = {}
    for root in roots:
        path = bundled_documents() if root == BUNDLED else Path(root)
        try:
            inside = find_files([path])
        except NothingToRead:
            continue
        for file in inside:
            found.setdefault(file_path_key(file.path), file)
    return list(found.values())


def _is_excluded(file: FoundFile, before: Holding) -> bool:
    return file_path_key(file.path) in before.catalogue.excluded


def _options_beside(before: Holding, keys: Collection[str]) -> LoadOptions:
    """Read with what is known of the files at `keys`, beside all the others that stay."""
    known = {file.report.key: file for file in before.files if archive_key(file.report.key) in keys}
    beside = tuple(file for file in before.files if archive_key(file.report.key) not in keys)
    return LoadOptions(known=known, beside=beside, excluded=frozenset(before.catalogue.excluded))


def _stage(progress: Progress | None, name: str) -> Progress | None:
    if progress is None:
        return None
    return lambda _file, done, total: progress(name, done, total)
