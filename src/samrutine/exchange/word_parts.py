"""What every Word file of ours is packed of: relations, types of parts, settings, properties, footnotes, the archive itself."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from samrutine.exchange.word_pictures import MEDIA_TYPES
from samrutine.exchange.word_xml import HEAD, NAMESPACES, W, safe

_KINDS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPES: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_FIRST_YEAR: Final = 1980
"""The first that a zip archive knows."""
_FMTID: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


def footnotes(notes: Iterable[str]) -> str:
    """Write the part of footnotes, with the lines that Word draws above them."""
    lines = "".join(
        f'<w:footnote w:type="{name}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0"/></w:pPr><w:r><w:{sign}/></w:r></w:p>'
        "</w:footnote>"
        for name, number, sign in (
            ("separator", -1, "separator"),
            ("continuationSeparator", 0, "continuationSeparator"),
        )
    )
    return f"{HEAD}<w:footnotes {NAMESPACES}>{lines}{''.join(notes)}</w:footnotes>"


def relations(targets: Mapping[tuple[str, str, bool], str]) -> str:
    """Write what a part refers to: kind, target and whether it is outside the file, by its id."""
    kinds = {"core": f"{_PACKAGE}/relationships/metadata/core-properties"}
    written = "".join(
        f'<Relationship Id="{safe(own)}" Type="{kinds.get(kind, f"{_KINDS}/{kind}")}" Target="{safe(target)}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if external else ''}/>"
        for (kind, target, external), own in targets.items()
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{written}</Relationships>'


def content_types(media: Iterable[str], *, theme: bool, item: bool, sections: int = 1) -> str:
    """
    Write which kind each part is of.

    Args:
        sections: How many there are with a head and a foot of their own.
    """
    suffixes = {name.rpartition(".")[2] for name in media}
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    defaults |= {suffix: MEDIA_TYPES[suffix] for suffix in sorted(suffixes)}
    parts = {
        f"/word/{name}.xml": f"{_WORD_TYPES}.{name}+xml" for name in ("styles", "numbering", "settings", "footnotes")
    }
    parts |= {
        "/word/document.xml": f"{_WORD_TYPES}.document.main+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    }
    for number in range(1, sections + 1):
        parts |= {f"/word/{name}{number}.xml": f"{_WORD_TYPES}.{name}+xml" for name in ("header", "footer")}
    if item:
        parts["/customXml/itemProps1.xml"] = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    if theme:
        parts["/word/theme/theme1.xml"] = "application/vnd.openxmlformats-officedocument.theme+xml"
    written = "".join(f'<Default Extension="{name}" ContentType="{kind}"/>' for name, kind in defaults.items())
    written += "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">{written}</Types>'


def settings(language: str) -> str:
    """Write how Word behaves."""
    compatible = "http://schemas.microsoft.com/office/word"
    return (
        f'{HEAD}<w:settings xmlns:w="{W}"><w:defaultTabStop w:val="709"/><w:hyphenationZone w:val="425"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/>'
        f'</w:footnotePr><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="{compatible}" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{language}"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
    )


def app() -> str:
    """Write which program made it."""
    namespace = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return f'{HEAD}<Properties xmlns="{namespace}"><Application>samrutine</Application></Properties>'


def core(said: Iterable[tuple[str, str]], made_at: datetime) -> str:
    """Write what every program knows of a document, in the terms of Dublin Core. No person is named."""
    at = made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    values = "".join(f"<{name}>{safe(value)}</{name}>" for name, value in said if value)
    values += "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{at}</dcterms:{name}>' for name in ("created", "modified")
    )
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{values}</cp:coreProperties>'
    )


def custom(named: Iterable[tuple[str, str]]) -> str:
    """Write our own properties."""
    own = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
    values = "".join(
        f'<property fmtid="{_FMTID}" pid="{n}" name="{name}"><vt:lpwstr>{safe(value)}</vt:lpwstr></property>'
        for n, (name, value) in enumerate(named, 2)
    )
    types = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
    return f'{HEAD}<Properties xmlns="{own}" xmlns:vt="{types}">{values}</Properties>'


def zipped(parts: Mapping[str, str | bytes], made_at: datetime) -> bytes:
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
