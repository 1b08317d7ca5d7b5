"""
Time stamps by RFC 3161: an authority outside says that some bytes existed at a time.

Asked and checked with `openssl ts`, which every server has; sent with the standard library. Only a hash of the
checkpoint leaves the house.
"""

import subprocess
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from samrutine.errors import InvalidRequest, ToolMissing

SECONDS: Final = 30
LARGEST_ANSWER_BYTES: Final = 256 * 1024


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
        if not self.holds(content, answer):
            detail = "the stamp does not hold against the given certificates"
            raise TimestampUnavailableError(detail)
        return answer

    def holds(self, content: bytes, answer: bytes) -> bool:
        """
        Whether an answer of the authority stamps just these bytes.

        Raises:
            ToolMissing: There is no openssl.
        """
        with tempfile.TemporaryDirectory() as folder:
            data, stamp = Path(folder, "content"), Path(folder, "answer")
            data.write_bytes(content)
            stamp.write_bytes(answer)
            checked = ["ts", "-verify", "-data", str(data), "-in", str(stamp), "-CAfile", str(self.certificates)]
            return _openssl(checked).returncode == 0

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
