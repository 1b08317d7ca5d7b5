"""Who may do what, as a table: every verb, every role, in the role's own body and in another."""

from datetime import timedelta

import pytest

from samrutine.actors import (
    LIBRARY,
    SYSTEM,
    Actor,
    Delegation,
    LacksRole,
    Role,
    Verb,
    body_in_words,
    municipality_body,
    network_body,
    reasons_against,
    roles_for,
    strongest_delegation,
)
from samrutine.errors import NotAllowed, Refused
from samrutine.proposals.rules import AlreadyApproved
from samrutine.reasons import refuse
from tests.support.builders import EKSEMPELDAL, PROVEVIK, TESTNES, TODAY, a_member, an_actor, an_editor

OWN_BODY = {
    Role.EMPLOYEE: municipality_body(PROVEVIK),
    Role.MEMBER: network_body("smittevern"),
    Role.LEADER: network_body("smittevern"),
    Role.RESPONSIBLE: municipality_body(PROVEVIK),
    Role.DECIDER: municipality_body(PROVEVIK),
    Role.EDITOR: LIBRARY,
}
OTHER_BODIES = (municipality_body(TESTNES), network_body("omsorg"))

NO, OWN, ALL = "nowhere", "in the own body", "everywhere"
TABLE = {
    #                      employee member leader responsible decider editor
    Verb.PROPOSE:         (ALL,     ALL,   ALL,   ALL,        ALL,    ALL),
    Verb.ANSWER:          (OWN,     OWN,   OWN,   OWN,        OWN,    OWN),
    Verb.SAY:             (ALL,     ALL,   ALL,   ALL,        ALL,    ALL),
    Verb.HEAR:            (NO,      NO,    OWN,   NO,         NO,     ALL),
    Verb.MERGE:           (NO,      OWN,   OWN,   NO,         NO,     ALL),
    Verb.SETTLE:          (NO,      NO,    OWN,   NO,         NO,     ALL),
    Verb.READ_EXEMPT:     (NO,      OWN,   OWN,   OWN,        OWN,    ALL),
    Verb.TAKE_IN:         (OWN,     OWN,   OWN,   OWN,        OWN,    ALL),
    Verb.TICK_OFF:        (OWN,     NO,    NO,    OWN,        OWN,    NO),
    Verb.KEEP_ORDER:      (NO,      NO,    NO,    NO,         NO,     ALL),
    Verb.SEND:            (NO,      NO,    OWN,   NO,         NO,     ALL),
    Verb.APPROVE:         (NO,      OWN,   OWN,   NO,         NO,     NO),
    Verb.PREPARE:         (NO,      NO,    NO,    OWN,        OWN,    NO),
    Verb.DECIDE_USE:      (NO,      NO,    NO,    NO,         OWN,    NO),
    Verb.PUBLISH:         (NO,      NO,    NO,    OWN,        OWN,    NO),
    Verb.MANAGE_PEOPLE:   (NO,      NO,    NO,    OWN,        NO,     ALL),
}  # fmt: skip
ROLES = (Role.EMPLOYEE, Role.MEMBER, Role.LEADER, Role.RESPONSIBLE, Role.DECIDER, Role.EDITOR)
CASES = [
    pytest.param(verb, role, expected, id=f"{verb}-{role}")
    for verb, row in TABLE.items()
    for role, expected in zip(ROLES, row, strict=True)
]


class TestTheTable:
    def test_has_a_row_for_every_verb_and_a_column_for_every_role(self):
        """
        A verb that nobody thought through is a verb that anybody may do, or nobody.
        """
        assert set(TABLE) == set(Verb)
        assert set(ROLES) == set(Role) == set(OWN_BODY)

    @pytest.mark.parametrize(("verb", "role", "expected"), CASES)
    def test_gives_the_right_in_the_own_body(self, verb, role, expected):
        """
        The table is what the municipalities agreed on; the code follows it, row by row.
        """
        actor = an_actor("actor-kari", (role, OWN_BODY[role]))

        held = roles_for(actor, verb, OWN_BODY[role], TODAY)

        assert held == (() if expected == NO else (role,))

    @pytest.mark.parametrize("body", OTHER_BODIES)
    @pytest.mark.parametrize(("verb", "role", "expected"), CASES)
    def test_gives_no_right_in_anothers_body_unless_it_holds_everywhere(self, verb, role, expected, body):
        """
        What a municipality decides is its own: a neighbour with the same title has no say.
        """
        actor = an_actor("actor-kari", (role, OWN_BODY[role]))

        reasons = reasons_against(actor, verb, body, TODAY)

        assert (reasons == []) == (expected == ALL)

    def test_says_which_roles_would_do(self):
        """
        Whoever is refused must know whom to ask.
        """
        reasons = reasons_against(an_actor("actor-kari"), Verb.PUBLISH, municipality_body(PROVEVIK), TODAY)

        assert reasons == [LacksRole("publish", "municipality:9999", ("decider", "responsible"))]

    @pytest.mark.parametrize(
        ("verb", "body", "says"),
        [
            (Verb.TAKE_IN, network_body("omsorg"), "nettverksleder eller nettverksmedlem der, eller redaktør for biblioteket."),
            (Verb.APPROVE, network_body("omsorg"), "nettverksleder eller nettverksmedlem der."),
            (Verb.DECIDE_USE, municipality_body(PROVEVIK), "beslutter der."),
            (Verb.MANAGE_PEOPLE, network_body("omsorg"), "redaktør for biblioteket."),
            (Verb.SETTLE, LIBRARY, "redaktør der."),
            (Verb.PROPOSE, network_body("omsorg"), "registrert med en rolle i en kommune eller et fagnettverk."),
        ],
    )  # fmt: skip
    def test_names_the_roles_that_can_be_held_there_and_no_others(self, verb, body, says):
        """
        An employee of a municipality who reads «ansatt» among six roles believes to have the role already.
        """
        refusal = NotAllowed(reasons_against(an_actor("actor-kari"), verb, body, TODAY))

        assert f"i {body_in_words(body, 'nb')} må du være {says} Det er" in refusal.fact("nb")

    def test_says_who_gives_such_a_role(self):
        """
        «Be redaktøren» is a detour where somebody in the town hall can give it.
        """
        remedy = NotAllowed(reasons_against(an_actor("actor-kari"), Verb.TAKE_IN, network_body("omsorg"), TODAY)).remedy

        assert "av redaktøren, og i en kommune også av den som er ansvarlig der" in remedy("nb")


