"""
Files that belong to a text: which may be, what they are by their content, and the list of them in the front matter.

Forms, merge templates, slides, pictures. The text lists each with the digest of its bytes, so whoever approves the text's digest
approves them. What a file is, its first bytes say; its name may say anything.
"""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from samrutine.errors import DocumentRefused
from samrutine.messages import say
from samrutine.procedures.attached_within import (
    PersonNamed,
    office_has_program,
    pdf_has_program,
    persons_in_words,
    persons_named,
    svg_has_program,
)
from samrutine.procedures.model import Attachment, Digest, FrontMatter, ProcedureText
from samrutine.procedures.text import digest
from samrutine.reasons import Because

_MOST_TOLD: Final = 5
LARGEST_FILE_MIB: Final = 10
LARGEST_TOGETHER_MIB: Final = 50
MOST_FILES: Final = 40
_MIB: Final = 1024 * 1024

Reading = Callable[[bytes, str], str]
"""Gives the text of a document, by its bytes and name; raises DocumentRefused where it cannot be read."""

SUFFIXES: Final[Mapping[str, str]] = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/svg+xml": "svg",
    "text/plain": "txt",
    "text/csv": "csv",
}
"""The kinds of file that may belong to a text, and how the names of such files end."""

OTHER: Final = "bin"

UNNAMED: Final = "vedlegg-{n}"
"""What a file is called where the words that named it were taken away."""

_NAME: Final = re.compile(r"(?![.])[^/\\:*?\"<>|\x00-\x1f]{1,120}(?<![. ])")
_BEGINS: Final = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
COMMENTS: Final = r"(?>\s*(?:<!--(?>.*?-->)\s*)*)"
"""Comments before the first tag, of a pattern in which `.` is any letter. Each ends where it first can: else two ends a comment
would be tried in each way there is, and thirty comments would take a day."""
_SVG: Final = re.compile(
    rf"\s*(?:<\?xml[^>]*>)?{COMMENTS}(?:<!doctype\s+svg[^>]*>\s*)?<svg\b", re.DOTALL | re.IGNORECASE
)
_MAIN_PARTS: Final = tuple(
    (f"{main}+xml".encode(), f"application/vnd.openxmlformats-officedocument.{kind}")
    for main, kind in (
        ("wordprocessingml.document.main", "wordprocessingml.document"),
        ("spreadsheetml.sheet.main", "spreadsheetml.sheet"),
        ("presentationml.presentation.main", "presentationml.presentation"),
    )
)
_OPEN_DOCUMENTS: Final = frozenset(one for one in SUFFIXES if one.startswith("application/vnd.oasis"))
_LARGEST_LIST: Final = 2 * _MIB
_MOST_MEMBERS: Final = 5000
_MOST_TIMES: Final = 200
_PROGRAMS: Final = re.compile(
    r"(?:^|/)(?:vbaproject|vbadata)[^/]*$|(?:^|/)(?:activex|macrosheets|basic|scripts)/", re.IGNORECASE
)
_ACTIVE: Final = re.compile(
    rb"<\s*(?:[a-z0-9_]+:)?(?:script|foreignobject|iframe|embed|object|handler|set|animate\w*)\b"
    rb"|\son[a-z]+\s*=|javascript\s*:|<!entity|<!doctype|<\?xml-stylesheet|@import"
    rb"|(?:href|src)\s*=\s*[\"']\s*(?!#|data:image/(?:png|jpeg);)|url\s*\(\s*[\"']?\s*(?!#)",
    re.IGNORECASE,
)
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:[. ].*)?", re.IGNORECASE)
_ENDINGS: Final[Mapping[str, frozenset[str]]] = {"jpg": frozenset({"jpg", "jpeg"})}
_TEXT_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
)


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as somebody gave it, and what it is."""

    name: str
    media_type: str
    digest: Digest
    data: bytes

    @property
    def listed(self) -> Attachment:
        """How the text lists it."""
        return Attachment(self.name, self.media_type, self.digest)


@dataclass(frozen=True)
class FileNameUnusable(Because):
    """A file's name cannot be one on every machine."""

    file: str


