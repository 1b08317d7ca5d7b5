"""
A handbook as Word: for those who put it into a file of their own. Contents, each routine under its own control header.

A handbook that somebody changed does not come back: proposals are made from a routine's own file, which its text lies in.
"""

from itertools import chain
from typing import Final

from samrutine.adoptions.effective import effective_digest
from samrutine.adoptions.paper import Handbook
from samrutine.exchange.facts import facts
from samrutine.exchange.handbook import Cover, cover, pages
from samrutine.exchange.page import Page
from samrutine.exchange.phrases import Phrases
from samrutine.exchange.within import place_of, placed
from samrutine.exchange.word_around import above, across, below, page_foot, page_head, page_number, word_language
from samrutine.exchange.word_body import BodyWriter, Relations, section_bookmark
from samrutine.exchange.word_look import LANGUAGE, own_reference
from samrutine.exchange.word_parts import app, content_types, core, custom, footnotes, settings, zipped
from samrutine.exchange.word_parts import relations as relations_of
from samrutine.exchange.word_styles import CONTROL, FOOTER, HEADER, LINK, STATUS, TITLE
from samrutine.exchange.word_xml import HEAD, NAMESPACES, PLAIN, Form, Weight, paragraph, run
from samrutine.procedures.model import ProcedureId

_THIN: Final = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
"""A section ends with a paragraph; one that takes no room makes no empty page."""


def render(handbook: Handbook, *, copy: bool = False) -> bytes:
    """Write a handbook as Word (.docx). The same handbook gives the same bytes."""
    say = Phrases(handbook.language)
    among = placed(pages(handbook, copy=copy), deeper=1)
    look = own_reference()
    keys = chain.from_iterable(one.headings for one in among)
    places = (place_of(ProcedureId(one.procedure_id)) for one in among)
    writer = BodyWriter(look.sheet, say, (), frozenset(chain((heading.key for heading in keys), places)))
    first = cover(handbook, say)
    relations = writer.relations
    # A page that came loose says which routine and version it is of: each has a section, with a head and foot of its own.
    texts = [_cover(first, among, writer, say), *(_routine(one, writer) for one in among)]
    sections = [_section(number, look.page, relations) for number in range(1, len(texts) + 1)]
    ended = [f"<w:p><w:pPr>{_THIN}{section}</w:pPr></w:p>" for section in sections[:-1]]
    body = "".join(text + end for text, end in zip(texts, [*ended, sections[-1]], strict=True))
    header, footer = look.sheet.id(HEADER), look.sheet.id(FOOTER)
    mark = next((one.mark for one in among if one.mark), None)
    margins = {"word/header1.xml": _head(first, mark, header), "word/footer1.xml": _foot(first, say, footer)}
    for number, (one, document) in enumerate(zip(among, handbook.documents, strict=True), start=2):
        title = run(one.title, Weight(language=word_language(one.text_language)))
        margins[f"word/header{number}.xml"] = page_head(one, header, title=title)
        margins[f"word/footer{number}.xml"] = page_foot(one, facts(document, one), footer, alone=False)
    for kind in ("styles", "numbering", "settings", "footnotes"):
        relations.to(kind, f"{kind}.xml")
    of_notes = Relations({key: value for key, value in relations.targets.items() if key[0] in {"hyperlink", "image"}})
    language = word_language(say.language.value)
    made_at = max(one.made_at for one in among)
    listed = " ".join(
        f"{one.header.procedure_id}/{one.header.version}/{effective_digest(one)}" for one in handbook.documents
    )
    said = (
        ("dc:title", first.title), ("dc:subject", say("handbook.title")), ("dc:creator", first.owner or "samrutine"),
        ("dc:description", " ".join(first.lines)), ("dc:identifier", first.file), ("dc:language", language),
    )  # fmt: skip
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(writer.media, theme=False, item=False, sections=len(sections)),
        "_rels/.rels": relations_of({
            ("officeDocument", "word/document.xml", False): "rId1",
            ("extended-properties", "docProps/app.xml", False): "rId2",
            ("custom-properties", "docProps/custom.xml", False): "rId3",
            ("core", "docProps/core.xml", False): "rId4",
        }),
        "docProps/app.xml": app(),
        "docProps/core.xml": core(said, made_at),
        "docProps/custom.xml": custom([("samrutine.routines", listed)]),
        "word/document.xml": f"{HEAD}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations_of(relations.targets),
        "word/footnotes.xml": footnotes(writer.footnotes),
        "word/_rels/footnotes.xml.rels": relations_of(of_notes.targets),
        "word/numbering.xml": writer.numbering.xml(),
        "word/settings.xml": settings(language),
        "word/styles.xml": look.sheet.xml.replace(LANGUAGE, f'w:lang w:val="{language}"', 1),
        **margins,
        **{f"word/media/{name}": data for name, data in sorted(writer.media.items())},
    }  # fmt: skip
    return zipped(parts, made_at)


