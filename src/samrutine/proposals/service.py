"""The verbs of a proposal: propose, revise, send to approval, approve, withdraw."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from samrutine.actors import ActorId, Role, Verb, network_body, reasons_against, roles_for
from samrutine.arguments import require_text
from samrutine.errors import BaseMoved, IdTaken, InvalidText, ProcedureNotFound, ProposalNotFound, TextChanged
from samrutine.inbox.opening import wait_for
from samrutine.networks.directory import get_actor, get_network, members_in_post
from samrutine.networks.policies import policy_for
from samrutine.networks.settling import known_to_checks
from samrutine.procedures.checks import findings as check
from samrutine.procedures.findings import Finding, Severity
from samrutine.procedures.model import Digest, ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.text import canonical, read
from samrutine.procedures.text import digest as digest_of
from samrutine.proposals.becoming import become_version, close
from samrutine.proposals.model import (
    OPEN_STATES,
    Proposal,
    ProposalId,
    ProposalKind,
    ProposalState,
    Significance,
    reasons_against_approving,
    reasons_against_revising,
    reasons_against_sending,
    reasons_against_text,
    reasons_against_withdrawing,
)
from samrutine.proposals.policy import Policy
from samrutine.proposals.quorum import Approval, Standing, Writer, reasons_against_opening, standing
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import ApprovalRow, DecisionRow, ProcedureRow, ProposalRow, VersionRow
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

LONGEST_MEANING: Final = 1_000
"""Characters in what a change means, and in the reason for a withdrawal: a few lines, read on a phone."""

_OPEN: Final = [one.value for one in OPEN_STATES]


@dataclass(frozen=True, slots=True)
class Proposed:
    """
    A draft is kept. `findings` are what the checks say of it: errors must be mended before it can be sent.

    `unchanged` when nothing was decided, since the text is there already: as the draft `proposal`, or, when `version`
    is set, as that version of the routine, which came of `proposal`.
    """

    proposal: ProposalId
    procedure: ProcedureId
    digest: Digest
    findings: tuple[Finding, ...]
    number: int | None
    unchanged: bool
    version: VersionNumber | None
    projected: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """The round is open: from now on members of the network may agree to `digest`."""

    proposal: ProposalId
    procedure: ProcedureId
    digest: Digest
    needed: int
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class Approved:
    """One member agreed. `version` is set when that was enough, and the text now is faglig godkjent."""

    proposal: ProposalId
    procedure: ProcedureId
    standing: Standing
    version: VersionNumber | None
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The proposal is given up. Its id is free for another."""

    proposal: ProposalId
    procedure: ProcedureId
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as its reader needs it. `standing` is None while it is a draft, since nobody is asked yet."""

    proposal: Proposal
    text: bytes
    findings: tuple[Finding, ...]
    standing: Standing | None


class Proposals:
    """Proposals and what becomes of them."""

    def __init__(self, database: Database, decisions: Decisions, words: Words) -> None:
        self._database = database
        self._decisions = decisions
        self._words = words

    def propose(
        self, data: bytes, name: str, *, changes: ProcedureId | None, significance: Significance, meaning: str | None,
        by: ActorId, now: datetime, decision_id: DecisionId,
    ) -> Proposed:  # fmt: skip
        """
        Keep a text as a draft. Nothing is sent: saving never sends.

        Args:
            data: Markdown with front matter, as bytes. Brought to canonical form once, here.
            name: What to call the text in messages: the file's name.
            changes: The procedure that it shall change; None for a routine nobody has.
            significance: What sort of change it is; a new routine's first version is 1.0 either way.
            meaning: What the change means for those who follow the routine, in a few lines: 1,000 characters at most.

        Returns:
            The draft. A text that is the routine's newest version already, or the author's own open proposal from the
            same version, of the same significance and meaning, gives that one, `unchanged`.

        Raises:
            InvalidText: It cannot be read, or holds what must not be kept: personal data, unsafe links.
            IdTaken: The id belongs to another routine or to somebody else's draft.
            ProcedureNotFound: There is nothing to change under that id.
            Refused: The meaning looks as if it held personal data.
            InvalidRequest: The meaning is too long.
            NotAllowed: The actor has no role in the library.
        """
        meaning = _free_text("meaning", meaning)
        stored = canonical(data, name)
        text = read(stored, name)
        digest = digest_of(stored)
        found = self._checked(text, data, name)
        request = {"digest": digest, "changes": changes, "significance": significance}
        with self._decisions.act(decision_id, "propose", request, by=by, now=now, texts={"meaning": meaning}) as act:
            session, version = act.session, None
            if act.is_repeat:
                existing = self._row(session, act.decisions[0].facts["proposal"])
            else:
                actor = get_actor(session, by)
                get_network(session, text.front.network)
                body = network_body(text.front.network)
                refuse(reasons_against(actor, Verb.PROPOSE, body, act.today))
                procedure = session.get(ProcedureRow, text.front.id)
                if procedure is not None and procedure.digest == digest:
                    version = VersionNumber(procedure.major, procedure.minor)
                    existing = self._proposal_of(session, procedure)
                else:
                    draft = self._same_draft(session, by, digest, procedure, text, changes, significance, meaning)
                    if draft is None:
                        self._refuse_foreign_id(session, text, changes, procedure)
                        draft = self._open(act, text, stored, digest, procedure, significance, meaning)
                    existing = draft
            proposal_id = ProposalId(existing.id)
        number = act.decisions[0].number if act.decisions else None
        return Proposed(
            proposal_id, text.front.id, Digest(digest), found, number, number is None, version, act.projected
        )

    def revise(
        self, proposal: ProposalId, data: bytes, name: str, *, read_digest: Digest, meaning: str | None,
        by: ActorId, now: datetime, decision_id: DecisionId,
    ) -> Proposed:  # fmt: skip
        """
        Replace a draft's text. What members agreed to before is void, and is shown as void.

        Args:
            read_digest: The digest of the text that the change was made from, so that nobody overwrites unread words.
            meaning: As `propose`. None leaves what stands there.

        Raises:
            TextChanged: Somebody changed the draft meanwhile. Read it again.
            InvalidText: As `propose`; or the text has another id than the proposal.
            Refused: Already decided; or the round is open, and the text is none that could have been sent, or one that
                somebody agreed to in it with another meaning or before another text.
            NotAllowed: Neither the author nor the network's leader nor the editor.
        """
        meaning = _free_text("meaning", meaning)
        stored = canonical(data, name)
        text = read(stored, name)
        digest = digest_of(stored)
        found = self._checked(text, data, name)
        request = {"proposal": proposal, "digest": digest, "read": read_digest}
        with self._decisions.act(decision_id, "revise", request, by=by, now=now, texts={"meaning": meaning}) as act:
            session = act.session
            row = self._row(session, proposal)
            if not act.is_repeat:
                actor = get_actor(session, by)
                refuse(
                    reasons_against_revising(
                        self._proposal(session, row), actor, act.today, digest=Digest(digest), meaning=meaning or row.meaning,
                        faults=_lines_of_errors(found), access=text.front.access,
                    )
                )  # fmt: skip
                if row.digest != read_digest:
                    raise TextChanged(proposal=proposal)
                if text.front.id != row.procedure_id or text.front.network != row.network:
                    raise IdTaken(procedure=text.front.id)
                role = roles_for(actor, Verb.PROPOSE, network_body(row.network), act.today)[0]
                act.record(
                    "proposal_revised", body=network_body(row.network), role=role, subject=row.procedure_id,
                    facts={"proposal": row.id, "procedure": row.procedure_id, "digest": digest, "replaces": row.digest,
                           "municipality": actor.municipality_on(act.today)},
                )  # fmt: skip
                row.text, row.digest, row.title = stored, digest, text.front.title
                row.meaning = meaning or row.meaning
                session.add(row)
        return Proposed(
            proposal, text.front.id, Digest(digest), found, act.decisions[0].number, unchanged=False, version=None,
            projected=act.projected,
        )  # fmt: skip

    def send(
        self, proposal: ProposalId, *, digest: Digest, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> Sent:
        """
        Open the round of approval, with the network's policy pinned as it is now.

        Args:
            digest: The digest of the text that was read.

        Raises:
            TextChanged: The text is another than the one that was read.
            BaseMoved: The routine got a newer version since the draft was begun.
            Refused: Not a draft, errors in the text, or a significant change without a word on what it means.
            NotAllowed: Only the network's leader or the editor sends.
        """
        text, checked, faults = self._looked_at(proposal)
        request = {"proposal": proposal, "digest": digest}
        with self._decisions.act(decision_id, "send", request, by=by, now=now) as act:
            session = act.session
            row = self._row(session, proposal)
            if not act.is_repeat:
                actor = get_actor(session, by)
                if row.text != checked:
                    raise TextChanged(proposal=proposal)
                refuse(
                    reasons_against_sending(
                        self._proposal(session, row), actor, act.today, faults=faults, access=text.front.access
                    )
                )
                self._require_read_text_and_base(session, row, digest)
                is_minor = row.kind == ProposalKind.CHANGE.value and row.significance == Significance.MINOR.value
                policy = policy_for(session, row.network, Significance.MINOR if is_minor else Significance.MAJOR)
                in_post = members_in_post(session, [row.network], act.today)
                writers = self._proposal(session, row).writers
                refuse(reasons_against_opening(policy, in_post, row.network, writers))
                body = network_body(row.network)
                act.record(
                    "proposal_sent", body=body, role=roles_for(actor, Verb.SEND, body, act.today)[0], subject=row.procedure_id,
                    facts={"proposal": row.id, "procedure": row.procedure_id, "digest": digest, "policy": asdict(policy)},
                )  # fmt: skip
                row.state, row.sent_at = ProposalState.APPROVAL.value, now
                row.policy = json.dumps(asdict(policy))
                session.add(row)
                wait_for(
                    act, body, "approve-proposal", row.id, verb=Verb.APPROVE, key=row.id,
                    due_on=act.today + timedelta(weeks=policy.hearing_weeks),
                )  # fmt: skip
            policy = Policy.parse(act.decisions[0].facts["policy"])
            in_post = members_in_post(session, [row.network], act.today)
            needed = standing(policy, (), in_post, self._proposal(session, row).writers).needed
        return Sent(proposal, ProcedureId(row.procedure_id), digest, needed, act.decisions[0].number, act.projected)

    def approve(
        self, proposal: ProposalId, *, digest: Digest, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> Approved:
        """
        Agree, as a member of the network, to the very text that was read.

        When the network's policy is met the text gets its version number in the same transaction, and is *faglig
        godkjent*. It applies nowhere before a municipality takes it into use.

        Args:
            digest: The digest of the text that was read: what was read is what is approved.

        Raises:
            TextChanged: The text was changed since it was read.
            BaseMoved: The routine got a newer version meanwhile.
            Refused: Agreed before; no round is open; or this would be enough, but the text may not become a version:
                what the checks know has changed since it was sent.
            NotAllowed: Not a member of the network, or own words are in the text.
        """
        text, checked, faults = self._looked_at(proposal)
        request = {"proposal": proposal, "digest": digest}
        with self._decisions.act(decision_id, "approve", request, by=by, now=now) as act:
            session = act.session
            row = self._row(session, proposal)
            if not act.is_repeat:
                actor = get_actor(session, by)
                before = self._proposal(session, row)
                policy = before.policy or Policy.parse(json.loads(get_network(session, row.network).policy))
                refuse(reasons_against_approving(before, actor, policy, act.today))
                self._require_read_text_and_base(session, row, digest)
                if row.text != checked:
                    raise TextChanged(proposal=proposal)
                body = network_body(row.network)
                role = roles_for(actor, Verb.APPROVE, body, act.today)[0]
                municipality = actor.municipality_on(act.today)
                in_post = members_in_post(session, [row.network], act.today)
                given = (*before.valid_approvals, Approval(by, municipality, role, digest, 0))
                now_stands = standing(policy, given, in_post, before.writers)
                if now_stands.is_enough:
                    refuse(reasons_against_text(before, faults=faults, access=text.front.access))
                decision = act.record(
                    "approval_given", body=body, role=role, subject=row.procedure_id,
                    facts={"proposal": row.id, "procedure": row.procedure_id, "digest": digest,
                           "municipality": municipality, "standing": asdict(now_stands)},
                )  # fmt: skip
                session.add(
                    ApprovalRow(
                        decided_number=decision.number, proposal_id=row.id, actor_id=actor.id, municipality=municipality,
                        role=role.value, digest=digest,
                    )
                )  # fmt: skip
                if now_stands.is_enough:
                    numbers = [one.number for one in before.valid_approvals] + [decision.number]
                    become_version(act, self._words, row, numbers)
        first, *later = act.decisions
        return Approved(
            proposal, ProcedureId(row.procedure_id), Standing(**first.facts["standing"]),
            VersionNumber.parse(later[0].facts["version"]) if later else None, first.number, act.projected,
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
            Refused: It is decided already, or the reason looks as if it held personal data.
            NotAllowed: Neither the author nor the network's leader nor the editor.
        """
        why = _free_text("reason", reason, may_be_empty=False)
        request = {"proposal": proposal}
        with self._decisions.act(decision_id, "withdraw", request, by=by, now=now, texts={"reason": why}) as act:
            row = self._row(act.session, proposal)
            if not act.is_repeat:
                actor = get_actor(act.session, by)
                refuse(reasons_against_withdrawing(self._proposal(act.session, row), actor, act.today))
                body = network_body(row.network)
                decision = act.record(
                    "proposal_withdrawn", body=body, role=roles_for(actor, Verb.PROPOSE, body, act.today)[0],
                    subject=row.procedure_id,
                    facts={"proposal": row.id, "procedure": row.procedure_id, "digest": row.digest},
                )  # fmt: skip
                close(act, row, ProposalState.WITHDRAWN, decision.number)
            procedure = ProcedureId(row.procedure_id)
        return Withdrawn(proposal, procedure, act.decisions[0].number, act.projected)

    def get_proposal(self, proposal: ProposalId) -> tuple[Proposal, bytes]:
        """
        Give a proposal and its text.

        Raises:
            ProposalNotFound: There is none of that id.
        """
        with self._database.reading() as session:
            row = self._row(session, proposal)
            return self._proposal(session, row), row.text

    def look_at(self, proposal: ProposalId, *, today: date) -> ProposalView:
        """
        Give a proposal with its text, the findings of the checks, and how far its round has come.

        Raises:
            ProposalNotFound: There is none of that id.
        """
        with self._database.reading() as session:
            row = self._row(session, proposal)
            found = self._proposal(session, row)
            findings = check(read(row.text, row.id), row.text, known_to_checks(session))
            stands = None
            if found.policy is not None:
                in_post = members_in_post(session, [row.network], today)
                stands = standing(found.policy, found.valid_approvals, in_post, found.writers)
            return ProposalView(found, row.text, findings, stands)

    def proposals(self, *, state: ProposalState | None = None, network: str | None = None) -> Sequence[Proposal]:
        """Give the proposals, the oldest first, perhaps only those in a state or of a network."""
        with self._database.reading() as session:
            query = select(ProposalRow).order_by(col(ProposalRow.opened_number))
            if state is not None:
                query = query.where(ProposalRow.state == state.value)
            if network is not None:
                query = query.where(ProposalRow.network == network)
            return [self._proposal(session, row) for row in session.exec(query)]

    def _checked(self, text: ProcedureText, data: bytes, name: str) -> tuple[Finding, ...]:
        """Check a text before the act begins: the chain's head is not held while a text is read."""
        with self._database.reading() as session:
            found = check(text, data, known_to_checks(session))
        if unkept := [one for one in found if one.severity is Severity.ERROR and one.must_not_be_kept]:
            raise InvalidText(name, unkept)
        return found

    def _looked_at(self, proposal: ProposalId) -> tuple[ProcedureText, bytes, tuple[int, ...]]:
        """
        Check a proposal's text before the act begins; gives it with its bytes and the lines of its errors.

        Whoever uses this compares the bytes under the lock: the text may have been changed in between.
        """
        with self._database.reading() as session:
            data = self._row(session, proposal).text
            text = read(data, proposal)
            return text, data, _lines_of_errors(check(text, data, known_to_checks(session)))

    def _open(
        self, act: Act, text: ProcedureText, stored: bytes, digest: str, procedure: ProcedureRow | None,
        significance: Significance, meaning: str | None,
    ) -> ProposalRow:  # fmt: skip
        actor = get_actor(act.session, act.by)
        kind = ProposalKind.CHANGE if procedure else ProposalKind.NEW
        base = f"{procedure.major}.{procedure.minor}" if procedure else None
        body = network_body(text.front.network)
        proposal_id = f"f-{hashlib.sha256(act.id.encode()).hexdigest()[:10]}"
        decision = act.record(
            "proposed", body=body, role=roles_for(actor, Verb.PROPOSE, body, act.today)[0], subject=text.front.id,
            facts={"proposal": proposal_id, "procedure": text.front.id, "digest": digest, "change": kind.value, "base": base},
        )  # fmt: skip
        row = ProposalRow(
            id=proposal_id, procedure_id=text.front.id, kind=kind.value, state=ProposalState.DRAFT.value,
            title=text.front.title, network=text.front.network, author_actor=act.by,
            author_municipality=actor.municipality_on(act.today), base_version=base,
            base_digest=procedure.digest if procedure else None, text=stored, digest=digest,
            significance=significance.value, meaning=meaning, opened_at=act.now, opened_number=decision.number,
        )  # fmt: skip
        act.session.add(row)
        act.count("proposals", 1)
        return row

    @staticmethod
    def _require_read_text_and_base(session: Session, row: ProposalRow, digest: str) -> None:
        if row.digest != digest:
            raise TextChanged(proposal=row.id)
        head = session.get(ProcedureRow, row.procedure_id)
        if (head.digest if head else None) != row.base_digest:
            current = f"{head.major}.{head.minor}" if head else "–"
            raise BaseMoved(procedure=row.procedure_id, base=row.base_version or "–", current=current)

    @staticmethod
    def _same_draft(
        session: Session, author: str, digest: str, procedure: ProcedureRow | None, text: ProcedureText,
        changes: ProcedureId | None, significance: Significance, meaning: str | None,
    ) -> ProposalRow | None:  # fmt: skip
        """
        Find the author's own open proposal that says the very same, from the version there is now.

        A new routine's first version is 1.0 whatever its significance, so that is not looked at. No meaning says
        nothing against the one there is.
        """
        base = procedure.digest if procedure else None
        query = select(ProposalRow).where(
            ProposalRow.procedure_id == text.front.id, ProposalRow.author_actor == author, ProposalRow.digest == digest,
            ProposalRow.base_digest == base, col(ProposalRow.state).in_(_OPEN),
        ).order_by(col(ProposalRow.opened_number))  # fmt: skip
        for row in session.exec(query):
            if (changes is None or row.significance == significance) and meaning in {None, row.meaning}:
                return row
        return None

    @staticmethod
    def _proposal_of(session: Session, procedure: ProcedureRow) -> ProposalRow:
        """Give the proposal that a routine's newest version came of."""
        version = session.get_one(VersionRow, (procedure.id, procedure.major, procedure.minor))
        return session.get_one(ProposalRow, version.proposal_id)

    @staticmethod
    def _refuse_foreign_id(
        session: Session, text: ProcedureText, changes: ProcedureId | None, procedure: ProcedureRow | None
    ) -> None:
        """An id belongs to the routine that has it; a text takes it only when told to change that very routine."""
        if changes is not None and session.get(ProcedureRow, changes) is None:
            raise ProcedureNotFound(procedure=changes)
        if (changes is None and procedure is not None) or (changes is not None and changes != text.front.id):
            raise IdTaken(procedure=text.front.id)
        if changes is None:
            theirs = session.exec(
                select(ProposalRow).where(ProposalRow.procedure_id == text.front.id, col(ProposalRow.state).in_(_OPEN))
            ).first()
            if theirs is not None:
                raise IdTaken(procedure=text.front.id)
        elif procedure is not None and procedure.network != text.front.network:
            # Another network takes a routine over by a decision of its own, never by a line in a text.
            raise IdTaken(procedure=text.front.id)

    @staticmethod
    def _row(session: Session, proposal: str) -> ProposalRow:
        row = session.get(ProposalRow, proposal)
        if row is None:
            raise ProposalNotFound(proposal=proposal)
        return row

    @staticmethod
    def _proposal(session: Session, row: ProposalRow) -> Proposal:
        approvals = session.exec(
            select(ApprovalRow).where(ApprovalRow.proposal_id == row.id).order_by(col(ApprovalRow.decided_number))
        )
        return Proposal(
            ProposalId(row.id), ProcedureId(row.procedure_id), ProposalKind(row.kind), ProposalState(row.state), row.title,
            row.network, ActorId(row.author_actor), row.author_municipality,
            VersionNumber.parse(row.base_version) if row.base_version else None, Digest(row.digest),
            Significance(row.significance), row.meaning, Policy.parse(json.loads(row.policy)) if row.policy else None,
            row.opened_at,
            tuple(
                Approval(ActorId(one.actor_id), one.municipality, Role(one.role), Digest(one.digest), one.decided_number)
                for one in approvals
            ),
            tuple(_revisers(session, row)),
        )  # fmt: skip


def _revisers(session: Session, row: ProposalRow) -> Iterator[Writer]:
    """Give those whose decisions changed the proposal's text; another meaning beside the same text is no change of it."""
    decisions = session.exec(
        select(DecisionRow)
        .where(
            DecisionRow.subject == row.procedure_id, DecisionRow.kind == "proposal_revised",
            DecisionRow.number > row.opened_number,
        )
        .order_by(col(DecisionRow.number))
    )  # fmt: skip
    for decision in decisions:
        facts = json.loads(decision.record)["facts"]
        if facts["proposal"] == row.id and facts["digest"] != facts["replaces"]:
            yield Writer(ActorId(decision.actor_id), facts["municipality"])


def _lines_of_errors(found: Sequence[Finding]) -> tuple[int, ...]:
    return tuple(one.line for one in found if one.severity is Severity.ERROR)


def _free_text(what: str, text: str | None, *, may_be_empty: bool = True) -> str | None:
    """Give what was written beside the text, without spaces around it; None when there is nothing."""
    return require_text(what, text or "", longest=LONGEST_MEANING, may_be_empty=may_be_empty).strip() or None
