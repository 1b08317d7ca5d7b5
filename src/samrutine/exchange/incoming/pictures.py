"""What a picture is, by its first bytes."""

from typing import Final

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"GIF8", "image/gif", "gif"),
    (b"BM", "image/bmp", "bmp"),
    (b"II*\x00", "image/tiff", "tif"),
    (b"MM\x00*", "image/tiff", "tif"),
    (b"\xd7\xcd\xc6\x9a", "image/wmf", "wmf"),
    (b"\x01\x00\x00\x00", "image/emf", "emf"),
)
SHOWN: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What every browser and every Word shows; the others are kept, and the report asks for another form."""


def media_type(data: bytes) -> tuple[str, str]:
    """Give the media type of a picture and the ending of its name; "bin" for what is none that we know."""
    for start, kind, ending in _SIGNATURES:
        if data.startswith(start):
            return kind, ending
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", "webp"
    if b"<svg" in data[:2048]:
        return "image/svg+xml", "svg"
    return "application/octet-stream", "bin"
