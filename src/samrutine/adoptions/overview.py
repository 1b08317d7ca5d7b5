"""Who uses what: what is in force on a day, and procedures against municipalities."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, case, literal
from sqlalchemy import select as columns
from sqlmodel import Session, col, func, or_, select

from samrutine.adoptions.belonging import belongings, hidden_in
from samrutine.adoptions.model import AdoptionState, Interval, Planned, planned_after
from samrutine.errors import InvalidRequest, ProcedureNotFound
from samrutine.networks.directory import get_municipality, municipalities
from samrutine.networks.model import Municipality
from samrutine.procedures.access import HiddenVersions, hidden_versions
from samrutine.procedures.hiding import NOTHING_HIDDEN, HiddenTexts, hidden_by_name_on, reader_on
from samrutine.procedures.model import Digest, HurriedVersion, ProcedureId, VersionNumber
from samrutine.procedures.withdrawals import withdrawn_after
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

_HEAD: Final = columns(col(ProcedureRow.major), col(ProcedureRow.minor)).where(
    col(ProcedureRow.id) == bindparam("procedure")
)
_PART: Final = 1000


class MatrixCell(NamedTuple):
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
        procedures: Each with the newest version that its network stood by at the end of the day, and that one's title.
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


class InForce(NamedTuple):
    """What applied in a municipality on a day, and by which decision. `title` is that of the version."""

    municipality: str
    procedure: ProcedureId
    title: str
    version: VersionNumber
    digest: Digest
    from_on: date
    until_on: date | None
    position: str
    adopted_number: int


class _Seen(NamedTuple):
    """
    What is looked at, and with whose eyes.

    `known` is the number of the last decision of a day that has been; None for today and later. `today` is the day by which
    a municipality has taken an open version into use or not.
    """

    day: date
    known: int | None
    today: date
    hidden: HiddenVersions


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
            seen = _Seen(day, _known(session, day, today), today or day, hidden_versions(session, reader, today or day))
            hidden = _hidden_then(session, seen)
            chosen, withdrawn = _chosen(session, seen, hidden, procedures, offset, limit)
            newest = {name: version for name, _, version in chosen}
            all_of_them = procedures is None and limit is None and offset == 0
            only = None if all_of_them else tuple(newest)
            # What stands now was perhaps not answered then, and a plan made since was none.
            cells = _cells(session, newest, seen, only, plans=seen.known is None)
            if seen.known is None:
                _answer(session, cells, newest, only)
            total = _total(session) - len(hidden) if seen.known is None else _total_on(session, seen.known, hidden)
            return Matrix(
                day, chosen, municipalities(session), cells, total, seen.known is not None,
                _hurried(session, newest, seen), withdrawn,
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
            hidden = hidden_versions(session, reader, today or day, procedure=procedure)
            seen = _Seen(day, _known(session, day, today), today or day, hidden)
            row = session.connection().execute(_HEAD, {"procedure": procedure}).first()
            if row is None or procedure in seen.hidden.procedures:
                raise ProcedureNotFound(procedure=procedure)
            newest = _version(row.major, row.minor)
            uses = _cells(session, {procedure: newest}, seen, (procedure,), plans=True).values()
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
            By municipality, and by title as the newest versions have it.

        Raises:
            ProcedureNotFound: There is no such procedure, or the reader may not read it.
            MunicipalityNotFound: There is no such municipality.
        """
        with self._database.reading() as session:
            number = get_municipality(session, municipality).number if municipality else None
            connection = session.connection()
            who = reader_on(connection, reader)
            hidden = hidden_by_name_on(connection, who, today or day, procedure=procedure)
            is_there = procedure is None or session.get(ProcedureRow, procedure) is not None
            if procedure is not None and (procedure in hidden.procedures or not is_there):
                raise ProcedureNotFound(procedure=procedure)
            return in_force_on(session, day, municipality=number, procedure=procedure, known_at=known_at, hidden=hidden)


_NONE: Final = (0, False)
_IN_USE: Final = AdoptionState.IN_USE


