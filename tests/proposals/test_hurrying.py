"""*Hasteversjon*: a text that cannot wait, what the network says of it afterwards, and what municipalities are asked."""

import pytest
from sqlmodel import col, select

from samrutine import NotAllowed, Refused
from samrutine.errors import TextChanged
from samrutine.procedures.model import VersionNumber
from samrutine.proposals.model import ProposalState, Significance, next_version
from samrutine.storage.git import MAIN
from samrutine.storage.rows import ProcedureRow, VersionRow, WaitingRow
from tests.support.homes import MUNICIPALITIES
from tests.support.stories import (
    APPROVERS,
    UNHEARD,
    agree_until_enough,
    approve_with_everyone,
    change_with_everyone,
    not_projecting,
)
from tests.support.texts import a_routine

URGENT = a_routine(extra="Bruk munnbind.")
WHY = "Utbrudd på sykehjemmet i dag."


def hurried(library, data=URGENT, *, changes="handhygiene", by="leder", significance="minor"):
    """Propose a text and hurry it; gives the answer."""
    draft = library.propose(data, changes=changes, significance=significance, meaning="Munnbind.", by="skribent")
    return library.hurry(draft.proposal, digest=draft.digest, reason=WHY, by=by)


def agree(library, made):
    """Let the network agree afterwards; gives the last answer."""
    for one in APPROVERS:
        answer = library.approve(made.proposal, digest=made.digest, by=one)
        if answer.version is not None:
            return answer
    return answer


def reasons_of(caught):
    """Give the names of the reasons of a refusal."""
    return [type(one).__name__ for one in caught.value.reasons]


def waiting(library, what):
    """Give the bodies in whose inbox something of that sort is open."""
    with library._parts.database.reading() as session:
        rows = session.exec(
            select(WaitingRow).where(WaitingRow.what == what, col(WaitingRow.closed_number).is_(None))
        ).all()
    return sorted(row.body for row in rows)


def head_of(library, procedure="handhygiene"):
    """Give a routine's version, and whether it is withdrawn."""
    with library._parts.database.reading() as session:
        row = session.get_one(ProcedureRow, procedure)
        return f"{row.major}.{row.minor}", row.withdrawn_number is not None


def on_main(library, path="procedures/smittevern/handhygiene.md"):
    """Give what stands on `main` at a path, or nothing."""
    store = library._parts.store
    return store.tree(MAIN).get(path)


