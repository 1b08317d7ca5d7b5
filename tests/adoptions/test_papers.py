"""What is printed beside the one document, from what was decided."""

import pytest

from samrutine.errors import InvalidRequest, MunicipalityNotFound, NetworkNotFound, NothingToPrint


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
