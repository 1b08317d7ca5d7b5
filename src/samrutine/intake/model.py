"""A document that somebody sent in, as people see it, and why it may not go where they want it: values and rules."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType

from samrutine.actors import Actor, Verb, municipality_body, network_body, roles_for
from samrutine.intake.quarantine import HeldBack, HeldState
from samrutine.messages import DEFAULT_LANGUAGE, word
from samrutine.reasons import Because

IncomingId = NewType("IncomingId", str)
"""`i-` and twelve hexadecimal digits, of the file's bytes and whose it is: the same file twice is the same document."""

LONGEST_NAME: Final = 200
LONGEST_REASON: Final = 1_000
LONGEST_NUMBER: Final = 100
LONGEST_ADDRESS: Final = 1_000


class IncomingState(StrEnum):
    """Where a document stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    """A proposal was made of it."""
    REJECTED = "rejected"
    """Somebody said that the library does not want it."""
    REFUSED = "refused"
    """It could not be read, or is a copy of ours that nobody changed."""

    def label(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Give the state in words."""
        return word("incoming_state", self.value, language)


@dataclass(frozen=True, slots=True)
class IncomingDocument:
    """
    A document that was sent in, in a list.

    Attributes:
        name: What the file is called.
        title: The document's own; empty when it has none.
        weight: How much the gravest finding matters, "danger" to "noted"; None without any.
        to_look_at: How many findings must be looked at before it can be accepted.
        held: How many things are held back still.
        municipality: Whose it is, by number, and `municipality_name`; None for one of the network's own.
        proposal: What it became.
        reason: Why it was rejected.
    """

    id: IncomingId
    name: str
    title: str
    kind: str | None
    state: IncomingState
    municipality: str | None
    municipality_name: str | None
    network: str
    collection: str | None
    weight: str | None
    to_look_at: int
    held: int
    received_at: datetime
    decided_at: datetime | None
    reason: str | None
    proposal: str | None
    source_digest: str
    size: int


def may_see(actor: Actor | None, network: str, municipality: str | None, today: date) -> bool:
    """Tell whether somebody may see a document: who writes in the network, works where it comes from, or edits the library."""
    bodies = [network_body(network), *([municipality_body(municipality)] if municipality else [])]
    return actor is not None and any(roles_for(actor, Verb.TAKE_IN, body, today) for body in bodies)


@dataclass(frozen=True)
class NotLookedAt(Because):
    """Nobody has said that they looked at what was lost or may be dangerous in a document, which the sender called `name`."""

    document: str
    name: str
    findings: tuple[str, ...]

    def places_in(self, language: str) -> dict[str, object]:
        """Give the keys as one types them."""
        del language
        return {"document": self.document, "name": self.name, "findings": " ".join(self.findings)}


@dataclass(frozen=True)
class StillHeldBack(Because):
    """Something in a document is held back, and neither masked nor let through."""

    document: str
    name: str
    held: tuple[str, ...]

    def places_in(self, language: str) -> dict[str, object]:
        """Give the keys as one types them."""
        del language
        return {"document": self.document, "name": self.name, "held": " ".join(self.held)}


@dataclass(frozen=True)
class NoSuchFinding(Because):
    """The report has no finding of that key."""

    finding: str


@dataclass(frozen=True)
class NotWaiting(Because):
    """The document was accepted, rejected or refused: nothing more is done with it."""

    settled = True

    document: str
    state: str

    def places_in(self, language: str) -> dict[str, object]:
        """Give the state in words."""
        return {"document": self.document, "state": IncomingState(self.state).label(language)}


@dataclass(frozen=True)
class OriginalGone(Because):
    """The file itself is not there any more, so it cannot be read again."""

    document: str


@dataclass(frozen=True)
class AddressTaken(Because):
    """The old address leads to another routine already."""

    address: str


def reasons_against_looking(known: Collection[str], looked_at: Collection[str]) -> list[Because]:
    """Say why nobody can have looked at these: the report has no such findings."""
    return [NoSuchFinding(key) for key in looked_at if key not in known]


def reasons_against_accepting(
    document: tuple[str, str], to_look_at: Collection[str], known: Collection[str], looked_at: Collection[str],
    held: Sequence[HeldBack],
) -> list[Because]:  # fmt: skip
    """
    Say why a document may not become a proposal yet; empty means it may.

    Args:
        document: Its id, and what the sender called it.
        to_look_at: Keys of the findings that somebody must look at: what is lost, and what may be dangerous.
        known: Keys of all findings.
        looked_at: Keys that somebody says they looked at, now or before.
        held: What is held back.
    """
    reasons = reasons_against_looking(known, looked_at)
    if unseen := tuple(key for key in to_look_at if key not in looked_at):
        reasons.append(NotLookedAt(*document, unseen))
    if kept := tuple(one.key for one in held if one.state is HeldState.OPEN):
        reasons.append(StillHeldBack(*document, kept))
    return reasons
