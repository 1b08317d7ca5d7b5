"""
What a file is, by its content; its name may say anything.

Only what stands in the first bytes, in the list of an archive's members and in the names of an OLE file is looked at.
"""

import codecs
import re
from typing import Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.archive import Archive
from samrutine.exchange.incoming.model import FileKind, Limits, NotRead
from samrutine.procedures.attached import COMMENTS

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIPPED: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_IMAGES: Final = (
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"BM", b"\x00\x00\x01\x00"),
    *(b"\xd7\xcd\xc6\x9a", b"\x01\x00\x00\x00\x6c\x00\x00\x00"),
)
_ARCHIVES: Final = (b"7z\xbc\xaf'\x1c", b"Rar!\x1a\x07", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"(\xb5/\xfd")
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_IN_OLE: Final = (
    ("EncryptedPackage", "encrypted"),
    ("EncryptionInfo", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "spreadsheet"),
    ("Book", "spreadsheet"),
    ("PowerPoint Document", "slides"),
    ("__properties_version1.0", "email"),
)
_IN_PACKAGE: Final = (
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"wordprocessingml.template.main+xml", "docx"),
    (b"ms-word.document.macroEnabled.main+xml", "docm"),
    (b"ms-word.template.macroEnabledTemplate.main+xml", "docm"),
    (b"spreadsheetml", "spreadsheet"),
    (b"ms-excel", "spreadsheet"),
    (b"presentationml", "slides"),
    (b"ms-powerpoint", "slides"),
)
_IN_MIMETYPE: Final = (
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "spreadsheet"),
    (b"application/vnd.oasis.opendocument.presentation", "slides"),
    (b"application/vnd.oasis.opendocument.graphics", "image"),
    (b"application/vnd.oasis.opendocument", "other-program"),
    (b"application/epub+zip", "other-program"),
)
_OF_APPLE: Final = ("Index/Document.iwa", "Index.zip", "index.xml.gz", "index.xml", "index.apxl", "index.apxl.gz")
"""Members by which the files of Pages, Numbers and Keynote are known."""
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SPACE: Final = r"[^\S\n]"
_HTML = re.compile(rf"\s*(?:<\?xml[^>]*>)?{COMMENTS}<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_FLAT_ODT = re.compile(
    r"<office:document\b[^>]*\boffice:mimetype=[\"']application/vnd\.oasis\.opendocument\.text", re.DOTALL
)
_OTHER_XML = re.compile(
    rf"\s*<\?xml[^>]*>{COMMENTS}<(?!html|head|body|div|p\b|!)[A-Za-z_][\w.-]*[\s>:]"
    r"|\s*<(?!html|head|body|div|p\b)(?:[\w.-]+:)?[\w.-]+\s[^<>]*\bxmlns(?::\w+)?\s*=",
    re.DOTALL | re.IGNORECASE,
)
_HEADER: Final = r"[A-Za-z][\w-]*:.*\r?\n(?:[ \t]+\S.*\r?\n)*"
_MAIL = re.compile(rf"(?:{_HEADER})*?MIME-Version:", re.IGNORECASE)
_HEADERS = re.compile(rf"(?:{_HEADER})+")
_OF_MAIL = re.compile(r"^(from|date|subject|to):", re.IGNORECASE | re.MULTILINE)
_OF_ALL_MAIL: Final = 3
_TAGS = re.compile(r"</(?:p|div|h[1-6]|table|ul|ol|span|b|i|a)>", re.IGNORECASE)
_BLOCK = re.compile(
    rf"^{_SPACE}*</?(?:html|head|body|p|div|section|article|table|ul|ol|h[1-6])\b", re.IGNORECASE | re.MULTILINE
)
_SIGNS: Final = (
    rf"^(?:#{{1,6}}{_SPACE}+\S|```|\|.*\|{_SPACE}*$|\[[^\]\n]{{1,200}}\]:)"
    r"|\*\*\S(?:[^\n]{0,200}?\S)?\*\*|\[[^\]\n]{1,200}\]\([^)\n]{1,500}\)"
)
_MARKED = re.compile(rf"{_SIGNS}|^(?:---{_SPACE}*$|{_SPACE}*[-*+]{_SPACE}+\S|>\s)", re.MULTILINE)
_SURELY_MARKED = re.compile(_SIGNS, re.MULTILINE)
"""What nobody writes who does not mean Markdown. Dashes before the points of a list are older than it."""
_TAGS_OF_HTML: Final = 3
_BAD = re.compile("[\udc80-\udcff]")
_BEYOND = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ENDINGS: Final = {
    "docx": {FileKind.DOCX},
    "dotx": {FileKind.DOCX},
    "docm": {FileKind.DOCM},
    "odt": {FileKind.ODT},
    "ott": {FileKind.ODT},
    "fodt": {FileKind.ODT},
    "dotm": {FileKind.DOCM},
    "rtf": {FileKind.RTF},
    "doc": {FileKind.DOC},
    "pdf": {FileKind.PDF},
    "htm": {FileKind.HTML},
    "html": {FileKind.HTML},
    "md": {FileKind.MARKDOWN, FileKind.TEXT},
    "txt": {FileKind.TEXT, FileKind.MARKDOWN},
}


