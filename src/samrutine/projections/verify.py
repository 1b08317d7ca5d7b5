"""
Check every promise that can be checked, and change nothing.

Each fault has a code with a sentence and a remedy in the catalogue `faults`. What is asked of git is asked of git, what
is asked of SQL is computed again from the chain.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session, col, func, select

from samrutine.messages import say
from samrutine.procedures.model import AccessClass
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read
from samrutine.projections.replay import differences, settled_differences
from samrutine.projections.replay_additions import shown_though_exempt
from samrutine.projections.replay_words import words_differences
from samrutine.projections.service import Projections
from samrutine.storage.decisions import GENESIS, link_hash, register_folder, salted
from samrutine.storage.rows import (
    AdoptionRow,
    ChainHeadRow,
    CounterRow,
    DecisionRow,
    DecisionTextRow,
    InForceRow,
    OutboxRow,
    ProcedureRow,
    ProposalRow,
    TableRetentionRow,
    VersionRow,
    WordsRow,
)
from samrutine.storage.sql import Database

REPEATED: Final = frozenset(
    {
        *("behind", "ahead", "unreadable", "main-tip", "main-tree", "register-tip", "register-tree"),
        *("restricted-tip", "restricted-tree"),
        *("index-unusable", "index-position", "index-contents", "git-objects"),
    }
)
"""Faults of what only repeats; `repair` heals all of these but lost git objects that SQL no longer holds either."""

UNFOUNDED: Final = frozenset({"chain-hash", "chain-number", "chain-columns"})
"""Faults of the chain after which nothing else can be held against it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as decided."""

    code: str
    detail: str

    def text(self, language: str = "nb") -> str:
        """Say what is wrong and what to do."""
        return (
            say(f"faults.{self.code}.fact", language, detail=self.detail)
            + " "
            + say(f"faults.{self.code}.remedy", language)
        )


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked, and every fault."""

    faults: tuple[Fault, ...]
    decisions: int
    versions: int
    chain_head: str

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(database: Database, projections: Projections) -> Verified:
    """
    Check the chain, the words, the versions, what is in force, the totals, the branches and the index.

    Reads only. A clean answer means that everything that is shown follows from the decisions, and that no decision was
    changed since it was made. Where the chain itself is broken nothing can be held against it, so the answer is then
    what is wrong with the chain, its texts and its words, and no more.
    """
    with database.reading() as session:
        faults = [Fault(code, detail) for code, detail in _sql_faults(session)]
        head = session.exec(select(ChainHeadRow)).one()
        versions = session.exec(select(func.count()).select_from(VersionRow)).one()
        number, link = head.number, head.hash
    if not any(fault.code in UNFOUNDED for fault in faults):
        faults.extend(Fault(code, detail) for code, detail in projections.faults())
    return Verified(tuple(faults), number, versions, link)


def _sql_faults(session: Session) -> Iterator[tuple[str, str]]:
    broken = list(_chain_faults(session))
    yield from broken
    changed = list(_word_faults(session))
    yield from changed
    if any(code in UNFOUNDED for code, _ in broken):
        return
    yield from _text_faults(session)
    yield from _version_faults(session)
    yield from _access_faults(session)
    yield from _overlaps(session)
    yield from differences(session)
    if not changed:
        yield from settled_differences(session)
        yield from words_differences(session)
    yield from _total_faults(session)
    if session.exec(select(func.count()).select_from(TableRetentionRow)).one() == 0:
        yield "retention", "table_retention"


def _chain_faults(session: Session) -> Iterator[tuple[str, str]]:
    """Hash every record again, follow every link, and hold the columns against the record."""
    previous, expected, last_at = GENESIS, 1, None
    for row in session.exec(select(DecisionRow).order_by(col(DecisionRow.number)).execution_options(yield_per=1000)):
        if row.number != expected:
            yield "chain-number", f"{expected} {row.number}"
        if link_hash(row.record) != row.hash:
            # What was changed may be no record at all any more, so it is not looked into.
            yield "chain-hash", str(row.number)
        else:
            record = json.loads(row.record)
            if record["previous"] != previous:
                yield "chain-link", str(row.number)
            if not _columns_agree(row, record):
                yield "chain-columns", str(row.number)
        if last_at is not None and row.decided_at < last_at:
            yield "chain-time", str(row.number)
        previous, expected, last_at = row.hash, row.number + 1, row.decided_at
    head = session.exec(select(ChainHeadRow)).one()
    if (head.number, head.hash) != (expected - 1, previous):
        yield "chain-head", f"{head.number} {expected - 1}"
    unsent = session.exec(
        select(DecisionRow.number)
        .join(OutboxRow, col(OutboxRow.number) == col(DecisionRow.number), isouter=True)
        .where(col(OutboxRow.number).is_(None))
    )
    for number in unsent:
        yield "outbox-missing", str(number)


def _columns_agree(row: DecisionRow, record: dict[str, Any]) -> bool:
    shown = (row.number, row.id, row.act_id, row.kind, row.body, row.subject, row.actor_id, row.role)
    hashed = tuple(record[name] for name in ("number", "id", "act", "kind", "body", "subject", "actor", "role"))
    at = row.decided_at.isoformat(timespec="microseconds")
    return shown == hashed and at == record["at"] and row.register_folder == register_folder(row.body, row.decided_at)


