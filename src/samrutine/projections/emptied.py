"""What decisions that are about no routine say of themselves, such as which rows lost the words that somebody wrote there."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session, col, select

from samrutine.storage.decisions import record_of
from samrutine.storage.rows import DecisionRow
from samrutine.storage.words import TEXT_ERASED, WRITING_ERASED


def facts_of(session: Session, kind: str) -> Iterator[Mapping[str, Any]]:
    """Give the facts of decisions of a kind about no routine, without those that were changed: others name these."""
    rows = session.exec(
        select(DecisionRow.record, DecisionRow.hash)
        .where(col(DecisionRow.subject).is_(None), DecisionRow.kind == kind)
        .order_by(col(DecisionRow.number))
    )
    found = (record_of(record, link) for record, link in rows)
    yield from (record["facts"] for record in found if record is not None)


def texts_erased(session: Session) -> frozenset[tuple[int, str]]:
    """Give the texts that decisions erased one by one: the number of the decision that each was said with, and its name."""
    return frozenset((facts["number"], name) for facts in facts_of(session, TEXT_ERASED) for name in facts["names"])


def emptied(session: Session) -> dict[str, str]:
    """Give the digest of the notice that a decision put in place of a text that was heard or proposed, by the row's id."""
    return {
        str(facts["row"]): str(facts["notice"])
        for facts in facts_of(session, WRITING_ERASED)
        if facts["notice"] is not None
    }
