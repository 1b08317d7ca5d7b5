"""A hearing on a real database: opened, answered, reminded, closed, replied to."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from samrutine.errors import (
    DecisionIdReused,
    HearingNotFound,
    InvalidRequest,
    MunicipalityNotFound,
    NetworkNotFound,
    NotAllowed,
    ProposalNotFound,
    Refused,
    RemarkNotFound,
    SectionNotFound,
    TextChanged,
)
from samrutine.proposals.hearing import HearingAnswer, Remark, RemarkOutcome
from samrutine.proposals.model import ProposalState
from samrutine.storage.rows import DecisionRow, NotificationRow, WaitingRow
from tests.support.clock import NOW
from tests.support.homes import MUNICIPALITIES
from tests.support.texts import NATIONAL_ID, a_routine

NEW = a_routine("vaktskifte", title="Vaktskifte")
CHANGED = a_routine(extra="Gjelder også vikarer.")
TODAY = NOW.date()
TWO = ("municipality:fauske", "municipality:beiarn")


def reasons_of(caught):
    """Give the names of the reasons in a refusal."""
    return [type(one).__name__ for one in caught.value.reasons]


def opened(library, *, parties=TWO, **how):
    """Open a hearing of a new routine; gives its proposal's id."""
    draft = library.propose(NEW, by="skribent")
    library.open_hearing(draft.proposal, digest=draft.digest, parties=parties, by="leder", **how)
    return draft.proposal


def waits(library, what):
    """Give the bodies that something waits for."""
    with library._parts.database.reading() as session:
        rows = session.exec(select(WaitingRow).where(WaitingRow.what == what))
        return sorted(row.body for row in rows if row.closed_number is None)


def told(library, what):
    """Give how many were told of something."""
    with library._parts.database.reading() as session:
        return len(session.exec(select(NotificationRow).where(NotificationRow.what == what)).all())


def answers(library, proposal):
    """Give what each party has answered, by name."""
    return {one.name: one.answer.value for one in library.hearing(proposal).parties}


