"""
Indexes for one who searches while another process makes the lasting ones: the same texts, in a folder of their own.

To make them anew takes the projector lock, which another process may hold for minutes: after an upgrade, or where a large
library is put back. Nobody who looks for a telephone number is to wait for that, and what they are given must not be less than
what the library has. Only the words of attached files are not here, since the files that were read belong to the lasting ones.
"""

import fcntl
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from samrutine.projections.consumer import Stretch
from samrutine.projections.exempt_indexes import ExemptIndexes
from samrutine.projections.index import SearchIndex
from samrutine.search.engine import Engine
from samrutine.search.exempt import ExemptEngines
from samrutine.search.meanings import Meanings
from samrutine.search.service import Indexes
from samrutine.storage.sql import Database

PREFIX: Final = "now-"
_HELD: Final = "held"
"""A file in the folder that whoever uses it holds locked."""


class IndexesForNow(Indexes):
    """
    Indexes of what may be found when they are made; they follow no later decision.

    Args:
        folder: The home's folder of indexes. What is made lies in a folder within, which goes when this is closed; what a killed
            process left there goes when somebody makes these anew.
        meanings: As the engine's.
    """

    def __init__(self, database: Database, folder: Path, meanings: Callable[[], Meanings]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_left_behind(folder)
        self._place = TemporaryDirectory(dir=folder, prefix=PREFIX, ignore_cleanup_errors=True)
        place = Path(self._place.name)
        self._held = (place / _HELD).open("w")
        fcntl.flock(self._held, fcntl.LOCK_EX)
        super().__init__(Engine(place, meanings=meanings), ExemptEngines(place / "exempt", meanings=meanings))
        with database.reading() as session:
            for consumer in (SearchIndex(self.engine, ""), ExemptIndexes(self.exempt, "")):
                consumer.rebuild(session, Stretch(0, 0, None))

    def close(self) -> None:
        """Close the files and take them away."""
        super().close()
        self._place.cleanup()
        self._held.close()


def _remove_left_behind(folder: Path) -> None:
    for one in folder.glob(f"{PREFIX}*"):
        with suppress(OSError), (one / _HELD).open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(one)
