"""
What must hold of the machine before anything is decided: room on the disk, and a clock that has not stepped back.

Both are asked before an act writes anything, so that it is refused whole; not when an act is asked for that was done
before. Reading asks neither: on a full disk, and with a wrong
clock, people still find the routine that applies.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from samrutine.errors import ClockBehind, DatabaseBehind, DiskNearlyFull

MEGABYTE: Final = 1024 * 1024
CLOCK_MAY_DIFFER: Final = timedelta(hours=1)
"""Several servers' clocks differ by seconds. One that is an hour behind the newest decision would decide on a wrong day."""
LEFT_TO_FREE_WITH: Final = 8 * MEGABYTE
"""What is kept free is there for whoever takes something away; this much of it their own act may need."""
LEAST_INODES: Final = 1000
"""Git and the index make some files for each decision; a disk can be out of those before it is out of bytes."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is free where a folder lies: bytes, and files that may still be made (None where the disk does not count)."""

    free_bytes: int
    free_files: int | None


def room_in(folder: Path) -> Room:
    """
    Ask how much a user may still write where the folder lies.

    Raises:
        OSError: There is no such folder.
    """
    found = os.statvfs(folder)
    return Room(found.f_bavail * found.f_frsize, found.f_favail if found.f_files else None)


class Repeated(Protocol):
    """Tells how far the decisions are repeated outside the database."""

    def tip(self) -> str | None:
        """Give a mark of how far; None when nothing tells."""
        ...

    def count(self, tip: str | None, number: int, link: str) -> int:
        """Count the decisions there that follow the one of this number and hash."""
        ...


@dataclass(frozen=True, slots=True)
class Guards:
    """
    Asked by every act before it writes, and by maintenance.

    Attributes:
        home: Where git, the index and SQLite lie. A PostgreSQL server watches its own disk.
        least_free_bytes: With less than this free nothing is decided; 0 asks for nothing.
        clock_wrong_until: The newest decision that was dated by a clock which was ahead; 0 when none was. What it and
            those before it say of the time is not held against the clock.
        repeated: What may know of decisions that the database has lost; nothing when None.
    """

    home: Path
    least_free_bytes: int
    clock_wrong_until: int = 0
    repeated: Repeated | None = None

    def mark(self) -> str | None:
        """Give how far decisions are repeated. Asked before an act begins, since git is never asked within one."""
        return self.repeated.tip() if self.repeated is not None else None

    def require_newest(self, mark: str | None, noted: str | None, number: int, link: str) -> None:
        """
        Refuse where decisions are repeated that the database does not have: it is an older copy.

        Only where the mark is not the one that the database has noted is more asked; a run may be under way.

        Args:
            mark: What `mark` gave before the act began.
            noted: What the database says was repeated last.
            number: The newest decision, with its hash `link`.

        Raises:
            DatabaseBehind: Nothing was begun.
        """
        if self.repeated is None or mark == noted:
            return
        more = self.repeated.count(mark, number, link)
        if more:
            raise DatabaseBehind(here=number, there=number + more)

    def require_room(self, beyond: int = 0, *, frees: bool = False) -> None:
        """
        Refuse before the disk is full: what an act and its projections write must find room to the end.

        Args:
            frees: The act takes something away, and may use what is kept free.
            beyond: Bytes that will be written beside that, such as by packing everything anew.

        Raises:
            DiskNearlyFull: Nothing was begun. Reading goes on.
        """
        if not self.least_free_bytes:
            return
        try:
            room = room_in(self.home)
        except OSError:
            # The home is gone or cannot be reached; the database says so better.
            return
        kept = min(self.least_free_bytes, LEFT_TO_FREE_WITH) if frees else self.least_free_bytes
        too_few_files = not frees and room.free_files is not None and room.free_files < LEAST_INODES
        needed = kept + beyond
        if room.free_bytes < needed or too_few_files:
            raise DiskNearlyFull(folder=self.home, free=room.free_bytes // MEGABYTE, needed=needed // MEGABYTE)

    def require_clock(self, now: datetime, newest: int, decided_at: datetime) -> None:
        """
        Refuse when the clock stands before the newest decision by more than servers' clocks differ.

        A day in force, a deadline and who holds a role all follow from the clock's day.

        Args:
            now: The present instant, as this machine sees it.
            newest: The number of the newest decision, made at `decided_at`.

        Raises:
            ClockBehind: Nothing was begun.
        """
        if newest > self.clock_wrong_until and now < decided_at - CLOCK_MAY_DIFFER:
            raise ClockBehind(now=now, newest=decided_at, number=newest)
