"""What letters lead to: their links, saying no to them, answering in one click, and the page of one's calendar and letters."""

import hashlib
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from samrutine.errors import LinkNotValid
from samrutine.letters.people import STOP
from samrutine.letters.writing import LANGUAGES
from samrutine.web.forms import fault_of, new_decision
from samrutine.web.visit import Anybody, Form, NotSignedIn, Somebody, Visit

router = APIRouter()
WHERE = "/meg/kalender"


@router.get("/i/{token}")
def follow(visit: Anybody, token: str) -> Response:
    """Lead to what a line in a letter is about, once it is clear that it is whose letter it was."""
    found = visit.library.letter_link(token)
    if found.page == STOP:
        raise LinkNotValid
    if visit.person is None:
        raise NotSignedIn
    if visit.person.actor != found.actor:
        raise LinkNotValid
    return visit.go_to(found.page)


@router.get("/brev/{token}")
def ask_to_stop(visit: Anybody, token: str) -> Response:
    """Ask whether somebody wants no more weekly letters. What follows links for them, such as a filter, changes nothing."""
    if visit.library.letter_link(token).page != STOP:
        raise LinkNotValid
    return visit.page("stop_letters.html", token=token, is_done=False)


@router.post("/brev/{token}")
def stop(visit: Anybody, token: str) -> Response:
    """Send somebody no more weekly letters."""
    visit.library.stop_letters(token)
    return visit.page("stop_letters.html", token=token, is_done=True)


@router.get("/forslag/{proposal}/ingen-merknader/{body}")
def ask_for_none(visit: Somebody, proposal: str, body: str) -> Response:
    """Ask whether somebody answers «ingen merknader»: one button, which the page of the hearing takes."""
    view = visit.library.hearing(proposal, reader=visit.actor)
    party = next((one for one in view.parties if one.body == body), None)
    if party is None:
        raise LinkNotValid
    return visit.page(
        "no_remarks.html", view=view, proposal=proposal, party=party, decision=new_decision(),
        is_open=view.is_open,
    )  # fmt: skip


@router.get(WHERE)
def show(visit: Somebody) -> Response:
    """Show which letters one gets, and one's calendar."""
    return _page(visit)


@router.post(WHERE)
def choose(visit: Somebody, form: Form) -> Response:
    """Say which letters one wants."""
    language = str(form.get("brevsprak", "")) or None
    fault = fault_of(
        visit, lambda: visit.library.choose_letters(weekly="fredagsbrev" in form, language=language, by=visit.by)
    )
    return _page(visit, 422, fault) if fault else visit.go_to(f"{WHERE}?lagret=ja")


@router.post(f"{WHERE}/adresse")
def make(visit: Somebody) -> Response:
    """Make the address of one's calendar. It is shown this once."""
    token = visit.library.make_calendar(by=visit.by)
    return _page(visit, address=f"{visit.request.base_url}kalender/{token}.ics")


@router.post(f"{WHERE}/avslutt")
def end(visit: Somebody) -> Response:
    """End the address of one's calendar."""
    visit.library.end_calendar(by=visit.by)
    return visit.go_to(WHERE)


@router.get("/kalender/{token}.ics")
def feed(visit: Anybody, token: str) -> Response:
    """Give somebody's calendar to the program that has its address."""
    data = visit.library.calendar(token)
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in visit.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type="text/calendar; charset=utf-8", headers=headers)


def _page(visit: Visit, status: int = 200, fault: str = "", address: str = "") -> Response:
    return visit.page(
        "calendar.html", status, choice=visit.library.letter_choice(by=visit.by), fault=fault, languages=LANGUAGES,
        made_at=visit.library.calendar_made_at(by=visit.by), address=address, saved=visit.asked("lagret", 4) == "ja",
        webcal="webcal://" + quote(address.partition("://")[2], safe="/:.-_"), reached=visit.library.gets_letters(by=visit.by),
    )  # fmt: skip
