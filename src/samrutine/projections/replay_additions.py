"""The rows of municipalities' additions, made once more from the chain alone: a part of `replay`."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from samrutine.adoptions.belonging import Belonging, belongings, is_exempt_version
from samrutine.days import norwegian_day
from samrutine.procedures.model import VersionNumber
from samrutine.projections.scope import Scope
from samrutine.storage.rows import AdditionRow, DecisionRow, InForceRow, VersionRow

Known = tuple[object, ...]


def additions_due(session: Session, scope: Scope) -> set[Known]:
    """Give the rows that the decisions say there are: of additions made, and of those an adoption changed."""
    rows = session.exec(
        select(DecisionRow.number, DecisionRow.record)
        # Every decision that names rows of additions has these letters in its facts; the others are not read.
        .where(col(DecisionRow.record).contains('"additions":{'), scope.decisions())
        .order_by(col(DecisionRow.number))
    ).all()
    due: dict[str, tuple[dict[str, Any], int]] = {}
    ended: dict[str, int] = {}
    for number, record in rows:
        facts = json.loads(record)["facts"]
        for row in facts["additions"]["began"]:
            due[row["id"]] = ({**facts, **row}, number)
        ended.update(dict.fromkeys(facts["additions"]["ended"], number))
    return {
        (
            facts["municipality"], row, facts["procedure"], facts["section"], facts["kind"], facts["digest"],
            facts["departs"], facts["section_digest"], facts["replaces"], facts["from"], facts["until"], number,
            ended.get(row),
        )
        for row, (facts, number) in due.items()
    }  # fmt: skip


def additions_shown(session: Session, scope: Scope) -> set[Known]:
    """Give the rows as they stand."""
    return {
        (
            row.municipality, row.id, row.procedure_id, row.section_key, row.kind, row.digest, row.departs,
            row.section_digest, row.replaces, row.from_on.isoformat() if row.from_on else None,
            row.until_on.isoformat() if row.until_on else None, row.decided_number, row.superseded_number,
        )
        for row in session.exec(select(AdditionRow).where(scope.routine(AdditionRow.procedure_id)))
    }  # fmt: skip


def shown_though_exempt(session: Session, scope: Scope) -> set[str]:
    """
    Give the routines with an addition whose decision lets its words out on the register, though it is to an exempt text.

    By the very rule that the verbs go by, asked of the versions and uses that were known just before each decision.
    """
    rows = session.exec(
        select(DecisionRow)
        .where(col(DecisionRow.record).contains('"additions":{"began":[{'), scope.decisions())
        .order_by(col(DecisionRow.number))
    ).all()
    told = [(row, json.loads(row.record)["facts"]) for row in rows]
    lost = _without_versions(session, scope)
    told = [(row, facts) for row, facts in told if facts["procedure"] not in lost]
    asked = {(facts["procedure"], facts["municipality"]) for _, facts in told}
    layers = belongings(session, asked, is_exempt_version) if told else {}
    return {
        facts["procedure"]
        for row, facts in told
        if not facts["additions"]["exempt"]
        and _was_exempt(
            layers[facts["procedure"], facts["municipality"]], row.number - 1, norwegian_day(row.decided_at),
            facts if row.kind == "adopted" else None,
        )
    }  # fmt: skip


def _without_versions(session: Session, scope: Scope) -> set[str]:
    """Give the routines of which a version is in use that there is not: another check names them, and this cannot ask."""
    there = select(VersionRow.digest).where(
        VersionRow.procedure_id == InForceRow.procedure_id, VersionRow.major == InForceRow.major,
        VersionRow.minor == InForceRow.minor,
    )  # fmt: skip
    lost = select(InForceRow.procedure_id).where(scope.routine(InForceRow.procedure_id), ~there.exists())
    return set(session.exec(lost))


def _was_exempt(layer: Belonging, number: int, day: date, adopted: Mapping[str, Any] | None) -> bool:
    if adopted is None:
        return layer.is_guarded(number, day)
    first = date.fromisoformat(adopted["from"])
    return layer.is_guarded_in(VersionNumber.parse(adopted["version"]), number, first=first, day=day)
