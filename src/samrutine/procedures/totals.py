"""How much there is in the library that a reader may know of."""

import json
from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, func, select

from samrutine.procedures.access import hidden_proposals, hidden_texts
from samrutine.storage.rows import AdoptionRow, CounterRow, DecisionRow, ProposalRow, VersionRow


def totals(session: Session, reader: str | None, today: date) -> Mapping[str, int]:
    """
    Give how many decisions, procedures, versions, proposals and adoptions there are, as the reader may know.

    The whole comes from counter rows, never from counting all; what is hidden, which is little, is counted and taken
    away.

    Args:
        session: To read by.
        reader: Whose eyes, an actor's id or sign-in name; None for somebody unknown inside.
        today: The day on which roles must hold, a day in Norway.
    """
    texts, proposals = hidden_texts(session, reader, today), hidden_proposals(session, reader, today)
    whole = {row.name: row.value for row in session.exec(select(CounterRow).order_by(CounterRow.name))}
    answered = session.exec(
        select(func.count())
        .select_from(AdoptionRow)
        .where(col(AdoptionRow.procedure_id).in_(texts.procedures), AdoptionRow.state != "to-consider")
    ).one()
    versions = session.exec(
        select(func.count()).select_from(VersionRow).where(col(VersionRow.digest).in_(texts.digests))
    ).one()
    hidden = {
        "procedures": len(texts.procedures), "versions": versions, "proposals": len(proposals), "adoptions": answered,
        "decisions": _decisions_about(session, texts.procedures, proposals),
    }  # fmt: skip
    return {name: value - hidden.get(name, 0) for name, value in whole.items()}


def _decisions_about(session: Session, procedures: frozenset[str], proposals: frozenset[str]) -> int:
    of_proposals = select(ProposalRow.procedure_id).where(col(ProposalRow.id).in_(proposals))
    rows = session.exec(
        select(DecisionRow.subject, DecisionRow.record).where(
            col(DecisionRow.subject).in_(procedures) | col(DecisionRow.subject).in_(of_proposals)
        )
    )
    return sum(
        1
        for subject, record in rows
        if subject in procedures or json.loads(record)["facts"].get("proposal") in proposals
    )
