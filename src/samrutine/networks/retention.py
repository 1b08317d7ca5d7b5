"""Delete what was kept for a time only, when the time is over; show it first."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, delete, exists, func, or_, select, update
from sqlmodel import Session, col

from samrutine.actors import LIBRARY, ActorId, Verb, reasons_against, roles_for
from samrutine.days import norwegian_day
from samrutine.networks.directory import get_actor
from samrutine.networks.retention_rules import Kept
from samrutine.networks.settling import shared_library
from samrutine.networks.writing_erasure import NAMELESS
from samrutine.procedures.review import months_after
from samrutine.proposals.transitions import CAME_TO_NOTHING
from samrutine.reading.model import FeedbackState, WishState
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions, end_of_norwegian_day
from samrutine.storage.rows import (
    BarrierRow,
    ChecklistHelperRow,
    ChecklistMarkRow,
    ChecklistRunRow,
    CollectionAnswerRow,
    CollectionRow,
    DeadLetterRow,
    DecisionRow,
    DecisionTextRow,
    FeedbackRow,
    HearingLinkRow,
    HearingPartyRow,
    HearingRow,
    IncomingDocumentRow,
    LetterLinkRow,
    LetterRow,
    NotificationRow,
    OfferRow,
    OldAddressRow,
    ProposalFileRow,
    ProposalRow,
    RemarkRow,
    Row,
    TriageRow,
    UnansweredSearchRow,
    VersionRow,
    WaitingRow,
    WishRow,
    WishSupportRow,
)
from samrutine.storage.sql import Database


@dataclass(frozen=True, slots=True)
class RetentionLine:
    """
    One rule, and what is over by it.

    Attributes:
        kept: What: "drafts", "hearings" and so on.
        months: How long it is kept, and `why` in the library's words.
        count: How many are over: would be deleted, or were.
        oldest: The day from which the months of the oldest of them are counted; None when there is none.
    """

    kept: Kept
    months: int
    why: str
    count: int
    oldest: date | None


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """What is over by each rule. `number` is the decision that deleted it; None when it was only shown."""

    lines: tuple[RetentionLine, ...]
    number: int | None
    projected: bool

    @property
    def is_deleted(self) -> bool:
        """Whether it is gone."""
        return self.number is not None

    @property
    def count(self) -> int:
        """How many there are by all rules together."""
        return sum(line.count for line in self.lines)


class Retention:
    """Keeping order: what need not be kept any longer."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def show(self, *, by: ActorId, today: date) -> RetentionReport:
        """
        Show what is over by each rule, and delete nothing.

        Raises:
            NotAllowed: Only the editor keeps order.
        """
        with self._database.reading() as session:
            refuse(reasons_against(get_actor(session, by), Verb.KEEP_ORDER, LIBRARY, today))
            return RetentionReport(tuple(_lines(session, today)), None, projected=True)

    def delete(self, *, by: ActorId, now: datetime, decision_id: DecisionId) -> RetentionReport:
        """
        Delete what is over by each rule, all of it or nothing.

        What is decided stays: approvals, versions, what is in force, who decided, and the chain. Of a proposal that came
        to nothing the row stays and its words go, with what was said when it was made and ended.

        Returns:
            What was deleted; the same for a second call with the same id.

        Raises:
            NotAllowed: Only the editor keeps order.
        """
        with self._decisions.act(decision_id, "retention", {}, by=by, now=now, frees=True) as act:
            if not act.is_repeat:
                self._delete(act)
            whys = {rule.id: rule.why for rule in shared_library(act.session).retention}
        made = act.decisions[0]
        lines = tuple(
            RetentionLine(
                Kept(one["kept"]), one["months"], whys[Kept(one["kept"])], one["count"],
                date.fromisoformat(one["oldest"]) if one["oldest"] else None,
            )
            for one in made.facts["deleted"]
        )  # fmt: skip
        return RetentionReport(lines, made.number, act.projected)

    @staticmethod
    def _delete(act: Act) -> None:
        session, actor = act.session, get_actor(act.session, act.by)
        refuse(reasons_against(actor, Verb.KEEP_ORDER, LIBRARY, act.today))
        lines = list(_lines(session, act.today))
        act.record(
            "retention_run", body=LIBRARY, role=roles_for(actor, Verb.KEEP_ORDER, LIBRARY, act.today)[0],
            facts={"deleted": [
                {"kept": line.kept.value, "months": line.months, "count": line.count,
                 "oldest": line.oldest.isoformat() if line.oldest else None}
                for line in lines
            ]},
        )  # fmt: skip
        ends = _ends(session, act.today)
        for line in lines:
            if line.count:
                _delete_over(session, line.kept, ends, act.now)


