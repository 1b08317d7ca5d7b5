"""ODT in: our own look at the XML, a plain copy for pandoc, and what pandoc passes over."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.archive import Archive
from samrutine.exchange.incoming.draft import Draft, Source
from samrutine.exchange.incoming.list_starts import set_starts
from samrutine.exchange.incoming.metadata import each_once, suggested_in, suggested_in_row, suggested_in_rows
from samrutine.exchange.incoming.model import Comment, Counts, FileKind, Finding, Limits, NotRead, Suggested
from samrutine.exchange.incoming.odt_changes import places_of, take_changes
from samrutine.exchange.incoming.odt_flat import as_package
from samrutine.exchange.incoming.odt_forms import controls_as_words, fields_of_forms, marks_of_fields
from samrutine.exchange.incoming.odt_lists import label_items, mark_starts
from samrutine.exchange.incoming.odt_looks import Look, dress, looks_of, signs_as_letters
from samrutine.exchange.incoming.odt_plain import (
    fields_as_words,
    line_of,
    remove,
    strays,
    without_nesting,
)
from samrutine.exchange.incoming.odt_tables import OFFICE, TABLE, TEXT, narrow, widen
from samrutine.exchange.incoming.pandoc import tree
from samrutine.exchange.incoming.pictures import media_type
from samrutine.exchange.incoming.word_package import Element, parsed, whole

_ODF: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
STYLE: Final = f"{_ODF}style:1.0}}"
DRAW: Final = f"{_ODF}drawing:1.0}}"
_SVG: Final = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_XLINK: Final = "{http://www.w3.org/1999/xlink}"
_LINES: Final = (f"{TEXT}p", f"{TEXT}h")
_SHAPES: Final = tuple(
    f"{DRAW}{name}"
    for name in (
        *("text-box", "custom-shape", "rect", "ellipse", "circle", "polygon", "polyline", "path", "line", "connector"),
        *("regular-polygon", "caption", "measure"),
    )
)
_INDEXES: Final = tuple(
    f"{TEXT}{name}" for name in ("table-of-content", "illustration-index", "table-index", "alphabetical-index")
)


def read_odt(data: bytes, name: str, limits: Limits, folder: Path) -> Draft:
    """
    Read an ODT document.

    Raises:
        DocumentRefused: It is damaged.
    """
    is_flat = not data.startswith(b"PK")
    archive = Archive(as_package(data, name) if is_flat else data, name, limits)
    content = archive.find("content.xml")
    if content is None:
        raise DocumentRefused(NotRead("damaged", name))
    root = parsed(content, name)
    styles_data = archive.find("styles.xml")
    styles = None if styles_data is None else parsed(styles_data, name)
    draft = Draft(FileKind.ODT, {})
    parents = _parents(root, styles)
    take_changes(root, draft)
    _comments(root, draft)
    draft.findings += fields_of_forms(root)
    draft.findings += marks_of_fields(root)
    draft.findings += controls_as_words(root)
    looks = looks_of(root, styles, name)
    draft.findings += signs_as_letters(root, looks)
    _margins(styles, root, draft)
    _leave_out(root, looks, draft)
    _properties(archive, name, draft)
    _boxes(root, draft)
    _scripts(archive, draft)
    draft.pictures = _pictures(root, archive, draft)
    draft.findings += strays(root)
    draft.findings += without_nesting(root)
    fields_as_words(root)
    draft.findings += label_items(root, styles)
    draft.findings += dress(root, looks)
    draft.source = _source(root)
    _title(root, parents, draft)
    _headings(root, parents)
    headings = [one for one in root.iter(f"{TEXT}h") if line_of(one).strip() and not _in_table(one)]
    draft.source.counts = replace(draft.source.counts, headings=len(headings))
    widen(root)
    mark_starts(root)
    draft.tree = tree(_copy(root, styles_data, list(draft.pictures)), "odt", name, folder, limits.seconds)
    narrow(draft.tree)
    set_starts(draft.tree)
    return draft


def _parents(root: Element, styles: Element | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in (styles, root):
        for one in () if part is None else part.iter(f"{STYLE}style"):
            found[one.get(f"{STYLE}name", "")] = one.get(f"{STYLE}parent-style-name", "")
    return found


def _names(style: str, parents: dict[str, str]) -> list[str]:
    names: list[str] = []
    while style and style not in names:
        names.append(style)
        style = parents.get(style, "")
    return [name.replace("_20_", " ").lower() for name in names]


def _comments(root: Element, draft: Draft) -> None:
    places = places_of(root, f"{OFFICE}annotation")
    for one in list(root.iter(f"{OFFICE}annotation")):
        paragraph = next(one.iterancestors(*_LINES), None)
        about = "" if paragraph is None else " ".join(line_of(paragraph).split())
        lines = [*(line_of(line) for line in one.iter(*_LINES)), *one.xpath("text()")]
        text = "\n".join(filter(None, (line.strip() for line in lines)))
        if text:
            draft.comments.append(Comment(text, places[one], about))
        remove(one)
    for one in list(root.iter(f"{OFFICE}annotation-end")):
        remove(one)
    if draft.comments:
        draft.findings.append(Finding("comments", detail=str(len(draft.comments))))


def _margins(styles: Element | None, root: Element, draft: Draft) -> None:
    told: set[str] = set()
    for kind in ("header", "footer"):
        for one in () if styles is None else styles.iter(*(f"{STYLE}{kind}{more}" for more in ("", "-left", "-first"))):
            text = "\n".join(filter(None, (line_of(line).strip() for line in one.iter(*_LINES))))
            draft.suggested += suggested_in(text, kind)
            draft.suggested += _of_rows(one, kind)
            if text and text not in told:
                told.add(text)
                draft.findings.append(Finding("header-footer", kind, text))
    for table in list(root.iter(f"{TABLE}table"))[:1]:
        draft.suggested += _of_rows(table, "table")


def _of_rows(root: Element, where: str) -> list[Suggested]:
    rows = [
        [" ".join(line_of(line) for line in cell.iter(*_LINES)) for cell in row.iter(f"{TABLE}table-cell")]
        for row in root.iter(f"{TABLE}table-row")
    ]
    return list(suggested_in_rows(rows, where))


def _leave_out(root: Element, looks: Mapping[str, Look], draft: Draft) -> None:
    for index in list(root.iter(*_INDEXES)):
        lines = sum(1 for _ in index.iter(*_LINES))
        draft.findings.append(Finding("contents-list-dropped", detail=str(lines)))
        remove(index)
    for hidden in list(root.iter(f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph")):
        text = hidden.get(f"{TEXT}string-value") or line_of(hidden)
        if text.strip():
            draft.findings.append(Finding("hidden-text", detail=text.strip()))
        remove(hidden)
    for one in list(root.iter(f"{TEXT}span", *_LINES)):
        look = looks.get(one.get(f"{TEXT}style-name", ""))
        if look is not None and look.hidden:
            draft.findings.append(Finding("hidden-text", detail=line_of(one).strip()))
            remove(one)
    for section in list(root.iter(f"{TEXT}section")):
        if section.get(f"{TEXT}display") == "none":
            words = " ".join(line_of(one) for one in section.iter(*_LINES))
            draft.findings.append(Finding("hidden-text", detail=words))
            remove(section)


def _properties(archive: Archive, name: str, draft: Draft) -> None:
    data = archive.find("meta.xml")
    root = None if data is None else parsed(data, name)
    title = "" if root is None else " ".join((root.findtext(f".//{_DC}title") or "").split())
    if title:
        draft.suggested += suggested_in_row("tittel", title, "properties")
    for one in () if root is None else root.iter(f"{_ODF}meta:1.0}}user-defined"):
        draft.suggested += suggested_in_row(one.get(f"{_ODF}meta:1.0}}name", ""), one.text or "", "properties")
    draft.suggested = each_once(draft.suggested)


def _scripts(archive: Archive, draft: Draft) -> None:
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith(".xml") for name in archive.names) or any(
        name.startswith("Basic/") and name.count("/") > 1 for name in archive.names
    ):
        draft.findings.append(Finding("macros-dropped"))


def _boxes(root: Element, draft: Draft) -> None:
    """Put the text of boxes and shapes after the paragraph they hang on; pandoc passes over them."""
    after: dict[Element, Element] = {}
    for box in list(root.iter(*_SHAPES)):
        lines = [one for one in box if one.tag in {*_LINES, f"{TEXT}list", f"{TABLE}table"}]
        words = " ".join(filter(None, (line_of(one).strip() for one in box.iter(*_LINES))))
        paragraph = next((above for above in box.iterancestors(*_LINES)), None)
        # The frame of a picture with its caption is a box too; the picture stays where it is.
        pictures = list(box.iter(f"{DRAW}image"))
        if pictures or not words:
            if pictures and words:
                draft.findings.append(Finding("text-box", detail=words))
            if not pictures:
                draft.findings.append(Finding("drawing", detail=box.get(f"{DRAW}name", "")))
            continue
        anchor = paragraph if paragraph is not None else _outermost(box)
        # Of several that hang on one paragraph, each comes after the one before it.
        at = after.get(anchor, anchor)
        for line in lines:
            box.remove(line)
            at.addnext(line)
            at = line
        after[anchor] = at
        draft.findings.append(Finding("text-box", detail=words))


def _outermost(element: Element) -> Element:
    while element.getparent() is not None and element.getparent().tag != f"{OFFICE}text":
        element = element.getparent()
    return element


def _pictures(root: Element, archive: Archive, draft: Draft) -> dict[str, tuple[str, bytes]]:
    found: dict[str, tuple[str, bytes]] = {}
    for frame in list(root.iter(f"{DRAW}object", f"{DRAW}object-ole")):
        draft.findings.append(Finding("embedded-object", detail=_said_by(frame, archive)))
    for image in list(root.iter(f"{DRAW}image")):
        address = image.get(f"{_XLINK}href", "").removeprefix("./")
        data = archive.find(address) if "://" not in address else None
        if data is None:
            draft.findings.append(
                Finding(
                    "picture-elsewhere" if "/" in address and "Pictures" not in address else "picture-unreadable",
                    detail=address,
                )
            )
            remove(image)
            continue
        kind, ending = media_type(data)
        frame = image.getparent()
        title, described = frame.find(f"{_SVG}title"), frame.find(f"{_SVG}desc")
        words = " ".join(next((one.text for one in (described, title) if one is not None and one.text), "").split())
        same = (name for name, (_, other) in found.items() if other == data and draft.alternatives[name] == words)
        target = next(same, f"Pictures/bilde-{len(found) + 1}.{ending}")
        found[target] = (kind, data)
        image.set(f"{_XLINK}href", target)
        draft.alternatives[target] = words
    return found


def _said_by(frame: Element, archive: Archive) -> str:
    """Give the words of an object that is a part of the file, or where it lies."""
    address = frame.get(f"{_XLINK}href", "").removeprefix("./")
    content = archive.find(f"{address}/content.xml")
    words = [] if content is None else parsed(content, address).itertext()
    return " ".join(filter(None, (" ".join(one.split()) for one in words))) or address


def _source(root: Element) -> Source:
    body = next(root.iter(f"{OFFICE}text"), root)
    items = [
        one for one in body.iter(f"{TEXT}list-item") if any(line_of(line).strip() for line in one.findall(f"{TEXT}p"))
    ]
    outside = [one for one in items if not _in_table(one)]
    return Source(
        # Notes last, as in what is made of it.
        lines=[line_of(one) for in_note in (False, True) for one in body.iter(*_LINES) if _in_note(one) == in_note],
        counts=Counts(
            items=len(outside),
            cells=sum(1 for _ in body.iter(f"{TABLE}table-cell")),
            pictures=sum(1 for _ in body.iter(f"{DRAW}image")),
            notes=sum(1 for _ in body.iter(f"{TEXT}note")),
        ),
    )


def _in_note(element: Element) -> bool:
    return any(above.tag == f"{TEXT}note" for above in element.iterancestors())


def _in_table(element: Element) -> bool:
    return any(above.tag == f"{TABLE}table" for above in element.iterancestors())


def _title(root: Element, parents: dict[str, str], draft: Draft) -> None:
    for one in root.iter(*_LINES):
        if "title" in _names(one.get(f"{TEXT}style-name", ""), parents) and line_of(one).strip():
            draft.title = " ".join(line_of(one).split())
            remove(one)
            return


def _headings(root: Element, parents: dict[str, str]) -> None:
    """Make headings of paragraphs whose style is a heading's by its name, and of no others."""
    for one in root.iter(f"{TEXT}p"):
        for name in _names(one.get(f"{TEXT}style-name", ""), parents):
            kind, _, level = name.rpartition(" ")
            if kind in {"heading", "overskrift"} and whole(level):
                one.tag = f"{TEXT}h"
                one.set(f"{TEXT}outline-level", level)
                break


def _copy(root: Element, styles: bytes | None, pictures: list[str]) -> bytes:
    from lxml import etree

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as made:
        made.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.text")
        made.writestr(zipfile.ZipInfo("content.xml"), etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
        if styles is not None:
            made.writestr(zipfile.ZipInfo("styles.xml"), styles)
        for name in pictures:
            made.writestr(zipfile.ZipInfo(name), b"x")
    return held.getvalue()
