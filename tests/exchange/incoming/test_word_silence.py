"""Word in: what Word shows by other marks than words in a row is kept, or named in the report."""

import pytest

from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document
from tests.support.documents.word import Word, run


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
