"""The people of a municipality: who has which role there, and the links by which they come in."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from samrutine.actors import Actor, Role, Verb, municipality_body, reasons_against
from samrutine.exchange.qr import svg
from samrutine.identity.links import MOST_HOURS, MOST_PLACES
from samrutine.reasons import refuse
from samrutine.web.forms import decision_of, fault_of, line_of, new_decision
from samrutine.web.visit import Form, Somebody, Visit

router = APIRouter()
WHERE = "/kommune/folk"
ROLES = (Role.EMPLOYEE, Role.RESPONSIBLE)
"""Roles that are given here. Who decides gets a delegation, with its position and its days."""


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


@router.get(WHERE)
def show(visit: Somebody) -> Response:
    """Show who works here, to those who let people in."""
    return _page(visit)


@router.post(WHERE)
def add(visit: Somebody, form: Form) -> Response:
    """Let somebody in with a role, and make the link by which they choose a password."""
    body, decision = _body(visit), decision_of(form)
    login = (line_of(form, "brukernavn") or "").casefold()

    def act() -> None:
        added = visit.library.add_person(
            login, line_of(form, "navn") or "", email=login if "@" in login else None, by=visit.by, decision_id=decision
        )
        visit.library.grant(added.actor, str(form.get("rolle", "")), body, by=visit.by, decision_id=f"{decision}.rolle")

    fault = fault_of(visit, act)
    return _page(visit, 422, fault, form) if fault else _with_link(visit, login)


@router.post(f"{WHERE}/lenke")
def link(visit: Somebody, form: Form) -> Response:
    """Make a link by which somebody chooses a new password."""
    return _with_link(visit, str(form.get("hvem", "")))


@router.post(f"{WHERE}/rolle")
def take_back(visit: Somebody, form: Form) -> Response:
    """Take a role here back from somebody."""
    body = _body(visit)

    def act() -> None:
        visit.library.revoke(
            str(form.get("hvem", "")), str(form.get("rolle", "")), body, by=visit.by, decision_id=decision_of(form)
        )

    fault = fault_of(visit, act)
    return _page(visit, 422, fault) if fault else visit.go_to(WHERE)


@router.post(f"{WHERE}/mote")
def meeting(visit: Somebody, form: Form) -> Response:
    """Make a link by which those at a meeting enter themselves as employees here."""
    made = []

    def act() -> None:
        made.append(
            visit.library.open_meeting(
                _body(visit), Role.EMPLOYEE, hours=_number(form, "timer"), places=_number(form, "plasser"), by=visit.by
            )
        )

    fault = fault_of(visit, act)
    if fault:
        return _page(visit, 422, fault, form)
    opened = made[0]
    address = f"{visit.request.base_url}mote/{opened.token}"
    return _page(visit, shown=_Link(address, visit.home.name, opened.expires_at))


@router.post(f"{WHERE}/mote/lukk")
def close(visit: Somebody, form: Form) -> Response:
    """Let nobody more in by a link for a meeting."""
    visit.library.close_meeting(str(form.get("lenke", "")), by=visit.by)
    return visit.go_to(WHERE)


def _with_link(visit: Visit, who: str) -> Response:
    made = []
    fault = fault_of(visit, lambda: made.append(visit.library.invite(who, by=visit.by)))
    if fault:
        return _page(visit, 422, fault)
    person = visit.library.person(made[0].actor)
    address = f"{visit.request.base_url}passord/{made[0].token}"
    return _page(visit, shown=_Link(address, person.name or person.login or "", made[0].expires_at))


def _number(form: Form, name: str) -> int:
    given = str(form.get(name, "")).strip()
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= 4 else 0  # noqa: PLR2004 - no longer number is meant


def _body(visit: Visit) -> str:
    """
    Give the municipality whose people one looks after.

    Raises:
        NotAllowed: One looks after nobody's there.
    """
    body = municipality_body(visit.home.number)
    me = Actor(visit.by, visit.person.grants if visit.person is not None else ())
    refuse(reasons_against(me, Verb.MANAGE_PEOPLE, body, visit.library.today))
    return body


def _page(
    visit: Visit, status: int = 200, fault: str = "", form: Form | None = None, shown: _Link | None = None
) -> Response:
    body, today = _body(visit), visit.library.today
    people = [
        (one, sorted({grant.role for grant in one.grants if grant.body == body and grant.holds_on(today)}))
        for one in visit.library.people()
    ]
    return visit.page(
        "people.html", status, where=visit.home, people=[each for each in people if each[1]], roles=ROLES, fault=fault,
        given=form or {}, new_decision=new_decision, shown=shown, me=visit.by, most_hours=MOST_HOURS, most_places=MOST_PLACES,
        meetings=[one for one in visit.library.meetings(by=visit.by) if one.body == body],
    )  # fmt: skip
