"""Word files taken apart: their parts, what the schema asks of them, and edits as a person would make them in Word."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from posixpath import join, normpath

import docx
from docx.document import Document
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"

# The order of elements in ISO/IEC 29500-1, of those that are written here or that Word writes into such a file.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid "
    "spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl "
    "divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish "
    "webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang "
    "eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd "
    "tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "tbl": "bookmarkStart bookmarkEnd tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "tc": "tcPr p",
    "sdt": "sdtPr sdtEndPr sdtContent",
    "sdtPr": "rPr alias tag id lock placeholder temporary showingPlcHdr dataBinding checkbox",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType "
    "cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "num": "abstractNumId lvlOverride",
    "numbering": "numPicBullet abstractNum num",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked personal "
    "personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "tblStylePr": "pPr rPr tblPr trPr tcPr",
    "styles": "docDefaults latentStyles style",
    "docDefaults": "rPrDefault pPrDefault",
    "settings": "zoom defaultTabStop hyphenationZone characterSpacingControl footnotePr endnotePr compat themeFontLang "
    "decimalSymbol listSeparator",
    "pBdr": "top left bottom right between bar",
    "ind": "",
}


def parts_of(data: bytes) -> dict[str, bytes]:
    """Give the parts of a file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def roots_of(data: bytes) -> dict[str, etree._Element]:
    """Give the root of each part that is XML."""
    return {name: etree.fromstring(part) for name, part in parts_of(data).items() if name.endswith((".xml", ".rels"))}


def main_of(data: bytes) -> etree._Element:
    """Give the root of the text itself."""
    return roots_of(data)["word/document.xml"]


def against_the_schema(data: bytes) -> list[str]:
    """Say what Word would not take: order, relations that lead nowhere, types that are missing, numbers used twice."""
    parts, roots = parts_of(data), roots_of(data)
    return [*_disorder(roots), *_lost_relations(parts, roots), *_untyped(parts, roots), *_doubles(roots)]


def _disorder(roots: dict[str, etree._Element]) -> Iterator[str]:
    for part, root in roots.items():
        for element in root.iter():
            name = etree.QName(element).localname
            if name not in ORDER or not element.tag.startswith(W):
                continue
            order = ORDER[name].split()
            children = [etree.QName(child).localname for child in element]
            if unknown := [child for child in children if child not in order and name not in {"tc", "tr", "tbl"}]:
                yield f"{part}: {name} holds {unknown}"
            places = [order.index(child) for child in children if child in order]
            if places != sorted(places):
                yield f"{part}: {name} has {children}"
            twice = [child for child, n in Counter(children).items() if n > 1]
            if name.endswith("Pr") and name != "sectPr" and twice:
                yield f"{part}: {name} has {twice} twice"
        for cell in root.iter(f"{W}tc"):
            if cell[-1].tag != f"{W}p":
                yield f"{part}: a cell ends with {cell[-1].tag}"


def _lost_relations(parts: dict[str, bytes], roots: dict[str, etree._Element]) -> Iterator[str]:
    for part, root in roots.items():
        if part.endswith(".rels"):
            owner = join(part.replace("_rels/", "").removesuffix(".rels"))
            folder = owner.rpartition("/")[0]
            seen = [one.get("Id") for one in root]
            if len(seen) != len(set(seen)):
                yield f"{part}: the same id twice"
            for one in root:
                if one.get("TargetMode") != "External" and normpath(join(folder, one.get("Target"))) not in parts:
                    yield f"{part}: no {one.get('Target')}"
            continue
        folder, _, name = part.rpartition("/")
        relations = roots.get(f"{folder}/_rels/{name}.rels")
        known = {one.get("Id") for one in relations} if relations is not None else set()
        for element in root.iter():
            for key, value in element.attrib.items():
                if key.startswith(R) and value not in known:
                    yield f"{part}: {element.tag} refers to {value}"


def _untyped(parts: dict[str, bytes], roots: dict[str, etree._Element]) -> Iterator[str]:
    types = roots["[Content_Types].xml"]
    endings = {one.get("Extension") for one in types if one.get("Extension")}
    named = {one.get("PartName") for one in types if one.get("PartName")}
    for part in parts:
        if part != "[Content_Types].xml" and f"/{part}" not in named and part.rpartition(".")[2] not in endings:
            yield f"no type for {part}"
    for part in named:
        if part[1:] not in parts:
            yield f"a type for {part}, which is not there"


