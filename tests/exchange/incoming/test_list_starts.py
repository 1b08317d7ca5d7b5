"""Where lists begin: step 4 is step 4 also after a table, whatever a reader makes of the list."""

import pytest

from samrutine.exchange.incoming.list_starts import mark_of, set_starts
from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document

LISTS = (
    r"{\*\listtable{\list\listtemplateid1{\listlevel\levelnfc0\levelstartat1{\leveltext \'02\'00.;}{\levelnumbers\'01;}}"
    r"{\listlevel\levelnfc4\levelstartat1{\leveltext \'02\'01.;}{\levelnumbers\'01;}}\listid1}}"
    r"{\*\listoverridetable{\listoverride\listid1\listoverridecount0\ls1}}"
)


def item(number, text, level=0):
    """Write an item as word processors do: its number as text for old readers, and the list that it is in."""
    return rf"\pard\plain {{\listtext\pard\plain {number}\tab}}\ilvl{level}\ls1{{\loch" + "\n" + rf"{text}}}\par" + "\n"


def plain(text):
    """Write a paragraph."""
    return rf"\pard\plain {text}\par" + "\n"


@pytest.fixture
def lines(tmp_path):
    """Give the lines that an RTF file comes in as."""

    def read(*body):
        data = rf"{{\rtf1\ansi\ansicpg1252{LISTS}{''.join(body)}}}".encode("cp1252")
        return [one for one in open_document(data, "a.rtf", Limits(), tmp_path).markdown.splitlines() if one]

    return read


class TestRtf:
    def test_a_list_that_goes_on_after_something_else_keeps_its_numbers(self, lines):
        """
        Steps 3 and 4 became a new list of 1 and 2, with nothing said.
        """
        found = lines(
            item("1.", "Ring 113."), item("2.", "Gi adrenalin."), plain("Viktig: vent ikke."), item("3.", "Gi ny dose."),
            item("4.", "Legg flatt."),
        )  # fmt: skip

        assert found == ["1. Ring 113.", "2. Gi adrenalin.", "Viktig: vent ikke.", "3. Gi ny dose.", "4. Legg flatt."]

    def test_a_list_that_goes_on_after_its_own_points_is_one_list(self, lines):
        found = lines(
            item("1.", "Ring."), item("2.", "Gi."), item("a.", "I låret.", 1), item("b.", "Gjennom tøy.", 1), item("3.", "Vent."),
        )  # fmt: skip

        assert found == ["1. Ring.", "2. Gi.", "   1. I låret.", "   2. Gjennom tøy.", "3. Vent."]

    def test_a_list_that_begins_anew_is_another(self, lines):
        found = lines(item("1.", "Ring."), item("2.", "Gi."), item("1.", "Rydd."), item("2.", "Skriv."))

        assert found == ["1. Ring.", "2. Gi.", "1) Rydd.", "2) Skriv."]

    def test_the_last_of_several_figures_is_the_number_of_the_item(self, lines):
        assert lines(item("2.4", "Ring."), item("2.5", "Vent.")) == ["4. Ring.", "5. Vent."]

    @pytest.mark.parametrize("mark", ["listtext", "pntext"])
    def test_a_number_stays_where_no_list_is_told_of(self, lines, mark):
        """
        Without the list that it belongs to, it is a number in a line.
        """
        body = rf"\pard\plain {{\{mark} 7.\tab}}Ring.\par"

        assert [one.replace("\\", "") for one in lines(body, plain("Slutt."))] == ["7. Ring.", "Slutt."]


def words(*texts):
    """Give an item of pandoc's."""
    parts = [{"t": "Str", "c": word} for word in " ".join(texts).split()]
    spaced = [one for part in parts for one in (part, {"t": "Space"})][:-1]
    return [{"t": "Plain", "c": spaced}]


class TestSetStarts:
    def test_no_mark_is_left_in_lists_with_dots_or_in_text(self):
        tree = {"blocks": [{"t": "BulletList", "c": [words(mark_of(3), "Ring")]}, *words(mark_of(5), "Vent")]}

        set_starts(tree)

        assert tree == {"blocks": [{"t": "BulletList", "c": [words("Ring")]}, *words("5.", "Vent")]}

    def test_lists_without_marks_are_left_as_they_are(self):
        look = [{"t": "Decimal"}, {"t": "Period"}]
        tree = {"blocks": [{"t": "OrderedList", "c": [[3, *look], [words("a"), words("b")]]}]}

        set_starts(tree)

        assert tree == {"blocks": [{"t": "OrderedList", "c": [[3, *look], [words("a"), words("b")]]}]}
