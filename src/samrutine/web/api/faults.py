"""What a program is told when it is not answered: as `--json` tells it, in the language that it asks for."""

from collections.abc import Mapping
from typing import Final

from fastapi import Request
from starlette.responses import JSONResponse

from samrutine.errors import (
    Conflict,
    InvalidRequest,
    InvalidText,
    NotAllowed,
    NotFound,
    Refused,
    SamrutineError,
    StoreUnavailable,
    TextChanged,
)
from samrutine.messages import say
from samrutine.plain import plain_error
from samrutine.web.phrases import asked_for, without_commands
from samrutine.web.serving import NotAnswered

STATUS: Final[tuple[tuple[type[SamrutineError], int], ...]] = (
    (NotFound, 404), (NotAllowed, 403), (InvalidRequest, 422), (InvalidText, 422), (Refused, 422), (TextChanged, 412),
    (Conflict, 409), (StoreUnavailable, 503),
)  # fmt: skip
"""The status of each class of errors: the first that fits."""
TRY_AGAIN_AFTER: Final = 5
"""Seconds, when a store did not answer."""


class ApiFault(NotAnswered):
    """
    Something wrong with how a program asked, before any verb was called.

    Attributes:
        name: The table in the catalogue `api`, and the code in the answer.
        status: Of the answer.
        places: What the text names.
    """

    def __init__(self, name: str, status: int, headers: Mapping[str, str] | None = None, /, **places: object) -> None:
        super().__init__(name)
        self.name = name
        self.status = status
        self.headers = dict(headers or {})
        self.places = places


def language_of(request: Request) -> str:
    """Give the language of errors for whoever asks: nynorsk gets bokmål, as there is no nynorsk of these."""
    return "en" if asked_for(request.headers.get("accept-language", "")) == "en" else "nb"


def of_error(request: Request, error: SamrutineError) -> JSONResponse:
    """Answer with an error of a verb."""
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 500)
    told = plain_error(error, language_of(request))
    for part in ("fact", "remedy"):
        told[part] = without_commands(str(told[part])) or told[part]
    headers = {"Retry-After": str(TRY_AGAIN_AFTER)} if status == 503 else {}  # noqa: PLR2004 - the code of "not now"
    return JSONResponse({"error": told}, status, headers=headers)


def of_fault(request: Request, fault: ApiFault) -> JSONResponse:
    """Answer with what is wrong with how it was asked."""
    return JSONResponse({"error": told(fault.name, language_of(request), **fault.places)}, fault.status, fault.headers)


def told(name: str, language: str, /, **places: object) -> dict[str, object]:
    """Give what `plain_error` would, of what is no error of a verb."""
    return {
        "code": name,
        "fact": say(f"api.{name}.fact", language, **places),
        "remedy": say(f"api.{name}.remedy", language, **places),
        "places": places,
    }
