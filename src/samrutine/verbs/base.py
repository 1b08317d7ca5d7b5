"""What all verbs share: the opened parts, the clock, and how a caller's texts become ids."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from samrutine.actors import ActorId
from samrutine.procedures.model import VersionNumber

if TYPE_CHECKING:
    from samrutine.procedures.hiding import HiddenTexts
    from samrutine.proposals.model import ProposalId
    from samrutine.storage.decisions import DecisionId
    from samrutine.wiring import Parts


class Verbs:
    """An opened library, as the verbs see it."""

    def __init__(self, parts: "Parts", *, clock: Callable[[], datetime] | None = None) -> None:
        self._parts = parts
        self._clock = clock or present

    def together(self) -> AbstractContextManager[None]:
        """
        Decide many things in a block, and bring git and search up to date once, after it; see `Decisions.together`.

            with library.together():
                for number in ("1838", "1839", "1841"):
                    library.adopt("skrive-avvik", number, by="leder")
        """
        return self._parts.decisions.together()

    @property
    def today(self) -> date:
        """The day in Norway."""
        from samrutine.days import norwegian_day

        return norwegian_day(self._now())

    def _now(self) -> datetime:
        return self._clock()

    def _actor(self, who: str) -> ActorId:
        from samrutine.networks.directory import get_actor_id

        with self._parts.database.reading() as session:
            return get_actor_id(session, who)

    def _hidden(self, reader: str | None) -> "HiddenTexts":
        """Look up what a reader may not see; None is somebody unknown inside."""
        from samrutine.procedures.hiding import hidden_on, reader_on

        with self._parts.database.columns() as connection:
            return hidden_on(connection, reader_on(connection, reader), self.today)

    def _hidden_proposals(self, reader: str | None) -> frozenset[str]:
        from samrutine.procedures.access import hidden_proposals

        with self._parts.database.reading() as session:
            return hidden_proposals(session, reader, self.today)

    def _id(self, given: str | None) -> "DecisionId":
        from samrutine.storage.decisions import decision_id_of, new_decision_id

        return new_decision_id() if given is None else decision_id_of(given)


def present() -> datetime:
    """Give the present instant, for a verb that was given no clock."""
    return datetime.now(UTC)


def proposal_id(value: str) -> "ProposalId":
    """Take a text as a proposal's id."""
    from samrutine.proposals.model import ProposalId

    return ProposalId(value)


def version_number(value: str | VersionNumber | None) -> VersionNumber | None:
    """Read a version number where it is given as text."""
    return VersionNumber.parse(value) if isinstance(value, str) else value
