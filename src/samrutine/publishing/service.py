"""The verbs of publishing: say where, publish, and show what lies there."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from samrutine.actors import ActorId, Verb, municipality_body, reasons_against, roles_for
from samrutine.adoptions.documents import Documents
from samrutine.adoptions.effective import EffectiveDocument
from samrutine.days import norwegian_day
from samrutine.errors import (
    DeliveryFailed,
    DestinationBusy,
    DestinationForbidden,
    DestinationMissing,
    DestinationNotAFolder,
    DestinationNotOurs,
    InvalidRequest,
    PublishingPaused,
    Refused,
    SamrutineError,
    StoreDamaged,
    TargetNotFound,
)
from samrutine.inbox.opening import Note, tell
from samrutine.networks.directory import get_actor, get_municipality
from samrutine.procedures.model import ProcedureId
from samrutine.publishing.connector import Connector
from samrutine.publishing.delivery import Attached, deliver, preview
from samrutine.publishing.manifest import read_manifest, write_manifest
from samrutine.publishing.model import (
    ChainHead,
    Edition,
    Manifest,
    Plan,
    PublicationState,
    PublishedDocument,
    TargetId,
)
from samrutine.publishing.newest import Newest
from samrutine.publishing.receipts import Receipt, ReceiptLine, state_together
from samrutine.publishing.targets import (
    PlaceTaken,
    real_place,
    reasons_against_name,
    reasons_against_place,
    target_location,
    target_name,
)
from samrutine.publishing.written import by_receipts
from samrutine.reasons import refuse
from samrutine.storage.decisions import DecisionId, Decisions
from samrutine.storage.rows import DecisionRow, EffectiveDocumentRow, PublicationRow, TargetRow
from samrutine.storage.rows.publishing import TAKEN_AWAY
from samrutine.storage.sql import Database
from samrutine.storage.steps import reach

Render = Callable[[EffectiveDocument], bytes]
"""Makes a document in one format."""

NOT_DELIVERED: Final = (DeliveryFailed, Refused, StoreDamaged)
"""Why one target has no receipt; those after it are tried all the same."""


@dataclass(frozen=True, slots=True)
class TargetSet:
    """A municipality has a place where its documents are published."""

    target: TargetId
    name: str
    municipality: str
    connector: str
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class TargetEnded:
    """A municipality publishes to a place no more. What lies there is taken away by the next publishing."""

    target: TargetId
    name: str
    municipality: str
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class AtTarget:
    """
    What became of one target, or would: a receipt after `publish`, a plan after `preview`, or why there is neither.

    `ended` is true of a place where the municipality publishes no more, and from which our files were to be taken.
    `left_out` are routines that apply in the municipality and are not published, since they are exempt from public access
    and nothing tells us who reads at the target. What lay there from before they were exempt is taken away.
    """

    target: TargetId
    name: str
    ended: bool
    receipt: Receipt | None = None
    plan: Plan | None = None
    error: SamrutineError | None = None
    left_out: tuple[ProcedureId, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """What became of each of a municipality's targets; those that ended come first."""

    targets: tuple[AtTarget, ...]

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """What lies at the targets that could be reached."""
        return tuple(one.receipt for one in self.targets if one.receipt is not None)

    @property
    def errors(self) -> tuple[SamrutineError, ...]:
        """Why the others could not."""
        return tuple(one.error for one in self.targets if one.error is not None)

    def require_all(self) -> "Published":
        """
        Give itself back when every target has its receipt.

        Raises:
            SamrutineError: One has none; the first error as it came.
        """
        if self.errors:
            raise self.errors[0]
        return self


@dataclass(frozen=True, slots=True)
class Publication:
    """One procedure at one target, as last read back."""

    municipality: str
    target: str
    procedure: str
    version: str
    state: PublicationState
    effective_digest: str
    verified_at: datetime | None


