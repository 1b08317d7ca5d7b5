"""How far each municipality has come, counted of who uses what."""

from datetime import timedelta

import pytest

from samrutine.adoptions.coverage import Age, Standing
from samrutine.errors import NetworkNotFound
from tests.support.stories import agree_until_enough, approve_with_everyone, change_with_everyone, not_projecting
from tests.support.texts import a_routine


@pytest.fixture
def counted(any_library_with_routine):
    """Four routines: Fauske uses two, one of them an older version, and has no use for a third; Meløy is to use one."""
    library = any_library_with_routine
    with not_projecting(library):
        for one in ("avfall", "vask", "vakt"):
            approve_with_everyone(library, a_routine(one, title=one.title()))
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        library.adopt("vask", "Fauske", by="beslutter.fauske")
        library.mark_not_relevant("avfall", "Fauske", reason="Vi har ingen.", by="beslutter.fauske")
        library.adopt("vask", "Meløy", by="beslutter.meloy", from_on=library.today + timedelta(days=30))
        change_with_everyone(library, a_routine(extra="Og besøkende."))
    return library


def of(library, name, **how):
    """Give what is counted of a municipality, without what is 0."""
    one = next(each for each in library.coverage(**how) if each.municipality.name == name)
    return {kind: count for kind, count in one.standings if count}, {kind: count for kind, count in one.ages if count}


def test_each_routine_is_in_one_place_in_each_municipality(counted):
    fauske, ages = of(counted, "Fauske")
    meloy, none = of(counted, "Meløy")

    assert fauske == {Standing.NEWEST: 1, Standing.BEHIND: 1, Standing.OTHERWISE: 1, Standing.UNANSWERED: 1}
    assert ages == {Age.FIRST_YEAR: 2}
    assert (meloy, none) == ({Standing.PLANNED: 1, Standing.UNANSWERED: 3}, {})
    assert {(one.total, one.in_use) for one in counted.coverage()} == {(4, 2), (4, 0)}
    assert len(counted.coverage()) == 9


def test_what_is_withdrawn_is_not_counted(counted):
    """
    Nobody is behind with what is not to be used.
    """
    proposed = counted.propose_withdrawal("vakt", reason="Dekkes av en annen.", by="skribent")
    counted.send(proposed.proposal, digest=proposed.digest, unheard="Hastet ikke.", by="leder")
    agree_until_enough(counted, proposed)

    assert of(counted, "Fauske")[0] == {Standing.NEWEST: 1, Standing.BEHIND: 1, Standing.OTHERWISE: 1}


def test_how_long_it_has_applied_is_counted_to_the_year(any_home_with_routine):
    home = any_home_with_routine
    with home.opened() as library:
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    ages = []
    for days in (0, 364, 2, 364, 2, 362, 3, 3000):
        home.clock.forward(days=days)
        with home.opened() as library:
            ages.append(next(iter(of(library, "Fauske")[1])))

    first, second, third, older = Age
    assert ages == [first, first, second, second, third, third, older, older]


def test_one_networks_are_counted_alone_and_what_one_may_not_read_is_not_counted(counted):
    approve_with_everyone(counted, a_routine("isolat", title="Isolat", access="exempt"))

    assert {one.total for one in counted.coverage(network="smittevern", reader="leder")} == {5}
    assert {one.total for one in counted.coverage(network="helsestasjon")} == {0}
    assert {one.total for one in counted.coverage(reader="ansatt.fauske")} == {4}
    with pytest.raises(NetworkNotFound):
        counted.coverage(network="finnes-ikke")
