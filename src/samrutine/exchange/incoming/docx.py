"""
Word in: our own look at the XML, a plain copy of it for pandoc, and what pandoc passes over.

The copy holds the text, its lists, tables, notes and pictures, and nothing else: no macro, no address to fetch, no
style of the house. What it leaves out is counted or told.
"""

import io
import re
import zipfile
from pathlib import Path
from typing import Final

from samrutine.exchange.incoming import word_changes, word_flatten
from samrutine.exchange.incoming.archive import Archive
from samrutine.exchange.incoming.compare import words_of
from samrutine.exchange.incoming.draft import Draft, Source
from samrutine.exchange.incoming.model import Counts, FileKind, Finding, Limits
from samrutine.exchange.incoming.pandoc import tree
from samrutine.exchange.incoming.word_body import Body
from samrutine.exchange.incoming.word_fields import take_fields_away
from samrutine.exchange.incoming.word_labels import label_items
from samrutine.exchange.incoming.word_lean import lean
from samrutine.exchange.incoming.word_lists import Lists
from samrutine.exchange.incoming.word_margins import margins
from samrutine.exchange.incoming.word_package import (
    OFFICE,
    PACKAGE_RELATIONS,
    Element,
    R,
    W,
    WordPackage,
    usual_prefixes,
)
from samrutine.exchange.incoming.word_pictures import Pictures
from samrutine.exchange.incoming.word_square import square
from samrutine.exchange.incoming.word_strays import straighten
from samrutine.exchange.incoming.word_styles import Styles
from samrutine.exchange.incoming.word_text import paragraphs, text_of

_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_NOTES: Final = ("footnotes", "endnotes")
_NOT_NOTES: Final = frozenset({"separator", "continuationSeparator", "continuationNotice"})
_CHARTED: Final = tuple(f"{{http://schemas.openxmlformats.org/drawingml/2006/{name}" for name in ("main}p", "chart}v"))
_LEANED_ON: Final = ("styles", "numbering", "footnotes", "endnotes", "comments", "header", "footer")
"""Parts that the text says something by, and that are not told of where they are pointed to."""
_BY_NAME = re.compile(rf"/({'|'.join(_LEANED_ON)})\d*\.xml$")
_FETCHED: Final = frozenset({"hyperlink", "image"})
"""What is told of where it stands, as a link or a picture."""


def read_docx(data: bytes, kind: FileKind, name: str, limits: Limits, folder: Path) -> Draft:
    """
    Read a Word document.

    Raises:
        DocumentRefused: It is damaged, or holds what no Word document holds.
    """
    package = WordPackage(Archive(data, name, limits), name)
    draft = Draft(kind, {}, headings_are_settled=True)
    copy = _Copy(package, draft)
    draft.tree = tree(copy.bytes(), "docx", name, folder, limits.seconds)
    draft.pictures = copy.pictures.by_target
    return draft


