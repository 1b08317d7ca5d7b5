"""What is said with a decision, and the chain and the register, which are kept for ever and read by all."""

import pytest
from sqlmodel import select

from samrutine.errors import DocumentNotFound, InvalidRequest, Refused
from samrutine.proposals.rules import ReplacementNotThere
from samrutine.storage.rows import AdoptionRow, DecisionRow
from tests.support.git import every_object
from tests.support.stories import UNHEARD, agree_until_enough, approve_with_everyone
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


class TestAnExemptReplacement:
    """What takes the place of a routine may become exempt afterwards; then it is named to those who may know of it."""

    def test_is_refused_where_the_routine_itself_is_not_exempt(self, library_with_routine):
        """
        Every reader of the routine would be told the name of what only some may know of.
        """
        library = library_with_routine
        approve_with_everyone(library, a_routine("skjult-plan", title="Skjult", access="exempt"), by="redaktor")

        with pytest.raises(Refused) as refused:
            library.propose_withdrawal("handhygiene", reason="Slått sammen", replaced_by="skjult-plan", by="redaktor")

        assert refused.value.reasons == (ReplacementNotThere("skjult-plan"),)

    def test_is_named_to_nobody_who_may_not_know_of_it(self, any_library_with_routine):
        """
        On paper, in an account, in the history, in the proposal and in what is said when nothing applies.
        """
        library = any_library_with_routine
        approve_with_everyone(library, a_routine("skjult-plan", title="Plan"), by="redaktor")
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        made = library.propose_withdrawal("handhygiene", reason="Slått", replaced_by="skjult-plan", by="redaktor")
        library.send(made.proposal, digest=made.digest, unheard=UNHEARD, by="redaktor")
        agree_until_enough(library, made)
        approve_with_everyone(
            library, a_routine("skjult-plan", title="Plan", access="exempt"), changes="skjult-plan", significance="major",
            by="redaktor", meaning="En.\nTo.\nTre.",
        )  # fmt: skip
        who = "ansatt.fauske"

        with pytest.raises(DocumentNotFound) as elsewhere:
            library.document("handhygiene", "meloy", reader=who)
        said = [
            library.document("handhygiene", "fauske", reader=who), library.history("handhygiene", reader=who),
            library.account("handhygiene", "fauske", library.today, reader=who),
            library.get_proposal(made.proposal, reader=who), library.look_at_proposal(made.proposal, reader=who),
            [one for one in library.proposals(reader=who) if one.id == made.proposal], library.where_to_go("handhygiene", reader=who), str(elsewhere.value),
        ]  # fmt: skip

        assert [one for one in said if "skjult-plan" in repr(one)] == []
        assert library.get_proposal(made.proposal, reader="redaktor")[0].replaced_by == "skjult-plan"
