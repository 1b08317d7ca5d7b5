"""
Which versions a search may find: the newest of each routine, or what applies where and when somebody asked.

Asked of SQL, with columns alone, since people wait for a search. Of each routine at most one version may be found, so
where several municipalities use different ones it is the newest of these; but where the search is limited to one, or one's own
come first, and it is among those asked for, it is the version that applies there.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from sqlalchemy import Connection, Date, Integer, column, select, table

from samrutine.networks.model import Municipality, MunicipalityNumber
from samrutine.procedures.hiding import PROCEDURES, HiddenTexts
from samrutine.procedures.model import Digest
from samrutine.search.choices import NO, Choices, day_of, yes_or_no
from samrutine.search.model import Applying, ApplyingFilter, NotUnderstood

MUNICIPALITIES: Final = table("municipality", column("number"), column("name"), column("slug"), column("sami_name"))
IN_FORCE: Final = table(
    "in_force", column("municipality"), column("procedure_id"), column("digest"), column("from_on", Date),
    column("until_on", Date), column("superseded_number"), column("major", Integer), column("minor", Integer),
)  # fmt: skip


@dataclass(slots=True)
class Asked:
    """
    Where and when what is found is to apply.

    `within` is the municipality that the whole search is limited to. `places` are those of which any will do,
    `not_places` those where it may not apply; `applies` is whether it must apply, or must not, anywhere or `within`.
    `mine` is the municipality whose own come first; it limits nothing.
    """

    day: date
    within: str | None = None
    mine: str | None = None
    places: set[str] = field(default_factory=set)
    not_places: set[str] = field(default_factory=set)
    not_days: set[date] = field(default_factory=set)
    applies: bool | None = None


def members(connection: Connection) -> list[Municipality]:
    """Give the municipalities of the library."""
    rows = connection.execute(select(MUNICIPALITIES).order_by(MUNICIPALITIES.c.number))
    return [Municipality(MunicipalityNumber(row.number), row.name, row.slug, row.sami_name) for row in rows]


def understand(conditions: Iterable[ApplyingFilter], choices: Choices, asked: Asked) -> tuple[NotUnderstood, ...]:
    """Add the conditions to what is asked for, and give those with a value that we do not know."""
    strange = []
    for one in conditions:
        when = day_of(one.value) if one.field is Applying.APPLIES else None
        said = yes_or_no(one.value) if one.field is Applying.APPLIES else None
        place = choices.find(Applying.MUNICIPALITY, one.value)
        if when is not None and one.excluded:
            asked.not_days.add(when)
        elif when is not None:
            asked.day = when
            asked.applies = True if asked.applies is None else asked.applies
        elif said is not None:
            asked.applies = (said != NO) is not one.excluded
        elif place is not None:
            (asked.not_places if one.excluded else asked.places).add(place.value)
        else:
            strange.append(choices.strange(one.field, one.value))
    return tuple(strange)


def allowed(connection: Connection, asked: Asked, hidden: HiddenTexts) -> dict[str, Digest]:
    """Give the versions that may be found, one of a routine at most, by routine."""
    if asked.applies is False:
        where = [asked.within, *asked.places] if asked.within else asked.places
        found = _without(_newest(connection, asked.day), _used(connection, asked.day, [one for one in where if one]))
    elif asked.places:
        found = _in_force(connection, asked.day, asked.places)
        if asked.within is not None:
            here = _in_force(connection, asked.day, [asked.within])
            found = {procedure: digest for procedure, digest in here.items() if procedure in found}
        elif asked.mine in asked.places:
            found.update(_of_mine(connection, asked, hidden))
    elif asked.within is not None:
        found = _in_force(connection, asked.day, [asked.within])
    elif asked.applies:
        found = {**_in_force(connection, asked.day, None), **_of_mine(connection, asked, hidden)}
    else:
        found = {**_newest(connection, asked.day), **_of_mine(connection, asked, hidden)}
    if asked.not_places:
        found = _without(found, _used(connection, asked.day, asked.not_places))
    for day in asked.not_days:
        found = _without(found, _used(connection, day, [asked.within] if asked.within else ()))
    return {procedure: digest for procedure, digest in found.items() if digest not in hidden.digests}


def not_in_use(connection: Connection, asked: Asked, hidden: HiddenTexts) -> dict[str, Digest]:
    """Give the newest versions of what the one municipality that a search is limited to does not use, by routine."""
    there = {one for one in (asked.within, *asked.places) if one}
    if asked.applies is False or len(there) != 1:
        return {}
    return allowed(connection, replace(asked, within=there.pop(), places=set(), applies=False), hidden)


def whose_own_texts(asked: Asked) -> str | None:
    """
    Give the municipality, by number, whose own texts may answer beside the shared ones.

    It is the one that the search is limited to, or the only one that is asked for; else one's own, unless others are asked for.
    What is in use nowhere has no texts of its own.
    """
    if asked.applies is False:
        return None
    if asked.within is not None or not asked.places or asked.mine in asked.places:
        return asked.within or asked.mine
    return next(iter(asked.places)) if len(asked.places) == 1 else None


def in_force_in_mine(connection: Connection, asked: Asked, hidden: HiddenTexts) -> frozenset[Digest]:
    """Give what applies in the municipality whose own come first."""
    return frozenset(_of_mine(connection, asked, hidden).values())


def _of_mine(connection: Connection, asked: Asked, hidden: HiddenTexts) -> dict[str, Digest]:
    found = {} if asked.mine is None else _in_force(connection, asked.day, [asked.mine])
    return {procedure: digest for procedure, digest in found.items() if digest not in hidden.digests}


def _newest(connection: Connection, day: date) -> dict[str, Digest]:
    """Give the newest version of each routine that is not withdrawn, or that applies anywhere on a day all the same."""
    row = PROCEDURES.c
    found = {one.id: one for one in connection.execute(select(row.id, row.digest, row.withdrawn_number))}
    withdrawn = {one for one, each in found.items() if each.withdrawn_number is not None}
    still_used = withdrawn and withdrawn & _used(connection, day, ())
    return {one: Digest(each.digest) for one, each in found.items() if one not in withdrawn or one in still_used}


def _in_force(connection: Connection, day: date, places: Collection[str] | None) -> dict[str, Digest]:
    """Give the newest version of each routine that applies in any of the places on a day; anywhere when None."""
    row = IN_FORCE.c
    query = (
        select(row.procedure_id, row.digest)
        .where(
            row.superseded_number.is_(None), row.from_on <= day, (row.until_on.is_(None)) | (row.until_on > day)
        )
        .order_by(row.major, row.minor)
    )  # fmt: skip
    if places is not None:
        query = query.where(row.municipality.in_(sorted(places)))
    return {found.procedure_id: Digest(found.digest) for found in connection.execute(query)}


def _used(connection: Connection, day: date, places: Collection[str]) -> set[str]:
    """Give the routines of which some version applies in any of the places; anywhere, when none is named."""
    return set(_in_force(connection, day, places or None))


def _without(found: dict[str, Digest], used: set[str]) -> dict[str, Digest]:
    return {procedure: digest for procedure, digest in found.items() if procedure not in used}
