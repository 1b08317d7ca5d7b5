"""The second step of signing in: the code after the password, and turning it on and off for oneself."""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from samrutine.errors import NotAllowed
from samrutine.exchange.qr import svg_once
from samrutine.identity.model import SignedIn
from samrutine.identity.second_step import SecondStepBegun, SignInTooOld
from samrutine.web.forms import fault_of
from samrutine.web.pages.signing_in import HALF, signed_on
from samrutine.web.visit import Anybody, Form, Somebody, Visit, cookie_name, is_local

router = APIRouter()
HERE: Final = "/meg/to-trinn"


@router.get("/logg-inn/kode")
def ask(visit: Anybody) -> Response:
    """Ask for the code of somebody whose password was right."""
    if not _half(visit):
        return visit.go_to("/logg-inn")
    return _code_page(visit, visit.asked("neste", 1_000))


@router.post("/logg-inn/kode")
def give(visit: Anybody, form: Form) -> Response:
    """Sign in by a code."""
    next_ = str(form.get("neste", ""))
    try:
        made: SignedIn = visit.library.give_code(_half(visit), str(form.get("kode", ""))[:60])
    except NotAllowed as error:
        if not any(isinstance(one, SignInTooOld) for one in error.reasons):
            return _code_page(visit, next_, 403, visit.why(error))
        visit.keep(HALF, "")
        next_ = next_ if is_local(next_) else ""
        return visit.go_to("/logg-inn?" + urlencode({"for-sent": "1", "neste": next_}))
    visit.keep(HALF, "")
    return signed_on(visit, made, next_)


@router.get(HERE)
def show(visit: Somebody) -> Response:
    """Show whether one's own second step is on, and how it is turned on or off."""
    return _own_page(visit)


@router.post(HERE)
def begin(visit: Somebody, form: Form) -> Response:
    """Begin to turn it on: show what the telephone reads."""
    made: list[SecondStepBegun] = []
    password = str(form.get("passord", ""))
    fault = fault_of(visit, lambda: made.append(visit.library.begin_second_step(password, by=visit.by)))
    if fault:
        return _own_page(visit, 422, fault)
    square = Markup(svg_once(made[0].address))  # noqa: S704 - drawn by ourselves, from digits
    return visit.page("second_step_begun.html", begun=made[0], square=square, fault="")


@router.post(f"{HERE}/bekreft")
def confirm(visit: Somebody, form: Form) -> Response:
    """Turn it on by a code, and show the recovery codes."""
    codes: list[str] = []
    code = str(form.get("kode", ""))[:60]
    fault = fault_of(visit, lambda: codes.extend(visit.library.confirm_second_step(code, by=visit.by)))
    if fault:
        # What the telephone was told is shown once; it has it, and only the code was wrong.
        return visit.page("second_step_begun.html", 422, begun=None, square="", fault=fault)
    return visit.page("recovery_codes.html", codes=codes)


@router.post(f"{HERE}/av")
def end(visit: Somebody, form: Form) -> Response:
    """Turn it off, by password and code."""
    password, code = str(form.get("passord", "")), str(form.get("kode", ""))[:60]
    fault = fault_of(visit, lambda: visit.library.end_second_step(password, code, by=visit.by))
    return _own_page(visit, 422, fault) if fault else visit.go_to(HERE)


def _half(visit: Visit) -> str:
    is_secure = visit.request.app.state.is_secure
    return visit.request.cookies.get(cookie_name(HALF, is_secure=is_secure), "")


def _code_page(visit: Visit, next_: str, status: int = 200, fault: str = "") -> Response:
    return visit.page("code.html", status, fault=fault, next=next_ if is_local(next_) else "")


def _own_page(visit: Visit, status: int = 200, fault: str = "") -> Response:
    return visit.page("second_step.html", status, seen=visit.library.second_step(by=visit.by), fault=fault)
