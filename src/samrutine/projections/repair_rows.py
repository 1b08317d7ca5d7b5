"""
Make the rows anew that only repeat: totals, outbox rows, settled rows, sections, what stands beside words.

Nothing here decides. Each row follows from the chain and from words whose digest is right; where these are damaged the row
is left as it is, and `verify` goes on saying so. Rows of the municipality's record, such as answers and intervals, are not
touched: that they differ from the chain is itself a finding, and `restore --from-register` makes them from nothing.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict

from sqlmodel import Session, SQLModel, and_, col, delete, select

from samrutine.errors import SamrutineError
from samrutine.networks.settling import shared_library
from samrutine.procedures.model import AccessClass, VersionNumber
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.titles import is_retitled
from samrutine.projections.checks.beside import CONSUMER, beside_faults, counted
from samrutine.projections.checks.chain import chain_faults, touched_by
from samrutine.projections.checks.unreadable import make_readable, mendable_values, said
from samrutine.projections.checks.versions import exempt_files, text_faults, words_faults
from samrutine.projections.faults import REPEATED, UNFOUNDED
from samrutine.projections.replay import settled_differences
from samrutine.projections.replay_heads import columns_due
from samrutine.projections.replay_words import sections_due, words_differences
from samrutine.projections.rewriting import notices
from samrutine.projections.scope import ALL, Scope
from samrutine.storage.decisions import canonical_json
from samrutine.storage.git import blob_id
from samrutine.storage.rows import (
    AttachmentRow,
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
from samrutine.storage.words import LIBRARY_STORE, RESTRICTED_STORE


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
        _heal(session, wrong := list(_wrong(session)))
        if any(code == "words-place" for code, _ in wrong):
            # A mark on words kept other checks from looking at them: what it hid is found now that it is gone.
            _heal(session, list(_wrong(session)))
        reach("repair: rows written, not committed")
    return found


def make_values_readable(database: Database) -> list[str]:
    """
    Put something readable in place of values that nobody can read, in rows that are then made anew. Before all else.

    Returns:
        What was done, as codes; nothing on a sound home.
    """
    with database.reading() as session:
        found = mendable_values(session)
    if not found:
        return []
    with database.writing() as session:
        session.exec(select(ChainHeadRow.id).where(ChainHeadRow.id == 1).with_for_update()).one()
        make_readable(session, mendable_values(session))
    return [one.detail for one in found]


def _heal(session: Session, wrong: list[tuple[str, str]]) -> None:
    for code, detail in wrong:
        # One that cannot be made is left, and named by `verify`; it must not keep the others from being made.
        with suppress(SamrutineError, LookupError, ValueError, TypeError), session.begin_nested():
            _HEALS[code](session, detail)
            session.flush()


def _wrong(session: Session) -> Iterator[tuple[str, str]]:
    broken = list(chain_faults(session, 0))
    if any(code in UNFOUNDED for code, _ in broken):
        return
    faults = [*broken, *said("beside", beside_faults(session)), *said("bytes", words_faults(session))]
    faults += [*said("text", text_faults(session, ALL)), *said("words", words_differences(session, ALL))]
    faults += said("settled", settled_differences(session))
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
        session.merge(
            MunicipalityRow(number=one.number, name=one.name, slug=one.slug, sami_name=one.sami_name, colour=one.colour)
        )
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
    """
    Say of words that stand where they must be in git, and take away marks that they do not stand.

    The branches note anew where they are when they are rebuilt. A mark that a decision made stays, for a person to look at.
    """
    row = session.get(WordsRow, digest)
    if row is None or digest_of(row.content) != digest:
        return
    access = session.exec(select(VersionRow.access).where(VersionRow.digest == digest)).first()
    if session.exec(exempt_files().where(AttachmentRow.digest == digest)).first() is not None:
        access = AccessClass.EXEMPT.value
    is_in_git = row.git_blob is not None
    row.git_blob = blob_id(row.content) if is_in_git else None
    row.store = (RESTRICTED_STORE if access == AccessClass.EXEMPT.value else LIBRARY_STORE) if is_in_git else None
    row.lost_number = None
    if digest not in notices(session):
        row.redacted_number = None
    session.add(row)


def _procedure(session: Session, procedure: str) -> None:
    """Put beside a routine what its decisions and the words of its head say; who looks after it stays."""
    row = session.get(ProcedureRow, procedure)
    due = dict(columns_due(session, Scope(frozenset({procedure})))).get(procedure)
    if row is None or due is None:
        return
    for name, value in due.items():
        setattr(row, name, value)
    row.retitled = is_retitled(session, procedure, row.title)
    session.add(row)


def _section(session: Session, detail: str) -> None:
    """
    Write the sections of a version anew, from its words and those of the version that was the head before it.

    Where the words before are not there, which sections these follow is as it was.
    """
    procedure, number = detail.rsplit(" ", 1)
    version = VersionNumber.parse(number)
    due = {at: (made, follows) for at, made, follows in sections_due(session, Scope(frozenset({procedure})))}
    made, follows = due.get((procedure, version), (set(), True))
    if made is None:
        return
    here = and_(
        SectionRow.procedure_id == procedure, SectionRow.major == version.major, SectionRow.minor == version.minor
    )
    before = dict(session.exec(select(SectionRow.key, SectionRow.earlier_key).where(here)).all())
    session.exec(delete(SectionRow).where(here))
    for key, position, heading, level, text_digest, earlier in made:
        session.add(
            SectionRow(
                procedure_id=procedure, major=version.major, minor=version.minor, key=key, position=position,
                heading=heading, level=level, text_digest=text_digest, earlier_key=earlier if follows else before.get(key),
            )
        )  # fmt: skip


_HEALS = {
    "outbox-missing": _outbox, "outbox": _outbox, "total": _total, "retention": _retention, "position": _position,
    "settled": _settled, "words-place": _words_place, "procedure": _procedure, "section": _section,
}  # fmt: skip
