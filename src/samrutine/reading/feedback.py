"""«Er noe feil her?»: say it, answer it, make a proposal of it, and follow what became of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import and_, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from samrutine.actors import Actor, ActorId, Verb, network_body, reasons_against, roles_for
from samrutine.arguments import require_text
from samrutine.errors import DecisionIdReused, FeedbackNotFound, ProcedureNotFound, SectionNotFound
from samrutine.inbox.opening import Note, close_waiting, tell
from samrutine.networks.directory import get_actor, get_municipality, municipalities, names_of
from samrutine.procedures.access import hidden_proposals, hidden_texts
from samrutine.procedures.hiding import HiddenTexts
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import AccessClass, ProcedureId, VersionNumber
from samrutine.proposals.model import ProposalId, ProposalState
from samrutine.reading.model import (
    LONGEST_ANSWER,
    LONGEST_FEEDBACK,
    AboutAnotherRoutine,
    Feedback,
    FeedbackId,
    FeedbackState,
    ProposalIsOver,
    reasons_against_answering,
    reasons_against_taking_up,
)
from samrutine.reading.trace import FEEDBACK, taken_up, wait_for_an_answer
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import DecisionId, Decisions
from samrutine.storage.rows import (
    FeedbackRow,
    InForceRow,
    ProcedureRow,
    ProposalOriginRow,
    ProposalRow,
    SectionRow,
    VersionRow,
)
from samrutine.storage.sql import Database

OVER: Final = (ProposalState.REJECTED, ProposalState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    """Somebody said that something is wrong. The network's leader is told, and an answer is asked for."""

    feedback: FeedbackId
    procedure: ProcedureId
    version: VersionNumber
    state: FeedbackState


@dataclass(frozen=True, slots=True)
class FeedbackAnswered:
    """Whoever said it has an answer."""

    feedback: FeedbackId
    procedure: ProcedureId
    state: FeedbackState


@dataclass(frozen=True, slots=True)
class FeedbackTakenUp:
    """A proposal is made of it; whoever said it is told when that is decided."""

    feedback: FeedbackId
    proposal: ProposalId
    number: int
    projected: bool


