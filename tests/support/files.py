"""Small files of each kind that may belong to a routine, and some that may not. All invented."""

import io
import struct
import zipfile
import zlib

from tests.support.documents import paper

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/main.xml" ContentType="application/{kind}+xml"/></Types>'
)
WORD = "vnd.openxmlformats-officedocument.wordprocessingml.document.main"
SHEET = "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main"
SLIDES = "vnd.openxmlformats-officedocument.presentationml.presentation.main"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><title>Veien ut</title><path d="M0 0h9"/></svg>\n'


def packed(members):
    """Pack members, name by bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return made.getvalue()


def office(kind=WORD, **more):
    """Give a document of Word, Excel or PowerPoint with no words in it; `more` are further members."""
    return packed({"[Content_Types].xml": CONTENT_TYPES.format(kind=kind).encode(), "main.xml": b"<a/>", **more})


def open_document(kind="text", **more):
    """Give an OpenDocument file."""
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return packed({"mimetype": mimetype, "content.xml": b"<a/>", **more})


def pdf(words="Skjema"):
    """Give a PDF of one page with some words on it."""
    return paper.pdf(paper.page(words))


def png(width=1):
    """Give a picture that is all white."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, 1, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" + b"\xff" * width)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
