"""Refresh: the newest version is taken up into a proposal that was begun before it."""

import pytest

from samrutine import NotAllowed, Refused
from samrutine.errors import BaseMoved, ProcedureNotFound, ProposalNotFound, TextChanged
from samrutine.procedures.model import VersionNumber
from samrutine.proposals.model import ProposalState
from tests.support.stories import APPROVERS, UNHEARD, change_with_everyone
from tests.support.texts import SECTIONS, a_routine

OURS = a_routine(sections={**SECTIONS, "Avvik": "Meld alle avvik i kvalitetssystemet."})
THEIRS = a_routine(sections={**SECTIONS, "Omfang": "Gjelder alle ansatte og vikarer."})
AGAINST = a_routine(sections={**SECTIONS, "Avvik": "Meld avvik til lederen."})


def reasons_of(caught):
    """Give the names of the reasons of a refusal."""
    return [type(one).__name__ for one in caught.value.reasons]


def a_draft(library, data=OURS, **how):
    """Propose a significant change of hand hygiene."""
    return library.propose(
        data, changes="handhygiene", significance="major", meaning="Meld alt.", by="ansatt.fauske", **how
    )


def refreshed(library, draft, **how):
    """Refresh a draft as its author."""
    return library.refresh(draft.proposal, read_digest=draft.digest, by="ansatt.fauske", **how)


