"""What is printed beside the one document, from what was decided."""

from datetime import date

import pytest

from samrutine.adoptions.paper import Done
from samrutine.errors import (
    DocumentNotFound,
    InvalidRequest,
    MunicipalityNotFound,
    NetworkNotFound,
    NoCheckItems,
    NothingToPrint,
    NotTranslated,
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


class TestAChecklist:
    def test_is_of_what_applies_in_the_municipality(self, with_points):
        """The sheet on the wall and the routine say the same."""
        found = with_points.checklist("handhygiene", "Fauske", done={2}, on=date(2026, 11, 20))

        assert found.document == with_points.document("handhygiene", "fauske")
        assert found.done == (Done(2, date(2026, 11, 20)),)
        assert with_points.render(found, "pdf").startswith(b"%PDF")

    def test_is_refused_where_there_is_nothing_to_tick_off(self, with_points):
        """An empty sheet would look as if all were done."""
        with pytest.raises(NoCheckItems):
            with_points.checklist("handhygiene", version="1.0")
        with pytest.raises(InvalidRequest, match="1–2"):
            with_points.checklist("handhygiene", done={3})


class TestWhatChanged:
    def test_is_between_two_approved_versions(self, with_points):
        """The leader reads two minutes before deciding."""
        found = with_points.redline("handhygiene", "1.0")

        assert (str(found.old), str(found.document.header.version)) == ("1.0", "1.1")
        assert found.diff == with_points.compare("handhygiene", "1.0")
        assert with_points.render(found, "pdf").startswith(b"%PDF")


class TestAPocketCard:
    def test_is_the_section_of_that_name(self, with_points):
        """The network marks it by its heading, and nobody types a key."""
        found = with_points.card("handhygiene", "Fauske")

        assert found.section_key == "lommekort"
        assert with_points.render(found, "pdf").startswith(b"%PDF")
        assert with_points.card("handhygiene", section=found.section_key) != found

    def test_of_a_section_that_is_not_there_is_refused(self, with_points):
        """A slip of the hand must not give another section."""
        with pytest.raises(SectionNotFound, match="finnes-ikke"):
            with_points.card("handhygiene", section="finnes-ikke")
        with pytest.raises(SectionNotFound, match="Lommekort"):
            with_points.card("handhygiene", version="1.0")


class TestTwoLanguages:
    def test_stand_side_by_side_where_both_apply(self, with_points):
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
        with pytest.raises(NotTranslated, match="se"):
            with_points.bilingual("handhygiene", other="smj")

    def test_is_refused_without_a_translation(self, with_points):
        """Two columns of which one is empty say that nobody translated it."""
        with pytest.raises(NotTranslated):
            with_points.bilingual("handhygiene")
