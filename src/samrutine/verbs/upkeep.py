"""Proof and repair. Each method delegates to the verb that it names."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.projections.service import ConsumerStatus, DeadLetter
    from samrutine.projections.verify import Verified
    from samrutine.upkeep.maintenance import Maintained
    from samrutine.upkeep.model import Diagnosis


class UpkeepVerbs(Verbs):
    """Proof and repair."""

    def verify(self, *, since: int | None = None) -> "Verified":
        """Check every promise that can be checked, or those after a decision; changes nothing; see `projections.verify`."""
        return self._parts.verified(since=since)

    def repair(self) -> "Verified":
        """
        Bring everything that repeats decisions up to date, whatever it holds now; never invents a decision.

        What stands on a branch and was not decided is set aside, not lost. Signed checkpoints that are lost are put back where
        git still has them, and else noted and missed no more. Returns what `verify` says afterwards, with what was `done`.
        """
        from dataclasses import replace

        from samrutine.projections.faults import Fault
        from samrutine.projections.repair import repair

        repaired = repair(self._parts.projections)
        notes = repaired.notes
        if (lost := self._parts.checkpoints.mend()) is not None:
            notes = (*notes, Fault("checkpoint-lost", lost))
        found = self.verify()
        return replace(found, notes=(*found.notes, *notes), done=repaired.done)

    def maintain(self, *, whole: bool = False) -> "Maintained":
        """Pack git, check the database and empty its log; see `Maintenance.maintain`."""
        return self._parts.maintenance.maintain(whole=whole)

    def doctor(self) -> "Diagnosis":
        """Look for what may cost the library its decisions, its secrecy or its answers; see `Doctor.examine`."""
        return self._parts.doctor(self._now).examine()

    def status(self) -> "Sequence[ConsumerStatus]":
        """Say how far each projection has come."""
        return self._parts.projections.status()

    def unseen(self) -> "Sequence[DeadLetter]":
        """Give what could not be done after many tries, and nobody has marked as seen; see `Projections.unseen`."""
        return self._parts.projections.unseen()

    def mark_seen(self) -> int:
        """Note that somebody has looked at it; gives how many there were; see `Projections.mark_seen`."""
        return self._parts.projections.mark_seen()

    def totals(self, *, reader: str | None = None) -> "Mapping[str, int]":
        """Give how many decisions, procedures, versions, proposals and adoptions there are; see `procedures.totals`."""
        from samrutine.procedures.totals import totals

        with self._parts.database.reading() as session:
            return totals(session, reader, self.today)

    @property
    def is_demo(self) -> bool:
        """Whether everything printed says DEMO."""
        from sqlmodel import select

        from samrutine.storage.rows import LibraryRow

        with self._parts.database.reading() as session:
            return session.exec(select(LibraryRow.demo)).one()
