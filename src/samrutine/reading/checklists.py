"""Follow a checklist for somebody: open it from what applies, say who helps, tick off, hand it on, end it."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, select

from samrutine.actors import Actor, ActorId, Verb, municipality_body, reasons_against, roles_for
from samrutine.adoptions.documents import Asked, Documents
from samrutine.adoptions.effective import EffectiveDocument
from samrutine.adoptions.overview import in_force_on
from samrutine.adoptions.paper import Checklist, Done
from samrutine.adoptions.paper_errors import NoCheckItems
from samrutine.arguments import one_of, require_text
from samrutine.days import norwegian_day
from samrutine.errors import DecisionIdReused, InvalidRequest
from samrutine.inbox.opening import Note, holders, tell
from samrutine.networks.directory import get_actor, get_actor_id, get_municipality, names_of
from samrutine.networks.model import Municipality
from samrutine.procedures.access import hidden_texts
from samrutine.procedures.hiding import HiddenTexts
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.reading.checklist_errors import ChecklistNotFound
from samrutine.reading.checklist_model import (
    LONGEST_WHOM,
    CheckPoint,
    DoesNotWorkThere,
    Mark,
    Part,
    Point,
    PointsLeft,
    PointState,
    Run,
    RunEnded,
    RunId,
    RunOpened,
    RunState,
    RunSummary,
    may_mark,
    parts_of,
    reasons_against_keeping,
    reasons_against_marking,
)
from samrutine.reasons import refuse
from samrutine.storage.decisions import DecisionId, Decisions
from samrutine.storage.rows import ChecklistHelperRow, ChecklistMarkRow, ChecklistRunRow
from samrutine.storage.sql import Database

MOST_ENDED: Final = 50
"""Lists that are over, shown with those that are open."""


class Checklists:
    """Checklists that are followed, each for one person, in one municipality."""

    def __init__(self, database: Database, decisions: Decisions, documents: Documents) -> None:
        self._database = database
        self._decisions = decisions
        self._documents = documents

    def open(
        self, procedure: ProcedureId, municipality: str, whom: str, *, helpers: Mapping[str, str], by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> RunOpened:  # fmt: skip
        """
        Open a list from the version that applies in a municipality; it keeps to that version and that day's local layer.

        It is a working paper and no decision: nothing of it is in the chain, and it is deleted by the library's rule.

        Args:
            whom: Whom it is for: a first name or initials, 1 to 80 characters. Nothing about health or anything else of them.
            helpers: Who does the points of a part of the text ("Fadder"), by part: actor ids or sign-in names. Points of
                parts that are not named are for whoever opens the list.

        Returns:
            The same for a second call with the same decision id.

        Raises:
            DocumentNotFound, ProcedureNotFound, MunicipalityNotFound, PersonNotFound: As they say.
            NoCheckItems: The text has nothing to tick off.
            InvalidRequest: Nobody is named, or a part is none of the text's.
            Refused: A helper has no role in the municipality, or a name holds a national identity number or an address.
            NotAllowed: No role in the municipality.
            DecisionIdReused: The id was used for another list, or by somebody else. Make a new id.
        """
        named = " ".join(require_text("list_for", whom, longest=LONGEST_WHOM, may_be_empty=False).split())
        run = RunId(f"j-{hashlib.sha256(decision_id.encode()).hexdigest()[:12]}")
        with self._decisions.note({"list_for": named}) as session:
            note = Note.begun(session, by=by, now=now)
            where = get_municipality(session, municipality)
            refuse(reasons_against(get_actor(session, by), Verb.TICK_OFF, municipality_body(where.number), note.today))
            row = session.get(ChecklistRunRow, run)
            if row is None:
                row, points = self._begin(note, run, procedure, where, named, helpers)
            elif (row.procedure_id, row.municipality, row.whom or named, row.opened_by) != (
                procedure, where.number, named, by,
            ):  # fmt: skip
                raise DecisionIdReused(decision=decision_id)
            else:
                points = self._points(row, _hidden(note))
            return RunOpened(run, ProcedureId(row.procedure_id), VersionNumber.parse(row.version), len(points))

    def _begin(
        self, note: Note, run: RunId, procedure: ProcedureId, where: Municipality, whom: str, helpers: Mapping[str, str]
    ) -> tuple[ChecklistRunRow, tuple[CheckPoint, ...]]:
        session, hidden = note.session, _hidden(note)
        document = self._documents.document(procedure, where.number, day=note.today, hidden=hidden, today=note.today)
        points = _points_of(document)
        if not points:
            raise NoCheckItems(procedure=procedure)
        row = ChecklistRunRow(
            id=run, procedure_id=procedure, version=str(document.header.version), municipality=where.number, whom=whom,
            opened_by=note.by, keeper=note.by, opened_at=note.now, opened_on=note.today, touched_at=note.now,
            state=RunState.OPEN.value,
        )  # fmt: skip
        session.add(row)
        session.flush()
        self._say_who_helps(note, row, helpers, points)
        return row, points

    def helped_by(self, run: RunId, helpers: Mapping[str, str | None], *, by: ActorId, now: datetime) -> None:
        """
        Say who does the points of a part; None gives them back to whoever keeps the list. What is marked stays marked.

        A second call changes nothing.

        Raises:
            ChecklistNotFound: There is none of that id that one takes part in.
            PersonNotFound: There is nobody of that name.
            InvalidRequest: A part is none of the text's.
            Refused: The list is over, or a helper has no role in the municipality.
            NotAllowed: Only whoever keeps the list.
        """
        with self._decisions.note() as session:
            note = Note.begun(session, by=by, now=now)
            row = self._kept_by(note, run)
            self._say_who_helps(note, row, helpers, self._points(row, _hidden(note)))

    @staticmethod
    def _say_who_helps(
        note: Note, row: ChecklistRunRow, helpers: Mapping[str, str | None], points: Sequence[CheckPoint]
    ) -> None:
        session, parts = note.session, parts_of(points)
        for part, who in helpers.items():
            if part not in parts:
                raise InvalidRequest(what="part", value=ascii(part[:40])[1:-1], expected=", ".join(parts) or "–")
            before = session.get(ChecklistHelperRow, (row.id, part))
            actor = _works_there(note, row, who) if who else None
            if actor is None or actor == row.keeper:
                if before is not None:
                    session.delete(before)
            elif before is None or before.actor_id != actor:
                session.merge(ChecklistHelperRow(run_id=row.id, part=part, actor_id=actor))
                tell(note, "checklist-helped", row.id, actors=[actor], key=note.now.isoformat())
        session.flush()

    def mark(
        self, run: RunId, marks: Mapping[str, str], *, on: date | None, by: ActorId, now: datetime
    ) -> Mapping[str, PointState]:
        """
        Say what became of points: all of them or, when one is refused, none. The same again changes nothing.

        Args:
            marks: "done", "not-relevant" or "open" (not done after all), by the point's key.
            on: The day it was done, not after today; today when None.

        Returns:
            What stands now, by key.

        Raises:
            ChecklistNotFound: As `helped_by`.
            InvalidRequest: There is no such point, or the day is after today or before the list was opened by a year.
            Refused: The list is over, or the point is somebody else's.
        """
        with self._decisions.note() as session:
            note = Note.begun(session, by=by, now=now)
            row = self._mine(note, run)
            points = {one.key: one for one in self._points(row, _hidden(note))}
            helpers = _helpers(session, row.id)
            day = on or note.today
            if day > note.today or (row.opened_on - day).days > _LONGEST_BEFORE:
                raise InvalidRequest(what="day", value=day.isoformat(), expected=f"≤ {note.today.isoformat()}")
            wanted = {key: one_of(PointState, "mark", value) for key, value in marks.items()}
            for key in wanted:
                if key not in points:
                    raise InvalidRequest(what="point", value=ascii(key[:20])[1:-1], expected=f"1–{len(points)}")
            asked = [point for key, point in points.items() if key in wanted]
            refuse(reasons_against_marking(RunState(row.state), asked, helpers, keeper=row.keeper, by=by))
            for key, state in wanted.items():
                _write(note, row, key, state, day)
            return wanted

    def hand_on(self, run: RunId, to: str, *, by: ActorId, now: datetime) -> None:
        """
        Let somebody else keep a list, with all that is marked on it. Handed to whoever keeps it, nothing changes.

        Whoever keeps it does it; where they are gone, the municipality's responsible, who sees that there is a list and how
        far it has come, and not whom it is for.

        Raises:
            ChecklistNotFound: There is none of that id, in a municipality where one looks after it.
            PersonNotFound: There is nobody of that name.
            Refused: The list is over, or they have no role in the municipality.
            NotAllowed: Neither whoever keeps the list nor the municipality's responsible.
        """
        with self._decisions.note() as session:
            note = Note.begun(session, by=by, now=now)
            row = self._known(note, run)
            keeps = by == row.keeper or _looks_after(
                get_actor(session, by), municipality_body(row.municipality), note.today
            )
            refuse(reasons_against_keeping(RunState(row.state), keeps=keeps, keeper=_name(session, row.keeper)))
            actor = _works_there(note, row, to)
            if actor != row.keeper:
                row.keeper, row.touched_at = actor, note.now
                session.add(row)
                for helper in session.exec(select(ChecklistHelperRow).where(ChecklistHelperRow.run_id == row.id)):
                    if helper.actor_id == actor:
                        session.delete(helper)
                tell(note, "checklist-handed-on", row.id, actors=[actor], key=note.now.isoformat())

    def end(self, run: RunId, *, finished: bool, by: ActorId, now: datetime) -> RunEnded:
        """
        Finish a list, or stop it. Ended so before, nothing changes.

        What is to be kept of it is printed first and filed where the municipality files it: here it is deleted by the rule.

        Args:
            finished: Every point is done or did not apply; False stops it wherever it stands.

        Raises:
            ChecklistNotFound: As `helped_by`.
            Refused: Nothing is said of some points yet, or it ended otherwise before.
            NotAllowed: Only whoever keeps the list.
        """
        with self._decisions.note() as session:
            note = Note.begun(session, by=by, now=now)
            row = self._mine(note, run)
            state = RunState.FINISHED if finished else RunState.STOPPED
            if row.state != state.value or row.keeper != by:
                row = self._kept_by(note, run)
                if finished:
                    points = self._points(row, _hidden(note))
                    marked = _marks(session, row.id)
                    left = tuple(one.number for one in points if one.key not in marked)
                    refuse([PointsLeft(left)] if left else [])
                row.state, row.ended_at, row.touched_at = state.value, note.now, note.now
                session.add(row)
            return RunEnded(run, state, row.ended_at or note.now)

    def run(self, run: RunId, *, by: ActorId, today: date) -> Run:
        """
        Give a list with its points, for those who take part in it.

        Raises:
            ChecklistNotFound: As `helped_by`.
        """
        with self._database.reading() as session:
            row, about = self._seen(session, run, by, today)
            points, marks, helpers = about.points(row), about.marks[row.id], about.helpers[row.id]
            parts = tuple(
                Part(label, helpers.get(label), about.names.get(helpers.get(label, row.keeper)))
                for label in parts_of(points)
            )
            is_open = row.state == RunState.OPEN
            shown = tuple(
                Point(
                    one, _mark_of(marks.get(one.key), about.names),
                    is_open and may_mark(one, helpers, keeper=row.keeper, by=by),
                )
                for one in points
            )  # fmt: skip
            lost = len(set(marks) - {one.key for one in points})
            return Run(about.summary(row), parts, shown, lost)

    def runs(self, *, by: ActorId, today: date) -> Sequence[RunSummary]:
        """
        Give the lists that one takes part in, and the open ones of the municipality that one looks after.

        Open ones first, the oldest of them first; then those that are over, the newest first, at most 50.
        """
        with self._database.reading() as session:
            hidden = hidden_texts(session, by, today)
            actor = get_actor(session, by)
            towns = {
                grant.body.partition(":")[2]
                for grant in actor.grants
                if grant.holds_on(today) and _looks_after(actor, grant.body, today)
            }
            helped = select(ChecklistHelperRow.run_id).where(ChecklistHelperRow.actor_id == by)
            mine = (col(ChecklistRunRow.keeper) == by) | col(ChecklistRunRow.id).in_(helped)
            found = session.exec(
                select(ChecklistRunRow).where(
                    mine | (col(ChecklistRunRow.municipality).in_(towns) & (col(ChecklistRunRow.state) == "open"))
                ).order_by(col(ChecklistRunRow.opened_at), col(ChecklistRunRow.id))
            ).all()  # fmt: skip
            known = [one for one in found if not _is_hidden(one, hidden)]
            still = [one for one in known if one.state == RunState.OPEN]
            over = sorted((one for one in known if one.state != RunState.OPEN), key=lambda one: str(one.ended_at))
            shown = [*still, *over[::-1][:MOST_ENDED]]
            about = self._about(session, shown, by, today, hidden)
            return [about.summary(one) for one in shown]

    def colleagues(self, municipality: str, *, by: ActorId, today: date) -> Sequence[tuple[ActorId, str]]:
        """
        Give those who may help with a list in a municipality, by name: who has a role there.

        Raises:
            MunicipalityNotFound: The library has none of that name.
            NotAllowed: One has no role there oneself.
        """
        with self._database.reading() as session:
            body = municipality_body(get_municipality(session, municipality).number)
            refuse(reasons_against(get_actor(session, by), Verb.TICK_OFF, body, today))
            names = names_of(session, holders(session, body, today))
            return sorted(((ActorId(actor), name) for actor, name in names.items()), key=lambda one: one[1].casefold())

    def points(
        self, procedure: ProcedureId, municipality: str, *, today: date, hidden: HiddenTexts
    ) -> tuple[CheckPoint, ...]:
        """
        Give the points that a list opened today would have; none where the text has nothing to tick off.

        Raises:
            DocumentNotFound, ProcedureNotFound, MunicipalityNotFound: As they say.
        """
        document = self._documents.document(procedure, municipality, day=today, hidden=hidden, today=today)
        return _points_of(document)

    def paper(self, run: RunId, *, by: ActorId, today: date) -> Checklist:
        """
        Give a list as it is printed: with what is done, and the days, and nobody's name.

        Raises:
            ChecklistNotFound: As `helped_by`.
        """
        with self._database.reading() as session:
            row, about = self._seen(session, run, by, today)
            marks = about.marks[row.id]
            done = tuple(
                Done(point.number, mark.done_on)
                for point in about.points(row)
                if (mark := marks.get(point.key)) is not None and mark.state == PointState.DONE
            )
            return Checklist(about.documents[row.id], done, today if done else None)

    def _seen(self, session: Session, run: RunId, by: ActorId, today: date) -> "tuple[ChecklistRunRow, _About]":
        """
        Give a list that somebody takes part in, and what stands around it.

        Raises:
            ChecklistNotFound: There is none of that id that they take part in.
        """
        hidden = hidden_texts(session, by, today)
        row = session.get(ChecklistRunRow, run)
        if row is None or not _takes_part(session, row, by) or _is_hidden(row, hidden):
            raise ChecklistNotFound(checklist=run)
        return row, self._about(session, [row], by, today, hidden)

    def _about(
        self, session: Session, rows: Sequence[ChecklistRunRow], by: ActorId, today: date, hidden: HiddenTexts
    ) -> "_About":
        """Ask for what stands around lists, once however many they are."""
        runs = [one.id for one in rows]
        helpers: dict[str, dict[str, str]] = {one: {} for one in runs}
        for helper in session.exec(select(ChecklistHelperRow).where(col(ChecklistHelperRow.run_id).in_(runs))):
            helpers[helper.run_id][helper.part] = helper.actor_id
        marks: dict[str, dict[str, ChecklistMarkRow]] = {one: {} for one in runs}
        for mark in session.exec(select(ChecklistMarkRow).where(col(ChecklistMarkRow.run_id).in_(runs))):
            marks[mark.run_id][mark.point] = mark
        actors = {one.keeper for one in rows}
        actors |= {who for each in helpers.values() for who in each.values()}
        actors |= {mark.actor_id for each in marks.values() for mark in each.values()}
        towns = sorted({one.municipality for one in rows})
        return _About(
            by=by,
            documents=dict(zip(runs, self._documents.documents(_asked(one, hidden) for one in rows), strict=True)),
            helpers=helpers,
            marks=marks,
            names=names_of(session, sorted(actors)),
            towns={one: get_municipality(session, one).name for one in towns},
            newest={
                (town, str(one.procedure)): one.version
                for town in towns
                for one in in_force_on(session, today, municipality=town, procedure=None)
            },
        )

    def _mine(self, note: Note, run: RunId) -> ChecklistRunRow:
        """Give a list that whoever acts takes part in, locked."""
        row = self._locked(note, run)
        if not _takes_part(note.session, row, note.by) or _is_hidden(row, _hidden(note)):
            raise ChecklistNotFound(checklist=run)
        return row

    def _kept_by(self, note: Note, run: RunId) -> ChecklistRunRow:
        """Give a list that whoever acts keeps, locked; it must not be over."""
        row = self._mine(note, run)
        keeps, keeper = row.keeper == note.by, _name(note.session, row.keeper)
        refuse(reasons_against_keeping(RunState(row.state), keeps=keeps, keeper=keeper))
        return row

    def _known(self, note: Note, run: RunId) -> ChecklistRunRow:
        """Give a list that whoever acts takes part in or looks after, locked."""
        row = self._locked(note, run)
        actor, body = get_actor(note.session, note.by), municipality_body(row.municipality)
        knows = _takes_part(note.session, row, note.by) or _looks_after(actor, body, note.today)
        if not knows or _is_hidden(row, _hidden(note)):
            raise ChecklistNotFound(checklist=run)
        return row

    @staticmethod
    def _locked(note: Note, run: RunId) -> ChecklistRunRow:
        row = note.session.exec(select(ChecklistRunRow).where(ChecklistRunRow.id == run).with_for_update()).first()
        if row is None:
            raise ChecklistNotFound(checklist=run)
        return row

    def _points(self, row: ChecklistRunRow, hidden: HiddenTexts) -> tuple[CheckPoint, ...]:
        return _points_of(*self._documents.documents([_asked(row, hidden)]))


@dataclass(frozen=True, slots=True)
class _About:
    """What stands around lists, by their ids; what is in force now, by municipality and procedure."""

    by: ActorId
    documents: Mapping[str, EffectiveDocument]
    helpers: Mapping[str, Mapping[str, str]]
    marks: Mapping[str, Mapping[str, ChecklistMarkRow]]
    names: Mapping[str, str]
    towns: Mapping[str, str]
    newest: Mapping[tuple[str, str], VersionNumber]

    def points(self, row: ChecklistRunRow) -> tuple[CheckPoint, ...]:
        """Give a list's points."""
        return _points_of(self.documents[row.id])

    def summary(self, row: ChecklistRunRow) -> RunSummary:
        """Give a list in short, as whoever asked may see it."""
        points, marked = self.points(row), self.marks[row.id]
        takes_part = row.keeper == self.by or self.by in self.helpers[row.id].values()
        return RunSummary(
            id=RunId(row.id),
            procedure=ProcedureId(row.procedure_id),
            title=self.documents[row.id].header.title,
            version=VersionNumber.parse(row.version),
            newest=self.newest.get((row.municipality, row.procedure_id)),
            municipality=self.towns[row.municipality],
            whom=row.whom if takes_part else None,
            keeper=self.names.get(row.keeper),
            is_mine=row.keeper == self.by,
            takes_part=takes_part,
            opened_on=row.opened_on,
            state=RunState(row.state),
            ended_on=norwegian_day(row.ended_at) if row.ended_at else None,
            done=sum(one.key in marked for one in points),
            count=len(points),
        )


