"""
Word's XML made plain: what pandoc passes over is put where it reads it, and what cannot be is told.

Text boxes come after the paragraph they hang on; content controls, smart tags and direction marks give way to what
they hold; check boxes become signs; symbol fonts become letters; hidden text is taken out and listed.
"""

import copy
import re
from collections.abc import Iterator
from typing import Final

from samrutine.exchange.incoming.marked import LONGEST_BOLD, told
from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.word_changes import place, unwrap
from samrutine.exchange.incoming.word_package import MC, W14, WP, A, Element, R, V, W, is_on, value, whole
from samrutine.exchange.incoming.word_styles import Styles
from samrutine.exchange.incoming.word_symbols import UNKNOWN, in_plain, is_symbol_font, sign_of
from samrutine.exchange.incoming.word_text import text_of

_WRAPPERS: Final = tuple(f"{W}{name}" for name in ("smartTag", "customXml", "bdo", "dir", "sdtContent", "sdt"))
_ANCHORS: Final = tuple(
    f"{W}{name}"
    for name in (
        *("commentRangeStart", "commentRangeEnd", "commentReference", "proofErr", "permStart", "permEnd"),
        *("lastRenderedPageBreak", "annotationRef", "bookmarkEnd", "softHyphen"),
    )
)
_UNCHECKED, _CHECKED = "☐", "☒"
WORDS: Final = "words"
"""Our own mark on a chart: the words of it, which stand in a part of their own."""
_SHAPES: Final = ("}wsp", "}line", "}oval", "}polyline", "}roundrect")
_DRAWN: Final = "{http://schemas.openxmlformats.org/drawingml/2006/"


def choose(root: Element) -> None:
    """Of each passage that is written twice, for new and for old readers, keep the one with the words and pictures."""
    for twice in list(root.iter(f"{MC}AlternateContent")):
        if twice.getparent() is None:
            continue
        first, spare = twice.find(f"{MC}Choice"), twice.find(f"{MC}Fallback")
        chosen = first if first is not None and (spare is None or _weight(first) >= _weight(spare)) else spare
        for child in list(twice):
            if child is not chosen:
                twice.remove(child)
        if chosen is not None:
            unwrap(chosen)
        unwrap(twice)


def _weight(element: Element) -> tuple[int, int]:
    words = len("".join(one.text or "" for one in element.iter(f"{W}t")).split())
    return words, sum(1 for _ in element.iter(f"{A}blip", f"{V}imagedata"))


def controls(root: Element) -> Iterator[Finding]:
    """Take the content controls away and keep what they hold; a list of choices is told, since only one of them shows."""
    for control in list(root.iter(f"{W}sdt")):
        properties = control.find(f"{W}sdtPr")
        if properties is None:
            continue
        choices = [one.get(f"{W}displayText") or one.get(f"{W}value") or "" for one in properties.iter(f"{W}listItem")]
        if any(choices):
            yield Finding("choices", place(control), " / ".join(filter(None, choices)))
        box = properties.find(f"{W14}checkbox")
        content = control.find(f"{W}sdtContent")
        if box is not None and content is not None:
            checked = box.find(f"{W14}checked")
            on = checked is not None and checked.get(f"{W14}val", "1") in {"1", "true", "on"}
            _as_sign(content, _CHECKED if on else _UNCHECKED)
    for control in list(root.iter(f"{W}sdt")):
        for properties in control.findall(f"{W}sdtPr") + control.findall(f"{W}sdtEndPr"):
            control.remove(properties)
    for wrapper in list(root.iter(*_WRAPPERS)):
        unwrap(wrapper)


def _as_sign(content: Element, sign: str) -> None:
    texts = list(content.iter(f"{W}t", f"{W}sym"))
    for n, one in enumerate(texts):
        if n == 0:
            one.tag = f"{W}t"
            one.attrib.clear()
            one.text = sign
        else:
            one.getparent().remove(one)
    for fonts in list(content.iter(f"{W}rFonts")):
        fonts.getparent().remove(fonts)


def form_fields(root: Element) -> Iterator[Finding]:
    """Write old form fields as what they show: a box as a sign, a list as the chosen one; and tell of the choices."""
    for data in list(root.iter(f"{W}ffData")):
        box, chosen = data.find(f"{W}checkBox"), data.find(f"{W}ddList")
        run = data.getparent().getparent() if data.getparent() is not None else None
        if run is None or run.tag != f"{W}r":
            continue
        sign = ""
        if box is not None:
            on = box.find(f"{W}checked")
            on = box.find(f"{W}default") if on is None else on
            sign = _CHECKED if is_on(on) else _UNCHECKED
        elif chosen is not None:
            entries = [one.get(f"{W}val", "") for one in chosen.iter(f"{W}listEntry")]
            at = value(chosen, f"{W}result") or value(chosen, f"{W}default") or "0"
            sign = entries[whole(at)] if whole(at) < len(entries) else ""
            yield Finding("choices", place(run), " / ".join(entries))
        if sign:
            shown = run.makeelement(f"{W}r", {})
            shown.append(_element(shown, f"{W}t", sign))
            run.addprevious(shown)


