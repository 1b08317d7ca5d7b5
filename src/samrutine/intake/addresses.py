"""Where a routine lay before it came here, written in one way, and in which system that was."""

import re
import unicodedata
from typing import Final
from urllib.parse import unquote, urlsplit

from samrutine.errors import InvalidRequest
from samrutine.intake.model import LONGEST_ADDRESS
from samrutine.procedures.personal_data import PersonalData, personal_data

_SYSTEMS: Final = ("digipro", "compilo", "sharepoint", "landax", "eqs", "qm")
OTHER: Final = "other"
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_BROKEN: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_PERSONAL: Final = frozenset({PersonalData.NATIONAL_ID, PersonalData.PRIVATE_EMAIL})


def one_way(address: str) -> str:
    """
    Write an address in the one way by which it is looked up.

    Scheme and host in small letters, `%20` and the like read, no question of who asks, no place in the page, no slash last.
    An address in a share is taken as it is, with backslashes turned.

    Raises:
        InvalidRequest: It is empty, too long, holds a sign-in name or a password, or what looks like a person.
    """
    plain = unicodedata.normalize("NFC", unquote(address).strip()).replace("\\", "/")
    if not plain or len(plain) > LONGEST_ADDRESS or _BROKEN.search(plain):
        raise InvalidRequest(what="address", value=ascii(address[:40])[1:-1], expected=f"1–{LONGEST_ADDRESS}")
    if any(one.what in _PERSONAL for one in personal_data(plain)):
        raise InvalidRequest(what="address", value="…", expected="https://")
    if _SCHEME.match(plain) is None:
        return plain.rstrip("/") or plain
    try:
        parts = urlsplit(plain)
        signed_in = parts.username is not None
    except ValueError:
        raise InvalidRequest(what="address", value="…", expected="https://") from None
    if signed_in or not parts.netloc:
        raise InvalidRequest(what="address", value="…", expected="https://")
    asked = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{parts.path}".rstrip("/") + asked


def system_of(address: str) -> str:
    """Say which system an address is of, as far as it tells; "other" when it does not."""
    host = address.partition("://")[2].partition("/")[0] or address
    return next((one for one in _SYSTEMS if one in host.casefold()), OTHER)