class TestRolesInTime:
    def test_a_role_holds_from_its_first_day_until_the_day_before_the_last(self):
        """
        A deputy for a week must not go on deciding the week after.
        """
        week = timedelta(days=7)
        actor = a_member(since=TODAY, until=TODAY + week)
        body = network_body("smittevern")

        held = [bool(roles_for(actor, Verb.APPROVE, body, TODAY + timedelta(days=n))) for n in (-1, 0, 6, 7)]

        assert held == [False, True, True, False]

    def test_the_system_may_do_nothing_by_itself(self):
        """
        What follows from the rules is recorded beside the act that caused it; nobody signs in as the system.
        """
        assert all(roles_for(Actor(SYSTEM), verb, LIBRARY, TODAY) == () for verb in Verb)

    def test_the_strongest_role_is_the_one_recorded(self):
        """
        A leader who is also a member agrees as leader, which is what the policy asks for.
        """
        actor = an_actor(
            "actor-kari", (Role.MEMBER, network_body("smittevern")), (Role.LEADER, network_body("smittevern"))
        )

        assert roles_for(actor, Verb.APPROVE, network_body("smittevern"), TODAY) == (Role.LEADER, Role.MEMBER)

    def test_somebody_works_for_the_first_municipality_that_still_holds(self):
        """
        Four eyes across municipalities needs one answer to where a person works.
        """
        body = municipality_body
        moved = Actor(
            an_actor().id,
            (*an_actor("a", (Role.EMPLOYEE, body(PROVEVIK)), until=TODAY).grants, *an_actor("a", (Role.EMPLOYEE, body(TESTNES))).grants),
        )  # fmt: skip

        assert moved.municipality_on(TODAY) == TESTNES
        assert moved.municipality_on(TODAY - timedelta(days=1)) == PROVEVIK
        assert an_editor().municipality_on(TODAY) is None


class TestRefusing:
    def test_no_reason_is_a_yes(self):
        """
        Empty means yes, so the same function answers for a button and guards the act.
        """
        refuse([])

    def test_a_reason_about_who_asks_is_another_error_than_a_reason_about_the_matter(self):
        """
        The screen sends the one to somebody else, and shows the other beside the field.
        """
        with pytest.raises(NotAllowed):
            refuse([LacksRole("send", "network:smittevern", ("leader",))])
        with pytest.raises(Refused) as caught:
            refuse([AlreadyApproved("f-1")])

        assert not isinstance(caught.value, NotAllowed)


class TestDelegations:
    def test_the_first_level_asked_for_that_is_held_is_the_one_used(self):
        """
        The document prints the position that lies nearest to the matter, not the highest title in the house.
        """
        high = Delegation(PROVEVIK, "chief-executive", "kommunedirektør", TODAY)
        low = Delegation(PROVEVIK, "head-of-service", "kommunalsjef", TODAY)

        assert strongest_delegation([high, low], PROVEVIK, ["head-of-service", "chief-executive"], TODAY) == low
        assert strongest_delegation([high], PROVEVIK, ["head-of-service", "chief-executive"], TODAY) == high

    def test_a_delegation_elsewhere_or_at_another_time_is_none(self):
        """
        Only what is registered there and holds today gives anybody the right to decide.
        """
        day = timedelta(days=1)
        given = [
            Delegation(TESTNES, "unit-leader", "leder", TODAY),
            Delegation(PROVEVIK, "unit-leader", "leder", TODAY + day),
            Delegation(PROVEVIK, "unit-leader", "leder", TODAY - day, TODAY),
        ]

        assert strongest_delegation(given, PROVEVIK, ["unit-leader"], TODAY) is None
        assert strongest_delegation(given, EKSEMPELDAL, ["unit-leader"], TODAY) is None
