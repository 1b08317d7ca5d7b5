"""The rules of a municipality's own decision."""

from datetime import date, timedelta

import pytest

from samrutine.actors import LacksRole, Role, municipality_body
from samrutine.adoptions.model import (
    CASE_PATTERN,
    LEVELS,
    NOT_IN_CASE,
    AlreadyInForce,
    BeforeApproval,
    CaseMissing,
    LacksDelegation,
    LocalInformationMissing,
    NeededWhileInForce,
    NotATelephone,
    NotDeclared,
    NotInForceOn,
    NotInUse,
    PrivateValue,
    TooFarAhead,
    ValueTooLong,
    WouldOnlyCancel,
    delegation_for,
    private_among,
    reasons_against_adopting,
    reasons_against_deciding,
    reasons_against_ending,
    reasons_against_filling_in,
)
from samrutine.networks.model import Municipality
from samrutine.procedures.model import DecisionLevel, LocalInformation, LocalInformationType, ProcedureId, VersionNumber
from tests.support.builders import PROVEVIK, TESTNES, TODAY, a_decider, an_actor, an_editor, an_interval
from tests.support.texts import NATIONAL_ID

DAY = timedelta(days=1)
THEM = Municipality(PROVEVIK, "Prøvevik", "provevik")
PHONE = LocalInformation("vakttelefon", "Vakttelefon", LocalInformationType.SERVICE_PHONE, required=True)


class TestWhoDecides:
    @pytest.mark.parametrize("level", LEVELS)
    @pytest.mark.parametrize("held", LEVELS)
    def test_a_delegation_covers_its_level_and_those_below(self, held, level):
        """
        Whoever may decide a plan for the whole municipality may decide how a ward washes its hands.
        """
        decider = a_decider(levels=[held.value])

        reasons = reasons_against_deciding(decider, THEM, level, TODAY)

        enough = LEVELS.index(held) >= LEVELS.index(level)
        assert reasons == ([] if enough else [LacksDelegation("Prøvevik", level.value)])

    def test_levels_are_all_there_from_low_to_high(self):
        """
        A level that is not in the order would be above nothing and below nothing.
        """
        assert set(LEVELS) == set(DecisionLevel)
        assert LEVELS[0] is DecisionLevel.UNIT_LEADER
        assert LEVELS[-1] is DecisionLevel.POLITICAL

    def test_decides_under_the_position_nearest_to_the_matter(self):
        """
        The document prints the unit leader where the unit leader decides.
        """
        decider = a_decider(levels=["political", "unit-leader", "chief-executive"], position="stilling")

        used = delegation_for(decider, PROVEVIK, DecisionLevel.HEAD_OF_SERVICE, TODAY)

        assert used is not None
        assert used.position == "stilling chief-executive"

    @pytest.mark.parametrize(
        "decider",
        [
            a_decider(delegated_until=TODAY),
            a_decider(delegated_since=TODAY + DAY),
            an_actor("actor-sjef", (Role.DECIDER, municipality_body(PROVEVIK))),
        ],
        ids=["until yesterday", "from tomorrow", "never registered"],
    )
    def test_a_role_without_a_delegation_that_holds_today_is_not_enough(self, decider):
        """
        The law asks who had the right to decide that day, not who sat in the chair.
        """
        reasons = reasons_against_deciding(decider, THEM, DecisionLevel.HEAD_OF_SERVICE, TODAY)

        assert reasons == [LacksDelegation("Prøvevik", "head-of-service")]

    @pytest.mark.parametrize(
        "somebody",
        [a_decider(municipality=TESTNES), an_editor(), an_actor("a", (Role.RESPONSIBLE, municipality_body(PROVEVIK)))],
        ids=["a neighbour's decider", "the editor", "the one who prepares"],
    )
    def test_nobody_decides_for_a_municipality_without_being_its_decider(self, somebody):
        """
        The law puts the responsibility in the municipality; nobody takes it over from outside.
        """
        reasons = reasons_against_deciding(somebody, THEM, DecisionLevel.UNIT_LEADER, TODAY)

        assert [type(one) for one in reasons] == [LacksRole]


