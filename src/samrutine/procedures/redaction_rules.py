"""Taking words away for good: where they lie, what must be done first, and the notice that stands in their place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from samrutine.messages import say
from samrutine.procedures.model import AccessClass, FrontMatter, ProcedureText
from samrutine.procedures.text import write
from samrutine.reasons import Because

LONGEST_REASON: Final = 1_000
"""Characters in why words are taken away."""

NOTICE_KEY: Final = "tatt-bort"
"""How the keys of a redacted version's sections begin, where no addition names the old ones."""


class Lies(StrEnum):
    """In what kind of place words lie. Those in `CLEARED` get the notice; a person must look at the others."""

    VERSION = "version"
    ATTACHMENT = "attachment"
    ADDITION = "addition"
    LIBRARY_FILE = "library-file"
    PROPOSAL = "proposal"
    HEARING = "hearing"
    BRANCH = "branch"
    INDEX = "index"
    DRAFT_FROM_IT = "draft-from-it"
    FILE_OF_IT = "file-of-it"
    SAID_OF_IT = "said-of-it"
    PUBLISHED = "published"
    CLONES = "clones"
    BACKUPS = "backups"


CLEARED: Final = frozenset(
    {
        Lies.VERSION,
        Lies.ATTACHMENT,
        Lies.ADDITION,
        Lies.LIBRARY_FILE,
        Lies.PROPOSAL,
        Lies.HEARING,
        Lies.BRANCH,
        Lies.INDEX,
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """
    One place where the words lie, or may.

    `what` names it: «handhygiene 1.0», an addition's row, a proposal's id, a target's name. `is_cleared` says that redaction
    takes the words away there; where it does not, a person must.
    """

    lies: Lies
    what: str

    @property
    def is_cleared(self) -> bool:
        """Whether redaction takes the words away here."""
        return self.lies in CLEARED


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What the rule rests on: who would read the notice as if it were a routine.

    Attributes:
        heads: Routines whose newest version it is, and which are not withdrawn.
        in_force: (routine, municipality) where it applies, or will.
        additions: Additions that stand, by name.
        files: Settled library files as they stand.
        proposals: Open proposals whose text it is, or that start from it.
        damaged: The digest, where the bytes kept behind it are others.
    """

    heads: Sequence[str] = ()
    in_force: Sequence[tuple[str, str]] = ()
    additions: Sequence[str] = ()
    files: Sequence[str] = ()
    proposals: Sequence[str] = ()
    damaged: Sequence[str] = ()


@dataclass(frozen=True)
class StillNewest(Because):
    """It is the newest version of a routine: a newer one must be approved first, or the routine withdrawn."""

    procedure: str


@dataclass(frozen=True)
class StillInForce(Because):
    """It applies somewhere: the municipality must take the newer one into use, or end the use."""

    procedure: str
    municipality: str


@dataclass(frozen=True)
class AdditionStands(Because):
    """An addition with these words stands: it must be edited or dropped first."""

    addition: str


@dataclass(frozen=True)
class FileStands(Because):
    """A library file with these words is settled: another must be settled in its place first."""

    path: str


@dataclass(frozen=True)
class OpenProposalRests(Because):
    """An open proposal has these words, or starts from them: it must be refreshed or withdrawn first."""

    proposal: str


@dataclass(frozen=True)
class WordsDamaged(Because):
    """The bytes kept behind the digest are others: what git must let go of cannot be told from them."""

    digest: str


@dataclass(frozen=True)
class RedactedBefore(Because):
    """These words were taken away already."""

    number: int


@dataclass(frozen=True)
class NoSuchWords(Because):
    """No words with that digest are kept."""

    digest: str


def reasons_against_redacting(now: Standing) -> list[Because]:
    """Say what must be done first, so that nobody meets a notice where a routine should be; empty means nothing."""
    return [
        *(StillNewest(one) for one in now.heads),
        *(StillInForce(procedure, municipality) for procedure, municipality in now.in_force),
        *(AdditionStands(one) for one in now.additions),
        *(FileStands(one) for one in now.files),
        *(OpenProposalRests(one) for one in now.proposals),
        *(WordsDamaged(one) for one in now.damaged),
    ]


def notice(number: int, on: date, front: FrontMatter | None) -> bytes:
    """
    Write what stands in place of the words: that they were taken away, when, and by which decision.

    Args:
        front: What stood above a version. Only what is chosen from a list is kept of it, since anything written may be
            what had to go. None for words that are no version: then the notice is one paragraph.
    """
    said = say("redaction.notice", "nb", number=number, day=on)
    if front is None:
        return f"{said}\n".encode()
    exempt = front.access is AccessClass.EXEMPT
    kept = FrontMatter(
        front.id, say("redaction.title", "nb"), front.kind, front.language, front.network, front.co_networks,
        subjects=front.subjects[:1], access=front.access, access_basis=say("redaction.basis", "nb") if exempt else None,
        responsible_role=say("redaction.role", "nb"), decision_level=front.decision_level,
        review_interval_months=front.review_interval_months,
    )  # fmt: skip
    return write(ProcedureText(kept, f"## {say('redaction.title', 'nb')}\n\n{said}\n"))


def file_notice(number: int, on: date) -> bytes:
    """Write what stands in place of a library file: a comment, so that TOML without settings is read."""
    return b"".join(b"# " + line + b"\n" for line in notice(number, on, None).splitlines())


def renamed_keys(keys: Sequence[str], named: frozenset[str]) -> dict[str, str]:
    """Give new keys for the sections of a redacted version, in order: the old ones are made of its headings."""
    return {key: key if key in named else f"{NOTICE_KEY}-{n}" for n, key in enumerate(keys, 1)}
