"""What a municipality prepares around its answers: who and by when, who was told, and what there was before."""

from datetime import timedelta

import pytest
from sqlmodel import select

from samrutine.adoptions.model import TooFarAhead
from samrutine.adoptions.readiness import (
    DueBeforeToday,
    How,
    InventoryAnswer,
    NeverInForce,
    ToldLater,
    reasons_against_due,
    reasons_against_making_known,
    version_made_known,
)
from samrutine.errors import InvalidRequest, NotAllowed, PersonNotFound, ProcedureNotFound, Refused
from samrutine.procedures.model import VersionNumber
from samrutine.storage.rows import InventoryRow, MadeKnownRow, NotificationRow, WaitingRow
from tests.support.builders import TODAY, an_interval
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import NATIONAL_ID, a_routine

DAY = timedelta(days=1)
BY = "ansvarlig.fauske"


def reasons_of(caught):
    """Give the names of the reasons in a refusal."""
    return [type(one).__name__ for one in caught.value.reasons]


class TestRules:
    @pytest.mark.parametrize(
        ("due", "kind"),
        [(None, None), (TODAY, None), (TODAY + DAY, None), (TODAY - DAY, DueBeforeToday), (TODAY + 4000 * DAY, TooFarAhead)],
        ids=["none", "today", "tomorrow", "yesterday", "ten years"],
    )  # fmt: skip
    def test_an_answer_is_due_on_a_day_that_can_come(self, due, kind):
        """
        A day that has been is overdue before anybody began.
        """
        assert [type(one) for one in reasons_against_due(due, TODAY)] == ([kind] if kind else [])

    @pytest.mark.parametrize(
        ("known", "asked", "found"),
        [
            ([], None, None),
            ([an_interval(TODAY - DAY)], None, "1.0"),
            ([an_interval(TODAY + DAY, version="1.1")], None, "1.1"),
            ([an_interval(TODAY - 9 * DAY, TODAY)], None, None),
            ([an_interval(TODAY - 9 * DAY, TODAY), an_interval(TODAY, version="1.1")], None, "1.1"),
            ([an_interval(TODAY - 9 * DAY, TODAY), an_interval(TODAY, version="1.1")], "1.0", "1.0"),
            ([an_interval(TODAY)], "2.0", None),
        ],
        ids=["never", "now", "soon", "ended", "the one now", "the one before, by name", "one that never applied"],
    )
    def test_people_are_told_of_what_applies_or_is_to(self, known, asked, found):
        """
        Training is often held the week before; what never applies is nothing to tell.
        """
        version = version_made_known(known, VersionNumber.parse(asked) if asked else None, TODAY)

        assert (str(version) if version else None) == found

    def test_what_has_not_happened_is_not_recorded(self):
        """
        A plan to tell is no proof of having told.
        """
        reasons = reasons_against_making_known("x", "Prøvevik", version=None, told_on=TODAY + DAY, today=TODAY)

        assert reasons == [NeverInForce("x", "Prøvevik"), ToldLater(TODAY + DAY)]


