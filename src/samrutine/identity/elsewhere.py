"""
Sign in with another service, and connect one to who one is here.

Whoever comes back must be in the browser that went there, within ten minutes, once. Nothing that a service answers is a decision
here; that somebody is let in by it, and the roles it gives and takes back, are decisions of whoever the settings name for it.
"""

import base64
import hashlib
import hmac
import logging
import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlmodel import Session, col, delete, func, or_, select

from samrutine.actors import ActorId, Grant, Role, Verb, reasons_against, roles_for
from samrutine.days import norwegian_day
from samrutine.errors import PersonNotFound
from samrutine.identity.elsewhere_errors import ServiceNotFound
from samrutine.identity.elsewhere_model import (
    AWAITED,
    MOST_BEGUN,
    BegunElsewhere,
    CameBack,
    Connected,
    ConnectedToAnother,
    NameTakenHere,
    NotKnownHere,
    ServiceSilent,
    SignInNotCompleted,
    Told,
    Untrusted,
    Way,
    roles_told,
    told_by,
)
from samrutine.identity.sealing import Sealing
from samrutine.identity.service import opened
from samrutine.networks.directory import get_actor
from samrutine.networks.service import LOGIN, People, record_person, record_role
from samrutine.reasons import refusal, refuse
from samrutine.settings import SignInElsewhere, SignInKind, read_secret
from samrutine.storage.decisions import DecisionId, Decisions
from samrutine.storage.rows import ActorRow, BegunElsewhereRow, ConnectedRow, PersonRow, RoleGrantRow
from samrutine.storage.sql import Database

_LOG: Final = logging.getLogger("samrutine.identity")
_TOKEN_BYTES: Final = 32


