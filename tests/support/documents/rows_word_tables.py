"""Word: tables, pictures, notes, boxes and fields."""

from dataclasses import replace

from tests.support.documents.pictures import gif
from tests.support.documents.rows_word_text import word
from tests.support.documents.truth import row
from tests.support.documents.word import Piece, Word, run
from tests.support.documents.word_parts import BULLETS
from tests.support.documents.word_pieces import (
    LINE,
    TAB,
    breaks,
    chosen,
    control,
    field,
    old_tick,
    placeholder,
    text_box,
    tick,
)

MERGED, NESTED, FLAT = ("table-merged",), ("table-nested", "cell-flattened"), ("cell-flattened", "table-merged")
EMF = b"\x01\x00\x00\x00\x6c\x00\x00\x00" + b"\0" * 100


def across(w: Word):
    """Add a table whose heading stretches over two columns."""
    wide = w.cell_xml("Temperatur", properties='<w:gridSpan w:val="2"/>')
    lines = [f"{w.cell_xml('Middel')}{wide}", "".join(map(w.cell_xml, ("Insulin", "2 °C", "8 °C")))]
    return _table(w, lines, (("Middel", "Temperatur"), ("Insulin", "2 °C", "8 °C")), columns=3)


def down(w: Word):
    """Add a table whose first cell goes down over two rows."""
    lines = [
        f"{w.cell_xml('Vakt', properties=_RESTART)}{w.cell_xml('Dag')}",
        f"{w.cell_xml('', properties='<w:vMerge/>')}{w.cell_xml('Natt')}",
        f"{w.cell_xml('Leder')}{w.cell_xml('Kontortid')}",
    ]
    return _table(w, lines, (("Vakt", "Dag"), ("Natt",), ("Leder", "Kontortid")), columns=2)


_RESTART = '<w:vMerge w:val="restart"/>'


def both(w: Word):
    """Add a table with a cell that stretches both ways."""
    block = '<w:gridSpan w:val="2"/>'
    lines = [
        f"{w.cell_xml('Dose', properties=block + _RESTART)}{w.cell_xml('Tid')}",
        f"{w.cell_xml('', properties=block + '<w:vMerge/>')}{w.cell_xml('Kl. 8')}",
        "".join(map(w.cell_xml, ("5 mg", "10 mg", "Kl. 20"))),
    ]
    return _table(w, lines, (("Dose", "Tid"), ("Kl. 8",), ("5 mg", "10 mg", "Kl. 20")), columns=3)


def _table(w, lines, grid, *, columns):
    xml = "".join(f"<w:tr>{line}</w:tr>" for line in lines)
    cells = tuple(cell for line in grid for cell in line)
    w.truth = w.truth.plus(exact=False)
    return w.raw(w.table_xml(xml, columns=columns), words=cells, tables=(grid,))


def nested(w: Word, depth=1):
    """Add a table in a cell of a table, as deep as asked."""
    inner = "".join(f"<w:tr>{w.cell_xml(text)}</w:tr>" for text in ("Innerst en", "Innerst to"))
    xml = w.table_xml(inner, columns=1)
    words = ["Innerst en", "Innerst to"]
    for n in range(depth):
        cells = w.cell_xml(f"Lag {n}") + w.cell_xml(blocks=f"{xml}<w:p/>")
        xml = w.table_xml(f"<w:tr>{cells}</w:tr>", columns=2)
        words.insert(0, f"Lag {n}")
    w.truth = w.truth.plus(exact=False)
    return w.raw(xml, words=tuple(words))


def _item_xml(text):
    return f'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{BULLETS}"/></w:numPr></w:pPr>{run(text)}</w:p>'


def _cell_of(w, blocks, words):
    line = w.cell_xml("Utstyr") + w.cell_xml(blocks=blocks)
    head = w.cell_xml("Hva") + w.cell_xml("Hvilket")
    return _table(w, [head, line], (("Hva", "Hvilket"), ("Utstyr", words)), columns=2)


def _large(w, lines, columns=10):
    return w.table([[f"r{line}k{column}" for column in range(columns)] for line in range(lines)])


def _caption(w, text):
    shown = field("SEQ Figur \\* ARABIC", "1")
    xml = w._paragraph_xml(["Figur ", shown, f" {text}"], style="Bildetekst")
    return w.raw(xml, words=(f"Figur 1 {text}",))


