"""Where some letters stand in the database, and which decisions deleted something: for whoever must clean up."""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from samrutine.actors import LIBRARY, ActorId, Verb, reasons_against
from samrutine.arguments import require_text
from samrutine.days import norwegian_day
from samrutine.networks.directory import get_actor
from samrutine.reasons import refuse
from samrutine.storage.rows import (
    AdditionRow,
    DecisionRow,
    DecisionTextRow,
    FeedbackRow,
    HearingRow,
    LibraryFileRow,
    PersonRow,
    ProcedureRow,
    ProposalRow,
    RemarkRow,
    Row,
    VersionRow,
    WishRow,
    WordsRow,
)
from samrutine.storage.words import ERASING

LONGEST: Final = 200
"""Characters to look for."""


@dataclass(frozen=True, slots=True)
class Trace:
    """
    One place where the letters stand.

    Attributes:
        lies: The kind of place: "version", "addition", "library-file", "words" (that nothing names any more), "draft",
            "hearing", "remark", "decision-text", "feedback", "wish", "title", "person".
        what: Which: «handhygiene 1.0», a proposal's id, a decision's number and the text's name.
        digest: What `redact` is given; None where the words are erased otherwise.
    """

    lies: str
    what: str
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Erasing:
    """A decision by which something was deleted; `facts` are the chain's own: ids, numbers and digests."""

    number: int
    kind: str
    at: datetime
    facts: Mapping[str, Any]


def traces(session: Session, text: str, *, by: ActorId, today: date) -> Sequence[Trace]:
    """
    Find every place in the database where some letters stand, small or capital. What was searched for is kept nowhere.

    Git and the index repeat what is found here; what lies elsewhere (published copies, clones, backups) must be looked for
    there.

    Args:
        text: 2 to 200 characters, such as a name.

    Raises:
        NotAllowed: Only the editor keeps order.
        InvalidRequest: Too short or too long.
    """
    wanted = require_text("text", text, longest=LONGEST, may_be_empty=False).strip()
    refuse(reasons_against(get_actor(session, by), Verb.KEEP_ORDER, LIBRARY, today))
    looked_for = _plain(wanted)
    return [*_in_words(session, looked_for), *_in_rows(session, looked_for)]


def erasings(session: Session, *, by: ActorId, today: date, since: int | date | None = None) -> Sequence[Erasing]:
    """
    List the decisions by which something was deleted, the oldest first.

    Whoever puts back a backup from before one of them must do it again.

    Args:
        since: Only those after the decision of this number, or from this day in Norway on; all when None.

    Raises:
        NotAllowed: Only the editor keeps order.
    """
    refuse(reasons_against(get_actor(session, by), Verb.KEEP_ORDER, LIBRARY, today))
    return erasings_since(session, since)


def erasings_since(session: Session, since: int | date | None = None) -> Sequence[Erasing]:
    """List them for whoever restores: nobody has signed in then. See `erasings`."""
    rows = select(DecisionRow).where(col(DecisionRow.kind).in_(ERASING)).order_by(col(DecisionRow.number))
    if isinstance(since, int):
        rows = rows.where(DecisionRow.number > since)
    found = [
        Erasing(row.number, row.kind, row.decided_at, json.loads(row.record)["facts"]) for row in session.exec(rows)
    ]
    if isinstance(since, date):
        found = [one for one in found if norwegian_day(one.at) >= since]
    return found


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _in_words(session: Session, wanted: str) -> Iterator[Trace]:
    """Look through all stored bytes, and name what each digest belongs to."""
    for row in session.exec(select(WordsRow).execution_options(yield_per=200)):
        if row.redacted_number is None and wanted in _plain(row.content.decode(errors="replace")):
            yield from _named(session, row.digest)


def _named(session: Session, digest: str) -> list[Trace]:
    found = [
        Trace("version", f"{one.procedure_id} {one.major}.{one.minor}", digest)
        for one in session.exec(select(VersionRow).where(VersionRow.digest == digest))
    ]
    found += [
        Trace("addition", one, digest)
        for one in session.exec(select(AdditionRow.id).where(AdditionRow.digest == digest))
    ]
    found += [
        Trace("library-file", one, digest)
        for one in session.exec(select(LibraryFileRow.path).where(LibraryFileRow.digest == digest))
    ]
    return found or [Trace("words", "–", digest)]


def _in_rows(session: Session, wanted: str) -> Iterator[Trace]:
    """Look through everything else that somebody wrote."""
    for lies, table, written, named in _WRITTEN:
        for row in session.exec(select(table).execution_options(yield_per=200)):
            if _stands(wanted, *(getattr(row, name) for name in written)):
                yield Trace(lies, " ".join(str(getattr(row, name)) for name in named))


_WRITTEN: Final[tuple[tuple[str, type[Row], tuple[str, ...], tuple[str, ...]], ...]] = (
    ("draft", ProposalRow, ("text", "title", "meaning", "conflicts"), ("id", "state")),
    ("hearing", HearingRow, ("text",), ("proposal_id", "round")),
    ("remark", RemarkRow, ("text", "reply"), ("id",)),
    ("decision-text", DecisionTextRow, ("text",), ("number", "name")),
    ("feedback", FeedbackRow, ("text", "answer"), ("id",)),
    ("wish", WishRow, ("sentence", "answer"), ("id",)),
    ("title", ProcedureRow, ("title", "id"), ("id",)),
    ("person", PersonRow, ("name", "login", "email"), ("id",)),
)
"""Where people write: the kind of place, its table, the columns that hold what was written, and those that name the row."""


def _stands(wanted: str, *texts: str | bytes | None) -> bool:
    told = (text.decode(errors="replace") if isinstance(text, bytes) else text for text in texts)
    return any(text and wanted in _plain(text) for text in told)
