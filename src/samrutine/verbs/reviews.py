"""Looking after the routines: review, owners, what is due, and where to go from an id. Each method delegates."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.procedures.review import DueReview, Orphan, ReviewOutcome
    from samrutine.procedures.reviewing import OwnerSet, Reviewed
    from samrutine.procedures.whereabouts import WhereToGo


class ReviewVerbs(Verbs):
    """Looking after the routines."""

    def review(
        self, procedure: str, *, version: "str | VersionNumber", by: str, outcome: "ReviewOutcome | str" = "unchanged",
        note: str | None = None, decision_id: str | None = None,
    ) -> "Reviewed":  # fmt: skip
        """Decide that the network has looked a routine through; see `Reviewing.review`."""
        from samrutine.arguments import one_of
        from samrutine.procedures.review import ReviewOutcome

        return self._parts.reviewing.review(
            ProcedureId(procedure), version=VersionNumber.parse(version) if isinstance(version, str) else version,
            outcome=one_of(ReviewOutcome, "outcome", outcome), note=note, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def set_owner(
        self, procedure: str, owner: str | None = None, deputy: str | None = None, *, by: str,
        decision_id: str | None = None,
    ) -> "OwnerSet":  # fmt: skip
        """Say who looks after a routine, and who steps in; see `Reviewing.set_owner`."""
        return self._parts.reviewing.set_owner(
            ProcedureId(procedure), owner=owner, deputy=deputy, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def due_for_review(
        self, *, network: str | None = None, notice_days: int = 60, day: date | None = None, reader: str | None = None
    ) -> "Sequence[DueReview]":
        """Give the routines that must be looked through, the most overdue first; see `Reviewing.due_for_review`."""
        return self._parts.reviewing.due_for_review(
            today=day or self.today, network=network, notice_days=notice_days, hidden=self._hidden_from(reader)
        )

    def orphans(self, *, day: date | None = None, reader: str | None = None) -> "Sequence[Orphan]":
        """Give the routines that nobody looks after; see `Reviewing.orphans`."""
        return self._parts.reviewing.orphans(today=day or self.today, hidden=self._hidden_from(reader))

    def where_to_go(self, procedure: str, *, reader: str | None = None) -> "WhereToGo":
        """Say what became of a routine, and what to read instead; see `Reviewing.where_to_go`."""
        return self._parts.reviewing.where_to_go(ProcedureId(procedure), hidden=self._hidden_from(reader))

    def _hidden_from(self, reader: str | None) -> frozenset[str]:
        from samrutine.procedures.access import hidden_procedures

        with self._parts.database.reading() as session:
            return hidden_procedures(session, reader, self.today)
