"""An open proposal whose base, or whose hearing, was of a text that is exempt: its words are shown to nobody else."""

import pytest

from samrutine.errors import HearingNotFound, VersionNotFound
from tests.support.stories import APPROVERS, UNHEARD, approve_with_everyone
from tests.support.texts import SECTIONS, a_routine

APART = "Nøkkelen ligger i nittini."
EXEMPT = a_routine("alarm", title="Alarm", access="exempt", sections={**SECTIONS, "Ansvar": APART})
OPEN = a_routine("alarm", title="Alarm")
OTHERS = (None, "ansatt.fauske", "skribent")
MAY_READ = ("medlem.beiarn", "leder", "redaktor", "beslutter.fauske")


@pytest.fixture
def opening(any_library):
    """A proposal, sent, that opens an exempt routine."""
    approve_with_everyone(any_library, EXEMPT, by="medlem.saltdal")
    draft = any_library.propose(OPEN, changes="alarm", meaning="Kan leses av alle.", by="medlem.saltdal")
    any_library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")
    return draft


@pytest.fixture
def heard(any_library):
    """An open draft whose text was exempt when it was heard."""
    library = any_library
    draft = library.propose(EXEMPT, by="medlem.saltdal")
    library.open_hearing(draft.proposal, digest=draft.digest, parties=["municipality:1841"], by="leder")
    library.answer_hearing(draft.proposal, "municipality:1841", remarks=[f"Ut med: {APART}"], by="ansvarlig.fauske")
    (party,) = library.hearing(draft.proposal, reader="leder").parties
    library.reply_to_remark(party.remarks[0].id, outcome="taken", by="leder")
    library.close_hearing(draft.proposal, by="leder")
    return library.revise(draft.proposal, OPEN, read_digest=draft.digest, by="medlem.saltdal")


class TestAProposalThatOpens:
    def test_is_not_compared_with_what_is_exempt_for_others(self, any_library, opening):
        """
        «Åpen» on the new text says nothing about the old one.
        """
        for who in OTHERS:
            assert APART not in any_library.get_proposal(opening.proposal, reader=who)[1].decode()
            with pytest.raises(VersionNotFound):
                any_library.compare_proposal(opening.proposal, reader=who)

        for who in MAY_READ:
            assert "nittini" in repr(any_library.compare_proposal(opening.proposal, reader=who))

    def test_keeps_the_old_words_apart_when_it_is_approved_too(self, any_library, opening):
        """
        The version is open; the one before is not.
        """
        for one in APPROVERS:
            any_library.approve(opening.proposal, digest=opening.digest, by=one)

        for who in OTHERS:
            assert any_library.version_text("alarm", reader=who).text
            with pytest.raises(VersionNotFound):
                any_library.compare_proposal(opening.proposal, reader=who)


class TestAHearingOfWhatWasExempt:
    def test_is_not_there_for_others_when_the_draft_is_opened(self, any_library, heard):
        """
        The round keeps the text that was heard, and what was said of it.
        """
        for who in OTHERS:
            assert any_library.get_proposal(heard.proposal, reader=who)[1]
            with pytest.raises(HearingNotFound):
                any_library.hearing(heard.proposal, reader=who, which=1)
            with pytest.raises(HearingNotFound):
                any_library.hearing_summary(heard.proposal, reader=who)
            with pytest.raises(HearingNotFound):
                any_library.compare_proposal(heard.proposal, reader=who, since_heard=True)

    def test_is_there_for_those_who_may_read_it(self, any_library, heard):
        """
        Those who are to agree must see what was heard.
        """
        for who in MAY_READ:
            assert APART in any_library.hearing(heard.proposal, reader=who).text.decode()
            assert any_library.compare_proposal(heard.proposal, reader=who, since_heard=True).changes
