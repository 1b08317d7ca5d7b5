"""
Read the bytes behind digests: from git once they were read back from there, from SQL until then.

Bytes that were redacted are gone. What is read in their place is a notice; the decision that took them away holds the
notice's digest, so nothing else can stand there.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import select as columns_of
from sqlalchemy import type_coerce
from sqlalchemy.types import NullType
from sqlmodel import Session, col, select

from samrutine.errors import StoreDamaged, StoreUnavailable
from samrutine.procedures.text import digest as digest_of
from samrutine.storage.decisions import record_of
from samrutine.storage.git import GitStore
from samrutine.storage.rows import DecisionRow, WordsRow

WORDS_REDACTED: Final = "words_redacted"
"""The decision by which the bytes behind a digest are taken away for good."""
PERSON_ERASED: Final = "person_erased"
TEXT_ERASED: Final = "text_erased"
WRITING_ERASED: Final = "writing_erased"
RETENTION_RUN: Final = "retention_run"
ERASING: Final = (PERSON_ERASED, TEXT_ERASED, WRITING_ERASED, RETENTION_RUN, WORDS_REDACTED)
"""
Decisions by which something was deleted. Bytes of it may remain in free space, and a backup from before one of them holds it.
"""

LIBRARY_STORE: Final = "library"
RESTRICTED_STORE: Final = "restricted"
"""The repositories that words may lie in, as their rows name them."""

MOST_REMEMBERED: Final = 512
"""Some megabytes: routines are texts of a few kilobytes each."""


class Words:
    """
    The bytes of versions, by digest. Every byte string is hashed when it is read.

    What was read is remembered while the library is open: a digest never stands for other bytes, but where another process
    redacts them, which is asked each time.

    Args:
        stores: The repositories by the name that a row's `store` has; None there is `library`.
    """

    def __init__(self, stores: Mapping[str, GitStore]) -> None:
        self._stores = stores
        self._remembered: dict[str, bytes] = {}

    def read(self, session: Session, digest: str) -> bytes:
        """Give the bytes of one digest; raises as `read_many`."""
        return self.read_many(session, [digest])[digest]

    def read_many(self, session: Session, digests: Iterable[str]) -> dict[str, bytes]:
        """
        Give the bytes of digests; the notice for those that were redacted.

        A damaged repository does not stop a reader while SQL still holds words with the right digest: the hash says
        that they are the same. `samrutine verify` reports the damage.

        Raises:
            StoreDamaged: Neither place holds bytes with that digest. `samrutine verify` says what else is wrong.
        """
        asked = set(digests)
        if known := asked & self._remembered.keys():
            # Another process may have taken the words away since.
            gone = select(WordsRow.digest).where(
                col(WordsRow.digest).in_(known), col(WordsRow.redacted_number).is_not(None)
            )
            for digest in session.exec(gone):
                del self._remembered[digest]
        remembered = {digest: self._remembered[digest] for digest in asked if digest in self._remembered}
        wanted = asked - remembered.keys()
        found = self._read(session, wanted) if wanted else {}
        if len(self._remembered) + len(found) > MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered.update(found)
        return {**remembered, **found}

    def read_aside(self, session: Session, digest: str) -> bytes:
        """Give the bytes of a file, and remember nothing: it may be ten megabytes. Raises as `read_many`."""
        return self._read(session, {digest})[digest]

    def _read(self, session: Session, wanted: set[str]) -> dict[str, bytes]:
        rows = session.exec(select(WordsRow).where(col(WordsRow.digest).in_(wanted))).all()
        found: dict[str, bytes] = {}
        for name, store in self._stores.items():
            in_git = {row.digest: row.git_blob for row in rows if row.git_blob and (row.store or "library") == name}
            if not in_git:
                continue
            try:
                blobs = store.read_many(list(in_git.values()))
            except StoreUnavailable:
                blobs = {}
            found |= {digest: blobs[blob] for digest, blob in in_git.items() if blob in blobs}
        due = {row.digest: digest_due(session, row) for row in rows}
        for row in rows:
            if row.digest not in found or digest_of(found[row.digest]) != due[row.digest]:
                found[row.digest] = row.content
        for digest in wanted:
            if digest not in found or digest_of(found[digest]) != due[digest]:
                raise StoreDamaged(store="git", detail=f"words {digest}")
        return found

    @staticmethod
    def from_sql(session: Session, digest: str) -> bytes:
        """
        Give the bytes of one digest from SQL, or the notice, for use inside an act, where no git call may be made.

        Raises:
            StoreDamaged: They are not there, or no longer have that digest.
        """
        row = session.get(WordsRow, digest)
        if row is None or not is_whole(session, row):
            raise StoreDamaged(store="SQL", detail=f"words {digest}")
        return row.content


def whole_in_sql(session: Session, digests: Iterable[str]) -> dict[str, bytes]:
    """Give the bytes that SQL has of some digests, in one question; those that are gone, changed or redacted are left out."""
    wanted = sorted(digests)
    if not wanted:
        return {}
    # As it lies there: SQLite keeps whatever was written, and one that is no bytes must not keep the others from being read.
    content = type_coerce(col(WordsRow.content), NullType())
    rows = session.execute(
        columns_of(col(WordsRow.digest), content).where(
            col(WordsRow.digest).in_(wanted), col(WordsRow.redacted_number).is_(None)
        )
    )
    return {digest: kept for digest, kept in rows if isinstance(kept, bytes) and digest_of(kept) == digest}


def digest_due(session: Session, row: WordsRow) -> str:
    """Give the digest that a row's bytes must have: its own, or that of the notice where a decision took them away."""
    if row.redacted_number is None:
        return row.digest
    decision = session.get(DecisionRow, row.redacted_number)
    record = record_of(decision.record, decision.hash) if decision and decision.kind == WORDS_REDACTED else None
    facts = record["facts"] if record else {}
    return str(facts["notice"]) if facts.get("digest") == row.digest else row.digest


def is_whole(session: Session, row: WordsRow) -> bool:
    """Whether the bytes are those of the digest, or the notice that a decision put in their place."""
    return digest_of(row.content) == digest_due(session, row)
