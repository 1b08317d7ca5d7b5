"""
Everything that `verify` can find, by code: what was promised, and whether `repair` heals it.

The sentence and the remedy of each stand in the catalogue `faults`; `docs/reference/faults.md` is written from both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from samrutine.messages import say


class Promise(StrEnum):
    """What is promised. Each fault is the breach of one."""

    STORED = "The database holds together, page by page, and has every table, column and index of this release."
    CHAIN = "Every decision has its number, hash and link to the one before, and none was changed since it was made."
    TEXTS = "A free text is what was said with the decision, or was erased by one."
    WORDS = "A digest stands for its bytes, and an approval covers just those."
    VERSIONS = "Each version was agreed to by others than its author, has the number after the last, and none lacks."
    ROWS = "What SQL shows is what the decisions say, row by row, both ways."
    PEOPLE = "Whoever acts is known or was erased; names stand in one table and nowhere else."
    IN_FORCE = "No day has two versions in force in one place, and each day has the one that was decided."
    BESIDE = "What is kept beside the decisions points at decisions that there are."
    OUTBOX = "Everything that repeats decisions has come to the last one, and to nothing that was not decided."
    BRANCHES = "A branch only grows, each commit follows from one decision, and the register is only ever appended to."
    APART = "What is exempt from public access lies in the restricted store alone, and nothing else does."
    GIT = "Git is set to keep what it was given, holds every object whole, and nobody else keeps branches there."
    CHECKPOINTS = (
        "What a signed checkpoint names has only been added to since, and no checkpoint was changed or taken away."
    )
    INDEX = "Search finds every text that stands or is in use, and nothing else."
    PUBLISHED = "What lies at a destination is what was delivered there, and what was delivered was decided."


@dataclass(frozen=True, slots=True)
class Kind:
    """
    One kind of fault.

    `healed` by `repair`, as far as SQL still holds what it is made from, or git the words. A `note` is no fault: it is said,
    and the answer may be clean all the same.
    """

    promise: Promise
    healed: bool = False
    note: bool = False


_HEALED: Final = True

NOT_IN_SET: Final = "backup-bundle"
"""What ails a backup alone: nothing is wrong with what it was taken of."""

KINDS: Final[Mapping[str, Kind]] = {
    "database-pages": Kind(Promise.STORED),
    "table-missing": Kind(Promise.STORED),
    "sql-index-missing": Kind(Promise.STORED, _HEALED),
    "chain-number": Kind(Promise.CHAIN),
    "chain-hash": Kind(Promise.CHAIN),
    "chain-link": Kind(Promise.CHAIN),
    "chain-columns": Kind(Promise.CHAIN),
    "chain-time": Kind(Promise.CHAIN),
    "chain-head": Kind(Promise.CHAIN),
    "chain-unreadable": Kind(Promise.CHAIN, _HEALED),
    "request": Kind(Promise.CHAIN),
    "text-changed": Kind(Promise.TEXTS),
    "text-gone": Kind(Promise.TEXTS),
    "text-stray": Kind(Promise.TEXTS),
    "words-changed": Kind(Promise.WORDS, _HEALED),
    "words-lost": Kind(Promise.WORDS, note=True),
    "words-not-redacted": Kind(Promise.WORDS, _HEALED),
    "writing-not-erased": Kind(Promise.TEXTS),
    "redacted-in-git": Kind(Promise.GIT, _HEALED),
    "words-gone": Kind(Promise.WORDS, _HEALED),
    "words-form": Kind(Promise.WORDS),
    "words-place": Kind(Promise.WORDS, _HEALED),
    "versions": Kind(Promise.VERSIONS),
    "version": Kind(Promise.VERSIONS),
    "not-agreed": Kind(Promise.VERSIONS),
    "procedure-head": Kind(Promise.VERSIONS),
    "attachment": Kind(Promise.WORDS),
    "procedure": Kind(Promise.ROWS, _HEALED),
    "section": Kind(Promise.ROWS, _HEALED),
    "access": Kind(Promise.ROWS),
    "withdrawn": Kind(Promise.ROWS),
    "review": Kind(Promise.ROWS),
    "owner": Kind(Promise.ROWS),
    "proposal": Kind(Promise.ROWS),
    "origin": Kind(Promise.ROWS),
    "approval": Kind(Promise.ROWS),
    "answer": Kind(Promise.ROWS),
    "in-force-overlap": Kind(Promise.IN_FORCE),
    "in-force-undecided": Kind(Promise.IN_FORCE),
    "in-force-missing": Kind(Promise.IN_FORCE),
    "local-information": Kind(Promise.ROWS),
    "addition": Kind(Promise.ROWS),
    "standing": Kind(Promise.ROWS),
    "made-known": Kind(Promise.ROWS),
    "inventory": Kind(Promise.ROWS),
    "role": Kind(Promise.PEOPLE),
    "delegation": Kind(Promise.PEOPLE),
    "actor": Kind(Promise.PEOPLE),
    "person": Kind(Promise.PEOPLE),
    "name-in-chain": Kind(Promise.PEOPLE),
    "library": Kind(Promise.ROWS),
    "settings": Kind(Promise.ROWS),
    "settled": Kind(Promise.ROWS, _HEALED),
    "total": Kind(Promise.ROWS, _HEALED),
    "retention": Kind(Promise.ROWS, _HEALED),
    "waiting": Kind(Promise.BESIDE),
    "notification": Kind(Promise.BESIDE),
    "hearing": Kind(Promise.BESIDE),
    "outbox-missing": Kind(Promise.OUTBOX, _HEALED),
    "outbox": Kind(Promise.OUTBOX, _HEALED),
    "position": Kind(Promise.OUTBOX, _HEALED),
    "behind": Kind(Promise.OUTBOX, _HEALED),
    "ahead": Kind(Promise.OUTBOX, _HEALED),
    "unreadable": Kind(Promise.OUTBOX, _HEALED),
    "main-tip": Kind(Promise.BRANCHES, _HEALED),
    "main-tree": Kind(Promise.BRANCHES, _HEALED),
    "main-history": Kind(Promise.BRANCHES, _HEALED),
    "register-ahead": Kind(Promise.CHAIN),
    "register-tip": Kind(Promise.BRANCHES, _HEALED),
    "register-tree": Kind(Promise.BRANCHES, _HEALED),
    "register-history": Kind(Promise.BRANCHES, _HEALED),
    "restricted-tip": Kind(Promise.BRANCHES, _HEALED),
    "restricted-tree": Kind(Promise.BRANCHES, _HEALED),
    "restricted-history": Kind(Promise.BRANCHES, _HEALED),
    "branch-moved-back": Kind(Promise.BRANCHES, _HEALED),
    "folder-full": Kind(Promise.BRANCHES),
    "exempt-in-library": Kind(Promise.APART),
    "open-in-restricted": Kind(Promise.APART),
    "git-objects": Kind(Promise.GIT, _HEALED),
    "git-settings": Kind(Promise.GIT, _HEALED),
    "git-refs": Kind(Promise.GIT, _HEALED),
    "git-litter": Kind(Promise.GIT, _HEALED),
    "git-not-saved": Kind(Promise.GIT, note=True),
    NOT_IN_SET: Kind(Promise.GIT),
    "checkpoint-broken": Kind(Promise.CHECKPOINTS),
    "checkpoint-lost": Kind(Promise.CHECKPOINTS, note=True),
    "checkpoint-signature": Kind(Promise.CHECKPOINTS),
    "checkpoint-time": Kind(Promise.CHECKPOINTS),
    "checkpoint-chain": Kind(Promise.CHECKPOINTS),
    "checkpoint-branch": Kind(Promise.CHECKPOINTS),
    "index-unusable": Kind(Promise.INDEX, _HEALED),
    "index-position": Kind(Promise.INDEX, _HEALED),
    "index-contents": Kind(Promise.INDEX, _HEALED),
    "target": Kind(Promise.PUBLISHED),
    "publication": Kind(Promise.PUBLISHED),
    "effective-document": Kind(Promise.PUBLISHED),
    "copy-changed": Kind(Promise.PUBLISHED),
    "copy-missing": Kind(Promise.PUBLISHED),
    "manifest-forged": Kind(Promise.PUBLISHED),
    "package-damaged": Kind(Promise.PUBLISHED),
    "manifest-missing": Kind(Promise.PUBLISHED),
    "target-elsewhere": Kind(Promise.PUBLISHED),
    "copy-stray": Kind(Promise.PUBLISHED, note=True),
    "target-unreachable": Kind(Promise.PUBLISHED, note=True),
    "target-unfinished": Kind(Promise.PUBLISHED, note=True),
}

REPEATED: Final = frozenset(code for code, kind in KINDS.items() if kind.healed)
"""Faults that `repair` heals, from the decisions and the words that SQL still holds."""

NOTES: Final = frozenset(code for code, kind in KINDS.items() if kind.note)

_BELIEVED: Final = (
    Promise.STORED, Promise.CHAIN, Promise.TEXTS, Promise.WORDS, Promise.VERSIONS, Promise.ROWS, Promise.IN_FORCE,
)  # fmt: skip
DAMAGE: Final = frozenset(
    code for code, kind in KINDS.items() if kind.promise in _BELIEVED and not kind.healed and not kind.note
) | {"words-changed", "words-gone", "words-not-redacted", "unreadable", "chain-unreadable"}
"""Faults of what SQL alone holds: a copy taken now has them too."""

AT_TARGETS: Final = frozenset(
    {"copy-changed", "copy-missing", "manifest-forged", "manifest-missing", "package-damaged", "target-elsewhere"}
)
"""Faults of what lies at a destination, where others may write: the library is as decided, and publishing tells the rest."""

UNREADABLE: Final = frozenset({"database-pages", "table-missing"})
"""Faults of the database after which nothing is asked of it: no answer could be trusted, and most would be an error."""

UNFOUNDED: Final = frozenset(
    {"chain-hash", "chain-number", "chain-columns", "chain-link", "chain-head", "chain-unreadable"}
)
"""Faults of the chain after which nothing else can be held against it, and nothing made from it."""


@dataclass(frozen=True, slots=True)
class Done:
    """Something that `repair` put right. `code` is a key of the catalogue `cli`, table `healed`."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as decided."""

    code: str
    detail: str

    def fact(self, language: str = "nb") -> str:
        """Say what is wrong."""
        return say(f"faults.{self.code}.fact", language, detail=self.detail)

    def remedy(self, language: str = "nb") -> str:
        """Say what to do."""
        # With the same places as the fact: a remedy may name what is to be typed.
        return say(f"faults.{self.code}.remedy", language, detail=self.detail)

    def text(self, language: str = "nb") -> str:
        """Say what is wrong and what to do."""
        return f"{self.fact(language)} {self.remedy(language)}"

    @property
    def healed_by_repair(self) -> bool:
        """Whether `repair` heals it, as far as SQL still holds what it is made from."""
        return self.code in REPEATED
