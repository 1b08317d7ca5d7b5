"""What a municipality has decided, and what it has used, read for its archive."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from samrutine.actors import municipality_body
from samrutine.days import norwegian_day
from samrutine.exchange.decision_list import DecisionLine
from samrutine.procedures.hiding import HiddenTexts
from samrutine.procedures.model import VersionNumber
from samrutine.storage.rows import AttachmentRow, DecisionRow, DecisionTextRow, InForceRow, ProcedureRow, VersionRow

_EXEMPT = "exempt"

ANSWERS = ("adopted", "declined", "found_not_relevant", "kept_own_routine", "ended", "deferred")
"""The decisions by which a municipality answers about a routine."""


@dataclass(frozen=True, slots=True)
class Used:
    """A version that applied in the municipality, or does: from its first day until the day after its last."""

    procedure: str
    version: VersionNumber
    title: str
    from_on: date
    until_on: date | None
    is_exempt: bool


def decisions_of(
    session: Session, municipality: str, hidden: HiddenTexts, *, on: date | None = None, act: str | None = None
) -> tuple[list[DecisionLine], set[str]]:
    """
    Give what a municipality has answered about routines, in the order of the chain; and which routines are left out.

    Args:
        hidden: What the reader may not see: decisions about it are left out.
        on: Only those of this day, in Norway.
        act: Only those of this act, such as a list.
    """
    rows = session.exec(
        select(DecisionRow)
        .where(DecisionRow.body == municipality_body(municipality), col(DecisionRow.kind).in_(ANSWERS))
        .order_by(col(DecisionRow.number))
    ).all()
    rows = [row for row in rows if on in {None, norwegian_day(row.decided_at)} and act in {None, row.act_id}]
    shown = [row for row in rows if row.subject not in hidden.procedures]
    numbers = [row.number for row in shown]
    reasons = {
        text.number: text.text
        for text in session.exec(
            select(DecisionTextRow).where(DecisionTextRow.name == "reason", col(DecisionTextRow.number).in_(numbers))
        )
    }
    titles = {row.id: row.title for row in session.exec(select(ProcedureRow))}
    lines = []
    for row in shown:
        facts = json.loads(row.record)["facts"]
        procedure, version = str(row.subject), facts.get("version") if row.kind == "adopted" else None
        first = facts.get("from") if version is not None else None
        lines.append(
            DecisionLine(
                row.number, row.decided_at, row.kind, procedure,
                _title(session, procedure, version, hidden) or titles.get(procedure, procedure), version,
                date.fromisoformat(first) if first else None, facts.get("position"), facts.get("case"),
                reasons.get(row.number), row.hash, row.act_id,
            )
        )  # fmt: skip
    return lines, {str(row.subject) for row in rows} - {str(row.subject) for row in shown}


def names_exempt(session: Session, lines: Sequence[DecisionLine]) -> bool:
    """Tell whether some decisions name a routine that was exempt from public access when they were made."""
    for line in lines:
        number = VersionNumber.parse(line.version) if line.version is not None else None
        query = select(VersionRow.access).where(
            VersionRow.procedure_id == line.procedure, col(VersionRow.decided_number) < line.number
        )
        if number is not None:
            query = query.where(VersionRow.major == number.major, VersionRow.minor == number.minor)
        if session.exec(query.order_by(col(VersionRow.decided_number).desc()).limit(1)).first() == _EXEMPT:
            return True
    return False


def used_by(session: Session, municipality: str, hidden: HiddenTexts, today: date) -> tuple[list[Used], set[str]]:
    """
    Give every version that applied in a municipality, by title, number and day; and which routines are left out.

    One that was ended and taken into use again is there for each time; days that follow each other are one.
    """
    rows = session.exec(
        select(InForceRow, VersionRow)
        .join(
            VersionRow,
            (col(VersionRow.procedure_id) == col(InForceRow.procedure_id))
            & (col(VersionRow.major) == col(InForceRow.major))
            & (col(VersionRow.minor) == col(InForceRow.minor)),
        )
        .where(InForceRow.municipality == municipality, col(InForceRow.superseded_number).is_(None))
        .where(col(InForceRow.from_on) <= today)
        .order_by(InForceRow.procedure_id, col(InForceRow.from_on))
    ).all()
    found: dict[tuple[str, VersionNumber], list[Used]] = defaultdict(list)
    left_out: set[str] = set()
    for row, version in rows:
        if row.procedure_id in hidden.procedures or row.digest in hidden.digests:
            left_out.add(row.procedure_id)
            continue
        number = VersionNumber(row.major, row.minor)
        times = found[row.procedure_id, number]
        first = times.pop().from_on if times and times[-1].until_on in {None, row.from_on} else row.from_on
        times.append(
            Used(row.procedure_id, number, version.title, first, row.until_on, is_exempt=version.access == _EXEMPT)
        )
    every = [one for times in found.values() for one in times]
    return sorted(every, key=lambda one: (one.title, one.procedure, one.version, one.from_on)), left_out


def files_of(session: Session, procedure: str, version: VersionNumber) -> Sequence[AttachmentRow]:
    """Give the files that belong to a version."""
    of_it = select(AttachmentRow).where(
        AttachmentRow.procedure_id == procedure, AttachmentRow.major == version.major,
        AttachmentRow.minor == version.minor,
    )  # fmt: skip
    return session.exec(of_it.order_by(AttachmentRow.name)).all()


def register_lines(session: Session, municipality: str, hidden: HiddenTexts) -> dict[str, bytes]:
    """Give the register's lines about a municipality, a file a month, just as they were hashed."""
    rows = session.exec(
        select(DecisionRow)
        .where(DecisionRow.body == municipality_body(municipality))
        .order_by(col(DecisionRow.number))
        .execution_options(yield_per=500)
    )
    months: dict[str, list[str]] = {}
    for row in rows:
        if row.subject not in hidden.procedures:
            month = row.register_folder.rpartition("/")[2]
            months.setdefault(month, []).append(f'{{"hash":"{row.hash}","record":{row.record}}}\n')
    return {f"{month}.jsonl": "".join(lines).encode() for month, lines in months.items()}


def days_with_decisions(session: Session, municipality: str, hidden: HiddenTexts, *, most: int = 3) -> tuple[date, ...]:
    """Give the newest days, in Norway, on which a municipality answered about routines, the newest first."""
    lines, _ = decisions_of(session, municipality, hidden)
    return tuple(sorted({norwegian_day(line.at) for line in lines}, reverse=True)[:most])


def newest(lines: Sequence[DecisionLine]) -> datetime:
    """Give the instant of the last of some decisions."""
    return max(line.at for line in lines)


def _title(session: Session, procedure: str, version: str | None, hidden: HiddenTexts) -> str | None:
    if version is None:
        return None
    number = VersionNumber.parse(version)
    row = session.get(VersionRow, (procedure, number.major, number.minor))
    return row.title if row is not None and row.digest not in hidden.digests else None