_LONGEST_BEFORE: Final = 366
"""Days before a list was opened that something on it may have been done: a certificate that was shown last spring."""


def _points_of(document: EffectiveDocument) -> tuple[CheckPoint, ...]:
    # Imported here: what a point is, is known by those who print it, and most who open a library print nothing.
    from samrutine.exchange.check_points import check_points

    return check_points(document)


def _asked(row: ChecklistRunRow, hidden: HiddenTexts) -> Asked:
    """Say which document a list is of: the version it was opened from, and the local layer of that day."""
    version = VersionNumber.parse(row.version)
    return Asked(ProcedureId(row.procedure_id), row.municipality, row.opened_on, version, hidden=hidden)


def _mark_of(row: ChecklistMarkRow | None, names: Mapping[str, str]) -> Mark | None:
    return Mark(PointState(row.state), row.done_on, names.get(row.actor_id)) if row is not None else None


def _hidden(note: Note) -> HiddenTexts:
    return hidden_texts(note.session, note.by, note.today)


def _is_hidden(row: ChecklistRunRow, hidden: HiddenTexts) -> bool:
    """Whether somebody may not read the version that a list is of."""
    version = VersionNumber.parse(row.version)
    return (
        row.procedure_id in hidden.procedures
        or (row.procedure_id, version.major, version.minor) in hidden.versions
    )  # fmt: skip