def rows():
    """Give the rows."""
    return (
        row(
            "word-tables-simple",
            "Tables of plain cells stay tables",
            word("two by two", lambda w: w.table([["Hvem", "Når"], ["Politi", "Alltid"]])),
            word("empty cells", lambda w: w.table([["Hvem", "Når", "Dato"], ["Politi", "", ""], ["", "Alltid", ""]])),
            word("no header marked", lambda w: w.table([["Hvem", "Når"], ["Politi", "Alltid"]], header=False)),
            word("a bar and a star in cells", lambda w: w.table([["A|B", "*"], ["C", "| D |"]]), has=("A|B",)),
            word("one column", lambda w: w.table([["Politi"], ["Brann"], ["Ambulanse"]])),
        ),
        row(
            "word-tables-merged",
            "Merged cells: every word stays, and it is said that the form is another",
            word("across", across, warns=(MERGED,)),
            word("down", down, warns=(MERGED,)),
            word("both ways", both, warns=(MERGED,)),
        ),
        row(
            "word-tables-nested",
            "A table in a table is flattened, and it is said",
            word("one deep", nested, warns=(NESTED,)),
            word("two deep", lambda w: nested(w, 2), warns=(NESTED,)),
            word("five deep", lambda w: nested(w, 5), warns=(NESTED,)),
        ),
        row(
            "word-tables-with-blocks",
            "Lists, paragraphs and breaks in cells",
            word(
                "a list",
                lambda w: _cell_of(w, _item_xml("Hansker") + _item_xml("Frakk"), "Hansker Frakk"),
                warns=(FLAT,),
            ),
            word(
                "paragraphs",
                lambda w: _cell_of(w, f"<w:p>{run('Hansker.')}</w:p><w:p>{run('Frakk.')}</w:p>", "Hansker. Frakk."),
            ),
            word(
                "a line break",
                lambda w: _cell_of(w, f"<w:p>{run('Hansker')}{LINE.xml}{run('Frakk')}</w:p>", "Hansker Frakk"),
            ),
            word(
                "a tab", lambda w: _cell_of(w, f"<w:p>{run('Hansker')}{TAB.xml}{run('Frakk')}</w:p>", "Hansker Frakk")
            ),
        ),
        row(
            "word-tables-as-boxes",
            "A table of one cell, drawn to put a frame around words",
            word("one cell", lambda w: _boxed(w, "Ring 113 ved fare for liv."), warns=()),
            word("one cell between", lambda w: _boxed(w.paragraph("Først."), "Ikke flytt pasienten.").paragraph("Så.")),
            word("one wide row", lambda w: w.table([["Rutine", "Versjon 2"]], header=False)),
        ),
        row(
            "word-tables-large",
            "Large tables come whole and in time",
            word("500 cells", lambda w: _large(w, 50)),
            word("wide", lambda w: _large(w, 4, 40)),
            word("10,000 cells", lambda w: _large(w, 1000), slow=True),
        ),
        row(
            "word-pictures",
            "Pictures come along with their alternative text, or it is said that they have none",
            word("with a text", lambda w: w.paragraph("Se:").picture("Alarmknappen sitter ved døren")),
            word("without", lambda w: w.paragraph("Se:").picture(), warns=(("picture-without-text",),)),
            word("two alike", lambda w: w.picture("Knapp en").paragraph("og").picture("Knapp to")),
            word("two of one file", _one_file_twice),
            word("in a line", lambda w: w.paragraph("Trykk ", _drawn(w, "Knapp"), " hardt.")),
            word("in a cell", _picture_in_cell),
            word("a moving one", lambda w: w.picture("Pil", data=gif(), extension="gif"), warns=()),
        ),
        row(
            "word-pictures-odd",
            "A picture we cannot show is named",
            word(
                "of Windows",
                lambda w: w.paragraph("Se:").picture("Flyt", data=EMF, extension="emf"),
                warns=(("picture-format", "picture-unreadable"),),
            ),
            word(
                "empty",
                lambda w: _forget_pictures(w.paragraph("Se:").picture("Flyt", data=b"")),
                warns=(("picture-unreadable", "picture-format", "pictures-missing"),),
            ),
            word(
                "says png, is none",
                lambda w: _forget_pictures(w.paragraph("Se:").picture("Flyt", data=b"<html>ikke et bilde</html>")),
                warns=(("picture-unreadable", "picture-format", "pictures-missing"),),
            ),
            word(
                "not in the file",
                lambda w: _forget_pictures(_without_media(w.paragraph("Se:").picture("Flyt"))),
                warns=(("picture-unreadable", "part-missing", "picture-elsewhere", "pictures-missing"),),
            ),
        ),
        row(
            "word-captions",
            "Captions and what counts them",
            word(
                "of a picture", lambda w: _caption(w.picture("Knappen"), "Alarmknappen"), has=("Figur 1 Alarmknappen",)
            ),
            word("of a table", lambda w: _caption(w.table([["A", "B"], ["C", "D"]]), "Vakter")),
            word("in a text box", lambda w: w.picture("Knappen").paragraph(text_box("Figur 1 Alarmknappen"))),
        ),
        row(
            "word-notes",
            "Footnotes and endnotes stand as notes",
            word("foot", lambda w: w.paragraph("Leder har ansvaret", w.note("Etter arbeidsmiljøloven."), ".")),
            word(
                "end", lambda w: w.paragraph("Leder har ansvaret", w.note("Etter arbeidsmiljøloven.", "endnote"), ".")
            ),
            word(
                "both",
                lambda w: w.paragraph("En", w.note("Første fotnote")).paragraph(
                    "To", w.note("Første sluttnote", "endnote")
                ),
            ),
            word(
                "in a cell", lambda w: w.table([["Hvem", "Når"], [w_note(w, "Leder", "Eller stedfortreder"), "Alltid"]])
            ),
            word(
                "many", lambda w: [w.paragraph(f"Punkt {n}", w.note(f"Note nummer {n}")) for n in range(30)][-1] and w
            ),
        ),
        row(
            "word-text-boxes",
            "Text boxes, which pandoc often leaves out: their words stand once, and it is said",
            word(
                "both branches",
                lambda w: w.paragraph("Før ").paragraph(text_box("Ring 113 først")),
                warns=(("text-box",),),
            ),
            word(
                "new alone",
                lambda w: w.paragraph(text_box("Ring 113", "Så 112", branches="new")),
                warns=(("text-box",),),
            ),
            word("old alone", lambda w: w.paragraph(text_box("Ring 113", branches="old")), warns=(("text-box",),)),
            word(
                "beside words",
                lambda w: w.paragraph("Les dette. ", text_box("Ring 113"), " Og dette."),
                ordered=False,
                warns=(("text-box",),),
            ),
        ),
        row(
            "word-controls",
            "Content controls: what was filled in is text",
            word(
                "in the line",
                lambda w: w.paragraph("Ansvarlig: ", control("sykepleier")),
                has=("Ansvarlig: sykepleier",),
            ),
            word(
                "around a paragraph",
                lambda w: w.raw(control("Egen tekst", inside_block=True).xml, words=("Egen tekst",)),
            ),
            word("a choice", lambda w: w.paragraph("Sone ", chosen("nord", ["nord", "sør"])), has=("Sone nord",)),
            word("around a table", _controlled_table),
            word("not filled in", lambda w: w.paragraph("Navn: ", placeholder())),
        ),
        row(
            "word-boxes",
            "Check boxes: ticked is ticked, empty is empty",
            word(
                "of Word",
                lambda w: w.paragraph(tick(True, text="Informert")).paragraph(tick(False, text="Tolk bestilt")),
                boxes=((True, "Informert"), (False, "Tolk bestilt")),
            ),
            word(
                "of old forms",
                lambda w: w.paragraph(old_tick(True, "Informert")).paragraph(old_tick(False, "Tolk bestilt")),
                boxes=((True, "Informert"), (False, "Tolk bestilt")),
            ),
            word(
                "typed",
                lambda w: w.paragraph("☒ Informert").paragraph("☐ Tolk bestilt"),
                boxes=((True, "Informert"), (False, "Tolk bestilt")),
            ),
            word(
                "in cells",
                lambda w: w.table([["Ja", "Nei"], [tick(True, text="Informert"), tick(False, text="Tolk")]]),
                boxes=((True, "Informert"), (False, "Tolk")),
            ),
        ),
        row(
            "word-fields",
            "Fields: what Word last showed is text, what it computes from is not",
            word("page", lambda w: w.paragraph("Side ", field("PAGE", "3")), lacks=("PAGE",)),
            word(
                "date",
                lambda w: w.paragraph("Dato ", field("DATE", "1.3.2024", simple=True)),
                has=("1.3.2024",),
                lacks=("DATE",),
            ),
            word(
                "reference",
                lambda w: w.paragraph("Se ", field("REF _Ref1 \\h", "punkt 4")),
                has=("punkt 4",),
                lacks=("_Ref1",),
            ),
            word(
                "link",
                lambda w: w.paragraph(field('HYPERLINK "https://provevik.example/a"', "Veilederen")),
                has=("Veilederen",),
            ),
        ),
        row(
            "word-contents",
            "A list of contents is made anew from the headings; the old one goes, and it is said",
            word(
                "by a field",
                lambda w: _contents(w, boxed=False),
                warns=(("contents-list-dropped",),),
                lacks=("Formål 3",),
            ),
            word(
                "in a control",
                lambda w: _contents(w, boxed=True),
                warns=(("contents-list-dropped",),),
                lacks=("Formål 3",),
            ),
            word("a real table named so", lambda w: w.heading(1, "Innhold").paragraph("Pakken inneholder hansker.")),
        ),
        row(
            "word-breaks",
            "Pages, columns, sections and tabs part words and take none",
            word("page", lambda w: w.paragraph("Før", breaks(), "etter").paragraph("Slutt"), has=("Før etter",)),
            word("column", lambda w: w.paragraph("Venstre", breaks("column"), "høyre")),
            word("section", lambda w: w.paragraph("Del en", properties=w.section_marks()).paragraph("Del to")),
            word(
                "tabs", lambda w: w.paragraph("Politi", TAB, "112").paragraph("Brann", TAB, "110"), has=("Politi 112",)
            ),
            word("line", lambda w: w.paragraph("Ring 112", LINE, "Ring 113"), has=("Ring 112 Ring 113",)),
        ),
    )


