"""
The parts of Whoosh that the engine uses, imported quietly and quickly; and what Whoosh lacks.

Whoosh 2.7.4 is from 2016. On its first import newer Pythons warn about its source (where bytecode is not written: on
each), and it imports urllib's HTTP client for a helper that nobody calls, half of its import time. Both are dealt with
here and nowhere else; the engine is the only one that imports this module.

Of our own there is a field that is written with the weight of each word (`Weighted`); a reader of a part of the index
that reads what is asked for and no more (`Part`), since Whoosh's copies all of it into memory each time; and one that
takes all of a word's places at once (`places`), since Whoosh's own walk costs a Python call for every place and every
weight. `merged_when_many` says when small parts become one, and joins them by way of these.
"""

import os
import sys
import warnings
import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from pickle import load, loads
from struct import Struct
from types import ModuleType
from typing import Any, Final

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
    from whoosh.codec.whoosh3 import W3Codec, W3TermInfo  # type: ignore[import-untyped, unused-ignore]
    from whoosh.columns import RefBytesColumn, VarBytesColumn  # type: ignore[import-untyped, unused-ignore]
    from whoosh.fields import COLUMN, ID, STORED, FieldType, Schema  # type: ignore[import-untyped, unused-ignore]
    from whoosh.filedb.compound import CompoundStorage  # type: ignore[import-untyped, unused-ignore]
    from whoosh.filedb.filestore import FileStorage  # type: ignore[import-untyped, unused-ignore]
    from whoosh.filedb.structfile import StructFile  # type: ignore[import-untyped, unused-ignore]
    from whoosh.formats import Existence  # type: ignore[import-untyped, unused-ignore]
    from whoosh.index import TOC, EmptyIndexError, FileIndex, LockError  # type: ignore[import-untyped, unused-ignore]
    from whoosh.reading import SegmentReader  # type: ignore[import-untyped, unused-ignore]

_INDEX: Final = "MAIN"
# What is read at once: a few words and what is known of them.
_WINDOW: Final = 4096


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


class _Handle:
    """An open file, read at places; closed with the last that reads it, or before."""

    number = -1  # where there is no such file, there is nothing to close

    def __init__(self, path: Path) -> None:
        self.number = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))

    def close(self) -> None:
        """Close it; a second time does nothing."""
        number, self.number = self.number, -1
        if number >= 0:
            os.close(number)

    __del__ = close


class _Slice(StructFile):  # type: ignore[misc, unused-ignore]
    """
    A file inside a file, of which only what is asked for is read.

    Whoosh copies the whole into memory for each opening. A memory map would need no copy, yet a file that is cut short
    while it is mapped ends the process; read like this, it gives too few bytes, and that is an error like any other.
    """

    def __init__(self, handle: _Handle, start: int, length: int, name: str) -> None:
        self._handle, self._start, self._length, self._name = handle, start, length, name
        self._at = self._window_at = 0
        self._window = b""
        self.file = self
        self.onclose = None
        self.is_real = self.is_closed = False

    def get(self, position: int, length: int) -> bytes:
        """Give the bytes at a place; fewer at the end."""
        inside = position - self._window_at
        if inside >= 0 and inside + length <= len(self._window):
            return self._window[inside : inside + length]
        if position < 0:
            raise ValueError(position)
        left = max(0, self._length - position)
        if length >= _WINDOW:
            return os.pread(self._handle.number, min(length, left), self._start + position)
        self._window = os.pread(self._handle.number, min(_WINDOW, left), self._start + position)
        self._window_at = position
        return self._window[:length]

    def get_array(self, position: int, typecode: str, length: int) -> Any:
        """Give numbers that stand there one after the other."""
        self.seek(position)
        return self.read_array(typecode, length)

    def seek(self, where: int, whence: int = 0) -> None:
        """Move, from the start or from here."""
        self._at = self._at + where if whence else where

    def tell(self) -> int:
        """Say where we are."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Give the bytes from here on, and move."""
        data = self.get(self._at, self._length - self._at if size < 0 else size)
        self._at += len(data)
        return data

    def readline(self, _: int = -1) -> bytes:
        """Give the bytes until the end of a line, and move."""
        data = self.get(self._at, max(0, self._length - self._at))
        line = data[: data.find(b"\n") + 1] or data
        self._at += len(line)
        return line

    def close(self) -> None:
        """Do nothing to the file, which others read too."""
        self.is_closed = True


