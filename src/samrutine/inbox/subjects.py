"""What a row is about, in the same question that finds the row: a routine, a proposal, a hearing, feedback, a wish."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func
from sqlmodel import col

from samrutine.actors import LIBRARY, municipality_body, network_body
from samrutine.messages import word
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.storage.rows import (
    BarrierRow,
    ChecklistRunRow,
    CollectionRow,
    FeedbackRow,
    HearingPartyRow,
    HearingRow,
    IncomingDocumentRow,
    MunicipalityRow,
    NetworkRow,
    ProcedureRow,
    ProposalRow,
    RemarkRow,
    WishRow,
)

ROUTINE: Final = "procedure:"


@dataclass(frozen=True, slots=True)
class About:
    """What it is about: a routine, perhaps on its way, a proposal, or the sentence of a wish; and the body's name."""

    procedure: ProcedureId | None
    title: str
    version: VersionNumber | None
    proposal: str | None
    body_name: str


def with_subject(query: "Select[Any]", subject: Any, body: Any) -> "Select[Any]":
    """
    Add what the subject is, and what the body is called, as the last columns of a question; `about` reads them.

    Every key is looked up by its primary key, so a row more costs a few look-ups and no scan.
    """
    routine = case((subject.startswith(ROUTINE), func.substr(subject, len(ROUTINE) + 1)))
    procedure = func.coalesce(
        col(ProposalRow.procedure_id), col(FeedbackRow.procedure_id), col(ChecklistRunRow.procedure_id), routine
    )
    return (
        query.add_columns(
            subject.label("about"), procedure.label("procedure"), routine.label("routine"), col(ProcedureRow.title),
            col(ProcedureRow.major), col(ProcedureRow.minor), col(ProposalRow.id), col(ProposalRow.title),
            func.coalesce(col(WishRow.sentence), col(CollectionRow.what), col(IncomingDocumentRow.name), col(BarrierRow.page)), body.label("whose"), col(MunicipalityRow.name), col(NetworkRow.name),
        )
        .outerjoin(RemarkRow, col(RemarkRow.id) == subject)
        .outerjoin(HearingPartyRow, col(HearingPartyRow.id) == col(RemarkRow.party_id))
        .outerjoin(HearingRow, col(HearingRow.id) == func.coalesce(col(HearingPartyRow.hearing_id), subject))
        .outerjoin(ProposalRow, col(ProposalRow.id) == func.coalesce(col(HearingRow.proposal_id), subject))
        .outerjoin(FeedbackRow, col(FeedbackRow.id) == subject)
        .outerjoin(WishRow, col(WishRow.id) == subject)
        .outerjoin(BarrierRow, col(BarrierRow.id) == subject)
        .outerjoin(ChecklistRunRow, col(ChecklistRunRow.id) == subject)
        .outerjoin(CollectionRow, col(CollectionRow.id) == subject)
        .outerjoin(IncomingDocumentRow, col(IncomingDocumentRow.id) == subject)
        .outerjoin(ProcedureRow, col(ProcedureRow.id) == procedure)
        .outerjoin(MunicipalityRow, col(MunicipalityRow.number) == _which(body, municipality_body("")))
        .outerjoin(NetworkRow, col(NetworkRow.id) == _which(body, network_body("")))
    )  # fmt: skip


def about(columns: "tuple[Any, ...]") -> About:
    """Read what `with_subject` added, from a row's last twelve columns."""
    subject, procedure, routine, title, major, minor, proposal, proposed, sentence, whose, town, network = columns[-12:]
    version = VersionNumber(major, minor) if routine and major is not None else None
    named = town or network or (word("body", LIBRARY) if whose == LIBRARY else whose or "")
    said = sentence or (proposed if proposal else None) or title or named or subject
    return About(ProcedureId(procedure) if procedure else None, said, version, proposal, named)


def _which(body: Any, start: str) -> "ColumnElement[Any]":
    """Give what stands after the start of a body of one kind; nothing for another kind."""
    return case((body.startswith(start), func.substr(body, len(start) + 1)))
