"""What a municipality has laid over the shared text: its local information as it stands."""

from datetime import datetime

from sqlmodel import Session, col, select

from samrutine.storage.rows import DecisionTextRow, LocalValueRow


def local_values(session: Session, municipality: str, procedure: str) -> dict[str, str]:
    """Give the local information that is filled in, by key."""
    return {key: value for key, value, _ in _rows(session, municipality, procedure) if value}


def local_layer_since(session: Session, municipality: str, procedure: str) -> datetime | None:
    """Give the instant of the newest change of local information; None when there was none."""
    return max((at for _, _, at in _rows(session, municipality, procedure)), default=None)


def _rows(session: Session, municipality: str, procedure: str) -> list[tuple[str, str | None, datetime]]:
    rows = session.exec(
        select(LocalValueRow.key, DecisionTextRow.text, LocalValueRow.set_at)
        .join(
            DecisionTextRow,
            (col(DecisionTextRow.number) == col(LocalValueRow.decided_number)) & (col(DecisionTextRow.name) == col(LocalValueRow.key)),
            isouter=True,
        )
        .where(
            LocalValueRow.municipality == municipality, LocalValueRow.procedure_id == procedure,
            col(LocalValueRow.superseded_number).is_(None),
        )
        .order_by(LocalValueRow.key)
    )  # fmt: skip
    return [(key, text, at) for key, text, at in rows]
