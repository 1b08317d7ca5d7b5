"""
Maintenance: what a home needs now and then to stay small, quick and sound. Changes nothing that anybody reads.

Git is packed under the projector lock, so nobody writes there meanwhile; the database is checked while people work.
A run that is killed leaves what was: the next one begins anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from samrutine.errors import DatabaseBusy, DatabaseDamaged, DiskNearlyFull, NothingPacked
from samrutine.storage.decisions import noted_checkpoint
from samrutine.storage.git import GitStore
from samrutine.storage.guards import Guards
from samrutine.storage.lock import ProjectorLock
from samrutine.storage.soundness import page_faults
from samrutine.storage.sql import Database
from samrutine.storage.steps import reach

WAIT_SECONDS: Final = 20.0
"""An act's projections take well below a second; twenty of them may stand before us."""


@dataclass(frozen=True, slots=True)
class PackedStore:
    """A repository after packing: its folder's name, packs before and after, and what killed processes had left there."""

    name: str
    packs_before: int
    packs: int
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Maintained:
    """
    What was done.

    Attributes:
        stores: The repositories.
        log_bytes: How large SQLite's write-ahead log was before it was written into the database and emptied; None on
            PostgreSQL, which does that itself.
        log_emptied: Whether nobody read so long that the log could not be emptied. Then it is, next time.
        indexes_renewed: Search indexes that were built anew, since a quarter of what they held was taken out.
        documents_removed: Files that were sent in and that no document needs any more, by the digest of their bytes.
    """

    stores: tuple[PackedStore, ...]
    log_bytes: int | None
    log_emptied: bool
    indexes_renewed: tuple[str, ...] = ()
    documents_removed: tuple[str, ...] = ()


class Maintenance:
    """
    The verb of maintenance.

    Args:
        lock: Held while git is packed.
        stores: The repositories of the home.
        guards: Asked for room before anything is packed.
        clear_documents: Removes the files that were sent in and that nothing needs; gives their names.
        renew_indexes: Builds the search index of this host anew if it is worn, under the lock; gives its name then.
    """

    def __init__(
        self,
        database: Database,
        lock: ProjectorLock,
        stores: Sequence[GitStore],
        guards: Guards,
        renew_indexes: Callable[[], tuple[str, ...]],
        clear_documents: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._database = database
        self._lock = lock
        self._stores = tuple(stores)
        self._guards = guards
        self._renew_indexes = renew_indexes
        self._clear_documents = clear_documents

    def maintain(self, *, whole: bool = False) -> Maintained:
        """
        Clear what killed processes left, pack git, check the database and empty its log; renew a worn search index.

        Once a night is right; `whole` once a week. A second call finds little to do.

        Args:
            whole: Pack everything anew, drop what nobody can reach for two weeks, and read every page of the database.

        Raises:
            DatabaseDamaged: The database's own check finds it damaged. Restore the newest backup beside it.
            DatabaseBusy: Others wrote to git for twenty seconds on end. Nothing was done; try again.
            NothingPacked: A new pack stands beside the old one until it is whole, and there is no room. What killed processes
                left is cleared all the same, and the log emptied, since that makes room.
        """
        self._check_database(whole=whole)
        reach("maintain: database checked")
        removed_files = self._clear_documents()
        with self._lock.held(WAIT_SECONDS) as held:
            if not held:
                raise DatabaseBusy(seconds=int(WAIT_SECONDS))
            removed = [tuple(store.remove_litter()) for store in self._stores]
            log, emptied = self._empty_log()
            reach("maintain: log emptied")
            self._require_room(whole=whole)
            with self._database.reading() as session:
                noted = noted_checkpoint(session)
            packed = []
            for store, litter in zip(self._stores, removed, strict=True):
                if whole:
                    store.keep_from_packing(noted)
                before, after = store.pack(whole=whole)
                reach("maintain: git packed")
                packed.append(PackedStore(store.folder.name, before, after, litter))
        # Nobody waits for it but searches of what is decided meanwhile: the old index answers until the new one is whole.
        return Maintained(tuple(packed), log, emptied, self._renew_indexes(), removed_files)

    def _require_room(self, *, whole: bool) -> None:
        try:
            self._guards.require_room(max(one.size_bytes() for one in self._stores) if whole else 0)
        except DiskNearlyFull as error:
            raise NothingPacked(**error.places) from error

    def _check_database(self, *, whole: bool) -> None:
        """Ask SQLite whether its pages hold together; PostgreSQL has checksums and its own means."""
        with self._database.reading() as session:
            connection = session.connection()
            damaged = page_faults(connection, whole=whole)
            if damaged:
                raise DatabaseDamaged(detail=", ".join(damaged))
            if not self._database.is_sqlite:
                return
            orphan = connection.execute(text("PRAGMA foreign_key_check")).first()
        if orphan is not None:
            raise DatabaseDamaged(detail=f"{orphan[0]} {orphan[2]}")

    def _empty_log(self) -> tuple[int | None, bool]:
        """Write SQLite's log into the database and cut it; renew what the planners know."""
        if not self._database.is_sqlite:
            with self._database.writing() as session:
                session.connection().execute(text("ANALYZE"))
            return None, True
        return self._database.log_bytes(), self._database.empty_log()
