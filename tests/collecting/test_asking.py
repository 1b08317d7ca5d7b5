"""A network asks the municipalities for what they have, and sees who has sent what."""

from datetime import timedelta

import pytest

from samrutine import NotAllowed, Refused
from samrutine.collecting.errors import CollectionNotFound
from samrutine.collecting.model import (
    Answer,
    CollectionOver,
    DeadlinePassed,
    NobodyMissing,
    NothingSent,
    Sent,
    SomethingSent,
    days_late,
    how_far,
)
from samrutine.errors import DecisionIdReused
from tests.support.clock import NOW
from tests.support.collected import a_local_routine, sent_in
from tests.support.stories import told, waits_for

WHAT = "Alt dere har om blodprøver"


def asked(library, *, days=14, **how):
    return library.ask_for_routines(
        "smittevern", WHAT, deadline=library.today + timedelta(days=days), by="leder", **how
    ).collection


def standing(library, collection, town="Fauske", reader=None):
    found = library.collection(collection, reader=reader)
    return next(one for one in found.senders if one.name == town)


class TestHowFar:
    @pytest.mark.parametrize(
        ("answer", "documents", "sent"),
        [
            (None, 0, Sent.MISSING), (None, 2, Sent.SOME), (Answer.HAS_SENT, 2, Sent.ALL), (Answer.HAS_NONE, 0, Sent.NONE),
            (Answer.HAS_NONE, 1, Sent.SOME),
        ],
        ids=["nothing at all", "two came", "two, and no more", "has none", "none, and then one came"],
    )  # fmt: skip
    def test_a_municipality_is_as_far_as_what_it_sent_and_said(self, answer, documents, sent):
        """
        The network sees at a glance whom to wait for.
        """
        assert how_far(answer, documents) is sent

    def test_only_who_is_missing_is_late(self):
        """
        Who has sent something is not chased for more.
        """
        deadline = NOW.date()

        late = {one: days_late(one, deadline, deadline + timedelta(days=3)) for one in Sent}

        assert late == {Sent.MISSING: 3, Sent.SOME: 0, Sent.ALL: 0, Sent.NONE: 0}
        assert days_late(Sent.MISSING, deadline, deadline) == 0


class TestAsking:
    def test_every_municipality_has_it_in_its_inbox_with_the_deadline(self, any_library):
        """
        Nine e-mails that nobody answers become nine lines that wait.
        """
        library = any_library

        collection = asked(library)

        assert f"sende inn rutiner: {WHAT} (Fauske)" in waits_for(library, "ansvarlig.fauske")
        assert "Et nettverk ber om rutinene dere har" in told(library, "beslutter.beiarn")
        found = library.collection(collection)
        assert {one.sent for one in found.senders} == {Sent.MISSING}
        assert (len(found.senders), found.what, found.is_open) == (9, WHAT, True)
        assert library.collections("smittevern") == [found]
        assert library.verify().is_clean

    def test_asked_twice_with_one_id_it_is_asked_once(self, library):
        """
        A second click asks nobody again; another question under the same id is a mistake.
        """
        first = asked(library, decision_id="spor")

        assert asked(library, decision_id="spor") == first
        assert len(library.collections()) == 1
        with pytest.raises(DecisionIdReused):
            asked(library, days=20, decision_id="spor")

    def test_a_deadline_that_is_over_is_refused(self, library):
        """
        Everybody would be late before they read it.
        """
        with pytest.raises(Refused) as refusal:
            asked(library, days=-1)

        assert isinstance(refusal.value.reasons[0], DeadlinePassed)

    @pytest.mark.parametrize("by", ["medlem.beiarn", "ansvarlig.fauske"])
    def test_the_leader_asks_and_nobody_else_in_the_network(self, library, by):
        """
        Nine municipalities do a day's work for it.
        """
        with pytest.raises(NotAllowed):
            library.ask_for_routines("smittevern", WHAT, deadline=library.today, by=by)


