"""The one way in: bytes of a document, and what it holds."""

import tempfile
from pathlib import Path

from samrutine.exchange.incoming.model import Incoming, Limits
from samrutine.exchange.incoming.opening import open_document

_LIMITS = Limits()


def read_document(data: bytes, name: str, limits: Limits = _LIMITS) -> Incoming:
    """Read a document."""
    with tempfile.TemporaryDirectory() as folder:
        return open_document(data, name, limits, Path(folder))
