"""The door that every argument of a verb comes through: text that every store can hold, and words that we know."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, TypeVar

from samrutine.errors import InvalidRequest

LONGEST_TEXT: Final = 20_000
LONGEST_NAME: Final = 200
_BROKEN: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")

# Python's own parser of addresses fails in several ways on what is none, and some it takes.
_EMAIL: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")

Choice = TypeVar("Choice", bound=StrEnum)


def require_text(what: str, value: str, *, longest: int = LONGEST_TEXT, may_be_empty: bool = True) -> str:
    """
    Give the text back when every store can hold it.

    Raises:
        InvalidRequest: It holds NUL or another control character, half a character (a lone surrogate, from bytes that
            are not UTF-8), is longer than `longest` characters, or is empty where it must not be. The value itself is
            not repeated beyond what can be shown.
    """
    if _BROKEN.search(value) or len(value) > longest or not (may_be_empty or value.strip()):
        raise InvalidRequest(what=what, value=ascii(value[:40])[1:-1], expected=f"1–{longest}")
    return value


def is_email(value: str) -> bool:
    """Whether a letter can be addressed to this: somebody, and a machine by its whole name."""
    return len(value) <= LONGEST_NAME and _EMAIL.fullmatch(value) is not None


def require_texts(values: Mapping[str, object]) -> None:
    """Look at every text in a request, also those inside lists and mappings; raises as `require_text`."""
    for what, value in values.items():
        _require(what, value)


def one_of(kind: type[Choice], what: str, value: str) -> Choice:
    """
    Give the value of an enumeration.

    Raises:
        InvalidRequest: There is none such; the message names those there are.
    """
    try:
        return kind(value)
    except ValueError:
        raise InvalidRequest(what=what, value=ascii(str(value)[:40])[1:-1], expected=", ".join(kind)) from None


def _require(what: str, value: object) -> None:
    match value:
        case str():
            require_text(what, value)
        case Mapping():
            for key, inner in value.items():
                require_text(what, str(key), longest=LONGEST_NAME)
                _require(str(key), inner)
        case Iterable():
            for inner in value:
                _require(what, inner)
        case _:
            return
