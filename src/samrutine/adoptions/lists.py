"""
The verbs of a list: many answers of one municipality in one act, signed once, a decision for each row.

All or nothing: a list in which one row may not be decided decides nothing, and names every such row with its reasons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from samrutine.actors import Actor, ActorId, Role, Verb, municipality_body
from samrutine.adoptions.additions_at_adoption import as_request
from samrutine.adoptions.answering import Desk, Looked, checked_texts, look, texts_of, write
from samrutine.adoptions.answers import ListRow, TwiceInList
from samrutine.adoptions.model import AdoptionState, Planned, reasons_of_role
from samrutine.adoptions.service import Answered, answered, cancelled_in
from samrutine.errors import DecisionIdReused, InvalidRequest, ListRefused, RefusedRow, SamrutineError
from samrutine.inbox.opening import tell
from samrutine.networks.directory import get_actor, get_municipality
from samrutine.networks.model import Municipality
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, Decision, DecisionId, Decisions, reasons_against_keeping
from samrutine.storage.rows import DecisionTextRow
from samrutine.storage.sql import Database

MOST_ROWS: Final = 2000
"""More than a municipality has routines; what is longer is no list that somebody has read."""


@dataclass(frozen=True, slots=True)
class ListDecided:
    """A list is decided. `number` is the list's own decision; each answer has one of its own after it."""

    municipality: str
    answers: tuple[Answered, ...]
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class RowLook:
    """
    What a row of a list would do, were the list decided today.

    Attributes:
        row: Its number in the list, from 1.
        title: The routine's title; None where there is no such routine.
        version: The version that is answered about; None where the row is refused before that is known.
        from_on: The first day it would apply; None where nothing is taken into use.
        ends: The version that applies now and would end; None where none does.
        cancelled: What is decided for later, and would fall away.
        refusal: Why the row cannot be decided, with reasons; None where it can.
    """

    row: int
    procedure: ProcedureId
    answer: AdoptionState
    title: str | None
    version: VersionNumber | None
    from_on: date | None
    ends: VersionNumber | None
    cancelled: tuple[Planned, ...]
    refusal: SamrutineError | None


