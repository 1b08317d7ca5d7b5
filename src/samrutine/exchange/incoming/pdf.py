"""PDF in: a draft to be read against the pictures of its pages, since a PDF knows letters and places and no paragraphs."""

import io
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.compare import may_matter, words_of
from samrutine.exchange.incoming.draft import Draft, Source
from samrutine.exchange.incoming.headings import is_warning
from samrutine.exchange.incoming.metadata import each_once, suggested_in
from samrutine.exchange.incoming.model import FileKind, Finding, Limits, NotRead, Picture
from samrutine.exchange.incoming.pdf_layout import Part, Table, blocks_of, is_item, lines_in, parts_of
from samrutine.exchange.incoming.pdf_lines import Flow, as_named
from samrutine.exchange.incoming.pdf_words import UNKNOWN_LETTER, words_on

_DPI: Final = 100
_POINTS: Final = 72
_SENTENCE_END = re.compile(r"[.!?:;]$")
_COUNTS = re.compile(
    r"(?<!\w)(?:side|page|s\.)\s*\d+(?:\s*(?:av|of|/)\s*\d+)?(?![\w.,]*\d)|(?<![\w.,])\d+\s*(?:av|of|/)\s*\d+$|(?<=\w\s)(?<![.,])\d+$",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(r"^(?:side\s*)?\d+(?:\s*(?:av|/|of)\s*\d+)?$", re.IGNORECASE)
_SHORT: Final = 90
_MOST_REPEATED: Final = 3
_MOST_UNKNOWN: Final = 20


def read_pdf(data: bytes, name: str, limits: Limits, folder: Path) -> Draft:
    """
    Read a PDF: its words in the order they stand, and a picture of each page.

    Raises:
        DocumentRefused: It is locked with a password, or damaged.
    """
    del folder
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        why = "encrypted" if "password" in str(error).lower() or b"/Encrypt" in data else "damaged"
        raise DocumentRefused(NotRead(why, name)) from error
    try:
        return _read(document, limits, name)
    finally:
        document.close()


def _read(document: Any, limits: Limits, name: str) -> Draft:
    draft = Draft(FileKind.PDF, {})
    draft.findings.append(Finding("review-draft"))
    if len(document) == 0:
        raise DocumentRefused(NotRead("damaged", name))
    draft.source = Source(ordered=False)
    pages = [_page(document, n, limits, draft, draft.source.lines) for n in range(len(document))]
    if len(document) > limits.pages:
        draft.findings.append(Finding("contents-of-page-dropped", detail=f"{limits.pages} / {len(document)}"))
    margins = _margins(pages, draft)
    if len(pages) > 1:
        draft.findings.append(Finding("page-breaks-guessed"))
    for page in pages:
        lines = [line.text for line in lines_in(page)]
        # The mark before an item becomes the number of an item, which is no word.
        marks = [
            line.words[0].text for line in lines_in(part for part in page if isinstance(part, Flow)) if is_item(line)
        ]
        for said in [*marks, *(line for line in lines if line in margins)]:
            draft.source.dropped.update(words_of(said))
    pages = [[_without(part, margins) for part in page] for page in pages]
    draft.tree = {"blocks": blocks_of(pages)}
    for n, page in enumerate(pages, 1):
        draft.findings += [Finding("table-placed", str(n), part.text) for part in page if isinstance(part, Table)]
    title = " ".join(str(document.get_metadata_dict().get("Title") or "").split())
    if title:
        draft.suggested.append(_title(title))
    _first_line_as_title(draft, title)
    return draft


def _page(document: Any, n: int, limits: Limits, draft: Draft, named: list[str]) -> list[Part]:
    """Give what stands on a page, note its words as the file names them, and draw it; what cannot be read is told of."""
    import pypdfium2

    try:
        page = document[n]
        text = page.get_textpage()
        found = words_on(page, text)
        named += [*as_named(found.words), *found.aslant]
        text.close()
        if n < limits.pages:
            draft.pages.append(_drawn(page, n + 1))
        page.close()
    except pypdfium2.PdfiumError:
        draft.findings.append(Finding("part-missing", f"{n + 1}"))
        return []
    if not found.is_whole:
        draft.findings.append(Finding("part-missing", f"{n + 1}"))
    unknown = [word.text for word in found.words if UNKNOWN_LETTER in word.text]
    if unknown:
        draft.findings.append(Finding("symbol-unknown", f"{n + 1}", " ".join(unknown[:_MOST_UNKNOWN])))
    if not any(re.search(r"\w", word.text) for word in found.words):
        draft.findings.append(Finding("no-text", f"{n + 1}"))
    return parts_of(found)


def _title(title: str) -> Any:
    from samrutine.exchange.incoming.model import Suggested

    return Suggested("title", title, "properties")


def _drawn(page: Any, number: int) -> Picture:
    width, height = page.get_size()
    # A page may say that it is a mile wide; what is drawn of it is bounded.
    scale = min(_DPI / _POINTS, 2000 / max(width, height, 1))
    bitmap = page.render(scale=scale)
    held = io.BytesIO()
    held.write(_png(bitmap))
    bitmap.close()
    return Picture(f"side-{number}.png", "image/png", held.getvalue(), is_page=True)


def _png(bitmap: Any) -> bytes:
    """Write a bitmap as PNG by ourselves: it is one filter and zlib, and Pillow is no part of what we need."""
    import struct
    import zlib

    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    raw = bytes(bitmap.buffer)
    channels = bitmap.n_channels
    rows = bytearray()
    for y in range(height):
        row = raw[y * stride : y * stride + width * channels]
        red, green, blue = row[2::channels], row[1::channels], row[0::channels]
        line = bytearray(width * 3)
        line[0::3], line[1::3], line[2::3] = (red, green, blue) if channels > 1 else (row, row, row)
        rows += b"\x00" + line

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(rows), 6))
        + chunk(b"IEND", b"")
    )


