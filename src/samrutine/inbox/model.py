"""What waits, what somebody is told, and whose it is: values and rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from samrutine.actors import ALL_ROLES, LIBRARY, RIGHTS, Actor, Role, Verb
from samrutine.procedures.model import ProcedureId, VersionNumber

REVIEW_DUE = "review-due"
"""The code of a routine whose review is due. It waits by itself as days pass, without a row."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """
    One thing that waits for a body.

    Attributes:
        what: A code with a word in the catalogue `words.waiting`: "consider-version", "approve-proposal" and others.
        procedure: The routine it is about; None for a wish.
        title: The routine's, or the proposal's; of a wish its sentence.
        version: The routine's newest, where the routine itself waits; else None.
        proposal: The one it is about; None where it is about none.
        due_on: The day an answer is hoped for; None when nobody has set one.
        is_overdue: The day is past.
        body: Whose inbox: "municipality:1841", "network:smittevern", "library"; `body_name` is what people call it.
        subject: What it is about, as a key: "procedure:<id>", or the id of a proposal, a hearing, feedback or a wish.
        role: The role in which whoever asked may answer; None when a body's inbox was asked for.
        is_mine: It waits for the one who asked in particular.
    """

    what: str
    procedure: ProcedureId | None
    title: str
    version: VersionNumber | None
    proposal: str | None
    due_on: date | None
    is_overdue: bool
    body: str
    body_name: str
    subject: str
    role: Role | None = None
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Notification:
    """
    Something that a person is told of, once.

    Attributes:
        id: To say that it is read.
        what: A code with a word in the catalogue `words.told`: "version-approved" and others.
        procedure, title, proposal, subject: As `Waiting`.
        body: The body for whose sake the person is told; None where it is for their own.
        number: The decision that caused it; where none did, the newest there was.
        at: When it happened.
    """

    id: str
    what: str
    procedure: ProcedureId | None
    title: str
    proposal: str | None
    subject: str
    body: str | None
    number: int
    at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class May:
    """In these bodies these verbs; `bodies` is None for all bodies, and `any_verb` is for what asks for no right."""

    bodies: tuple[str, ...] | None
    verbs: frozenset[Verb]
    any_verb: bool


def what_may_be_answered(actor: Actor, today: date) -> Sequence[May]:
    """
    Give in which bodies the actor may answer what, a member for each role held: what an inbox is found by.

    The editor's role counts in every body. But what everybody with a role may answer, such as a hearing, waits for a
    body's own people and not for the editor in their place.
    """
    found = []
    held: dict[Role, list[str]] = {}
    for grant in actor.grants:
        if grant.holds_on(today):
            held.setdefault(grant.role, []).append(grant.body)
    for role, bodies in held.items():
        verbs = frozenset(verb for verb, roles in RIGHTS.items() if role in roles)
        found.append(May(tuple(sorted(set(bodies))), verbs, any_verb=True))
        if LIBRARY in bodies:
            narrow = frozenset(verb for verb in verbs if RIGHTS[verb] != ALL_ROLES)
            found.append(May(None, narrow, any_verb=False))
    return found


def role_for(actor: Actor, verb: Verb | None, body: str, today: date) -> Role | None:
    """Give the role in which the actor answers: one held in the body itself, if there is one, the strongest first."""
    order = (Role.DECIDER, Role.RESPONSIBLE, Role.LEADER, Role.MEMBER, Role.EDITOR, Role.EMPLOYEE)
    allowed = RIGHTS[verb] if verb else ALL_ROLES
    for where in (body, LIBRARY):
        held = actor.roles_in(where, today) & allowed
        for role in order:
            if role in held:
                return role
    return None
