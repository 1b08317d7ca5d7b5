"""Answers that wait, answers that are refused by what the network has done, and what an answer keeps of who gave it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from samrutine.adoptions.answers import (
    KINDS,
    ListRow,
    NotAhead,
    NotAnAnswer,
    RoutineReplaced,
    RoutineWithdrawn,
    Situation,
    VersionRefused,
    outcome,
    reasons_against_answering,
    reasons_against_the_answer,
    require_answer,
)
from samrutine.adoptions.model import AdoptionState, NotInUse, ReasonMissing, TooFarAhead
from samrutine.errors import InvalidRequest, NotAllowed, Refused
from samrutine.networks.model import Municipality
from samrutine.procedures.model import DecisionLevel, ProcedureId, VersionNumber
from samrutine.storage.rows import AdoptionRow, DelegationRow, InForceRow, ProcedureRow, VersionRow, WaitingRow
from tests.support.builders import PROVEVIK, TODAY, a_decider, a_digest, an_actor, an_interval
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine

DAY = timedelta(days=1)
BY = "beslutter.fauske"
THEM = Municipality(PROVEVIK, "Prøvevik", "provevik")
ID = ProcedureId("handhygiene")


def now(**changed):
    """Give a routine that nothing speaks against."""
    usual = Situation(
        THEM, ID, "Håndhygiene", VersionNumber(1, 0), a_digest(), TODAY - 9 * DAY, DecisionLevel.HEAD_OF_SERVICE
    )
    return replace(usual, **changed)


def against(answer, *, at=None, **row):
    """Say why an answer may not be given."""
    return reasons_against_the_answer(ListRow(ID, answer, **row), at or now(), TODAY)


class TestRules:
    @pytest.mark.parametrize(
        ("until", "reasons"),
        [
            (None, [NotAhead(TODAY)]),
            (TODAY, [NotAhead(TODAY)]),
            (TODAY + DAY, []),
            (date(TODAY.year + 2, TODAY.month, TODAY.day), []),
            (
                date(TODAY.year + 3, 1, 1),
                [TooFarAhead(date(TODAY.year + 3, 1, 1), date(TODAY.year + 2, TODAY.month, TODAY.day))],
            ),
        ],
        ids=["no day", "today", "tomorrow", "two years", "longer"],
    )
    def test_an_answer_is_put_off_to_a_day_that_comes(self, until, reasons):
        """
        What is put off for ever is answered no, without saying so.
        """
        assert against(AdoptionState.DEFERRED, until=until, reason="Vent.") == reasons

    @pytest.mark.parametrize("answer", KINDS)
    def test_only_a_yes_and_an_own_routine_need_no_reason(self, answer):
        """
        In two years somebody asks, and whoever decided has moved on.
        """
        at = now(intervals=(an_interval(TODAY - DAY),)) if answer is AdoptionState.ENDED else now()
        reasons = against(answer, at=at, until=TODAY + DAY if answer is AdoptionState.DEFERRED else None, reason=" ")

        needs_none = answer in {AdoptionState.IN_USE, AdoptionState.OWN_ROUTINE}
        assert reasons == ([] if needs_none else [ReasonMissing(answer.value)])

    @pytest.mark.parametrize(
        ("at", "reason"),
        [
            (now(withdrawn=True), RoutineWithdrawn(ID)),
            (now(withdrawn=True, replaced_by="ny"), RoutineReplaced(ID, "ny")),
            (now(refused=True), VersionRefused(ID, "1.0")),
        ],
        ids=["withdrawn", "replaced", "a hurried version that was refused"],
    )
    def test_what_the_network_no_longer_stands_for_is_not_taken_into_use(self, at, reason):
        """
        And whoever tries is told where to go.
        """
        assert against(AdoptionState.IN_USE, at=at) == [reason]
        assert against(AdoptionState.DEFERRED, at=at, until=TODAY + DAY, reason="Går videre.") == []
        assert against(AdoptionState.DECLINED, at=at, reason="Nei.") == []

    @pytest.mark.parametrize("state", sorted(set(AdoptionState) - KINDS.keys()))
    def test_what_things_come_to_is_no_answer(self, state):
        """
        Nobody decides that they have yet to consider.
        """
        assert against(state) == [NotAnAnswer(state.value)]

    def test_who_asks_comes_before_what_is_asked(self):
        """
        Whoever may not decide here is not told what else is wrong.
        """
        row = ListRow(ID, AdoptionState.DECLINED, reason="")

        reasons = reasons_against_answering(row, now(), an_actor(), TODAY)

        assert [type(one).__name__ for one in reasons] == ["LacksRole"]
        assert reasons[0].places_in("nb")["body"] == "Prøvevik"
        assert reasons_against_answering(row, now(), a_decider(), TODAY) == [ReasonMissing("declined")]

    @given(
        answer=st.sampled_from(sorted(KINDS)),
        begins=st.lists(st.integers(-40, 40), unique=True, max_size=4),
        first=st.integers(-20, 20),
    )
    def test_a_deferral_changes_nothing_that_applies_and_every_other_no_ends_it(self, answer, begins, first):
        """
        What is in force goes on while people think.
        """
        days = sorted(TODAY + n * DAY for n in begins)
        known = (
            [
                an_interval(day, until, f"1.{n}", row=n)
                for n, (day, until) in enumerate(zip(days, [*days[1:], None], strict=True))
            ]
            if days
            else []
        )
        row = ListRow(ID, AdoptionState(answer), from_on=TODAY + first * DAY, until=None)

        made = outcome(row, now(version=VersionNumber(9, 0), intervals=known), None, TODAY)

        if answer is AdoptionState.DEFERRED:
            assert made.change is None
        elif answer is AdoptionState.IN_USE:
            assert [one.version for one in made.change.added if one.until_on is None] == [VersionNumber(9, 0)]
        else:
            kept = [one for one in known if one not in made.change.superseded] + list(made.change.added)
            last = TODAY + DAY if answer is AdoptionState.ENDED else TODAY
            assert not any(one.holds_on(last + n * DAY) for one in kept for n in range(50))

    @pytest.mark.parametrize(
        ("known", "last_day", "ended"),
        [
            ([an_interval(TODAY - 9 * DAY, version="1.0")], None, "1.0"),
            ([an_interval(TODAY + 9 * DAY, version="1.1")], None, "1.1"),
            (
                [
                    an_interval(TODAY - 9 * DAY, TODAY + DAY, version="1.0"),
                    an_interval(TODAY + DAY, version="1.1"),
                ],
                TODAY + 3 * DAY,
                "1.1",
            ),
        ],
        ids=["what applies", "what was to apply", "what applies on that day"],
    )
    def test_an_end_names_the_version_that_ends(self, known, last_day, ended):
        """
        The newest version may be one that the municipality never used.
        """
        row = ListRow(ID, AdoptionState.ENDED, until=last_day, reason="Slutt.")

        made = outcome(row, now(version=VersionNumber(3, 0), intervals=known), None, TODAY)

        assert made.facts["version"] == ended

    def test_there_must_be_a_use_to_end(self):
        """
        The refusal names the municipality as people do.
        """
        assert against(AdoptionState.ENDED, reason="Slutt.") == [NotInUse(ID, "Prøvevik")]

    @pytest.mark.parametrize(
        ("row", "is_right"),
        [
            (ListRow(ID, AdoptionState.OWN_ROUTINE), False),
            (ListRow(ID, AdoptionState.OWN_ROUTINE, link="https://x.example"), True),
            (ListRow(ID, AdoptionState.DECLINED, link="javascript:alert(1)"), False),
            (ListRow(ID, AdoptionState.IN_USE, case="26/00117"), True),
            (ListRow(ID, AdoptionState.IN_USE, case="et saksnummer uten tall"), False),
        ],
        ids=["no address", "an address", "no address that can be followed", "a case", "no case"],
    )
    def test_what_is_given_can_be_what_it_is_given_as(self, row, is_right):
        """
        A form that sends nonsense is told so before the rules are asked.
        """
        if is_right:
            require_answer(row)
        else:
            with pytest.raises(InvalidRequest):
                require_answer(row)


class TestCallingOffWhatNeverBegan:
    @pytest.mark.parametrize(
        ("intervals", "changed", "until", "state"),
        [
            ([an_interval(TODAY + DAY)], {}, None, AdoptionState.TO_CONSIDER),
            ([an_interval(TODAY + DAY)], {}, TODAY + 2 * DAY, AdoptionState.ENDED),
            ([an_interval(TODAY)], {}, None, AdoptionState.ENDED),
            ([an_interval(TODAY - 9 * DAY, TODAY - DAY), an_interval(TODAY + DAY)], {}, None, AdoptionState.ENDED),
            ([an_interval(TODAY + DAY)], {"withdrawn": True}, None, AdoptionState.ENDED),
        ],
        ids=["only planned", "to begin and end", "began today", "used before", "withdrawn since"],
    )
    def test_leaves_no_answer_where_nothing_was_ever_used(self, intervals, changed, until, state):
        """
        «Avsluttet» says that people followed it once. Nobody considers anew what the network has withdrawn.
        """
        row = ListRow(ID, AdoptionState.ENDED, until=until, reason="Ombestemt.")

        made = outcome(row, now(intervals=intervals, **changed), None, TODAY)

        assert made.facts["state"] == state

    def test_puts_the_routine_back_into_the_inbox(self, any_library_with_routine, clock):
        """
        It was answered for a while, and now it is not.
        """
        library = any_library_with_routine
        library.adopt(ID, "Fauske", from_on=clock.today + DAY, by=BY)

        made = library.end_use(ID, "Fauske", reason="Ombestemt.", by=BY)

        assert made.state is AdoptionState.TO_CONSIDER
        assert library.matrix().cells[ID, "1841"].state is AdoptionState.TO_CONSIDER
        assert [one.procedure for one in library.waiting("municipality:1841")] == [ID]
        assert library.totals()["adoptions"] == 0
        assert library.verify().is_clean


class TestDeferring:
    def test_what_is_in_force_goes_on_and_the_question_comes_back(self, any_library_with_routine, clock):
        """
        «Vi ser på det etter ferien» is an answer, and somebody must be reminded of it.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        change_with_everyone(library, a_routine(extra="Nytt."))
        back = clock.today + 40 * DAY

        answer = library.defer("handhygiene", "Fauske", until=back, reason="Etter ferien.", by=BY)

        assert (answer.state, answer.deferred_until, str(answer.version)) == (AdoptionState.DEFERRED, back, "1.1")
        assert (answer.from_on, answer.until_on) == (None, None)
        assert {str(one.version) for one in library.in_force(clock.today + 60 * DAY)} == {"1.0"}
        with library._parts.database.reading() as session:
            kept = session.get(AdoptionRow, ("1841", "handhygiene"))
            (left,) = session.exec(
                select(WaitingRow).where(
                    WaitingRow.body == "municipality:1841", col(WaitingRow.closed_number).is_(None)
                )
            )
        assert (kept.state, kept.deferred_until) == ("deferred", back)
        assert (left.what, left.shown_from, left.due_on) == ("consider-version", back, back)
        assert library.verify().is_clean

    def test_a_new_version_asks_at_once(self, any_library_with_routine, clock):
        """
        What was put off was the old question.
        """
        library = any_library_with_routine
        library.defer("handhygiene", "Fauske", until=clock.today + 40 * DAY, reason="Vent.", by=BY)

        change_with_everyone(library, a_routine(extra="Nytt."))

        with library._parts.database.reading() as session:
            (left,) = session.exec(
                select(WaitingRow).where(
                    WaitingRow.body == "municipality:1841", col(WaitingRow.closed_number).is_(None)
                )
            )
        assert left.shown_from is None

    def test_stays_with_the_one_it_was_given_to(self, library_with_routine, clock):
        """
        To put off is not to hand over.
        """
        library = library_with_routine
        library.assign("handhygiene", "Fauske", owner="ansvarlig.fauske", by=BY)
        library.defer("handhygiene", "Fauske", until=clock.today + 40 * DAY, reason="Vent.", by=BY)

        with library._parts.database.reading() as session:
            (left,) = session.exec(
                select(WaitingRow).where(
                    WaitingRow.body == "municipality:1841", col(WaitingRow.closed_number).is_(None)
                )
            )
        assert left.owner_actor is not None

    def test_may_be_answered_before_its_day_and_put_off_again(self, any_library_with_routine, clock):
        """
        Nothing is locked by having been put off.
        """
        library = any_library_with_routine
        for days in (10, 20):
            library.defer("handhygiene", "Fauske", until=clock.today + days * DAY, reason="Vent.", by=BY)
        library.adopt("handhygiene", "Fauske", by=BY)

        assert library.waiting("municipality:1841") == []
        assert library.verify().is_clean

    def test_the_same_id_again_is_the_same_answer(self, library_with_routine, clock):
        """
        A click made twice is one answer.
        """
        how = {"until": clock.today + DAY, "reason": "Vent.", "by": BY, "decision_id": "d-1"}

        first = library_with_routine.defer("handhygiene", "Fauske", **how)

        assert library_with_routine.defer("handhygiene", "Fauske", **how) == first

    def test_is_decided_by_the_same_persons_as_a_yes(self, library_with_routine, clock):
        """
        To wait is a decision, too.
        """
        with pytest.raises(NotAllowed) as caught:
            library_with_routine.defer(
                "handhygiene", "Fauske", until=clock.today + DAY, reason="x", by="ansvarlig.fauske"
            )

        assert "i Fauske" in caught.value.text("nb")

    def test_a_day_changed_behind_the_decisions_back_is_found(self, any_library_with_routine, clock):
        """
        A question that is moved out of sight is one nobody answers.
        """
        library = any_library_with_routine
        library.defer("handhygiene", "Fauske", until=clock.today + DAY, reason="Vent.", by=BY)
        with library._parts.database.writing() as session:
            row = session.get_one(AdoptionRow, ("1841", "handhygiene"))
            row.deferred_until = clock.today + 700 * DAY
            session.add(row)

        assert [fault.code for fault in library.verify().faults] == ["answer"]


