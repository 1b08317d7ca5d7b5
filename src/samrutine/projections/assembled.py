"""All that repeats decisions in one home, put together."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from samrutine.exchange.file_words import file_words
from samrutine.projections.attached_texts import AttachedTexts, KeptTexts
from samrutine.projections.branches import MainBranch, RegisterBranch, RestrictedBranch
from samrutine.projections.exempt_indexes import ExemptIndexes
from samrutine.projections.index import SearchIndex
from samrutine.projections.leftovers import Leftovers
from samrutine.projections.service import Projections
from samrutine.search.engine import Engine
from samrutine.search.exempt import ExemptEngines
from samrutine.storage.git import GitStore
from samrutine.storage.lock import ProjectorLock
from samrutine.storage.sql import Database
from samrutine.storage.words import Words


def assembled(
    home: Path, host: str, database: Database, stores: tuple[GitStore, GitStore], engine: Engine,
    exempt_engines: ExemptEngines, words: Words, clock: Callable[[], datetime],
) -> Projections:  # fmt: skip
    """Give everything that repeats what is decided, in the order in which it is brought up to date."""
    library, restricted = stores
    kept = KeptTexts(home / "index" / "attached")
    index, exempt = SearchIndex(engine, host, kept), ExemptIndexes(exempt_engines, host, kept)
    consumers = (
        MainBranch(library), RegisterBranch(library), RestrictedBranch(restricted), index, exempt,
        # The last: it clears away what the others let go of.
        Leftovers(database, stores),
    )  # fmt: skip
    lock = ProjectorLock(home, database)
    attached = AttachedTexts(database, lock, kept, words, file_words, (index, exempt))
    return Projections(database, lock, consumers, stores, clock, tidied=(engine,), later=attached.catch_up)
