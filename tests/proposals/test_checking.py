"""What the checks say of a text while it is written: the same as when it is kept, and nothing is."""

from samrutine.procedures.findings import Severity
from tests.support.texts import NATIONAL_ID, a_routine


class TestChecking:
    def test_says_what_proposing_says_and_keeps_nothing(self, library):
        """
        Whoever writes mends it where the words are still in mind.
        """
        text = a_routine("vakt", extra="Se [skapet](rutine:skap), {{telefon}}.")

        found = library.check_text(text, reader="skribent")
        nothing_yet = library.proposals(reader="skribent")

        assert found == library.propose(text, by="skribent").findings
        assert {one.key for one in found} >= {"link-unknown-procedure", "field-undeclared"}
        assert nothing_yet == []

    def test_what_stops_a_text_from_being_kept_is_said_too(self, library):
        """
        A number of a person, or words that would be lost, are told of on their line before anybody saves.
        """
        of_a_person = library.check_text(a_routine(extra=f"Ring {NATIONAL_ID}."), reader="skribent")
        unused = library.check_text(a_routine() + b"\n[^1]: Ingen viser hit.\n", reader="skribent")
        unreadable = library.check_text(b"Ingenting", reader="skribent")

        assert [one.key for one in of_a_person if one.must_not_be_kept] == ["national-id"]
        assert [(one.key, one.severity) for one in unused] == [("footnote-unused", Severity.ERROR)]
        assert [one.key for one in unreadable] == ["front-matter-missing"]

    def test_lines_are_those_of_the_text_as_it_was_given(self, library):
        text = a_routine().decode().replace("Gjelder alle ansatte.", "\n\n\n\nSe [x](mappe/fil.pdf).").encode()

        found = library.check_text(text, reader="skribent")

        lines = text.decode().splitlines()
        assert ["fil.pdf" in lines[one.line - 1] for one in found if one.key == "link-unknown-file"] == [True]
