"""
How far each municipality has come: how many of the routines apply there, in which version, and for how long.

Counted of *hvem bruker hva*, so that a count and the page it is a count of never differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from samrutine.adoptions.model import AdoptionState
from samrutine.adoptions.overview import Matrix
from samrutine.networks.model import Municipality


class Standing(StrEnum):
    """How a municipality stands to a routine, as a picture shows it; every routine is in one of them."""

    NEWEST = "newest"
    BEHIND = "behind"
    PLANNED = "planned"
    OTHERWISE = "otherwise"
    """Answered with something else than use: deferred, not relevant, an own routine, declined, ended."""
    UNANSWERED = "unanswered"


class Age(StrEnum):
    """How long the version in force has been in force in a municipality."""

    FIRST_YEAR = "first-year"
    SECOND_YEAR = "second-year"
    THIRD_YEAR = "third-year"
    OLDER = "older"


_UNANSWERED: Final = frozenset({AdoptionState.TO_CONSIDER})


@dataclass(frozen=True, slots=True)
class Coverage:
    """
    One municipality among the routines that were counted.

    `standings` and `ages` have every member, also those that are 0, in their order. The standings together are all
    routines that are not withdrawn; the ages together are those in use.
    """

    municipality: Municipality
    standings: tuple[tuple[Standing, int], ...]
    ages: tuple[tuple[Age, int], ...]

    @property
    def total(self) -> int:
        """How many routines were counted."""
        return sum(count for _, count in self.standings)

    @property
    def in_use(self) -> int:
        """How many of them are in use, in whichever version."""
        return sum(count for _, count in self.ages)


def coverage_of(matrix: Matrix) -> Sequence[Coverage]:
    """Count a matrix: each municipality, in its order. Withdrawn routines are not among what is counted."""
    procedures = [procedure for procedure, _, _ in matrix.procedures if procedure not in matrix.withdrawn]
    found = []
    for municipality in matrix.municipalities:
        standings, ages = dict.fromkeys(Standing, 0), dict.fromkeys(Age, 0)
        for procedure in procedures:
            cell = matrix.cells.get((procedure, municipality.number))
            if cell is None or (cell.version is None and cell.state in _UNANSWERED):
                standings[Standing.UNANSWERED] += 1
            elif cell.version is not None:
                standings[Standing.BEHIND if cell.behind else Standing.NEWEST] += 1
                ages[_age(cell.in_force_from or matrix.day, matrix.day)] += 1
            else:
                is_planned = cell.state is AdoptionState.PLANNED
                standings[Standing.PLANNED if is_planned else Standing.OTHERWISE] += 1
        found.append(Coverage(municipality, tuple(standings.items()), tuple(ages.items())))
    return found


def _age(since: date, day: date) -> Age:
    years = day.year - since.year - ((day.month, day.day) < (since.month, since.day))
    return list(Age)[min(max(years, 0), len(Age) - 1)]
