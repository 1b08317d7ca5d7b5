"""
The verb that makes a proposal of a document, and the way from where a routine lay before.

The proposal is a decision of its own, with the file's digest as its origin. What is written of the document comes after it:
killed between them, the same call again finds the proposal that was made.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, select

from samrutine.actors import ActorId
from samrutine.arguments import require_text
from samrutine.errors import DocumentRefused, InvalidRequest, NotFound
from samrutine.exchange.incoming.reading import read_document
from samrutine.inbox.opening import Note, tell
from samrutine.intake.addresses import one_way, system_of
from samrutine.intake.as_proposal import Acceptance, Source, changed_text, new_text, returned_text
from samrutine.intake.errors import AddressNotFound, DocumentChanged
from samrutine.intake.model import (
    LONGEST_NUMBER,
    AddressTaken,
    IncomingId,
    IncomingState,
    NotWaiting,
)
from samrutine.intake.originals import Originals
from samrutine.intake.own_copies import CopySaysTheSame, changed_from, version_of
from samrutine.intake.report import Report, as_json, reasons_against_report, report_from
from samrutine.intake.rows import keep_waiting, read_of, report_now, require_decider, seen
from samrutine.networks.settling import known_to_checks, shared_library
from samrutine.procedures.access import hidden_procedures, reader_of
from samrutine.procedures.access_rules import may_read
from samrutine.procedures.attached import SUFFIXES
from samrutine.procedures.checks import findings as check
from samrutine.procedures.findings import Finding
from samrutine.procedures.model import AccessClass, Digest, ProcedureId, VersionNumber
from samrutine.procedures.text import canonical, read
from samrutine.proposals.comparing import Comparing
from samrutine.proposals.drafting import Drafting, Proposed
from samrutine.proposals.files import files_held
from samrutine.proposals.model import Origin, OriginKind, ProposalId
from samrutine.proposals.prose_diff import ProseDiff
from samrutine.reasons import refusal, refuse
from samrutine.storage.decisions import DecisionId, Decisions
from samrutine.storage.rows import DecisionRow, IncomingDocumentRow, OldAddressRow, ProcedureRow, ProposalRow
from samrutine.storage.sql import Database

PROPOSED: Final = "proposed"


@dataclass(frozen=True, slots=True)
class Accepted:
    """
    A proposal was made of a document. `findings` are what the checks say of it: errors must be mended before it is sent.

    `unchanged` when the very same text was proposed or approved before, and nothing was decided.
    """

    document: IncomingId
    proposal: ProposalId
    procedure: ProcedureId
    digest: Digest
    findings: tuple[Finding, ...]
    number: int | None
    unchanged: bool
    projected: bool


@dataclass(frozen=True, slots=True)
class MovedHere:
    """The routine that lay somewhere before. `system` is where that was, as far as the address tells."""

    address: str
    system: str
    procedure: ProcedureId
    title: str


class Accepting:
    """
    Making proposals of documents.

    Args:
        forget: Removes a file that no document needs any more, by its digest.
    """

    def __init__(
        self, database: Database, decisions: Decisions, drafting: Drafting, comparing: Comparing,
        originals: Originals, forget: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._database = database
        self._decisions = decisions
        self._drafting = drafting
        self._comparing = comparing
        self._originals = originals
        self._forget = forget

    def accept(
        self, document: str, asked: Acceptance, *, read_digest: str, looked_at: Sequence[str], by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> Accepted:  # fmt: skip
        """
        Make a proposal of a document: a new routine, or another text of one there is. Nothing is sent.

        A Word file of ours becomes a change of the routine that it was made from, from that version, unless `asked` says
        something else.

        Args:
            asked: What it is to become.
            read_digest: The digest of title and text as the actor read them. Whoever sent the document may edit it until now.
            looked_at: Keys of findings that the actor has looked at; each that says that something is lost, or may be
                dangerous, must be among these or those somebody looked at before. It is kept who did.

        Returns:
            The proposal; the same for a second call with the same decision id.

        Raises:
            IncomingNotFound: There is none of that id, or the actor may not see it.
            DocumentChanged: Somebody edited, masked or read it again after it was read. Nothing is decided.
            Refused: A finding is not looked at, something is held back still, it does not wait any more, the old address
                leads to another routine, or it is a copy of ours that says what its version says; or as
                `Drafting.propose`.
            NotAllowed: Somebody who does not write in the network.
            InvalidText, IdTaken, ProcedureNotFound, InvalidRequest: As `Drafting.propose`.
        """
        address = one_way(asked.old_address) if asked.old_address else None
        with self._database.reading() as session:
            today = Note(session, now, by, 0).today
            row = seen(session, document, by, today)
            require_decider(session, row, by, today)
            if row.state != IncomingState.WAITING:
                return _before(session, row, by, decision_id, today)
            if read_digest != read_of(row):
                raise DocumentChanged(document=row.id)
            report = report_now(row)
            refuse(reasons_against_report((row.id, row.name), report, looked_at))
            asked, made_from = _as_copy(asked, report)
            source = self._source(session, row, asked)
            self._refuse_taken(session, address, asked)
            name, digest = row.name, row.source_digest
            named = [one.name for one in report.pictures if one.name in source.body]
        data = canonical(self._text(source, asked, made_from, by, today), name)
        made = self._drafting.propose(
            data, name, changes=asked.changes, significance=asked.significance, meaning=asked.meaning, by=by, now=now,
            decision_id=decision_id, origins=(Origin(OriginKind.DOCUMENT, digest),),
            from_version=made_from, attachments=self._pictures(digest, name, named, as_anybodys=report.own is None),
        )  # fmt: skip
        self._keep(document, made, address, source.old_number, looked_at, by, now)
        self._forget(digest)
        return Accepted(
            IncomingId(document), made.proposal, made.procedure, made.digest, made.findings, made.number, made.unchanged,
            made.projected,
        )  # fmt: skip

    def changes(self, document: str, *, reader: str | None, today: date) -> ProseDiff | None:
        """
        Say what a copy of ours changes in the version that it was made from, as it reads now and without what is held back.

        Returns:
            None for what is no copy of ours or does not wait any more, and for a version that the reader may not read.

        Raises:
            IncomingNotFound: There is none of that id, or the reader may not see it.
        """
        with self._database.reading() as session:
            row = seen(session, document, reader, today)
            own, title, body = report_now(row).own, row.title, row.text.decode()
            if own is None or row.state != IncomingState.WAITING:
                return None
        try:
            before = self._comparing.version_text(
                ProcedureId(own.procedure), version_of(own), reader=reader, today=today
            )
        except NotFound:
            return None
        return changed_from(read(before.text, own.procedure), title, body)

    def _source(self, session: Session, row: IncomingDocumentRow, asked: Acceptance) -> Source:
        networks = {str(one.id): one for one in shared_library(session).networks}
        subjects = networks[row.network].subjects if row.network in networks else ()
        number = row.old_number if asked.old_number is None else asked.old_number.strip()
        if number:
            require_text("old_number", number, longest=LONGEST_NUMBER)
        if not (asked.title or row.title).strip() and asked.changes is None:
            raise InvalidRequest(what="title", value="", expected="1–300")
        if asked.changes is None and not asked.front.get("responsible_role"):
            raise InvalidRequest(what="responsible_role", value="", expected="avdelingsleder")
        return Source(row.title, row.text.decode(), row.network, subjects, number or None)

    def _pictures(self, digest: str, name: str, named: Sequence[str], *, as_anybodys: bool) -> dict[str, bytes]:
        """Take the pictures that the text shows out of the file; those of a kind that may belong to no text stay out."""
        data = self._originals.read(digest) if named else None
        if data is None:
            return {}
        try:
            read = read_document(data, name, as_anybodys=as_anybodys)
        except DocumentRefused:
            return {}
        return {one.name: one.data for one in read.pictures if one.name in named and one.media_type in SUFFIXES}

    @staticmethod
    def _refuse_taken(session: Session, address: str | None, asked: Acceptance) -> None:
        """An address leads to one routine; to which it led before is nobody's to read here."""
        before = session.get(OldAddressRow, address) if address is not None else None
        if before is not None and before.procedure_id not in {asked.changes, asked.procedure}:
            refuse([AddressTaken(address or "")])

    def _text(self, source: Source, asked: Acceptance, made_from: VersionNumber | None, by: str, today: date) -> bytes:
        if asked.changes is None:
            return new_text(source, asked)
        before = self._comparing.version_text(asked.changes, made_from, reader=by, today=today)
        if made_from is None:
            return changed_text(source, asked, before.text)
        text = returned_text(source, asked, before.text)
        if text == before.text:
            raise refusal([CopySaysTheSame(asked.changes, str(made_from))])
        return text

    def _keep(
        self, document: str, made: Proposed, address: str | None, old_number: str | None, looked_at: Sequence[str],
        by: ActorId, now: datetime,
    ) -> None:  # fmt: skip
        with self._decisions.note({"old_number": old_number, "old_address": address}) as session:
            note = Note.begun(session, by=by, now=now)
            row = seen(session, document, by, note.today, lock=True)
            if row.state == IncomingState.ACCEPTED:
                return
            row.state, row.proposal_id = IncomingState.ACCEPTED.value, made.proposal
            row.decided_at, row.decided_by, row.reason = now, by, None
            row.old_number, row.old_address = old_number, address
            row.report = as_json(report_from(row.report).looked_at(looked_at, by=by))
            session.add(row)
            if address is not None:
                session.merge(
                    OldAddressRow(
                        address=address, procedure_id=made.procedure, system=system_of(address), document_id=row.id,
                        added_at=now,
                    )
                )  # fmt: skip
            keep_waiting(note, row.network)
            tell(note, "document-accepted", row.id, actors=[row.received_by])

    def where_did(self, address: str, *, reader: str | None, today: date) -> MovedHere:
        """
        Say which routine lay at an address before it came here.

        Args:
            reader: Whose eyes; None for somebody unknown inside.

        Raises:
            AddressNotFound: None did, or the reader may not know of it; or what lay there is not approved yet.
            InvalidRequest: It is no address.
        """
        wanted = one_way(address)
        with self._database.reading() as session:
            # One question for the address and what lies there: what is hidden takes no more of them than what is not there.
            found = session.exec(
                select(OldAddressRow, ProcedureRow)
                .join(ProcedureRow, col(ProcedureRow.id) == col(OldAddressRow.procedure_id))
                .where(OldAddressRow.address == wanted)
            ).first()
            if found is None or not _may_know(session, found[1], reader, today):
                raise AddressNotFound(address=wanted)
            row, routine = found
            return MovedHere(row.address, row.system, ProcedureId(routine.id), routine.title)