class TestOpening:
    def test_the_nine_municipalities_are_heard_for_three_weeks_unless_told_otherwise(self, any_library):
        """
        The templates know whom to ask about infections, so that the leader need not remember all of them.
        """
        draft = any_library.propose(NEW, by="skribent")

        round_ = any_library.open_hearing(draft.proposal, digest=draft.digest, by="leder")

        view = any_library.hearing(draft.proposal)
        assert round_.deadline == TODAY + timedelta(weeks=3) == view.deadline
        towns = [one for one in view.parties if one.body.startswith("municipality:")]
        assert {one.body for one in towns} == {f"municipality:{number}" for number in MUNICIPALITIES.values()}
        assert len(view.parties) == round_.parties == len(towns) + len(round_.outside)
        assert "Fastlegene, Fauske" in {one.name for one in view.parties}
        assert "Kommuneoverlegen" in view.through
        assert any_library.get_proposal(draft.proposal, reader="redaktor")[0].state is ProposalState.HEARING
        assert len(waits(any_library, "answer-hearing")) == 9
        assert told(any_library, "hearing-opened") > 9
        assert any_library.verify().is_clean

    def test_the_suggestion_says_why_and_is_not_for_those_who_may_not_read_the_draft(self, library):
        """
        The leader sees whom the templates mean and may strike some; a stranger does not learn that there is a draft.
        """
        draft = library.propose(NEW, by="skribent")

        found = library.suggested_parties(draft.proposal, reader="leder")

        assert found.why == ("De som undersøker, behandler og melder, må gjøre det likt.",)
        bodies = [one.body for one in found.parties if one.body != "municipality:1836"]
        assert library.open_hearing(draft.proposal, digest=draft.digest, parties=bodies, by="leder").parties == len(
            bodies
        )
        other = library.propose(a_routine("annet"), by="skribent")
        for reader in ("beslutter.beiarn", None):
            with pytest.raises(ProposalNotFound):
                library.suggested_parties(other.proposal, reader=reader)

    def test_what_was_opened_is_what_was_read(self, library):
        """
        Nine municipalities must not spend three weeks on a text that the leader never saw.
        """
        draft = library.propose(NEW, by="skribent")
        library.revise(
            draft.proposal,
            a_routine("vaktskifte", title="Vaktskifte", extra="Ny."),
            read_digest=draft.digest,
            by="skribent",
        )

        with pytest.raises(TextChanged):
            library.open_hearing(draft.proposal, digest=draft.digest, by="leder")

    def test_the_text_stands_still_while_it_is_heard(self, library):
        """
        Whoever answers on page two must have the page two that the others have.
        """
        proposal = opened(library)
        digest = library.hearing(proposal).digest

        with pytest.raises(Refused) as caught:
            library.revise(
                proposal, a_routine("vaktskifte", title="Vaktskifte", extra="Ny."), read_digest=digest, by="leder"
            )

        assert reasons_of(caught) == ["StepNotNow"]

    def test_a_text_that_is_the_newest_version_is_not_heard_nor_sent(self, library_with_routine):
        """
        Nine municipalities would have read it for three weeks to find that nothing changes.
        """
        library = library_with_routine
        draft = library.propose(CHANGED, by="skribent", changes="handhygiene", meaning="Gjelder vikarer.")
        same = library.revise(draft.proposal, a_routine(), read_digest=draft.digest, by="skribent")

        for verb in (library.open_hearing, library.send):
            with pytest.raises(Refused) as caught:
                verb(draft.proposal, digest=same.digest, by="leder")

            assert reasons_of(caught) == ["NothingLeftToChange"]

    def test_a_change_that_need_not_be_heard_is_heard_until_a_day_that_somebody_sets(self, library_with_routine):
        """
        The rules know no weeks for it, and one day is no hearing.
        """
        library = library_with_routine
        draft = library.propose(CHANGED, by="skribent", changes="handhygiene", significance="minor")

        with pytest.raises(Refused) as caught:
            library.open_hearing(draft.proposal, digest=draft.digest, parties=TWO, by="leder")
        last = TODAY + timedelta(days=9)
        round_ = library.open_hearing(draft.proposal, digest=draft.digest, parties=TWO, deadline=last, by="leder")

        assert reasons_of(caught) == ["HearingNotAskedFor"]
        assert round_.deadline == last

    @pytest.mark.parametrize("days", [0, -1, 365], ids=["today", "yesterday", "in a year and a day"])
    def test_a_deadline_gives_a_day_at_least_and_a_year_at_most(self, library, days):
        """
        A hearing with a deadline today is no hearing.
        """
        with pytest.raises(Refused) as caught:
            opened(library, deadline=TODAY + timedelta(days=days))

        assert reasons_of(caught) == ["DeadlineNotPossible"]

    def test_a_second_call_gives_the_same_answer(self, any_library):
        """
        The network was slow and the leader clicked again: one hearing.
        """
        draft = any_library.propose(NEW, by="skribent")
        how = {
            "digest": draft.digest,
            "by": "leder",
            "parties": [*TWO, "outside:Prøvevik eldreråd"],
            "decision_id": "h1",
        }

        first, second = (any_library.open_hearing(draft.proposal, **how) for _ in range(2))

        assert (first.number, first.round, first.outside) == (second.number, second.round, second.outside)
        assert len(any_library.hearing(draft.proposal).parties) == 3
        with pytest.raises(DecisionIdReused):
            any_library.open_hearing(draft.proposal, **{**how, "parties": [*TWO, "outside:Prøvevik ungdomsråd"]})

    def test_a_name_that_somebody_wrote_is_kept_beside_the_chain_and_not_in_it(self, any_library):
        """
        The party may be one man with a name, and the chain can never forget.
        """
        proposal = opened(any_library, parties=[*TWO, "outside:Ola Prøvesen"])

        assert "Ola Prøvesen" in {one.name for one in any_library.hearing(proposal).parties}
        with any_library._parts.database.reading() as session:
            records = [row.record for row in session.exec(select(DecisionRow))]
        assert not any("Prøvesen" in record or "prøvesen" in record for record in records)

    @pytest.mark.parametrize(
        ("party", "error"),
        [
            ("municipality:oslo", MunicipalityNotFound),
            ("network:strikking", NetworkNotFound),
            ("party:ingen", InvalidRequest),
            ("outside:ingen-9999", InvalidRequest),
            ("alle", InvalidRequest),
            ("outside:", InvalidRequest),
        ],
    )
    def test_a_party_that_nobody_knows_is_refused(self, library, party, error):
        """
        A misspelt party would be one whom nobody asks.
        """
        with pytest.raises(error):
            opened(library, parties=[party])

    def test_nobody_to_hear_is_no_hearing(self, library):
        """
        An empty list was a slip, and not a hearing that everybody has answered.
        """
        with pytest.raises(Refused) as caught:
            opened(library, parties=[])

        assert reasons_of(caught) == ["NobodyToHear"]

    def test_a_name_with_a_national_identity_number_is_refused(self, library):
        """
        What people paste into a field of names is sometimes the whole register entry.
        """
        with pytest.raises(Refused) as caught:
            opened(library, parties=[f"outside:Ola Prøvesen {NATIONAL_ID}"])

        assert reasons_of(caught) == ["HoldsPersonalData"]


