"""
What every answer carries and every request must hold: a strict policy, known hosts, our own pages' forms, bounded bodies.

Sources:
    OWASP's cheat sheets on cross-site request forgery (Origin and a token of the session) and on HTTP headers.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from samrutine.web.phrases import asked_for

POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MOST_BYTES: Final = 1024 * 1024
"""Of what a form sends. Where files are sent, the page says otherwise."""
_MASK_BYTES: Final = 16


class Guard:
    """
    Stands before all pages.

    Args:
        hosts: The names that the pages are reached by. Others are refused, so that no address in a page is anybody else's.
        is_secure: The pages are reached by HTTPS, also where a proxy speaks it for us.
        most: Bytes of a body by the beginning of its path; `MOST_BYTES` for others.
        programs: The beginning of what programs ask, who show a token with each request: there is no form to forge, and they
            are refused in JSON.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Sequence[str],
        is_secure: bool,
        most: dict[str, int] | None = None,
        programs: str = "",
    ) -> None:
        self._app = app
        self._hosts = frozenset(host.casefold() for host in hosts)
        self._is_secure = is_secure
        self._most = most or {}
        self._programs = programs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what must not come in, and let the rest through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        send = self._with_headers(send)
        if (why := self._reason_against(scope, headers)) is not None:
            await self._refusal(scope, headers, *why)(scope, receive, send)
            return
        await self._app(scope, _bounded(receive, self._most_of(scope["path"])), send)

    def _reason_against(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        host = (urlsplit(f"//{headers.get('host', '')}").hostname or "").casefold()
        if host not in self._hosts:
            return 400, "Unknown host.\n"
        if scope["method"] in UNSAFE and not self._is_of_programs(scope) and not _is_from_here(headers):
            return 403, "Not from a page of ours.\n"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._most_of(scope["path"]):
            return 413, "Too large.\n"
        return None

    def _is_of_programs(self, scope: Scope) -> bool:
        return bool(self._programs) and scope["path"].startswith(f"{self._programs}/")

    def _refusal(self, scope: Scope, headers: Headers, status: int, text: str) -> Response:
        if not self._is_of_programs(scope):
            return PlainTextResponse(text, status)
        # Imported here: it stands behind this guard.
        from samrutine.web.api.faults import told

        language = "en" if asked_for(headers.get("accept-language", "")) == "en" else "nb"
        name = "too_large" if status == 413 else "unknown_host"  # noqa: PLR2004 - the code of what is too large
        return JSONResponse({"error": told(name, language)}, status)

    def _most_of(self, path: str) -> int:
        return next((most for start, most in self._most.items() if path.startswith(start)), MOST_BYTES)

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self._is_secure:
                    headers.setdefault("Strict-Transport-Security", "max-age=63072000")
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        return sending


class TooLarge(Exception):
    """The body is larger than it may be, whatever its head said."""


def _bounded(receive: Receive, most: int) -> Receive:
    had = 0

    async def receiving() -> Message:
        nonlocal had
        message = await receive()
        had += len(message.get("body", b""))
        if had > most:
            raise TooLarge
        return message

    return receiving


def _is_from_here(headers: Headers) -> bool:
    """Tell whether a form was sent from a page of ours: a browser says so, and who is none has no session to steal."""
    site = headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin") or headers.get("referer")
    if origin is None:
        return site == "same-origin"
    return urlsplit(origin).netloc.casefold() == headers.get("host", "").casefold()


def form_token(session_token: str) -> str:
    """
    Give what a form of somebody's page must bring back. Another each time, so that a packed page tells nothing of it.

    Only the browser and whoever it asks know what it is made from.
    """
    mask = secrets.token_bytes(_MASK_BYTES)
    return (mask + _masked(_own(session_token), mask)).hex()


def is_form_token(given: str, session_token: str) -> bool:
    """Tell whether a form brought back what belongs to the session."""
    try:
        data = bytes.fromhex(given)
    except ValueError:
        return False
    mask, rest = data[:_MASK_BYTES], data[_MASK_BYTES:]
    return len(rest) == _MASK_BYTES and hmac.compare_digest(_masked(rest, mask), _own(session_token))


def _own(session_token: str) -> bytes:
    return hmac.new(session_token.encode(), b"samrutine form", hashlib.sha256).digest()[:_MASK_BYTES]


def _masked(data: bytes, mask: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(data, mask, strict=True))
