"""The part of the application that programs ask: its routes, its refusals and its description."""

import re
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from samrutine.errors import SamrutineError
from samrutine.web.api import WHERE, deciding, faults, proposing, reading
from samrutine.web.api.answers import FAULTS, SCHEMAS
from samrutine.web.api.faults import ApiFault
from samrutine.web.api.limits import Limits
from samrutine.web.guarding import TooLarge
from samrutine.web.serving import Libraries

ABOUT: Final = """
The library for programs: what people do in the browser and in a shell, by the same verbs, with the same rights and the same
refusals.

Show a token in `Authorization: Bearer …`. It acts as the person who made it, and one of the scope `read` changes nothing. Lists come in
pages: give `next` of one page as `after` of the next. Each answer has an `ETag`; with `If-None-Match` it is sent again only when it is
another. `If-Match` with the tag of `/proposals/{proposal}/text` says which text was read. An act may be sent again with the same
`Idempotency-Key`: it is then the same act.
"""


def _name_of(route: APIRoute) -> str:
    """Name an operation, for those who make a client from the description."""
    method = min(route.methods or ["GET"]).lower()
    return re.sub(r"\W+", "_", f"{method}{route.path}").strip("_")


class _Api(FastAPI):
    """FastAPI with a description that names the parts of our answers."""

    def openapi(self) -> dict[str, Any]:
        """Describe every route."""
        if self.openapi_schema is None:
            made = super().openapi()
            parts = made.setdefault("components", {}).setdefault("schemas", {})
            if both := sorted(set(parts) & set(SCHEMAS)):
                raise ValueError(f"two parts are called {both}")
            parts.update(SCHEMAS)
            self.openapi_schema = made
        return self.openapi_schema


def create_api(libraries: Libraries, *, address: str = "") -> FastAPI:
    """
    Make the part that programs ask.

    Args:
        address: Where people reach the library; where the request came, when nobody has said.
    """
    api = _Api(
        title="samrutine", version="1", description=ABOUT.strip(), docs_url=None, redoc_url=None, openapi_url="/openapi.json",
        redirect_slashes=False, servers=[{"url": WHERE}], responses=FAULTS, generate_unique_id_function=_name_of,
    )  # fmt: skip
    api.state.libraries = libraries
    api.state.address = address
    api.state.limits = Limits()
    api.state.limits_of_strangers = Limits(burst=30, a_second=0.5)
    for router in (reading.router, proposing.router, proposing.remarks, deciding.router):
        api.include_router(router)
    _say_what_is_wrong(api)
    return api


def _say_what_is_wrong(api: FastAPI) -> None:
    @api.exception_handler(ApiFault)
    def _(request: Request, fault: ApiFault) -> Response:
        return faults.of_fault(request, fault)

    @api.exception_handler(SamrutineError)
    def _(request: Request, error: SamrutineError) -> Response:
        return faults.of_error(request, error)

    @api.exception_handler(TooLarge)
    def _(request: Request, _error: TooLarge) -> Response:
        return faults.of_fault(request, ApiFault("too_large", 413))

    @api.exception_handler(RequestValidationError)
    def _(request: Request, error: RequestValidationError) -> Response:
        where = sorted({".".join(str(part) for part in one["loc"])[:80] for one in error.errors()})
        return faults.of_fault(request, ApiFault("not_understood", 422, where=", ".join(where)))

    @api.exception_handler(HTTPException)
    def _(request: Request, error: HTTPException) -> Response:
        if isinstance(error.__cause__, TooLarge):
            return faults.of_fault(request, ApiFault("too_large", 413))
        name = {404: "no_route", 405: "no_method"}.get(error.status_code, "not_http")
        return faults.of_fault(request, ApiFault(name, error.status_code, error.headers))

    @api.exception_handler(Exception)
    def _(request: Request, _error: Exception) -> JSONResponse:
        return faults.of_fault(request, ApiFault("our_mistake", 500))