class TestAnswering:
    def test_no_remarks_takes_one_call(self, any_library):
        """
        Most answers are that; who has ten minutes must not spend them on a form.
        """
        proposal = opened(any_library)

        answered = any_library.answer_hearing(proposal, "municipality:fauske", no_remarks=True, by="ansatt.fauske")

        assert answered.answer is HearingAnswer.NO_REMARKS
        assert answers(any_library, proposal) == {"Fauske": "no-remarks", "Beiarn": "none"}
        assert waits(any_library, "answer-hearing") == ["municipality:1839"]
        assert any_library.verify().is_clean

    def test_remarks_are_about_the_whole_a_section_or_a_step(self, any_library):
        """
        "Step 2 is wrong" must be found again at step 2.
        """
        proposal = opened(any_library)

        any_library.answer_hearing(
            proposal, "municipality:1841", by="ansatt.fauske",
            remarks=["Bra.", Remark("Hvem er leder?", "ansvar"), Remark("Hvor lenge?", "framgangsmate", 2)],
        )  # fmt: skip

        (fauske,) = [one for one in any_library.hearing(proposal, reader="leder").parties if one.name == "Fauske"]
        assert {(one.section_key, one.paragraph, one.text) for one in fauske.remarks} == {
            (None, None, "Bra."), ("ansvar", None, "Hvem er leder?"), ("framgangsmate", 2, "Hvor lenge?"),
        }  # fmt: skip
        assert waits(any_library, "reply-to-remarks") == ["network:smittevern"]

    @pytest.mark.parametrize(
        ("remark", "error"),
        [
            (Remark("Hva?", "finnes-ikke"), SectionNotFound),
            (Remark("Hva?", "framgangsmate", 3), InvalidRequest),
            (Remark("Hva?", "framgangsmate", 0), InvalidRequest),
            (Remark("Hva?", None, 1), InvalidRequest),
            (Remark(" "), InvalidRequest),
            (Remark("x" * 10_001), InvalidRequest),
        ],
        ids=["no such section", "no third step", "no step zero", "a step of nothing", "no words", "a whole report"],
    )
    def test_a_remark_is_about_something_that_is_there(self, library, remark, error):
        """
        A remark that hangs in the air is never replied to.
        """
        proposal = opened(library)

        with pytest.raises(error):
            library.answer_hearing(proposal, "municipality:1841", remarks=[remark], by="ansatt.fauske")

    def test_remarks_stand_in_the_order_they_were_written(self, library):
        """
        «Som jeg skrev over» must have something above it.
        """
        proposal = opened(library)
        written = ["Sju.", "Fem.", "En.", "To.", "Tre.", "Åtte.", "Fire."]

        library.answer_hearing(proposal, "municipality:1841", remarks=written, by="ansatt.fauske")

        (fauske,) = [
            one for one in library.hearing(proposal, reader="leder").parties if one.body == "municipality:1841"
        ]
        assert [one.text for one in fauske.remarks] == written

    def test_the_same_remark_once_more_is_refused_and_said(self, library):
        """
        Whoever is unsure whether it was sent sends it again, and the leader replied to it twice.
        """
        proposal = opened(library)
        same, where = Remark("Hvem er leder?", "ansvar"), (proposal, "municipality:1841")
        library.answer_hearing(*where, remarks=[same], by="ansatt.fauske")

        with pytest.raises(Refused) as refused:
            library.answer_hearing(*where, remarks=["Ny.", Remark(" Hvem er leder? ", "ansvar")], by="ansatt.fauske")
        library.answer_hearing(*where, remarks=[same], by="ansvarlig.fauske")  # another person may mean the same

        assert [(one.same, one.given) for one in refused.value.reasons] == [(1, 2)]
        (fauske,) = [one for one in library.hearing(proposal, reader="leder").parties if one.name == "Fauske"]
        assert [one.text for one in fauske.remarks] == ["Hvem er leder?"] * 2

    def test_neither_or_both_is_no_answer(self, library):
        """
        An empty form that was sent is not the same as having nothing to say.
        """
        proposal = opened(library)

        for how in ({}, {"no_remarks": True, "remarks": ["Noe."]}):
            with pytest.raises(InvalidRequest):
                library.answer_hearing(proposal, "municipality:1841", by="ansatt.fauske", **how)

    def test_a_remark_with_a_national_identity_number_is_refused(self, library):
        """
        A remark that tells of a patient is the likeliest way for one to end up here.
        """
        proposal = opened(library)

        with pytest.raises(Refused) as caught:
            library.answer_hearing(proposal, "municipality:1841", remarks=[f"Se {NATIONAL_ID}."], by="ansatt.fauske")

        assert reasons_of(caught) == ["HoldsPersonalData"]

    def test_the_words_of_a_remark_are_not_in_the_chain(self, any_library):
        """
        What somebody wrote in haste can be deleted when its time is over.
        """
        proposal = opened(any_library)
        answered = any_library.answer_hearing(proposal, "municipality:1841", remarks=["Skjærgård."], by="ansatt.fauske")
        any_library.reply_to_remark(answered.remarks[0], "noted", reply="Fjellheim.", by="leder")

        with any_library._parts.database.reading() as session:
            records = [row.record for row in session.exec(select(DecisionRow))]
        assert not any("Skjærgård" in record or "Fjellheim" in record for record in records)

    def test_answers_are_for_ones_own_body(self, library):
        """
        Nobody answers for another municipality; the name stands there and not the number.
        """
        proposal = opened(library)

        with pytest.raises(NotAllowed) as caught:
            library.answer_hearing(proposal, "municipality:beiarn", no_remarks=True, by="ansatt.fauske")

        assert "Beiarn" in str(caught.value)

    def test_who_is_not_heard_cannot_answer(self, library):
        """
        The leader chose whom to hear, and must be asked for more.
        """
        proposal = opened(library)

        with pytest.raises(NotAllowed) as caught:
            library.answer_hearing(proposal, "municipality:meloy", no_remarks=True, by="skribent")

        assert "Meløy" in caught.value.text("nb")

    def test_answering_again_adds_remarks(self, any_library):
        """
        The second thought comes in the car home.
        """
        proposal = opened(any_library)
        any_library.answer_hearing(proposal, "municipality:1841", no_remarks=True, by="ansatt.fauske")

        any_library.answer_hearing(proposal, "municipality:1841", remarks=["En."], by="ansatt.fauske")
        any_library.answer_hearing(proposal, "municipality:1841", remarks=["To."], by="ansvarlig.fauske")

        view = any_library.hearing(proposal, reader="leder")
        (fauske,) = [one for one in view.parties if one.name == "Fauske"]
        assert ([one.text for one in fauske.remarks], fauske.answer) == (["En.", "To."], HearingAnswer.REMARKS)

    def test_no_remarks_after_all_takes_back_what_nobody_has_replied_to(self, any_library):
        """
        The remark rested on a misunderstanding; it is not deleted, but it waits for nobody either.
        """
        proposal = opened(any_library)
        first = any_library.answer_hearing(proposal, "municipality:1841", remarks=["En.", "To."], by="ansatt.fauske")
        any_library.reply_to_remark(first.remarks[0], "taken", by="leder")

        any_library.answer_hearing(proposal, "municipality:1841", no_remarks=True, by="ansatt.fauske")

        view = any_library.hearing(proposal, reader="leder")
        outcomes = {one.text: one.outcome for party in view.parties for one in party.remarks}
        assert outcomes == {"En.": RemarkOutcome.TAKEN, "To.": RemarkOutcome.TAKEN_BACK}
        assert waits(any_library, "reply-to-remarks") == []
        with pytest.raises(Refused):
            any_library.reply_to_remark(first.remarks[1], "noted", by="leder")

    def test_a_second_call_is_the_same_answer_and_other_words_are_another(self, any_library):
        """
        Twice the same remark would be two replies to write.
        """
        proposal = opened(any_library)
        how = {"by": "ansatt.fauske", "decision_id": "svar"}

        first, second = (
            any_library.answer_hearing(proposal, "municipality:1841", remarks=["En."], **how) for _ in range(2)
        )

        assert (first.number, first.remarks) == (second.number, second.remarks)
        with pytest.raises(DecisionIdReused):
            any_library.answer_hearing(proposal, "municipality:1841", remarks=["To."], **how)

    def test_an_answer_can_be_changed_until_midnight_in_norway(self, any_library, clock):
        """
        The deadline is a day on the wall in Fauske; at half past eleven in the evening UTC it is over there.
        """
        proposal = opened(any_library, deadline=TODAY + timedelta(days=7))
        any_library.answer_hearing(proposal, "municipality:1841", no_remarks=True, by="ansatt.fauske")
        clock.now = NOW.replace(hour=22, minute=59) + timedelta(days=7)  # 23.59 in Norway, where it is winter
        any_library.answer_hearing(proposal, "municipality:1841", remarks=["En."], by="ansatt.fauske")

        clock.forward(minutes=2)

        with pytest.raises(Refused) as caught:
            any_library.answer_hearing(proposal, "municipality:1841", remarks=["To."], by="ansatt.fauske")
        assert reasons_of(caught) == ["AnswerStands"]
        any_library.answer_hearing(proposal, "municipality:1839", no_remarks=True, by="medlem.beiarn")

    def test_nothing_can_be_answered_when_no_hearing_is_open(self, library, clock):
        """
        A draft is nobody's to answer, and a closed round is worked on.
        """
        draft = library.propose(NEW, by="skribent")
        with pytest.raises(ProposalNotFound):
            library.answer_hearing(draft.proposal, "municipality:1841", no_remarks=True, by="ansatt.fauske")
        library.open_hearing(draft.proposal, digest=draft.digest, parties=TWO, by="leder")
        clock.forward(weeks=4)
        library.close_hearing(draft.proposal, by="leder")

        with pytest.raises(Refused) as caught:
            library.answer_hearing(draft.proposal, "municipality:1841", no_remarks=True, by="ansatt.fauske")

        assert reasons_of(caught) == ["HearingNotOpen"]


