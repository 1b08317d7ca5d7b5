"""A member opens a text in the morning, loses the seat in the network at noon, and presses the button after lunch."""

import pytest

from samrutine import NotAllowed
from tests.support.stories import account_of, agree_until_enough, propose_and_send, told, waits_for, why_not
from tests.support.texts import a_routine


def test_what_counts_is_who_one_is_when_one_agrees(library_with_routine, clock):
    """
    The page was drawn while she still had the right. The right is asked about when she uses it, not when she came.
    """
    library = library_with_routine
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    changed = propose_and_send(
        library, a_routine(extra="Tørk av."), changes="handhygiene", significance="major", meaning="Tørk av også."
    )

    # In the morning it waits for her, and she reads it.
    asked = "godkjenne faglig: Håndhygiene (Fagnettverk for smittevern)"
    assert asked in waits_for(library, "medlem.beiarn")
    page = library.look_at_proposal(changed.id, reader="medlem.beiarn")

    # At noon somebody else takes the seat.
    clock.forward(hours=3)
    library.revoke("medlem.beiarn", "member", "network:smittevern", by="redaktor")

    # After lunch she is told no, in words that name the role and the network; nothing is counted.
    with pytest.raises(NotAllowed) as refused:
        library.approve(changed.id, digest=page.proposal.digest, by="medlem.beiarn")
    assert why_not(refused) == ["LacksRole"]
    assert "nettverksmedlem" in refused.value.text("nb")
    assert library.look_at_proposal(changed.id, reader="leder").standing.given == 0
    assert asked not in waits_for(library, "medlem.beiarn")
    assert "Du har ikke rollen lenger" in told(library, "medlem.beiarn")

    # The others are as many as it takes. In Fauske the first version applies until they decide.
    class Made:
        proposal, digest = changed.id, changed.digest

    rest = ("medlem.gildeskal", "medlem.hamaroy", "medlem.saltdal", "leder")
    assert str(agree_until_enough(library, Made, approvers=rest).version) == "2.0"
    assert account_of(library, "handhygiene", "Fauske", clock.today).startswith("1.0 fra 23.11.2026")
    assert waits_for(library, "beslutter.fauske") == ["ta stilling til: Håndhygiene (Fauske)"]
    assert library.verify().is_clean
