"""What a municipality prepares and decides beforehand around its answers. Each method delegates to the verb it names."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.verbs.base import Verbs, version_number

if TYPE_CHECKING:
    from samrutine.actors import ActorId
    from samrutine.adoptions.following import StandingDecision, StandingEnded, StandingSet
    from samrutine.adoptions.preparing import Assigned, Inventory, InventoryTaken, KnownRoutine, MadeKnown


class UseVerbs(Verbs):
    """What a municipality prepares and decides beforehand around its answers."""

    def assign(
        self, procedure: str, municipality: str, *, by: str, owner: str | None = None, due: date | None = None,
        decision_id: str | None = None,
    ) -> "Assigned":  # fmt: skip
        """Say who prepares the answer about a routine, and by when; see `Preparing.assign`."""
        return self._parts.preparing.assign(
            ProcedureId(procedure), municipality, owner=owner, due=due, by=self._actor(by), now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def make_known(
        self, procedure: str, municipality: str, *, how: str, whom: str, by: str, told_on: date | None = None,
        version: str | VersionNumber | None = None, decision_id: str | None = None,
    ) -> "MadeKnown":  # fmt: skip
        """Record that those who follow a routine were told of it; see `Preparing.make_known`."""
        from samrutine.adoptions.readiness import How
        from samrutine.arguments import one_of

        return self._parts.preparing.make_known(
            ProcedureId(procedure), municipality, told_on=told_on, how=one_of(How, "how", how), whom=whom,
            version=version_number(version), by=self._actor(by), now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def made_known(self, municipality: str, *, reader: str | None = None) -> "Sequence[KnownRoutine]":
        """Give what applies in a municipality and how it was made known; see `Preparing.made_known`."""
        return self._parts.preparing.made_known(municipality, today=self.today, reader=self._reader(reader))

    def take_inventory(
        self, municipality: str, answers: Mapping[str, str], *, by: str, decision_id: str | None = None
    ) -> "InventoryTaken":
        """Say what a municipality had before; see `Preparing.take_inventory`."""
        from samrutine.adoptions.readiness import InventoryAnswer
        from samrutine.arguments import one_of

        said = {ProcedureId(one): one_of(InventoryAnswer, "answer", answer) for one, answer in answers.items()}
        return self._parts.preparing.take_inventory(
            municipality, said, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def inventory(self, *, reader: str | None = None) -> "Inventory":
        """Show what every municipality had before; see `Preparing.inventory`."""
        return self._parts.preparing.inventory(today=self.today, reader=self._reader(reader))

    def set_standing(
        self, municipality: str, *, until: date, by: str, procedure: str | None = None, reason: str | None = None,
        decision_id: str | None = None,
    ) -> "StandingSet":  # fmt: skip
        """Let minor corrections follow by themselves until a day; see `StandingDecisions.set_standing`."""
        return self._parts.standing.set_standing(
            municipality, until=until, procedure=ProcedureId(procedure) if procedure else None, reason=reason,
            by=self._actor(by), now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def end_standing(
        self, municipality: str, *, by: str, procedure: str | None = None, reason: str | None = None,
        decision_id: str | None = None,
    ) -> "StandingEnded":  # fmt: skip
        """End a standing decision; see `StandingDecisions.end_standing`."""
        return self._parts.standing.end_standing(
            municipality, procedure=ProcedureId(procedure) if procedure else None, reason=reason, by=self._actor(by),
            now=self._now(), decision_id=self._id(decision_id),
        )  # fmt: skip

    def standing_decisions(self, municipality: str, *, reader: str | None = None) -> "Sequence[StandingDecision]":
        """Give a municipality's standing decisions and what they did; see `StandingDecisions.standing_decisions`."""
        return self._parts.standing.standing_decisions(municipality, reader=reader, today=self.today)

    def _reader(self, reader: str | None) -> "ActorId | None":
        return self._actor(reader) if reader else None