class TestReminding:
    def test_those_who_have_not_answered_are_reminded_once_a_day_when_the_deadline_is_near(self, any_library, clock):
        """
        Chasing nine people by e-mail was the leader's worst hour of the month.
        """
        proposal = opened(any_library)
        any_library.answer_hearing(proposal, "municipality:1841", no_remarks=True, by="ansatt.fauske")
        with pytest.raises(Refused) as early:
            any_library.remind(proposal, by="leder")
        clock.forward(weeks=2)

        reminded = any_library.remind(proposal, by="leder")

        (beiarn,) = [one for one in any_library.hearing(proposal).parties if one.name == "Beiarn"]
        assert reasons_of(early) == ["NobodyToRemind"]
        assert (reminded.inside, beiarn.reminders) == ((beiarn.id,), 1)
        assert told(any_library, "hearing-reminder") == 2  # the member and the decider of Beiarn
        with pytest.raises(Refused):
            any_library.remind(proposal, by="leder")
        clock.forward(days=1)
        any_library.remind(proposal, by="leder")
        assert any_library.verify().is_clean

    def test_an_empty_chair_is_not_reminded(self, library, clock):
        """
        Two letters to nobody would make silence out of a vacancy.
        """
        proposal = opened(library, parties=["municipality:fauske", "network:omsorg", "outside:Prøvevik eldreråd"])
        clock.forward(weeks=3)

        reminded = library.remind(proposal, by="leder")

        assert [one.name for one in library.hearing(proposal).parties if one.id in reminded.inside] == ["Fauske"]
        assert reminded.outside == ()