class TestHurrying:
    def test_gives_the_number_at_once_and_asks_afterwards(self, any_library_with_routine):
        """
        The outbreak does not wait for four members; the municipalities can take the text into use the same hour.
        """
        library = any_library_with_routine

        made = hurried(library)

        assert made.version == VersionNumber(1, 1)
        proposal, _ = library.get_proposal(made.proposal, reader="redaktor")
        assert (proposal.state, proposal.hurried_version) == (ProposalState.APPROVAL, VersionNumber(1, 1))
        assert waiting(library, "approve-proposal") == ["network:smittevern"]
        assert len(waiting(library, "consider-version")) == 9
        assert head_of(library) == ("1.1", False)
        assert library.look_at_proposal(made.proposal).hurried_because == WHY
        assert library.adopt("handhygiene", "fauske", by="beslutter.fauske").version == VersionNumber(1, 1)
        assert library.verify().is_clean

    def test_a_new_routine_may_be_hurried_too(self, library):
        """
        What nobody has a routine for is what most often cannot wait.
        """
        made = hurried(library, a_routine("utbrudd"), changes=None)

        assert made.version == VersionNumber(1, 0)
        assert library.verify().is_clean

    def test_a_round_that_is_open_may_be_hurried_and_keeps_what_was_agreed(self, library_with_routine):
        """
        Two had agreed when it became urgent: they need not be asked again.
        """
        library = library_with_routine
        draft = library.propose(URGENT, changes="handhygiene", significance="major", meaning="Munnbind.", by="skribent")
        library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")
        library.approve(draft.proposal, digest=draft.digest, by="medlem.beiarn")

        made = library.hurry(draft.proposal, digest=draft.digest, reason=WHY, by="leder")

        assert made.version == VersionNumber(2, 0)
        assert library.look_at_proposal(made.proposal).standing.given == 1
        assert agree_rest(library, made).version == VersionNumber(2, 0)

    def test_a_hearing_that_is_open_is_broken_off(self, library_with_routine):
        """
        Nobody shall be asked for a remark to a text that is in use already.
        """
        library = library_with_routine
        draft = library.propose(URGENT, changes="handhygiene", significance="major", meaning="Munnbind.", by="skribent")
        library.open_hearing(draft.proposal, digest=draft.digest, by="leder")

        library.hurry(draft.proposal, digest=draft.digest, reason=WHY, by="leder")

        assert waiting(library, "answer-hearing") == []

    @pytest.mark.parametrize("closed_first", [False, True], ids=["broken off", "closed before"])
    def test_a_hearing_that_was_broken_off_is_not_one_that_was_held(self, library_with_routine, clock, closed_first):
        """
        The parties were asked and never got to answer: nobody may say afterwards that they were heard.
        """
        library = library_with_routine
        draft = library.propose(URGENT, changes="handhygiene", significance="major", meaning="Munnbind.", by="skribent")
        library.open_hearing(draft.proposal, digest=draft.digest, by="leder")
        if closed_first:
            clock.forward(days=30)
            library.close_hearing(draft.proposal, by="leder")

        library.hurry(draft.proposal, digest=draft.digest, reason=WHY, by="leder")

        assert library.get_proposal(draft.proposal, reader="leder")[0].heard is closed_first
        assert library.hearing(draft.proposal, reader="leder").is_open is False
        assert library.verify().is_clean

    def test_is_for_the_leader_and_the_editor(self, library_with_routine):
        """
        A hurry sets the order of things aside, so it is somebody's to answer for.
        """
        draft = library_with_routine.propose(URGENT, changes="handhygiene", significance="minor", by="skribent")

        for who in ("skribent", "medlem.beiarn"):
            with pytest.raises(NotAllowed):
                library_with_routine.hurry(draft.proposal, digest=draft.digest, reason=WHY, by=who)

    def test_the_text_that_was_read_is_the_one_that_is_hurried(self, library_with_routine):
        """
        A hurry is when people read least; the digest reads for them.
        """
        library = library_with_routine
        draft = library.propose(URGENT, changes="handhygiene", significance="minor", by="skribent")
        library.revise(draft.proposal, a_routine(extra="Annet."), read_digest=draft.digest, by="skribent")

        with pytest.raises(TextChanged):
            library.hurry(draft.proposal, digest=draft.digest, reason=WHY, by="leder")

    def test_its_words_stand_until_the_network_has_answered(self, library_with_routine):
        """
        They are a version that somebody may follow tonight; to change them is another version.
        """
        library = library_with_routine
        made = hurried(library)

        with pytest.raises(Refused) as revised:
            library.revise(made.proposal, a_routine(extra="x"), read_digest=made.digest, by="leder")
        with pytest.raises(Refused) as withdrawn:
            library.withdraw(made.proposal, reason="Nei.", by="leder")
        with pytest.raises(Refused) as again:
            library.hurry(made.proposal, digest=made.digest, reason=WHY, by="leder")

        assert reasons_of(revised) == reasons_of(withdrawn) == reasons_of(again) == ["HurriedTextStands"]

    def test_no_other_version_is_built_on_it_meanwhile(self, library_with_routine):
        """
        Should it be refused, the words before it are there to go back to.
        """
        library = library_with_routine
        made = hurried(library)
        other = library.propose(
            a_routine(extra="Bruk munnbind. Og hansker."),
            changes="handhygiene",
            significance="minor",
            by="ansatt.fauske",
        )

        with pytest.raises(Refused) as caught:
            library.send(other.proposal, digest=other.digest, by="leder")
        agree(library, made)
        library.send(other.proposal, digest=other.digest, by="leder")

        assert reasons_of(caught) == ["HurriedAwaits"]

    def test_the_same_id_again_is_the_same_hurry(self, any_library_with_routine):
        """
        A line that broke must not give the number after it.
        """
        library = any_library_with_routine
        draft = library.propose(URGENT, changes="handhygiene", significance="minor", by="skribent")

        first, again = (
            library.hurry(draft.proposal, digest=draft.digest, reason=WHY, by="leder", decision_id="h-1") for _ in "12"
        )

        assert (first.version, first.number) == (again.version, again.number)


def agree_rest(library, made):
    """Let those who have not agreed do so."""
    for one in APPROVERS[1:]:
        answer = library.approve(made.proposal, digest=made.digest, by=one)
    return answer


