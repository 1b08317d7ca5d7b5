"""
Days that somebody's own calendar may read: reviews of routines, hearings, and what else is to be answered by a day.

The address of a calendar is a secret of 256 random bits, of which the database keeps the SHA-256: calendar programs cannot
sign in. What it gives is made anew each time, of what its owner may read at that moment.

Sources:
    RFC 5545 (iCalendar): UID stays, SEQUENCE grows, lines end in CRLF and are folded. RFC 7986: NAME, REFRESH-INTERVAL.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, delete, func, or_, select

from samrutine.actors import Actor, ActorId, Verb, roles_for
from samrutine.days import norwegian_day
from samrutine.errors import LinkNotValid
from samrutine.inbox.addresses import page_of_waiting
from samrutine.inbox.model import REVIEW_DUE, Waiting
from samrutine.inbox.service import Inbox
from samrutine.letters.composing import Reader, title_in
from samrutine.letters.people import exempt_of, kept
from samrutine.letters.writing import Words
from samrutine.messages import word
from samrutine.networks.directory import get_actor
from samrutine.procedures.access import hidden_procedures
from samrutine.procedures.model import AccessClass
from samrutine.storage.rows import (
    CalendarFeedRow,
    DecisionRow,
    LetterChoiceRow,
    LibraryRow,
    ProcedureRow,
    ReviewRow,
    VersionRow,
    WaitingRow,
)
from samrutine.storage.sql import Database

REVIEW_TOLD: Final = timedelta(days=90)
"""How long before a review its calendar says so: a routine is not read through, revised and heard in a week."""
ANSWER_TOLD: Final = timedelta(days=3)
_SECRET_BYTES: Final = 32
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_REFRESHED: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Day:
    """
    A day in a calendar.

    Attributes:
        key: What it is, always the same; `number` the decision that set it, which grows when it is set anew.
        page: The page here, where there is one.
    """

    key: str
    number: int
    on: date
    summary: str
    page: str
    told: timedelta


class Calendars:
    """The calendars of an opened library."""

    def __init__(self, database: Database, inbox: Inbox, address: str) -> None:
        self._database = database
        self._inbox = inbox
        self._address = address.rstrip("/")

    def made_at(self, *, by: ActorId) -> datetime | None:
        """Give when somebody's address was made; None where they have none."""
        with self._database.reading() as session:
            return session.exec(select(CalendarFeedRow.made_at).where(CalendarFeedRow.actor_id == by)).first()

    def make(self, *, by: ActorId, now: datetime) -> str:
        """Make an address for one's own calendar; gives its secret this once. One that there was ends."""
        token = secrets.token_urlsafe(_SECRET_BYTES)
        with self._database.writing() as session:
            session.execute(delete(CalendarFeedRow).where(col(CalendarFeedRow.actor_id) == by))
            session.add(CalendarFeedRow(id=kept(token), actor_id=by, made_at=now))
        return token

    def end(self, *, by: ActorId) -> bool:
        """End the address of one's own calendar; tells whether there was one."""
        with self._database.writing() as session:
            row = session.exec(select(CalendarFeedRow).where(CalendarFeedRow.actor_id == by)).first()
            if row is not None:
                session.delete(row)
            return row is not None

    def feed(self, token: str, *, now: datetime) -> bytes:
        """
        Give the calendar at an address, as a program reads it. The same bytes as long as nothing has changed.

        Raises:
            LinkNotValid: It was ended, or never was; nobody is told which.
        """
        today = norwegian_day(now)
        with self._database.reading() as session:
            row = session.get(CalendarFeedRow, kept(token)) if _TOKEN.fullmatch(token) else None
            if row is None:
                raise LinkNotValid
            actor = get_actor(session, row.actor_id)
            wants = session.get(LetterChoiceRow, actor.id)
            usual = session.exec(select(LibraryRow.language)).first()
            say = Words(wants.language if wants is not None and wants.language else usual)
            days = _reviews(session, say, actor, today)
            waiting = [one for one in self._inbox.inbox(actor.id, today=today) if one.due_on and one.what != REVIEW_DUE]
            days += _answers(session, say, waiting)
            at = _decided(session, [one.number for one in days])
        return _written(days, at, say, actor.id, self._address)


