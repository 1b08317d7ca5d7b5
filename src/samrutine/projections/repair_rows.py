"""
Make the rows anew that only repeat: totals, outbox rows, settled rows, sections, what stands beside words.

Nothing here decides. Each row follows from the chain and from words whose digest is right; where these are damaged the row
is left as it is, and `verify` goes on saying so. Rows of the municipality's record, such as answers and intervals, are not
touched: that they differ from the chain is itself a finding, and `restore --from-register` makes them from nothing.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlmodel import Session, SQLModel, col, delete, select

from samrutine.errors import StoreDamaged
from samrutine.networks.settling import shared_library
from samrutine.procedures.model import AccessClass, VersionNumber
from samrutine.procedures.ordering import sort_key
from samrutine.procedures.sections import section_moves, sections
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read
from samrutine.procedures.titles import is_retitled
from samrutine.projections.checks.beside import CONSUMER, beside_faults, counted
from samrutine.projections.checks.chain import chain_faults, touched_by
from samrutine.projections.checks.versions import text_faults, words_faults
from samrutine.projections.faults import REPEATED, UNFOUNDED
from samrutine.projections.replay import settled_differences
from samrutine.projections.replay_words import words_differences
from samrutine.projections.scope import ALL
from samrutine.storage.decisions import canonical_json
from samrutine.storage.git import blob_id
from samrutine.storage.rows import (
    ChainHeadRow,
    CounterRow,
    DecisionRow,
    MunicipalityRow,
    NetworkRow,
    OutboxPositionRow,
    OutboxRow,
    ProcedureRow,
    SectionRow,
    TableRetentionRow,
    VersionRow,
    WordsRow,
)
from samrutine.storage.sql import Database
from samrutine.storage.steps import reach


def repair_rows(database: Database) -> list[str]:
    """
    Make anew the rows that only repeat and are not as they should be; one transaction, under the chain's head.

    Returns:
        The codes of the faults that there were. None where the chain itself is broken: nothing can be made from it then.
    """
    with database.reading() as session:
        found = sorted({code for code, _ in _wrong(session)})
    if not found:
        return []
    with database.writing() as session:
        # As an act does: what is made here must follow from the last decision there is.
        session.exec(select(ChainHeadRow).where(ChainHeadRow.id == 1).with_for_update()).one()
        for code, detail in list(_wrong(session)):
            _HEALS[code](session, detail)
        session.flush()
        reach("repair: rows written, not committed")
    return [f"made anew: {code}" for code in found]


def _wrong(session: Session) -> Iterator[tuple[str, str]]:
    broken = list(chain_faults(session, 0))
    if any(code in UNFOUNDED for code, _ in broken):
        return
    faults = [*broken, *beside_faults(session), *words_faults(session), *text_faults(session, ALL)]
    if not any(code == "words-changed" for code, _ in faults):
        faults += [*words_differences(session, ALL), *settled_differences(session)]
    yield from dict.fromkeys((code, detail) for code, detail in faults if code in REPEATED and code in _HEALS)


def _outbox(session: Session, number: str) -> None:
    decision = session.get(DecisionRow, int(number))
    if decision is None:
        session.exec(delete(OutboxRow).where(col(OutboxRow.number) == int(number)))
        return
    facts = json.loads(decision.record)["facts"]
    subjects = canonical_json(sorted(touched_by(decision.kind, decision.body, facts)))
    session.merge(OutboxRow(number=decision.number, subjects=subjects))


def _total(session: Session, name: str) -> None:
    value = counted(session).get(name)
    if value is None:
        session.exec(delete(CounterRow).where(col(CounterRow.name) == name))
    else:
        session.merge(CounterRow(name=name, value=value))


def _retention(session: Session, table: str) -> None:
    known = SQLModel.metadata.tables.get(table)
    if known is None or "retention" not in known.info:
        session.exec(delete(TableRetentionRow).where(col(TableRetentionRow.table_name) == table))
    else:
        session.merge(TableRetentionRow(table_name=table, retention_class=known.info["retention"]))


def _position(session: Session, name: str) -> None:
    if not CONSUMER.fullmatch(name):
        session.exec(delete(OutboxPositionRow).where(col(OutboxPositionRow.consumer) == name))


def _settled(session: Session, _: str) -> None:
    """Make municipalities and networks as the settled files say; what is not settled goes where nothing leans on it."""
    shared = shared_library(session)
    slugs = {row.number: row for row in session.exec(select(MunicipalityRow))}
    for one in shared.municipalities:
        if one.number in slugs and slugs[one.number].slug != one.slug:
            # A slug is nobody else's: freed first, so that two that were exchanged can change back.
            slugs[one.number].slug = f"{one.number}-"
            session.add(slugs[one.number])
    session.flush()
    for one in shared.municipalities:
        session.merge(MunicipalityRow(number=one.number, name=one.name, slug=one.slug, sami_name=one.sami_name))
    for network in shared.networks:
        policy = json.dumps(asdict(shared.policy_of(network)), sort_keys=True)
        session.merge(NetworkRow(id=network.id, name=network.name, policy=policy))
    session.flush()
    for town in slugs.keys() - {one.number for one in shared.municipalities}:
        session.exec(delete(MunicipalityRow).where(col(MunicipalityRow.number) == town))
    ids = {network.id for network in shared.networks}
    for stray in [row for row in session.exec(select(NetworkRow)) if row.id not in ids]:
        session.delete(stray)
    session.flush()


def _words_place(session: Session, digest: str) -> None:
    """Forget where git has the words, unless it is where it must be; the branches note it anew when they are rebuilt."""
    row = session.get(WordsRow, digest)
    if row is None or digest_of(row.content) != digest:
        return
    access = session.exec(select(VersionRow.access).where(VersionRow.digest == digest)).first()
    row.git_blob = blob_id(row.content)
    row.store = "restricted" if access == AccessClass.EXEMPT.value else "library"
    session.add(row)


def _procedure(session: Session, procedure: str) -> None:
    """Put beside a routine what the words of its head say; its owners, dates and class are decided, and stay."""
    row = session.get(ProcedureRow, procedure)
    words = session.get(WordsRow, row.digest) if row is not None else None
    if row is None or words is None or digest_of(words.content) != words.digest:
        return
    front = read(words.content, procedure).front
    row.title, row.sort_title, row.kind, row.language = (
        front.title, sort_key(front.title), front.kind.value, front.language.value,
    )  # fmt: skip
    row.translation_of, row.network, row.co_networks = front.translation_of, front.network, " ".join(front.co_networks)
    row.folder, row.access_basis, row.access = front.subjects[0], front.access_basis, front.access.value
    row.decision_level, row.review_interval_months = front.decision_level.value, front.review_interval_months
    row.retitled = is_retitled(session, procedure, front.title)
    session.add(row)


def _section(session: Session, detail: str) -> None:
    """Write the sections of a version anew, from its words and those of the version that was the head before it."""
    procedure, number = detail.rsplit(" ", 1)
    version = VersionNumber.parse(number)
    session.exec(
        delete(SectionRow)
        .where(col(SectionRow.procedure_id) == procedure)
        .where(col(SectionRow.major) == version.major, col(SectionRow.minor) == version.minor)
    )
    row = session.get(VersionRow, (procedure, version.major, version.minor))
    if row is None:
        return
    new = _sections_of(session, row)
    before = _head_before(session, row)
    moves = section_moves(_sections_of(session, before), new) if before is not None else {}
    earlier = {after: old for old, after in moves.items() if after is not None}
    for position, one in enumerate(new):
        session.add(
            SectionRow(
                procedure_id=procedure, major=version.major, minor=version.minor, key=one.key, position=position,
                heading=one.heading, level=one.level, text_digest=digest_of(one.text.encode()),
                earlier_key=earlier.get(one.key),
            )
        )  # fmt: skip


def _sections_of(session: Session, row: VersionRow) -> Any:
    words = session.get(WordsRow, row.digest)
    if words is None or digest_of(words.content) != words.digest:
        raise StoreDamaged(store="SQL", detail=f"words {row.digest}")
    return sections(read(words.content, row.procedure_id).body)


def _head_before(session: Session, row: VersionRow) -> VersionRow | None:
    """Give the version that was the routine's newest that stood when this one got its number."""
    earlier = session.exec(
        select(VersionRow)
        .where(VersionRow.procedure_id == row.procedure_id, VersionRow.decided_number < row.decided_number)
        .order_by(col(VersionRow.decided_number).desc())
    ).all()
    standing = [one for one in earlier if one.refused_number is None or one.refused_number > row.decided_number]
    return standing[0] if standing else (earlier[0] if earlier else None)


_HEALS = {
    "outbox-missing": _outbox, "outbox": _outbox, "total": _total, "retention": _retention, "position": _position,
    "settled": _settled, "words-place": _words_place, "procedure": _procedure, "section": _section,
}  # fmt: skip
