"""Looking after routines: reviewed, due, owned by somebody, and where an old id leads."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from samrutine import NotAllowed, Refused
from samrutine.errors import InvalidRequest, ProcedureNotFound, ReplacedByAnother, VersionChanged
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import NATIONAL_ID, a_routine

TWO_YEARS = timedelta(days=731)


def _changed(library, statement):
    """Change rows as whoever has the database can."""
    with library._parts.database.writing() as session:
        assert session.execute(text(statement)).rowcount > 0


def _told(library, who):
    return [one.what for one in library.notifications(who)]


class TestReview:
    def test_found_unchanged_it_is_a_decision_with_a_day_and_the_next_is_an_interval_later(
        self, any_library_with_routine, clock
    ):
        """
        «Gjennomgått uten endring» is what a supervisor asks to see.
        """
        library = any_library_with_routine
        clock.forward(days=100)

        done = library.review("handhygiene", version="1.0", note="Lest mot ny veileder.", by="leder")

        [summary] = library.procedures()
        event = library.history("handhygiene")[-1]
        assert (done.outcome, str(done.version), done.reviewed_on) == ("unchanged", "1.0", library.today)
        assert summary.next_review == done.next_review == library.today.replace(year=library.today.year + 2)
        assert (event.kind, event.texts) == ("reviewed", {"note": "Lest mot ny veileder."})
        assert library.verify().is_clean

    def test_found_in_need_of_change_it_waits_until_there_is_a_new_version(self, any_library_with_routine, clock):
        """
        What was found must not be forgotten the day after.
        """
        library = any_library_with_routine
        before = library.procedures()[0].next_review

        done = library.review("handhygiene", version="1.0", outcome="to-change", by="leder")

        assert done.next_review == before
        assert [one.what for one in library.inbox("leder")] == ["change-after-review"]
        change_with_everyone(library, a_routine(extra="Nytt."))
        assert library.inbox("leder") == []
        assert library.verify().is_clean

    def test_the_documents_print_the_new_day_from_the_day_it_was_decided(self, library_with_routine, clock):
        """
        A reviewed routine that says it is out of date is believed by nobody.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        before = library.document("handhygiene", "Fauske").header.next_review
        clock.forward(days=100)

        done = library.review("handhygiene", version="1.0", by="leder")

        yesterday = library.today - timedelta(days=1)
        assert library.document("handhygiene", "Fauske").header.next_review == done.next_review > before
        assert library.document("handhygiene", "Fauske", day=yesterday).header.next_review == before

    def test_a_second_call_is_the_same_review(self, library_with_routine, clock):
        """
        Two clicks are one look.
        """
        first = library_with_routine.review("handhygiene", version="1.0", by="leder", decision_id="klikk")
        clock.forward(days=1)

        assert library_with_routine.review("handhygiene", version="1.0", by="leder", decision_id="klikk") == first

    @pytest.mark.parametrize(
        ("how", "error"),
        [
            ({"outcome": "fin"}, InvalidRequest),
            ({"note": NATIONAL_ID}, Refused),
            ({"note": "x" * 1001}, InvalidRequest),
        ],
        ids=["no such outcome", "a person's number", "too long"],
    )
    def test_what_is_no_review_is_refused(self, library_with_routine, how, error):
        """
        Nothing half is decided.
        """
        with pytest.raises(error):
            library_with_routine.review("handhygiene", version="1.0", by="leder", **how)

        assert library_with_routine.history("handhygiene")[-1].kind == "version_approved"

    def test_what_was_read_is_what_is_reviewed(self, any_library_with_routine):
        """
        While the network read 1.0 a significant change was approved: nobody has looked that through.
        """
        library = any_library_with_routine
        change_with_everyone(library, a_routine(extra="Nytt."))

        with pytest.raises(VersionChanged) as told:
            library.review("handhygiene", version="1.0", by="leder")

        assert "1.0" in told.value.text("nb")
        assert library.history("handhygiene")[-1].kind == "version_approved"

    def test_a_withdrawn_routine_is_not_reviewed(self, library_with_routine):
        """
        Nobody follows it.
        """
        _changed(library_with_routine, "UPDATE procedure SET withdrawn_number = 1")

        with pytest.raises(Refused):
            library_with_routine.review("handhygiene", version="1.0", by="leder")
        assert library_with_routine.due_for_review(notice_days=3000) == []

    @pytest.mark.parametrize(
        ("damage", "code"),
        [
            ("UPDATE procedure SET next_review = '2030-01-01'", "procedure"),
            ("UPDATE review SET outcome = 'to-change'", "review"),
            ("DELETE FROM review", "review"),
            ("UPDATE procedure SET owner_actor = deputy_actor", "owner"),
        ],
    )
    def test_what_was_changed_behind_the_decisions_is_found(self, library_with_routine, damage, code):
        """
        A day moved by hand hides a routine that nobody looks at.
        """
        library = library_with_routine
        library.set_owner("handhygiene", "medlem.beiarn", "leder", by="leder")
        library.review("handhygiene", version="1.0", by="leder")
        assert library.verify().is_clean

        _changed(library, damage)

        assert code in {fault.code for fault in library.verify().faults}