@lru_cache(maxsize=4096)
def _seen(major: int, minor: int, newest_major: int, newest_minor: int) -> tuple[VersionNumber, bool]:
    """Give a version, and whether a newer one is faglig godkjent."""
    version = _version(major, minor)
    return version, version < _version(newest_major, newest_minor)


@lru_cache(maxsize=4096)
def _version(major: int, minor: int) -> VersionNumber:
    # A few hundred stand in a hundred thousand cells; making one for each cost as much as asking the database.
    return VersionNumber(major, minor)


def _total(session: Session) -> int:
    return (
        session.execute(select(col(CounterRow.value)).where(CounterRow.name == "procedures")).scalar_one_or_none() or 0
    )


def _total_on(session: Session, known: int, hidden: Collection[str]) -> int:
    row = VersionRow
    # Numbers in the statement itself: an index of the first versions alone serves no parameter.
    query = select(func.count()).where(
        col(row.major) == literal(1, literal_execute=True), col(row.minor) == literal(0, literal_execute=True),
        row.decided_number <= known, col(row.procedure_id).not_in(hidden),
    )  # fmt: skip
    return session.exec(query).one()


def _known(session: Session, day: date, today: date | None) -> int | None:
    """Give the number of the last decision of a day that has been; None for today and later."""
    return last_number_at(session, end_of_norwegian_day(day)) if today is not None and day < today else None


def _hidden_then(session: Session, seen: _Seen) -> frozenset[str]:
    """
    Give the routines that the reader may not know of on the day.

    On a day that has been also those that were opened since, where no version of theirs was open by then: how they stood,
    and what they were called, is the guarded versions' alone.
    """
    hidden = seen.hidden
    if seen.known is None:
        return hidden.procedures
    row = VersionRow
    guarded = {procedure for procedure, _, _ in hidden.versions}
    query = columns(col(row.procedure_id), col(row.major), col(row.minor)).where(
        col(row.procedure_id).in_(guarded), col(row.decided_number) <= seen.known
    )
    there = {(procedure, major, minor) for procedure, major, minor in _columns(session, query)}
    return hidden.procedures | ({one for one, _, _ in there} - {one for one, _, _ in there - hidden.versions})


def _chosen(
    session: Session,
    seen: _Seen,
    hidden: Collection[str],
    procedures: Collection[ProcedureId] | None,
    offset: int,
    limit: int | None,
) -> tuple[tuple[tuple[ProcedureId, str, VersionNumber], ...], frozenset[ProcedureId]]:
    """Give the rows by title as it is now, and which are withdrawn; as they stood on the day."""
    known = seen.known
    query = columns(
        col(ProcedureRow.id), col(ProcedureRow.title), col(ProcedureRow.major), col(ProcedureRow.minor),
        col(ProcedureRow.withdrawn_number),
    ).order_by(col(ProcedureRow.sort_title), col(ProcedureRow.id))  # fmt: skip
    if procedures is not None:
        query = query.where(col(ProcedureRow.id).in_(procedures))
    if known is not None:
        first = select(VersionRow.procedure_id).where(
            VersionRow.procedure_id == ProcedureRow.id, VersionRow.major == 1, VersionRow.minor == 0,
            VersionRow.decided_number <= known,
        )  # fmt: skip
        query = query.where(first.exists())
    if hidden and (limit is not None or offset):
        query = query.where(_is_shown(seen, hidden))
    if limit is not None or offset:
        query = query.offset(offset).limit(limit)
    rows = list(_columns(session, query))
    shown = [row for row in rows if row.id not in hidden] if hidden else rows
    if known is None:
        found = tuple((ProcedureId(name), title, _version(major, minor)) for name, title, major, minor, _ in shown)
        return found, frozenset(ProcedureId(row.id) for row in shown if row.withdrawn_number is not None)
    some = procedures is not None or limit is not None
    only = [row.id for row in shown] if some else None
    heads = _heads_on(session, known, seen.hidden.versions, only)
    withdrawn = withdrawn_after(session, known, only)
    return (
        tuple((ProcedureId(row.id), *heads[row.id]) for row in shown),
        frozenset(ProcedureId(row.id) for row in shown if row.id in withdrawn),
    )


