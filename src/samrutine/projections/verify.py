"""
Check every promise that can be checked, and change nothing.

What is asked about is in `checks`, a room for each; here it is put together. Each fault has a code with a sentence and a
remedy in the catalogue `faults`, and `faults.KINDS` says which promise it breaks. What is asked of git is asked of git,
what is asked of SQL is computed again from the chain.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select as columns_of
from sqlalchemy import union
from sqlmodel import Session, col, func, select

from samrutine.errors import NoDecisionToBeginAt
from samrutine.projections.checks.agreement import agreement_faults
from samrutine.projections.checks.beside import beside_faults
from samrutine.projections.checks.chain import chain_faults
from samrutine.projections.checks.people import name_faults, people_faults
from samrutine.projections.checks.targets import Opened, read_back, target_faults
from samrutine.projections.checks.unreadable import said, unreadable_values
from samrutine.projections.checks.versions import (
    access_faults,
    overlaps,
    text_faults,
    version_faults,
    words_faults,
)
from samrutine.projections.faults import (
    AT_TARGETS,
    DAMAGE,
    KINDS,
    NOTES,
    REPEATED,
    UNFOUNDED,
    UNREADABLE,
    Done,
    Fault,
    Promise,
)
from samrutine.projections.names import names_of
from samrutine.projections.replay import differences, settled_differences
from samrutine.projections.replay_words import words_differences
from samrutine.projections.scope import parts
from samrutine.projections.service import Projections
from samrutine.storage.decisions import GENESIS
from samrutine.storage.rows import (
    AdditionRow,
    AdoptionRow,
    AttachmentRow,
    ChainHeadRow,
    DecisionRow,
    InForceRow,
    LibraryFileRow,
    LocalValueRow,
    MadeKnownRow,
    ProcedureRow,
    ProposalRow,
    ReviewRow,
    SectionRow,
    StandingDecisionRow,
    VersionRow,
)
from samrutine.storage.soundness import page_faults, schema_faults
from samrutine.storage.sql import Database

__all__ = ["NOTES", "REPEATED", "UNFOUNDED", "Fault", "Verified", "verify"]

_NAMES_A_ROUTINE = (
    ProcedureRow.id, VersionRow.procedure_id, SectionRow.procedure_id, AttachmentRow.procedure_id, AdoptionRow.procedure_id,
    InForceRow.procedure_id, LocalValueRow.procedure_id, AdditionRow.procedure_id, StandingDecisionRow.procedure_id,
    MadeKnownRow.procedure_id, ReviewRow.procedure_id, ProposalRow.procedure_id,
)  # fmt: skip


_OF_THE_REGISTER = frozenset({"register-tip", "register-tree", "register-history", "branch-moved-back", "ahead"})


@dataclass(frozen=True, slots=True)
class Verified:
    """
    What was checked, and every fault.

    `notes` are what should be known and is no damage, such as a destination that could not be reached. `since` is the
    number of the decision whose link was trusted; None when everything was checked. `done` is what a repair put right before
    it looked; None when nothing was to be repaired. `names` has what codes in the details stand for, for people.
    """

    faults: tuple[Fault, ...]
    decisions: int
    versions: int
    chain_head: str
    notes: tuple[Fault, ...] = ()
    since: int | None = None
    done: tuple[Done, ...] | None = field(default=None, compare=False)
    names: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def library_is_clean(self) -> bool:
        """Whether nothing is wrong with the library itself: all there is, lies where others may write too."""
        return all(one.code in AT_TARGETS for one in self.faults)

    @property
    def stopped_at_database(self) -> bool:
        """Whether the database itself is damaged, and nothing else was looked at."""
        return not _is_readable(self.faults)

    @property
    def stopped_at_chain(self) -> bool:
        """Whether the chain itself is broken, and the rest was therefore not looked at."""
        return not _is_founded(self.faults)


def verify(
    database: Database, projections: Projections, *, connectors: Opened | None = None, since: int | None = None
) -> Verified:
    """
    Check the chain, the words, the versions, what is in force, people, totals, branches, index and published copies.

    Reads only. A clean answer means that everything that is shown follows from the decisions, and that no decision was
    changed since it was made. Where the chain itself is broken nothing can be held against it, so the answer is then
    what is wrong with the chain, its texts and its words, and no more; of a damaged database, what is damaged in it.

    Args:
        connectors: What opens the destinations, to read back what lies there; nothing is read back when None.
        since: Trust the link of the decision of this number, and all before it, and check the decisions after it with
            everything about the routines they touch, what is about no routine, the totals and the newest commits. Git's
            own objects and the destinations are left for a whole check.

    Raises:
        NoDecisionToBeginAt: There is no decision of the number `since`.
        DatabaseBusy: Git or an index seems wrong, and others write there for so long that nobody can say. Try again.
    """
    with database.reading() as session:
        unsound = _database_faults(session, reads_pages=since is None)
        if not _is_readable(unsound):
            return Verified(tuple(unsound), 0, 0, GENESIS)
        after = _boundary(session, since) if since is not None else 0
        found = [*unsound, *(Fault(code, detail) for code, detail in _sql_faults(session, after))]
        number, link = _head(session)
        versions = session.exec(select(func.count()).select_from(VersionRow)).one()
        if connectors is not None and not after and _is_founded(found):
            found.extend(Fault(code, detail) for code, detail in read_back(session, connectors))
    if _is_founded(found):
        found.extend(_of_what_repeats(projections, after))
    faults = tuple(one for one in dict.fromkeys(found) if one.code not in NOTES)
    notes = tuple(one for one in dict.fromkeys(found) if one.code in NOTES)
    names = names_of(database, (one.detail for one in found))
    return Verified(faults, number, versions, link, notes, after or None, names=names)


def damage(database: Database) -> tuple[Fault, ...]:
    """
    Give what is wrong with that which SQL alone holds, and which a copy of it would hold wrong too.

    What only repeats decisions is made again from them, here or where the copy is put back. Reads only.
    """
    with database.reading() as session:
        unsound = _database_faults(session, reads_pages=True)
        if not _is_readable(unsound):
            return tuple(unsound)
        found = (Fault(code, detail) for code, detail in _sql_faults(session, 0))
        return tuple(one for one in dict.fromkeys(found) if one.code in DAMAGE)


def _of_what_repeats(projections: Projections, after: int) -> list[Fault]:
    """
    Say what is wrong with that which repeats; of a database that is an older copy, that and what it does not explain.

    A branch that is ahead would be told to hold what nobody decided, with `repair` for a remedy.
    """
    found = [Fault(code, detail) for code, detail in projections.faults(after)]
    here, there = projections.lacking() if any(one.code in _OF_THE_REGISTER for one in found) else (0, 0)
    if there == here:
        return found
    ahead = Fault("register-ahead", f"{here + 1}–{there}" if there > here + 1 else str(there))
    explained = {Promise.BRANCHES, Promise.OUTBOX, Promise.INDEX}
    return [ahead, *(one for one in found if KINDS[one.code].promise not in explained)]


def _head(session: Session) -> tuple[int, str]:
    """Give the number and the hash of the chain's head; of the last decision where the head's own row is gone."""
    head = session.exec(select(ChainHeadRow.number, ChainHeadRow.hash)).first()
    last = select(DecisionRow.number, DecisionRow.hash).order_by(col(DecisionRow.number).desc()).limit(1)
    return head or session.exec(last).first() or (0, GENESIS)


def _database_faults(session: Session, *, reads_pages: bool) -> list[Fault]:
    """Say what is wrong with the database as such, before anything that stands in it is asked for."""
    pages = page_faults(session.connection()) if reads_pages else []
    if pages:
        return [Fault("database-pages", page) for page in pages]
    return [Fault(code, name) for code, name in schema_faults(session.connection())]


def _is_readable(found: Iterable[Fault]) -> bool:
    """Whether the database can be asked."""
    return not any(fault.code in UNREADABLE for fault in found)


def _is_founded(found: Iterable[Fault]) -> bool:
    """Whether the chain stands, so that the rest can be held against it."""
    return not any(fault.code in UNFOUNDED for fault in found)


def _boundary(session: Session, since: int) -> int:
    """Give the last number at or before `since` after which a new act begins: an act is one commit, and is not cut."""
    acts = dict(
        session.exec(
            select(DecisionRow.number, DecisionRow.act_id).where(col(DecisionRow.number).in_([since, since + 1]))
        ).all()
    )
    if since not in acts:
        raise NoDecisionToBeginAt(value=since, last=_head(session)[0])
    if acts.get(since + 1) != acts[since]:
        return since
    first = session.exec(select(func.min(DecisionRow.number)).where(DecisionRow.act_id == acts[since])).one()
    return (first or 1) - 1


def _sql_faults(session: Session, after: int) -> Iterator[tuple[str, str]]:
    """Give what is wrong with what SQL holds; where something could not be read at all, also which values these are."""
    found = list(_checked(session, after))
    yield from found
    if any(code in {"unreadable", "chain-unreadable"} for code, _ in found):
        yield from (("unreadable", one.detail) for one in unreadable_values(session))


def _checked(session: Session, after: int) -> Iterator[tuple[str, str]]:
    broken = list(chain_faults(session, after))
    yield from broken
    is_founded = not any(code in UNFOUNDED for code, _ in broken)
    # What decisions touched is read in their records, which may be none where the chain is broken.
    routines = sorted(_touched(session, after) if after and is_founded else _all_routines(session))
    digests = _digests(session, routines) if after and is_founded else None
    yield from said("bytes", words_faults(session, digests))
    if not is_founded:
        return
    for scope in parts(routines, after):
        for check in (version_faults, access_faults, overlaps, differences, agreement_faults, text_faults):
            yield from said(check.__name__, check(session, scope))
        if not scope.is_about_none:
            yield from said("words", words_differences(session, scope))
    yield from said("settled", settled_differences(session))
    yield from said("people", people_faults(session, after))
    yield from said("names", name_faults(session, after))
    yield from said("targets", target_faults(session))
    yield from said("beside", beside_faults(session))


def _all_routines(session: Session) -> set[str]:
    """Give every routine that a decision or a row names: rows of one that nobody decided on are looked at too."""
    named = union(*(columns_of(col(column)) for column in (DecisionRow.subject, *_NAMES_A_ROUTINE)))
    return {one for (one,) in session.connection().execute(named) if one is not None}


def _touched(session: Session, after: int) -> set[str]:
    """Give the routines that decisions after a number are about, and those whose texts were erased by one."""
    rows = session.exec(
        select(DecisionRow.subject, DecisionRow.kind, DecisionRow.record).where(DecisionRow.number > after)
    ).all()
    found = {subject for subject, _, _ in rows if subject is not None}
    named = {json.loads(record)["facts"]["number"] for _, kind, record in rows if kind == "text_erased"}
    about = session.exec(select(DecisionRow.subject).where(col(DecisionRow.number).in_(named)))
    return found | {one for one in about if one is not None}


def _digests(session: Session, routines: list[str]) -> frozenset[str]:
    """Give the words of routines: of their versions with their files and of additions, and the settled files that everything leans on."""
    found = set(session.exec(select(VersionRow.digest).where(col(VersionRow.procedure_id).in_(routines))))
    found |= set(session.exec(select(AttachmentRow.digest).where(col(AttachmentRow.procedure_id).in_(routines))))
    found |= set(session.exec(select(AdditionRow.digest).where(col(AdditionRow.procedure_id).in_(routines))))
    return frozenset(found | set(session.exec(select(LibraryFileRow.digest))))
