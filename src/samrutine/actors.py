"""
Who acts, in which roles, and what each role may do.

The table `RIGHTS` is the whole rule: for each verb, which role in which body. The same pure function answers *may I?*
(for a button), *why not?* (typed reasons) and guards the act inside each verb.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NewType

from samrutine.messages import word
from samrutine.reasons import Because

ActorId = NewType("ActorId", str)
"""Opaque, never reused; the only name of an actor outside the `person` table."""

SYSTEM: Final = ActorId("system")
"""The rules themselves, when a decision follows from others without anybody choosing."""

ANYBODY: Final = ActorId("*")
"""Whose eyes, where nobody is signed in on a page for all: no person, and inside no municipality. Nobody can be called so."""

LIBRARY: Final = "library"
"""The body that the editor acts for."""


class Role(StrEnum):
    """A role in a body. On screen a municipality sees three: employee, network member, responsible."""

    EMPLOYEE = "employee"
    MEMBER = "member"
    LEADER = "leader"
    RESPONSIBLE = "responsible"
    DECIDER = "decider"
    EDITOR = "editor"


class Verb(StrEnum):
    """What somebody may be allowed to do; one row in the table of rights each."""

    PROPOSE = "propose"
    ANSWER = "answer"
    """Answer a hearing for a body, with remarks or without."""
    SAY = "say"
    """Say that something is wrong, wish for a routine."""
    HEAR = "hear"
    """Open, remind and close a hearing, make and revoke outsiders' links, reply to remarks; ask for routines."""
    MERGE = "merge"
    """Read what municipalities sent in, say what becomes of it, and make one routine of those that are the same."""
    SEND = "send"
    """Send to approval, reject, hurry, withdraw a routine, review it, say who looks after it, answer feedback and wishes."""
    APPROVE = "approve"
    PREPARE = "prepare"
    """Local information, additions, inventory, gjort kjent, targets, and what else a municipality prepares."""
    DECIDE_USE = "decide-use"
    PUBLISH = "publish"
    MANAGE_PEOPLE = "manage-people"
    SETTLE = "settle"
    READ_EXEMPT = "read-exempt"
    """Read what is exempt from public access: in the owner's and co-networks, and where it is prepared and decided."""
    TAKE_IN = "take-in"
    """Take in documents of the body, and see them while they wait; in a network also let through, accept and reject."""
    TICK_OFF = "tick-off"
    """Open a checklist for somebody in the municipality, and take part in one."""
    KEEP_ORDER = "keep-order"
    """Erase, export another's data, and delete what the retention rules say is over."""


MUNICIPAL: Final = frozenset({Role.EMPLOYEE, Role.RESPONSIBLE, Role.DECIDER})
NETWORK: Final = frozenset({Role.MEMBER, Role.LEADER})
ALL_ROLES: Final = frozenset(Role)

RIGHTS: Final[dict[Verb, frozenset[Role]]] = {
    Verb.PROPOSE: ALL_ROLES,
    Verb.ANSWER: ALL_ROLES,
    Verb.SAY: ALL_ROLES,
    Verb.HEAR: frozenset({Role.LEADER, Role.EDITOR}),
    Verb.MERGE: frozenset({Role.MEMBER, Role.LEADER, Role.EDITOR}),
    Verb.SEND: frozenset({Role.LEADER, Role.EDITOR}),
    Verb.APPROVE: NETWORK,
    Verb.PREPARE: frozenset({Role.RESPONSIBLE, Role.DECIDER}),
    Verb.DECIDE_USE: frozenset({Role.DECIDER}),
    Verb.PUBLISH: frozenset({Role.RESPONSIBLE, Role.DECIDER}),
    Verb.MANAGE_PEOPLE: frozenset({Role.RESPONSIBLE, Role.EDITOR}),
    Verb.SETTLE: frozenset({Role.LEADER, Role.EDITOR}),
    Verb.READ_EXEMPT: frozenset({Role.MEMBER, Role.LEADER, Role.RESPONSIBLE, Role.DECIDER, Role.EDITOR}),
    Verb.TAKE_IN: ALL_ROLES,
    Verb.TICK_OFF: MUNICIPAL,
    Verb.KEEP_ORDER: frozenset({Role.EDITOR}),
}
"""Which roles may do what. A role counts in its own body only; the editor's counts for the whole library, but where `OWN_BODY` says."""

OWN_BODY: Final = frozenset({Verb.ANSWER})
"""Verbs that nobody has for a body that they have no role in: the editor answers no hearing in a municipality's place."""

ANY_BODY: Final = frozenset({Verb.PROPOSE, Verb.SAY})
"""Verbs that a role in any body gives: any employee may propose a change to any routine, and say what is wrong."""


def municipality_body(number: str) -> str:
    """Give the body of a municipality: `municipality:1841`."""
    return f"municipality:{number}"


def network_body(network: str) -> str:
    """Give the body of a network: `network:smittevern`."""
    return f"network:{network}"


def belongs(role: Role, body: str) -> bool:
    """Whether a role can be held in a body."""
    match body.partition(":"):
        case ("network", ":", _):
            return role in NETWORK
        case ("municipality", ":", _):
            return role in MUNICIPAL
        case _:
            return body == LIBRARY and role is Role.EDITOR


