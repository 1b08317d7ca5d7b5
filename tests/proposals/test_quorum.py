"""Who must agree: each rule with few and many municipalities, vacancies, deputies, and authors inside and outside."""

import tomllib
from dataclasses import asdict, replace
from itertools import combinations, permutations
from json import dumps, loads
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.actors import ActorId, Role, Verb, municipality_body, network_body, roles_for
from samrutine.proposals.policy import Policy, PolicyRule
from samrutine.proposals.quorum import (
    MemberInPost,
    NobodyCanAgree,
    Standing,
    Writer,
    may_count,
    reasons_against_opening,
    standing,
)
from samrutine.proposals.rules import network_of, reasons_against_approving
from tests.support.builders import (
    EKSEMPELDAL,
    NETWORK,
    PROVEVIK,
    TESTNES,
    TODAY,
    a_policy,
    a_proposal,
    an_actor,
    an_approval,
)

NINE = (PROVEVIK, TESTNES, EKSEMPELDAL, "9996", "9995", "9994", "9993", "9992", "9991")
SHIPPED = [
    Policy.parse(row)
    for row in tomllib.loads((Path(__file__).parents[2] / "library/policies.toml").read_text(encoding="utf-8"))[
        "policy"
    ]
]


def in_post(name, town, role=Role.MEMBER, network=NETWORK, *, is_deputy=False):
    """Give somebody in post in a network."""
    return MemberInPost(ActorId(f"actor-{name}"), town, network, role, is_deputy)


def yes_of(*members):
    """Let these agree, each for the network in which they are in post."""
    return [
        an_approval(one.actor, one.municipality, one.role, number=n, network=one.network)
        for n, one in enumerate(members, 1)
    ]


def yes(*towns, role=Role.MEMBER):
    """Give one yes from each municipality, by different members."""
    return [an_approval(f"actor-{n}", town, role) for n, town in enumerate(towns)]


def wrote(name, town=None):
    """Give somebody whose words are in the text."""
    return Writer(ActorId(f"actor-{name}"), town)


def a_network(size, *, leads=True):
    """Give a network with a member from each of `size` municipalities, the leader from the first."""
    return [
        in_post(f"m{n}", town, Role.LEADER if leads and n == 0 else Role.MEMBER) for n, town in enumerate(NINE[:size])
    ]


def those_who_may(policy, members, writers=()):
    """Give those whose yes would count."""
    return [
        one
        for one in members
        if may_count(
            policy, writers, one.actor, one.municipality, leads=one.role is Role.LEADER and one.network == NETWORK
        )
    ]


LEADER = an_approval("actor-leder", PROVEVIK, Role.LEADER)
FULL = [
    in_post("leder", PROVEVIK, Role.LEADER),
    *(in_post(f"{town}-{n}", town) for town in NINE for n in range(2)),
]  # fmt: skip
"""Every municipality has two members in post, and the leader comes from the first."""

FOUR = [in_post(f"fire-{n}", town) for n, town in enumerate(NINE[:4])]


class TestCountingPersons:
    policy = a_policy(rule=PolicyRule.N_PERSONS, approvals=2, municipalities=1)

    @pytest.mark.parametrize(
        ("given", "enough"),
        [([], False), ([LEADER], False), ([*yes(TESTNES)], False), ([*yes(TESTNES, TESTNES)], False), ([LEADER, *yes(TESTNES)], True)],
        ids=["none", "leader alone", "member alone", "two members, no leader", "leader and one other"],
    )  # fmt: skip
    def test_the_leader_and_one_from_elsewhere_are_just_enough(self, given, enough):
        """
        A small correction needs two persons, one of them the leader, one of them from outside.
        """
        assert standing(self.policy, given, FULL).is_enough is enough

    def test_a_colleague_of_the_leader_leaves_a_municipality_missing(self):
        """
        Two persons from one place are two persons, but one municipality.
        """
        assert standing(self.policy, [LEADER, *yes(PROVEVIK)], FULL) == Standing(2, 2, 1, leader_missing=False)


