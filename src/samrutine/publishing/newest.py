"""What shall lie at a municipality's targets, read again whenever a decision has been made since it was read last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from sqlmodel import Session, col, select

from samrutine.adoptions.documents import Documents
from samrutine.adoptions.effective import EffectiveDocument, effective_digest
from samrutine.adoptions.model import AdoptionState
from samrutine.adoptions.overview import in_force_on
from samrutine.errors import InvalidRequest, StoreDamaged
from samrutine.networks.model import Municipality
from samrutine.networks.settling import shared_library
from samrutine.procedures.access_rules import INSIDE
from samrutine.procedures.hiding import HiddenTexts, hidden_on
from samrutine.procedures.model import Digest, ProcedureId
from samrutine.publishing.model import (
    DOCUMENT_SUFFIXES,
    ChainHead,
    Edition,
    PublishedDocument,
    PublishedFile,
    TargetId,
)
from samrutine.storage.decisions import record_of
from samrutine.storage.rows import (
    AdoptionRow,
    ChainHeadRow,
    DecisionRow,
    InForceRow,
    LibraryRow,
    TargetRow,
    VersionRow,
)
from samrutine.storage.sql import Database

_FILES: Final = tuple(PublishedFile.of(suffix) for suffix in DOCUMENT_SUFFIXES)


@dataclass(frozen=True, slots=True)
class Applies:
    """
    What applies in a municipality: the documents, what they are made from, and what is left out since it is exempt.

    `head` is the newest decision that is surely among it; a newer one may be.
    """

    where: Municipality
    documents: tuple[PublishedDocument, ...]
    sources: Mapping[str, EffectiveDocument]
    left_out: tuple[ProcedureId, ...]
    head: ChainHead
    demo: bool

    def edition(self, row: TargetRow) -> Edition:
        """Give what shall lie at a target: everything, or nothing when it has ended."""
        ended = row.ended_number is not None
        there = () if ended else self.documents
        return Edition(
            TargetId(row.id), self.where.number, self.where.name, there, self.head, demo=self.demo, ended=ended
        )


class Newest:
    """
    What applies in one municipality on one day, never older than the question.

    A publishing may take minutes, and another may be done meanwhile. So each target asks anew, after it has read what
    lies there; it is read again only when the chain has grown, since nothing else can change it.
    """

    def __init__(self, database: Database, documents: Documents, where: Municipality, day: date) -> None:
        self._database = database
        self._documents = documents
        self.where = where
        self._day = day
        self._kept: Applies | None = None

    @property
    def kept(self) -> Applies:
        """What was given last; what is being delivered is made from it."""
        return self._kept or self.now()

    def now(self) -> Applies:
        """Give what applies by the decisions made until now."""
        # The head is read before everything else: an edition may hold more than its head says, never less.
        with self._database.reading() as session:
            row = session.exec(select(ChainHeadRow)).one()
            head = ChainHead(row.number, row.hash)
        if self._kept is None or self._kept.head != head:
            self._kept = self._read(head)
        return self._kept

    def _read(self, head: ChainHead) -> Applies:
        hidden, applies = self._read_open()
        exempt = hidden.digests
        with self._database.reading() as session:
            _require_decided(session, self.where.number, self._day)
            names = {str(subject.id): subject.nb for subject in shared_library(session).subjects}
            demo = session.exec(select(LibraryRow.demo)).one()
        open_ones = [one for one in applies if one.header.version_digest not in exempt]
        return Applies(
            where=self.where,
            documents=tuple(_published(one, names) for one in open_ones),
            sources={str(one.header.procedure_id): one for one in open_ones},
            left_out=tuple(one.header.procedure_id for one in applies if one.header.version_digest in exempt),
            head=head,
            demo=demo,
        )

    def _read_open(self) -> tuple[HiddenTexts, list[EffectiveDocument]]:
        """Give the documents without what was laid over an exempt text, and what is exempt: nothing tells who reads there."""
        hidden = self._hidden()
        while True:
            applies = self._documents.all_in_force(self.where.number, self._day, hidden=hidden)
            # What became exempt while they were read must be known to be so.
            if (since := self._hidden()) == hidden:
                return hidden, applies
            hidden = since

    def _hidden(self) -> HiddenTexts:
        with self._database.reading() as session:
            return hidden_on(session.connection(), INSIDE, self._day)


def _require_decided(session: Session, municipality: str, day: date) -> None:
    """
    Refuse to send out what does not follow from the municipality's own decisions, or to take away what they say applies.

    Reading goes on while the database is damaged; a quality system that got the damage would be believed without it.

    Raises:
        StoreDamaged: `samrutine verify` names all that is wrong.
    """
    applies = in_force_on(session, day, municipality=municipality, procedure=None)
    numbers = {one.adopted_number for one in applies}
    decided = {
        number: record_of(record, link)
        for number, record, link in session.exec(
            select(DecisionRow.number, DecisionRow.record, DecisionRow.hash).where(col(DecisionRow.number).in_(numbers))
        )
    }
    versions = {
        (procedure, major, minor): digest
        for procedure, major, minor, digest in session.exec(
            select(VersionRow.procedure_id, VersionRow.major, VersionRow.minor, VersionRow.digest).where(
                col(VersionRow.procedure_id).in_({one.procedure for one in applies})
            )
        )
    }
    for one in applies:
        record = decided.get(one.adopted_number)
        facts = record["facts"] if record is not None else {}
        said = tuple(facts.get(name) for name in ("municipality", "procedure", "version", "digest"))
        shown = (municipality, one.procedure, str(one.version), one.digest)
        if said != shown or versions.get((one.procedure, one.version.major, one.version.minor)) != one.digest:
            raise StoreDamaged(store="SQL", detail=f"in_force {one.adopted_number} {one.procedure}")
    held = select(InForceRow.procedure_id).where(
        InForceRow.municipality == municipality, col(InForceRow.superseded_number).is_(None)
    )
    in_use = select(AdoptionRow.procedure_id).where(
        AdoptionRow.municipality == municipality, AdoptionRow.state == AdoptionState.IN_USE.value
    )
    if lost := session.exec(in_use.where(col(AdoptionRow.procedure_id).not_in(held)).limit(1)).first():
        raise StoreDamaged(store="SQL", detail=f"in_force {lost}")


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
        effective_digest=_digest_of(document), address=header.address, files=_FILES,
    )  # fmt: skip


@lru_cache(maxsize=512)
def _digest_of(document: EffectiveDocument) -> Digest:
    # Equal documents have equal digests, so what is remembered cannot be stale. Writing out every text to hash it again
    # took a quarter of a run that changes nothing.
    return effective_digest(document)
