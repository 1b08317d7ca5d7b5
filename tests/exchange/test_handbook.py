"""Several routines in one file: contents, a control header each, names and notes that do not meet."""

import re
from dataclasses import replace
from datetime import date

import pikepdf
import pypdfium2
import pytest

from samrutine.adoptions.effective import AdditionKind, LocalAddition
from samrutine.adoptions.paper import Handbook
from samrutine.errors import InvalidRequest
from samrutine.exchange import handbook, word_handbook
from samrutine.exchange.formats import print_paper
from samrutine.exchange.page import page
from samrutine.exchange.within import placed
from tests.support.pdfs import said_by
from tests.support.word_files import against_the_schema, parts_of

SECOND = """\
## Formål

Se [den første](rutine:tuberkuloseprogram), [formålet](#formål) og [en annen](rutine:finnes-ikke-her)[^a].

[^a]: Les også[^b].

[^b]: Viktig setning.
"""


@pytest.fixture
def book(a_document):
    """Two routines with the same sections and notes, that refer to each other."""
    second = a_document(
        SECOND, header={"procedure_id": "annen", "title": "Den andre", "address": "https://annen.example"},
        front={"id": "annen", "title": "Den andre"},
    )  # fmt: skip
    first = a_document(
        additions=(LocalAddition(AdditionKind.PRACTICAL_NOTE, "ansvar", "Nøkkelen[^x].\n\n[^x]: Hos vakta."),)
    )
    return Handbook(first.header.municipality, None, None, date(2026, 11, 22), (first, second))


def _pages(data):
    return [" ".join(one.get_textpage().get_text_range().split()) for one in pypdfium2.PdfDocument(data)]


class TestOnPaper:
    def test_each_routine_begins_on_a_page_of_its_own_under_its_own_header(self, book):
        """Somebody takes out the four pages that they need, and must see whether those apply."""
        cover, *rest = _pages(handbook.render(book))

        begins = [one for one in rest if "Faglig godkjent av Fagnettverk for smittevern 3. november 2026" in one]
        assert len(begins) == 2
        assert "Håndbok for Prøvevik kommune" in cover
        assert "Slik rutinene gjelder 22. november 2026. Antall rutiner: 2." in cover
        assert all("Den andre · versjon 2.1" in one for one in rest if "Se den første" in one)

    def test_contents_and_bookmarks_lead_to_each(self, book):
        """Three hundred pages without contents are read by nobody."""
        data = handbook.render(book)

        cover = _pages(data)[0]
        titles = [(one.level, one.get_title()) for one in pypdfium2.PdfDocument(data).get_toc()]
        assert "Innhold Tuberkuloseprogram" in cover
        assert [title for level, title in titles if level == 0] == ["Tuberkuloseprogram", "Den andre"]
        assert titles.count((1, "Formål")) == 2

    def test_a_link_to_a_neighbour_stays_in_the_file(self, book, tmp_path):
        """The one who reads without coverage has only the file."""
        (tmp_path / "a.pdf").write_bytes(handbook.render(book))

        with pikepdf.open(tmp_path / "a.pdf") as document:
            outside = [
                str(one.A.URI) for page in document.pages for one in page.get("/Annots", [])
                if "/A" in one and "/URI" in one.A
            ]  # fmt: skip
        assert "tuberkuloseprogram.pdf" not in outside
        assert "finnes-ikke-her.pdf" in outside

    def test_says_which_routines_it_holds(self, book):
        """An archive that has the handbook can say whether it has the version somebody asks for."""
        listed = said_by(handbook.render(book))["routines"]

        assert [one.rpartition("/")[0] for one in listed.split()] == ["tuberkuloseprogram/2.1", "annen/2.1"]

    def test_marks_a_copy(self, book):
        """As one document does."""
        assert all("KOPI" in one for one in _pages(handbook.render(book, copy=True)))


class TestAsWord:
    def test_is_a_sound_file_with_headings_contents_and_squares(self, book):
        """Word calls a file damaged for one name that stands twice."""
        data = word_handbook.render(book, copy=True)

        parts = parts_of(data)
        text = parts["word/document.xml"].decode()
        assert against_the_schema(data) == []
        assert text.count('<w:pStyle w:val="Overskrift1"/>') == 2
        assert "TOC " in text
        assert len([name for name in parts if name.startswith("word/media/image-qr-")]) == 2
        assert 'string="KOPI"' in parts["word/header1.xml"].decode()
        assert text.count("Viktig setning.") + parts["word/footnotes.xml"].decode().count("Viktig setning.") == 1

    def test_says_on_each_page_which_routine_and_version_it_is(self, book):
        """Somebody takes out the four pages that they need."""
        parts = parts_of(word_handbook.render(book))

        ends = parts["word/document.xml"].decode().split("<w:sectPr>")
        margins = [(parts[f"word/header{n}.xml"].decode(), parts[f"word/footer{n}.xml"].decode()) for n in (1, 2, 3)]
        words = [re.sub("<[^>]+>", "", head + foot) for head, foot in margins]
        assert len(ends) == 4
        assert "Håndbok for Prøvevik kommune" in words[0]
        for told, name in ((words[1], "tuberkuloseprogram"), (words[2], "annen")):
            assert "versjon 2.1" in told
            assert f"{name} · versjon 2.1" in told
            assert "Faglig godkjent" in told
        assert "Tuberkuloseprogram" in words[1]
        assert "Den andre" in words[2]
        assert all("samrutine.id" not in foot for _, foot in margins)

    def test_says_on_its_first_page_that_it_is_a_demonstration(self, book, a_document):
        """The word across the page does not say what it means."""
        shown = replace(book, documents=(a_document(header={"demo": True}), *book.documents[1:]))

        text = parts_of(word_handbook.render(shown))["word/document.xml"].decode()

        assert "DEMO" in text.partition("TOC ")[0]

    def test_is_the_same_bytes_for_the_same_handbook(self, book):
        """What did not change is not sent again."""
        assert word_handbook.render(book) == word_handbook.render(replace(book))


class TestAmongEachOther:
    def test_nothing_is_lost(self, book):
        """The text of a routine in a handbook is the text of the routine."""
        alone = tuple(page(one) for one in book.documents)

        among = placed(alone)

        assert [note.number for one in among for note in one.notes] == [1, 2, 3, 4]
        assert [len(one.body) for one in among] == [len(one.body) for one in alone]
        keys = [heading.key for one in among for heading in one.headings]
        assert len(keys) == len(set(keys)) == sum(len(one.headings) for one in alone)

    def test_each_mark_leads_to_a_note_of_its_own_routine(self, book):
        """A note from another routine under a dose would be read as this one's."""
        for one in placed(tuple(page(document) for document in book.documents)):
            own = {note.number for note in one.notes}
            marked = {int(number) for number in re.findall(r"NoteMark\(number=([0-9]+)", repr((one.body, one.notes)))}

            assert marked == own

    def test_other_formats_are_refused_with_those_there_are(self, book):
        """Who asks for HTML is told what there is."""
        with pytest.raises(InvalidRequest, match="docx, pdf"):
            print_paper(book, "html", copy=False)
