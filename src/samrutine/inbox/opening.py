"""
Write what waits and who is told, inside the act that causes it.

Every verb that leaves something for others to do calls `wait_for`; the verb that answers it calls `close_waiting`; every
verb that changes what others should know calls `tell`. Nothing is sent here: the rows are the inbox, and a sender reads
them later. What is said and not decided, such as feedback, does the same as a `Note`.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from sqlmodel import Session, col, or_, select

from samrutine.actors import RIGHTS, ActorId, Role, Verb, municipality_body
from samrutine.days import norwegian_day
from samrutine.storage.rows import ActorRow, ChainHeadRow, NotificationRow, RoleGrantRow, WaitingRow

DAYS_TO_CONSIDER: Final = 60
"""How long a municipality has before a version it has not answered is overdue. Our choice; no law gives a number."""
_PART: Final = 500


class Doing(Protocol):
    """What causes it: an act of the chain, or a note beside it."""

    @property
    def session(self) -> Session:
        """The open transaction."""
        ...

    @property
    def now(self) -> datetime:
        """The present instant."""
        ...

    @property
    def today(self) -> date:
        """The day in Norway."""
        ...

    @property
    def by(self) -> ActorId:
        """Who does it."""
        ...

    @property
    def number(self) -> int:
        """The decision that causes it; for a note the newest decision when it was said."""
        ...


@dataclass(frozen=True, slots=True)
class Note:
    """Something said and not decided, in a transaction of `Decisions.note`."""

    session: Session
    now: datetime
    by: ActorId
    number: int

    @classmethod
    def begun(cls, session: Session, *, by: ActorId, now: datetime) -> "Note":
        """
        Begin one: it comes after the newest decision there is.

        One at a time for each person: a second click must find the row of the first.
        """
        session.exec(select(ActorRow).where(ActorRow.id == by).with_for_update(key_share=True)).all()
        return cls(session, now, by, session.exec(select(ChainHeadRow.number)).one())

    @property
    def today(self) -> date:
        """The day in Norway."""
        return norwegian_day(self.now)


def wait_for(
    act: Doing, body: str, what: str, subject: str, *, verb: Verb | None, key: str, due_on: date | None = None,
    owner: ActorId | None = None, shown_from: date | None = None, number: int | None = None,
) -> None:  # fmt: skip
    """
    Put something into a body's inbox, until `close_waiting` is called about the same subject.

    Args:
        act: The act that causes it.
        body: Whose inbox: `municipality:1841`, `network:smittevern`, `library`.
        what: A code with words in the catalogue `words`, such as "consider-version".
        subject: What it is about: `procedure:<id>`, or a proposal's, hearing's, wish's or feedback's id.
        verb: The right that whoever answers must have in the body; None for anybody with a role there.
        key: Makes the row's id unique together with body and what; the same again is the same row.
        due_on: The day an answer is hoped for, a day in Norway.
        owner: The person it waits for in particular; others with the right may answer too.
        shown_from: Not shown before this day: a deferral comes back.
        number: The decision of an act that makes many, which opens the row and is part of its key, so that the row is new
            and need not be looked for; the act's newest decision, and any key, when None.
    """
    row = WaitingRow(
        id=f"{key}:{what}:{body}", body=body, subject=subject, what=what, owner_actor=owner, due_on=due_on,
        opened_number=number or act.number, verb=verb.value if verb else None, shown_from=shown_from,
    )  # fmt: skip
    if number is None:
        act.session.merge(row)
    else:
        act.session.add(row)


def wait_to_consider(act: Doing, asked: Iterable[tuple[str, str, object]]) -> None:
    """
    Put versions into municipalities' inboxes: one that is new, or all there are for a municipality that joins.

    Args:
        act: As `wait_for`.
        asked: Municipality, procedure and version of each. One that was asked before is asked again.
    """
    # Looked for in parts and not one by one: nationally a version asks 360 municipalities while the chain's head is held.
    rows = {
        f"{procedure}:{version}:consider-version:{municipality_body(town)}": WaitingRow(
            id=f"{procedure}:{version}:consider-version:{municipality_body(town)}", body=municipality_body(town),
            subject=f"procedure:{procedure}", what="consider-version", opened_number=act.number, verb=Verb.PREPARE.value,
            due_on=act.today + timedelta(days=DAYS_TO_CONSIDER),
        )
        for town, procedure, version in asked
    }  # fmt: skip
    ids = list(rows)
    for part in (ids[at : at + _PART] for at in range(0, len(ids), _PART)):
        before = act.session.exec(select(WaitingRow).where(col(WaitingRow.id).in_(part))).all()
        for row in before:
            act.session.merge(rows.pop(row.id))
    act.session.add_all(rows.values())


def close_waiting(
    session: Session, subject: str, number: int, *, body: str | None = None, what: Iterable[str] | None = None
) -> None:
    """
    Close what waits about a subject: the decision of that number answered it.

    Args:
        body: Only in this body's inbox; in everybody's when None.
        what: Only these codes; all when None.
    """
    query = select(WaitingRow).where(WaitingRow.subject == subject, col(WaitingRow.closed_number).is_(None))
    if body is not None:
        query = query.where(WaitingRow.body == body)
    if what is not None:
        query = query.where(col(WaitingRow.what).in_(list(what)))
    for row in session.exec(query):
        row.closed_number = number
        session.add(row)


def tell(
    act: Doing, what: str, subject: str, *, bodies: Iterable[tuple[str, Verb | None]] = (), actors: Iterable[str] = (),
    key: str = "",
) -> None:  # fmt: skip
    """
    Write a notification for each who should know, once each; whoever does the act is not told of it.

    Told of the same again by the same decision, nobody gets a second message.

    Args:
        what: A code with words in the catalogue `words`, such as "version-approved".
        subject: As `wait_for`, or the body that it is about.
        bodies: Everybody who has the right today in the body; with None everybody with a role there.
        actors: These, by id.
        key: Makes it another message than one of the same that no decision lies between, such as a reminder of a later day.
    """
    told: dict[str, str | None] = {actor: None for actor in actors if actor}
    for actor, body in _holding(act.session, list(bodies), act.today):
        told.setdefault(actor, body)
    told.pop(act.by, None)
    which = f"{subject}:{key}" if key else subject
    rows = {
        f"m-{hashlib.sha256(f'{act.number}:{what}:{which}:{actor}'.encode()).hexdigest()[:16]}": (actor, body)
        for actor, body in sorted(told.items())
    }
    there = select(NotificationRow.id).where(col(NotificationRow.id).in_(list(rows)))
    known = set(act.session.exec(there)) if rows else set()
    act.session.add_all(
        NotificationRow(
            id=one, actor_id=actor, what=what, subject=subject, number=act.number, created_at=act.now, body=body
        )
        for one, (actor, body) in rows.items()
        if one not in known
    )


def holders(session: Session, body: str, today: date, *, roles: Iterable[Role] | None = None) -> list[ActorId]:
    """Give those who hold a role in a body on a day, perhaps only some roles; each once, by id."""
    query = select(RoleGrantRow.actor_id).where(
        RoleGrantRow.body == body, RoleGrantRow.from_on <= today, col(RoleGrantRow.ended_number).is_(None),
        or_(col(RoleGrantRow.until_on).is_(None), col(RoleGrantRow.until_on) > today),
    )  # fmt: skip
    if roles is not None:
        query = query.where(col(RoleGrantRow.role).in_([role.value for role in roles]))
    return [ActorId(actor) for actor in sorted(set(session.exec(query)))]


def _holding(session: Session, bodies: list[tuple[str, Verb | None]], today: date) -> list[tuple[str, str]]:
    """Give who has the right in which body, in the order of the bodies: one question, however many these are."""
    if not bodies:
        return []
    held = session.exec(
        select(col(RoleGrantRow.actor_id), col(RoleGrantRow.body), col(RoleGrantRow.role)).where(
            col(RoleGrantRow.body).in_([body for body, _ in bodies]), RoleGrantRow.from_on <= today,
            col(RoleGrantRow.ended_number).is_(None),
            or_(col(RoleGrantRow.until_on).is_(None), col(RoleGrantRow.until_on) > today),
        ).order_by(RoleGrantRow.actor_id)
    ).all()  # fmt: skip
    by_body: dict[str, list[tuple[str, str]]] = {}
    for actor, body, role in held:
        by_body.setdefault(body, []).append((actor, role))
    found = []
    for body, verb in bodies:
        roles = {role.value for role in RIGHTS[verb]} if verb else None
        found += [(actor, body) for actor, role in by_body.get(body, ()) if roles is None or role in roles]
    return found
