"""The indexes of what is exempt as a consumer: for each circle of readers, the versions that may be found."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from samrutine.errors import IndexUnusable
from samrutine.procedures.hiding import circle_of, is_exempt
from samrutine.procedures.model import AccessClass, Digest, ProcedureId, VersionNumber
from samrutine.procedures.text import read
from samrutine.projections.attached_texts import KeptTexts
from samrutine.projections.consumer import Brought, Stretch
from samrutine.projections.rewriting import redactions
from samrutine.search.exempt import ExemptEngines
from samrutine.search.model import SectionEntry
from samrutine.search.service import entries_of
from samrutine.storage.rows import InForceRow, ProcedureRow, VersionRow
from samrutine.storage.steps import reach
from samrutine.storage.words import Words

Held = dict[str, dict[ProcedureId, dict[Digest, VersionNumber]]]
"""The versions to find, by circle and procedure."""


@dataclass
class ExemptIndexes:
    """
    This host's indexes of exempt texts, one for each circle of readers.

    They are few and small, so one that differs is built anew whole. The mark is a hash of what they hold: most decisions
    change nothing here, and are passed by without a look at a file.
    """

    engines: ExemptEngines
    host: str
    files: KeptTexts | None = None

    @property
    def name(self) -> str:
        """`exempt-index@host`: every host has its own."""
        return f"exempt-index@{self.host}"

    def bring_up_to_date(self, session: Session, stretch: Stretch) -> Brought:
        """Build the indexes anew that hold something else than they should."""
        wanted = _wanted(session)
        mark = _mark(wanted)
        if redactions(session, stretch.position, stretch.head):
            return self.rebuild(session, stretch)
        if mark != stretch.mark:
            self._build(session, wanted, stretch.head)
        return Brought(mark)

    def faults(self, session: Session, stretch: Stretch) -> list[tuple[str, str]]:
        """Compare which versions the indexes hold with which they should."""
        if stretch.position < stretch.head:
            return []
        wanted = _wanted(session)
        found = [("index-contents", name) for name in self.engines.strangers(wanted)]
        for circle, procedures in wanted.items():
            try:
                held = self.engines.engine(circle).contents()
            except IndexUnusable:
                found.append(("index-unusable", self.name))
            else:
                due = {one: frozenset(versions) for one, versions in procedures.items()}
                different = {one for one in held.keys() | due.keys() if held.get(one) != due.get(one)}
                found += [("index-contents", one) for one in sorted(different)]
        return found

    def refresh(self, session: Session, procedures: Collection[ProcedureId]) -> None:
        """Build the indexes anew that have any of these procedures, since what their files say is known now. Only under the lock."""
        for circle, held in _wanted(session).items():
            if not held.keys().isdisjoint(procedures):
                engine = self.engines.engine(circle)
                engine.rebuild(self._entries(session, held), engine.position)

    def rebuild(self, session: Session, stretch: Stretch) -> Brought:
        """Build all of them anew, each beside its old one."""
        wanted = _wanted(session)
        self._build(session, wanted, stretch.head, even_if_equal=True)
        return Brought(_mark(wanted))

    def _build(self, session: Session, wanted: Held, head: int, *, even_if_equal: bool = False) -> None:
        self.engines.remove_strangers(wanted)
        for circle, procedures in wanted.items():
            engine = self.engines.engine(circle)
            due = {one: frozenset(versions) for one, versions in procedures.items()}
            if even_if_equal or engine.missing_or_damaged() or engine.contents() != due:
                engine.rebuild(self._entries(session, procedures), head)
                reach("project: index written")

    def _entries(
        self, session: Session, procedures: Mapping[ProcedureId, Mapping[Digest, VersionNumber]]
    ) -> Iterator[SectionEntry]:
        files = None if self.files is None else self.files.text
        for procedure, versions in procedures.items():
            for digest, version in versions.items():
                text = read(Words.from_sql(session, digest), procedure)
                yield from entries_of(procedure, version, digest, text, files)


def exempt_digests(session: Session) -> frozenset[Digest]:
    """Give the versions that are read as exempt, which no other index may hold."""
    return frozenset(Digest(row.digest) for _, row in _exempt_versions(session, only_findable=False))


def _wanted(session: Session) -> Held:
    """
    The newest version of each exempt routine, and every exempt version that applies or will apply.

    A circle is there for each set of networks that has an exempt version at all, to be found or not: whoever may read one
    looks into its index, by the circles that `hiding` gives, so an empty index must not be a missing one.
    """
    wanted: Held = {
        circle_of(procedure.network, procedure.co_networks): {}
        for procedure, _ in _exempt_versions(session, only_findable=False)
    }
    for procedure, version in _exempt_versions(session, only_findable=True):
        versions = wanted[circle_of(procedure.network, procedure.co_networks)].setdefault(ProcedureId(procedure.id), {})
        versions[Digest(version.digest)] = VersionNumber(version.major, version.minor)
    return wanted


def _exempt_versions(session: Session, *, only_findable: bool) -> Iterator[tuple[ProcedureRow, VersionRow]]:
    exempt = AccessClass.EXEMPT.value
    query = (
        select(ProcedureRow, VersionRow)
        .join(VersionRow, col(VersionRow.procedure_id) == col(ProcedureRow.id))
        .where(or_(col(ProcedureRow.access) == exempt, col(VersionRow.access) == exempt))
        .order_by(ProcedureRow.id, col(VersionRow.major), col(VersionRow.minor))
    )
    if only_findable:
        in_use = select(InForceRow.digest).where(
            InForceRow.procedure_id == ProcedureRow.id, col(InForceRow.superseded_number).is_(None)
        )
        query = query.where(or_(VersionRow.digest == ProcedureRow.digest, col(VersionRow.digest).in_(in_use)))
    for procedure, version in session.exec(query):
        if is_exempt(procedure.access, version.access):
            yield procedure, version


def _mark(wanted: Held) -> str:
    plain = {circle: {one: sorted(versions) for one, versions in held.items()} for circle, held in wanted.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]
