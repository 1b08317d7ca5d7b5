"""Where a reader of paper can check that it still applies."""

from samrutine.exchange import html


class TestTheAddressOnADocument:
    def test_is_empty_until_somebody_has_set_one(self, library_with_routine):
        """
        Most begin on one machine. A square that leads to that machine leads nowhere for whoever stands in the corridor.
        """
        document = library_with_routine.document("handhygiene")

        assert document.header.address == ""
        assert "spør kvalitetskoordinatoren" in html.render(document).decode()

    def test_leads_to_the_version_once_it_is_set(self, home_with_routine, monkeypatch):
        """
        The paper is of one version, so the page must answer for that one.
        """
        monkeypatch.setenv("SAMRUTINE_ADDRESS", "https://rutiner.provevik.example/")

        with home_with_routine.opened() as library:
            shared, ours = (library.document("handhygiene", where, version="1.0") for where in (None, "Fauske"))

        assert shared.header.address == "https://rutiner.provevik.example/v/handhygiene/1.0"
        assert ours.header.address == "https://rutiner.provevik.example/v/handhygiene/1.0?kommune=fauske"
