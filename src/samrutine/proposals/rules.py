"""Why a step with a proposal may not be taken: pure rules that give typed reasons. Empty means it may."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from samrutine.actors import LIBRARY, Actor, Role, Verb, network_body, reasons_against
from samrutine.procedures.model import Digest
from samrutine.proposals.model import Proposal, ProposalKind, ProposalState, Significance
from samrutine.proposals.policy import Policy
from samrutine.proposals.quorum import Standing, may_count
from samrutine.proposals.transitions import Step, reasons_against_step
from samrutine.reasons import Because

MOST_MEANING_LINES: Final = 3
"""«Hva betyr endringen for meg?» is read between two patients: three lines, and who needs more reads the text."""


@dataclass(frozen=True)
class AuthorCannotApprove(Because):
    """Four eyes: whoever wrote the text, or a part of it, is the last to see what is wrong with it."""

    about_who = True
    settled = True

    proposal: str


@dataclass(frozen=True)
class AuthorsMunicipalityDoesNotCount(Because):
    """The network's policy asks for eyes from another municipality than the writers'."""

    about_who = True

    proposal: str


@dataclass(frozen=True)
class AlreadyApproved(Because):
    """The member has agreed to this very text before."""

    settled = True

    proposal: str


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
class MeaningTooLong(Because):
    """What a change means must be said in three lines."""

    lines: int
    most: int = MOST_MEANING_LINES


@dataclass(frozen=True)
class NotTheAuthor(Because):
    """Only the author, the network's leader or the editor may change or withdraw a proposal."""

    about_who = True

    proposal: str


@dataclass(frozen=True)
class AgreedAsItWas(Because):
    """Members agreed to this very text, as it was explained to them then; that yes cannot be moved to something else."""

    proposal: str


@dataclass(frozen=True)
class HearingMissing(Because):
    """The network's rule asks for a hearing, and there was none."""

    proposal: str
    weeks: int


@dataclass(frozen=True)
class OtherThanHeard(Because):
    """The text was changed so much after its hearing that those who were heard have not read it."""

    proposal: str


@dataclass(frozen=True)
class RevisedSinceHeard(Because):
    """The text in the round would become another than the one that was heard, and nobody says why it is not heard anew."""

    proposal: str


@dataclass(frozen=True)
class ConflictsStand(Because):
    """The last refresh could not merge everything, and nobody has looked at what it left."""

    proposal: str
    count: int


@dataclass(frozen=True)
class NothingToRefresh(Because):
    """The proposal starts from the newest version already."""

    proposal: str


@dataclass(frozen=True)
class NothingLeftToChange(Because):
    """The newest version says all that the proposal would have changed."""

    proposal: str


@dataclass(frozen=True)
class WithdrawalHasNoText(Because):
    """A proposal to withdraw a routine has no text of its own to change or to hurry."""

    proposal: str


@dataclass(frozen=True)
class HurriedTextStands(Because):
    """The words of a hasteversjon are a version that may be in use: they are agreed to or refused, not changed."""

    proposal: str
    version: str


@dataclass(frozen=True)
class HurriedAwaits(Because):
    """A hasteversjon of the routine is not agreed to yet, and another version would be built on it."""

    procedure: str
    version: str
    proposal: str


@dataclass(frozen=True)
class CoNetworksStand(Because):
    """Who is asked to agree cannot change while the round is open."""

    proposal: str


@dataclass(frozen=True)
class ProcedureWithdrawn(Because):
    """The routine was withdrawn after this was begun, or is withdrawn already."""

    settled = True

    procedure: str
    replaced_by: str | None

    def places_in(self, language: str) -> dict[str, object]:  # noqa: ARG002  an id is the same in every language
        """Give the replacement, or a dash."""
        return {**self.places, "replaced_by": self.replaced_by or "–"}


@dataclass(frozen=True)
class ReplacementNotThere(Because):
    """What shall replace a routine must be another that is faglig godkjent and not withdrawn."""

    replaced_by: str


@dataclass(frozen=True)
class WithdrawalUnderWay(Because):
    """Somebody has proposed to withdraw the routine already. Which proposal is not said: it may be another's draft."""

    procedure: str


def reasons_against_meaning(meaning: str | None) -> list[Because]:
    """Say why this may not stand as what a change means; lines without words are not counted."""
    lines = sum(1 for line in (meaning or "").splitlines() if line.strip())
    return [MeaningTooLong(lines)] if lines > MOST_MEANING_LINES else []


