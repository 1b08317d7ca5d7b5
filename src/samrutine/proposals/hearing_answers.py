"""The verbs of those who are heard and of those who reply to them: answer a hearing, reply to a remark."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from samrutine.actors import Actor, ActorId, Verb, network_body, reasons_against, roles_for
from samrutine.arguments import require_text
from samrutine.errors import DecisionIdReused, InvalidRequest, NotAllowed, ProposalNotFound, RemarkNotFound
from samrutine.inbox.opening import tell
from samrutine.networks.directory import get_actor
from samrutine.procedures.model import ProcedureId
from samrutine.procedures.text import read
from samrutine.proposals.hearing import HearingAnswer, HearingPartyId, Remark, RemarkId, RemarkOutcome
from samrutine.proposals.hearing_rows import (
    asked_of,
    checked_texts,
    heard,
    keep_answer,
    name_of,
    party_rows,
    refuse_same_remarks,
    remark_id,
    require_open_round,
    require_same_remarks,
    settle_replies,
    without_reply,
)
from samrutine.proposals.hearing_rules import (
    LONGEST_REMARK,
    REPLIES,
    NotAParty,
    reasons_against_answering,
    reasons_against_reply,
    reasons_against_taking_back,
    require_remarks,
)
from samrutine.proposals.loading import acted_on
from samrutine.proposals.model import ProposalId
from samrutine.proposals.transitions import ProposalState
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import HearingPartyRow, HearingRow, ProposalRow, RemarkRow


@dataclass(frozen=True, slots=True)
class HearingAnswered:
    """A party has answered; `remarks` are the ids of those that came with this answer."""

    proposal: ProposalId
    party: HearingPartyId
    answer: HearingAnswer
    remarks: tuple[RemarkId, ...]
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class RemarkReplied:
    """A remark has its reply."""

    proposal: ProposalId
    remark: RemarkId
    outcome: RemarkOutcome
    number: int
    projected: bool


class HearingAnswers:
    """What is said in a hearing, and what is said back."""

    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions

    def answer_hearing(
        self, proposal: ProposalId, body: str, *, remarks: Sequence[Remark], by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> HearingAnswered:  # fmt: skip
        """
        Answer for a municipality or a network, with remarks or without.

        May be done again until the deadline: more remarks are added; an answer of none takes those back that have no
        reply yet, which others than their maker may do only where they answer for the body. A first answer is taken as long as the round is open.

        Args:
            body: `municipality:1841` or `network:omsorg`, as whole as that.
            remarks: Those there are; empty is «ingen merknader».

        Raises:
            ProposalNotFound: There is none of that id, or it is a draft or an exempt text that the actor may not read.
            SectionNotFound, InvalidRequest: A remark is about something that the heard text does not have.
            Refused: No hearing is open, the answer stands since the deadline, or a remark looks as if it held personal
                data.
            NotAllowed: No role in the body, the body is not heard, or the remarks that would be taken back are others'.
        """
        require_words(remarks)
        request = {"proposal": proposal, "body": body, "remarks": asked_of(remarks)}
        with self._decisions.act(
            decision_id, "answer_hearing", request, by=by, now=now, checked=checked_texts(remarks)
        ) as act:
            session = act.session
            row = acted_on(act, proposal)
            if not act.is_repeat:
                actor = get_actor(session, by)
                named = name_of(session, body)
                refuse([replace(one, named=named) for one in reasons_against(actor, Verb.ANSWER, body, act.today)])
                hearing, found = _party_answering(session, row, body, act.today)
                _refuse_taking_back(session, found, remarks, actor, act.today)
                require_remarks_fit(hearing, row, remarks)
                refuse_same_remarks(session, found, by, remarks)
                role = roles_for(actor, Verb.ANSWER, body, act.today)[0]
                act.record(
                    "hearing_answered", body=body, role=role, subject=row.procedure_id,
                    facts=answer_facts(row, hearing, found, remarks),
                )  # fmt: skip
                keep_answer(act, row, hearing, found, remarks)
            else:
                require_same_remarks(act, act.decisions[0].facts["row"], remarks)
        return answer_of(act)

    def reply_to_remark(
        self, remark: RemarkId, *, outcome: RemarkOutcome, reply: str | None, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> RemarkReplied:  # fmt: skip
        """
        Say to the party what becomes of its remark.

        May be changed until the text is sent to approval; of a hasteversjon until its network has answered.

        Args:
            outcome: Taken, partly, not taken, or noted.
            reply: Why, to the party: 10,000 characters at most. Needed where the remark is not wholly heeded.

        Raises:
            RemarkNotFound: There is none of that id.
            InvalidRequest: The outcome is none that a reply may give.
            Refused: The text was sent or decided, words are missing, or they look as if they held personal data.
            NotAllowed: Only the network's leader or the editor replies.
        """
        if outcome not in REPLIES:
            raise InvalidRequest(what="outcome", value=outcome.value, expected=", ".join(REPLIES))
        words = require_text("reply", reply or "", longest=LONGEST_REMARK).strip() or None
        request = {"remark": remark, "outcome": outcome.value}
        with self._decisions.act(
            decision_id, "reply_to_remark", request, by=by, now=now, checked={"reply": words}
        ) as act:
            session = act.session
            made, hearing, row = _remark_of(act, remark)
            if act.is_repeat:
                if made.replied_number == act.number and made.text is not None and made.reply != words:
                    raise DecisionIdReused(decision=decision_id)
            else:
                actor = get_actor(session, by)
                body = network_body(row.network)
                refuse(reasons_against(actor, Verb.HEAR, body, act.today))
                before = RemarkOutcome(made.outcome) if made.outcome else None
                is_hurried = row.hurried_version is not None
                refuse(
                    reasons_against_reply(
                        made.id, ProposalState(row.state), before, outcome, words, is_hurried=is_hurried
                    )
                )
                act.record(
                    "remark_replied", body=body, role=roles_for(actor, Verb.HEAR, body, act.today)[0],
                    subject=row.procedure_id,
                    facts={"proposal": row.id, "procedure": row.procedure_id, "round": hearing.round, "remark": made.id,
                           "outcome": outcome.value},
                )  # fmt: skip
                made.outcome, made.reply, made.replied_number = outcome.value, words, act.number
                session.add(made)
                session.flush()
                settle_replies(act, row, hearing)
                tell(act, "remark-replied", row.id, actors=[made.actor_id])
        return RemarkReplied(ProposalId(row.id), remark, outcome, act.decisions[0].number, act.projected)


def _remark_of(act: Act, remark: RemarkId) -> tuple[RemarkRow, HearingRow, ProposalRow]:
    """Give a remark, its round and its proposal; a remark on what the actor may not know of is not there for them."""
    found = act.session.exec(
        select(RemarkRow, HearingRow)
        .join(HearingPartyRow, col(HearingPartyRow.id) == col(RemarkRow.party_id))
        .join(HearingRow, col(HearingRow.id) == col(HearingPartyRow.hearing_id))
        .where(RemarkRow.id == remark)
    ).first()
    try:
        # Looked up also where there is no remark: the work must not say which it was.
        row = acted_on(act, found[1].proposal_id if found else "")
    except ProposalNotFound:
        found = None
    if found is None:
        raise RemarkNotFound(remark=remark)
    return *found, row


def require_words(remarks: Sequence[Remark]) -> None:
    """Look at the words of each remark; raises as `require_text`."""
    for remark in remarks:
        require_text("remark", remark.text, longest=LONGEST_REMARK, may_be_empty=False)


def require_remarks_fit(hearing: HearingRow, row: ProposalRow, remarks: Sequence[Remark]) -> None:
    """Look whether remarks are about what stands in the text that is heard; raises as `require_remarks`."""
    if remarks:
        require_remarks(remarks, ProcedureId(row.procedure_id), read(hearing.text, row.id).body)


def answer_facts(
    row: ProposalRow, hearing: HearingRow, party: HearingPartyRow, remarks: Sequence[Remark]
) -> dict[str, object]:
    """Give what the chain keeps of an answer: never its words."""
    answer = HearingAnswer.REMARKS if remarks else HearingAnswer.NO_REMARKS
    return {
        "proposal": row.id, "procedure": row.procedure_id, "round": hearing.round, "party": party.body, "row": party.id,
        "answer": answer.value, "remarks": len(remarks),
    }  # fmt: skip


def answer_of(act: Act) -> HearingAnswered:
    """Give the answer to whoever answered, from the decision alone."""
    facts = act.decisions[0].facts
    ids = tuple(remark_id(act.id, n) for n in range(facts["remarks"]))
    return HearingAnswered(
        ProposalId(facts["proposal"]), HearingPartyId(facts["row"]), HearingAnswer(facts["answer"]), ids,
        act.decisions[0].number, act.projected,
    )  # fmt: skip


def refuse_answer(session: Session, row: ProposalRow, hearing: HearingRow, party: HearingPartyRow, today: date) -> None:
    """Refuse an answer that may not be given now; raises as `refuse`."""
    found = next(one for one in heard(session, hearing, today) if one.id == party.id)
    refuse(
        reasons_against_answering(
            row.id, ProposalState(row.state), found, is_closed=hearing.closed_number is not None,
            deadline=hearing.deadline, today=today,
        )
    )  # fmt: skip


def _refuse_taking_back(
    session: Session, party: HearingPartyRow, remarks: Sequence[Remark], actor: Actor, today: date
) -> None:
    """Refuse that somebody takes back what others said; raises as `refuse`."""
    if not remarks:
        makers = [one.actor_id for one in without_reply(session, party)]
        refuse(reasons_against_taking_back(party.name, party.body, makers, actor, today))


def _party_answering(session: Session, row: ProposalRow, body: str, today: date) -> tuple[HearingRow, HearingPartyRow]:
    hearing = require_open_round(session, row)
    party = next((one for one in party_rows(session, hearing) if one.body == body), None)
    if party is None:
        raise NotAllowed([NotAParty(row.id, name_of(session, body))])
    refuse_answer(session, row, hearing, party, today)
    return hearing, party