def _text_faults(session: Session) -> Iterator[tuple[str, str]]:
    """Every free text that a decision knows has its row, erased or not, and the row says what was said."""
    kept: dict[int, dict[str, DecisionTextRow]] = {}
    for text in session.exec(select(DecisionTextRow)):
        kept.setdefault(text.number, {})[text.name] = text
    for number, record in session.exec(
        select(DecisionRow.number, DecisionRow.record).order_by(col(DecisionRow.number))
    ):
        known, rows = json.loads(record)["texts"], kept.get(number, {})
        for name in sorted(known.keys() | rows.keys()):
            row = rows.get(name)
            if row is None or name not in known or (row.text is not None and salted(row.salt, row.text) != known[name]):
                yield "text-changed", f"{number} {name}"


def _word_faults(session: Session) -> Iterator[tuple[str, str]]:
    for row in session.exec(select(WordsRow).execution_options(yield_per=200)):
        if digest_of(row.content) != row.digest:
            yield "words-changed", row.digest


def _version_faults(session: Session) -> Iterator[tuple[str, str]]:
    """Every version was decided, in order, without a gap, and each procedure's head is the newest that stands."""
    decided: dict[str, list[tuple[str, str, int]]] = {}
    refused: set[tuple[str, str]] = set()
    for row in session.exec(
        select(DecisionRow)
        .where(col(DecisionRow.kind).in_(("version_approved", "version_hurried", "version_refused")))
        .order_by(col(DecisionRow.number))
    ):
        facts = json.loads(row.record)["facts"]
        if row.kind == "version_refused":
            refused.add((facts["procedure"], facts["version"]))
            continue
        decided.setdefault(facts["procedure"], []).append((facts["version"], facts["digest"], row.number))
    kept: dict[str, list[tuple[str, str, int]]] = {}
    for version in session.exec(
        select(VersionRow).order_by(VersionRow.procedure_id, col(VersionRow.major), col(VersionRow.minor))
    ):
        kept.setdefault(version.procedure_id, []).append(
            (f"{version.major}.{version.minor}", version.digest, version.decided_number)
        )
    for procedure in sorted(decided.keys() | kept.keys()):
        if decided.get(procedure) != kept.get(procedure):
            yield "versions", procedure
    heads = {row.id: (f"{row.major}.{row.minor}", row.digest) for row in session.exec(select(ProcedureRow))}
    for procedure in sorted(heads.keys() | kept.keys()):
        # Where every version was refused, the routine is withdrawn, and its head is the last of them.
        numbered = kept.get(procedure, [])
        standing = [one for one in numbered if (procedure, one[0]) not in refused] or numbered
        if not standing or heads.get(procedure) != standing[-1][:2]:
            yield "procedure-head", procedure


def _access_faults(session: Session) -> Iterator[tuple[str, str]]:
    """
    Every version has the class it was decided with, and a routine that of its head: who may read goes by these columns.

    What is exempt is held against its words too, since its networks are kept beside it for their readers' sake.
    """
    given = {row.decided_number: row for row in session.exec(select(VersionRow))}
    records = session.exec(select(DecisionRow.number, DecisionRow.record).where(col(DecisionRow.number).in_(given)))
    wrong = {
        given[number].procedure_id
        for number, record in records
        if given[number].access != json.loads(record)["facts"].get("access")
    }
    for row in session.exec(select(ProcedureRow)):
        words = session.get(WordsRow, row.digest) if row.access == AccessClass.EXEMPT.value else None
        head = session.get(VersionRow, (row.id, row.major, row.minor))
        if head is not None and head.access not in {None, row.access}:
            wrong.add(row.id)
        elif words is not None and digest_of(words.content) == words.digest:
            front = read(words.content, row.id).front
            kept = (row.access, row.network, tuple(row.co_networks.split()))
            if kept != (front.access.value, front.network, front.co_networks):
                wrong.add(row.id)
    wrong |= shown_though_exempt(session)
    for procedure in sorted(wrong):
        yield "access", procedure


def _overlaps(session: Session) -> Iterator[tuple[str, str]]:
    """No day has two versions in force in one place."""
    last: InForceRow | None = None
    for row in session.exec(
        select(InForceRow)
        .where(col(InForceRow.superseded_number).is_(None))
        .order_by(InForceRow.municipality, InForceRow.procedure_id, col(InForceRow.from_on))
    ):
        same = last is not None and (last.municipality, last.procedure_id) == (row.municipality, row.procedure_id)
        if same and last is not None and (last.until_on is None or last.until_on > row.from_on):
            yield "in-force-overlap", f"{row.municipality} {row.procedure_id}"
        last = row


def _total_faults(session: Session) -> Iterator[tuple[str, str]]:
    counted = {
        "decisions": session.exec(select(func.count()).select_from(DecisionRow)).one(),
        "versions": session.exec(select(func.count()).select_from(VersionRow)).one(),
        "procedures": session.exec(select(func.count()).select_from(ProcedureRow)).one(),
        "proposals": session.exec(select(func.count()).select_from(ProposalRow)).one(),
        "adoptions": session.exec(
            select(func.count()).select_from(AdoptionRow).where(AdoptionRow.state != "to-consider")
        ).one(),
    }
    kept = {row.name: row.value for row in session.exec(select(CounterRow))}
    for name, value in counted.items():
        if kept.get(name, 0) != value:
            yield "total", name
