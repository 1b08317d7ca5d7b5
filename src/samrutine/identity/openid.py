"""
Talk with a service that people sign in with, by OpenID Connect: find it, send a browser there, and hear who came back.

The code is exchanged by us and not by the browser, with PKCE (RFC 7636), and its answer is trusted only when the service's own
key signed it, by RS256, PS256 or ES256. A service that hangs, or sends gigabytes, must not keep people from signing in by
another way: it has a few seconds and a quarter of a megabyte, and is left in peace for half a minute after it failed.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus, urlsplit

import httpx
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from samrutine.identity.elsewhere_model import Untrusted
from samrutine.settings import SignInElsewhere, SignInKind

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
_SECONDS: Final = 5.0
_LARGEST: Final = 262_144
_FRESH_SECONDS: Final = 3_600
_KEYS_AGAIN_SECONDS: Final = 60
_IN_PEACE_SECONDS: Final = 30
_HERE: Final = ("127.0.0.1", "::1", "localhost")


class Silent(Exception):
    """The service does not answer, or not as it should; `args` say how."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a service says of itself: its discovery document, as far as it is used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    names_itself: bool
    """Whether it says who it is when a browser comes back (RFC 9207); then it must."""


@dataclass(slots=True)
class _Known:
    metadata: Metadata
    until: float
    keys: jwk.KeySet | None = None
    keys_at: float = 0.0


class Services:
    """What is known of services, for all the libraries of a process: they are the same for all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, _Known] = {}
        self._in_peace: dict[str, float] = {}

    def address(self, setting: SignInElsewhere, *, back: str, state: str, nonce: str, verifier: str) -> str:
        """
        Give the address at the service where a browser signs in.

        Raises:
            Silent: The service does not answer, or not as it should.
        """
        metadata = self._of(setting).metadata
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": setting.client_id, "redirect_uri": back, "scope": setting.scopes, "state": state,
            "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        if setting.kind is SignInKind.ANSATTPORTEN and setting.resources:
            asked["authorization_details"] = _asked_of_ansattporten(setting)
        return str(httpx.URL(metadata.authorization_endpoint).copy_merge_params(asked))

    def claims(
        self, setting: SignInElsewhere, secret: str, *, code: str, back: str, verifier: str, said_issuer: str | None
    ) -> tuple[str, Mapping[str, Any]]:
        """
        Exchange a code for what the service says of whoever signed in; gives its issuer too. The signature is right.

        Raises:
            Silent: The service does not answer, or not as it should.
            Untrusted: It did not know the code, or what it sent is signed by nobody we know.
        """
        known = self._of(setting)
        metadata = known.metadata
        if (said_issuer is None and metadata.names_itself) or said_issuer not in {None, metadata.issuer}:
            raise Untrusted("iss of the answer")
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier,
            "client_id": setting.client_id,
        }  # fmt: skip
        # As RFC 6749, § 2.3.1 has it: both are written as in a form first.
        shown = httpx.BasicAuth(quote_plus(setting.client_id), quote_plus(secret)) if secret else httpx.Auth()
        with self._spoken_with(setting), _client() as client:
            answer = client.post(metadata.token_endpoint, data=form, auth=shown, headers={"Accept": "application/json"})
            if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise Silent(f"token: {answer.status_code}")
        said = _said(answer)
        token = said.get("id_token") if said is not None and answer.status_code == httpx.codes.OK else None
        if not isinstance(token, str):
            raise Untrusted(f"token: {answer.status_code} {_short((said or {}).get('error'))}")
        return metadata.issuer, self._read(setting, known, token)

    def _read(self, setting: SignInElsewhere, known: _Known, token: str) -> Mapping[str, Any]:
        """Give the claims of a token that is signed by one of the service's keys; keys that are new are asked for once."""
        for is_last in (False, True):
            keys = self._keys(setting, known, again=is_last)
            try:
                read = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
            except (JoseError, ValueError, TypeError) as error:
                if is_last:
                    raise Untrusted(f"signature: {type(error).__name__}") from error
                continue
            if read.header.get("kid") is None and len(keys.keys) > 1:
                raise Untrusted("kid")
            return dict(read.claims)
        raise Untrusted("signature")

    def _of(self, setting: SignInElsewhere) -> _Known:
        now = self._clock()
        with self._lock:
            known = self._known.get(setting.issuer)
        if known is not None and now < known.until:
            return known
        with self._spoken_with(setting):
            said = _json(setting, setting.issuer.rstrip("/") + "/.well-known/openid-configuration")
        metadata = _metadata(setting, said)
        made = _Known(metadata, now + _FRESH_SECONDS)
        with self._lock:
            self._known[setting.issuer] = made
        return made

    def _keys(self, setting: SignInElsewhere, known: _Known, *, again: bool) -> jwk.KeySet:
        now = self._clock()
        is_old = now - known.keys_at >= (_KEYS_AGAIN_SECONDS if again else _FRESH_SECONDS)
        if known.keys is None or is_old:
            with self._spoken_with(setting):
                said = _json(setting, known.metadata.jwks_uri)
            try:
                # Only keys that others may know: one that we would share could be anybody's signature.
                public = [
                    one for one in said.get("keys", ()) if isinstance(one, dict) and one.get("kty") in {"RSA", "EC"}
                ]
                known.keys, known.keys_at = jwk.KeySet.import_key_set({"keys": public}), now
            except (JoseError, ValueError, TypeError, AttributeError) as error:
                raise Silent(f"keys: {type(error).__name__}") from error
        return known.keys

    @contextmanager
    def _spoken_with(self, setting: SignInElsewhere) -> Iterator[None]:
        """Speak with a service in a block; one that fails is left in peace for a while."""
        with self._lock:
            until = self._in_peace.get(setting.issuer, 0.0)
        if self._clock() < until:
            raise Silent("left in peace")
        try:
            yield
        except (httpx.HTTPError, Silent) as error:
            with self._lock:
                self._in_peace[setting.issuer] = self._clock() + _IN_PEACE_SECONDS
            if isinstance(error, Silent):
                raise
            raise Silent(type(error).__name__) from error


