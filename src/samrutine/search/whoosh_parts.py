"""
The parts of Whoosh that the engine uses, imported quietly and quickly.

Whoosh 2.7.4 is from 2016. On its first import newer Pythons warn about its source (where bytecode is not written: on
each), and it imports urllib's HTTP client for a helper that nobody calls, half of its import time. Both are dealt with
here and nowhere else; the engine is the only one that imports this module.
"""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

_HTTP = "urllib.request"


class _Later(ModuleType):
    """Stands in for urllib.request until somebody wants something of it, and then is the real one."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(_HTTP) is self:
            del sys.modules[_HTTP]
        import urllib.request

        return getattr(urllib.request, name)


def _urlretrieve(*arguments: object, **options: object) -> object:
    return import_module(_HTTP).urlretrieve(*arguments, **options)


@contextmanager
def _without_http_client() -> Iterator[None]:
    """Let ``from urllib.request import urlretrieve`` be answered without loading the HTTP client."""
    if _HTTP in sys.modules:
        yield
        return
    later = _Later(_HTTP)
    later.__dict__["urlretrieve"] = _urlretrieve
    sys.modules[_HTTP] = later
    try:
        yield
    finally:
        if sys.modules.get(_HTTP) is later:
            del sys.modules[_HTTP]


with warnings.catch_warnings(), _without_http_client():
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    from whoosh.columns import RefBytesColumn  # type: ignore[import-untyped, unused-ignore]
    from whoosh.fields import COLUMN, ID, KEYWORD, STORED, Schema  # type: ignore[import-untyped, unused-ignore]
    from whoosh.filedb.filestore import FileStorage  # type: ignore[import-untyped, unused-ignore]
    from whoosh.index import EmptyIndexError, FileIndex, LockError  # type: ignore[import-untyped, unused-ignore]

    # Imported by the first search otherwise, and then they warn there.
    for _name in ("whoosh.codec.whoosh3", "whoosh.reading", "whoosh.searching"):
        import_module(_name)


def load_writing() -> None:
    """Import what only a writer needs; a search from the shell does without."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        import_module("whoosh.filedb.compound")
        import_module("whoosh.writing")


__all__ = [
    "COLUMN",
    "ID",
    "KEYWORD",
    "STORED",
    "EmptyIndexError",
    "FileIndex",
    "FileStorage",
    "LockError",
    "RefBytesColumn",
    "Schema",
    "load_writing",
]