class _Compound(CompoundStorage):  # type: ignore[misc, unused-ignore]
    """The one file of a part of the index, and those in it."""

    def __init__(self, path: Path) -> None:
        self._handle = _Handle(path)
        self._name = path.name
        whole = _Slice(self._handle, 0, os.fstat(self._handle.number).st_size, path.name)
        place, _ = whole.read_long(), whole.read_int()
        whole.seek(place)
        self._dir = whole.read_pickle()
        self._locks: dict[str, object] = {}
        self.is_closed = False

    def open_file(self, name: str, *_: object, **__: object) -> _Slice:
        """Open one of them."""
        start, length = self.range(name)
        return _Slice(self._handle, start, length, name)

    def close(self) -> None:
        """Close them all."""
        self._handle.close()
        self.is_closed = True


class Part(SegmentReader):  # type: ignore[misc, unused-ignore]
    """Reads a part of the index (a segment), as Whoosh's own does."""

    def __init__(self, folder: Path, schema: Any, segment: Any) -> None:
        self.schema = schema
        self.is_closed = False
        self._segment = segment
        self._segid = segment.segment_id()
        self._gen = None
        self._storage = _Compound(folder / segment.make_filename(segment.COMPOUND_EXT))
        self._codec = segment.codec()
        self._terms = self._codec.terms_reader(self._storage, segment)
        self._perdoc = self._codec.per_document_reader(self._storage, segment)

    def places(self, name: str, key: bytes) -> tuple[Sequence[int], Sequence[float]]:
        """Give the documents that have a key in a field, and the weight of each; deleted ones are among them."""
        terms = self._terms
        if name not in terms._fieldmap:  # noqa: SLF001
            return (), ()
        for place, length in terms._tindex.ranges_for_key(terms._keycoder(name, key)):  # noqa: SLF001
            return self._at(terms._dbfile.get(place, length))  # noqa: SLF001
        return (), ()

    def _at(self, info: bytes) -> tuple[Sequence[int], Sequence[float]]:
        offset, length = _EXTENT.unpack_from(info, W3TermInfo._struct.size)  # noqa: SLF001
        return _places(self._terms._postfile.get(offset, length))  # noqa: SLF001

    def pointers(self, name: str) -> tuple[Sequence[int], list[bytes]]:
        """Give a column of few different values: where each document's stands in the list, and the list."""
        if not self._perdoc.has_column(name):
            return (0,) * self.doc_count_all(), [b""]
        file, _, length = self._perdoc._get_column_file(name)  # noqa: SLF001
        data = file.get(0, length)
        pointers = array(chr(data[-1]))
        if pointers.typecode not in "BH":
            raise ValueError(pointers.typecode)
        at = self.doc_count_all() * pointers.itemsize
        pointers.frombytes(data[:at])
        if sys.byteorder == "little":
            pointers.byteswap()
        count, at = _number(data, at)
        values = []
        for _ in range(count):
            size, at = data[at], at + 1
            if size > _SEVEN_BITS:
                more, at = _number(data, at)
                size += (more - 1) << 7
            values.append(data[at : at + size])
            at += size
        return pointers, values

    def rows(self, name: str) -> tuple[bytes, Sequence[int]]:
        """Give a column of bytes: all of them, one after the other, and how long each document's are."""
        if not self._perdoc.has_column(name):
            return b"", (0,) * self.doc_count_all()
        lengths = self.column_reader(name, translate=False)._lengths  # noqa: SLF001
        whole = sum(lengths)
        data: bytes = self._perdoc._get_column_file(name)[0].get(0, whole)  # noqa: SLF001
        if len(data) != whole:
            raise ValueError(whole)
        return data, lengths

    def beginning(self, name: str, prefix: str) -> Iterator[tuple[str, int]]:
        """Give the keys of a field that begin so, in order, each with how many documents have it; deleted ones count."""
        terms = self._terms
        if name not in terms._fieldmap:  # noqa: SLF001
            return
        start = terms._keycoder(name, prefix.encode("utf-8"))  # noqa: SLF001
        for key, info in terms._tindex.items_from(start):  # noqa: SLF001
            if not key.startswith(start):
                return
            yield terms._keydecoder(key)[1].decode("utf-8"), _COUNT.unpack_from(info, _COUNT_AT)[0]  # noqa: SLF001

    def all_places(self) -> Iterator[tuple[str, bytes, Sequence[int], Sequence[float]]]:
        """Give every key of every field with its documents and weights, in the order they are written in."""
        decoded = self._terms._keydecoder  # noqa: SLF001
        for key, info in self._terms._tindex.items():  # noqa: SLF001
            yield (*decoded(key), *self._at(info))


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, the lowest first, and say where it ends."""
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & _SEVEN_BITS) << shift
        if byte <= _SEVEN_BITS:
            return number, at
        shift += 7


_SEVEN_BITS: Final = 0x7F
_EXTENT: Final = Struct("!qi")
# How many documents have a word, in what Whoosh writes of it: after a flag and its whole weight.
_COUNT: Final = Struct("!I")
_COUNT_AT: Final = Struct("!Bf").size
_LENGTH: Final = Struct("!i")
_MAGIC: Final = b"W3Bl"


def _places(data: bytes) -> tuple[Sequence[int], Sequence[float]]:
    """Read the places of a word as Whoosh writes them: blocks, each after its length and what is known of it."""
    if data[: len(_MAGIC)] != _MAGIC:
        raise ValueError(data[: len(_MAGIC)])
    numbers: list[int] = []
    weights: list[float] = []
    file = BytesIO(data)
    end, last = len(_MAGIC), False
    while not last:
        (length,) = _LENGTH.unpack_from(data, end)
        last = length < 0
        file.seek(end + _LENGTH.size)
        end += _LENGTH.size + abs(length)
        packed = load(file)[3]  # noqa: S301  our own file
        block = data[file.tell() : end]
        gaps, own, _ = loads(zlib.decompress(block) if packed else block)  # noqa: S301
        numbers.extend(accumulate(gaps))
        weights.extend((1.0,) * len(gaps) if own is None else (own,) * len(gaps) if isinstance(own, float) else own)
    return numbers, weights


def generation_in(folder: Path) -> int:
    """
    Say which commit of an index is the newest.

    Raises:
        EmptyIndexError: There is none.
    """
    newest = -1
    for name in os.listdir(folder):  # noqa: PTH208  asked at every search; a path for each name costs ten times more
        if name.startswith(_TABLE) and name.endswith(".toc"):
            number = name[len(_TABLE) : -4]
            newest = max(newest, int(number)) if number.isdigit() else newest
    if newest < 0:
        raise EmptyIndexError(folder.name)
    return newest


_TABLE: Final = f"_{_INDEX}_"


def segments_in(folder: Path, generation: int, schema: Any) -> list[Any]:
    """Give the parts of the index at a commit, with what was taken out of each."""
    return list(TOC.read(FileStorage(str(folder)), _INDEX, generation, schema).segments)


def codec(*, few: bool) -> Any:
    """
    Give the form that a part of the index is written in.

    Few words pack badly and are soon joined with others, so packing them is time lost. Lengths of texts are in the
    weights already; Whoosh would ask for each word of each text whether it has one.
    """
    form = W3Codec(compression=0) if few else W3Codec(blocklimit=_MANY)
    form.length_stats = False
    return form


_MANY: Final = 1024


def merged_when_many(folder: Path, *, most: int, small: int) -> Callable[[Any, list[Any]], list[Any]]:
    """
    Give a policy for a writer: when there are more than `most` parts with at most `small` documents, make them one.

    Whoosh's own joins five, and what was joined again and again, which a person waits for: most of the time goes to
    walking over the words one at a time.
    """

    def policy(writer: Any, segments: list[Any]) -> list[Any]:
        few = [one for one in segments if one.doc_count_all() <= small]
        if len(few) <= most:
            return segments
        for one in few:
            part = Part(folder, writer.schema, one)
            _take_over(writer, part, frozenset(one.deleted_docs()))
            part.close()
        return [one for one in segments if one not in few]

    return policy


def _take_over(writer: Any, part: Part, gone: frozenset[int]) -> None:
    """Write what a part of the index has into the one being written."""
    columns = {
        name: part.column_reader(name, translate=False)
        for name, kind in writer.schema.items()
        if kind.column_type and part.has_column(name)
    }
    written: dict[int, int] = {}
    documents = writer.perdocwriter
    for number in range(part.doc_count_all()):
        if number in gone:
            continue
        written[number] = writer.docnum
        documents.start_doc(writer.docnum)
        for name, value in part.stored_fields(number).items():
            documents.add_field(name, writer.schema[name], value, 0)
        for name, column in columns.items():
            documents.add_column_value(name, writer.schema[name].column_type, column[number])
        documents.finish_doc()
        writer.docnum += 1
    add = writer.pool.add
    for name, key, numbers, weights in part.all_places():
        for number, weight in zip(numbers, weights, strict=True):
            if number in written:
                add((name, key, written[number], weight, b""))
    writer._added = True  # noqa: SLF001  as `add_document` says it


__all__ = [
    "COLUMN",
    "ID",
    "STORED",
    "EmptyIndexError",
    "FileIndex",
    "FileStorage",
    "LockError",
    "Part",
    "RefBytesColumn",
    "Schema",
    "VarBytesColumn",
    "Weighted",
    "codec",
    "generation_in",
    "load_writing",
    "merged_when_many",
    "segments_in",
]