class TestAssigning:
    def test_says_who_prepares_and_by_when(self, any_library_with_routine, clock):
        """
        What is everybody's to answer is nobody's.
        """
        library = any_library_with_routine
        due = clock.today + 14 * DAY

        made = library.assign("handhygiene", "Fauske", owner=BY, due=due, by="beslutter.fauske")

        assert (made.municipality, made.due_on) == ("1841", due)
        (waiting,) = library.waiting("municipality:1841")
        assert waiting.due_on == due
        with library._parts.database.reading() as session:
            told = session.exec(select(NotificationRow).where(NotificationRow.what == "preparation-assigned")).all()
        assert [one.actor_id for one in told] == [made.owner]
        assert library.verify().is_clean

    def test_one_of_the_two_may_be_changed_alone(self, library_with_routine, clock):
        """
        A new date is not a new person.
        """
        library = library_with_routine
        first = library.assign("handhygiene", "Fauske", owner=BY, by=BY)
        library.assign("handhygiene", "Fauske", due=clock.today + DAY, by=BY)

        with library._parts.database.reading() as session:
            row = session.exec(select(WaitingRow).where(WaitingRow.body == "municipality:1841")).one()
        assert (row.owner_actor, row.due_on) == (first.owner, clock.today + DAY)

    @pytest.mark.parametrize(
        ("how", "reason"),
        [
            ({"owner": "ansatt.fauske"}, "CannotPrepare"),
            ({"owner": "beslutter.beiarn"}, "CannotPrepare"),
            ({"due": -1}, "DueBeforeToday"),
        ],
        ids=["an employee", "somebody elsewhere", "yesterday"],
    )
    def test_only_to_somebody_who_may_answer_and_a_day_that_comes(self, library_with_routine, clock, how, reason):
        """
        A task for somebody who may not do it is a task that is not done.
        """
        if "due" in how:
            how = {"due": clock.today + how["due"] * DAY}

        with pytest.raises(Refused) as caught:
            library_with_routine.assign("handhygiene", "Fauske", by=BY, **how)

        assert reasons_of(caught) == [reason]

    def test_there_must_be_something_to_prepare(self, library_with_routine, clock):
        """
        What is answered waits for nobody.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        with pytest.raises(Refused) as caught:
            library.assign("handhygiene", "Fauske", due=clock.today, by=BY)

        assert "i Fauske" in caught.value.text("nb")
        with pytest.raises(InvalidRequest):
            library.assign("handhygiene", "Fauske", by=BY)
        with pytest.raises(PersonNotFound):
            library.assign("handhygiene", "Fauske", owner="ingen", by=BY)
        with pytest.raises(ProcedureNotFound):
            library.assign("finnes-ikke", "Fauske", due=clock.today, by=BY)


class TestMakingKnown:
    def test_is_recorded_with_day_way_and_whom(self, any_library_with_routine, clock):
        """
        At supervision: who was told, when, and how do you know.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        (before,) = library.made_known("Fauske")

        made = library.make_known("handhygiene", "Fauske", how="meeting", whom="Alle i hjemmetjenesten.", by=BY)

        (after,) = library.made_known("Fauske")
        assert (before.is_made_known, after.is_made_known) == (False, True)
        (told,) = after.told
        assert (told.told_on, told.how, told.whom, told.number) == (
            clock.today, How.MEETING, "Alle i hjemmetjenesten.", made.number,
        )  # fmt: skip
        assert "hjemmetjenesten" not in str(library.history("handhygiene")[-1].facts)
        assert library.verify().is_clean

    def test_a_new_version_must_be_made_known_anew(self, library_with_routine):
        """
        They were told of the old one.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        library.make_known("handhygiene", "Fauske", how="email", whom="Alle.", by=BY)
        change_with_everyone(library, a_routine(extra="Nytt."))
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        (known,) = library.made_known("Fauske")

        assert not known.is_made_known
        assert [str(one.version) for one in known.told] == ["1.0"]

    def test_what_is_not_made_known_comes_first(self, library_with_routine):
        """
        The list is for what is left to do.
        """
        library = library_with_routine
        approve_with_everyone(library, a_routine("a", title="A"))
        for one in ("a", "handhygiene"):
            library.adopt(one, "Fauske", by="beslutter.fauske")
        library.make_known("a", "Fauske", how="training", whom="Alle.", by=BY)

        assert [one.procedure for one in library.made_known("Fauske")] == ["handhygiene", "a"]

    def test_the_same_id_again_is_the_same_telling(self, library_with_routine):
        """
        A click made twice is one meeting.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        how = {"how": "other", "whom": "Alle.", "by": BY, "decision_id": "d-1"}

        assert library.make_known("handhygiene", "Fauske", **how) == library.make_known("handhygiene", "Fauske", **how)
        assert len(library.made_known("Fauske")[0].told) == 1

    def test_refuses_what_does_not_apply_what_has_not_been_and_a_persons_number(self, library_with_routine, clock):
        """
        Whom is a group. A person's number has no place in a record that is kept.
        """
        library = library_with_routine
        with pytest.raises(Refused) as never:
            library.make_known("handhygiene", "Fauske", how="meeting", whom="Alle.", by=BY)
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        with pytest.raises(Refused) as later:
            library.make_known("handhygiene", "Fauske", how="meeting", whom="Alle.", told_on=clock.today + DAY, by=BY)
        with pytest.raises(Refused) as person:
            library.make_known("handhygiene", "Fauske", how="meeting", whom=f"Hun med {NATIONAL_ID}", by=BY)
        with pytest.raises(InvalidRequest):
            library.make_known("handhygiene", "Fauske", how="rykte", whom="Alle.", by=BY)
        with pytest.raises(InvalidRequest):
            library.make_known("handhygiene", "Fauske", how="meeting", whom=" ", by=BY)

        assert (reasons_of(never), reasons_of(later)) == (["NeverInForce"], ["ToldLater"])
        assert reasons_of(person) == ["HoldsPersonalData"]

    def test_a_row_changed_behind_the_decisions_back_is_found(self, any_library_with_routine, clock):
        """
        The day is what is asked for afterwards.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        library.make_known("handhygiene", "Fauske", how="email", whom="Alle.", by=BY)
        with library._parts.database.writing() as session:
            row = session.exec(select(MadeKnownRow)).one()
            row.told_on = clock.today - 30 * DAY
            session.add(row)

        assert [fault.code for fault in library.verify().faults] == ["made-known"]


class TestInventory:
    def test_shows_across_municipalities_who_lacks_and_who_has(self, any_library_with_routine):
        """
        Where eight lack a routine it is written first; where three have one they are merged.
        """
        library = any_library_with_routine
        approve_with_everyone(library, a_routine("annen", title="Annen"))
        library.take_inventory("Fauske", {"handhygiene": "own-outdated", "annen": "lacks"}, by=BY)
        library.take_inventory("Beiarn", {"annen": "lacks"}, by="beslutter.beiarn")

        found = library.inventory()

        assert [one for one, _ in found.procedures] == ["annen", "handhygiene"]
        assert found.count("annen", InventoryAnswer.LACKS) == 2
        assert found.cells["handhygiene", "1841"] is InventoryAnswer.OWN_OUTDATED
        assert ("handhygiene", "1839") not in found.cells
        assert library.verify().is_clean

    def test_what_is_said_anew_replaces_what_was_said(self, any_library_with_routine):
        """
        People find the old binder later.
        """
        library = any_library_with_routine
        library.take_inventory("Fauske", {"handhygiene": "lacks"}, by=BY)
        library.take_inventory("Fauske", {"handhygiene": "has-own"}, by=BY)

        assert library.inventory().cells["handhygiene", "1841"] is InventoryAnswer.HAS_OWN
        assert library.verify().is_clean

    def test_the_same_id_again_is_the_same_inventory(self, library_with_routine):
        """
        A form sent twice is one form.
        """
        library = library_with_routine
        first = library.take_inventory("Fauske", {"handhygiene": "uses-shared"}, by=BY, decision_id="d-1")

        assert library.take_inventory("Fauske", {"handhygiene": "uses-shared"}, by=BY, decision_id="d-1") == first

    def test_refuses_what_is_no_answer_and_no_routine(self, library_with_routine):
        """
        All or nothing, so that a form is not half kept.
        """
        library = library_with_routine
        with pytest.raises(InvalidRequest):
            library.take_inventory("Fauske", {}, by=BY)
        with pytest.raises(InvalidRequest):
            library.take_inventory("Fauske", {"handhygiene": "kanskje"}, by=BY)
        with pytest.raises(ProcedureNotFound):
            library.take_inventory("Fauske", {"handhygiene": "lacks", "finnes-ikke": "lacks"}, by=BY)
        with pytest.raises(NotAllowed):
            library.take_inventory("Fauske", {"handhygiene": "lacks"}, by="beslutter.beiarn")

        assert library.inventory().cells == {}

    def test_a_row_changed_behind_the_decisions_back_is_found(self, any_library_with_routine):
        """
        What a municipality said of itself is not another's to mend.
        """
        library = any_library_with_routine
        library.take_inventory("Fauske", {"handhygiene": "lacks"}, by=BY)
        with library._parts.database.writing() as session:
            row = session.exec(select(InventoryRow)).one()
            row.answer = "has-own"
            session.add(row)

        assert [fault.code for fault in library.verify().faults] == ["inventory"]
