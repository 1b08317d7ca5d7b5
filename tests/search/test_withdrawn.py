"""A withdrawn routine is found for as long as it applies somewhere, and not for longer."""

from datetime import timedelta

from tests.support.stories import APPROVERS, UNHEARD


def withdrawn(library):
    """Withdraw `handhygiene`, while Fauske uses it."""
    library.adopt("handhygiene", "1841", by="beslutter.fauske")
    draft = library.propose_withdrawal("handhygiene", reason="Utdatert.", by="skribent")
    library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")
    for one in APPROVERS:
        library.approve(draft.proposal, digest=draft.digest, by=one)
    return library


def found(library, **how):
    return library.search("hendene", **how).result.total


def test_it_is_found_while_it_applies(any_library_with_routine):
    """
    Those who use it must find it, and see that it is withdrawn.
    """
    library = withdrawn(any_library_with_routine)

    assert found(library) == found(library, municipality="Fauske") == 1
    assert all(one.withdrawn for one in library.search("hendene").standings.values())


def test_it_is_found_no_more_when_nobody_uses_it(any_library_with_routine, clock):
    """
    An answer that holds nowhere, a year after the last who used it ended it, is worse than none.
    """
    library = withdrawn(any_library_with_routine)

    library.end_use("handhygiene", "1841", reason="Trukket tilbake.", by="beslutter.fauske")
    last_day = found(library)
    clock.now += timedelta(days=400)

    assert last_day == 1
    assert found(library) == found(library, mine="Fauske") == 0
    assert library.suggest("hånd") == ()
    assert library.verify().is_clean
