"""Which passwords are good enough, and how they are kept."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from samrutine.reasons import Because

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST: Final = 15
"""Characters. Where a password is all there is, NIST SP 800-63B-4 asks for fifteen, and for no rules on which signs."""
LONGEST: Final = 256
_KNOWN: Final = frozenset(
    {
        *(
            "passordpassord",
            "passord12345678",
            "passordetmitt",
            "passwordpassword",
            "password1234567",
            "qwertyuiopasdfgh",
        ),
        *(
            "123456789012345",
            "1234567890123456",
            "sommersommersommer",
            "kommunekommune",
            "helseogomsorg",
            "samrutinesamrutine",
        ),
    }
)
"""Long ones that are guessed first; a short one is refused for its length."""
_FEWEST_SIGNS: Final = 5


@dataclass(frozen=True)
class PasswordTooShort(Because):
    """The password has fewer characters than it must."""

    shortest: int


@dataclass(frozen=True)
class PasswordEasilyGuessed(Because):
    """The password is one that is guessed first: well known, of few different signs, or the sign-in name."""


def reasons_against_password(password: str, login: str) -> list[Because]:
    """Say why a password is not good enough; empty means it is."""
    plain = normal(password)
    if len(plain) < SHORTEST:
        return [PasswordTooShort(SHORTEST)]
    folded = "".join(plain.casefold().split())
    parts = {
        folded[:size] for size in range(1, len(folded) // 2 + 1) if folded[:size] * (len(folded) // size) == folded
    }
    if folded in _KNOWN or parts or len(set(folded)) < _FEWEST_SIGNS or (login and login.casefold() in folded):
        return [PasswordEasilyGuessed()]
    return []


def normal(password: str) -> str:
    """Give a password as every keyboard writes it."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """Give what is kept of a password."""
    return _hasher().hash(normal(password))


def is_right(kept: str | None, password: str) -> bool:
    """Tell whether a password is the one that was kept. Takes as long when none was."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(kept or _nobodys(), normal(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Tell whether it is kept in a way that is weaker than today's."""
    return _hasher().check_needs_rehash(kept)


@cache
def _hasher() -> "PasswordHasher":
    # Imported here: no command but these needs it. Its defaults are the second choice of RFC 9106: 64 MiB, three passes.
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys() -> str:
    return hashed("nobody has this password")
