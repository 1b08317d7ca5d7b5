"""From bytes to a document, in the process this is called in: which reader a file is for, and what each one gives."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.draft import Draft
from samrutine.exchange.incoming.finishing import finished
from samrutine.exchange.incoming.kinds import kind_of, named_otherwise
from samrutine.exchange.incoming.model import (
    FileKind,
    Finding,
    Incoming,
    Limits,
    NotRead,
    gravest_first,
)

_CHECKED_AT: Final = re.compile(r"/v/[a-z0-9-]+/\d+\.\d+\?\s?kommune=")
_DAMAGED: Final = "own-copy-damaged"


def open_document(data: bytes, name: str, limits: Limits, folder: Path, *, as_anybodys: bool = False) -> Incoming:
    """
    Read a document, here and now. `read_document` does it in a process of its own, where a bad file can do no harm.

    Args:
        folder: An empty folder that the reading may use.
        as_anybodys: Read a Word file of ours as if it were anybody's.

    Raises:
        DocumentRefused: It is nothing that we read, or cannot be read.
    """
    kind = kind_of(data, name, limits)
    try:
        own = None if as_anybodys else _own_copy(data, kind, name)
        if isinstance(own, Incoming):
            return own
        draft = _draft(data, kind, name, limits, folder)
        if own is not None:
            draft.findings.append(own)
        if named_otherwise(kind, name):
            draft.findings.append(Finding("name-and-content-differ", detail=name))
        incoming = finished(draft)
    except RecursionError as error:
        raise DocumentRefused(NotRead("too-deep", name)) from error
    is_told = as_anybodys or any(one.code == _DAMAGED for one in incoming.findings)
    return incoming if is_told or not _says_ours(incoming) else _with(incoming, Finding(_DAMAGED))


def _with(incoming: Incoming, finding: Finding) -> Incoming:
    return replace(incoming, findings=gravest_first([*incoming.findings, finding]))


def _says_ours(incoming: Incoming) -> bool:
    """Tell whether a document says where it can be checked, as each that is printed here does: saved as something else, it says so still."""
    return incoming.own is None and _CHECKED_AT.search(incoming.markdown) is not None


def _own_copy(data: bytes, kind: FileKind, name: str) -> Incoming | Finding | None:
    # The names of an archive's members stand in it as they are.
    if kind not in {FileKind.DOCX, FileKind.DOCM} or b"customXml/" not in data:
        return None
    from samrutine.exchange.incoming.own_copy import own_copy

    return own_copy(data, kind, name)


def _draft(data: bytes, kind: FileKind, name: str, limits: Limits, folder: Path) -> Draft:  # noqa: PLR0911 - a kind each
    # Each reader is imported when a file is for it: a worker that reads Word has no use for pdfium.
    match kind:
        case FileKind.DOCX | FileKind.DOCM:
            from samrutine.exchange.incoming.docx import read_docx

            return read_docx(data, kind, name, limits, folder)
        case FileKind.ODT:
            from samrutine.exchange.incoming.odt import read_odt

            return read_odt(data, name, limits, folder)
        case FileKind.RTF:
            from samrutine.exchange.incoming.rtf import read_rtf

            return read_rtf(data, name, limits, folder)
        case FileKind.HTML:
            from samrutine.exchange.incoming.html import read_html

            return read_html(data, name, limits, folder)
        case FileKind.MARKDOWN:
            from samrutine.exchange.incoming.plain import read_markdown

            return read_markdown(data, name, limits, folder)
        case FileKind.TEXT:
            from samrutine.exchange.incoming.plain import read_text

            return read_text(data, name)
        case FileKind.DOC:
            from samrutine.exchange.incoming.doc import read_doc

            return read_doc(data, name, limits, folder)
        case FileKind.PDF:
            from samrutine.exchange.incoming.pdf import read_pdf

            return read_pdf(data, name, limits, folder)
