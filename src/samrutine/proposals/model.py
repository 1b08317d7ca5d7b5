"""
A proposal on its way from draft to faglig godkjent, as values.

Where it may go, and by which step, is the table in `transitions.py`; why a step may not be taken is in `rules.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from samrutine.actors import ActorId
from samrutine.messages import word
from samrutine.procedures.model import Digest, ProcedureId, VersionNumber
from samrutine.proposals.conflicts import Conflict
from samrutine.proposals.policy import Policy
from samrutine.proposals.quorum import Approval, Writer
from samrutine.proposals.transitions import OPEN_STATES, ProposalState

__all__ = [
    "OPEN_STATES",
    "Origin",
    "OriginKind",
    "Proposal",
    "ProposalId",
    "ProposalKind",
    "ProposalState",
    "Significance",
    "next_version",
]

ProposalId = NewType("ProposalId", str)
"""`f-` and ten hexadecimal digits, from the decision id that opened it."""


class ProposalKind(StrEnum):
    """
    What is proposed.

    A routine nobody has; other words for one there is; one shared routine of several local ones; that a routine be
    withdrawn, perhaps for another.
    """

    NEW = "new"
    CHANGE = "change"
    MERGE = "merge"
    WITHDRAWAL = "withdrawal"

    def label(self, language: str = "nb") -> str:
        """Give the kind in words."""
        return word("proposal_kind", self.value, language)


class Significance(StrEnum):
    """*Vesentlig endring* gives the next major number, *mindre retting* the next minor. The first version is 1.0."""

    MAJOR = "major"
    MINOR = "minor"


class OriginKind(StrEnum):
    """What a proposal may come of."""

    FEEDBACK = "feedback"
    WISH = "wish"
    ADDITION = "addition"
    LOCAL_ROUTINE = "local-routine"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Origin:
    """
    One thing that a proposal came of.

    `reference` is an id, never free text, since it is kept for ever: that of the feedback, wish or addition; for a local
    routine the municipality's number and a serial number, such as "1841-1", whose link or title is the decision's text; for a
    document that was sent in the SHA-256 of its bytes.
    """

    kind: OriginKind
    reference: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    A proposal as it stands, with everybody's approvals, void ones too.

    Attributes:
        revisers: Those who changed the text since the author gave it, in that order, each as often as they did.
        co_networks: The other networks whose judgement the text asks for.
        heard: A round of hearing has been closed by those who led it; one that was broken off does not count.
        conflicts: What the last refresh could not merge, until the text is revised.
        hurried_version: The number that a *hasteversjon* has already.
        replaced_by: For a withdrawal, the routine to follow instead.
        also_from: The author and the revisers again, for each other municipality that they worked in as they wrote.
        lifted_from: Those who wrote the municipalities' additions that it comes of, each with that municipality.
        revives: The routine is withdrawn, so that a change of it takes it up again.
        asked_number: The decision that opened the round there is, or that took a newer version up; 0 before either. What
            was agreed to before it is void, also where the text comes to be the same.
    """

    id: ProposalId
    procedure_id: ProcedureId
    kind: ProposalKind
    state: ProposalState
    title: str
    network: str
    author: ActorId
    author_municipality: str | None
    base_version: VersionNumber | None
    digest: Digest
    significance: Significance
    meaning: str | None
    policy: Policy | None
    opened_at: datetime
    approvals: tuple[Approval, ...] = ()
    revisers: tuple[Writer, ...] = ()
    co_networks: tuple[str, ...] = ()
    heard: bool = False
    conflicts: tuple[Conflict, ...] = ()
    hurried_version: VersionNumber | None = None
    replaced_by: ProcedureId | None = None
    origins: tuple[Origin, ...] = ()
    also_from: tuple[Writer, ...] = ()
    lifted_from: tuple[Writer, ...] = ()
    revives: bool = False
    asked_number: int = 0

    @property
    def writers(self) -> tuple[Writer, ...]:
        """Everybody whose words the text may hold: the author, all who revised it, and who wrote what was lifted into it."""
        return (Writer(self.author, self.author_municipality), *self.revisers, *self.also_from, *self.lifted_from)

    @property
    def valid_approvals(self) -> tuple[Approval, ...]:
        """The approvals of the text as it now is, in the round there is now."""
        return tuple(one for one in self.approvals if one.digest == self.digest and one.number > self.asked_number)

    @property
    def void_approvals(self) -> tuple[Approval, ...]:
        """Approvals of an earlier text of this proposal, or in an earlier round."""
        return tuple(one for one in self.approvals if one not in self.valid_approvals)

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks whose members may approve: the owner first."""
        return (self.network, *(one for one in self.co_networks if one != self.network))

    @property
    def weight(self) -> Significance:
        """
        How much it takes to agree, and which number it gives: only a minor change of a routine there is counts as minor.

        A first version, a merge, a withdrawal, and what takes a withdrawn routine up again are never minor, whatever
        somebody wrote on them.
        """
        if self.kind is ProposalKind.CHANGE and not self.revives:
            return self.significance
        return Significance.MAJOR


def next_version(current: VersionNumber | None, significance: Significance) -> VersionNumber:
    """Give the number of the version after `current`; the first is 1.0."""
    if current is None:
        return VersionNumber(1, 0)
    return current.next_major() if significance is Significance.MAJOR else current.next_minor()
