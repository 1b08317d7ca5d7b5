"""The verbs of a round: send to approval, approve, reject, withdraw; and reading proposals."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from samrutine.actors import Actor, ActorId, Verb, network_body, roles_for
from samrutine.inbox.opening import tell
from samrutine.networks.directory import get_actor, get_network_id, members_in_post
from samrutine.networks.settling import known_to_checks
from samrutine.procedures.access import hidden_procedures, require_readable_proposal
from samrutine.procedures.checks import findings as check
from samrutine.procedures.findings import Finding
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import Digest, ProcedureId, VersionNumber
from samrutine.procedures.text import read
from samrutine.proposals.becoming import become_version, close
from samrutine.proposals.files import files_held
from samrutine.proposals.heard_text import is_another_text
from samrutine.proposals.hearing_rows import last_heard, reasons_against_leaving
from samrutine.proposals.hurrying import confirm_version, refuse_version
from samrutine.proposals.loading import (
    Looked,
    acted_on,
    free_text,
    get_row,
    look_at_text,
    proposal_of,
    proposals_of,
    reasons_against_becoming,
    reasons_against_repeating,
    require_read_text_and_base,
    require_same_text,
)
from samrutine.proposals.model import Proposal, ProposalId, ProposalKind, ProposalState
from samrutine.proposals.policy import Policy
from samrutine.proposals.quorum import Approval, Standing, reasons_against_opening, standing
from samrutine.proposals.retiring import reasons_against_replacement, retire
from samrutine.proposals.rounds import ask_networks, policy_of, said_beside, why_unheard, written_policy
from samrutine.proposals.rules import (
    may_finish,
    network_of,
    reasons_against_approving,
    reasons_against_leaving_out_hearing,
    reasons_against_rejecting,
    reasons_against_sending,
    reasons_against_text,
    reasons_against_withdrawing,
)
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import ApprovalRow, ProposalRow
from samrutine.storage.sql import Database
from samrutine.storage.words import Words


@dataclass(frozen=True, slots=True)
class Sent:
    """The round is open: from now on members of the networks may agree to `digest`. `standing` is all that it takes."""

    proposal: ProposalId
    procedure: ProcedureId
    digest: Digest
    needed: int
    number: int
    projected: bool
    standing: Standing


@dataclass(frozen=True, slots=True)
class Approved:
    """
    One member agreed, or one of those who had agreed finished a round that was enough.

    `version` is set when that was enough, and the text now is faglig godkjent; `withdrawn` when that was enough, and the
    routine now is withdrawn.
    """

    proposal: ProposalId
    procedure: ProcedureId
    standing: Standing
    version: VersionNumber | None
    number: int
    projected: bool
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The proposal is given up. Its id is free for another."""

    proposal: ProposalId
    procedure: ProcedureId
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class Rejected:
    """
    The network stopped the proposal.

    Of a hasteversjon `refused` is its number, never given again, and `stands` the version that is the routine's now; None
    when there is none, and the routine is withdrawn.
    """

    proposal: ProposalId
    procedure: ProcedureId
    number: int
    projected: bool
    refused: VersionNumber | None = None
    stands: VersionNumber | None = None


@dataclass(frozen=True, slots=True)
class ProposalView:
    """
    A proposal as its reader needs it. `standing` is None while nobody is asked yet.

    `unheard` is why it was sent to approval without a hearing, `hurried_because` why it could not wait,
    and `rejected_because` why its network stopped it: None also where it was erased. `heard_digest` is that of the text that was heard last; None when none was.
    """

    proposal: Proposal
    text: bytes
    findings: tuple[Finding, ...]
    standing: Standing | None
    unheard: str | None = None
    hurried_because: str | None = None
    heard_digest: Digest | None = None
    rejected_because: str | None = None

    @property
    def changed_since_heard(self) -> bool:
        """Whether the text is another than the one that was heard; `compare_proposal` shows how."""
        return self.heard_digest is not None and self.heard_digest != self.proposal.digest


