"""A routine that is in use is withdrawn for another. Nothing stops applying before the municipality has said so."""

import pytest

from samrutine import Refused
from tests.support.stories import (
    UNHEARD,
    account_of,
    agree_until_enough,
    approve_with_everyone,
    told,
    waits_for,
    why_not,
)
from tests.support.texts import a_routine


def test_the_network_withdraws_and_each_municipality_ends_its_use(library_with_routine, clock):
    """
    A nurse must not find an empty page one morning because a meeting somewhere else decided so.
    """
    library, first_day = library_with_routine, clock.today
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    library.decline("handhygiene", "Beiarn", reason="Har egen praksis.", by="beslutter.beiarn")
    approve_with_everyone(library, a_routine("hygiene", title="Hygiene"))
    with library.together():
        for town in ("Fauske", "Beiarn"):
            library.decline("hygiene", town, reason="Venter.", by=f"beslutter.{town.lower()}")

    # The network agrees that the old one goes.
    draft = library.propose_withdrawal("handhygiene", reason="Dekket av Hygiene.", replaced_by="hygiene", by="skribent")
    library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")
    assert agree_until_enough(library, draft).withdrawn

    # In Fauske it applies as before, and the page says that it is withdrawn. Those who use it are asked; Beiarn is not.
    assert account_of(library, "handhygiene", "Fauske", clock.today).startswith("1.0 fra 23.11.2026")
    assert waits_for(library, "beslutter.fauske") == [
        "ta stilling til: rutinen er trukket tilbake: Håndhygiene (Fauske)"
    ]
    assert waits_for(library, "beslutter.beiarn") == []
    assert "Rutinen er trukket tilbake" in told(library, "ansvarlig.fauske")
    where = library.where_to_go("handhygiene")
    assert (where.replaced_by, where.title, where.reason) == ("hygiene", "Hygiene", "Dekket av Hygiene.")

    # Nobody can begin to use it now.
    with pytest.raises(Refused) as too_late:
        library.adopt("handhygiene", "Steigen", by="beslutter.steigen")
    assert why_not(too_late) == ["RoutineReplaced"]

    # A week later Fauske takes the new one into use and ends the old one.
    clock.forward(days=7)
    library.adopt("hygiene", "Fauske", by="beslutter.fauske")
    library.end_use("handhygiene", "Fauske", reason="Erstattet av Hygiene.", by="beslutter.fauske")
    clock.forward(days=1)
    assert [one.procedure for one in library.in_force(municipality="Fauske")] == ["hygiene"]
    assert waits_for(library, "beslutter.fauske") == []

    # What applied the first day can still be accounted for.
    assert account_of(library, "handhygiene", "Fauske", first_day) == (
        "1.0 fra 23.11.2026, besluttet av kommunalsjef helse og omsorg"
    )
    assert library.verify().is_clean
