"""The people of a municipality or a network: who has which role there, on which days, and the links by which they come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from markupsafe import Markup
from starlette.responses import Response

from samrutine.actors import (
    LIBRARY,
    Actor,
    Grant,
    Role,
    Verb,
    municipality_body,
    network_body,
    reasons_against,
)
from samrutine.errors import NetworkNotFound, PersonNotFound
from samrutine.exchange.qr import svg
from samrutine.identity.links import JOINED_AS, MOST_HOURS, MOST_PLACES
from samrutine.networks.service import Person
from samrutine.procedures.model import DecisionLevel
from samrutine.reasons import refuse
from samrutine.web.forms import day_of, decision_of, fault_of, line_of, new_decision
from samrutine.web.visit import Form, Somebody, Visit

router = APIRouter()
HERE: Final = "/kommune/folk"
THERE: Final = "/fagnettverk/{network}/folk"
ONE: Final = "/person/{person}"
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Circle:
    """
    Whose people are looked after: a municipality's, or by the editor a network's.

    Attributes:
        address: Of the page.
        entered_as: The role of those who enter themselves at a meeting.
        given: Roles that are given to somebody new. Who decides is let in first, and gets a delegation with its days.
        also: Roles that somebody who is in may be given.
    """

    body: str
    name: str
    address: str
    entered_as: Role
    given: Sequence[Role]
    also: Sequence[Role]

    @property
    def delegates(self) -> bool:
        """Whether somebody here may be given the right to decide."""
        return Role.DECIDER in self.also


def circle(visit: Somebody) -> Circle:
    """
    Give whose people the address is about.

    Raises:
        NetworkNotFound: There is no such network.
        NotAllowed: One looks after nobody's people there.
    """
    network = visit.request.path_params.get("network")
    if network is None:
        where = visit.home
        in_municipality = (Role.EMPLOYEE, Role.RESPONSIBLE, Role.DECIDER)
        found = Circle(
            municipality_body(where.number), where.name, HERE, Role.EMPLOYEE, in_municipality[:2], in_municipality
        )
    else:
        names = visit.library.networks()
        if network not in names:
            raise NetworkNotFound(network=network, networks=", ".join(names))
        in_network = (Role.MEMBER, Role.LEADER)
        address = THERE.format(network=network)
        found = Circle(network_body(network), names[network], address, Role.MEMBER, in_network, in_network)
    me = Actor(visit.by, visit.person.grants if visit.person is not None else ())
    refuse(reasons_against(me, Verb.MANAGE_PEOPLE, found.body, visit.library.today))
    return found


Whose = Annotated[Circle, Depends(circle)]


@dataclass(frozen=True, slots=True)
class _Link:
    """A link that is shown this once, and for whom or what it is."""

    address: str
    name: str
    until: datetime

    @property
    def square(self) -> Markup:
        """The square by which a telephone opens it."""
        return Markup(svg(self.address))  # noqa: S704 - drawn by ourselves, from digits


@router.get(HERE)
@router.get(THERE)
def show(visit: Somebody, whose: Whose) -> Response:
    """Show who has a role here, to those who let people in."""
    return _page(visit, whose)


@router.post(HERE)
@router.post(THERE)
def add(visit: Somebody, whose: Whose, form: Form) -> Response:
    """Let somebody in with a role, and make the link by which they choose a password."""
    decision, login = decision_of(form), (line_of(form, "brukernavn") or "").casefold()

    def act() -> None:
        added = visit.library.add_person(
            login, line_of(form, "navn") or "", email=login if "@" in login else None, by=visit.by, decision_id=decision
        )
        visit.library.grant(
            added.actor, str(form.get("rolle", "")), whose.body, by=visit.by, decision_id=f"{decision}.rolle"
        )

    fault = fault_of(visit, act)
    return _page(visit, whose, 422, fault, form) if fault else _with_link(visit, whose, login)


@router.post(f"{HERE}/kjent")
@router.post(f"{THERE}/kjent")
def add_known(visit: Somebody, whose: Whose, form: Form) -> Response:
    """Give a role here to somebody who is in the library already, by their sign-in name."""

    def act() -> None:
        visit.library.grant(
            (line_of(form, "kjent") or "").casefold(), str(form.get("rolle", "")), whose.body, by=visit.by,
            decision_id=decision_of(form),
        )  # fmt: skip

    try:
        fault = fault_of(visit, act)
    except PersonNotFound as error:
        fault = visit.why(error)
    return _page(visit, whose, 422, fault, form) if fault else visit.go_to(whose.address)


@router.post(f"{HERE}/lenke")
@router.post(f"{THERE}/lenke")
def link(visit: Somebody, whose: Whose, form: Form) -> Response:
    """Make a link by which somebody chooses a new password."""
    return _with_link(visit, whose, str(form.get("hvem", "")))


@router.post(f"{HERE}/mote")
@router.post(f"{THERE}/mote")
def meeting(visit: Somebody, whose: Whose, form: Form) -> Response:
    """Make a link by which those at a meeting enter themselves here."""
    made = []

    def act() -> None:
        made.append(
            visit.library.open_meeting(
                whose.body, whose.entered_as, hours=_number(form, "timer"), places=_number(form, "plasser"), by=visit.by
            )
        )

    fault = fault_of(visit, act)
    if fault:
        return _page(visit, whose, 422, fault, form)
    opened = made[0]
    address = f"{visit.request.base_url}mote/{opened.token}"
    return _page(visit, whose, shown=_Link(address, whose.name, opened.expires_at))


@router.post(f"{HERE}/mote/lukk")
@router.post(f"{THERE}/mote/lukk")
def close(visit: Somebody, whose: Whose, form: Form) -> Response:
    """Let nobody more in by a link for a meeting."""
    visit.library.close_meeting(str(form.get("lenke", "")), by=visit.by)
    return visit.go_to(whose.address)


@router.get(f"{HERE}{ONE}")
@router.get(f"{THERE}{ONE}")
def show_person(visit: Somebody, whose: Whose, person: str) -> Response:
    """Show what one person may do here, and on which days."""
    return _person(visit, whose, person)


@router.post(f"{HERE}{ONE}")
@router.post(f"{THERE}{ONE}")
def give(visit: Somebody, whose: Whose, person: str, form: Form) -> Response:
    """Give somebody a role here for some days or for good, perhaps in another's place."""
    one = _found(visit, whose, person)

    def act() -> None:
        visit.library.grant(
            one.actor, str(form.get("rolle", "")), whose.body, from_on=day_of(form, "fra"), until_on=_after(form, "til"),
            deputy_of=line_of(form, "for"), by=visit.by, decision_id=decision_of(form),
        )  # fmt: skip

    fault = fault_of(visit, act)
    return _person(visit, whose, person, 422, fault, form) if fault else visit.go_to(_address_of(whose, one))


