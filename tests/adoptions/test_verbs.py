"""A municipality decides: taking into use, other answers, ending, local information, and who uses what."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from samrutine.adoptions.effective import DocumentStatus, effective_digest
from samrutine.adoptions.model import AdoptionState
from samrutine.errors import (
    DecisionIdReused,
    DocumentNotFound,
    InvalidRequest,
    MunicipalityNotFound,
    NotAllowed,
    ProcedureNotFound,
    Refused,
    VersionNotFound,
)
from samrutine.storage.rows import LocalValueRow, WaitingRow
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import NATIONAL_ID, a_routine

DAY = timedelta(days=1)
SOMEWHERE = "https://kvalitet.provevik.example/handvask"


def decided(library):
    """Give how many decisions there are."""
    return library.verify().decisions


def reasons_of(caught):
    """Give the names of the reasons in a refusal."""
    return [type(one).__name__ for one in caught.value.reasons]


def in_force(library, day=None, **how):
    """Give municipality and version of all that applies on a day."""
    return [(one.municipality, str(one.version)) for one in library.in_force(day, **how)]


class TestTakingIntoUse:
    def test_applies_from_today_in_that_municipality_alone(self, any_library_with_routine, clock):
        """
        Each municipality decides for itself; that Fauske has begun means nothing in Beiarn.
        """
        library = any_library_with_routine

        answer = library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        assert (answer.municipality, str(answer.version), answer.from_on) == ("1841", "1.0", clock.today)
        assert answer.position == "kommunalsjef helse og omsorg"
        assert answer.projected
        assert in_force(library) == [("1841", "1.0")]
        assert in_force(library, clock.today - DAY) == []
        assert library.document("handhygiene", "Fauske").header.status is DocumentStatus.IN_FORCE
        with pytest.raises(DocumentNotFound):
            library.document("handhygiene", "Beiarn")
        assert library.verify().is_clean

    @pytest.mark.parametrize("name", ["Fauske", "fauske", "1841", "Fuossko", " FAUSKE "])
    def test_a_municipality_goes_by_all_its_names(self, library_with_routine, name):
        """
        Both official names are right, and so is the number on the form.
        """
        assert library_with_routine.adopt("handhygiene", name, by="beslutter.fauske").municipality == "1841"

    def test_may_apply_from_a_day_to_come(self, library_with_routine, clock):
        """
        New routines begin at the turn of a month, when everybody has been told.
        """
        library = library_with_routine
        first = clock.today + 8 * DAY

        library.adopt("handhygiene", "Fauske", from_on=first, by="beslutter.fauske")

        assert in_force(library) == []
        assert in_force(library, first) == [("1841", "1.0")]
        assert library.verify().is_clean

    def test_an_older_version_may_be_chosen(self, any_library_with_routine):
        """
        A municipality that is not ready for the new one stays with what it knows, by decision.
        """
        library = any_library_with_routine
        change_with_everyone(library, a_routine(extra="Nytt."))

        library.adopt("handhygiene", "Fauske", version="1.0", by="beslutter.fauske")

        assert in_force(library) == [("1841", "1.0")]
        assert library.matrix().cells["handhygiene", "1841"].behind
        hits = library.search("håndhygiene", municipality="Fauske").result.hits
        assert {str(one.version) for one in hits} == {"1.0"}
        assert library.verify().is_clean

    def test_a_newer_version_takes_over_the_day_it_is_decided_and_the_past_stays(self, any_library_with_routine, clock):
        """
        At supervision the question is what applied that day, not what applies now.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        clock.forward(days=10)
        change_with_everyone(library, a_routine(extra="Nytt."))
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        assert in_force(library) == [("1841", "1.1")]
        assert in_force(library, clock.today - DAY) == [("1841", "1.0")]
        (before,) = library.in_force(clock.today - DAY)
        assert before.until_on == clock.today

    def test_what_was_known_then_can_be_asked_for_too(self, any_library_with_routine, clock):
        """
        Two questions: what applied that day, and what did we believe on another day would apply.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        then = clock.now
        clock.forward(days=3)
        library.end_use(
            "handhygiene", "Fauske", reason="Slått sammen.", last_day=clock.today + DAY, by="beslutter.fauske"
        )
        later = clock.today + 10 * DAY

        assert in_force(library, later) == []
        assert in_force(library, later, known_at=then) == [("1841", "1.0")]
        assert in_force(library, later, known_at=then - DAY) == []
        assert in_force(library, clock.today, known_at=clock.now) == [("1841", "1.0")]

    def test_closes_what_waited_and_counts_the_answer_once(self, any_library_with_routine):
        """
        The inbox empties, and the totals are kept in the same transaction.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        change_with_everyone(library, a_routine(extra="Nytt."))
        last = library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        with library._parts.database.reading() as session:
            rows = session.exec(select(WaitingRow).where(WaitingRow.body == "municipality:1841")).all()
        assert all(row.closed_number is not None for row in rows)
        assert max(row.closed_number for row in rows) == last.number
        assert library.verify().is_clean

    def test_the_same_id_again_is_the_same_decision(self, any_library_with_routine, clock):
        """
        Also the next day, and also when it has been decided otherwise since.
        """
        library = any_library_with_routine
        first = library.adopt("handhygiene", "Fauske", by="beslutter.fauske", decision_id="d-1")
        clock.forward(days=1)
        library.end_use("handhygiene", "Fauske", reason="Feil.", by="beslutter.fauske")
        before = decided(library)

        again = library.adopt("handhygiene", "Fauske", by="beslutter.fauske", decision_id="d-1")

        assert again == first
        assert decided(library) == before
        with pytest.raises(DecisionIdReused):
            library.adopt("handhygiene", "Beiarn", by="beslutter.beiarn", decision_id="d-1")

    @pytest.mark.parametrize(
        ("who", "where", "reason"),
        [
            ("beslutter.beiarn", "Fauske", "LacksRole"),
            ("ansvarlig.fauske", "Fauske", "LacksRole"),
            ("ansatt.fauske", "Fauske", "LacksRole"),
            ("leder", "Fauske", "LacksRole"),
            ("redaktor", "Fauske", "LacksRole"),
        ],
    )
    def test_only_the_municipalitys_own_decider_decides(self, library_with_routine, who, where, reason):
        """
        The law puts the responsibility in the municipality; nobody takes it over.
        """
        with pytest.raises(NotAllowed) as caught:
            library_with_routine.adopt("handhygiene", where, by=who)

        assert reasons_of(caught) == [reason]

    def test_a_routine_for_the_council_names_its_case_and_needs_the_delegation(self, library):
        """
        The council decides; the product records where.
        """
        approve_with_everyone(library, a_routine("plan", title="Plan", level="political"))

        with pytest.raises(NotAllowed) as level:
            library.adopt("plan", "Fauske", by="beslutter.fauske", case="26/00117")
        with pytest.raises(Refused) as case:
            library.adopt("plan", "Fauske", by="radmann.fauske")
        answer = library.adopt("plan", "Fauske", by="radmann.fauske", case="26/00117")

        assert (reasons_of(level), reasons_of(case)) == (["LacksDelegation"], ["CaseMissing"])
        assert answer.position == "kommunedirektør"
        assert library.history("plan")[-1].facts["case"] == "26/00117"

    def test_refuses_a_day_before_the_approval_and_what_changes_nothing(self, library_with_routine, clock):
        """
        Nobody can have followed a text that its network had not agreed to.
        """
        library = library_with_routine
        with pytest.raises(Refused) as early:
            library.adopt("handhygiene", "Fauske", from_on=date(2026, 1, 1), by="beslutter.fauske")
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        with pytest.raises(Refused) as twice:
            library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        assert (reasons_of(early), reasons_of(twice)) == (["BeforeApproval"], ["AlreadyInForce"])

    def test_what_does_not_exist_is_said_by_name(self, library_with_routine):
        """
        A typing error must not look like a refusal.
        """
        library = library_with_routine
        with pytest.raises(ProcedureNotFound):
            library.adopt("finnes-ikke", "Fauske", by="beslutter.fauske")
        with pytest.raises(VersionNotFound):
            library.adopt("handhygiene", "Fauske", version="7.0", by="beslutter.fauske")
        with pytest.raises(MunicipalityNotFound):
            library.adopt("handhygiene", "Prøvevik", by="beslutter.fauske")
        library.propose(a_routine("utkast"), by="skribent")
        with pytest.raises(ProcedureNotFound):
            library.adopt("utkast", "Fauske", by="beslutter.fauske")

    def test_all_nine_may_decide_on_their_own_day(self, library_with_routine, clock):
        """
        Who uses what is nine answers, not one.
        """
        library = library_with_routine
        for number, where in enumerate(library.municipalities()):
            library.adopt("handhygiene", where.number, from_on=clock.today + number * DAY, by=f"beslutter.{where.slug}")

        counts = [len(library.in_force(clock.today + number * DAY)) for number in range(10)]

        assert counts == [1, 2, 3, 4, 5, 6, 7, 8, 9, 9]