class TestWhatTheNetworkTookBack:
    def test_a_withdrawn_routine_may_go_on_for_now_but_not_begin(self, library_with_routine, clock):
        """
        What applies goes on until the municipality decides; the question that was asked is what comes back.
        """
        library = library_with_routine
        approve_with_everyone(library, a_routine("ny", title="Ny"))
        library.adopt("handhygiene", "Fauske", by=BY)
        with library._parts.database.writing() as session:
            row = session.get_one(ProcedureRow, "handhygiene")
            row.withdrawn_number, row.replaced_by = 1, "ny"
            session.add(row)
            session.add(
                WaitingRow(
                    id="w-1", body="municipality:1841", subject="procedure:handhygiene", what="consider-withdrawal",
                    opened_number=1,
                )
            )  # fmt: skip

        with pytest.raises(Refused) as caught:
            library.adopt("handhygiene", "Beiarn", by="beslutter.beiarn")
        library.defer("handhygiene", "Fauske", until=clock.today + 30 * DAY, reason="Til opplæringen er gitt.", by=BY)

        assert RoutineReplaced("handhygiene", "ny") in caught.value.reasons
        assert "Ta i bruk ny i stedet" in caught.value.text("nb")
        with library._parts.database.reading() as session:
            left = session.exec(
                select(WaitingRow.what).where(
                    WaitingRow.body == "municipality:1841", WaitingRow.subject == "procedure:handhygiene",
                    col(WaitingRow.closed_number).is_(None),
                )
            ).all()  # fmt: skip
        assert left == ["consider-withdrawal"]

    def test_a_version_that_was_refused_afterwards_is_not_taken_into_use(self, library_with_routine):
        """
        The number stays, and nobody begins with it.
        """
        library = library_with_routine
        with library._parts.database.writing() as session:
            row = session.get_one(VersionRow, ("handhygiene", 1, 0))
            row.hurried, row.refused_number = True, 1
            session.add(row)

        with pytest.raises(Refused) as caught:
            library.adopt("handhygiene", "Fauske", by=BY)

        assert VersionRefused("handhygiene", "1.0") in caught.value.reasons


