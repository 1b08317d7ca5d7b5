"""
The styles of our Word documents: built-in ones under the names and ids that a Norwegian Word gives them.

Word knows a built-in style by its name, "heading 1", whatever its id. It shows that name in the reader's language, and
its navigation pane and screen readers go by it; a home-made style that only looks like a heading gives neither.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from samrutine.exchange.word_xml import HEAD, STEP, W, safe

HEADINGS: Final = 6
DEEPEST_LIST: Final = 9

TITLE: Final = "Title"
KIND: Final = "Rutine type"
STATUS: Final = "Rutine status"
CONTROL: Final = "Rutine kontroll"
ADDITION: Final = "Rutine tillegg"
FIELD: Final = "Rutine lokal opplysning"
MISSING: Final = "Rutine ikke fylt ut"
BULLETS: Final = "List Bullet"
NUMBERS: Final = "List Number"
CONTINUED: Final = "List Continue"
QUOTE: Final = "Quote"
CODE_BLOCK: Final = "HTML Preformatted"
CODE: Final = "HTML Code"
LINK: Final = "Hyperlink"
NOTE: Final = "footnote text"
NOTE_MARK: Final = "footnote reference"
TABLE: Final = "Table Grid"
HEADER: Final = "header"
FOOTER: Final = "footer"

_INK: Final = "1E2B3C"
_SIZES: Final = (30, 26, 24, 22, 22, 22)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A style sheet: its XML, and the id of each style by its name."""

    xml: str
    ids: Mapping[str, str]

    def id(self, name: str) -> str:
        """Give the id of a style; empty, which means the ordinary one, for a name it has not."""
        return self.ids.get(name, "")


def _style(
    kind: str, style: str, name: str, *, based: str = "", then: str = "", paragraph: str = "", runs: str = "",
    rest: str = "", quick: bool = True, default: bool = False,
) -> str:  # fmt: skip
    own = "" if not name.startswith("Rutine") else ' w:customStyle="1"'
    return "".join((
        f'<w:style w:type="{kind}"{" w:default=" + chr(34) + "1" + chr(34) if default else ""}{own} w:styleId="{style}">',
        f'<w:name w:val="{name}"/>',
        f'<w:basedOn w:val="{based}"/>' if based else "",
        f'<w:next w:val="{then}"/>' if then else "",
        "<w:qFormat/>" if quick else "",
        f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "",
        f"<w:rPr>{runs}</w:rPr>" if runs else "",
        rest,
        "</w:style>",
    ))  # fmt: skip


def _headings() -> list[str]:
    return [
        _style(
            "paragraph", f"Overskrift{n}", f"heading {n}", based="Normal", then="Normal",
            paragraph=f'<w:keepNext/><w:keepLines/><w:spacing w:before="{max(320 - 40 * n, 160)}" w:after="80"/>'
            f'<w:outlineLvl w:val="{n - 1}"/>',
            runs=f'<w:b/><w:bCs/><w:color w:val="{_INK}"/><w:sz w:val="{_SIZES[n - 1]}"/><w:szCs w:val="{_SIZES[n - 1]}"/>',
        )
        for n in range(1, HEADINGS + 1)
    ]  # fmt: skip


def _border(sides: tuple[str, ...], color: str = "8A97A6") -> str:
    return "".join(f'<w:{side} w:val="single" w:sz="4" w:space="4" w:color="{color}"/>' for side in sides)


_SMALL: Final = '<w:sz w:val="18"/><w:szCs w:val="18"/>'


def _all() -> list[str]:
    return [*_grounds(), *_texts(), *_frames(), *_own()]


def _grounds() -> list[str]:
    """Give what Word builds all others on."""
    return [
        _style("paragraph", "Normal", "Normal", default=True),
        _style("character", "Standardskriftforavsnitt", "Default Paragraph Font", quick=False, default=True),
        _style(
            "table", "Vanligtabell", "Normal Table", quick=False, default=True,
            rest='<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
            '<w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>'
            "</w:tblCellMar></w:tblPr>",
        ),
        _style("numbering", "Ingenliste", "No List", quick=False, default=True),
        _style(
            "paragraph", "Tittel", TITLE, based="Normal", then="Normal",
            paragraph='<w:keepNext/><w:spacing w:before="0" w:after="160" w:line="240" w:lineRule="auto"/>',
            runs=f'<w:b/><w:bCs/><w:color w:val="{_INK}"/><w:sz w:val="40"/><w:szCs w:val="40"/>',
        ),
        *_headings(),
    ]  # fmt: skip


