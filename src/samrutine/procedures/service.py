"""The verbs of reading about procedures: which there are, and what was ever decided about one."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from samrutine.actors import municipality_body
from samrutine.days import norwegian_day
from samrutine.errors import ProcedureNotFound
from samrutine.networks.acting import NOBODY_KNOWN, ActorKind, whoever_acted
from samrutine.networks.directory import get_municipality, get_network_id, municipalities
from samrutine.procedures.hiding import NOTHING_HIDDEN, HiddenTexts
from samrutine.procedures.model import Digest, HurriedVersion, Kind, ProcedureId, VersionNumber
from samrutine.procedures.review import is_overdue
from samrutine.storage.rows import DecisionRow, DecisionTextRow, ProcedureRow, StandingDecisionRow, VersionRow
from samrutine.storage.sql import Database


@dataclass(frozen=True, slots=True)
class ProcedureSummary:
    """
    A procedure as it stands in the library.

    Attributes:
        is_overdue: It should have been looked through before today.
        hurried: How far its version has come when that is a *hasteversjon*; None for others.
        withdrawn: Its network has withdrawn it.
        replaced_by: The routine to follow instead of one that is withdrawn; None when there is none, or none to be seen.
    """

    id: ProcedureId
    title: str
    kind: Kind
    network: str
    subject: str
    version: VersionNumber
    digest: Digest
    next_review: date
    is_overdue: bool
    hurried: HurriedVersion | None = None
    withdrawn: bool = False
    replaced_by: ProcedureId | None = None


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """
    One version that got its number.

    Attributes:
        approved_on: The day it got its number: for a *hasteversjon* before its network had agreed.
        hurried: How far it has come when it is a *hasteversjon*; None for others, which were approved that day.
        confirmed_on: The day on which the network agreed to a *hasteversjon* afterwards; None when it has not.
    """

    version: VersionNumber
    digest: Digest
    approved_on: date
    approved_by: str
    significance: str
    meaning: str | None
    number: int
    hurried: HurriedVersion | None = None
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """
    One decision about a procedure.

    Attributes:
        name: The person's, where one decided and is not erased, or what a party outside is called.
        texts: Reasons and other free text.
        hash: The link in the chain: the proof that this was decided, then, and not changed since.
        by: Who decided: a person, the rules, or one outside by a personal link.
        standing_number: The standing decision that it followed, by number; None where it followed none.
    """

    number: int
    at: datetime
    kind: str
    body: str
    role: str
    name: str | None
    facts: Mapping[str, Any]
    texts: Mapping[str, str]
    hash: str
    by: ActorKind = ActorKind.PERSON
    standing_number: int | None = None


class Procedures:
    """Procedures, read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def procedures(
        self, *, today: date, network: str | None = None, hidden: HiddenTexts = NOTHING_HIDDEN
    ) -> Sequence[ProcedureSummary]:
        """
        Give every procedure that was ever faglig godkjent, by title.

        Args:
            today: The day from which a review is overdue or not, a day in Norway.
            network: Only those of this network, by id or name; of all when None.
            hidden: What the reader may not see: left out.

        Raises:
            NetworkNotFound: There is none of that id or name.
        """
        with self._database.reading() as session:
            query = select(ProcedureRow).order_by(ProcedureRow.sort_title, ProcedureRow.id)
            if network is not None:
                query = query.where(ProcedureRow.network == get_network_id(session, network))
            rows = session.exec(query)
            hurried = {
                row.digest: _hurried(row)
                for row in session.exec(select(VersionRow).where(col(VersionRow.hurried).is_(True)))
            }
            return [
                ProcedureSummary(
                    ProcedureId(row.id), row.title, Kind(row.kind), row.network, row.folder,
                    VersionNumber(row.major, row.minor), Digest(row.digest), row.next_review,
                    is_overdue=row.withdrawn_number is None and is_overdue(row.next_review, today),
                    hurried=hurried.get(row.digest), withdrawn=row.withdrawn_number is not None,
                    replaced_by=_replacement(row, hidden),
                )
                for row in rows
                if row.id not in hidden.procedures
            ]  # fmt: skip

    def versions(self, procedure: ProcedureId, *, hidden: HiddenTexts = NOTHING_HIDDEN) -> Sequence[VersionSummary]:
        """
        Give the approved versions of a procedure, the oldest first.

        Args:
            hidden: What the reader may not see: left out.

        Raises:
            ProcedureNotFound: There is none of that id, or none that the reader may know of. A routine that is only
                proposed has no versions, and is not found either.
        """
        with self._database.reading() as session:
            if procedure in hidden.procedures or session.get(ProcedureRow, procedure) is None:
                raise ProcedureNotFound(procedure=procedure)
            rows = session.exec(
                select(VersionRow)
                .where(VersionRow.procedure_id == procedure)
                .order_by(col(VersionRow.major), col(VersionRow.minor))
            ).all()
            agreed = [row.confirmed_number for row in rows if row.confirmed_number is not None]
            days = {
                number: norwegian_day(at)
                for number, at in session.exec(
                    select(DecisionRow.number, DecisionRow.decided_at).where(col(DecisionRow.number).in_(agreed))
                )
            }
            return [
                VersionSummary(
                    VersionNumber(row.major, row.minor), Digest(row.digest), row.approved_on, row.approved_by,
                    row.significance, row.meaning, row.decided_number, _hurried(row), days.get(row.confirmed_number or 0),
                )
                for row in rows
                if row.digest not in hidden.digests
            ]  # fmt: skip

    def history(
        self, procedure: ProcedureId, *, municipality: str | None = None, hidden: HiddenTexts = NOTHING_HIDDEN,
        hidden_proposals: frozenset[str] = frozenset(), today: date,
    ) -> Sequence[Event]:  # fmt: skip
        """
        Give every decision about a procedure, the oldest first.

        Args:
            municipality: Only that municipality's decisions, and the network's.
            hidden: What the reader may not see: decisions about it are left out.
            hidden_proposals: Proposals that the reader may not see, likewise.
            today: The day by which a municipality has taken an open version into use or not, a day in Norway.

        Raises:
            ProcedureNotFound: Nothing was ever decided, or proposed, about that id that the reader may know of.
        """
        with self._database.reading() as session:
            query = select(DecisionRow).where(DecisionRow.subject == procedure).order_by(col(DecisionRow.number))
            if municipality is not None:
                body = f"municipality:{get_municipality(session, municipality).number}"
                query = query.where((col(DecisionRow.body) == body) | col(DecisionRow.body).like("network:%"))
            shown = _Shown(session, procedure, hidden, hidden_proposals, today)
            decided = [(row, json.loads(row.record)["facts"]) for row in session.exec(query)]
            rows = [row for row, facts in decided if shown.may(row, facts)]
            if not rows and (procedure in hidden.procedures or session.get(ProcedureRow, procedure) is None):
                raise ProcedureNotFound(procedure=procedure)
            texts: dict[int, dict[str, str]] = {}
            numbers = [row.number for row in rows]
            for text in session.exec(select(DecisionTextRow).where(col(DecisionTextRow.number).in_(numbers))):
                if text.text is not None:
                    texts.setdefault(text.number, {})[text.name] = text.text
            who = whoever_acted(session, [row.actor_id for row in rows])
            standing = standing_numbers(session, [_standing_id(facts) for _, facts in decided])
            return [
                Event(
                    row.number, row.decided_at, row.kind, row.body, row.role, who.get(row.actor_id, NOBODY_KNOWN).name,
                    facts := shown.facts(row), texts.get(row.number, {}), row.hash,
                    who.get(row.actor_id, NOBODY_KNOWN).kind, standing.get(_standing_id(facts) or ""),
                )
                for row in rows
            ]  # fmt: skip