@router.post(f"{HERE}{ONE}/ta-tilbake")
@router.post(f"{THERE}{ONE}/ta-tilbake")
def take_back(visit: Somebody, whose: Whose, person: str, form: Form) -> Response:
    """Take a role here back from somebody, with all its days."""
    one = _found(visit, whose, person)

    def act() -> None:
        visit.library.revoke(
            one.actor, str(form.get("rolle", "")), whose.body, by=visit.by, decision_id=decision_of(form)
        )

    fault = fault_of(visit, act)
    return _person(visit, whose, person, 422, fault) if fault else visit.go_to(_address_of(whose, one))


@router.post(f"{HERE}{ONE}/to-trinn")
@router.post(f"{THERE}{ONE}/to-trinn")
def remove_second_step(visit: Somebody, whose: Whose, person: str) -> Response:
    """Turn off the second step of somebody who lost their telephone."""
    one = _found(visit, whose, person)
    fault = fault_of(visit, lambda: visit.library.remove_second_step(one.actor, by=visit.by))
    return _person(visit, whose, person, 422, fault) if fault else visit.go_to(_address_of(whose, one))


@router.post(f"{HERE}{ONE}/delegasjon")
def delegate(visit: Somebody, whose: Whose, person: str, form: Form) -> Response:
    """Register that somebody may decide use here, on which level, under which position and on which days."""
    one = _found(visit, whose, person)

    def act() -> None:
        visit.library.delegate(
            one.actor, visit.home.number, str(form.get("niva", "")), line_of(form, "stilling") or "",
            from_on=day_of(form, "fra"), until_on=_after(form, "til"), reference=line_of(form, "hjemmel"), by=visit.by,
            decision_id=decision_of(form),
        )  # fmt: skip

    fault = fault_of(visit, act)
    return _person(visit, whose, person, 422, fault, form) if fault else visit.go_to(_address_of(whose, one))


