"""A municipality's own additions, and the account of a day, from the shell."""

import pytest

from tests.support.stories import change_with_everyone
from tests.support.texts import SECTIONS, a_routine


@pytest.fixture
def in_use(at, home_with_routine):
    """`handhygiene` 1.0 is in use in Fauske, with a practical note about who is responsible."""
    at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
    made = at(
        home_with_routine, "addition", "add", "handhygiene", "-m", "Fauske", "--section", "ansvar", "--text",
        "Nøkkelen henger på vaktrommet.", "--json", by="ansvarlig.fauske",
    )  # fmt: skip
    assert made.code == 0, made.err
    return home_with_routine, made.answer["addition"]


class TestAdditions:
    def test_are_read_side_by_side(self, at, in_use):
        """
        What one municipality has found out, eight others can use.
        """
        home, addition = in_use

        ran = at(home, "addition", "list", "handhygiene")

        assert f"Fauske {addition}: praktisk merknad, Ansvar" in ran.text
        assert "Nøkkelen henger på vaktrommet." in ran.text

    def test_are_counted_where_a_program_reads_who_uses_what(self, at, in_use):
        """
        The table on the screen has a mark for them; a report that is made from the same answer must not lose it.
        """
        home, _ = in_use

        cells = at(home, "matrix", "--json").answer["cells"]

        used = [one for one in cells if one["version"]]
        assert [(one["municipality"], one["additions"], one["differs"]) for one in used] == [("1841", 1, False)]

    def test_belong_to_sections_that_can_be_looked_up(self, at, in_use):
        """
        Nobody guesses how a heading becomes a key.
        """
        home, _ = in_use

        missed = at(
            home,
            "addition",
            "add",
            "handhygiene",
            "-m",
            "Fauske",
            "--section",
            "x",
            "--text",
            "y",
            by="ansvarlig.fauske",
        )
        found = at(home, "addition", "sections", "handhygiene", "--json").answer["sections"]

        assert missed.code == 2
        assert "«Ansvar»" in missed.err
        assert {"section": "ansvar", "heading": "Ansvar"} in found

    @pytest.mark.parametrize("given", ["ansvar", "Ansvar", "ANSVAR"])
    def test_take_the_heading_as_well_as_the_key(self, at, in_use, given):
        """
        The heading is what stands on the paper in front of whoever writes.
        """
        home, _ = in_use

        ran = at(
            home, "addition", "add", "handhygiene", "-m", "Fauske", "--section", given, "--text", "Ring vakta.",
            "--json", by="ansvarlig.fauske",
        )  # fmt: skip

        assert ran.code == 0, ran.err
        assert ran.answer["section_key"] == "ansvar"

    def test_without_a_section_say_that_they_are_for_the_whole_routine(self, at, in_use):
        """
        Whoever forgot the section sees it at once.
        """
        home, _ = in_use

        ran = at(home, "addition", "add", "handhygiene", "-m", "Fauske", "--text", "Ring vakta.", by="ansvarlig.fauske")

        assert "hele rutinen" in ran.text

    def test_tell_when_a_version_to_come_changes_their_section(self, at, in_use):
        """
        The newest version was planned already, so nobody would ever have been asked.
        """
        home, _ = in_use
        with home.opened() as library:
            change_with_everyone(library, a_routine(sections={**SECTIONS, "Ansvar": "Enhetslederen har ansvaret."}))

        made = "addition", "add", "handhygiene", "-m", "Fauske", "--text", "Ring vakta."
        there = at(home, *made, "--section", "Ansvar", by="ansvarlig.fauske")
        elsewhere = at(home, *made, "--section", "Avvik", by="ansvarlig.fauske")

        assert "Den nyeste versjonen endrer delen" in there.text
        assert "--keep t-" in there.text
        assert "Den nyeste versjonen" not in elsewhere.text

    @pytest.mark.parametrize("given", [(), ("--text", "a", "--file", "b")], ids=["neither", "both"])
    def test_have_their_words_from_one_place(self, at, in_use, given):
        """
        Two texts would leave it to chance which one is kept.
        """
        home, addition = in_use

        assert at(home, "addition", "change", addition, *given, by="ansvarlig.fauske").code == 2

    @pytest.mark.parametrize(
        ("answer", "stands"),
        [("--keep", ["Nøkkelen henger på vaktrommet.\n"]), ("--drop", []), ("--edit", ["Nøkkelen henger i gangen.\n"])],
    )
    def test_are_answered_for_when_their_section_changes(self, at, in_use, tmp_path, answer, stands):
        """
        An addition to words that are gone misleads whoever reads it.
        """
        home, addition = in_use
        file = tmp_path / "ny.md"
        file.write_text("Nøkkelen henger i gangen.\n", encoding="utf-8")
        with home.opened() as library:
            change_with_everyone(library, a_routine(sections={**SECTIONS, "Ansvar": "Enhetslederen har ansvaret."}))
        given = f"{addition}={file}" if answer == "--edit" else addition

        asked = at(home, "addition", "check", "handhygiene", "-m", "Fauske")
        refused = at(home, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
        taken = at(home, "adopt", "handhygiene", "-m", "Fauske", answer, given, by="beslutter.fauske")

        assert "delen er endret i den nye versjonen" in asked.text
        assert "slik den blir: Enhetslederen har ansvaret." in asked.text
        assert "samrutine addition check handhygiene --municipality Fauske --version" in refused.err
        assert refused.code == 3
        assert addition in refused.err
        assert taken.code == 0, taken.err
        shown = at(home, "addition", "list", "handhygiene", "--json").answer["additions"]
        assert [one["text"] for one in shown] == stands

    def test_have_one_answer_each(self, at, in_use):
        """
        Kept and dropped is a slip, and must not be decided either way.
        """
        home, addition = in_use

        ran = at(
            home, "adopt", "handhygiene", "-m", "Fauske", "--keep", addition, "--drop", addition, by="beslutter.fauske"
        )

        assert ran.code == 2
        assert "hvert tillegg én gang" in ran.err

    def test_are_lifted_as_a_draft(self, at, in_use):
        """
        It is proposed, and not decided, by whoever thinks that others need it too.
        """
        home, addition = in_use

        ran = at(home, "addition", "lift", addition, by="ansvarlig.fauske")

        assert ran.code == 0
        assert "fra Fauske er foreslått som felles tekst i handhygiene: utkast f-" in ran.out
        assert "samrutine hearing open f-" in ran.out


class TestAccountOfADay:
    def test_says_what_who_by_which_authority_and_with_what(self, at, in_use):
        """
        The four questions of an inspector, answered in one page.
        """
        home, addition = in_use

        ran = at(home, "account", "handhygiene", "-m", "Fauske")

        assert "Håndhygiene 1.0 i Fauske" in ran.text
        assert "Tatt i bruk i Fauske av kommunalsjef helse og omsorg" in ran.text
        assert "Navn Navnesen Beslutter.Fauske, beslutter" in ran.text
        assert "På delegasjon" in ran.text
        assert f"{addition}: praktisk merknad" in ran.text
        assert "Nøkkelen henger på vaktrommet." in ran.text

    def test_of_a_day_without_use_says_so(self, at, in_use):
        """
        Nothing in force is an answer, and another one than a mistyped name.
        """
        home, _ = in_use

        ran = at(home, "account", "handhygiene", "-m", "Fauske", "--day", "01.01.2026")

        assert ran.code == 4

    def test_as_json_has_no_paper_in_it(self, at, in_use):
        """
        A script asks for facts; the paper has a command of its own.
        """
        home, _ = in_use

        answer = at(home, "account", "handhygiene", "-m", "Fauske", "--json").answer

        assert answer["version"] == "1.0"
        assert answer["position"] == "kommunalsjef helse og omsorg"
        assert "document" not in answer