class TestAnswering:
    def test_one_that_has_none_is_no_longer_waited_for(self, library):
        """
        «Vi har ingen» is an answer as good as ten files.
        """
        collection = asked(library)

        library.answer_collection(
            collection, "Fauske", has_none=True, reason="Vi bruker sykehusets.", by="ansvarlig.fauske"
        )

        assert waits_for(library, "ansvarlig.fauske") == []
        assert standing(library, collection, reader="leder").sent is Sent.NONE
        assert standing(library, collection, reader="leder").reason == "Vi bruker sykehusets."
        assert "En kommune har svart på en innsamling" in told(library, "leder")

    def test_what_a_municipality_says_beside_its_answer_is_not_for_all(self, library):
        """
        Why Fauske has none is between Fauske and the network.
        """
        collection = asked(library)
        library.answer_collection(
            collection, "Fauske", has_none=True, reason="Vi rakk det ikke.", by="ansvarlig.fauske"
        )

        seen = {
            who: standing(library, collection, reader=who).reason
            for who in (None, "medlem.beiarn", "ansatt.fauske", "skribent")
        }

        assert seen == {
            None: None,
            "medlem.beiarn": "Vi rakk det ikke.",
            "ansatt.fauske": "Vi rakk det ikke.",
            "skribent": None,
        }

    def test_an_answer_that_does_not_fit_what_came_is_refused(self, library):
        """
        «Ingen» from one that sent three, and «alt er sendt» from one that sent nothing, are slips.
        """
        collection = asked(library)
        with pytest.raises(Refused) as nothing:
            library.answer_collection(collection, "Fauske", by="ansvarlig.fauske")
        sent_in(library, "Fauske", "Blodprøver", a_local_routine(), collection=collection)
        with pytest.raises(Refused) as something:
            library.answer_collection(collection, "Fauske", has_none=True, by="ansvarlig.fauske")

        assert nothing.value.reasons == (NothingSent(),)
        assert something.value.reasons == (SomethingSent(1),)
        library.answer_collection(collection, "Fauske", by="ansvarlig.fauske")
        assert (standing(library, collection).sent, standing(library, collection).documents) == (Sent.ALL, 1)

    def test_what_cannot_be_read_was_not_sent(self, library):
        """
        A photograph of a routine is no routine.
        """
        collection = asked(library)

        sent_in(library, "Fauske", "Bilde", "x", collection=collection, state="refused")

        assert standing(library, collection).sent is Sent.MISSING

    def test_a_later_answer_takes_the_place_of_one_before(self, library):
        """
        Somebody found the binder after all.
        """
        collection = asked(library)
        library.answer_collection(collection, "Fauske", has_none=True, by="ansvarlig.fauske")

        sent_in(library, "Fauske", "Blodprøver", a_local_routine(), collection=collection)
        library.answer_collection(collection, "Fauske", by="beslutter.fauske")

        assert standing(library, collection).sent is Sent.ALL

    def test_only_the_municipality_s_own_people_answer(self, library):
        """
        Nobody says «ingen» for the neighbour.
        """
        collection = asked(library)

        for by in ("ansatt.fauske", "beslutter.beiarn", "leder"):
            with pytest.raises(NotAllowed):
                library.answer_collection(collection, "Fauske", has_none=True, by=by)


class TestReminding:
    def test_only_those_who_are_missing_are_reminded_and_once_a_day(self, library):
        """
        Who has answered is left in peace, and nobody gets three messages the same morning.
        """
        collection = asked(library)
        library.answer_collection(collection, "Fauske", has_none=True, by="ansvarlig.fauske")

        first = library.remind_collection(collection, by="leder")
        again = library.remind_collection(collection, by="leder")

        assert first == again
        assert len(first.municipalities) == 8
        assert "1841" not in first.municipalities
        assert len([one for one in library.notifications("beslutter.beiarn") if one.what == "collection-reminder"]) == 1
        assert "Nettverket venter på rutinene dere har" not in told(library, "ansvarlig.fauske")

    def test_on_another_day_they_are_reminded_again_though_nothing_was_decided(self, home):
        """
        A message that looks like the last one must not be taken for it.
        """
        with home.opened() as library:
            collection = asked(library)
            library.remind_collection(collection, by="leder")
            home.clock.now += timedelta(days=3)
            library.remind_collection(collection, by="leder")

            found = [one for one in library.notifications("beslutter.beiarn") if one.what == "collection-reminder"]

        assert len(found) == 2

    def test_when_everybody_has_answered_there_is_nobody_to_remind(self, library):
        """
        The leader is told so, rather than that it is done.
        """
        collection = asked(library)
        for town in library.municipalities():
            sent_in(library, town.name, f"Blodprøver i {town.name}", a_local_routine(), collection=collection)

        with pytest.raises(Refused) as refusal:
            library.remind_collection(collection, by="leder")

        assert refusal.value.reasons == (NobodyMissing(collection),)


class TestClosing:
    def test_a_closed_one_waits_for_nobody_and_says_who_was_missing(self, library):
        """
        The work goes on with what there is.
        """
        collection = asked(library)
        sent_in(library, "Fauske", "Blodprøver", a_local_routine(), collection=collection)

        closed = library.close_collection(collection, by="leder")

        assert closed == library.close_collection(collection, by="redaktor")
        assert len(closed.missing) == 8
        assert waits_for(library, "ansvarlig.fauske") == []
        assert not library.collection(collection).is_open
        with pytest.raises(Refused) as refusal:
            library.answer_collection(collection, "Beiarn", has_none=True, by="beslutter.beiarn")
        assert refusal.value.reasons == (CollectionOver(collection),)

    def test_nobody_grows_later_after_it_is_closed(self, home):
        """
        How late they were is a fact of that day.
        """
        with home.opened() as library:
            collection = asked(library, days=1)
            home.clock.now += timedelta(days=4)
            library.close_collection(collection, by="leder")
            home.clock.now += timedelta(days=40)

            assert {one.days_late for one in library.collection(collection).senders} == {3}


def test_a_collection_that_is_not_there_is_not_found(library):
    """
    A mistyped id is not an empty collection.
    """
    with pytest.raises(CollectionNotFound):
        library.collection("c-000000000000")
