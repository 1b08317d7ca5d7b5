"""What readers say, and what becomes of it: values and rules."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType

from samrutine.actors import MUNICIPAL, Actor, LacksRole, Verb, municipality_body
from samrutine.messages import word
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.reasons import Because

FeedbackId = NewType("FeedbackId", str)
WishId = NewType("WishId", str)

LONGEST_FEEDBACK: Final = 2_000
LONGEST_ANSWER: Final = 2_000
LONGEST_WISH: Final = 200
"""Characters in a wish: one sentence, so that others see at a glance whether they need it too."""

DAYS_TO_ANSWER: Final = 14
"""How long a network has to answer feedback before it is overdue. Our choice; no law gives a number."""

MOST_SIMILAR: Final = 5
"""Wishes that are shown as much like a new one."""

_WORD: Final = re.compile(r"\w{3,}")
_SMALL: Final = frozenset(
    {
        *("alle", "bare", "ble", "blir", "bør", "den", "denne", "der", "det", "dette", "disse", "eller", "en", "ene"),
        *("enn", "etter", "felles", "flere", "for", "fra", "får", "gjelder", "gode", "god", "har", "hos", "hva"),
        *("hvem", "hvor", "hvordan", "ikke", "ikkje", "ingen", "inn", "kan", "kommunen", "korleis", "lage", "mangler"),
        *("med", "mot", "når", "noe", "noen", "nye", "ny", "og", "også", "oss", "over", "prosedyre", "ruta", "rutine"),
        *(
            "rutinar",
            "rutinen",
            "rutiner",
            "sin",
            "skal",
            "som",
            "trenger",
            "treng",
            "til",
            "ved",
            "vil",
            "vår",
            "være",
        ),
        *("ønsker", "ønskjer", "and", "for", "how", "need", "procedure", "routine", "the", "when", "with"),
    }
)
_SAME_START: Final = 5
_ALIKE: Final = 0.5


class FeedbackState(StrEnum):
    """Where feedback stands."""

    NEW = "new"
    ANSWERED = "answered"
    TAKEN_UP = "taken-up"
    """A proposal was made of it."""


class WishState(StrEnum):
    """Where a wish stands."""

    OPEN = "open"
    ANSWERED = "answered"
    """Somebody answered, and nothing is made of it for now."""
    TAKEN_UP = "taken-up"
    """A proposal or a routine meets it."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """
    What a reader said about a routine, and what became of it.

    Attributes:
        version: The one that was read.
        name: The giver's name: only for themselves and those who may answer, and not when it is erased.
        is_mine: Whoever asked gave it.
        proposal: The proposal that was made of it, and `proposal_state` how that stands.
        became: The version in which it ended; None until the proposal is approved.
    """

    id: FeedbackId
    procedure: ProcedureId
    title: str
    version: VersionNumber
    municipality: str | None
    section_key: str | None
    text: str | None
    given_at: datetime
    state: FeedbackState
    answer: str | None
    answered_at: datetime | None
    proposal: str | None
    proposal_state: str | None
    became: VersionNumber | None
    name: str | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """
    A routine that is missing, in one sentence.

    Attributes:
        municipality: The name of the one that wished; None for somebody who works for none.
        network: The network that it was meant for; None where nobody knew.
        supporters: The names of the municipalities that need it, the wisher's own too, by name.
        proposal, procedure: What meets it, or is to.
    """

    id: WishId
    sentence: str | None
    municipality: str | None
    network: str | None
    made_on: date
    state: WishState
    supporters: tuple[str, ...]
    answer: str | None
    proposal: str | None
    procedure: ProcedureId | None

    @property
    def support(self) -> int:
        """How many municipalities need it."""
        return len(self.supporters)


@dataclass(frozen=True)
class DealtWith(Because):
    """Feedback or a wish was answered, or taken up, before."""

    settled = True

    state: str

    def places_in(self, language: str) -> dict[str, object]:
        """Give the state in words."""
        return {"state": word("said_state", self.state, language)}


@dataclass(frozen=True)
class AboutAnotherRoutine(Because):
    """The proposal changes another routine than the one that the feedback is about."""

    proposal: str
    procedure: str


@dataclass(frozen=True)
class ForAnotherRoutine(Because):
    """The feedback is about another routine than the one that is proposed. Places: the routine that it is about."""

    procedure: str


@dataclass(frozen=True)
class ForAnotherNetwork(Because):
    """The wish was meant for a network, and the proposal or the routine is another's."""

    network: str


@dataclass(frozen=True)
class ProposalIsOver(Because):
    """The proposal was turned down or withdrawn, so nothing comes of it."""

    proposal: str


@dataclass(frozen=True)
class MoreThanOneSentence(Because):
    """A wish is one sentence."""

    sentences: int


def reasons_against_answering(state: str, *, answered: bool) -> Sequence[Because]:
    """Say why feedback or a wish cannot be answered; empty means it can. What is taken up may be answered too, once."""
    return [DealtWith(state)] if answered else []


def reasons_against_taking_up(state: str) -> Sequence[Because]:
    """Say why nothing more can be made of feedback or a wish; empty means it can. An answer stands in no way."""
    return [DealtWith(state)] if state in {FeedbackState.TAKEN_UP, WishState.TAKEN_UP} else []


def reasons_against_network(meant_for: str | None, network: str) -> Sequence[Because]:
    """Say why a network's routine does not meet a wish: it was meant for another. None was meant for whoever can."""
    return [] if meant_for in {None, network} else [ForAnotherNetwork(meant_for or "")]


def reasons_against_speaking_for(actor: Actor, municipality: str, today: date) -> Sequence[LacksRole]:
    """Say why somebody cannot say that a municipality needs something: they have no role there today."""
    body = municipality_body(municipality)
    if actor.roles_in(body, today):
        return []
    return [LacksRole(Verb.SAY.value, body, tuple(sorted(role.value for role in MUNICIPAL)))]


def reasons_against_wishing(sentence: str) -> Sequence[Because]:
    """Say why a text is no wish: it is more than one sentence. Empty means it is one."""
    ends = len(re.findall(r"[.!?…]+(?=\s+[A-ZÆØÅ«])|\n+", sentence.strip()))
    return [MoreThanOneSentence(ends + 1)] if ends else []


def words_that_count(sentence: str) -> frozenset[str]:
    """Give the words of a sentence that tell what it is about: not the small ones, each cut to its first letters."""
    words = _WORD.findall(sentence.casefold())
    return frozenset(one[:_SAME_START] for one in words if one not in _SMALL)


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """Give how much of the words two sentences share, of the one that has fewest: 0 for nothing, 1 for all."""
    fewest = min(len(one), len(other))
    return len(set(one) & set(other)) / fewest if fewest else 0.0


def similar(sentence: str, others: Iterable[Wish]) -> tuple[Wish, ...]:
    """
    Give the wishes that may say the same, the most alike first; at most five.

    A wish like another is shown, never refused: only people can tell whether both are needed.
    """
    words = words_that_count(sentence)
    alike = [(likeness(words, words_that_count(one.sentence)), one) for one in others if one.sentence is not None]
    found = sorted((one for one in alike if one[0] >= _ALIKE), key=lambda one: (-one[0], -one[1].support, one[1].id))
    return tuple(one for _, one in found[:MOST_SIMILAR])
