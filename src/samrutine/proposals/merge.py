"""Three-way merge of a procedure's text: what a proposal changed, and what was approved while it was written."""

from dataclasses import dataclass, replace

from samrutine.errors import InvalidText
from samrutine.procedures.model import ProcedureText
from samrutine.procedures.text import read, write
from samrutine.proposals.conflicts import Conflict, ConflictKind
from samrutine.proposals.merge_body import merge_body
from samrutine.proposals.merge_front import merge_front, strictness


@dataclass(frozen=True, slots=True)
class Merged:
    """
    The text put together, and what a person must choose before it can be sent; none when the two touch nothing alike.

    `text` is in the stored form when two had changed it, and else one of the three as it was given.
    """

    text: ProcedureText
    conflicts: tuple[Conflict, ...]


def merge(base: ProcedureText, ours: ProcedureText, theirs: ProcedureText) -> Merged:
    """
    Put a proposal together with the version that was approved meanwhile.

    Front matter is merged value by value, and lists by what stands in them. The body is merged section by section,
    also when one was renamed or moved, and in a section by paragraph, step of a list, and cell of a table. The same
    three always give the same answer.

    Args:
        base: The version the proposal was written from.
        ours: The proposal's text, which stays where both changed the same.
        theirs: The version that is faglig godkjent now.

    Returns:
        A text that can be written and read, also with conflicts. It is guarded as the stricter of the two: words of an
        exempt version never come into a text that more may read.
    """
    if ours in (base, theirs):
        return Merged(theirs, ())
    if theirs == base:
        return Merged(ours, ())
    front, at_odds = merge_front(base.front, ours.front, theirs.front)
    body, conflicts = merge_body(base.body, ours.body, theirs.body)
    stored = _stored(ProcedureText(front, body))
    if stored is not None:
        return Merged(stored, _shown((*at_odds, *conflicts), base, stored))
    # Two good texts can make one that cannot be kept: lists together too long, or words that would be lost.
    whole = Conflict("", ConflictKind.WHOLE, base.body, ours.body, theirs.body)
    kept = _stored(ProcedureText(front, ours.body)) or ours
    return Merged(kept, _shown((*at_odds, whole), base, kept))


def _shown(conflicts: tuple[Conflict, ...], base: ProcedureText, merged: ProcedureText) -> tuple[Conflict, ...]:
    """Leave out what stood there before where it is more guarded than the text: who reads this may not read that."""
    if strictness(base.front.access) <= strictness(merged.front.access):
        return conflicts
    return tuple(replace(one, base="") for one in conflicts)


def _stored(text: ProcedureText) -> ProcedureText | None:
    try:
        return read(write(text), text.front.id)
    except InvalidText:
        return None