class Publishing:
    """
    Publishing into the municipalities' own places.

    Args:
        connectors: By kind ("folder", "package"), what opens a destination from its location.
        renderers: By suffix ("pdf", "html", "md"), what makes a document.
        home: The home, so that nothing is published among the library's own files.
        attached: Gives the files that belong to routines.
    """

    def __init__(
        self, database: Database, decisions: Decisions, documents: Documents,
        connectors: Mapping[str, Callable[[str], Connector]], renderers: Mapping[str, Render], home: Path, attached: Attached,
    ) -> None:  # fmt: skip
        self._attached = attached
        self._database = database
        self._decisions = decisions
        self._documents = documents
        self._connectors = connectors
        self._renderers = renderers
        self._home = home

    def set_target(
        self,
        municipality: str,
        name: str,
        connector: str,
        location: str,
        *,
        by: ActorId,
        now: datetime,
        decision_id: DecisionId,
    ) -> TargetSet:
        """
        Say where a municipality's documents are published.

        A target of the same name that has another place ends: it is withdrawn from by the next publishing, and stays
        on the list for as long as it cannot be reached. A place that was ended and is set again is the same target.

        Args:
            name: What people call it: "kvalitetssystem", "intranett". Letters, digits, spaces, "-" and "_", at most 40.
            connector: "folder" for a folder that exists, "package" for a ZIP file in one.
            location: The absolute path.

        Raises:
            NotAllowed: Neither responsible nor decider in that municipality.
            Refused: The place is the library's own or another target's, or the name is personal data.
            InvalidRequest: No such connector, or name or path cannot be right.
        """
        name, location = target_name(name), target_location(location)
        # Asked of the disk before the transaction: a share that has gone to sleep must not hold up every decision.
        place = real_place(location)
        request = {"municipality": municipality, "connector": connector}
        texts = {"name": name, "location": location}
        with self._decisions.act(decision_id, "set_target", request, by=by, now=now, texts=texts) as act:
            if not act.is_repeat:
                session = act.session
                where = get_municipality(session, municipality)
                body = municipality_body(where.number)
                actor = get_actor(session, by)
                refuse(reasons_against(actor, Verb.PREPARE, body, act.today))
                if connector not in self._connectors:
                    raise InvalidRequest(what="connector", value=connector, expected=", ".join(self._connectors))
                refuse([*reasons_against_name(name), *reasons_against_place(place, real_place(str(self._home)))])
                before = _active(session, where.number, name)
                _refuse_when_taken(session, location, unless=before)
                stays = before is not None and (before.connector, before.location) == (connector, location)
                row = before if before is not None and stays else _ended_at(session, where.number, connector, location)
                number = act.head.number + 1
                target = row.id if row is not None else _new_id(act.head.hash)
                facts = {"municipality": where.number, "target": target, "connector": connector}
                if before is not None and not stays:
                    facts["instead_of"] = before.id
                    before.ended_number = number
                    session.add(before)
                act.record(
                    "target_set", body=body, role=roles_for(actor, Verb.PREPARE, body, act.today)[0], facts=facts
                )
                if row is None:
                    row = TargetRow(
                        id=target, municipality=where.number, name=name, connector=connector, location=location,
                        set_number=number,
                    )  # fmt: skip
                row.name, row.set_number, row.ended_number = name, number, None
                row.manifest = row.manifest or None
                session.add(row)
        made = act.decisions[0]
        return TargetSet(
            TargetId(made.facts["target"]), name, made.facts["municipality"], connector, made.number, act.projected
        )

    def end_target(
        self, municipality: str, name: str, *, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> TargetEnded:
        """
        Publish to a place no more. The next publishing takes away what is ours there, and is as we wrote it.

        Args:
            name: The target's name.

        Raises:
            NotAllowed: Neither responsible nor decider in that municipality.
            TargetNotFound: The municipality has no target of that name.
        """
        request = {"municipality": municipality}
        with self._decisions.act(decision_id, "end_target", request, by=by, now=now, texts={"name": name}) as act:
            if not act.is_repeat:
                where = get_municipality(act.session, municipality)
                body = municipality_body(where.number)
                actor = get_actor(act.session, by)
                refuse(reasons_against(actor, Verb.PREPARE, body, act.today))
                row = _active(act.session, where.number, name)
                if row is None:
                    raise TargetNotFound(target=name, municipality=where.name)
                made = act.record(
                    "target_ended", body=body, role=roles_for(actor, Verb.PREPARE, body, act.today)[0],
                    facts={"municipality": where.number, "target": row.id},
                )  # fmt: skip
                row.ended_number = made.number
                act.session.add(row)
        made = act.decisions[0]
        return TargetEnded(TargetId(made.facts["target"]), name, made.facts["municipality"], made.number, act.projected)

    def publish(
        self, municipality: str, *, target: str | None, overwrite: bool, by: ActorId, now: datetime,
        on_document: Callable[[str], None] | None = None,
    ) -> Published:  # fmt: skip
        """
        Make the municipality's targets hold just what applies there today, and read back that they do.

        Safe to call again: what is unchanged is not made again, and what was killed in the middle goes on. A copy that
        somebody changed by hand is reported and left, unless `overwrite`. From a target that ended, our files are taken
        away; it is tried each time until none is left. A target that fails does not hold up the others. One that is paused
        since the library was put back from a backup is only read: its plan stands beside the error that says so.

        Args:
            target: Only the targets of this name, ended ones too; all of the municipality's when None.
            on_document: Told the title of each document as it is made.

        Returns:
            A receipt or an error for each target.

        Raises:
            TargetNotFound: The municipality has no target, or none of that name.
            NotAllowed: Neither responsible nor decider in that municipality.
        """
        found = self._found(municipality, target, by=by, now=now)
        results = []
        for row in found.rows:
            ended = row.ended_number is not None
            if row.paused_at is not None:
                results.append(self._looked_at(row, found))
                continue
            try:
                receipt = self._delivered(row, found, now=now, overwrite=overwrite, on_document=on_document)
            except NOT_DELIVERED as error:
                if ended and _never_delivered(row, error):
                    self._keep_taken_away(row)
                else:
                    results.append(AtTarget(TargetId(row.id), row.name, ended, error=error))
                    self._tell_of_failure(row.municipality, by, now)
                continue
            reach("publish: receipts written")
            left_out = found.newest.now().left_out
            results.append(AtTarget(TargetId(row.id), row.name, ended, receipt=receipt, left_out=left_out))
            for one in [one for one in results if _was_moved_here(one, receipt)]:
                self._keep_taken_away(next(row for row in found.rows if row.id == one.target))
                results.remove(one)
        return Published(tuple(results))

    def _looked_at(self, row: TargetRow, found: "_Found") -> AtTarget:
        """Say what would be done at a target that is paused, from what lies there, and why it is not; only reads."""
        ended, name = row.ended_number is not None, TargetId(row.id)
        try:
            plan = preview(
                self._connector(row), partial(found.edition, row), remembered=_remembered(row),
                may_take_over=found.ended, knows=self._knows, wrote=by_receipts(self._database, row.municipality),
            )  # fmt: skip
        except (DeliveryFailed, Refused) as error:
            return AtTarget(name, row.name, ended, error=error)
        paused = PublishingPaused(target=row.name, municipality=found.newest.where.name, paused_at=row.paused_at)
        return AtTarget(name, row.name, ended, plan=plan, error=paused, left_out=found.newest.now().left_out)

    def _delivered(
        self, row: TargetRow, found: "_Found", *, now: datetime, overwrite: bool, on_document: Callable[[str], None] | None
    ) -> Receipt:  # fmt: skip
        """Deliver to one target and keep the receipt; once more when another publishing came between."""
        try:
            return self._deliver_once(row, found, now=now, overwrite=overwrite, on_document=on_document)
        except DestinationBusy:
            return self._deliver_once(row, found, now=now, overwrite=overwrite, on_document=on_document)

    def _deliver_once(
        self, row: TargetRow, found: "_Found", *, now: datetime, overwrite: bool, on_document: Callable[[str], None] | None
    ) -> Receipt:  # fmt: skip
        def edition() -> Edition:
            newest = found.edition(row)
            reach("publish: planned")
            return newest

        def content(document: PublishedDocument, suffix: str) -> bytes:
            if on_document is not None:
                on_document(document.title)
            return self._renderers[suffix](found.newest.kept.sources[document.procedure_id])

        receipt = deliver(
            self._connector(row), edition, content, now=now, remembered=_remembered(row), overwrite=overwrite,
            may_take_over=found.ended, knows=self._knows, wrote=by_receipts(self._database, row.municipality),
            on_step=reach, attached=self._attached,
        )  # fmt: skip
        reach("publish: delivered")
        self._keep(receipt, now, ended=row.ended_number is not None)
        return receipt

    def preview(
        self, municipality: str, *, target: str | None, overwrite: bool, by: ActorId, now: datetime
    ) -> tuple[AtTarget, ...]:
        """
        Say what `publish` would do at each target now, name by name, from what lies there. Writes nothing anywhere.

        Args and errors are those of `publish`; a target that cannot be read has its error in place of a plan.
        """
        found = self._found(municipality, target, by=by, now=now)
        results = []
        for row in found.rows:
            left_out = found.newest.now().left_out
            at = AtTarget(TargetId(row.id), row.name, row.ended_number is not None, left_out=left_out)
            try:
                plan = preview(
                    self._connector(row), partial(found.edition, row), remembered=_remembered(row),
                    overwrite=overwrite, may_take_over=found.ended, knows=self._knows,
                    wrote=by_receipts(self._database, row.municipality),
                )  # fmt: skip
            except NOT_DELIVERED as error:
                if not (at.ended and _never_delivered(row, error)):
                    results.append(replace(at, error=error))
                continue
            results.append(replace(at, plan=plan))
        return tuple(results)

    def _found(self, municipality: str, target: str | None, *, by: ActorId, now: datetime) -> "_Found":
        today = norwegian_day(now)
        with self._database.reading() as session:
            where = get_municipality(session, municipality)
            refuse(reasons_against(get_actor(session, by), Verb.PUBLISH, municipality_body(where.number), today))
            of_interest = or_(
                col(TargetRow.ended_number).is_(None),
                col(TargetRow.manifest).is_(None),
                col(TargetRow.manifest) != TAKEN_AWAY,
            )
            of_theirs = select(TargetRow).where(TargetRow.municipality == where.number)
            query = of_theirs.where(of_interest)
            ended = [TargetId(row.id) for row in session.exec(of_theirs) if row.ended_number is not None]
            rows = [row for row in session.exec(query) if target in {None, row.name}]
            if not rows:
                raise TargetNotFound(target=target or "–", municipality=where.name)
        # Those that ended first: their place may be another's now.
        rows.sort(key=lambda row: (row.ended_number is None, row.name, row.set_number))
        return _Found(tuple(rows), frozenset(ended), Newest(self._database, self._documents, where, today))

    def _knows(self, head: ChainHead) -> bool:
        with self._database.reading() as session:
            return session.exec(select(DecisionRow.hash).where(DecisionRow.number == head.number)).first() == head.hash

    def _connector(self, row: TargetRow) -> Connector:
        if row.ended_number is None:
            # Looked at each time: a link on the way may have been changed since the target was set.
            refuse(reasons_against_place(real_place(row.location), real_place(str(self._home))))
        return self._connectors[row.connector](row.location)

    def publications(self, municipality: str | None = None) -> Sequence[Publication]:
        """
        Show what lies where, as last read back; everywhere when `municipality` is None.

        A target that ended is shown until nothing of ours is left there.
        """
        with self._database.reading() as session:
            query = select(PublicationRow, TargetRow).join(
                TargetRow, col(TargetRow.id) == col(PublicationRow.target_id)
            )
            lies_there = col(PublicationRow.state) != PublicationState.WITHDRAWN.value
            query = query.where(or_(col(TargetRow.ended_number).is_(None), lies_there))
            if municipality is not None:
                query = query.where(TargetRow.municipality == get_municipality(session, municipality).number)
            query = query.order_by(TargetRow.municipality, TargetRow.name, PublicationRow.procedure_id)
            return [
                Publication(
                    target.municipality, target.name, row.procedure_id, row.version, PublicationState(row.state),
                    row.effective_digest, row.verified_at,
                )
                for row, target in session.exec(query)
            ]  # fmt: skip

    def _keep_taken_away(self, row: TargetRow) -> None:
        with self._database.writing() as session:
            kept = session.get_one(TargetRow, row.id)
            kept.manifest = TAKEN_AWAY
            session.add(kept)
            session.exec(
                update(PublicationRow)
                .where(col(PublicationRow.target_id) == row.id)
                .values(state=PublicationState.WITHDRAWN.value)
                .execution_options(synchronize_session=False)
            )

    def _tell_of_failure(self, municipality: str, by: ActorId, now: datetime) -> None:
        """Tell those who answer for publishing there that something could not be delivered; whoever tried sees it."""
        body = municipality_body(municipality)
        with self._decisions.note() as session:
            tell(Note.begun(session, by=by, now=now), "publication-failed", body, bodies=[(body, Verb.PUBLISH)])

    def _keep(self, receipt: Receipt, now: datetime, *, ended: bool) -> None:
        """
        Write the receipt: what was read back, procedure by procedure.

        Most runs find everything as it was. Then one statement says so for all, since a row at a time took longer
        than reading and hashing the files.
        """
        with self._database.writing() as session:
            target = session.get_one(TargetRow, receipt.target, with_for_update=True)
            kept = _remembered(target)
            if kept is not None and kept.head.number > receipt.head.number:
                # Another publishing was done after ours had written its files: what ours read back lies there no more.
                raise DestinationBusy(target=target.name)
            left = write_manifest(receipt.manifest).decode()
            target.manifest = TAKEN_AWAY if ended and receipt.leaves_nothing else left
            target.checked_at = now
            session.add(target)
            rows = {
                row.procedure_id: row
                for row in session.exec(select(PublicationRow).where(PublicationRow.target_id == receipt.target))
            }
            lines: dict[str, list[ReceiptLine]] = {}
            for line in receipt.lines:
                if line.procedure_id is not None:
                    lines.setdefault(line.procedure_id, []).append(line)
            as_it_was = [
                procedure
                for procedure, found in lines.items()
                if procedure in rows and _is_as_kept(rows[procedure], found)
            ]
            session.exec(
                update(PublicationRow)
                .where(col(PublicationRow.target_id) == receipt.target, col(PublicationRow.procedure_id).in_(as_it_was))
                .values(verified_at=now, chain_number=receipt.head.number)
                .execution_options(synchronize_session=False)
            )
            for procedure in sorted(lines.keys() - set(as_it_was)):
                self._keep_lines(session, receipt, procedure, lines[procedure], rows.get(procedure), now)
            for procedure in sorted(rows.keys() - lines.keys()):
                row = rows[procedure]
                if row.state != PublicationState.WITHDRAWN.value:
                    # A run that was killed took its files away and wrote no receipt. Now the manifest no longer names
                    # them, so no line says what became of them.
                    row.state, row.chain_number, row.delivered_at = (
                        PublicationState.WITHDRAWN.value,
                        receipt.head.number,
                        now,
                    )
                    row.receipt = json.dumps(dict.fromkeys(json.loads(row.receipt)), sort_keys=True)
                    session.add(row)

    @staticmethod
    def _keep_lines(
        session: Session,
        receipt: Receipt,
        procedure: str,
        lines: Sequence[ReceiptLine],
        kept: PublicationRow | None,
        now: datetime,
    ) -> None:
        state, written = state_together([line.state for line in lines]), _files_of(lines)
        if state is PublicationState.WITHDRAWN:
            # What was taken away stays what our own receipt said it was, and without one nothing is said. The list there
            # may have been another library's that came further: its versions and digests are none that we decided.
            if kept is not None and (kept.state, kept.receipt) != (state.value, written):
                kept.state, kept.receipt, kept.delivered_at = state.value, written, now
                kept.chain_number = receipt.head.number
                session.add(kept)
            return
        row = kept or PublicationRow(
            target_id=receipt.target, procedure_id=procedure, state=state.value, version="", effective_digest="",
            receipt="", chain_number=0, delivered_at=now,
        )  # fmt: skip
        if written != row.receipt:
            row.delivered_at = now
        row.state, row.receipt, row.chain_number = state.value, written, receipt.head.number
        row.version = str(lines[0].version or row.version)
        row.effective_digest = lines[0].effective_digest
        row.verified_at = now if state is PublicationState.VERIFIED else row.verified_at
        session.add(row)
        _keep_effective(
            session, digest=row.effective_digest, municipality=receipt.municipality, procedure_id=procedure,
            version=row.version, first_number=receipt.head.number,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """What a publishing begins with: the targets in their order, those that ended, and what gives the newest that applies."""

    rows: tuple[TargetRow, ...]
    ended: frozenset[TargetId]
    newest: Newest

    def edition(self, row: TargetRow) -> Edition:
        """Give what shall lie at a target, by the decisions made until now."""
        return self.newest.now().edition(row)


def _keep_effective(session: Session, **columns: object) -> None:
    """Keep what a digest stands for, once: the same paper may be on its way to two targets in the same moment."""
    # Asked and then added, it lost a receipt: neither of two publishings sees the row that the other is about to commit.
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    adding = insert(EffectiveDocumentRow).values(columns)
    # The one that read its decisions first may be the last to keep its receipt.
    earlier = adding.excluded.first_number < EffectiveDocumentRow.first_number
    first = {"first_number": adding.excluded.first_number}
    session.execute(adding.on_conflict_do_update(index_elements=["digest"], set_=first, where=earlier))


def _new_id(head: str) -> str:
    """
    Make a target's id from the chain's head before the decision: another library's is never the same.

    A demo and the real library may both publish for a municipality; neither may take the other's folder for its own.
    """
    return f"t-{hashlib.sha256(head.encode()).hexdigest()[:12]}"


def _was_moved_here(one: AtTarget, receipt: Receipt) -> bool:
    """Whether an ended target is nowhere because somebody moved its folder to where this receipt is from."""
    return one.target == receipt.took_over and isinstance(one.error, DestinationMissing)


def _active(session: Session, municipality: str, name: str) -> TargetRow | None:
    query = select(TargetRow).where(
        TargetRow.municipality == municipality, TargetRow.name == name, col(TargetRow.ended_number).is_(None)
    )
    return session.exec(query).first()


def _ended_at(session: Session, municipality: str, connector: str, location: str) -> TargetRow | None:
    """Find the municipality's own ended target at a place: the manifest there, if one is left, carries its id."""
    query = select(TargetRow).where(
        TargetRow.municipality == municipality, TargetRow.connector == connector, TargetRow.location == location,
        col(TargetRow.ended_number).is_not(None),
    )  # fmt: skip
    return session.exec(query.order_by(col(TargetRow.ended_number).desc())).first()


def _refuse_when_taken(session: Session, location: str, *, unless: TargetRow | None) -> None:
    query = select(TargetRow.id).where(TargetRow.location == location, col(TargetRow.ended_number).is_(None))
    if set(session.exec(query)) - {unless.id if unless is not None else ""}:
        refuse([PlaceTaken()])


def _remembered(row: TargetRow) -> Manifest | None:
    return read_manifest(row.manifest.encode()) if row.manifest else None


def _never_delivered(row: TargetRow, error: SamrutineError) -> bool:
    """Whether an ended target is a mistake that was put right: no receipt of ours, and no place that could hold files."""
    nowhere = (DestinationMissing, DestinationNotAFolder, DestinationNotOurs, DestinationForbidden)
    return row.manifest is None and isinstance(error, nowhere)


def _is_as_kept(row: PublicationRow, lines: Sequence[ReceiptLine]) -> bool:
    """Whether a procedure lies there just as the last receipt says, verified then and now."""
    kept = (row.state, row.version, row.effective_digest, row.receipt)
    found = (PublicationState.VERIFIED.value, str(lines[0].version), lines[0].effective_digest, _files_of(lines))
    return kept == found and state_together([line.state for line in lines]) is PublicationState.VERIFIED


def _files_of(lines: Sequence[ReceiptLine]) -> str:
    return json.dumps({line.path: line.sha256 for line in lines}, sort_keys=True)
