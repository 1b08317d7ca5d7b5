"""
Publishing that waits, since the library was put back from a backup: until somebody has looked at what lies there.

A backup is older than the day it is put back. What was published since may rest on decisions that the library no longer
has, and the next publishing would put yesterday's routine in the place of today's without a word. So a restore pauses
every target, `publish` only reads there, and `resume` asks a person of the municipality to say: I have looked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from samrutine.actors import ActorId, Verb, municipality_body, reasons_against, roles_for
from samrutine.days import norwegian_day
from samrutine.errors import DestinationMissing, TargetNotFound
from samrutine.inbox.opening import close_waiting
from samrutine.networks.directory import get_actor, get_municipality
from samrutine.publishing.connector import Connector
from samrutine.publishing.manifest import read_manifest
from samrutine.publishing.model import Manifest
from samrutine.publishing.targets import target_name
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import DecisionId, Decisions
from samrutine.storage.rows import DecisionRow, TargetRow
from samrutine.storage.sql import Database

LOOK_AGAIN: Final = "resume-publishing"
"""What waits in a municipality's inbox while one of its targets is paused."""


@dataclass(frozen=True, slots=True)
class PausedTarget:
    """A target to which nothing is delivered until somebody has looked at what lies there."""

    municipality: str
    target: str
    name: str
    paused_at: datetime


@dataclass(frozen=True, slots=True)
class PublishingResumed:
    """Somebody has looked, and the target is published to again. `there` is the newest decision that lay there."""

    target: str
    name: str
    municipality: str
    there: int | None
    number: int
    projected: bool


@dataclass(frozen=True)
class NotPaused(Because):
    """Publishing to the target is not paused."""


@dataclass(frozen=True)
class LiesAhead(Because):
    """What lies at the target rests on decisions that this library does not have, or has others in place of."""

    there: int
    here: int


@dataclass(frozen=True)
class ListGone(Because):
    """We have published there, and the list that would say on which decision what lies there rests is gone."""


def reasons_against_resuming(
    there: tuple[int, str] | None, here: int, hash_here: str | None, *, list_gone: bool = False
) -> list[Because]:
    """
    Say why a target may not be published to again without saying `overwrite`; empty means it may.

    Args:
        there: Number and hash of the newest decision that what lies there rests on; None when nothing of ours does.
        here: The library's newest decision.
        hash_here: The hash of the library's own decision of that number; None when it has none.
        list_gone: Whether the place is there, and the manifest that we have left in it is not.
    """
    if list_gone:
        return [ListGone()]
    if there is None or there[1] == hash_here:
        return []
    return [LiesAhead(there[0], here)]


def paused_targets(session: Session, municipality: str | None = None) -> list[PausedTarget]:
    """Give the targets that wait, by municipality and name; everywhere when None."""
    query = select(TargetRow).where(col(TargetRow.paused_at).is_not(None))
    if municipality is not None:
        query = query.where(TargetRow.municipality == municipality)
    rows = session.exec(query.order_by(TargetRow.municipality, TargetRow.name, col(TargetRow.set_number)))
    return [PausedTarget(row.municipality, row.id, row.name, row.paused_at) for row in rows if row.paused_at]


