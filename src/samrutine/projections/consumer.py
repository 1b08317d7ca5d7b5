"""What a consumer of the outbox is: something that repeats decisions elsewhere and can be brought up to date."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    What a consumer has not seen: decisions after `position`, up to and with `head`, and where it stood then.

    `trusted` is for `verify` alone: what follows from decisions up to that one need not be compared again.
    """

    position: int
    head: int
    mark: str | None
    trusted: int = 0


@dataclass(frozen=True, slots=True)
class Brought:
    """
    A consumer is up to date.

    `mark` is its own note of where it stands, kept beside the position. `kept_words` are digests that were read back
    from git and verified, with the blob that holds each; `store` is the repository that they were read from.
    """

    mark: str | None
    kept_words: Mapping[str, str] = field(default_factory=dict)
    store: str | None = None


class Consumer(Protocol):
    """Something that repeats decisions. Safe to run again over the same stretch: the outcome is the same state."""

    @property
    def name(self) -> str:
        """Its name in the outbox: `main`, `register`, `index@host`."""
        ...

    def bring_up_to_date(self, session: Session, stretch: Stretch) -> Brought:
        """
        Repeat what was decided in the stretch. Only called under the projector lock.

        Args:
            session: For reading; nothing may be written through it.

        Raises:
            StoreUnavailable: It could not; its position stays, and it is tried again.
        """
        ...

    def faults(self, session: Session, stretch: Stretch) -> list[tuple[str, str]]:
        """Compare all it holds with what decisions up to the position say: (code, detail) a fault. Changes nothing."""
        ...

    def rebuild(self, session: Session, stretch: Stretch) -> Brought:
        """Make it hold just what decisions up to `head` say, whatever it holds now. Only under the lock."""
        ...