class TestRefreshing:
    def test_puts_both_together_when_they_touch_nothing_alike(self, any_library_with_routine):
        """
        Two who mend different parts need not meet about it.
        """
        library = any_library_with_routine
        draft = a_draft(library)
        change_with_everyone(library, THEIRS)
        with pytest.raises(BaseMoved):
            library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")

        made = refreshed(library, draft)

        proposal, text = library.get_proposal(draft.proposal, reader="redaktor")
        assert (made.base, made.conflicts) == (VersionNumber(1, 1), ())
        assert proposal.base_version == VersionNumber(1, 1)
        assert "Meld alle avvik" in text.decode()
        assert "og vikarer" in text.decode()
        assert library.send(draft.proposal, digest=made.digest, unheard=UNHEARD, by="leder").number
        assert library.verify().is_clean

    def test_what_both_changed_must_be_looked_at_first(self, any_library_with_routine):
        """
        The machine cannot know which of two sentences is right; a person says so by saving the text.
        """
        library = any_library_with_routine
        draft = a_draft(library)
        change_with_everyone(library, AGAINST)

        made = refreshed(library, draft)

        (conflict,) = made.conflicts
        assert conflict.where == "Avvik"
        assert "alle avvik" in conflict.ours
        assert "til lederen" in conflict.theirs
        with pytest.raises(Refused) as caught:
            library.send(draft.proposal, digest=made.digest, unheard=UNHEARD, by="leder")
        assert reasons_of(caught) == ["ConflictsStand"]
        text = library.get_proposal(draft.proposal, reader="redaktor")[1]
        library.revise(draft.proposal, text, read_digest=made.digest, by="ansatt.fauske")
        assert library.get_proposal(draft.proposal, reader="redaktor")[0].conflicts == ()
        assert library.send(draft.proposal, digest=made.digest, unheard=UNHEARD, by="leder").number

    def test_what_was_agreed_is_void_and_the_round_begins_anew(self, any_library_with_routine):
        """
        Members agreed to other words; what was merged must be read before anybody is asked again.
        """
        library = any_library_with_routine
        draft = a_draft(library)
        library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")
        library.approve(draft.proposal, digest=draft.digest, by="medlem.beiarn")
        change_with_everyone(library, THEIRS)

        refreshed(library, draft)

        proposal, _ = library.get_proposal(draft.proposal, reader="redaktor")
        assert (proposal.state, proposal.policy) == (ProposalState.DRAFT, None)
        assert proposal.valid_approvals == ()
        assert len(proposal.void_approvals) == 1
        assert [one.subject for one in library.waiting("network:smittevern") if one.what == "approve-proposal"] == []

    def test_who_refreshed_may_still_approve(self, library_with_routine):
        """
        The leader who put two texts together wrote no word of either.
        """
        library = library_with_routine
        draft = a_draft(library)
        change_with_everyone(library, THEIRS)
        made = library.refresh(draft.proposal, read_digest=draft.digest, by="leder")
        library.send(draft.proposal, digest=made.digest, unheard=UNHEARD, by="leder")

        assert library.approve(draft.proposal, digest=made.digest, by="leder").number

    def test_refuses_what_starts_from_the_newest_already(self, library_with_routine):
        """
        Nothing came in between.
        """
        draft = a_draft(library_with_routine)

        with pytest.raises(Refused) as caught:
            refreshed(library_with_routine, draft)

        assert reasons_of(caught) == ["NothingToRefresh"]

    def test_refuses_when_nothing_would_be_left(self, library_with_routine):
        """
        Somebody else proposed the same and was first.
        """
        draft = a_draft(library_with_routine)
        change_with_everyone(library_with_routine, OURS)

        with pytest.raises(Refused) as caught:
            refreshed(library_with_routine, draft)

        assert reasons_of(caught) == ["NothingLeftToChange"]

    def test_merges_into_words_that_were_read(self, library_with_routine):
        """
        The author wrote on while the leader had the page open.
        """
        library = library_with_routine
        draft = a_draft(library)
        change_with_everyone(library, THEIRS)
        library.revise(draft.proposal, a_routine(extra="Mer."), read_digest=draft.digest, by="ansatt.fauske")

        with pytest.raises(TextChanged):
            refreshed(library, draft)

    def test_is_for_the_author_the_leader_and_the_editor(self, library_with_routine):
        """
        As every change of the text.
        """
        draft = a_draft(library_with_routine)
        change_with_everyone(library_with_routine, THEIRS)

        with pytest.raises(NotAllowed):
            library_with_routine.refresh(draft.proposal, read_digest=draft.digest, by="medlem.beiarn")

    def test_a_withdrawal_is_refreshed_too(self, library_with_routine):
        """
        It names the version that would go, and that is another now.
        """
        library = library_with_routine
        draft = library.propose_withdrawal("handhygiene", reason="Dekket.", by="ansatt.fauske")
        change_with_everyone(library, THEIRS)

        made = refreshed(library, draft)

        proposal, text = library.get_proposal(draft.proposal, reader="redaktor")
        assert (made.base, proposal.digest) == (VersionNumber(1, 1), made.digest)
        assert "og vikarer" in text.decode()

    def test_the_same_id_again_is_the_same_refresh(self, any_library_with_routine):
        """
        Also the conflicts are told again.
        """
        library = any_library_with_routine
        draft = a_draft(library)
        change_with_everyone(library, AGAINST)

        first = refreshed(library, draft, decision_id="r-1")
        again = refreshed(library, draft, decision_id="r-1")

        assert (first.number, first.conflicts, first.digest) == (again.number, again.conflicts, again.digest)


SECRET = a_routine(access="exempt", sections={**SECTIONS, "Avvik": "Koden er åtte sifre."})


class TestRefreshingWhatBecameExempt:
    def test_does_not_give_the_author_what_they_may_not_read(self, any_library_with_routine):
        """
        A draft of the routine as it was must not be a way into what it has become.
        """
        library = any_library_with_routine
        draft = a_draft(library)
        change_with_everyone(library, SECRET)

        with pytest.raises(ProcedureNotFound):
            refreshed(library, draft)

        assert b"sifre" not in library.get_proposal(draft.proposal, reader="ansatt.fauske")[1]

    def test_by_the_leader_takes_it_away_from_an_author_who_may_not(self, any_library_with_routine):
        """
        To have written some of the words gives no right to the exempt ones that others put beside them.
        """
        library = any_library_with_routine
        draft = a_draft(library)
        change_with_everyone(library, SECRET)

        made = library.refresh(draft.proposal, read_digest=draft.digest, by="leder")

        assert b"access: exempt" in library.get_proposal(draft.proposal, reader="leder")[1]
        with pytest.raises(ProposalNotFound):
            library.get_proposal(draft.proposal, reader="ansatt.fauske")
        with pytest.raises(ProposalNotFound):
            library.withdraw(draft.proposal, reason="Ombestemt.", by="ansatt.fauske")
        assert draft.proposal not in {one.id for one in library.proposals(reader="ansatt.fauske")}
        library.grant("ansatt.fauske", "responsible", "municipality:1841", by="redaktor")
        assert library.get_proposal(draft.proposal, reader="ansatt.fauske")[0].digest == made.digest

    def test_an_author_reads_their_own_exempt_words(self, library_with_routine):
        """
        Whoever wrote every word learns nothing from them; it is others' words that are kept from them.
        """
        library = library_with_routine
        own = library.propose(a_routine("vold", title="Vold", access="exempt"), by="ansatt.fauske")
        opened = library.propose(a_routine("alarm", title="Alarm"), by="ansatt.fauske")

        library.revise(
            opened.proposal, a_routine("alarm", title="Alarm", access="exempt"), read_digest=opened.digest, by="leder"
        )

        assert library.get_proposal(own.proposal, reader="ansatt.fauske")[1]
        with pytest.raises(ProposalNotFound):
            library.get_proposal(opened.proposal, reader="ansatt.fauske")


