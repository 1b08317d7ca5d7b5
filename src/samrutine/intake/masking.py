"""Take out of a text what must not be kept: in its place stands what kind of thing was there, and nothing of what it said."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from samrutine.intake.quarantine import Held, HeldBack, HeldState, Place, held_anew, places, standing
from samrutine.messages import say
from samrutine.reasons import Because


@dataclass(frozen=True)
class NothingHeldBack(Because):
    """The document holds nothing back under that key."""

    held: str


@dataclass(frozen=True)
class NeverLetThrough(Because):
    """What stands there may stand in no text of the library, whoever says so."""

    held: str
    what: str

    def places_in(self, language: str) -> dict[str, object]:
        """Give the kind in words."""
        return {"held": self.held, "what": Held(self.what).label(language)}


def mark(what: Held, language: str = "nb") -> str:
    """Give what stands in place of a value of this kind: «(fjernet: telefonnummer)»."""
    return say(f"quarantine.mark.{what.value}", language)


def masked_all(text: str) -> str:
    """Take everything out of a text that would be held back: for what is quoted in a report, and stays there."""
    return _without(text, places(text))


def masked(
    text: str, held: Sequence[HeldBack], keys: Collection[str]
) -> tuple[str, tuple[HeldBack, ...], tuple[Because, ...]]:
    """
    Take what these keys name out of a text. What is masked already stays so.

    Returns:
        The text, what is held back in it now, and why not; nothing is changed where there is a reason.
    """
    there = standing(text, held)
    known = {one.key for one in held if one.state is not HeldState.GONE}
    unknown = tuple(NothingHeldBack(key) for key in keys if key not in known)
    if unknown:
        return text, tuple(held), unknown
    chosen = {one.key for one, _ in there if one.key in keys}
    after = _without(text, [place for one, place in there if one.key in chosen])
    return after, held_anew(text, after, held, masked=chosen), ()


def let_through(
    held: Sequence[HeldBack], keys: Collection[str], *, by: str, reason: str
) -> tuple[tuple[HeldBack, ...], tuple[Because, ...]]:
    """Say that what these keys name may stand, and who says so; and why not, where it may not."""
    open_ones = {one.key: one for one in held if one.state is HeldState.OPEN}
    through = {one.key for one in held if one.state is HeldState.LET_THROUGH}
    reasons: list[Because] = [NothingHeldBack(key) for key in keys if key not in open_ones.keys() | through]
    reasons += [
        NeverLetThrough(key, open_ones[key].what.value)
        for key in keys
        if key in open_ones and open_ones[key].what.never_let_through
    ]
    if reasons:
        return tuple(held), tuple(reasons)
    kept = [
        replace(one, state=HeldState.LET_THROUGH, by=by, reason=reason)
        if one.key in keys and one.key in open_ones
        else one
        for one in held
    ]
    return tuple(kept), ()


def _without(text: str, taken: Sequence[Place]) -> str:
    parts, at = [], 0
    for place in taken:
        parts += [text[at : place.start], mark(Held.PATIENT if place.is_passage else place.what), place.marks]
        at = place.end
    return "".join([*parts, text[at:]])
