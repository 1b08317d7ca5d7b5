"""
A link for a new password by e-mail, to whoever forgot theirs.

Whoever asks is told the same whether there is somebody of that name, an address of theirs, or a letter on its way: else the
page would tell who is in the library. A link opens for a day, once, and never past a second step.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, func, or_, select

from samrutine.actors import ActorId
from samrutine.identity.links import new_password_link
from samrutine.letters.composing import Reader, password
from samrutine.letters.people import reached
from samrutine.letters.post import Post
from samrutine.letters.service import is_written, keep_letter
from samrutine.letters.writing import html_text, plain_text
from samrutine.storage.rows import ActorRow, PersonRow
from samrutine.storage.sql import Database

LASTS: Final = timedelta(days=1)
PAGE: Final = "/passord"
_LONGEST: Final = 254
"""Letters of an e-mail address, RFC 5321."""


class Forgotten:
    """Passwords that were forgotten."""

    def __init__(self, database: Database, post: Post, address: str) -> None:
        self._database = database
        self._post = post
        self._address = address.rstrip("/")

    def ask(self, name: str, *, now: datetime) -> None:
        """
        Write down a letter with a link for a new password, to whoever has that name or that address of their own.

        One an hour at most for each; the link of an earlier letter then opens nothing any more. The password that there is
        stands until a link is used. Who has no address, or shares theirs with others, gets none, and nobody is told.

        Raises:
            MailNotSet, MailPasswordUnusable: As `Post.require_set`.
        """
        self._post.require_set(self._address)
        wanted = name.strip().casefold()
        with self._database.writing() as session:
            actor = _whose(session, wanted) if 0 < len(wanted) <= _LONGEST else None
            person = next(iter(reached(session, [actor])), None) if actor is not None else None
            if person is None:
                return
            hour = f"{now:%Y%m%d%H}"
            letter = password(Reader(person.actor, person.name, person.language, now.date()), hour, PAGE)
            if is_written(session, letter.key):
                return
            link = new_password_link(session, ActorId(person.actor), by=ActorId(person.actor), now=now, lasts=LASTS)
            addresses = {PAGE: f"{self._address}{PAGE}/{link.token}"}
            keep_letter(
                session, letter, person.actor, now=now, plain=plain_text(letter, addresses, ""),
                html=html_text(letter, addresses, ""),
            )  # fmt: skip


def _whose(session: Session, wanted: str) -> str | None:
    """Give whose sign-in name it is, else whose address, where it is one person's alone."""
    found = session.exec(
        select(ActorRow.id, PersonRow.login)
        .join(PersonRow, col(PersonRow.id) == col(ActorRow.person_id))
        .where(
            ActorRow.kind == "person", col(PersonRow.erased_at).is_(None),
            or_(PersonRow.login == wanted, func.lower(col(PersonRow.email)) == wanted),
        )
    ).all()  # fmt: skip
    named = [actor for actor, login in found if login == wanted] or [actor for actor, _ in found]
    return named[0] if len(named) == 1 else None