def _as_copy(asked: Acceptance, report: Report) -> tuple[Acceptance, VersionNumber | None]:
    """Let a copy of ours change what it was made from, when nothing else is asked; and give the version."""
    own = report.own
    if own is None or asked.procedure is not None or asked.changes not in {None, own.procedure}:
        return asked, None
    return replace(asked, changes=ProcedureId(own.procedure)), version_of(own)


def _may_know(session: Session, routine: ProcedureRow, reader: str | None, today: date) -> bool:
    access = AccessClass(routine.access)
    if access is not AccessClass.EXEMPT:
        return True
    return may_read(reader_of(session, reader), access, (routine.network, *routine.co_networks.split()), today)


def _before(session: Session, row: IncomingDocumentRow, by: ActorId, decision_id: DecisionId, today: date) -> Accepted:
    """Give what an earlier call of the same act gave, or refuse: it does not wait any more."""
    made = session.exec(
        select(DecisionRow).where(
            DecisionRow.act_id == decision_id, DecisionRow.kind == PROPOSED, DecisionRow.actor_id == by
        ).order_by(col(DecisionRow.number))
    ).first()  # fmt: skip
    proposal = session.get(ProposalRow, row.proposal_id) if row.proposal_id else None
    if made is None or proposal is None or proposal.opened_number != made.number:
        raise refusal([NotWaiting(row.id, row.state)])
    known = known_to_checks(session, hidden_procedures(session, by, today), held=files_held(session, proposal.id))
    found = check(read(proposal.text, proposal.id), proposal.text, known) if proposal.text else ()
    return Accepted(
        IncomingId(row.id), ProposalId(proposal.id), ProcedureId(proposal.procedure_id), Digest(proposal.digest), found,
        made.number, unchanged=False, projected=True,
    )  # fmt: skip