def looks(root: Element, styles: Styles) -> Iterator[Finding]:
    """Take out hidden text, write symbol fonts as letters, and give each run only the looks that carry meaning."""
    coloured, findings = _coloured(root, styles)
    yield from findings
    for run in list(root.iter(f"{W}r")):
        look = styles.run_look(run).over(styles.paragraph_look(_paragraph(run)))
        if look.hidden:
            text = text_of(run)
            if text.strip():
                yield Finding("hidden-text", place(run), text.strip())
                run.getparent().remove(run)
                continue
        for sign in list(run.iter(f"{W}sym")):
            plain = sign_of(sign.get(f"{W}font", ""), sign.get(f"{W}char", ""))
            if plain == UNKNOWN:
                yield Finding("symbol-unknown", place(sign), f"{sign.get(f'{W}font')} {sign.get(f'{W}char')}")
            run.replace(sign, _element(run, f"{W}t", plain)) if sign.getparent() is run else None
        if is_symbol_font(look.font):
            for text in run.iter(f"{W}t"):
                text.text = in_plain(text.text or "", look.font or "")
                if UNKNOWN in text.text:
                    yield Finding("symbol-unknown", place(run), look.font or "")
        own = styles.run_look(run)
        _dress(
            run,
            bold=bool(own.bold) or run in coloured,
            italic=bool(own.italic),
            struck=bool(look.struck),
            raised=own.raised,
        )


def _coloured(root: Element, styles: Styles) -> tuple[set[Element], list[Finding]]:
    """Find the runs that stand out by their colour alone: those to be made bold, and what to tell of all of them."""
    by_paragraph: dict[Element, list[Element]] = {}
    for run in root.iter(f"{W}r"):
        paragraph = _paragraph(run)
        own = styles.run_look(run)
        look = own.over(styles.paragraph_look(paragraph))
        if paragraph is not None and look.marked and not look.bold and not look.hidden and text_of(run).strip():
            by_paragraph.setdefault(paragraph, []).append(run)
    bold: set[Element] = set()
    findings: list[Finding] = []
    for paragraph, runs in by_paragraph.items():
        if styles.heading_level(paragraph) is not None or styles.is_title(paragraph):
            continue
        if sum(len(text_of(run)) for run in runs) <= LONGEST_BOLD:
            bold.update(runs)
        findings += told([text_of(run) for run in runs], place(paragraph))
    return bold, findings


def _dress(run: Element, *, bold: bool, italic: bool, struck: bool, raised: str | None) -> None:
    for old in run.findall(f"{W}rPr"):
        run.remove(old)
    marks = [name for name, on in (("b", bold), ("i", italic), ("strike", struck)) if on]
    up = raised if raised in {"superscript", "subscript"} else None
    if not marks and up is None:
        return
    properties = run.makeelement(f"{W}rPr", {})
    for name in marks:
        properties.append(run.makeelement(f"{W}{name}", {}))
    if up is not None:
        properties.append(run.makeelement(f"{W}vertAlign", {f"{W}val": up}))
    run.insert(0, properties)


def boxes(root: Element) -> Iterator[Finding]:
    """Put the text of boxes and shapes after the paragraph they hang on."""
    last: dict[Element, Element] = {}
    for box in list(root.iter(f"{W}txbxContent")):
        paragraph = _paragraph(box)
        if paragraph is None:
            continue
        words = " ".join(text_of(box, inner=True).split())
        # Several boxes on one paragraph come in their own order; a box in another one, right after its paragraph.
        at: Element = last.get(paragraph, paragraph)
        for child in list(box):
            if child.tag in {f"{W}p", f"{W}tbl"}:
                box.remove(child)
                at.addnext(child)
                at = child
        last[paragraph] = at
        if words:
            yield Finding("text-box", place(paragraph), words)


def drawings(root: Element, part: str) -> Iterator[Finding]:
    """
    Write every picture in its plainest form, and tell of what is drawn and cannot be kept.

    The relation ids become `part|id`, so that pictures of footnotes and of the body are told apart.
    """
    for drawing in list(root.iter(f"{W}drawing", f"{W}pict", f"{W}object")):
        run = drawing.getparent()
        if run is None:
            continue
        pictures = list(_pictures(drawing, part))
        where = place(run)
        yield from not_kept(drawing, where)
        for picture in pictures:
            drawing.addprevious(picture)
        run.remove(drawing)


def not_kept(drawing: Element, where: str) -> Iterator[Finding]:
    """Tell of what is drawn and is neither a picture nor words in a box."""
    ole = next(drawing.iter("{urn:schemas-microsoft-com:office:office}OLEObject"), None)
    if drawing.tag == f"{W}object" or ole is not None:
        yield Finding("embedded-object", where, "" if ole is None else ole.get("ProgID", ""))
    elif not any(_relation(one) for one in drawing.iter(f"{A}blip", f"{V}imagedata")):
        yield from _unkept(drawing, where)
    elif words := drawn_words(drawing) or _beside(drawing):
        yield Finding("drawing", where, words)


def _relation(picture: Element) -> str | None:
    names = ("embed", "link") if picture.tag == f"{A}blip" else ("id", "href")
    return next((key for name in names if (key := picture.get(f"{R}{name}"))), None)


