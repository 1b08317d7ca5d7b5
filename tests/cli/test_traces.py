"""Where some letters stand, as the one who must clean up reads it: in words, and not in names of tables."""

import io

import pytest
from sqlmodel import SQLModel

from samrutine.messages import catalogue
from samrutine.procedures.traces import copies_in

NAME = "Oppdiktet Pasientsen"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_each_place_that_repeats_something_has_words(language):
    """
    The editor has 72 hours, and no map of the database.
    """
    places = {
        f"copied.{table.name}.{one.name}" for table in SQLModel.metadata.sorted_tables for one in copies_in(table)
    }

    assert {one for one in catalogue(language, "cli") if one.startswith("copied.")} == places


def test_a_copy_is_told_in_words_and_the_municipality_by_its_name(home_with_routine, at, monkeypatch):
    """
    «adoption.own_link 1838 handhygiene» says nothing to whoever must telephone somebody in Gildeskål.
    """
    with home_with_routine.opened() as library:
        link = f"https://rutiner.example/{NAME.replace(' ', '-')}"
        library.use_own_routine("handhygiene", "Gildeskål", link=link, by="beslutter.gildeskal")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{link}\n"))

    ran = at(home_with_routine, "traces", by="redaktor")

    assert "lenken til kommunens egen rutine: Gildeskål handhygiene" in ran.text
    assert "own_link" not in ran.text
