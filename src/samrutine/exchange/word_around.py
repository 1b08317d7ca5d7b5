"""
What stands around the text in Word: the control header, the head and foot of each page, and the word across it.

The foot names which document it is in fields that repeat the file's own properties, so that who changes a property by hand
and who reads the paper see the same. What is not part of the text lies in locked content controls.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

from samrutine.exchange import qr
from samrutine.exchange.facts import Facts
from samrutine.exchange.page import Page
from samrutine.exchange.phrases import Phrases, tied
from samrutine.exchange.word_body import BodyWriter
from samrutine.exchange.word_pictures import drawing, sized
from samrutine.exchange.word_styles import CONTROL, KIND, STATUS, TABLE, TITLE
from samrutine.exchange.word_xml import HEAD, NAMESPACES, Form, Weight, control, field, paragraph, run, safe

_LOCKED: Final = "sdtContentLocked"
_SQUARE: Final = 900_000
"""25 mm, the size at which a phone reads the code from an arm's length."""
_LETTERS_ACROSS: Final = 76
"""Of a line at the head or foot, with room for a font that is wider than ours, and for wide letters."""
_LETTERS_OF_A_PAGE: Final = 16
_LANGUAGES: Final = {"nb": "nb-NO", "nn": "nn-NO", "smj": "smj-NO", "se": "se-NO", "sma": "sma-NO", "en": "en-GB"}


def word_language(language: str) -> str:
    """Name a language as Word does: "nb" is "nb-NO"."""
    return _LANGUAGES.get(language, language)


def above(printed: Page, body: BodyWriter, title: str | None = None) -> str:
    """
    Write what stands before the text: kind, title, the control header. Only the title may be changed.

    Args:
        title: The title as XML where it is not the file's own.
    """
    body.in_language("" if printed.language == printed.text_language else word_language(printed.language))
    before = [_said(body, printed.demo, STATUS)] if printed.demo else []
    if printed.owner:
        before.append(_said(body, printed.owner, STATUS))
    before.append(_said(body, printed.kind, KIND))
    title = title or paragraph(run(printed.title), Form(style=body.sheet.id(TITLE)))
    lines = [_said(body, printed.status, STATUS), *(_said(body, line, CONTROL) for line in printed.lines)]
    parts = [*lines, _table(printed, body), *_check(printed, body)]
    if printed.local_note:
        parts.append(_said(body, printed.local_note, CONTROL))
    name = printed.say("page.control")
    first = control("".join(before), "control", body.number(), name=name, lock=_LOCKED)
    second = control("".join(parts), "control", body.number(), name=name, lock=_LOCKED)
    body.in_language("")
    return first + title + second


def below(printed: Page, body: BodyWriter) -> str:
    """Write what stands after the text: notes that have no mark in it, legal basis, sources."""
    notes = body.unmarked_notes()
    body.in_language("" if printed.language == printed.text_language else word_language(printed.language))
    after = body.blocks(printed.after)
    body.in_language("")
    if not notes and not after:
        return ""
    return control(notes + after, "after", body.number(), lock=_LOCKED)


def _said(body: BodyWriter, text: str, style: str) -> str:
    return paragraph(run(tied(text), _weight(body)), Form(style=body.sheet.id(style)))


def _weight(body: BodyWriter, *, strong: bool = False) -> Weight:
    return Weight(strong=strong, language=body.language)


