"""
Letters: written down first, then sent, each once.

A letter is a row before it is a message. Who sends takes one row at a time, in a transaction, so that two processes never
send the same; one that was killed between sending and saying so sends it again, the same bytes under the same Message-ID,
which a mail program shows as one. A server that fails stops nothing else: the letter waits.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, delete, func, or_, select

from samrutine.actors import LIBRARY, ActorId, Verb, reasons_against
from samrutine.days import norwegian_day
from samrutine.errors import InvalidRequest
from samrutine.inbox.opening import holders
from samrutine.inbox.service import Inbox
from samrutine.letters.composing import Reader, hearing, trial, weekly
from samrutine.letters.errors import MailNotTaken
from samrutine.letters.model import (
    CLAIM_LASTS,
    STOP_LASTS,
    Kind,
    Letter,
    LetterSeen,
    LettersSeen,
    LettersSent,
    State,
    letter_of_hearing,
    next_try,
    week_of_letter,
)
from samrutine.letters.people import STOP, exempt_of, kept, reached
from samrutine.letters.post import NotTaken, Post
from samrutine.letters.writing import Words, html_text, message, plain_text
from samrutine.networks.directory import get_actor
from samrutine.procedures.access import hidden_procedures, hidden_proposals
from samrutine.reasons import refuse
from samrutine.storage.decisions import end_of_norwegian_day
from samrutine.storage.rows import (
    HearingRow,
    LetterLinkRow,
    LetterRow,
    LibraryRow,
    WaitingRow,
)
from samrutine.storage.sql import Database

HEARD: Final = "answer-hearing"
A_WEEK: Final = timedelta(days=7)
MOST_LISTED: Final = 100
_SECRET_BYTES: Final = 32
_ID_BYTES: Final = 12


class Letters:
    """The letters of an opened library."""

    def __init__(self, database: Database, inbox: Inbox, post: Post, address: str) -> None:
        self._database = database
        self._inbox = inbox
        self._post = post
        self._address = address.rstrip("/")

    def write(self, *, now: datetime) -> int:
        """
        Write down every letter that is due and not written yet, and send none; gives how many are to be sent.

        Called as often as one likes: a letter has a key, and is written once. Where nothing is worth a weekly letter, that is
        written down too, so that a quiet week stays one.

        Raises:
            MailNotSet, MailPasswordUnusable: As `Post.require_set`.
        """
        self._post.require_set(self._address)
        today = norwegian_day(now)
        return self._write_hearings(now, today) + self._write_weekly(now, today)

    def send(self, clock: Callable[[], datetime]) -> LettersSent:
        """
        Write down what is due, and send all that waits for its time, until none is left or the server takes none.

        Raises:
            MailNotSet, MailPasswordUnusable: As `Post.require_set`.
        """
        self.write(now=clock())
        found: Counter[State] = Counter()
        while (claimed := self._claim(clock())) is not None:
            row, to = claimed
            if to is None:
                found[State.GIVEN_UP] += 1
                continue
            stops, state = self._send(row, to, clock)
            found[state] += 1
            if stops:
                break
        return LettersSent(found[State.SENT], found[State.WAITING], found[State.GIVEN_UP])

    def letters(self, *, by: ActorId, today: date) -> LettersSeen:
        """Give what was sent to oneself; to the editor also how many there are, and which failed. Never what stood in them."""
        with self._database.reading() as session:
            newest = select(LetterRow).where(LetterRow.state != State.SILENT).order_by(
                col(LetterRow.made_at).desc(), col(LetterRow.id)
            ).limit(MOST_LISTED)  # fmt: skip
            mine = session.exec(newest.where(LetterRow.actor_id == by)).all()
            if reasons_against(get_actor(session, by), Verb.KEEP_ORDER, LIBRARY, today):
                return LettersSeen(_seen(mine), None, ())
            counts = dict(
                session.exec(
                    select(LetterRow.state, func.count()).group_by(LetterRow.state).order_by(LetterRow.state)
                ).all()
            )
            failed = session.exec(newest.where(col(LetterRow.fault).is_not(None))).all()
            return LettersSeen(_seen(mine), counts, _seen(failed))

    def try_letter(self, *, to: str | None, by: ActorId, now: datetime) -> str:
        """
        Send a letter that says nothing, to see that it arrives; gives where it was sent.

        Args:
            to: An address; one's own when None.

        Raises:
            MailNotSet, MailPasswordUnusable: As `Post.require_set`.
            NotAllowed: Only the editor tries.
            InvalidRequest: There is no address, or it is none.
            MailNotTaken: The server did not take it; the message says why.
        """
        today = norwegian_day(now)
        with self._database.reading() as session:
            refuse(reasons_against(get_actor(session, by), Verb.KEEP_ORDER, LIBRARY, today))
            person = next(iter(reached(session, [by])), None)
            is_demo = session.exec(select(LibraryRow.demo)).first() or False
        self._post.require_set(self._address)
        where = to or (person.address if person else "")
        written = trial(Reader(by, person.name if person else None, person.language if person else None, today))
        try:
            made = message(
                id_=secrets.token_hex(_ID_BYTES), sender=self._post.sender, sender_name=_sender(written.language, is_demo=is_demo),
                reply_to=self._post.reply_to, to=where, subject=written.subject, plain=plain_text(written, {}, ""),
                html=html_text(written, {}, ""), at=now,
            )  # fmt: skip
        except ValueError as error:
            raise InvalidRequest(what="--to", value=where[:60], expected="navn@kommune.example") from error
        try:
            self._post.send(made, where)
        except NotTaken as error:
            raise MailNotTaken(why=fault_in_words(error.fault)) from error
        return where

    def _write_hearings(self, now: datetime, today: date) -> int:
        with self._database.reading() as session:
            asked = session.exec(
                select(WaitingRow.body, HearingRow)
                .join(HearingRow, col(HearingRow.id) == col(WaitingRow.subject))
                .where(WaitingRow.what == HEARD, col(WaitingRow.closed_number).is_(None))
            ).all()
            wanted: dict[str, dict[str, Kind]] = {}
            for body, heard in asked:
                if (kind := letter_of_hearing(heard.opened_on, heard.deadline, today)) is not None:
                    for actor in holders(session, body, today):
                        wanted.setdefault(actor, {})[heard.id] = kind
            keys = {f"{kind.value}:{one}:{actor}" for actor, each in wanted.items() for one, kind in each.items()}
            written = set(session.exec(select(LetterRow.key).where(col(LetterRow.key).in_(keys)))) if keys else set()
            left = [who for who, each in wanted.items() if {f"{k.value}:{o}:{who}" for o, k in each.items()} - written]
            people = reached(session, left)
        count = 0
        for person in people:
            about = wanted[person.actor]
            # Somebody may answer for two bodies; one letter about a hearing is enough.
            waits = {
                one.subject: one for one in reversed(self._inbox.inbox(person.actor, today=today)) if one.what == HEARD
            }
            for which, kind in about.items():
                if which in waits and f"{kind.value}:{which}:{person.actor}" not in written:
                    one = waits[which]
                    reader = Reader(
                        person.actor, person.name, person.language, today, self._exempt([one.procedure, one.proposal])
                    )
                    count += self._keep(hearing(reader, kind, one), person.actor, now)
        return count

    def _write_weekly(self, now: datetime, today: date) -> int:
        if (week := week_of_letter(now)) is None:
            return 0
        with self._database.reading() as session:
            start = f"{Kind.WEEKLY.value}:{week}:"
            written = set(session.exec(select(LetterRow.actor_id).where(col(LetterRow.key).startswith(start))))
            people = [one for one in reached(session, None) if one.weekly and one.actor not in written]
        count = 0
        for person in people:
            waiting = self._inbox.inbox(person.actor, today=today)
            since = self._last_weekly(person.actor) or now - A_WEEK
            told = [one for one in self._inbox.notifications(person.actor, today=today) if one.at > since]
            about = [key for one in [*waiting] for key in (one.procedure, one.proposal)]
            about += [key for one in told for key in (one.procedure, one.proposal)]
            reader = Reader(person.actor, person.name, person.language, today, self._exempt(about))
            letter = weekly(reader, week, waiting, told)
            if letter is None:
                self._keep_silence(f"{start}{person.actor}", person.actor, now)
            else:
                count += self._keep(letter, person.actor, now)
        return count

    def _last_weekly(self, actor: str) -> datetime | None:
        with self._database.reading() as session:
            return session.exec(
                select(func.max(LetterRow.made_at)).where(LetterRow.actor_id == actor, LetterRow.kind == Kind.WEEKLY)
            ).one()

    def _exempt(self, keys: Iterable[str | None]) -> frozenset[str]:
        with self._database.reading() as session:
            return exempt_of(session, keys)

    def _keep(self, letter: Letter, actor: str, now: datetime) -> bool:
        """Write a letter down with its links, unless it is already; tells whether it was."""
        with self._database.writing() as session:
            if is_written(session, letter.key):
                return False
            session.execute(delete(LetterLinkRow).where(col(LetterLinkRow.expires_at) < now))
            until = end_of_norwegian_day(letter.last_day) if letter.last_day else now
            pages = {page for part in letter.parts for line in part.lines for _, page in line.links}
            addresses = {page: self._link("i", session, actor, page, until) for page in sorted(pages)}
            stop = self._link("brev", session, actor, STOP, now + STOP_LASTS) if letter.may_stop else ""
            keep_letter(
                session, letter, actor, now=now, plain=plain_text(letter, addresses, stop),
                html=html_text(letter, addresses, stop), stop=stop,
            )  # fmt: skip
        return True

    def _keep_silence(self, key: str, actor: str, now: datetime) -> None:
        with self._database.writing() as session:
            if not is_written(session, key):
                session.add(
                    LetterRow(
                        id=secrets.token_hex(_ID_BYTES), key=key, actor_id=actor, kind=Kind.WEEKLY.value, made_at=now,
                        state=State.SILENT.value, next_try_at=now, ended_at=now,
                    )
                )  # fmt: skip

    def _link(self, where: str, session: Session, actor: str, page: str, until: datetime) -> str:
        token = secrets.token_urlsafe(_SECRET_BYTES)
        session.add(LetterLinkRow(id=kept(token), actor_id=actor, address=page, expires_at=until))
        return f"{self._address}/{where}/{token}"

    def _claim(self, now: datetime) -> tuple[LetterRow, str | None] | None:
        """
        Take the letter that has waited longest, so that nobody else does; None when none is due.

        Without an address it is one that was given up: its reader has none any more, or may not know of what it is about.
        """
        with self._database.writing() as session:
            row = session.exec(
                select(LetterRow)
                .where(
                    LetterRow.state == State.WAITING, LetterRow.next_try_at <= now,
                    or_(col(LetterRow.claimed_until).is_(None), col(LetterRow.claimed_until) <= now),
                )
                .order_by(col(LetterRow.next_try_at), col(LetterRow.made_at), LetterRow.id).limit(1)
                .with_for_update(skip_locked=True)
            ).first()  # fmt: skip
            if row is None:
                return None
            person = next(iter(reached(session, [row.actor_id])), None)
            fault = "no-address" if person is None else None
            if person is not None and _is_hidden(session, row, norwegian_day(now)):
                fault = "hidden"
            if fault is not None:
                _end(row, State.GIVEN_UP, now, fault)
            else:
                row.tries, row.claimed_until = row.tries + 1, now + CLAIM_LASTS
            session.add(row)
            return row, None if person is None or fault else person.address

    def _send(self, row: LetterRow, to: str, clock: Callable[[], datetime]) -> tuple[bool, State]:
        """Send a letter that was claimed, and write down what became of it; tells too whether to stop for now."""
        language = "nb"
        with self._database.reading() as session:
            is_demo = session.exec(select(LibraryRow.demo)).first() or False
            person = next(iter(reached(session, [row.actor_id])), None)
            language = (person.language if person else None) or language
        fault: NotTaken | None = None
        try:
            made = message(
                id_=row.id, sender=self._post.sender, sender_name=_sender(language, is_demo=is_demo),
                reply_to=self._post.reply_to, to=to, subject=row.subject, plain=row.plain, html=row.html, at=row.made_at,
                stop=row.stop,
            )  # fmt: skip
            self._post.send(made, to)
        except NotTaken as error:
            fault = error
        except ValueError:
            fault = NotTaken("no-address", is_final=True)
        now = clock()
        again = next_try(row.tries, now) if fault is not None and not fault.is_final else None
        with self._database.writing() as session:
            kept_row = session.get(LetterRow, row.id, with_for_update=True)
            # Gone when its reader was erased meanwhile.
            if kept_row is not None and kept_row.state == State.WAITING:
                if fault is None:
                    _end(kept_row, State.SENT, now, None)
                elif again is None:
                    _end(kept_row, State.GIVEN_UP, now, fault.fault)
                else:
                    kept_row.next_try_at, kept_row.claimed_until, kept_row.fault = again, None, fault.fault
                session.add(kept_row)
        state = State.SENT if fault is None else State.WAITING if again is not None else State.GIVEN_UP
        return fault is not None and fault.stops, state


def fault_in_words(fault: str, language: str = "nb") -> str:
    """Say why a letter was not sent, as the middle of a sentence."""
    return Words(language)(f"fault.{fault}")


def _end(row: LetterRow, state: State, now: datetime, fault: str | None) -> None:
    """Say what became of a letter, and take its words away: they are not needed any more."""
    row.state, row.ended_at, row.fault, row.claimed_until = state.value, now, fault, None
    row.subject = row.plain = row.html = row.stop = ""


def _is_hidden(session: Session, row: LetterRow, today: date) -> bool:
    about = set(row.about.split())
    hidden = hidden_procedures(session, row.actor_id, today) | hidden_proposals(session, row.actor_id, today)
    return bool(about & hidden)


def keep_letter(
    session: Session, letter: Letter, actor: str, *, now: datetime, plain: str, html: str, stop: str = ""
) -> None:
    """Write a letter down, to be sent as soon as somebody sends."""
    session.add(
        LetterRow(
            id=secrets.token_hex(_ID_BYTES), key=letter.key, actor_id=actor, kind=letter.kind.value, about=letter.about,
            subject=letter.subject, plain=plain, html=html, stop=stop, made_at=now, state=State.WAITING.value, next_try_at=now,
        )
    )  # fmt: skip


def is_written(session: Session, key: str) -> bool:
    """Whether a letter is written down already. Who asks writes it in the same transaction, and nobody else meanwhile."""
    # The library's one row first: on PostgreSQL two processes that write the same letter wait for each other here.
    session.exec(select(LibraryRow).with_for_update()).first()
    return session.exec(select(LetterRow.id).where(LetterRow.key == key)).first() is not None


def _sender(language: str, *, is_demo: bool) -> str:
    name = Words(language)("sender")
    return f"DEMO – {name}" if is_demo else name


def _seen(rows: Sequence[LetterRow]) -> tuple[LetterSeen, ...]:
    return tuple(
        LetterSeen(row.kind, row.state, row.made_at, row.ended_at, row.tries, row.fault, row.actor_id) for row in rows
    )
