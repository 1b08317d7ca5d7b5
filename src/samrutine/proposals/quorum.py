"""
Whether enough have agreed: the policy's numbers against those who are in post and may count.

What nobody can give is not asked for. A network with vacancies, or whose leader wrote the text, asks as many as it has:
so no round stands still while somebody other than the writers is in post. The number asked for is lowered, never the
rule: where it can be met in full, it must be.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from samrutine.actors import ActorId, Role, body_in_words, network_body
from samrutine.procedures.model import Digest
from samrutine.proposals.policy import Policy, PolicyRule
from samrutine.reasons import Because


@dataclass(frozen=True, slots=True)
class Approval:
    """
    One member's yes to one digest.

    `network` is the one they agreed for: the owner's, or a co-network of theirs. None is the owner's, as before there
    were co-networks.
    """

    actor: ActorId
    municipality: str | None
    role: Role
    digest: Digest
    number: int
    network: str | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody whose words are in a text, and the municipality they worked for when they wrote them."""

    actor: ActorId
    municipality: str | None


@dataclass(frozen=True, slots=True)
class MemberInPost:
    """
    Somebody who is a member or the leader of a network today, on their own account or as somebody's deputy.

    A person in two networks, or with two roles in one, is there twice. `municipality` is the one they work for.
    """

    actor: ActorId
    municipality: str | None
    network: str
    role: Role
    is_deputy: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How far a round has come: «nok godkjenninger: 3 av 5».

    Attributes:
        given: How many have agreed and count; under a majority and all, municipalities, else persons.
        needed: How many it takes, of those who have agreed or still can.
        municipalities_missing: How many more municipalities must be among them.
        leader_missing: The leader, or the leader's deputy, must agree, can, and has not.
        leader_vacant: The policy asks for the leader, and there is none who may agree: nobody in post, or the leader
            wrote the text. It is not waited for.
        networks_missing: The co-networks that have somebody who may agree, and nobody who has.
    """

    given: int
    needed: int
    municipalities_missing: int
    leader_missing: bool
    leader_vacant: bool = False
    networks_missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take what was read back from JSON, where a tuple is a list."""
        object.__setattr__(self, "networks_missing", tuple(self.networks_missing))

    @property
    def is_enough(self) -> bool:
        """Whether the policy is met."""
        return (
            self.given >= self.needed
            and self.municipalities_missing == 0
            and not self.leader_missing
            and not self.networks_missing
        )


@dataclass(frozen=True)
class NobodyCanAgree(Because):
    """In the network that owns the text there is nobody in post but those who wrote it, or none at all."""

    network: str

    def places_in(self, language: str) -> dict[str, object]:
        """Give the network as people say it."""
        return {"network": body_in_words(network_body(self.network), language)}


def may_count(
    policy: Policy, writers: Iterable[Writer], actor: ActorId, municipality: str | None, *, leads: bool
) -> bool:
    """
    Whether this person's yes counts in this round.

    Who wrote any of the text never counts; their municipality does not where the policy says so, except that a leader
    from there still is the leader.

    Args:
        policy: As pinned when the round opened.
        writers: Everybody whose words are in the text.
        actor: Who would agree.
        municipality: The one they work for.
        leads: They are the leader, or the leader's deputy, of the network that owns the text.
    """
    wrote = list(writers)
    if any(one.actor == actor for one in wrote):
        return False
    return leads or _place(policy, wrote, municipality) == municipality


def standing(
    policy: Policy,
    approvals: Iterable[Approval],
    in_post: Iterable[MemberInPost],
    writers: Iterable[Writer] = (),
    co_networks: Iterable[str] = (),
) -> Standing:
    """
    Count how far a round has come.

    Args:
        policy: As pinned when the round opened.
        approvals: The valid ones, in any order. Those of writers are left out here too.
        in_post: The members in post in the owner's network and the co-networks today.
        writers: Everybody whose words are in the text, the author first.
        co_networks: The other networks whose professional judgement the text needs; one yes from each is enough.
    """
    wrote, others = list(writers), tuple(dict.fromkeys(co_networks))

    def counts(one: Approval | MemberInPost) -> bool:
        # Only the owner's leader is the leader of the round; a co-network's is a member of it here.
        leads = one.role is Role.LEADER and one.network not in others
        return may_count(policy, wrote, one.actor, one.municipality, leads=leads)

    given, able = [one for one in approvals if counts(one)], [one for one in in_post if counts(one)]
    own = [one for one in able if one.network not in others]
    agreed = _of_owner(given, own, others)
    leaders = [one for one in agreed if _is_leader(one, own, others)]
    may_lead = [one for one in own if one.role is Role.LEADER]
    vacant = policy.leader_must_agree and not leaders and not may_lead
    count = _Count(policy, wrote, agreed, own, leaders or may_lead if policy.leader_must_agree else [])
    persons, needed, missing = count.result()
    return Standing(
        persons, needed, missing, leader_missing=policy.leader_must_agree and not leaders and not vacant,
        leader_vacant=vacant, networks_missing=tuple(_without_a_yes(given, able, others)),
    )  # fmt: skip


