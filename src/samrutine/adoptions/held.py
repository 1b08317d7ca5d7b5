"""Read and write municipalities' additions, and the sections by which they are followed from version to version."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from samrutine.adoptions.additions import Held, History, LayerChange, SectionAt, VersionSections, addition_of
from samrutine.adoptions.belonging import Hides
from samrutine.adoptions.effective import AdditionKind
from samrutine.procedures.model import Digest, VersionNumber
from samrutine.storage.rows import AdditionRow, DecisionRow, DecisionTextRow, SectionRow, VersionRow


def held_additions(
    session: Session, *, municipality: str | None = None, procedure: str | None = None, known: int | None = None
) -> list[Held]:
    """
    Give additions, all days, by municipality, procedure and name.

    Args:
        session: For reading.
        municipality: By number; of all when None.
        procedure: Only to this one; to all when None.
        known: As they stood after the decision of this number; as they stand now when None.
    """
    return [_held(row) for row in session.exec(_rows(municipality, procedure, known))]


def _rows(municipality: str | None, procedure: str | None, known: int | None) -> SelectOfScalar[AdditionRow]:
    query = select(AdditionRow)
    if municipality is not None:
        query = query.where(AdditionRow.municipality == municipality)
    if procedure is not None:
        query = query.where(AdditionRow.procedure_id == procedure)
    superseded = col(AdditionRow.superseded_number)
    if known is None:
        query = query.where(superseded.is_(None))
    else:
        query = query.where(AdditionRow.decided_number <= known, or_(superseded.is_(None), superseded > known))
    return query.order_by(AdditionRow.municipality, AdditionRow.procedure_id, AdditionRow.id)


def additions_known(
    session: Session, municipality: str, *, procedure: str | None, known: int, hides: Hides | None = None
) -> dict[str, tuple[list[Held], int]]:
    """
    Give additions by procedure as they stood after the decision of that number, with the newest decision about any.

    That decision may be one by which an addition was dropped, so a procedure may have a number and no addition. What
    `hides` leaves out counts for nothing: not even that it was decided is told.
    """
    query = select(AdditionRow).where(AdditionRow.municipality == municipality, AdditionRow.decided_number <= known)
    if procedure is not None:
        query = query.where(AdditionRow.procedure_id == procedure)
    found: dict[str, tuple[list[Held], int]] = {}
    for row in session.exec(query.order_by(AdditionRow.procedure_id, AdditionRow.id)):
        if hides is not None and hides(row.procedure_id, row.decided_number, row.superseded_number):
            continue
        held, newest = found.get(row.procedure_id, ([], 0))
        ended = row.superseded_number if row.superseded_number and row.superseded_number <= known else None
        if ended is None:
            held.append(_held(row))
        found[row.procedure_id] = (held, max(newest, row.decided_number, ended or 0))
    return found


def in_order(held: Collection[Held]) -> list[Held]:
    """Give additions in the order in which they are printed within a section: as they were decided."""
    return sorted(held, key=lambda one: (one.decided_number, one.row))


def life_of(session: Session, addition: str) -> list[AdditionRow]:
    """Give every row that an addition ever had, the first first; none when there is no such addition."""
    prefix = f"{addition}."
    rows = session.exec(select(AdditionRow).where(col(AdditionRow.id).startswith(prefix, autoescape=True))).all()
    return sorted(rows, key=lambda row: int(row.id.rpartition(".")[2]))


def row_names(session: Session, municipality: str, procedure: str) -> list[str]:
    """Give the names of all rows there ever were in one place, so that the next gets a name of its own."""
    here = AdditionRow.municipality == municipality, AdditionRow.procedure_id == procedure
    return list(session.exec(select(AdditionRow.id).where(*here)))


def write_additions(session: Session, change: LayerChange, number: int) -> None:
    """Write what decision `number` did to additions. Rows are superseded, never changed otherwise."""
    for old in change.ended:
        row = session.get_one(AdditionRow, old.row)
        row.superseded_number = number
        session.add(row)
    for new in change.began:
        session.add(
            AdditionRow(
                id=new.row, municipality=new.municipality, procedure_id=new.procedure, section_key=new.section_key,
                kind=new.kind.value, digest=new.digest, decided_number=number, departs=new.departs,
                section_digest=new.section_digest, replaces=new.replaces, from_on=new.from_on, until_on=new.until_on,
            )
        )  # fmt: skip
    session.flush()


def section_history(session: Session, procedures: Collection[str]) -> dict[str, History]:
    """
    Give the sections of every version of procedures, by procedure.

    A *hasteversjon* that was refused is left out: those after it were not made from it.
    """
    rows = session.exec(
        select(VersionRow).where(
            col(VersionRow.procedure_id).in_(procedures), col(VersionRow.refused_number).is_(None)
        )
    ).all()  # fmt: skip
    sections: dict[tuple[str, int, int], list[SectionAt]] = {}
    for section in session.exec(
        select(SectionRow)
        .where(col(SectionRow.procedure_id).in_(procedures))
        .order_by(col(SectionRow.position))
    ):  # fmt: skip
        at = (section.procedure_id, section.major, section.minor)
        sections.setdefault(at, []).append(
            SectionAt(section.key, section.heading, section.text_digest, section.earlier_key)
        )
    found: dict[str, dict[VersionNumber, VersionSections]] = {one: {} for one in procedures}
    for row in rows:
        there = VersionSections(row.digest, tuple(sections.get((row.procedure_id, row.major, row.minor), ())))
        found[row.procedure_id][VersionNumber(row.major, row.minor)] = there
    return {**found}


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why an addition is needed, and what it rests on professionally; None where nothing was said, or it was erased."""

    reason: str | None = None
    source: str | None = None