def reasons_against_text(proposal: Proposal, *, faults: tuple[int, ...]) -> list[Because]:
    """
    Say why the proposal's text may not be before the network, nor become a version; empty means it may.

    Asked when the round opens, of each text that is put into an open round, and of the text that becomes the version.
    A proposal to withdraw has no text of its own: an old text with faults is all the more to be withdrawn.

    Args:
        proposal: With the meaning that goes with the text.
        faults: The lines of the errors that the checks found in the text.
    """
    reasons: list[Because] = []
    if proposal.kind is ProposalKind.WITHDRAWAL:
        return reasons
    if faults:
        reasons.append(TextHasFaults(proposal.id, len(faults), faults[0]))
    if proposal.kind is ProposalKind.CHANGE and proposal.weight is Significance.MAJOR and not proposal.meaning:
        reasons.append(MeaningMissing(proposal.id))
    if proposal.conflicts:
        reasons.append(ConflictsStand(proposal.id, len(proposal.conflicts)))
    return reasons


def reasons_against_sending(proposal: Proposal, actor: Actor, today: date, *, faults: tuple[int, ...]) -> list[Because]:
    """
    Say why the proposal may not be sent to approval; empty means it may. The hearing is asked about apart.

    Args:
        proposal: As it stands.
        actor: Who would send it.
        today: The day in Norway.
        faults: As `reasons_against_text`.
    """
    return [
        *reasons_against(actor, Verb.SEND, network_body(proposal.network), today),
        *reasons_against_step(proposal.id, proposal.state, Step.SEND),
        *reasons_against_text(proposal, faults=faults),
    ]


def reasons_against_leaving_out_hearing(
    proposal: Proposal, policy: Policy, unheard: str | None, *, is_another: bool = False
) -> list[Because]:
    """
    Say why the proposal may not go to approval as little heard as it is; empty means it may.

    A minor change needs no hearing. Any other does where the policy has weeks for one, unless whoever sends it says why
    not; that reason is shown to those who approve. A text that is another than the one that was heard was not heard.

    Args:
        proposal: As it stands.
        policy: The one that the round would follow.
        unheard: Why it is sent all the same.
        is_another: As `heard_text.is_another_text` says of the text that was heard last.
    """
    needs = policy.hearing_weeks > 0 and proposal.weight is Significance.MAJOR
    if needs and not proposal.heard and not unheard:
        return [HearingMissing(proposal.id, policy.hearing_weeks)]
    return [OtherThanHeard(proposal.id)] if needs and is_another and not unheard else []


def reasons_against_approving(proposal: Proposal, approver: Actor, policy: Policy, today: date) -> list[Because]:
    """Say why this actor may not agree to this proposal, in any of its networks; empty means they may."""
    reasons: list[Because] = []
    if network_of(proposal, approver, today) is None:
        reasons += reasons_against(approver, Verb.APPROVE, network_body(proposal.network), today)
    reasons += reasons_against_step(proposal.id, proposal.state, Step.APPROVE)
    municipality = approver.municipality_on(today)
    leads = Role.LEADER in approver.roles_in(network_body(proposal.network), today)
    if any(approver.id == one.actor for one in proposal.writers):
        reasons.append(AuthorCannotApprove(proposal.id))
    elif not may_count(policy, proposal.writers, approver.id, municipality, leads=leads):
        reasons.append(AuthorsMunicipalityDoesNotCount(proposal.id))
    if any(one.actor == approver.id for one in proposal.valid_approvals):
        reasons.append(AlreadyApproved(proposal.id))
    return reasons


def may_finish(proposal: Proposal, actor: Actor, stands: Standing, today: date) -> bool:
    """
    Whether this actor may finish a round that is enough already, without agreeing anew.

    A round becomes enough by itself when those leave who were waited for. Whoever agreed to the text and still is in one
    of the networks may say so, and whoever may send; so there is always somebody. A yes is never made of it.
    """
    if not stands.is_enough or reasons_against_step(proposal.id, proposal.state, Step.APPROVE):
        return False
    agreed = any(one.actor == actor.id for one in proposal.valid_approvals)
    may_send = not reasons_against(actor, Verb.SEND, network_body(proposal.network), today)
    return may_send or (agreed and network_of(proposal, actor, today) is not None)


def network_of(proposal: Proposal, approver: Actor, today: date) -> str | None:
    """Give the network for which an actor may agree: the owner's if they are in it, else a co-network; None if none."""
    for network in proposal.networks:
        if not reasons_against(approver, Verb.APPROVE, network_body(network), today):
            return network
    return None


