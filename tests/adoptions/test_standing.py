"""Standing decisions: minor corrections follow by themselves, until a day, and never what somebody must look at."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from samrutine.actors import SYSTEM
from samrutine.adoptions.additions import Edit
from samrutine.adoptions.model import AdoptionState, TooFarAhead
from samrutine.adoptions.standing import (
    CouncilDecidesEach,
    NotFollowed,
    StandingOverBefore,
    StandingTerms,
    applicable,
    follows_from,
    reasons_against_standing,
    reasons_to_look,
)
from samrutine.errors import NotAllowed, Refused
from samrutine.procedures.model import DecisionLevel, VersionNumber
from samrutine.procedures.text import read
from samrutine.storage.rows import DecisionRow, InForceRow, NotificationRow, StandingDecisionRow, WaitingRow
from tests.support.builders import PROVEVIK, TESTNES, TODAY, an_interval
from tests.support.stories import APPROVERS, approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine

DAY = timedelta(days=1)
BY = "beslutter.fauske"


def terms(**changed):
    """Give a standing decision in Prøvevik about everything that a head of service decides."""
    usual = StandingTerms(
        "s-1", PROVEVIK, None, DecisionLevel.HEAD_OF_SERVICE, "kommunalsjef", "d-1", TODAY, TODAY + 30 * DAY
    )
    return replace(usual, **changed)


def text(**how):
    """Give a routine as a value."""
    return read(a_routine(**how), "tekst")


def why(old=None, new=None, standing=None, **how):
    """Say why a correction is not followed."""
    given_ = {"critical": False, "additions_touched": False, "missing": (), **how}
    return reasons_to_look(standing or terms(), old or text(), new or text(extra="Rettet."), **given_)


class TestHowLong:
    @pytest.mark.parametrize(
        ("until", "reasons"),
        [
            (TODAY, [StandingOverBefore(TODAY - DAY)]),
            (date.min, [StandingOverBefore(date.min)]),
            (TODAY - DAY, [StandingOverBefore(TODAY - 2 * DAY)]),
            (TODAY + DAY, []),
            (date(TODAY.year + 2, TODAY.month, TODAY.day), []),
            (
                date(TODAY.year + 2, TODAY.month, TODAY.day) + DAY,
                [
                    TooFarAhead(
                        date(TODAY.year + 2, TODAY.month, TODAY.day), date(TODAY.year + 2, TODAY.month, TODAY.day) - DAY
                    )
                ],
            ),
        ],
        ids=["today", "the first day there is", "yesterday", "tomorrow", "two years", "two years and a day"],
    )
    def test_holds_until_a_day_at_most_two_years_ahead(self, until, reasons):
        """
        Who decides beforehand for ever has stopped deciding.
        """
        assert reasons_against_standing(None, None, until=until, today=TODAY) == reasons

    @pytest.mark.parametrize("level", DecisionLevel)
    def test_the_council_decides_each_version(self, level):
        """
        A political decision has a case of its own each time.
        """
        reasons = reasons_against_standing("plan", level, until=TODAY + DAY, today=TODAY)

        assert reasons == ([CouncilDecidesEach("plan")] if level is DecisionLevel.POLITICAL else [])

    def test_the_one_about_the_routine_comes_before_the_one_about_all(self):
        """
        Who decided about this very routine meant it.
        """
        about_all, about_one = terms(), terms(id="s-2", procedure="handhygiene")

        assert applicable([about_all, about_one], PROVEVIK, "handhygiene", TODAY) == about_one
        assert applicable([about_all, about_one], PROVEVIK, "annen", TODAY) == about_all
        assert applicable([about_all, about_one], TESTNES, "handhygiene", TODAY) is None
        assert applicable([about_one], PROVEVIK, "annen", TODAY) is None

    @given(day=st.dates(TODAY - 60 * DAY, TODAY + 60 * DAY))
    def test_applies_from_its_first_day_to_the_day_before_its_last(self, day):
        """
        The end date is the day somebody looks again.
        """
        assert (applicable([terms()], PROVEVIK, "x", day) is not None) == (TODAY <= day < TODAY + 30 * DAY)


class TestWhatIsFollowed:
    @pytest.mark.parametrize(
        ("known", "follows"),
        [
            ([], False),
            ([an_interval(TODAY - DAY)], True),
            ([an_interval(TODAY)], True),
            ([an_interval(TODAY - DAY, version="1.1")], False),
            ([an_interval(TODAY - 2 * DAY, TODAY)], False),
            ([an_interval(TODAY - DAY, TODAY + DAY)], False),
            ([an_interval(TODAY - DAY, TODAY + DAY), an_interval(TODAY + DAY, version="1.1")], False),
            ([an_interval(TODAY + DAY)], False),
        ],
        ids=["not in use", "in use", "since today", "another version", "ended", "is to end", "is to change", "planned"],
    )
    def test_only_the_version_just_before_and_only_where_it_goes_on(self, known, follows):
        """
        A municipality that is on its way elsewhere is not pulled along.
        """
        assert follows_from(known, VersionNumber(1, 0), TODAY) is follows

    def test_a_corrected_word_is_followed(self):
        """
        That is what the decision is for.
        """
        assert why() == ()

    @pytest.mark.parametrize(
        ("how", "expected"),
        [
            ({"critical": True}, (NotFollowed.CRITICAL,)),
            ({"additions_touched": True}, (NotFollowed.ADDITION,)),
            ({"missing": ("vakttelefon",)}, (NotFollowed.LOCAL_INFORMATION,)),
            ({"new": text(required=("vakttelefon",))}, (NotFollowed.LOCAL_INFORMATION,)),
            (
                {"old": text(optional=("vakttelefon",)), "new": text(required=("vakttelefon",))},
                (NotFollowed.LOCAL_INFORMATION,),
            ),
            ({"old": text(required=("vakttelefon",)), "new": text(required=("vakttelefon",), extra="x")}, ()),
            ({"new": text(optional=("vakttelefon",))}, ()),
            ({"old": text(optional=("vakttelefon",))}, (NotFollowed.LOCAL_INFORMATION,)),
            (
                {"old": text(required=("vakttelefon",)), "new": text(optional=("vakttelefon",))},
                (NotFollowed.LOCAL_INFORMATION,),
            ),
            ({"new": text(level="chief-executive")}, (NotFollowed.LEVEL,)),
            ({"new": text(level="unit-leader")}, ()),
            ({"new": text(level="political"), "standing": terms(level=DecisionLevel.POLITICAL)}, (NotFollowed.LEVEL,)),
            ({"new": text(title="Håndvask")}, (NotFollowed.FRONT,)),
            ({"new": text(access="internal")}, (NotFollowed.FRONT,)),
            ({"new": text(months=6)}, (NotFollowed.FRONT,)),
            ({"delegated": False}, (NotFollowed.DELEGATION,)),
            ({"critical": True, "additions_touched": True}, (NotFollowed.ADDITION, NotFollowed.CRITICAL)),
        ],
        ids=[
            "a number", "an addition", "not filled in", "newly required", "now required", "required as before",
            "newly asked for", "no longer asked for", "asked for otherwise", "a higher level", "a lower level", "political",
            "another title",
            "another access", "another interval", "taken back", "two at once",
        ],
    )  # fmt: skip
    def test_what_somebody_must_look_at_is_not(self, how, expected):
        """
        A dose that changed by a slip of the keyboard must not reach a ward without anybody having read it.
        """
        assert why(**how) == expected


class TestFollowing:
    def test_a_minor_correction_applies_from_the_day_it_is_approved(self, any_library_with_routine, clock):
        """
        A spelling mistake is mended everywhere the same day, and nobody has nine inboxes to empty.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        standing = library.set_standing("Fauske", until=clock.today + 300 * DAY, by=BY, reason="Små rettinger.")
        clock.forward(days=3)

        change_with_everyone(library, a_routine(extra="Rettet ord."))

        (now,) = library.in_force()
        assert (str(now.version), now.from_on, now.position) == ("1.1", clock.today, "kommunalsjef helse og omsorg")
        made = [event for event in library.history("handhygiene") if event.kind == "adopted"][-1]
        assert made.facts["standing"] == standing.id
        assert library.matrix().cells["handhygiene", "1841"].state is AdoptionState.IN_USE
        with library._parts.database.reading() as session:
            left = session.exec(
                select(WaitingRow).where(
                    WaitingRow.subject == "procedure:handhygiene", col(WaitingRow.closed_number).is_(None)
                )
            ).all()
            told = session.exec(select(NotificationRow).where(NotificationRow.what == "minor-followed")).all()
            row = session.exec(select(InForceRow).where(col(InForceRow.superseded_number).is_(None))).all()[-1]
        assert "municipality:1841" not in {one.body for one in left}
        assert len(left) == 8
        assert told
        assert row.delegation_id is not None
        assert library.verify().is_clean

    def test_is_decided_by_the_rules_in_the_approving_act(self, any_library_with_routine, clock):
        """
        The chain says who decided: nobody that day, but the one who decided beforehand.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        library.set_standing("Fauske", until=clock.today + DAY, by=BY)

        change_with_everyone(library, a_routine(extra="Rettet."))

        approved, adopted = library.history("handhygiene")[-2:]
        assert (approved.kind, adopted.kind, adopted.number) == ("version_approved", "adopted", approved.number + 1)

    @pytest.mark.parametrize(
        ("new", "because"),
        [
            ({"extra": "Vent 30 sekunder."}, NotFollowed.CRITICAL),
            ({"extra": "Bruk ikke hansker."}, NotFollowed.CRITICAL),
            ({"required": ("vakttelefon",)}, NotFollowed.LOCAL_INFORMATION),
            ({"level": "chief-executive"}, NotFollowed.LEVEL),
            ({"title": "Vask av hender"}, NotFollowed.FRONT),
        ],
        ids=["a number", "a negation", "required information", "level", "title"],
    )
    def test_what_must_be_looked_at_waits_and_says_why(self, any_library_with_routine, clock, new, because):
        """
        People see that there was a standing decision, and why it did not do.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        library.set_standing("Fauske", until=clock.today + 30 * DAY, by=BY)

        change_with_everyone(library, a_routine(**new))

        assert {str(one.version) for one in library.in_force()} == {"1.0"}
        assert [one.what for one in library.waiting("municipality:1841")] == ["consider-version"]
        (standing,) = library.standing_decisions("Fauske")
        assert [(str(one.version), one.because) for one in standing.followed] == [("1.1", (because,))]
        assert library.verify().is_clean

    def test_a_duty_phone_never_falls_off_the_paper_by_itself(self, any_library_with_routine, clock):
        """
        The number stands in the municipality's own addition. Who took the field away did not know of it.
        """
        library = any_library_with_routine
        change_with_everyone(library, a_routine(optional=("vakttelefon",)), significance="major", meaning="En.")
        library.adopt("handhygiene", "Fauske", by=BY)
        library.set_local_information("handhygiene", "Fauske", {"vakttelefon": "75 00 00 01"}, by="ansvarlig.fauske")
        made = library.add_addition(
            "handhygiene",
            "Fauske",
            "ansvar",
            "practical-note",
            "Ring {{vakttelefon}} ved mistanke.",
            by="ansvarlig.fauske",
        )
        library.set_standing("Fauske", until=clock.today + 30 * DAY, by=BY)

        change_with_everyone(library, a_routine())

        assert [str(one.version) for one in library.in_force()] == ["2.0"]
        paper = library.render(library.document("handhygiene", "Fauske"), "md").decode()
        assert "ikke fylt ut" not in paper
        (standing,) = library.standing_decisions("Fauske")
        assert standing.followed[0].because == (NotFollowed.ADDITION, NotFollowed.LOCAL_INFORMATION)
        (asked,) = library.additions_to_answer("handhygiene", "Fauske", reader=BY)
        assert (asked.must_answer, asked.fields_gone) == (True, ("vakttelefon",))
        assert library.additions("handhygiene")[0].is_behind
        for answers in ({}, {made.addition: "keep"}):
            with pytest.raises(Refused):
                library.adopt("handhygiene", "Fauske", additions=answers, by=BY)
        library.adopt("handhygiene", "Fauske", additions={made.addition: Edit("Ring 75 00 00 01 ved mistanke.")}, by=BY)
        assert "Ring 75 00 00 01" in library.document("handhygiene", "Fauske").additions[0].text
        assert library.verify().is_clean

    def test_nothing_follows_under_a_delegation_that_was_taken_back(self, any_library_with_routine, clock):
        """
        Who decided it may decide no longer; somebody who may must look.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        library.set_standing("Fauske", until=clock.today + 30 * DAY, by=BY)
        clock.forward(days=1)
        library.revoke(BY, "decider", "municipality:1841", by="redaktor")

        change_with_everyone(library, a_routine(extra="Rettet."))

        assert {str(one.version) for one in library.in_force()} == {"1.0"}
        assert [one.what for one in library.waiting("municipality:1841")] == ["consider-version"]
        assert library.standing_decisions("Fauske")[0].followed[0].because == (NotFollowed.DELEGATION,)
        assert library.account("handhygiene", "Fauske", clock.today).delegation.ended_on == clock.today
        assert library.verify().is_clean

    def test_leaves_everybody_else_alone(self, library_with_routine, clock):
        """
        Fauske decided for Fauske, about what Fauske uses.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Beiarn", by="beslutter.beiarn")
        library.set_standing("Fauske", until=clock.today + 30 * DAY, by=BY)

        change_with_everyone(library, a_routine(extra="Rettet."))

        assert {(one.municipality, str(one.version)) for one in library.in_force()} == {("1839", "1.0")}
        assert library.standing_decisions("Fauske")[0].followed == ()

    def test_a_major_change_never_follows(self, library_with_routine, clock):
        """
        «Hva betyr endringen for meg?» is a question for somebody.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        library.set_standing("Fauske", until=clock.today + 30 * DAY, by=BY)

        change_with_everyone(library, a_routine(extra="Rettet."), significance="major", meaning="Alt er nytt.")

        assert {str(one.version) for one in library.in_force()} == {"1.0"}

    @pytest.mark.parametrize("how", ["its day is past", "it was ended", "it is about another routine"])
    def test_what_no_longer_holds_does_nothing(self, library_with_routine, clock, how):
        """
        An end date that nobody keeps is no end date.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        if how == "it is about another routine":
            approve_with_everyone(library, a_routine("annen", title="Annen"))
            library.set_standing("Fauske", until=clock.today + DAY, by=BY, procedure="annen")
        else:
            library.set_standing("Fauske", until=clock.today + DAY, by=BY)
        if how == "it was ended":
            library.end_standing("Fauske", by=BY, reason="Vi vil se selv.")
        elif how == "its day is past":
            clock.forward(days=1)

        change_with_everyone(library, a_routine(extra="Rettet."))

        assert {str(one.version) for one in library.in_force()} == {"1.0"}

    def test_several_corrections_follow_one_after_another(self, any_library_with_routine, clock):
        """
        It is a decision about what comes, not about the next one.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        library.set_standing("Fauske", until=clock.today + 30 * DAY, by=BY)
        for word in ("Klart", "Klart språk", "Klart språk her"):
            clock.forward(days=1)
            change_with_everyone(library, a_routine(extra=f"{word}."))

        assert {str(one.version) for one in library.in_force()} == {"1.3"}
        assert [str(one.version) for one in library.standing_decisions("Fauske")[0].followed] == ["1.3", "1.2", "1.1"]
        assert library.verify().is_clean


class TestDecidingIt:
    def test_covers_what_the_deciders_delegation_covers(self, library_with_routine, clock):
        """
        Nobody decides beforehand what they could not decide today.
        """
        library = library_with_routine
        approve_with_everyone(library, a_routine("hoy", title="Høy", level="chief-executive"))

        made = library.set_standing("Fauske", until=clock.today + DAY, by=BY)
        with pytest.raises(NotAllowed):
            library.set_standing("Fauske", until=clock.today + DAY, by=BY, procedure="hoy")

        assert (made.level, made.position) == (DecisionLevel.HEAD_OF_SERVICE, "kommunalsjef helse og omsorg")

    def test_not_about_what_the_council_decides(self, library, clock):
        """
        Each version has its case.
        """
        approve_with_everyone(library, a_routine("plan", title="Plan", level="political"))

        with pytest.raises(Refused) as caught:
            library.set_standing("Fauske", until=clock.today + DAY, by="radmann.fauske", procedure="plan")

        assert caught.value.reasons == (CouncilDecidesEach("plan"),)

    def test_a_new_one_takes_the_place_of_the_old(self, any_library_with_routine, clock):
        """
        It is renewed each year, and there is one at a time.
        """
        library = any_library_with_routine
        first = library.set_standing("Fauske", until=clock.today + DAY, by=BY)
        about_one = library.set_standing("Fauske", until=clock.today + DAY, by=BY, procedure="handhygiene")
        second = library.set_standing("Fauske", until=clock.today + 9 * DAY, by=BY)

        shown = {one.standing.id: one.ended for one in library.standing_decisions("Fauske")}

        assert shown == {first.id: True, about_one.id: False, second.id: False}
        assert library.verify().is_clean

    def test_the_same_id_again_is_the_same_decision(self, any_library_with_routine, clock):
        """
        A click made twice is one decision, for setting as for ending.
        """
        library = any_library_with_routine
        day = clock.today + DAY
        assert library.set_standing("Fauske", until=day, by=BY, decision_id="d-1") == library.set_standing(
            "Fauske", until=day, by=BY, decision_id="d-1"
        )
        assert library.end_standing("Fauske", by=BY, decision_id="d-2") == library.end_standing(
            "Fauske", by=BY, decision_id="d-2"
        )
        assert library.verify().is_clean

    def test_there_must_be_one_to_end(self, library_with_routine):
        """
        Who believes they stopped something should know that there was nothing.
        """
        with pytest.raises(Refused) as caught:
            library_with_routine.end_standing("Fauske", by=BY)

        assert "Fauske har ingen stående beslutning" in caught.value.text("nb")

    def test_a_row_changed_behind_the_decisions_back_is_found(self, any_library_with_routine, clock):
        """
        A longer life than was decided is the very thing to find.
        """
        library = any_library_with_routine
        library.set_standing("Fauske", until=clock.today + DAY, by=BY)
        with library._parts.database.writing() as session:
            row = session.exec(select(StandingDecisionRow)).one()
            row.until_on = clock.today + 900 * DAY
            session.add(row)

        assert [fault.code for fault in library.verify().faults] == ["standing"]


def test_what_follows_is_recorded_as_done_by_the_rules(library_with_routine, clock):
    """
    No person is made to answer for a day they were not there.
    """
    library = library_with_routine
    library.adopt("handhygiene", "Fauske", by=BY)
    library.set_standing("Fauske", until=clock.today + DAY, by=BY)
    change_with_everyone(library, a_routine(extra="Rettet."))

    with library._parts.database.reading() as session:
        row = session.exec(select(InForceRow).order_by(col(InForceRow.id).desc())).first()
        assert session.get(DecisionRow, row.decided_number).actor_id == SYSTEM


class TestInAHurry:
    def test_a_minor_correction_in_a_hurry_follows_when_the_network_has_agreed(self, any_library_with_routine, clock):
        """
        Nobody decided beforehand to follow what no network has looked at.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        library.set_standing("Fauske", until=clock.today + 30 * DAY, by=BY)
        proposed = library.propose(
            a_routine(extra="Rettet."), changes="handhygiene", significance="minor", by="skribent"
        )
        library.hurry(proposed.proposal, digest=proposed.digest, reason="Feil navn.", by="redaktor")
        before = {str(one.version) for one in library.in_force()}

        for one in APPROVERS:
            library.approve(proposed.proposal, digest=proposed.digest, by=one)

        assert before == {"1.0"}
        assert {str(one.version) for one in library.in_force()} == {"1.1"}
        assert library.verify().is_clean


