"""The rows of routines, made once more from the chain and the words of their heads: a part of `replay`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlmodel import Session, and_, col, select

from samrutine.procedures.heads import HEAD_KINDS, Head, columns_of, heads_of, next_review
from samrutine.procedures.model import ProcedureText, VersionNumber
from samrutine.procedures.ordering import sort_key
from samrutine.procedures.text import read
from samrutine.projections.rewriting import notices, stands_for
from samrutine.projections.scope import Scope
from samrutine.storage.rows import DecisionRow, ProcedureRow, VersionRow, WordsRow

_FENCE: Final = "\n---\n"
_LINE: Final = re.compile(r"^(\w+):(?: (.*))?$", re.MULTILINE)
_MARKS: Final = tuple("\"'>|[]{}&*!%@`#,?-: ")
"""What a value begins with that YAML reads as something else than its very letters, or may."""


def heads_due(session: Session, scope: Scope) -> dict[str, Head]:
    """Give the head of every routine of a scope, as the decisions have it."""
    return heads_of(
        session.exec(
            select(DecisionRow.record)
            .where(col(DecisionRow.kind).in_(HEAD_KINDS), scope.decisions())
            .order_by(col(DecisionRow.number))
        )
    )


def columns_due(session: Session, scope: Scope) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give what the rows of routines must say, where the words of their heads are right; `repair` writes them so."""
    kept = _Kept(session)
    for procedure, head in heads_due(session, scope).items():
        if kept.content(head.stands.digest) is not None:
            yield procedure, columns_of(procedure, head, kept.text, made_on=_made_on(session, procedure, head))


def row_differences(session: Session, scope: Scope) -> Iterator[str]:
    """
    Give the routines whose rows say something else than their words and decisions do: rights and places go by them.

    Only where the words themselves are right and the row has the right head, which other checks say.
    """
    retitled = _retitled(session, scope)
    kept, heads = _Kept(session), heads_due(session, scope)
    at_its_head = (
        VersionRow.procedure_id == ProcedureRow.id, VersionRow.major == ProcedureRow.major,
        VersionRow.minor == ProcedureRow.minor,
    )  # fmt: skip
    rows = session.exec(
        select(ProcedureRow, col(WordsRow.content), col(VersionRow.approved_on))
        .join(WordsRow, col(WordsRow.digest) == col(ProcedureRow.digest))
        .join(VersionRow, and_(*at_its_head))
        .where(scope.routine(ProcedureRow.id))
        .order_by(ProcedureRow.id)
        .execution_options(yield_per=200)
    )
    for row, content, approved_on in rows:
        head = heads.get(row.id)
        if head is None or (f"{row.major}.{row.minor}", row.digest) != (head.stands.version, head.stands.digest):
            continue
        if not kept.is_right(content, row.digest):
            continue
        made_on = approved_on if head.counted is head.stands else _made_on(session, row.id, head)
        if row.retitled != (row.id in retitled):
            yield row.id
        elif not _says_plainly(row, head, content, made_on):
            due = columns_of(row.id, head, kept.text, made_on=made_on)
            if any(getattr(row, name) != value for name, value in due.items()):
                yield row.id


def _retitled(session: Session, scope: Scope) -> set[str]:
    other = col(VersionRow.title) != col(ProcedureRow.title)
    return set(
        session.exec(
            select(VersionRow.procedure_id)
            .join(ProcedureRow, col(ProcedureRow.id) == col(VersionRow.procedure_id))
            .where(other, scope.routine(VersionRow.procedure_id))
        )
    )


def _made_on(session: Session, procedure: str, head: Head) -> date:
    """Give the day on which the version that the next review is counted from was made: the act's, which its row has."""
    number = VersionNumber.parse(head.counted.version)
    row = session.get(VersionRow, (procedure, number.major, number.minor))
    return row.approved_on if row is not None else head.counted.day


def _says_plainly(row: ProcedureRow, head: Head, content: bytes, made_on: date) -> bool:
    """Whether every line above the words stands as the row has it: reading YAML takes 20 ms, and then need not be done."""
    if head.planned is None and head.counted.digest != row.digest:
        return False
    said = dict(_LINE.findall(content.decode(errors="replace").partition(_FENCE)[0]))
    kept = {
        "id": row.id, "title": row.title, "kind": row.kind, "language": row.language, "network": row.network,
        "access": row.access, "decision_level": row.decision_level,
        "review_interval_months": str(row.review_interval_months),
        "translation_of": row.translation_of, "access_basis": row.access_basis,
    }  # fmt: skip
    return (
        all(said.get(name) == value and not (value or "").startswith(_MARKS) for name, value in kept.items())
        and said.get("subjects", "").startswith((f"[{row.folder}]", f"[{row.folder},"))
        and "co_networks" not in said
        and not row.co_networks
        and row.sort_title == sort_key(row.title)
        and row.next_review == next_review(head, made_on, row.review_interval_months)
    )


@dataclass
class _Kept:
    """The words that are kept and right, or the notice that stands for them."""

    session: Session
    _gone: Mapping[str, str] | None = None
    _read: dict[str, ProcedureText | None] = field(default_factory=dict)

    def is_right(self, content: bytes, digest: str) -> bool:
        """Whether bytes are what must stand behind a digest."""
        if self._gone is None:
            self._gone = notices(self.session)
        return stands_for(content, digest, self._gone)

    def content(self, digest: str) -> bytes | None:
        """Give the bytes that stand for a digest; None where they are lost or changed."""
        content = self.session.exec(select(WordsRow.content).where(WordsRow.digest == digest)).first()
        return content if content is not None and self.is_right(content, digest) else None

    def text(self, digest: str) -> ProcedureText | None:
        """Give the words as a text; None where they are lost or changed."""
        if digest not in self._read:
            content = self.content(digest)
            self._read[digest] = read(content, digest) if content is not None else None
        return self._read[digest]
