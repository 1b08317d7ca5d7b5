"""
Who is heard in the rounds of hearing, what each answered, and by which links: made once more from the chain, a part of `replay`.

The words of remarks and replies are nobody's record and may be erased, so they are not held; nor is what a party is called,
how often it was reminded, or the secret of a link.
"""

import json
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from samrutine.projections.scope import Scope
from samrutine.proposals.hearing import HearingAnswer, RemarkOutcome
from samrutine.proposals.hearing_rows import opaque
from samrutine.storage.decisions import end_of_norwegian_day
from samrutine.storage.rows import DecisionRow, HearingLinkRow, HearingPartyRow, HearingRow, RemarkRow

_KINDS: Final = (
    "hearing_opened",
    "hearing_answered",
    "hearing_closed",
    "outsider_invited",
    "link_revoked",
    "remark_replied",
)


@dataclass
class _Party:
    """A party as the decisions would have it. `answers` are the numbers of its answers, and how many remarks came with each."""

    hearing: str
    body: str
    answer: str = HearingAnswer.NONE.value
    answers: dict[int, int] = field(default_factory=dict)
    closed: int | None = None

    @property
    def answered(self) -> int | None:
        return max(self.answers, default=None)

    def is_shown_by(self, row: HearingPartyRow) -> bool:
        """Whether a row says the same."""
        due = (self.hearing, self.body, self.answer, self.answered)
        return due == (row.hearing_id, row.body, row.answer, row.answered_number)


@dataclass
class _Link:
    party: str
    actor: str
    until: datetime
    made: int
    revoked: int | None = None

    def is_shown_by(self, row: HearingLinkRow) -> bool:
        """Whether a row says the same. Who puts a backup back lets no link open anything: it has no secret, and has expired."""
        due = (self.party, self.actor, self.made, self.revoked)
        is_void = not row.secret_hash and row.expires_at < self.until
        shown = (row.party_id, row.actor_id, row.made_number, row.revoked_number)
        return due == shown and (row.expires_at == self.until or is_void)


@dataclass
class _Heard:
    """What the decisions of a scope say of parties, links, and replies: each remark's outcomes by number."""

    parties: dict[str, _Party] = field(default_factory=dict)
    links: dict[str, _Link] = field(default_factory=dict)
    replies: dict[str, dict[int, str]] = field(default_factory=dict)

    def follow(self, number: int, kind: str, facts: Mapping[str, Any]) -> None:
        """Take one decision."""
        match kind:
            case "hearing_opened":
                hearing = opaque("h", facts["proposal"], facts["round"])
                self.parties |= {opaque("p", hearing, body): _Party(hearing, body) for body in facts["parties"]}
            case "hearing_answered" if facts["row"] in self.parties:
                party = self.parties[facts["row"]]
                party.answer, party.answers[number] = facts["answer"], facts["remarks"]
            case "hearing_closed":
                hearing = opaque("h", facts["proposal"], facts["round"])
                silent = [self.parties.get(opaque("p", hearing, body)) for body in facts["silent"]]
                for party in filter(None, silent):
                    party.answer, party.closed = HearingAnswer.SILENT.value, number
            case "outsider_invited":
                until = end_of_norwegian_day(date.fromisoformat(facts["expires"]))
                self.links[facts["link"]] = _Link(facts["row"], facts["actor"], until, number)
            case "link_revoked" if facts["link"] in self.links:
                link = self.links[facts["link"]]
                link.revoked = link.revoked or number
            case "remark_replied":
                self.replies.setdefault(facts["remark"], {})[number] = facts["outcome"]
            case _:
                pass

    def outcome(self, remark: RemarkRow) -> tuple[str | None, int | None]:
        """Give what became of a remark, and by which decision: the newest reply, or an answer of none that took it back."""
        replies = self.replies.get(remark.id, {})
        answers = self.parties[remark.party_id].answers
        taken = (number for number, count in answers.items() if not count and number > remark.made_number)
        first = min(taken, default=None)
        if first is not None and not any(number < first for number in replies):
            replies = {**replies, first: RemarkOutcome.TAKEN_BACK.value}
        return (replies[max(replies)], max(replies)) if replies else (None, None)