def kind_of(data: bytes, name: str, limits: Limits) -> FileKind:
    """
    Tell what a file is.

    Raises:
        DocumentRefused: It is nothing that we read; `why` says what it is, or what is wrong with it.
    """
    why = _kind_or_reason(data, name, limits)
    try:
        return FileKind(why)
    except ValueError:
        raise DocumentRefused(NotRead(why, name)) from None


def is_old_word(data: bytes) -> bool:
    """Tell whether a file may be old Word, by its first bytes and the names of its streams."""
    return data.startswith(_OLE) and "WordDocument".encode("utf-16-le") in data


def named_otherwise(kind: FileKind, name: str) -> bool:
    """Tell whether the ending of a name promises another kind than the file is."""
    ending = name.rpartition(".")[2].lower()
    return ending in _ENDINGS and kind not in _ENDINGS[ending]


def decoded(data: bytes) -> tuple[str, bool] | None:
    """
    Give the letters of a text file, and whether their encoding had to be guessed; None when it is no text.

    By its byte order mark, else UTF-8, else the code page that Windows has used in Norway (1252).
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode("utf-8-sig" if encoding == "utf-8" else encoding), False
            except UnicodeDecodeError:
                return None
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        pass
    # A few bad bytes among letters of UTF-8 are damage, and not a reason to read all the others otherwise.
    mended = data.decode("utf-8", "surrogateescape")
    bad = _BAD.findall(mended)
    if sum(1 for letter in _BEYOND.findall(mended)) > len(bad):
        return _BAD.sub(lambda one: bytes([ord(one[0]) - 0xDC00]).decode("cp1252", "replace"), mended), True
    # Five bytes of code page 1252 mean nothing; a text that has one of them is from somewhere else.
    try:
        return data.decode("cp1252"), True
    except UnicodeDecodeError:
        return data.decode("latin-1"), True


def _kind_or_reason(data: bytes, name: str, limits: Limits) -> str:  # noqa: PLR0911 - one answer a signature
    if not data.removeprefix(codecs.BOM_UTF8).strip(b" \t\r\n\x00\xff\xfe"):
        return "empty"
    if len(data) > limits.file_mib * 1024 * 1024:
        return "too-large"
    if data.startswith(_ZIPPED):
        return _in_archive(Archive(data, name, limits))
    if data.startswith(_OLE):
        return next((why for stream, why in _IN_OLE if stream.encode("utf-16-le") in data), "unknown")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"{\\rtf"):
        return "rtf"
    for signatures, why in ((_ARCHIVES, "archive"), (_IMAGES, "image"), (_PROGRAMS, "program")):
        if data.startswith(signatures) and _CONTROL.search(data[:512].decode("latin-1")):
            return why
    if (data[:4] == b"RIFF" and data[8:12] == b"WEBP") or data[4:8] == b"ftyp":
        return "image"
    return _in_text(data, name)


def _in_archive(archive: Archive) -> str:
    if "mimetype" in archive.names:
        mimetype = archive.read("mimetype")
        why = next((why for start, why in _IN_MIMETYPE if mimetype.startswith(start)), None)
        if why is not None:
            manifest = archive.find("META-INF/manifest.xml") or b""
            return "encrypted" if b"encryption-data" in manifest else why
    types = archive.find("[Content_Types].xml")
    if types is None:
        if not archive.names.isdisjoint(_OF_APPLE):
            return "other-program"
        return "damaged" if archive.names & {"word/document.xml", "content.xml"} else "archive"
    return next((why for mark, why in _IN_PACKAGE if mark in types), "other-document")


def _in_text(data: bytes, name: str) -> str:  # noqa: PLR0911 - one answer a sign
    found = decoded(data)
    if found is None:
        return "unknown"
    text = found[0]
    if _CONTROL.search(text):
        if len(_CONTROL.findall(text)) > len(text) // 200 + 1:
            return "not-text"
        # A stray one is left by a program in a page too: it is still what it is.
        text = _CONTROL.sub("", text)
    start = text[:4096]
    if _FLAT_ODT.search(start):
        return "odt"
    if _OTHER_XML.match(start):
        return "other-document"
    if 'progid="Word.Document"' in start or "schemas.microsoft.com/office/2006/xmlPackage" in start:
        return "word-xml"
    if _MAIL.match(start):
        return "web-archive" if "multipart/related" in start.lower() else "email"
    headers = _HEADERS.match(start)
    told = {one.lower() for one in _OF_MAIL.findall(headers[0])} if headers else set()
    if {"from", "date"} <= told and len(told) >= _OF_ALL_MAIL:
        return "email"
    return _by_its_marks(text, name)


def _by_its_marks(text: str, name: str) -> str:
    if _HTML.match(text[:65536]):
        return "html"
    marked = _MARKED.search(text) is not None
    # Whoever writes Markdown may write "<b>" in it; a page of HTML has a block of it at the start of a line.
    if len(_TAGS.findall(text[:65536])) >= _TAGS_OF_HTML and not (marked and _BLOCK.search(text) is None):
        return "html"
    if name.lower().endswith(".txt"):
        marked = _SURELY_MARKED.search(text) is not None
    return "markdown" if marked else "text"
