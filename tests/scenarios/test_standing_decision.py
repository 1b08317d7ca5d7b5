"""Fauske has decided that small corrections follow by themselves. One does; the next changes a number, and waits."""

from datetime import timedelta

from samrutine.adoptions.model import AdoptionState
from tests.support.stories import account_of, change_with_everyone, told, waits_for
from tests.support.texts import SECTIONS, a_routine

MENDED = a_routine(sections={**SECTIONS, "Omfang": "Gjelder alle som er ansatt."})
NUMBER = a_routine(sections={**SECTIONS, "Omfang": "Gjelder alle som er ansatt. Vask i 40 sekunder."})


def test_a_spelling_mistake_follows_and_a_number_does_not(library_with_routine, clock):
    """
    The responsible has ten per cent of a job. A comma shall not take it; a dose shall.
    """
    library, first_day = library_with_routine, clock.today
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    library.set_standing(
        "Fauske", until=clock.today + timedelta(days=300), reason="Små rettinger.", by="beslutter.fauske"
    )

    # A correction of words is approved: it applies in Fauske from that day. Beiarn, without one, is asked.
    clock.forward(days=3)
    change_with_everyone(library, MENDED)
    assert account_of(library, "handhygiene", "Fauske", clock.today) == (
        "1.1 fra 26.11.2026, besluttet av kommunalsjef helse og omsorg"
    )
    assert library.account("handhygiene", "Fauske", clock.today).standing_decision is not None
    assert waits_for(library, "beslutter.fauske") == []
    assert waits_for(library, "beslutter.beiarn") == ["ta stilling til: Håndhygiene (Beiarn)"]
    assert "En mindre retting gjelder nå hos dere" in told(library, "ansvarlig.fauske")

    # The next one is called minor too, but has a number in it. It waits for a person.
    clock.forward(days=3)
    change_with_everyone(library, NUMBER)
    (applies,) = library.in_force(municipality="Fauske")
    assert str(applies.version) == "1.1"
    assert library.matrix().cells["handhygiene", "1841"].state is AdoptionState.IN_USE
    assert library.matrix().cells["handhygiene", "1841"].behind
    assert waits_for(library, "beslutter.fauske") == ["ta stilling til: Håndhygiene (Fauske)"]
    assert "En mindre retting må dere ta stilling til" in told(library, "ansvarlig.fauske")

    # Fauske reads it and decides, as one always may.
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    assert waits_for(library, "beslutter.fauske") == []
    by_day = [account_of(library, "handhygiene", "Fauske", day)[:3] for day in (first_day, clock.today)]
    assert by_day == ["1.0", "1.2"]
    (standing,) = library.standing_decisions("Fauske")
    looked = [(str(one.version), [why.value for why in one.because]) for one in standing.followed]
    assert looked == [("1.2", ["critical"]), ("1.1", [])]
    assert library.verify().is_clean
