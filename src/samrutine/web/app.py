"""The application: the pages put together, and what is said when something is not as it should be."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from samrutine.errors import (
    Conflict,
    InvalidRequest,
    InvalidText,
    NotAllowed,
    NotFound,
    Refused,
    SamrutineError,
    StoreUnavailable,
)
from samrutine.web.api import WHERE as API
from samrutine.web.api.app import create_api
from samrutine.web.guarding import Guard, TooLarge
from samrutine.web.pages import (
    accessibility,
    checklists,
    choosing,
    collecting,
    coming_in,
    deciding,
    elsewhere,
    feedback,
    hearing,
    incoming,
    inspecting,
    letters,
    local,
    made_known,
    offline,
    overview,
    own,
    papers,
    people,
    proposing,
    reading,
    reviews,
    rounds,
    searching,
    second_step,
    signing_in,
    start,
    wishes,
    writing,
)
from samrutine.web.phrases import Phrases, known, without_commands
from samrutine.web.rendering import render
from samrutine.web.serving import AT_ONCE, Libraries
from samrutine.web.static_files import send as send_file
from samrutine.web.visit import LANGUAGE, FormIsOld, NoPlace, NotSignedIn, cookie_name

HERE: Final = ("127.0.0.1", "localhost", "::1")
_STATUS: Final[tuple[tuple[type[SamrutineError], int], ...]] = (
    (NotFound, 404), (NotAllowed, 403), (InvalidRequest, 400), (InvalidText, 422), (Refused, 422), (Conflict, 409),
    (StoreUnavailable, 503),
)  # fmt: skip


def create_app(
    home: Path, *, address: str = "", hosts: Sequence[str] = (), clock: Callable[[], datetime] | None = None
) -> FastAPI:  # fmt: skip
    """
    Make the application of a home.

    Args:
        address: Where people reach it, `https://rutiner.example`; its name is one of the hosts. By HTTP it answers this machine
            alone, whoever asks.
        hosts: Other names that it is reached by.
        clock: The present instant; the machine's when None.
    """
    libraries = Libraries(home, clock=clock)
    where = urlsplit(address)
    is_secure = where.scheme == "https"

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = AT_ONCE * 2
        yield
        libraries.close()

    app = FastAPI(
        title="samrutine", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, lifespan=lifespan,
        routes=[Route("/s/{digest}/{name:path}", send_file)],
    )  # fmt: skip
    app.state.libraries = libraries
    app.state.is_secure = is_secure
    app.state.address = address
    for page in (
        start,
        searching,
        reading,
        deciding,
        writing,
        proposing,
        hearing,
        rounds,
        incoming,
        collecting,
        wishes,
        local,
        offline,
        overview,
        papers,
        feedback,
        reviews,
        made_known,
        inspecting,
        people,
        own,
        coming_in,
        second_step,
        elsewhere,
        signing_in,
        letters,
        accessibility,
        checklists,
        choosing,
    ):
        app.include_router(page.router)
    _say_what_is_wrong(app)
    app.mount(API, create_api(libraries, address=address))
    named = [where.hostname] if where.hostname else []
    app.add_middleware(
        Guard, hosts=[*HERE, *named, *hosts], is_secure=is_secure, programs=API, most={incoming.WHERE: incoming.MOST_BYTES}
    )  # fmt: skip
    return app


def _say_what_is_wrong(app: FastAPI) -> None:
    @app.exception_handler(NotSignedIn)
    def _(request: Request, _error: NotSignedIn) -> Response:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        back = f"?neste={quote(here, safe='')}" if request.method == "GET" and here != "/" else ""
        return RedirectResponse(f"/logg-inn{back}", 303)

    @app.exception_handler(NoPlace)
    def _(request: Request, _error: NoPlace) -> Response:
        return _page(request, 404, "no_place")

    @app.exception_handler(FormIsOld)
    def _(request: Request, _error: FormIsOld) -> Response:
        return _page(request, 403, "form_is_old")

    @app.exception_handler(TooLarge)
    def _(request: Request, _error: TooLarge) -> Response:
        return _page(request, 413, "too_large")

    @app.exception_handler(SamrutineError)
    def _(request: Request, error: SamrutineError) -> Response:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
        say = _phrases(request)
        if _wants_json(request):
            return JSONResponse({"error": error.text(say.formal)}, status)
        name = "not_found" if status == 404 else "refused"  # noqa: PLR2004 - the code of what is not there
        return _page(request, status, name, said=without_commands(error.text(say.formal)))

    @app.exception_handler(RequestValidationError)
    def _(request: Request, _error: RequestValidationError) -> Response:
        return _page(request, 400, "not_understood")

    @app.exception_handler(HTTPException)
    def _(request: Request, error: HTTPException) -> Response:
        known_names = {404: "not_found", 405: "not_found", 413: "too_large"}
        return _page(request, error.status_code, known_names.get(error.status_code, "not_understood"))

    @app.exception_handler(Exception)
    def _(request: Request, _error: Exception) -> Response:
        return _page(request, 500, "our_mistake")


def _page(request: Request, status: int, name: str, said: str = "") -> Response:
    """Say it on a page of its own that needs no library: it may be the library that fails."""
    say = _phrases(request)
    html = render("error.html", {"say": say, "name": name, "said": said})
    return Response(html, status, media_type="text/html; charset=utf-8")


def _phrases(request: Request) -> Phrases:
    name = cookie_name(LANGUAGE, is_secure=request.app.state.is_secure)
    return Phrases(known(request.cookies.get(name)))


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
