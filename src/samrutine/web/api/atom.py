"""
What applies in a municipality as a feed that other systems follow.

Source:
    RFC 4287, The Atom Syndication Format.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from samrutine.adoptions.overview import InForce
from samrutine.days import OSLO
from samrutine.messages import say
from samrutine.networks.model import Municipality

MEDIA_TYPE: Final = "application/atom+xml; charset=utf-8"
MOST: Final = 100
"""Entries: those that came into force last."""
_NAMESPACE: Final = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, and its tag."""

    xml: bytes
    tag: str


def feed(where: Municipality, in_force: Sequence[InForce], api: str, language: str) -> Feed:
    """
    Make the feed of a municipality. The same use gives the same bytes, whenever it is asked for.

    Args:
        in_force: What applies there, in any order.
        api: Where programs reach the library.
        language: Of the words around the titles.
    """
    newest = sorted(in_force, key=lambda one: (one.from_on, one.adopted_number), reverse=True)[:MOST]
    root = Element("feed", {"xmlns": _NAMESPACE})
    base = f"{api}/municipalities/{where.number}/atom.xml"
    SubElement(root, "id").text = f"urn:samrutine:{where.number}"
    SubElement(root, "title").text = say("api.feed.title", language, municipality=where.name)
    SubElement(root, "link", {"rel": "self", "href": base})
    SubElement(root, "updated").text = _instant(newest[0]) if newest else "1970-01-01T00:00:00Z"
    author = SubElement(root, "author")
    SubElement(author, "name").text = where.name
    for one in newest:
        entry = SubElement(root, "entry")
        SubElement(
            entry, "id"
        ).text = f"urn:samrutine:{where.number}:{one.procedure}:{one.version}:{one.adopted_number}"
        SubElement(entry, "title").text = one.title
        SubElement(entry, "updated").text = _instant(one)
        document = f"{api}/procedures/{one.procedure}/document?municipality={where.number}"
        SubElement(entry, "link", {"rel": "alternate", "type": "application/json", "href": document})
        said = say("api.feed.entry", language, version=one.version, day=one.from_on, position=one.position)
        SubElement(entry, "summary").text = said
    xml = tostring(root, encoding="utf-8", xml_declaration=True)
    return Feed(xml, hashlib.sha256(xml).hexdigest()[:32])


def _instant(one: InForce) -> str:
    """Give the first moment that it applied, as it was in Norway."""
    return datetime.combine(one.from_on, time(), OSLO).isoformat()
