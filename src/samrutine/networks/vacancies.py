"""Posts that stand empty: what the rules count on somebody holding, and nobody does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session, col, or_, select

from samrutine.actors import LIBRARY, Role, municipality_body, network_body
from samrutine.networks.directory import municipalities
from samrutine.storage.rows import NetworkRow, RoleGrantRow

COUNTED_ON: Final = {
    "network": (Role.LEADER, Role.MEMBER),
    "municipality": (Role.RESPONSIBLE, Role.DECIDER),
    "library": (Role.EDITOR,),
}
"""The roles without which a body cannot do its part, by kind of body."""


@dataclass(frozen=True, slots=True)
class Vacancy:
    """
    A role that nobody holds in their own right.

    `name` is what people call the body, empty for the library itself. `has_deputy` says that somebody stands in, so that
    things go on, and `until_on` when that ends: the day after the deputy's last, None for no end or no deputy.
    """

    body: str
    name: str
    role: Role
    has_deputy: bool
    until_on: date | None


def vacancies(session: Session, today: date) -> Sequence[Vacancy]:
    """
    Give the roles that nobody holds on a day, of those each body needs: networks first, then municipalities.

    In a network that is its leader and a member beside; in a municipality the responsible person and one who decides; in
    the library an editor. A role with nobody but a deputy is there too, and says so.
    """
    held: dict[tuple[str, str], list[RoleGrantRow]] = {}
    for row in session.exec(
        select(RoleGrantRow).where(
            RoleGrantRow.from_on <= today, col(RoleGrantRow.ended_number).is_(None),
            or_(col(RoleGrantRow.until_on).is_(None), col(RoleGrantRow.until_on) > today),
        )
    ):  # fmt: skip
        held.setdefault((row.body, row.role), []).append(row)
    bodies = [(network_body(row.id), row.name) for row in session.exec(select(NetworkRow).order_by(NetworkRow.id))]
    bodies += [(municipality_body(one.number), one.name) for one in municipalities(session)]
    found = []
    for body, name in [*bodies, (LIBRARY, "")]:
        for role in COUNTED_ON[body.partition(":")[0]]:
            rows = held.get((body, role.value), [])
            if all(row.deputy_of is not None for row in rows):
                found.append(Vacancy(body, name, role, bool(rows), _latest(rows)))
    return found


def _latest(rows: list[RoleGrantRow]) -> date | None:
    ends = [row.until_on for row in rows]
    return max((end for end in ends if end is not None), default=None) if None not in ends else None