class TestAgreedBeforeARefresh:
    def test_old_approvals_do_not_come_back_with_the_old_text(self, any_library_with_routine):
        """
        Three agreed to the text before a new limit came. Saving it again must not count them for taking the limit out.
        """
        library = any_library_with_routine
        draft = a_draft(library)
        library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")
        for one in APPROVERS[:-1]:
            library.approve(draft.proposal, digest=draft.digest, by=one)
        change_with_everyone(library, THEIRS)
        made = refreshed(library, draft)

        with pytest.raises(Refused) as caught:
            library.revise(draft.proposal, OURS, read_digest=made.digest, by="ansatt.fauske")

        assert reasons_of(caught) == ["AgreedAsItWas"]

    def test_a_text_that_becomes_the_same_again_is_agreed_to_anew(self, any_library_with_routine):
        """
        The newest version took its change back, so the merged text is what it was; who agreed is asked once more.
        """
        library = any_library_with_routine
        draft = a_draft(library)
        library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")
        library.approve(draft.proposal, digest=draft.digest, by="medlem.beiarn")
        change_with_everyone(library, THEIRS)
        made = refreshed(library, draft)
        change_with_everyone(library, a_routine())
        again = refreshed(library, made)

        library.send(draft.proposal, digest=again.digest, unheard=UNHEARD, by="leder")
        standing = library.look_at_proposal(draft.proposal, reader="leder").standing
        answer = library.approve(draft.proposal, digest=again.digest, by="medlem.beiarn")

        proposal = library.get_proposal(draft.proposal, reader="leder")[0]
        assert again.digest == draft.digest
        assert (standing.given, answer.standing.given) == (0, 1)
        assert [len(proposal.valid_approvals), len(proposal.void_approvals)] == [1, 1]
        assert library.verify().is_clean


class TestWhenTheRoutineWasMadeExempt:
    @pytest.mark.parametrize("access", ["internal", "open"])
    def test_its_words_do_not_come_into_a_text_that_more_may_read(self, any_library_with_routine, access):
        """
        A leader merges for the author; neither the author nor those who are heard may read the new words by that.
        """
        library = any_library_with_routine
        data = a_routine(access=access, extra="Bruk krem.")
        draft = library.propose(data, changes="handhygiene", significance="major", meaning="Krem.", by="skribent")
        library.open_hearing(draft.proposal, digest=draft.digest, parties=["municipality:1841"], by="leder")
        secret = {**SECTIONS, "Avvik": "Nøkkelen ligger i nittini."}
        change_with_everyone(library, a_routine(access="exempt", sections=secret), by="medlem.saltdal")

        library.refresh(draft.proposal, read_digest=draft.digest, by="leder")

        text = library.get_proposal(draft.proposal, reader="leder")[1].decode()
        assert "nittini" in text
        assert "access: exempt" in text
        for who in (None, "ansatt.fauske", "skribent"):
            with pytest.raises(ProposalNotFound):
                library.get_proposal(draft.proposal, reader=who)
        assert library.verify().is_clean
