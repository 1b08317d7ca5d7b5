"""A collection: what is asked for, who has sent what, and what a routine made of several offers each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NewType

from samrutine.adoptions.effective import AdditionKind
from samrutine.intake.clusters import Alike
from samrutine.intake.likeness import SectionPair
from samrutine.intake.triage import Triage
from samrutine.intake.variants import Row
from samrutine.procedures.model import ProcedureId
from samrutine.reasons import Because

CollectionId = NewType("CollectionId", str)
OfferId = NewType("OfferId", str)

LONGEST_WHAT: Final = 300
"""Characters in what is asked for: a sentence or two."""

LONGEST_REASON: Final = 1_000

ROUTINE: Final = "procedure:"
"""What the id of a routine of the library begins with, where it stands among those that were sent in."""


class Answer(StrEnum):
    """What a municipality says of a collection."""

    HAS_SENT = "has-sent"
    """It has sent what it has."""
    HAS_NONE = "has-none"


class Sent(StrEnum):
    """How far a municipality has come with a collection."""

    MISSING = "missing"
    """Nothing has come, and nothing was said."""
    SOME = "some"
    """Something has come, and more may."""
    ALL = "all"
    """It says that it has sent what it has."""
    NONE = "none"
    """It says that it has none."""


@dataclass(frozen=True, slots=True)
class Sender:
    """
    A municipality that was asked.

    Attributes:
        municipality: Its number, and `name` its name.
        documents: How many documents came from it that can be read.
        days_late: Days since the deadline, where nothing has come and nothing was said; else 0.
        reason: What it said beside its answer.
    """

    municipality: str
    name: str
    sent: Sent
    documents: int
    days_late: int
    answered_on: date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Collection:
    """
    A network asks all municipalities for the routines that they have about something.

    Attributes:
        what: What it asks for, in the network's words; None where they were erased.
        senders: The municipalities, by number.
        documents: How many documents came, the network's own too.
        reminded_on: The last day on which those who are missing were reminded.
        closed_on: The day it was closed; None while it is open.
    """

    id: CollectionId
    network: str
    network_name: str
    what: str | None
    asked_on: date
    deadline: date
    reminded_on: date | None
    closed_on: date | None
    documents: int
    senders: tuple[Sender, ...]

    @property
    def is_open(self) -> bool:
        """Whether documents are still asked for."""
        return self.closed_on is None

    def those(self, sent: Sent) -> tuple[Sender, ...]:
        """Give the municipalities that have come so far."""
        return tuple(one for one in self.senders if one.sent is sent)


@dataclass(frozen=True, slots=True)
class Member:
    """
    A routine among others that may be the same.

    Attributes:
        id: A document's id, or "procedure:" and the id of a routine that the library has.
        municipality: The name of the one that sent it; None for a network's own and for the library's.
        procedure: The library's routine; None for what was sent in.
        triage: What was answered of it; None while nothing was.
    """

    id: str
    title: str
    municipality: str | None
    procedure: ProcedureId | None
    triage: Triage | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """
    Routines that are one routine in several variants.

    Attributes:
        name: The title that most of them have, of equally many the shortest.
        likeness: How like they are on average, 0 to 1.
        weakest: The two that are least alike: look at these first.
        sections: The sections by which these two are alike.
        in_library: The library has it already: a draft of it is a change, and no new routine.
    """

    name: str
    members: tuple[Member, ...]
    likeness: float
    weakest: Alike
    sections: tuple[SectionPair, ...]
    in_library: bool


@dataclass(frozen=True, slots=True)
class AlikeRoutines:
    """
    Which of the routines that were sent in are the same.

    Attributes:
        groups: The largest first.
        alone: Those that are like no other.
        near: Pairs that are in no group together and as like as if they were, the likest first: a person may know better.
        names: Every routine that is mentioned, by id.
    """

    groups: tuple[Group, ...]
    alone: tuple[Member, ...]
    near: tuple[Alike, ...]
    names: dict[str, Member]


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    Routines side by side, paragraph by paragraph.

    Attributes:
        variants: In the order they are shown.
        rows: What says the same thing, in the order of the one that is likest to all.
        digest: What was compared: give it back when choosing, so that no choice is made of other words than were read.
    """

    variants: tuple[Member, ...]
    rows: tuple[Row, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Offer:
    """
    What a municipality sent in and the shared draft does not say, as something of its own.

    Attributes:
        kind: Local information has a `field`; else a practical note or a professional addition.
        section_key: The section of the draft that it belongs after; "" for the whole text.
        text: The value of local information; else Markdown; None where it was erased.
        departs: It says something else than the draft does, about a number, a dose, a phone or a negation.
        document: The document it stands in.
        taken_number: The decision by which the municipality took it; None while it has not.
    """

    id: OfferId
    proposal: str
    procedure: ProcedureId
    municipality: str
    kind: AdditionKind
    section_key: str
    field: str
    text: str | None
    departs: bool
    document: str
    taken_number: int | None


def names_of(variants: Sequence[Member], *, library: str, network: str) -> dict[str, str]:
    """
    Name each routine by its municipality; of one that has sent several by the title too.

    Args:
        library: What a routine of the library is called.
        network: What one of the network's own is called.
    """
    places = {one.id: one.municipality or (library if one.procedure else network) for one in variants}
    several = {one for one in places.values() if list(places.values()).count(one) > 1}
    return {
        one.id: f"{places[one.id]}: {one.title}" if places[one.id] in several else places[one.id] for one in variants
    }


@dataclass(frozen=True)
class DeadlinePassed(Because):
    """The day by which something is asked for is over already."""

    deadline: date


@dataclass(frozen=True)
class CollectionOver(Because):
    """The collection is closed, so nobody is asked any more."""

    settled = True
    collection: str


@dataclass(frozen=True)
class SomethingSent(Because):
    """A municipality cannot have none when it has sent some."""

    count: int


@dataclass(frozen=True)
class NothingSent(Because):
    """A municipality has not sent what it has when nothing has come."""


@dataclass(frozen=True)
class NobodyMissing(Because):
    """Every municipality has sent something or answered, so there is nobody to remind."""

    settled = True
    collection: str


@dataclass(frozen=True)
class AnotherComparison(Because):
    """What was compared has other words now, so the choices may be about other paragraphs."""


@dataclass(frozen=True)
class OneAlone(Because):
    """A shared draft is made of at least two documents that municipalities sent in."""

    count: int


@dataclass(frozen=True)
class OfferAlreadyTaken(Because):
    """The municipality has taken it already, by that decision."""

    settled = True
    number: int


@dataclass(frozen=True)
class OfferTooEarly(Because):
    """The routine is not faglig godkjent yet, so nothing can be laid over it."""

    proposal: str


def how_far(answer: Answer | None, documents: int) -> Sent:
    """Say how far a municipality has come; what came after it said that it has none counts."""
    if answer is Answer.HAS_SENT:
        return Sent.ALL
    if documents:
        return Sent.SOME
    return Sent.NONE if answer is Answer.HAS_NONE else Sent.MISSING


def days_late(sent: Sent, deadline: date, until: date) -> int:
    """
    Say how many days a municipality is late.

    Args:
        until: Today, or the day the collection was closed.
    """
    return max(0, (until - deadline).days) if sent is Sent.MISSING else 0


def reasons_against_asking(deadline: date, today: date) -> list[Because]:
    """Say why a network may not ask for something until a day; empty means it may."""
    return [DeadlinePassed(deadline)] if deadline < today else []


def reasons_against_answer(answer: Answer, documents: int, *, collection: str, is_open: bool) -> list[Because]:
    """
    Say why a municipality may not answer so; empty means it may.

    Args:
        documents: How many came from it.
    """
    if not is_open:
        return [CollectionOver(collection)]
    if answer is Answer.HAS_NONE and documents:
        return [SomethingSent(documents)]
    if answer is Answer.HAS_SENT and not documents:
        return [NothingSent()]
    return []


def reasons_against_reminding(collection: str, missing: int, *, is_open: bool) -> list[Because]:
    """Say why nobody is to be reminded; empty means somebody is."""
    if not is_open:
        return [CollectionOver(collection)]
    return [] if missing else [NobodyMissing(collection)]


def reasons_against_taking(taken_number: int | None, *, proposal: str, is_approved: bool) -> list[Because]:
    """Say why an offer may not be taken; empty means it may."""
    if taken_number is not None:
        return [OfferAlreadyTaken(taken_number)]
    return [] if is_approved else [OfferTooEarly(proposal)]


def name_of(titles: Sequence[str]) -> str:
    """Give the title that most have, of equally many the shortest, of those the first by the alphabet."""
    return min(set(titles), key=lambda one: (-titles.count(one), len(one), one))
