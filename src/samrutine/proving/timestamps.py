"""
Time stamps by RFC 3161: an authority outside says that some bytes existed at a time.

Asked and checked with `openssl ts`, which every server has; sent with the standard library. Only a hash of the
checkpoint leaves the house.
"""

import re
import subprocess
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from samrutine.errors import InvalidRequest, ToolMissing

SECONDS: Final = 30
LARGEST_ANSWER_BYTES: Final = 256 * 1024
_TIME: Final = re.compile(r"^Time stamp: (\w+ +\d+ [\d:]+)\S* (\d+) GMT", re.MULTILINE)


class TimestampUnavailableError(Exception):
    """The authority did not stamp. The message is short, in English, and for the operator."""


@dataclass(frozen=True)
class TimestampAuthority:
    """
    A time stamping authority.

    Attributes:
        url: Where it answers, http or https.
        certificates: A file with the certificates that its stamps are checked against.
    """

    url: str
    certificates: Path

    def __post_init__(self) -> None:
        """Look at the address."""
        if urlsplit(self.url).scheme not in {"http", "https"} or not urlsplit(self.url).hostname:
            raise InvalidRequest(what="timestamp_url", value=self.url[:100], expected="https://…")

    def stamp(self, content: bytes) -> bytes:
        """
        Ask for a stamp of some bytes, and check it before it is given.

        Raises:
            TimestampUnavailableError: It could not be reached, did not answer in time, or its stamp does not hold.
            ToolMissing: There is no openssl.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "content")
            path.write_bytes(content)
            asked = _openssl(["ts", "-query", "-data", str(path), "-sha256", "-cert"])
            if asked.returncode:
                detail = "openssl ts -query"
                raise TimestampUnavailableError(detail)
            answer = self._sent(asked.stdout)
        if stamped_at(content, answer, self.chain) is None:
            detail = "the stamp does not hold against the given certificates"
            raise TimestampUnavailableError(detail)
        return answer

    @property
    def chain(self) -> bytes:
        """The certificates as they are now; empty where the file cannot be read, and then no stamp holds."""
        try:
            return self.certificates.read_bytes()
        except OSError:
            return b""

    def _sent(self, query: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        request = urllib.request.Request(self.url, query, headers, method="POST")  # noqa: S310  http or https, see above
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  as above
                data: bytes = answer.read(LARGEST_ANSWER_BYTES + 1)
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise TimestampUnavailableError(type(error).__name__) from error
        if len(data) > LARGEST_ANSWER_BYTES:
            detail = "the answer is too large"
            raise TimestampUnavailableError(detail)
        return data


def stamped_at(content: bytes, answer: bytes, chain: bytes) -> datetime | None:
    """
    Give the time at which just these bytes were stamped; None when the stamp does not hold.

    The certificates are judged at the stamp's own time: a stamp says what was so when it was made, and must hold when the
    certificate that made it has run out, which is soon. Read from the part that is signed.

    Args:
        chain: The certificates to trust, as PEM.

    Raises:
        ToolMissing: There is no openssl.
    """
    with tempfile.TemporaryDirectory() as folder:
        data, stamp, trusted = (Path(folder, name) for name in ("content", "answer", "chain"))
        for path, written in ((data, content), (stamp, answer), (trusted, chain)):
            path.write_bytes(written)
        said = _openssl(["ts", "-reply", "-in", str(stamp), "-token_out", "-text"]).stdout.decode(errors="replace")
        found = _TIME.search(said)
        if found is None:
            return None
        when = datetime.strptime(f"{found[1]} {found[2]} +0000", "%b %d %H:%M:%S %Y %z")
        trust = ["-CAfile", str(trusted), "-attime", f"{when.timestamp():.0f}"]
        checked = _openssl(["ts", "-verify", "-data", str(data), "-in", str(stamp), *trust])
        return None if checked.returncode else when


def _openssl(arguments: list[str]) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(  # noqa: S603  arguments are ours and files of our own
            ["openssl", *arguments],  # noqa: S607  found where the system keeps it
            capture_output=True, check=False, timeout=SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(arguments, 1, b"", b"")
    except OSError as error:
        raise ToolMissing(tool="openssl", package="openssl") from error