def _margins(pages: list[list[Part]], draft: Draft) -> set[str]:
    """Find what stands first or last on most pages, or counts them; hear what it says of the document."""
    edges: Counter[str] = Counter()
    said: dict[str, set[str]] = {}
    for n, page in enumerate(pages, 1):
        lines = sorted(lines_in(page), key=lambda line: -line.foot)
        for line in {line.text for line in lines[:_MOST_REPEATED] + lines[-_MOST_REPEATED:]}:
            alike = _counted(line, n, len(pages))
            edges[alike] += 1
            said.setdefault(alike, set()).add(line)
    repeated = {
        line
        for alike, count in edges.items()
        if count > 1 and count * 2 > len(pages)
        for line in said[alike]
        if not _is_said(line)
    }
    # The only number on the first or last line of a page is the page's, on a cover without it too.
    for page in pages if len(pages) > 1 else ():
        lines = sorted(lines_in(page), key=lambda line: -line.foot)
        repeated.update(line.text for line in lines[:1] + lines[-1:] if _PAGE_NUMBER.match(line.text))
    for line in sorted(repeated):
        draft.suggested += suggested_in(line, "header")
    for page in pages[:1]:
        for one in lines_in(page)[:12]:
            draft.suggested += suggested_in(one.text, "body")
    if repeated:
        draft.findings.append(Finding("header-footer", "header", "\n".join(sorted(repeated))))
    draft.suggested = each_once(draft.suggested)
    return repeated


def _counted(line: str, page: int, pages: int) -> str:
    """Write a number that counts pages as any such number: "side 2", "2 av 5", or the last word of several, and never "Trinn 2"."""

    def either(match: re.Match[str]) -> str:
        numbers = re.findall(r"\d+", match[0])
        return "#" if numbers[0] == str(page) and numbers[1:] in ([], [str(pages)]) else match[0]

    return _COUNTS.sub(either, line)


def _without(part: Part, margins: set[str]) -> Part:
    if isinstance(part, Flow):
        return Flow([line for line in part.lines if line.text not in margins])
    rows = [[([line for line in cell[0] if line.text not in margins], *cell[1:]) for cell in row] for row in part.rows]
    return replace(part, rows=rows)


def _is_said(line: str) -> bool:
    # Two pages of doses may both end on "Gi aldri mer enn angitt.": a margin names the document, and says no sentence.
    return line.endswith((".", "!", "?")) or (may_matter(line) and not _PAGE_NUMBER.match(line))


def _first_line_as_title(draft: Draft, title: str) -> None:
    """Take the first line for the title when the file says that it is, or when it is short and no heading below it is larger."""
    from samrutine.exchange.incoming.inlines import bare

    blocks = draft.tree["blocks"]
    first: dict[str, Any] = blocks[0] if blocks else {"t": ""}
    if len(blocks) < 2 or first["t"] not in {"Para", "Header"}:  # noqa: PLR2004 - a title stands above something
        return
    content, level = (first["c"][2], first["c"][0]) if first["t"] == "Header" else (first["c"], None)
    words = " ".join(bare(content).split())
    larger = any(block["t"] == "Header" and (level is None or block["c"][0] <= level) for block in blocks[1:])
    is_title = len(words) <= _SHORT and not _SENTENCE_END.search(words) and not larger and not is_warning(words)
    if words and (words == title or is_title):
        draft.title = words
        draft.tree["blocks"] = blocks[1:]
