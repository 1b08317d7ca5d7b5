"""
Let people in by a link: to choose a password themselves, or to enter themselves at a meeting.

A link holds 256 random bits, and the database their SHA-256 alone. Nobody learns another's password that way, and none is
sent. A link for a password opens one account, so whoever makes one must be able to give that person every role they hold:
else a municipality's responsible person could take the editor's account over. A link for a meeting opens none: it gives
one role, to those who are new, as decisions of whoever made it.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlmodel import Session, col, delete, or_, select

from samrutine.actors import (
    LIBRARY,
    Actor,
    ActorId,
    Grant,
    Role,
    Verb,
    belongs,
    municipality_body,
    network_body,
    reasons_against,
    roles_for,
)
from samrutine.arguments import require_text
from samrutine.days import norwegian_day
from samrutine.errors import InvalidRequest, LinkNotValid
from samrutine.identity.model import CodeAsked, SignedIn, WrongSignIn
from samrutine.identity.passwords import LONGEST, is_right, reasons_against_password
from samrutine.identity.service import let_in, set_new
from samrutine.networks.directory import get_actor, get_municipality, get_network_id
from samrutine.networks.service import record_person, record_role, require_name, require_same_person
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import DecisionId, Decisions
from samrutine.storage.rows import (
    AccountRow,
    ActorRow,
    DecisionRow,
    MeetingLinkRow,
    PasswordLinkRow,
    PersonRow,
)
from samrutine.storage.sql import Database

PASSWORD_LINK_LASTS: Final = timedelta(days=7)
"""Long enough for somebody who works every other weekend."""
MOST_HOURS: Final = 12
MOST_PLACES: Final = 60
JOINED_AS: Final = frozenset({Role.EMPLOYEE, Role.MEMBER})
"""Roles that a link for a meeting may give. What decides for others is given to a person by name."""
_SECRET_BYTES: Final = 32
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_KEY: Final = 16
_Row = TypeVar("_Row", PasswordLinkRow, MeetingLinkRow)


@dataclass(frozen=True, slots=True)
class PasswordLink:
    """A new link for somebody's password. `token` is given this once."""

    actor: ActorId
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PasswordLinkSeen:
    """Whose password a link is for. `is_new`: they have none yet."""

    login: str
    name: str
    is_new: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingOpened:
    """A new link for a meeting. `token` is given this once, `key` names it when it is to be closed."""

    key: str
    token: str
    body: str
    role: Role
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingSeen:
    """A meeting that is open: what role in what body whoever enters gets, and for how many more there is room."""

    key: str
    body: str
    role: Role
    expires_at: datetime
    places_left: int

    @property
    def asks_for_municipality(self) -> bool:
        """Whether whoever enters must say where they work: a member of a network works in a municipality."""
        return self.role is Role.MEMBER


@dataclass(frozen=True)
class LinkForOneself(Because):
    """Who is signed in changes their own password with the one there is, so that a borrowed browser is not enough."""

    settled = True


@dataclass(frozen=True)
class MayNotHelp(Because):
    """Whoever makes a link for another's password could have given that person every role they hold, and could not here."""

    about_who = True


