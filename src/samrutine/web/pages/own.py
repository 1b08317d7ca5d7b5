"""What is one's own: words that let programs in, and all that is kept about oneself."""

import json
from datetime import timedelta
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.identity.model import LONGEST_DAYS, Scope
from samrutine.identity.tokens import MOST, TokenMade
from samrutine.web.forms import day_of, fault_of, line_of
from samrutine.web.sending import file_answer
from samrutine.web.visit import Form, Somebody, Visit

router = APIRouter()
WHERE: Final = "/meg/programmer"


@router.get(WHERE)
def show(visit: Somebody) -> Response:
    """Show the words by which programs are let in as oneself."""
    return _page(visit)


@router.post(WHERE)
def make(visit: Somebody, form: Form) -> Response:
    """Make one, and show it this once."""
    made: list[TokenMade] = []

    def act() -> None:
        last = day_of(form, "til") or visit.library.today + timedelta(days=LONGEST_DAYS - 1)
        made.append(
            visit.library.make_token(line_of(form, "navn") or "", str(form.get("rett", "")), last_day=last, by=visit.by)
        )

    fault = fault_of(visit, act)
    return _page(visit, 422, fault, form) if fault else _page(visit, made=made[0])


@router.post(f"{WHERE}/avslutt")
def end(visit: Somebody, form: Form) -> Response:
    """End one at once: the program is let in no more."""
    visit.library.end_token(str(form.get("nokkel", "")), by=visit.by)
    return visit.go_to(WHERE)


@router.get("/meg/lagret.json")
def own_data(visit: Somebody) -> Response:
    """Give all that is kept about oneself, as a file."""
    found = visit.library.own_data(visit.by, by=visit.by)
    return file_answer(
        json.dumps(found, ensure_ascii=False, indent=2, default=str).encode(), "lagret-om-meg.json", "application/json"
    )


def _page(
    visit: Visit, status: int = 200, fault: str = "", form: Form | None = None, made: TokenMade | None = None
) -> Response:
    today = visit.library.today
    return visit.page(
        "own_programs.html", status, fault=fault, given=form or {}, made=made, tokens=visit.library.tokens(by=visit.by),
        scopes=list(Scope), most=MOST, first=today.isoformat(), last=(today + timedelta(days=LONGEST_DAYS - 1)).isoformat(),
    )  # fmt: skip
