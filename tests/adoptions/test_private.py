"""What is said with a decision, and the chain and the register, which are kept for ever and read by all."""

import pytest
from sqlmodel import select

from samrutine.errors import InvalidRequest, Refused
from samrutine.storage.rows import AdoptionRow, DecisionRow
from tests.support.git import every_object
from tests.support.stories import approve_with_everyone
from tests.support.texts import NATIONAL_ID, a_routine

EMAIL = "kari.nordmann@gmail.com"
LINK = "https://kvalitet.provevik.example/rutiner/egen-4711"

GIVEN = [
    ("adopt", {"reason": f"Etter ønske fra {EMAIL}."}),
    ("adopt", {"reason": f"Gjelder {NATIONAL_ID}."}),
    ("adopt", {"case": NATIONAL_ID}),
    ("decline", {"reason": f"Spør {EMAIL}"}),
    ("mark_not_relevant", {"reason": NATIONAL_ID}),
    ("use_own_routine", {"link": f"https://sak.example/{NATIONAL_ID}"}),
    ("use_own_routine", {"link": f"https://sak.example/?til={EMAIL}"}),
    ("use_own_routine", {"link": f"https://sak.example/?til={EMAIL.replace('@', '%40')}"}),
    ("end_use", {"reason": f"{NATIONAL_ID[:6]} {NATIONAL_ID[6:]}"}),
]


def everything_kept(home):
    """Give all that anybody with a clone or the database's decisions can read."""
    with home.opened() as library, library._parts.database.reading() as session:
        records = "".join(row.record + row.request for row in session.exec(select(DecisionRow)))
    return every_object(home) + records


@pytest.mark.parametrize(("verb", "how"), GIVEN)
def test_a_persons_number_or_address_is_refused_and_kept_nowhere(home_with_routine, verb, how):
    """
    Somebody pastes a line from an e-mail, and nine municipalities keep it for ever.
    """
    with home_with_routine.opened() as library:
        if verb == "end_use":
            library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        with pytest.raises(Refused) as caught:
            getattr(library, verb)("handhygiene", "Fauske", by="beslutter.fauske", **how)
        assert library.verify().is_clean

    kept = everything_kept(home_with_routine)
    assert {type(one).__name__ for one in caught.value.reasons} in ({"PrivateValue"}, {"HoldsPersonalData"})
    assert NATIONAL_ID not in kept
    assert EMAIL not in kept
    assert EMAIL not in str(caught.value)
    assert NATIONAL_ID not in str(caught.value)


@pytest.mark.parametrize(
    "case", ["Kari Nordmann", "Kari Nordmann 12", "26/117; se e-post", f"26/117 {EMAIL}", "1" * 61, "26/117\n27/1"]
)
def test_a_case_is_a_number_and_no_sentence(home, case):
    """
    The number stands in the chain, where nothing is ever taken out.
    """
    with home.opened() as library:
        approve_with_everyone(library, a_routine("plan", title="Plan", level="political"))
        with pytest.raises(InvalidRequest) as caught:
            library.adopt("plan", "Fauske", by="radmann.fauske", case=case)

    assert case not in everything_kept(home)
    assert case not in str(caught.value)


def test_the_address_of_an_own_routine_can_be_read_and_stands_neither_in_the_chain_nor_in_the_register(
    home_with_routine,
):
    """
    An address may name a person or a closed case, and must be able to go; the chain holds its salted hash alone.
    """
    with home_with_routine.opened() as library:
        answer = library.use_own_routine("handhygiene", "Fauske", link=LINK, by="beslutter.fauske")
        with library._parts.database.reading() as session:
            row = session.get_one(AdoptionRow, ("1841", "handhygiene"))
        event = library.history("handhygiene")[-1]
        assert library.verify().is_clean

    assert (row.own_link, event.texts, event.number) == (LINK, {"link": LINK}, answer.number)
    assert "kvalitet.provevik.example" not in everything_kept(home_with_routine)


def test_the_same_answer_twice_is_one_and_another_address_is_another(library_with_routine):
    """
    A click made twice must not become two, and a corrected address must not pass for the first.
    """
    from samrutine.errors import DecisionIdReused

    act = library_with_routine.use_own_routine
    first = act("handhygiene", "Fauske", link=LINK, by="beslutter.fauske", decision_id="d-egen")

    assert act("handhygiene", "Fauske", link=LINK, by="beslutter.fauske", decision_id="d-egen") == first
    with pytest.raises(DecisionIdReused):
        act("handhygiene", "Fauske", link=f"{LINK}2", by="beslutter.fauske", decision_id="d-egen")
