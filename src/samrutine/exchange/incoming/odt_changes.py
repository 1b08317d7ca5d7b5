"""Changes in an ODT document that nobody had accepted: what each was, and the lines that they touch."""

from collections.abc import Iterator, Mapping
from typing import Final

from samrutine.exchange.incoming.changed_values import ChangedLine, LineHeard
from samrutine.exchange.incoming.draft import Draft
from samrutine.exchange.incoming.model import ChangeKind, Finding, TrackedChange
from samrutine.exchange.incoming.odt_plain import line_of, remove
from samrutine.exchange.incoming.odt_tables import OFFICE, TEXT
from samrutine.exchange.incoming.word_package import Element

_DRAW: Final = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"
_LINES: Final = (f"{TEXT}p", f"{TEXT}h")
_CHANGE, _START, _END = (f"{TEXT}change{more}" for more in ("", "-start", "-end"))
_OF_THEIR_OWN: Final = frozenset({f"{TEXT}note", f"{_DRAW}frame", f"{_DRAW}custom-shape", f"{OFFICE}annotation"})
_WORDS: Final = frozenset({f"{TEXT}tab", f"{TEXT}line-break", f"{TEXT}s"})


def take_changes(root: Element, draft: Draft) -> None:
    """Note every change, and leave the text as it is with all of them accepted."""
    regions = {one.get(f"{TEXT}id") or one.get(_ID, ""): one for one in root.iter(f"{TEXT}changed-region")}
    places = places_of(root, _CHANGE, _START)
    for mark in root.iter(_CHANGE, _START):
        region = regions.get(mark.get(f"{TEXT}change-id", ""))
        deleted = _deleted(region)
        if deleted is not None:
            draft.changes.append(TrackedChange(ChangeKind.DELETED, deleted, places.get(mark, "")))
        elif region is not None and region.find(f"{TEXT}insertion") is not None:
            draft.changes.append(TrackedChange(ChangeKind.INSERTED, _until_end(mark), places.get(mark, "")))
        elif region is not None:
            draft.findings.append(Finding("format-changes", detail="1"))
    if draft.changes:
        draft.findings.append(Finding("changes-accepted", detail=str(len(draft.changes))))
    draft.changed_lines += _changed_lines(root, regions)
    for one in list(root.iter(f"{TEXT}tracked-changes")):
        remove(one)


def places_of(root: Element, *tags: str) -> dict[Element, str]:
    """Give the heading that each element of some tags stands under."""
    found: dict[Element, str] = {}
    heading = ""
    for one in root.iter(f"{TEXT}h", *tags):
        if one.tag == f"{TEXT}h":
            heading = " ".join(line_of(one).split()) or heading
        else:
            found[one] = heading
    return found


def _deleted(region: Element | None) -> str | None:
    """Give what a change took out; None where it took out nothing."""
    deletion = None if region is None else region.find(f"{TEXT}deletion")
    return None if deletion is None else " ".join(line_of(one) for one in deletion.iter(*_LINES)).strip()


def _until_end(mark: Element) -> str:
    pieces = [mark.tail or ""]
    following = mark.getnext()
    while following is not None and following.tag != _END:
        pieces += [line_of(following), following.tail or ""]
        following = following.getnext()
    return "".join(pieces).strip()


def _changed_lines(root: Element, regions: Mapping[str, Element]) -> Iterator[ChangedLine]:
    """Give each paragraph that a change touches, as it was and as it is with all accepted."""
    line = LineHeard()
    coming: set[str] = set()
    heading = ""
    for paragraph in (next(root.iter(f"{OFFICE}text"), root)).iter(*_LINES):
        if next(paragraph.iterancestors(f"{TEXT}tracked-changes"), None) is not None:
            continue
        if paragraph.tag == f"{TEXT}h":
            heading = " ".join(line_of(paragraph).split()) or heading
        for piece in _pieces(paragraph):
            if isinstance(piece, str):
                line.say(piece, came=bool(coming))
                continue
            change = piece.get(f"{TEXT}change-id", "")
            region = regions.get(change)
            if piece.tag == _END:
                coming.discard(change)
            elif piece.tag == _CHANGE:
                line.say(_deleted(region) or "", gone=True)
            elif region is not None and region.find(f"{TEXT}insertion") is not None:
                coming.add(change)
        yield from line.ended(heading)


def _pieces(element: Element) -> Iterator["str | Element"]:
    """Give the words of a paragraph and the marks of changes between them, in order."""
    yield element.text or ""
    for child in element:
        if child.tag in {_CHANGE, _START, _END}:
            yield child
        elif child.tag in _WORDS:
            yield " "
        elif child.tag not in _OF_THEIR_OWN:
            yield from _pieces(child)
        yield child.tail or ""
