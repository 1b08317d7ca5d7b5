"""Word files of ours that come back: what each was made from, held against what the library itself has."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from samrutine.errors import DocumentRefused, InvalidRequest
from samrutine.exchange.incoming.model import Finding, Incoming, NotRead, OwnCopy, gravest_first
from samrutine.intake.masking import masked_all
from samrutine.procedures.access import hidden_texts
from samrutine.procedures.model import ProcedureText, VersionNumber
from samrutine.proposals.prose_diff import ProseDiff, compare
from samrutine.reasons import Because
from samrutine.storage.rows import VersionRow


@dataclass(frozen=True)
class CopySaysTheSame(Because):
    """The text of a Word file of ours is that of the version that it was made from: there is nothing to propose."""

    procedure: str
    version: str


def settled(
    session: Session, read: Incoming | DocumentRefused, *, name: str, sender: str, today: date,
    as_anybodys: Callable[[], Incoming | DocumentRefused],
) -> Incoming | DocumentRefused:  # fmt: skip
    """
    Say what a file is to the library that may be one of ours.

    A file can say anything of itself. It is believed when the text that it was made from is, to the byte, the one that this
    library has under that id and number and whoever sends it may read; else it is read as anybody's, with all that stands
    in it, and that is told.

    Args:
        as_anybodys: Reads it so.

    Returns:
        What came out of it; a refusal for a copy in which nobody changed anything.
    """
    if isinstance(read, DocumentRefused) or read.own is None:
        return read
    own = read.own
    if not _has(session, own, sender, today):
        other = as_anybodys()
        return other if isinstance(other, DocumentRefused) else _with(other, Finding("own-copy-unknown"))
    if not own.is_edited:
        return DocumentRefused(NotRead("own-copy-unedited", name, f"{own.procedure} {own.version}"))
    return _with(read, Finding("own-copy", detail=f"{own.procedure} {own.version}"))


def changed_from(before: ProcedureText, title: str, body: str) -> ProseDiff:
    """
    Say what somebody changed in a copy of ours, as a reader sees it, without what is held back.

    Args:
        before: The version that it was made from.
        title: Of the document as it reads now; `body` likewise.
    """
    name = " ".join(title.split())
    front = before.front if name in {"", before.front.title} else replace(before.front, title=masked_all(name))
    # What is held back of both: a value that a routine may hold, and a report may not, is no difference then.
    return compare(replace(before, body=masked_all(before.body)), ProcedureText(front, masked_all(body)))


def version_of(own: OwnCopy) -> VersionNumber | None:
    """Give the number of the version that a file says it was made from; None for what is no number."""
    try:
        return VersionNumber.parse(own.version)
    except (ValueError, InvalidRequest):
        return None


def _has(session: Session, own: OwnCopy, reader: str, today: date) -> bool:
    number = version_of(own)
    row = session.get(VersionRow, (own.procedure, number.major, number.minor)) if number is not None else None
    return (
        row is not None and row.digest == own.digest and row.digest not in hidden_texts(session, reader, today).digests
    )


def _with(read: Incoming, finding: Finding) -> Incoming:
    return replace(read, findings=gravest_first([*read.findings, finding]))