@dataclass(frozen=True)
class FileKindUnknown(Because):
    """By its content a file is of none of the kinds that may belong to a text, or is damaged."""

    file: str


@dataclass(frozen=True)
class FileHasProgram(Because):
    """A file holds macros, scripts or other programs."""

    file: str


@dataclass(frozen=True)
class FileEndsOtherwise(Because):
    """A file's name ends as that of another kind of file does: whoever opens it gets another program than they expect."""

    file: str
    ending: str


@dataclass(frozen=True)
class FileNamesAlike(Because):
    """Two files have names that are one name on some machines."""

    file: str


@dataclass(frozen=True)
class FileNamesPersons(Because):
    """The words of a file hold a national identity number, a private telephone or a private e-mail address: which, and where."""

    file: str
    found: tuple[PersonNamed, ...] = field(default=(), compare=False)

    def places_in(self, language: str) -> dict[str, object]:
        """Give each kind in words, with where it stands; the first few."""
        said = [
            say(
                f"reasons.file_names_persons.{one.part or 'text'}",
                language,
                what=say(f"quarantine.kind.{one.what}", language),
                line=one.line,
            )
            for one in dict.fromkeys(self.found)
        ]
        return {"file": self.file, "found": "; ".join([*said[:_MOST_TOLD], *["…"][: len(said) > _MOST_TOLD]])}


@dataclass(frozen=True)
class FileTooLarge(Because):
    """A file is too large."""

    file: str
    most: int = LARGEST_FILE_MIB


@dataclass(frozen=True)
class FilesTooLarge(Because):
    """The files of one text are too large together, or too many."""

    most: int = LARGEST_TOGETHER_MIB
    count: int = MOST_FILES


@dataclass(frozen=True)
class FileDiffers(Because):
    """The text lists a file of this name, with other bytes or of another kind."""

    file: str


def reasons_against_file(name: str, data: bytes, read: Reading | None = None) -> list[Because]:
    """
    Say why a file may not belong to a text; empty means that it may.

    Args:
        read: Gives the words of a PDF, which only a program of its own can read; without it they are not looked through.
    """
    shown = name[:80]
    if _NAME.fullmatch(name) is None or _DEVICES.fullmatch(name) or not name.isprintable():
        return [FileNameUnusable(shown)]
    if len(data) > LARGEST_FILE_MIB * _MIB:
        return [FileTooLarge(shown)]
    kind = media_type(name, data)
    if kind is None:
        return [FileKindUnknown(shown)]
    _, dot, ending = name.rpartition(".")
    if dot and ending.casefold() not in _ENDINGS.get(SUFFIXES[kind], {SUFFIXES[kind]}):
        return [FileEndsOtherwise(shown, SUFFIXES[kind])]
    return _reasons_against_content(shown, kind, data, read)


def _reasons_against_content(shown: str, kind: str, data: bytes, read: Reading | None) -> list[Because]:
    try:
        has_program = _has_program(kind, data)
        if has_program is None:
            return [FileKindUnknown(shown)]
        if has_program:
            return [FileHasProgram(shown)]
        words = read(data, shown) if read is not None and SUFFIXES[kind] == "pdf" else ""
        found = (*persons_named(kind, data), *persons_in_words(words))
        return [FileNamesPersons(shown, found)] if found else []
    except DocumentRefused:
        return [FileKindUnknown(shown)]
    except _BROKEN:
        return [FileKindUnknown(shown)]


def reasons_against_files(given: Mapping[str, bytes], read: Reading | None = None) -> list[Because]:
    """Say why files may not belong to a text, each by itself and all together; `read` as in `reasons_against_file`."""
    found = [one for name, data in given.items() for one in reasons_against_file(name, data, read)]
    names: set[str] = set()
    for name in given:
        alike = unicodedata.normalize("NFKC", name).casefold()
        found += [FileNamesAlike(name[:80])] if alike in names else []
        names.add(alike)
    if not found and (sum(map(len, given.values())) > LARGEST_TOGETHER_MIB * _MIB or len(given) > MOST_FILES):
        found.append(FilesTooLarge())
    return found


def looked_at(given: Mapping[str, bytes]) -> tuple[GivenFile, ...]:
    """Say what each file is that may belong to a text, by name."""
    return tuple(
        GivenFile(name, kind, digest(data), data)
        for name, data in sorted(given.items())
        if (kind := media_type(name, data)) is not None
    )


