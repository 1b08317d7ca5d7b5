"""
Policy as data: who must agree before a text is faglig godkjent, as a value.

A policy is pinned when a round opens (as `dataclasses.asdict`, which `Policy.parse` reads back), so a later change of
the library never moves a round that has begun.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final, Self

from samrutine.errors import InvalidRequest
from samrutine.networks.model import PolicyId

LONGEST_HEARING_WEEKS: Final = 52


class PolicyRule(StrEnum):
    """
    What is counted. The last two count the municipalities that have a member in post in the network.

    MAJORITY asks for more than half of them, ALL for every one.
    """

    N_PERSONS = "n-persons"
    N_MUNICIPALITIES = "n-municipalities"
    MAJORITY = "majority"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Policy:
    """
    How many must agree, and from where.

    Attributes:
        id: Its slug in the library.
        name: What people call it, in bokmål.
        rule: What is counted. Under N_PERSONS and N_MUNICIPALITIES both numbers below must be reached; under MAJORITY
            and ALL both are 0, since the number follows from who is in post.
        approvals: How many persons must agree, the leader among them.
        municipalities: How many different municipalities they must come from. Where the leader must agree, the leader's
            own municipality is not one of them, so that "leader and three others" is `approvals=4, municipalities=3`.
        leader_must_agree: The network's leader, or the leader's deputy, must be among those who agree.
        author_counts: Always False: nobody approves a text of their own. Kept as a field so that a pinned policy says
            so itself.
        author_municipality_counts: False means that agreement from the author's municipality is not counted, except
            that a leader from there still is the leader.
        hearing_weeks: How long a hearing lasts unless another deadline is set. 0 is no hearing.
    """

    id: PolicyId
    name: str
    rule: PolicyRule
    approvals: int
    municipalities: int
    leader_must_agree: bool
    author_counts: bool
    author_municipality_counts: bool
    hearing_weeks: int

    @classmethod
    def parse(cls, row: Mapping[str, object]) -> Self:
        """
        Read a policy from a row of the library or from what was pinned in a round.

        Raises:
            InvalidRequest: A key is missing, unknown or of the wrong kind, or the numbers contradict the rule. `what`
                is "policy.<key>", so that a reader of files can point at the line.
        """
        names = [field.name for field in fields(cls)]
        for key in row:
            if key not in names:
                raise InvalidRequest(what=f"policy.{key}", value=row[key], expected=", ".join(names))
        policy = cls(
            id=PolicyId(_text(row, "id")),
            name=_text(row, "name"),
            rule=_rule(row),
            approvals=_number(row, "approvals", 99),
            municipalities=_number(row, "municipalities", 99),
            leader_must_agree=_flag(row, "leader_must_agree"),
            author_counts=_flag(row, "author_counts"),
            author_municipality_counts=_flag(row, "author_municipality_counts"),
            hearing_weeks=_number(row, "hearing_weeks", LONGEST_HEARING_WEEKS),
        )
        policy._check()
        return policy

    def _check(self) -> None:
        if self.author_counts:
            raise InvalidRequest(what="policy.author_counts", value=True, expected="false")
        match self.rule:
            case PolicyRule.N_PERSONS | PolicyRule.N_MUNICIPALITIES:
                if self.approvals < 1:
                    raise InvalidRequest(what="policy.approvals", value=self.approvals, expected="1-99")
                if self.rule is PolicyRule.N_MUNICIPALITIES and self.municipalities < 1:
                    raise InvalidRequest(what="policy.municipalities", value=self.municipalities, expected="1-99")
                # The leader's municipality is not counted, so the leader is a person more than the municipalities.
                most = self.approvals - (1 if self.leader_must_agree else 0)
                if self.municipalities > most:
                    raise InvalidRequest(what="policy.municipalities", value=self.municipalities, expected=f"0-{most}")
            case PolicyRule.MAJORITY | PolicyRule.ALL:
                for key, number in (("approvals", self.approvals), ("municipalities", self.municipalities)):
                    if number != 0:
                        raise InvalidRequest(what=f"policy.{key}", value=number, expected="0")


def _value(row: Mapping[str, object], key: str, expected: str) -> object:
    if key not in row:
        raise InvalidRequest(what=f"policy.{key}", value="-", expected=expected)
    return row[key]


def _text(row: Mapping[str, object], key: str) -> str:
    value = _value(row, key, "text")
    if not isinstance(value, str) or not value.strip():
        raise InvalidRequest(what=f"policy.{key}", value=value, expected="text")
    return value


def _number(row: Mapping[str, object], key: str, most: int) -> int:
    value = _value(row, key, f"0-{most}")
    # True is an int to Python, and would pass as one person.
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise InvalidRequest(what=f"policy.{key}", value=value, expected=f"0-{most}")
    return value


def _flag(row: Mapping[str, object], key: str) -> bool:
    value = _value(row, key, "true, false")
    if not isinstance(value, bool):
        raise InvalidRequest(what=f"policy.{key}", value=value, expected="true, false")
    return value


def _rule(row: Mapping[str, object]) -> PolicyRule:
    value = _text(row, "rule")
    try:
        return PolicyRule(value)
    except ValueError:
        raise InvalidRequest(what="policy.rule", value=value, expected=", ".join(PolicyRule)) from None
