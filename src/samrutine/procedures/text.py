"""
A procedure's text: bytes to a value and back, and the one form it is stored in.

The stored form (`TEXT_FORM` 1) is UTF-8 without byte order mark, LF, NFC, front matter in our own order, body by
mdformat. It is made once, before the digest is taken; afterwards nothing formats stored bytes again.
"""

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from samrutine.errors import InvalidText
from samrutine.procedures import front_matter
from samrutine.procedures.bounds import FORBIDDEN, LARGEST, out_of_bounds
from samrutine.procedures.canonical import canonical_body
from samrutine.procedures.findings import Finding, in_order
from samrutine.procedures.markdown import markdown
from samrutine.procedures.model import Digest, ProcedureText
from samrutine.procedures.sections import section_moves, sections

__all__ = [
    "LARGEST",
    "TEXT_FORM",
    "Layout",
    "canonical",
    "digest",
    "located",
    "markdown",
    "read",
    "section_moves",
    "sections",
    "unformatted",
    "write",
]

TEXT_FORM: Final = 1
"""The number of the stored form, recorded with each version. The golden files in the tests freeze its bytes."""

_LARGEST_FRONT: Final = 64 * 1024
_FENCE = re.compile(r"---[ \t]*")


@dataclass(frozen=True, slots=True)
class Layout:
    """
    Where things stand in the file: the line of each front matter key ("sources.0" for entries), and of the body.

    `source` is the file's text with LF and NFC, to be read line by line.
    """

    lines: Mapping[str, int]
    body_line: int
    source: str


def read(data: bytes, name: str) -> ProcedureText:
    """
    Read a text as somebody wrote it. The body is as it stands, only with LF and NFC, so that lines are still right.

    Args:
        data: The file's bytes; a byte order mark, CRLF and decomposed letters are accepted.
        name: What to call it in an error: the file, or the draft.

    Raises:
        InvalidText: It is not UTF-8, is too large, has control characters, or its front matter is missing, breaks
            a rule of YAML, lacks a key, has one nobody knows, or sets what only a decision can. All faults at once.
    """
    try:
        return _remembered(data)
    except InvalidText as error:
        raise InvalidText(name, error.findings) from error


@lru_cache(maxsize=512)
def _remembered(data: bytes) -> ProcedureText:
    # The same bytes always are the same value, and one act reads a version several times: YAML by its own rules takes
    # 20 ms a text, a third of all that an adoption costs. As many as a large municipality publishes in one run.
    return _located(data)[0]


def located(data: bytes, name: str) -> tuple[ProcedureText, Layout]:
    """
    Read a text as `read` does, and tell on which lines its parts stand.

    Raises:
        InvalidText: As `read`.
    """
    try:
        return _located(data)
    except InvalidText as error:
        raise InvalidText(name, error.findings) from error


@lru_cache(maxsize=64)
def _located(data: bytes) -> tuple[ProcedureText, Layout]:
    # Fewer than texts alone: where things stand is asked when a text is looked at, which is when somebody works with it.
    source = _decoded(data, "")
    lines = source.split("\n")
    if _FENCE.fullmatch(lines[0]) is None:
        raise InvalidText("", [Finding("front-matter-missing", 1)])
    end = next((n for n, line in enumerate(lines[1:], 1) if _FENCE.fullmatch(line)), None)
    if end is None:
        raise InvalidText("", [Finding("front-matter-open", 1)])
    head = "\n".join(lines[1:end])
    if len(head) > _LARGEST_FRONT:
        raise InvalidText("", [Finding("front-matter-too-large", 1, places={"kib": _LARGEST_FRONT // 1024})])
    found, findings = front_matter.located(head, 2)
    if found is None:
        raise InvalidText("", in_order(findings))
    first = next((n for n, line in enumerate(lines[end + 1 :], end + 1) if line.strip()), len(lines))
    body = "\n".join(lines[first:]).rstrip(" \t\n")
    outside = out_of_bounds(body, first + 1)
    if outside is not None:
        raise InvalidText("", [outside])
    return ProcedureText(found.front, f"{body}\n" if body else ""), Layout(found.lines, first + 1, source)


def write(text: ProcedureText) -> bytes:
    """
    Write the stored form. The same value gives the same bytes, and reading them gives a value that is written so.

    Raises:
        InvalidText: The body cannot be put in the stored form without losing words.
    """
    head = _head(text)
    return _written(text, f"{text.front.id}.md", head.count("\n") + 1)


def canonical(data: bytes, name: str) -> bytes:
    """
    Put a text in the stored form; what already is so comes back unchanged.

    Raises:
        InvalidText: As `read`; or the words a reader sees would not be the same afterwards: a footnote or a link
            definition that nothing uses or that stands twice, or nesting so deep that words fall out.
    """
    text, where = located(data, name)
    return _written(text, name, where.body_line)


def digest(data: bytes) -> Digest:
    """Take the digest of stored bytes, exactly as they are."""
    return Digest(f"{TEXT_FORM}:{hashlib.sha256(data).hexdigest()}")


def unformatted(text: ProcedureText) -> bytes:
    """Put front matter and body together without formatting the body: a text as a writer would see it now."""
    return f"{_head(text)}\n{text.body}".encode()


def _head(text: ProcedureText) -> str:
    return f"---\n{front_matter.written(text.front)}---\n"


def _written(text: ProcedureText, name: str, body_line: int) -> bytes:
    outside = out_of_bounds(text.body, body_line)
    if outside is not None:
        raise InvalidText(name, [outside])
    body, findings = canonical_body(text.body, body_line)
    if findings:
        raise InvalidText(name, in_order(findings))
    written = _head(text) + (f"\n{body}" if body else "")
    return unicodedata.normalize("NFC", written).encode("utf-8")


def _decoded(data: bytes, name: str) -> str:
    if len(data) > LARGEST:
        raise InvalidText(name, [Finding("too-large", 1, places={"mib": LARGEST // (1024 * 1024)})])
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\r|\n", data[: error.start])) + 1
        raise InvalidText(name, [Finding("not-utf-8", line, places={"byte": error.start + 1})]) from error
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    found = FORBIDDEN.search(source)
    if found is not None:
        line = source.count("\n", 0, found.start()) + 1
        places = {"code": f"U+{ord(found[0]):04X}"}
        raise InvalidText(name, [Finding("control-character", line, places=places)])
    return unicodedata.normalize("NFC", source)
