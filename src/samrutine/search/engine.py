"""
The index: sections of versions, kept in a Whoosh folder, found by words.

It repeats what is believed elsewhere and can always be built anew. One document is one section of one version. The
engine knows no permission: the caller says which version digests may be found.

On disk, under the folder given:

    s2-a1-4f09c2d1-p1-97ab3c05.000007/    an index; schema, analysis, word table and parts are in its name, then a number
    building/                 a rebuild that has not finished, or was killed
    write.lock, rebuild.lock  held by a process while it writes; the system lets go when the process ends

The highest number of our own name is the index. A rebuild is written beside it and gets its name by one rename, so a
reader sees the old one or the new one. A program with another schema, analysis or word table sees no index and builds
its own. The position in the outbox is written in the same commit as what it stands for, so after any crash the index
itself says what it still lacks.

Whoosh stores and counts words; analysis, queries, snippets and ranking across fields are ours.
"""

import re
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from errno import EACCES, EDQUOT, EIO, EMFILE, ENFILE, ENOSPC, EPERM, EROFS, errorcode
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from samrutine.errors import IndexBusy, IndexUnusable, SamrutineError, StoreUnavailable
from samrutine.procedures.model import Digest, ProcedureId
from samrutine.search import whoosh_parts as whoosh
from samrutine.search.choosing import Best, Conditions, Found
from samrutine.search.compounds import parts_version
from samrutine.search.document import SCHEMA, document, once_each, position_document, schema
from samrutine.search.meanings import Meanings
from samrutine.search.model import Filter, Hit, Query, SearchResult, SectionEntry, SeveralSenses
from samrutine.search.norwegian import analysis_version
from samrutine.search.opened import Opened
from samrutine.search.passing import mentions_only
from samrutine.search.ranking import Search
from samrutine.search.snippet import snippet
from samrutine.search.suggesting import Rated, suggestions
from samrutine.search.why import Why
from samrutine.search.worth import Worth

_DOCUMENTS_A_COMMIT: Final = 5000
# When so many sections were taken out, and so large a part of all that the files hold, what is left is built anew.
_MOST_GONE: Final = 200
_WORN: Final = 0.25
# So many parts of at most so many sections may stand before they are made one: reading has all of them to look into.
_MOST_SMALL: Final = 24
_SMALL: Final = 40
# Whoosh itself looks ten times, for half a second, each time an index is opened.
_ATTEMPTS: Final = 10
_PAUSE_SECONDS: Final = 0.05
# No room, no right, no more files: rebuilding would not help, trying again may.
_SYSTEM_SAYS_NO: Final = frozenset({EACCES, EDQUOT, EIO, EMFILE, ENFILE, ENOSPC, EPERM, EROFS})