class TestAgreeingAfterwards:
    def test_makes_it_a_version_like_any_other(self, any_library_with_routine):
        """
        The mark goes, the number stays, and those who use it are told.
        """
        library = any_library_with_routine
        made = hurried(library)
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")

        answer = agree(library, made)

        assert answer.version == made.version
        assert library.get_proposal(made.proposal, reader="redaktor")[0].state is ProposalState.APPROVED
        with library._parts.database.reading() as session:
            row = session.get_one(VersionRow, ("handhygiene", 1, 1))
        assert row.hurried
        assert row.confirmed_number > row.decided_number
        assert row.refused_number is None
        assert waiting(library, "approve-proposal") == []
        assert library.verify().is_clean


class TestRefusingAfterwards:
    def test_gives_the_version_before_back_and_asks_those_who_use_it(self, any_library_with_routine):
        """
        Nobody takes a routine away from a ward over night: what applies goes on until the municipality has decided.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        before = on_main(library)
        made = hurried(library)
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        assert on_main(library) != before

        answer = library.reject(made.proposal, reason="Ikke faglig grunnlag.", by="leder")

        assert (answer.refused, answer.stands) == (VersionNumber(1, 1), VersionNumber(1, 0))
        assert head_of(library) == ("1.0", False)
        assert on_main(library) == before
        assert waiting(library, "hurried-refused") == ["municipality:1841"]
        assert len(waiting(library, "consider-version")) == 8
        (applies,) = library.in_force(municipality="fauske", procedure="handhygiene")
        assert applies.version == VersionNumber(1, 1)
        assert library.verify().is_clean

    def test_the_number_is_never_given_again(self, library_with_routine):
        """
        Paper with 1.1 on it hangs somewhere; another text of that name would be taken for it.
        """
        library = library_with_routine
        made = hurried(library)
        library.reject(made.proposal, reason="Nei.", by="leder")

        later = change_with_everyone(library, a_routine(extra="Roligere ord."))

        assert later.version == VersionNumber(1, 2)
        assert head_of(library) == ("1.2", False)
        assert library.verify().is_clean

    def test_where_nothing_stood_before_the_routine_is_withdrawn(self, any_library):
        """
        There is nothing to go back to, and a routine that its network refused is not one to take into use.
        """
        library = any_library
        made = hurried(library, a_routine("utbrudd"), changes=None)

        answer = library.reject(made.proposal, reason="Nei.", by="leder")

        assert (answer.refused, answer.stands) == (VersionNumber(1, 0), None)
        assert head_of(library, "utbrudd") == ("1.0", True)
        assert on_main(library, "procedures/smittevern/utbrudd.md") is None
        assert waiting(library, "consider-version") == []
        assert library.verify().is_clean

    def test_a_refused_routine_may_be_proposed_again(self, library):
        """
        The need was real; the text was not good enough. It goes the whole way, and takes the id up again.
        """
        made = hurried(library, a_routine("utbrudd"), changes=None)
        library.reject(made.proposal, reason="Nei.", by="leder")

        later = change_with_everyone(
            library, a_routine("utbrudd", extra="Bedre."), procedure="utbrudd", significance="major", meaning="Ny."
        )

        assert later.version == VersionNumber(2, 0)
        assert head_of(library, "utbrudd") == ("2.0", False)
        assert library.verify().is_clean

    def test_the_same_id_again_is_the_same_refusal(self, library_with_routine):
        """
        The answer names the version that stands, also the second time.
        """
        made = hurried(library_with_routine)

        first, again = (
            library_with_routine.reject(made.proposal, reason="Nei.", by="leder", decision_id="n-1") for _ in "12"
        )

        assert (first.refused, first.stands, first.number) == (again.refused, again.stands, again.number)

    def test_a_mark_that_was_changed_behind_the_decisions_is_found(self, library_with_routine):
        """
        A hasteversjon without its mark looks as if the network had agreed.
        """
        library = library_with_routine
        hurried(library)

        with library._parts.database.writing() as session:
            session.get_one(VersionRow, ("handhygiene", 1, 1)).hurried = False

        assert {one.code for one in library.verify().faults} == {"version"}


class TestCrash:
    def test_what_is_projected_later_is_the_same(self, library_with_routine):
        """
        Decided while git was busy, it all comes to `main` when the next one has time.
        """
        library = library_with_routine
        before = on_main(library)
        with not_projecting(library):
            made = hurried(library)
            library.reject(made.proposal, reason="Nei.", by="leder")

        assert library.repair().is_clean

        assert on_main(library) == before


@pytest.mark.parametrize(
    ("highest", "significance", "expected"),
    [("1.1", Significance.MINOR, "1.2"), ("2.0", Significance.MINOR, "2.1"), ("1.1", Significance.MAJOR, "2.0")],
)
def test_the_next_number_comes_after_the_highest_ever_given(highest, significance, expected):
    """
    Numbers only grow, so that a later one is always the later text.
    """
    assert str(next_version(VersionNumber.parse(highest), significance)) == expected


def withdrawn(library, *, replaced_by=None):
    """Withdraw hand hygiene, perhaps for another routine."""
    made = library.propose_withdrawal("handhygiene", reason="Utdatert.", replaced_by=replaced_by, by="skribent")
    library.send(made.proposal, digest=made.digest, unheard=UNHEARD, by="leder")
    assert agree_until_enough(library, made).withdrawn


class TestRefusingWhatTookAWithdrawnRoutineUp:
    def test_leaves_it_withdrawn_for_what_replaced_it(self, any_library_with_routine):
        """
        The network withdrew it and refused to have it back; nobody decided that it should be followed again.
        """
        library = any_library_with_routine
        approve_with_everyone(library, a_routine("hygiene", title="Hygiene"))
        withdrawn(library, replaced_by="hygiene")
        waited = waiting(library, "consider-withdrawal")
        before = library.where_to_go("handhygiene")
        made = hurried(library)
        assert head_of(library) == ("2.0", False)

        answer = library.reject(made.proposal, reason="Nei.", by="leder")

        assert (answer.refused, answer.stands) == (VersionNumber(2, 0), None)
        assert head_of(library) == ("1.0", True)
        assert library.where_to_go("handhygiene") == before
        assert on_main(library) is None
        assert waiting(library, "consider-withdrawal") == waited
        assert waiting(library, "consider-version") == sorted(f"municipality:{one}" for one in MUNICIPALITIES.values())
        assert library.verify().is_clean

    def test_a_withdrawal_put_back_behind_the_decisions_is_found(self, library_with_routine):
        """
        A routine that the network withdrew must not be brought back by whoever has the database.
        """
        library = library_with_routine
        withdrawn(library)
        library.reject(hurried(library).proposal, reason="Nei.", by="leder")

        with library._parts.database.writing() as session:
            session.get_one(ProcedureRow, "handhygiene").withdrawn_number = None

        assert not library.verify().is_clean

    def test_a_change_of_a_withdrawn_routine_is_never_minor(self, library_with_routine):
        """
        To take up again what was withdrawn is no correction: it is heard, explained and numbered as a significant change.
        """
        library = library_with_routine
        withdrawn(library)
        draft = library.propose(URGENT, changes="handhygiene", significance="minor", by="skribent")

        for unheard in (None, UNHEARD):
            with pytest.raises(Refused) as caught:
                library.send(draft.proposal, digest=draft.digest, unheard=unheard, by="leder")
            assert reasons_of(caught) == ["MeaningMissing"]
        library.revise(draft.proposal, URGENT, read_digest=draft.digest, meaning="Den tas opp igjen.", by="skribent")
        with pytest.raises(Refused) as caught:
            library.send(draft.proposal, digest=draft.digest, by="leder")
        assert reasons_of(caught) == ["HearingMissing"]
        assert library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder").needed == 4
        answer = agree_until_enough(library, draft)

        assert answer.version == VersionNumber(2, 0)
        assert library.versions("handhygiene")[-1].significance == "major"
        assert library.verify().is_clean


class TestTheNextReviewAfterARefusal:
    def test_is_the_one_that_was_decided_before_the_hurry(self, any_library_with_routine, clock):
        """
        The network looked the routine through; that a hurry came and went does not make it overdue.
        """
        library = any_library_with_routine
        clock.forward(days=600)
        reviewed = library.review("handhygiene", version="1.0", outcome="unchanged", by="leder").next_review
        made = hurried(library)

        library.reject(made.proposal, reason="Nei.", by="leder")

        (due,) = library.due_for_review(notice_days=3650)
        assert due.next_review == reviewed
        assert library.verify().is_clean

    def test_is_the_one_that_was_decided_while_it_waited(self, library_with_routine, clock):
        """
        What was looked through meanwhile was looked through.
        """
        library = library_with_routine
        made = hurried(library)
        clock.forward(days=10)
        reviewed = library.review("handhygiene", version="1.1", outcome="unchanged", by="leder").next_review

        library.reject(made.proposal, reason="Nei.", by="leder")

        (due,) = library.due_for_review(notice_days=3650)
        assert due.next_review == reviewed
        assert library.verify().is_clean