def _texts() -> list[str]:
    """Give the styles of a text: lists, quotations, what is kept letter by letter, links, notes."""
    mono = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>'
    return [
        _style("paragraph", "Punktliste", BULLETS, based="Normal", paragraph='<w:spacing w:after="40"/>'),
        _style("paragraph", "Nummerertliste", NUMBERS, based="Normal", paragraph='<w:spacing w:after="40"/>'),
        _style(
            "paragraph", "Liste-forts", CONTINUED, based="Normal",
            paragraph=f'<w:spacing w:after="80"/><w:ind w:left="{STEP}"/>',
        ),
        _style(
            "paragraph", "Sitat", QUOTE, based="Normal", then="Normal",
            paragraph=f'<w:pBdr>{_border(("left",))}</w:pBdr><w:spacing w:before="80"/><w:ind w:left="{STEP}"/>',
            runs='<w:color w:val="3B4A5C"/>',
        ),
        _style(
            "paragraph", "HTML-forhndsformatert", CODE_BLOCK, based="Normal", quick=False,
            paragraph='<w:shd w:val="clear" w:color="auto" w:fill="F1F4F7"/><w:spacing w:after="120"/>',
            runs=f"{mono}<w:noProof/>{_SMALL}",
        ),
        _style("character", "HTML-kode", CODE, quick=False, runs=mono),
        _style("character", "Hyperkobling", LINK, quick=False, runs='<w:color w:val="0B5394"/><w:u w:val="single"/>'),
        _style(
            "paragraph", "Fotnotetekst", NOTE, based="Normal", quick=False,
            paragraph='<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>', runs=_SMALL,
        ),
        _style("character", "Fotnotereferanse", NOTE_MARK, quick=False, runs='<w:vertAlign w:val="superscript"/>'),
    ]  # fmt: skip


def _frames() -> list[str]:
    """Give those of the page's head and foot, and of tables."""
    cell = (
        '<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="100" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/>'
    )
    cell += '<w:right w:w="100" w:type="dxa"/></w:tblCellMar>'
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="8A97A6"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    edge = '<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs><w:spacing w:after="0"/>'
    return [
        _style("paragraph", "Topptekst", HEADER, based="Normal", quick=False, paragraph=edge, runs=_SMALL),
        _style("paragraph", "Bunntekst", FOOTER, based="Normal", quick=False, paragraph=edge, runs=_SMALL),
        _style(
            "table", "Tabellrutenett", TABLE, based="Vanligtabell", quick=False,
            paragraph='<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>',
            rest=f"<w:tblPr><w:tblBorders>{lines}</w:tblBorders>{cell}</w:tblPr>"
            '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr>'
            '<w:shd w:val="clear" w:color="auto" w:fill="E6EBF0"/></w:tcPr></w:tblStylePr>',
        ),
    ]  # fmt: skip


def _own() -> list[str]:
    """Give our own: the control header, additions, what a municipality has filled in or not."""
    return [
        _style(
            "paragraph", "RutineType", KIND, based="Normal", then="Tittel",
            paragraph='<w:keepNext/><w:spacing w:after="0"/>', runs='<w:caps/><w:color w:val="51606F"/><w:sz w:val="18"/>',
        ),
        _style(
            "paragraph", "RutineStatus", STATUS, based="Normal", paragraph='<w:keepNext/><w:spacing w:after="40"/>',
            runs="<w:b/><w:bCs/>",
        ),
        _style("paragraph", "RutineKontroll", CONTROL, based="Normal", paragraph='<w:spacing w:after="40"/>', runs=_SMALL),
        _style(
            "paragraph", "RutineTillegg", ADDITION, based="Normal",
            paragraph=f'<w:keepNext/><w:pBdr>{_border(("top",), "0B5394")}</w:pBdr><w:spacing w:before="120" w:after="60"/>',
            runs='<w:b/><w:bCs/><w:color w:val="0B5394"/>',
        ),
        _style(
            "character", "RutineLokalOpplysning", FIELD,
            runs='<w:u w:val="single"/><w:shd w:val="clear" w:color="auto" w:fill="FFF6D6"/>',
        ),
        _style(
            "character", "RutineIkkeFyltUt", MISSING,
            runs='<w:b/><w:bCs/><w:color w:val="8A1C1C"/><w:shd w:val="clear" w:color="auto" w:fill="FFE3E3"/>',
        ),
    ]  # fmt: skip


_DEFAULTS: Final = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:eastAsia="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>'
    '<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="nb-NO" w:eastAsia="en-US" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
)
_NAME: Final = re.compile(r'<w:name w:val="([^"]*)"')
_ID: Final = re.compile(r'w:styleId="([^"]*)"')


def own_sheet() -> Sheet:
    """Give the styles that a document has when its municipality has given none."""
    styles = _all()
    ids = {_NAME.findall(one)[0]: _ID.findall(one)[0] for one in styles}
    return Sheet(f'{HEAD}<w:styles xmlns:w="{W}">{_DEFAULTS}{"".join(styles)}</w:styles>', ids)


def added_styles(names: Mapping[str, str], taken: frozenset[str]) -> tuple[str, dict[str, str]]:
    """
    Give the styles of ours that another sheet lacks, based on that sheet's own.

    Args:
        names: The other sheet's ids, by the names of its styles.
        taken: Its ids.

    Returns:
        Their XML, and the id of every style by name.
    """
    styles = _all()
    ours = {_ID.findall(one)[0]: _NAME.findall(one)[0] for one in styles}
    ids = dict(names)
    for style, name in ours.items():
        if name not in ids:
            ids[name] = style if style not in taken else f"{style}Rutine"
    known = "|".join(sorted(map(re.escape, ours)))
    reference = re.compile(rf'(w:styleId|w:basedOn w:val|w:next w:val)="({known})"')
    added = []
    for one in styles:
        if ours[_ID.findall(one)[0]] in names:
            continue
        # A second default of a kind makes Word choose for itself.
        alone = one.replace(' w:default="1"', "")
        added.append(reference.sub(lambda match: f'{match[1]}="{safe(ids[ours[match[2]]])}"', alone))
    return "".join(added), ids
