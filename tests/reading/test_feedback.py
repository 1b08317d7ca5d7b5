"""«Er noe feil her?»: said, answered, made a proposal of, and followed to the version in which it ended."""

import threading

import pytest

from samrutine import NotAllowed, Refused
from samrutine.errors import (
    DecisionIdReused,
    FeedbackNotFound,
    InvalidRequest,
    ProcedureNotFound,
    SectionNotFound,
    VersionNotFound,
)
from samrutine.proposals.model import Origin, OriginKind
from samrutine.reading import trace
from samrutine.reading.trace import wait_for_an_answer
from tests.support.homes import name_of
from tests.support.stories import APPROVERS, change_with_everyone, propose_and_send
from tests.support.texts import NATIONAL_ID, a_routine

WRONG = "Det står såpe, men vi har bare sprit."


def _said(library, **how):
    return library.give_feedback("handhygiene", WRONG, by="ansatt.fauske", **how)


def _a_change(library, extra="Også med sprit."):
    return propose_and_send(library, a_routine(extra=extra), changes="handhygiene", significance="minor")


def _approved(library, proposal):
    for one in APPROVERS:
        answer = library.approve(proposal.id, digest=proposal.digest, by=one)
    return answer.version


def _told(library, who):
    """What somebody was told of, the newest first, but for the roles they got when the library was opened."""
    return [one.what for one in library.notifications(who) if not one.what.startswith(("role-", "delegated"))]