def _is_shown(seen: _Seen, hidden: Collection[str]) -> ColumnElement[bool]:
    """Leave out what is hidden: by class, as it is now. A hundred names in a statement take longer than the window."""
    texts = seen.hidden.texts
    if seen.known is not None:
        return col(ProcedureRow.id).not_in(hidden)
    return or_(col(ProcedureRow.access).not_in(texts.classes), col(ProcedureRow.id).in_(texts.shown))


def _heads_on(
    session: Session, known: int, guarded: Collection[tuple[str, int, int]], only: Collection[str] | None
) -> dict[str, tuple[str, VersionNumber]]:
    """
    Give the newest version of each after that decision with its title, or of `only` these.

    A refused one only where none stood, and a guarded one never.
    """
    row = VersionRow
    query = columns(
        col(row.procedure_id), col(row.major), col(row.minor), col(row.refused_number), col(row.title)
    ).where(col(row.decided_number) <= known)
    if only is not None:
        query = query.where(col(row.procedure_id).in_(only))
    best: dict[str, tuple[bool, int, int, str]] = {}
    for procedure, major, minor, refused, title in _columns(session, query):
        if guarded and (procedure, major, minor) in guarded:
            continue
        one = (refused is None or refused > known, major, minor, title)
        best[procedure] = max(best.get(procedure, one), one)
    return {procedure: (title, _version(major, minor)) for procedure, (_, major, minor, title) in best.items()}


def _hurried(
    session: Session, shown: Collection[ProcedureId], seen: _Seen
) -> dict[tuple[ProcedureId, VersionNumber], HurriedVersion]:
    """Give the hasteversjoner of those shown that their networks had not agreed to on the day."""
    row = VersionRow
    query = columns(
        col(row.procedure_id), col(row.major), col(row.minor), col(row.confirmed_number), col(row.refused_number)
    ).where(col(row.hurried).is_(True))
    found: dict[tuple[ProcedureId, VersionNumber], HurriedVersion] = {}
    for name, major, minor, confirmed, refused in _columns(session, query):
        state = HurriedVersion.of(hurried=True, confirmed=confirmed, refused=refused, known=seen.known)
        if (name, major, minor) in seen.hidden.versions:
            continue
        if state is not None and state is not HurriedVersion.CONFIRMED and name in shown:
            found[ProcedureId(name), _version(major, minor)] = state
    return found


def _cells(
    session: Session,
    newest: Mapping[ProcedureId, VersionNumber],
    seen: _Seen,
    only: Collection[str] | None,
    *,
    plans: bool,
) -> dict[tuple[ProcedureId, str], MatrixCell]:
    """
    Give a cell for each pair that uses or, with `plans`, is to use; of procedures in `newest`, and asking for `only` these.

    An answer *in use* is an interval without an end, so intervals say all of it: nine answers in ten are not asked for.
    """
    day, guarded = seen.day, seen.hidden.versions
    cells: dict[tuple[ProcedureId, str], MatrixCell] = {}
    to_change: defaultdict[tuple[ProcedureId, str], list[Interval]] = defaultdict(list)
    additions = _additions(session, seen, only)
    for procedure, municipality, from_on, until_on, major, minor in _intervals(session, day, only):
        head = newest.get(procedure)
        if head is None or (guarded and (procedure, major, minor) in guarded):
            continue
        pair = (procedure, municipality)
        if from_on <= day:
            version, behind = _seen(major, minor, head.major, head.minor)
            count, differs = additions.get(pair, _NONE)
            cells[pair] = MatrixCell(procedure, municipality, _IN_USE, version, from_on, behind, None, count, differs)
        if until_on is not None or from_on > day:
            # The rule looks at days and version alone.
            interval = Interval(from_on, until_on, _version(major, minor), Digest(""), "", 0)
            to_change[pair].append(interval)
    if plans:
        _plan(cells, to_change, day)
    return cells