class TestClosing:
    def test_silence_after_two_reminders_is_recorded_as_that_and_less_is_no_answer(self, any_library, clock):
        """
        Silence is not a vote; and who was reminded once only was not asked enough.
        """
        proposal = opened(any_library, parties=[*TWO, "municipality:meloy", "network:omsorg"])
        any_library.answer_hearing(proposal, "municipality:1841", remarks=["En."], by="ansatt.fauske")
        clock.forward(weeks=2)
        any_library.remind(proposal, by="leder")
        clock.forward(days=1)
        any_library.remind(proposal, by="leder")
        clock.forward(weeks=1)
        any_library.answer_hearing(proposal, "municipality:meloy", no_remarks=True, by="skribent")

        closed = any_library.close_hearing(proposal, by="leder")

        assert (closed.remarks, closed.no_remarks, closed.silent, closed.none) == (1, 1, 1, 1)
        assert answers(any_library, proposal) == {
            "Fauske": "remarks", "Beiarn": "silent", "Meløy": "no-remarks", "Fagnettverk for omsorgstjenester": "none",
        }  # fmt: skip
        found = any_library.get_proposal(proposal, reader="redaktor")[0]
        assert (found.state, found.heard) == (ProposalState.DRAFT, True)
        assert (waits(any_library, "answer-hearing"), waits(any_library, "close-hearing")) == ([], [])
        assert waits(any_library, "reply-to-remarks") == ["network:smittevern"]
        assert any_library.verify().is_clean

    def test_a_promise_of_three_weeks_is_not_cut_short(self, library, clock):
        """
        Whoever has put it in the calendar for the last day must find it open.
        """
        proposal = opened(library)
        clock.now = NOW.replace(hour=22, minute=59) + timedelta(weeks=3)

        with pytest.raises(Refused) as caught:
            library.close_hearing(proposal, by="leder")

        clock.forward(minutes=2)
        assert reasons_of(caught) == ["HearingStillOpen"]
        assert library.close_hearing(proposal, by="leder").none == 2

    def test_it_may_be_closed_when_everybody_has_answered(self, any_library):
        """
        Nobody is left to wait for, and the network is told so.
        """
        proposal = opened(any_library)
        any_library.answer_hearing(proposal, "municipality:1841", no_remarks=True, by="ansatt.fauske")
        any_library.answer_hearing(proposal, "municipality:1839", no_remarks=True, by="medlem.beiarn")

        with any_library._parts.database.reading() as session:
            (waiting,) = session.exec(select(WaitingRow).where(WaitingRow.what == "close-hearing")).all()
        assert (waiting.shown_from, waiting.due_on) == (None, TODAY)
        assert any_library.close_hearing(proposal, by="leder", decision_id="lukk").no_remarks == 2
        assert any_library.close_hearing(proposal, by="leder", decision_id="lukk").no_remarks == 2

    def test_a_revised_text_may_be_heard_again(self, any_library, clock):
        """
        What came of the remarks may be so much that everybody should see it once more.
        """
        proposal = opened(any_library)
        first = any_library.hearing(proposal)
        any_library.answer_hearing(proposal, "municipality:1841", no_remarks=True, by="ansatt.fauske")
        clock.forward(weeks=4)
        any_library.close_hearing(proposal, by="leder")
        revised = any_library.revise(
            proposal, a_routine("vaktskifte", title="Vaktskifte", extra="Ny."), read_digest=first.digest, by="leder"
        )

        again = any_library.open_hearing(proposal, digest=revised.digest, parties=["municipality:1841"], by="leder")

        assert again.round == 2
        assert answers(any_library, proposal) == {"Fauske": "none"}
        assert any_library.hearing(proposal, which=1).digest == first.digest
        assert {one.name: one.answer.value for one in any_library.hearing(proposal, which=1).parties}[
            "Fauske"
        ] == "no-remarks"
        for number in (0, 3):
            with pytest.raises(HearingNotFound):
                any_library.hearing(proposal, which=number)

    def test_giving_the_proposal_up_ends_the_hearing(self, any_library):
        """
        Nobody should answer about a text that nobody wants any more.
        """
        proposal = opened(any_library)

        any_library.withdraw(proposal, reason="Dobbelt.", by="leder")

        assert not any_library.hearing(proposal).is_open
        assert waits(any_library, "answer-hearing") == []
        with pytest.raises(Refused):
            any_library.answer_hearing(proposal, "municipality:1841", no_remarks=True, by="ansatt.fauske")


