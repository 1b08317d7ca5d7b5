"""
The facts of all sections of an index, numbered, so that thousands of sections are counted and chosen by their numbers.

A search may find most of a large library, and is asked how many routines that is, of which kinds. So what is alike in
many sections (`Facts`) has one number here; what a search asks of each is read from its bytes once, and the whole of it
only for what is shown.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from samrutine.search.arrays import Indexes, np
from samrutine.search.document import Facts, counted_alike
from samrutine.search.model import FilterField

NOTHING: Final = 0
"""The number of what is no section, or was taken out."""

_UNREAD: Final = -1
_ROOM: Final = 1024


class FactsKept:
    """Facts by number; numbers are given as they come, and stay."""

    def __init__(self) -> None:
        self._rows: list[bytes] = [b""]
        self._numbers: dict[bytes, int] = {b"": NOTHING}
        self._facts: list[Facts | None] = [None]
        # What each search asks of very many: the only version (empty where there are several), and the numbers of the
        # routine and of what it is counted under.
        self.digests: list[str] = [""]
        self.routines = np.zeros(_ROOM, np.int32)
        self.groups = np.full(_ROOM, _UNREAD, np.int32)
        self._routines: dict[str, int] = {}
        self._groups: dict[str, int] = {}
        # What is counted, and in pairs which group has which of these.
        self._values: dict[tuple[FilterField, str], int] = {}
        self._pairs: list[tuple[int, int]] = []
        self._paired = np.zeros((0, 2), np.intp)

    def __len__(self) -> int:
        """How many numbers there are."""
        return len(self._rows)

    def numbered(self, rows: Iterable[bytes]) -> list[int]:
        """Give the numbers of facts, as they are packed in the index."""
        numbers = self._numbers
        found = [numbers.setdefault(row, len(numbers)) for row in rows]
        more = len(numbers) - len(self._rows)
        if more:
            self._rows += islice(numbers, len(self._rows), None)
            self._facts += [None] * more
            self.digests += [""] * more
            room = len(numbers) - len(self.groups)
            if room > 0:
                room += len(numbers)
                self.routines = np.append(self.routines, np.zeros(room, np.int32))
                self.groups = np.append(self.groups, np.full(room, _UNREAD, np.int32))
        return found

    def read(self, numbers: Indexes) -> None:
        """Make ready what is asked of these: `digests`, `routines` and `groups`."""
        unread = numbers[self.groups[numbers] == _UNREAD].tolist()
        if not unread:
            return
        rows, known = self._rows, self._routines
        routines, groups = [], []
        for number in unread:
            routine, self.digests[number], group = counted_alike(rows[number])
            routines.append(known.setdefault(routine, len(known)))
            if group not in self._groups:
                self._add_group(group, number)
            groups.append(self._groups[group])
        self.routines[unread] = routines
        self.groups[unread] = groups

    def _add_group(self, group: str, number: int) -> None:
        (facts,) = self.every((number,))
        values = {(name, value) for name in FilterField for value in facts.values(name)}
        self._pairs += ((len(self._groups), self._values.setdefault(one, len(self._values))) for one in values)
        self._groups[group] = len(self._groups)

    def counted(self, numbers: Indexes) -> dict[tuple[FilterField, str], int]:
        """Count facts, which were read, by each value of what they are counted under."""
        if len(self._paired) < len(self._pairs):
            self._paired = np.array(self._pairs, np.intp)
        often = np.bincount(self.groups[numbers], minlength=len(self._groups))
        group, value = self._paired.T
        counts = np.bincount(value, often[group], len(self._values)).tolist()
        return {one: int(count) for one, count in zip(self._values, counts, strict=True) if count}

    def facts(self, number: int) -> Facts | None:
        """Give the facts themselves; None for no section."""
        found = self._facts[number]
        if found is None and number != NOTHING:
            found = self._facts[number] = Facts.unpacked(self._rows[number])
        return found

    def every(self, numbers: Iterable[int]) -> Sequence[Facts]:
        """Give the facts of sections, which there are."""
        return [found for one in numbers if (found := self.facts(one)) is not None]
