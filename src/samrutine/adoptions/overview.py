"""Who uses what: what is in force on a day, and procedures against municipalities."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select
from sqlalchemy import select as columns
from sqlmodel import Session, col, func, or_, select

from samrutine.adoptions.model import AdoptionState, Interval, Planned, planned_after
from samrutine.errors import InvalidRequest, ProcedureNotFound
from samrutine.networks.directory import get_municipality, municipalities
from samrutine.networks.model import Municipality
from samrutine.procedures.access import hidden_texts, reader_of
from samrutine.procedures.access_rules import Reader, may_read
from samrutine.procedures.model import AccessClass, Digest, HurriedVersion, ProcedureId, VersionNumber
from samrutine.storage.decisions import end_of_norwegian_day
from samrutine.storage.rows import (
    AdditionRow,
    AdoptionRow,
    CounterRow,
    DecisionRow,
    InForceRow,
    ProcedureRow,
    VersionRow,
)
from samrutine.storage.sql import Database

_GUARDED: Final = columns(
    col(ProcedureRow.id), col(ProcedureRow.major), col(ProcedureRow.minor), col(ProcedureRow.access),
    col(ProcedureRow.network), col(ProcedureRow.co_networks),
)  # fmt: skip
_PART: Final = 1000
_STATES: Final = {state.value: state for state in AdoptionState}


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """
    What applies in one municipality of one procedure on a day, or what it has answered where nothing does.

    Attributes:
        state: In use when a version is in force on the day, whatever is decided about later days; planned when one is
            to be, and none is; else the answer that stands.
        version: The one in force on the day, since `in_force_from`; None when none is.
        behind: A newer version than the one in force is faglig godkjent. Also until the day a newer one takes over.
        planned: The next change that is decided and has not come; None when there is none.
        additions: How many additions of the municipality's own stand beside the version in force that day.
        differs: One of them departs from the shared text.
    """

    procedure: ProcedureId
    municipality: str
    state: AdoptionState
    version: VersionNumber | None
    in_force_from: date | None
    behind: bool
    planned: Planned | None
    additions: int = 0
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """
    *Hvem bruker hva* on a day: procedures by title, municipalities by number, a cell for each pair with an answer.

    `total` is how many procedures there are for the reader in all, of which `procedures` may be a window.

    Attributes:
        procedures: Each with its title and the newest version that its network stood by at the end of the day.
        cells: On a day that has been only where something applied: what was answered by then is not said.
        is_past: The day has been.
        hurried: Which of all versions were a *hasteversjon* that its network had not agreed to that day.
        withdrawn: Those that were withdrawn.
    """

    day: date
    procedures: tuple[tuple[ProcedureId, str, VersionNumber], ...]
    municipalities: tuple[Municipality, ...]
    cells: Mapping[tuple[ProcedureId, str], MatrixCell]
    total: int
    is_past: bool = False
    hurried: Mapping[tuple[ProcedureId, VersionNumber], HurriedVersion] = field(default_factory=dict)
    withdrawn: frozenset[ProcedureId] = frozenset()


@dataclass(frozen=True, slots=True)
class InForce:
    """What applied in a municipality on a day, and by which decision."""

    municipality: str
    procedure: ProcedureId
    title: str
    version: VersionNumber
    digest: Digest
    from_on: date
    until_on: date | None
    position: str
    adopted_number: int


class Overview:
    """What is asked across municipalities and procedures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def matrix(
        self, day: date, *, procedures: Collection[ProcedureId] | None = None, offset: int = 0, limit: int | None = None,
        reader: str | None = None, today: date | None = None,
    ) -> Matrix:  # fmt: skip
        """
        Show who uses what: procedures against every municipality, as decided until now.

        Args:
            day: The day it applies on, a day in Norway. What is in force is that of the day; where nothing is, the
                answer is the one that stands now, but for a day that has been there is none.
            procedures: Only these, where they are; all when None. `offset` and `limit` take a window of what is left,
                by title.
            reader: Whose eyes; what is hidden from them is not there, nor counted.
            today: The day on which the reader's roles must hold, and before which a day has been; `day` when None.

        Raises:
            InvalidRequest: `offset` is less than 0, or `limit` less than 1.
        """
        if offset < 0:
            raise InvalidRequest(what="offset", value=str(offset), expected="0")
        if limit is not None and limit < 1:
            raise InvalidRequest(what="limit", value=str(limit), expected="1")
        with self._database.reading() as session:
            hidden = _hidden(session, reader, today or day)
            is_past = today is not None and day < today
            known = last_number_at(session, end_of_norwegian_day(day)) if is_past else None
            chosen, withdrawn = _chosen(session, hidden, procedures, offset, limit, known)
            newest = {name: version for name, _, version in chosen}
            all_of_them = procedures is None and limit is None and offset == 0
            cells = _cells(session, newest, day, None if all_of_them else tuple(newest), is_past=is_past)
            total = _total(session) - len(hidden) if known is None else _total_on(session, known, hidden)
            return Matrix(
                day, chosen, municipalities(session), cells, total, is_past,
                _hurried(session, newest, known), withdrawn,
            )  # fmt: skip

    def holders(
        self, procedure: ProcedureId, day: date, *, reader: str | None = None, today: date | None = None
    ) -> Sequence[MatrixCell]:
        """
        Say which municipalities use a procedure on a day, or have decided to from a later one; by number.

        Args:
            reader: Whose eyes; see `matrix`.

        Raises:
            ProcedureNotFound: There is none of that id, or the reader may not read it.
        """
        with self._database.reading() as session:
            row = session.connection().execute(_GUARDED.where(col(ProcedureRow.id) == procedure)).first()
            if row is None or _hides(reader_of(session, reader), row, today or day):
                raise ProcedureNotFound(procedure=procedure)
            newest = _version(row.major, row.minor)
            cells = _cells(session, {procedure: newest}, day, (procedure,)).values()
            uses = (one for one in cells if one.state in {AdoptionState.IN_USE, AdoptionState.PLANNED})
            return sorted(uses, key=lambda one: one.municipality)

    def in_force(
        self, day: date, *, municipality: str | None = None, procedure: ProcedureId | None = None,
        known_at: datetime | None = None, reader: str | None = None, today: date | None = None,
    ) -> Sequence[InForce]:  # fmt: skip
        """
        Say what was in force on a day, and by whose decision.

        Args:
            day: A day in Norway, past or to come.
            municipality: Only there; everywhere when None.
            known_at: Answer with what had been decided at this instant; with all that is known now when None.
            reader: Whose eyes; see `matrix`.

        Returns:
            By municipality and title.

        Raises:
            ProcedureNotFound: There is no such procedure, or the reader may not read it.
            MunicipalityNotFound: There is no such municipality.
        """
        with self._database.reading() as session:
            number = get_municipality(session, municipality).number if municipality else None
            hidden = hidden_texts(session, reader, today or day)
            if procedure is not None and (
                procedure in hidden.procedures or session.get(ProcedureRow, procedure) is None
            ):
                raise ProcedureNotFound(procedure=procedure)
            found = in_force_on(session, day, municipality=number, procedure=procedure, known_at=known_at)
            # Also earlier exempt versions of a routine that was opened since.
            return [one for one in found if one.digest not in hidden.digests] if hidden.digests else found


