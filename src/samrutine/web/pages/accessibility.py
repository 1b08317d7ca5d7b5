"""For whom the pages work and for whom not yet, and where one tells of it: for anybody, signed in or not."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.actors import LIBRARY, Verb
from samrutine.web.forms import decision_of, fault_of, line_of, new_decision, text_of
from samrutine.web.visit import Anybody, Form, Somebody, Visit

router = APIRouter()
WHERE: Final = "/tilgjengelighet"


@router.get(WHERE)
def show(visit: Anybody) -> Response:
    """Show the statement, what is known not to work, and the form."""
    return _page(visit)


@router.post(WHERE)
def report(visit: Anybody, form: Form) -> Response:
    """Tell of something that shuts one out."""

    def act() -> None:
        visit.library.report_barrier(
            text_of(form, "tekst"), line_of(form, "side") or "", contact=line_of(form, "epost") if visit.person is None else None,
            by=visit.person.actor if visit.person is not None else None, decision_id=decision_of(form),
        )  # fmt: skip

    fault = fault_of(visit, act)
    return _page(visit, 422, fault, form) if fault else _page(visit, is_done=True)


@router.post(WHERE + "/{barrier}/svar")
def answer(visit: Somebody, barrier: str, form: Form) -> Response:
    """Answer whoever told of it."""
    fault = fault_of(visit, lambda: visit.library.answer_barrier(barrier, text_of(form, "svar"), by=visit.by))
    return _page(visit, 422, fault, form, barrier) if fault else visit.go_to(WHERE)


def _page(
    visit: Visit,
    status: int = 200,
    fault: str = "",
    form: Form | None = None,
    about: str = "",
    *,
    is_done: bool = False,
) -> Response:
    told = visit.library.barriers(by=visit.actor) if visit.person is not None else ()
    return visit.page(
        "accessibility.html", status, statement=visit.library.accessibility_statement, told=told, fault=fault, about=about,
        given=form or {}, is_done=is_done, may_answer=visit.may(Verb.KEEP_ORDER, LIBRARY), decision=new_decision(),
    )  # fmt: skip
