"""What is printed beside the one document, from what was decided."""

from datetime import date

import pytest

from samrutine.adoptions.paper import Done
from samrutine.adoptions.paper_errors import LanguageNotChosen, NoCheckItems, NothingToPrint, NotTranslated
from samrutine.errors import (
    DocumentNotFound,
    InvalidRequest,
    MunicipalityNotFound,
    NetworkNotFound,
    SectionNotFound,
)
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import SECTIONS, a_routine


class TestAHandbook:
    def test_holds_what_applies_in_the_municipality(self, library_with_routine):
        """A leader asks for everything that applies here, on paper, before the supervision."""
        library = library_with_routine
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")

        book = library.handbook("Fauske")

        assert [one.header.procedure_id for one in book.documents] == ["handhygiene"]
        assert book.documents[0] == library.document("handhygiene", "fauske")
        assert book.municipality.name == "Fauske"
        assert library.render(book, "pdf").startswith(b"%PDF")
        assert library.render(book, "docx").startswith(b"PK")

    def test_of_the_shared_texts_needs_no_municipality(self, library_with_routine):
        """A network prints its own."""
        book = library_with_routine.handbook(network="smittevern", subject="smittevern")

        assert [one.header.procedure_id for one in book.documents] == ["handhygiene"]
        assert (book.municipality, book.network) == (None, library_with_routine.networks()["smittevern"])

    @pytest.mark.parametrize("where", [("beiarn",), ()], ids=["nothing applies there", "nothing of that network"])
    def test_with_nothing_in_it_is_refused(self, library_with_routine, where):
        """An empty file would say that there are no routines."""
        with pytest.raises(NothingToPrint):
            library_with_routine.handbook(*where, network="psykisk-helse-rus")

    def test_names_what_it_does_not_know(self, library_with_routine):
        """A slip of the hand must not give the handbook of everything."""
        with pytest.raises(MunicipalityNotFound):
            library_with_routine.handbook("Tromsø")
        with pytest.raises(NetworkNotFound):
            library_with_routine.handbook(network="finnes-ikke")
        with pytest.raises(InvalidRequest, match="smittevern"):
            library_with_routine.handbook(subject="finnes-ikke")


CHECKS = {**SECTIONS, "Lommekort": "Ring **112**.\n\n- [ ] Hendene er vasket\n- [ ] Ringen er av"}


@pytest.fixture
def with_points(library_with_routine):
    """`handhygiene` 1.1 has a pocket card and two points to tick off, and Fauske uses it."""
    change_with_everyone(library_with_routine, a_routine(sections=CHECKS))
    library_with_routine.adopt("handhygiene", "fauske", by="beslutter.fauske")
    return library_with_routine


class TestBesideTheDocument:
    def test_each_is_made_of_what_applies_in_the_municipality(self, with_points):
        """The sheet on the wall, the card in the pocket and the routine say the same."""
        document = with_points.document("handhygiene", "fauske")

        checklist = with_points.checklist("handhygiene", "Fauske", done={2}, on=date(2026, 11, 20))
        card = with_points.card("handhygiene", "Fauske")
        redline = with_points.redline("handhygiene", "1.0")

        assert (checklist.document, checklist.done) == (document, (Done(2, date(2026, 11, 20)),))
        assert (card.document, card.section_key) == (document, "lommekort")
        assert (str(redline.old), str(redline.document.header.version)) == ("1.0", "1.1")
        assert redline.diff == with_points.compare("handhygiene", "1.0")
        assert all(with_points.render(one, "pdf").startswith(b"%PDF") for one in (checklist, card, redline))

    def test_what_is_not_there_is_refused(self, with_points):
        """An empty sheet looks as if all were done, and a slip of the hand must not give another section."""
        with pytest.raises(NoCheckItems):
            with_points.checklist("handhygiene", version="1.0")
        with pytest.raises(InvalidRequest, match="1–2"):
            with_points.checklist("handhygiene", done={3})
        with pytest.raises(SectionNotFound, match="finnes-ikke"):
            with_points.card("handhygiene", section="finnes-ikke")
        with pytest.raises(SectionNotFound, match="Lommekort"):
            with_points.card("handhygiene", version="1.0")
        assert with_points.card("handhygiene", section="LOMMEKORT").section_key == "lommekort"
        with pytest.raises(NotTranslated, match="translation_of: handhygiene") as alone:
            with_points.bilingual("handhygiene")
        assert type(alone.value) is NotTranslated  # no language to choose among

    def test_two_languages_stand_side_by_side_where_both_apply(self, with_points):
        """The text that was translated stands first, whichever is asked for."""
        text = a_routine("handhygiene-se", title="Giehtahygiena").replace(b"language: nb", b"language: se")
        approve_with_everyone(with_points, text.replace(b"\n---\n\n", b"\ntranslation_of: handhygiene\n---\n\n", 1))

        for asked in ("handhygiene", "handhygiene-se"):
            found = with_points.bilingual(asked)
            assert [one.header.procedure_id for one in (found.document, found.other)] == [
                "handhygiene",
                "handhygiene-se",
            ]
        assert with_points.render(found, "pdf").startswith(b"%PDF")
        with pytest.raises(DocumentNotFound):
            with_points.bilingual("handhygiene", "fauske")
        with pytest.raises(LanguageNotChosen, match="--other: se"):
            with_points.bilingual("handhygiene", other="smj")
