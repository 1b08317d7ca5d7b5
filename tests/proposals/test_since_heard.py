"""What was heard counts to the end: a text in its round, and a hasteversjon whose hearing was broken off."""

import pytest

from samrutine import Refused
from samrutine.procedures.model import VersionNumber
from samrutine.proposals.hearing import RemarkOutcome
from tests.support.stories import APPROVERS, waits_for, why_not
from tests.support.texts import SECTIONS, a_routine

DOSE = a_routine("ny", title="Ny", sections={**SECTIONS, "Framgangsmåte": "1. Gi 500 mg."})
BETTER_WORDS = a_routine("ny", title="Ny", extra="Les dette i ro.")
WHY = "Dosen er avklart med alle som ble hørt."


@pytest.fixture
def sent(any_library):
    """A proposal that was heard without remarks, and sent."""
    library = any_library
    draft = library.propose(a_routine("ny", title="Ny"), by="skribent")
    library.open_hearing(draft.proposal, digest=draft.digest, parties=["municipality:1841"], by="leder")
    library.answer_hearing(draft.proposal, "municipality:1841", by="ansvarlig.fauske", no_remarks=True)
    library.close_hearing(draft.proposal, by="leder")
    library.send(draft.proposal, digest=draft.digest, by="leder")
    return draft


class TestATextInItsRound:
    def test_does_not_become_another_than_was_heard_without_a_word_on_why(self, any_library, sent):
        """
        Else whoever is heard on one text sees another approved, by the simple way of changing it after sending.
        """
        with pytest.raises(Refused) as caught:
            any_library.revise(sent.proposal, DOSE, read_digest=sent.digest, by="skribent")

        assert why_not(caught) == ["RevisedSinceHeard"]
        assert "--unheard" in caught.value.text("nb")

    def test_may_with_a_reason_that_those_who_approve_see(self, any_library, sent):
        """
        What is mended once more after that is not asked about again, as long as it stays that text.
        """
        made = any_library.revise(sent.proposal, DOSE, read_digest=sent.digest, unheard=WHY, by="skribent")
        mended = DOSE.replace(b"Gjelder alle ansatte.", b"Gjelder alle som er ansatte.")
        again = any_library.revise(sent.proposal, mended, read_digest=made.digest, by="skribent")

        assert again.digest != made.digest
        assert any_library.look_at_proposal(sent.proposal, reader="leder").unheard == WHY
        assert any_library.verify().is_clean

    def test_gets_better_words_without_a_reason(self, any_library, sent):
        """
        Better words are what the hearing was for.
        """
        any_library.revise(sent.proposal, BETTER_WORDS, read_digest=sent.digest, by="skribent")

        assert any_library.look_at_proposal(sent.proposal, reader="leder").unheard is None


class TestAHasteversjonThatBrokeItsHearingOff:
    @pytest.fixture
    def hurried(self, any_library):
        """A hurry while somebody's remark waits for its reply."""
        library = any_library
        draft = library.propose(a_routine("ny", title="Ny"), by="skribent")
        library.open_hearing(draft.proposal, digest=draft.digest, parties=["municipality:1841"], by="leder")
        library.answer_hearing(draft.proposal, "municipality:1841", remarks=["Dette er feil."], by="ansvarlig.fauske")
        library.hurry(draft.proposal, digest=draft.digest, reason="Utbrudd.", by="leder")
        return draft

    def test_is_confirmed_when_whoever_was_heard_has_a_reply(self, any_library, hurried):
        """
        There was no time to reply before; there is before the network agrees.
        """
        library = any_library
        for one in APPROVERS[:-1]:
            library.approve(hurried.proposal, digest=hurried.digest, by=one)
        waited = waits_for(library, "leder")

        with pytest.raises(Refused) as caught:
            library.approve(hurried.proposal, digest=hurried.digest, by="leder")
        (party,) = library.hearing(hurried.proposal, reader="leder").parties
        library.reply_to_remark(party.remarks[0].id, outcome="not-taken", reply="Det er rett.", by="leder")
        answer = library.approve(hurried.proposal, digest=hurried.digest, by="leder")

        (party,) = library.hearing(hurried.proposal, reader="ansvarlig.fauske").parties
        assert why_not(caught) == ["RemarksUnanswered"]
        assert "svar" in " ".join(waited)
        assert answer.version == VersionNumber(1, 0)
        assert party.remarks[0].outcome is RemarkOutcome.NOT_TAKEN
        assert waits_for(library, "leder") == []
        assert library.verify().is_clean

    def test_takes_no_reply_when_it_is_decided(self, any_library, hurried):
        """
        What was refused is over; a reply would change what the party was told.
        """
        any_library.reject(hurried.proposal, reason="Ikke nødvendig.", by="leder")
        (party,) = any_library.hearing(hurried.proposal, reader="leder").parties

        with pytest.raises(Refused) as caught:
            any_library.reply_to_remark(party.remarks[0].id, outcome="noted", by="leder")

        assert why_not(caught) == ["RemarkSettled"]