class Engine:
    """
    The index in a folder: one process has one of these, all its threads share it, and other processes have theirs.

    Nothing is opened until it is needed. Searches of one process take turns, since Whoosh's readers have one place in
    a file each.

    Args:
        folder: Where indexes lie; made at the first rebuild.
        lock_seconds: How long a write waits for another process's write.
        meanings: Gives what words may also mean; asked at each search, since the editor may have changed it.
    """

    def __init__(
        self, folder: Path, *, lock_seconds: float = 10.0, meanings: Callable[[], Meanings] = Meanings
    ) -> None:
        self._folder = folder
        self._meanings = meanings
        self._lock_seconds = lock_seconds
        self._guard = threading.RLock()
        self._opened: Opened | None = None

    def __enter__(self) -> Self:
        """Open the index, so that a missing one shows at once."""
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def open(self) -> Self:
        """
        Open the newest index and read it as it is now.

        Raises:
            IndexUnusable: There is none of this program's form, or it is damaged; call `rebuild`.
        """
        with self._guard, _translated():
            self._current()
        return self

    def close(self) -> None:
        """Close the files. The engine opens them again when it is used."""
        with self._guard:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    @property
    def position(self) -> int:
        """
        The place in the outbox up to which this index is brought up to date.

        Ask for it each time: a rebuild that began before the last writes sets it back, and they are due again.

        Raises:
            IndexUnusable: There is no index of this program's form, or it is damaged; call `rebuild`.
        """
        with self._guard, _translated():
            return self._current().position

    def missing_or_damaged(self) -> bool:
        """
        Whether the index must be built anew before it can be searched.

        Opens it and reads the first and last section of each part, which finds files that are missing, cut short or
        not ours; it does not read every byte.
        """
        try:
            with self._guard, _translated():
                self._current().look_inside()
        except IndexUnusable:
            return True
        return False

    def contents(self) -> dict[ProcedureId, frozenset[Digest]]:
        """
        Give the versions that the index holds, by procedure; for whoever verifies it against what is believed.

        Raises:
            IndexUnusable: There is no index of this program's form, or it is damaged; call `rebuild`.
        """
        found: dict[ProcedureId, set[Digest]] = {}
        with self._guard, _translated():
            opened = self._current()
            for number in opened.documents():
                facts = opened.facts(number)
                if facts is not None:
                    found.setdefault(facts.procedure_id, set()).update(digest for digest, _ in facts.versions)
        return {procedure: frozenset(digests) for procedure, digests in sorted(found.items())}

    def replace(self, procedure_id: ProcedureId, entries: Sequence[SectionEntry], position: int) -> bool:
        """Make `entries` all that the index has of a procedure; see `replace_many`."""
        return self.replace_many({procedure_id: entries}, position)

    def replace_many(self, changed: Mapping[ProcedureId, Sequence[SectionEntry]], position: int) -> bool:
        """
        Make the entries all that the index has of each of these procedures, and move its position, in one commit.

        A procedure without entries is taken out. Doing it again changes nothing. Another process sees it at its next
        search.

        Args:
            changed: The sections of the versions that may be found, by procedure.
            position: The place in the outbox that these were read at, or after.

        Returns:
            False when the index is already past `position`, and then nothing is written: what was read earlier must
            not replace what was read later.

        Raises:
            IndexUnusable: There is no whole index to change; call `rebuild`.
            IndexBusy: Another process is writing, and went on longer than we wait.
        """
        with self._locked("write"), _translated():
            index = self._index(self._newest())
            with self._guard:
                if self._current().position > position:
                    return False
            with self._writer(index, few=True) as writer:
                with self._guard:
                    opened = self._current()
                    for number in (*opened.sections_of(changed), *opened.position_documents()):
                        writer.delete_document(number)
                for procedure_id, entries in changed.items():
                    for section in once_each(entries):
                        writer.add_document(**document(section, procedure_id))
                writer.add_document(**position_document(position))
            return True

    def tidy(self) -> bool:
        """
        Join the small parts that changes leave, when there are many. What is found is the same.

        Call it when a change is visible, since it takes longer than the change; killed, it leaves the parts.

        Returns:
            Whether any were joined.

        Raises:
            IndexUnusable: There is no whole index.
            IndexBusy: Another process is writing, and went on longer than we wait.
        """
        with self._locked("write"), _translated():
            path = self._newest()
            index = self._index(path)
            small = sum(
                part.doc_count_all() <= _SMALL
                for part in whoosh.segments_in(index.storage.folder, index.latest_generation(), schema())
            )
            if small <= _MOST_SMALL:
                return False
            with self._writer(index, joining=True):
                pass
            with self._guard:
                self._current().keep_spellings()
            return True

    def is_worn(self) -> bool:
        """
        Whether so much was taken out that the index is better built anew: a quarter of all sections, and two hundred.

        What was taken out takes room, and counts in how rare a word is.

        Raises:
            IndexUnusable: There is no whole index.
        """
        with self._guard, _translated():
            held, gone = self._current().held()
        return gone >= _MOST_GONE and gone >= _WORN * held

    def rebuild(self, entries: Iterable[SectionEntry], position: int) -> None:
        """
        Build the index anew from `entries`, beside the old one, and then take its place in one step.

        Searches and writes go on with the old one meanwhile. What they write is not in the new one; its `position`
        says so. Killed at any moment, the old one stays.

        Args:
            entries: The sections of all versions that may be found; read once, a few at a time.
            position: The place in the outbox that was read *before* the first of the entries.

        Raises:
            IndexBusy: Another process is building, and went on longer than we wait.
        """
        with self._locked("rebuild"):
            building = self._folder / _BUILDING
            with _translated():
                shutil.rmtree(building, ignore_errors=True)
                building.mkdir(parents=True)
                index = whoosh.FileIndex.create(whoosh.FileStorage(str(building)), schema())
            remaining = once_each(entries)
            while chunk := list(islice(remaining, _DOCUMENTS_A_COMMIT)):
                with _translated(), self._writer(index) as writer:
                    for section in chunk:
                        writer.add_document(**document(section, section.entry.procedure_id))
            with _translated(), self._writer(index) as writer:
                writer.add_document(**position_document(position))
            with _translated(), closing(Opened.of(building)) as opened:
                opened.keep_spellings()
            with self._locked("write"), _translated():
                newest = self._newest()
                number = 1 if newest is None else _number(newest) + 1
                building.rename(self._folder / f"{_name()}.{number:06}")
            self._remove_older()

    def know_meanings(self) -> None:
        """Have ready what words may also mean: that takes half a second when it was changed, and a search waits for it."""
        self._meanings()

    def remove_other_forms(self) -> tuple[str, ...]:
        """
        Remove the indexes of other forms, which programs before or after this one left, and give their names.

        Call it when no other version of the program uses the folder.
        """
        with self._locked("write"), _translated():
            others = [path for path in self._folder.iterdir() if _NAME.fullmatch(path.name) and not _ours(path)]
            for path in others:
                shutil.rmtree(path, ignore_errors=True)
            return tuple(sorted(path.name for path in others))

    def search(
        self,
        query: Query,
        *,
        allowed: Collection[Digest] | None = None,
        limit: int = 20,
        filters: Sequence[Filter] = (),
        first: Collection[Digest] = frozenset(),
    ) -> SearchResult:
        """
        Find procedures, the best answer first, each with its best section.

        Of the versions of a procedure that may be found, the newest that answers is given. A query without words
        gives everything that the filters leave, by title; one whose words all were left out gives nothing.

        Args:
            query: From `samrutine.search.query.parse`.
            allowed: The version digests that may be found; None is all.
            limit: How many hits to give, 0 or more; `total` and `facets` count all.
            filters: More conditions, besides those of the query.
            first: Versions that come before the others, where they answer at least `GOOD_ENOUGH` as well as the best.

        Raises:
            IndexUnusable: There is no index of this program's form, or it is damaged; call `rebuild`.
        """
        wanted = frozenset(allowed) if allowed is not None and not isinstance(allowed, (set, frozenset)) else allowed
        conditions = Conditions(wanted, (*query.filters, *filters))
        meanings = self._meanings()
        with self._guard, _translated():
            opened = self._current()
            search = Search(opened, query, meanings)
            best = Best(search.answers(conditions), opened, conditions)
            why = Why(opened, search.asked_words())
            hits = tuple(_hit(opened, found, search, why) for found in best.shown(limit, first))
        return SearchResult(hits, len(best), best.facets())

    def several_senses(self, query: Query) -> tuple[SeveralSenses, ...]:
        """Say which words of a query mean several things; see `Meanings.several`."""
        return self._meanings().several(query)

    def worths(self, query: Query) -> tuple[Worth, ...]:
        """
        Say what each word of a query is worth in this index; see `worth.rating`.

        Raises:
            IndexUnusable: As `search`.
        """
        meanings = self._meanings()
        with self._guard, _translated():
            return Search(self._current(), query, meanings).worths()

    def suggest(self, typed: str, *, allowed: Collection[Digest] | None = None) -> list[Rated]:
        """
        Give what somebody who is typing may be on the way to, of the versions that may be found; see `suggesting`.

        Raises:
            IndexUnusable: As `search`.
        """
        with self._guard, _translated():
            return suggestions(self._current(), typed, Conditions(allowed, ()))

    def _current(self) -> Opened:
        """Give the newest index, opened as it is now. The caller holds the guard."""
        for _ in range(_ATTEMPTS):
            newest = self._newest()
            if newest is None:
                self.close()
                raise IndexUnusable(detail="missing")
            before = _names(newest)
            try:
                if self._opened is not None and self._opened.path == newest:
                    self._opened = self._opened.refreshed()
                else:
                    self.close()
                    self._opened = Opened.of(newest)
            except (FileNotFoundError, whoosh.EmptyIndexError):
                # A writer took files away between a look at the folder and the opening of them, or while the folder
                # was looked at, which can miss the old and the new list of files both; or a rebuild took its place.
                # So look again; when nobody changed anything, they are simply not there.
                self._opened = None
                if self._newest() == newest and _names(newest) == before:
                    break
                time.sleep(_PAUSE_SECONDS)
            else:
                return self._opened
        raise IndexUnusable(detail="incomplete")

    def _newest(self) -> Path | None:
        try:
            ours = [path for path in self._folder.iterdir() if _ours(path)]
        except (FileNotFoundError, NotADirectoryError):
            return None
        return max(ours, key=_number, default=None)

    def _index(self, path: Path | None) -> Any:
        if path is None:
            raise IndexUnusable(detail="missing")
        return whoosh.FileIndex(whoosh.FileStorage(str(path)), schema=schema())

    def _remove_older(self) -> None:
        newest = self._newest()
        for path in self._folder.iterdir():
            # Readers that have it open keep their files; whoever was about to open it looks again.
            if _ours(path) and path != newest:
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _writer(self, index: Any, *, few: bool = False, joining: bool = False) -> Iterator[Any]:
        """Write in one commit, or not at all; where `joining`, make one of the parts that are small."""
        whoosh.load_writing()
        try:
            writer = index.writer(timeout=self._lock_seconds, limitmb=256, codec=whoosh.codec(few=few))
        except whoosh.LockError as error:
            raise IndexBusy(seconds=f"{self._lock_seconds:g}") from error
        try:
            yield writer
            if joining:
                writer.commit(mergetype=self._joined)
            else:
                writer.commit(merge=False)
        except BaseException:
            # A commit that failed half-way has closed some of its files, and then cancelling fails too; the old
            # segments stand either way.
            with suppress(Exception):
                writer.cancel()
            if writer.writelock is not None and writer.writelock.fd is not None:
                writer.writelock.release()
            raise

    def _joined(self, writer: Any, segments: list[Any]) -> list[Any]:
        return whoosh.merged_when_many(Path(writer.storage.folder), most=_MOST_SMALL, small=_SMALL)(writer, segments)

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        """Hold one of the folder's locks, also against the other threads of this process."""
        with _translated():
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = whoosh.FileStorage(str(self._folder)).lock(f"{name}.lock")
            until = time.monotonic() + self._lock_seconds
            while not lock.acquire():
                if time.monotonic() >= until:
                    raise IndexBusy(seconds=f"{self._lock_seconds:g}")
                time.sleep(_PAUSE_SECONDS)
        try:
            yield
        finally:
            lock.release()


