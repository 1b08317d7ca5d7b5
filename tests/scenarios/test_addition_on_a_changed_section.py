"""Three municipalities have added to the same section. The network rewrites it, and each must say what becomes of theirs."""

import pytest

from samrutine import Refused
from samrutine.adoptions.additions import Edit
from tests.support.stories import account_of, change_with_everyone, told, waits_for, why_not
from tests.support.texts import SECTIONS, a_routine

REWRITTEN = a_routine(sections={**SECTIONS, "Ansvar": "Enhetslederen har ansvaret, og sykepleieren på vakt om natten."})
NOTES = {"Fauske": "Sprit henger ved døra.", "Beiarn": "Ring avdelingslederen.", "Meløy": "Perm 3 på vaktrommet."}
DECIDERS = {"Fauske": "beslutter.fauske", "Beiarn": "beslutter.beiarn", "Meløy": "beslutter.meloy"}


def test_each_municipality_keeps_changes_or_drops_its_own_words(library_with_routine, clock):
    """
    What was true beside the old words may be wrong beside the new; only those who wrote it can tell.
    """
    library, first_day = library_with_routine, clock.today
    added = {}
    with library.together():
        for town, by in DECIDERS.items():
            library.adopt("handhygiene", town, by=by)
            made = library.add_addition("handhygiene", town, "ansvar", "practical-note", NOTES[town], by=by)
            added[town] = made.addition
    clock.forward(days=10)

    # The network rewrites the section. What applies goes on, additions and all; each is asked.
    change_with_everyone(library, REWRITTEN, significance="major", meaning="Natten har fått en ansvarlig.")
    for town, by in DECIDERS.items():
        assert waits_for(library, by) == [f"ta stilling til: Håndhygiene ({town})"]
        (question,) = library.additions_to_answer("handhygiene", town)
        assert (question.addition, question.must_answer, question.heading) == (added[town], True, "Ansvar")
        assert NOTES[town] in library.render(library.document("handhygiene", town), "html").decode()

    # Nobody gets past the question.
    with pytest.raises(Refused) as silent:
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    assert why_not(silent) == ["AdditionsUnanswered"]

    # Fauske keeps its note, Beiarn gives it new words, Meløy needs it no more.
    answers = {"Fauske": "keep", "Beiarn": Edit("Ring enhetslederen."), "Meløy": "drop"}
    for town, by in DECIDERS.items():
        library.adopt("handhygiene", town, additions={added[town]: answers[town]}, by=by)

    pages = {town: library.render(library.document("handhygiene", town), "html").decode() for town in DECIDERS}
    assert "Sprit henger ved døra." in pages["Fauske"]
    assert "Ring enhetslederen." in pages["Beiarn"]
    assert "Ring avdelingslederen." not in pages["Beiarn"]
    assert "Perm 3" not in pages["Meløy"]
    assert all("sykepleieren på vakt om natten" in page for page in pages.values())
    assert [waits_for(library, by) for by in DECIDERS.values()] == [[], [], []]
    assert "Kommunen har svart om rutinen" in told(library, "ansvarlig.fauske")

    # The account of a day has the words of that day.
    assert account_of(library, "handhygiene", "Meløy", clock.today).startswith("2.0 fra 03.12.2026")
    assert account_of(library, "handhygiene", "Meløy", first_day).startswith("1.0 fra 23.11.2026")
    assert len(library.account("handhygiene", "Meløy", first_day).additions) == 1
    assert len(library.account("handhygiene", "Meløy", clock.today).additions) == 0
    assert library.verify().is_clean