class Elsewhere:
    """Services that people sign in with, in an opened library."""

    def __init__(
        self,
        database: Database,
        decisions: Decisions,
        sealing: Sealing,
        home: Path,
        settings: Sequence[SignInElsewhere],
    ) -> None:
        self._database = database
        self._decisions = decisions
        self._sealing = sealing
        self._home = home
        self._settings = {one.key: one for one in settings}

    def ways(self) -> Sequence[Way]:
        """Give the services, in the order of the settings."""
        return [Way(one.key, one.name) for one in self._settings.values()]

    def begin(self, service: str, *, back: str, next_page: str, by: ActorId | None, now: datetime) -> BegunElsewhere:
        """
        Begin to sign in with a service.

        Args:
            back: The whole address of ours that the service sends the browser back to; it knows it beforehand.
            next_page: Where they want to go.
            by: Who is signed in already, and would connect the service to who they are here.

        Raises:
            ServiceNotFound: There is no such service.
            Refused: It does not answer.
        """
        setting = self._setting(service)
        state, token = (secrets.token_urlsafe(_TOKEN_BYTES) for _ in range(2))
        # Imported here: what talks with other services takes a third of a second, and most who open a library never need it.
        from samrutine.identity.openid import SERVICES, Silent

        try:
            address = SERVICES.address(
                setting, back=back, state=state, nonce=_of(token, "nonce"), verifier=_of(token, "verifier")
            )
        except Silent as error:
            raise self._silent(setting, error) from error
        with self._database.writing() as session:
            session.execute(delete(BegunElsewhereRow).where(col(BegunElsewhereRow.expires_at) < now))
            if session.exec(select(func.count()).select_from(BegunElsewhereRow)).one() >= MOST_BEGUN:
                oldest = select(BegunElsewhereRow.id).order_by(col(BegunElsewhereRow.expires_at)).limit(1)
                session.execute(delete(BegunElsewhereRow).where(col(BegunElsewhereRow.id).in_(oldest)))
            session.add(
                BegunElsewhereRow(
                    id=_kept(state), browser=_kept(token), service=service, next_page=next_page, actor_id=by,
                    expires_at=now + AWAITED,
                )
            )  # fmt: skip
        return BegunElsewhere(address, token)

    def come_back(
        self, state: str, token: str, *, code: str, said_issuer: str | None, back: str, device: str, by: ActorId | None,
        now: datetime, decision_id: DecisionId,
    ) -> CameBack:  # fmt: skip
        """
        Sign in whoever comes back from a service, or connect it to who is signed in here.

        Somebody who is new is let in with the roles that the settings give for what the service says, and roles that it gave
        before and gives no more end. A second call is refused: a sign-in is awaited once.

        Args:
            token: What the browser held since it began.
            code: What the service gave the browser; empty where it refused.
            by: Who is signed in in that browser now.

        Raises:
            NotAllowed: It is awaited no more or was not begun in this browser, what the service says is not to be trusted, or
                nobody has let them in here.
            Refused: The service does not answer; or somebody else here has that account of it.
        """
        row = self._taken(state, token, now)
        setting = self._settings.get(row.service) if row is not None else None
        if row is None or setting is None:
            raise refusal([SignInNotCompleted("")])
        if not code or (row.actor_id is not None and row.actor_id != by):
            raise refusal([SignInNotCompleted(setting.name)])
        told = self._told(setting, token, code=code, said_issuer=said_issuer, back=back, now=now)
        subject = self._subject(setting, told)
        if row.actor_id is not None:
            self._connect(setting, subject, ActorId(row.actor_id), now)
            return CameBack(None, row.next_page)
        actor = self._known(setting, subject)
        if actor is None:
            actor = self._let_in(setting, told, subject, now, decision_id)
        else:
            self._give_and_take(setting, told, subject, actor, now, decision_id)
        with self._database.writing() as session:
            found = _connected(session, setting.key, subject)
            if found is None:
                raise refusal([NotKnownHere(setting.name)])
            found.used_at = now
            session.add(found)
            return CameBack(opened(session, actor, device, now), row.next_page)

    def connected(self, *, by: ActorId) -> Sequence[Connected]:
        """Give the services that one signs in with, by name."""
        with self._database.reading() as session:
            rows = session.exec(select(ConnectedRow).where(ConnectedRow.actor_id == by)).all()
            named = {key: one.name for key, one in self._settings.items()}
            found = [Connected(row.id, named.get(row.service, row.service), row.made_at, row.used_at) for row in rows]
            return sorted(found, key=lambda one: (one.name.casefold(), one.key))

    def disconnect(self, key: str, *, by: ActorId) -> bool:
        """Sign in with a service of one's own no more; gives whether there was one. Its roles here stay until they are taken back."""
        with self._database.writing() as session:
            row = session.get(ConnectedRow, key)
            if row is None or row.actor_id != by:
                return False
            session.delete(row)
            return True

    def _setting(self, service: str) -> SignInElsewhere:
        if service not in self._settings:
            raise ServiceNotFound(service=service)
        return self._settings[service]

    def _taken(self, state: str, token: str, now: datetime) -> BegunElsewhereRow | None:
        """Take what was begun, so that it is awaited no more; None for what was not begun in this browser, or is too old."""
        with self._database.writing() as session:
            row = session.get(BegunElsewhereRow, _kept(state), with_for_update=True)
            # Another browser's is left as it is: whoever sends somebody a link of theirs must not end it for them.
            if row is None or not hmac.compare_digest(row.browser, _kept(token)):
                return None
            session.delete(row)
            session.flush()
            session.expunge(row)
            return row if now < row.expires_at else None

    def _told(
        self, setting: SignInElsewhere, token: str, *, code: str, said_issuer: str | None, back: str, now: datetime
    ) -> Told:
        # As in `begin`.
        from samrutine.identity.openid import SERVICES, Silent

        try:
            issuer, claims = SERVICES.claims(
                setting, self._secret(setting), code=code, back=back, verifier=_of(token, "verifier"),
                said_issuer=said_issuer,
            )  # fmt: skip
            return told_by(setting, claims, issuer=issuer, nonce=_of(token, "nonce"), now=now)
        except Silent as error:
            raise self._silent(setting, error) from error
        except Untrusted as error:
            _LOG.warning("%s: what came back is not to be trusted (%s)", setting.key, error)
            raise refusal([SignInNotCompleted(setting.name)]) from error

    def _silent(self, setting: SignInElsewhere, error: Exception) -> Exception:
        _LOG.warning("%s: does not answer as it should (%s)", setting.key, error)
        return refusal([ServiceSilent(setting.name)])

    def _secret(self, setting: SignInElsewhere) -> str:
        if not setting.secret_file:
            return ""
        try:
            return read_secret(self._home, setting.secret_file)
        except ValueError as error:
            raise self._silent(setting, error) from error

    def _subject(self, setting: SignInElsewhere, told: Told) -> str:
        """Name who somebody is at a service, so that nobody reads it back: eleven figures are soon guessed without a key."""
        said = f"{setting.issuer}\0{told.subject}"
        if setting.kind is SignInKind.ANSATTPORTEN:
            return self._sealing.keyed(said)
        return hashlib.sha256(said.encode()).hexdigest()

    def _known(self, setting: SignInElsewhere, subject: str) -> ActorId | None:
        with self._database.reading() as session:
            row = _connected(session, setting.key, subject)
            return ActorId(row.actor_id) if row is not None else None

    def _connect(self, setting: SignInElsewhere, subject: str, actor: ActorId, now: datetime) -> None:
        with self._database.writing() as session:
            row = _connected(session, setting.key, subject)
            if row is not None and row.actor_id != actor:
                refuse([ConnectedToAnother(setting.name)])
            if row is None:
                session.add(_row(setting, subject, actor, now))

    def _let_in(
        self, setting: SignInElsewhere, told: Told, subject: str, now: datetime, decision_id: DecisionId
    ) -> ActorId:
        """
        Let somebody new in, with the roles that the settings give, in one act by whoever lets people in for the service.

        Raises:
            NotAllowed: The settings give them no role, or somebody here signs in by their name.
        """
        roles = roles_told(setting, told)
        if not roles or not told.name:
            raise refusal([NotKnownHere(setting.name)])
        with self._database.reading() as session:
            maker = self._maker(session, setting, [body for _, body in roles], norwegian_day(now))
            if maker is None:
                raise refusal([NotKnownHere(setting.name)])
            login = _login(session, setting, told, subject)
        request = {"service": setting.key, "roles": [[role.value, body] for role, body in roles]}
        with self._decisions.act(decision_id, "sign_in_elsewhere", request, by=maker, now=now) as act:
            session = act.session
            if act.is_repeat:
                return ActorId(act.decisions[0].facts["actor"])
            # Two windows may come back at one time.
            if (there := _connected(session, setting.key, subject)) is not None:
                return ActorId(there.actor_id)
            new = record_person(act, login, told.name[:200], login if "@" in login else None)
            for role, body in roles:
                actor = get_actor(session, maker)
                refuse(reasons_against(actor, Verb.MANAGE_PEOPLE, body, act.today))
                record_role(
                    act, new, Grant(role, body, act.today), roles_for(actor, Verb.MANAGE_PEOPLE, body, act.today)[0]
                )
            row = _row(setting, subject, new, now)
            row.roles = _lines(roles)
            session.add(row)
            return new

    def _give_and_take(
        self, setting: SignInElsewhere, told: Told, subject: str, actor: ActorId, now: datetime, decision_id: DecisionId
    ) -> None:
        """Give the roles that the service gives now, and take back those that it gave before and gives no more."""
        wanted, today = set(roles_told(setting, told)), norwegian_day(now)
        with self._database.reading() as session:
            row = _connected(session, setting.key, subject)
            given = set(_roles(row.roles)) if row is not None else set()
            has = {(one.role, one.body) for one in get_actor(session, actor).grants if one.holds_on(today)}
            # What somebody here took back stays so, as long as the service goes on giving it.
            new = wanted - has - (given & _ended(session, actor))
            gone = (given - wanted) & has
            maker = self._maker(session, setting, [body for _, body in new | gone], today)
        if maker is None:
            return
        # Written down before they are given: one who is killed between must not keep a role that nobody takes back.
        self._write_roles(setting, subject, given | new)
        people = People(self._database, self._decisions)
        for n, (role, body) in enumerate(sorted(new)):
            one = DecisionId(f"{decision_id}-{n}")
            people.grant(actor, role, body, from_on=None, until_on=None, by=maker, now=now, decision_id=one)
        for n, (role, body) in enumerate(sorted(gone)):
            people.revoke(actor, role, body, by=maker, now=now, decision_id=DecisionId(f"{decision_id}-e{n}"))
        self._write_roles(setting, subject, (given & wanted) | new)

    def _maker(self, session: Session, setting: SignInElsewhere, bodies: Sequence[str], today: date) -> ActorId | None:
        """Give who lets people in for a service, where they may in all these bodies; None, told in the log, where not."""
        if not setting.let_in_by:
            return None
        try:
            maker = get_actor(session, setting.let_in_by)
        except PersonNotFound:
            maker = None
        if maker is None or any(reasons_against(maker, Verb.MANAGE_PEOPLE, body, today) for body in bodies):
            _LOG.warning("%s: let_in_by is nobody who may let people in there", setting.key)
            return None
        return maker.id

    def _write_roles(self, setting: SignInElsewhere, subject: str, roles: Collection[tuple[Role, str]]) -> None:
        with self._database.writing() as session:
            row = _connected(session, setting.key, subject)
            if row is not None and row.roles != (lines := _lines(sorted(roles))):
                row.roles = lines
                session.add(row)