class TestDue:
    def test_the_most_overdue_comes_first_and_what_is_far_off_does_not_come(self, any_library, clock):
        """
        A list of everything is a list of nothing.
        """
        library = any_library
        approve_with_everyone(library, a_routine("om-to-ar", title="Om to år", months=24))
        approve_with_everyone(library, a_routine("om-ett-ar", title="Om ett år", months=12))
        approve_with_everyone(library, a_routine("om-fem-ar", title="Om fem år", months=60))
        clock.forward(days=732)

        due = library.due_for_review(network="smittevern")

        assert [(one.procedure, one.is_overdue) for one in due] == [("om-ett-ar", True), ("om-to-ar", True)]
        assert [one.days_left for one in due] == [-367, -1]
        assert [one.procedure for one in library.due_for_review(notice_days=3000)][-1] == "om-fem-ar"

    def test_a_review_that_is_due_waits_by_itself_and_is_gone_when_it_is_done(self, any_library_with_routine, clock):
        """
        No nightly job has to run for a day to come.
        """
        library = any_library_with_routine
        assert library.inbox("leder") == []
        clock.now += TWO_YEARS

        [due] = library.inbox("leder")

        assert [one.is_overdue for one in library.procedures()] == [True]
        assert (due.what, due.procedure, due.role, due.is_overdue) == ("review-due", "handhygiene", "leader", True)
        assert [one.what for one in library.waiting("network:smittevern")] == ["review-due"]
        assert [one.what for one in library.inbox("redaktor")] == ["review-due"]
        assert library.inbox("ansatt.fauske") == []
        library.review("handhygiene", version="1.0", by="leder")
        assert library.inbox("leder") == []

    def test_a_notice_that_cannot_be_right_is_refused(self, library_with_routine):
        """
        Minus one day is a slip of the finger.
        """
        with pytest.raises(InvalidRequest):
            library_with_routine.due_for_review(notice_days=-1)


