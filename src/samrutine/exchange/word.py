"""
A document as Word: for municipalities whose quality system, or whose people, want a file that they can open and change.

Written from the same tree as PDF and HTML. The text itself lies in the file as our own Markdown with its digest, so that
a copy nobody changed comes back byte for byte, and one that somebody did can be held against what it was made from; see
`word_back`. The same document and look give the same bytes.
"""

import base64
import uuid
from collections.abc import Mapping
from typing import Final

from samrutine.adoptions.effective import EffectiveDocument
from samrutine.exchange.facts import Facts, facts
from samrutine.exchange.page import Page, page
from samrutine.exchange.word_around import above, below, page_foot, page_head, word_language
from samrutine.exchange.word_body import BodyWriter, Relations
from samrutine.exchange.word_look import LANGUAGE, Reference, own_reference
from samrutine.exchange.word_marks import PART_NAMESPACE, written_margins, written_words
from samrutine.exchange.word_parts import app, content_types, core, custom, footnotes, settings, zipped
from samrutine.exchange.word_parts import relations as relations_of
from samrutine.exchange.word_styles import FOOTER, HEADER
from samrutine.exchange.word_xml import HEAD, NAMESPACES, safe
from samrutine.procedures.text import digest, unformatted

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_ITEM: Final = "customXml/item1.xml"


def render(
    document: EffectiveDocument, reference: Reference | None = None, pictures: Mapping[str, bytes] | None = None, *,
    copy: bool = False,
) -> bytes:  # fmt: skip
    """
    Write a document as Word (.docx).

    Args:
        reference: The municipality's own look; ours when None.
        pictures: The bytes of pictures, by the name that the text gives them. Of one that is not there, or no PNG, JPEG or
            GIF, its alternative text stands in its place.
        copy: Mark it as a copy that was handed out; see `page.mark_of`.
    """
    printed = page(document, copy=copy)
    look = reference or own_reference()
    writer = BodyWriter(
        look.sheet, printed.say, printed.notes, frozenset(one.key for one in printed.headings), pictures or {}
    )
    known = facts(document, printed)
    parts = _parts(document, printed, known, look, writer)
    return zipped(parts, printed.made_at)


def _parts(
    document: EffectiveDocument, printed: Page, known: Facts, look: Reference, writer: BodyWriter
) -> dict[str, str | bytes]:
    text_language = word_language(printed.text_language)
    body = above(printed, writer) + writer.blocks(printed.body) + below(printed, writer)
    relations = writer.relations
    head, foot = relations.to("header", "header1.xml"), relations.to("footer", "footer1.xml")
    section = (
        f'<w:sectPr><w:headerReference w:type="default" r:id="{head}"/><w:footerReference w:type="default" r:id="{foot}"/>'
        f"{look.page}</w:sectPr>"
    )
    main = f"{HEAD}<w:document {NAMESPACES}><w:body>{body}{section}</w:body></w:document>"
    notes = footnotes(writer.footnotes)
    for kind in ("styles", "numbering", "settings", "footnotes"):
        relations.to(kind, f"{kind}.xml")
    if look.theme is not None:
        relations.to("theme", "theme/theme1.xml")
    relations.to("customXml", f"../{_ITEM}")
    # Notes have links and pictures of their own.
    of_notes = Relations({key: value for key, value in relations.targets.items() if key[0] in {"hyperlink", "image"}})
    media = {**look.media, **writer.media}
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(media, theme=look.theme is not None, item=True),
        "_rels/.rels": relations_of({
            ("officeDocument", "word/document.xml", False): "rId1",
            ("extended-properties", "docProps/app.xml", False): "rId2",
            ("custom-properties", "docProps/custom.xml", False): "rId3",
            ("core", "docProps/core.xml", False): "rId4",
        }),
        "docProps/app.xml": app(),
        "docProps/core.xml": _core(document, printed, text_language),
        "docProps/custom.xml": custom(known.named()),
        "word/document.xml": main,
        "word/_rels/document.xml.rels": relations_of(relations.targets),
        "word/footnotes.xml": notes,
        "word/_rels/footnotes.xml.rels": relations_of(of_notes.targets),
        "word/numbering.xml": writer.numbering.xml(),
        "word/settings.xml": settings(text_language),
        "word/styles.xml": look.sheet.xml.replace(LANGUAGE, f'w:lang w:val="{text_language}"', 1),
        "word/header1.xml": page_head(printed, look.sheet.id(HEADER), before=look.head),
        "word/footer1.xml": page_foot(printed, known, look.sheet.id(FOOTER)),
        **{f"word/media/{name}": data for name, data in sorted(media.items())},
    }  # fmt: skip
    parts |= _item(document, known, parts, writer.printed)
    if look.head_pictures:
        logos = {("image", f"media/{name}", False): own for own, name in look.head_pictures.items()}
        parts["word/_rels/header1.xml.rels"] = relations_of(logos)
    if look.theme is not None:
        parts["word/theme/theme1.xml"] = look.theme
    return parts


def _item(
    document: EffectiveDocument, known: Facts, parts: Mapping[str, str | bytes], printed: Mapping[int, str]
) -> dict[str, str]:
    """Lay the text itself in the file, where Word keeps it whatever happens to what is seen."""
    data = unformatted(document.text)
    attributes = {
        "form": "1",
        "id": known.id,
        "version": known.version,
        "digest": digest(data),
        "version_digest": known.version_digest,
        "effective_digest": known.effective_digest,
        "title": known.title,
        "pictures": " ".join(f"{place}:{one}" for place, one in printed.items()),
        "margins": " ".join(sorted(written_margins(parts))),
        **{f"words_{region}": one for region, one in written_words(parts).items()},
    }
    said = " ".join(f'{name}="{safe(value)}"' for name, value in attributes.items())
    item = f'{HEAD}<text xmlns="{PART_NAMESPACE}" {said}>{base64.b64encode(data).decode("ascii")}</text>'
    own = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    name = str(uuid.uuid5(uuid.NAMESPACE_URL, PART_NAMESPACE)).upper()
    properties = (
        f'{HEAD}<ds:datastoreItem ds:itemID="{{{name}}}" xmlns:ds="{own}"><ds:schemaRefs>'
        f'<ds:schemaRef ds:uri="{PART_NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
    )
    return {
        _ITEM: item,
        "customXml/itemProps1.xml": properties,
        "customXml/_rels/item1.xml.rels": relations_of({("customXmlProps", "itemProps1.xml", False): "rId1"}),
    }


def _core(document: EffectiveDocument, printed: Page, language: str) -> str:
    header = document.header
    said = (
        ("dc:title", printed.title),
        ("dc:subject", printed.kind),
        ("dc:creator", header.approved_by or "samrutine"),
        ("cp:keywords", f"{header.procedure_id}, {printed.kind}"),
        ("dc:description", ". ".join(line.rstrip(".") for line in (printed.status, *printed.lines))),
        ("dc:identifier", header.procedure_id),
        ("dc:language", language),
        ("cp:category", printed.kind),
        ("cp:contentStatus", printed.status),
        ("cp:version", str(header.version or "")),
    )
    return core(said, printed.made_at)
