"""
Word files with known truth, built mark by mark.

A `Word` takes what it is told, block by block, and writes beside it what a reader sees. A piece of a paragraph is a
string, or a `Piece` from `word_pieces`, which may show other words than its marks hold.
"""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.support.documents import word_parts as parts
from tests.support.documents.pictures import png
from tests.support.documents.truth import Truth

DAY = (2024, 3, 1, 8, 0, 0)
"""When members of made files are said to be from: the same bytes each time."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Marks inside a paragraph, and the words of them that a reader sees."""

    xml: str
    words: str = ""


def run(text, properties=""):
    """Write text as Word does, in one run."""
    form = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{form}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def packed(members: dict[str, bytes | str], *, stored=False):
    """Put members in a zip with the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, DAY)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()


class Word:
    """A Word file as it grows: its blocks, its other parts, and its truth."""

    def __init__(self, title="", *, property_title=""):
        self._blocks: list[str] = []
        self._relations: list[tuple[str, str, str, bool]] = [
            (f"rId{n}", name, f"{name}.xml", False) for n, name in enumerate(parts.PARTS, 1)
        ]
        self._notes: dict[str, list[str]] = {"footnote": [], "endnote": []}
        self._comments: list[str] = []
        self._edges: dict[str, str] = {}
        self._section = ""
        self._shapes = 0
        self._numbers = 0
        self._property_title = property_title
        self.members: dict[str, bytes | str] = {}
        self.main_type = parts.MAIN_TYPE
        self.more_types = ""
        self.root_marks = ""
        self.truth = Truth(title=title)
        if title:
            self._blocks.append(self._paragraph_xml([title], style="Tittel"))

    # Blocks

    def heading(self, level, text, *, style=None, typed="", properties=""):
        """Add a heading. `typed` is a number that somebody wrote in front of it, which is no part of its words."""
        shown = f"{typed} {text}" if typed else text
        self._blocks.append(self._paragraph_xml([shown], style=style or f"Overskrift{level}", properties=properties))
        self.truth = self.truth.plus(headings=((level, text),), words=(text,))
        return self

    def pretend_heading(self, level, text, *, run_properties="<w:b/>", typed=""):
        """Add a heading that is only made to look like one, in a paragraph without a style."""
        shown = f"{typed} {text}" if typed else text
        self._blocks.append(f"<w:p>{run(shown, run_properties)}</w:p>")
        self.truth = self.truth.plus(headings=((level, text),), words=(text,))
        return self

    def paragraph(self, *pieces, style="", properties=""):
        """Add a paragraph."""
        self._blocks.append(self._paragraph_xml(pieces, style=style, properties=properties))
        self.truth = self.truth.plus(words=(self._words(pieces),))
        return self

    def item(self, level, *pieces, kind=parts.BULLETS, style=""):
        """Add a list item at a level from 1. `kind` is a list of `word_parts`, or None when the style numbers."""
        number = "" if kind is None else f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="{kind}"/></w:numPr>'
        style = style or "Listeavsnitt"
        self._blocks.append(self._paragraph_xml(pieces, style=style, properties=number))
        text = self._words(pieces)
        self.truth = self.truth.plus(items=((level, text),), words=(text,))
        return self

    def another_list(self):
        """Give the key of a numbered list that begins again at one."""
        self._numbers += 1
        return 10 + self._numbers

    def table(self, rows, *, header=True):
        """Add a table of plain cells; the truth is its grid."""
        xml = "".join(self._row_xml(cells, header=header and n == 0) for n, cells in enumerate(rows))
        self._blocks.append(self.table_xml(xml, columns=max(map(len, rows))))
        grid = tuple(tuple(self._words([cell]) for cell in cells) for cells in rows)
        texts = tuple(cell for cells in grid for cell in cells)
        self.truth = self.truth.plus(tables=(grid,), words=texts)
        return self

    def raw(self, xml, *, words=(), **truth):
        """Add marks as they are, with what a reader sees of them."""
        self._blocks.append(xml)
        self.truth = self.truth.plus(words=tuple(words), **truth)
        return self

    def picture(self, alternative="", *, data=None, extension="png"):
        """Add a picture in a paragraph of its own."""
        self._blocks.append(f"<w:p>{self.drawing(alternative, data=data, extension=extension).xml}</w:p>")
        self.truth = self.truth.plus(pictures=(alternative,))
        return self

    # Pieces that need a part of their own

    def drawing(self, alternative="", *, data=None, extension="png"):
        """Give a picture in the line."""
        self._shapes += 1
        name = f"media/image{self._shapes}.{extension}"
        self.members[f"word/{name}"] = png() if data is None else data
        key = self.relation("image", name)
        text = f' descr="{escape(alternative)}"' if alternative else ""
        return Piece(
            '<w:r><w:drawing><wp:inline><wp:extent cx="914400" cy="914400"/>'
            f'<wp:docPr id="{self._shapes}" name="Bilde {self._shapes}"{text}/><a:graphic>'
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
            f'<pic:cNvPr id="{self._shapes}" name="bilde{self._shapes}.{extension}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{key}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="914400" cy="914400"/></a:xfrm>'
            '<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
        )

    def note(self, text, kind="footnote"):
        """Give the mark of a footnote or endnote; its text is in the truth at once."""
        self._notes[kind].append(text)
        number = len(self._notes[kind])
        self.truth = self.truth.plus(notes=(text,), words=(text,))
        return Piece(
            f'<w:r><w:rPr><w:rStyle w:val="Fotnotereferanse"/></w:rPr><w:{kind}Reference w:id="{number}"/></w:r>'
        )

    def comment(self, about, text):
        """Give words with a comment at the edge. The words are the document's, the comment is not."""
        number = len(self._comments)
        self._comments.append(
            f'<w:comment w:id="{number}" w:author="Skribent Oppdiktet" w:date="2024-02-01T10:00:00Z" w:initials="SO">'
            f"<w:p>{run(text)}</w:p></w:comment>"
        )
        return Piece(
            f'<w:commentRangeStart w:id="{number}"/>{run(about)}<w:commentRangeEnd w:id="{number}"/>'
            f'<w:r><w:commentReference w:id="{number}"/></w:r>',
            about,
        )

    def link(self, text, address):
        """Give words that lead somewhere."""
        key = self.relation("hyperlink", address, outside=True)
        self.truth = self.truth.plus(links=(address,))
        return Piece(f'<w:hyperlink r:id="{key}">{run(text)}</w:hyperlink>', text)

    def relation(self, kind, target, *, outside=False):
        """Relate the document to a part of the file, or to what lies outside it; give the key."""
        key = f"rId{len(self._relations) + 1}"
        self._relations.append((key, kind, escape(target, {'"': "&quot;"}), outside))
        return key

    def edge(self, which, xml, *, kind="default"):
        """Give the pages a header or footer (`which`), from blocks as they are."""
        name = f"{which}{len(self._edges) + 1}.xml"
        self._edges[name] = which
        tag = {"header": "hdr", "footer": "ftr"}[which]
        self.members[f"word/{name}"] = f"{parts.HEAD}<w:{tag} {parts.NAMESPACES}>{xml}</w:{tag}>"
        key = self.relation(which, name)
        self._section += f'<w:{which}Reference w:type="{kind}" r:id="{key}"/>'
        return self

    def section_marks(self):
        """Give the marks of the section so far, to end it in the middle of the document; the next begins bare."""
        marks, self._section = self._section, ""
        return f"<w:sectPr>{marks}</w:sectPr>"

    # The file

    def document_xml(self):
        """Write the main part."""
        return (
            f"{parts.HEAD}{self.root_marks}<w:document {parts.NAMESPACES}><w:body>{''.join(self._blocks)}"
            f'<w:sectPr>{self._section}<w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>'
        )

    def parts(self):
        """Give all members of the file, to be packed or spoiled."""
        headers = [name for name, which in self._edges.items() if which == "header"]
        footers = [name for name, which in self._edges.items() if which == "footer"]
        return {
            "[Content_Types].xml": parts.content_types(self.main_type, headers, footers, self.more_types),
            "_rels/.rels": parts.PACKAGE_RELATIONSHIPS,
            "docProps/core.xml": parts.core(escape(self._property_title)),
            "word/document.xml": self.document_xml(),
            "word/_rels/document.xml.rels": parts.relationships(self._relations),
            "word/styles.xml": parts.styles(),
            "word/numbering.xml": parts.numbering(self._numbers),
            "word/footnotes.xml": self._notes_xml("footnote"),
            "word/endnotes.xml": self._notes_xml("endnote"),
            "word/comments.xml": (f"{parts.HEAD}<w:comments {parts.NAMESPACES}>{''.join(self._comments)}</w:comments>"),
            "word/settings.xml": f"{parts.HEAD}<w:settings {parts.NAMESPACES}/>",
            **self.members,
        }

    def made(self):
        """Give the file's bytes."""
        return packed(self.parts())

    # Marks

    @staticmethod
    def table_xml(rows, *, columns):
        """Write a table around rows."""
        grid = '<w:gridCol w:w="2000"/>' * columns
        return (
            '<w:tbl><w:tblPr><w:tblStyle w:val="Tabellrutenett"/><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
        )

    def _row_xml(self, cells, *, header):
        marks = "<w:trPr><w:tblHeader/></w:trPr>" if header else ""
        return f"<w:tr>{marks}{''.join(self.cell_xml(cell) for cell in cells)}</w:tr>"

    def cell_xml(self, content="", *, properties="", blocks=""):
        """Write a cell with a paragraph, or with blocks as they are."""
        inside = blocks or self._paragraph_xml([content])
        return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/>{properties}</w:tcPr>{inside}</w:tc>'

    @staticmethod
    def _paragraph_xml(pieces: Iterable, *, style="", properties=""):
        name = f'<w:pStyle w:val="{style}"/>' if style else ""
        form = f"<w:pPr>{name}{properties}</w:pPr>" if name or properties else ""
        inside = "".join(piece.xml if isinstance(piece, Piece) else run(piece) for piece in pieces)
        return f"<w:p>{form}{inside}</w:p>"

    @staticmethod
    def _words(pieces):
        return "".join(piece.words if isinstance(piece, Piece) else piece for piece in pieces)

    def _notes_xml(self, kind):
        notes = "".join(
            f'<w:{kind} w:id="{number}"><w:p><w:pPr><w:pStyle w:val="Fotnotetekst"/></w:pPr>'
            f"<w:r><w:{kind}Ref/></w:r>{run(' ' + text)}</w:p></w:{kind}>"
            for number, text in enumerate(self._notes[kind], 1)
        )
        return (
            f'{parts.HEAD}<w:{kind}s {parts.NAMESPACES}><w:{kind} w:type="separator" w:id="-1"><w:p><w:r>'
            f'<w:separator/></w:r></w:p></w:{kind}><w:{kind} w:type="continuationSeparator" w:id="0"><w:p><w:r>'
            f"<w:continuationSeparator/></w:r></w:p></w:{kind}>{notes}</w:{kind}s>"
        )
