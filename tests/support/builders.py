"""
Values for the pure rules. Each builder takes what matters to the case and invents the rest.

Municipality 9999 is "Prøvevik", 9998 "Testnes", 9997 "Eksempeldal"; networks and actors are invented too.
"""

from dataclasses import replace
from datetime import date

from samrutine.actors import LIBRARY, Actor, ActorId, Delegation, Grant, Role, municipality_body, network_body
from samrutine.adoptions.model import Interval
from samrutine.networks.model import PolicyId
from samrutine.procedures.model import Digest, ProcedureId, VersionNumber
from samrutine.proposals.model import Proposal, ProposalId, ProposalKind, ProposalState, Significance
from samrutine.proposals.policy import Policy, PolicyRule
from samrutine.proposals.quorum import Approval
from tests.support.clock import NOW

PROVEVIK = "9999"
TESTNES = "9998"
EKSEMPELDAL = "9997"
NETWORK = "smittevern"
TODAY = NOW.date()
LONG_AGO = date(2020, 1, 1)


def a_digest(words="tekst"):
    """Give a digest that differs from word to word."""
    return Digest("1:" + words.encode().hex().ljust(64, "0")[:64])


def an_actor(name="actor-kari", *roles, delegations=(), **kept):
    """
    Give an actor with roles: `an_actor("actor-kari", (Role.MEMBER, network_body("smittevern")))`.

    `since` and `until` are the days of all its roles.
    """
    since, until = kept.get("since", LONG_AGO), kept.get("until")
    return Actor(ActorId(name), tuple(Grant(role, body, since, until) for role, body in roles), tuple(delegations))


def a_member(name="actor-kari", municipality=PROVEVIK, network=NETWORK, role=Role.MEMBER, **kept):
    """Give a member of a network who works in a municipality."""
    return an_actor(name, (Role.EMPLOYEE, municipality_body(municipality)), (role, network_body(network)), **kept)


def a_leader(name="actor-leder", municipality=PROVEVIK, network=NETWORK, **kept):
    """Give the leader of a network."""
    return a_member(name, municipality, network, Role.LEADER, **kept)


def an_editor(name="actor-redaktor", **kept):
    """Give an editor of the library."""
    return an_actor(name, (Role.EDITOR, LIBRARY), **kept)


def a_decider(name="actor-sjef", municipality=PROVEVIK, levels=("head-of-service",), position="kommunalsjef", **kept):
    """Give somebody with registered delegation on these levels."""
    since, until = kept.get("delegated_since", LONG_AGO), kept.get("delegated_until")
    delegations = [Delegation(municipality, level, f"{position} {level}", since, until) for level in levels]
    return an_actor(name, (Role.DECIDER, municipality_body(municipality)), delegations=delegations, **kept)


def a_policy(**changed):
    """Give the common policy: the leader and three other municipalities."""
    policy = Policy(
        id=PolicyId("felles"), name="Felles rutine", rule=PolicyRule.N_MUNICIPALITIES, approvals=4, municipalities=3,
        leader_must_agree=True, author_counts=False, author_municipality_counts=False, hearing_weeks=3,
    )  # fmt: skip
    return replace(policy, **changed)


def a_proposal(*, by="actor-kari", state=ProposalState.APPROVAL, approved_by=(), **changed):
    """Give a proposal for a new routine, in approval. `approved_by` are actor ids or whole approvals."""
    digest = changed.pop("digest", a_digest())
    approvals = tuple(
        one if isinstance(one, Approval) else an_approval(one, digest=digest, number=n)
        for n, one in enumerate(approved_by, 1)
    )
    proposal = Proposal(
        id=ProposalId("f-0123456789"), procedure_id=ProcedureId("handhygiene"), kind=ProposalKind.NEW, state=state,
        title="Håndhygiene", network=NETWORK, author=ActorId(by), author_municipality=PROVEVIK, base_version=None,
        digest=digest, significance=Significance.MAJOR, meaning=None, policy=a_policy(), opened_at=NOW, approvals=approvals,
    )  # fmt: skip
    return replace(proposal, **changed)


def an_approval(by="actor-ola", municipality=TESTNES, role=Role.MEMBER, **changed):
    """Give one member's yes."""
    return Approval(
        ActorId(by), municipality, role, changed.get("digest", a_digest()), changed.get("number", 1), changed.get("network")
    )  # fmt: skip


def an_interval(from_on, until_on=None, version="1.0", **changed):
    """Give a version in force from a day until the day before another."""
    return Interval(
        from_on, until_on, VersionNumber.parse(version), changed.get("digest", a_digest(version)),
        changed.get("position", "kommunalsjef"), changed.get("adopted_number", 1), changed.get("row"),
    )  # fmt: skip
