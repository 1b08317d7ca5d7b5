"""PDF in: a draft to be read against the pictures of its pages, since a PDF knows letters and places and no paragraphs."""

import io
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.compare import may_matter, words_of
from samrutine.exchange.incoming.draft import Draft, Source
from samrutine.exchange.incoming.metadata import each_once, suggested_in
from samrutine.exchange.incoming.model import FileKind, Finding, Limits, NotRead, Picture
from samrutine.exchange.incoming.pdf_blocks import lines_by_place

_DPI: Final = 100
_POINTS: Final = 72
_SENTENCE_END = re.compile(r"[.!?:;]$")
_ITEM = re.compile(r"^(?:[-–•·▪●○◦☐☑☒]|\d{1,3}[.)])\s+\S")
_MARK = re.compile(r"^\d{1,3}(?=[.)]\s+\S)")
_NUMBERED = re.compile(r"^\d{1,2}(?:\.\d{1,2})*\.?\s+[A-ZÆØÅ]")
_PAGE_NUMBER = re.compile(r"^(?:side\s*)?\d+(?:\s*(?:av|/|of)\s*\d+)?$", re.IGNORECASE)
_SHORT: Final = 90
_MOST_REPEATED: Final = 3


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
    placed: list[str] = []
    pages = [_page(document, n, limits, draft, placed) for n in range(len(document))]
    if len(document) > limits.pages:
        draft.findings.append(Finding("contents-of-page-dropped", detail=f"{limits.pages} / {len(document)}"))
    repeated = _margins(pages, draft)
    if len(pages) > 1:
        draft.findings.append(Finding("page-breaks-guessed"))
    lines = [line for page in pages for line in [*page, ""] if line not in repeated]
    draft.source = Source(lines=placed)
    for page in pages:
        for line in page:
            # The number before an item becomes the number of an item, which is no word.
            mark = _MARK.match(line)
            draft.source.dropped.update(words_of(line if line in repeated else mark[0] if mark else ""))
    draft.tree = {"blocks": _blocks(lines)}
    title = " ".join(str(document.get_metadata_dict().get("Title") or "").split())
    if title:
        draft.suggested.append(_title(title))
    _first_line_as_title(draft, title)
    return draft


def _page(document: Any, n: int, limits: Limits, draft: Draft, placed: list[str]) -> list[str]:
    """Give the lines of a page, put those of the other reading beside, and draw it; what cannot be read is told of."""
    import pypdfium2

    try:
        page = document[n]
        text = page.get_textpage()
        lines = [" ".join(line.split()) for line in text.get_text_range().replace("\ufffe", "-").splitlines()]
        by_place = lines_by_place(text)
        placed += lines if by_place is None else by_place
        text.close()
        if n < limits.pages:
            draft.pages.append(_drawn(page, n + 1))
        page.close()
    except pypdfium2.PdfiumError:
        draft.findings.append(Finding("part-missing", f"{n + 1}"))
        return []
    if not any(re.search(r"\w", line) for line in lines):
        draft.findings.append(Finding("no-text", f"{n + 1}"))
    return lines


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


def _margins(pages: list[list[str]], draft: Draft) -> set[str]:
    """Find what stands first or last on most pages, or is only a page number; hear what it says of the document."""
    edges: Counter[str] = Counter()
    for page in pages:
        lines = [line for line in page if line]
        edges.update(set(lines[:_MOST_REPEATED] + lines[-_MOST_REPEATED:]))
    repeated = {line for line, count in edges.items() if count > 1 and count * 2 > len(pages) and not _is_said(line)}
    numbers = {
        line
        for page in pages
        for line in [x for x in page if x][:1] + [x for x in page if x][-1:]
        if _PAGE_NUMBER.match(line)
    }
    out = repeated | (numbers if len(pages) > 1 else set())
    for line in sorted(repeated):
        draft.suggested += suggested_in(line, "header")
    for page in pages[:1]:
        for line in page[:12]:
            draft.suggested += suggested_in(line, "body")
    if out:
        draft.findings.append(Finding("header-footer", "header", "\n".join(sorted(out))))
    draft.suggested = each_once(draft.suggested)
    return out


def _is_said(line: str) -> bool:
    # Two pages of doses may both end on "Gi aldri mer enn angitt.": a margin names the document, and says no sentence.
    return line.endswith((".", "!", "?")) or (may_matter(line) and not _PAGE_NUMBER.match(line))


def _blocks(lines: list[str]) -> list[dict[str, Any]]:
    widest = max((len(line) for line in lines), default=0)
    paragraphs: list[str] = []
    for before, line in pairwise(["", *lines]):
        joins = (
            bool(before)
            and bool(line)
            and not _ITEM.match(line)
            and not _NUMBERED.match(line)
            and len(before) > widest * 0.6
            and not (_SENTENCE_END.search(before) and len(before) < widest * 0.85)
        )
        if not line:
            continue
        if joins and paragraphs:
            paragraphs[-1] = f"{paragraphs[-1]} {line}"
        else:
            paragraphs.append(line)
    return [{"t": "Para", "c": _inlines(paragraph)} for paragraph in paragraphs]


def _inlines(text: str) -> list[dict[str, Any]]:
    inlines: list[dict[str, Any]] = []
    for word in text.split():
        inlines += [{"t": "Space"}] * bool(inlines) + [{"t": "Str", "c": word}]
    return inlines


def _first_line_as_title(draft: Draft, title: str) -> None:
    from samrutine.exchange.incoming.inlines import bare

    blocks = draft.tree["blocks"]
    first = bare(blocks[0]["c"]) if blocks else ""
    if first and len(blocks) > 1 and (first == title or (len(first) <= _SHORT and not _SENTENCE_END.search(first))):
        draft.title = first
        draft.tree["blocks"] = blocks[1:]
