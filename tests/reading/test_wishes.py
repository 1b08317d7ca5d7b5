"""A routine that is missing: wished for in one sentence, needed by others too, answered, met."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine import NotAllowed, Refused
from samrutine.errors import ArgumentMissing, DecisionIdReused, InvalidRequest, WishNotFound
from samrutine.proposals.model import Origin, OriginKind
from samrutine.reading.model import likeness, reasons_against_wishing, words_that_count
from tests.support.stories import APPROVERS, propose_and_send
from tests.support.texts import NATIONAL_ID, a_routine

POWER = "Vi mangler en rutine for strømbrudd på natt."


def _told(library, who):
    return [one.what for one in library.notifications(who) if one.what.startswith("wish-")]


class TestOneSentence:
    @pytest.mark.parametrize(
        "sentence",
        [
            POWER,
            "Hva gjør vi ved strømbrudd?",
            "Rutine for medisiner kl. 8 og kl. 20",
            "Hjelp ved fall, f.eks. om natta",
        ],
    )
    def test_one_sentence_is_a_wish(self, sentence):
        """
        An abbreviation ends no sentence.
        """
        assert reasons_against_wishing(sentence) == []

    @pytest.mark.parametrize("text", ["Vi mangler en rutine. Det haster.", "Strøm!\nOg vann"])
    def test_more_than_one_is_not(self, text):
        """
        Nine municipalities must see at a glance whether they need it too.
        """
        assert len(reasons_against_wishing(text)) == 1


class TestLikeness:
    def test_the_same_need_in_other_words_is_like_it(self):
        """
        «Strømbrudd» and «strømbruddet» are one need.
        """
        one, other = words_that_count(POWER), words_that_count("Hva gjør vi når det er strømbruddet om natten?")

        assert likeness(one, other) >= 0.5

    def test_another_need_is_not(self):
        """
        That both are routines makes them no alike.
        """
        one, other = words_that_count(POWER), words_that_count("Vi trenger en rutine for sårstell.")

        assert likeness(one, other) == 0

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_it_is_the_same_both_ways_and_never_more_than_all(self, one, other):
        """
        Whoever came first must not matter.
        """
        first, second = words_that_count(one), words_that_count(other)

        assert likeness(first, second) == likeness(second, first)
        assert 0 <= likeness(first, second) <= 1


class TestWishing:
    def test_the_one_most_need_comes_first_and_of_equals_the_oldest(self, any_library_with_routine, clock):
        """
        The network begins where it helps most.
        """
        library = any_library_with_routine
        old = library.wish("Hva gjør vi når brønnen er tom?", by="medlem.beiarn").wish
        clock.forward(days=1)
        new = library.wish("Noe om sårstell.", by="medlem.saltdal").wish
        needed = library.wish(POWER, by="ansatt.fauske").wish

        library.support_wish(needed, "Beiarn", by="medlem.beiarn")

        found = library.wishes()
        assert [one.id for one in found] == [needed, old, new]
        assert (found[0].supporters, found[0].support) == (("Beiarn", "Fauske"), 2)

    def test_a_municipality_needs_it_once_however_many_say_so(self, any_library_with_routine):
        """
        A count that anybody can push tells nothing.
        """
        library = any_library_with_routine
        wish = library.wish(POWER, by="medlem.beiarn").wish

        first = library.support_wish(wish, "Fauske", by="ansatt.fauske")
        again = library.support_wish(wish, "1841", by="ansvarlig.fauske")

        assert (first.support, first.is_new) == (2, True)
        assert (again.support, again.is_new) == (2, False)
        assert _told(library, "medlem.beiarn") == ["wish-supported"]

    def test_nobody_speaks_for_a_municipality_they_do_not_work_in(self, library_with_routine):
        """
        «Vi trenger også» is said by us.
        """
        wish = library_with_routine.wish(POWER, by="medlem.beiarn").wish

        with pytest.raises(NotAllowed):
            library_with_routine.support_wish(wish, "Saltdal", by="ansatt.fauske")
        with pytest.raises(NotAllowed):
            library_with_routine.wish("Noe om sårstell.", municipality="Saltdal", by="ansatt.fauske")

    def test_a_wish_much_like_another_is_shown_and_kept_all_the_same(self, library_with_routine):
        """
        Only people can tell whether both are needed.
        """
        library = library_with_routine
        first = library.wish(POWER, by="ansatt.fauske")

        second = library.wish("Rutine ved strømbrudd om natten", by="medlem.beiarn")

        assert [one.id for one in second.similar] == [first.wish]
        assert first.similar == ()
        assert len(library.wishes()) == 2

    def test_the_same_again_is_the_same_wish(self, library_with_routine):
        """
        A second click is no second need.
        """
        first = library_with_routine.wish(POWER, by="ansatt.fauske", decision_id="klikk")

        again = library_with_routine.wish(POWER, by="ansatt.fauske", decision_id="klikk")

        assert first == again
        assert len(library_with_routine.wishes()) == 1

    @pytest.mark.parametrize(
        ("sentence", "error"),
        [("", InvalidRequest), ("x" * 201, InvalidRequest), (f"Noe om {NATIONAL_ID}", Refused), ("En. To.", Refused)],
        ids=["nothing", "too long", "a person's number", "two sentences"],
    )
    def test_what_is_no_wish_is_refused(self, library_with_routine, sentence, error):
        """
        Nothing half is left.
        """
        with pytest.raises(error):
            library_with_routine.wish(sentence, by="ansatt.fauske")

        assert library_with_routine.wishes() == []


class TestAnswering:
    def test_without_a_network_it_waits_for_the_editor_and_with_one_for_its_leader(self, library_with_routine):
        """
        A wish that waits for nobody is forgotten.
        """
        library = library_with_routine
        anyones = library.wish(POWER, by="ansatt.fauske").wish
        theirs = library.wish("Noe om sårstell.", network="smittevern", by="ansatt.fauske").wish

        assert [one.subject for one in library.inbox("leder")] == [theirs]
        assert {one.subject for one in library.inbox("redaktor")} == {anyones, theirs}
        assert [one.title for one in library.waiting("network:smittevern")] == ["Noe om sårstell."]

    def test_everybody_who_needed_it_gets_the_answer(self, any_library_with_routine):
        """
        They would wait for it, too.
        """
        library = any_library_with_routine
        wish = library.wish(POWER, by="ansatt.fauske").wish
        library.support_wish(wish, "Beiarn", by="medlem.beiarn")

        library.answer_wish(wish, "Beredskapsplanen dekker det.", by="redaktor")

        [kept] = library.wishes(state="answered")
        assert kept.answer == "Beredskapsplanen dekker det."
        assert "wish-answered" in _told(library, "ansatt.fauske")
        assert "wish-answered" in _told(library, "medlem.beiarn")
        assert library.inbox("redaktor") == []

    def test_it_is_answered_once(self, library_with_routine):
        """
        Two answers are two truths.
        """
        wish = library_with_routine.wish(POWER, by="ansatt.fauske").wish
        library_with_routine.answer_wish(wish, "Nei.", by="redaktor")
        library_with_routine.answer_wish(wish, "Nei.", by="redaktor")

        with pytest.raises(Refused):
            library_with_routine.answer_wish(wish, "Jo.", by="redaktor")


class TestTakingUp:
    def test_a_proposal_that_meets_it_is_followed_to_the_routine(self, any_library_with_routine):
        """
        Whoever wished should hear that it came.
        """
        library = any_library_with_routine
        wish = library.wish(POWER, by="ansatt.fauske").wish
        sent = propose_and_send(library, a_routine("strombrudd", title="Strømbrudd"))

        library.take_up_wish(wish, proposal=sent.id, by="leder")
        for one in APPROVERS:
            library.approve(sent.id, digest=sent.digest, by=one)

        [kept] = library.wishes()
        assert (kept.state, kept.proposal, kept.procedure) == ("taken-up", sent.id, "strombrudd")
        assert _told(library, "ansatt.fauske") == ["wish-became-version", "wish-taken-up"]
        assert library.verify().is_clean

    def test_a_routine_there_is_already_meets_it_at_once(self, library_with_routine):
        """
        What people miss is often there under another name.
        """
        library = library_with_routine
        wish = library.wish("Noe om å vaske hendene.", by="ansatt.fauske").wish

        met = library.take_up_wish(wish, procedure="handhygiene", by="leder")

        assert (met.procedure, met.proposal) == ("handhygiene", None)
        assert _told(library, "ansatt.fauske") == ["wish-met"]
        assert library.verify().is_clean
        with pytest.raises(Refused):
            library.take_up_wish(wish, procedure="handhygiene", by="leder")

    def test_it_is_met_by_one_thing(self, library_with_routine):
        """
        A trace with two ends leads nowhere.
        """
        wish = library_with_routine.wish(POWER, by="ansatt.fauske").wish

        with pytest.raises(ArgumentMissing):
            library_with_routine.take_up_wish(wish, by="leder")
        with pytest.raises(ArgumentMissing):
            library_with_routine.take_up_wish(wish, procedure="handhygiene", proposal="f-x", by="leder")

    def test_a_wish_that_is_not_there_is_said_to_be_missing(self, library_with_routine):
        """
        A wrong id must not look like a refusal.
        """
        with pytest.raises(WishNotFound):
            library_with_routine.answer_wish("w-finnes-ikke", "Nei.", by="redaktor")


class TestTheSameId:
    @pytest.mark.parametrize(
        ("sentence", "how"),
        [(POWER, {"by": "skribent"}), ("Vi mangler noe annet.", {}), (POWER, {"network": "smittevern"}),
         (POWER, {"municipality": "Fauske", "by": "leder"})],
        ids=["another person", "another sentence", "another network", "another municipality"],
    )  # fmt: skip
    def test_for_another_wish_is_told(self, any_library, sentence, how):
        """
        Whoever gets the first one's answer believes that theirs is kept, and it is lost.
        """
        any_library.wish(POWER, by="medlem.beiarn", decision_id="klikk")

        with pytest.raises(DecisionIdReused):
            any_library.wish(sentence, **{"by": "medlem.beiarn", "decision_id": "klikk", **how})


class TestADraftThatMeetsAWish:
    def test_is_named_to_those_who_may_know_of_it(self, any_library):
        """
        What a draft is about shows in its id; it is its author's and the network's until it is heard or sent.
        """
        wished = any_library.wish(POWER, by="medlem.beiarn").wish
        draft = any_library.propose(
            a_routine("strombrudd"), origins=[Origin(OriginKind.WISH, wished)], by="leder"
        ).proposal  # fmt: skip

        named = {who: any_library.wishes(reader=who)[0] for who in ("leder", "skribent", None)}

        assert (named["leder"].proposal, named["leder"].procedure) == (draft, "strombrudd")
        assert {(one.proposal, one.procedure) for who, one in named.items() if who != "leder"} == {(None, None)}
