"""What readers said of the routines: those who look after them answer, and say which proposal was made of it."""

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.actors import Verb, network_body
from samrutine.proposals.model import OPEN_STATES, ProposalState
from samrutine.reading.model import FeedbackState
from samrutine.web.forms import decision_of, fault_of, new_decision, text_of
from samrutine.web.visit import Form, Somebody, Visit

router = APIRouter()


@router.get("/tilbakemeldinger")
def show(visit: Somebody) -> Response:
    """Show what was said, what nobody has answered first."""
    return _page(visit)


@router.post("/tilbakemeldinger/{feedback}/svar")
def answer(visit: Somebody, feedback: str, form: Form) -> Response:
    """Answer whoever said it."""
    fault = fault_of(visit, lambda: visit.library.answer_feedback(feedback, text_of(form, "svar"), by=visit.by))
    return _page(visit, 422, fault, form, feedback) if fault else visit.go_to("/tilbakemeldinger")


@router.post("/tilbakemeldinger/{feedback}/forslag")
def take_up(visit: Somebody, feedback: str, form: Form) -> Response:
    """Say that a proposal is made of it."""

    def act() -> None:
        visit.library.take_up_feedback(
            feedback, str(form.get("forslag", "")), by=visit.by, decision_id=decision_of(form)
        )

    fault = fault_of(visit, act)
    return _page(visit, 422, fault, form, feedback) if fault else visit.go_to("/tilbakemeldinger")


def _page(visit: Visit, status: int = 200, fault: str = "", form: Form | None = None, about: str = "") -> Response:
    networks = {str(one.id): one.network for one in visit.library.procedures(reader=visit.actor)}
    found = sorted(visit.library.feedback(reader=visit.actor), key=lambda one: one.state is not FeedbackState.NEW)
    proposals = [
        one
        for one in visit.library.proposals(reader=visit.actor)
        if one.state in OPEN_STATES or one.state is ProposalState.APPROVED
    ]
    return visit.page(
        "feedback_list.html", status, found=found, fault=fault, about=about, given=form or {}, new_decision=new_decision,
        may=lambda one: visit.may(Verb.SEND, network_body(networks.get(str(one.procedure), ""))),
        proposals_about=lambda one: [each for each in proposals if each.procedure_id == one.procedure],
    )  # fmt: skip