def _reviews(session: Session, say: Words, actor: Actor, today: date) -> list[Day]:
    """Give the reviews of the routines that somebody leads the network of, or looks after."""
    start = "network:"
    led = {
        one.body.removeprefix(start)
        for one in actor.grants
        if one.body.startswith(start) and roles_for(actor, Verb.SEND, one.body, today)
    }
    rows = session.exec(
        select(ProcedureRow)
        .where(
            col(ProcedureRow.withdrawn_number).is_(None),
            or_(
                col(ProcedureRow.network).in_(sorted(led)), ProcedureRow.owner_actor == actor.id,
                ProcedureRow.deputy_actor == actor.id,
            ),
        )
        .order_by(col(ProcedureRow.next_review), col(ProcedureRow.id))
    ).all()  # fmt: skip
    hidden = hidden_procedures(session, actor.id, today)
    rows = [one for one in rows if one.id not in hidden]
    numbers = _set_by(session, [one.id for one in rows])
    return [
        Day(
            f"review:{one.id}", numbers[one.id], one.next_review,
            say("review_event", title=say("exempt") if one.access == AccessClass.EXEMPT else one.title),
            f"/rutine/{one.id}", REVIEW_TOLD,
        )
        for one in rows
    ]  # fmt: skip


def _set_by(session: Session, routines: Sequence[str]) -> Mapping[str, int]:
    """Give the decision by which each routine's next review was set: its newest version, or its last review."""
    found: dict[str, int] = {}
    for row in (VersionRow, ReviewRow):
        newest = select(row.procedure_id, func.max(row.decided_number)).where(col(row.procedure_id).in_(routines))
        for routine, number in session.exec(newest.group_by(row.procedure_id)):
            found[routine] = max(number, found.get(routine, 0))
    return found


def _answers(session: Session, say: Words, waiting: Sequence[Waiting]) -> list[Day]:
    """Give what is to be answered by a day."""
    rows = session.exec(
        select(WaitingRow).where(
            col(WaitingRow.subject).in_({one.subject for one in waiting}), col(WaitingRow.closed_number).is_(None)
        )
    )
    numbers = {(one.what, one.subject, one.body): one.opened_number for one in rows}
    exempt = exempt_of(session, [key for one in waiting for key in (one.procedure, one.proposal)])
    reader = Reader("", None, say.language, date.min, exempt)
    found = []
    for one in waiting:
        what = word("waiting", one.what, say.formal)
        title = title_in(reader, say, one) or one.body_name
        heard = one.what == "answer-hearing"
        summary = (
            say("hearing_event", title=title)
            if heard
            else say("waiting_event", what=what[:1].upper() + what[1:], title=title)
        )
        number = numbers.get((one.what, one.subject, one.body), 0)
        if one.due_on is not None:
            key = f"{one.what}:{one.subject}:{one.body}"
            found.append(Day(key, number, one.due_on, summary, page_of_waiting(one), ANSWER_TOLD))
    return found


def _decided(session: Session, numbers: Iterable[int]) -> Mapping[int, datetime]:
    wanted = select(DecisionRow.number, DecisionRow.decided_at).where(col(DecisionRow.number).in_(set(numbers)))
    return dict(session.exec(wanted).all())


def _written(days: Sequence[Day], at: Mapping[int, datetime], say: Words, actor: str, address: str) -> bytes:
    # Imported here: no other verb needs it, and it takes longer to import than most answer.
    from icalendar import Alarm, Calendar, Event, vDuration

    made = Calendar()
    made.add("prodid", "-//samrutine//samrutine//NO")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", say("calendar_name"))
    made.add("name", say("calendar_name"))
    made.add("refresh-interval", vDuration(_REFRESHED), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(_REFRESHED))
    for one in days:
        event = Event()
        event.add("uid", f"{hashlib.sha256(f'{actor} {one.key}'.encode()).hexdigest()[:32]}@samrutine")
        event.add("dtstamp", at.get(one.number) or datetime(1970, 1, 1, tzinfo=UTC))
        event.add("sequence", one.number)
        event.add("dtstart", one.on)
        event.add("dtend", one.on + timedelta(days=1))
        event.add("summary", one.summary)
        event.add("transp", "TRANSPARENT")
        if address:
            event.add("url", f"{address}{one.page}")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", one.summary)
        alarm.add("trigger", -one.told)
        event.add_component(alarm)
        made.add_component(event)
    data: bytes = made.to_ical()
    return data
