"""Read the bytes behind digests: from git once they were read back from there, from SQL until then."""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlmodel import Session, col, select

from samrutine.errors import StoreDamaged, StoreUnavailable
from samrutine.procedures.text import digest as digest_of
from samrutine.storage.git import GitStore
from samrutine.storage.rows import WordsRow

MOST_REMEMBERED: Final = 512
"""Some megabytes: routines are texts of a few kilobytes each."""


class Words:
    """
    The bytes of versions, by digest. Every byte string is hashed when it is read.

    What was read is remembered while the library is open: a digest never stands for other bytes.

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
        Give the bytes of digests.

        A damaged repository does not stop a reader while SQL still holds words with the right digest: the hash says
        that they are the same. `samrutine verify` reports the damage.

        Raises:
            StoreDamaged: Neither place holds bytes with that digest. `samrutine verify` says what else is wrong.
        """
        asked = set(digests)
        remembered = {digest: self._remembered[digest] for digest in asked if digest in self._remembered}
        wanted = asked - remembered.keys()
        found = self._read(session, wanted) if wanted else {}
        if len(self._remembered) + len(found) > MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered.update(found)
        return {**remembered, **found}

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
        for row in rows:
            if row.digest not in found or digest_of(found[row.digest]) != row.digest:
                found[row.digest] = row.content
        for digest in wanted:
            if digest not in found or digest_of(found[digest]) != digest:
                raise StoreDamaged(store="git", detail=f"words {digest}")
        return found

    @staticmethod
    def from_sql(session: Session, digest: str) -> bytes:
        """
        Give the bytes of one digest from SQL, for use inside an act, where no git call may be made.

        Raises:
            StoreDamaged: They are not there, or no longer have that digest.
        """
        row = session.get(WordsRow, digest)
        if row is None or digest_of(row.content) != digest:
            raise StoreDamaged(store="SQL", detail=f"words {digest}")
        return row.content