def _pictures(drawing: Element, part: str) -> Iterator[Element]:
    about = next(drawing.iter(f"{WP}docPr"), None)
    alternative = "" if about is None else about.get("descr") or about.get("title") or ""
    for blip in drawing.iter(f"{A}blip"):
        relation = _relation(blip)
        if relation:
            yield _picture(drawing, f"{part}|{relation}", alternative)
    for image in drawing.iter(f"{V}imagedata"):
        relation = _relation(image)
        shape = image.getparent()
        described = (shape.get("alt") if shape is not None else None) or image.get("alt") or ""
        if relation:
            yield _picture(drawing, f"{part}|{relation}", described or alternative)


def _picture(near: Element, relation: str, alternative: str) -> Element:
    picture = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
    # Pandoc knows these by their letters, which Word writes on each drawing and not at the top of the document.
    drawing = near.makeelement(f"{W}drawing", {}, nsmap={"wp": WP[1:-1], "a": A[1:-1], "pic": picture[1:-1]})
    inline = _sub(drawing, f"{WP}inline")
    _sub(inline, f"{WP}extent", cx="100", cy="100")
    _sub(inline, f"{WP}docPr", id="1", name="", descr=" ".join(alternative.split()))
    data = _sub(_sub(inline, f"{A}graphic"), f"{A}graphicData", uri=picture.strip("{}"))
    fill = _sub(_sub(data, f"{picture}pic"), f"{picture}blipFill")
    _sub(fill, f"{A}blip", **{f"{R}embed": relation})
    return drawing


def _unkept(drawing: Element, where: str) -> Iterator[Finding]:
    data = next(drawing.iter(f"{A}graphicData"), None)
    uri = "" if data is None else data.get("uri", "")
    if "chart" in uri:
        words = next((one.get(WORDS) for one in drawing.iter() if one.get(WORDS)), "")
        yield Finding("chart", where, words or "")
    elif "diagram" not in uri and next(drawing.iter(f"{W}txbxContent"), None) is None:
        about = next(drawing.iter(f"{WP}docPr"), None)
        # A ruled line under a heading is a drawing too; one that says nothing about itself is told of all the same.
        said = "" if about is None else about.get("descr") or about.get("name") or ""
        yield Finding("drawing", where, drawn_words(drawing) or said)


def drawn_words(drawing: Element) -> str:
    """Give the words that are part of a drawing: those of its shapes, and those that are drawn as art."""
    texts = ["".join(line.itertext(f"{A}t")) for line in drawing.iter(f"{A}p")]
    texts += [path.get("string") or "" for path in drawing.iter(f"{V}textpath")]
    return " / ".join(filter(None, (" ".join(text.split()) for text in texts)))


def _beside(drawing: Element) -> str:
    """Give what shapes beside a picture are called: a red cross on it says what the picture does not."""
    held = (f"{W}txbxContent", f"{A}blip", f"{V}imagedata")
    shapes = [one for one in drawing.iter() if str(one.tag).endswith(_SHAPES) and next(one.iter(*held), None) is None]
    about = [one for shape in shapes for one in shape if str(one.tag).endswith("}cNvPr")]
    said = [one.get("descr") or one.get("title") or one.get("name") or "" for one in about]
    said += [one.get("alt") or "" for one in shapes if str(one.tag).startswith(V)]
    named = " / ".join(filter(None, said))
    return named or ("…" if shapes else "")


def charts(root: Element) -> Iterator[tuple[Element, str]]:
    """Give each chart and the relation id of what it shows."""
    for data in root.iter(f"{A}graphicData"):
        if "chart" in data.get("uri", ""):
            yield from ((one, one.get(f"{R}id", "")) for one in data if one.get(f"{R}id"))


def diagrams(root: Element) -> Iterator[tuple[Element, str]]:
    """Give each SmartArt drawing and the relation id of its words."""
    for ids in root.iter(f"{_DRAWN}diagram}}relIds"):
        yield ids, ids.get(f"{R}dm", "")


def tidy(root: Element) -> None:
    """Take away what says nothing to a reader: anchors, proof marks, soft hyphens."""
    for element in list(root.iter(*_ANCHORS)):
        above = element.getparent()
        if above is not None:
            above.remove(element)


def paragraph_with(near: Element, text: str) -> Element:
    """Make a paragraph of plain text."""
    paragraph = near.makeelement(f"{W}p", {})
    run = _sub(paragraph, f"{W}r")
    run.append(_element(run, f"{W}t", re.sub(r"\s+", " ", text).strip()))
    return paragraph


def copied(element: Element) -> Element:
    """Copy an element with all it holds."""
    return copy.deepcopy(element)


def _paragraph(element: Element) -> Element | None:
    return next((above for above in element.iterancestors() if above.tag == f"{W}p"), None)


def _sub(above: Element, tag: str, **attributes: str) -> Element:
    child = above.makeelement(tag, attributes)
    above.append(child)
    return child


def _element(near: Element, tag: str, text: str) -> Element:
    element = near.makeelement(tag, {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    element.text = text
    return element
