"""Who asks: a program, by a token, as the person who made it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from samrutine.actors import ActorId
from samrutine.errors import Refused
from samrutine.identity.model import Scope
from samrutine.identity.tokens import TokenSeen
from samrutine.library import Library
from samrutine.plain import name_bodies
from samrutine.web.api.faults import ApiFault, language_of
from samrutine.web.guarding import UNSAFE
from samrutine.web.serving import Turn

_BEARER: Final = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token of somebody's own, made with `samrutine person token make`. One of the scope `read` only reads.",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """
    One request of a program.

    Attributes:
        token: What it showed.
        language: Of what is made for it.
        act: What it calls the act itself, so that a second call is the same act; None for an id of ours.
        if_none_match: The version that it has already.
    """

    request: Request
    library: Library
    token: TokenSeen
    language: str
    act: str | None
    if_none_match: str

    @property
    def actor(self) -> ActorId:
        """Whose eyes, and who acts."""
        return self.token.actor


def calling(
    request: Request,
    _turn: Turn,
    shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    accept_language: Annotated[str | None, Header(description="Of what is refused: `nb` or `en`.")] = None,  # noqa: ARG001  for the description
    if_none_match: Annotated[str | None, Header(description="The `ETag` of what one has already.")] = None,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="The program's own id of an act: letters, digits, `.`, `_` and `-`. The same again is the same act."
        ),
    ] = None,
) -> Iterator[Caller]:
    """
    Let a program in.

    Raises:
        ApiFault: It shows no token that holds, or one that may not do this, or asks too often.
    """
    limits, refused = request.app.state.limits, request.app.state.limits_of_strangers
    with request.app.state.libraries.lent() as library:
        token = library.signed_in_by_token(shown.credentials) if shown is not None else None
        if token is None:
            _require_patience(refused.wait(request.client.host if request.client else ""))
            raise ApiFault("no_token", 401, {"WWW-Authenticate": "Bearer"})
        _require_patience(limits.wait(token.key))
        if request.method in UNSAFE and token.scope is not Scope.WRITE:
            raise ApiFault(
                "only_reads", 403, {"WWW-Authenticate": 'Bearer error="insufficient_scope", scope="write"'}, name=token.name
            )  # fmt: skip
        try:
            yield Caller(request, library, token, language_of(request), idempotency_key, if_none_match or "")
        except Refused as error:
            name_bodies(error, library)
            raise


def _require_patience(seconds: int) -> None:
    if seconds:
        raise ApiFault("too_often", 429, {"Retry-After": str(seconds)}, seconds=seconds)


Calling = Annotated[Caller, Depends(calling)]