class FeedbackVerbs:
    """What readers say of the routines."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def give(
        self, procedure: ProcedureId, text: str, *, municipality: str | None, section_key: str | None,
        version: VersionNumber | None, by: ActorId, now: datetime, decision_id: DecisionId,
    ) -> FeedbackGiven:  # fmt: skip
        """
        Say what is wrong with a routine, in a sentence or more. It is kept, and is no decision: nothing of it is in the chain.

        Args:
            text: What is wrong: 1 to 2,000 characters, nothing about a patient or another person.
            municipality: Where it was read; whose version it then is about, if none is named.
            section_key: The section it is about; None for the whole.
            version: The one that was read; what is in force there, or the newest, when None.

        Returns:
            The same for a second call with the same decision id.

        Raises:
            ProcedureNotFound, VersionNotFound, SectionNotFound, MunicipalityNotFound: As they say.
            InvalidRequest: The text is missing or too long.
            Refused: The text looks as if it held a national identity number or a private address.
            NotAllowed: No role in the library.
            DecisionIdReused: The id was used for other feedback, or by somebody else. Make a new id.
        """
        said = require_text("text", text, longest=LONGEST_FEEDBACK, may_be_empty=False).strip()
        feedback = FeedbackId(f"t-{hashlib.sha256(decision_id.encode()).hexdigest()[:12]}")
        with self._decisions.note({"text": said}) as session:
            note = Note.begun(session, by=by, now=now)
            row = session.get(FeedbackRow, feedback)
            if row is None:
                row = self._keep(note, feedback, procedure, said, municipality, section_key, version)
            else:
                where = get_municipality(session, municipality).number if municipality else None
                read = row.version if version is None else str(version)
                asked = (procedure, row.text and said, where, section_key, read, by)
                if (row.procedure_id, row.text, row.municipality, row.section_key, row.version, row.actor_id) != asked:
                    raise DecisionIdReused(decision=decision_id)
            return FeedbackGiven(
                feedback, ProcedureId(row.procedure_id), VersionNumber.parse(row.version), FeedbackState(row.state)
            )

    @staticmethod
    def _keep(
        note: Note, feedback: str, procedure: ProcedureId, said: str, municipality: str | None, section_key: str | None,
        version: VersionNumber | None,
    ) -> FeedbackRow:  # fmt: skip
        session = note.session
        eyes = Eyes.of(note)
        routine = eyes.procedure(procedure)
        refuse(reasons_against(get_actor(session, note.by), Verb.SAY, network_body(routine.network), note.today))
        where = get_municipality(session, municipality).number if municipality else None
        wanted = version or _read_there(session, routine, where, note.today)
        eyes.version(routine, wanted)
        if section_key and session.get(SectionRow, (procedure, wanted.major, wanted.minor, section_key)) is None:
            raise SectionNotFound(procedure=procedure, section=section_key)
        row = FeedbackRow(
            id=feedback, procedure_id=procedure, version=str(wanted), municipality=where, section_key=section_key, text=said,
            actor_id=note.by, given_at=note.now, state=FeedbackState.NEW.value,
        )  # fmt: skip
        session.add(row)
        session.flush()
        wait_for_an_answer(note, row)
        looks_after = (routine.owner_actor or "", routine.deputy_actor or "")
        tell(note, "feedback-given", row.id, bodies=[(network_body(routine.network), Verb.SEND)], actors=looks_after)
        return row

    def answer(self, feedback: FeedbackId, answer: str, *, by: ActorId, now: datetime) -> FeedbackAnswered:
        """
        Answer whoever said that something is wrong. The same answer by the same person again is the same act.

        Args:
            answer: 1 to 2,000 characters.

        Raises:
            FeedbackNotFound: There is none of that id.
            Refused: It was answered before, or the answer looks as if it held personal data.
            InvalidRequest: The answer is missing or too long.
            NotAllowed: Only the leader of the network that owns the routine, or the editor.
        """
        said = require_text("answer", answer, longest=LONGEST_ANSWER, may_be_empty=False).strip()
        with self._decisions.note({"answer": said}) as session:
            note = Note.begun(session, by=by, now=now)
            row = session.exec(select(FeedbackRow).where(FeedbackRow.id == feedback).with_for_update()).first()
            row, _ = _answered_for(Eyes.of(note), row, feedback)
            if (row.answer, row.answered_by) != (said, by):
                refuse(reasons_against_answering(row.state, answered=row.answer is not None))
                row.answer, row.answered_by, row.answered_at = said, by, now
                if row.state == FeedbackState.NEW:
                    row.state = FeedbackState.ANSWERED.value
                session.add(row)
                close_waiting(session, row.id, note.number)
                tell(note, "feedback-answered", row.id, actors=[row.actor_id])
            return FeedbackAnswered(feedback, ProcedureId(row.procedure_id), FeedbackState(row.state))

    def take_up(
        self, feedback: FeedbackId, proposal: ProposalId, *, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> FeedbackTakenUp:
        """
        Say that a proposal is made of feedback, so that whoever gave it can follow where it ended.

        Raises:
            FeedbackNotFound, ProposalNotFound: As they say.
            Refused: Something is made of it already, the proposal is about another routine, or it is turned down or
                withdrawn.
            NotAllowed: Only the leader of the network that owns the routine, or the editor.
        """
        request = {"feedback": feedback, "proposal": proposal}
        with self._decisions.act(decision_id, "take_up_feedback", request, by=by, now=now) as act:
            if not act.is_repeat:
                session = act.session
                eyes = Eyes.of(act)
                row = session.get(FeedbackRow, feedback, with_for_update=True)
                row, network = _answered_for(eyes, row, feedback)
                actor = get_actor(session, by)
                proposed = eyes.proposal(proposal)
                refuse(reasons_against_taking_up(row.state) or _against(proposed, row.procedure_id))
                body = network_body(network)
                decision = act.record(
                    "feedback_taken_up", body=body, role=roles_for(actor, Verb.SEND, body, act.today)[0],
                    subject=row.procedure_id,
                    facts={"feedback": feedback, "proposal": proposal, "procedure": row.procedure_id},
                )  # fmt: skip
                session.merge(
                    ProposalOriginRow(
                        proposal_id=proposal, kind=FEEDBACK, reference=feedback, decided_number=decision.number
                    )
                )
                taken_up(act, proposal, FEEDBACK, feedback)
        return FeedbackTakenUp(feedback, proposal, act.decisions[0].number, act.projected)

    def feedback(
        self, *, procedure: str | None, state: FeedbackState | None, reader: str | None, today: date
    ) -> Sequence[Feedback]:
        """
        Give what readers said, the newest first, with what became of it.

        Args:
            procedure: Only about that routine.
            state: Only what stands so.
            reader: Whose eyes; None for somebody unknown inside, who sees no names. A draft that they may not know of is
                not named. What was said of an exempt version is for those who may read it, also when the routine is opened.

        Raises:
            ProcedureNotFound: There is none of that id.
            PersonNotFound: There is no such reader.
        """
        with self._database.reading() as session:
            apart = hidden_texts(session, reader, today)
            hidden = apart.procedures
            if procedure is not None and (procedure in hidden or session.get(ProcedureRow, procedure) is None):
                raise ProcedureNotFound(procedure=procedure)
            who = get_actor(session, reader) if reader is not None else None
            towns: dict[str, str] = {one.number: one.name for one in municipalities(session)}
            query: Any = (
                columns(FeedbackRow, ProcedureRow, col(ProposalRow.state), col(VersionRow.major), col(VersionRow.minor))
                .join(ProcedureRow, col(ProcedureRow.id) == col(FeedbackRow.procedure_id))
                .outerjoin(ProposalRow, col(ProposalRow.id) == col(FeedbackRow.proposal_id))
                .outerjoin(
                    VersionRow,
                    and_(
                        col(VersionRow.procedure_id) == col(FeedbackRow.procedure_id),
                        col(VersionRow.proposal_id) == col(FeedbackRow.proposal_id),
                    ),
                )
                .order_by(col(FeedbackRow.given_at).desc(), col(FeedbackRow.id))
            )
            if procedure is not None:
                query = query.where(col(FeedbackRow.procedure_id) == procedure)
            if state is not None:
                query = query.where(col(FeedbackRow.state) == state.value)
            unread = _unread(session, apart)
            rows = [
                one
                for one in session.execute(query).all()
                if one[0].procedure_id not in hidden and (one[0].procedure_id, one[0].version) not in unread
            ]
            names = names_of(session, [row.actor_id for row, *_ in rows]) if who else {}
            drafts = hidden_proposals(session, reader, today)
            return [_feedback(one, who, names, towns, today, drafts) for one in rows]


def _unread(session: Session, hidden: HiddenTexts) -> frozenset[tuple[str, str]]:
    """Give the versions that the reader may not read and somebody said something of, by routine and number."""
    exempt = session.exec(
        select(VersionRow.procedure_id, VersionRow.major, VersionRow.minor, VersionRow.digest).where(
            VersionRow.access == AccessClass.EXEMPT.value, col(VersionRow.procedure_id).in_(select(FeedbackRow.procedure_id))
        )
    )  # fmt: skip
    return frozenset((name, f"{major}.{minor}") for name, major, minor, digest in exempt if digest in hidden.digests)


def _feedback(
    found: Any, who: Actor | None, names: Mapping[str, str], towns: Mapping[str, str], today: date,
    drafts: frozenset[str],
) -> Feedback:  # fmt: skip
    row, routine, proposal_state, major, minor = found
    proposal = None if row.proposal_id in drafts else row.proposal_id
    is_mine = who is not None and row.actor_id == who.id
    may_answer = who is not None and bool(roles_for(who, Verb.SEND, network_body(routine.network), today))
    return Feedback(
        FeedbackId(row.id), ProcedureId(row.procedure_id), routine.title, VersionNumber.parse(row.version),
        towns.get(row.municipality or "", row.municipality), row.section_key, row.text, row.given_at,
        FeedbackState(row.state), row.answer, row.answered_at, proposal, proposal_state if proposal else None,
        VersionNumber(major, minor) if major is not None else None,
        names.get(row.actor_id) if is_mine or may_answer else None, is_mine,
    )  # fmt: skip


def _answered_for(eyes: Eyes, row: FeedbackRow | None, feedback: str) -> tuple[FeedbackRow, str]:
    """Give feedback and the network that answers for it, when the actor may; what they may not read is not there."""
    of = select(ProcedureRow).join(FeedbackRow, col(FeedbackRow.procedure_id) == col(ProcedureRow.id))
    routine = eyes.session.exec(of.where(FeedbackRow.id == feedback)).first()
    if row is None or routine is None or not eyes.know(routine):
        raise FeedbackNotFound(feedback=feedback)
    network = routine.network
    refuse(reasons_against(get_actor(eyes.session, eyes.by), Verb.SEND, network_body(network), eyes.today))
    return row, network


def _against(proposal: ProposalRow, procedure: str) -> Sequence[Because]:
    if proposal.procedure_id != procedure:
        return [AboutAnotherRoutine(proposal.id, procedure)]
    return [ProposalIsOver(proposal.id)] if ProposalState(proposal.state) in OVER else []


def _read_there(session: Session, routine: ProcedureRow, municipality: str | None, today: date) -> VersionNumber:
    """Give the version that is in force in the municipality, or else the newest."""
    there = session.exec(
        select(InForceRow).where(
            InForceRow.municipality == municipality,
            InForceRow.procedure_id == routine.id,
            col(InForceRow.superseded_number).is_(None),
            InForceRow.from_on <= today,
            or_(col(InForceRow.until_on).is_(None), col(InForceRow.until_on) > today),
        )
    ).first()
    return VersionNumber(there.major, there.minor) if there else VersionNumber(routine.major, routine.minor)
