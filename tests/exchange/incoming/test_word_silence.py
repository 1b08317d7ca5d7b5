"""Word in: what Word shows by other marks than words in a row is kept, or named in the report."""

import pytest

from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document
from tests.support.documents import word_parts as parts
from tests.support.documents.word import Piece, Word, run
from tests.support.documents.word_pieces import text_box


@pytest.fixture
def read(tmp_path):
    """Read a Word file in this process."""
    return lambda word: open_document(word.made(), "rutine.docx", Limits(), tmp_path)


def codes(incoming):
    """Give the codes of the findings."""
    return [one.code for one in incoming.findings]


def para(inner, properties=""):
    """Write a paragraph as Word does."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def cell(text, properties="", about=""):
    """Write a cell of one paragraph."""
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{para(run(text) if text else '', properties)}</w:tc>"


END_DELETED = '<w:rPr><w:del w:id="90" w:author="Skribent Oppdiktet"/></w:rPr>'


class TestDeletedEnds:
    @pytest.mark.parametrize(
        "wrapped",
        [
            "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
            '<w:smartTag w:uri="x" w:element="y">{}</w:smartTag>',
            '<w:customXml w:element="y">{}</w:customXml>',
            '<w:fldSimple w:instr=" REF x ">{}</w:fldSimple>',
        ],
    )
    def test_words_in_a_wrapper_go_to_the_next_paragraph(self, read, wrapped):
        """
        «Gi ikke» in a content control vanished with the end of its paragraph, and «insulin 5 IE» was left.
        """
        word = Word().raw(para(wrapped.format(run("Gi ikke ")), END_DELETED)).raw(para(run("insulin 5 IE")))

        came = read(word)

        assert came.markdown == "Gi ikke insulin 5 IE\n"
        assert [(one.kind.value, one.text) for one in came.changes] == [("deleted", "¶")]

    def test_a_deleted_paragraph_leaves_nothing_and_no_end_is_told(self, read):
        """
        What is told of it is its words.
        """
        gone = '<w:del w:id="91" w:author="Skribent Oppdiktet"><w:r><w:delText>Gi 5 mg</w:delText></w:r></w:del>'
        came = read(Word().raw(para(gone, END_DELETED)).raw(para(run("Ring 113"))))

        assert came.markdown == "Ring 113\n"
        assert [one.text for one in came.changes] == ["Gi 5 mg"]

    def test_what_nobody_deleted_in_a_deleted_cell_is_told(self, read):
        """
        The cell goes with all of it, and only the words that were deleted one by one were listed.
        """
        part = '<w:del w:id="92" w:author="Skribent Oppdiktet"><w:r><w:delText>5 mg</w:delText></w:r></w:del>'
        gone_cell = f'<w:tc><w:tcPr><w:cellDel w:id="93"/></w:tcPr>{para(part + run("ikke barn"))}</w:tc>'
        rows = f"<w:tr>{cell('Dose')}{cell('Merknad')}</w:tr><w:tr>{cell('voksen')}{gone_cell}</w:tr>"
        came = read(Word().raw(Word.table_xml(rows, columns=2)).raw(para(run("Ring 113"))))

        assert "ikke barn" in [one.text for one in came.changes]


class TestContents:
    def test_a_style_called_contents_holds_text(self, read):
        """
        «Innhold» is what a house calls its body text too, and «Gi ikke insulin» went with it.
        """
        word = Word().heading(1, "Tiltak")
        for text in ("Gi ikke insulin ved lavt blodsukker.", "Ring alltid lege først.", "Høyst 38.5"):
            word.raw(para(run(text), '<w:pStyle w:val="Innhold"/>'))

        came = read(word)

        assert came.markdown == (
            "## Tiltak\n\nGi ikke insulin ved lavt blodsukker.\n\nRing alltid lege først.\n\nHøyst 38.5\n"
        )
        assert "contents-list-dropped" not in codes(came)

    @pytest.mark.parametrize("style", ["Innhold1", "INNH1"])
    def test_an_entry_with_its_page_is_left_out_and_its_words_are_told(self, read, style):
        """
        What was taken for the list of contents is shown, so that a person sees a sentence that was none.
        """
        word = Word().raw(para(run("Tiltak ...... 3"), f'<w:pStyle w:val="{style}"/>'))

        came = read(word.heading(1, "Tiltak").paragraph("Ring 113."))

        assert came.markdown == "## Tiltak\n\nRing 113.\n"
        assert [one.detail for one in came.findings if one.code == "contents-list-dropped"] == ["Tiltak ...... 3"]


def numbered(*levels):
    """Give a Word file whose lists, from number 1, have one level each of these marks."""
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{n}"><w:lvl w:ilvl="0"><w:start w:val="1"/>{level}</w:lvl></w:abstractNum>'
        for n, level in enumerate(levels)
    )
    nums = "".join(f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n, _ in enumerate(levels))
    word = Word()
    word.members["word/numbering.xml"] = f"{parts.HEAD}<w:numbering {parts.NAMESPACES}>{kinds}{nums}</w:numbering>"
    return word


def in_list(number):
    """Write that a paragraph is an item."""
    return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'


def marked(form, text, font=""):
    """Write what stands before the items of a list."""
    fonts = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr>' if font else ""
    return f'<w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{fonts}'


class TestLabels:
    def test_ticks_and_crosses_stay(self, read):
        """
        A list of what is right and one of what is wrong were one list of dots.
        """
        word = numbered(marked("bullet", "\uf0fc", "Wingdings"), marked("bullet", "\uf0fb", "Wingdings"))
        for text, number in (("Håndvask", 1), ("Ringer og klokke", 2), ("Gelnegler", 2)):
            word.raw(para(run(text), in_list(number)))

        came = read(word)

        assert came.markdown.split("\n")[:1] == ["- [x] Håndvask"]
        assert "- ✗ Ringer og klokke\n" in came.markdown
        assert "- ✗ Gelnegler\n" in came.markdown
        assert [one.detail for one in came.findings if one.code == "list-label"] == ["✓", "✗"]
        assert came.readings == ()

    @pytest.mark.parametrize(
        ("mark", "shown"),
        [
            (marked("bullet", "IKKE"), ("- IKKE gi insulin", "- IKKE gi sukker")),
            (marked("none", "ADVARSEL – IKKE:"), ("ADVARSEL – IKKE: gi insulin", "ADVARSEL – IKKE: gi sukker")),
            (marked("decimal", "Fase %1:"), ("1. Fase 1: gi insulin", "2. Fase 2: gi sukker")),
            (marked("upperRoman", "Trinn %1"), ("Trinn I gi insulin", "Trinn II gi sukker")),
        ],
    )
    def test_words_before_the_items_stay(self, read, mark, shown):
        """
        «IKKE» as the mark of a list was gone, and the list said the opposite.
        """
        word = numbered(mark).raw(para(run("gi insulin"), in_list(1))).raw(para(run("gi sukker"), in_list(1)))

        came = read(word)

        assert [line for line in shown if line not in came.markdown] == []
        assert codes(came).count("list-label") == 1
        assert came.readings == ()

    @pytest.mark.parametrize(
        "mark",
        [
            *(marked("bullet", sign) for sign in "•–-o→"),
            *(marked("bullet", sign, "Wingdings") for sign in "\uf0a7\uf0d8\uf076"),
            *(marked("bullet", "\uf0b7", font) for font in ("Symbol", "")),
            *(marked("decimal", text) for text in ("%1.", "%1)", "(%1)")),
        ],
    )
    def test_dots_and_numbers_are_marks_and_no_words(self, read, mark):
        """
        The plain lists of every house come in as before.
        """
        came = read(numbered(mark).raw(para(run("gi sukker"), in_list(1))).raw(para(run("ring lege"), in_list(1))))

        assert [line[2:].strip() for line in came.markdown.splitlines()] == ["gi sukker", "ring lege"]
        assert {"list-label", "symbol-unknown"}.isdisjoint(codes(came))

    def test_numbers_of_cells_that_hold_nothing_else_stay(self, read):
        """
        «Gå til punkt 1» led to a column of empty cells.
        """
        rows = "".join(
            f"<w:tr>{cell('', in_list(1))}{cell(text)}</w:tr>" for text in ("Ring 113", "Start HLR", "Gå til punkt 1")
        )
        word = numbered(marked("decimal", "%1."))
        head = f"<w:tr>{cell('Nr')}{cell('Tiltak')}</w:tr>"
        came = read(word.raw(Word.table_xml(head + rows, columns=2)).raw(para(run("Se punkt 2."))))

        lines = [line for line in came.markdown.splitlines() if line.startswith("|")]
        assert [line.split("|")[1].strip().strip("\\.") for line in lines[2:]] == ["1", "2", "3"]
        assert came.readings == ()

    def test_an_item_after_such_cells_has_its_own_number(self, read):
        """
        Two numbers that are written are two that the list does not count itself.
        """
        cells = (cell("", in_list(1)), cell("", in_list(1)), cell("Varm", in_list(1)))
        rows = "".join(f"<w:tr>{one}{cell('Ring')}</w:tr>" for one in cells)
        word = numbered(marked("decimal", "%1.")).raw(Word.table_xml(rows, columns=2))

        came = read(word.raw(para(run("Etter"), in_list(1))))

        assert "| 3. Varm " in came.markdown.replace("\\", "")
        assert came.markdown.replace("\\", "").endswith("\n4. Etter\n")


def mark(kind):
    """Write a mark of a field."""
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def told(words):
    """Write what a field is told."""
    return f'<w:r><w:instrText xml:space="preserve">{words}</w:instrText></w:r>'


class TestFields:
    @pytest.mark.parametrize(
        ("field", "shown"),
        [
            (' SYMBOL 179 \\f "Symbol" ', "Temp ≥ 38"),
            (" SYMBOL 163 \\f Symbol \\s 12", "Temp ≤ 38"),
            (" SYMBOL 0x2265 ", "Temp ≥ 38"),
            (" MACROBUTTON NoMacro Gi IKKE ", "Temp Gi IKKE 38"),
            (' XE "feber" ', "Temp  38"),
        ],
    )
    def test_what_a_field_shows_of_what_it_is_told_stays(self, read, field, shown):
        """
        «Hvis temp ≥ 38» was «Hvis temp 38».
        """
        field = field.replace('"', "&quot;")
        complex_ = read(Word().raw(para(run("Temp ") + mark("begin") + told(field) + mark("end") + run(" 38"))))
        simple = read(Word().raw(para(f'{run("Temp ")}<w:fldSimple w:instr="{field}"/>{run(" 38")}')))

        for came in (complex_, simple):
            assert came.markdown.split() == shown.split()
            assert (came.readings, came.must_be_looked_at) == ((), False)

    def test_a_sign_without_words_of_its_own_stays(self, read):
        """
        Word keeps an empty run in the sign's font as what such a field shows.
        """
        empty = '<w:r><w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/></w:rPr></w:r>'
        field = mark("begin") + told(" SYMBOL 163 \\f Symbol ") + mark("separate") + empty + mark("end")

        assert read(Word().raw(para(run("Temp ") + field + run(" 8")))).markdown == "Temp ≤ 8\n"

    def test_the_words_of_a_button_stay_where_nothing_else_is_shown(self, read):
        """
        Some programs write that it shows something, and then nothing.
        """
        field = mark("begin") + told(" MACROBUTTON NoMacro Gi IKKE ") + mark("separate") + mark("end")

        assert read(Word().raw(para(run("Temp ") + field + run(" 8")))).markdown == "Temp Gi IKKE 8\n"

    def test_what_only_word_can_work_out_is_told(self, read):
        """
        «Gi ½ tablett» was «Gi tablett», and nobody was told.
        """
        field = mark("begin") + told(" EQ \\f(1;2) ") + mark("end")

        came = read(Word().raw(para(run("Gi ") + field + run(" tablett"))))

        assert [one.detail for one in came.findings if one.code == "field-unread"] == ["EQ \\f(1;2)"]
        assert came.must_be_looked_at

    def test_what_another_field_asks_about_is_not_shown(self, read):
        """
        A sign in the question of a condition is no part of the text.
        """
        inner = mark("begin") + told(" SYMBOL 179 \\f Symbol ") + mark("end")
        field = mark("begin") + told(" IF ") + inner + told(' = "1" "a" "b" ') + mark("separate") + run("b")

        assert read(Word().raw(para(field + mark("end") + run(" c")))).markdown == "b c\n"


def art(words):
    """Write WordArt as Word does for watermarks."""
    return f'<w:r><w:pict><v:shape type="#_x0000_t136"><v:textpath string="{words}"/></v:shape></w:pict></w:r>'


class TestDrawings:
    def test_boxes_on_one_paragraph_keep_their_order(self, read):
        """
        Stop, ring 113, begin: the steps came with the last one first.
        """
        steps = ("1 Stopp", "2 Ring 113", "3 Start HLR")

        came = read(Word().raw(para(run("Slik:") + "".join(text_box(one).xml for one in steps))))

        assert [line for line in came.markdown.splitlines() if line] == ["Slik:", *steps]

    def test_a_watermark_of_the_pages_is_told(self, read):
        """
        A routine marked as out of use came in as a good one.
        """
        came = read(Word().edge("header", para(art("UTGÅTT – IKKE I BRUK"))).paragraph("Ring 113."))

        assert [(one.code, one.where, one.detail) for one in came.findings if one.code == "drawing"] == [
            ("drawing", "header", "UTGÅTT – IKKE I BRUK")
        ]
        assert came.must_be_looked_at

    def test_a_shape_beside_a_picture_is_told(self, read):
        """
        A photo with a red cross over it shows what not to do; without the cross, what to do.
        """
        word = Word()
        cross = '<wps:wsp><wps:cNvPr id="7" name="Rødt kryss" descr="IKKE SLIK"/></wps:wsp></a:graphicData>'
        word.raw(para(word.drawing("hånd").xml.replace("</a:graphicData>", cross)))

        came = read(word)

        assert [one.detail for one in came.findings if one.code == "drawing"] == ["IKKE SLIK"]

    def test_a_picture_alone_is_no_drawing(self, read):
        """
        What is told of every picture is read of none.
        """
        word = Word()

        assert "drawing" not in codes(read(word.raw(para(word.drawing("hånd").xml))))


class TestTables:
    def test_a_row_that_begins_late_stays_under_its_headings(self, read):
        """
        A dose under «Alder» is no dose.
        """
        late = f'<w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("5 mg")}{cell("ikke barn")}'
        short = f'<w:trPr><w:gridAfter w:val="1"/></w:trPr>{cell("voksen")}{cell("10 mg")}'
        rows = f"<w:tr>{cell('Alder')}{cell('Dose')}{cell('Merknad')}</w:tr><w:tr>{late}</w:tr><w:tr>{short}</w:tr>"

        came = read(Word().raw(Word.table_xml(rows, columns=3)).raw(para(run("Ring 113"))))

        lines = [[one.strip() for one in line.split("|")[1:-1]] for line in came.markdown.splitlines() if "|" in line]
        assert lines[2:] == [["", "5 mg", "ikke barn"], ["voksen", "10 mg", ""]]
        assert [one.detail for one in came.findings if one.code == "table-merged"] == ["5 mg ikke barn"]
        assert (came.must_be_looked_at, came.readings) == (False, ())

    def test_cells_merged_the_old_way_are_told(self, read):
        """
        A cell over two columns says something of both, and stands in one.
        """
        begins, goes_on = '<w:hMerge w:val="restart"/>', "<w:hMerge/>"
        wide = cell("bred", about=begins) + cell("", about=goes_on)
        rows = f"<w:tr>{cell('A')}{cell('B')}{cell('C')}</w:tr><w:tr>{wide}{cell('c')}</w:tr>"

        came = read(Word().raw(Word.table_xml(rows, columns=3)).raw(para(run("Ring 113"))))

        assert [one.detail for one in came.findings if one.code == "table-merged"] == ["bred"]


def test_a_document_put_into_a_note_is_told(read):
    """
    What is told of in the text is told of in its notes too.
    """
    word = Word()
    word.paragraph("Følg dosen", word.note("Høyst 5 mg"), ".")
    notes = word._notes_xml("footnote").replace(
        "</w:footnote></w:footnotes>", '<w:altChunk r:id="x"/></w:footnote></w:footnotes>'
    )
    word.members["word/footnotes.xml"] = notes

    assert "embedded-document" in codes(read(word))


class TestEdgesOfPages:
    def test_changes_there_are_listed_and_counted_with_the_others(self, read):
        """
        Somebody crossed out who approved it, in the footer.
        """
        ins = f'<w:ins w:id="1" w:author="Skribent Oppdiktet">{run("2.1")}</w:ins>'
        gone = '<w:del w:id="2" w:author="Skribent Oppdiktet"><w:r><w:delText>2.0</w:delText></w:r></w:del>'
        edge = para(f"{run('Versjon: ')}{gone}{ins}")
        word = Word("Fall").paragraph("Tekst.").edge("footer", edge).edge("footer", edge, kind="first")

        incoming = read(word)

        assert [(one.kind, one.text, one.where) for one in incoming.changes] == [
            ("deleted", "2.0", "footer"),
            ("inserted", "2.1", "footer"),
        ]
        assert [one.detail for one in incoming.findings if one.code == "changes-accepted"] == ["2"]
        assert [(one.field, one.value) for one in incoming.suggested] == [("version", "2.1")]

    def test_words_that_stand_in_no_paragraph_there_are_told(self, read):
        word = Word("Fall").paragraph("Tekst.").edge("header", run("Gjelder kun natt"))

        incoming = read(word)

        assert [(one.code, one.where, one.detail) for one in incoming.findings] == [
            ("header-footer", "header", "Gjelder kun natt")
        ]


@pytest.mark.parametrize(
    ("shift", "shown"), [("8", "10⁹ liter"), ("-6", "10₉ liter"), ("2", "109 liter"), ("", "109 liter")]
)
def test_figures_that_somebody_raised_by_hand_are_raised(read, shift, shown):
    """
    «10⁹ bakterier» came in as 109, and nothing was said.
    """
    look = f'<w:position w:val="{shift}"/><w:sz w:val="19"/>' if shift else ""

    incoming = read(Word("Prøver").paragraph("10", Piece(run("9", look), "9"), " liter"))

    assert shown in incoming.markdown
