"""
A proposal on its way from draft to faglig godkjent, as values and rules.

    draft --send--> approval --enough agree--> approved
      |                |  ^
      |                |  +-- revise   (a changed text voids what was agreed to the old one; the round goes on)
      +--- withdraw ---+--> withdrawn  (the id is free again)
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType

from samrutine.actors import LIBRARY, Actor, ActorId, Role, Verb, network_body, reasons_against
from samrutine.procedures.model import AccessClass, Digest, ProcedureId, VersionNumber
from samrutine.proposals.policy import Policy
from samrutine.proposals.quorum import Approval, Writer, may_count
from samrutine.reasons import Because

ProposalId = NewType("ProposalId", str)
"""`f-` and ten hexadecimal digits, from the decision id that opened it."""


class ProposalState(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    APPROVAL = "approval"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


OPEN_STATES: Final = (ProposalState.DRAFT, ProposalState.APPROVAL)
"""Those in which the text may still change, and the id is the proposal's."""


class ProposalKind(StrEnum):
    """What is proposed: a routine nobody has, or other words for one there is."""

    NEW = "new"
    CHANGE = "change"


class Significance(StrEnum):
    """*Vesentlig endring* gives the next major number, *mindre retting* the next minor. The first version is 1.0."""

    MAJOR = "major"
    MINOR = "minor"


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    A proposal as it stands, with everybody's approvals, void ones too.

    `revisers` are those who changed the text since the author gave it, in that order, each as often as they did.
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

    @property
    def writers(self) -> tuple[Writer, ...]:
        """Everybody whose words the text may hold: the author and all who revised it."""
        return (Writer(self.author, self.author_municipality), *self.revisers)

    @property
    def valid_approvals(self) -> tuple[Approval, ...]:
        """The approvals of the text as it now is."""
        return tuple(one for one in self.approvals if one.digest == self.digest)

    @property
    def void_approvals(self) -> tuple[Approval, ...]:
        """Approvals of an earlier text of this proposal."""
        return tuple(one for one in self.approvals if one.digest != self.digest)


@dataclass(frozen=True)
class NotInApproval(Because):
    """The proposal has not been sent, or has been decided already."""

    proposal: str
    state: str


@dataclass(frozen=True)
class AuthorCannotApprove(Because):
    """Four eyes: whoever wrote the text, or a part of it, is the last to see what is wrong with it."""

    about_who = True

    proposal: str


@dataclass(frozen=True)
class AuthorsMunicipalityDoesNotCount(Because):
    """The network's policy asks for eyes from another municipality than the writers'."""

    about_who = True

    proposal: str


@dataclass(frozen=True)
class AlreadyApproved(Because):
    """The member has agreed to this very text before."""

    proposal: str


@dataclass(frozen=True)
class NotADraft(Because):
    """Only a draft can be sent, and what is decided can be neither changed nor withdrawn."""

    proposal: str
    state: str


@dataclass(frozen=True)
class TextHasFaults(Because):
    """The checks found errors that must be mended before anybody is asked to agree."""

    proposal: str
    count: int
    line: int


@dataclass(frozen=True)
class MeaningMissing(Because):
    """A significant change must say what it means for those who follow the routine."""

    proposal: str


@dataclass(frozen=True)
class ExemptNotKept(Because):
    """A text exempt from public access would be readable on the shared branch."""

    proposal: str


@dataclass(frozen=True)
class NotTheAuthor(Because):
    """Only the author, the network's leader or the editor may change or withdraw a proposal."""

    about_who = True

    proposal: str


@dataclass(frozen=True)
class AgreedAsItWas(Because):
    """Members agreed to this very text, as it was explained to them then; that yes cannot be moved to something else."""

    proposal: str


def reasons_against_text(proposal: Proposal, *, faults: tuple[int, ...], access: AccessClass) -> list[Because]:
    """
    Say why the proposal's text may not be before the network, nor become a version; empty means it may.

    Asked when the round opens, of each text that is put into an open round, and of the text that becomes the version.

    Args:
        proposal: With the meaning that goes with the text.
        faults: The lines of the errors that the checks found in the text.
        access: The text's access class.
    """
    reasons: list[Because] = []
    if faults:
        reasons.append(TextHasFaults(proposal.id, len(faults), faults[0]))
    if proposal.kind is ProposalKind.CHANGE and proposal.significance is Significance.MAJOR and not proposal.meaning:
        reasons.append(MeaningMissing(proposal.id))
    if access is AccessClass.EXEMPT:
        reasons.append(ExemptNotKept(proposal.id))
    return reasons