def _cover(first: Cover, among: tuple[Page, ...], writer: BodyWriter, say: Phrases) -> str:
    sheet = writer.sheet
    demo = next((one.demo for one in among if one.demo), None)
    parts = [paragraph(run(told), Form(style=sheet.id(STATUS))) for told in (demo, first.owner) if told]
    parts.append(paragraph(run(first.title), Form(style=sheet.id(TITLE))))
    parts += [paragraph(run(line)) for line in first.lines]
    parts.append(paragraph(run(first.note), Form(style=sheet.id(CONTROL))))
    parts.append(paragraph(run(say("page.contents")), Form(style=sheet.id(STATUS))))
    parts.append(_contents(among, writer))
    return "".join(parts)


def _contents(among: tuple[Page, ...], writer: BodyWriter) -> str:
    """Write the contents as links, in the field that Word makes contents anew from, with the pages it finds."""
    weight = Weight(writer.sheet.id(LINK))
    entries = [
        f'<w:hyperlink w:anchor="{section_bookmark(place_of(ProcedureId(one.procedure_id)))}" w:history="1">'
        f"{run(one.title, weight)}</w:hyperlink>"
        for one in among
    ]
    entries[0] = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-1" \\h \\z </w:instrText>'
        f'</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{entries[0]}'
    )
    entries[-1] += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    return "".join(paragraph(one) for one in entries)


def _routine(one: Page, writer: BodyWriter) -> str:
    writer.notes = one.notes
    number, name = writer.number(), section_bookmark(place_of(ProcedureId(one.procedure_id)))
    mark = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{run(one.title)}<w:bookmarkEnd w:id="{number}"/>'
    title = paragraph(mark, Form(style=writer.sheet.id("heading 1")))
    before = above(one, writer, title)
    writer.in_language("" if one.language == one.text_language else word_language(one.text_language))
    text = writer.blocks(one.body)
    writer.in_language("")
    return f"{before}{text}{below(one, writer)}"


def _section(number: int, page: str, relations: Relations) -> str:
    head, foot = relations.to("header", f"header{number}.xml"), relations.to("footer", f"footer{number}.xml")
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="{head}"/><w:footerReference w:type="default" r:id="{foot}"/>'
        f"{page}</w:sectPr>"
    )


def _head(first: Cover, mark: str | None, style: str) -> str:
    """Write the head of the first page, and across it what the file must not be taken for."""
    content = f"{across(mark) if mark else ''}{run(first.title)}"
    return f"{HEAD}<w:hdr {NAMESPACES}>{paragraph(content, Form(style=style))}</w:hdr>"


def _foot(first: Cover, say: Phrases, style: str) -> str:
    content = f"{run(first.lines[0] + chr(9))}{page_number(say, PLAIN)}"
    return f"{HEAD}<w:ftr {NAMESPACES}>{paragraph(content, Form(style=style))}</w:ftr>"
