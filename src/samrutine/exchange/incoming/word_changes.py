"""Tracked changes: the text as it is when all are accepted, and a list of them. Comments: a list of them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from samrutine.exchange.incoming.changed_values import ChangedLine
from samrutine.exchange.incoming.model import PARAGRAPH_END, ChangeKind, Comment, Finding, TrackedChange
from samrutine.exchange.incoming.word_package import Element, M, W
from samrutine.exchange.incoming.word_text import text_of
from samrutine.proposals.prose_words import critical_in

WHERE: Final = "where"
"""Our own mark on a paragraph: the heading it stands under."""

_KINDS: Final = {
    f"{W}ins": ChangeKind.INSERTED,
    f"{W}del": ChangeKind.DELETED,
    f"{W}moveFrom": ChangeKind.MOVED_AWAY,
    f"{W}moveTo": ChangeKind.MOVED_HERE,
}
_CELLS: Final = {f"{W}cellIns": ChangeKind.INSERTED, f"{W}cellDel": ChangeKind.DELETED}
_GONE: Final = frozenset({f"{W}del", f"{W}moveFrom"})
_MOVED: Final = frozenset({f"{W}moveFrom", f"{W}moveTo"})
_NEW: Final = frozenset({f"{W}ins", f"{W}moveTo", f"{W}cellIns"})
_OLD: Final = frozenset({*_GONE, f"{W}cellDel"})
_SPELLED: Final = frozenset({f"{W}t", f"{W}delText", f"{M}t"})
_SPACES: Final = frozenset({f"{W}tab", f"{W}br", f"{W}cr", f"{W}p"})
_WORDLESS: Final = frozenset(
    f"{W}{name}"
    for name in (
        "bookmarkStart",
        "bookmarkEnd",
        "proofErr",
        "commentRangeStart",
        "commentRangeEnd",
        "permStart",
        "permEnd",
    )
)
_FORMATS: Final = tuple(
    f"{W}{name}Change" for name in ("rPr", "pPr", "tblPr", "trPr", "tcPr", "sectPr", "tblGrid", "numbering", "tblPrEx")
)


def place(element: Element) -> str:
    """Give the heading that an element stands under, as `mark_places` wrote it."""
    for above in (element, *element.iterancestors()):
        where = above.get(WHERE)
        if where is not None:
            return str(where)
    return ""


def changes_in(root: Element) -> list[TrackedChange]:
    """List the changes nobody has accepted yet, in the order of the document; pieces that touch are one."""
    found: list[TrackedChange] = []
    before: Element | None = None
    for element in root.iter(*_KINDS, *_CELLS):
        above = element.getparent()
        if element.tag in _CELLS:
            cell = None if above is None else above.getparent()
            # The words of a cell are changed one by one too where Word writes it; others go with the cell.
            words = "" if cell is None else _of_cell(cell, _CELLS[element.tag])
            if words.strip():
                found.append(TrackedChange(_CELLS[element.tag], words, place(element)))
            continue
        kind = _KINDS[element.tag]
        if above is not None and above.tag in {f"{W}rPr", f"{W}trPr", f"{W}tcPr", f"{W}numPr"}:
            if above.tag == f"{W}trPr" and above.getparent() is not None:
                row = ChangeKind.ROW_DELETED if kind is ChangeKind.DELETED else ChangeKind.ROW_INSERTED
                found.append(
                    TrackedChange(
                        row,
                        " ".join(filter(None, (_told(cell) for cell in above.getparent().iter(f"{W}tc")))),
                        place(element),
                    )
                )
            elif above.tag == f"{W}rPr" and kind in {ChangeKind.DELETED, ChangeKind.MOVED_AWAY} and _joins(above):
                found.append(TrackedChange(kind, PARAGRAPH_END, place(element)))
            continue
        text = _told(element)
        if not text:
            continue
        beside = bool(found) and before is not None and _stands_after(element, before)
        if beside and found[-1].kind is kind:
            found[-1] = replace(found[-1], text=found[-1].text + text)
        else:
            replaces = beside and {found[-1].kind, kind} == {ChangeKind.INSERTED, ChangeKind.DELETED}
            found.append(TrackedChange(kind, text, place(element), beside=replaces and not found[-1].beside))
        before = element
    return found


def changed_lines(root: Element) -> list[ChangedLine]:
    """
    Give each paragraph that a change touches, a row of a table as one: as it was, and as it is with all accepted.

    Sentences that were moved as they are belong to where they are now, in both.
    """
    touched = dict.fromkeys(_line_of(one) for one in root.iter(*_KINDS, *_CELLS))
    moved = _moved_whole(root)
    return [_was_and_now(line, moved) for line in touched if line is not None]


def values_moved(root: Element) -> list[Finding]:
    """Tell of each sentence that was moved as it is and says a value: a limit holds for the step that it stands at."""
    moved = _moved_whole(root)
    came = [one for one in root.iter(f"{W}moveTo") if one in moved]
    return [
        Finding("value-moved", place(one), said) for one in came if critical_in(said := " ".join(_told(one).split()))
    ]


def _moved_whole(root: Element) -> frozenset[Element]:
    """Give the moves of whole sentences whose words came to where they went; a word that was moved alone may mean another thing."""
    places: dict[tuple[str, str], list[Element]] = {}
    for one in root.iter(*_MOVED):
        line = _line_of(one)
        text = _told(one).strip()
        whole = line is not None and text == "".join(_all_text(line)).strip()
        if text and (whole or text.endswith((".", "!", "?"))):
            places.setdefault((one.tag, text), []).append(one)
    found: set[Element] = set()
    for (tag, text), gone in places.items():
        if tag == f"{W}moveFrom":
            for one, other in zip(gone, places.get((f"{W}moveTo", text), ()), strict=False):
                found |= {one, other}
    return frozenset(found)


def _line_of(element: Element) -> Element | None:
    paragraph = None
    for above in element.iterancestors():
        if above.tag == f"{W}tr":
            return above
        if above.tag == f"{W}p" and paragraph is None:
            paragraph = above
        elif above.tag == f"{W}txbxContent" and paragraph is not None:
            return paragraph
    return paragraph


def _was_and_now(line: Element, moved: frozenset[Element]) -> ChangedLine:
    row = {one.tag for one in line.findall(f"{W}trPr/*") if one.tag in _KINDS}
    parts: list[tuple[str, set[str]]] = []
    for leaf in line.iter(*_SPELLED, *_SPACES):
        marks = set(row)
        for above in leaf.iterancestors():
            if above is line:
                break
            if above in moved:
                # Of what went away nothing is left here, and what came is what it was.
                marks |= {f"{W}ins", f"{W}del"} if above.tag == f"{W}moveFrom" else set()
                continue
            marks |= {above.tag} if above.tag in _KINDS else set()
            marks |= (
                {one.tag for one in above.findall(f"{W}tcPr/*")} & _CELLS.keys() if above.tag == f"{W}tc" else set()
            )
        parts.append(((leaf.text or "") if leaf.tag in _SPELLED else " ", marks))
    was = "".join(text for text, marks in parts if not marks & _NEW)
    now = "".join(text for text, marks in parts if not marks & _OLD)
    return ChangedLine(was, now, place(line))


def _stands_after(element: Element, before: Element) -> bool:
    """Tell whether nothing that says anything stands between two changes."""
    previous = element.getprevious()
    while previous is not None and previous is not before and previous.tag in _WORDLESS:
        previous = previous.getprevious()
    return previous is before


def format_changes_in(root: Element) -> int:
    """Count the tracked changes of looks, which change no word."""
    return sum(1 for _ in root.iter(*_FORMATS))


def accept_all(root: Element) -> None:
    """Make the text what it is when every change is accepted."""
    _join_paragraphs(root)
    for row in list(root.iter(f"{W}tr")):
        if row.find(f"{W}trPr/{W}del") is not None:
            _remove(row)
    for cell in list(root.iter(f"{W}tc")):
        if cell.find(f"{W}tcPr/{W}cellDel") is not None and cell.getparent() is not None:
            _remove(cell)
    for element in list(root.iter(*_GONE, *_FORMATS)):
        if element.getparent() is not None:
            _remove(element)
    for element in list(root.iter(f"{W}ins", f"{W}moveTo")):
        unwrap(element)


def unwrap(element: Element) -> None:
    """Put what an element holds in its place."""
    above = element.getparent()
    if above is None:
        return
    at = above.index(element)
    for child in list(element):
        above.insert(at, child)
        at += 1
    above.remove(element)


def comments_in(root: Element, comments: Element | None) -> list[Comment]:
    """List the comments in the order of the places they were put at; those put nowhere come last."""
    if comments is None:
        return []
    texts = {one.get(f"{W}id"): _lines(one) for one in comments.iter(f"{W}comment")}
    about = _commented(root)
    found: list[Comment] = []
    for anchor in root.iter(f"{W}commentReference", f"{W}commentRangeStart"):
        key = anchor.get(f"{W}id")
        text = texts.pop(key, None)
        if text:
            found.append(Comment(text, place(anchor), about.get(key, "")))
    return found + [Comment(text, "") for text in texts.values() if text]


def _commented(root: Element) -> dict[str | None, str]:
    """Give the words between the two marks of each comment, as they are with all changes accepted."""
    open_now: dict[str | None, list[str]] = {}
    done: dict[str | None, str] = {}
    if next(root.iter(f"{W}commentRangeStart"), None) is None:
        return done
    for one in root.iter(f"{W}commentRangeStart", f"{W}commentRangeEnd", *_SPELLED, *_SPACES):
        key = one.get(f"{W}id")
        if one.tag == f"{W}commentRangeStart":
            open_now[key] = []
        elif one.tag == f"{W}commentRangeEnd":
            done[key] = " ".join("".join(open_now.pop(key, [])).split())
        elif open_now and not any(above.tag in _GONE for above in one.iterancestors()):
            for words in open_now.values():
                words.append((one.text or "") if one.tag in _SPELLED else " ")
    return done


def _join_paragraphs(root: Element) -> None:
    # The mark that ends a paragraph is deleted: what is left of it begins the next one.
    for paragraph in list(root.iter(f"{W}p")):
        if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is None and paragraph.find(f"{W}pPr/{W}rPr/{W}moveFrom") is None:
            continue
        following = paragraph.getnext()
        if following is None or following.tag != f"{W}p":
            continue
        kept = [child for child in paragraph if child.tag != f"{W}pPr" and child.tag not in _GONE]
        at = 1 if following.find(f"{W}pPr") is not None else 0
        for child in kept:
            following.insert(at, child)
            at += 1
        _remove(paragraph)


def _of_cell(cell: Element, kind: ChangeKind) -> str:
    if next(cell.iter(*_KINDS), None) is None:
        return _told(cell)
    return " ".join(text_of(cell, inner=True).split()) if kind is ChangeKind.DELETED else ""


def _joins(properties: Element) -> bool:
    """Tell whether the paragraph whose end mark is deleted leaves words to the next one."""
    paragraph = next(properties.iterancestors(f"{W}p"), None)
    following = None if paragraph is None else paragraph.getnext()
    return following is not None and following.tag == f"{W}p" and bool(text_of(paragraph).strip())


def _told(element: Element) -> str:
    return "".join(_all_text(element)).strip("\n")


def _all_text(element: Element) -> Iterator[str]:
    for one in element.iter(f"{W}t", f"{W}delText", f"{M}t", f"{W}tab", f"{W}br"):
        yield (one.text or "") if one.tag in {f"{W}t", f"{W}delText", f"{M}t"} else " "


def _lines(element: Element) -> str:
    lines = (" ".join(text_of(one).split()) for one in element.iter(f"{W}p"))
    return "\n".join(line for line in lines if line)


def _remove(element: Element) -> None:
    element.getparent().remove(element)
