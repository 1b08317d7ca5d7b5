"""A network asks the municipalities for the routines that they have, reminds them, and sees who has sent what."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from samrutine.actors import ActorId, Verb, municipality_body, network_body, reasons_against
from samrutine.adoptions.model import reasons_of_role
from samrutine.arguments import require_text
from samrutine.collecting.errors import CollectionNotFound
from samrutine.collecting.model import (
    LONGEST_REASON,
    LONGEST_WHAT,
    Answer,
    Collection,
    CollectionId,
    Sender,
    Sent,
    days_late,
    how_far,
    reasons_against_answer,
    reasons_against_asking,
    reasons_against_reminding,
)
from samrutine.days import norwegian_day
from samrutine.errors import DecisionIdReused
from samrutine.inbox.opening import Note, close_waiting, tell, wait_for
from samrutine.intake.model import IncomingState
from samrutine.networks.directory import get_actor, get_municipality, get_network_id, municipalities, network_names
from samrutine.reasons import refuse
from samrutine.storage.decisions import DecisionId, Decisions
from samrutine.storage.rows import CollectionAnswerRow, CollectionRow, IncomingDocumentRow
from samrutine.storage.sql import Database

SEND = "send-routines"
"""The code of what waits for a municipality that is asked."""

UNREADABLE = IncomingState.REFUSED.value
"""The state of a document that cannot be read, and so was not sent."""


@dataclass(frozen=True, slots=True)
class RoutinesAsked:
    """The municipalities are asked, by number; each has it in its inbox."""

    collection: CollectionId
    network: str
    deadline: date
    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectionAnswered:
    """A municipality has said that it has sent what it has, or that it has none."""

    collection: CollectionId
    municipality: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class CollectionReminded:
    """Those who are missing are reminded today, by number."""

    collection: CollectionId
    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectionClosed:
    """Nobody is asked any more. `missing` are the municipalities from which nothing came, by number."""

    collection: CollectionId
    missing: tuple[str, ...]


class Collecting:
    """Asking for routines. Nothing of it is decided: what is said is kept, and no link of the chain is made."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def ask_for_routines(
        self, network: str, what: str, *, deadline: date, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> RoutinesAsked:
        """
        Ask all municipalities for the routines that they have about something.

        Args:
            what: What is asked for, such as "alt dere har om legemidler": at most 300 characters, nothing about a person.
            deadline: The day until which they may send, a day in Norway, today or later.

        Returns:
            Who is asked. The same for a second call with the same decision id.

        Raises:
            NetworkNotFound: There is none of that name.
            InvalidRequest: What is asked for is missing or too long.
            Refused: The day is over already, or the words look as if they held personal data.
            NotAllowed: Only the network's leader or the editor asks.
            DecisionIdReused: The id was used to ask for something else. Make a new id.
        """
        said = " ".join(require_text("what", what, longest=LONGEST_WHAT, may_be_empty=False).split())
        collection = CollectionId(f"c-{hashlib.sha256(decision_id.encode()).hexdigest()[:12]}")
        with self._decisions.note({"what": said}) as session:
            note = Note.begun(session, by=by, now=now)
            asks = get_network_id(session, network)
            towns = tuple(one.number for one in municipalities(session))
            row = session.get(CollectionRow, collection)
            if row is None:
                refuse(reasons_against(get_actor(session, by), Verb.HEAR, network_body(asks), note.today))
                refuse(reasons_against_asking(deadline, note.today))
                row = CollectionRow(
                    id=collection, network=asks, what=said, deadline=deadline, asked_at=now, asked_by=by
                )
                session.add(row)
                session.flush()
                for town in towns:
                    wait_for(
                        note,
                        municipality_body(town),
                        SEND,
                        collection,
                        verb=Verb.PREPARE,
                        key=collection,
                        due_on=deadline,
                    )
                tell(
                    note, "routines-asked", collection, bodies=[(municipality_body(one), Verb.PREPARE) for one in towns]
                )
            elif (row.network, row.what or said, row.deadline, row.asked_by) != (asks, said, deadline, by):
                raise DecisionIdReused(decision=decision_id)
        return RoutinesAsked(collection, asks, deadline, towns)

    def answer(
        self,
        collection: CollectionId,
        municipality: str,
        answer: Answer,
        *,
        reason: str | None,
        by: ActorId,
        now: datetime,
    ) -> CollectionAnswered:
        """
        Say for a municipality that it has sent what it has, or that it has none. A later answer takes the place of one before.

        Args:
            reason: What else there is to say: at most 1,000 characters.

        Raises:
            CollectionNotFound, MunicipalityNotFound: As they say.
            Refused: The collection is closed; it has sent some and so has not none; or nothing has come from it.
            InvalidRequest: The reason is too long.
            NotAllowed: Neither responsible nor decider in that municipality.
        """
        why = require_text("reason", reason or "", longest=LONGEST_REASON).strip() or None
        with self._decisions.note({"reason": why}) as session:
            note = Note.begun(session, by=by, now=now)
            row = _locked(session, collection)
            where = get_municipality(session, municipality)
            refuse(reasons_of_role(get_actor(session, by), Verb.PREPARE, where, note.today))
            id_ = f"s-{hashlib.sha256(f'{collection}:{where.number}'.encode()).hexdigest()[:12]}"
            before = session.get(CollectionAnswerRow, id_)
            if before is None or (before.answer, before.reason, before.actor_id) != (answer.value, why, by):
                came = _came(session, [collection]).get((collection, where.number), 0)
                is_open = row.closed_at is None
                refuse(reasons_against_answer(answer, came, collection=collection, is_open=is_open))
                session.merge(
                    CollectionAnswerRow(
                        id=id_, collection_id=collection, municipality=where.number, answer=answer.value, reason=why,
                        actor_id=by, answered_at=now,
                    )
                )  # fmt: skip
                close_waiting(session, collection, note.number, body=municipality_body(where.number), what=[SEND])
                tell(note, "collection-answered", collection, bodies=[(network_body(row.network), Verb.HEAR)], key=id_)
        return CollectionAnswered(collection, where.number, answer)

    def remind(self, collection: CollectionId, *, by: ActorId, now: datetime) -> CollectionReminded:
        """
        Remind the municipalities from which nothing has come; once a day at most, so a second call the same day tells nobody.

        Raises:
            CollectionNotFound: There is none of that id.
            Refused: It is closed, or nobody is missing.
            NotAllowed: Only the network's leader or the editor reminds.
        """
        with self._decisions.note() as session:
            note = Note.begun(session, by=by, now=now)
            row = _locked(session, collection)
            refuse(reasons_against(get_actor(session, by), Verb.HEAR, network_body(row.network), note.today))
            missing = _missing(session, row, note.today)
            refuse(reasons_against_reminding(collection, len(missing), is_open=row.closed_at is None))
            if row.reminded_on != note.today:
                row.reminders, row.reminded_on = row.reminders + 1, note.today
                session.add(row)
                bodies = [(municipality_body(one), Verb.PREPARE) for one in missing]
                # Of the same collection they may be told several times, though nothing was decided in between.
                tell(note, "collection-reminder", collection, bodies=bodies, key=str(row.reminders))
        return CollectionReminded(collection, missing)

    def close(self, collection: CollectionId, *, by: ActorId, now: datetime) -> CollectionClosed:
        """
        Ask nobody any more. What was sent stays; closed once more, it stays closed.

        Raises:
            CollectionNotFound: There is none of that id.
            NotAllowed: Only the network's leader or the editor closes.
        """
        with self._decisions.note() as session:
            note = Note.begun(session, by=by, now=now)
            row = _locked(session, collection)
            refuse(reasons_against(get_actor(session, by), Verb.HEAR, network_body(row.network), note.today))
            if row.closed_at is None:
                row.closed_at, row.closed_by = now, by
                session.add(row)
                close_waiting(session, collection, note.number)
            missing = _missing(session, row, note.today)
        return CollectionClosed(collection, missing)

    def collections(self, *, network: str | None, reader: str | None, today: date) -> Sequence[Collection]:
        """
        Give what networks ask and have asked for: the open ones first, those that are due first.

        Args:
            network: Only that network's.
            reader: Whose eyes. All may see who was asked for what and who has sent; what a municipality said beside its
                answer is for that municipality, the network and the editor.

        Raises:
            NetworkNotFound: There is none of that name.
            PersonNotFound: There is no such reader.
        """
        with self._database.reading() as session:
            query = select(CollectionRow)
            if network is not None:
                query = query.where(CollectionRow.network == get_network_id(session, network))
            rows = session.exec(query.order_by(col(CollectionRow.deadline), col(CollectionRow.id))).all()
            found = _collections(session, rows, reader, today)
        return sorted(found, key=lambda one: not one.is_open)

    def collection(self, collection: CollectionId, *, reader: str | None, today: date) -> Collection:
        """
        Give one collection: who has sent how many, who said that they have none, who is missing and how late.

        Raises:
            CollectionNotFound: There is none of that id.
            PersonNotFound: There is no such reader.
        """
        with self._database.reading() as session:
            row = session.get(CollectionRow, collection)
            if row is None:
                raise CollectionNotFound(collection=collection)
            return _collections(session, [row], reader, today)[0]


