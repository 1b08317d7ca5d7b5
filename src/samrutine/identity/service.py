"""
Sign in and out, by a password or, in a demonstration, as one of its invented people.

What a browser holds is 256 random bits, and the database their SHA-256 alone: whoever reads it, or a backup, is nobody.
Nothing here is a decision: who signs in when is nobody's record, and is gone when it ended.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, delete, or_, select

from samrutine.actors import LIBRARY, ActorId, Verb, reasons_against
from samrutine.arguments import require_text
from samrutine.days import norwegian_day
from samrutine.identity.model import (
    CODE_AWAITED,
    IDLE,
    LASTS,
    LOOKED_AT_EVERY,
    CodeAsked,
    NoDemo,
    SessionSeen,
    SignedIn,
    TooManyTries,
    WrongSignIn,
    minutes_left,
    wait_after,
)
from samrutine.identity.passwords import LONGEST, hashed, is_outdated, is_right, reasons_against_password
from samrutine.networks.directory import get_actor
from samrutine.reasons import refusal, refuse
from samrutine.storage.rows import (
    AccountRow,
    ActorRow,
    BegunElsewhereRow,
    ConnectedRow,
    HalfSignInRow,
    LibraryRow,
    MeetingLinkRow,
    PasswordLinkRow,
    PersonRow,
    SecondStepRow,
    WebSessionRow,
)
from samrutine.storage.sql import Database

_TOKEN_BYTES: Final = 32
_LONGEST_DEVICE: Final = 80
_KEY: Final = 16


class Identity:
    """Who is signed in where, in an opened library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sign_in(self, login: str, password: str, *, device: str, now: datetime) -> SignedIn | CodeAsked:
        """
        Sign somebody in by name and password; where they turned on a second step, a code is asked for first.

        Wrong ones are counted: after five in a row nobody may try for a minute, then two, and a quarter of an hour at most.
        A right password does not help meanwhile, since whoever guesses must not learn that it was right.

        Raises:
            NotAllowed: Name or password is wrong, or there were too many wrong ones.
        """
        with self._database.writing() as session:
            actor = _actor_of(session, login.strip().casefold())
            known = counted_try(session, actor, now) if actor is not None else None
        # Looked at while nobody waits for the database: it takes a tenth of a second on purpose.
        if not is_right(known, password[:LONGEST]) or actor is None or known is None:
            raise refusal([WrongSignIn()])
        with self._database.writing() as session:
            right_password(session, actor, known, password)
            return let_in(session, actor, device, now)

    def sign_in_as(self, login: str, *, device: str, now: datetime) -> SignedIn:
        """
        Sign in as an invented person of a demonstration, without a password.

        Raises:
            Refused: The library is no demonstration.
            NotAllowed: It has nobody of that name.
        """
        with self._database.writing() as session:
            if not session.exec(select(LibraryRow.demo)).one():
                refuse([NoDemo()])
            actor = _actor_of(session, login.strip().casefold())
            if actor is not None:
                return opened(session, actor, device, now)
        raise refusal([WrongSignIn()])

    def signed_in(self, token: str, *, now: datetime) -> SessionSeen | None:
        """Give where somebody is signed in, by what their browser holds; None when that is over, or never was."""
        key = _kept(token)
        with self._database.reading() as session:
            row = session.get(WebSessionRow, key)
            if row is None or not _holds(row, now):
                return None
            seen = _seen(row)
            is_fresh = now - row.seen_at < LOOKED_AT_EVERY
        if is_fresh:
            return seen
        with self._database.writing() as session:
            again = session.get(WebSessionRow, key, with_for_update=True)
            if again is None:
                return None
            again.seen_at = max(now, again.seen_at)
            session.add(again)
            return _seen(again)

    def sign_out(self, token: str) -> None:
        """End where this browser is signed in. Signing out twice is the same."""
        with self._database.writing() as session:
            session.execute(delete(WebSessionRow).where(col(WebSessionRow.id) == _kept(token)))

    def sessions(self, *, by: ActorId, now: datetime) -> Sequence[SessionSeen]:
        """Give where somebody is signed in, the newest first."""
        with self._database.reading() as session:
            rows = session.exec(
                select(WebSessionRow)
                .where(WebSessionRow.actor_id == by)
                .order_by(col(WebSessionRow.seen_at).desc(), col(WebSessionRow.id))
            )
            return [_seen(row) for row in rows if _holds(row, now)]

    def end_sessions(self, keys: Sequence[str], *, by: ActorId) -> int:
        """End some of one's own; gives how many there were. Others' are not touched."""
        with self._database.writing() as session:
            mine = session.exec(select(WebSessionRow).where(WebSessionRow.actor_id == by)).all()
            ended = [row for row in mine if row.id[:_KEY] in keys]
            for row in ended:
                session.delete(row)
            return len(ended)

    def set_password(self, who: str, password: str, *, current: str | None, by: ActorId, now: datetime) -> None:
        """
        Give somebody a password. Everywhere they were signed in, they are not any more.

        Args:
            who: Actor id or sign-in name.
            password: At least fifteen characters, of any sort.
            current: The one there is, which whoever changes their own must give.

        Raises:
            PersonNotFound: Nobody has that id or name.
            NotAllowed: Somebody else than the person and the editor; or the current one is wrong.
            Refused: It is too short, or easily guessed.
            InvalidRequest: It is longer than 256 characters.
        """
        require_text("password", password, longest=LONGEST)
        with self._database.writing() as session:
            actor = get_actor(session, who)
            login = login_of(session, actor.id)
            account = session.get(AccountRow, actor.id, with_for_update=True)
            if actor.id != by:
                refuse(reasons_against(get_actor(session, by), Verb.KEEP_ORDER, LIBRARY, norwegian_day(now)))
            elif account is not None and account.password_hash and not is_right(account.password_hash, current or ""):
                refuse([WrongSignIn()])
            refuse(reasons_against_password(password, login))
            set_new(session, actor.id, password, now)


