"""
A municipality's own look: styles, the head with its logo, and the page, taken from a Word file that it gives.

Only the look is taken. Text, macros, links and numbering of headings stay behind; a style that ours need and the file has
not is added, so that headings, tables and notes always have a form.
"""

import hashlib
import re
from functools import lru_cache
from typing import Final

from samrutine.exchange.incoming.word_package import Element, R, W, WordPackage
from samrutine.exchange.word_file import opened
from samrutine.exchange.word_look import PAGE, Reference
from samrutine.exchange.word_pictures import sized
from samrutine.exchange.word_styles import Sheet, added_styles, own_sheet
from samrutine.exchange.word_xml import W as W_NAME

_NAMES: Final = {name.casefold(): name for name in own_sheet().ids}
_MEASURE: Final = re.compile(r"-?[0-9]{1,5}|landscape|portrait")
_NEEDED: Final = {"pgSz": {"w", "h"}, "pgMar": {"top", "right", "bottom", "left", "header", "footer"}}
_UNWANTED: Final = ("object", "sdt", "bookmarkStart", "bookmarkEnd", "proofErr", "commentRangeStart", "commentRangeEnd")


@lru_cache(maxsize=64)
def read_reference(data: bytes, name: str = "") -> Reference:
    """
    Take the look of documents from a Word file. The same file gives the same look.

    Raises:
        DocumentRefused: It is no Word file, or one that must not be opened.
    """
    source = opened(data, name)
    document = source.xml(source.main)
    found = [] if document is None else document.findall(f".//{W}sectPr")
    section = found[-1] if found else None
    sheet = _sheet(source)
    head, pictures, media = _head(source, section, frozenset(sheet.ids.values()))
    return Reference(sheet, _page(section), head, pictures, media, _theme(source))


def _sheet(source: WordPackage) -> Sheet:
    from lxml import etree

    root = source.first(source.main, "styles")
    if root is None:
        return own_sheet()
    ids: dict[str, str] = {}
    taken = set()
    for style in root.findall(f"{W}style"):
        name, style_id = style.find(f"{W}name"), style.get(f"{W}styleId", "")
        taken.add(style_id)
        if name is not None:
            said = name.get(f"{W}val", "")
            ids.setdefault(_NAMES.get(said.casefold(), said), style_id)
    for unwanted in [*root.iter(f"{W}numPr"), *root.iter(f"{W}lang")]:
        # The file's lists are not taken, and the language is the text's.
        parent = unwanted.getparent()
        if parent is not None:
            parent.remove(unwanted)
    _speaks(root)
    added, every = added_styles(ids, frozenset(taken))
    written = etree.tostring(root, encoding="unicode")
    written = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{written}'
    end = written.rindex("</")
    # Ours are written with the prefix w, which the file may have given to something else.
    scoped = added.replace("<w:style ", f'<w:style xmlns:w="{W_NAME}" ')
    return Sheet(written[:end] + scoped + written[end:], every)


def _speaks(root: Element) -> None:
    """Put a language where the document writes its own."""
    from lxml import etree

    defaults = root.find(f"{W}docDefaults")
    if defaults is None:
        defaults = etree.Element(f"{W}docDefaults")
        root.insert(0, defaults)
    outer = defaults.find(f"{W}rPrDefault")
    if outer is None:
        outer = etree.Element(f"{W}rPrDefault")
        defaults.insert(0, outer)
    inner = outer.find(f"{W}rPr")
    if inner is None:
        inner = etree.SubElement(outer, f"{W}rPr")
    language = etree.SubElement(inner, f"{W}lang")
    language.set(f"{W}val", "nb-NO")
    # In the schema only these may come after the language, and Word writes none of them as a default.
    for late in ("eastAsianLayout", "specVanish", "oMath"):
        for one in inner.findall(f"{W}{late}"):
            inner.remove(one)


def _page(section: Element | None) -> str:
    parts = []
    for name in ("pgSz", "pgMar"):
        one = section.find(f"{W}{name}") if section is not None else None
        if one is None:
            return PAGE
        values = {key.rpartition("}")[2]: value for key, value in one.attrib.items()}
        known = {key: value for key, value in values.items() if _MEASURE.fullmatch(value)}
        if not _NEEDED[name] <= known.keys():
            return PAGE
        parts.append(f"<w:{name} {' '.join(f'w:{key}={chr(34)}{value}{chr(34)}' for key, value in known.items())}/>")
    return "".join(parts)


def _head(
    source: WordPackage, section: Element | None, styles: frozenset[str]
) -> tuple[str, dict[str, str], dict[str, bytes]]:
    """Take the head that has a picture, that of every page rather than that of the first."""
    from lxml import etree

    relations = source.relations(source.main)
    references = [] if section is None else section.findall(f"{W}headerReference")
    references.sort(key=lambda one: {"default": 0, "first": 1}.get(one.get(f"{W}type", ""), 2))
    parts = [relations[one.get(f"{R}id", "")].target for one in references if one.get(f"{R}id", "") in relations]
    best: tuple[str, dict[str, str], dict[str, bytes]] = ("", {}, {})
    for part in parts:
        root = source.xml(part)
        if root is None:
            continue
        names, media = _pictures(source, part, root)
        for style in [*root.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle", f"{W}numPr")]:
            if style.get(f"{W}val") not in styles:
                style.getparent().remove(style)
        children = [child for child in root if child.tag in {f"{W}p", f"{W}tbl"} and not _is_ours(child)]
        head = "".join(etree.tostring(child, encoding="unicode", with_tail=False) for child in children)
        if names or not best[0]:
            best = (head, names, media)
        if names:
            break
    return best


def _pictures(source: WordPackage, part: str, root: Element) -> tuple[dict[str, str], dict[str, bytes]]:
    relations = source.relations(part)
    names: dict[str, str] = {}
    media: dict[str, bytes] = {}
    for unwanted in [one for name in _UNWANTED for one in root.iter(f"{W}{name}")]:
        _remove(unwanted)
    for one in list(root.iter()):
        for key, value in list(one.attrib.items()):
            if not str(key).startswith(R):
                continue
            relation = relations.get(str(value))
            data = (
                source.bytes(relation.target)
                if relation and relation.kind == "image" and not relation.external
                else None
            )
            size = sized(data) if data is not None else None
            if data is not None and size is not None:
                own = f"rIdLogo{hashlib.sha256(data).hexdigest()[:8]}"
                name = f"image-{hashlib.sha256(data).hexdigest()[:16]}.{size.suffix}"
                names[own], media[name] = name, data
                one.set(key, own)
            elif one.tag == f"{W}hyperlink":
                del one.attrib[key]
            else:
                _remove(one)
    return names, media


def _is_ours(paragraph: Element) -> bool:
    """Tell our own line at the head: who changes the look of a document of ours and gives it back has it there already."""
    told = [one.get(f"{W}instr", "") for one in paragraph.iter(f"{W}fldSimple")]
    told += [one.text or "" for one in paragraph.iter(f"{W}instrText")]
    return any(one.strip().startswith("TITLE") for one in told)


def _remove(one: Element) -> None:
    """Take an element away with the run that it stands in: half a drawing makes Word call the file damaged."""
    whole = one
    for above in one.iterancestors(f"{W}r"):
        whole = above
    parent = whole.getparent()
    if parent is not None:
        parent.remove(whole)


def _theme(source: WordPackage) -> bytes | None:
    parts = source.related(source.main, "theme")
    # A theme with pictures refers to parts that are not taken; and one that cannot be read, Word cannot read either.
    if not parts or source.relations(parts[0]) or source.xml(parts[0]) is None:
        return None
    return source.bytes(parts[0])