class TestTakingIntoUse:
    def check(self, **how):
        """Ask about version 1.0, approved today, from today, with nothing wrong but what the case says."""
        given = {
            "municipality": PROVEVIK, "from_day": TODAY, "today": TODAY, "level": DecisionLevel.HEAD_OF_SERVICE, "case": None, "known": (),
            "missing": (), **how,
        }  # fmt: skip
        return reasons_against_adopting(ProcedureId("handhygiene"), VersionNumber(1, 0), TODAY, **given)

    def test_an_approved_version_may_be_taken_into_use_from_the_day_it_was_approved(self):
        """
        The first municipality need not wait for anybody.
        """
        assert self.check() == []
        assert self.check(from_day=TODAY + DAY) == []

    def test_not_from_before_it_was_approved(self):
        """
        Nobody can have followed a text that its network had not agreed to.
        """
        assert self.check(from_day=TODAY - DAY) == [BeforeApproval("handhygiene", "1.0", TODAY, TODAY - DAY)]

    def test_not_without_the_local_information_it_cannot_do_without(self):
        """
        «Ring vakttelefonen» without a number is worse than no routine.
        """
        assert self.check(missing=(PHONE,)) == [LocalInformationMissing(PROVEVIK, "Vakttelefon")]

    @pytest.mark.parametrize(("case", "refused"), [(None, True), ("", True), ("26/00117", False)])
    def test_a_political_decision_names_its_case(self, case, refused):
        """
        The council decided; the product only records it, and must say where.
        """
        reasons = self.check(level=DecisionLevel.POLITICAL, case=case)

        assert reasons == ([CaseMissing("handhygiene")] if refused else [])

    @pytest.mark.parametrize(
        ("known", "refused"),
        [
            (an_interval(TODAY - DAY), True),
            (an_interval(TODAY), True),
            (an_interval(TODAY + DAY), False),
            (an_interval(TODAY - DAY, TODAY + DAY), False),
            (an_interval(TODAY - DAY, version="1.1"), False),
        ],
        ids=[
            "since yesterday",
            "since today",
            "from tomorrow, now earlier",
            "ends tomorrow, now goes on",
            "another version",
        ],
    )
    def test_a_decision_that_would_change_nothing_is_not_made(self, known, refused):
        """
        Two decisions about the same thing make people ask which one counts.
        """
        reasons = self.check(known=[known])

        assert reasons == ([AlreadyInForce("handhygiene", "1.0", PROVEVIK)] if refused else [])

    def test_what_applies_already_is_not_decided_again_only_to_wipe_out_what_is_planned(self):
        """
        «Ta i bruk 1.0» where 1.0 applies reads as nothing at all, and would have taken away 1.1 without a word.
        """
        planned = TODAY + 30 * DAY
        known = [an_interval(TODAY, planned), an_interval(planned, version="1.1")]

        assert self.check(from_day=TODAY + 10 * DAY, known=known) == [
            WouldOnlyCancel("handhygiene", "1.0", PROVEVIK, "1.1", planned)
        ]
        assert self.check(from_day=planned, known=known) == []

    def test_a_use_that_is_to_end_may_be_taken_up_again(self):
        """
        Whoever regrets the ending says yes once more, and that is no empty decision.
        """
        assert self.check(from_day=TODAY + DAY, known=[an_interval(TODAY, TODAY + 30 * DAY)]) == []

    @pytest.mark.parametrize(
        ("first", "refused"),
        [(date(2036, 11, 23), False), (date(2036, 11, 24), True), (date.max, True)],
        ids=["ten years", "a day more", "the end of the calendar"],
    )
    def test_nobody_decides_for_more_than_ten_years_ahead(self, first, refused):
        """
        2062 for 2026 is a slip of the hand, and a routine that never comes into force by it is found by nobody.
        """
        assert date(2026, 11, 23) == TODAY

        assert self.check(from_day=first) == ([TooFarAhead(first, date(2036, 11, 23))] if refused else [])


class TestEnding:
    def check(self, last_day, *known):
        """Ask about ending on a day."""
        return reasons_against_ending(
            ProcedureId("handhygiene"), "Prøvevik", last_day=last_day, today=TODAY, known=known
        )

    @pytest.mark.parametrize("last_day", [TODAY, TODAY + DAY, TODAY - DAY], ids=["today", "tomorrow", "yesterday"])
    def test_the_last_day_is_one_on_which_it_applies(self, last_day):
        """
        Also one in the past, where the use ended and nobody wrote it down.
        """
        assert self.check(last_day, an_interval(TODAY - 5 * DAY)) == []

    @pytest.mark.parametrize(
        "last_day", [date.min, TODAY - 6 * DAY, TODAY + 6 * DAY], ids=["year one", "before it began", "after it ended"]
    )
    def test_a_day_on_which_it_does_not_apply_is_refused(self, last_day):
        """
        A slip in the year would have erased that the routine ever applied, and the auditor asks just that.
        """
        known = an_interval(TODAY - 5 * DAY, TODAY + 5 * DAY)

        assert self.check(last_day, known) == [NotInForceOn("handhygiene", "Prøvevik", last_day)]

    def test_not_more_than_ten_years_ahead(self):
        """
        The last day of the calendar has no day after it.
        """
        assert self.check(date.max, an_interval(TODAY)) == [TooFarAhead(date.max, date(2036, 11, 23))]

    def test_what_has_not_begun_is_called_off_by_naming_no_day(self):
        """
        There is no last day of what never began.
        """
        assert self.check(None, an_interval(TODAY + 5 * DAY)) == []

    def test_what_ends_that_day_anyway_is_not_ended_again(self):
        """
        A second decision that changes nothing makes the reader of the history look for what it changed.
        """
        assert self.check(None, an_interval(TODAY, TODAY + DAY)) == [NotInUse("handhygiene", "Prøvevik")]
        assert self.check(None) == [NotInUse("handhygiene", "Prøvevik")]


