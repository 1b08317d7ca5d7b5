"""
The search index as a consumer: the newest version of every procedure, and every version in force somewhere.

What is exempt from public access is not among them; see `exempt_indexes`.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from samrutine.errors import IndexUnusable, SamrutineError
from samrutine.procedures.model import AccessClass, Digest, ProcedureId, VersionNumber
from samrutine.procedures.text import read
from samrutine.projections.attached_texts import KeptTexts, files_that_stand
from samrutine.projections.consumer import Brought, Stretch
from samrutine.projections.exempt_indexes import exempt_digests
from samrutine.projections.rewriting import redactions
from samrutine.search.engine import Engine
from samrutine.search.model import SectionEntry
from samrutine.search.service import entries_of
from samrutine.storage.rows import InForceRow, OutboxRow, ProcedureRow, VersionRow
from samrutine.storage.steps import reach
from samrutine.storage.words import Words


@dataclass
class SearchIndex:
    """
    This host's index.

    Most decisions about use change no words that can be found, since who uses what is asked of SQL; then nothing is
    written here. So the index's own position may be less than that in the outbox, and `mark` says which it must have.
    """

    engine: Engine
    host: str
    files: KeptTexts | None = None

    @property
    def name(self) -> str:
        """`index@host`: every host has an index of its own."""
        return f"index@{self.host}"

    def bring_up_to_date(self, session: Session, stretch: Stretch) -> Brought:
        """Put in the sections of procedures that a decision touched; build all anew when there is no whole index."""
        try:
            position = self.engine.position
        except IndexUnusable:
            return self.rebuild(session, stretch)
        if redactions(session, min(position, stretch.position), stretch.head):
            # What Whoosh deletes stays in its files until it tidies up, and words that were redacted must not.
            return self.rebuild(session, stretch)
        if position > stretch.head:
            # It repeats decisions that are not made: it came here with another library, or from before a restore.
            return self.rebuild(session, stretch)
        # The index itself knows best what it lacks: it may be older than the one we wrote (a folder put back from a
        # copy), or ahead of our mark (a run that was killed between the two). Written twice it would hold the same
        # words, yet rank them otherwise, since Whoosh counts what was replaced until it tidies up.
        start = stretch.position if str(position) == stretch.mark else position
        subjects = _subjects(session, start, stretch.head)
        if any(kind == "library" for kind, *_ in subjects):
            self._know_meanings()
        touched = _touched(session, start, subjects)
        if touched:
            changed = {one: list(_entries(session, [one], self.files)) for one in sorted(touched)}
            # Whoosh counts each write, so one for a text that never was here would change the ratings of those that are.
            changed = {one: found for one, found in changed.items() if found or _was_here(session, one)}
            if changed and self._has_become_exempt(session, changed):
                return self.rebuild(session, stretch)
            if changed:
                self.engine.replace_many(changed, stretch.head)
                reach("project: index written")
                position = stretch.head
        return Brought(str(position))

    def _has_become_exempt(self, session: Session, procedures: Iterable[ProcedureId]) -> bool:
        """
        Whether the index has a text that is exempt now.

        What Whoosh deletes stays in its files until parts are joined, as with what is redacted.
        """
        exempt = exempt_digests(session)
        if not exempt:
            return False
        held = self.engine.contents()
        return any(held.get(one, frozenset()) & exempt for one in procedures)

    def _know_meanings(self) -> None:
        # Whoever searches is told what is wrong with them; the texts can be found all the same.
        with suppress(SamrutineError):
            self.engine.know_meanings()

    def faults(self, session: Session, stretch: Stretch) -> list[tuple[str, str]]:
        """Compare which versions the index holds with which it should."""
        if self.engine.missing_or_damaged():
            return [("index-unusable", self.name)]
        if str(self.engine.position) != stretch.mark:
            return [("index-position", f"{self.engine.position} {stretch.mark}")]
        held = self.engine.contents()
        wanted = _wanted(session)
        apart = exempt_digests(session)
        if stretch.position >= stretch.head and (leaks := [one for one, kept in held.items() if kept & apart]):
            return [("index-contents", one) for one in leaks]
        different = [
            one
            for one in sorted(held.keys() | wanted.keys())
            if held.get(one, frozenset()) != wanted.get(one, frozenset())
        ]
        # A version that nobody uses any more stays until its procedure changes; search never shows it.
        return [
            ("index-contents", one)
            for one in different
            if stretch.position >= stretch.head and not wanted.get(one, frozenset()) <= held.get(one, frozenset())
        ]

    def is_worn(self) -> bool:
        """Whether so much was taken out that it is better built anew; one that is not whole is built at the next search."""
        try:
            return self.engine.is_worn()
        except IndexUnusable:
            return False

    def refresh(self, session: Session, procedures: Collection[ProcedureId]) -> None:
        """Put in the sections of procedures anew, since what their files say is known now. Only under the lock."""
        changed = {one: list(_entries(session, [one], self.files)) for one in sorted(procedures)}
        if changed := {one: found for one, found in changed.items() if found}:
            self.engine.replace_many(changed, self.engine.position)

    def rebuild(self, session: Session, stretch: Stretch) -> Brought:
        """Build the whole index anew, beside the old one."""
        procedures = [ProcedureId(one) for one in session.exec(select(ProcedureRow.id).order_by(ProcedureRow.id))]
        if self.files is not None:
            self.files.keep_only(files_that_stand(session))
        self.engine.rebuild(_entries(session, procedures, self.files), stretch.head)
        reach("project: index written")
        self._know_meanings()
        return Brought(str(stretch.head))


def _was_here(session: Session, procedure: ProcedureId) -> bool:
    """Whether any version of a procedure could be found by everybody."""
    shared = select(VersionRow.digest).where(
        VersionRow.procedure_id == procedure,
        or_(col(VersionRow.access).is_(None), VersionRow.access != AccessClass.EXEMPT.value),
    )
    return session.exec(shared).first() is not None


def _subjects(session: Session, after: int, until: int) -> list[list[str]]:
    """Give what decisions touched, each taken apart: its kind, and which."""
    rows = session.exec(select(OutboxRow).where(OutboxRow.number > after, OutboxRow.number <= until))
    return [subject.split(":") for row in rows for subject in json.loads(row.subjects)]


def _touched(session: Session, after: int, subjects: Iterable[list[str]]) -> set[ProcedureId]:
    """Give the procedures whose findable words changed: a new version, or an older one taken into use."""
    found: set[ProcedureId] = set()
    used: set[tuple[str, str]] = set()
    for kind, *rest in subjects:
        if kind == "procedure":
            found.add(ProcedureId(rest[0]))
        elif kind == "use":
            used.add((rest[0], rest[1]))
    if used:
        # One question for all of them: a list of answers leaves hundreds.
        older = session.exec(
            select(InForceRow.municipality, InForceRow.procedure_id)
            .join(ProcedureRow, col(ProcedureRow.id) == col(InForceRow.procedure_id))
            .where(
                InForceRow.decided_number > after, col(InForceRow.digest) != col(ProcedureRow.digest),
                col(InForceRow.procedure_id).in_(sorted({procedure for _, procedure in used})),
            )
        )  # fmt: skip
        found.update(ProcedureId(procedure) for where, procedure in older if (where, procedure) in used)
    return found


def _wanted(session: Session) -> dict[ProcedureId, frozenset[Digest]]:
    wanted: dict[ProcedureId, set[Digest]] = {}
    stands = select(ProcedureRow.id, ProcedureRow.digest).where(col(ProcedureRow.withdrawn_number).is_(None))
    for procedure, digest in session.exec(stands):
        wanted.setdefault(ProcedureId(procedure), set()).add(Digest(digest))
    for procedure, digest in session.exec(
        select(InForceRow.procedure_id, InForceRow.digest)
        .where(col(InForceRow.superseded_number).is_(None), col(InForceRow.until_on).is_(None))
        .distinct()
    ):
        wanted.setdefault(ProcedureId(procedure), set()).add(Digest(digest))
    apart = exempt_digests(session)
    return {procedure: frozenset(digests - apart) for procedure, digests in wanted.items() if digests - apart}


def _entries(
    session: Session, procedures: Iterable[ProcedureId], files: KeptTexts | None = None
) -> Iterator[SectionEntry]:
    """Give the sections of the newest version of each procedure and of every version that applies or will apply."""
    apart = exempt_digests(session)
    for procedure in procedures:
        newest = session.get_one(ProcedureRow, procedure)
        # Of a withdrawn routine only what still applies somewhere can be found.
        head = newest.digest if newest.withdrawn_number is None else None
        in_use = select(InForceRow.digest).where(
            InForceRow.procedure_id == procedure, col(InForceRow.superseded_number).is_(None)
        )
        rows = session.exec(
            select(VersionRow)
            .where(VersionRow.procedure_id == procedure)
            .where(or_(VersionRow.digest == head, col(VersionRow.digest).in_(in_use)))
            .order_by(col(VersionRow.major), col(VersionRow.minor))
        )
        seen: set[str] = set(apart)
        for row in rows:
            if row.digest not in seen:
                seen.add(row.digest)
                text = read(Words.from_sql(session, row.digest), procedure)
                version = VersionNumber(row.major, row.minor)
                yield from entries_of(procedure, version, Digest(row.digest), text, files.text if files else None)