def w_note(w, text, note):
    """Give words with a note as one piece."""
    return Piece(run(text) + w.note(note).xml, text)


def _drawn(w, alternative):
    w.truth = w.truth.plus(pictures=(alternative,))
    return w.drawing(alternative)


def _one_file_twice(w):
    # As Word does with a picture that is copied in the document.
    w.picture("Knapp ved døren").paragraph("og")
    again = w.drawing("Knapp ved senga").xml
    again = again.replace(f'r:embed="rId{len(w._relations)}"', f'r:embed="rId{len(w._relations) - 1}"')
    del w.members["word/media/image2.png"]
    w._relations.pop()
    return w.raw(f"<w:p>{again}</w:p>", pictures=("Knapp ved senga",))


def _picture_in_cell(w):
    return w.table([["Hva", "Hvordan"], ["Knapp", _drawn(w, "Knappen sett fra siden")]])


def _forget_pictures(w):
    w.truth = replace(w.truth, pictures=())
    return w


def _without_media(w):
    w.members = {name: data for name, data in w.members.items() if "media/" not in name}
    return w


def _boxed(w, text):
    return w.raw(w.table_xml(f"<w:tr>{w.cell_xml(text)}</w:tr>", columns=1), words=(text,))


def _controlled_table(w):
    table = w.table_xml("".join(f"<w:tr>{w.cell_xml(a)}{w.cell_xml(b)}</w:tr>" for a, b in ("AB", "CD")), columns=2)
    grid = (("A", "B"), ("C", "D"))
    return w.raw(f"<w:sdt><w:sdtPr/><w:sdtContent>{table}</w:sdtContent></w:sdt>", words=tuple("ABCD"), tables=(grid,))


def _contents(w, *, boxed):
    lines = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="INNH1"/></w:pPr>{begin}{run(text)}{TAB.xml}{run(page)}{end}</w:p>'
        for text, page, begin, end in (
            ("Formål", "3", _BEGIN, ""),
            ("Ansvar", "4", "", '<w:r><w:fldChar w:fldCharType="end"/></w:r>'),
        )
    )
    if boxed:
        gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
        lines = f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{lines}</w:sdtContent></w:sdt>"
    return w.raw(lines).heading(1, "Formål").paragraph("Tekst.").heading(1, "Ansvar").paragraph("Leder.")


_BEGIN = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-3" </w:instrText>'
    '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
