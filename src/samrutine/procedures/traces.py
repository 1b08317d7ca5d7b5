"""Where some letters stand in the database, and which decisions deleted something: for whoever must clean up."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Boolean, Column, Date, Integer, Table
from sqlmodel import Session, col, select

from samrutine.actors import LIBRARY, ActorId, Verb, reasons_against
from samrutine.arguments import require_text
from samrutine.days import norwegian_day
from samrutine.networks.directory import get_actor
from samrutine.networks.writing_erasure import WRITINGS
from samrutine.reasons import refuse
from samrutine.storage.rows import (
    AdditionRow,
    AttachmentRow,
    DecisionRow,
    DecisionTextRow,
    Instant,
    LibraryFileRow,
    PersonRow,
    ProcedureRow,
    ProposalFileRow,
    Row,
    VersionRow,
    WordsRow,
)
from samrutine.storage.words import ERASING

LONGEST: Final = 200
"""Characters to look for."""


_NAMED: Final = {"draft": ("id", "state"), "hearing": ("id", "proposal_id", "round")}


@dataclass(frozen=True, slots=True)
class Trace:
    """
    One place where the letters stand.

    Attributes:
        lies: The kind of place: "version", "attachment" (a file of one), "addition", "library-file", "words" (that nothing names any more), "draft",
            "hearing", "remark", "decision-text", "feedback", "wish", "incoming" (a
            document that was sent in), "title", "person"; "chain" for what is decided itself,
            which nothing takes away; "copy" for any other column, which repeats one of these.
        what: Which: «handhygiene 1.0», a decision's number and the text's name; of a draft, a hearing, a remark, feedback,
            a wish and a document the id that `erase_text` is given, first. Of a copy its table and column.
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

    Every column that can hold letters is looked through, but for those that hold ids, codes and digests of ours. Git and the
    index repeat what is found here; what lies elsewhere (published copies, clones, backups) must be looked for
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
    found = [*_in_words(session, looked_for), *_in_rows(session, looked_for), *_in_copies(session, looked_for)]
    return [*found, *_in_chain(session, looked_for)]


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
        Trace("attachment", f"{one.procedure_id} {one.major}.{one.minor}", digest)
        for one in session.exec(select(AttachmentRow).where(AttachmentRow.digest == digest))
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


def _in_copies(session: Session, wanted: str) -> Iterator[Trace]:
    """Look through every other column that can hold letters, whatever table it may be in a year from now."""
    for table in Row.metadata.sorted_tables:
        columns = copies_in(table)
        if not columns:
            continue
        keys = list(table.primary_key.columns)
        for row in session.execute(select(*keys, *columns).execution_options(yield_per=500)).mappings():
            for column in columns:
                if _stands(wanted, row[column]):
                    yield Trace("copy", " ".join([f"{table.name}.{column.name}", *(str(row[key]) for key in keys)]))


def copies_in(table: Table) -> list[Column[Any]]:
    """Give the columns that `_in_copies` looks through: all that can hold letters, and that nothing else here reads."""
    if table.name in _MADE_OF_OTHERS:
        return []
    read = {(one.__tablename__, name) for _, one, names, _ in _WRITTEN for name in names} | _READ_BY_THEMSELVES
    return [
        column
        for column in table.columns
        if not isinstance(column.type, _NO_LETTERS)
        and (table.name, column.name) not in read
        and not {column.name, f"{table.name}.{column.name}"} & _OURS
        and not column.foreign_keys
    ]


def _in_chain(session: Session, wanted: str) -> Iterator[Trace]:
    """Look through what is decided itself: it is hashed, and stands in git."""
    routines = frozenset(session.exec(select(ProcedureRow.id)))
    in_json = json.dumps(wanted, ensure_ascii=False)[1:-1]
    rows = select(DecisionRow.number, DecisionRow.record).execution_options(yield_per=1000)
    for number, record in session.exec(rows):
        # Read as JSON only where the letters stand in it at all: there may be a million.
        if in_json in _plain(record) and any(
            _stands(wanted, one) for one in _said_in(json.loads(record)) if one.partition(" ")[0] not in routines
        ):
            yield Trace("chain", str(number))


def _said_in(record: dict[str, Any]) -> Iterator[str]:
    """Give what somebody may have put into a record: its names and facts, but not its digests nor our words for its parts."""
    for name in ("id", "act", "subject"):
        yield str(record.get(name) or "")
    yield from _strings(record.get("facts"))


def _strings(value: object) -> Iterator[str]:
    match value:
        case str() if not _OPAQUE.fullmatch(value):
            yield value
        case dict():
            for one in value.values():
                yield from _strings(one)
        case list():
            for one in value:
                yield from _strings(one)
        case _:
            pass


_WRITTEN: Final[tuple[tuple[str, type[Row], tuple[str, ...], tuple[str, ...]], ...]] = (
    *((one.lies, one.table, one.names, _NAMED.get(one.lies, ("id",))) for one in WRITINGS.values()),
    ("draft", ProposalFileRow, ("content",), ("proposal_id",)),
    ("decision-text", DecisionTextRow, ("text",), ("number", "name")),
    ("title", ProcedureRow, ("title", "id"), ("id",)),
    ("person", PersonRow, ("name", "login", "email"), ("id",)),
)
"""Where people write: the kind of place, its table, the columns that hold what was written, and those that name the row."""

_READ_BY_THEMSELVES: Final = frozenset({("words", "content"), ("decision", "record")})
_MADE_OF_OTHERS: Final = frozenset({"section", "municipality", "network", "outbox", "counter", "table_retention"})
"""Tables that are made of versions, of the library's files and of our own code."""

_OURS: Final = frozenset(
    {
        # Ids that we make, and what we call things.
        *("id", "act_id", "kind", "body", "role", "level", "state", "verb", "significance", "access", "decision_level"),
        *(
            "language",
            "connector",
            "consumer",
            "municipality",
            "author_municipality",
            "network",
            "co_networks",
            "store",
        ),
        *("notification.what", "waiting.what", "remark.outcome", "review.outcome", "hearing_party.answer"),
        *("inventory.answer", "media_type", "hearing_party.party", "delegation_id", "answered_by", "actor_id"),
        *("deputy_of", "approved_by", "proposal_origin.reference", "addition.replaces", "made_known.how"),
        # Digests, hashes and marks.
        *("digest", "base_digest", "section_digest", "effective_digest", "hash", "salt", "request", "git_blob", "mark"),
        *("secret_hash", "chain_head.checkpoint"),
        # Versions, and the ids of routines, which stand beside their titles and in the chain.
        *("version", "base_version", "hurried_version", "procedure_id", "proposal_id", "subject", "replaced_by"),
        *("translation_of", "register_folder", "folder", "sort_title", "document_id"),
        # Of a document that was sent in.
        *("source_digest", "collection_id", "received_by", "decided_by", "old_address.system"),
        # Of what was collected.
        *("closed_by", "collection_answer.answer", "triage.outcome", "offer.field"),
    }
)
"""Columns, some of one table, that nobody's letters stand in, or only those that stand beside them."""

_NO_LETTERS: Final = (Integer, Boolean, Date, Instant)
_OPAQUE: Final = re.compile(r"\d*:?[0-9a-f]{40,64}|[a-z]-[0-9a-f]{10,16}|[\d-]+")
"""A digest, an object of git, an id that we made, a number or a day."""


def _stands(wanted: str, *texts: str | bytes | None) -> bool:
    told = (text.decode(errors="replace") if isinstance(text, bytes) else text for text in texts)
    return any(text and wanted in _plain(text) for text in told)
