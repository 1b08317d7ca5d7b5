"""
A second step after the password: a code that one's telephone shows, as RFC 6238 says, or a recovery code.

Whoever learns a password, or is given one by a form that looks like ours, is not in. A code is taken once, and one of half a
minute before or after is taken too, since clocks differ. Wrong ones are counted as wrong passwords are, apart from them: who
knows no password can keep nobody out here. Nothing of it is a decision, as nothing of signing in is.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, delete

from samrutine.actors import ActorId
from samrutine.identity.links import reasons_against_helping
from samrutine.identity.model import SignedIn, TooManyTries, WrongSignIn, minutes_left, wait_after
from samrutine.identity.passwords import LONGEST, is_right
from samrutine.identity.sealing import Sealing
from samrutine.identity.service import counted_try, half_of, login_of, opened, right_password
from samrutine.networks.directory import get_actor
from samrutine.reasons import Because, refusal, refuse
from samrutine.storage.rows import AccountRow, HalfSignInRow, SecondStepRow, WebSessionRow
from samrutine.storage.sql import Database

STEP_SECONDS: Final = 30
DRIFT: Final = 1
"""Steps that a clock may be ahead or behind."""
RECOVERY_CODES: Final = 10
ISSUER: Final = "Samrutine"
"""What an app on a telephone calls us."""
_DIGITS: Final = 6
_RECOVERY_SIGNS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that look like others on paper."""
_RECOVERY_LENGTH: Final = 16
_GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class SecondStepBegun:
    """
    What a telephone is told. It is shown this once, and asks for a code before it holds.

    Attributes:
        secret: In letters and digits, for whoever types it.
        address: The same for an app, as the square that it reads holds it.
    """

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class SecondStepSeen:
    """
    What somebody sees of their own second step.

    Attributes:
        since: When it was turned on; None where it is off.
        codes_left: Recovery codes that were not used.
        has_password: Whether one signs in by a password here, which is what it stands behind.
    """

    since: datetime | None
    codes_left: int
    has_password: bool


@dataclass(frozen=True)
class WrongCode(Because):
    """The code is wrong, too old, or was used; nobody is told which."""

    about_who = True


@dataclass(frozen=True)
class SignInTooOld(Because):
    """The password was given too long ago, or somewhere else; one begins anew."""

    about_who = True


@dataclass(frozen=True)
class SecondStepOn(Because):
    """The second step is on already."""

    settled = True


@dataclass(frozen=True)
class SecondStepOff(Because):
    """There is no second step to turn off, or none was begun."""

    settled = True


@dataclass(frozen=True)
class OwnSecondStep(Because):
    """One turns one's own off with password and code, so that a borrowed browser is not enough."""

    settled = True


@dataclass(frozen=True)
class SecondStepKeyGone(Because):
    """The key that opens what telephones make codes of is not on this machine any more; recovery codes open still."""

    about_who = True


