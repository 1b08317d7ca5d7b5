"""The rules of a municipality's own decision."""

from datetime import timedelta

import pytest

from samrutine.actors import LacksRole, Role, municipality_body
from samrutine.adoptions.model import (
    LEVELS,
    AlreadyInForce,
    BeforeApproval,
    CaseMissing,
    LacksDelegation,
    LocalInformationMissing,
    delegation_for,
    reasons_against_adopting,
    reasons_against_deciding,
)
from samrutine.procedures.model import DecisionLevel, LocalInformation, LocalInformationType, ProcedureId, VersionNumber
from tests.support.builders import PROVEVIK, TESTNES, TODAY, a_decider, an_actor, an_editor, an_interval

DAY = timedelta(days=1)
PHONE = LocalInformation("vakttelefon", "Vakttelefon", LocalInformationType.SERVICE_PHONE, required=True)


class TestWhoDecides:
    @pytest.mark.parametrize("level", LEVELS)
    @pytest.mark.parametrize("held", LEVELS)
    def test_a_delegation_covers_its_level_and_those_below(self, held, level):
        """
        Whoever may decide a plan for the whole municipality may decide how a ward washes its hands.
        """
        decider = a_decider(levels=[held.value])

        reasons = reasons_against_deciding(decider, PROVEVIK, level, TODAY)

        enough = LEVELS.index(held) >= LEVELS.index(level)
        assert reasons == ([] if enough else [LacksDelegation(PROVEVIK, level.value)])

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
        reasons = reasons_against_deciding(decider, PROVEVIK, DecisionLevel.HEAD_OF_SERVICE, TODAY)

        assert reasons == [LacksDelegation(PROVEVIK, "head-of-service")]

    @pytest.mark.parametrize(
        "somebody",
        [a_decider(municipality=TESTNES), an_editor(), an_actor("a", (Role.RESPONSIBLE, municipality_body(PROVEVIK)))],
        ids=["a neighbour's decider", "the editor", "the one who prepares"],
    )
    def test_nobody_decides_for_a_municipality_without_being_its_decider(self, somebody):
        """
        The law puts the responsibility in the municipality; nobody takes it over from outside.
        """
        reasons = reasons_against_deciding(somebody, PROVEVIK, DecisionLevel.UNIT_LEADER, TODAY)

        assert [type(one) for one in reasons] == [LacksRole]


class TestTakingIntoUse:
    def check(self, **how):
        """Ask about version 1.0, approved today, from today, with nothing wrong but what the case says."""
        given = {
            "municipality": PROVEVIK, "from_day": TODAY, "level": DecisionLevel.HEAD_OF_SERVICE, "case": None, "known": (),
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
