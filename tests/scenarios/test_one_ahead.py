"""Beiarn takes version 3 into use in the very moment in which the network approves version 4."""

from threading import Barrier, Thread

import pytest

from samrutine.adoptions.model import AdoptionState
from tests.support.stories import (
    APPROVERS,
    account_of,
    change_with_everyone,
    not_projecting,
    propose_and_send,
    waits_for,
)
from tests.support.texts import a_routine


@pytest.mark.parametrize("who_is_first", ["Beiarn", "the network", "nobody knows"])
def test_what_was_decided_stands_and_the_newer_version_waits(any_home_with_routine, who_is_first):
    """
    The responsible in Beiarn read version 3 and answers for that one; nobody may put another under her hand.
    """
    with any_home_with_routine.opened() as library, any_home_with_routine.opened() as another:
        with not_projecting(library):
            for n in (2, 3):
                change_with_everyone(library, a_routine(extra=f"Utgave {n}."), significance="major", meaning="Nytt.")
            fourth = propose_and_send(
                library, a_routine(extra="Utgave 4."), changes="handhygiene", significance="major", meaning="Nytt."
            )
            for one in APPROVERS[:-1]:
                library.approve(fourth.id, digest=fourth.digest, by=one)
        library.repair()

        # The leader gives the last yes, and Beiarn decides, each at a desk of their own.
        def approve():
            library.approve(fourth.id, digest=fourth.digest, by="leder")

        def adopt():
            another.adopt("handhygiene", "Beiarn", version="3.0", by="beslutter.beiarn")

        match who_is_first:
            case "Beiarn":
                adopt()
                approve()
            case "the network":
                approve()
                adopt()
            case _:
                at_once(approve, adopt)

        # Whoever was first: Beiarn follows version 3, knows that there is a fourth, and is asked about it.
        (applies,) = library.in_force(municipality="Beiarn")
        cell = library.matrix().cells["handhygiene", "1839"]
        assert (str(applies.version), cell.state, cell.behind) == ("3.0", AdoptionState.IN_USE, True)
        assert [str(one.version) for one in library.versions("handhygiene")][-1] == "4.0"
        assert waits_for(library, "beslutter.beiarn") == ["ta stilling til: Håndhygiene (Beiarn)"]
        assert account_of(library, "handhygiene", "Beiarn", any_home_with_routine.clock.today) == (
            "3.0 fra 23.11.2026, besluttet av kommunalsjef helse og omsorg"
        )
        assert library.repair().is_clean


def at_once(*acts):
    """Do both in the same moment; a failure in either is a failure of the story."""
    ready, failed = Barrier(len(acts)), []

    def run(act):
        ready.wait()
        try:
            act()
        except Exception as error:
            failed.append(error)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