def reasons_against_sending(
    proposal: Proposal, actor: Actor, today: date, *, faults: tuple[int, ...], access: AccessClass
) -> list[Because]:
    """
    Say why the proposal may not be sent to approval; empty means it may.

    Args:
        proposal: As it stands.
        actor: Who would send it.
        today: The day in Norway.
        faults: As `reasons_against_text`.
        access: As `reasons_against_text`.
    """
    reasons: list[Because] = list(reasons_against(actor, Verb.SEND, network_body(proposal.network), today))
    if proposal.state is not ProposalState.DRAFT:
        reasons.append(NotADraft(proposal.id, proposal.state.value))
    return [*reasons, *reasons_against_text(proposal, faults=faults, access=access)]


def reasons_against_approving(proposal: Proposal, approver: Actor, policy: Policy, today: date) -> list[Because]:
    """Say why this actor may not agree to this proposal; empty means they may."""
    reasons: list[Because] = list(reasons_against(approver, Verb.APPROVE, network_body(proposal.network), today))
    if proposal.state is not ProposalState.APPROVAL:
        reasons.append(NotInApproval(proposal.id, proposal.state.value))
    municipality = approver.municipality_on(today)
    leads = Role.LEADER in approver.roles_in(network_body(proposal.network), today)
    if any(approver.id == one.actor for one in proposal.writers):
        reasons.append(AuthorCannotApprove(proposal.id))
    elif not may_count(policy, proposal.writers, approver.id, municipality, leads=leads):
        reasons.append(AuthorsMunicipalityDoesNotCount(proposal.id))
    if any(one.actor == approver.id for one in proposal.valid_approvals):
        reasons.append(AlreadyApproved(proposal.id))
    return reasons


def reasons_against_revising(
    proposal: Proposal, actor: Actor, today: date, *, digest: Digest, meaning: str | None, faults: tuple[int, ...],
    access: AccessClass,
) -> list[Because]:  # fmt: skip
    """
    Say why this actor may not put this text in the place of the one there is; empty means they may.

    A draft may be unfinished; in an open round the new text must be one that could have been sent. A text that somebody
    agreed to does not come back, and gets no other meaning: their yes would be counted for what they did not read.

    Args:
        proposal: As it stands.
        actor: Who would change it.
        today: The day in Norway.
        digest: Of the new text.
        meaning: What goes with the new text.
        faults: Of the new text, as `reasons_against_text`.
        access: Of the new text.
    """
    reasons = _reasons_against_handling(proposal, actor, today)
    if proposal.state is ProposalState.APPROVAL:
        reasons += reasons_against_text(replace(proposal, meaning=meaning), faults=faults, access=access)
        is_other = (digest, meaning) != (proposal.digest, proposal.meaning)
        if is_other and any(one.digest == digest for one in proposal.approvals):
            reasons.append(AgreedAsItWas(proposal.id))
    return reasons


def reasons_against_withdrawing(proposal: Proposal, actor: Actor, today: date) -> list[Because]:
    """Say why this actor may not withdraw the proposal; empty means they may."""
    return _reasons_against_handling(proposal, actor, today)


def _reasons_against_handling(proposal: Proposal, actor: Actor, today: date) -> list[Because]:
    body = network_body(proposal.network)
    reasons: list[Because] = list(reasons_against(actor, Verb.PROPOSE, body, today))
    if proposal.state not in OPEN_STATES:
        reasons.append(NotADraft(proposal.id, proposal.state.value))
    leads = Role.LEADER in actor.roles_in(body, today)
    edits = Role.EDITOR in actor.roles_in(LIBRARY, today)
    if actor.id != proposal.author and not leads and not edits:
        reasons.append(NotTheAuthor(proposal.id))
    return reasons


def next_version(current: VersionNumber | None, significance: Significance) -> VersionNumber:
    """Give the number of the version after `current`; the first is 1.0."""
    if current is None:
        return VersionNumber(1, 0)
    return current.next_major() if significance is Significance.MAJOR else current.next_minor()
