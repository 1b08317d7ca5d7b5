"""What other programs write in ways of their own: each comes in as what it is, or it is said that it does not."""

import io
import struct
import zipfile
import zlib

import pytest

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.model import FileKind, Limits
from samrutine.exchange.incoming.opening import open_document
from tests.support.documents.content import HYGIENE, Heading, Item, Paragraph, Picture, Table, Title, as_word, truth_of
from tests.support.documents.odt import as_odt, heading, odt
from tests.support.documents.seen import seen


def chunk(kind, data):
    """Write one part of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


DOT = b"\x89PNG\r\n\x1a\n" + b"".join(
    chunk(kind, data)
    for kind, data in (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\0\0\0")),
        (b"IEND", b""),
    )
)
RTF_OF_LIBREOFFICE = (
    "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\stylesheet{\\s0 Normal;}{\\s1\\b heading 1;}{\\s2 Title;}"
    "{\\*\\cs17\\snext17\\loch\\super Footnote Characters;}}\n"
    "\\pard\\plain \\s2\\loch\\fs56{\\loch\nH\\u229\\'e5ndhygiene}\n"
    "\\par \\pard\\plain \\s1\\loch\\b{\\loch\nForm\\u229\\'e5l}\n"
    "\\par \\pard\\plain \\s0{\\loch\nHindre smitte}{{\\super \\loch \\chftn{\\*\\footnote \\chftn\\pard\\plain \\s0{\n }"
    "{\\loch\nEtter loven.}\n}}\n}\n"
    "\\par \\pard\\plain \\s0{\\listtext\\pard\\plain  1.\\tab}\\ilvl0\\ls1{\\loch\nVask}\n"
    "\\par \\trowd\\cellx1000\\cellx2000\\pard\\intbl{\\loch\nHvem}\\cell\\pard\\intbl{\\loch\nGi 5 mg}\\cell\\row\\pard\n"
    "{\\*\\shppict{\\pict{\\*\\picprop{\\sp{\\sn wzDescription}{\\sv R\\u248\\'f8d knapp}}}\\picw1\\pich1\\pngblip\n"
    f"{DOT.hex()}}}}}\n"
    "\\par {\\shp{\\*\\shpinst{\\sp{\\sn shapeType}{\\sv 202}}{\\shptxt \\pard Ring 113\\par}}{\\shprslt Ring 113}}\\par}"
)


@pytest.fixture
def read(tmp_path):
    """Read a document in this process."""
    return lambda data, name: open_document(data, name, Limits(), tmp_path)


class TestRtf:
    def test_of_libreoffice_comes_in_whole(self, read):
        """
        It ends each word of control by the end of a line, and marks a note as something that may be passed over.
        """
        incoming = read(RTF_OF_LIBREOFFICE.encode("latin-1"), "rutine.rtf")

        shown = seen(incoming.markdown)
        assert (incoming.title, incoming.recall) == ("Håndhygiene", 1.0)
        assert shown.headings == ((2, "Formål"),)
        assert shown.notes == ("Etter loven.",)
        assert "Ring 113" in incoming.markdown
        assert not any(finding.code.endswith("-missing") for finding in incoming.findings)

    def test_of_word_comes_in_whole(self, read):
        """
        Among its styles Word has those of letters and tables, which older programs are to pass over.
        """
        of_word = (
            rb"{\rtf1\ansi\ansicpg1252\deff0{\stylesheet{\ql \snext0 Normal;}{\s1\b \snext0 heading 1;}"
            rb"{\*\cs10 \additive Default Paragraph Font;}{\*"
            b"\n"
            rb"\ts11\tsrowd \snext11 Normal Table;}}{\*\generator Word;}"
            rb"\pard\plain \s1\b Form\'e5l\par\pard\plain Vask hendene.\par}"
        )

        incoming = read(of_word, "rutine.rtf")

        assert incoming.markdown == "## Formål\n\nVask hendene.\n"
        assert [one.code for one in incoming.findings] == ["weaker-reading", "title-missing"]

    def test_counts_its_cells_items_and_pictures(self, read):
        """
        What nobody counted can be lost without anybody being told.
        """
        incoming = read(RTF_OF_LIBREOFFICE.encode("latin-1"), "rutine.rtf")

        assert (incoming.source.cells, incoming.source.items, incoming.source.pictures) == (2, 1, 1)

    def test_brings_its_pictures_and_what_is_said_of_them(self, read):
        """
        A picture of a button is often the step itself.
        """
        incoming = read(RTF_OF_LIBREOFFICE.encode("latin-1"), "rutine.rtf")

        (picture,) = incoming.pictures
        assert (picture.data, picture.alternative) == (DOT, "Rød knapp")

    @pytest.mark.parametrize(
        ("box", "words"),
        [
            (rb"{\*\do\dobxcolumn\dptxbx{\dptxbxtext\pard Ring legen.\par}\dpx10\dpxsize90}", ["Ring legen."]),
            (rb"{\*\do\dobypara\dptxbx\dptxlrtb{\dptxbxtext Ring legen.}\dpx10}", ["Ring legen."]),
            (rb"{\do\dpgroup{\dptxbxtext En}\dpx1{\dptxbxtext To}\dpendgroup}", ["En", "To"]),
            (rb"{\shp{\*\shpinst{\shptxt Ring legen}}}", ["Ring legen"]),
            (rb"{\shp{\*\shpinst{\*\shptxt \pard Ring\par legen}}}", ["Ring", "legen"]),
            (rb"{\shp{\shprslt{\*\do{\dptxbxtext\pard Vises ellers.}}}}", []),
        ],
        ids=["old", "old, without a paragraph", "old, of two", "newer", "newer, marked", "what others show"],
    )
    def test_the_words_of_a_box_are_paragraphs_of_their_own_in_both_readings(self, read, box, words):
        """
        A telephone number in a frame is what one looks for, and words that grow together are no words.
        """
        incoming = read(
            rb"{\rtf1\ansi\deff0\pard F\'f8rst\par\pard Se her" + box + rb"\par\pard Etter\par}", "rutine.rtf"
        )

        assert incoming.markdown.split("\n\n") == ["Først", "Se her", *words, "Etter\n"]
        assert incoming.source.words == sum(len(one.split()) for one in ("Først", "Se her", *words, "Etter"))
        assert [one.code for one in incoming.findings] == ["weaker-reading", "title-missing"]

    def test_a_box_that_is_hidden_or_deleted_does_not_part_the_line_around_it(self, read):
        """
        Nobody sees it, and the sentence goes on.
        """
        for mark in (rb"\v", rb"\deleted"):
            box = rb"{" + mark + rb" {\*\do{\dptxbxtext Ring 112}}}"
            incoming = read(rb"{\rtf1\ansi\deff0\pard Ring " + box + rb"113.\par}", "rutine.rtf")

            assert incoming.markdown == "Ring 113.\n"
            assert [one.detail or one.code for one in incoming.findings if "112" in one.detail] or incoming.changes

    @pytest.mark.parametrize(
        "written",
        [
            rb"\u-10179?\u-8576?",
            rb"\u55357\'3f\u56960\'3f",
            rb"{\u-10179 ?}{\b\u-8576 ?}",
            rb"\uc0\u-10179 \u-8576 \uc1 ",
            rb"\uc2\u-10179\'3f\'3f\u-8576??\uc1 ",
            rb"\u128640?",
        ],
        ids=["marks", "codes", "a group each", "nothing stands in", "two stand in", "one number"],
    )
    def test_a_letter_in_two_halves_comes_in_as_one(self, read, written):
        """
        A sign that is drawn in colour, and some letters of names, have numbers that RTF must write in two.
        """
        incoming = read(rb"{\rtf1\ansi\deff0\pard Merk " + written + rb" 5 mg\par}", "rutine.rtf")

        assert incoming.markdown.replace("*", "") == "Merk 🚀 5 mg\n"
        assert [one.code for one in incoming.findings] == ["weaker-reading", "title-missing"]

    def test_a_letter_in_two_halves_is_taken_for_no_letter_of_a_symbol_font(self, read):
        """
        Those have numbers of their own, and nobody may read one for the other.
        """
        incoming = read(rb"{\rtf1\ansi\deff0\pard \u-8192? \u-10179?\u-8576? \u-8191?\par}", "rutine.rtf")

        assert incoming.markdown == "� 🚀 �\n"
        assert "symbol-unknown" in {one.code for one in incoming.findings}

    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            (rb"\u-10179? x", "� x"),
            (rb"\u-8576? x", "� x"),
            (rb"\u-10179?\u-10179?\u-8576? x", "�🚀 x"),
            (rb"\u-10179? \u-8576? x", "� � x"),
            (rb"x \u-10179?\par\pard \u-8576?", "x �\n\n�"),
            (rb"x \u-10179?", "x �"),
            (rb"x \u9999999?", "x �"),
        ],
    )
    def test_half_a_letter_alone_cannot_be_told_and_that_is_told(self, read, written, shown):
        """
        Nobody knows what stood there, but somebody can look.
        """
        incoming = read(rb"{\rtf1\ansi\deff0\pard " + written + rb"}", "rutine.rtf")

        assert incoming.markdown == f"{shown}\n"
        assert "symbol-unknown" in {one.code for one in incoming.findings}

    def test_what_is_said_of_a_picture_has_its_letters_whole(self, read):
        """
        Half a letter can be written to no file at all.
        """
        said = rb"{\*\picprop{\sp{\sn wzDescription}{\sv %b}}}"
        rtf = rb"{\rtf1 Se{\pict" + said + rb"\pngblip " + DOT.hex().encode() + rb"}\par}"

        whole = read(rtf.replace(b"%b", rb"Bil \u-10179?\u-8576?"), "rutine.rtf")
        half = read(rtf.replace(b"%b", rb"Bil \u-10179?"), "rutine.rtf")

        assert [one.alternative for one in (*whole.pictures, *half.pictures)] == ["Bil 🚀", "Bil �"]
        assert ("symbol-unknown", "Bil �") in {(one.code, one.detail) for one in half.findings}

    @pytest.mark.parametrize("after", [False, True], ids=["said before the cells", "said after them"])
    def test_a_merged_cell_stands_in_each_of_its_rows_and_is_told_of(self, read, after):
        """
        A dose must say whom it is for, also when its row is read alone.
        """
        rows = [
            (rb"\cellx2000\cellx4000", rb"Hvem\cell Dose\cell"),
            (rb"\clvmgf\cellx2000\cellx4000", rb"{\b Sm\'e5} barn\cell 150 mg\cell"),
            (rb"\clvmrg\cellx2000\cellx4000", rb"\cell 300 mg\cell"),
            (rb"\clmgf\cellx2000\clmrg\cellx4000", rb"Ring 113\cell\cell"),
            (rb"\cellx2000\cellx4000", rb"\cell Ingen\cell"),
        ]
        made = b""
        for cells, words in rows:
            said = rb"\trowd" + cells
            made += (b"" if after else said) + rb"\pard\intbl " + words + (said if after else b"") + rb"\row"

        incoming = read(rb"{\rtf1\ansi\deff0\pard F\'f8r\par" + made + rb"\pard Etter\par}", "rutine.rtf")

        lines = [[one.strip(" *") for one in line.strip("|").split("|")] for line in incoming.markdown.split("\n")]
        assert [line for line in lines if line[-1].endswith(" mg")] == [
            ["Små** barn", "150 mg"],
            ["Små barn", "300 mg"],
        ]
        assert ["", "Ingen"] in lines
        told = [one.detail for one in incoming.findings if one.code == "table-merged"]
        assert told == ["Små barn", "Ring 113"]
        assert "words-missing" not in {one.code for one in incoming.findings}

    def test_a_picture_that_is_no_picture_is_told_of(self, read):
        """
        Half a file is what a mailbox leaves.
        """
        incoming = read(rb"{\rtf1 Se{\pict\pngblip 89504e4}\par}", "rutine.rtf")

        assert {"pictures-missing", "picture-unreadable"} & {finding.code for finding in incoming.findings}


class TestWord:
    def test_a_picture_keeps_its_place_when_its_names_are_declared_beside_it(self, read):
        """
        Word and LibreOffice say on each drawing what the letters before its names mean, and not at the top.
        """
        made = as_word((Title("Alarm"), Paragraph("Trykk."), Picture("Rød knapp"))).made()
        held = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(made)) as source, zipfile.ZipFile(held, "w") as copy:
            for name in source.namelist():
                data = source.read(name)
                if name == "word/document.xml":
                    a, pic = (
                        f"http://schemas.openxmlformats.org/drawingml/2006/{n}".encode() for n in ("main", "picture")
                    )
                    data = data.replace(b' xmlns:a="%s"' % a, b"").replace(b' xmlns:pic="%s"' % pic, b"")
                    data = data.replace(b"<a:graphic>", b'<a:graphic xmlns:a="%s">' % a)
                    data = data.replace(b"<pic:pic>", b'<pic:pic xmlns:pic="%s">' % pic)
                copy.writestr(name, data)

        incoming = read(held.getvalue(), "rutine.docx")

        assert seen(incoming.markdown).pictures == ("Rød knapp",)


class TestOdt:
    def test_a_table_whose_cells_cover_several_columns_loses_none_to_the_right(self, read):
        """
        LibreOffice makes one table of two that stand beside each other, and the dose stands furthest to the right.
        """
        row = (
            '<table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>A</text:p></table:table-cell>'
            "<table:covered-table-cell/><table:table-cell><text:p>5 mg</text:p></table:table-cell></table:table-row>"
        )
        content = as_odt((Title("Dose"), Paragraph("HER")))
        held = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(held, "w") as copy:
            for name in source.namelist():
                table = f"<table:table>{'<table:table-column/>' * 3}{row * 2}</table:table><text:p>"
                data = source.read(name).decode("utf-8", "surrogateescape")
                if name == "content.xml":
                    start = data.rindex("<text:p", 0, data.index("HER"))
                    data = data[:start] + table + data[data.index("HER") :]
                copy.writestr(name, data.encode("utf-8", "surrogateescape"))

        incoming = read(held.getvalue(), "rutine.odt")

        assert incoming.markdown.count("5 mg") == 2
        assert "samrutine" not in incoming.markdown
        assert not incoming.must_be_looked_at

    def test_a_heading_that_is_the_first_of_an_item_stops_nothing(self, read):
        """
        Numbered headings are items of a list in many an ODT.
        """
        with zipfile.ZipFile(io.BytesIO(as_odt((Title("Dose"), Item(1, "HER"), Paragraph("Gi 5 mg."))))) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as copy:
            for name, data in parts.items():
                is_content = name == "content.xml"
                line = (
                    b'<text:list-item><text:h text:outline-level="1">Ansvar</text:h></text:list-item><text:list-item>'
                )
                copy.writestr(name, data.replace(b"<text:list-item>", line, 1) if is_content else data)

        incoming = read(held.getvalue(), "rutine.odt")

        assert "Ansvar" in incoming.markdown
        assert "Gi 5 mg." in incoming.markdown

    def test_flat_odt_is_read_as_odt(self, read):
        """
        Whoever saved it by mistake in that form, sees it open in LibreOffice as any other.
        """
        with zipfile.ZipFile(io.BytesIO(as_odt(HYGIENE))) as package:
            content = package.read("content.xml").decode()
        flat = content.replace("office:document-content", "office:document").replace(
            "<office:document ", '<office:document office:mimetype="application/vnd.oasis.opendocument.text" ', 1
        )

        incoming = read(flat.encode(), "rutine.fodt")

        shown = seen(incoming.markdown)
        assert (incoming.kind, incoming.title) == (FileKind.ODT, truth_of(HYGIENE).title)
        assert [text for _, text in shown.headings] == [text for _, text in truth_of(HYGIENE).headings]
        assert incoming.recall == 1.0
        assert not any(finding.code == "name-and-content-differ" for finding in incoming.findings)


class TestOtherXml:
    @pytest.mark.parametrize(
        "start", ['<?xml version="1.0"?><bok>', "<?xml version='1.0'?>\n<!-- x -->\n<a:b xmlns:a='c'>"]
    )
    def test_is_refused_and_not_taken_for_words(self, start, read):
        """
        Nine thousand words of marks are no routine.
        """
        with pytest.raises(DocumentRefused) as raised:
            read(f"{start}Gi 5 mg".encode(), "rutine.xml")

        assert raised.value.why == "other-document"

    def test_a_page_with_one_stray_sign_is_still_a_page(self, read):
        """
        LibreOffice leaves the sign of a list of choices as a letter that nothing shows.
        """
        incoming = read(b"<!DOCTYPE html><html><body><h1>Fall</h1><p>Ring\x01 113</p></body></html>", "rutine.html")

        assert incoming.kind is FileKind.HTML
        assert "DOCTYPE" not in incoming.markdown


class TestHtml:
    def test_of_libreoffice_has_a_title_that_is_only_large(self, read):
        """
        A routine without a name is found by nobody.
        """
        page = '<html><body><p><font style="font-size: 28pt">Håndhygiene</font></p><h1>Formål</h1><p>Smitte</p></body></html>'

        incoming = read(page.encode(), "rutine.html")

        assert incoming.title == "Håndhygiene"
        assert seen(incoming.markdown).headings == ((2, "Formål"),)


CONTENT = (
    Title("Oppbevaring av legemidler"),
    Heading(1, "Temperatur"),
    Paragraph("Ikke over 8 °C", note="Gjelder insulin."),
    Item(1, "Les av"),
    Item(2, "Skriv av 2–8 °C"),
    Paragraph("Slik:"),
    Table((("Legemiddel", "Dose"), ("Insulin", "10 mg ikke 100 mg"))),
    Paragraph("Ring 75 00 00 00."),
    Picture("Rød knapp"),
)


class TestAComment:
    """Where somebody asked whether a dose is right: with three medicines in a text, nobody knows which."""

    def test_of_rtf_says_where_it_stands(self, read):
        styles = rb"{\stylesheet{\s0 Normal;}{\s1 heading 1;}}"
        comment = rb"{\*\atnid KN}{\*\atnauthor N}\chatn{\*\annotation{\*\atndate 1}\pard Er 2 mg riktig?}"
        body = rb"\pard\s1 Dose\par\pard Gi 5 mg til voksne " + comment + rb"hver time.\par\pard Slutt.\par"

        (found,) = read(rb"{\rtf1\ansi\deff0" + styles + body + rb"}", "a.rtf").comments

        assert (found.where, found.about) == ("Dose", "Gi 5 mg til voksne")
        assert "Er 2 mg riktig?" in found.text

    def test_of_odt_says_where_it_stands(self, read):
        comment = "<office:annotation><text:p>Er 2 mg riktig?</text:p></office:annotation>"
        body = f"{heading(1, 'Dose')}<text:p>Gi 5 mg {comment}til voksne.</text:p>{heading(1, 'Avvik')}<text:p>Meld.</text:p>"

        (found,) = read(odt(body), "a.odt").comments

        assert (found.text, found.where, found.about) == ("Er 2 mg riktig?", "Dose", "Gi 5 mg til voksne.")