def forget(session: Session, actor: str) -> None:
    """Take away the account of somebody who is erased, wherever they are signed in, and what links they made or got."""
    session.execute(delete(WebSessionRow).where(col(WebSessionRow.actor_id) == actor))
    mine = or_(col(PasswordLinkRow.actor_id) == actor, col(PasswordLinkRow.made_by) == actor)
    session.execute(delete(PasswordLinkRow).where(mine))
    session.execute(delete(MeetingLinkRow).where(col(MeetingLinkRow.made_by) == actor))
    for table in (SecondStepRow, HalfSignInRow, ConnectedRow, BegunElsewhereRow):
        session.execute(delete(table).where(col(table.actor_id) == actor))
    session.execute(delete(AccountRow).where(col(AccountRow.actor_id) == actor))


def _actor_of(session: Session, login: str) -> ActorId | None:
    query = (
        select(ActorRow.id)
        .join(PersonRow, col(PersonRow.id) == col(ActorRow.person_id))
        .where(PersonRow.login == login)
    )
    found = session.exec(query).first()
    return ActorId(found) if found is not None else None


def set_new(session: Session, actor: ActorId, password: str, now: datetime) -> None:
    """Let somebody sign in by a password from now on, and by what they are signed in with no more."""
    account = session.get(AccountRow, actor, with_for_update=True) or AccountRow(actor_id=actor)
    account.password_hash, account.password_set_at = hashed(password), now
    account.failures, account.wait_until = 0, None
    session.add(account)
    session.execute(delete(WebSessionRow).where(col(WebSessionRow.actor_id) == actor))
    session.execute(delete(HalfSignInRow).where(col(HalfSignInRow.actor_id) == actor))
    session.execute(delete(PasswordLinkRow).where(col(PasswordLinkRow.actor_id) == actor))


def counted_try(session: Session, actor: ActorId, now: datetime) -> str | None:
    """
    Count a try as a wrong one before it is looked at, so that many at once are no more than one after the other.

    Gives what is kept of the password; `right_password` says when it was right.

    Raises:
        NotAllowed: There were too many wrong ones.
    """
    account = session.get(AccountRow, actor, with_for_update=True)
    if account is None:
        return None
    if account.wait_until is not None and account.wait_until > now:
        raise refusal([TooManyTries(minutes_left(account.wait_until - now))])
    account.failures += 1
    wait = wait_after(account.failures)
    account.wait_until = now + wait if wait else None
    session.add(account)
    return account.password_hash


def right_password(session: Session, actor: ActorId, known: str, password: str) -> None:
    """
    Count no wrong ones any more, and keep the password as strongly as is done today.

    Raises:
        NotAllowed: It was changed meanwhile.
    """
    account = session.get(AccountRow, actor, with_for_update=True)
    if account is None or account.password_hash != known:
        raise refusal([WrongSignIn()])
    account.failures, account.wait_until = 0, None
    if is_outdated(known):
        account.password_hash = hashed(password)
    session.add(account)


def let_in(session: Session, actor: ActorId, device: str, now: datetime) -> SignedIn | CodeAsked:
    """Sign somebody in who gave the right password; where they turned on a second step, ask for a code instead."""
    step = session.get(SecondStepRow, actor)
    if step is None or step.turned_on_at is None:
        return opened(session, actor, device, now)
    session.execute(delete(HalfSignInRow).where(col(HalfSignInRow.expires_at) < now))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    half = HalfSignInRow(id=_kept(token), actor_id=actor, expires_at=now + CODE_AWAITED, device=_device(device))
    session.add(half)
    return CodeAsked(token, half.expires_at)


def half_of(session: Session, token: str, now: datetime) -> HalfSignInRow | None:
    """Give the row of a sign-in whose code is awaited; None when it is awaited no more, or never was."""
    row = session.get(HalfSignInRow, _kept(token), with_for_update=True)
    return row if row is not None and now < row.expires_at else None


def login_of(session: Session, actor: ActorId) -> str:
    """Give the name by which somebody signs in; nothing where they have none."""
    query = select(PersonRow.login).join(ActorRow, col(ActorRow.person_id) == col(PersonRow.id))
    return session.exec(query.where(ActorRow.id == actor)).first() or ""


def opened(session: Session, actor: ActorId, device: str, now: datetime) -> SignedIn:
    """Sign somebody in who showed who they are, in every step."""
    session.execute(delete(WebSessionRow).where(col(WebSessionRow.expires_at) < now))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        WebSessionRow(
            id=_kept(token), actor_id=actor, made_at=now, seen_at=now, expires_at=now + LASTS, device=_device(device)
        )
    )  # fmt: skip
    return SignedIn(actor, token, now + LASTS)


def _device(said: str) -> str:
    """Give what a browser said of itself as a short line."""
    return " ".join("".join(one if one.isprintable() else " " for one in said).split())[:_LONGEST_DEVICE]


def _kept(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _holds(row: WebSessionRow, now: datetime) -> bool:
    return now < row.expires_at and now - row.seen_at < IDLE


def _seen(row: WebSessionRow) -> SessionSeen:
    return SessionSeen(row.id[:_KEY], ActorId(row.actor_id), row.made_at, row.seen_at, row.expires_at, row.device)