class TestCountingMunicipalities:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ([], Standing(0, 4, 3, leader_missing=True)),
            ([LEADER], Standing(1, 4, 3, leader_missing=False)),
            ([LEADER, *yes(TESTNES, EKSEMPELDAL)], Standing(3, 4, 1, leader_missing=False)),
            ([LEADER, *yes(TESTNES, TESTNES, EKSEMPELDAL)], Standing(4, 4, 1, leader_missing=False)),
            ([*yes(TESTNES, EKSEMPELDAL, "9996", "9995")], Standing(4, 4, 0, leader_missing=True)),
            ([LEADER, *yes(TESTNES, EKSEMPELDAL, "9996")], Standing(4, 4, 0, leader_missing=False)),
            ([LEADER, *yes(TESTNES, EKSEMPELDAL, PROVEVIK)], Standing(4, 4, 1, leader_missing=False)),
        ],
        ids=["none yet", "leader", "one short", "two from one place", "no leader", "just enough", "leader's colleague"],
    )
    def test_counts_persons_and_other_municipalities_and_the_leader(self, given, expected):
        """
        The officer sees numbers, so that they know whether to wait or to call someone, and whom.
        """
        stands = standing(a_policy(), given, FULL)

        assert stands == expected
        assert stands.is_enough is (expected == Standing(4, 4, 0, leader_missing=False))

    def test_somebody_without_a_municipality_is_a_person_only(self):
        """
        A member who works for none of the nine speaks for none of them.
        """
        assert standing(a_policy(), [LEADER, an_approval("actor-x", None)], FULL).municipalities_missing == 3

    def test_a_colleague_of_the_leader_is_told_before_the_leader_has_answered(self):
        """
        The number must not go up when the leader agrees, or someone has been called for nothing.
        """
        assert standing(a_policy(), yes(PROVEVIK), FULL).municipalities_missing == 3


class TestCountingAgainstThoseInPost:
    @pytest.mark.parametrize(
        ("rule", "towns", "needed", "enough"),
        [
            (PolicyRule.MAJORITY, NINE[:2], 3, False),
            (PolicyRule.MAJORITY, NINE[:3], 3, True),
            (PolicyRule.ALL, NINE[:3], 4, False),
            (PolicyRule.ALL, NINE[:4], 4, True),
        ],
        ids=["half is no majority", "more than half", "all but one", "all"],
    )
    def test_a_majority_is_more_than_half_and_all_is_all(self, rule, towns, needed, enough):
        """
        Four municipalities have somebody in post; the other five cannot be waited for.
        """
        policy = a_policy(rule=rule, approvals=0, municipalities=0, leader_must_agree=False)

        stands = standing(policy, yes(*towns), FOUR)

        assert (stands.needed, stands.is_enough) == (needed, enough)

    def test_a_municipality_with_nobody_in_post_any_more_is_not_counted(self):
        """
        The denominator and the numerator are of the same municipalities.
        """
        policy = a_policy(rule=PolicyRule.MAJORITY, approvals=0, municipalities=0, leader_must_agree=False)

        assert standing(policy, yes(PROVEVIK, TESTNES, "9990"), FOUR).given == 2

    def test_the_leader_must_be_there_where_the_policy_says_so(self):
        """
        A majority without the leader is a discussion, not an approval.
        """
        policy = a_policy(rule=PolicyRule.MAJORITY, approvals=0, municipalities=0, leader_must_agree=True)
        members = [in_post("leder", PROVEVIK, Role.LEADER), *FOUR]

        assert not standing(policy, yes(PROVEVIK, TESTNES, EKSEMPELDAL), members).is_enough
        assert standing(policy, [LEADER, *yes(TESTNES, EKSEMPELDAL)], members).is_enough

    def test_members_who_work_for_none_of_the_municipalities_have_one_seat_together(self):
        """
        A network of specialists from the hospital alone would otherwise wait for municipalities it does not have.
        """
        policy = a_policy(rule=PolicyRule.ALL, approvals=0, municipalities=0, leader_must_agree=False)
        members = [in_post("lege", None), in_post("pleier", None)]

        assert standing(policy, yes_of(members[0]), members) == Standing(1, 1, 0, leader_missing=False)