def _standing_id(facts: Mapping[str, Any]) -> str | None:
    """Give the standing decision that facts name; those of an approval have something else by that word."""
    named = facts.get("standing")
    return named if isinstance(named, str) else None


def standing_numbers(session: Session, ids: Iterable[str | None]) -> dict[str, int]:
    """Give by which decisions standing decisions were made: people know those by number, and never the ids."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    query = select(StandingDecisionRow.id, StandingDecisionRow.decided_number)
    return dict(session.exec(query.where(col(StandingDecisionRow.id).in_(wanted))).all())


def _hurried(row: VersionRow) -> HurriedVersion | None:
    return HurriedVersion.of(hurried=row.hurried, confirmed=row.confirmed_number, refused=row.refused_number)


def _replacement(row: ProcedureRow, hidden: HiddenTexts) -> ProcedureId | None:
    if row.withdrawn_number is None or row.replaced_by is None or row.replaced_by in hidden.procedures:
        return None
    return ProcedureId(row.replaced_by)


class _Shown:
    """What of a routine's history a reader may see."""

    def __init__(
        self, session: Session, procedure: str, hidden: HiddenTexts, hidden_proposals: frozenset[str], today: date
    ) -> None:
        # What belongs to which version is asked of what the municipalities took into use.
        from samrutine.adoptions.belonging import belongings, hidden_in

        self._hidden, self._proposals, self._today = hidden, hidden_proposals, today
        self._is_there = procedure not in hidden.procedures
        rows = session.exec(select(VersionRow).where(VersionRow.procedure_id == procedure)).all()
        self._versions = {f"{row.major}.{row.minor}" for row in rows if row.digest in hidden.digests}
        layers = (
            {(procedure, one.number) for one in municipalities(session)} if self._versions and self._is_there else set()
        )
        found = belongings(session, layers, hidden_in(hidden)) if layers else {}
        self._layers = {municipality_body(town): layer for (_, town), layer in found.items()}

    def may(self, row: DecisionRow, facts: Mapping[str, Any]) -> bool:
        """Whether they may see that it was decided: not what is about a hidden version, or a layer beside one."""
        layer = self._layers.get(row.body)
        return (
            self._is_there
            and facts.get("proposal") not in self._proposals
            and facts.get("digest") not in self._hidden.digests
            and facts.get("version") not in self._versions
            and not (layer is not None and layer.hides(row.number, None, self._today))
        )

    def facts(self, row: DecisionRow) -> Mapping[str, Any]:
        """Give its facts; a replacement that they may not know of is left out, as where there is none."""
        facts: dict[str, Any] = json.loads(row.record)["facts"]
        if facts.get("replaced_by") in self._hidden.procedures:
            facts["replaced_by"] = None
        return facts
