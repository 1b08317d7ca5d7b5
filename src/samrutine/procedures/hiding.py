"""
What is hidden from a reader, asked with columns alone.

Search from the shell asks this too, and people wait for it: the tables' own classes take 0.2 s to import. Everybody else
goes by `procedures.access`. Two statements, whoever reads and whatever is found, so that their number says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Date,
    Integer,
    Select,
    TableClause,
    bindparam,
    cast,
    column,
    null,
    or_,
    select,
    table,
)

from samrutine.actors import ANYBODY, SYSTEM, Actor, ActorId, Grant, Role
from samrutine.errors import PersonNotFound
from samrutine.procedures.access_rules import INSIDE, Reader, may_read
from samrutine.procedures.model import AccessClass

PROCEDURES: Final = table(
    "procedure",
    column("id"),
    column("digest"),
    column("access"),
    column("network"),
    column("co_networks"),
    column("withdrawn_number"),
)
VERSIONS: Final = table(
    "version", column("procedure_id"), column("digest"), column("access"), column("major", Integer),
    column("minor", Integer),
)  # fmt: skip
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
    as `circle_of` gives them. `versions` are those of `digests` by name and number. `classes` are those whose routines
    are guarded at all, and `shown` the routines of these that are not hidden; what asks for all texts leaves them empty.
    """

    procedures: frozenset[str]
    digests: frozenset[str]
    circles: frozenset[str] = field(default_factory=frozenset)
    versions: frozenset[tuple[str, int, int]] = field(default_factory=frozenset)
    classes: tuple[str, ...] = ()
    shown: frozenset[str] = field(default_factory=frozenset)


NOTHING_HIDDEN: Final = HiddenTexts(frozenset(), frozenset())
"""For what acts in the library's own name, such as a publisher that must see all to leave some out."""


def reader_on(connection: Connection, reader: str | None) -> Reader:
    """
    Give the reader of that id or sign-in name, with roles; somebody unknown inside when None, and outside when `ANYBODY`.

    Raises:
        PersonNotFound: Nobody has that id or name.
    """
    if reader is None:
        return INSIDE
    if reader == ANYBODY:
        return Reader(anonymous=True)
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
    return _judged(connection, _versions_guarded(reader.anonymous), reader, today)


def hidden_by_name_on(
    connection: Connection, reader: Reader, today: date, *, procedure: str | None = None
) -> HiddenTexts:
    """
    Give `hidden_on` for one who knows which procedure a digest belongs to.

    `digests` are only those of routines that are not hidden whole, and `circles` lack the routines that still are exempt.

    Args:
        procedure: What is asked about, where it is one alone: then nothing is said of others.
    """
    query = _guarded(reader.anonymous, one=procedure is not None)
    return _judged(connection, query, reader, today, {} if procedure is None else {"one": procedure})


def hidden_procedures_on(connection: Connection, reader: Reader, today: date) -> frozenset[str]:
    """Give the `procedures` of `hidden_on` alone."""
    return _judged(connection, _procedures_guarded(reader.anonymous), reader, today).procedures


def _judged(
    connection: Connection,
    query: Select[Any] | CompoundSelect[Any],
    reader: Reader,
    today: date,
    asked: Mapping[str, str] | None = None,
) -> HiddenTexts:
    @cache
    def hides(access: str, network: str, co_networks: str) -> bool:
        return not may_read(reader, AccessClass(access), (network, *co_networks.split()), today)

    procedures, digests, circles, versions, shown = set(), set(), set(), set(), set()
    for name, access, network, co_networks, digest, of_version, major, minor in connection.execute(query, asked):
        if hides(access, network, co_networks):
            procedures.add(name)
        elif digest is None:
            shown.add(name)
        if digest is None:
            continue
        if name in procedures or hides(of_version or access, network, co_networks):
            digests.add(digest)
            versions.add((name, major, minor))
        elif is_exempt(access, of_version):
            circles.add(circle_of(network, co_networks))
    return HiddenTexts(
        frozenset(procedures), frozenset(digests), frozenset(circles), frozenset(versions),
        _classes(anonymous=reader.anonymous), frozenset(shown),
    )  # fmt: skip


_VERSIONS: Final = select(
    PROCEDURES.c.id, PROCEDURES.c.access, PROCEDURES.c.network, PROCEDURES.c.co_networks, VERSIONS.c.digest,
    VERSIONS.c.access.label("of_version"), VERSIONS.c.major, VERSIONS.c.minor,
).select_from(PROCEDURES.join(VERSIONS, VERSIONS.c.procedure_id == PROCEDURES.c.id))  # fmt: skip


# Made once: to put a statement together takes as long as the few rows that it gives.


@cache
def _versions_guarded(anonymous: bool) -> CompoundSelect[Any]:  # noqa: FBT001  one key of a cache
    """Every version of a procedure that is guarded, and guarded ones of those that are not."""
    # Two halves that share no row, each by its own index: one condition over both tables reads every version there is.
    return _VERSIONS.where(_is_guarded(PROCEDURES, anonymous=anonymous)).union_all(_opened_since(anonymous))


@cache
def _opened_since(anonymous: bool) -> Select[Any]:  # noqa: FBT001  one key of a cache
    """Guarded versions of procedures that are not."""
    others = select(PROCEDURES.c.id).where(_is_guarded(PROCEDURES, anonymous=anonymous))
    return _VERSIONS.where(_is_guarded(VERSIONS, anonymous=anonymous), VERSIONS.c.procedure_id.not_in(others))


@cache
def _procedures_guarded(anonymous: bool) -> Select[Any]:  # noqa: FBT001  one key of a cache
    """Every procedure that is guarded, without its versions."""
    row = PROCEDURES.c
    whole = select(
        row.id,
        row.access,
        row.network,
        row.co_networks,
        null().label("digest"),
        null().label("of_version"),
        cast(null(), Integer).label("major"),
        cast(null(), Integer).label("minor"),
    )
    return whole.where(_is_guarded(PROCEDURES, anonymous=anonymous))


@cache
def _guarded(anonymous: bool, *, one: bool) -> CompoundSelect[Any]:  # noqa: FBT001  one key of a cache
    """Those, and guarded versions of those that are not; of one procedure alone, when so asked."""
    whole, since = _procedures_guarded(anonymous), _opened_since(anonymous)
    if one:
        whole, since = (each.where(PROCEDURES.c.id == bindparam("one")) for each in (whole, since))
    return whole.union_all(since)


def _classes(*, anonymous: bool) -> tuple[str, ...]:
    return (AccessClass.EXEMPT.value, *([AccessClass.INTERNAL.value] if anonymous else []))


def _is_guarded(where: TableClause, *, anonymous: bool) -> ColumnElement[bool]:
    first, *others = _classes(anonymous=anonymous)
    # One class is the common case, and a list is put into the statement anew each time that it is asked.
    return where.c.access.in_([first, *others]) if others else where.c.access == first


def is_exempt(access: str, of_version: str | None) -> bool:
    """Whether a version is read as exempt: it is, or the routine now is."""
    return AccessClass.EXEMPT.value in {access, of_version}


def circle_of(network: str, co_networks: str) -> str:
    """Name the circle of readers of an exempt text by its networks: sorted, with spaces between."""
    return " ".join(sorted({network, *co_networks.split()}))