_Applies = tuple[VersionNumber | None, date | None]
"""A version and since when."""
_NOTHING: Final[_Applies] = (None, None)
_NONE: Final = (0, False)


@lru_cache(maxsize=65536)
def _since(major: int, minor: int, from_on: date) -> _Applies:
    return _version(major, minor), from_on


@lru_cache(maxsize=4096)
def _version(major: int, minor: int) -> VersionNumber:
    # A few hundred stand in a hundred thousand cells; making one for each cost as much as asking the database.
    return VersionNumber(major, minor)


def _hidden(session: Session, reader: str | None, today: date) -> frozenset[str]:
    """Give the procedures that a reader may not know of, from the few that are guarded."""
    who = reader_of(session, reader)
    guarded = [one.value for one in AccessClass if one is not AccessClass.OPEN]
    rows = _columns(session, _GUARDED.where(col(ProcedureRow.access).in_(guarded)))
    return frozenset(row.id for row in rows if _hides(who, row, today))


def _hides(who: Reader, row: Any, today: date) -> bool:
    return not may_read(who, AccessClass(row.access), (row.network, *row.co_networks.split()), today)


def _total(session: Session) -> int:
    return (
        session.execute(select(col(CounterRow.value)).where(CounterRow.name == "procedures")).scalar_one_or_none() or 0
    )


def _total_on(session: Session, known: int, hidden: Collection[str]) -> int:
    there = func.count(func.distinct(col(VersionRow.procedure_id)))
    query = select(there).where(VersionRow.decided_number <= known, col(VersionRow.procedure_id).not_in(hidden))
    return session.exec(query).one()


