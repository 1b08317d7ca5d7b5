"""
Any folder of Markdown as the product's own texts: what benches of search read.

A file that the product can read, it reads. Of any other as much as can be understood is kept: the title from its head,
else its first heading, else its file name. No file is lost, also not one that is empty, broken or of megabytes.
"""

import hashlib
import os
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from samrutine.errors import InvalidText
from samrutine.networks.library_files import FILES, read_library
from samrutine.networks.model import NetworkId
from samrutine.procedures.bounds import FORBIDDEN, LARGEST, out_of_bounds
from samrutine.procedures.model import (
    Digest,
    FrontMatter,
    Kind,
    Language,
    ProcedureId,
    ProcedureText,
    VersionNumber,
    slug_of,
)
from samrutine.procedures.text import read
from samrutine.search.engine import Engine
from samrutine.search.meanings import Meanings
from samrutine.search.model import SectionEntry
from samrutine.search.service import entries_of

MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdwn"})
VERSION = VersionNumber(1, 0)
NETWORK = NetworkId("alle")

# How much of a text past the product's bounds is one section: as much as a long chapter.
_PIECE = 20_000
_LONGEST_TITLE = 300
_OURS = tuple(re.compile(rf"(?m)^{key}:") for key in ("id", "title", "kind", "language", "network"))
_FRONT = re.compile(
    r"\A(?P<fence>---|\+\+\+)[ \t]*\n(?P<head>(?:.*?\n)??)(?:(?P=fence)|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL
)
_KEY = re.compile(r"([^\W\d][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*))?$")
_HEADING = re.compile(r"(?m)^ {0,3}(#{1,6})[ \t]+(.*)$")
_UNDERLINED = re.compile(r"(?m)^(?! {4}|[ \t]*$|[#>|*+-])(.+)\n {0,3}(=+|-+)[ \t]*$")
_FENCED = re.compile(r"(?ms)^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)")


@dataclass(frozen=True, slots=True)
class File:
    """A file of the folder: its path there, with slashes, and what search keeps of it; one entry at least."""

    path: str
    procedure_id: ProcedureId
    entries: tuple[SectionEntry, ...]


def files_in(folder: Path) -> Iterator[File]:
    """Read every Markdown file below `folder`, by path; the same folder gives the same each time."""
    found = [
        Path(place, name)
        for place, _, names in os.walk(folder)
        for name in names
        if Path(name).suffix.lower() in MARKDOWN and Path(place, name).is_file()
    ]
    for path in sorted(found):
        yield file_of(path.relative_to(folder).as_posix(), path.read_bytes())


def file_of(path: str, data: bytes) -> File:
    """Read one file. The id is made of the path: two files of one name, or of one text, are two procedures."""
    where = path.encode("utf-8", "surrogateescape")
    stem = slug_of(Path(path).stem.encode("utf-8", "replace").decode())[:60].strip("-")
    identity = ProcedureId(f"{stem}-{hashlib.sha256(where).hexdigest()[:12]}")
    digest = Digest(f"1:{hashlib.sha256(where + b'/' + data).hexdigest()}")
    text = _as_the_product_reads(data) or _as_far_as_it_goes(path, data)
    return File(path, identity, _entries(identity, digest, text))


def _as_the_product_reads(data: bytes) -> ProcedureText | None:
    # YAML by the product's rules takes twenty milliseconds a file, so only heads that may be ours are given to it.
    head = data[:65_536].decode("utf-8", "replace")
    if not head.lstrip("\ufeff").startswith("---") or not all(key.search(head) for key in _OURS):
        return None
    try:
        return read(data, "file")
    except InvalidText:
        return None


def _as_far_as_it_goes(path: str, data: bytes) -> ProcedureText:
    head, body = _divided(_decoded(data))
    title = " ".join(_of(head, "title", "tittel")[:1])[:_LONGEST_TITLE]
    first = _first_heading(body)
    if first is not None:
        found, start, end = first
        at_the_top = not body[:start].strip()
        if not title or (at_the_top and found.casefold() == title.casefold()):
            title = title or found
            # The product has its title in the head and no heading for it: what follows is the introduction.
            if at_the_top:
                body = body[end:]
    title = title or re.sub(r"[-_\s]+", " ", Path(path).stem).strip() or path
    front = FrontMatter(
        ProcedureId("fil"), title, _kind(head.get("kind")), _language(head.get("language") or head.get("lang")), NETWORK,
        subjects=_of(head, "subjects", "tags", "keywords", "categories"), audience=_of(head, "audience"),
        also_called=_of(head, "also_called", "aliases"),
    )  # fmt: skip
    body = body.strip("\n")
    return ProcedureText(front, f"{body}\n" if body.strip() else "")