class TestOtherAnswers:
    answers = pytest.mark.parametrize(
        ("verb", "how", "state"),
        [
            ("decline", {"reason": "Vi har ikke slik tjeneste."}, AdoptionState.DECLINED),
            ("mark_not_relevant", {"reason": "Vi har ikke sykehjem."}, AdoptionState.NOT_RELEVANT),
            ("use_own_routine", {"link": SOMEWHERE}, AdoptionState.OWN_ROUTINE),
        ],
    )

    @answers
    def test_is_as_good_as_yes_and_ends_what_applied(self, any_library_with_routine, clock, verb, how, state):
        """
        A municipality that has answered has answered; none of these is red.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        clock.forward(days=5)

        answer = getattr(library, verb)("handhygiene", "Fauske", by="beslutter.fauske", **how)

        cell = library.matrix().cells["handhygiene", "1841"]
        assert (answer.state, cell.state, cell.version, cell.behind) == (state, state, None, False)
        assert in_force(library) == []
        assert in_force(library, clock.today - DAY) == [("1841", "1.0")]
        assert library.verify().is_clean

    @answers
    def test_may_be_given_without_anything_in_use(self, library_with_routine, verb, how, state):
        """
        Most answers come before anything was taken into use.
        """
        answer = getattr(library_with_routine, verb)("handhygiene", "Fauske", by="beslutter.fauske", **how)

        assert answer.state is state
        assert library_with_routine.verify().is_clean

    @answers
    def test_the_same_id_again_is_the_same_answer(self, library_with_routine, verb, how, state):
        """
        A click made twice is one answer.
        """
        act = getattr(library_with_routine, verb)
        first = act("handhygiene", "Fauske", by="beslutter.fauske", decision_id="d-1", **how)

        assert act("handhygiene", "Fauske", by="beslutter.fauske", decision_id="d-1", **how) == first

    @answers
    def test_is_decided_by_the_same_persons_as_a_yes(self, library_with_routine, verb, how, state):
        """
        To say no is a decision of the same weight.
        """
        with pytest.raises(NotAllowed):
            getattr(library_with_routine, verb)("handhygiene", "Fauske", by="ansvarlig.fauske", **how)

    @pytest.mark.parametrize("verb", ["decline", "mark_not_relevant", "end_use"])
    @pytest.mark.parametrize("reason", ["", "   "])
    def test_says_why(self, library_with_routine, verb, reason):
        """
        In two years somebody asks, and whoever decided has moved on.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        with pytest.raises(Refused) as caught:
            getattr(library, verb)("handhygiene", "Fauske", reason=reason, by="beslutter.fauske")

        assert reasons_of(caught) == ["ReasonMissing"]

    @pytest.mark.parametrize("link", ["", "javascript:alert(1)", "kvalitet/handvask", "https://" + "x" * 2000])
    def test_an_own_routine_can_be_followed_by_its_link(self, library_with_routine, link):
        """
        «Vi bruker egen rutine» without a place to read it is no answer.
        """
        with pytest.raises(InvalidRequest):
            library_with_routine.use_own_routine("handhygiene", "Fauske", link=link, by="beslutter.fauske")

    def test_the_reason_is_kept_beside_the_chain(self, any_library_with_routine):
        """
        A reason may be erased one day; then the chain must still hold.
        """
        library = any_library_with_routine
        answer = library.decline("handhygiene", "Fauske", reason="Vi har ikke slik tjeneste.", by="beslutter.fauske")

        event = library.history("handhygiene")[-1]

        assert event.texts == {"reason": "Vi har ikke slik tjeneste."}
        assert "tjeneste" not in str(event.facts)
        assert event.number == answer.number

    def test_a_no_may_become_a_yes_and_is_counted_once(self, library_with_routine):
        """
        People change their mind; the municipality still has one answer.
        """
        library = library_with_routine
        library.decline("handhygiene", "Fauske", reason="Ikke nå.", by="beslutter.fauske")
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        assert library.matrix().cells["handhygiene", "1841"].state is AdoptionState.IN_USE
        assert library.verify().is_clean


