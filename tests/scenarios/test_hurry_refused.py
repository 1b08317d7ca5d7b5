"""An outbreak on a Monday: a text goes out before the network has met. On Thursday the network says no."""

import pytest

from samrutine import Refused
from tests.support.stories import account_of, told, waits_for, why_not
from tests.support.texts import a_routine


def test_a_hurried_version_is_marked_used_refused_and_answered_for(library_with_routine, clock):
    """
    Haste is allowed, hidden haste is not: who used the text while it stood must decide what they do now.
    """
    library, monday = library_with_routine, clock.today
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

    # The leader cannot wait for four members.
    draft = library.propose(
        a_routine(extra="Bruk munnbind."), changes="handhygiene", significance="minor", by="skribent"
    )
    hurried = library.hurry(draft.proposal, digest=draft.digest, reason="Utbrudd på sykehjemmet i dag.", by="leder")
    assert str(hurried.version) == "1.1"

    # Fauske takes it into use the same hour; the page says what it is. The network is asked afterwards.
    clock.forward(days=1)
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    page = library.render(library.document("handhygiene", "Fauske"), "html").decode()
    assert "hasteversjon" in page.lower()
    assert waits_for(library, "medlem.beiarn") == ["godkjenne faglig: Håndhygiene (Fagnettverk for smittevern)"]

    # On Thursday the network refuses it, with a reason. Version 1.0 is the newest again.
    clock.forward(days=2)
    library.reject(draft.proposal, reason="Munnbind hjelper ikke mot dette.", by="leder")
    assert "Nettverket har stoppet forslaget ditt" in told(library, "skribent")
    assert [(str(one.version)) for one in library.procedures()] == ["1.0"]

    # What Fauske decided goes on until Fauske decides again, and it waits there.
    assert account_of(library, "handhygiene", "Fauske", clock.today).startswith("1.1 fra 24.11.2026")
    assert waits_for(library, "beslutter.fauske") == [
        "ta stilling til: hasteversjonen ble ikke faglig godkjent av nettverket: Håndhygiene (Fauske)"
    ]
    assert "Hasteversjonen ble ikke faglig godkjent av nettverket" in told(library, "ansvarlig.fauske")

    # Nobody else can take it into use now; Fauske goes back.
    with pytest.raises(Refused) as too_late:
        library.adopt("handhygiene", "Beiarn", version="1.1", by="beslutter.beiarn")
    assert why_not(too_late) == ["VersionRefused"]
    library.adopt("handhygiene", "Fauske", version="1.0", by="beslutter.fauske")
    assert waits_for(library, "beslutter.fauske") == []

    # Afterwards each day says what applied on it.
    days = {day: account_of(library, "handhygiene", "Fauske", day)[:3] for day in (monday, clock.today)}
    assert days == {monday: "1.0", clock.today: "1.0"}
    tuesday = library.account("handhygiene", "Fauske", monday.replace(day=24))
    assert (str(tuesday.version), tuesday.hurried is not None) == ("1.1", True)
    assert library.verify().is_clean
