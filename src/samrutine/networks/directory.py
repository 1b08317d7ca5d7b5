"""Look up who and where: people with their roles, municipalities, networks. Reads only."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from samrutine.actors import SYSTEM, Actor, ActorId, Delegation, Grant, Role, municipality_body, network_body
from samrutine.errors import NetworkNotFound, PersonNotFound
from samrutine.networks.model import (
    Municipality,
    MunicipalityNumber,
    NetworkId,
    municipality_named,
    network_named,
)
from samrutine.proposals.quorum import MemberInPost
from samrutine.storage.rows import ActorRow, DelegationRow, MunicipalityRow, NetworkRow, PersonRow, RoleGrantRow

_GRANT: Final = (
    col(RoleGrantRow.role), col(RoleGrantRow.body), col(RoleGrantRow.from_on), col(RoleGrantRow.until_on),
    col(RoleGrantRow.id), col(RoleGrantRow.deputy_of),
)  # fmt: skip
_MUNICIPALITY: Final[SelectOfScalar[Any]] = select(  # type: ignore[call-overload]  # its types end at four columns
    MunicipalityRow.number, MunicipalityRow.name, MunicipalityRow.slug, MunicipalityRow.sami_name,
    MunicipalityRow.colour,
)  # fmt: skip


def get_actor_id(session: Session, who: str) -> ActorId:
    """
    Give an actor's id, from the id itself or the sign-in name.

    Raises:
        PersonNotFound: As `get_actor`.
    """
    found = session.exec(
        select(ActorRow.id)
        .join(PersonRow, col(PersonRow.id) == col(ActorRow.person_id))
        .where((col(ActorRow.id) == who) | (col(PersonRow.login) == who))
        .order_by((col(ActorRow.id) == who).desc())
    ).first()
    if found is None:
        raise PersonNotFound(person=who)
    return ActorId(found)


def get_actor(session: Session, who: str) -> Actor:
    """
    Give an actor, by actor id or by sign-in name, with all roles and delegations that were not taken back.

    Raises:
        PersonNotFound: Nobody has that id or name. `samrutine person list` shows who there is.
    """
    row = (
        session.get(ActorRow, who)
        or session.exec(
            select(ActorRow).join(PersonRow, col(PersonRow.id) == col(ActorRow.person_id)).where(PersonRow.login == who)
        ).first()
    )
    if row is None or row.id == SYSTEM:
        raise PersonNotFound(person=who)
    # Columns, not rows: this is asked in every act, and some hold dozens of roles.
    grants = session.exec(
        select(*_GRANT)  # type: ignore[call-overload]  # sqlmodel types four columns at most
        .where(RoleGrantRow.actor_id == row.id, col(RoleGrantRow.ended_number).is_(None))
        .order_by(col(RoleGrantRow.decided_number), RoleGrantRow.id)
    )
    delegations = session.exec(
        select(DelegationRow).where(DelegationRow.actor_id == row.id, col(DelegationRow.ended_number).is_(None))
    )
    return Actor(
        ActorId(row.id),
        tuple(Grant(Role(role), *rest) for role, *rest in grants),
        tuple(
            Delegation(one.municipality, one.level, one.position, one.from_on, one.until_on, one.id)
            for one in delegations
        ),
    )


def municipalities(session: Session) -> tuple[Municipality, ...]:
    """Give all municipalities of the library, by number."""
    # Columns, not rows: looked up in nearly every verb, and a country has hundreds.
    query = _MUNICIPALITY.order_by(MunicipalityRow.number)
    return tuple(Municipality(MunicipalityNumber(number), *names) for number, *names in session.exec(query))


def get_municipality(session: Session, which: str) -> Municipality:
    """
    Give a municipality by number, name, Sámi name or short name, in upper or lower case.

    Raises:
        MunicipalityNotFound: The library has none of that name.
    """
    if which.isdecimal():
        found = session.exec(_MUNICIPALITY.where(MunicipalityRow.number == which)).first()
        if found is not None:
            return Municipality(MunicipalityNumber(found[0]), *found[1:])
    return municipality_named(which, municipalities(session))


def network_names(session: Session) -> dict[str, str]:
    """Give the names of the networks, by id."""
    return dict(session.exec(select(NetworkRow.id, NetworkRow.name).order_by(NetworkRow.id)).all())


def get_network(session: Session, which: str) -> NetworkRow:
    """
    Give a network by the very id, as texts and decisions name it.

    Raises:
        NetworkNotFound: The library has none of that id.
    """
    row = session.get(NetworkRow, which)
    if row is None:
        raise NetworkNotFound(network=which[:60], networks=", ".join(network_names(session)))
    return row


def get_network_id(session: Session, which: str) -> NetworkId:
    """
    Give a network's id as somebody asks for it: by id or name, in upper or lower case.

    Raises:
        NetworkNotFound: The library has none of that name.
    """
    return network_named(which, network_names(session))


def members_in_post(session: Session, networks: Iterable[str], today: date) -> tuple[MemberInPost, ...]:
    """
    Give the members and leaders of the networks in post on a day, deputies among them: those who may be asked to agree.

    A person is there once for each role in each network. By network, then as they were granted.
    """
    bodies = [network_body(one) for one in networks]
    held = session.exec(
        _held_on(today).where(
            col(RoleGrantRow.body).in_(bodies), col(RoleGrantRow.role).in_([Role.MEMBER.value, Role.LEADER.value])
        )
    ).all()
    towns: dict[str, str] = {}
    employed = _held_on(today).where(
        col(RoleGrantRow.body).startswith(municipality_body("")),
        col(RoleGrantRow.actor_id).in_({row.actor_id for row in held}),
    )
    for row in session.exec(employed):
        # The first granted, as `Actor.municipality_on` says too.
        towns.setdefault(row.actor_id, row.body.partition(":")[2])
    found = [
        MemberInPost(
            ActorId(row.actor_id), towns.get(row.actor_id), row.body.partition(":")[2], Role(row.role),
            row.deputy_of is not None,
        )
        for row in held
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.network))


def _held_on(today: date) -> SelectOfScalar[RoleGrantRow]:
    return (
        select(RoleGrantRow)
        .where(
            RoleGrantRow.from_on <= today, col(RoleGrantRow.ended_number).is_(None),
            or_(col(RoleGrantRow.until_on).is_(None), col(RoleGrantRow.until_on) > today),
        )
        .order_by(col(RoleGrantRow.decided_number), RoleGrantRow.id)
    )  # fmt: skip


def names_of(session: Session, actors: Sequence[str]) -> dict[str, str]:
    """Give the names behind actor ids. Those who were erased, and the system, have none and are left out."""
    rows = session.exec(
        select(ActorRow.id, PersonRow.name)
        .join(PersonRow, col(PersonRow.id) == col(ActorRow.person_id))
        .where(col(ActorRow.id).in_(list(set(actors))))
    )
    return {actor: name for actor, name in rows if name}


def people_known(session: Session) -> Sequence[tuple[str | None, str | None]]:
    """Give the sign-in and the name of everybody whose name is known, for looking whether a text names one of them."""
    return [(login, name) for login, name in session.exec(select(PersonRow.login, PersonRow.name))]