def reasons_against_revising(
    proposal: Proposal, actor: Actor, today: date, *, digest: Digest, meaning: str | None, faults: tuple[int, ...],
    co_networks: tuple[str, ...] = (), is_another: bool = False, unheard: str | None = None,
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
        co_networks: Of the new text.
        is_another: As `hearing_rows.is_another_than_heard` says of the new text.
        unheard: Why it is not heard once more.
    """
    reasons = _reasons_against_handling(proposal, actor, today, Step.REVISE)
    if proposal.kind is ProposalKind.WITHDRAWAL:
        return [*reasons, WithdrawalHasNoText(proposal.id)]
    if proposal.hurried_version is not None:
        reasons.append(HurriedTextStands(proposal.id, str(proposal.hurried_version)))
    if proposal.state is ProposalState.APPROVAL:
        as_revised = replace(proposal, meaning=meaning, conflicts=())
        reasons += reasons_against_text(as_revised, faults=faults)
        if set(co_networks) != set(proposal.co_networks):
            reasons.append(CoNetworksStand(proposal.id))
        heard_by = proposal.policy if proposal.heard else None
        if heard_by and reasons_against_leaving_out_hearing(proposal, heard_by, unheard, is_another=is_another):
            reasons.append(RevisedSinceHeard(proposal.id))
    is_other = (digest, meaning) != (proposal.digest, proposal.meaning)
    if is_other and any(one.digest == digest for one in proposal.approvals):
        # In a draft too: after a refresh the text that was agreed to would take back what was merged into it.
        reasons.append(AgreedAsItWas(proposal.id))
    return reasons


def reasons_against_withdrawing(proposal: Proposal, actor: Actor, today: date) -> list[Because]:
    """Say why this actor may not give the proposal up; empty means they may. A hasteversjon is refused, not given up."""
    reasons = _reasons_against_handling(proposal, actor, today, Step.WITHDRAW)
    if proposal.hurried_version is not None:
        reasons.append(HurriedTextStands(proposal.id, str(proposal.hurried_version)))
    return reasons


def reasons_against_refreshing(proposal: Proposal, actor: Actor, today: date) -> list[Because]:
    """Say why this actor may not merge the newest version into the proposal; empty means they may."""
    reasons = _reasons_against_handling(proposal, actor, today, Step.REFRESH)
    if proposal.hurried_version is not None:
        reasons.append(HurriedTextStands(proposal.id, str(proposal.hurried_version)))
    return reasons


def reasons_against_rejecting(proposal: Proposal, actor: Actor, today: date) -> list[Because]:
    """Say why this actor may not stop the proposal on the network's behalf; empty means they may."""
    return [
        *reasons_against(actor, Verb.SEND, network_body(proposal.network), today),
        *reasons_against_step(proposal.id, proposal.state, Step.REJECT),
    ]


def reasons_against_hurrying(
    proposal: Proposal, actor: Actor, today: date, *, faults: tuple[int, ...]
) -> list[Because]:
    """
    Say why this actor may not make a *hasteversjon* of the proposal; empty means they may.

    Args:
        proposal: As it stands.
        actor: Who would hurry it.
        today: The day in Norway.
        faults: As `reasons_against_text`.
    """
    reasons: list[Because] = [
        *reasons_against(actor, Verb.SEND, network_body(proposal.network), today),
        *reasons_against_step(proposal.id, proposal.state, Step.HURRY),
        *reasons_against_text(proposal, faults=faults),
    ]
    if proposal.kind is ProposalKind.WITHDRAWAL:
        reasons.append(WithdrawalHasNoText(proposal.id))
    if proposal.hurried_version is not None:
        reasons.append(HurriedTextStands(proposal.id, str(proposal.hurried_version)))
    return reasons


def _reasons_against_handling(proposal: Proposal, actor: Actor, today: date, step: Step) -> list[Because]:
    body = network_body(proposal.network)
    reasons: list[Because] = list(reasons_against(actor, Verb.PROPOSE, body, today))
    reasons += reasons_against_step(proposal.id, proposal.state, step)
    leads = Role.LEADER in actor.roles_in(body, today)
    edits = Role.EDITOR in actor.roles_in(LIBRARY, today)
    if actor.id != proposal.author and not leads and not edits:
        reasons.append(NotTheAuthor(proposal.id))
    return reasons
