"""Policy as data: what may be written, and that a pinned one comes back the same."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.errors import InvalidRequest
from samrutine.networks.model import PolicyId
from samrutine.proposals.policy import Policy, PolicyRule


def a_policy_row(**changed: object) -> dict[str, object]:
    """Give the row of the leader and three other municipalities, with some keys changed."""
    row: dict[str, object] = {
        "id": "felles",
        "name": "Felles rutine",
        "rule": "n-municipalities",
        "approvals": 4,
        "municipalities": 3,
        "leader_must_agree": True,
        "author_counts": False,
        "author_municipality_counts": False,
        "hearing_weeks": 3,
    }
    return row | changed


counted = st.integers(1, 99).flatmap(
    lambda approvals: st.tuples(
        st.just(approvals),
        st.integers(1, approvals),
        st.sampled_from([PolicyRule.N_PERSONS, PolicyRule.N_MUNICIPALITIES]),
    )
)


class TestReadingAPolicy:
    def test_reads_what_the_library_says(self) -> None:
        """
        The numbers are the network's own agreement, and stand in a file anybody can read.
        """
        policy = Policy.parse(a_policy_row())

        assert policy.rule is PolicyRule.N_MUNICIPALITIES
        assert (policy.id, policy.approvals, policy.municipalities, policy.hearing_weeks) == ("felles", 4, 3, 3)

    @given(counted=counted, weeks=st.integers(0, 52), counts=st.booleans())
    def test_a_pinned_policy_comes_back_the_same(
        self,
        counted: tuple[int, int, PolicyRule],
        weeks: int,
        counts: bool,
    ) -> None:
        """
        A round that has begun is judged by the rule it began with, whatever the library says later.
        """
        approvals, municipalities, rule = counted
        policy = Policy(
            id=PolicyId("p"),
            name="P",
            rule=rule,
            approvals=approvals,
            municipalities=municipalities,
            leader_must_agree=False,
            author_counts=False,
            author_municipality_counts=counts,
            hearing_weeks=weeks,
        )

        pinned = json.dumps(asdict(policy))

        assert Policy.parse(json.loads(pinned)) == policy

    @pytest.mark.parametrize(
        ("changed", "what"),
        [
            ({"author_counts": True}, "policy.author_counts"),
            ({"rule": "n-people"}, "policy.rule"),
            ({"approvals": True}, "policy.approvals"),
            ({"approvals": -1}, "policy.approvals"),
            ({"approvals": "4"}, "policy.approvals"),
            ({"approvals": 0, "municipalities": 0}, "policy.approvals"),
            ({"municipalities": 0}, "policy.municipalities"),
            ({"municipalities": 4}, "policy.municipalities"),
            ({"rule": "all"}, "policy.approvals"),
            ({"rule": "majority", "approvals": 0}, "policy.municipalities"),
            ({"hearing_weeks": 53}, "policy.hearing_weeks"),
            ({"leader_must_agree": "ja"}, "policy.leader_must_agree"),
            ({"name": " "}, "policy.name"),
            ({"haste": True}, "policy.haste"),
        ],
    )  # fmt: skip
    def test_refuses_what_cannot_be_meant_and_names_the_key(self, changed: dict[str, object], what: str) -> None:
        """
        A policy nobody can meet, or one that lets an author approve alone, is found when it is written.
        """
        row = a_policy_row(**changed)

        with pytest.raises(InvalidRequest) as caught:
            Policy.parse(row)

        assert caught.value.places["what"] == what

    @pytest.mark.parametrize("key", list(a_policy_row()))
    def test_every_key_must_be_there(self, key: str) -> None:
        """
        A default nobody wrote is a rule nobody agreed on.
        """
        row = a_policy_row()
        del row[key]

        with pytest.raises(InvalidRequest) as caught:
            Policy.parse(row)

        assert caught.value.places["what"] == f"policy.{key}"
