"""
What is hidden from a reader, asked with columns alone.

Search from the shell asks this too, and people wait for it: the tables' own classes take 0.2 s to import. Everybody else
goes by `procedures.access`. Two statements, whoever reads and whatever is found, so that their number says nothing.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import Connection, Date, column, or_, select, table

from samrutine.actors import SYSTEM, Actor, ActorId, Grant, Role
from samrutine.errors import PersonNotFound
from samrutine.procedures.access_rules import INSIDE, Reader, may_read
from samrutine.procedures.model import AccessClass

PROCEDURES: Final = table(
    "procedure", column("id"), column("digest"), column("access"), column("network"), column("co_networks")
)
VERSIONS: Final = table("version", column("procedure_id"), column("digest"), column("access"))
ACTORS: Final = table("actor", column("id"), column("person_id"))
PERSONS: Final = table("person", column("id"), column("login"))
GRANTS: Final = table(
    "role_grant", column("actor_id"), column("body"), column("role"), column("from_on", Date), column("until_on", Date),
    column("ended_number"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HiddenTexts:
    """
    What a reader may not see, and where to look for what is exempt and theirs to see.

    `procedures` are hidden whole. `digests` are every version of those, and earlier exempt versions of routines that
    were opened since: their words stay exempt. `circles` are the networks of the exempt texts that the reader may read,
    as `circle_of` gives them.
    """

    procedures: frozenset[str]
    digests: frozenset[str]
    circles: frozenset[str] = field(default_factory=frozenset)


NOTHING_HIDDEN: Final = HiddenTexts(frozenset(), frozenset())
"""For what acts in the library's own name, such as a publisher that must see all to leave some out."""


def reader_on(connection: Connection, reader: str | None) -> Reader:
    """
    Give the reader of that id or sign-in name, with roles; somebody unknown inside when None.

    Raises:
        PersonNotFound: Nobody has that id or name.
    """
    if reader is None:
        return INSIDE
    known = ACTORS.outerjoin(PERSONS, PERSONS.c.id == ACTORS.c.person_id).outerjoin(
        GRANTS, (GRANTS.c.actor_id == ACTORS.c.id) & GRANTS.c.ended_number.is_(None)
    )
    rows = connection.execute(
        select(ACTORS.c.id, GRANTS.c.role, GRANTS.c.body, GRANTS.c.from_on, GRANTS.c.until_on)
        .select_from(known)
        .where(or_(ACTORS.c.id == reader, PERSONS.c.login == reader), ACTORS.c.id != SYSTEM)
    ).all()
    # One person's sign-in name may be another's id; the id goes first, as everywhere.
    named = reader if any(row.id == reader for row in rows) else rows[0].id if rows else None
    if named is None:
        raise PersonNotFound(person=reader)
    grants = [
        Grant(Role(row.role), row.body, row.from_on, row.until_on) for row in rows if row.id == named and row.role
    ]
    return Reader(Actor(ActorId(named), tuple(grants)))


def hidden_on(connection: Connection, reader: Reader, today: date) -> HiddenTexts:
    """
    Give what a reader may not see of what is faglig godkjent.

    Args:
        connection: To read by.
        reader: Whose eyes.
        today: The day on which roles must hold, a day in Norway.
    """
    guarded = [AccessClass.EXEMPT.value, *([AccessClass.INTERNAL.value] if reader.anonymous else [])]
    versions = select(
        PROCEDURES.c.id, PROCEDURES.c.access, PROCEDURES.c.network, PROCEDURES.c.co_networks, VERSIONS.c.digest,
        VERSIONS.c.access.label("of_version"),
    ).select_from(PROCEDURES.join(VERSIONS, VERSIONS.c.procedure_id == PROCEDURES.c.id))  # fmt: skip
    # Two halves, each by its own index: one condition over both tables reads every version there is.
    rows = connection.execute(
        versions.where(PROCEDURES.c.access.in_(guarded)).union(versions.where(VERSIONS.c.access.in_(guarded)))
    )
    procedures, digests, circles = set(), set(), set()
    for row in rows:
        networks = (row.network, *row.co_networks.split())
        hides = not may_read(reader, AccessClass(row.access), networks, today)
        if hides:
            procedures.add(row.id)
        if hides or not may_read(reader, AccessClass(row.of_version or row.access), networks, today):
            digests.add(row.digest)
        elif is_exempt(row.access, row.of_version):
            circles.add(circle_of(row.network, row.co_networks))
    return HiddenTexts(frozenset(procedures), frozenset(digests), frozenset(circles))


def is_exempt(access: str, of_version: str | None) -> bool:
    """Whether a version is read as exempt: it is, or the routine now is."""
    return AccessClass.EXEMPT.value in {access, of_version}


def circle_of(network: str, co_networks: str) -> str:
    """Name the circle of readers of an exempt text by its networks: sorted, with spaces between."""
    return " ".join(sorted({network, *co_networks.split()}))
