"""What is kept beside the decisions and points at them: what waits, who is told, hearings, totals, positions."""

import re
from collections.abc import Iterator
from typing import Any, Final

from sqlmodel import Session, SQLModel, col, func, or_, select

from samrutine.networks.writing_erasure import row_of, standing
from samrutine.projections.checks.unreadable import mendable_values
from samrutine.projections.emptied import facts_of
from samrutine.storage.rows import (
    AdoptionRow,
    ChainHeadRow,
    CounterRow,
    DecisionRow,
    HearingLinkRow,
    HearingPartyRow,
    NotificationRow,
    OutboxPositionRow,
    ProcedureRow,
    ProposalRow,
    RemarkRow,
    TableRetentionRow,
    VersionRow,
    WaitingRow,
)
from samrutine.storage.words import WRITING_ERASED

CONSUMER: Final = re.compile(
    r"main|register|restricted|leftovers|mail|(?:index|exempt-index|publish)@[a-z0-9][a-z0-9._-]*"
)


def beside_faults(session: Session) -> Iterator[tuple[str, str]]:
    """Nothing points at a decision that there is not; totals are what is counted; each position is a consumer's."""
    head = session.exec(select(ChainHeadRow.number)).one()
    yield from _beyond(session, head)
    yield from _hearing_faults(session)
    yield from (("writing-not-erased", which) for which in _not_emptied(session))
    yield from total_faults(session)
    for name in session.exec(select(OutboxPositionRow.consumer)):
        if not CONSUMER.fullmatch(name):
            yield "position", name
    yield from (("unreadable", one.detail) for one in mendable_values(session, "outbox_position"))
    classes = {table.name: table.info["retention"] for table in SQLModel.metadata.sorted_tables if table.info}
    kept = {row.table_name: row.retention_class for row in session.exec(select(TableRetentionRow))}
    for table in sorted(classes.keys() | kept.keys()):
        if classes.get(table) != kept.get(table):
            yield "retention", table


def _beyond(session: Session, head: int) -> Iterator[tuple[str, str]]:
    """Give what says that it was opened, closed or told of by a decision that was not made."""
    opened, closed, told = col(WaitingRow.opened_number), col(WaitingRow.closed_number), col(NotificationRow.number)
    wrong = or_(opened < 1, opened > head, closed < opened, closed > head)
    for one in session.exec(select(WaitingRow.id).where(wrong).order_by(WaitingRow.id)):
        yield "waiting", one
    for one in session.exec(
        select(NotificationRow.id).where(or_(told < 0, told > head)).order_by(NotificationRow.id)
    ):  # fmt: skip
        yield "notification", one


def _hearing_faults(session: Session) -> Iterator[tuple[str, str]]:
    """
    Whoever answered in a round, or got a link, did so by a decision. The rounds themselves follow from the chain.

    What was answered is the person's own, and is deleted by the rule: only that it was decided is held here.
    """
    pointers: tuple[tuple[Any, Any, tuple[str, ...]], ...] = (
        (col(HearingPartyRow.id), col(HearingPartyRow.answered_number), ()),
        (col(HearingLinkRow.id), col(HearingLinkRow.made_number), ("outsider_invited",)),
        (col(HearingLinkRow.id), col(HearingLinkRow.revoked_number), ()),
        (col(RemarkRow.id), col(RemarkRow.made_number), ("hearing_answered",)),
        # An answer of no remarks takes those back that have no reply.
        (col(RemarkRow.id), col(RemarkRow.replied_number), ("remark_replied", "hearing_answered")),
    )
    for which, number, kinds in pointers:
        there = select(DecisionRow.number).where(DecisionRow.number == number)
        there = there.where(col(DecisionRow.kind).in_(kinds)) if kinds else there
        for one in session.exec(select(which).where(number.is_not(None), ~there.exists()).order_by(which)):
            yield "hearing", str(one)


def _not_emptied(session: Session) -> Iterator[str]:
    """Give the rows that a decision took words out of and that hold them: an older database was put back."""
    for facts in facts_of(session, WRITING_ERASED):
        row = row_of(session, str(facts["row"]))
        if row is not None and any(name in facts["names"] for name in standing(row)):
            yield str(facts["row"])


def counted(session: Session) -> dict[str, int]:
    """Count what the totals are of."""
    return {
        "decisions": session.exec(select(func.count()).select_from(DecisionRow)).one(),
        "versions": session.exec(select(func.count()).select_from(VersionRow)).one(),
        "procedures": session.exec(select(func.count()).select_from(ProcedureRow)).one(),
        "proposals": session.exec(select(func.count()).select_from(ProposalRow)).one(),
        "adoptions": session.exec(
            select(func.count()).select_from(AdoptionRow).where(AdoptionRow.state != "to-consider")
        ).one(),
    }


def total_faults(session: Session) -> Iterator[tuple[str, str]]:
    """Each total is what is counted, and there is no other."""
    due = counted(session)
    kept = {row.name: row.value for row in session.exec(select(CounterRow))}
    for name in sorted(due.keys() | kept.keys()):
        if kept.get(name, 0) != due.get(name):
            yield "total", name