def _login(session: Session, setting: SignInElsewhere, told: Told, subject: str) -> str:
    """
    Give the name that somebody new signs in by: one that the service says, or one of no meaning.

    Raises:
        NotAllowed: Somebody here has that name, or that address.
    """
    likely = [one for one in told.logins if LOGIN.fullmatch(one)]
    if likely:
        same = or_(col(PersonRow.login).in_(likely), func.lower(col(PersonRow.email)).in_(likely))
        taken = select(ActorRow.id).join(PersonRow, col(PersonRow.id) == col(ActorRow.person_id)).where(same)
        if session.exec(taken).first() is not None:
            raise refusal([NameTakenHere(setting.name)])
        return likely[0]
    return f"{setting.key}-{subject[:10]}"


def _connected(session: Session, service: str, subject: str) -> ConnectedRow | None:
    query = select(ConnectedRow).where(ConnectedRow.service == service, ConnectedRow.subject == subject)
    return session.exec(query).first()


def _ended(session: Session, actor: ActorId) -> set[tuple[Role, str]]:
    """Give the roles that somebody had, and that were taken back."""
    query = select(RoleGrantRow).where(RoleGrantRow.actor_id == actor, col(RoleGrantRow.ended_number).is_not(None))
    return {(Role(one.role), one.body) for one in session.exec(query)}


def _row(setting: SignInElsewhere, subject: str, actor: ActorId, now: datetime) -> ConnectedRow:
    key = hashlib.sha256(f"{setting.key}\0{subject}".encode()).hexdigest()[:16]
    return ConnectedRow(id=f"l-{key}", service=setting.key, subject=subject, actor_id=actor, made_at=now)


def _lines(roles: Sequence[tuple[Role, str]]) -> str:
    return "\n".join(f"{role.value} {body}" for role, body in roles)


def _roles(lines: str) -> list[tuple[Role, str]]:
    return [(Role(role), body) for role, _, body in (line.partition(" ") for line in lines.splitlines())]


def _of(token: str, what: str) -> str:
    """Give a secret that follows from what the browser holds, so that the database holds none."""
    made = hmac.new(token.encode("utf-8", "replace"), what.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def _kept(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
