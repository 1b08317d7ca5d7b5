"""A Word file that comes from somebody, opened as every document in is: bounded, never followed out, never with a DTD."""

from typing import Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.archive import Archive
from samrutine.exchange.incoming.model import Limits, NotRead
from samrutine.exchange.incoming.word_package import WordPackage

_DEFAULT_LIMITS: Final = Limits()
_MIB: Final = 1024 * 1024


def opened(data: bytes, name: str, limits: Limits = _DEFAULT_LIMITS) -> WordPackage:
    """
    Open a Word file.

    Raises:
        DocumentRefused: It is no Word file, or one that must not be opened.
    """
    if not data:
        raise DocumentRefused(NotRead("empty", name))
    if len(data) > limits.file_mib * _MIB:
        raise DocumentRefused(NotRead("too-large", name))
    if not data.startswith(b"PK"):
        raise DocumentRefused(NotRead("unknown", name))
    archive = Archive(data, name, limits)
    if archive.find("[Content_Types].xml") is None:
        raise DocumentRefused(NotRead("archive", name))
    return WordPackage(archive, name)
