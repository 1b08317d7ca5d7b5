"""
The words of files that belong to texts: read once each, apart from the work that others wait for, and kept for the index.

A stranger's file is read in a process of its own, and may take half a minute. So a version is found at once by its text and by
the names of its files; what stands in these comes when they are read, without any lock. What was read lies beside the
index, a file for each digest. It can always be read again, and goes when the bytes are redacted.
"""

import os
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import errorcode
from pathlib import Path
from typing import Final, Protocol

from sqlmodel import Session, and_, col, or_, select

from samrutine.errors import DocumentRefused, IndexBusy, IndexUnusable, StoreDamaged, StoreUnavailable
from samrutine.procedures.attached import Reading, suffix_of
from samrutine.procedures.model import Digest, ProcedureId
from samrutine.storage.lock import ProjectorLock
from samrutine.storage.rows import AttachmentRow, InForceRow, ProcedureRow, WordsRow
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

READ_AS_TEXT: Final = frozenset({"txt", "csv"})
READ_APART: Final = frozenset({"docx", "odt", "pdf"})
"""What is read in a process of its own. Of other files only the name can be found."""

MOST_LETTERS: Final = 200_000
"""So much of a file's text can be found: some eighty pages."""

_SECONDS_A_TURN: Final = 20.0
_WAIT_SECONDS: Final = 10.0
_READ: Final = ".txt"
_NOT_READ: Final = ".not-read"


class Refreshed(Protocol):
    """An index that holds what files say."""

    def refresh(self, session: Session, procedures: Collection[ProcedureId]) -> None:
        """Put in the sections of procedures anew, since what their files say is known now. Only under the lock."""
        ...


class KeptTexts:
    """
    What was read of files, by digest, in a folder.

    Args:
        folder: Made when something is put in it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._new: dict[str, str] = {}

    def text(self, digest: str) -> str:
        """Give a file's text; empty where it has none, cannot be read or was not read yet."""
        if digest in self._new:
            return self._new[digest]
        try:
            return (self._folder / f"{_stem(digest)}{_READ}").read_text(encoding="utf-8")
        except OSError:
            return ""

    def lacking(self, digests: Collection[str]) -> set[str]:
        """Give those that nobody has tried to read."""
        try:
            there = {path.name.partition(".")[0] for path in self._folder.iterdir()}
        except OSError:
            there = set()
        return {one for one in digests if _stem(one) not in there}

    def know(self, texts: dict[str, str]) -> None:
        """Give texts that were just read to whoever asks, before they are kept."""
        self._new = texts

    def keep(self) -> None:
        """Keep what was just read: the index holds it now."""
        with _translated():
            self._folder.mkdir(parents=True, exist_ok=True)
            for digest, text in self._new.items():
                if text:
                    beside = self._folder / f"{_stem(digest)}.new-{os.getpid()}"
                    beside.write_text(text, encoding="utf-8")
                    beside.replace(self._folder / f"{_stem(digest)}{_READ}")
                else:
                    (self._folder / f"{_stem(digest)}{_NOT_READ}").touch()
            self._new = {}

    def keep_only(self, digests: Collection[str]) -> None:
        """Let go of all others, and try once more to read what could not be read."""
        self._new = {}
        stems = {_stem(one) for one in digests}
        with _translated():
            for path in [*self._folder.iterdir()] if self._folder.is_dir() else []:
                if path.suffix != _READ or path.stem not in stems:
                    path.unlink(missing_ok=True)


def _stem(digest: str) -> str:
    return digest.replace(":", "-")