def _table(printed: Page, body: BodyWriter) -> str:
    say = printed.say
    style = Form(style=body.sheet.id(CONTROL))
    rows = [(say("page.control_fact"), say("page.control_value")), (say("fact.kind"), printed.kind), *printed.facts]
    widths = (3000, 6638)
    written = []
    for n, row in enumerate(rows):
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{paragraph(run(tied(text), _weight(body, strong=not at and n > 0)), style)}</w:tc>"
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        mark = "" if n else "<w:tblHeader/>"
        written.append(f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{cells}</w:tr>")
    properties = (
        f'<w:tblStyle w:val="{body.sheet.id(TABLE)}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="06A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(written)}</w:tbl>"


def _check(printed: Page, body: BodyWriter) -> Iterator[str]:
    """Say that it is a copy, and lead to where one can see whether it still applies."""
    content = run(tied(printed.screen_note), _weight(body, strong=True))
    if printed.address:
        address = body.link(printed.link, printed.address) if printed.link else run(printed.address, _weight(body))
        content += run(" ") + address
    form = Form(style=body.sheet.id(CONTROL))
    yield paragraph("", form)
    if printed.qr_svg and printed.address:
        data = qr.png(printed.address)
        # Several routines may stand in one file, each with a square of its own.
        name = f"image-qr-{hashlib.sha256(printed.address.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}.png"
        size = sized(data)
        if size is not None:
            body.media[name] = data
            relation = body.relations.to("image", f"media/{name}")
            picture = drawing(
                relation, body.number(), size, name="qr", alternative=printed.qr_alternative, widest=_SQUARE
            )
            yield paragraph(picture, form)
    yield paragraph(content, form)


def page_head(printed: Page, style: str, *, before: str = "", title: str | None = None) -> str:
    """
    Write the head of each page: title, version and status, and across the page what it must not be taken for.

    Args:
        before: What the municipality's own document has at its head, its logo first.
        title: The title as XML where it is not the file's own.
    """
    version = f" · {printed.running.rpartition(' · ')[2]}"
    weight = Weight(language=word_language(printed.language))
    if title is None:
        title = field("TITLE", printed.title, Weight(language=word_language(printed.text_language)))
    lines = _sides(
        (title + run(version, weight), len(printed.title + version)), (run(printed.status, weight), len(printed.status))
    )
    first = across(printed.mark) if printed.mark else ""
    return f"{HEAD}<w:hdr {NAMESPACES}>{before}{_margin(first + lines[0], *lines[1:], style=style)}</w:hdr>"


def page_foot(printed: Page, known: Facts, style: str, *, alone: bool = True) -> str:
    """
    Write the foot of each page: which document it is, who found it sound, until when, and which page.

    Args:
        alone: The file is this document, and its properties are too: they stand in fields.
    """
    say = printed.say
    weight = Weight(language=word_language(printed.language))

    def told(name: str) -> tuple[str, int]:
        shown = tied(getattr(known, name))
        return field(f'DOCPROPERTY "samrutine.{name}"', shown, weight) if alone else run(shown, weight), len(shown)

    which, length = told("id")
    if known.version:
        version = f" · {printed.running.rpartition(' · ')[2].rpartition(' ')[0]} "
        number, digits = told("version")
        which, length = which + run(version, weight) + number, length + len(version) + digits
    page = page_number(say, weight)
    digests = printed.foot.partition(" · ")[2]
    lines = [
        *_sides((which, length), (page, _LETTERS_OF_A_PAGE)),
        *_sides(told("approved"), told("valid_to")),
        *_sides(told("status"), (run(digests, weight), len(digests))),
    ]
    return f"{HEAD}<w:ftr {NAMESPACES}>{_margin(*lines, style=style)}</w:ftr>"


def page_number(say: Phrases, weight: Weight) -> str:
    """Write «side 3 av 7» in fields that Word works out."""
    start, between = run(f"{say('page.number')} ", weight), run(f" {say('page.of')} ", weight)
    return start + field("PAGE", "1", weight) + between + field("NUMPAGES", "1", weight)


def _sides(left: tuple[str, int], right: tuple[str, int]) -> tuple[str, ...]:
    """
    Set words to the left and to the right of a line, or on one line each where both have no room.

    Args:
        left: As XML, and how many letters.
        right: The same.
    """
    if not right[1]:
        return (left[0],)
    if left[1] + right[1] <= _LETTERS_ACROSS:
        return (f"{left[0]}{run(chr(9))}{right[0]}",)
    return left[0], right[0]


def _margin(*lines: str, style: str) -> str:
    return "".join(paragraph(line, Form(style=style)) for line in lines)


def across(mark: str) -> str:
    """Write a word across the page, behind the text, as Word makes its own watermarks."""
    width = min(len(mark) * 62, 470)
    style = (
        f"position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:105pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    return (
        '<w:r><w:rPr><w:noProof/></w:rPr><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" '
        'adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="PowerPlusWaterMarkObject1" o:spid="_x0000_s2049" type="#_x0000_t136" alt="" style="{style}" '
        'o:allowincell="f" fillcolor="#c8ced6" stroked="f"><v:fill opacity=".5"/>'
        f'<v:textpath style="font-family:&quot;Calibri&quot;;font-size:1pt" string="{safe(mark)}"/></v:shape></w:pict></w:r>'
    )