class TestEnding:
    def test_applies_to_the_end_of_its_last_day(self, any_library_with_routine, clock):
        """
        Whoever has the evening shift on the last day still has a routine.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        last = clock.today + 7 * DAY

        answer = library.end_use("handhygiene", "Fauske", last_day=last, reason="Slått sammen.", by="beslutter.fauske")

        assert answer.until_on == last + DAY
        assert in_force(library, last) == [("1841", "1.0")]
        assert in_force(library, last + DAY) == []
        assert library.verify().is_clean

    def test_ends_today_when_no_day_is_said(self, library_with_routine, clock):
        """
        Today is the last day, not yesterday.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        library.end_use("handhygiene", "Fauske", reason="Slått sammen.", by="beslutter.fauske")

        assert in_force(library, clock.today) == [("1841", "1.0")]
        assert in_force(library, clock.today + DAY) == []

    def test_what_is_not_in_use_cannot_be_ended(self, library_with_routine, clock):
        """
        Then somebody has mistaken the routine or the municipality.
        """
        library = library_with_routine
        with pytest.raises(Refused) as never:
            library.end_use("handhygiene", "Fauske", reason="Feil.", by="beslutter.fauske")
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        library.end_use("handhygiene", "Fauske", reason="Slått sammen.", by="beslutter.fauske")
        with pytest.raises(Refused) as twice:
            library.end_use("handhygiene", "Fauske", reason="Igjen.", by="beslutter.fauske")

        assert (reasons_of(never), reasons_of(twice)) == (["NotInUse"], ["NotInUse"])

    def test_a_use_that_has_not_begun_can_be_called_off(self, library_with_routine, clock):
        """
        The plan changed before the day came.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", from_on=clock.today + 8 * DAY, by="beslutter.fauske")

        library.end_use("handhygiene", "Fauske", reason="Utsatt.", by="beslutter.fauske")

        assert in_force(library, clock.today + 9 * DAY) == []
        assert library.verify().is_clean


class TestLocalInformation:
    @pytest.fixture
    def calling(self, any_library):
        """A routine that cannot do without the duty telephone, and can do without a second one."""
        approve_with_everyone(
            any_library, a_routine("vakt", title="Vakt", required=["vakttelefon"], optional=["ekstratelefon"])
        )
        return any_library

    def test_a_routine_is_not_taken_into_use_before_it_is_filled_in(self, calling):
        """
        «Ring vakttelefonen» without a number is worse than no routine.
        """
        with pytest.raises(Refused) as caught:
            calling.adopt("vakt", "Fauske", by="beslutter.fauske")
        first = calling.set_local_information("vakt", "Fauske", {"ekstratelefon": "75 00 00 01"}, by="ansvarlig.fauske")
        second = calling.set_local_information("vakt", "Fauske", {"vakttelefon": "75 00 00 00"}, by="ansvarlig.fauske")

        assert reasons_of(caught) == ["LocalInformationMissing"]
        assert (first.still_missing, second.still_missing) == (("vakttelefon",), ())
        assert calling.adopt("vakt", "Fauske", by="beslutter.fauske").version is not None

    def test_applies_at_once_and_keeps_its_history(self, calling, clock):
        """
        A number that changes on a Friday evening must not wait for a decision on Tuesday.
        """
        calling.set_local_information("vakt", "Fauske", {"vakttelefon": "75 00 00 00"}, by="ansvarlig.fauske")
        calling.adopt("vakt", "Fauske", by="beslutter.fauske")
        before = effective_digest(calling.document("vakt", "Fauske"))
        clock.forward(days=1)

        calling.set_local_information("vakt", "Fauske", {"vakttelefon": "75 11 11 11"}, by="ansvarlig.fauske")

        document = calling.document("vakt", "Fauske")
        assert dict(document.local_values) == {"vakttelefon": "75 11 11 11"}
        assert effective_digest(document) != before
        kept = [one.texts["vakttelefon"] for one in calling.history("vakt") if one.kind == "local_information_set"]
        assert kept == ["75 00 00 00", "75 11 11 11"]
        with calling._parts.database.reading() as session:
            rows = session.exec(select(LocalValueRow)).all()
        assert [row.superseded_number is None for row in rows] == [False, True]
        assert calling.verify().is_clean

    def test_an_empty_value_clears_it(self, calling):
        """
        A number that no longer answers must go, and then it is missing.
        """
        calling.set_local_information("vakt", "Fauske", {"vakttelefon": "75 00 00 00"}, by="ansvarlig.fauske")

        cleared = calling.set_local_information("vakt", "Fauske", {"vakttelefon": "  "}, by="ansvarlig.fauske")

        assert cleared.still_missing == ("vakttelefon",)
        assert calling.history("vakt")[-1].facts["still_missing"] == ["vakttelefon"]
        with pytest.raises(Refused):
            calling.adopt("vakt", "Fauske", by="beslutter.fauske")
        assert calling.verify().is_clean

    def test_is_each_municipalitys_own(self, calling):
        """
        Beiarn's nurses must not ring Fauske's duty.
        """
        for slug, number in (("fauske", "75 00 00 00"), ("beiarn", "75 22 22 22")):
            calling.set_local_information("vakt", slug, {"vakttelefon": number}, by=f"beslutter.{slug}")
            calling.adopt("vakt", slug, by=f"beslutter.{slug}")

        values = [dict(calling.document("vakt", slug).local_values)["vakttelefon"] for slug in ("fauske", "beiarn")]

        assert values == ["75 00 00 00", "75 22 22 22"]

    def test_does_not_stand_in_what_is_open(self, calling):
        """
        The register is for all members; a number belongs to those who are to ring it.
        """
        calling.set_local_information("vakt", "Fauske", {"vakttelefon": "75 98 76 54"}, by="ansvarlig.fauske")

        with calling._parts.database.reading() as session:
            records = str([row.record for row in session.exec(select_decisions())])

        assert "75 98 76 54" not in records
        assert "vakttelefon" in records

    def test_the_same_id_again_is_the_same_act(self, calling):
        """
        A click made twice is one change.
        """
        first = calling.set_local_information(
            "vakt", "Fauske", {"vakttelefon": "113"}, by="ansvarlig.fauske", decision_id="d"
        )
        before = decided(calling)

        again = calling.set_local_information(
            "vakt", "Fauske", {"vakttelefon": "113"}, by="ansvarlig.fauske", decision_id="d"
        )

        assert (again, decided(calling)) == (first, before)
        with pytest.raises(DecisionIdReused):
            calling.set_local_information(
                "vakt", "Fauske", {"vakttelefon": "110"}, by="ansvarlig.fauske", decision_id="d"
            )

    def test_the_same_id_again_says_what_was_missing_then(self, calling):
        """
        A repeat is the answer to the first click, whatever others have filled in between.
        """
        how = {"by": "ansvarlig.fauske", "decision_id": "d"}
        first = calling.set_local_information("vakt", "Fauske", {"ekstratelefon": "113"}, **how)
        calling.set_local_information("vakt", "Fauske", {"vakttelefon": "116 117"}, by="ansvarlig.fauske")

        again = calling.set_local_information("vakt", "Fauske", {"ekstratelefon": "113"}, **how)

        assert again == first
        assert again.still_missing == ("vakttelefon",)

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ({"finnes-ikke": "x"}, "NotDeclared"),
            ({"vakttelefon": NATIONAL_ID}, "HoldsPersonalData"),
            ({"vakttelefon": "spør på kontoret"}, "NotATelephone"),
            ({"vakttelefon": "x" * 501}, "ValueTooLong"),
        ],
    )
    def test_takes_only_what_the_routine_asks_for_and_no_persons(self, calling, values, reason):
        """
        A field for a duty telephone must not become a place for persons.
        """
        with pytest.raises(Refused) as caught:
            calling.set_local_information("vakt", "Fauske", values, by="ansvarlig.fauske")

        assert reasons_of(caught) == [reason]

    def test_refuses_those_from_elsewhere(self, calling):
        """
        What stands there is a municipality's own.
        """
        for who in ("ansatt.fauske", "beslutter.beiarn", "leder", "redaktor"):
            with pytest.raises(NotAllowed):
                calling.set_local_information("vakt", "Fauske", {"vakttelefon": "113"}, by=who)

    def test_a_version_that_asks_for_more_is_not_taken_into_use_before_it_has_it(self, calling):
        """
        The next version needs a second number; the one in use does not.
        """
        calling.set_local_information("vakt", "Fauske", {"vakttelefon": "75 00 00 00"}, by="ansvarlig.fauske")
        calling.adopt("vakt", "Fauske", by="beslutter.fauske")
        change_with_everyone(
            calling, a_routine("vakt", title="Vakt", required=["vakttelefon", "ekstratelefon"]), procedure="vakt"
        )

        with pytest.raises(Refused) as caught:
            calling.adopt("vakt", "Fauske", by="beslutter.fauske")

        assert reasons_of(caught) == ["LocalInformationMissing"]
        assert in_force(calling) == [("1841", "1.0")]


def select_decisions():
    """Ask for every decision."""
    from samrutine.storage.rows import DecisionRow

    return select(DecisionRow)


class TestWhoUsesWhat:
    def test_shows_every_municipality_as_to_consider_at_first(self, any_library_with_routine):
        """
        Nine cells from the first day: nobody is forgotten because they were silent.
        """
        matrix = any_library_with_routine.matrix()

        assert [(one, title, str(version)) for one, title, version in matrix.procedures] == [
            ("handhygiene", "Håndhygiene", "1.0")
        ]
        assert len(matrix.municipalities) == len(matrix.cells) == 9
        assert {cell.state for cell in matrix.cells.values()} == {AdoptionState.TO_CONSIDER}

    def test_behind_is_derived_from_the_newest_version(self, library_with_routine):
        """
        A version that nobody has considered yet makes those who use the old one behind, without any decision.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        library.decline("handhygiene", "Beiarn", reason="Ikke aktuelt.", by="beslutter.beiarn")
        before = library.matrix().cells["handhygiene", "1841"].behind
        change_with_everyone(library, a_routine(extra="Nytt."))

        cells = library.matrix().cells

        assert (before, cells["handhygiene", "1841"].behind, cells["handhygiene", "1839"].behind) == (
            False,
            True,
            False,
        )

    def test_in_force_can_be_asked_by_place_and_by_routine(self, library_with_routine):
        """
        A ward asks for its municipality, a network for its routine.
        """
        library = library_with_routine
        approve_with_everyone(library, a_routine("vaktskifte", title="Avløsning"))
        for where in ("fauske", "beiarn"):
            for procedure in ("handhygiene", "vaktskifte"):
                library.adopt(procedure, where, by=f"beslutter.{where}")

        assert [one.title for one in library.in_force(municipality="Fauske")] == ["Avløsning", "Håndhygiene"]
        assert [one.municipality for one in library.in_force(procedure="vaktskifte")] == ["1839", "1841"]
        with pytest.raises(MunicipalityNotFound):
            library.in_force(municipality="Prøvevik")