_BUILDING: Final = "building"
_NAME: Final = re.compile(r"(s\d+-a\d+-[0-9a-f]{8}(?:-p\d+-[0-9a-f]{8})?)\.(\d{6,})")


def _name() -> str:
    return f"s{SCHEMA}-a{analysis_version()}-p{parts_version()}"


def _ours(path: Path) -> bool:
    match = _NAME.fullmatch(path.name)
    return match is not None and match[1] == _name()


def _names(folder: Path) -> frozenset[str]:
    try:
        return frozenset(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return frozenset()


def _number(path: Path) -> int:
    return int(path.name.rpartition(".")[2])


def _hit(opened: Opened, found: Found, search: Search, why: Why) -> Hit:
    section_key, heading, text = opened.shown(found.number)
    matched = search.matched(found.number)
    return Hit(
        procedure_id=found.facts.procedure_id,
        version_digest=found.digest,
        version=found.version,
        section_key=section_key,
        title=found.facts.title,
        heading=heading,
        snippet=snippet(text, search.wanted, said=search.said),
        score=found.score,
        matched_words=matched,
        why=why.of(found.number),
        lacking=search.lacking(found.number),
        in_passing=mentions_only(opened, found.number, search.asked()),
    )


@contextmanager
def _translated() -> Iterator[None]:
    """
    Let only our own errors out.

    A damaged file makes Whoosh raise anything at all, from struct.error to AttributeError, so whatever is not
    refused by the system means that the index cannot be used and is to be built anew.
    """
    try:
        yield
    except SamrutineError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _SYSTEM_SAYS_NO:
            raise StoreUnavailable(store="index", detail=errorcode[error.errno]) from error
        raise IndexUnusable(detail=type(error).__name__) from error