def reasons_against_opening(
    policy: Policy, in_post: Iterable[MemberInPost], network: str, writers: Iterable[Writer]
) -> list[Because]:
    """
    Say why a round cannot begin: nobody in the owner's network could agree. Empty means it may.

    Args:
        policy: The one that the round would follow.
        in_post: As `standing`.
        network: The one that owns the text.
        writers: As `standing`.
    """
    wrote = list(writers)
    for one in in_post:
        leads = one.role is Role.LEADER
        if one.network == network and may_count(policy, wrote, one.actor, one.municipality, leads=leads):
            return []
    return [NobodyCanAgree(network)]


@dataclass(frozen=True, slots=True)
class _Count:
    """The owner's network alone, counted by the policy's rule. `leaders` are those who gave it, or else who may."""

    policy: Policy
    writers: list[Writer]
    agreed: list[Approval]
    able: list[MemberInPost]
    leaders: list[Approval] | list[MemberInPost]

    def result(self) -> tuple[int, int, int]:
        """Give how many have agreed, how many it takes, and how many municipalities are missing."""
        match self.policy.rule:
            case PolicyRule.N_PERSONS | PolicyRule.N_MUNICIPALITIES:
                return self._persons()
            case PolicyRule.MAJORITY | PolicyRule.ALL:
                return self._seats()

    def _persons(self) -> tuple[int, int, int]:
        given = {one.actor for one in self.agreed}
        possible = given | {one.actor for one in self.able}
        asked = min(self.policy.municipalities, self._others(self._places(self.agreed) | self._places(self.able)))
        missing = max(0, asked - self._others(self._places(self.agreed)))
        return len(given), max(1, min(self.policy.approvals, len(possible))), missing

    def _seats(self) -> tuple[int, int, int]:
        # Where none of those who may count works for a municipality of the library, they have one seat together, so
        # that they are asked rather than waited for in vain.
        seats = (self._places(self.able) - {None}) or {None}
        given = len(self._places(self.agreed) & seats)
        needed = len(seats) if self.policy.rule is PolicyRule.ALL else len(seats) // 2 + 1
        return given, needed, max(0, needed - given)

    def _places(self, those: list[Approval] | list[MemberInPost]) -> set[str | None]:
        return {_place(self.policy, self.writers, one.municipality) for one in those}

    def _others(self, places: set[str | None]) -> int:
        """Count the municipalities besides the leader's; where two may lead, besides that of the one it costs least."""
        towns = places - {None}
        return max((len(towns - {town}) for town in self._places(self.leaders)), default=len(towns))


def _of_owner(given: list[Approval], own: list[MemberInPost], others: tuple[str, ...]) -> list[Approval]:
    """Leave out those who agreed for a co-network, and have no part in the owner's."""
    members = {one.actor for one in own}
    return [one for one in given if one.network not in others or one.actor in members]


def _is_leader(approval: Approval, own: list[MemberInPost], others: tuple[str, ...]) -> bool:
    if approval.role is Role.LEADER and approval.network not in others:
        return True
    return any(one.actor == approval.actor and one.role is Role.LEADER for one in own)


def _without_a_yes(given: list[Approval], able: list[MemberInPost], others: tuple[str, ...]) -> Iterable[str]:
    """Name the co-networks that could answer and have not. One who sits in two networks answers for both."""
    for network in others:
        members = {one.actor for one in able if one.network == network}
        if members and not any(one.network == network or one.actor in members for one in given):
            yield network


def _place(policy: Policy, writers: list[Writer], municipality: str | None) -> str | None:
    """Give the municipality that a yes from there counts for; none where the policy leaves the writers' own out."""
    if not policy.author_municipality_counts and any(municipality == one.municipality for one in writers):
        return None
    return municipality