class TestReplying:
    def test_a_text_is_not_sent_to_approval_before_each_remark_has_its_reply(self, any_library, clock):
        """
        Whoever took an evening to answer learns what it became.
        """
        proposal = opened(any_library)
        answered = any_library.answer_hearing(proposal, "municipality:1841", remarks=["En."], by="ansatt.fauske")
        clock.forward(weeks=4)
        any_library.close_hearing(proposal, by="leder")
        digest = any_library.hearing(proposal).digest

        with pytest.raises(Refused) as caught:
            any_library.send(proposal, digest=digest, by="leder")
        any_library.reply_to_remark(answered.remarks[0], "not-taken", reply="Loven sier noe annet.", by="leder")
        any_library.send(proposal, digest=digest, by="leder")

        assert reasons_of(caught) == ["RemarksUnanswered"]
        assert waits(any_library, "reply-to-remarks") == []
        assert told(any_library, "remark-replied") == 1
        with pytest.raises(Refused) as late:
            any_library.reply_to_remark(answered.remarks[0], "taken", by="leder")
        assert reasons_of(late) == ["RemarkSettled"]
        assert any_library.verify().is_clean

    @pytest.mark.parametrize(
        ("outcome", "needs"), [("taken", False), ("noted", False), ("partly", True), ("not-taken", True)]
    )
    def test_who_is_not_heeded_is_told_why(self, library, outcome, needs):
        """
        "No" without a word is what makes people stop answering.
        """
        proposal = opened(library)
        answered = library.answer_hearing(proposal, "municipality:1841", remarks=["En."], by="ansatt.fauske")

        if needs:
            with pytest.raises(Refused) as caught:
                library.reply_to_remark(answered.remarks[0], outcome, by="leder")
            assert reasons_of(caught) == ["ReplyNeedsWords"]
        else:
            assert library.reply_to_remark(answered.remarks[0], outcome, by="leder").outcome == outcome

    def test_a_reply_may_be_changed_and_a_second_call_is_the_same(self, any_library):
        """
        The network may change its mind as long as nobody has approved anything.
        """
        proposal = opened(any_library)
        (remark,) = any_library.answer_hearing(
            proposal, "municipality:1841", remarks=["En."], by="ansatt.fauske"
        ).remarks
        how = {"by": "leder", "decision_id": "svar"}

        first, second = (any_library.reply_to_remark(remark, "partly", reply="Litt.", **how) for _ in range(2))

        assert first.number == second.number
        with pytest.raises(DecisionIdReused):
            any_library.reply_to_remark(remark, "partly", reply="Mye.", **how)
        any_library.reply_to_remark(remark, "taken", reply="Alt.", by="redaktor")
        ((made,),) = [one.remarks for one in any_library.hearing(proposal, reader="leder").parties if one.remarks]
        assert (made.outcome, made.reply) == (RemarkOutcome.TAKEN, "Alt.")

    def test_a_remark_that_nobody_made_is_not_found(self, library):
        """
        The number was misread.
        """
        with pytest.raises(RemarkNotFound):
            library.reply_to_remark("k-0000000000000000", "taken", by="leder")

    def test_the_party_alone_takes_a_remark_back(self, library):
        """
        The network cannot say that somebody did not mean it.
        """
        with pytest.raises(InvalidRequest):
            library.reply_to_remark("k-0000000000000000", "taken-back", by="leder")


class TestLooking:
    def test_remarks_are_the_leaders_and_the_partys_own_until_the_round_is_closed(self, any_library, clock):
        """
        Nobody should wait to see what the neighbour writes; afterwards everybody may learn from everybody.
        """
        proposal = opened(any_library)
        any_library.answer_hearing(proposal, "municipality:1841", remarks=["En."], by="ansatt.fauske")

        def seen_by(reader):
            return sum(len(one.remarks) for one in any_library.hearing(proposal, reader=reader).parties)

        readers = ("leder", "redaktor", "ansvarlig.fauske", "beslutter.beiarn", "skribent", None)
        before = [seen_by(one) for one in readers]
        clock.forward(weeks=4)
        any_library.close_hearing(proposal, by="leder")

        assert before == [1, 1, 1, 0, 0, 0]
        assert [seen_by(one) for one in readers] == [1, 1, 1, 1, 0, 0]

    def test_who_has_not_answered_is_seen_at_a_glance(self, library):
        """
        It is the first thing the leader asks.
        """
        proposal = opened(library)
        library.answer_hearing(proposal, "municipality:1841", no_remarks=True, by="ansatt.fauske")

        view = library.hearing(proposal)

        assert [one.name for one in view.not_answered] == ["Beiarn"]
        assert (view.counts.parties, view.counts.no_remarks, view.counts.none) == (2, 1, 1)

    def test_a_proposal_that_was_never_heard_has_no_hearing(self, library):
        """
        There is nothing to look at.
        """
        draft = library.propose(NEW, by="skribent")

        with pytest.raises(HearingNotFound):
            library.hearing(draft.proposal, reader="leder")


