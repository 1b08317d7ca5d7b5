"""What waits for a body or for a person, and what a person is told."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal, or_, select, true, union_all
from sqlmodel import Session, col

from samrutine.actors import ActorId, Role, Verb, network_body
from samrutine.errors import InvalidRequest
from samrutine.inbox.model import REVIEW_DUE, Notification, Waiting, role_for, what_may_be_answered
from samrutine.inbox.subjects import ROUTINE, About, about, with_subject
from samrutine.networks.directory import get_actor
from samrutine.procedures.access import hidden_procedures, hidden_proposals
from samrutine.procedures.review import CHANGE_AFTER_REVIEW
from samrutine.proposals.rounds import not_for
from samrutine.storage.decisions import Decisions
from samrutine.storage.rows import NotificationRow, ProcedureRow, WaitingRow
from samrutine.storage.sql import Database

APPROVE = "approve-proposal"
"""The code of a proposal that a network is asked to agree to."""

MOST_AT_ONCE = 500
"""Notifications that one answer gives, or that are marked as read at once."""

_Condition = ColumnElement[bool]


class Inbox:
    """What waits, and who is told."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def inbox(self, who: str, *, today: date) -> Sequence[Waiting]:
        """
        Give all that waits for a person, the most urgent first: in every body where a role of theirs may answer.

        One question to the database, however many roles somebody holds; each thing once, with the role it is for. What
        waits until a later day is not there yet, and a routine whose review is due is there by itself. A proposal that
        they wrote in, or have agreed to, asks others for their approval.

        Args:
            who: Actor id or sign-in name.
            today: The day to judge from, a day in Norway.

        Raises:
            PersonNotFound: There is nobody of that id or name.
        """
        with self._database.reading() as session:
            actor = get_actor(session, who)
            parts = what_may_be_answered(actor, today)
            mine = or_(false(), *(_answerable(one.bodies, one.verbs, any_verb=one.any_verb) for one in parts))
            leads = [one.bodies for one in parts if Verb.SEND in one.verbs]
            due = or_(false(), *(_of_networks(bodies) for bodies in leads))
            found = _Seen(session, actor.id, today).among(_found(session, mine, due, today))
            asked = [about(tuple(row)).proposal for row in found if row.what == APPROVE]
            others = not_for(session, actor, [one for one in asked if one], today)
            found = [row for row in found if row.what != APPROVE or about(tuple(row)).proposal not in others]
        return [
            _waiting(row, today, role_for(actor, Verb(row.verb) if row.verb else None, row.body, today), actor.id)
            for row in found
        ]

    def notifications(self, who: str, *, today: date, unread_only: bool = True) -> Sequence[Notification]:
        """
        Give what a person is told of, the newest first, the newest 500 at most.

        What they may no longer read is left out, though they once were told of it.

        Raises:
            PersonNotFound: There is nobody of that id or name.
        """
        with self._database.reading() as session:
            actor = get_actor(session, who)
            row = NotificationRow
            query: Any = select(
                col(row.id), col(row.what), col(row.subject), col(row.body), col(row.number), col(row.created_at),
                col(row.read_at),
            ).where(col(row.actor_id) == actor.id)  # fmt: skip
            if unread_only:
                query = query.where(col(row.read_at).is_(None))
            query = query.order_by(col(row.created_at).desc(), col(row.number).desc(), col(row.id)).limit(MOST_AT_ONCE)
            told = session.execute(with_subject(query, col(row.subject), col(row.body))).all()
            rows = _Seen(session, actor.id, today).among(told)
        return [_notification(tuple(one)) for one in rows]

    def mark_read(self, who: ActorId, notifications: Iterable[str], *, now: datetime) -> int:
        """
        Say that a person has read what they were told; only their own. Gives how many were unread until now.

        Raises:
            InvalidRequest: More than 500 at once.
        """
        ids = sorted(set(notifications))
        if len(ids) > MOST_AT_ONCE:
            raise InvalidRequest(what="notifications", value=len(ids), expected=f"≤ {MOST_AT_ONCE}")
        with self._decisions.note() as session:
            of_theirs = (
                select(NotificationRow)
                .where(
                    col(NotificationRow.actor_id) == who,
                    col(NotificationRow.id).in_(ids),
                    col(NotificationRow.read_at).is_(None),
                )
                .with_for_update()
            )
            rows = session.scalars(of_theirs).all()
            for row in rows:
                row.read_at = now
                session.add(row)
            return len(rows)