@pytest.mark.parametrize("size", [1, 2, 3, 9])
class TestEveryRuleInNetworksOfManySizes:
    @pytest.mark.parametrize(
        ("policy", "expected"),
        [
            (a_policy(), {1: 1, 2: 2, 3: 3, 9: 4}),
            (a_policy(rule=PolicyRule.N_PERSONS, approvals=2, municipalities=1), {1: 1, 2: 2, 3: 2, 9: 2}),
            (a_policy(rule=PolicyRule.MAJORITY, approvals=0, municipalities=0), {1: 1, 2: 2, 3: 2, 9: 5}),
            (a_policy(rule=PolicyRule.ALL, approvals=0, municipalities=0), {1: 1, 2: 2, 3: 3, 9: 9}),
        ],
        ids=["leader and three others", "two persons", "majority", "all"],
    )
    def test_asks_as_many_as_the_policy_says_or_as_there_are(self, size, policy, expected):
        """
        A network that begins with two municipalities must be able to approve, and nine must not get off with two.
        """
        members = a_network(size)

        before = standing(policy, [], members)
        at_the_end = standing(policy, yes_of(*members[: expected[size]]), members)
        one_short = standing(policy, yes_of(*members[: expected[size] - 1]), members)

        assert before.needed == expected[size]
        assert (one_short.is_enough, at_the_end.is_enough) == (False, True)

    @pytest.mark.parametrize("policy", SHIPPED, ids=lambda policy: policy.id)
    def test_without_a_leader_the_others_decide(self, size, policy):
        """
        A leader who has left must not take the network's right to decide along.
        """
        members = a_network(size, leads=False)

        stands = standing(policy, yes_of(*members), members)

        assert stands.is_enough
        assert stands.leader_vacant is policy.leader_must_agree

    @pytest.mark.parametrize("policy", SHIPPED, ids=lambda policy: policy.id)
    def test_a_leader_who_wrote_the_text_is_not_waited_for(self, size, policy):
        """
        The leader writes most of the texts in a small network; the others must be able to approve them.
        """
        members = [*a_network(size), in_post("ekstra", NINE[(size + 1) % 9])]
        writers = [wrote("m0", PROVEVIK)]

        stands = standing(policy, yes_of(*those_who_may(policy, members, writers)), members, writers)

        assert stands.is_enough
        assert stands.leader_vacant is policy.leader_must_agree

    @pytest.mark.parametrize("policy", SHIPPED, ids=lambda policy: policy.id)
    def test_the_leaders_deputy_is_the_leader(self, size, policy):
        """
        Somebody was appointed for the months the leader is away, so that things go on.
        """
        members = [
            in_post("vikar", PROVEVIK, Role.LEADER, is_deputy=True),
            *(in_post(f"m{n}", town) for n, town in enumerate(NINE[:size])),
        ]

        without = standing(policy, yes_of(*members[1:]), members)
        stands = standing(policy, yes_of(*members), members)

        assert without.leader_missing is policy.leader_must_agree
        assert (stands.is_enough, stands.leader_vacant) == (True, False)

    @pytest.mark.parametrize("policy", SHIPPED, ids=lambda policy: policy.id)
    def test_with_all_but_one_post_vacant_the_one_is_enough(self, size, policy):
        """
        It is thin, and the page says so; but an old text that nobody may mend is worse.
        """
        for one in a_network(size):
            assert standing(policy, yes_of(one), [one]).is_enough

    @pytest.mark.parametrize("counts", [True, False], ids=["counts", "does not count"])
    def test_an_author_inside_takes_their_municipality_out_only_where_the_policy_says_so(self, size, counts):
        """
        Colleagues down the corridor are the ones most likely to see what they expect to see.
        """
        policy = a_policy(
            rule=PolicyRule.ALL,
            approvals=0,
            municipalities=0,
            leader_must_agree=False,
            author_municipality_counts=counts,
        )
        members = [in_post(f"m{n}", town) for n, town in enumerate(NINE[:size])]
        inside, outside = [wrote("kari", PROVEVIK)], [wrote("kari", "9990")]

        assert standing(policy, [], members, outside).needed == size
        assert standing(policy, [], members, inside).needed == (size if counts else max(1, size - 1))