def _chosen(
    session: Session,
    hidden: Collection[str],
    procedures: Collection[ProcedureId] | None,
    offset: int,
    limit: int | None,
    known: int | None,
) -> tuple[tuple[tuple[ProcedureId, str, VersionNumber], ...], frozenset[ProcedureId]]:
    """Give the rows by title, and which are withdrawn; as they stood after the decision `known`, now when None."""
    query = columns(
        col(ProcedureRow.id), col(ProcedureRow.title), col(ProcedureRow.major), col(ProcedureRow.minor),
        col(ProcedureRow.withdrawn_number),
    ).order_by(col(ProcedureRow.sort_title), col(ProcedureRow.id))  # fmt: skip
    if procedures is not None:
        query = query.where(col(ProcedureRow.id).in_(procedures))
    if known is not None:
        there = select(VersionRow.procedure_id).where(VersionRow.decided_number <= known)
        query = query.where(col(ProcedureRow.id).in_(there))
    if hidden and (limit is not None or offset):
        query = query.where(col(ProcedureRow.id).not_in(hidden))
    if limit is not None or offset:
        query = query.offset(offset).limit(limit)
    heads = {} if known is None else _heads_on(session, known)
    found, withdrawn = [], []
    for name, title, major, minor, number in _columns(session, query):
        if name in hidden:
            continue
        found.append((ProcedureId(name), title, heads.get(name) or _version(major, minor)))
        if number is not None and (known is None or number <= known):
            withdrawn.append(ProcedureId(name))
    return tuple(found), frozenset(withdrawn)


def _heads_on(session: Session, known: int) -> dict[str, VersionNumber]:
    """Give the newest version of each procedure after that decision; one that was refused by then only where none stood."""
    row = VersionRow
    query = columns(col(row.procedure_id), col(row.major), col(row.minor), col(row.refused_number)).where(
        col(row.decided_number) <= known
    )
    best: dict[str, tuple[bool, int, int]] = {}
    for procedure, major, minor, refused in _columns(session, query):
        one = (refused is None or refused > known, major, minor)
        best[procedure] = max(best.get(procedure, one), one)
    return {procedure: _version(major, minor) for procedure, (_, major, minor) in best.items()}


def _hurried(
    session: Session, shown: Collection[ProcedureId], known: int | None
) -> dict[tuple[ProcedureId, VersionNumber], HurriedVersion]:
    """Give the hasteversjoner of those shown that their networks had not agreed to after that decision."""
    row = VersionRow
    query = columns(
        col(row.procedure_id), col(row.major), col(row.minor), col(row.confirmed_number), col(row.refused_number)
    ).where(col(row.hurried).is_(True))
    found: dict[tuple[ProcedureId, VersionNumber], HurriedVersion] = {}
    for name, major, minor, confirmed, refused in _columns(session, query):
        state = HurriedVersion.of(hurried=True, confirmed=confirmed, refused=refused, known=known)
        if state is not None and state is not HurriedVersion.CONFIRMED and name in shown:
            found[ProcedureId(name), _version(major, minor)] = state
    return found


def _cells(
    session: Session,
    newest: Mapping[ProcedureId, VersionNumber],
    day: date,
    only: Collection[str] | None,
    *,
    is_past: bool = False,
) -> dict[tuple[ProcedureId, str], MatrixCell]:
    """Give a cell for each pair that has an answer; of procedures in `newest`, and asking SQL for `only` these."""
    applies, planned = _intervals(session, day, only)
    query = columns(col(AdoptionRow.procedure_id), col(AdoptionRow.municipality), col(AdoptionRow.state))
    if only is not None:
        query = query.where(col(AdoptionRow.procedure_id).in_(only))
    additions = _additions(session, day, only)
    cells = {}
    for procedure, municipality, answer in _columns(session, query):
        head = newest.get(procedure)
        if head is None:
            continue
        coming = planned.get((procedure, municipality)) if planned else None
        version, since = applies[procedure].get(municipality, _NOTHING)
        if version is not None:
            state = AdoptionState.IN_USE
        elif is_past:
            # What stands now was perhaps not answered then, and a plan made since was none.
            continue
        else:
            state = AdoptionState.PLANNED if coming is not None else _STATES[answer]
        # The same version is the same object here; comparing each would cost as much as making the cell.
        behind = version is not None and version is not head and version < head
        count, differs = additions.get((procedure, municipality), _NONE) if additions and version else _NONE
        cells[procedure, municipality] = MatrixCell(
            procedure, municipality, state, version, since, behind, coming, count, differs
        )
    return cells