def _answer(
    session: Session,
    cells: dict[tuple[ProcedureId, str], MatrixCell],
    newest: Mapping[ProcedureId, VersionNumber],
    only: Collection[str] | None,
) -> None:
    """Put in the answers of those who use nothing, as they stand now."""
    for procedure, municipality, answer in _answers(session, only):
        pair = (procedure, municipality)
        if pair not in cells and procedure in newest:
            cells[pair] = MatrixCell(*pair, AdoptionState(answer), None, None, behind=False, planned=None)


def _plan(
    cells: dict[tuple[ProcedureId, str], MatrixCell],
    to_change: Mapping[tuple[ProcedureId, str], Sequence[Interval]],
    day: date,
) -> None:
    """Put in what is to change next after the day."""
    for pair, known in to_change.items():
        planned = planned_after(known, day)
        if pair in cells:
            cells[pair] = cells[pair]._replace(planned=planned)
        elif planned is not None:
            cells[pair] = MatrixCell(*pair, AdoptionState.PLANNED, None, None, behind=False, planned=planned)


def _answers(session: Session, only: Collection[str] | None) -> Iterator[tuple[ProcedureId, str, str]]:
    """Give the answers that are not in use: procedure, municipality and state."""
    return _columns(session, _of(_ANSWERS, AdoptionRow.procedure_id, some=only is not None), {"only": only})


def _additions(
    session: Session, seen: _Seen, only: Collection[str] | None
) -> Mapping[tuple[str, str], tuple[int, bool]]:
    """Give how many additions stand on the day, and whether one departs, by procedure and municipality."""
    found: dict[tuple[str, str], tuple[int, bool]] = {}
    standing = _ADDITIONS if seen.known is None else _ADDITIONS_THEN
    query = _of(standing, AdditionRow.procedure_id, some=only is not None)
    values = {"day": seen.day, "only": only, "known": seen.known}
    rows = list(_columns(session, query, values))
    guarded = {procedure for procedure, _, _ in seen.hidden.versions}
    # Asked also where none is guarded: the number of statements must say nothing.
    pairs = {(row.procedure_id, row.municipality) for row in rows if row.procedure_id in guarded}
    layers = belongings(session, pairs, hidden_in(seen.hidden.texts))
    for procedure, municipality, departs, decided, superseded in rows:
        pair = (procedure, municipality)
        if layers and pair in layers and layers[pair].hides(decided, superseded, seen.today):
            continue
        count, differs = found.get(pair, _NONE)
        found[pair] = (count + 1, differs or departs)
    return found


def _intervals(
    session: Session, day: date, only: Collection[str] | None
) -> Iterator[tuple[ProcedureId, str, date, date | None, int, int]]:
    """Give what applies on the day or later: procedure, municipality, the days, and the version's two numbers."""
    return _columns(
        session, _of(_INTERVALS, InForceRow.procedure_id, some=only is not None), {"day": day, "only": only}
    )


def in_force_on(
    session: Session, day: date, *, municipality: str | None, procedure: str | None, known_at: datetime | None = None,
    hidden: HiddenTexts = NOTHING_HIDDEN,
) -> list[InForce]:  # fmt: skip
    """Answer `Overview.in_force` inside a session; for a reader of everything, unless something is hidden."""
    last = None if known_at is None else last_number_at(session, known_at)
    query = _in_force_query(
        of_procedure=procedure is not None, of_municipality=municipality is not None, until_then=last is not None
    )
    values = {"day": day, "last": last, "municipality": municipality, "procedure": procedure}
    hidden_names, hidden_digests = hidden.procedures, hidden.digests
    return [
        InForce(where, name, title, _version(major, minor), digest, from_on, until_on, position, number)
        for where, name, title, major, minor, digest, from_on, until_on, position, number in _columns(
            session, query, values
        )
        # Also earlier exempt versions of a routine that was opened since.
        if name not in hidden_names and digest not in hidden_digests
    ]