class TestOwners:
    def test_the_owner_is_told_and_what_waits_is_marked_as_theirs(self, any_library_with_routine, clock):
        """
        Everybody's routine is nobody's.
        """
        library = any_library_with_routine

        library.set_owner("handhygiene", "leder", "medlem.beiarn", by="redaktor")

        assert _told(library, "leder")[0] == _told(library, "medlem.beiarn")[0] == "you-look-after"
        clock.now += TWO_YEARS
        assert [one.is_mine for one in library.inbox("leder")] == [True]
        assert [one.is_mine for one in library.inbox("redaktor")] == [False]
        assert library.verify().is_clean

    def test_one_who_is_replaced_is_told(self, library_with_routine):
        """
        Nobody goes on mending what is another's.
        """
        library = library_with_routine
        library.set_owner("handhygiene", "medlem.beiarn", by="leder")

        library.set_owner("handhygiene", "medlem.saltdal", by="leder")

        assert _told(library, "medlem.beiarn")[0] == "you-look-after-no-more"

    def test_whoever_looks_after_it_is_of_the_network(self, library_with_routine):
        """
        An employee elsewhere has no say in the network's texts.
        """
        with pytest.raises(Refused):
            library_with_routine.set_owner("handhygiene", "ansatt.fauske", by="leder")
        with pytest.raises(NotAllowed):
            library_with_routine.set_owner("handhygiene", "medlem.beiarn", by="medlem.beiarn")

    def test_orphans_are_those_whom_nobody_here_looks_after_today(self, any_library_with_routine, clock):
        """
        People leave, and their routines do not.
        """
        library = any_library_with_routine
        assert [(one.procedure, one.had_owner) for one in library.orphans()] == [("handhygiene", False)]
        library.set_owner("handhygiene", "medlem.beiarn", by="leder")
        assert library.orphans() == []

        # Still employed, and no longer in the network: nobody would be let look after the routine so.
        library.revoke("medlem.beiarn", "member", "network:smittevern", by="redaktor")

        assert [(one.procedure, one.had_owner) for one in library.orphans()] == [("handhygiene", True)]


class TestWhereToGo:
    @pytest.fixture
    def three(self, library):
        for one in ("gammel", "mellom", "ny"):
            approve_with_everyone(library, a_routine(one, title=one.title()))
        return library

    def test_one_that_stands_leads_to_itself_and_one_nobody_has_leads_nowhere(self, three):
        """
        Most links are right.
        """
        assert three.where_to_go("gammel").place == "current"
        assert three.where_to_go("finnes-ikke").place == "unknown"

    def test_a_chain_is_followed_to_what_applies_now(self, three):
        """
        A poster from three years ago still has its code on it.
        """
        _changed(three, "UPDATE procedure SET withdrawn_number = 5, replaced_by = 'mellom' WHERE id = 'gammel'")
        _changed(three, "UPDATE procedure SET withdrawn_number = 6, replaced_by = 'ny' WHERE id = 'mellom'")

        found = three.where_to_go("gammel")

        assert (found.place, found.replaced_by, found.title) == ("replaced", "ny", "Ny")
        assert found.on is not None

    def test_the_way_is_told_where_the_routine_no_longer_applies(self, three):
        """
        «Gjelder ikke» alone sends a nurse to the telephone.
        """
        _changed(three, "UPDATE procedure SET withdrawn_number = 5, replaced_by = 'mellom' WHERE id = 'gammel'")
        _changed(three, "UPDATE procedure SET withdrawn_number = 6, replaced_by = 'ny' WHERE id = 'mellom'")

        with pytest.raises(ReplacedByAnother) as refused:
            three.document("gammel", "Fauske")

        assert refused.value.places["replaced_by"] == "ny"

    def test_when_the_last_of_the_chain_is_withdrawn_too_there_is_nothing_in_its_stead(self, three):
        """
        Sent in a ring, nobody comes to a routine.
        """
        _changed(three, "UPDATE procedure SET withdrawn_number = 5, replaced_by = 'mellom' WHERE id = 'gammel'")
        _changed(three, "UPDATE procedure SET withdrawn_number = 6, replaced_by = 'gammel' WHERE id = 'mellom'")

        found = three.where_to_go("gammel")

        assert (found.place, found.replaced_by) == ("withdrawn", None)


def test_a_routine_that_is_not_there_is_said_to_be_missing(library_with_routine):
    """
    A wrong id must not look like a refusal.
    """
    for call, how in ((library_with_routine.review, {"version": "1.0"}), (library_with_routine.set_owner, {})):
        with pytest.raises(ProcedureNotFound):
            call("finnes-ikke", by="leder", **how)