def _lines(session: Session, today: date) -> Sequence[RetentionLine]:
    """Give every rule with how many rows are over by it, and since when."""
    ends = _ends(session, today)
    found = []
    for rule in shared_library(session).retention:
        over = _over(rule.id, ends)
        count, oldest = session.execute(
            select(func.count(), func.min(over.since)).select_from(over.table).where(over.where)
        ).one()
        found.append(RetentionLine(rule.id, rule.months, rule.why, count, norwegian_day(oldest) if oldest else None))
    return found


def _ends(session: Session, today: date) -> Mapping[Kept, datetime]:
    """Give, for each rule, the last instant from which its months are over."""
    return {
        rule.id: end_of_norwegian_day(months_after(today, -rule.months)) for rule in shared_library(session).retention
    }


@dataclass(frozen=True, slots=True)
class _Over:
    """The rows of one table that are over: since when each has been counted, and which they are."""

    table: type[Row]
    since: SQLColumnExpression[Any]
    where: ColumnElement[bool]


def _over(kept: Kept, ends: Mapping[Kept, datetime]) -> _Over:
    """Say which rows are over by a rule. Where no day is known the comparison is not true, and the row is kept."""
    since = _since()[kept]
    over = replace(since, where=and_(since.where, since.since <= ends[kept]))
    if kept is Kept.NOTIFICATIONS:
        # Those that were read long enough ago are the other rule's.
        read = col(NotificationRow.read_at)
        over = replace(over, where=and_(over.where, or_(read.is_(None), read > ends[Kept.NOTIFICATIONS_READ])))
    return over


def _since() -> Mapping[Kept, _Over]:
    """Say where each rule's rows lie, which of them have come to their end, and since when."""
    draft, said, told, waited, dead = ProposalRow, FeedbackRow, NotificationRow, WaitingRow, DeadLetterRow
    searched, sent, address = UnansweredSearchRow, IncomingDocumentRow, OldAddressRow
    asked, offer, list_ = CollectionRow, OfferRow, ChecklistRunRow
    was_a_version = exists().where(col(VersionRow.proposal_id) == col(draft.id))
    # Of what was a version for a time the words stand, and what they meant and why they were refused.
    nothing = and_(
        col(draft.state).in_(sorted(one.value for one in CAME_TO_NOTHING)),
        func.length(col(draft.text)) > 0,
        ~was_a_version,
    )
    heard = _closed(col(HearingRow.proposal_id))
    taken_up = col(said.state) == FeedbackState.TAKEN_UP.value
    answered = case((taken_up, _closed(col(said.proposal_id))), else_=col(said.answered_at))
    became = case((col(sent.proposal_id).is_not(None), _closed(col(sent.proposal_id))), else_=col(sent.decided_at))
    number = col(waited.closed_number)
    decided = select(col(DecisionRow.decided_at)).where(col(DecisionRow.number) == number).scalar_subquery()
    return {
        Kept.DRAFTS: _Over(draft, col(draft.closed_at), nothing),
        Kept.HEARINGS: _Over(HearingRow, heard, heard.is_not(None)),
        Kept.FEEDBACK: _Over(said, answered, col(said.state) != FeedbackState.NEW.value),
        Kept.WISHES: _Over(WishRow, _wish_met(), col(WishRow.state) != WishState.OPEN.value),
        Kept.SEARCHES: _Over(searched, col(searched.day_at), col(searched.day_at).is_not(None)),
        Kept.NOTIFICATIONS_READ: _Over(told, col(told.read_at), col(told.read_at).is_not(None)),
        Kept.NOTIFICATIONS: _Over(told, col(told.created_at), col(told.created_at).is_not(None)),
        Kept.WAITING: _Over(waited, decided, number.is_not(None)),
        Kept.INCOMING: _Over(sent, became, col(sent.decided_at).is_not(None)),
        Kept.COLLECTIONS: _Over(asked, col(asked.closed_at), col(asked.closed_at).is_not(None)),
        Kept.OFFERS: _Over(offer, _closed(col(offer.proposal_id)), col(offer.proposal_id).is_not(None)),
        Kept.OLD_ADDRESSES: _Over(address, col(address.added_at), col(address.added_at).is_not(None)),
        Kept.BARRIERS: _Over(BarrierRow, col(BarrierRow.answered_at), col(BarrierRow.answered_at).is_not(None)),
        Kept.CHECKLISTS: _Over(list_, col(list_.ended_at), col(list_.ended_at).is_not(None)),
        Kept.CHECKLISTS_LEFT: _Over(list_, col(list_.touched_at), col(list_.ended_at).is_(None)),
        Kept.LETTERS: _Over(LetterRow, col(LetterRow.made_at), col(LetterRow.state) != "waiting"),
        Kept.DEAD_LETTERS: _Over(dead, col(dead.read_at), col(dead.read_at).is_not(None)),
    }


