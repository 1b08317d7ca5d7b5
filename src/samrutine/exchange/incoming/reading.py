"""The one way in: bytes of a document, and what it holds."""

from pathlib import Path

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.docx import read_docx
from samrutine.exchange.incoming.finishing import finished
from samrutine.exchange.incoming.kinds import kind_of, named_otherwise
from samrutine.exchange.incoming.model import FileKind, Finding, Incoming, Limits, NotRead

_LIMITS = Limits()


def read_document(data: bytes, name: str, limits: Limits = _LIMITS) -> Incoming:
    """Read a document."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        kind = kind_of(data, name, limits)
        if kind not in {FileKind.DOCX, FileKind.DOCM}:
            raise DocumentRefused(NotRead("unknown", name))
        draft = read_docx(data, kind, name, limits, Path(folder))
        if named_otherwise(kind, name):
            draft.findings.append(Finding("name-and-content-differ", detail=name))
        return finished(draft)
