"""
Search in what is exempt from public access: an index for each circle of readers.

In one index with the rest the exempt words would be counted with it: how rare a word is, which longer words begin with
it, and whether it is found at all. Whoever may not read them would see the order of other hits change. So the shared
index holds none of them, and each set of networks that owns exempt texts has an index of its own: all who may read one
text in it may read them all.
"""

import hashlib
import shutil
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Final

from samrutine.procedures.model import Digest
from samrutine.search.choosing import GOOD_ENOUGH
from samrutine.search.engine import Engine
from samrutine.search.meanings import Meanings
from samrutine.search.model import Facet, Filter, FilterField, Query, SearchResult
from samrutine.search.norwegian import fold

NAME_LENGTH: Final = 16


class ExemptEngines:
    """
    The indexes of exempt texts in a folder, a folder each, named by a hash of the networks.

    Args:
        folder: Where they lie; made when there is something to put in it.
        meanings: As the engine's.
    """

    def __init__(self, folder: Path, meanings: Callable[[], Meanings] = Meanings) -> None:
        self._folder = folder
        self._meanings = meanings
        self._engines: dict[str, Engine] = {}

    def engine(self, circle: str) -> Engine:
        """Give the index of a circle: ids of networks, sorted, with spaces between."""
        if circle not in self._engines:
            self._engines[circle] = Engine(self._folder / _name(circle), meanings=self._meanings)
        return self._engines[circle]

    def strangers(self, circles: Iterable[str]) -> list[str]:
        """Give the names of folders that belong to none of these circles."""
        wanted = {_name(circle) for circle in circles}
        if not self._folder.is_dir():
            return []
        return sorted(path.name for path in self._folder.iterdir() if path.name not in wanted)

    def remove_strangers(self, circles: Iterable[str]) -> None:
        """Remove the indexes of circles that have no exempt text any more."""
        wanted = list(circles)
        for circle in set(self._engines) - set(wanted):
            self._engines.pop(circle).close()
        for name in self.strangers(wanted):
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def close(self) -> None:
        """Close the files."""
        for engine in self._engines.values():
            engine.close()


def search_all(
    engines: Iterable[Engine],
    query: Query,
    *,
    allowed: Collection[Digest],
    limit: int,
    filters: tuple[Filter, ...],
    first: Collection[Digest] = frozenset(),
) -> SearchResult:
    """
    Ask several indexes, and give one answer as of one.

    No procedure may be found in two of them: `allowed` holds one version of each at most.

    Raises:
        IndexUnusable: As `Engine.search`, when one of them is.
    """
    asked = list(engines)
    found = [engine.search(query, allowed=allowed, limit=limit, filters=filters, first=first) for engine in asked]
    if len(found) == 1:
        return found[0]
    every = [hit for one in found for hit in one.hits]
    if first:
        # Each has put its own first, by what is good enough there, and may have left out what is better than these are here.
        by_score = [engine.search(query, allowed=allowed, limit=limit, filters=filters) for engine in asked]
        told = {hit.version_digest for hit in every}
        every += [hit for one in by_score for hit in one.hits if hit.version_digest not in told]
    least = GOOD_ENOUGH * max((hit.score for hit in every), default=0.0)
    hits = sorted(
        every,
        key=lambda hit: (
            not (hit.version_digest in first and hit.score >= least), -hit.score, fold(hit.title), hit.procedure_id
        ),
    )  # fmt: skip
    return SearchResult(
        tuple(hits[: max(limit, 0)]), sum(one.total for one in found), _joined([one.facets for one in found])
    )


def _joined(all_facets: Iterable[tuple[Facet, ...]]) -> tuple[Facet, ...]:
    counts: dict[tuple[FilterField, str], int] = {}
    for facets in all_facets:
        for one in facets:
            counts[one.field, one.value] = counts.get((one.field, one.value), 0) + one.count
    order = {name: place for place, name in enumerate(FilterField)}
    return tuple(
        Facet(name, value, count)
        for (name, value), count in sorted(counts.items(), key=lambda pair: (order[pair[0][0]], -pair[1], pair[0][1]))
    )


def _name(circle: str) -> str:
    return hashlib.sha256(circle.encode()).hexdigest()[:NAME_LENGTH]
