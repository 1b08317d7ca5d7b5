"""Whose words came into a proposal with a municipality's addition."""

import pytest

from samrutine import NotAllowed
from samrutine.proposals.quorum import Writer
from tests.support.stories import UNHEARD, why_not


@pytest.fixture
def lifted(any_library_with_routine):
    """A proposal by Meløy that lifts an addition which a network member wrote for Saltdal."""
    library = any_library_with_routine
    library.grant("medlem.saltdal", "responsible", "municipality:1840", by="redaktor")
    made = library.add_addition(
        "handhygiene",
        "Saltdal",
        "formal",
        "practical-note",
        "Bruk sprit når vasken er langt unna.",
        by="medlem.saltdal",
    )
    draft = library.lift(made.addition, significance="major", by="skribent")
    library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")
    return draft


def test_whoever_wrote_a_lifted_addition_is_not_among_those_who_approve_it(any_library_with_routine, lifted):
    """
    Four eyes: that somebody else lifted the words does not make them another's.
    """
    library = any_library_with_routine
    writer = next(one.actor for one in library.people() if one.login == "medlem.saltdal")

    with pytest.raises(NotAllowed) as caught:
        library.approve(lifted.proposal, digest=lifted.digest, by="medlem.saltdal")

    assert why_not(caught) == ["AuthorCannotApprove"]
    assert Writer(writer, "1840") in library.get_proposal(lifted.proposal, reader="leder")[0].writers


def test_nor_does_a_colleague_in_that_municipality_count(any_library_with_routine, lifted):
    """
    The network's rule asks for eyes from another municipality than the writers'.
    """
    library = any_library_with_routine
    library.grant("beslutter.saltdal", "member", "network:smittevern", by="redaktor")

    with pytest.raises(NotAllowed) as caught:
        library.approve(lifted.proposal, digest=lifted.digest, by="beslutter.saltdal")

    assert why_not(caught) == ["AuthorsMunicipalityDoesNotCount"]