def _additions(session: Session, day: date, only: Collection[str] | None) -> Mapping[tuple[str, str], tuple[int, bool]]:
    """Give how many additions stand on the day, and whether one departs, by procedure and municipality."""
    row = AdditionRow
    query = columns(col(row.procedure_id), col(row.municipality), col(row.departs)).where(
        col(row.superseded_number).is_(None), or_(col(row.from_on).is_(None), col(row.from_on) <= day),
        or_(col(row.until_on).is_(None), col(row.until_on) > day),
    )  # fmt: skip
    if only is not None:
        query = query.where(col(row.procedure_id).in_(only))
    found: dict[tuple[str, str], tuple[int, bool]] = {}
    for procedure, municipality, departs in _columns(session, query):
        count, differs = found.get((procedure, municipality), _NONE)
        found[procedure, municipality] = (count + 1, differs or departs)
    return found


def _intervals(
    session: Session, day: date, only: Collection[str] | None
) -> tuple[Mapping[str, Mapping[str, _Applies]], Mapping[tuple[str, str], Planned]]:
    """Give what applies on the day, by procedure and municipality, and what is to change next where something is."""
    query = columns(
        col(InForceRow.procedure_id), col(InForceRow.municipality), col(InForceRow.from_on), col(InForceRow.until_on),
        col(InForceRow.major), col(InForceRow.minor),
    ).where(
        col(InForceRow.superseded_number).is_(None),
        or_(col(InForceRow.until_on).is_(None), col(InForceRow.until_on) > day),
    )  # fmt: skip
    if only is not None:
        query = query.where(col(InForceRow.procedure_id).in_(only))
    applies: defaultdict[str, dict[str, _Applies]] = defaultdict(dict)
    to_change: defaultdict[tuple[str, str], list[Interval]] = defaultdict(list)
    for procedure, municipality, from_on, until_on, major, minor in _columns(session, query):
        if from_on <= day:
            applies[procedure][municipality] = _since(major, minor, from_on)
        if from_on > day or until_on is not None:
            # The rule looks at days and version alone.
            interval = Interval(from_on, until_on, _version(major, minor), Digest(""), "", 0)
            to_change[procedure, municipality].append(interval)
    planned = {pair: planned_after(known, day) for pair, known in to_change.items()}
    return applies, {pair: one for pair, one in planned.items() if one is not None}


def in_force_on(
    session: Session, day: date, *, municipality: str | None, procedure: str | None, known_at: datetime | None = None
) -> list[InForce]:
    """Answer `Overview.in_force` inside a session, for a reader of everything."""
    query = columns(
        col(InForceRow.municipality), col(InForceRow.procedure_id), col(ProcedureRow.title), col(InForceRow.major),
        col(InForceRow.minor), col(InForceRow.digest), col(InForceRow.from_on), col(InForceRow.until_on),
        col(InForceRow.position), col(InForceRow.adopted_number),
    ).join(ProcedureRow, col(ProcedureRow.id) == col(InForceRow.procedure_id)).where(
        col(InForceRow.from_on) <= day, or_(col(InForceRow.until_on).is_(None), col(InForceRow.until_on) > day)
    )  # fmt: skip
    superseded = col(InForceRow.superseded_number)
    if known_at is None:
        query = query.where(superseded.is_(None))
    else:
        last = last_number_at(session, known_at)
        query = query.where(col(InForceRow.decided_number) <= last, or_(superseded.is_(None), superseded > last))
    if municipality is not None:
        query = query.where(col(InForceRow.municipality) == municipality)
    if procedure is not None:
        query = query.where(col(InForceRow.procedure_id) == procedure)
    query = query.order_by(col(InForceRow.municipality), col(ProcedureRow.sort_title), col(InForceRow.procedure_id))
    return [
        InForce(where, name, title, _version(major, minor), digest, from_on, until_on, position, number)
        for where, name, title, major, minor, digest, from_on, until_on, position, number in _columns(session, query)
    ]


def _columns(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    # Past the unit of work: what it does for each row is meant for rows that change, and took a third of the time. In
    # parts: ten thousand rows at once wake the collector of garbage, which then looks at all that is in memory.
    for part in session.connection().execute(query).partitions(_PART):
        yield from part


def last_number_at(session: Session, instant: datetime) -> int:
    """Give the number of the last decision made at or before an instant; 0 when there was none."""
    found = session.exec(select(func.max(DecisionRow.number)).where(DecisionRow.decided_at <= instant)).one()
    return found or 0
