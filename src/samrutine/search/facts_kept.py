"""
The facts of all sections of an index, numbered, so that thousands of sections are counted and chosen by their numbers.

A search may find most of a large library, and is asked how many routines that is, of which kinds. So what is alike in
many sections (`Facts`) has one number here; what a search asks of each is read from its bytes once, and the whole of it
only for what is shown.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from samrutine.search.document import Facts, counted_alike
from samrutine.search.model import FilterField

NOTHING: Final = 0
"""The number of what is no section, or was taken out."""

_UNREAD: Final = -1


class FactsKept:
    """Facts by number; numbers are given as they come, and stay."""

    def __init__(self) -> None:
        self._rows: list[bytes] = [b""]
        self._numbers: dict[bytes, int] = {b"": NOTHING}
        self._facts: list[Facts | None] = [None]
        # What each search asks of very many: the only version (empty where there are several), the routine, and the
        # number of what it is counted under. By C's own loops, a list of numbers takes a tenth of what objects take.
        self.digests: list[str] = [""]
        self.routines: list[str] = [""]
        self.groups: list[int] = [_UNREAD]
        self._groups: dict[bytes, int] = {}
        self._values: list[tuple[tuple[FilterField, str], ...]] = []

    def numbered(self, rows: Iterable[bytes]) -> list[int]:
        """Give the numbers of facts, as they are packed in the index."""
        found = []
        for row in rows:
            number = self._numbers.get(row)
            if number is None:
                number = self._numbers[row] = len(self._rows)
                self._rows.append(row)
                self._facts.append(None)
                self.digests.append("")
                self.routines.append("")
                self.groups.append(_UNREAD)
            found.append(number)
        return found

    def read(self, numbers: Iterable[int]) -> None:
        """Make ready what is asked of these: `digests`, `routines` and `groups`."""
        groups = self.groups
        for number in [one for one in numbers if groups[one] == _UNREAD]:
            routine, digest, group = counted_alike(self._rows[number])
            self.routines[number], self.digests[number] = routine, digest
            groups[number] = self._groups.setdefault(group, len(self._groups))
            if len(self._values) < len(self._groups):
                (facts,) = self.every((number,))
                self._values.append(tuple((name, value) for name in FilterField for value in set(facts.values(name))))

    def values(self, group: int) -> tuple[tuple[FilterField, str], ...]:
        """Give what those of a group are counted under."""
        return self._values[group]

    def facts(self, number: int) -> Facts | None:
        """Give the facts themselves; None for no section."""
        found = self._facts[number]
        if found is None and number != NOTHING:
            found = self._facts[number] = Facts.unpacked(self._rows[number])
        return found

    def every(self, numbers: Iterable[int]) -> Sequence[Facts]:
        """Give the facts of sections, which there are."""
        return [found for one in numbers if (found := self.facts(one)) is not None]
