"""In a small municipality one person leads the network, prepares the answer and holds the delegation."""

import pytest

from samrutine import Refused
from tests.support.homes import name_of
from tests.support.stories import account_of, agree_until_enough, told, waits_for, why_not
from tests.support.texts import a_routine

MENDED = a_routine(extra="Tørk av.")


def test_one_person_acts_in_each_role_for_itself(library_with_routine, clock):
    """
    Ten per cent of a job, three hats: the record says each time which one was on.
    """
    library = library_with_routine
    library.grant("leder", "responsible", "municipality:1841", by="redaktor")
    library.delegate("leder", "Fauske", "head-of-service", "kommunalsjef helse og omsorg", by="redaktor")
    assert {"Du har fått en rolle", "Du kan beslutte om bruk"} <= told(library, "leder")

    # What she wrote herself she cannot approve, whatever hats she has.
    own = library.propose(MENDED, changes="handhygiene", significance="minor", by="leder")
    library.send(own.proposal, digest=own.digest, by="leder")
    with pytest.raises(Refused) as her_own:
        library.approve(own.proposal, digest=own.digest, by="leder")
    assert why_not(her_own) == ["AuthorCannotApprove"]

    # Two others do: a leader who wrote the text is not waited for.
    others = ("medlem.beiarn", "medlem.gildeskal")
    assert str(agree_until_enough(library, own, approvers=others).version) == "1.1"

    # As the one who decides in Fauske she takes it into use. The network's yes was not hers; this one is.
    assert waits_for(library, "leder") == ["ta stilling til: Håndhygiene (Fauske)"], "once, though two of her roles may"
    library.assign("handhygiene", "Fauske", owner="leder", by="leder")
    library.adopt("handhygiene", "Fauske", by="leder")

    account = library.account("handhygiene", "Fauske", clock.today)
    assert account_of(library, "handhygiene", "Fauske", clock.today) == (
        "1.1 fra 23.11.2026, besluttet av kommunalsjef helse og omsorg"
    )
    assert (account.decision.role, account.decision.name) == ("decider", name_of("leder"))
    roles = {event.kind: event.role for event in library.history("handhygiene", reader="leder")}
    assert (roles["proposal_sent"], roles["adopted"]) == ("leader", "decider")
    assert waits_for(library, "leder") == []
    assert library.verify().is_clean