class TestSummary:
    def test_it_gives_each_remark_where_it_belongs_with_who_made_it_and_the_reply(self, any_library, clock):
        """
        The network reads it in its meeting, and the parties read what became of their remarks.
        """
        proposal = opened(any_library, parties=[*TWO, "municipality:meloy"])
        made = any_library.answer_hearing(
            proposal, "municipality:1841", by="ansatt.fauske",
            remarks=["Bra.\nMen kort.", Remark("Hvor *lenge*?", "framgangsmate", 2), Remark("Hvem?", "ansvar")],
        )  # fmt: skip
        any_library.reply_to_remark(made.remarks[1], "taken", reply="Tretti sekunder.", by="leder")
        clock.forward(weeks=2)
        any_library.remind(proposal, by="leder")
        clock.forward(days=1)
        any_library.remind(proposal, by="leder")
        clock.forward(weeks=1)
        any_library.close_hearing(proposal, by="leder")

        text = any_library.hearing_summary(proposal, reader="beslutter.beiarn").decode()

        in_order = [
            "# Oppsummering av høringen: Vaktskifte", "stilltiende tilslutning", "| Fauske | merknader | 3 |", "## Merknader",
            "### Hele teksten", "> Bra.\\\n> Men kort.", "har ikke fått svar", "### Ansvar", "> Hvem?", "### Framgangsmåte",
            "**Fauske** · avsnitt 2", "> Tørk dem godt.", r"> Hvor \*lenge\*?", "**tatt til følge**", "Tretti sekunder.",
        ]  # fmt: skip
        places = [text.find(one) for one in in_order]
        assert -1 not in places, in_order[places.index(-1)]
        assert places == sorted(places)
        page = any_library.hearing_summary(proposal, "html", reader="leder").decode()
        assert "<h3>Ansvar</h3>" in page
        assert "<td>Fauske</td>" in page

    def test_what_a_party_wrote_never_becomes_markup(self, library):
        """
        A remark is pasted from anywhere, and is opened in a browser by the next one.
        """
        proposal = opened(library)
        library.answer_hearing(
            proposal, "municipality:1841", by="ansatt.fauske",
            remarks=["<script>alert(1)</script>\n# Stor\n[x](javascript:alert(1))"],
        )  # fmt: skip

        page = library.hearing_summary(proposal, "html", reader="leder").decode()

        assert "<script>" not in page
        assert "<h1>Stor" not in page
        assert 'href="javascript' not in page

    def test_it_is_not_for_everybody_while_the_round_is_open(self, library):
        """
        It would show what the neighbours wrote.
        """
        proposal = opened(library)

        assert "foreløpig" in library.hearing_summary(proposal, reader="leder").decode()
        for reader in ("ansatt.fauske", None):
            with pytest.raises(NotAllowed):
                library.hearing_summary(proposal, reader=reader)
        with pytest.raises(InvalidRequest):
            library.hearing_summary(proposal, "docx", reader="leder")

    def test_it_speaks_english_too(self, library):
        """
        Each text has its catalogue.
        """
        proposal = opened(library, deadline=date(2026, 12, 1))

        assert "Nobody had remarks" in library.hearing_summary(proposal, reader="leder", language="en").decode()


def outcomes(library, proposal, name="Fauske"):
    """Give what became of a party's remarks."""
    view = library.hearing(proposal, reader="leder")
    return [one.outcome for party in view.parties if party.name == name for one in party.remarks]


