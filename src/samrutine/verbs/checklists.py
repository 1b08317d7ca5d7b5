"""Checklists that are followed for somebody. Each method delegates to the verb that it names."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from samrutine.procedures.model import ProcedureId
from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.actors import ActorId
    from samrutine.adoptions.paper import Checklist
    from samrutine.reading.checklist_model import CheckPoint, PointState, Run, RunEnded, RunOpened, RunSummary
    from samrutine.reading.checklists import Checklists


class ChecklistVerbs(Verbs):
    """Checklists that remember what is done."""

    def open_checklist(
        self, procedure: str, municipality: str, whom: str, *, by: str, helpers: Mapping[str, str] | None = None,
        decision_id: str | None = None,
    ) -> "RunOpened":  # fmt: skip
        """Open a list from what applies in a municipality; see `Checklists.open`."""
        return self._checklists().open(
            ProcedureId(procedure), municipality, whom, helpers=helpers or {}, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def checklist_points(
        self, procedure: str, municipality: str, *, reader: str | None = None
    ) -> "tuple[CheckPoint, ...]":
        """Give the points that a list opened today would have; see `Checklists.points`."""
        return self._checklists().points(
            ProcedureId(procedure), municipality, today=self.today, hidden=self._hidden(reader)
        )

    def checklist_colleagues(self, municipality: str, *, by: str) -> "Sequence[tuple[ActorId, str]]":
        """Give those who may help with a list; see `Checklists.colleagues`."""
        return self._checklists().colleagues(municipality, by=self._actor(by), today=self.today)

    def help_with_checklist(self, checklist: str, helpers: Mapping[str, str | None], *, by: str) -> None:
        """Say who does the points of a part; see `Checklists.helped_by`."""
        from samrutine.reading.checklist_model import RunId

        self._checklists().helped_by(RunId(checklist), helpers, by=self._actor(by), now=self._now())

    def mark_points(
        self, checklist: str, marks: Mapping[str, str], *, by: str, on: date | None = None
    ) -> "Mapping[str, PointState]":
        """Say what became of points, by their keys; see `Checklists.mark`."""
        from samrutine.reading.checklist_model import RunId

        return self._checklists().mark(RunId(checklist), marks, on=on, by=self._actor(by), now=self._now())

    def hand_on_checklist(self, checklist: str, to: str, *, by: str) -> None:
        """Let somebody else keep a list; see `Checklists.hand_on`."""
        from samrutine.reading.checklist_model import RunId

        self._checklists().hand_on(RunId(checklist), to, by=self._actor(by), now=self._now())

    def end_checklist(self, checklist: str, *, finished: bool, by: str) -> "RunEnded":
        """Finish a list, or stop it; see `Checklists.end`."""
        from samrutine.reading.checklist_model import RunId

        return self._checklists().end(RunId(checklist), finished=finished, by=self._actor(by), now=self._now())

    def followed_checklist(self, checklist: str, *, by: str) -> "Run":
        """Give a list with its points; see `Checklists.run`."""
        from samrutine.reading.checklist_model import RunId

        return self._checklists().run(RunId(checklist), by=self._actor(by), today=self.today)

    def followed_checklists(self, *, by: str) -> "Sequence[RunSummary]":
        """Give the lists that one takes part in or looks after; see `Checklists.runs`."""
        return self._checklists().runs(by=self._actor(by), today=self.today)

    def checklist_paper(self, checklist: str, *, by: str) -> "Checklist":
        """Give a list as it is printed; see `Checklists.paper`."""
        from samrutine.reading.checklist_model import RunId

        return self._checklists().paper(RunId(checklist), by=self._actor(by), today=self.today)

    def _checklists(self) -> "Checklists":
        from samrutine.reading.checklists import Checklists

        return Checklists(self._parts.database, self._parts.decisions, self._parts.documents)
