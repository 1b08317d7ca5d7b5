"""Word's fields: what they show is kept, what they are told is not."""

from dataclasses import dataclass, field
from typing import Final

from samrutine.exchange.incoming.word_changes import unwrap
from samrutine.exchange.incoming.word_package import Element, W

_PIECES: Final = (f"{W}fldChar", f"{W}instrText", f"{W}t")


@dataclass(slots=True)
class _Field:
    """A field that has begun: its marks, what it is told, and whether what it shows has begun too."""

    marks: list[Element] = field(default_factory=list)
    told: str = ""
    shows: bool = False


def take_fields_away(root: Element) -> None:
    """
    Take the fields away and keep what they show; links are left, since pandoc knows those and passes over all others.

    A value that a field only was told (what a condition asks about) is not what it shows, and goes with it.
    """
    begun: list[_Field] = []
    for one in list(root.iter(*_PIECES)):
        kind = one.get(f"{W}fldCharType")
        if kind == "begin":
            begun.append(_Field())
        if not begun:
            continue
        if one.tag == f"{W}t":
            if any(not each.shows for each in begun):
                one.getparent().remove(one)
            continue
        begun[-1].marks.append(one)
        begun[-1].told += (one.text or "") if kind is None else ""
        begun[-1].shows = begun[-1].shows or kind == "separate"
        if kind == "end":
            _take_away(begun.pop())
    for simple in list(root.iter(f"{W}fldSimple")):
        if not _is_link(simple.get(f"{W}instr") or ""):
            unwrap(simple)


def _take_away(ended: _Field) -> None:
    if not _is_link(ended.told):
        for mark in ended.marks:
            mark.getparent().remove(mark)


def _is_link(told: str) -> bool:
    return told.strip().upper().startswith("HYPERLINK")