@contextmanager
def _translated() -> Iterator[None]:
    """A full disk, or no room for one process more, says nothing of a file: it is read another time."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(store="index", detail=errorcode.get(error.errno or 0, "")) from error


@dataclass(frozen=True, slots=True)
class _Due:
    digest: str
    name: str
    suffix: str
    procedures: frozenset[ProcedureId]


class AttachedTexts:
    """
    Reads what was not read yet of the files that can be found, and has it put into the indexes.

    Args:
        kept: Where what was read is kept.
        words: Gives the bytes of a file.
        read: Reads a document in a process of its own.
        indexes: What is to hold it.
        lock: Held while they are written, not while anything is read.
    """

    def __init__(
        self, database: Database, lock: ProjectorLock, kept: KeptTexts, words: Words, read: Reading,
        indexes: Collection[Refreshed],
    ) -> None:  # fmt: skip
        self._database = database
        self._lock = lock
        self._kept = kept
        self._words = words
        self._read = read
        self._indexes = tuple(indexes)

    def catch_up(self) -> int:
        """
        Read files until all are read or twenty seconds have gone; the rest is for the next time.

        Killed anywhere, it is done again. Called when nobody waits for a lock that we hold.

        Returns:
            How many were read, or cannot be.

        Raises:
            StoreUnavailable: The disk is full, or what was read could not be written. Nothing of it is lost but the time.
        """
        until = time.monotonic() + _SECONDS_A_TURN
        texts: dict[str, str] = {}
        procedures: set[ProcedureId] = set()
        for due in self._due():
            texts[due.digest] = self._text(due)
            procedures |= due.procedures
            if time.monotonic() >= until:
                break
        if texts:
            with self._lock.held(_WAIT_SECONDS) as held:
                if not held or not self._put_in(texts, procedures):
                    return 0
        return len(texts)

    def _due(self) -> list[_Due]:
        with self._database.reading() as session:
            found = list(findable_files(session))
        lacking = self._kept.lacking({digest for digest, *_ in found})
        procedures: dict[str, set[ProcedureId]] = {}
        about: dict[str, tuple[str, str]] = {}
        for digest, procedure, name, suffix in found:
            if digest in lacking and suffix in READ_AS_TEXT | READ_APART:
                procedures.setdefault(digest, set()).add(procedure)
                about[digest] = name, suffix
        return [_Due(digest, *about[digest], frozenset(of)) for digest, of in sorted(procedures.items())]

    def _text(self, due: _Due) -> str:
        with self._database.reading() as session:
            try:
                data = self._words.read_aside(session, due.digest)
            except StoreDamaged:
                return ""  # `verify` says so
        if due.suffix in READ_AS_TEXT:
            return data.decode("utf-8-sig", "replace")[:MOST_LETTERS]
        with _translated():
            try:
                return self._read(data, due.name)[:MOST_LETTERS]
            except DocumentRefused:
                return ""

    def _put_in(self, texts: dict[str, str], procedures: set[ProcedureId]) -> bool:
        with self._database.reading() as session:
            # Somebody may have redacted one of them while it was read.
            stand = standing(session, texts)
            self._kept.know({digest: text for digest, text in texts.items() if digest in stand})
            try:
                for index in self._indexes:
                    index.refresh(session, procedures)
                self._kept.keep()
            except (IndexBusy, IndexUnusable):
                return False
            finally:
                self._kept.know({})
        return True


def findable_files(session: Session) -> Iterator[tuple[str, ProcedureId, str, str]]:
    """Give digest, procedure, name and kind of the files of versions that may be found; not of those that were redacted."""
    file = AttachmentRow
    newest = and_(
        col(file.major) == ProcedureRow.major, col(file.minor) == ProcedureRow.minor,
        col(ProcedureRow.withdrawn_number).is_(None),
    )  # fmt: skip
    used = (
        select(InForceRow.procedure_id)
        .where(
            InForceRow.procedure_id == file.procedure_id, InForceRow.major == file.major,
            InForceRow.minor == file.minor, col(InForceRow.superseded_number).is_(None),
        )
        .exists()
    )  # fmt: skip
    rows = session.exec(
        select(file.digest, file.procedure_id, file.name, file.media_type)
        .join(ProcedureRow, col(ProcedureRow.id) == file.procedure_id)
        .join(WordsRow, col(WordsRow.digest) == file.digest)
        .where(or_(newest, used), col(WordsRow.redacted_number).is_(None))
    )
    for digest, procedure, name, media_type in rows:
        yield digest, ProcedureId(procedure), name, suffix_of(media_type)


def standing(session: Session, digests: Collection[str]) -> set[Digest]:
    """Give those of some files that were not redacted."""
    rows = select(WordsRow.digest).where(col(WordsRow.digest).in_(digests), col(WordsRow.redacted_number).is_(None))
    return {Digest(one) for one in session.exec(rows)}


def files_that_stand(session: Session) -> set[str]:
    """Give the digests of all files of all versions that were not redacted."""
    rows = select(AttachmentRow.digest).join(WordsRow, col(WordsRow.digest) == AttachmentRow.digest)
    return set(session.exec(rows.where(col(WordsRow.redacted_number).is_(None))))
