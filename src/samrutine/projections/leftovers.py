"""
What stays behind where something was deleted: git's loose ends, and free pages of the database.

A consumer like others, the last of them: it runs after the branches and the index let go of what was redacted, and is tried
again until nothing is left. Its position says from when on what was deleted may still lie somewhere.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlmodel import Session, col, select

from samrutine.errors import StoreUnavailable
from samrutine.projections.consumer import Brought, Stretch
from samrutine.projections.rewriting import blobs
from samrutine.storage.decisions import noted_checkpoint
from samrutine.storage.git import GitStore
from samrutine.storage.rows import DecisionRow
from samrutine.storage.sql import Database, translated
from samrutine.storage.steps import reach
from samrutine.storage.words import ERASING

PATIENCE_MS: Final = 5_000
TABLES: Final = (
    *("words", "version", "section", "procedure", "proposal", "hearing", "hearing_party", "remark", "decision_text"),
    *(
        "person",
        "adoption",
        "delegation",
        "feedback",
        "wish",
        "unanswered_search",
        "incoming_document",
        "old_address",
        "collection",
        "collection_answer",
        "triage",
        "barrier",
        "checklist_run",
        "checklist_helper",
        "checklist_mark",
        "offer",
        "notification",
        "waiting",
        "dead_letter",
        "account",
        "web_session",
        "api_token",
        "password_link",
        "meeting_link",
        "second_step",
        "half_sign_in",
        "connected_service",
        "begun_elsewhere",
        "letter",
        "letter_link",
        "letter_choice",
        "calendar_feed",
    ),
)
"""Tables of which something is deleted: PostgreSQL writes each anew."""


@dataclass
class Leftovers:
    """`leftovers`: nothing that was deleted lies in git or in the database's own files any more."""

    database: Database
    stores: Sequence[GitStore]

    @property
    def name(self) -> str:
        """The consumer's name."""
        return "leftovers"

    def bring_up_to_date(self, session: Session, stretch: Stretch) -> Brought:
        """Clean up after decisions that deleted something; nothing to do after others."""
        erased = select(DecisionRow.number).where(
            DecisionRow.number > stretch.position,
            DecisionRow.number <= stretch.head,
            col(DecisionRow.kind).in_(ERASING),
        )
        if session.exec(erased.limit(1)).first() is not None:
            self._clean(session)
        return Brought(None)

    def faults(self, session: Session, stretch: Stretch) -> list[tuple[str, str]]:
        """Look for words that were redacted, in every object of every repository."""
        if stretch.position < stretch.head:
            return []
        gone = blobs(session)
        return [
            ("redacted-in-git", f"{store.folder.name} {blob}") for store in self.stores for blob in store.holds(gone)
        ]

    def rebuild(self, session: Session, stretch: Stretch) -> Brought:  # noqa: ARG002  whatever there is, goes
        """Clean up, whether anything was deleted or not."""
        self._clean(session)
        return Brought(None)

    def _clean(self, session: Session) -> None:
        gone = blobs(session)
        noted = noted_checkpoint(session)
        for store in self.stores:
            if gone:
                store.keep_from_packing(noted)
                store.purge(gone)
        # What is being read keeps what is being deleted: the snapshot of this very session too.
        session.rollback()
        if self.database.is_sqlite:
            self._clean_sqlite()
        else:
            self._clean_postgresql()
        reach("redact: database written anew")

    def _clean_sqlite(self) -> None:
        """Write the database anew without its free pages, and empty the write-ahead log."""
        with translated(), closing(self.database.engine.raw_connection()) as raw:
            cursor = raw.cursor()
            usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
            try:
                cursor.execute("PRAGMA secure_delete=ON")
                cursor.execute("VACUUM")
                busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                cursor.execute("PRAGMA secure_delete=OFF")
                cursor.execute(f"PRAGMA busy_timeout={usual}")
        if busy:
            raise StoreUnavailable(store="SQL", detail="checkpoint")

    def _clean_postgresql(self) -> None:
        """
        Write the tables anew, with their samples for the planner.

        Its write-ahead log holds the old bytes until it is recycled, and an archive of it as long as that is kept.
        """
        with translated(), closing(self.database.engine.raw_connection()) as raw:
            driver = cast("Any", raw.driver_connection)
            driver.autocommit = True
            try:
                driver.execute(f"SET lock_timeout = '{PATIENCE_MS}ms'")
                for table in TABLES:
                    driver.execute(f"VACUUM (FULL, ANALYZE) {table}")
            finally:
                driver.execute("RESET lock_timeout")
                driver.autocommit = False