class TestVacancies:
    def test_what_nobody_can_give_is_not_asked_for(self):
        """
        «3 av 4» with nobody left to ask would stand there for ever.
        """
        members = [in_post("leder", PROVEVIK, Role.LEADER), in_post("a", TESTNES), in_post("b", TESTNES)]

        assert standing(a_policy(), [], members) == Standing(0, 3, 1, leader_missing=True)

    def test_a_yes_given_before_the_member_left_still_counts(self):
        """
        They read it and agreed while it was theirs to do.
        """
        left = in_post("sluttet", EKSEMPELDAL)
        members = [in_post("leder", PROVEVIK, Role.LEADER), in_post("a", TESTNES), in_post("b", "9996")]

        assert standing(a_policy(), yes_of(left, *members), members) == Standing(4, 4, 0, leader_missing=False)
        assert not standing(a_policy(), yes_of(left, *members[:2]), members).is_enough

    def test_a_leader_who_agreed_and_left_is_not_asked_for_again(self):
        """
        The new leader takes over where the old one left off.
        """
        old, new = in_post("gammel", PROVEVIK, Role.LEADER), in_post("ny", TESTNES, Role.LEADER)

        stands = standing(a_policy(), yes_of(old), [new])

        assert (stands.leader_missing, stands.leader_vacant) == (False, False)

    def test_a_leader_from_the_authors_municipality_still_is_the_leader(self):
        """
        The policy leaves out the author's colleagues, not the one who answers for the network.
        """
        members = a_network(5)
        writers = [wrote("kari", PROVEVIK)]

        assert standing(a_policy(), yes_of(*members[:4]), members, writers) == Standing(4, 4, 0, leader_missing=False)

    def test_a_yes_by_somebody_who_then_rewrote_the_text_counts_no_more(self):
        """
        Nobody approves words of their own, in whichever order it happened.
        """
        members = a_network(4)

        assert standing(a_policy(), yes_of(*members), members, [wrote("m1", TESTNES)]).given == 3

    def test_nobody_at_all_is_never_enough(self):
        """
        All of none is not everybody.
        """
        for policy in SHIPPED:
            assert not standing(policy, [], []).is_enough


class TestOpeningARound:
    def test_may_when_one_who_did_not_write_it_is_in_post(self):
        """
        One reader is what four eyes ask for.
        """
        assert reasons_against_opening(a_policy(), a_network(2), NETWORK, [wrote("m0", PROVEVIK)]) == []

    @pytest.mark.parametrize(
        ("members", "writers"),
        [
            ([], []),
            (a_network(1), [wrote("m0", PROVEVIK)]),
            ([in_post("a", TESTNES)], [wrote("kari", TESTNES)]),
            ([in_post("a", TESTNES, network="omsorg")], []),
        ],
        ids=["nobody in post", "only the author", "only the author's colleague", "only in another network"],
    )
    def test_may_not_when_nobody_could_agree(self, members, writers):
        """
        A round that cannot end should not begin; whoever sends it is told to appoint somebody.
        """
        reasons = reasons_against_opening(a_policy(), members, NETWORK, writers)

        assert reasons == [NobodyCanAgree(NETWORK)]
        assert reasons[0].places_in("nb") == {"network": "fagnettverket smittevern"}


class TestCoNetworks:
    members = (
        *a_network(5),
        in_post("omsorg-1", TESTNES, network="omsorg"),
        in_post("omsorg-2", "9991", network="omsorg"),
    )

    def test_each_must_have_agreed_by_one_at_least(self):
        """
        A routine on medication in child care is for both who know medicine and who know children.
        """
        without = standing(a_policy(), yes_of(*self.members[:4]), self.members, co_networks=["omsorg"])
        with_one = standing(
            a_policy(), yes_of(*self.members[:4], self.members[5]), self.members, co_networks=["omsorg"]
        )

        assert (without.networks_missing, without.is_enough) == (("omsorg",), False)
        assert (with_one.networks_missing, with_one.is_enough) == ((), True)

    def test_their_yes_is_no_yes_of_the_owners(self):
        """
        The network that owns the text judges it by its own number.
        """
        stands = standing(
            a_policy(), yes_of(*self.members[:3], *self.members[5:]), self.members, co_networks=["omsorg"]
        )

        assert (stands.given, stands.is_enough) == (3, False)

    def test_their_leader_is_not_the_owners_leader(self):
        """
        The leader who must agree is the one who answers for the text.
        """
        members = [*a_network(4), in_post("sjef", TESTNES, Role.LEADER, "omsorg")]

        stands = standing(a_policy(), yes_of(*members[1:]), members, co_networks=["omsorg"])

        assert stands.leader_missing

    def test_one_that_has_only_the_authors_colleagues_is_not_waited_for(self):
        """
        Its leader comes from the author's municipality, may not agree, and must not be waited for.
        """
        members = [*a_network(5), in_post("sjef", "9990", Role.LEADER, "omsorg")]
        writers = [wrote("kari", "9990")]

        assert standing(a_policy(), yes_of(*members[:4]), members, writers, ["omsorg"]).is_enough

    def test_one_without_anybody_who_may_is_not_waited_for(self):
        """
        A network that stands empty cannot answer for itself, and must not stop the others.
        """
        stands = standing(a_policy(), yes_of(*self.members[:4]), self.members[:5], co_networks=["omsorg"])

        assert stands.is_enough

    def test_one_person_in_both_answers_for_both(self):
        """
        In a small municipality the same nurse sits in two networks, and agrees once.
        """
        members = [*a_network(4), in_post("m1", TESTNES, network="omsorg")]

        assert standing(a_policy(), yes_of(*members[:4]), members, co_networks=["omsorg"]).is_enough