class Lists:
    """Lists of answers."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def decide_list(
        self, municipality: str, rows: Sequence[ListRow], *, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> ListDecided:
        """
        Give many answers at once: all of them, or none.

        Args:
            rows: At most 2,000, one for each routine. Each is decided by the same rules as alone.

        Returns:
            The answers in the order of the rows.

        Raises:
            ListRefused: One or more rows may not be decided. Nothing is; `rows` says which, and why.
            NotAllowed: Not a decider in that municipality at all.
            InvalidRequest: There are no rows, or too many.
            MunicipalityNotFound: As it says.
        """
        _require_some(rows)
        request = {"municipality": municipality, "rows": [_asked(row) for row in rows]}
        checked = checked_texts(rows)
        with self._decisions.act(decision_id, "decide_list", request, by=by, now=now, checked=checked) as act:
            if act.is_repeat:
                _require_same_texts(act, rows)
            else:
                self._decide(act, get_municipality(act.session, municipality), rows)
        first, *others = act.decisions
        return ListDecided(
            first.facts["municipality"], tuple(answered(one, projected=act.projected) for one in others), first.number,
            act.projected,
        )  # fmt: skip

    @staticmethod
    def _decide(act: Act, where: Municipality, rows: Sequence[ListRow]) -> None:
        actor = get_actor(act.session, act.by)
        refuse(reasons_of_role(actor, Verb.DECIDE_USE, where, act.today))
        desk = Desk(Eyes.of(act), where, rows)
        looked: list[Looked] = []
        refused: list[RefusedRow] = []
        again = _again(rows)
        for number, row in enumerate(rows, 1):
            found = _looked(desk, row, actor, act.today, is_again=number in again)
            if isinstance(found, Looked):
                looked.append(found)
            else:
                refused.append(RefusedRow(number, row.procedure, found))
        if refused:
            raise ListRefused(refused, total=len(rows))
        body = municipality_body(where.number)
        act.record(
            "list_decided", body=body, role=Role.DECIDER, facts={"municipality": where.number, "rows": len(rows)}
        )
        write(act, desk, looked)
        tell(act, "list-answered", f"list:{act.id}", bodies=[(body, Verb.PREPARE)])

    def look_at_list(
        self, municipality: str, rows: Sequence[ListRow], *, by: ActorId, today: date
    ) -> Sequence[RowLook]:
        """
        Say for each row what would happen, were the list decided today. Decides nothing.

        Args:
            by: Who asks. The municipality's responsible person may prepare a list that the decider signs; then no row is
                refused because of who asks.

        Raises:
            NotAllowed: Neither responsible nor decider in that municipality.
            InvalidRequest: There are no rows, or too many.
        """
        _require_some(rows)
        with self._database.reading() as session:
            where = get_municipality(session, municipality)
            actor = get_actor(session, by)
            refuse(reasons_of_role(actor, Verb.PREPARE, where, today))
            decides = not reasons_of_role(actor, Verb.DECIDE_USE, where, today)
            desk = Desk(Eyes(session, by, today), where, rows)
            again = _again(rows)
            return [
                _row_look(
                    n, row, desk,
                    _kept_out(row) or _looked(desk, row, actor if decides else None, today, is_again=n in again), today,
                )
                for n, row in enumerate(rows, 1)
            ]  # fmt: skip


def _require_some(rows: Sequence[ListRow]) -> None:
    if not 1 <= len(rows) <= MOST_ROWS:
        raise InvalidRequest(what="rows", value=str(len(rows)), expected=f"1–{MOST_ROWS}")


def _again(rows: Sequence[ListRow]) -> frozenset[int]:
    """Give the numbers of the rows about a routine that an earlier row is about."""
    seen: set[str] = set()
    found: list[int] = []
    for number, row in enumerate(rows, 1):
        if row.procedure in seen:
            found.append(number)
        seen.add(row.procedure)
    return frozenset(found)


def _looked(desk: Desk, row: ListRow, actor: Actor | None, today: date, *, is_again: bool) -> Looked | SamrutineError:
    """Look at one row; with no actor as if whoever may decide it did."""
    try:
        if is_again:
            refuse([TwiceInList(row.procedure)])
        return look(desk, row, actor, today)
    except SamrutineError as error:
        return error


def _kept_out(row: ListRow) -> SamrutineError | None:
    """Say why the words of a row may not be kept, as the act that decides says it of the whole list."""
    try:
        refuse(reasons_against_keeping(checked_texts([row])))
    except SamrutineError as error:
        return error
    return None


def _row_look(number: int, row: ListRow, desk: Desk, found: Looked | SamrutineError, today: date) -> RowLook:
    procedure = desk.procedures.get(row.procedure)
    title = procedure.title if procedure else None
    if not isinstance(found, Looked):
        return RowLook(number, row.procedure, row.answer, title, None, None, None, (), found)
    change = found.outcome.change
    applies = next((one for one in found.now.intervals if one.holds_on(today)), None)
    ends = applies.version if applies is not None and change is not None and applies in change.superseded else None
    return RowLook(
        number, row.procedure, row.answer, title, found.now.version, found.outcome.first, ends,
        cancelled_in(found.outcome.facts), None,
    )  # fmt: skip


def _asked(row: ListRow) -> dict[str, Any]:
    """Give what identifies a row: no free text, since a request is kept as long as the decision."""
    additions = {"additions": as_request(dict(row.additions))} if row.additions else {}
    return {
        "procedure": row.procedure, "answer": row.answer.value, "version": str(row.version), "from": str(row.from_on),
        "until": str(row.until), "case": row.case or "", **additions,
    }  # fmt: skip


def _require_same_texts(act: Act, rows: Sequence[ListRow]) -> None:
    """Refuse another list under the same id: reasons and addresses count, unless they were erased since."""
    known = _texts_of_act(act.session, act.decisions[1:])
    for decision, row in zip(act.decisions[1:], rows, strict=True):
        given = texts_of(row)
        kept = known.get(decision.number, {})
        if kept.keys() != given.keys() or any(text not in {None, given[name]} for name, text in kept.items()):
            raise DecisionIdReused(decision=act.id)


def _texts_of_act(session: Session, decisions: Sequence[Decision]) -> dict[int, dict[str, str | None]]:
    found: dict[int, dict[str, str | None]] = {}
    rows = session.exec(
        select(DecisionTextRow).where(col(DecisionTextRow.number).in_([one.number for one in decisions]))
    )
    for row in rows:
        found.setdefault(row.number, {})[row.name] = row.text
    return found
