"""
A document as Word: for municipalities whose quality system, or whose people, want a file that they can open and change.

Written from the same tree as PDF and HTML. The text itself lies in the file as our own Markdown with its digest, so that
a copy nobody changed comes back byte for byte, and one that somebody did can be held against what it was made from; see
`word_back`. The same document and look give the same bytes.
"""

import base64
import io
import uuid
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from samrutine.adoptions.effective import EffectiveDocument
from samrutine.exchange.facts import Facts, facts
from samrutine.exchange.page import Page, page
from samrutine.exchange.word_around import above, below, page_foot, page_head, word_language
from samrutine.exchange.word_body import BodyWriter, Relations
from samrutine.exchange.word_look import LANGUAGE, Reference, own_reference
from samrutine.exchange.word_marks import PART_NAMESPACE, words_digest
from samrutine.exchange.word_pictures import MEDIA_TYPES
from samrutine.exchange.word_styles import FOOTER, HEADER
from samrutine.exchange.word_xml import HEAD, NAMESPACES, W, safe
from samrutine.procedures.text import digest, unformatted

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_KINDS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPES: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_FIRST_YEAR: Final = 1980
"""The first that a zip archive knows."""
_FMTID: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
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
    return _zipped(parts, printed.made_at)


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
    notes = _footnotes(writer.footnotes)
    for kind in ("styles", "numbering", "settings", "footnotes"):
        relations.to(kind, f"{kind}.xml")
    if look.theme is not None:
        relations.to("theme", "theme/theme1.xml")
    relations.to("customXml", f"../{_ITEM}")
    # Notes have links and pictures of their own.
    of_notes = Relations({key: value for key, value in relations.targets.items() if key[0] in {"hyperlink", "image"}})
    media = {**look.media, **writer.media}
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _types(media, theme=look.theme is not None),
        "_rels/.rels": _relations({
            ("officeDocument", "word/document.xml", False): "rId1",
            ("extended-properties", "docProps/app.xml", False): "rId2",
            ("custom-properties", "docProps/custom.xml", False): "rId3",
            ("core", "docProps/core.xml", False): "rId4",
        }),
        "docProps/app.xml": _app(),
        "docProps/core.xml": _core(document, printed, text_language),
        "docProps/custom.xml": _custom(known),
        "word/document.xml": main,
        "word/_rels/document.xml.rels": _relations(relations.targets),
        "word/footnotes.xml": notes,
        "word/_rels/footnotes.xml.rels": _relations(of_notes.targets),
        "word/numbering.xml": writer.numbering.xml(),
        "word/settings.xml": _settings(text_language),
        "word/styles.xml": look.sheet.xml.replace(LANGUAGE, f'w:lang w:val="{text_language}"', 1),
        "word/header1.xml": page_head(printed, look.sheet.id(HEADER), before=look.head),
        "word/footer1.xml": page_foot(printed, known, look.sheet.id(FOOTER)),
        **{f"word/media/{name}": data for name, data in sorted(media.items())},
        **_item(document, known, main, notes, writer.printed),
    }  # fmt: skip
    if look.head_pictures:
        logos = {("image", f"media/{name}", False): own for own, name in look.head_pictures.items()}
        parts["word/_rels/header1.xml.rels"] = _relations(logos)
    if look.theme is not None:
        parts["word/theme/theme1.xml"] = look.theme
    return parts


def _item(
    document: EffectiveDocument, known: Facts, main: str, notes: str, printed: Mapping[int, str]
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
        **{f"words_{region}": one for region, one in words_digest(main, notes).items()},
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
        "customXml/_rels/item1.xml.rels": _relations({("customXmlProps", "itemProps1.xml", False): "rId1"}),
    }


def _footnotes(notes: Iterable[str]) -> str:
    lines = "".join(
        f'<w:footnote w:type="{name}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0"/></w:pPr><w:r><w:{sign}/></w:r></w:p>'
        "</w:footnote>"
        for name, number, sign in (
            ("separator", -1, "separator"),
            ("continuationSeparator", 0, "continuationSeparator"),
        )
    )
    return f"{HEAD}<w:footnotes {NAMESPACES}>{lines}{''.join(notes)}</w:footnotes>"


def _relations(targets: Mapping[tuple[str, str, bool], str]) -> str:
    kinds = {"core": f"{_PACKAGE}/relationships/metadata/core-properties"}
    written = "".join(
        f'<Relationship Id="{safe(own)}" Type="{kinds.get(kind, f"{_KINDS}/{kind}")}" Target="{safe(target)}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if external else ''}/>"
        for (kind, target, external), own in targets.items()
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{written}</Relationships>'


def _types(media: Iterable[str], *, theme: bool) -> str:
    suffixes = {name.rpartition(".")[2] for name in media}
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    defaults |= {suffix: MEDIA_TYPES[suffix] for suffix in sorted(suffixes)}
    parts = {
        f"/word/{name}.xml": f"{_WORD_TYPES}.{name}+xml" for name in ("styles", "numbering", "settings", "footnotes")
    }
    parts |= {
        "/word/document.xml": f"{_WORD_TYPES}.document.main+xml",
        "/word/header1.xml": f"{_WORD_TYPES}.header+xml",
        "/word/footer1.xml": f"{_WORD_TYPES}.footer+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
        "/customXml/itemProps1.xml": "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    }
    if theme:
        parts["/word/theme/theme1.xml"] = "application/vnd.openxmlformats-officedocument.theme+xml"
    written = "".join(f'<Default Extension="{name}" ContentType="{kind}"/>' for name, kind in defaults.items())
    written += "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">{written}</Types>'


def _settings(language: str) -> str:
    compatible = "http://schemas.microsoft.com/office/word"
    return (
        f'{HEAD}<w:settings xmlns:w="{W}"><w:defaultTabStop w:val="709"/><w:hyphenationZone w:val="425"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/>'
        f'</w:footnotePr><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="{compatible}" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{language}"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
    )


def _app() -> str:
    namespace = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return f'{HEAD}<Properties xmlns="{namespace}"><Application>samrutine</Application></Properties>'


def _core(document: EffectiveDocument, printed: Page, language: str) -> str:
    """Write what every program knows of a document, in the terms of Dublin Core. No person is named."""
    header = document.header
    at = printed.made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
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
    values = "".join(f"<{name}>{safe(value)}</{name}>" for name, value in said if value)
    values += "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{at}</dcterms:{name}>' for name in ("created", "modified")
    )
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{values}</cp:coreProperties>'
    )


def _custom(known: Facts) -> str:
    own = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    values = "".join(
        f'<property fmtid="{_FMTID}" pid="{n}" name="{name}"><vt:lpwstr>{safe(value)}</vt:lpwstr></property>'
        for n, (name, value) in enumerate(known.named(), 2)
    )
    types = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
    return f'{HEAD}<Properties xmlns="{own}" xmlns:vt="{types}">{values}</Properties>'


def _zipped(parts: Mapping[str, str | bytes], made_at: datetime) -> bytes:
    """Pack the parts, all with the document's own time, so that the same document is the same bytes."""
    at = (max(made_at.year, _FIRST_YEAR), made_at.month, made_at.day, made_at.hour, made_at.minute, made_at.second)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, part in parts.items():
            member = zipfile.ZipInfo(name, at)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            archive.writestr(member, part if isinstance(part, bytes) else part.encode("utf-8"), compresslevel=6)
    return written.getvalue()
