"""Typed reasons: why a rule says no, as values that a caller can tell apart and a catalogue can put into words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import ClassVar

from samrutine.errors import NotAllowed, Refused
from samrutine.messages import Reason


@dataclass(frozen=True)
class Because:
    """
    Base of all reasons.

    The catalogue key is the class name in snake case under `reasons`; the fields are the places of its text. Each has
    a `fact` and a `remedy` in every language. `about_who` is true where another person might have done it; `settled` where
    mending every other reason would not help: it is done already, cannot be done where the matter stands, or never by who
    asks. Then no other reason is worth telling.
    """

    about_who: ClassVar[bool] = False
    settled: ClassVar[bool] = False

    @property
    def key(self) -> str:
        """The catalogue key."""
        return "reasons." + re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    @property
    def places(self) -> dict[str, object]:
        """The values it rests on, as they are in code."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def places_in(self, language: str) -> dict[str, object]:  # noqa: ARG002  those with codes among their values use it
        """What fills the named places of the text in a language."""
        return self.places


def with_names(reasons: Iterable[Reason], names: Mapping[str, str]) -> tuple[Reason, ...]:
    """
    Give reasons that say what people call a body, where they did not know it: "Fauske" for "municipality:1841".

    Args:
        names: What each body is called.
    """
    return tuple(_with_name(one, names) for one in reasons)


def _with_name(reason: Reason, names: Mapping[str, str]) -> Reason:
    if not is_dataclass(reason) or isinstance(reason, type):
        return reason
    body = getattr(reason, "body", None)
    is_unnamed = any(one.name == "named" for one in fields(reason)) and reason.places["named"] is None
    return replace(reason, named=names[body]) if is_unnamed and body in names else reason


def refuse(reasons: Sequence[Because]) -> None:
    """
    Raise when there is a reason; return when there is none.

    Raises:
        NotAllowed: The first reason is about who asks.
        Refused: Another rule says no.
    """
    if reasons:
        raise refusal(reasons)


def refusal(reasons: Sequence[Because]) -> Refused:
    """Give the error for these reasons, at least one: `NotAllowed` when the first is about who asks."""
    return NotAllowed(reasons) if reasons[0].about_who else Refused(reasons)