class TestReadingAnOldStanding:
    def test_one_kept_with_a_decision_of_the_first_release_is_read(self):
        """
        A second call with an old decision id gives the answer of the first.
        """
        old = {"given": 2, "needed": 4, "municipalities_missing": 1, "leader_missing": False}

        assert Standing(**old) == Standing(2, 4, 1, leader_missing=False)

    def test_one_that_went_through_json_is_the_same(self):
        """
        What the chain keeps and what the first call answered are one.
        """
        stands = Standing(2, 4, 1, leader_missing=False, networks_missing=("omsorg",))

        assert Standing(**loads(dumps(asdict(stands)))) == stands


towns = st.sampled_from([*NINE[:5], None])
names = st.integers(0, 7)
networks = st.sampled_from([NETWORK, NETWORK, "omsorg"])
roles = st.sampled_from([Role.MEMBER, Role.MEMBER, Role.LEADER])
policies = st.builds(
    a_policy, rule=st.sampled_from(PolicyRule), approvals=st.integers(1, 5), municipalities=st.integers(0, 4),
    leader_must_agree=st.booleans(), author_municipality_counts=st.booleans(),
)  # fmt: skip


@st.composite
def staffings(draw):
    """Draw a network's posts: who works where is one thing for one person, who sits in what is many."""
    where = draw(st.lists(towns, min_size=8, max_size=8))
    held = draw(st.lists(st.tuples(names, roles, networks, st.booleans()), min_size=1, max_size=12, unique=True))
    return [in_post(name, where[name], role, network, is_deputy=deputy) for name, role, network, deputy in held]


@st.composite
def rounds(draw):
    """Draw posts, writers of whom some may be among them, and an order to be asked in."""
    members = draw(staffings())
    among = draw(st.lists(st.sampled_from(members), max_size=2))
    writers = [Writer(one.actor, one.municipality) for one in among] + draw(
        st.lists(st.builds(Writer, st.just(ActorId("actor-utenfra")), towns), max_size=1)
    )
    return draw(st.permutations(members)), writers


def people_of(members):
    """Give those in post as actors, each once with all they hold."""
    held = {}
    for one in members:
        roles = held.setdefault(one.actor, [])
        if one.municipality and not roles:
            roles.append((Role.EMPLOYEE, municipality_body(one.municipality)))
        roles.append((one.role, network_body(one.network)))
    return [an_actor(actor, *roles) for actor, roles in held.items()]


