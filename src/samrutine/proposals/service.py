"""The verbs of a proposal: propose, revise, send to approval, approve."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from samrutine.actors import SYSTEM, ActorId, Role, Verb, municipality_body, network_body, reasons_against, roles_for
from samrutine.adoptions.model import AdoptionState
from samrutine.errors import BaseMoved, IdTaken, InvalidText, ProcedureNotFound, ProposalNotFound, TextChanged
from samrutine.networks.directory import get_actor, get_network, municipalities, municipalities_in_post
from samrutine.networks.settling import known_to_checks
from samrutine.procedures.checks import findings as check
from samrutine.procedures.findings import Finding, Severity
from samrutine.procedures.model import Digest, ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.review import months_after
from samrutine.procedures.sections import section_moves, sections
from samrutine.procedures.text import TEXT_FORM, canonical, read
from samrutine.procedures.text import digest as digest_of
from samrutine.proposals.model import (
    Approval,
    Proposal,
    ProposalId,
    ProposalKind,
    ProposalState,
    Significance,
    Standing,
    next_version,
    reasons_against_approving,
    reasons_against_revising,
    reasons_against_sending,
    standing,
)
from samrutine.proposals.policy import Policy
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import (
    AdoptionRow,
    ApprovalRow,
    ProcedureRow,
    ProposalRow,
    SectionRow,
    VersionRow,
    WaitingRow,
)
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

DAYS_TO_CONSIDER: Final = 60
"""How long a municipality has before a new version it has not answered is overdue. Our choice; no law gives a number."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A draft is kept. `findings` are what the checks say of it: errors must be mended before it can be sent."""

    proposal: ProposalId
    procedure: ProcedureId
    digest: Digest
    findings: tuple[Finding, ...]
    number: int | None
    unchanged: bool
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
            meaning: What the change means for those who follow the routine, in a few lines.

        Returns:
            The draft. A second proposal of the same text by the same author gives the first one, `unchanged`.

        Raises:
            InvalidText: It cannot be read, or holds what must not be kept: personal data, unsafe links.
            IdTaken: The id belongs to another routine or to somebody else's draft.
            ProcedureNotFound: There is nothing to change under that id.
            NotAllowed: The actor has no role in the library.
        """
        stored = canonical(data, name)
        text = read(stored, name)
        digest = digest_of(stored)
        found = self._checked(text, data, name)
        request = {"digest": digest, "changes": changes, "significance": significance, "meaning": meaning or ""}
        with self._decisions.act(decision_id, "propose", request, by=by, now=now) as act:
            session = act.session
            if act.is_repeat:
                existing = self._row(session, act.decisions[0].facts["proposal"])
            else:
                actor = get_actor(session, by)
                get_network(session, text.front.network)
                body = network_body(text.front.network)
                refuse(reasons_against(actor, Verb.PROPOSE, body, act.today))
                procedure = session.get(ProcedureRow, text.front.id)
                draft = self._same_draft(session, text.front.id, by, digest)
                if draft is None:
                    self._refuse_foreign_id(session, text, changes, procedure)
                    draft = self._open(act, text, stored, digest, procedure, significance, meaning)
                existing = draft
        number = act.decisions[0].number if act.decisions else None
        return Proposed(
            ProposalId(existing.id), text.front.id, Digest(digest), found, number, number is None, act.projected
        )

    def revise(
        self, proposal: ProposalId, data: bytes, name: str, *, read_digest: Digest, meaning: str | None,
        by: ActorId, now: datetime, decision_id: DecisionId,
    ) -> Proposed:  # fmt: skip
        """
        Replace a draft's text. What members agreed to before is void, and is shown as void.

        Args:
            read_digest: The digest of the text that the change was made from, so that nobody overwrites unread words.

        Raises:
            TextChanged: Somebody changed the draft meanwhile. Read it again.
            InvalidText: As `propose`; or the text has another id than the proposal.
            Refused: Not the author's, the leader's or the editor's; or already approved.
        """
        stored = canonical(data, name)
        text = read(stored, name)
        digest = digest_of(stored)
        found = self._checked(text, data, name)
        request = {"proposal": proposal, "digest": digest, "read": read_digest, "meaning": meaning or ""}
        with self._decisions.act(decision_id, "revise", request, by=by, now=now) as act:
            session = act.session
            row = self._row(session, proposal)
            if not act.is_repeat:
                actor = get_actor(session, by)
                refuse(reasons_against_revising(self._proposal(session, row), actor, act.today))
                if row.digest != read_digest:
                    raise TextChanged(proposal=proposal)
                if text.front.id != row.procedure_id or text.front.network != row.network:
                    raise IdTaken(procedure=text.front.id)
                role = roles_for(actor, Verb.PROPOSE, network_body(row.network), act.today)[0]
                act.record(
                    "proposal_revised", body=network_body(row.network), role=role, subject=row.procedure_id,
                    facts={"proposal": row.id, "procedure": row.procedure_id, "digest": digest, "replaces": row.digest},
                )  # fmt: skip
                row.text, row.digest, row.title = stored, digest, text.front.title
                row.meaning = meaning or row.meaning
                session.add(row)
        return Proposed(
            proposal, text.front.id, Digest(digest), found, act.decisions[0].number, unchanged=False, projected=act.projected
        )

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
        with self._database.reading() as session:
            checked = self._row(session, proposal).text
            text = read(checked, proposal)
            errors = [one for one in check(text, checked, known_to_checks(session)) if one.severity is Severity.ERROR]
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
                        self._proposal(session, row), actor, act.today, faults=tuple(one.line for one in errors),
                        access=text.front.access,
                    )
                )  # fmt: skip
                self._require_read_text_and_base(session, row, digest)
                policy = Policy.parse(json.loads(get_network(session, row.network).policy))
                body = network_body(row.network)
                act.record(
                    "proposal_sent", body=body, role=roles_for(actor, Verb.SEND, body, act.today)[0], subject=row.procedure_id,
                    facts={"proposal": row.id, "procedure": row.procedure_id, "digest": digest, "policy": asdict(policy)},
                )  # fmt: skip
                row.state, row.sent_at = ProposalState.APPROVAL.value, now
                row.policy = json.dumps(asdict(policy))
                session.add(row)
                session.add(
                    WaitingRow(
                        id=f"{row.id}:approval", body=body, subject=row.id, what="approve-proposal",
                        due_on=act.today + timedelta(weeks=policy.hearing_weeks), opened_number=act.decisions[0].number,
                    )
                )  # fmt: skip
            policy = Policy.parse(act.decisions[0].facts["policy"])
            needed = standing(policy, (), municipalities_in_post(session, row.network, act.today)).needed
        return Sent(
            proposal, ProcedureId(row.procedure_id), digest, needed, act.decisions[0].number, act.projected
        )

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
            Refused: Own text, agreed before, or no round is open.
            NotAllowed: Not a member of the network.
        """
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
                body = network_body(row.network)
                role = roles_for(actor, Verb.APPROVE, body, act.today)[0]
                municipality = actor.municipality_on(act.today)
                in_post = municipalities_in_post(session, row.network, act.today)
                given = (*before.valid_approvals, Approval(by, municipality, role, digest, 0))
                now_stands = standing(policy, given, in_post)
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
                    self._become_version(act, row, numbers)
        first, *later = act.decisions
        return Approved(
            proposal, ProcedureId(row.procedure_id), Standing(**first.facts["standing"]),
            VersionNumber.parse(later[0].facts["version"]) if later else None, first.number, act.projected,
        )  # fmt: skip

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
                in_post = municipalities_in_post(session, row.network, today)
                stands = standing(found.policy, found.valid_approvals, in_post)
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

    def _become_version(self, act: Act, row: ProposalRow, approvals: list[int]) -> None:
        session = act.session
        text = read(row.text, row.id)
        front = text.front
        before = session.get(ProcedureRow, row.procedure_id)
        current = VersionNumber(before.major, before.minor) if before else None
        version = next_version(current, Significance(row.significance))
        facts = {
            "procedure": row.procedure_id, "version": str(version), "digest": row.digest, "text_form": TEXT_FORM,
            "folder": front.subjects[0], "previous_folder": before.folder if before else None,
            "significance": row.significance, "proposal": row.id, "approvals": approvals,
        }  # fmt: skip
        decision = act.record(
            "version_approved", body=network_body(row.network), role=Role.MEMBER, subject=row.procedure_id, facts=facts,
            touches=(f"procedure:{row.procedure_id}",), by=SYSTEM,
        )  # fmt: skip
        act.keep_words(row.digest, row.text)
        review = months_after(act.today, front.review_interval_months)
        self._keep_procedure(act, text, version, row.digest, review)
        session.flush()
        session.add(
            VersionRow(
                procedure_id=row.procedure_id, major=version.major, minor=version.minor, digest=row.digest,
                text_form=TEXT_FORM, title=front.title, significance=row.significance, meaning=row.meaning,
                proposal_id=row.id, approved_on=act.today, approved_by=row.network, decided_number=decision.number,
            )
        )  # fmt: skip
        self._keep_sections(session, text, version, current)
        row.state, row.closed_at = ProposalState.APPROVED.value, act.now
        session.add(row)
        self._ask_municipalities(act, row.procedure_id, version, decision.number)
        act.count("versions", 1)

    @staticmethod
    def _keep_procedure(act: Act, text: ProcedureText, version: VersionNumber, digest: str, review: date) -> None:
        front = text.front
        row = act.session.get(ProcedureRow, front.id)
        if row is None:
            act.count("procedures", 1)
        act.session.merge(
            ProcedureRow(
                id=front.id, title=front.title, kind=front.kind.value, language=front.language.value,
                translation_of=front.translation_of, network=front.network, folder=front.subjects[0],
                access=front.access.value, access_basis=front.access_basis, decision_level=front.decision_level.value,
                owner_actor=row.owner_actor if row else None, deputy_actor=row.deputy_actor if row else None,
                review_interval_months=front.review_interval_months, next_review=review, major=version.major,
                minor=version.minor, digest=digest,
            )
        )  # fmt: skip

    def _keep_sections(self, session: Session, text: ProcedureText, version: VersionNumber, current: VersionNumber | None) -> None:
        new = sections(text.body)
        earlier: dict[str, str] = {}
        if current is not None:
            old_row = session.get(VersionRow, (text.front.id, current.major, current.minor))
            if old_row is not None:
                old = sections(read(self._words.from_sql(session, old_row.digest), text.front.id).body)
                moves = section_moves(old, new)
                earlier = {new_key: old_key for old_key, new_key in moves.items() if new_key is not None}
        for position, section in enumerate(new):
            session.add(
                SectionRow(
                    procedure_id=text.front.id, major=version.major, minor=version.minor, key=section.key, position=position,
                    heading=section.heading, level=section.level, text_digest=digest_of(section.text.encode()),
                    earlier_key=earlier.get(section.key),
                )
            )  # fmt: skip

    @staticmethod
    def _ask_municipalities(act: Act, procedure: str, version: VersionNumber, number: int) -> None:
        """Put the version into every municipality's inbox; what waited about an earlier version is closed by it."""
        session = act.session
        subject = f"procedure:{procedure}"
        for waiting in session.exec(
            select(WaitingRow).where(WaitingRow.subject == subject, col(WaitingRow.closed_number).is_(None))
        ):
            waiting.closed_number = number
            session.add(waiting)
        for one in municipalities(session):
            if session.get(AdoptionRow, (one.number, procedure)) is None:
                session.add(
                    AdoptionRow(
                        municipality=one.number, procedure_id=procedure, state=AdoptionState.TO_CONSIDER.value,
                        decided_number=number,
                    )
                )  # fmt: skip
            session.add(
                WaitingRow(
                    id=f"{procedure}:{version}:{one.number}", body=municipality_body(one.number), subject=subject,
                    what="consider-version", due_on=act.today + timedelta(days=DAYS_TO_CONSIDER), opened_number=number,
                )
            )  # fmt: skip

    @staticmethod
    def _require_read_text_and_base(session: Session, row: ProposalRow, digest: str) -> None:
        if row.digest != digest:
            raise TextChanged(proposal=row.id)
        head = session.get(ProcedureRow, row.procedure_id)
        if (head.digest if head else None) != row.base_digest:
            current = f"{head.major}.{head.minor}" if head else "–"
            raise BaseMoved(procedure=row.procedure_id, base=row.base_version or "–", current=current)

    @staticmethod
    def _same_draft(session: Session, procedure: str, author: str, digest: str) -> ProposalRow | None:
        return session.exec(
            select(ProposalRow).where(
                ProposalRow.procedure_id == procedure, ProposalRow.author_actor == author, ProposalRow.digest == digest,
                ProposalRow.state != ProposalState.APPROVED.value,
            )
        ).first()  # fmt: skip

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
                select(ProposalRow).where(
                    ProposalRow.procedure_id == text.front.id, ProposalRow.state != ProposalState.APPROVED.value
                )
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
        )  # fmt: skip