class TestBesideOwnAdditions:
    def test_a_section_with_an_addition_of_ones_own_is_looked_at(self, any_library_with_routine, clock):
        """
        What stands beside it may no longer fit, and only the municipality knows.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        library.add_addition("handhygiene", "Fauske", "formal", "practical-note", "Vasken er i gangen.", by=BY)
        library.set_standing("Fauske", until=clock.today + 30 * DAY, by=BY)

        change_with_everyone(library, a_routine(extra="Rettet."))

        assert {str(one.version) for one in library.in_force()} == {"1.0"}
        assert library.standing_decisions("Fauske")[0].followed[0].because == (NotFollowed.ADDITION,)
        assert library.verify().is_clean

    def test_a_correction_elsewhere_is_followed_and_the_addition_stands(self, any_library_with_routine, clock):
        """
        A note about the sink is no reason to stop a comma in another part.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by=BY)
        library.add_addition("handhygiene", "Fauske", "avvik", "practical-note", "Skjemaet er i Compilo.", by=BY)
        library.set_standing("Fauske", until=clock.today + 30 * DAY, by=BY)

        change_with_everyone(library, a_routine(extra="Rettet."))

        assert {str(one.version) for one in library.in_force()} == {"1.1"}
        assert len(library.document("handhygiene", "Fauske").additions) == 1
        assert library.verify().is_clean