class TestTakingRemarksBack:
    @pytest.mark.parametrize("by", ["redaktor", "leder"])
    def test_nobody_else_takes_a_remark_back(self, library, by):
        """
        What a nurse took the trouble to write is not made to "ingen merknader" by a colleague, nor by those who ask.
        """
        proposal = opened(library)
        library.answer_hearing(proposal, "municipality:fauske", remarks=["Dosen er feil."], by="ansatt.fauske")

        with pytest.raises(NotAllowed):
            library.answer_hearing(proposal, "municipality:fauske", no_remarks=True, by=by)

        assert outcomes(library, proposal) == [None]

    def test_the_editor_answers_for_no_municipality(self, library):
        """
        An answer in a municipality's name is the municipality's own.
        """
        with pytest.raises(NotAllowed):
            library.answer_hearing(opened(library), "municipality:beiarn", no_remarks=True, by="redaktor")

    @pytest.mark.parametrize("by", ["ansvarlig.fauske", "beslutter.fauske"])
    def test_those_who_answer_for_the_municipality_may_and_the_maker_is_told(self, any_library, by):
        """
        The municipality has one answer, and somebody is responsible for it; who wrote the remark learns what became of it.
        """
        proposal = opened(any_library)
        any_library.answer_hearing(proposal, "municipality:fauske", remarks=["Dosen er feil."], by="ansatt.fauske")

        any_library.answer_hearing(proposal, "municipality:fauske", no_remarks=True, by=by)

        assert outcomes(any_library, proposal) == [RemarkOutcome.TAKEN_BACK]
        assert "remark-taken-back" in {one.what for one in any_library.notifications("ansatt.fauske")}
        assert any_library.verify().is_clean

    def test_the_maker_may_and_is_not_told_of_it(self, library):
        """
        Who thought again needs no message about it.
        """
        proposal = opened(library)
        library.answer_hearing(proposal, "municipality:fauske", remarks=["Dosen er feil."], by="ansatt.fauske")

        library.answer_hearing(proposal, "municipality:fauske", no_remarks=True, by="ansatt.fauske")

        assert outcomes(library, proposal) == [RemarkOutcome.TAKEN_BACK]
        assert told(library, "remark-taken-back") == 0


class TestAnExemptTextThatNobodyThereMayRead:
    def test_is_not_reminded_of_and_silence_is_no_consent(self, any_library, clock):
        """
        An employee who may not see the text cannot answer; that nobody answered is then no answer at all.
        """
        library = any_library
        library.revoke("beslutter.meloy", "decider", "municipality:1837", by="redaktor")
        draft = library.propose(a_routine("vold", title="Vold", access="exempt"), by="leder")
        parties = ["municipality:meloy", "municipality:fauske", "network:kriseteam"]
        library.open_hearing(draft.proposal, digest=draft.digest, parties=parties, by="leder")
        library.grant("skribent", "member", "network:kriseteam", by="redaktor")

        clock.forward(days=20)
        for _ in range(2):
            assert len(library.remind(draft.proposal, by="leder").inside) == 1
            clock.forward(days=1)
        closed = library.close_hearing(draft.proposal, by="leder")

        assert (closed.silent, closed.none) == (1, 2)


class TestATextThatIsAnotherThanTheOneHeard:
    def heard_and_revised(self, library, **changed):
        """Hear a new routine, and put another text in its place afterwards; gives the proposal and the digest."""
        proposal = opened(library)
        for town in TWO:
            library.answer_hearing(proposal, town, no_remarks=True, by=f"beslutter.{town.partition(':')[2]}")
        library.close_hearing(proposal, by="leder")
        before, _ = library.get_proposal(proposal, reader="leder")
        text = a_routine("vaktskifte", **{"title": "Vaktskifte", **changed})
        return proposal, library.revise(proposal, text, read_digest=before.digest, by="leder").digest

    @pytest.mark.parametrize(
        "changed", [{"title": "Helt annet"}, {"extra": "Gi 40 mg."}, {"extra": "Vask ikke hendene."},
                    {"sections": {"Formål": "Hindre smitte mellom pasienter og ansatte."}}],
    )  # fmt: skip
    def test_is_not_sent_without_a_word(self, library, changed):
        """
        Nobody can say that nine municipalities have read a dose which was put in after they answered.
        """
        proposal, digest = self.heard_and_revised(library, **changed)

        with pytest.raises(Refused) as caught:
            library.send(proposal, digest=digest, by="leder")

        assert "OtherThanHeard" in reasons_of(caught)

    def test_is_sent_with_one_and_those_who_approve_see_it(self, any_library):
        """
        They learn that it was changed, why it was not heard again, and what the change is.
        """
        proposal, digest = self.heard_and_revised(any_library, extra="Gi 40 mg.")

        any_library.send(proposal, digest=digest, unheard="Dosen manglet.", by="leder")

        view = any_library.look_at_proposal(proposal, reader="medlem.beiarn")
        assert (view.changed_since_heard, view.unheard) == (True, "Dosen manglet.")
        changes = any_library.compare_proposal(proposal, reader="medlem.beiarn", since_heard=True).changes
        assert len(changes) == 1

    def test_better_words_need_none_but_show_as_changed(self, library):
        """
        That is what a hearing is for.
        """
        proposal, digest = self.heard_and_revised(library, extra="Vask godt.")

        assert library.send(proposal, digest=digest, by="leder").number
        assert library.look_at_proposal(proposal, reader="leder").changed_since_heard

    def test_what_was_not_changed_does_not_show_as_changed(self, library):
        """
        What everybody has read is not said to be another.
        """
        proposal, _ = self.heard_and_revised(library)

        assert not library.look_at_proposal(proposal, reader="leder").changed_since_heard
        with pytest.raises(HearingNotFound):
            library.compare_proposal(
                library.propose(a_routine("ny"), by="leder").proposal, reader="leder", since_heard=True
            )
