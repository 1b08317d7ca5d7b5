"""Who gets letters, what they want, and what the links in them open."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, delete, or_, select

from samrutine.actors import ActorId
from samrutine.errors import InvalidRequest, LinkNotValid
from samrutine.letters.model import Choice
from samrutine.letters.writing import LANGUAGES
from samrutine.procedures.model import AccessClass
from samrutine.storage.rows import (
    ActorRow,
    CalendarFeedRow,
    LetterChoiceRow,
    LetterLinkRow,
    LetterRow,
    LibraryRow,
    PersonRow,
    ProcedureRow,
    ProposalRow,
)
from samrutine.storage.sql import Database

STOP: Final = "stop"
"""Where the link leads by which one gets no more weekly letters."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody whom letters reach."""

    actor: str
    name: str | None
    address: str
    language: str | None
    weekly: bool


@dataclass(frozen=True, slots=True)
class LetterLink:
    """What a link in a letter is: for whom, and to which page."""

    actor: ActorId
    page: str


class LetterPeople:
    """What people want of letters, and the links that they got."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def choice(self, *, by: ActorId) -> Choice:
        """Give what somebody wants."""
        with self._database.reading() as session:
            row = session.get(LetterChoiceRow, by)
            return Choice(row.weekly, row.language) if row is not None else Choice(weekly=True, language=None)

    def has_address(self, *, by: ActorId) -> bool:
        """Tell whether letters to somebody arrive anywhere."""
        with self._database.reading() as session:
            return bool(reached(session, [by]))

    def choose(self, *, weekly: bool, language: str | None, by: ActorId) -> None:
        """
        Say what one wants.

        Args:
            language: In which language letters are; the library's when None.

        Raises:
            InvalidRequest: There are no letters in that language.
        """
        if language is not None and language not in LANGUAGES:
            raise InvalidRequest(what="language", value=language[:20], expected=", ".join(LANGUAGES))
        with self._database.writing() as session:
            session.merge(LetterChoiceRow(actor_id=by, weekly=weekly, language=language))

    def link(self, token: str, *, now: datetime) -> LetterLink:
        """
        Give what a link in a letter opens.

        Raises:
            LinkNotValid: It is too old, or never was; nobody is told which.
        """
        with self._database.reading() as session:
            row = session.get(LetterLinkRow, kept(token)) if _TOKEN.fullmatch(token) else None
            if row is None or row.expires_at < now:
                raise LinkNotValid
            return LetterLink(ActorId(row.actor_id), row.address)

    def stop(self, token: str, *, now: datetime) -> None:
        """
        Send somebody no more weekly letters, by the link in one. Asked for again it is so already.

        Raises:
            LinkNotValid: As `link`; or it is a link to something else.
        """
        found = self.link(token, now=now)
        if found.page != STOP:
            raise LinkNotValid
        self.choose(weekly=False, language=self.choice(by=found.actor).language, by=found.actor)


def reached(session: Session, actors: Sequence[str] | None) -> list[Reached]:
    """
    Give those whom letters reach, by actor id: by their address, or by the one they sign in with.

    Args:
        actors: Of these; of everybody when None.
    """
    query = (
        select(ActorRow.id, PersonRow, LetterChoiceRow)
        .join(PersonRow, col(PersonRow.id) == col(ActorRow.person_id))
        .outerjoin(LetterChoiceRow, col(LetterChoiceRow.actor_id) == col(ActorRow.id))
        .where(ActorRow.kind == "person", col(PersonRow.erased_at).is_(None))
        .order_by(col(ActorRow.id))
    )
    if actors is not None:
        query = query.where(col(ActorRow.id).in_(list(actors)))
    usual = session.exec(select(LibraryRow.language)).first()
    found = []
    rows: Iterable[tuple[str, PersonRow, LetterChoiceRow | None]] = session.exec(query)
    for actor, person, wants in rows:
        address = person.email or (person.login if person.login and "@" in person.login else None)
        if address:
            language = (wants.language if wants else None) or usual
            found.append(Reached(actor, person.name, address, language, wants is None or wants.weekly))
    return found


def exempt_of(session: Session, keys: Iterable[str | None]) -> frozenset[str]:
    """Give those of some routines and proposals whose very title is told nobody outside."""
    wanted = sorted({key for key in keys if key})
    routines = select(ProcedureRow.id).where(
        col(ProcedureRow.id).in_(wanted), ProcedureRow.access == AccessClass.EXEMPT
    )
    drafts = select(ProposalRow.id).where(
        or_(col(ProposalRow.id).in_(wanted), col(ProposalRow.procedure_id).in_(wanted)),
        ProposalRow.access == AccessClass.EXEMPT,
    )
    return frozenset(session.exec(routines)) | frozenset(session.exec(drafts))


def forget_letters(session: Session, actor: str) -> None:
    """Take away the letters of somebody who is erased, their links, what they chose, and their calendar."""
    for row in (LetterRow, LetterLinkRow, LetterChoiceRow, CalendarFeedRow):
        session.execute(delete(row).where(col(row.actor_id) == actor))


def kept(token: str) -> str:
    """Give what the database keeps of a secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
