"""The square that leads from paper to the address where one can check that the paper still applies."""

import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

QUIET = 4
"""The white border that a reader needs, in modules. Source: ISO/IEC 18004."""

_DOTS: Final = 4


@lru_cache(maxsize=256)
def svg(address: str) -> str:
    """
    Draw the QR code of an address as SVG, black on white with its quiet border, scaled by whoever shows it.

    The same address gives the same drawing. Only digits of our own stand in it, never the address itself.

    Raises:
        ValueError: The address is longer than a QR code holds (about 2,300 bytes).
    """
    return _drawn(_modules(address))


def svg_once(secret: str) -> str:
    """
    Draw the QR code of what nobody else may see, as `svg`, and keep nothing of it.

    Raises:
        ValueError: As `svg`.
    """
    return _drawn(_made(secret))


def _drawn(rows: tuple[bytes, ...]) -> str:
    side = len(rows) + 2 * QUIET
    path = "".join(
        f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{path}"/></svg>'
    )


@lru_cache(maxsize=256)
def png(address: str) -> bytes:
    """
    Draw the same square as PNG, four dots a module, for a format that takes no SVG.

    Raises:
        ValueError: As `svg`.
    """
    rows = _modules(address)
    blank = b"\xff" * ((len(rows) + 2 * QUIET) * _DOTS)
    lines = [blank] * (QUIET * _DOTS)
    for row in rows:
        dots = b"".join((b"\0" if dark else b"\xff") * _DOTS for dark in bytes(QUIET) + row + bytes(QUIET))
        lines += [dots] * _DOTS
    lines += [blank] * (QUIET * _DOTS)
    size = struct.pack(">IIBBBBB", len(blank), len(lines), 8, 0, 0, 0, 0)
    image = zlib.compress(b"".join(b"\0" + line for line in lines), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", size) + _chunk(b"IDAT", image) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@lru_cache(maxsize=64)
def _modules(address: str) -> tuple[bytes, ...]:
    return _made(address)


def _made(address: str) -> tuple[bytes, ...]:
    """Give the rows of a code, a byte a module, 1 for dark."""
    # Imported here: only documents need it, and most commands make none.
    import segno

    # A fixed mask: choosing the best of eight costs four times as long as all the rest, and saves readers nothing
    # at the size we print. Level M stands 15 % of wear.
    code = segno.make_qr(address, error="m", mask=3, boost_error=False)
    return tuple(bytes(row) for row in code.matrix)


def _runs(row: bytes) -> Iterator[tuple[int, int]]:
    """Give start and length of each run of dark modules in a row."""
    start = None
    for at, dark in enumerate(row):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            yield start, at - start
            start = None
    if start is not None:
        yield start, len(row) - start