class _Copy:
    """The plain copy, and what was found on the way to it."""

    def __init__(self, package: WordPackage, draft: Draft) -> None:
        self._package = package
        self._draft = draft
        self.styles = Styles(package.first(package.main, "styles"))
        self.lists = Lists(package.first(package.main, "numbering"))
        self.pictures = Pictures(package)
        self._links: dict[str, str] = {}
        root = package.xml(package.main)
        notes = {kind: package.first(package.main, kind) for kind in _NOTES}
        self._roots: dict[str, Element] = {"document": root, **{k: v for k, v in notes.items() if v is not None}}
        self._look()
        self._make_plain()

    def _look(self) -> None:
        """See what the file holds, before anything in it is touched."""
        draft, package = self._draft, self._package
        document = self._roots["document"]
        for root in self._roots.values():
            word_flatten.choose(root)
        self.body = Body(document, self.styles, self.lists)
        self.body.mark_places()
        draft.findings += self._outside()
        for root in self._roots.values():
            draft.changes += word_changes.changes_in(root)
            draft.changed_lines += word_changes.changed_lines(root)
            draft.findings += word_changes.values_moved(root)
        formats = sum(word_changes.format_changes_in(root) for root in self._roots.values())
        around = margins(package, document)
        draft.changes += around.changes
        if draft.changes:
            draft.findings.append(Finding("changes-accepted", detail=str(len(draft.changes))))
        if formats:
            draft.findings.append(Finding("format-changes", detail=str(formats)))
        comments = package.related(package.main, "comments")
        draft.comments = word_changes.comments_in(document, package.xml(comments[0]) if comments else None)
        if draft.comments:
            draft.findings.append(Finding("comments", detail=str(len(draft.comments))))
        draft.suggested += around.suggested
        draft.findings += around.findings

    def _make_plain(self) -> None:
        draft = self._draft
        for root in self._roots.values():
            draft.findings += straighten(root)
            draft.findings += square(root)
            word_changes.accept_all(root)
            draft.findings += word_flatten.form_fields(root)
            draft.findings += take_fields_away(root)
            draft.findings += label_items(root, self.lists, self.styles)
            self.lists.share_counters(root, self.styles)
        source = Source(lines=self._lines())
        for key, root in self._roots.items():
            draft.findings += word_flatten.controls(root)
            self._put_diagrams(key, root)
            self._name_charts(key, root)
            draft.findings += word_flatten.boxes(root)
            draft.findings += word_flatten.drawings(root, self._part(key))
            hidden = list(word_flatten.looks(root, self.styles))
            draft.findings += hidden
            for one in hidden:
                if one.code == "hidden-text":
                    source.dropped.update(words_of(one.detail))
            word_flatten.tidy(root)
            draft.findings += self.pictures.keep(root)
        draft.findings += self.body.settle()
        draft.title = self.body.title
        source.dropped.update(self.body.dropped)
        for key, root in self._roots.items():
            if key != "document":
                Body(root, self.styles, self.lists).plain_paragraphs()
            self._links_of(key, root)
        lean(self._roots.values(), self.lists)
        source.counts = Counts(
            words=0,
            headings=self.body.headings,
            items=self.body.items,
            cells=_cells(self._roots["document"]),
            pictures=self.pictures.count,
            notes=len(self._notes()),
        )
        draft.source = source

    def _lines(self) -> list[str]:
        """Give the words of each paragraph, of the notes only those that something refers to."""
        lines = [text_of(one) for one in paragraphs(self._roots["document"])]
        return lines + [text_of(one) for note in self._notes() for one in paragraphs(note)]

    def _notes(self) -> list[Element]:
        """Give the notes that the text refers to, in the order in which it does."""
        there = {
            (f"{W}{key.removesuffix('s')}Reference", note.get(f"{W}id")): note
            for key in _NOTES
            if key in self._roots
            for note in self._roots[key].iter(f"{W}{key.removesuffix('s')}")
            if note.get(f"{W}type") not in _NOT_NOTES
        }
        references = (f"{W}{key.removesuffix('s')}Reference" for key in _NOTES)
        named = ((one.tag, one.get(f"{W}id")) for one in self._roots["document"].iter(*references))
        return [there[one] for one in dict.fromkeys(named) if one in there]

    def _part(self, key: str) -> str:
        if key == "document":
            return self._package.main
        return self._package.related(self._package.main, key)[0]

    def _put_diagrams(self, key: str, root: Element) -> None:
        """Put the words of a SmartArt drawing after the paragraph it hangs on."""
        relations = self._package.relations(self._part(key))
        for ids, relation in list(word_flatten.diagrams(root)):
            target = relations.get(relation)
            data = self._package.xml(target.target) if target is not None and not target.external else None
            words = [" ".join("".join(one.itertext()).split()) for one in _points(data)]
            paragraph = next((above for above in ids.iterancestors(f"{W}p")), None)
            if paragraph is None:
                continue
            for line in reversed([line for line in words if line]):
                paragraph.addnext(word_flatten.paragraph_with(paragraph, line))
            self._draft.findings.append(
                Finding("diagram", word_changes.place(paragraph), " / ".join(filter(None, words)))
            )

    def _name_charts(self, key: str, root: Element) -> None:
        """Write the words of a chart on it, so that the report can say them."""
        relations = self._package.relations(self._part(key))
        for chart, relation in word_flatten.charts(root):
            target = relations.get(relation)
            data = self._package.xml(target.target) if target is not None and not target.external else None
            words = [] if data is None else [" ".join("".join(one.itertext()).split()) for one in data.iter(*_CHARTED)]
            chart.set(word_flatten.WORDS, " / ".join(filter(None, words)))

    def _outside(self) -> list[Finding]:
        found: list[Finding] = []
        package = self._package
        for part in sorted(name for name in package.names if name.endswith(".rels")):
            owner = part.replace("_rels/", "").removesuffix(".rels")
            found += [
                Finding("external-relation", detail=f"{relation.kind}: {relation.target}")
                for relation in package.relations(owner).values()
                if relation.external and relation.kind not in _FETCHED
            ]
        if any(name.lower().endswith("vbaproject.bin") for name in package.names):
            found.append(Finding("macros-dropped"))
        found += self._gone()
        for part in package.related(package.main, "glossaryDocument"):
            blocks = package.xml(part)
            words = [] if blocks is None else [" ".join(text_of(one).split()) for one in paragraphs(blocks)]
            if any(words):
                found.append(Finding("building-blocks", detail=" / ".join(filter(None, words))))
        chunks = [one for root in self._roots.values() for one in root.iter(f"{W}altChunk", f"{W}subDoc")]
        return found + [Finding("embedded-document", word_changes.place(one)) for one in chunks]

    def _gone(self) -> list[Finding]:
        """Tell of parts that are pointed to and not there, and of those that are there and nothing points to."""
        package = self._package
        leaned_on = [one for one in package.relations(package.main).values() if one.kind in _LEANED_ON]
        reached = {one.target.lower() for one in leaned_on}
        names = {name.lower() for name in package.names}
        gone = [one.target for one in leaned_on if not one.external and one.target.lower() not in names]
        folder = package.main.rpartition("/")[0].lower()
        gone += [
            name
            for name in sorted(names - reached)
            if name.rpartition("/")[0] == folder and _BY_NAME.search(f"/{name}")
        ]
        for key in _NOTES:
            tag = key.removesuffix("s")
            wanted = {one.get(f"{W}id") for one in self._roots["document"].iter(f"{W}{tag}Reference")}
            there = {one.get(f"{W}id") for one in self._roots[key].iter(f"{W}{tag}")} if key in self._roots else set()
            gone += [f"{key} {one}" for one in sorted(filter(None, wanted - there))]
        return [Finding("part-missing", detail=one) for one in dict.fromkeys(gone)]

    def _links_of(self, key: str, root: Element) -> None:
        relations = self._package.relations(self._part(key))
        for link in root.iter(f"{W}hyperlink"):
            relation = relations.get(link.get(f"{R}id", ""))
            if relation is not None and relation.external:
                new = f"link{len(self._links) + 1}"
                self._links[new] = relation.target
                link.set(f"{R}id", new)

    def bytes(self) -> bytes:
        """Give the copy as a Word file; the same document gives the same bytes."""
        from lxml import etree

        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as made:

            def put(name: str, content: bytes) -> None:
                made.writestr(zipfile.ZipInfo(name), content)

            put("[Content_Types].xml", _types(list(self._roots), numbered=self.lists.root is not None))
            put("_rels/.rels", _relations([("main", "officeDocument", "word/document.xml", False)]))
            relations = [("styles", "styles", "styles.xml", False)]
            put("word/styles.xml", _STYLES)
            if self.lists.root is not None:
                relations.append(("numbering", "numbering", "numbering.xml", False))
                put(
                    "word/numbering.xml",
                    etree.tostring(usual_prefixes(self.lists.root), xml_declaration=True, encoding="UTF-8"),
                )
            shared = [(key, "hyperlink", target, True) for key, target in self._links.items()]
            shared += [(key, "image", target, False) for key, target in self.pictures.relations.items()]
            for key, root in self._roots.items():
                put(f"word/{key}.xml", etree.tostring(usual_prefixes(root), xml_declaration=True, encoding="UTF-8"))
                if key != "document":
                    relations.append((key, key, f"{key}.xml", False))
                    put(f"word/_rels/{key}.xml.rels", _relations(shared))
            put("word/_rels/document.xml.rels", _relations(relations + shared))
            for target in self.pictures.relations.values():
                # Pandoc only has to find a picture where it is named; the bytes stay with us.
                put(f"word/{target}", b"x")
        return held.getvalue()


