"""The verbs of publishing: say where, publish, and show what lies there."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from samrutine.actors import ActorId, Verb, municipality_body, reasons_against, roles_for
from samrutine.adoptions.documents import Documents
from samrutine.adoptions.effective import EffectiveDocument, effective_digest
from samrutine.days import norwegian_day
from samrutine.errors import InvalidRequest, TargetNotFound
from samrutine.networks.directory import get_actor, get_municipality
from samrutine.networks.model import Municipality
from samrutine.networks.settling import shared_library
from samrutine.procedures.model import Digest
from samrutine.publishing.connector import Connector
from samrutine.publishing.delivery import deliver
from samrutine.publishing.manifest import read_manifest, write_manifest
from samrutine.publishing.model import (
    DOCUMENT_SUFFIXES,
    ChainHead,
    Edition,
    PublicationState,
    PublishedDocument,
    PublishedFile,
    Receipt,
    ReceiptLine,
    TargetId,
    state_together,
)
from samrutine.reasons import refuse
from samrutine.storage.decisions import DecisionId, Decisions
from samrutine.storage.rows import ChainHeadRow, EffectiveDocumentRow, LibraryRow, PublicationRow, TargetRow
from samrutine.storage.sql import Database
from samrutine.storage.steps import reach

Render = Callable[[EffectiveDocument], bytes]
"""Makes a document in one format."""


@dataclass(frozen=True, slots=True)
class TargetSet:
    """A municipality has a place where its documents are published."""

    target: TargetId
    name: str
    municipality: str
    connector: str
    number: int


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
    """

    def __init__(
        self, database: Database, decisions: Decisions, documents: Documents,
        connectors: Mapping[str, Callable[[str], Connector]], renderers: Mapping[str, Render],
    ) -> None:  # fmt: skip
        self._database = database
        self._decisions = decisions
        self._documents = documents
        self._connectors = connectors
        self._renderers = renderers

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
        Say where a municipality's documents are published. A target of the same name gets the new place.

        Args:
            name: What people call it: "kvalitetssystem", "intranett".
            connector: "folder" for a folder that exists, "package" for a ZIP file in one.
            location: The absolute path.

        Raises:
            NotAllowed: Neither responsible nor decider in that municipality.
            InvalidRequest: No such connector, or the path is not absolute.
        """
        request = {"municipality": municipality, "name": name, "connector": connector}
        with self._decisions.act(
            decision_id, "set_target", request, by=by, now=now, texts={"location": location}
        ) as act:
            if not act.is_repeat:
                session = act.session
                where = get_municipality(session, municipality)
                body = municipality_body(where.number)
                actor = get_actor(session, by)
                refuse(reasons_against(actor, Verb.PREPARE, body, act.today))
                if connector not in self._connectors:
                    raise InvalidRequest(what="connector", value=connector, expected=", ".join(self._connectors))
                if not location.startswith("/"):
                    raise InvalidRequest(what="location", value=location, expected="/…")
                target = f"t-{hashlib.sha256(f'{where.number}/{name}'.encode()).hexdigest()[:10]}"
                decision = act.record(
                    "target_set", body=body, role=roles_for(actor, Verb.PREPARE, body, act.today)[0],
                    facts={"municipality": where.number, "target": target, "name": name, "connector": connector},
                )  # fmt: skip
                row = session.get(TargetRow, target) or TargetRow(
                    id=target,
                    municipality=where.number,
                    name=name,
                    connector=connector,
                    location=location,
                    set_number=0,
                )
                if row.location != location:
                    row.manifest = None
                row.connector, row.location, row.set_number, row.ended_number = (
                    connector,
                    location,
                    decision.number,
                    None,
                )
                session.add(row)
        made = act.decisions[0]
        facts = made.facts
        return TargetSet(
            TargetId(facts["target"]), facts["name"], facts["municipality"], facts["connector"], made.number
        )

    def publish(
        self, municipality: str, *, target: str | None, overwrite: bool, by: ActorId, now: datetime,
        on_document: Callable[[str], None] | None = None,
    ) -> Sequence[Receipt]:  # fmt: skip
        """
        Make the municipality's targets hold just what applies there today, and read back that they do.

        Safe to call again: what is unchanged is not made again, and what was killed in the middle goes on. A copy that
        somebody changed by hand is reported and left, unless `overwrite`.

        Args:
            target: Only the target of this name; all of the municipality's when None.
            on_document: Told the title of each document as it is made.

        Returns:
            One receipt for each target.

        Raises:
            TargetNotFound: The municipality has no target, or none of that name.
            NotAllowed: Neither responsible nor decider in that municipality.
            DeliveryFailed: A destination could not be written; call again when it can.
        """
        today = norwegian_day(now)
        with self._database.reading() as session:
            where = get_municipality(session, municipality)
            refuse(reasons_against(get_actor(session, by), Verb.PUBLISH, municipality_body(where.number), today))
            query = select(TargetRow).where(
                TargetRow.municipality == where.number, col(TargetRow.ended_number).is_(None)
            )
            targets = [row for row in session.exec(query.order_by(TargetRow.name)) if target in {None, row.name}]
            if not targets:
                raise TargetNotFound(target=target or "–", municipality=where.name)
            edition, sources = self._edition(
                session, where, today_documents=self._documents.all_in_force(where.number, today)
            )

        def content(document: PublishedDocument, suffix: str) -> bytes:
            if on_document is not None:
                on_document(document.title)
            return self._renderers[suffix](sources[document.procedure_id])

        reach("publish: planned")
        receipts = []
        for row in targets:
            receipt = deliver(
                self._connectors[row.connector](row.location), edition(TargetId(row.id)), content, now=now,
                remembered=read_manifest(row.manifest.encode()) if row.manifest else None, overwrite=overwrite, on_step=reach,
            )  # fmt: skip
            reach("publish: delivered")
            self._keep(receipt, now)
            reach("publish: receipts written")
            receipts.append(receipt)
        return receipts

    def publications(self, municipality: str | None = None) -> Sequence[Publication]:
        """Show what lies where, as last read back; everywhere when `municipality` is None."""
        with self._database.reading() as session:
            query = select(PublicationRow, TargetRow).join(
                TargetRow, col(TargetRow.id) == col(PublicationRow.target_id)
            )
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

    def _edition(
        self, session: Session, where: Municipality, *, today_documents: Sequence[EffectiveDocument]
    ) -> tuple[Callable[[TargetId], Edition], dict[str, EffectiveDocument]]:
        sources = {str(document.header.procedure_id): document for document in today_documents}
        names = {str(subject.id): subject.nb for subject in shared_library(session).subjects}
        documents = tuple(_published(document, names) for document in today_documents)
        head = session.exec(select(ChainHeadRow)).one()
        demo = session.exec(select(LibraryRow.demo)).one()
        chain = ChainHead(head.number, head.hash)

        def edition(target: TargetId) -> Edition:
            return Edition(target, where.number, where.name, documents, chain, demo=demo)

        return edition, sources

    def _keep(self, receipt: Receipt, now: datetime) -> None:
        """
        Write the receipt: what was read back, procedure by procedure.

        Most runs find everything as it was. Then one statement says so for all, since a row at a time took longer
        than reading and hashing the files.
        """
        with self._database.writing() as session:
            target = session.get_one(TargetRow, receipt.target)
            target.manifest, target.checked_at = write_manifest(receipt.manifest).decode(), now
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
        state = state_together([line.state for line in lines])
        row = kept or PublicationRow(
            target_id=receipt.target, procedure_id=procedure, state=state.value, version="", effective_digest="",
            receipt="", chain_number=0, delivered_at=now,
        )  # fmt: skip
        written = _files_of(lines)
        if written != row.receipt:
            row.delivered_at = now
        row.state, row.receipt, row.chain_number = state.value, written, receipt.head.number
        row.version = str(lines[0].version or row.version)
        row.effective_digest = lines[0].effective_digest
        row.verified_at = now if state is PublicationState.VERIFIED else row.verified_at
        session.add(row)
        if session.get(EffectiveDocumentRow, row.effective_digest) is None:
            session.add(
                EffectiveDocumentRow(
                    digest=row.effective_digest, municipality=receipt.municipality, procedure_id=procedure,
                    version=row.version, first_number=receipt.head.number,
                )
            )  # fmt: skip


def _is_as_kept(row: PublicationRow, lines: Sequence[ReceiptLine]) -> bool:
    """Whether a procedure lies there just as the last receipt says, verified then and now."""
    kept = (row.state, row.version, row.effective_digest, row.receipt)
    found = (PublicationState.VERIFIED.value, str(lines[0].version), lines[0].effective_digest, _files_of(lines))
    return kept == found and state_together([line.state for line in lines]) is PublicationState.VERIFIED


def _files_of(lines: Sequence[ReceiptLine]) -> str:
    return json.dumps({line.path: line.sha256 for line in lines}, sort_keys=True)


FILES: Final = tuple(PublishedFile.of(suffix) for suffix in DOCUMENT_SUFFIXES)


def _published(document: EffectiveDocument, subject_names: Mapping[str, str]) -> PublishedDocument:
    header = document.header
    front = document.text.front
    if header.version is None or header.in_force_from is None:
        raise InvalidRequest(what="document", value=header.procedure_id, expected="in force")
    return PublishedDocument(
        front=front, version=header.version, network_name=header.approved_by or "",
        subject_names=tuple(subject_names.get(subject, subject) for subject in front.subjects),
        approved_on=header.approved_on, in_force_from=header.in_force_from,
        decided_by_position=header.decided_by_position or "", decided_on=header.decided_on, next_review=header.next_review,
        effective_digest=_digest_of(document), address=header.address, files=FILES,
    )  # fmt: skip


@lru_cache(maxsize=512)
def _digest_of(document: EffectiveDocument) -> Digest:
    # Equal documents have equal digests, so what is remembered cannot be stale. Writing out every text to hash it again
    # took a quarter of a run that changes nothing.
    return effective_digest(document)
