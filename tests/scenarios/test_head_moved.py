"""Two proposals to one routine. The first is approved; the other must take it up before anybody can agree to it."""

import pytest

from samrutine import Refused
from samrutine.errors import BaseMoved
from samrutine.proposals.conflicts import told as in_words
from samrutine.proposals.model import ProposalState
from tests.support.stories import (
    UNHEARD,
    account_of,
    agree_until_enough,
    change_with_everyone,
    told,
    waits_for,
    why_not,
)
from tests.support.texts import SECTIONS, a_routine

OURS = a_routine(sections={**SECTIONS, "Avvik": "Meld alle avvik samme dag."})
THEIRS = a_routine(
    sections={**SECTIONS, "Avvik": "Meld avvik til enhetslederen.", "Omfang": "Gjelder alle ansatte og vikarer."}
)
AGREED = a_routine(
    sections={**SECTIONS, "Avvik": "Meld alle avvik til enhetslederen samme dag.", "Omfang": "Gjelder alle ansatte og vikarer."}
)  # fmt: skip


def test_the_later_proposal_is_put_together_with_the_earlier_and_agreed_to_anew(library_with_routine, clock):
    """
    Whoever was first must not be written over by whoever pressed last.
    """
    library = library_with_routine
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

    # Fauske's proposal is in its round, and Beiarn has agreed, when another correction is approved.
    ours = library.propose(
        OURS, changes="handhygiene", significance="major", meaning="Meld samme dag.", by="ansatt.fauske"
    )
    library.send(ours.proposal, digest=ours.digest, unheard=UNHEARD, by="leder")
    library.approve(ours.proposal, digest=ours.digest, by="medlem.beiarn")
    change_with_everyone(library, THEIRS)

    # Gildeskål is stopped: the text she agrees to would undo what was just decided.
    with pytest.raises(BaseMoved):
        library.approve(ours.proposal, digest=ours.digest, by="medlem.gildeskal")

    # The author puts the two together. One place both had changed, and it is said in words which.
    merged = library.refresh(ours.proposal, read_digest=ours.digest, by="ansatt.fauske")
    (conflict,) = merged.conflicts
    assert "Avvik" in in_words(conflict, "nb")
    assert ("samme dag" in conflict.ours, "enhetslederen" in conflict.theirs) == (True, True)
    text = library.get_proposal(ours.proposal, reader="ansatt.fauske")[1].decode()
    assert "og vikarer" in text, "what only one of them touched is simply there"

    # What Beiarn agreed to was other words, and counts no more. A text with an open question is not sent.
    proposal, _ = library.get_proposal(ours.proposal, reader="leder")
    assert (proposal.state, len(proposal.void_approvals)) == (ProposalState.DRAFT, 1)
    assert "Forslaget er satt sammen med den nyeste versjonen" in told(library, "medlem.beiarn")
    with pytest.raises(Refused) as unsettled:
        library.send(ours.proposal, digest=merged.digest, unheard=UNHEARD, by="leder")
    assert why_not(unsettled) == ["ConflictsStand"]

    # They settle it, and everybody agrees to the words that were settled on.
    settled = library.revise(ours.proposal, AGREED, read_digest=merged.digest, by="ansatt.fauske")
    library.send(ours.proposal, digest=settled.digest, unheard=UNHEARD, by="leder")
    rest = ("medlem.beiarn", "medlem.gildeskal", "medlem.hamaroy", "leder")
    assert str(agree_until_enough(library, settled, approvers=rest).version) == "2.0"

    assert account_of(library, "handhygiene", "Fauske", clock.today).startswith("1.0 ")
    assert waits_for(library, "beslutter.fauske") == ["ta stilling til: Håndhygiene (Fauske)"]
    assert library.verify().is_clean
