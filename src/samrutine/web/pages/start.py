"""The first page: search, what waits for me, what I am told of. And whether the machine is well."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from samrutine.inbox.addresses import page_of_told, page_of_waiting
from samrutine.web.serving import Turn
from samrutine.web.visit import Reader, Somebody

router = APIRouter()
MOST_SHOWN: Final = 8


@router.get("/")
def start(visit: Reader) -> Response:
    """Show the first page."""
    waiting = visit.library.inbox(visit.by) if visit.person else ()
    told = visit.library.notifications(visit.by) if visit.person else ()
    return visit.page(
        "start.html",
        waiting=waiting[:MOST_SHOWN],
        more_waiting=max(0, len(waiting) - MOST_SHOWN),
        told=told[:MOST_SHOWN],
        page_of_waiting=page_of_waiting,
        page_of_told=page_of_told,
    )


@router.post("/lest")
def read_all(visit: Somebody) -> Response:
    """Say that one has read what one was told."""
    visit.library.mark_read(visit.by, [one.id for one in visit.library.notifications(visit.by)])
    return visit.go_to("/")


@router.get("/liv")
def alive() -> PlainTextResponse:
    """Say that the process answers, for whoever watches it."""
    return PlainTextResponse("ok\n")


@router.get("/klar")
def ready(request: Request, _turn: Turn) -> PlainTextResponse:
    """Say that the library can be opened and read, for whoever sends visitors here."""
    with request.app.state.libraries.lent() as library:
        library.networks()
    return PlainTextResponse("ok\n")