class TestNoShippedPolicyCanDeadlock:
    @given(policy=st.sampled_from(SHIPPED), the_round=rounds())
    def test_when_all_who_may_have_agreed_one_by_one_it_is_enough(self, policy, the_round):
        """
        Whoever is in post and however the posts are filled: a text is never stuck for want of people who do not exist.
        """
        members, writers = the_round
        if reasons_against_opening(policy, members, NETWORK, writers):
            return  # refused when it is sent, with what to do about it

        asked = those_who_may(policy, members, writers)
        once_each = {
            one.actor: one for one in sorted(asked, key=lambda one: (one.network == NETWORK, one.role is Role.LEADER))
        }
        stands = standing(policy, yes_of(*once_each.values()), members, writers, co_networks=["omsorg"])

        assert stands.is_enough

    @given(policy=policies, the_round=rounds())
    def test_nor_can_any_other_that_may_be_written(self, policy, the_round):
        """
        A network settles its own policy, and nobody checks it against who happens to be in post.
        """
        members, writers = the_round
        if reasons_against_opening(policy, members, NETWORK, writers):
            return

        asked = those_who_may(policy, members, writers)
        once_each = {
            one.actor: one for one in sorted(asked, key=lambda one: (one.network == NETWORK, one.role is Role.LEADER))
        }

        assert standing(policy, yes_of(*once_each.values()), members, writers, co_networks=["omsorg"]).is_enough

    @pytest.mark.parametrize("policy", SHIPPED, ids=lambda policy: policy.id)
    def test_small_networks_one_by_one_with_every_writer(self, policy):
        """
        All networks of up to four posts over three municipalities, each person as the writer in turn, in every order.
        """
        posts = [
            in_post(f"{town}-{role}", town, role)
            for town in (PROVEVIK, TESTNES, None)
            for role in (Role.MEMBER, Role.LEADER)
        ]
        for size in range(1, 5):
            for members in combinations(posts, size):
                for writer in (None, *members):
                    writers = [Writer(writer.actor, writer.municipality)] if writer else []
                    if reasons_against_opening(policy, members, NETWORK, writers):
                        continue
                    for order in permutations(those_who_may(policy, members, writers)):
                        assert standing(policy, yes_of(*order), members, writers).is_enough


class TestTheRoundAsItIsRun:
    """The rule that lets somebody agree and the rule that counts them are two; together they must not stand still."""

    @given(policy=st.sampled_from(SHIPPED), the_round=rounds())
    def test_when_all_whom_the_verb_lets_agree_have_agreed_it_is_enough(self, policy, the_round):
        """
        A network that waits for somebody whom the button refuses waits for ever.
        """
        members, writers = the_round
        author, *revisers = writers or [wrote("utenfra", None)]
        proposal = a_proposal(
            by=author.actor, author_municipality=author.municipality, revisers=tuple(revisers), co_networks=("omsorg",),
            policy=policy,
        )  # fmt: skip
        if reasons_against_opening(policy, members, NETWORK, proposal.writers):
            return

        for actor in people_of(members):
            if reasons_against_approving(proposal, actor, policy, TODAY):
                continue
            network = network_of(proposal, actor, TODAY)
            role = roles_for(actor, Verb.APPROVE, network_body(network), TODAY)[0]
            given_ = an_approval(
                actor.id, actor.municipality_on(TODAY), role, digest=proposal.digest, network=network
            )  # fmt: skip
            proposal = replace(proposal, approvals=(*proposal.approvals, given_))

        stands = standing(policy, proposal.valid_approvals, members, proposal.writers, proposal.co_networks)
        assert stands.is_enough, stands


class TestStanding:
    @given(policy=policies, the_round=rounds(), data=st.data())
    def test_one_more_yes_never_takes_back_that_it_is_enough(self, policy, the_round, data):
        """
        Nobody may be afraid to agree.
        """
        members, writers = the_round
        asked = those_who_may(policy, members, writers)
        some = data.draw(st.lists(st.sampled_from(asked), unique_by=lambda one: one.actor)) if asked else []
        rest = [one for one in asked if one.actor not in {two.actor for two in some}]

        before = standing(policy, yes_of(*some), members, writers)
        after = standing(policy, yes_of(*some, *rest[:1]), members, writers)

        assert after.given >= before.given
        assert after.is_enough or not before.is_enough

    @given(policy=policies, the_round=rounds())
    def test_the_order_in_which_they_agree_does_not_matter(self, policy, the_round):
        """
        The fastest reader has no more say than the slowest.
        """
        members, writers = the_round
        given_ = yes_of(*members)

        assert standing(policy, given_, members, writers) == standing(policy, list(reversed(given_)), members, writers)

    @given(policy=policies, the_round=rounds())
    def test_never_asks_for_less_because_one_more_is_in_post(self, policy, the_round):
        """
        A network that grows must not become easier to pass.
        """
        members, writers = the_round

        fewer = standing(policy, [], members[1:], writers).needed
        assert standing(policy, [], members, writers).needed >= fewer

    def test_a_yes_of_a_network_nobody_asked_is_as_any_other(self):
        """
        Approvals of the first release name no network.
        """
        members = a_network(5)
        old = [replace(one, network=None) for one in yes_of(*members[:4])]

        assert standing(a_policy(), old, members).is_enough
