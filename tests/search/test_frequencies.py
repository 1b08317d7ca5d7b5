"""Of two words that a misspelt one may be, the commoner is likelier."""

from samrutine.search.blocks import WORDS
from samrutine.search.frequencies import frequency


def test_common_words_are_commoner_than_rare_ones():
    """Powers of ten are what is needed."""
    assert frequency("og") > frequency("kommune") > frequency("smittevern") > frequency("smittevernplan") == 0


def test_the_table_ships_with_its_own_licence():
    """Its figures are under another licence than the word tables, and are kept apart from them."""
    notice = (WORDS / "LICENSE-frequencies.txt").read_text(encoding="utf-8")

    assert "CC BY-SA 4.0" in notice
    assert "norwegian.frequencies" in notice