NO_GROUNDS: Final = Grounds()


def grounds_for(session: Session, held: Collection[Held], known: Mapping[str, int] | None = None) -> dict[str, Grounds]:
    """
    Give the grounds of additions, by addition: of each the newest that was given and not erased.

    They are texts of the decisions that made and changed it. One that was kept through an adoption goes on having those it
    was made with.

    Args:
        session: For reading.
        held: The additions.
        known: By procedure, the number of the decision after which they are asked for; as they stand now when None.
    """
    wanted = {one.addition for one in held}
    if not wanted:
        return {}
    rows = session.exec(
        select(AdditionRow.id, AdditionRow.decided_number, DecisionTextRow.name, DecisionTextRow.text)
        .join(DecisionRow, col(DecisionRow.number) == col(AdditionRow.decided_number))
        .join(DecisionTextRow, col(DecisionTextRow.number) == col(AdditionRow.decided_number))
        .where(
            col(AdditionRow.municipality).in_({one.municipality for one in held}),
            col(AdditionRow.procedure_id).in_({one.procedure for one in held}),
            # The reason of an adoption is its own, also where the adoption changed an addition.
            col(DecisionRow.kind).in_(("addition_made", "addition_changed")),
        )
        .order_by(col(AdditionRow.decided_number))
    ).all()  # fmt: skip
    told: dict[str, dict[str, str]] = {}
    until = {one.addition: known[one.procedure] for one in held} if known is not None else {}
    for row, number, name, text in rows:
        if text and addition_of(row) in wanted and number <= until.get(addition_of(row), number):
            told.setdefault(addition_of(row), {})[name] = text
    return {addition: Grounds(texts.get("reason"), texts.get("source")) for addition, texts in told.items()}


def _held(row: AdditionRow) -> Held:
    return Held(
        row.id, row.municipality, row.procedure_id, row.section_key, AdditionKind(row.kind), Digest(row.digest), row.departs,
        row.section_digest, row.from_on, row.until_on, row.decided_number, row.replaces,
    )  # fmt: skip


def known_rows(rows: Sequence[AdditionRow]) -> list[Held]:
    """Give those of an addition's rows that are what we know now."""
    return [_held(row) for row in rows if row.superseded_number is None]
