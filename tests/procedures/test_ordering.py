"""The Norwegian alphabet, on both databases."""

import pytest

from samrutine.procedures.ordering import sort_key
from tests.support.stories import approve_with_everyone, not_projecting
from tests.support.texts import a_routine

IN_ORDER = ["abscess", "Avfall", "Ernæring", "Zink", "Æresrutine", "Ørebetennelse", "Ålekniv"]


class TestTheKey:
    def test_puts_the_three_last_letters_last_and_capitals_beside_small_ones(self):
        """
        Whoever looks for Ålekniv looks at the end of the list.
        """
        typed = [IN_ORDER[n] for n in (6, 2, 0, 5, 3, 1, 4)]

        assert sorted(typed, key=sort_key) == IN_ORDER

    @pytest.mark.parametrize(("one", "other"), [("Éngangs", "Engangs"), ("SJEKK", "sjekk"), ("to  ord", "to ord")])
    def test_sees_no_difference_in_accents_capitals_and_spaces(self, one, other):
        """
        How a title was typed is not where it stands.
        """
        assert sort_key(one) == sort_key(other)

    def test_is_the_same_however_the_letter_is_composed(self):
        """
        A Mac writes å as two characters.
        """
        assert sort_key("A\u030alekniv") == sort_key("Ålekniv")


def test_lists_and_windows_stand_in_the_norwegian_order(any_library):
    """
    The page of fifty must begin where the last one ended, whatever database the municipality runs.
    """
    library = any_library
    with not_projecting(library):
        for number, title in enumerate(reversed(IN_ORDER)):
            approve_with_everyone(library, a_routine(f"r-{number}", title=title))
            library.adopt(f"r-{number}", "fauske", by="beslutter.fauske")

    windows = [library.matrix(offset=n, limit=3).procedures for n in (0, 3, 6)]

    assert [one.title for one in library.procedures()] == IN_ORDER
    assert [title for part in windows for _, title, _ in part] == IN_ORDER
    assert [one.title for one in library.in_force(municipality="fauske")] == IN_ORDER