def body_in_words(body: str, language: str) -> str:
    """Write a body as people say it: "kommune 1841", "fagnettverket smittevern", "biblioteket"."""
    kind, _, which = body.partition(":")
    return f"{word('body', kind, language)} {which}".strip()


@dataclass(frozen=True, slots=True)
class Grant:
    """
    A role in a body, from a day until the day before another.

    `id` is where it is registered, and `deputy_of` the id of the grant that its holder stands in for: a deputy has the
    role's rights as any other holder, until a day of the deputy's own.
    """

    role: Role
    body: str
    from_on: date
    until_on: date | None = None
    id: str | None = None
    deputy_of: str | None = None

    @property
    def is_deputy(self) -> bool:
        """Whether the role is held in another's place."""
        return self.deputy_of is not None

    def holds_on(self, day: date) -> bool:
        """Whether the role is held on `day`, a day in Norway."""
        return self.from_on <= day and (self.until_on is None or day < self.until_on)

    def covers(self, first: date, until: date | None) -> bool:
        """Whether the role is held on every day from `first` until the day before `until`; None for no end."""
        lasts = self.until_on is None or (until is not None and until <= self.until_on)
        return self.from_on <= first and lasts


@dataclass(frozen=True, slots=True)
class Delegation:
    """The right to decide use in a municipality on a level, held under a position. `id` is where it is registered."""

    municipality: str
    level: str
    position: str
    from_on: date
    until_on: date | None = None
    id: str | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the delegation holds on `day`, a day in Norway."""
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, with the roles and delegations of theirs, past and to come too."""

    id: ActorId
    grants: tuple[Grant, ...] = ()
    delegations: tuple[Delegation, ...] = ()

    def roles_in(self, body: str, day: date) -> frozenset[Role]:
        """Give the roles held in a body on a day."""
        return frozenset(grant.role for grant in self.grants if grant.body == body and grant.holds_on(day))

    def municipality_on(self, day: date) -> str | None:
        """Give the municipality that the actor works for on a day; the first granted when there are several."""
        for grant in self.grants:
            if grant.body.startswith("municipality:") and grant.holds_on(day):
                return grant.body.partition(":")[2]
        return None


@dataclass(frozen=True)
class LacksRole(Because):
    """
    The actor holds none of the roles by which the verb may be done for this body.

    `roles` are those that can be held there, and the editor's where it counts for the whole library; others too where a
    role in any body would do. `named` is what people call the body, where the verb knows it: "Fauske" says more than
    "kommune 1841".
    """

    about_who = True

    verb: str
    body: str
    roles: tuple[str, ...]
    named: str | None = None

    def places_in(self, language: str) -> dict[str, object]:
        """Give the roles with where they are held ("beslutter der, eller redaktør for biblioteket"), and the body, in words."""
        either = f" {word('who', 'or', language)} "
        there = either.join(word("role", role, language) for role in self.roles if belongs(Role(role), self.body))
        body = self.named or body_in_words(self.body, language)
        who = [f"{there} {word('who', 'there', language)}"] if there else []
        if Role.EDITOR in self.roles and self.body != LIBRARY:
            who.append(word("who", "editor", language))
        anybody = [role for role in self.roles if role != Role.EDITOR and not belongs(Role(role), self.body)]
        words = word("who", "anybody", language) if anybody else f",{either}".join(who)
        return {**self.places, "body": body, "roles": words}


def roles_for(actor: Actor, verb: Verb, body: str, today: date) -> tuple[Role, ...]:
    """
    Give the roles by which the actor may do `verb` for `body` today, the strongest first. Empty means no.

    The system may do nothing here: what follows from the rules is recorded beside the act that caused it.
    """
    allowed = RIGHTS[verb]
    bodies = {body} if verb in OWN_BODY else {body, LIBRARY}
    held = {
        grant.role
        for grant in actor.grants
        if grant.holds_on(today) and grant.role in allowed and (verb in ANY_BODY or grant.body in bodies)
    }
    order = (Role.DECIDER, Role.RESPONSIBLE, Role.LEADER, Role.MEMBER, Role.EDITOR, Role.EMPLOYEE)
    return tuple(role for role in order if role in held)


def reasons_against(actor: Actor, verb: Verb, body: str, today: date) -> list[LacksRole]:
    """Say why the actor may not do `verb` for `body` today; empty means they may."""
    if roles_for(actor, verb, body, today):
        return []
    is_editors = verb not in OWN_BODY
    would_do = (
        role for role in RIGHTS[verb]
        if verb in ANY_BODY or belongs(role, body) or (role is Role.EDITOR and is_editors)
    )  # fmt: skip
    return [LacksRole(verb.value, body, tuple(sorted(role.value for role in would_do)))]


def strongest_delegation(
    delegations: Iterable[Delegation], municipality: str, levels: Iterable[str], today: date
) -> Delegation | None:
    """Give a delegation that holds today in the municipality on one of `levels`, tried in the order given."""
    held = [one for one in delegations if one.municipality == municipality and one.holds_on(today)]
    for level in levels:
        for one in held:
            if one.level == level:
                return one
    return None
