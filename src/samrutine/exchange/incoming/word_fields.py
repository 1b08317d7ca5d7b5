"""Word's fields: what they show is kept, what they are told is not."""

from dataclasses import dataclass, field
from typing import Final

from samrutine.exchange.incoming.word_changes import unwrap
from samrutine.exchange.incoming.word_package import Element, W

_PIECES: Final = (f"{W}fldChar", f"{W}instrText", f"{W}t")


@dataclass(slots=True)
class _Field:
    """A field that has begun: its marks, what it is told, whether what it shows has begun too, and words of it that nobody sees."""

    marks: list[Element] = field(default_factory=list)
    told: str = ""
    shows: bool = False
    unseen: list[Element] = field(default_factory=list)


def take_fields_away(root: Element) -> None:
    """
    Take the fields away and keep what they show; links are left, since pandoc knows those and passes over all others.

    A value that a field only was told (what a condition asks about) is not what it shows, and goes with it. Of a field
    that never ends nobody knows what it shows: all words of it are kept.
    """
    begun: list[_Field] = []
    for one in list(root.iter(*_PIECES)):
        kind = one.get(f"{W}fldCharType")
        if kind == "begin":
            begun.append(_Field())
        if one.tag == f"{W}t":
            asking = next((each for each in begun if not each.shows), None)
            if asking is not None:
                asking.unseen.append(one)
        elif begun:
            _hear(begun, one, kind)
        else:
            # What ends and never began shows nothing, and pandoc may take what follows for told.
            one.getparent().remove(one)
    for unended in begun:
        _take_marks(unended)
    for simple in list(root.iter(f"{W}fldSimple")):
        if not _is_link(simple.get(f"{W}instr") or ""):
            unwrap(simple)


def _hear(begun: list[_Field], one: Element, kind: str | None) -> None:
    """Take a mark of the innermost field; with its last one, the field goes."""
    field_ = begun[-1]
    field_.marks.append(one)
    field_.told += (one.text or "") if kind is None else ""
    field_.shows = field_.shows or kind == "separate"
    if kind != "end":
        return
    begun.pop()
    for unseen in field_.unseen:
        unseen.getparent().remove(unseen)
    if not _is_link(field_.told):
        _take_marks(field_)


def _take_marks(ended: _Field) -> None:
    for mark in ended.marks:
        mark.getparent().remove(mark)


def _is_link(told: str) -> bool:
    return told.strip().upper().startswith("HYPERLINK")