def _locked(session: Session, collection: str) -> CollectionRow:
    row = session.exec(select(CollectionRow).where(CollectionRow.id == collection).with_for_update()).first()
    if row is None:
        raise CollectionNotFound(collection=collection)
    return row


def _missing(session: Session, row: CollectionRow, today: date) -> tuple[str, ...]:
    found = _collections(session, [row], None, today)[0]
    return tuple(one.municipality for one in found.those(Sent.MISSING))


def _came(session: Session, collections: Sequence[str]) -> Mapping[tuple[str, str | None], int]:
    """Count the documents that came, by collection and municipality; None for a network's own."""
    sent = IncomingDocumentRow
    rows = session.exec(
        select(col(sent.collection_id), col(sent.municipality), func.count())
        .where(col(sent.collection_id).in_(list(collections)), col(sent.state) != UNREADABLE)
        .group_by(col(sent.collection_id), col(sent.municipality))
    )
    return {(collection or "", town): count for collection, town, count in rows}


def _collections(
    session: Session, rows: Sequence[CollectionRow], reader: str | None, today: date
) -> list[Collection]:  # fmt: skip
    ids = [row.id for row in rows]
    came, names, towns = _came(session, ids), network_names(session), municipalities(session)
    said = {
        (one.collection_id, one.municipality): one
        for one in session.exec(select(CollectionAnswerRow).where(col(CollectionAnswerRow.collection_id).in_(ids)))
    }
    who = get_actor(session, reader) if reader is not None else None
    found = []
    for row in rows:
        closed_on = norwegian_day(row.closed_at) if row.closed_at else None
        leads = who is not None and not reasons_against(who, Verb.MERGE, network_body(row.network), today)
        senders = []
        for town in towns:
            one, count = said.get((row.id, town.number)), came.get((row.id, town.number), 0)
            sent = how_far(Answer(one.answer) if one else None, count)
            theirs = who is not None and bool(who.roles_in(municipality_body(town.number), today))
            senders.append(
                Sender(
                    town.number, town.name, sent, count, days_late(sent, row.deadline, closed_on or today),
                    norwegian_day(one.answered_at) if one else None, one.reason if one and (leads or theirs) else None,
                )
            )  # fmt: skip
        found.append(
            Collection(
                CollectionId(row.id), row.network, names.get(row.network, row.network), row.what, norwegian_day(row.asked_at),
                row.deadline, row.reminded_on, closed_on, sum(came.get((row.id, one), 0) for one in (None, *(town.number for town in towns))),
                tuple(senders),
            )
        )  # fmt: skip
    return found