def _cells(root: Element) -> int:
    """Count the cells, merged ones once: those that only continue the one above are none of their own."""
    merges = (cell.find(f"{W}tcPr/{W}vMerge") for cell in root.iter(f"{W}tc"))
    return sum(1 for merge in merges if merge is None or merge.get(f"{W}val") == "restart")


def _points(data: Element | None) -> list[Element]:
    point = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}t"
    return [] if data is None else list(data.iter(point))


def _types(keys: list[str], *, numbered: bool) -> bytes:
    parts = [(key, f"{key}.main" if key == "document" else key) for key in keys] + [("styles", "styles")]
    parts += [("numbering", "numbering")] if numbered else []
    overrides = "".join(
        f'<Override PartName="/word/{key}.xml" ContentType="{_MAIN}{kind}+xml"/>' for key, kind in parts
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="{rels}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    ).encode()


def _relations(rows: list[tuple[str, str, str, bool]]) -> bytes:
    from lxml import etree

    root = etree.Element(f"{PACKAGE_RELATIONS}Relationships", nsmap={None: PACKAGE_RELATIONS.strip("{}")})
    for key, kind, target, external in rows:
        one = etree.SubElement(root, f"{PACKAGE_RELATIONS}Relationship")
        one.set("Id", key)
        one.set("Type", f"{OFFICE}/{kind}")
        one.set("Target", re.sub(r"[\x00-\x1f]", "", target))
        if external:
            one.set("TargetMode", "External")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _styles() -> bytes:
    space = W.strip("{}")
    styles = [(f"Heading{n}", f"heading {n}") for n in range(1, 10)] + [
        ("Quote", "Quote"),
        ("ListItem", "List Paragraph"),
    ]
    made = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>' for key, name in styles
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><w:styles xmlns:w="{space}">{made}</w:styles>'.encode()


_STYLES: Final = _styles()