class TestSaying:
    def test_whoever_reads_can_say_what_is_wrong_and_the_networks_leader_must_answer(self, any_library_with_routine):
        """
        The one who stands there with the routine in hand sees first that it does not fit.
        """
        library = any_library_with_routine

        given = _said(library, municipality="Fauske", section_key="formal")

        [kept] = library.feedback("handhygiene", reader="leder")
        assert (kept.id, kept.text, kept.municipality, kept.section_key) == (given.feedback, WRONG, "Fauske", "formal")
        assert str(kept.version) == "1.0"
        assert [(one.what, one.title, one.is_overdue) for one in library.inbox("leder")] == [
            ("answer-feedback", "Håndhygiene", False)
        ]
        assert "feedback-given" in _told(library, "leder")

    def test_the_same_again_is_the_same_feedback(self, any_library_with_routine):
        """
        A second click on a slow phone is no second complaint.
        """
        library = any_library_with_routine

        first = _said(library, decision_id="klikk")
        again = _said(library, decision_id="klikk")

        assert first == again
        assert len(library.feedback()) == 1

    @pytest.mark.parametrize(
        ("text", "how"),
        [(WRONG, {"by": "skribent"}), ("Noe annet.", {}), (WRONG, {"section_key": "formal"}), (WRONG, {"municipality": "Fauske"})],
        ids=["another person", "another text", "another section", "another municipality"],
    )  # fmt: skip
    def test_the_same_id_for_something_else_is_told(self, any_library_with_routine, text, how):
        """
        Whoever gets the first one's answer believes that theirs is kept, and it is lost.
        """
        library = any_library_with_routine
        _said(library, decision_id="klikk")

        with pytest.raises(DecisionIdReused):
            library.give_feedback("handhygiene", text, **{"by": "ansatt.fauske", "decision_id": "klikk", **how})

    def test_nothing_of_it_is_in_the_chain(self, library_with_routine):
        """
        It may be wrong, and it may have to be deleted; the chain is for ever.
        """
        before = library_with_routine.verify().decisions

        _said(library_with_routine)

        verified = library_with_routine.verify()
        assert verified.decisions == before
        assert verified.is_clean

    def test_it_is_about_the_version_that_is_in_force_there(self, library_with_routine):
        """
        In a municipality that uses 1.0 nobody has read 1.1.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        change_with_everyone(library, a_routine(extra="Nytt."))

        assert str(_said(library, municipality="Fauske").version) == "1.0"
        assert str(_said(library, municipality="Beiarn").version) == "1.1"

    @pytest.mark.parametrize(
        ("procedure", "text", "how", "error"),
        [
            ("handhygiene", "", {}, InvalidRequest),
            ("handhygiene", "x" * 2001, {}, InvalidRequest),
            ("handhygiene", f"Gjelder {NATIONAL_ID}.", {}, Refused),
            ("finnes-ikke", WRONG, {}, ProcedureNotFound),
            ("handhygiene", WRONG, {"version": "7.0"}, VersionNotFound),
            ("handhygiene", WRONG, {"section_key": "finnes-ikke"}, SectionNotFound),
        ],
        ids=["nothing", "too long", "a person's number", "no routine", "no version", "no section"],
    )
    def test_what_cannot_be_kept_is_refused_and_nothing_is_left(
        self, library_with_routine, procedure, text, how, error
    ):
        """
        Nobody should have to look for half of it.
        """
        with pytest.raises(error):
            library_with_routine.give_feedback(procedure, text, by="ansatt.fauske", **how)

        assert library_with_routine.feedback() == []
        assert library_with_routine.inbox("leder") == []


class TestAnswering:
    def test_whoever_said_it_gets_the_answer(self, any_library_with_routine):
        """
        Without an answer nobody says anything twice.
        """
        library = any_library_with_routine
        given = _said(library)

        answered = library.answer_feedback(given.feedback, "Sprit er like bra her.", by="leder")

        [kept] = library.feedback(reader="ansatt.fauske")
        assert answered.state == kept.state == "answered"
        assert (kept.answer, kept.is_mine) == ("Sprit er like bra her.", True)
        assert _told(library, "ansatt.fauske") == ["feedback-answered"]
        assert library.inbox("leder") == []

    def test_it_is_answered_once_but_the_same_answer_again_is_the_same_act(self, library_with_routine):
        """
        Two leaders who answer differently leave the reader with two truths.
        """
        library = library_with_routine
        given = _said(library)
        library.answer_feedback(given.feedback, "Ja.", by="leder")

        library.answer_feedback(given.feedback, "Ja.", by="leder")

        with pytest.raises(Refused):
            library.answer_feedback(given.feedback, "Nei.", by="redaktor")
        assert _told(library, "ansatt.fauske") == ["feedback-answered"]

    def test_the_name_is_for_those_who_answer_and_for_the_giver(self, library_with_routine):
        """
        Whoever says that something is wrong must not be a subject of talk.
        """
        library = library_with_routine
        _said(library)

        names = {who: library.feedback(reader=who)[0].name for who in (None, "skribent", "ansatt.fauske", "leder")}

        assert (names[None], names["skribent"]) == (None, None)
        assert names["ansatt.fauske"] == names["leder"] == name_of("ansatt.fauske")


class TestTakingUp:
    def test_it_is_followed_to_the_version_in_which_it_ended(self, any_library_with_routine):
        """
        «Dere sa, vi gjorde» is why people go on saying.
        """
        library = any_library_with_routine
        given = _said(library)
        change = _a_change(library)

        library.take_up_feedback(given.feedback, change.id, by="leder")
        [taken] = library.feedback(reader="ansatt.fauske")
        version = _approved(library, change)

        [ended] = library.feedback(reader="ansatt.fauske")
        assert (taken.state, taken.proposal, taken.became) == ("taken-up", change.id, None)
        assert (ended.became, ended.proposal_state) == (version, "approved")
        assert _told(library, "ansatt.fauske")[:2] == ["feedback-became-version", "feedback-taken-up"]
        assert library.verify().is_clean

    def test_when_the_proposal_is_withdrawn_it_waits_again(self, library_with_routine):
        """
        It is still wrong, and still unanswered.
        """
        library = library_with_routine
        given = _said(library)
        change = _a_change(library)
        library.take_up_feedback(given.feedback, change.id, by="leder")
        assert [one.what for one in library.inbox("leder") if one.subject == given.feedback] == []

        library.withdraw(change.id, reason="Feil vei.", by="leder")

        [kept] = library.feedback()
        assert (kept.state, kept.proposal) == ("new", None)
        assert [one.what for one in library.inbox("leder")] == ["answer-feedback"]
        assert library.verify().is_clean

    def test_only_a_live_proposal_about_the_same_routine_can_take_it_up_and_only_once(self, library_with_routine):
        """
        A trace that leads astray is worse than none.
        """
        library = library_with_routine
        given = _said(library)
        other = library.propose(a_routine("vakt", title="Vakt"), by="skribent")
        over = _a_change(library)
        library.withdraw(over.id, reason="Feil vei.", by="leder")
        change = _a_change(library, "Sprit går an.")
        for proposal in (other.proposal, over.id):
            with pytest.raises(Refused):
                library.take_up_feedback(given.feedback, proposal, by="leder")

        library.take_up_feedback(given.feedback, change.id, by="leder")

        with pytest.raises(Refused):
            library.take_up_feedback(given.feedback, change.id, by="leder")

    @pytest.mark.parametrize(("by", "state"), [("leder", "taken-up"), ("skribent", "new")])
    def test_proposing_takes_it_up_only_when_whoever_answers_does_it(self, library_with_routine, by, state):
        """
        A draft that is never sent must not hide from the leader what a reader said.
        """
        library = library_with_routine
        given = _said(library)

        library.propose(
            a_routine(extra="Også med sprit."), changes="handhygiene", significance="minor", by=by,
            origins=[Origin(OriginKind.FEEDBACK, given.feedback)],
        )  # fmt: skip

        assert library.feedback()[0].state == state
        assert library.verify().is_clean

    def test_a_draft_that_it_was_taken_up_in_is_named_to_those_who_may_know_of_it(self, any_library_with_routine):
        """
        A draft is its author's and the network's until it is heard or sent.
        """
        library = any_library_with_routine
        given = _said(library)
        draft = library.propose(
            a_routine(extra="Også med sprit."), changes="handhygiene", significance="minor", by="leder",
            origins=[Origin(OriginKind.FEEDBACK, given.feedback)],
        )  # fmt: skip

        named = {who: library.feedback(reader=who)[0] for who in ("leder", "skribent", None)}

        assert named["leder"].proposal == draft.proposal
        assert {(one.proposal, one.proposal_state) for who, one in named.items() if who != "leder"} == {(None, None)}

    def test_an_answer_that_comes_as_the_proposal_is_withdrawn_is_not_forgotten(
        self, any_home_with_routine, monkeypatch
    ):
        """
        Two who act at the same moment must leave what one after the other would: answered, and waiting no more.
        """
        home = any_home_with_routine
        with home.opened() as library, home.opened() as other:
            given = _said(library)
            change = _a_change(library)
            library.take_up_feedback(given.feedback, change.id, by="leder")
            answering = threading.Thread(target=lambda: other.answer_feedback(given.feedback, "Takk.", by="leder"))

            def meanwhile(act, row):
                answering.start()
                answering.join(1.5)
                wait_for_an_answer(act, row)

            monkeypatch.setattr(trace, "wait_for_an_answer", meanwhile)
            library.withdraw(change.id, reason="Dekket.", by="leder")
            answering.join()

            [one] = library.feedback(reader="leder")
            assert (one.state, one.answer, one.proposal) == ("answered", "Takk.", None)
            assert "answer-feedback" not in {waits.what for waits in library.inbox("leder")}

    def test_an_origin_that_nobody_decided_is_found(self, library_with_routine):
        """
        A trace put in behind the decisions' back says that somebody asked for what nobody asked for.
        """
        library = library_with_routine
        given = _said(library)
        change = _a_change(library)
        library.take_up_feedback(given.feedback, change.id, by="leder")
        assert library.verify().is_clean

        _without(library, "proposal_origin")

        assert "origin" in {one.code for one in library.verify().faults}


def _without(library, table):
    from sqlalchemy import text

    with library._parts.database.writing() as session:
        session.execute(text(f"DELETE FROM {table}"))  # noqa: S608  our own table


def test_feedback_that_is_not_there_is_said_to_be_missing(library_with_routine):
    """
    A wrong id must not look like a refusal.
    """
    with pytest.raises(FeedbackNotFound):
        library_with_routine.answer_feedback("t-finnes-ikke", "Ja.", by="leder")


def test_an_employee_can_say_but_not_answer(library_with_routine):
    """
    The answer is the network's word.
    """
    given = _said(library_with_routine)

    with pytest.raises(NotAllowed):
        library_with_routine.answer_feedback(given.feedback, "Ja.", by="ansatt.fauske")


class TestAboutWhatIsExempt:
    def test_what_was_said_of_an_exempt_version_stays_apart_when_the_routine_is_opened(self, any_library_with_routine):
        """
        It quotes the words that are still exempt; those who may read them still see it.
        """
        library = any_library_with_routine
        change_with_everyone(library, a_routine(access="exempt", extra="Nøkkelen ligger i nittini."))
        library.give_feedback("handhygiene", "Nittini er feil.", by="ansvarlig.fauske")
        change_with_everyone(library, a_routine(extra="Nå for alle."), by="medlem.saltdal")
        library.give_feedback("handhygiene", WRONG, by="ansatt.fauske")

        seen = {who: {one.text for one in library.feedback(reader=who)} for who in (None, "ansatt.fauske", "leder")}

        assert seen[None] == seen["ansatt.fauske"] == {WRONG}
        assert seen["leder"] == {WRONG, "Nittini er feil."}