PHONES = {
    "vakttelefon": LocalInformation("vakttelefon", "Vakttelefon", LocalInformationType.SERVICE_PHONE, required=True),
    "reserve": LocalInformation("reserve", "Reservetelefon", LocalInformationType.SERVICE_PHONE),
    "sted": LocalInformation("sted", "Sted", LocalInformationType.TEXT),
}


class TestFillingIn:
    def check(self, values, needed=()):
        """Ask about values for a routine that asks for two telephones."""
        return reasons_against_filling_in(
            ProcedureId("vakt"), "Prøvevik", values,
            declared=PHONES, needed=needed,
        )  # fmt: skip

    def test_what_people_follow_is_not_left_with_a_gap(self):
        """
        Somebody stands with the routine in their hand and reads «Ring» without a number.
        """
        assert self.check({"vakttelefon": ""}, needed={"vakttelefon"}) == [
            NeededWhileInForce("vakt", "Prøvevik", "Vakttelefon")
        ]
        assert self.check({"vakttelefon": "75 00 00 00"}, needed={"vakttelefon"}) == []
        assert self.check({"reserve": ""}, needed={"vakttelefon"}) == []

    def test_what_is_not_asked_for_is_not_kept(self):
        """
        The field would be printed nowhere.
        """
        assert self.check({"finnes-ikke": "1"}) == [NotDeclared("vakt", "finnes-ikke", "reserve, sted, vakttelefon")]

    @pytest.mark.parametrize(
        "number",
        ["75 00 00 00", "75000000", "113", "116 117", "02800", "+47 75 00 00 00", "(+47) 75000000", "0047 75 00 00 00",
         "75 00 00 00 vakt", "legevakt: 116117", "113 (AMK)", "75 00 00 00 / 75 00 00 01", "00 00 18 41 (demo)",
         "75 00 00 00 dag, 75 00 00 01 natt", "75 00 00 00 tast 2"],
    )  # fmt: skip
    def test_a_telephone_can_be_rung(self, number):
        """
        Services write their numbers in many ways, and all of them must go in.
        """
        assert self.check({"vakttelefon": number}) == []

    @pytest.mark.parametrize(
        "words",
        ["ring vakta", "1", "75 00 00 00 00", "75 00 00 00 Kari", "Kari Nordmann 75 00 00 00", "spør på kontoret",
         "<b>75 00 00 00</b>", "75 00 00 00 eller spør en av dem som er der", "٧٥٠٠٠٠٠٠", "+ 12", "++47 75 00 00 00",
         "vakt@provevik.example", "75 00 00 00+1"],
    )  # fmt: skip
    def test_and_what_cannot_is_refused(self, words):
        """
        «Ring {{vakttelefon}}» with a sentence or a person's name in it is no use at night.
        """
        assert self.check({"vakttelefon": words}) == [NotATelephone("Vakttelefon")]
        assert self.check({"sted": words}) == []

    def test_a_line_is_no_text(self):
        """
        What needs a page is a local addition, with a reason and a place in the text.
        """
        assert self.check({"sted": "x" * 501}) == [ValueTooLong("Sted", 501, 500)]
        assert self.check({"sted": "x" * 500}) == []


class TestWhatIsKeptForEver:
    @pytest.mark.parametrize(
        "case",
        [
            "26/00117",
            "PS 12/26",
            "2026-4711",
            "20264711",
            "K.sak 7",
            "1",
            "Å 1/26",
            "1" * 60,
            "KS-sak 4/2026",
            "FSK 12/26",
            "SAK 26/00117-3",
            "ps 1/26",
            "Sak 12/26",
        ],
    )
    def test_a_case_has_a_number(self, case):
        """
        Archives number in many ways, and all of them hold digits.
        """
        assert CASE_PATTERN.fullmatch(case)
        assert private_among({"case": case}, NOT_IN_CASE) == []

    @pytest.mark.parametrize(
        "case",
        [
            "",
            " 26/117",
            "Kari Nordmann",
            "Kari Nordmann 1",
            "Ola 12/26",
            "12/26 Kari",
            "26/117 K Nordmann f. 1961",
            "KARI NORDMANN 12",
            "26/117-",
            "26/117\n",
            "26/117; Kari",
            "kari@provevik.example 1",
            "1" * 61,
            "<b>1</b>",
            "٢٦",
        ],
    )
    def test_and_is_no_place_for_a_sentence(self, case):
        """
        What stands there stands in the chain for ever, where nobody can take it out.
        """
        assert not CASE_PATTERN.fullmatch(case)

    @pytest.mark.parametrize("case", [NATIONAL_ID, f"{NATIONAL_ID[:6]} {NATIONAL_ID[6:]}", "412 34 567"])
    def test_nor_for_a_persons_number(self, case):
        """
        A national identity number is digits too.
        """
        assert private_among({"case": case}, NOT_IN_CASE) == [PrivateValue("case")]

    @pytest.mark.parametrize(
        "link", [f"https://sak.example/{NATIONAL_ID}", "https://sak.example/?til=kari.nordmann%40gmail.com"]
    )
    def test_an_address_is_read_as_a_browser_reads_it(self, link):
        """
        A person's address hides behind %40.
        """
        assert private_among({"link": link}) == [PrivateValue("link")]
