"""
The parts of Whoosh that the engine uses, imported quietly and quickly; and what Whoosh lacks.

Whoosh 2.7.4 is from 2016. On its first import newer Pythons warn about its source (where bytecode is not written: on
each), and it imports urllib's HTTP client for a helper that nobody calls, half of its import time. Both are dealt with
here and nowhere else; the engine is the only one that imports this module.

Of our own there is a field that is written with the weight of each word (`Weighted`), and a reader that takes all of a
word's places at once (`places`), since Whoosh's own walk costs a Python call for every place and every weight.
"""

import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import accumulate
from types import ModuleType
from typing import Any

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
    from whoosh.codec.whoosh3 import W3LeafMatcher  # type: ignore[import-untyped, unused-ignore]
    from whoosh.columns import RefBytesColumn  # type: ignore[import-untyped, unused-ignore]
    from whoosh.fields import COLUMN, ID, STORED, FieldType, Schema  # type: ignore[import-untyped, unused-ignore]
    from whoosh.filedb.filestore import FileStorage  # type: ignore[import-untyped, unused-ignore]
    from whoosh.formats import Existence  # type: ignore[import-untyped, unused-ignore]
    from whoosh.index import EmptyIndexError, FileIndex, LockError  # type: ignore[import-untyped, unused-ignore]

    # Imported by the first search otherwise, and then they warn there.
    for _name in ("whoosh.reading", "whoosh.searching"):
        import_module(_name)


def load_writing() -> None:
    """Import what only a writer needs; a search from the shell does without."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        import_module("whoosh.filedb.compound")
        import_module("whoosh.writing")


class Weighted(FieldType):  # type: ignore[misc, unused-ignore]
    """A field whose value is a mapping from key to weight; the weights are kept as they are given."""

    def __init__(self) -> None:
        self.format = Existence()
        self.analyzer = None
        self.scorable = False
        self.stored = False
        self.unique = False
        self.vector = None

    def index(self, value: Mapping[str, float], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Give Whoosh what it writes for each key."""
        for key, weight in value.items():
            yield key.encode("utf-8"), 1, float(weight), b""


def places(reader: Any, name: str, key: bytes) -> tuple[Sequence[int], Sequence[float]]:
    """
    Give the documents of one segment that have a key in a field, and the weight of each; deleted ones are among them.

    None for a key that the segment has not.
    """
    if (name, key) not in reader:
        return (), ()
    # `postings` would wrap what it gives to leave out deleted documents one by one.
    matcher = reader._terms.matcher(name, key, reader.schema[name].format)  # noqa: SLF001  see above
    numbers: list[int] = []
    weights: list[float] = []
    if not isinstance(matcher, W3LeafMatcher):  # a single place stands beside the word itself
        while matcher.is_active():
            numbers.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
        return numbers, weights
    while not matcher._atend:  # noqa: SLF001  a block at a time
        matcher._read_data()  # noqa: SLF001
        gaps, own, _ = matcher._data  # noqa: SLF001
        numbers.extend(accumulate(gaps))
        weights.extend((1.0,) * len(gaps) if own is None else (own,) * len(gaps) if isinstance(own, float) else own)
        matcher._next_block()  # noqa: SLF001
    return numbers, weights


__all__ = [
    "COLUMN",
    "ID",
    "STORED",
    "EmptyIndexError",
    "FileIndex",
    "FileStorage",
    "LockError",
    "RefBytesColumn",
    "Schema",
    "Weighted",
    "load_writing",
    "places",
]
