"""What a municipality has laid over the shared text: its local information, now or as it stood after a decision."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from samrutine.adoptions.belonging import Hides
from samrutine.storage.rows import DecisionTextRow, LocalValueRow


@dataclass(frozen=True, slots=True)
class LocalLayer:
    """
    Local information by key, only what is filled in.

    `since` is the instant of the newest change, a clearing too; None when there was none.
    """

    values: Mapping[str, str]
    since: datetime | None


def local_layers(
    session: Session, municipality: str, *, procedure: str | None = None, known: int | None = None,
    hides: Hides | None = None,
) -> dict[str, LocalLayer]:  # fmt: skip
    """
    Give a municipality's local information by procedure; procedures without any are left out.

    Args:
        session: For reading.
        municipality: By number.
        procedure: Only of this one, by id; of all when None.
        known: As it stood after the decision of this number; as it stands now when None.
        hides: Whether what one decision filled in, and another took away, is left out; see `hiding_layers`.
    """
    query = (
        select(LocalValueRow, DecisionTextRow.text)
        .join(
            DecisionTextRow,
            (col(DecisionTextRow.number) == col(LocalValueRow.decided_number))
            & (col(DecisionTextRow.name) == col(LocalValueRow.key)),
            isouter=True,
        )
        .where(LocalValueRow.municipality == municipality)
    )
    if procedure is not None:
        query = query.where(LocalValueRow.procedure_id == procedure)
    superseded = col(LocalValueRow.superseded_number)
    if known is None:
        query = query.where(superseded.is_(None))
    else:
        query = query.where(LocalValueRow.decided_number <= known, or_(superseded.is_(None), superseded > known))
    rows: dict[str, list[tuple[str, str | None, datetime]]] = {}
    for row, text in session.exec(query.order_by(LocalValueRow.procedure_id, LocalValueRow.key)):
        if hides is None or not hides(row.procedure_id, row.decided_number, row.superseded_number):
            rows.setdefault(row.procedure_id, []).append((row.key, text, row.set_at))
    return {
        one: LocalLayer({key: text for key, text, _ in found if text}, max(at for _, _, at in found))
        for one, found in rows.items()
    }


def local_values(
    session: Session, municipality: str, procedure: str, *, hides: Callable[[int, int | None], bool] | None = None
) -> Mapping[str, str]:
    """Give the local information that is filled in now, by key; `hides` is that of its own layer, `Belonging.hides`."""
    of_this = (lambda _, decided, superseded: hides(decided, superseded)) if hides else None
    found = local_layers(session, municipality, procedure=procedure, hides=of_this).get(procedure)
    return found.values if found is not None else {}
