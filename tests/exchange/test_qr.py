"""The square that leads from paper to the address."""

import re
import struct
import zlib

import segno

from samrutine.exchange.qr import QUIET, png, svg

ADDRESS = "https://rutiner.provevik.example/v/tuberkuloseprogram/2.1?kommune=provevik"


def drawn(picture):
    """The dark modules of a drawing, as (x, y)."""
    path = re.search(r'fill="#000" d="([^"]*)"', picture)[1]
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path)
    return {(int(x) + step, int(y)) for x, y, length in runs for step in range(int(length))}


def test_the_drawing_is_the_code_with_its_white_border():
    """A square that is one module wrong may lead nowhere, or worse: elsewhere."""
    code = segno.make_qr(ADDRESS, error="m", mask=3, boost_error=False)
    dark = {(x + QUIET, y + QUIET) for y, row in enumerate(code.matrix) for x, bit in enumerate(row) if bit}

    assert drawn(svg(ADDRESS)) == dark


def test_the_address_itself_is_not_in_the_drawing():
    """It goes into HTML as it is, so nothing of a user may stand in it."""
    picture = svg('"><script>alert(1)</script>')

    assert re.fullmatch(r"[-<>/=\"#.:a-zA-Z0-9 ]*", picture)
    assert "script" not in picture


def test_the_square_stays_small_enough_to_scan_from_paper():
    """At 26 mm a phone reads modules of half a millimetre; an address of ours must not need finer ones."""
    modules = int(re.search(r'viewBox="0 0 (\d+)', svg(ADDRESS))[1])

    assert 26 / modules >= 0.5


def test_the_picture_for_word_has_the_same_squares():
    """
    A phone must read the code from a Word file as from a PDF: dark where it is dark, and the quiet border around it.
    """
    data = png(ADDRESS)
    width, height = struct.unpack(">II", data[16:24])
    length = struct.unpack(">I", data[33:37])[0]
    dots = zlib.decompress(data[41 : 41 + length])
    rows = [dots[at + 1 : at + 1 + width] for at in range(0, len(dots), width + 1)]
    matrix = segno.make_qr(ADDRESS, error="m", mask=3, boost_error=False).matrix

    side = len(matrix) + 2 * QUIET
    assert (width, height) == (4 * side, 4 * side)
    dark = {(x, y) for y, row in enumerate(matrix, QUIET) for x, is_dark in enumerate(row, QUIET) if is_dark}
    assert {(x // 4, y // 4) for y, row in enumerate(rows) for x, dot in enumerate(row) if not dot} == dark
    assert sum(dot == 0 for row in rows for dot in row) == 16 * len(dark)