class TestDocuments:
    def test_an_older_version_says_in_its_header_that_it_does_not_apply(self, library_with_routine, clock):
        """
        A print-out of the old one must not pass for the new.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        clock.forward(days=2)
        change_with_everyone(library, a_routine(extra="Nytt."))
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        headers = [library.document("handhygiene", "Fauske", version=one).header for one in ("1.0", "1.1")]

        assert [one.status for one in headers] == [DocumentStatus.ENDED, DocumentStatus.IN_FORCE]
        assert headers[0].in_force_until == clock.today

    def test_the_shared_text_is_approved_and_applies_nowhere(self, library_with_routine):
        """
        Faglig godkjent is not gjeldende.
        """
        header = library_with_routine.document("handhygiene").header

        assert (header.status, header.municipality, header.in_force_from) == (DocumentStatus.APPROVED, None, None)

    def test_what_applied_on_a_day_can_be_read_again(self, library_with_routine, clock):
        """
        After an incident somebody needs the routine as it was that night.
        """
        library = library_with_routine
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        night = clock.today
        clock.forward(days=2)
        change_with_everyone(library, a_routine(extra="Nytt."))
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        then, now = library.document("handhygiene", "Fauske", day=night), library.document("handhygiene", "Fauske")

        assert (str(then.header.version), str(now.header.version)) == ("1.0", "1.1")
        assert "Nytt." not in then.text.body
