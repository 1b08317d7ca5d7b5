"""
What was said and not decided, row by row: which words a row holds, and how they are taken out of it. The row stays.

A remark, feedback, a wish, the text of a round that was heard, a draft that came to nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session, col, delete

from samrutine.messages import say
from samrutine.procedures.redaction_rules import notice
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read
from samrutine.proposals.model import ProposalState
from samrutine.proposals.transitions import CAME_TO_NOTHING
from samrutine.reasons import Because
from samrutine.storage.rows import (
    BarrierRow,
    ChecklistRunRow,
    CollectionAnswerRow,
    CollectionRow,
    FeedbackRow,
    HearingRow,
    IncomingDocumentRow,
    OfferRow,
    ProposalFileRow,
    ProposalRow,
    RemarkRow,
    Row,
    TriageRow,
    WishRow,
)

NAMELESS: Final = "–"
"""What stands where a name or a title was erased."""

_EMPTY: Final = (None, "", b"", NAMELESS)
_EMPTY_DOCUMENT: Final = {"name": NAMELESS, "text": b"", "report": ""}
"""What stands in a document that was sent in where its words stood, in the columns that are never without a value."""

_ID: Final = re.compile(r"[a-z]-[0-9a-f]{10,16}")


@dataclass(frozen=True, slots=True)
class Writing:
    """A kind of row that people write in. `lies` is what `traces` calls it, `names` the columns that hold what was written."""

    lies: str
    table: type[Row]
    names: tuple[str, ...]


WRITINGS: Final[Mapping[str, Writing]] = {
    "b": Writing("barrier", BarrierRow, ("text", "answer", "contact", "page")),
    "c": Writing("collection", CollectionRow, ("what",)),
    "f": Writing("draft", ProposalRow, ("text", "title", "conflicts")),
    "h": Writing("hearing", HearingRow, ("text",)),
    "i": Writing(
        "incoming",
        IncomingDocumentRow,
        ("name", "title", "text", "report", "reason", "old_number", "old_address"),
    ),
    "j": Writing("checklist", ChecklistRunRow, ("whom",)),
    "k": Writing("remark", RemarkRow, ("text", "reply")),
    "o": Writing("offer", OfferRow, ("text",)),
    "s": Writing("collection-answer", CollectionAnswerRow, ("reason",)),
    "t": Writing("feedback", FeedbackRow, ("text", "answer")),
    "v": Writing("triage", TriageRow, ("reason",)),
    "w": Writing("wish", WishRow, ("sentence", "answer")),
}
"""By the letter that their ids begin with."""


@dataclass(frozen=True)
class NotEndedYet(Because):
    """A proposal or a round of hearing that is open: whoever works with it would stand without a text."""

    what: str


@dataclass(frozen=True)
class BecameAVersion(Because):
    """The words of a proposal that was approved are those of a version, and lie in git."""

    what: str


def is_row_id(which: str) -> bool:
    """Whether it looks like the id of such a row."""
    return _ID.fullmatch(which) is not None and which[0] in WRITINGS


def row_of(session: Session, which: str) -> Row | None:
    """Give the row of an id; None when there is none."""
    return session.get(WRITINGS[which[0]].table, which) if is_row_id(which) else None


def standing(row: Row) -> list[str]:
    """Give the columns of a row that hold words still."""
    match row:
        case ProposalRow():
            found = {
                "text": digest_of(row.text) == row.digest,
                "title": row.title not in {NAMELESS, _title()},
                "conflicts": bool(row.conflicts),
            }
        case HearingRow():
            found = {"text": digest_of(row.text) == row.digest}
        case _:
            names = next(one.names for one in WRITINGS.values() if isinstance(row, one.table))
            found = {name: getattr(row, name) not in _EMPTY for name in names}
    return [name for name, stands in found.items() if stands]


def reasons_against_emptying(row: Row) -> list[Because]:
    """Say why the words of a row may not be taken out of it; empty means they may."""
    match row:
        case ProposalRow() if row.state == ProposalState.APPROVED or row.hurried_version is not None:
            return [BecameAVersion(row.id)]
        case ProposalRow() if row.state not in CAME_TO_NOTHING:
            return [NotEndedYet(row.id)]
        case HearingRow(closed_number=None) | IncomingDocumentRow(decided_at=None):
            return [NotEndedYet(row.id)]
        case _:
            return []


def empty(session: Session, row: Row, names: Sequence[str], *, number: int, on: date) -> bytes | None:
    """
    Take words out of a row.

    Args:
        names: The columns.
        number: The decision that does it, and `on` its day: what stands in place of a heard text says so.

    Returns:
        What stands in place of a text: people go on reading the remarks about it, and the rule of retention its row. None
        where no text was taken.
    """
    instead = None
    if isinstance(row, HearingRow | ProposalRow) and "text" in names:
        instead = notice(number, on, read(row.text, row.id).front)
        row.text = instead
        if isinstance(row, ProposalRow):
            session.exec(delete(ProposalFileRow).where(col(ProposalFileRow.proposal_id) == row.id))
    for name in names:
        if name == "title":
            setattr(row, name, _title() if instead is not None else NAMELESS)
        elif instead is None or name != "text":
            setattr(row, name, _EMPTY_DOCUMENT.get(name) if isinstance(row, IncomingDocumentRow) else None)
    session.add(row)
    return instead


def _title() -> str:
    """Give the title of a notice."""
    return say("redaction.title", "nb")


def empty_again(session: Session, facts: Mapping[str, Any], number: int) -> None:
    """Do once more what a decision did, for whoever takes it from a register into a database that has the words still."""
    row = row_of(session, facts["row"])
    if row is not None:
        names = [name for name in standing(row) if name in facts["names"]]
        empty(session, row, names, number=number, on=date.fromisoformat(facts["on"]))
