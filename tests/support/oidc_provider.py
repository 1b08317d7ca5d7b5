"""
A service that people sign in with, as OpenID Connect says: real HTTP, real keys, and whatever it may do wrong.

It signs anybody in without asking. `claims` is what it says of them; `spoil` holds what it does otherwise than it should.
"""

import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

from tests.support.clock import NOW

CLIENT, SECRET = "samrutine", "hemmelig-for-prove"
FIRST_KEY = jwk.RSAKey.generate_key(2048, {"kid": "k1"}, private=True)


@dataclass
class Provider:
    """What a service is, and what it was asked."""

    issuer: str = ""
    claims: dict = field(default_factory=dict)
    spoil: dict = field(default_factory=dict)
    keys: dict = field(default_factory=lambda: {"k1": FIRST_KEY})
    signs_with: str = "k1"
    asked: list = field(default_factory=list)
    codes: dict = field(default_factory=dict)
    needs_secret: bool = True

    def discovery(self):
        """What it says of itself."""
        said = {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/auth", "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys", "authorization_response_iss_parameter_supported": True,
        }  # fmt: skip
        return said | self.spoil.get("discovery", {})

    def signed(self, claims):
        """A token with these claims, signed as it is told to."""
        how = self.spoil.get("signed", {})
        key = how.get("key", self.keys[self.signs_with])
        header = {"alg": "RS256", "kid": self.signs_with} | how.get("header", {})
        # What no honest library signs: by nobody, or by the key that everybody knows as if it were a secret.
        if header["alg"] in {"none", "HS256"}:
            parts = (json.dumps(one).encode() for one in (header, claims))
            said = ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts)
            by = hmac.digest(key.as_pem(private=False), said.encode(), "sha256") if header["alg"] == "HS256" else b""
            return f"{said}.{base64.urlsafe_b64encode(by).rstrip(b'=').decode()}"
        return jwt.encode(header, claims, key, algorithms=[header["alg"]])

    def token(self, form, credentials):
        """The answer to a code."""
        code = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if (
            code is None
            or challenge.rstrip(b"=").decode() != code["code_challenge"]
            or form.get("redirect_uri") != code["redirect_uri"]
            or (self.needs_secret and credentials != f"Basic {expected}")
        ):
            return 400, {"error": "invalid_grant"}
        at = int(NOW.timestamp())
        claims = {
            "iss": self.issuer, "sub": "9c1f", "aud": CLIENT, "exp": at + 300, "iat": at, "nonce": code["nonce"],
        }  # fmt: skip
        claims = {
            name: value for name, value in (claims | self.claims | self.spoil.get("claims", {})).items() if value != "–"
        }
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self.signed(claims)} | self.spoil.get(
            "answer", {}
        )

    def authorize(self, asked):
        """Where the browser is sent back to, for somebody who signs in at once."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.issuer} | self.spoil.get("back", {})
        return f"{asked['redirect_uri']}?{urlencode({name: value for name, value in back.items() if value != '–'})}"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        provider, where = self.server.provider, urlsplit(self.path)
        provider.asked.append(where.path)
        if "seconds" in provider.spoil:
            time.sleep(provider.spoil["seconds"])
        if where.path.endswith("openid-configuration"):
            self._say(200, provider.spoil.get("raw") or provider.discovery())
        elif where.path.endswith("/keys"):
            public = [key.as_dict(private=False) | {"kid": name} for name, key in provider.keys.items()]
            self._say(200, {"keys": provider.spoil.get("keys", public)})
        else:
            self._say(404, {})

    def do_POST(self):
        form = {
            name: one[0]
            for name, one in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()
        }
        self.server.provider.asked.append(urlsplit(self.path).path)
        self._say(*self.server.provider.token(form, self.headers.get("Authorization", "")))

    def _say(self, status, said):
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in self.server.provider.spoil.get("headers", {}).items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):  # whoever asked has had enough
            self.wfile.write(data)


@contextlib.contextmanager
def running():
    """A service on a port of its own, for the length of a block."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def asked_at(address):
    """What a browser that was sent to an address asks for there."""
    return {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}
