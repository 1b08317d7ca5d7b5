"""Sign in with another service: go there, come back, and connect one to who one is here."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.errors import NotAllowed, Refused
from samrutine.web.forms import fault_of
from samrutine.web.pages.signing_in import device, show_me, show_sign_in, signed_on
from samrutine.web.visit import Anybody, Form, Somebody, Visit, cookie_name, is_local

router = APIRouter()
BEGUN: Final = "samrutine-hos"
"""What a browser holds from where it went until it comes back."""
BACK: Final = "/logg-inn/tilbake"
_SECONDS: Final = 600


@router.get("/logg-inn/med/{service}")
def go(visit: Anybody, service: str) -> Response:
    """Go to a service to sign in there."""
    next_ = visit.asked("neste", 1_000)
    try:
        begun = visit.library.begin_sign_in_elsewhere(
            service, back=_back(visit), next_page=next_ if is_local(next_) else ""
        )
    except Refused as error:
        return show_sign_in(visit, 503, visit.why(error))
    visit.keep(BEGUN, begun.token, _SECONDS)
    return visit.go_away_to(begun.address)


@router.get(BACK)
def come_back(visit: Anybody) -> Response:
    """Come back from a service."""
    token = visit.request.cookies.get(cookie_name(BEGUN, is_secure=visit.request.app.state.is_secure), "")
    visit.keep(BEGUN, "")
    by = visit.person.actor if visit.person is not None else None
    try:
        back = visit.library.come_back(
            visit.asked("state"), token, code=visit.asked("code", 4_000), said_issuer=visit.asked("iss") or None,
            back=_back(visit), device=device(visit), by=by,
        )  # fmt: skip
    except Refused as error:
        status = 403 if isinstance(error, NotAllowed) else 422
        if by is not None:
            return show_me(visit, status, visit.why(error))
        return show_sign_in(visit, status, visit.why(error))
    if back.signed_in is None:
        return visit.go_to("/meg")
    return signed_on(visit, back.signed_in, back.next_page)


@router.post("/meg/tjenester/{service}")
def connect(visit: Somebody, service: str) -> Response:
    """Begin to connect a service; one goes there by a link, so that no other page can send anybody on."""
    begun = []
    fault = fault_of(
        visit,
        lambda: begun.append(visit.library.begin_sign_in_elsewhere(service, back=_back(visit), by=visit.by)),
    )
    if fault:
        return show_me(visit, 422, fault)
    visit.keep(BEGUN, begun[0].token, _SECONDS)
    name = next(one.name for one in visit.library.sign_in_ways() if one.key == service)
    return visit.page("connecting.html", name=name, address=begun[0].address)


@router.post("/meg/tjenester/{connected}/av")
def disconnect(visit: Somebody, connected: str, form: Form) -> Response:
    """Sign in with a service no more."""
    del form
    visit.library.disconnect_service(connected, by=visit.by)
    return visit.go_to("/meg")


def _back(visit: Visit) -> str:
    """Give the whole address that a service sends people back to: that of the library, or the one that they asked by."""
    here = visit.request.app.state.address or str(visit.request.base_url)
    return here.rstrip("/") + BACK
