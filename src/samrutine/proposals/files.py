"""The files that go with a proposal, until its text becomes a version."""

from collections.abc import Collection, Iterable

from sqlmodel import Session, col, select

from samrutine.procedures.attached import GivenFile
from samrutine.procedures.model import Digest
from samrutine.storage.rows import ProposalFileRow


def keep_files(session: Session, proposal: str, files: Iterable[GivenFile]) -> None:
    """Keep files with a proposal; the same bytes twice are one file."""
    for one in files:
        if session.get(ProposalFileRow, (proposal, one.digest)) is None:
            session.add(ProposalFileRow(proposal_id=proposal, digest=one.digest, content=one.data))
    session.flush()


def keep_only_listed(session: Session, proposal: str, listed: Collection[str]) -> None:
    """Let go of the files that a proposal's text does not list, or not any more."""
    rows = select(ProposalFileRow).where(ProposalFileRow.proposal_id == proposal)
    for row in session.exec(rows.where(col(ProposalFileRow.digest).not_in(listed)) if listed else rows):
        session.delete(row)
    session.flush()


def files_held(session: Session, proposal: str) -> frozenset[Digest]:
    """Give the digests of the files that a proposal has."""
    held = select(ProposalFileRow.digest).where(ProposalFileRow.proposal_id == proposal)
    return frozenset(Digest(one) for one in session.exec(held))