def _takes_part(session: Session, row: ChecklistRunRow, by: str) -> bool:
    return row.keeper == by or by in _helpers(session, row.id).values()


def _looks_after(actor: Actor, body: str, today: date) -> bool:
    """Whether somebody is a municipality's responsible, or decides there."""
    return bool(roles_for(actor, Verb.PREPARE, body, today))


def _helpers(session: Session, run: str) -> dict[str, str]:
    rows = session.exec(select(ChecklistHelperRow).where(ChecklistHelperRow.run_id == run))
    return {one.part: one.actor_id for one in rows}


def _marks(session: Session, run: str) -> dict[str, ChecklistMarkRow]:
    rows = session.exec(select(ChecklistMarkRow).where(ChecklistMarkRow.run_id == run))
    return {one.point: one for one in rows}


def _name(session: Session, actor: str) -> str:
    return names_of(session, [actor]).get(actor, "–")


def _works_there(note: Note, row: ChecklistRunRow, who: str) -> ActorId:
    """
    Give who is to help or to take over.

    Raises:
        PersonNotFound: There is nobody of that id or name.
        Refused: They have no role in the municipality, or may not read the text.
    """
    actor = get_actor_id(note.session, who)
    where: Collection[str] = get_actor(note.session, actor).roles_in(municipality_body(row.municipality), note.today)
    if not where or _is_hidden(row, hidden_texts(note.session, actor, note.today)):
        town = get_municipality(note.session, row.municipality).name
        refuse([DoesNotWorkThere(_name(note.session, actor), town)])
    return actor


def _write(note: Note, row: ChecklistRunRow, key: str, state: PointState, day: date) -> None:
    """Write a mark, or take it away; one that stands so already is left as it is."""
    session = note.session
    before = session.get(ChecklistMarkRow, (row.id, key))
    if state is PointState.OPEN:
        if before is None:
            return
        session.delete(before)
    elif before is not None and before.state == state.value:
        return
    else:
        session.merge(
            ChecklistMarkRow(
                run_id=row.id, point=key, state=state.value, done_on=day, actor_id=note.by, marked_at=note.now
            )
        )
    row.touched_at = note.now
    session.add(row)
