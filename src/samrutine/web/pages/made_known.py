"""«Gjort kjent»: that those who follow a routine were told of the version that applies, how and when."""

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.actors import Verb, municipality_body
from samrutine.adoptions.readiness import LONGEST_WHOM, How
from samrutine.web.forms import day_of, decision_of, fault_of, new_decision, text_of
from samrutine.web.visit import Form, Somebody, Visit

router = APIRouter()


@router.get("/kommune/gjort-kjent")
def show(visit: Somebody) -> Response:
    """Show what applies where one works, what nobody was told of first."""
    return _page(visit)


@router.post("/kommune/gjort-kjent")
def told(visit: Somebody, form: Form) -> Response:
    """Record that people were told of the version that was shown."""

    def act() -> None:
        procedure, _, version = str(form.get("rutine", "")).partition(" ")
        visit.library.make_known(
            procedure, visit.home.number, how=str(form.get("hvordan", "")), whom=text_of(form, "hvem"), version=version or None,
            told_on=day_of(form, "dag"), by=visit.by, decision_id=decision_of(form),
        )  # fmt: skip

    fault = fault_of(visit, act)
    return _page(visit, 422, fault, form) if fault else visit.go_to("/kommune/gjort-kjent")


def _page(visit: Visit, status: int = 200, fault: str = "", form: Form | None = None) -> Response:
    where = visit.home
    found = sorted(visit.library.made_known(where.number, reader=visit.actor), key=lambda one: one.is_made_known)
    return visit.page(
        "known.html", status, where=where, found=found, ways=list(How), longest=LONGEST_WHOM, today=visit.library.today,
        may=visit.may(Verb.PREPARE, municipality_body(where.number)), fault=fault, given=form or {}, decision=new_decision(),
    )  # fmt: skip