class Resuming:
    """
    Ending a pause.

    Args:
        connectors: By kind, what opens a destination from its location.
    """

    def __init__(
        self, database: Database, decisions: Decisions, connectors: Mapping[str, Callable[[str], Connector]]
    ) -> None:
        self._database = database
        self._decisions = decisions
        self._connectors = connectors

    def paused(self, municipality: str | None = None) -> Sequence[PausedTarget]:
        """Give the targets to which nothing is delivered until somebody has looked; everywhere when None."""
        with self._database.reading() as session:
            number = get_municipality(session, municipality).number if municipality is not None else None
            return paused_targets(session, number)

    def resume(
        self, municipality: str, name: str, *, overwrite: bool, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> PublishingResumed:
        """
        Publish to a target again, after what lies there was read and compared with this library's decisions.

        Nothing is delivered by this; the next publishing does that.

        Args:
            name: The target's name.
            overwrite: It may be published to also where what lies there rests on decisions that this library does not
                have. `publish` then asks for the same once more.

        Raises:
            TargetNotFound: The municipality has no target of that name.
            NotAllowed: Neither responsible nor decider in that municipality.
            Refused: It is not paused, or what lies there is ahead of this library.
            DeliveryFailed: What lies there cannot be read. It stays paused.
        """
        name = target_name(name)
        request, texts = {"municipality": municipality, "overwrite": overwrite}, {"name": name}
        made = self._decisions.made(decision_id, "resume_publishing", request, by=by, texts=texts)
        # Read before the transaction: a share that has gone to sleep must not hold up every decision.
        there = {} if made else self._there(municipality, name, by, now)
        with self._decisions.act(decision_id, "resume_publishing", request, by=by, now=now, texts=texts) as act:
            if not act.is_repeat:
                session = act.session
                where = get_municipality(session, municipality)
                body = municipality_body(where.number)
                actor = get_actor(session, by)
                refuse(reasons_against(actor, Verb.PUBLISH, body, act.today))
                rows = [row for row in _waiting(session, where.number, name) if row.id in there]
                if not rows:
                    refuse([NotPaused()])
                for row in rows:
                    seen = there[row.id]
                    own = session.get(DecisionRow, seen.head[0]) if seen.head else None
                    here = own.hash if own else None
                    if not overwrite:
                        refuse(reasons_against_resuming(seen.head, act.head.number, here, list_gone=seen.list_gone))
                newest = max((seen.head[0] for seen in there.values() if seen.head), default=None)
                decision = act.record(
                    "publishing_resumed", body=body, role=roles_for(actor, Verb.PUBLISH, body, act.today)[0],
                    facts={"municipality": where.number, "target": rows[0].id, "there": newest, "overwrite": overwrite},
                )  # fmt: skip
                for row in rows:
                    row.paused_at = None
                    session.add(row)
                session.flush()
                if not paused_targets(session, where.number):
                    close_waiting(session, body, decision.number, body=body, what=[LOOK_AGAIN])
        first = act.decisions[0]
        return PublishingResumed(
            first.facts["target"], name, first.facts["municipality"], first.facts["there"], first.number, act.projected
        )

    def _there(self, municipality: str, name: str, by: ActorId, now: datetime) -> dict[str, "_Seen"]:
        """Read which decision each target of a name rests on; a place that is gone holds nothing to look at."""
        with self._database.reading() as session:
            where = get_municipality(session, municipality)
            body = municipality_body(where.number)
            refuse(reasons_against(get_actor(session, by), Verb.PUBLISH, body, norwegian_day(now)))
            known = session.exec(
                select(TargetRow.id).where(TargetRow.municipality == where.number, TargetRow.name == name)
            )
            if not known.all():
                raise TargetNotFound(target=name, municipality=where.name)
            rows = _waiting(session, where.number, name)
        return {row.id: _seen_at(self._connectors[row.connector](row.location), row) for row in rows}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What lay at a target: number and hash of the newest decision it rests on, or that the list of it is gone."""

    head: tuple[int, str] | None = None
    list_gone: bool = False


def _waiting(session: Session, municipality: str, name: str) -> list[TargetRow]:
    query = select(TargetRow).where(
        TargetRow.municipality == municipality, TargetRow.name == name, col(TargetRow.paused_at).is_not(None)
    )
    return list(session.exec(query.order_by(col(TargetRow.set_number))))


def _seen_at(connector: Connector, row: TargetRow) -> _Seen:
    try:
        manifest: Manifest | None = connector.manifest()
    except DestinationMissing:
        return _Seen()
    if manifest is not None:
        return _Seen((manifest.head.number, manifest.head.hash))
    left = read_manifest(row.manifest.encode()).files if row.manifest else {}
    return _Seen(list_gone=bool(connector.look(list(left))))
