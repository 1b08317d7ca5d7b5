"""Rounds of hearing, made once more from the chain alone: a part of `replay`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from samrutine.days import norwegian_day
from samrutine.procedures.text import digest as digest_of
from samrutine.projections.emptied import emptied
from samrutine.projections.replay_heard import heard_differences
from samrutine.projections.replay_proposals import LEADS_TO
from samrutine.projections.retained import Retained, recovered
from samrutine.projections.rewriting import notices, stands_for
from samrutine.projections.scope import Scope
from samrutine.proposals.hearing_rows import opaque
from samrutine.proposals.model import ProposalState
from samrutine.storage.rows import DecisionRow, HearingRow

ENDS: Final = tuple(
    kind for kind, state in LEADS_TO.items() if kind.startswith("proposal_") or kind in {"hearing_closed", "version_hurried"}
    if state is not ProposalState.HEARING and kind != "proposal_sent"
)  # fmt: skip
"""The decisions by which a round that is open ends: nothing else comes between."""

_A_DAY: Final = timedelta(days=1)


@dataclass
class RoundDue:
    """A round as the decisions would have it."""

    procedure: str
    proposal: str
    round: int
    digest: str
    deadline: date
    opened: int
    opened_on: date
    closed: int | None = None

    def is_shown_by(self, row: HearingRow, came_back: Sequence[range]) -> bool:
        """
        Whether a row says the same.

        The act's own clock may have been behind the chain's, which never goes back; and a round that was ended by a decision
        that came back from the register may stand open.
        """
        due = (opaque("h", self.proposal, self.round), self.digest, self.deadline, self.opened)
        shown = (row.id, row.digest, row.deadline, row.opened_number)
        is_closed = row.closed_number == self.closed or any((self.closed or 0) in numbers for numbers in came_back)
        return due == shown and is_closed and self.opened_on - _A_DAY <= row.opened_on <= self.opened_on


def hearing_differences(session: Session, scope: Scope) -> Iterator[str]:
    """
    Give the rounds that are not as decided, or that have another text; and those that are gone before their time.

    Rounds do not come back from the register, so those of decisions that did are not missed. Who was heard in the rounds that
    are there, and what they answered, is held too: see `replay_heard`.
    """
    due = _rounds_due(session, scope)
    gone, came_back, retained = notices(session), recovered(session), Retained(session)
    taken = emptied(session)
    shown: set[tuple[str, int]] = set()
    for row in session.exec(
        select(HearingRow).where(scope.number(HearingRow.opened_number)).execution_options(yield_per=200)
    ):
        at = row.proposal_id, row.round
        shown.add(at)
        known = due.get(at)
        if known is None or not _has_words(row, gone, taken) or not known.is_shown_by(row, came_back):
            yield f"{row.proposal_id} {row.round}"
    for (proposal, which), known in due.items():
        is_missed = (proposal, which) not in shown and not any(known.opened in numbers for numbers in came_back)
        if is_missed and not retained.took_hearings(known.procedure, proposal):
            yield f"{proposal} {which}"
    yield from heard_differences(session, scope, came_back)


def _has_words(row: HearingRow, gone: Mapping[str, str], taken: Mapping[str, str]) -> bool:
    """Whether a round has the words that were heard, or the notice that a decision put in their place."""
    if row.id in taken:
        return digest_of(row.text) in {taken[row.id], gone.get(row.digest)}
    return not row.text or stands_for(row.text, row.digest, gone)


def _rounds_due(session: Session, scope: Scope) -> dict[tuple[str, int], RoundDue]:
    due: dict[tuple[str, int], RoundDue] = {}
    open_now: dict[str, RoundDue] = {}
    rows = session.exec(
        select(DecisionRow.number, DecisionRow.kind, DecisionRow.record)
        .where(col(DecisionRow.kind).in_(("hearing_opened", *ENDS)), scope.decisions())
        .order_by(col(DecisionRow.number))
    )
    for number, kind, text in rows:
        record = json.loads(text)
        facts = record["facts"]
        proposal = facts["proposal"]
        if kind == "hearing_opened":
            day = norwegian_day(datetime.fromisoformat(record["at"]))
            made = RoundDue(
                facts["procedure"], proposal, facts["round"], facts["digest"], date.fromisoformat(facts["deadline"]),
                number, day,
            )  # fmt: skip
            due[proposal, made.round] = open_now[proposal] = made
        elif proposal in open_now:
            open_now.pop(proposal).closed = number
    return due
