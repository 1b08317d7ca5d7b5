"""ODT in one file of XML (fodt), put into a package, so that it is read as any other ODT."""

import base64
import binascii
import io
import zipfile
from collections.abc import Callable
from typing import Final

from samrutine.exchange.incoming.odt_tables import OFFICE
from samrutine.exchange.incoming.word_package import Element, parsed

_XLINK: Final = "{http://www.w3.org/1999/xlink}"
_PARTS: Final = {
    "content.xml": ("document-content", ("automatic-styles", "body")),
    "styles.xml": ("document-styles", ("styles", "automatic-styles", "master-styles")),
    "meta.xml": ("document-meta", ("meta",)),
}


def as_package(data: bytes, name: str) -> bytes:
    """
    Give flat ODT as the package it would have been saved as.

    Raises:
        DocumentRefused: It is damaged, or has a DTD.
    """
    from lxml import etree

    root = parsed(data, name)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as made:

        def put(part: str, content: bytes) -> None:
            made.writestr(zipfile.ZipInfo(part), content)

        put("mimetype", b"application/vnd.oasis.opendocument.text")
        for n, picture in enumerate(list(root.iter(f"{OFFICE}binary-data")), 1):
            _move_out(picture, f"Pictures/flat-{n}", put)
        scripts = root.find(f"{OFFICE}scripts")
        if scripts is not None and "".join(scripts.itertext()).strip():
            put("Basic/flat/module", b"")
        for part, (tag, children) in _PARTS.items():
            whole = etree.Element(f"{OFFICE}{tag}", nsmap=root.nsmap)
            whole.extend(_copied(root, children))
            put(part, etree.tostring(whole, xml_declaration=True, encoding="UTF-8"))
    return held.getvalue()


def _copied(root: Element, names: tuple[str, ...]) -> list[Element]:
    from copy import deepcopy

    return [deepcopy(one) for name in names for one in root.findall(f"{OFFICE}{name}")]


def _move_out(binary: Element, part: str, put: Callable[[str, bytes], None]) -> None:
    image = binary.getparent()
    try:
        data = base64.b64decode("".join(binary.itertext()))
    except (binascii.Error, ValueError):
        data = b""
    image.remove(binary)
    if data:
        image.set(f"{_XLINK}href", part)
        put(part, data)