class SecondSteps:
    """The second steps of an opened library."""

    def __init__(self, database: Database, sealing: Sealing) -> None:
        self._database = database
        self._sealing = sealing

    def second_step(self, *, by: ActorId) -> SecondStepSeen:
        """Give what there is of one's own."""
        with self._database.reading() as session:
            row, account = session.get(SecondStepRow, by), session.get(AccountRow, by)
            has_password = account is not None and account.password_hash is not None
            if row is None or row.turned_on_at is None:
                return SecondStepSeen(None, 0, has_password)
            return SecondStepSeen(row.turned_on_at, len(row.recovery_codes.split()), has_password)

    def begin(self, password: str, *, by: ActorId, now: datetime) -> SecondStepBegun:
        """
        Begin to turn on one's own second step. Nothing is asked for before it is confirmed; a second call begins anew.

        Raises:
            Refused: It is on already.
            NotAllowed: The password is wrong, there is none, or there were too many wrong ones.
        """
        with self._database.reading() as session:
            _require_off(session.get(SecondStepRow, by))
            login = login_of(session, by)
        known = self._known_password(password, by, now)
        import pyotp

        secret = pyotp.random_base32()
        # Before the database waits for it: it may make a file.
        sealed = self._sealing.sealed(secret, by)
        with self._database.writing() as session:
            right_password(session, by, known, password)
            row = session.get(SecondStepRow, by, with_for_update=True)
            _require_off(row)
            row = row or SecondStepRow(actor_id=by, secret=sealed, made_at=now)
            row.secret, row.made_at, row.last_step, row.failures, row.wait_until = sealed, now, 0, 0, None
            session.add(row)
        return SecondStepBegun(secret, pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER))

    def confirm(self, code: str, *, by: ActorId, now: datetime) -> Sequence[str]:
        """
        Turn on one's own second step, by a code that the telephone shows. Gives ten recovery codes, shown this once.

        Raises:
            Refused: It is on already, or was not begun.
            NotAllowed: The code is wrong, or there were too many wrong ones.
        """
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
        with self._database.writing() as session:
            row = session.get(SecondStepRow, by, with_for_update=True)
            _require_off(row)
            if row is None:
                raise refusal([SecondStepOff()])
            if is_taken := self._takes(session, row, code, now):
                row.turned_on_at = now
                row.recovery_codes = " ".join(_kept_code(one) for one in codes)
                session.add(row)
        if not is_taken:
            raise refusal([WrongCode()])
        return [_grouped(one) for one in codes]

    def end(self, password: str, code: str, *, by: ActorId, now: datetime) -> None:
        """
        Turn off one's own second step.

        Raises:
            Refused: It is off.
            NotAllowed: Password or code is wrong, or there were too many wrong ones.
        """
        with self._database.reading() as session:
            _require_on(session.get(SecondStepRow, by))
        known = self._known_password(password, by, now)
        with self._database.writing() as session:
            right_password(session, by, known, password)
            row = _require_on(session.get(SecondStepRow, by, with_for_update=True))
            if is_taken := self._takes(session, row, code, now):
                _forget(session, by)
        if not is_taken:
            raise refusal([WrongCode()])

    def remove(self, who: str, *, by: ActorId, now: datetime) -> None:
        """
        Turn off somebody else's second step, who lost their telephone. The password stands, and they are signed in nowhere.

        Args:
            who: Actor id or sign-in name.

        Raises:
            PersonNotFound: Nobody has that id or name.
            NotAllowed: As `Links.invite`.
            Refused: It is one's own, or is off.
        """
        with self._database.writing() as session:
            receiver, maker = get_actor(session, who), get_actor(session, by)
            if receiver.id == by:
                refuse([OwnSecondStep()])
            refuse(reasons_against_helping(session, maker, receiver, now))
            _require_on(session.get(SecondStepRow, receiver.id, with_for_update=True))
            _forget(session, receiver.id)
            session.execute(delete(WebSessionRow).where(col(WebSessionRow.actor_id) == receiver.id))

    def give_code(self, token: str, code: str, *, now: datetime) -> SignedIn:
        """
        Sign somebody in whose password was right, by a code that the telephone shows or a recovery code.

        Raises:
            NotAllowed: The code is wrong, there were too many wrong ones, or the password was given too long ago.
        """
        with self._database.writing() as session:
            half = half_of(session, token, now)
            row = session.get(SecondStepRow, half.actor_id, with_for_update=True) if half is not None else None
            if half is None or row is None or row.turned_on_at is None:
                # Was it turned off meanwhile, the password is asked for once more.
                raise refusal([SignInTooOld()])
            if self._takes(session, row, code, now):
                session.delete(half)
                return opened(session, ActorId(half.actor_id), half.device, now)
        raise refusal([WrongCode()])

    def _known_password(self, password: str, by: ActorId, now: datetime) -> str:
        with self._database.writing() as session:
            known = counted_try(session, by, now)
        # Looked at while nobody waits for the database.
        if not is_right(known, password[:LONGEST]) or known is None:
            raise refusal([WrongSignIn()])
        return known

    def _takes(self, session: Session, row: SecondStepRow, code: str, now: datetime) -> bool:
        """Tell whether a code is right, and note that it was used; or that one more was wrong. The row is held by the caller."""
        if row.wait_until is not None and row.wait_until > now:
            raise refusal([TooManyTries(minutes_left(row.wait_until - now))])
        is_taken = self._is_shown(row, code, now) or _is_recovery(row, code)
        row.failures = 0 if is_taken else row.failures + 1
        wait = wait_after(row.failures)
        row.wait_until = now + wait if wait else None
        session.add(row)
        return is_taken

    def _is_shown(self, row: SecondStepRow, code: str, now: datetime) -> bool:
        given = "".join(code.split())
        if len(given) != _DIGITS or not (given.isascii() and given.isdecimal()):
            return False
        secret = self._sealing.opened(row.secret, row.actor_id)
        if secret is None:
            raise refusal([SecondStepKeyGone()])
        import pyotp

        present, codes = int(now.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
        for step in range(present - DRIFT, present + DRIFT + 1):
            if step > row.last_step and hmac.compare_digest(codes.generate_otp(step), given):
                row.last_step = step
                return True
        return False


def _is_recovery(row: SecondStepRow, code: str) -> bool:
    given = "".join(code.replace("-", " ").split()).upper()
    kept, left = _kept_code(given), row.recovery_codes.split()
    if len(given) != _RECOVERY_LENGTH or kept not in left:
        return False
    row.recovery_codes = " ".join(one for one in left if one != kept)
    return True


def _require_off(row: SecondStepRow | None) -> None:
    if row is not None and row.turned_on_at is not None:
        refuse([SecondStepOn()])


def _require_on(row: SecondStepRow | None) -> SecondStepRow:
    if row is None or row.turned_on_at is None:
        raise refusal([SecondStepOff()])
    return row


def _forget(session: Session, actor: ActorId) -> None:
    session.execute(delete(SecondStepRow).where(col(SecondStepRow.actor_id) == actor))
    session.execute(delete(HalfSignInRow).where(col(HalfSignInRow.actor_id) == actor))


def _recovery_code() -> str:
    return "".join(secrets.choice(_RECOVERY_SIGNS) for _ in range(_RECOVERY_LENGTH))


def _grouped(code: str) -> str:
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _kept_code(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
