"""
A Word file as parts and relations: what stands where, and what it points to outside.

Strict files (ISO's own names) are read as the usual ones. A part with a document type is refused: Word writes none, and
entities are how a small file becomes a large one.
"""

import posixpath
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.archive import Archive
from samrutine.exchange.incoming.model import NotRead

if TYPE_CHECKING:
    from lxml.etree import XMLParser

Element = Any
"""An element of lxml, which has no types of its own."""

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
V: Final = "{urn:schemas-microsoft-com:vml}"
M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VALUE: Final = f"{W}val"
_PREFIXES: Final = {
    "w": W,
    "w14": W14,
    "r": R,
    "a": A,
    "wp": WP,
    "mc": MC,
    "v": V,
    "m": M,
    "pic": "{http://schemas.openxmlformats.org/drawingml/2006/picture}",
}
PACKAGE_RELATIONS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_STRICT: Final = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W.strip("{}").encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", OFFICE.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", M.strip("{}").encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing", WP.strip("{}").encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/main", A.strip("{}").encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part points to: the last word of the relation's type, and a part's name or an address outside."""

    kind: str
    target: str
    external: bool


@cache
def _parser() -> "XMLParser":
    from lxml import etree  # 60 ms, and only documents need it

    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)


def parsed(data: bytes, name: str) -> Element:
    """
    Read XML from somebody: no entity is followed, and no address.

    Raises:
        DocumentRefused: It is no XML, is nested too deep, or has a document type.
    """
    from lxml import etree

    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        why = "too-deep" if "depth" in str(error).lower() else "damaged"
        raise DocumentRefused(NotRead(why, name)) from error
    if root.getroottree().docinfo.doctype:
        raise DocumentRefused(NotRead("dtd", name))
    return root


class WordPackage:
    """The parts of a Word file."""

    def __init__(self, archive: Archive, name: str) -> None:
        """
        Find the main part.

        Raises:
            DocumentRefused: There is none.
        """
        self._archive = archive
        self._name = name
        self._relations: dict[str, dict[str, Relation]] = {}
        main = next((one.target for one in self.relations("").values() if one.kind == "officeDocument"), None)
        if main is None or archive.find(main) is None:
            main = "word/document.xml"
        if archive.find(main) is None:
            raise DocumentRefused(NotRead("damaged", name))
        self.main = main

    @property
    def names(self) -> frozenset[str]:
        """The names of all parts."""
        return self._archive.names

    def bytes(self, part: str) -> bytes | None:
        """Give a part as it stands, or None."""
        return self._archive.find(part)

    def xml(self, part: str) -> Element | None:
        """Give a part's root, or None when there is no such part."""
        data = self._archive.find(part)
        if data is None:
            return None
        if b"purl.oclc.org/ooxml" in data:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        return parsed(data, self._name)

    def relations(self, part: str) -> dict[str, Relation]:
        """Give the relations of a part ("" is the file itself) by their ids; they are not to be changed."""
        if part not in self._relations:
            self._relations[part] = self._read_relations(part)
        return self._relations[part]

    def _read_relations(self, part: str) -> dict[str, Relation]:
        folder, _, leaf = part.rpartition("/")
        data = self._archive.find(posixpath.join(folder, "_rels", f"{leaf}.rels"))
        if data is None:
            return {}
        found: dict[str, Relation] = {}
        for one in parsed(data, self._name).iter(f"{PACKAGE_RELATIONS}Relationship"):
            external = one.get("TargetMode", "") == "External"
            target = one.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[one.get("Id", "")] = Relation(one.get("Type", "").rpartition("/")[2], target, external)
        return found

    def related(self, part: str, kind: str) -> list[str]:
        """Give the names of the parts of one kind that a part points to, in order, without those that are not there."""
        targets = [one.target for one in self.relations(part).values() if one.kind == kind and not one.external]
        return [target for target in dict.fromkeys(targets) if self._archive.find(target) is not None]

    def first(self, part: str, kind: str) -> Element | None:
        """Give the root of the first part of a kind that a part points to."""
        names = self.related(part, kind)
        return self.xml(names[0]) if names else None


def usual_prefixes(root: Element) -> Element:
    """Give an element with the prefixes that Word writes, since pandoc knows names by them; most files have them already."""
    from lxml import etree

    if root.prefix == "w":
        return root
    made = etree.Element(
        root.tag, dict(root.attrib), nsmap={key: space.strip("{}") for key, space in _PREFIXES.items()}
    )
    waiting = [(root, made)]
    while waiting:
        old, new = waiting.pop()
        new.text, new.tail = old.text, old.tail
        waiting += [(child, etree.SubElement(new, child.tag, dict(child.attrib))) for child in old]
    return made


def is_on(element: Element | None) -> bool:
    """Tell whether a switch of Word's is on: it stands there, and does not say no."""
    return element is not None and element.get(f"{W}val", "1") not in {"0", "false", "off", "none"}


def whole(text: str | None, otherwise: int = 0) -> int:
    """Give a whole number that a file says, or another when it says none that can be meant."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text) else otherwise


def value(element: Element | None, path: str) -> str | None:
    """Give the `w:val` of what a path of names leads to, or None."""
    found = None if element is None else _first(element, _steps(path))
    return None if found is None else found.get(_VALUE)


@cache
def _steps(path: str) -> tuple[str, ...]:
    return tuple(re.findall(r"(?:\{[^}]*\})?[^/{}]+", path))


def _first(element: Element, steps: tuple[str, ...]) -> Element | None:
    # Asked a thousand times of each document, and lxml's own `find` takes thrice as long for a name or two.
    for child in element.iterchildren(steps[0]):
        found = child if len(steps) == 1 else _first(child, steps[1:])
        if found is not None:
            return found
    return None
