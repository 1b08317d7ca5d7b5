"""Places where two have changed the same, so that a person must choose; and the words for them."""

from dataclasses import dataclass
from enum import StrEnum

from samrutine.messages import DEFAULT_LANGUAGE, say


class ConflictKind(StrEnum):
    """What the two did to the same place. "Here" is the proposal, "there" the version approved meanwhile."""

    FIELD = "field"
    """A value above the text, changed differently."""
    TEXT = "text"
    """The same paragraph, step, cell or heading, changed differently."""
    REMOVED_HERE = "removed-here"
    """Taken out here, changed there."""
    REMOVED_THERE = "removed-there"
    """Changed here, taken out there."""
    ADDED_TWICE = "added-twice"
    """Something put in at the same place, differently."""
    ORDER = "order"
    """The sections moved, differently."""
    WHOLE = "whole"
    """The two could not be put together at all."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """
    One place that a person must look at. What stands in the text meanwhile is `ours`; of access the stricter of the two.

    Attributes:
        where: The heading of the section; empty for what stands before the first one. Of a field, its key.
        base: The words both began with, as Markdown; empty when there were none, or the base was
            more guarded than the text is. `ours` and `theirs` likewise.
    """

    where: str
    kind: ConflictKind
    base: str
    ours: str
    theirs: str


def told(conflict: Conflict, language: str = DEFAULT_LANGUAGE) -> str:
    """Say in one sentence what happened, and where; the three texts are shown beside it."""
    if conflict.kind is ConflictKind.FIELD:
        where = say(f"diff.field.{conflict.where}", language)
    else:
        where = conflict.where or say("diff.beginning", language)
    return say(f"diff.conflict.{conflict.kind}", language, where=where)