class Proposals:
    """Proposals before their network, and what becomes of them."""

    def __init__(self, database: Database, decisions: Decisions, words: Words) -> None:
        self._database = database
        self._decisions = decisions
        self._words = words

    def send(
        self, proposal: ProposalId, *, digest: Digest, unheard: str | None = None, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> Sent:  # fmt: skip
        """
        Open the round of approval, with the policy pinned: that of the hearing, or the network's as it is now.

        Args:
            digest: The digest of the text that was read.
            unheard: Why there was no hearing, where the policy asks for one, or why not of the text as it now is:
                shown to those who approve. 1,000 characters at most.

        Raises:
            TextChanged: The text is another than the one that was read.
            BaseMoved: The routine got a newer version since the draft was begun.
            Refused: Not a draft; errors in the text; the newest version word for word; a significant change without a word on what it means; not heard, and
                no word on why; another title, other sections or other numbers than were heard, and no word on why; a
                remark of a hearing without its reply; what a refresh could not merge still stands; or
                nobody is in post who could approve it.
            NotAllowed: Only the network's leader or the editor sends.
        """
        why = free_text("unheard", unheard)
        request = {"proposal": proposal, "digest": digest}
        texts = {"unheard": why}
        # Before anything is read: the text may be gone by now, or not for whoever asks any more.
        made = self._decisions.made(decision_id, "send", request, by=by, texts=texts)
        looked = None if made else look_at_text(self._database, proposal, by=by, now=now)
        is_another = looked is not None and not why and self._is_another_than_heard(proposal, looked)
        with self._decisions.act(decision_id, "send", request, by=by, now=now, texts=texts) as act:
            session = act.session
            row = acted_on(act, proposal)
            before = proposal_of(session, row)
            if not act.is_repeat:
                actor = get_actor(session, by)
                faults = require_same_text(session, row, looked).faults
                refuse(reasons_against_sending(before, actor, act.today, faults=faults))
                require_read_text_and_base(session, row, digest)
                refuse(reasons_against_repeating(session, row, digest))
                policy = policy_of(session, row, before)
                refuse(
                    [
                        *reasons_against_leaving_out_hearing(before, policy, why, is_another=is_another),
                        *reasons_against_leaving(session, row.id),
                    ]
                )
                self._require_way_ahead(act, row, before, policy)
                body = network_body(row.network)
                stands = _at_opening(session, before, policy, act.today)
                act.record(
                    "proposal_sent", body=body, role=roles_for(actor, Verb.SEND, body, act.today)[0], subject=row.procedure_id,
                    facts={"proposal": row.id, "procedure": row.procedure_id, "digest": digest, "policy": asdict(policy),
                           "needed": stands.needed, "standing": asdict(stands)},
                )  # fmt: skip
                row.state, row.sent_at = ProposalState.APPROVAL.value, now
                row.policy = written_policy(policy)
                session.add(row)
                ask_networks(act, row, before, due_on=act.today + timedelta(weeks=policy.hearing_weeks))
            facts = act.decisions[0].facts
            # The first release did not write it down.
            stands = (
                Standing(**facts["standing"])
                if "standing" in facts
                else _at_opening(session, before, Policy.parse(facts["policy"]), act.today)
            )
        return Sent(
            proposal, ProcedureId(row.procedure_id), digest, facts.get("needed", stands.needed), act.decisions[0].number,
            act.projected, stands,
        )  # fmt: skip

    def approve(
        self, proposal: ProposalId, *, digest: Digest, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> Approved:
        """
        Agree, as a member of one of the networks that are asked, to the very text that was read.

        When the policy is met the text gets its version number in the same transaction, and is *faglig godkjent*; or the
        routine is withdrawn. It applies nowhere before a municipality takes it into use, and goes on where it does.

        Members who leave lower what is asked for, so a round may become enough without anybody agreeing. Then whoever
        agreed before, the leader and the editor finish it by this verb: no new approval is counted.

        Args:
            digest: The digest of the text that was read: what was read is what is approved.

        Raises:
            TextChanged: The text was changed since it was read.
            BaseMoved: The routine got a newer version meanwhile.
            Refused: Agreed before; no round is open; or this would be enough, but nothing can become of it: what the
                checks know has changed since it was sent, the routine was withdrawn meanwhile, a hasteversjon of it waits,
                the replacement is gone, or a remark to this hasteversjon has no reply.
            NotAllowed: Not a member of the networks, or own words are in the text.
        """
        request = {"proposal": proposal, "digest": digest}
        made = self._decisions.made(decision_id, "approve", request, by=by, texts={})
        looked = None if made else look_at_text(self._database, proposal, by=by, now=now)
        with self._decisions.act(decision_id, "approve", request, by=by, now=now) as act:
            row = acted_on(act, proposal)
            if not act.is_repeat:
                self._approve(act, row, looked, digest)
        first, *later = act.decisions
        ends = {one.kind: one.facts for one in later}
        became = ends.get("version_approved") or ends.get("version_confirmed")
        return Approved(
            proposal, ProcedureId(row.procedure_id), Standing(**first.facts["standing"]),
            VersionNumber.parse(became["version"]) if became else None, first.number, act.projected,
            withdrawn="procedure_withdrawn" in ends,
        )  # fmt: skip

    def reject(
        self, proposal: ProposalId, *, reason: str, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> Rejected:
        """
        Stop a proposal that is heard or up for approval, on the network's behalf. Its id is free for another.

        A hasteversjon that is stopped is refused: the version before it is the routine's again.

        Args:
            reason: Why, for the author and those who answered: 1 to 1,000 characters.

        Raises:
            ProposalNotFound: There is none of that id.
            InvalidRequest: The reason is missing or too long.
            Refused: It is a draft or decided already, or the reason looks as if it held personal data.
            NotAllowed: Only the network's leader or the editor.
        """
        why = free_text("reason", reason, may_be_empty=False)
        request = {"proposal": proposal}
        with self._decisions.act(decision_id, "reject", request, by=by, now=now, texts={"reason": why}) as act:
            row = acted_on(act, proposal)
            if not act.is_repeat:
                actor = get_actor(act.session, by)
                before = proposal_of(act.session, row)
                refuse(reasons_against_rejecting(before, actor, act.today))
                self._end(act, row, actor, "proposal_rejected", ProposalState.REJECTED, Verb.SEND)
                tell(act, "proposal-rejected", row.id, actors=[row.author_actor])
                if before.hurried_version is not None:
                    refuse_version(act, self._words, row)
            refused = next((one.facts for one in act.decisions if one.kind == "version_refused"), {})
        return Rejected(
            proposal, ProcedureId(row.procedure_id), act.decisions[0].number, act.projected,
            VersionNumber.parse(refused["version"]) if refused else None,
            VersionNumber.parse(refused["stands"]) if refused.get("stands") and not refused.get("withdrawn") else None,
        )  # fmt: skip

    def withdraw(
        self, proposal: ProposalId, *, reason: str, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> Withdrawn:
        """
        Give a draft or an open round up, so that its id is free for another proposal. What was approved stays.

        Args:
            reason: Why, for whoever agreed to it or waited for it: 1 to 1,000 characters.

        Raises:
            ProposalNotFound: There is none of that id.
            InvalidRequest: The reason is missing or too long.
            Refused: It is decided already, is a hasteversjon, or the reason looks as if it held personal data.
            NotAllowed: Neither the author nor the network's leader nor the editor.
        """
        why = free_text("reason", reason, may_be_empty=False)
        request = {"proposal": proposal}
        with self._decisions.act(decision_id, "withdraw", request, by=by, now=now, texts={"reason": why}) as act:
            row = acted_on(act, proposal)
            if not act.is_repeat:
                actor = get_actor(act.session, by)
                before = proposal_of(act.session, row)
                refuse(reasons_against_withdrawing(before, actor, act.today))
                self._end(act, row, actor, "proposal_withdrawn", ProposalState.WITHDRAWN, Verb.PROPOSE)
                agreed = [one.actor for one in before.valid_approvals]
                tell(act, "proposal-withdrawn", row.id, actors=[row.author_actor, *agreed])
        return Withdrawn(proposal, ProcedureId(row.procedure_id), act.decisions[0].number, act.projected)

    def get_proposal(self, proposal: ProposalId, *, hidden: frozenset[str] = frozenset()) -> tuple[Proposal, bytes]:
        """
        Give a proposal and its text.

        Args:
            hidden: Routines that the reader may not know of.

        Raises:
            ProposalNotFound: There is none of that id.
        """
        with self._database.reading() as session:
            row = get_row(session, proposal)
            return without_hidden(proposal_of(session, row), hidden), row.text

    def look_at(self, proposal: ProposalId, *, reader: str | None, today: date) -> ProposalView:
        """
        Give a proposal with its text, the findings of the checks, and how far its round has come.

        Args:
            reader: Whose eyes; None for somebody unknown inside. A link to what they may not know of is found to lead
                nowhere.
            today: The day to judge from, a day in Norway.

        Raises:
            ProposalNotFound: There is none of that id, or the reader may not read it.
        """
        with self._database.reading() as session:
            require_readable_proposal(session, proposal, reader, today)
            row = get_row(session, proposal)
            hidden = hidden_procedures(session, reader, today)
            known = known_to_checks(session, hidden, held=files_held(session, row.id))
            found = without_hidden(proposal_of(session, row), hidden)
            # Of a proposal that came to nothing long ago the words are deleted, and there is nothing to find in them.
            findings = check(read(row.text, row.id), row.text, known) if row.text else ()
            stands = None
            if found.policy is not None:
                in_post = members_in_post(session, found.networks, today)
                stands = standing(found.policy, found.valid_approvals, in_post, found.writers, found.co_networks)
            return ProposalView(
                found, row.text, findings, stands, why_unheard(session, row),
                said_beside(session, row, "version_hurried", "reason"),
                Digest(heard.digest) if (heard := last_heard(session, row.id)) else None,
                said_beside(session, row, "proposal_rejected", "reason"),
            )  # fmt: skip

    def proposals(
        self, *, state: ProposalState | None = None, network: str | None = None, hidden: frozenset[str] = frozenset(),
        hidden_routines: frozenset[str] = frozenset(),
    ) -> Sequence[Proposal]:  # fmt: skip
        """
        Give the proposals, the oldest first, perhaps only those in a state or of a network.

        Raises:
            NetworkNotFound: There is none of that id or name.
        """
        with self._database.reading() as session:
            query = select(ProposalRow).order_by(col(ProposalRow.opened_number))
            if state is not None:
                query = query.where(ProposalRow.state == state.value)
            if network is not None:
                query = query.where(ProposalRow.network == get_network_id(session, network))
            found = proposals_of(session, [row for row in session.exec(query) if row.id not in hidden])
            return [without_hidden(one, hidden_routines) for one in found]

    def _is_another_than_heard(self, proposal: str, looked: Looked) -> bool:
        """Compare before the act begins: the chain's head is not held while texts are compared."""
        with self._database.reading() as session:
            heard = last_heard(session, proposal)
            if heard is None or not heard.text or heard.text == looked.data:
                return False
            return is_another_text(read(heard.text, proposal), looked.text)

    def _approve(self, act: Act, row: ProposalRow, seen: Looked | None, digest: Digest) -> None:
        session = act.session
        actor = get_actor(session, act.by)
        before = proposal_of(session, row)
        policy = policy_of(session, row, before)
        in_post = members_in_post(session, before.networks, act.today)
        against = reasons_against_approving(before, actor, policy, act.today)
        stands = standing(policy, before.valid_approvals, in_post, before.writers, before.co_networks)
        if not (against and may_finish(before, actor, stands, act.today)):
            refuse(against)
        require_read_text_and_base(session, row, digest)
        looked = require_same_text(session, row, seen)
        if against:
            self._finish(act, row, before, actor, stands, looked)
            return
        network = network_of(before, actor, act.today) or row.network
        role = roles_for(actor, Verb.APPROVE, network_body(network), act.today)[0]
        municipality = actor.municipality_on(act.today)
        given = (*before.valid_approvals, Approval(act.by, municipality, role, digest, 0, network))
        now_stands = standing(policy, given, in_post, before.writers, before.co_networks)
        if now_stands.is_enough:
            self._require_outcome(act, row, before, looked)
        decision = act.record(
            "approval_given", body=network_body(network), role=role, subject=row.procedure_id,
            facts={"proposal": row.id, "procedure": row.procedure_id, "digest": digest, "municipality": municipality,
                   "network": network, "standing": asdict(now_stands)},
        )  # fmt: skip
        session.add(
            ApprovalRow(
                decided_number=decision.number, proposal_id=row.id, actor_id=actor.id, municipality=municipality,
                role=role.value, digest=digest, network=network,
            )
        )  # fmt: skip
        if now_stands.is_enough:
            self._become(act, row, before, [*(one.number for one in before.valid_approvals), decision.number])

    def _finish(
        self, act: Act, row: ProposalRow, before: Proposal, actor: Actor, stands: Standing, looked: Looked
    ) -> None:
        """Let a round that became enough because members left come to its end, by those who agreed before they did."""
        self._require_outcome(act, row, before, looked)
        network = network_of(before, actor, act.today)
        body = network_body(network or row.network)
        act.record(
            "round_finished", body=body, subject=row.procedure_id,
            role=roles_for(actor, Verb.APPROVE if network else Verb.SEND, body, act.today)[0],
            facts={"proposal": row.id, "procedure": row.procedure_id, "digest": row.digest, "standing": asdict(stands)},
        )  # fmt: skip
        self._become(act, row, before, [one.number for one in before.valid_approvals])

    @staticmethod
    def _require_outcome(act: Act, row: ProposalRow, before: Proposal, looked: Looked) -> None:
        """Refuse a last yes of which nothing could become."""
        if before.hurried_version is None:
            refuse(reasons_against_text(before, faults=looked.faults))
        else:
            # Its text stands since the hurry, when it had no faults: what came to be one by the settings is mended in the
            # next version. But whoever was heard before the hurry is owed a reply.
            refuse(reasons_against_leaving(act.session, row.id))
        refuse(reasons_against_becoming(Eyes.of(act), row))
        refuse(reasons_against_replacement(act.session, row.procedure_id, row.replaced_by))

    def _become(self, act: Act, row: ProposalRow, before: Proposal, approvals: list[int]) -> None:
        """Let the proposal become what it was for, once enough have agreed."""
        if before.kind is ProposalKind.WITHDRAWAL:
            retire(act, row, approvals)
        elif before.hurried_version is not None:
            confirm_version(act, row, approvals)
        else:
            become_version(act, self._words, row, approvals)

    @staticmethod
    def _require_way_ahead(act: Act, row: ProposalRow, before: Proposal, policy: Policy) -> None:
        """A round that can lead nowhere is not opened: nobody could answer it, or the routine is gone."""
        session: Session = act.session
        refuse(reasons_against_becoming(Eyes.of(act), row))
        refuse(reasons_against_replacement(session, row.procedure_id, row.replaced_by))
        in_post = members_in_post(session, before.networks, act.today)
        refuse(reasons_against_opening(policy, in_post, row.network, before.writers))

    @staticmethod
    def _end(act: Act, row: ProposalRow, actor: Actor, kind: str, state: ProposalState, verb: Verb) -> None:
        body = network_body(row.network)
        decision = act.record(
            kind, body=body, role=roles_for(actor, verb, body, act.today)[0], subject=row.procedure_id,
            facts={"proposal": row.id, "procedure": row.procedure_id, "digest": row.digest},
        )  # fmt: skip
        close(act, row, state, decision.number)


def without_hidden(proposal: Proposal, hidden: frozenset[str]) -> Proposal:
    """Give a proposal as somebody sees it who may not know of these routines: what shall replace it is not named."""
    return replace(proposal, replaced_by=None) if proposal.replaced_by in hidden else proposal


def _at_opening(session: Session, proposal: Proposal, policy: Policy, today: date) -> Standing:
    """Give what it takes as the round opens, before anybody has agreed."""
    in_post = members_in_post(session, proposal.networks, today)
    return standing(policy, (), in_post, proposal.writers, proposal.co_networks)