def _closed(proposal: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """Give when a proposal was closed; none while it is open, and none where there is no proposal."""
    return select(col(ProposalRow.closed_at)).where(col(ProposalRow.id) == proposal).scalar_subquery()


def _wish_met() -> ColumnElement[Any]:
    """Give when a wish was answered, when its proposal was closed, or when it was met by a routine there was."""
    row = WishRow
    pointed = (
        select(func.max(col(DecisionRow.decided_at)))
        .where(col(DecisionRow.kind) == "wish_taken_up", col(DecisionRow.subject) == col(row.procedure_id))
        .scalar_subquery()
    )
    taken_up = col(row.state) == WishState.TAKEN_UP.value
    return case(
        (and_(taken_up, col(row.proposal_id).is_not(None)), _closed(col(row.proposal_id))),
        (taken_up, pointed),
        else_=col(row.answered_at),
    )


def _delete_over(session: Session, kept: Kept, ends: Mapping[Kept, datetime], now: datetime) -> None:
    over = _over(kept, ends)
    match kept:
        case Kept.DRAFTS:
            _erase_what_was_said_of(session, over.where, now)
            # The row has a title for whoever asks what became of it, and what somebody called it is words of theirs too.
            blank = {"text": b"", "title": NAMELESS, "meaning": None, "conflicts": None}
            drafts = select(col(ProposalRow.id)).where(over.where)
            session.execute(_quietly(delete(ProposalFileRow).where(col(ProposalFileRow.proposal_id).in_(drafts))))
            session.execute(_quietly(update(ProposalRow).where(over.where).values(blank)))
            return
        case Kept.HEARINGS:
            _delete_below_hearings(session, over.where, now)
        case Kept.WISHES:
            wishes = select(col(WishRow.id)).where(over.where)
            session.execute(_quietly(delete(WishSupportRow).where(col(WishSupportRow.wish_id).in_(wishes))))
        case Kept.INCOMING:
            documents = select(col(IncomingDocumentRow.id)).where(over.where)
            session.execute(_quietly(delete(TriageRow).where(col(TriageRow.document_id).in_(documents))))
        case Kept.COLLECTIONS:
            closed = select(col(CollectionRow.id)).where(over.where)
            answers = col(CollectionAnswerRow.collection_id).in_(closed)
            session.execute(_quietly(delete(CollectionAnswerRow).where(answers)))
        case Kept.CHECKLISTS | Kept.CHECKLISTS_LEFT:
            lists = select(col(ChecklistRunRow.id)).where(over.where)
            for row in (ChecklistHelperRow, ChecklistMarkRow):
                session.execute(_quietly(delete(row).where(col(row.run_id).in_(lists))))
        case Kept.LETTERS:
            session.execute(_quietly(delete(LetterLinkRow).where(col(LetterLinkRow.expires_at) < now)))
        case _:
            pass
    session.execute(_quietly(delete(over.table).where(over.where)))


def _erase_what_was_said_of(session: Session, over: ColumnElement[bool], now: datetime) -> None:
    """
    Erase the free text of the decisions about proposals that came to nothing: what they meant, why they ended.

    Not what was asked in a hearing, which has a rule of its own. The chain knows each by a salted hash, and holds.
    """
    proposals = {
        row.id: row.procedure_id
        for row in session.execute(select(col(ProposalRow.id), col(ProposalRow.procedure_id)).where(over))
    }
    about = select(col(DecisionRow.number), col(DecisionRow.record)).where(
        col(DecisionRow.subject).in_(set(proposals.values())), col(DecisionRow.kind).not_like("hearing%")
    )
    numbers = [
        number for number, record in session.execute(about) if json.loads(record)["facts"].get("proposal") in proposals
    ]
    session.execute(
        _quietly(
            update(DecisionTextRow)
            .where(col(DecisionTextRow.number).in_(numbers), col(DecisionTextRow.text).is_not(None))
            .values(text=None, erased_at=now)
        )
    )


def _delete_below_hearings(session: Session, over: ColumnElement[bool], now: datetime) -> None:
    """Delete what hangs on hearings, the lowest first; and who was asked, which the opening decision keeps as text."""
    hearings = select(col(HearingRow.id)).where(over)
    parties = select(col(HearingPartyRow.id)).where(col(HearingPartyRow.hearing_id).in_(hearings))
    session.execute(_quietly(delete(RemarkRow).where(col(RemarkRow.party_id).in_(parties))))
    session.execute(_quietly(delete(HearingLinkRow).where(col(HearingLinkRow.party_id).in_(parties))))
    session.execute(_quietly(delete(HearingPartyRow).where(col(HearingPartyRow.hearing_id).in_(hearings))))
    opened = select(col(HearingRow.opened_number)).where(over)
    session.execute(
        _quietly(
            update(DecisionTextRow)
            .where(col(DecisionTextRow.number).in_(opened), col(DecisionTextRow.text).is_not(None))
            .values(text=None, erased_at=now)
        )
    )


def _quietly(statement: Any) -> Any:
    """Let the database do it without the session comparing rows it has read: nothing is read from them afterwards."""
    return statement.execution_options(synchronize_session=False)
