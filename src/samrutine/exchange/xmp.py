"""
What a PDF says of itself, for an archive that reads no pages: Dublin Core, and our own id, version and digests.

Typst writes the packet that PDF/A and PDF/UA ask for; ours is put into it. PDF/A takes a property that it does not know only
where the packet describes it, so each of ours is described there. Source: ISO 19005-2 § 6.6.2.3.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final
from xml.sax.saxutils import escape

from samrutine.adoptions.effective import EffectiveDocument
from samrutine.exchange.facts import facts
from samrutine.exchange.page import Page

NAMESPACE: Final = "urn:samrutine:document:1#"
"""Of our own properties. What one of them means never changes; another meaning is another namespace."""

_STREAM: Final = re.compile(rb"<</Length (\d+)/Type/Metadata/Subtype/XML>>\nstream\n")
_TABLE: Final = re.compile(rb"xref\n0 (\d+)\n")
_ENTRY: Final = 20
"""Bytes of a line of the table. Source: ISO 32000-1 § 7.5.4."""
_UNSEEN: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class About:
    """
    What a file says of itself.

    Attributes:
        identifier: The procedure's id, or what the file is of several.
        kind: The kind in words, in the language of the page.
        publisher: Whose document it is; empty for the shared text.
        subjects: What it is about.
        own: Name and value of our own properties.
    """

    identifier: str
    kind: str
    publisher: str = ""
    subjects: tuple[str, ...] = ()
    own: tuple[tuple[str, str], ...] = ()


def about(document: EffectiveDocument, printed: Page) -> About:
    """Say of a document what its Word file says in its properties, by the same names."""
    named = tuple((name.removeprefix("samrutine."), value) for name, value in facts(document, printed).named())
    return About(
        printed.procedure_id, printed.kind, printed.owner or "", document.text.front.subjects, named
    )  # fmt: skip


def with_metadata(data: bytes, said: About) -> bytes:
    """
    Put what a file says of itself into a PDF as typst makes it.

    The packet grows in its place and what follows is moved: no second revision, which a reader would call a change.

    Raises:
        ValueError: It is no PDF of typst's form.
    """
    begin = data.rindex(b"<?xpacket begin")
    heads = list(_STREAM.finditer(data, max(begin - 100, 0), begin))
    tables = list(_TABLE.finditer(data, begin))
    if len(heads) != 1 or not tables:
        raise ValueError("PDF")
    head, table = heads[0], tables[-1]
    length = int(head[1])
    packet = _packet(data[begin : begin + length].decode("utf-8"), said).encode("utf-8")
    length_written = head[0].replace(head[1], str(len(packet)).encode("ascii"), 1)
    grown = len(packet) - length + len(length_written) - len(head[0])
    lines_end = table.end() + _ENTRY * int(table[1])
    lines = [_moved(data[at : at + _ENTRY], begin, grown) for at in range(table.end(), lines_end, _ENTRY)]
    tail = data[lines_end:].replace(b"startxref\n%d\n" % table.start(), b"startxref\n%d\n" % (table.start() + grown))
    return b"".join((
        data[: head.start()], length_written, packet, data[begin + length : table.end()], *lines, tail,
    ))  # fmt: skip


def _moved(line: bytes, after: int, by: int) -> bytes:
    at = int(line[:10])
    return b"%010d" % (at + by) + line[10:] if at > after else line


def _packet(packet: str, said: About) -> str:
    described, end = "<pdfaExtension:schemas><rdf:Bag>", "</rdf:Description></rdf:RDF>"
    if described not in packet or end not in packet:
        raise ValueError("XMP")
    written = packet.replace(described, f"{described}{_described(said)}", 1)
    return written.replace(end, f"{''.join(_values(said))}{end}", 1)


def _values(said: About) -> Iterator[str]:
    yield f"<dc:identifier>{_safe(said.identifier)}</dc:identifier>"
    yield _several("type", "Bag", [said.kind])
    if said.publisher:
        yield _several("publisher", "Bag", [said.publisher])
    if said.subjects:
        yield _several("subject", "Bag", said.subjects)
    for name, value in said.own:
        yield f'<samrutine:{name} xmlns:samrutine="{NAMESPACE}">{_safe(value)}</samrutine:{name}>'


def _several(name: str, kind: str, values: Iterable[str]) -> str:
    items = "".join(f"<rdf:li>{_safe(value)}</rdf:li>" for value in values)
    return f"<dc:{name}><rdf:{kind}>{items}</rdf:{kind}></dc:{name}>"


def _described(said: About) -> str:
    """Describe our properties, as PDF/A asks of those it does not know."""
    if not said.own:
        return ""
    properties = "".join(
        '<rdf:li rdf:parseType="Resource"><pdfaProperty:category>external</pdfaProperty:category>'
        f"<pdfaProperty:description>{_DESCRIPTIONS[name]}</pdfaProperty:description>"
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
        for name, _ in said.own
    )
    parts = chain(
        ('<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>samrutine</pdfaSchema:schema>',),
        (
            f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>samrutine</pdfaSchema:prefix>",
        ),
        (f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>",),
    )
    return "".join(parts)


def _safe(text: str) -> str:
    return escape(_UNSEEN.sub("\ufffd", text))


_DESCRIPTIONS: Final = {
    "id": "The lasting id of the routine",
    "title": "The title of the routine",
    "version": "The version, major and minor",
    "status": "Whether it applies, in words",
    "approved": "Which network approved it professionally and when, in words",
    "valid_to": "Until when it stands, or when it is looked at next, in words",
    "municipality": "The municipality it is printed for",
    "municipality_number": "The official number of that municipality",
    "in_force_from": "The first day it applies there, as yyyy-mm-dd",
    "version_digest": "The digest of the stored text of the version",
    "effective_digest": "The digest of all that is printed",
    "routines": "The routines in the file: id, version and effective digest of each",
}
