"""
What the rules for how long things are kept have taken away, as far as the decisions tell.

A run says how many months it went by, and each proposal's end is a decision. So what is gone can be held against both: a text
that no rule is about, or that was not old enough, was taken away by somebody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from sqlmodel import Session, col, select

from samrutine.days import norwegian_day
from samrutine.networks.retention_rules import Kept
from samrutine.procedures.review import months_after
from samrutine.projections.decided import Link
from samrutine.projections.emptied import facts_of
from samrutine.projections.replay_proposals import LEADS_TO
from samrutine.proposals.transitions import CAME_TO_NOTHING, CLOSED
from samrutine.storage.decisions import end_of_norwegian_day, record_of
from samrutine.storage.rows import DecisionRow

_A_DAY: Final = timedelta(days=1)
"""An act's own clock may have been behind the chain's, which never goes back."""


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: for each rule by which something went, the last instant at which it must have come to its end."""

    number: int
    at: datetime
    ends: Mapping[str, datetime]

    def took(self, kept: Kept, closed: tuple[int, datetime]) -> bool:
        """Whether what ended by a decision was old enough."""
        number, at = closed
        return number < self.number and kept.value in self.ends and at - _A_DAY <= self.ends[kept.value]


@dataclass
class _Course:
    """What became of a proposal. `closed` is the decision that ended it, and when."""

    came_to_nothing: bool = False
    was_a_version: bool = False
    closed: tuple[int, datetime] | None = None


@dataclass
class Retained:
    """What the runs that there were may have taken."""

    session: Session
    _courses: dict[str, dict[str, _Course]] = field(default_factory=dict)

    def took_text(self, decision: Link, facts: Mapping[str, Any], erased_at: datetime) -> bool:
        """
        Whether a run erased what was said with a decision.

        With one about a proposal that came to nothing, or with the opening of a hearing. What municipalities wrote is the
        record, and no rule is about it.
        """
        if decision.subject is None:
            return False
        course = self._course(decision.subject, facts.get("proposal"))
        if decision.kind == "hearing_opened":
            return self._ran(Kept.HEARINGS, course, erased_at)
        is_draft = not decision.kind.startswith("hearing") and course.came_to_nothing and not course.was_a_version
        return is_draft and self._ran(Kept.DRAFTS, course, erased_at)

    def took_words(self, procedure: str, proposal: str) -> bool:
        """Whether a run took the words of a proposal, and what it meant."""
        course = self._course(procedure, proposal)
        return course.came_to_nothing and self._ran(Kept.DRAFTS, course)

    def took_hearings(self, procedure: str, proposal: str) -> bool:
        """Whether a run deleted the rounds of hearing that a proposal had."""
        return self._ran(Kept.HEARINGS, self._course(procedure, proposal))

    def _ran(self, kept: Kept, course: _Course, erased_at: datetime | None = None) -> bool:
        closed = course.closed
        return closed is not None and any(
            run.took(kept, closed) and (erased_at is None or erased_at <= run.at) for run in self._runs
        )

    @cached_property
    def _runs(self) -> list[_Run]:
        rows = self.session.exec(
            select(DecisionRow)
            .where(col(DecisionRow.subject).is_(None), DecisionRow.kind == "retention_run")
            .order_by(col(DecisionRow.number))
        )
        found = []
        for row in rows:
            record = record_of(row.record, row.hash)
            today = norwegian_day(row.decided_at)
            ends = {
                one["kept"]: end_of_norwegian_day(months_after(today, -one["months"]))
                for one in (record["facts"]["deleted"] if record else ()) if one["count"]
            }  # fmt: skip
            found.append(_Run(row.number, row.decided_at, ends))
        return found

    def _course(self, procedure: str, proposal: object) -> _Course:
        if procedure not in self._courses:
            self._courses[procedure] = self._of(procedure)
        return self._courses[procedure].get(str(proposal), _Course())

    def _of(self, procedure: str) -> dict[str, _Course]:
        found: dict[str, _Course] = {}
        rows = self.session.exec(
            select(DecisionRow)
            .where(DecisionRow.subject == procedure, col(DecisionRow.kind).in_(LEADS_TO))
            .order_by(col(DecisionRow.number))
        )
        for row in rows:
            record = record_of(row.record, row.hash)
            if record is None:
                continue
            state = LEADS_TO[row.kind]
            course = found.setdefault(str(record["facts"]["proposal"]), _Course())
            course.was_a_version = course.was_a_version or row.kind in {"version_hurried", "version_approved"}
            if state in CLOSED:
                course.came_to_nothing, course.closed = state in CAME_TO_NOTHING, (row.number, row.decided_at)
        return found


def recovered(session: Session) -> list[range]:
    """Give the numbers of the decisions that were taken back from the register, without what was kept beside them."""
    return [range(facts["first"], facts["last"] + 1) for facts in facts_of(session, "decisions_recovered")]