def heard_differences(session: Session, scope: Scope, came_back: Sequence[range]) -> Iterator[str]:
    """
    Give the parties, remarks and links, by id, that are not as decided, or are gone while their round is there.

    What decisions that came back from the register would have left did not come back with them.
    """
    held = _Held(session, scope, _due(session, scope), came_back)
    there = list(held.parties())
    yield from (id_ for id_, is_so in there if not is_so)
    yield from held.links({id_ for id_, _ in there})
    yield from held.remarks({id_ for id_, _ in there})


@dataclass
class _Held:
    """The rows of a scope beside what is due."""

    session: Session
    scope: Scope
    due: _Heard
    came_back: Sequence[range]

    def parties(self) -> Iterator[tuple[str, bool]]:
        """Give each party of the rounds that are there, and whether it is as decided; one that is gone is not."""
        rounds = set(self.session.exec(self._rounds()))
        there = set()
        for row in self.session.exec(
            select(HearingPartyRow).where(col(HearingPartyRow.hearing_id).in_(self._rounds()))
        ):
            there.add(row.id)
            due = self.due.parties.get(row.id)
            came_back = due is not None and (self._is_back(due.answered) or self._is_back(due.closed))
            yield row.id, due is not None and (due.is_shown_by(row) or came_back)
        for id_, due in self.due.parties.items():
            if due.hearing in rounds and id_ not in there:
                yield id_, False

    def links(self, parties: Container[str]) -> Iterator[str]:
        """Give the links that are not as decided, and those of the parties that are gone."""
        there = set()
        for row in self.session.exec(select(HearingLinkRow).where(col(HearingLinkRow.party_id).in_(self._parties()))):
            there.add(row.id)
            due = self.due.links.get(row.id)
            if due is None or not (due.is_shown_by(row) or self._is_back(due.revoked)):
                yield row.id
        for id_, due in self.due.links.items():
            if due.party in parties and id_ not in there and not self._is_back(due.made):
                yield id_

    def remarks(self, parties: Container[str]) -> Iterator[str]:
        """Give the remarks that became another thing than decided, and the parties that have not as many as they made."""
        shown: dict[str, Counter[int]] = {}
        for row in self.session.exec(select(RemarkRow).where(col(RemarkRow.party_id).in_(self._parties()))):
            shown.setdefault(row.party_id, Counter())[row.made_number] += 1
            became = self.due.outcome(row) if row.party_id in self.due.parties else None
            if became is None or (became != (row.outcome, row.replied_number) and not self._is_back(became[1])):
                yield row.id
        for id_, due in self.due.parties.items():
            made = {number: count for number, count in due.answers.items() if count and not self._is_back(number)}
            if id_ in parties and made != dict(shown.get(id_, {})):
                yield id_

    def _rounds(self) -> Any:
        return select(HearingRow.id).where(self.scope.number(HearingRow.opened_number))

    def _parties(self) -> Any:
        return select(HearingPartyRow.id).where(col(HearingPartyRow.hearing_id).in_(self._rounds()))

    def _is_back(self, number: int | None) -> bool:
        return number is not None and any(number in numbers for numbers in self.came_back)


def _due(session: Session, scope: Scope) -> _Heard:
    due = _Heard()
    rows = session.exec(
        select(DecisionRow.number, DecisionRow.kind, DecisionRow.record)
        .where(col(DecisionRow.kind).in_(_KINDS), scope.decisions())
        .order_by(col(DecisionRow.number))
    )
    for number, kind, text in rows:
        due.follow(number, kind, json.loads(text)["facts"])
    return due
