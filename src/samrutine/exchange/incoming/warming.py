"""
Small documents of our own, read before any that somebody sent: what a reader makes ready at its first use is there then.

Each document that is sent is read by a copy of this process; what it would make ready there is gone with it, and is made again
for the next one. It took longer than many a document itself.
"""

import contextlib
import io
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.carrying import packed
from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OASIS: Final = "urn:oasis:names:tc:opendocument:xmlns"
_MARKDOWN: Final = "# Liste\n\nGi 5 mg **ikke** 38,5 °C.[^1]\n\n## Når\n\n- a\n  1. b_c\n\n| d | e |\n| - | - |\n| f | g |\n\n[^1]: h\n"
_HTML: Final = (
    "<html><body><h1>Liste</h1><p>Gi <b>5 mg</b></p><ul><li>a</li></ul><table><tr><td>b</td></tr></table></body></html>"
)
_RTF: Final = rb"{\rtf1\ansi\ansicpg1252 Gi \b 5 mg\b0\par Ikke \'e5\par}"


def documents() -> tuple[tuple[bytes, str], ...]:
    """Give a document of each kind that is read often, and its name."""
    return (
        (_docx(), "a.docx"),
        (_odt(), "a.odt"),
        (_RTF, "a.rtf"),
        (_HTML.encode(), "a.html"),
        (_MARKDOWN.encode(), "a.md"),
        (b"Gi 5 mg.\n\nIkke mer.\n", "a.txt"),
    )


def warm() -> None:
    """Read a document of each kind."""
    with tempfile.TemporaryDirectory(prefix="samrutine-in-") as place:
        for data, name in documents():
            # Where pandoc is not there, this is not the place to say so: the first document that is sent will be refused.
            with contextlib.suppress(DocumentRefused, OSError):
                packed(open_document(data, name, Limits(), Path(place)))


def _docx() -> bytes:
    def paragraph(words: str, properties: str = "", look: str = "") -> str:
        return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{look}</w:rPr><w:t>{words}</w:t></w:r></w:p>"

    cell = f"<w:tc><w:tcPr/>{paragraph('b')}</w:tc>"
    item = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = (
        paragraph("Liste", '<w:pStyle w:val="h"/>')
        + paragraph("Gi 5 mg", look="<w:b/>")
        + paragraph("a", item)
        + f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{cell}{cell}</w:tr></w:tbl>"
    )
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>'
    return _zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
            "_rels/.rels": _related(officeDocument="word/document.xml"),
            "word/_rels/document.xml.rels": _related(styles="styles.xml", numbering="numbering.xml"),
            "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
            "word/styles.xml": f'<w:styles xmlns:w="{_WORD}"><w:style w:type="paragraph" w:styleId="h">'
            '<w:name w:val="heading 1"/></w:style></w:styles>',
            "word/numbering.xml": f'<w:numbering xmlns:w="{_WORD}"><w:abstractNum w:abstractNumId="1">{level}'
            '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>',
        }
    )


def _related(**targets: str) -> str:
    rows = "".join(f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{at}"/>' for kind, at in targets.items())
    return f'<Relationships xmlns="{_RELATIONS}">{rows}</Relationships>'


def _odt() -> bytes:
    text = "<text:h text:outline-level='1'>Liste</text:h><text:p>Gi 5 mg</text:p><text:list><text:list-item><text:p>a</text:p></text:list-item></text:list>"
    spaces = " ".join(f'xmlns:{name}="{_OASIS}:{name}:1.0"' for name in ("office", "text", "table", "style"))
    return _zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "styles.xml": f"<office:document-styles {spaces}><office:styles/></office:document-styles>",
            "content.xml": f"<office:document-content {spaces}><office:body><office:text>{text}</office:text></office:body>"
            "</office:document-content>",
        }
    )


def _zipped(parts: dict[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as made:
        for name, text in parts.items():
            made.writestr(zipfile.ZipInfo(name), text)
    return held.getvalue()