class TestWhoDecided:
    def test_the_delegation_is_kept_with_what_it_decided(self, any_library_with_routine):
        """
        At supervision the question is by what right, and the answer must still be there when the person is not.
        """
        library = any_library_with_routine
        answer = library.adopt("handhygiene", "Fauske", by=BY)

        with library._parts.database.reading() as session:
            row = session.exec(select(InForceRow)).one()
            delegation = session.get_one(DelegationRow, answer.delegation)
        assert row.delegation_id == answer.delegation
        assert (delegation.municipality, delegation.level, delegation.position) == (
            "1841", "head-of-service", "kommunalsjef helse og omsorg",
        )  # fmt: skip
        assert library.verify().is_clean

    def test_another_delegation_behind_the_decisions_back_is_found(self, any_library_with_routine):
        """
        By what right is a fact of the decision, not a note beside it.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        with library._parts.database.writing() as session:
            row = session.exec(select(InForceRow)).one()
            row.delegation_id = "d-en-annen"
            session.add(row)

        assert {fault.code for fault in library.verify().faults} == {"in-force-undecided", "in-force-missing"}

    def test_the_same_person_may_prepare_and_decide(self, library_with_routine, clock):
        """
        In a small municipality there is one, in a tenth of a post.
        """
        library = library_with_routine
        library.assign("handhygiene", "Fauske", owner=BY, due=clock.today + DAY, by=BY)

        assert library.adopt("handhygiene", "Fauske", by=BY).state is AdoptionState.IN_USE

    def test_an_end_says_which_version_ended(self, any_library_with_routine):
        """
        The newest version is not the one they used.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        change_with_everyone(library, a_routine(extra="Nytt."))

        answer = library.end_use("handhygiene", "Fauske", reason="Slått sammen.", by=BY)

        assert str(answer.version) == "1.0"
        assert library.verify().is_clean