# The statements that people wait for are put together once: to do it takes as long as the rows of a small answer.
_ANSWERS: Final = columns(
    col(AdoptionRow.procedure_id), col(AdoptionRow.municipality), col(AdoptionRow.state)
).where(col(AdoptionRow.state) != AdoptionState.IN_USE.value)  # fmt: skip
_EVER_ADDED: Final = columns(
    col(AdditionRow.procedure_id), col(AdditionRow.municipality), col(AdditionRow.departs),
    col(AdditionRow.decided_number), col(AdditionRow.superseded_number),
).where(
    or_(col(AdditionRow.from_on).is_(None), col(AdditionRow.from_on) <= bindparam("day")),
    or_(col(AdditionRow.until_on).is_(None), col(AdditionRow.until_on) > bindparam("day")),
)  # fmt: skip
_ADDITIONS: Final = _EVER_ADDED.where(col(AdditionRow.superseded_number).is_(None))
_ADDITIONS_THEN: Final = _EVER_ADDED.where(
    col(AdditionRow.decided_number) <= bindparam("known"),
    or_(col(AdditionRow.superseded_number).is_(None), col(AdditionRow.superseded_number) > bindparam("known")),
)
_INTERVALS: Final = columns(
    col(InForceRow.procedure_id), col(InForceRow.municipality), col(InForceRow.from_on), col(InForceRow.until_on),
    col(InForceRow.major), col(InForceRow.minor),
).where(
    col(InForceRow.superseded_number).is_(None),
    or_(col(InForceRow.until_on).is_(None), col(InForceRow.until_on) > bindparam("day")),
)  # fmt: skip


@cache
def _of(query: Select[*tuple[Any, ...]], procedure: Any, *, some: bool) -> Select[*tuple[Any, ...]]:
    return query.where(procedure.in_(bindparam("only", expanding=True))) if some else query


@cache
def _in_force_query(*, of_procedure: bool, of_municipality: bool, until_then: bool) -> Select[*tuple[Any, ...]]:
    row, version = InForceRow, VersionRow
    # The title of the very version. Most often the routine never had another, and its row, which is read to sort by, has it.
    its_own = columns(col(version.title)).where(
        col(version.procedure_id) == col(row.procedure_id), col(version.major) == col(row.major),
        col(version.minor) == col(row.minor),
    ).correlate(row).scalar_subquery()  # fmt: skip
    title = case((col(ProcedureRow.retitled).is_(False), col(ProcedureRow.title)), else_=its_own)
    query = columns(
        col(row.municipality), col(row.procedure_id), title, col(row.major), col(row.minor),
        col(row.digest), col(row.from_on), col(row.until_on), col(row.position), col(row.adopted_number),
    ).join(ProcedureRow, col(ProcedureRow.id) == col(row.procedure_id)).where(
        col(row.from_on) <= bindparam("day"), or_(col(row.until_on).is_(None), col(row.until_on) > bindparam("day"))
    )  # fmt: skip
    superseded = col(row.superseded_number)
    if until_then:
        last: BindParameter[int] = bindparam("last")
        query = query.where(col(row.decided_number) <= last, or_(superseded.is_(None), superseded > last))
    else:
        query = query.where(superseded.is_(None))
    if of_municipality:
        query = query.where(col(row.municipality) == bindparam("municipality"))
    if of_procedure:
        query = query.where(col(row.procedure_id) == bindparam("procedure"))
    return query.order_by(col(row.municipality), col(ProcedureRow.sort_title), col(row.procedure_id))


def _columns(
    session: Session, query: Select[*tuple[Any, ...]], values: Mapping[str, object] | None = None
) -> Iterator[Any]:
    # Past the unit of work: what it does for each row is meant for rows that change, and took a third of the time. In
    # parts: ten thousand rows at once wake the collector of garbage, which then looks at all that is in memory.
    return chain.from_iterable(session.connection().execute(query, values).partitions(_PART))


def last_number_at(session: Session, instant: datetime) -> int:
    """Give the number of the last decision made at or before an instant; 0 when there was none."""
    found = session.exec(select(func.max(DecisionRow.number)).where(DecisionRow.decided_at <= instant)).one()
    return found or 0
