"""Pictures in a Word document: how large one is, and how it stands on the page."""

import struct
from dataclasses import dataclass
from typing import Final

from samrutine.exchange.word_xml import PIC, TAG, A, safe

MEDIA_TYPES: Final = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif"}
_PER_PIXEL: Final = 9525
"""English Metric Units in a pixel, at 96 to the inch."""
_WIDEST: Final = 5_760_000
"""16 cm, the width of the text."""
_HIGHEST: Final = 7_920_000
_SIZE_IN_JPEG: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


@dataclass(frozen=True, slots=True)
class Sized:
    """A picture's kind, as the end of a file name, and its size in pixels."""

    suffix: str
    width: int
    height: int


def sized(data: bytes) -> Sized | None:
    """Tell what a picture is and how large; None for what is no PNG, JPEG or GIF, or is without size."""
    found = None
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            found = Sized("png", *struct.unpack(">II", data[16:24]))
        elif data[:6] in {b"GIF87a", b"GIF89a"}:
            found = Sized("gif", *struct.unpack("<HH", data[6:10]))
        elif data.startswith(b"\xff\xd8"):
            found = _jpeg(data)
    except (struct.error, IndexError):
        return None
    return found if found is not None and found.width and found.height else None


def _jpeg(data: bytes) -> Sized | None:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:  # noqa: PLR2004 - how a marker begins
        if data[at + 1] in _SIZE_IN_JPEG:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Sized("jpeg", width, height)
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def drawing(relation: str, number: int, size: Sized, *, name: str, alternative: str, widest: int = _WIDEST) -> str:
    """Write a run with a picture in the line, no wider than the text, with its words for those who do not see it."""
    width, height = size.width * _PER_PIXEL, size.height * _PER_PIXEL
    share = min(1.0, widest / width, _HIGHEST / height)
    across, down = max(int(width * share), 1), max(int(height * share), 1)
    named = f'id="{number}" name="{safe(TAG + name)}" descr="{safe(alternative)}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{across}" cy="{down}"/>'
        f'<wp:docPr {named}/><wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{A}" noChangeAspect="1"/>'
        f'</wp:cNvGraphicFramePr><a:graphic xmlns:a="{A}"><a:graphicData uri="{PIC}"><pic:pic xmlns:pic="{PIC}"><pic:nvPicPr>'
        f'<pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/>'
        f'<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{across}" cy="{down}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