class Links:
    """The links of an opened library."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def invite(self, who: str, *, by: ActorId, now: datetime) -> PasswordLink:
        """
        Make a link by which somebody chooses a password themself: the first, or a new one for a forgotten one.

        It opens for seven days, once. A second call makes another, and the earlier one opens nothing any more. The password
        that there is stands until the link is used.

        Args:
            who: Actor id or sign-in name.

        Raises:
            PersonNotFound: Nobody has that id or name.
            NotAllowed: Neither the editor, nor one who manages people in each body that the person has a role in; for one
                without a role, who manages people where they were added.
            Refused: It is oneself.
        """
        with self._database.writing() as session:
            receiver, maker = get_actor(session, who), get_actor(session, by)
            if receiver.id == by:
                refuse([LinkForOneself()])
            refuse(reasons_against_helping(session, maker, receiver, now))
            session.execute(delete(PasswordLinkRow).where(col(PasswordLinkRow.actor_id) == receiver.id))
            return new_password_link(session, receiver.id, by=by, now=now, lasts=PASSWORD_LINK_LASTS)

    def password_link(self, token: str, *, now: datetime) -> PasswordLinkSeen:
        """
        Give whose password a link is for.

        Raises:
            LinkNotValid: It was used, is too old, was followed by another, or never was; nobody is told which.
        """
        with self._database.reading() as session:
            row = _open(session, PasswordLinkRow, token, now)
            person, account = _person(session, row.actor_id), session.get(AccountRow, row.actor_id)
            is_new = account is None or account.password_hash is None
            return PasswordLinkSeen(person.login or "", person.name or "", is_new, row.expires_at)

    def choose_password(self, token: str, password: str, *, device: str, now: datetime) -> SignedIn | CodeAsked:
        """
        Choose a password by a link, and be signed in as `Identity.sign_in` does: after a second step, where it is on.

        The link opens nothing any more; nor does where one was signed in.

        Raises:
            LinkNotValid: As `password_link`.
            Refused: The password is too short, or easily guessed; the link holds still.
            InvalidRequest: It is longer than 256 characters.
        """
        require_text("password", password, longest=LONGEST)
        with self._database.writing() as session:
            row = _held(session, PasswordLinkRow, token, now)
            refuse(reasons_against_password(password, _person(session, row.actor_id).login or ""))
            actor = ActorId(row.actor_id)
            set_new(session, actor, password, now)
            return let_in(session, actor, device, now)

    def open_meeting(
        self, body: str, role: Role, *, hours: int, places: int, by: ActorId, now: datetime
    ) -> MeetingOpened:
        """
        Make a link for a meeting, by which those who are there enter themselves. Each call makes another.

        Args:
            body: A municipality for employees, a network for members.
            hours: How long it opens, 1 to 12.
            places: How many may enter, 1 to 60.

        Raises:
            NotAllowed: As `People.grant`.
            InvalidRequest: Another role or body, too many hours or places.
        """
        for what, value, most in (("hours", hours, MOST_HOURS), ("places", places, MOST_PLACES)):
            if not 1 <= value <= most:
                raise InvalidRequest(what=what, value=value, expected=f"1–{most}")
        with self._database.writing() as session:
            kind, _, which = body.partition(":")
            if kind == "municipality":
                body = municipality_body(get_municipality(session, which).number)
            elif kind == "network":
                body = network_body(get_network_id(session, which))
            if role not in JOINED_AS or not belongs(role, body):
                raise InvalidRequest(what="role", value=role.value, expected=body)
            refuse(reasons_against(get_actor(session, by), Verb.MANAGE_PEOPLE, body, norwegian_day(now)))
            session.execute(delete(MeetingLinkRow).where(col(MeetingLinkRow.expires_at) < now))
            token = secrets.token_urlsafe(_SECRET_BYTES)
            row = MeetingLinkRow(
                id=_kept(token), body=body, role=role.value, made_by=by, made_at=now,
                expires_at=now + timedelta(hours=hours), places_left=places,
            )  # fmt: skip
            session.add(row)
            return MeetingOpened(row.id[:_KEY], token, body, role, row.expires_at)

    def meetings(self, *, by: ActorId, now: datetime) -> Sequence[MeetingSeen]:
        """Give the meetings that somebody opened and that are open still, the newest first."""
        with self._database.reading() as session:
            rows = session.exec(
                select(MeetingLinkRow)
                .where(MeetingLinkRow.made_by == by, col(MeetingLinkRow.expires_at) >= now)
                .order_by(col(MeetingLinkRow.made_at).desc(), col(MeetingLinkRow.id))
            )
            return [_meeting(row) for row in rows]

    def close_meeting(self, key: str, *, by: ActorId) -> bool:
        """Let nobody more enter by one of one's own links; tells whether there was one. Others' are not touched."""
        with self._database.writing() as session:
            rows = session.exec(select(MeetingLinkRow).where(MeetingLinkRow.made_by == by)).all()
            mine = [row for row in rows if key and row.id[:_KEY] == key]
            for row in mine:
                session.delete(row)
            return bool(mine)

    def meeting(self, token: str, *, now: datetime) -> MeetingSeen:
        """
        Give what a link for a meeting opens.

        Raises:
            LinkNotValid: It is too old, full, closed, or never was; nobody is told which.
        """
        with self._database.reading() as session:
            return _meeting(_open(session, MeetingLinkRow, token, now))

    def join(
        self, token: str, login: str, name: str, password: str, *, municipality: str | None, device: str, now: datetime,
        decision_id: DecisionId,
    ) -> SignedIn | CodeAsked:  # fmt: skip
        """
        Enter oneself by a link for a meeting, with a password of one's own, and be signed in.

        That somebody came, and their roles, are decisions of whoever made the link, in one act. Called a second time it signs
        in once more.

        Args:
            login: The address of e-mail at work, by which one signs in.
            municipality: Where one works: number, name or slug. Asked for where the role is in a network.

        Raises:
            LinkNotValid: As `meeting`.
            LoginTaken: Somebody signs in by that name already: they need no link, or one for a forgotten password.
            Refused: The password is too short, or easily guessed.
            NotAllowed: Whoever made the link may not give roles there any more.
            InvalidRequest: A name or the municipality is missing or none.
        """
        login, name = login.strip().casefold(), name.strip()
        address = login if "@" in login else None
        require_text("password", password, longest=LONGEST)
        refuse(reasons_against_password(password, login))
        require_name(login, name, address)
        with self._database.reading() as session:
            row = _open(session, MeetingLinkRow, token, now, may_be_full=True)
            maker, roles = ActorId(row.made_by), [(Role(row.role), row.body)]
            if row.role == Role.MEMBER.value:
                if not municipality:
                    raise InvalidRequest(what="municipality", value="", expected="Fauske")
                works_in = municipality_body(get_municipality(session, municipality).number)
                roles.insert(0, (Role.EMPLOYEE, works_in))
        request = {"roles": [[role.value, body] for role, body in roles]}
        with self._decisions.act(decision_id, "join", request, by=maker, now=now) as act:
            if act.is_repeat:
                require_same_person(act, login, name, address)
            else:
                _take_place(act.session, token, now)
                new = record_person(act, login, name, address)
                for role, body in roles:
                    actor = get_actor(act.session, maker)
                    refuse(reasons_against(actor, Verb.MANAGE_PEOPLE, body, act.today))
                    by_role = roles_for(actor, Verb.MANAGE_PEOPLE, body, act.today)[0]
                    record_role(act, new, Grant(role, body, act.today), by_role)
                set_new(act.session, new, password, now)
        entered = ActorId(act.decisions[0].facts["actor"])
        with self._database.writing() as session:
            account = session.get(AccountRow, entered)
            if account is None or not is_right(account.password_hash, password):
                refuse([WrongSignIn()])
            return let_in(session, entered, device, now)


def reasons_against_helping(session: Session, maker: Actor, receiver: Actor, now: datetime) -> list[Because]:
    """Say why somebody may not let another in anew, by a link or without the second step; empty means they may."""
    today = norwegian_day(now)
    if not reasons_against(maker, Verb.KEEP_ORDER, LIBRARY, today):
        return []
    # Roles to come count too: the password would be known when they begin.
    bodies = {one.body for one in receiver.grants if one.until_on is None or one.until_on > today}
    if not bodies:
        added = session.exec(
            select(DecisionRow.body)
            .join(ActorRow, col(ActorRow.created_number) == col(DecisionRow.number))
            .where(ActorRow.id == receiver.id)
        ).first()
        bodies = {added or LIBRARY}
    may_all = not any(reasons_against(maker, Verb.MANAGE_PEOPLE, body, today) for body in bodies)
    return [] if may_all else [MayNotHelp()]


def _held(session: Session, kind: type[_Row], token: str, now: datetime) -> _Row:
    """As `_open`, and let nobody else change it meanwhile."""
    session.get(kind, _kept(token), with_for_update=True)
    return _open(session, kind, token, now)


def _open(session: Session, kind: type[_Row], token: str, now: datetime, *, may_be_full: bool = False) -> _Row:
    """
    Give the row of a link that holds.

    Raises:
        LinkNotValid: There is none.
    """
    row = session.get(kind, _kept(token)) if _TOKEN.fullmatch(token) else None
    is_full = isinstance(row, MeetingLinkRow) and row.places_left < 1 and not may_be_full
    if row is None or row.expires_at < now or is_full:
        raise LinkNotValid
    return row


def _person(session: Session, actor: str) -> PersonRow:
    query = select(PersonRow).join(ActorRow, col(ActorRow.person_id) == col(PersonRow.id))
    return session.exec(query.where(ActorRow.id == actor)).one()


def _take_place(session: Session, token: str, now: datetime) -> None:
    row = _held(session, MeetingLinkRow, token, now)
    row.places_left -= 1
    session.add(row)


def _meeting(row: MeetingLinkRow) -> MeetingSeen:
    return MeetingSeen(row.id[:_KEY], row.body, Role(row.role), row.expires_at, row.places_left)


def new_password_link(
    session: Session, actor: ActorId, *, by: ActorId, now: datetime, lasts: timedelta
) -> PasswordLink:
    """
    Write down a link for somebody's password; the caller knows that they may have one.

    Earlier ones by the same maker open nothing any more. What somebody else made for them stands: who asks in another's name
    must not take away the link that they were given.
    """
    session.execute(
        delete(PasswordLinkRow).where(
            or_(
                (col(PasswordLinkRow.actor_id) == actor) & (col(PasswordLinkRow.made_by) == by),
                col(PasswordLinkRow.expires_at) < now,
            )
        )
    )
    token = secrets.token_urlsafe(_SECRET_BYTES)
    row = PasswordLinkRow(id=_kept(token), actor_id=actor, made_by=by, made_at=now, expires_at=now + lasts)
    session.add(row)
    return PasswordLink(actor, token, row.expires_at)


def _kept(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