def reasons_against_listing(front: FrontMatter, files: Sequence[GivenFile]) -> list[Because]:
    """Say which files the text lists otherwise than they are: what was approved by the list would be another file."""
    listed = {one.name: one for one in front.attachments}
    return [FileDiffers(one.name[:80]) for one in files if listed.get(one.name, one.listed) != one.listed]


def with_files(text: ProcedureText, files: Sequence[GivenFile]) -> ProcedureText:
    """Let the text list the files that it does not list yet, after those that it does."""
    listed = {one.name for one in text.front.attachments}
    added = tuple(one.listed for one in files if one.name not in listed)
    if not added:
        return text
    return replace(text, front=replace(text.front, attachments=(*text.front.attachments, *added)))


def media_type(name: str, data: bytes) -> str | None:
    """Say what a file is by its content; None for what may not belong to a text. Only of text does the name say which."""
    begins = next((kind for mark, kind in _BEGINS if data.startswith(mark)), None)
    if begins is not None:
        return begins
    if data.startswith(b"PK\x03\x04"):
        return _packed_kind(data)
    text = _text(data)
    if text is None or text.lstrip().startswith(("<", "{\\rtf", "#!")):
        return "image/svg+xml" if text is not None and _SVG.match(text) else None
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def _text(data: bytes) -> str | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return text if text.strip() and _TEXT_CONTROLS.search(text) is None else None


def _packed_kind(data: bytes) -> str | None:
    """Say what a packed document is, by the list of its parts. One that cannot be unpacked within bounds is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
            whole = sum(one.file_size for one in members)
            if len(members) > _MOST_MEMBERS or whole > _MOST_TIMES * max(len(data), _MIB // 4):
                return None
            if any(one.flag_bits & 1 for one in members):
                return None
            names = {one.filename for one in members}
            if "mimetype" in names:
                kind = _member(packed, "mimetype", 200).decode("ascii").strip()
                return kind if kind in _OPEN_DOCUMENTS else None
            parts = _member(packed, "[Content_Types].xml", _LARGEST_LIST)
    except (*_BROKEN, UnicodeDecodeError):
        return None
    if b"macroEnabled" in parts:
        # Told apart from what it would be without, so that whoever gave it hears of the macros.
        parts = parts.replace(b"ms-word.document.macroEnabled", b"wordprocessingml.document")
        parts = parts.replace(b"ms-excel.sheet.macroEnabled", b"spreadsheetml.sheet")
        parts = parts.replace(b"ms-powerpoint.presentation.macroEnabled", b"presentationml.presentation")
    return next((kind for mark, kind in _MAIN_PARTS if mark in parts), None)


def _member(packed: zipfile.ZipFile, name: str, most: int) -> bytes:
    with packed.open(name) as member:
        found = member.read(most + 1)
    if len(found) > most:
        raise ValueError(name)
    return found


def _has_program(kind: str, data: bytes) -> bool | None:
    """Whether a file of this kind holds something that is run where it is opened; None where that cannot be seen."""
    match SUFFIXES[kind]:
        case "svg":
            plain = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", data.removeprefix(b"\xef\xbb\xbf"))
            return _ACTIVE.search(plain) is not None or svg_has_program(data)
        case "pdf":
            return pdf_has_program(data)
        case "docx" | "xlsx" | "pptx" | "odt" | "ods" | "odp":
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                names = packed.namelist()
                is_open = "mimetype" in names
                marked = not is_open and b"macroEnabled" in _member(packed, "[Content_Types].xml", _LARGEST_LIST)
                marked = marked or office_has_program(packed)
            return marked or any(_PROGRAMS.search(one) for one in names)
        case _:
            return False


def suffix_of(media_type: str) -> str:
    """Say how the names of files of a kind end; of a kind that may not come in any more, as those of bytes do."""
    return SUFFIXES.get(media_type, OTHER)


def unnamed(count: int) -> Iterable[str]:
    """Give what that many files are called where the words that named them were taken away."""
    return (UNNAMED.format(n=n) for n in range(1, count + 1))
