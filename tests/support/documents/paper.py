"""PDF files with known truth, written object by object, so that a page can hold what no program makes."""

import zlib

_CODES = {"–": "\\226", "—": "\\227", "•": "\\225", "å": "\\345", "æ": "\\346", "ø": "\\370"}


def shown(text):
    """Write text as a PDF string in WinAnsi."""
    out = []
    for letter in text:
        if letter in "()\\":
            out.append("\\" + letter)
        elif ord(letter) < 128:
            out.append(letter)
        else:
            out.append(_CODES.get(letter) or f"\\{letter.encode('cp1252')[0]:03o}")
    return f"({''.join(out)})"


def line(text, x=72, y=770, size=11, font="F1"):
    """Give marks that set one line."""
    return f"BT /{font} {size} Tf {x} {y} Td {shown(text)} Tj ET"


def ruled(x, y, widths, heights):
    """Give marks that draw a table from its upper left corner; `cell` says where its words stand."""
    xs = [x + sum(widths[:n]) for n in range(len(widths) + 1)]
    ys = [y - sum(heights[:n]) for n in range(len(heights) + 1)]
    return "\n".join(
        [f"{one} {ys[0]} m {one} {ys[-1]} l S" for one in xs] + [f"{xs[0]} {one} m {xs[-1]} {one} l S" for one in ys]
    )


def struck(x, y, width):
    """Give marks that strike a line through."""
    return f"{x} {y + 3} m {x + width} {y + 3} l S"


def pdf(*pages, title="", encrypted=False, catalog="", compressed=False):
    """Give a PDF; each page is the marks on it."""
    objects: list[bytes] = []

    def add(data):
        objects.append(data if isinstance(data, bytes) else data.encode("latin-1"))
        return len(objects)

    root, tree = add(""), add("")
    plain = add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    bold = add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>")
    cmap = b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <20> <7E> <0020> endbfrange endcmap"
    named = add(b"<< /Length %d >>\nstream\n" % len(cmap) + cmap + b"\nendstream")
    # Draws signs, and says that they are the letters of their places.
    signs = add(f"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol /ToUnicode {named} 0 R >>")
    image = add(_image())
    kids = []
    for marks in pages:
        data = marks.encode("latin-1")
        packing = ""
        if compressed:
            data, packing = zlib.compress(data), " /Filter /FlateDecode"
        stream = add(b"<< /Length %d%s >>\nstream\n" % (len(data), packing.encode()) + data + b"\nendstream")
        kids.append(
            add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] /Contents {stream} 0 R /Resources "
                f"<< /Font << /F1 {plain} 0 R /F2 {bold} 0 R /F4 {signs} 0 R >> /XObject << /Im1 {image} 0 R >> >> >>"
            )
        )
    info = add(f"<< /Title {shown(title)} >>")
    objects[root - 1] = f"<< /Type /Catalog /Pages {tree} 0 R /Lang (nb) {catalog} >>".encode()
    objects[tree - 1] = f"<< /Type /Pages /Kids [{' '.join(f'{k} 0 R' for k in kids)}] /Count {len(kids)} >>".encode()
    marks = f"/Root {root} 0 R /Info {info} 0 R"
    if encrypted:
        key = add(f"<< /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -4 >>")
        marks += f" /Encrypt {key} 0 R /ID [<{'00' * 16}><{'00' * 16}>]"
    return _file(objects, marks)


def _file(objects, marks):
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, data in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + data + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} {marks} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _image():
    data = zlib.compress(bytes((200, 30, 30)) * 64)
    return (
        b"<< /Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n" % len(data) + data + b"\nendstream"
    )


SCANNED = "q 500 0 0 700 47 71 cm /Im1 Do Q"
"""A page that is a picture from edge to edge."""


def page(*lines, top=770, step=16, x=72):
    """Set lines below each other; one that begins with # is large and bold."""
    out = []
    for n, text in enumerate(lines):
        large = text.startswith("# ")
        out.append(line(text.removeprefix("# "), x, top - n * step, 16 if large else 11, "F2" if large else "F1"))
    return "\n".join(out)


def two_columns(left, right, *, across=True):
    """Set two columns, the lines written across, as programs that print line by line do; or one column after the other."""
    set_ = [(x, n, text) for x, column in ((60, left), (320, right)) for n, text in enumerate(column)]
    if across:
        set_.sort(key=lambda one: (one[1], one[0]))
    return "\n".join(line(text, x, 770 - 16 * n) for x, n, text in set_)


def printed(content_lines, title=""):
    """Give a plain PDF of lines, a page for each forty."""
    pages = [page(*content_lines[n : n + 40]) for n in range(0, len(content_lines), 40)]
    return pdf(*pages, title=title)