def _decoded(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            # One bad line must not spoil the letters of the others.
            text = "\n".join(_line(line) for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", FORBIDDEN.sub(" ", text))


def _line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _divided(text: str) -> tuple[Mapping[str, Any], str]:
    """Take the head from the body. A head that is never closed is words like others."""
    found = _FRONT.match(text)
    if found is None:
        return {}, text
    body = text[found.end() :]
    if found["fence"] == "+++":
        try:
            return tomllib.loads(found["head"]), body
        except tomllib.TOMLDecodeError:
            return {}, text
    head = _loose(found["head"])
    # Between two rules of a text without a head stand words, not keys.
    return (head, body) if head or not found["head"].strip() else ({}, text)


def _loose(head: str) -> dict[str, Any]:
    """Read `key: value`, and lists in the two ways of YAML, whatever else is wrong with the head."""
    found: dict[str, Any] = {}
    key = ""
    for line in head.split("\n"):
        match = _KEY.match(line)
        if match:
            key, value = match[1].lower(), (match[2] or "").strip()
            if value.startswith("[") and value.endswith("]"):
                found[key] = [_unquoted(item) for item in value[1:-1].split(",") if item.strip()]
            else:
                found[key] = "" if value in {"|", ">", "|-", ">-", "|+", ">+"} else _unquoted(value)
        elif key and line.lstrip().startswith("- "):
            before = found[key] if isinstance(found[key], list) else []
            found[key] = [*before, _unquoted(line.lstrip()[2:])]
        elif key and line[:1].isspace() and line.strip() and isinstance(found[key], str):
            found[key] = f"{found[key]} {line.strip()}".strip()
    return found


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].strip()
    return value.partition(" #")[0].rstrip()


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(text for one in value for text in _texts(one))
    return (str(value).strip(),) if value is not None and not isinstance(value, dict) and str(value).strip() else ()


def _of(head: Mapping[str, Any], *keys: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for key in keys for text in _texts(head.get(key))))


def _kind(value: object) -> Kind:
    return Kind(str(value)) if str(value) in set(Kind) else Kind.ROUTINE


def _language(value: object) -> Language:
    return Language(str(value)) if str(value) in set(Language) else Language.NB


def _first_heading(body: str) -> tuple[str, int, int] | None:
    """Find the first heading that is not in fenced code: its words, and where it begins and ends."""
    beginning = body[:_PIECE]
    fenced = [match.span() for match in _FENCED.finditer(beginning)]
    headings = [
        *((match[2], match.start(), match.end()) for match in _HEADING.finditer(beginning)),
        *((match[1], match.start(), match.end()) for match in _UNDERLINED.finditer(beginning)),
    ]
    found = [
        (words, begin, end)
        for words, begin, end in headings
        if len(words) <= _LONGEST_TITLE and not any(first <= begin < last for first, last in fenced)
    ]
    words, begin, end = min(found, key=lambda one: one[1], default=("", 0, 0))
    shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[*_`]+", r"\1", words).strip(" \t#")
    return (shown, begin, end) if shown else None


def _entries(identity: ProcedureId, digest: Digest, text: ProcedureText) -> tuple[SectionEntry, ...]:
    if len(text.body) <= LARGEST and out_of_bounds(text.body, 1) is None:
        entries = entries_of(identity, VERSION, digest, text)
    else:
        entries = _in_pieces(identity, digest, text)
    if not entries:
        # A text that no section holds is still found by its title.
        entries = entries_of(
            identity, VERSION, digest, replace(text, body=f"{text.body.strip() or text.front.title}\n")
        )
    return tuple(entries)


def _in_pieces(identity: ProcedureId, digest: Digest, text: ProcedureText) -> list[SectionEntry]:
    """Divide a text that is larger or more tangled than the product reads: at headings, and at every chapter's length."""
    (one,) = entries_of(identity, VERSION, digest, replace(text, body="x\n"))
    marks = [mark for mark in _HEADING.finditer(text.body) if len(mark[2]) <= _LONGEST_TITLE]
    begins = [("", 0), *((mark[2].strip(" \t#"), mark.end()) for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text.body)]
    pieces = [
        (heading, words)
        for (heading, begin), end in zip(begins, ends, strict=True)
        for words in _cut(text.body[begin:end].strip())
        if heading or words
    ]
    return [
        replace(one, section_key=f"del-{number}", heading=heading, text=words)
        for number, (heading, words) in enumerate(pieces, 1)
    ]


def _cut(words: str) -> Iterator[str]:
    """Cut at the end of a line, or of a word, where there is one in the latter half of a piece."""
    begin = 0
    while len(words) - begin > _PIECE:
        half, full = begin + _PIECE // 2, begin + _PIECE
        at = max(words.rfind("\n", half, full), words.rfind(" ", half, full))
        at = at if at > 0 else full
        yield words[begin:at].strip()
        begin = at
    yield words[begin:].strip()


def product_engine(folder: Path) -> Engine:
    """Give the engine as the product makes it, with the words that ship with it (`library/vocabulary`)."""
    return Engine(folder, meanings=shipped_meanings)


@cache
def shipped_meanings() -> Meanings:
    """Give what words may also mean, as it ships."""
    shipped = Path(__file__).resolve().parent.parent / "library"
    files = {name: (shipped / name).read_bytes() for name in FILES}
    return Meanings.of(read_library(files).vocabulary)
