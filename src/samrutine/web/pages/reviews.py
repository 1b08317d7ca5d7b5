"""Routines that are to be looked through: which, by when, and what the network found."""

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.actors import Verb, network_body
from samrutine.procedures.review import ReviewOutcome
from samrutine.web.forms import decision_of, fault_of, line_of, new_decision
from samrutine.web.visit import Form, Somebody, Visit

router = APIRouter()
NOTICE_DAYS = 365


@router.get("/gjennomgang")
def show(visit: Somebody) -> Response:
    """Show what is to be looked through in the coming year, the most overdue first."""
    return _page(visit)


@router.post("/gjennomgang/{procedure}")
def reviewed(visit: Somebody, procedure: str, form: Form) -> Response:
    """Record that the network has looked a routine through, as it was when it was read."""
    visit.library.versions(procedure, reader=visit.actor)

    def act() -> None:
        visit.library.review(
            procedure, version=str(form.get("versjon", "")), outcome=str(form.get("utfall", "")), note=line_of(form, "merknad"),
            by=visit.by, decision_id=decision_of(form),
        )  # fmt: skip

    fault = fault_of(visit, act)
    return _page(visit, 422, fault, form, procedure) if fault else visit.go_to("/gjennomgang")


def _page(visit: Visit, status: int = 200, fault: str = "", form: Form | None = None, about: str = "") -> Response:
    found = visit.library.due_for_review(notice_days=NOTICE_DAYS, reader=visit.actor)
    return visit.page(
        "reviews.html", status, found=found, fault=fault, about=about, given=form or {}, new_decision=new_decision,
        outcomes=list(ReviewOutcome), may=lambda one: visit.may(Verb.SEND, network_body(one.network)),
    )  # fmt: skip