SERVICES: Final = Services()


def is_safe(address: str, issuer: str) -> bool:
    """Tell whether something may be sent to an address: by HTTPS, or to this machine where the service is on it."""
    parts = urlsplit(address)
    if parts.username is not None or parts.fragment:
        return False
    is_here = parts.hostname in _HERE
    return (parts.scheme == "https" and not is_here) or (is_here and urlsplit(issuer).hostname in _HERE)


def _metadata(setting: SignInElsewhere, said: Mapping[str, Any]) -> Metadata:
    addresses = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    for one in addresses:
        if not isinstance(one, str) or not is_safe(one, setting.issuer):
            raise Silent("discovery: address")
    issuer = said.get("issuer")
    of_all_tenants = setting.kind is SignInKind.ENTRA and isinstance(issuer, str) and "{tenantid}" in issuer
    if not isinstance(issuer, str) or not (issuer.rstrip("/") == setting.issuer.rstrip("/") or of_all_tenants):
        raise Silent("discovery: issuer")
    authorization, token, keys = (str(one) for one in addresses)
    names_itself = said.get("authorization_response_iss_parameter_supported") is True
    return Metadata(issuer, authorization, token, keys, names_itself)


def _asked_of_ansattporten(setting: SignInElsewhere) -> str:
    asked = [{"type": "ansattporten:altinn:resource", "resource": one} for one in setting.resources]
    return json.dumps(asked, separators=(",", ":"))


def _json(setting: SignInElsewhere, address: str) -> dict[str, Any]:
    if not is_safe(address, setting.issuer):
        raise Silent("address")
    with _client() as client:
        answer = client.get(address, headers={"Accept": "application/json"})
    said = _said(answer)
    if said is None or answer.status_code != httpx.codes.OK:
        raise Silent(f"{answer.status_code}")
    return said


def _said(answer: httpx.Response) -> dict[str, Any] | None:
    try:
        said = answer.json()
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _client() -> httpx.Client:
    return httpx.Client(timeout=_SECONDS, follow_redirects=False, transport=_Bounded(), trust_env=False)


class _Bounded(httpx.BaseTransport):
    """Reads no more of an answer than any honest one holds, and not for longer than it may take in all."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport(retries=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Ask, and give the whole answer."""
        end = time.monotonic() + 2 * _SECONDS
        # A few packed bytes can be gigabytes.
        request.headers["Accept-Encoding"] = "identity"
        answer = self._inner.handle_request(request)
        data = bytearray()
        try:
            if answer.headers.get("Content-Encoding", "identity") != "identity":
                raise httpx.ReadError("packed", request=request)
            for part in answer.iter_raw():
                data += part
                if len(data) > _LARGEST or time.monotonic() > end:
                    raise httpx.ReadError("too much, or too slow", request=request)
        finally:
            answer.close()
        return httpx.Response(answer.status_code, headers=answer.headers, content=bytes(data), request=request)

    def close(self) -> None:
        """Let go of what is open."""
        self._inner.close()


def _short(said: object) -> str:
    """Give what a service calls a fault, as far as it can be one of the words that are settled."""
    words = said if isinstance(said, str) else ""
    return words if words.isidentifier() and len(words) <= 40 else "refused"  # noqa: PLR2004 - the longest is shorter
