"""
A hearing as values: who is heard, who has answered what, and what became of it.

A hearing goes in rounds. Each keeps the very text that was heard, has a deadline, and one row for each party. No answer
after two reminders is *stilltiende tilslutning*: recorded as that, never counted as a vote.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final, NewType

from samrutine.messages import word
from samrutine.procedures.model import Digest, ProcedureId

RemarkId = NewType("RemarkId", str)
"""`k-` and sixteen hexadecimal digits."""

HearingPartyId = NewType("HearingPartyId", str)
"""`p-` and sixteen hexadecimal digits: one party of one round."""

LinkId = NewType("LinkId", str)
"""`l-` and sixteen hexadecimal digits: one personal link."""

OUTSIDE: Final = "outside:"
"""Begins the body of a party that is no member of the library and answers by a personal link."""


class HearingAnswer(StrEnum):
    """What a party has answered. NONE while a round is open is "not yet", and afterwards "not reminded twice"."""

    NONE = "none"
    NO_REMARKS = "no-remarks"
    REMARKS = "remarks"
    SILENT = "silent"

    def label(self, language: str = "nb") -> str:
        """Give the answer in words."""
        return word("hearing_answer", self.value, language)


class RemarkOutcome(StrEnum):
    """What became of a remark. The last is the party's own doing: it answered anew that it has no remarks."""

    TAKEN = "taken"
    PARTLY = "partly"
    NOT_TAKEN = "not-taken"
    NOTED = "noted"
    TAKEN_BACK = "taken-back"

    def label(self, language: str = "nb") -> str:
        """Give the outcome in words."""
        return word("remark_outcome", self.value, language)


@dataclass(frozen=True, slots=True)
class Remark:
    """
    What a party wants to say, of the whole text or of a part of it.

    Attributes:
        text: The remark: 1 to 10,000 characters.
        section_key: The key of a section in the text that is heard; None for the whole text.
        paragraph: Which of the section's paragraphs, from 1; a step of a list counts as one. None for all of them.
    """

    text: str
    section_key: str | None = None
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class MadeRemark:
    """A remark as it was made, and the reply it got. `text` and `reply` are None when the retention rules deleted them."""

    id: RemarkId
    section_key: str | None
    paragraph: int | None
    text: str | None
    outcome: RemarkOutcome | None
    reply: str | None

    @property
    def waits_for_reply(self) -> bool:
        """Whether the network has not said what becomes of it."""
        return self.outcome is None


@dataclass(frozen=True, slots=True)
class HeardParty:
    """
    One who is heard in a round.

    Attributes:
        body: `municipality:1841`, `network:omsorg`, or `outside:…` for one who answers by a personal link.
        party: The party of the library that it comes of; None when it was named.
        name: What people call it.
        reminders: How many times it was reminded.
        may_answer: Whether somebody can answer for it today: a role is held in the body, or a link is good.
        remarks: Those that whoever asks may see.
        remark_count: How many there are, seen or not; those taken back are not counted.
    """

    id: HearingPartyId
    body: str
    party: str | None
    name: str
    answer: HearingAnswer
    reminders: int = 0
    reminded_on: date | None = None
    may_answer: bool = True
    remarks: tuple[MadeRemark, ...] = ()
    remark_count: int = 0

    @property
    def is_outside(self) -> bool:
        """Whether it answers by a personal link."""
        return self.body.startswith(OUTSIDE)

    @property
    def has_answered(self) -> bool:
        """Whether it has said anything."""
        return self.answer in {HearingAnswer.NO_REMARKS, HearingAnswer.REMARKS}


@dataclass(frozen=True, slots=True)
class HearingCounts:
    """How many parties there are, and how many of each answer; the four always add up to `parties`."""

    parties: int
    no_remarks: int
    remarks: int
    silent: int
    none: int


@dataclass(frozen=True)
class HearingView:
    """
    A round of hearing as whoever asks may see it.

    Attributes:
        network: The owner network's id; `network_name` is what people call it.
        rounds: How many rounds there have been.
        text: The words that are heard, with front matter; the draft may have been changed since.
        deadline: The last day to answer, a day in Norway.
        is_open: Whether answers are taken.
        through: Names of services that are heard through their municipality's answer.
        sees_remarks: Whether every remark of the round is among the parties' remarks.
        demo: The library is a demonstration, and everything printed says so.
        meaning: What the change means for those who follow the routine, as the proposal says now.
        closed_on: The day it was closed, a day in Norway; None while nobody has.
    """

    proposal: str
    procedure: ProcedureId
    title: str
    network: str
    network_name: str
    round: int
    rounds: int
    digest: Digest
    text: bytes
    opened_on: date
    deadline: date
    is_open: bool
    parties: tuple[HeardParty, ...]
    through: tuple[str, ...]
    sees_remarks: bool
    demo: bool = False
    meaning: str | None = None
    closed_on: date | None = None

    @cached_property
    def counts(self) -> HearingCounts:
        """How many have answered what."""
        return counted(one.answer for one in self.parties)

    @property
    def not_answered(self) -> tuple[HeardParty, ...]:
        """Those who have said nothing: «hvem har ikke svart»."""
        return tuple(one for one in self.parties if not one.has_answered)

    @property
    def unreplied(self) -> int:
        """How many of the remarks shown wait for a reply."""
        return sum(remark.waits_for_reply for one in self.parties for remark in one.remarks)


def counted(answers: Iterable[HearingAnswer]) -> HearingCounts:
    """Count the answers of a round."""
    given = list(answers)
    return HearingCounts(
        len(given), *(given.count(one) for one in (
            HearingAnswer.NO_REMARKS, HearingAnswer.REMARKS, HearingAnswer.SILENT, HearingAnswer.NONE,
        ))
    )  # fmt: skip