def _with_link(visit: Visit, whose: Circle, who: str) -> Response:
    made = []
    fault = fault_of(visit, lambda: made.append(visit.library.invite(who, by=visit.by)))
    if fault:
        return _page(visit, whose, 422, fault)
    person = visit.library.person(made[0].actor)
    address = f"{visit.request.base_url}passord/{made[0].token}"
    return _page(visit, whose, shown=_Link(address, person.name or person.login or "", made[0].expires_at))


def _number(form: Form, name: str) -> int:
    given = str(form.get(name, "")).strip()
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= 4 else 0  # noqa: PLR2004 - no longer number is meant


def _after(form: Form, name: str) -> date | None:
    """Give the day after the last one, which is what people choose; None for no end."""
    last = day_of(form, name)
    return last + _A_DAY if last is not None and last < date.max else None


def _address_of(whose: Circle, one: Person) -> str:
    return f"{whose.address}{ONE.format(person=one.actor)}"


def _found(visit: Visit, whose: Circle, person: str) -> Person:
    """
    Give somebody who has, had or will have a role here: of others one learns nothing by an address.

    Raises:
        PersonNotFound: Nobody here is that one.
    """
    one = visit.library.person(person)
    if all(grant.body != whose.body for grant in one.grants):
        raise PersonNotFound(person=person)
    return one


def _held(one: Person, body: str, today: date) -> list[Grant]:
    """Give the roles here that are not over, those that hold first."""
    mine = [each for each in one.grants if each.body == body and (each.until_on is None or each.until_on > today)]
    return sorted(mine, key=lambda each: (each.from_on, each.role))


def _person(
    visit: Visit, whose: Circle, person: str, status: int = 200, fault: str = "", form: Form | None = None
) -> Response:
    one, today = _found(visit, whose, person), visit.library.today
    own_grants = {
        grant.id: other
        for other in visit.library.people()
        for grant in _held(other, whose.body, today)
        if not grant.is_deputy
    }
    number = whose.body.partition(":")[2]
    delegations = [
        each for each in one.registered if whose.delegates and each.municipality == number and (each.until_on is None or each.until_on > today)
    ]  # fmt: skip
    return visit.page(
        "person.html", status, one=one, whose=whose, held=_held(one, whose.body, today), delegations=delegations, own_grants=own_grants,
        last=_last, levels=list(DecisionLevel), fault=fault, given=form or {}, new_decision=new_decision,
        stands_for={grant: other for grant, other in own_grants.items() if other.actor != one.actor}, is_me=one.actor == visit.by,
    )  # fmt: skip


def _last(until_on: date | None) -> date | None:
    """Give the last day of what ends; None for what does not."""
    return until_on - _A_DAY if until_on is not None else None


def _page(
    visit: Visit,
    whose: Circle,
    status: int = 200,
    fault: str = "",
    form: Form | None = None,
    shown: _Link | None = None,
) -> Response:
    today = visit.library.today
    people = [(one, _held(one, whose.body, today)) for one in visit.library.people()]
    editor = Actor(visit.by, visit.person.grants if visit.person is not None else ())
    everywhere = not reasons_against(editor, Verb.MANAGE_PEOPLE, LIBRARY, today)
    return visit.page(
        "people.html", status, whose=whose, people=[each for each in people if each[1]], fault=fault, last=_last, today=today,
        given=form or {}, new_decision=new_decision, shown=shown, me=visit.by, most_hours=MOST_HOURS, most_places=MOST_PLACES,
        vacant=[one for one in visit.library.vacancies() if one.body == whose.body], can_meet=whose.entered_as in JOINED_AS,
        networks=visit.library.networks() if everywhere else {}, one_address=lambda one: _address_of(whose, one),
        meetings=[one for one in visit.library.meetings(by=visit.by) if one.body == whose.body],
    )  # fmt: skip
