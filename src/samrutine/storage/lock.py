"""
The projector lock: one process at a time writes what repeats.

With SQLite it is a `flock` on a file in the home, which the kernel drops when the process dies; with PostgreSQL an
advisory lock, which the server drops with the connection. Neither can be left behind.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import text

from samrutine.errors import StoreUnavailable
from samrutine.storage.sql import Database, translated

ADVISORY_KEY: Final = 0x73616D72  # "samr"
POLL_SECONDS: Final = 0.01


class ProjectorLock:
    """
    The lock of one home.

    Args:
        home: The folder of a home, on a local disk: a network file system may not keep `flock`.
        database: PostgreSQL holds the lock itself, so that several hosts share it.
    """

    def __init__(self, home: Path, database: Database) -> None:
        self._file = home / "projector.lock"
        self._database = database

    @contextmanager
    def held(self, wait_seconds: float) -> Iterator[bool]:
        """Try for the lock, at most `wait_seconds`; gives whether it is held. Released at the end of the block."""
        if self._database.is_sqlite:
            with self._flock(wait_seconds) as held:
                yield held
        else:
            with self._advisory(wait_seconds) as held:
                yield held

    @contextmanager
    def _flock(self, wait_seconds: float) -> Iterator[bool]:
        deadline = time.monotonic() + wait_seconds
        try:
            handle = self._file.open("a")
        except OSError as error:
            raise StoreUnavailable(store="projector.lock", detail=error.strerror or type(error).__name__) from error
        with handle:
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if time.monotonic() >= deadline:
                        yield False
                        return
                    time.sleep(POLL_SECONDS)
                else:
                    yield True  # closing the handle gives the lock back
                    return

    @contextmanager
    def _advisory(self, wait_seconds: float) -> Iterator[bool]:
        deadline = time.monotonic() + wait_seconds
        with translated(), self._database.engine.connect() as connection:
            while True:
                held = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY}))
                connection.commit()
                if held or time.monotonic() >= deadline:
                    break
                time.sleep(POLL_SECONDS)
            try:
                yield held
            finally:
                if held:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_KEY})
                    connection.commit()
