"""
What shuts somebody out of the pages: told by anybody, answered by the editor.

A public body must let people tell of it, and answer: forskrift om universell utforming av IKT-løsninger, § 4 and what follows.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NewType

from sqlmodel import Session, col, func, select

from samrutine.actors import LIBRARY, SYSTEM, ActorId, Verb, reasons_against, roles_for
from samrutine.arguments import is_email, require_text
from samrutine.days import norwegian_day
from samrutine.errors import DecisionIdReused, InvalidRequest
from samrutine.inbox.opening import Note, close_waiting, tell, wait_for
from samrutine.networks.directory import get_actor, names_of
from samrutine.reading.barrier_errors import BarrierNotFound
from samrutine.reading.model import DealtWith, FeedbackState
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import DecisionId, Decisions
from samrutine.storage.rows import BarrierRow
from samrutine.storage.sql import Database

BarrierId = NewType("BarrierId", str)

LONGEST_BARRIER: Final = 2_000
LONGEST_PAGE: Final = 300
DAYS_TO_ANSWER: Final = 21
"""The inspectorate asks for an answer as soon as can be, and names three to six weeks; we take the first."""
MOST_UNSIGNED: Final = 50
"""Unanswered ones from people who were not signed in: whoever sends more is a program."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """
    What shut somebody out, and what was answered.

    Attributes:
        page: Where it was.
        name: Of whoever told of it, for the editor and themself; None when they were not signed in, or were erased.
        contact: Where somebody who was not signed in wants the answer; gone when it is answered.
    """

    id: BarrierId
    text: str | None
    page: str
    name: str | None
    contact: str | None
    given_at: datetime
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True)
class TooManyBarriers(Because):
    """So many wait for an answer that were told by nobody in particular, that no more are taken."""

    settled = True

    count: int


class Barriers:
    """What shuts people out."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def report(
        self, text: str, page: str, *, contact: str | None, by: ActorId | None, now: datetime, decision_id: DecisionId
    ) -> BarrierId:
        """
        Tell of something that shuts one out. It is kept until a time after it was answered, and is no decision.

        Args:
            text: What one could not do: 1 to 2,000 characters.
            page: The address of the page, or what it is called; up to 300 characters, and may be empty.
            contact: An e-mail address for the answer, of somebody who is not signed in; others are answered here.
            by: Who; None for somebody who is not signed in.

        Returns:
            Its id; the same for a second call with the same decision id.

        Raises:
            InvalidRequest: The text is missing or too long, or the address is none.
            Refused: The text looks as if it held a national identity number or an address; or too many wait already.
            DecisionIdReused: The id was used for something else. Make a new id.
        """
        said = require_text("barrier", text, longest=LONGEST_BARRIER, may_be_empty=False).strip()
        where = " ".join(require_text("page", page, longest=LONGEST_PAGE).split())
        address = (contact or "").strip() or None
        if address is not None and (by is not None or not is_email(address)):
            raise InvalidRequest(what="contact", value=ascii(address[:40])[1:-1], expected="navn@kommune.example")
        barrier = BarrierId(f"b-{hashlib.sha256(decision_id.encode()).hexdigest()[:12]}")
        with self._decisions.note({"barrier": said, "page": where}) as session:
            note = Note.begun(session, by=by or SYSTEM, now=now)
            row = session.get(BarrierRow, barrier)
            if row is None:
                if by is None:
                    refuse(_reasons_against_more(session))
                row = BarrierRow(id=barrier, text=said, page=where, actor_id=by, contact=address, given_at=now)
                session.add(row)
                session.flush()
                due = note.today + timedelta(days=DAYS_TO_ANSWER)
                wait_for(note, LIBRARY, "answer-barrier", barrier, verb=Verb.KEEP_ORDER, key=barrier, due_on=due)
                tell(note, "barrier-told", barrier, bodies=[(LIBRARY, Verb.KEEP_ORDER)])
            elif (row.text or said, row.page, row.actor_id) != (said, where, by):
                raise DecisionIdReused(decision=decision_id)
            return barrier

    def answer(self, barrier: BarrierId, answer: str, *, by: ActorId, now: datetime) -> None:
        """
        Answer whoever told of it, and forget where else they can be reached. The same answer again is the same act.

        Raises:
            BarrierNotFound: There is none of that id.
            Refused: It was answered before, or the answer looks as if it held personal data.
            InvalidRequest: The answer is missing or too long.
            NotAllowed: Only the editor.
        """
        said = require_text("answer", answer, longest=LONGEST_BARRIER, may_be_empty=False).strip()
        with self._decisions.note({"answer": said}) as session:
            note = Note.begun(session, by=by, now=now)
            refuse(reasons_against(get_actor(session, by), Verb.KEEP_ORDER, LIBRARY, note.today))
            row = session.exec(select(BarrierRow).where(BarrierRow.id == barrier).with_for_update()).first()
            if row is None:
                raise BarrierNotFound(barrier=barrier)
            if (row.answer, row.answered_by) != (said, by):
                refuse([DealtWith(FeedbackState.ANSWERED.value)] if row.answer is not None else [])
                row.answer, row.answered_by, row.answered_at, row.contact = said, by, now, None
                session.add(row)
                close_waiting(session, row.id, note.number)
                tell(note, "barrier-answered", row.id, actors=[row.actor_id] if row.actor_id else [])

    def barriers(self, *, by: ActorId, now: datetime) -> Sequence[Barrier]:
        """Give all to the editor, and to others those that they told of: what waits first, the oldest of it first."""
        with self._database.reading() as session:
            actor, today = get_actor(session, by), norwegian_day(now)
            query = select(BarrierRow).order_by(col(BarrierRow.given_at), col(BarrierRow.id))
            if not roles_for(actor, Verb.KEEP_ORDER, LIBRARY, today):
                query = query.where(BarrierRow.actor_id == by)
            rows = session.exec(query).all()
            names = names_of(session, [row.actor_id for row in rows if row.actor_id])
            found = [
                Barrier(
                    BarrierId(row.id), row.text, row.page or "", names.get(row.actor_id or ""), row.contact, row.given_at, row.answer,
                    row.answered_at,
                )
                for row in rows
            ]  # fmt: skip
            return sorted(found, key=lambda one: one.answer is not None)


def _reasons_against_more(session: Session) -> Sequence[Because]:
    """Say why nobody who is not signed in may tell of more; empty means they may."""
    waiting = select(func.count()).where(col(BarrierRow.actor_id).is_(None), col(BarrierRow.answered_at).is_(None))
    count = session.exec(waiting).one()
    return [TooManyBarriers(count)] if count >= MOST_UNSIGNED else []