def _doubles(roots: dict[str, etree._Element]) -> Iterator[str]:
    main = roots["word/document.xml"]
    for name, path, key in (
        ("content control", f"{W}sdtPr/{W}id", f"{W}val"),
        ("bookmark", f"{W}bookmarkStart", f"{W}id"),
        ("bookmark name", f"{W}bookmarkStart", f"{W}name"),
        ("picture", f"{WP}docPr", "id"),
    ):
        found = [one.get(key) for one in main.findall(f".//{path}")]
        if len(found) != len(set(found)):
            yield f"{name}: a number used twice"
    numbers = {one.get(f"{W}numId") for one in roots["word/numbering.xml"].iter(f"{W}num")}
    styles = {one.get(f"{W}styleId") for one in roots["word/styles.xml"].iter(f"{W}style")}
    for part, root in roots.items():
        for one in root.iter(f"{W}numId"):
            if one.get(f"{W}val") not in numbers:
                yield f"{part}: no list {one.get(f'{W}val')}"
        for one in root.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle", f"{W}basedOn", f"{W}next"):
            if one.get(f"{W}val") not in styles:
                yield f"{part}: no style {one.get(f'{W}val')}"


def rezipped(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Give a file with other parts; None leaves one out."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts_of(data).items():
            new = change(name, part)
            if new is not None:
                archive.writestr(name, new)
    return held.getvalue()


def with_xml(data: bytes, change: Callable[[etree._Element], None], part: str = "word/document.xml") -> bytes:
    """Give a file with a part whose elements were changed."""

    def changed(name: str, old: bytes) -> bytes:
        if name != part:
            return old
        root = etree.fromstring(old)
        change(root)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    return rezipped(data, changed)


def edited(data: bytes, change: Callable[[Document], None]) -> bytes:
    """Give a file as somebody with Word would leave it: opened, changed, saved by another program than ours."""
    document = docx.Document(io.BytesIO(data))
    change(document)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def saved_by_word(data: bytes) -> bytes:
    """Give a file as Word leaves it when nobody changed a word: runs cut up, marks of its own, parts in another order."""

    def cut(root: etree._Element) -> None:
        for n, run in enumerate(list(root.iter(f"{W}r"))):
            run.set(f"{W}rsidR", f"00{n:06X}")
            text = run.find(f"{W}t")
            if text is None or not text.text or len(text.text) < 4 or len(run.findall(f"{W}t")) > 1:
                continue
            half = len(text.text) // 2
            other = etree.fromstring(etree.tostring(run))
            text.text, other.find(f"{W}t").text = text.text[:half], text.text[half:]
            parent = run.getparent()
            parent.insert(parent.index(run) + 1, other)
            parent.insert(parent.index(run) + 1, etree.Element(f"{W}proofErr", {f"{W}type": "spellStart"}))
        for paragraph in root.iter(f"{W}p"):
            paragraph.set(f"{W}rsidRDefault", "00AB12CD")
        body = root.find(f"{W}body")
        last = body.findall(f"{W}p")[-1]
        last.append(etree.Element(f"{W}bookmarkStart", {f"{W}id": "9001", f"{W}name": "_GoBack"}))
        last.append(etree.Element(f"{W}bookmarkEnd", {f"{W}id": "9001"}))

    return with_xml(data, cut)


def paragraph_with(document: Document, words: str) -> docx.text.paragraph.Paragraph:
    """Find the paragraph that holds words, in text, tables, lists or quotations."""
    for element in document.element.body.iter(f"{W}p"):
        text = "".join(one.text or "" for one in element.iter(f"{W}t"))
        if words in text:
            return docx.text.paragraph.Paragraph(element, document._body)
    raise AssertionError(words)


def replaced(document: Document, old: str, new: str) -> None:
    """Write other words in the place of some, as one types them."""
    for run in paragraph_with(document, old)._p.iter(f"{W}t"):
        if old in (run.text or ""):
            run.text = run.text.replace(old, new)
            return
    raise AssertionError(old)


def copy_after(document: Document, words: str, new: str) -> etree._Element:
    """Put a paragraph after the one that holds words, of the same form, as Enter at its end does."""
    before = paragraph_with(document, words)._p
    copy = etree.fromstring(etree.tostring(before), docx.oxml.parser.oxml_parser)
    runs = list(copy.iter(f"{W}t"))
    for run in runs[1:]:
        run.text = ""
    runs[0].text = new
    for mark in [*copy.iter(f"{W}bookmarkStart"), *copy.iter(f"{W}bookmarkEnd")]:
        mark.getparent().remove(mark)
    before.addnext(copy)
    return copy


def without(document: Document, words: str) -> None:
    """Take away the paragraph, or the row, that holds words."""
    element = paragraph_with(document, words)._p
    rows = list(element.iterancestors(f"{W}tr"))
    gone = rows[0] if rows else element
    gone.getparent().remove(gone)


def words_in(data: bytes) -> str:
    """Give all words of the text, for a look."""
    return re.sub(r"\s+", " ", " ".join(main_of(data).itertext()))