class _Seen:
    """What a reader may know of, among rows that `with_subject` named: nothing of a hidden routine or draft."""

    def __init__(self, session: Session, reader: str | None, today: date) -> None:
        self._procedures = hidden_procedures(session, reader, today)
        self._proposals = hidden_proposals(session, reader, today)

    def among(self, rows: Iterable[Any]) -> list[Any]:
        """Give those that the reader may know of, in their order."""
        return [row for row in rows if self._may_see(about(tuple(row)))]

    def _may_see(self, it: About) -> bool:
        return it.procedure not in self._procedures and it.proposal not in self._proposals


def waiting(session: Session, body: str, today: date, reader: str | None = None) -> Sequence[Waiting]:
    """
    Give what waits for a body and is not answered, the most urgent first; equal days in the order they came.

    Args:
        body: "municipality:1841", "network:smittevern" or "library".
        today: The day to judge from, a day in Norway.
        reader: Whose eyes, an actor's id; None for somebody unknown inside.
    """
    found = _found(session, col(WaitingRow.body) == body, _of_networks((body,)), today)
    rows = _Seen(session, reader, today).among(found)
    return [_waiting(row, today, None, None) for row in rows]


def _found(session: Session, whose: _Condition, due: _Condition, today: date) -> Sequence[Any]:
    """Give what waits by its row, and the routines whose review is due, in one question."""
    row, routine = WaitingRow, ProcedureRow
    waits: Any = select(
        col(row.id).label("id"), col(row.body).label("body"), col(row.subject).label("subject"), col(row.what).label("what"),
        col(row.owner_actor).label("owner"), col(row.due_on).label("due_on"), col(row.opened_number).label("opened"),
        col(row.verb).label("verb"),
    ).where(
        whose, col(row.closed_number).is_(None), or_(col(row.shown_from).is_(None), col(row.shown_from) <= today)
    )  # fmt: skip
    about_it = literal(ROUTINE) + col(routine.id)
    changing = (
        select(literal(1))
        .where(
            col(row.subject) == about_it, col(row.what) == CHANGE_AFTER_REVIEW, col(row.closed_number).is_(None),
        )
        .exists()
    )  # fmt: skip
    reviews = select(
        literal(f"{REVIEW_DUE}:") + col(routine.id), literal(network_body("")) + col(routine.network), about_it,
        literal(REVIEW_DUE), col(routine.owner_actor), col(routine.next_review), literal(0), literal(Verb.SEND.value),
    ).where(
        due, col(routine.next_review) <= today, col(routine.withdrawn_number).is_(None), ~changing
    )  # fmt: skip
    all_of_it = union_all(waits, reviews).subquery()
    columns = all_of_it.c
    query = select(columns.what, columns.owner, columns.due_on, columns.verb, columns.body, columns.subject).order_by(
        columns.due_on.is_(None), columns.due_on, columns.opened, columns.id
    )
    return session.execute(with_subject(query, columns.subject, columns.body)).all()


def _answerable(bodies: Sequence[str] | None, verbs: Iterable[Verb], *, any_verb: bool) -> _Condition:
    where = true() if bodies is None else col(WaitingRow.body).in_(bodies)
    right = col(WaitingRow.verb).in_(sorted(verb.value for verb in verbs))
    return and_(where, or_(right, col(WaitingRow.verb).is_(None)) if any_verb else right)


def _of_networks(bodies: Sequence[str] | None) -> _Condition:
    if bodies is None:
        return true()
    start = network_body("")
    return col(ProcedureRow.network).in_([body.removeprefix(start) for body in bodies if body.startswith(start)])


def _waiting(row: Any, today: date, role: Role | None, who: ActorId | None) -> Waiting:
    it = about(tuple(row))
    return Waiting(
        row.what, it.procedure, it.title, it.version, it.proposal, row.due_on,
        is_overdue=row.due_on is not None and row.due_on < today, body=row.body, body_name=it.body_name,
        subject=row.subject, role=role, is_mine=who is not None and row.owner == who,
    )  # fmt: skip


def _notification(row: tuple[Any, ...]) -> Notification:
    one, what, subject, body, number, created_at, read_at = row[:7]
    it = about(row)
    return Notification(
        one, what, it.procedure, it.title, it.proposal, subject, body, number, created_at, is_read=read_at is not None
    )
