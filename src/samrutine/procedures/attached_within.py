"""
What lies within a file that belongs to a text: programs, what is fetched from elsewhere, and what looks like a person.

Files are read as those who open them read them: XML by its own parser and by names without prefixes, a PDF with what it
packs. What cannot be looked through is not let in.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Final
from xml.parsers import expat

from samrutine.procedures.findings import NOT_KEPT
from samrutine.procedures.personal_data import PersonalData, personal_data

_RUN: Final = frozenset({"script", "foreignobject", "iframe", "embed", "object", "handler", "listener", "set"})
_ESCAPED: Final = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\n]?|(.))")
_FETCHED: Final = re.compile(r"url\(\s*[\"']?\s*(?!#)|@import|javascript:|expression\(", re.IGNORECASE)
_WITHIN: Final = re.compile(r"\s*(?:#|data:image/(?:png|jpeg);)", re.IGNORECASE)
_LINKS: Final = frozenset({"href", "src", "from", "to", "values", "by"})
_UTF_8: Final = frozenset({None, "utf-8", "us-ascii", "ascii"})

_STREAM: Final = re.compile(rb"(?<!end)stream\r?\n")
_PACKED_OBJECTS: Final = re.compile(rb"/ObjStm\b|/First\b")
_PDF_PROGRAMS: Final = re.compile(rb"/(?:JavaScript|Launch)\b|/JS(?:\s*[(<%]|\s+\d+\s)")
"""A name so short as `/JS` stands by chance in what is packed, so what must follow it is asked for: a text, or where it stands."""
_HEX: Final = re.compile(rb"#([0-9a-fA-F]{2})")
_LONGEST_HEAD: Final = 4000
_MOST_TIMES_READ: Final = 4
_MOST_UNPACKED: Final = 64 * 1024 * 1024

_NEVER: Final = ("/oleobject", "/vbaproject", "/control", "/activexcontrolbinary")
_NOT_FROM_ELSEWHERE: Final = ("/frame", "/subdocument", "/package")
_OWN_DISK: Final = re.compile(r"(?:file:///)?[A-Za-z]:[^:]*|[^:/\\]+")
_LONGEST_PART: Final = 32 * 1024 * 1024
_WORDS: Final = re.compile(r"(?:word/.*|ppt/(?:slides|notesSlides)/.*|content|styles)\.xml", re.IGNORECASE)
_CELLS: Final = re.compile(r"xl/(?:sharedStrings|worksheets/.*)\.xml", re.IGNORECASE)
_PART: Final = re.compile(r"/(header|footer|footnotes|endnotes|comments|slide|notesslide)\d*\.xml$")
_ENDS: Final = re.compile(r"</(?:\w+:)?(?:p|h|si|c|tc|table-cell|row)>|<(?:\w+:)?(?:br|tab|line-break|tab)\b[^<>]*>")
_TAG: Final = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class PersonNamed:
    """
    What a file holds that is some person's, and where. Never what it says.

    Attributes:
        part: "header", "footer", "footnotes", "endnotes", "comments", "slide", "notesslide" or "cells"; "" for the text itself.
        line: Which line or paragraph with words it is in that part, from 1; 0 in cells.
    """

    what: PersonalData
    part: str = ""
    line: int = 0


def svg_has_program(data: bytes) -> bool:
    """Whether a drawing holds something that runs or is fetched, by whatever prefix; or is not well formed."""
    found: list[bool] = []
    parser = expat.ParserCreate(namespace_separator="\n")

    def began(name: str, attributes: Mapping[str, str]) -> None:
        local = name.rpartition("\n")[2].casefold()
        found.append(local in _RUN or local.startswith("animate") or any(map(_runs, attributes.items())))

    def declared(_version: str, encoding: str | None, _alone: int) -> None:
        found.append((encoding.casefold() if encoding else None) not in _UTF_8)

    def never(*_: object) -> None:
        found.append(True)

    parser.StartElementHandler, parser.XmlDeclHandler = began, declared
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ProcessingInstructionHandler = never
    text: list[str] = []
    parser.CharacterDataHandler = text.append
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return True
    return any(found) or _FETCHED.search(_unescaped("".join(text))) is not None


def _runs(attribute: tuple[str, str]) -> bool:
    name, value = attribute[0].rpartition("\n")[2].casefold(), attribute[1]
    if name.startswith("on") or _FETCHED.search(_unescaped(value)):
        return True
    return name in {"href", "src"} and _WITHIN.match(value) is None


def _unescaped(style: str) -> str:
    """Give a style without its escapes, with which «url(» may be written in other letters."""

    def plain(match: re.Match[str]) -> str:
        return chr(min(int(match[1], 16), 0x10FFFF)) if match[1] else match[2]

    return _ESCAPED.sub(plain, style)


def pdf_has_program(data: bytes) -> bool | None:
    """Whether a PDF holds something that runs, also where it packs its objects; None where that cannot be looked through."""
    if _PDF_PROGRAMS.search(_plain_names(data)):
        return True
    # What is unpacked, and what is read for it: streams within streams would else be read over and over.
    left, unread = _MOST_UNPACKED, _MOST_TIMES_READ * len(data)
    for stream in _STREAM.finditer(data):
        begin = data.rfind(b"obj", max(0, stream.start() - _LONGEST_HEAD), stream.start())
        head = _plain_names(data[max(begin, 0, stream.start() - _LONGEST_HEAD) : stream.start()])
        if begin < 0 and not head.rstrip().endswith(b">>"):
            continue
        if begin >= 0 and (_PACKED_OBJECTS.search(head) is None or b"/Filter" not in head):
            continue
        end = data.find(b"endstream", stream.end())
        unread -= end - stream.end()
        objects = _unpacked(head, data[stream.end() : end], left) if begin >= 0 and end >= 0 and unread >= 0 else b""
        left -= len(objects)
        if not objects or left <= 0:
            return None
        if _PDF_PROGRAMS.search(_plain_names(objects)):
            return True
    return False


def _unpacked(head: bytes, data: bytes, most: int) -> bytes:
    """Unpack objects that are packed in the one way that is used for them; nothing when it is another."""
    if b"/Predictor" in head or head.count(b"Decode") - head.count(b"/DecodeParms") != 1 or b"/FlateDecode" not in head:
        return b""
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return b""


def _plain_names(data: bytes) -> bytes:
    return _HEX.sub(lambda match: bytes.fromhex(match[1].decode()), data)


def office_has_program(packed: zipfile.ZipFile) -> bool:
    """Whether a document of Word, Excel or PowerPoint holds objects that run, or gets a template or a part from elsewhere."""
    return any(
        _is_run(attributes)
        for one in packed.infolist()
        if one.filename.casefold().endswith(".rels")
        for attributes in _relations(_read(packed, one))
    )


def _relations(data: bytes) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate(namespace_separator="\n")

    def began(_name: str, attributes: dict[str, str]) -> None:
        found.append(attributes)

    parser.StartElementHandler = began
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(str(error.code)) from error
    return found


def _is_run(relation: Mapping[str, str]) -> bool:
    kind = relation.get("Type", "").casefold()
    if kind.endswith(_NEVER):
        return True
    if relation.get("TargetMode", "").casefold() != "external":
        return False
    if kind.endswith("/attachedtemplate"):
        # A template on one's own disk is where nearly every document of a municipality comes from.
        return _OWN_DISK.fullmatch(relation.get("Target", "")) is None
    return kind.endswith(_NOT_FROM_ELSEWHERE)


def persons_named(kind: str, data: bytes) -> tuple[PersonNamed, ...]:
    """
    Say what the words of a file hold that no text of the library may hold, and where.

    A picture is not looked through, and a PDF only by whoever can read it: see `persons_in_words`.
    """
    return tuple(
        PersonNamed(found.what, "cells" if is_cell else part, 0 if is_cell else _count_of_lines(words, found.line))
        for words, part, is_cell in _words(kind, data)
        for found in personal_data(words)
        if found.what in NOT_KEPT and (found.what is PersonalData.NATIONAL_ID or not is_cell)
    )


def persons_in_words(words: str) -> tuple[PersonNamed, ...]:
    """Say what words that were read of a file hold that no text of the library may hold, and in which line."""
    return tuple(
        PersonNamed(found.what, "", _count_of_lines(words, found.line))
        for found in personal_data(words)
        if found.what in NOT_KEPT
    )


def _count_of_lines(words: str, line: int) -> int:
    """Count the lines that have words, up to a line and with it: empty ones are between all paragraphs."""
    return sum(1 for one in words.split("\n")[:line] if one.strip())


def _words(kind: str, data: bytes) -> Iterator[tuple[str, str, bool]]:
    """Give the words of a file, what part they are, and whether they are cells of a sheet: there any eight digits are but a number."""
    if kind in {"text/plain", "text/csv"}:
        yield data.decode("utf-8-sig"), "", False
    elif kind == "image/svg+xml":
        yield _seen(data), "", False
    elif "officedocument" in kind or "opendocument" in kind:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for one in packed.infolist():
                is_cell = _CELLS.fullmatch(one.filename) is not None or "spreadsheet" in kind
                if is_cell or _WORDS.fullmatch(one.filename):
                    named = _PART.search(one.filename.casefold())
                    said = _seen(_read(packed, one)) if one.filename.casefold().endswith(".xml") else ""
                    yield said, named[1] if named else "", is_cell


def _seen(data: bytes) -> str:
    text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", "replace")
    return unescape(_TAG.sub("", _ENDS.sub("\n\n", text)))


def _read(packed: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    if one.file_size > _LONGEST_PART:
        raise ValueError(one.filename)
    return packed.read(one)
