"""Come in by a link: choose a password, or enter oneself at a meeting."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.errors import LoginTaken, NotAllowed
from samrutine.identity.model import CodeAsked, SignedIn
from samrutine.web.forms import decision_of, fault_of, line_of, new_decision
from samrutine.web.pages.signing_in import device, signed_on
from samrutine.web.visit import Anybody, Form, Visit

router = APIRouter()
FORGOTTEN: Final = "/passord/glemt"


@router.get(FORGOTTEN)
def show_forgotten(visit: Anybody) -> Response:
    """Ask who forgot their password."""
    return visit.page("forgotten.html", sends=visit.library.sends_letters, is_asked=False)


@router.post(FORGOTTEN)
def ask_forgotten(visit: Anybody, form: Form) -> Response:
    """Send a link for a new password, where there is somebody; whoever asked reads the same either way."""
    sends = visit.library.sends_letters
    if sends:
        visit.library.forgot_password(str(form.get("brukernavn", ""))[:300])
    return visit.page("forgotten.html", sends=sends, is_asked=True)


@router.get("/passord/{token}")
def show_password(visit: Anybody, token: str) -> Response:
    """Show whose password a link is for, and where it is chosen."""
    return _password(visit, token)


@router.post("/passord/{token}")
def choose_password(visit: Anybody, token: str, form: Form) -> Response:
    """Choose a password, and be signed in."""
    made: list[SignedIn | CodeAsked] = []
    password = str(form.get("nytt", ""))
    fault = fault_of(visit, lambda: made.append(visit.library.choose_password(token, password, device=device(visit))))
    return _password(visit, token, 422, fault) if fault else signed_on(visit, made[0])


@router.get("/mote/{token}")
def show_meeting(visit: Anybody, token: str) -> Response:
    """Show what one enters by a link for a meeting."""
    return _meeting(visit, token)


@router.post("/mote/{token}")
def enter(visit: Anybody, token: str, form: Form) -> Response:
    """Enter oneself, and be signed in."""
    made: list[SignedIn | CodeAsked] = []

    def act() -> None:
        made.append(
            visit.library.join(
                token, str(form.get("brukernavn", "")), line_of(form, "navn") or "", str(form.get("nytt", "")),
                municipality=line_of(form, "kommune"), device=device(visit), decision_id=decision_of(form),
            )
        )  # fmt: skip

    try:
        fault = fault_of(visit, act)
    except NotAllowed as error:
        fault = visit.why(error)
    except LoginTaken as error:
        fault = visit.why(error)
    return _meeting(visit, token, 422, fault, form) if fault else signed_on(visit, made[0])


def _password(visit: Visit, token: str, status: int = 200, fault: str = "") -> Response:
    seen = visit.library.password_link(token)
    return visit.page("choose_password.html", status, seen=seen, token=token, fault=fault)


def _meeting(visit: Visit, token: str, status: int = 200, fault: str = "", form: Form | None = None) -> Response:
    seen = visit.library.meeting(token)
    names = {f"municipality:{one.number}": one.name for one in visit.library.municipalities()}
    names |= {f"network:{one}": name for one, name in visit.library.networks().items()}
    return visit.page(
        "meeting.html", status, seen=seen, token=token, fault=fault, given=form or {}, decision=new_decision(),
        name=names.get(seen.body, ""),
    )  # fmt: skip
