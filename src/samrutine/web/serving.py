"""Opened libraries, lent to one request at a time: an opened library is not for several threads at once."""

import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import anyio
from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from samrutine.errors import SamrutineError
from samrutine.library import Library


class NotAnswered(Exception):
    """Base of why a request is not answered before a verb is called, so that the library is as it was."""


AT_ONCE: Final = 8
"""How many requests work with the library at the same time; the others wait. Two processors do no more at once."""


class Libraries:
    """The opened libraries of one home, as many as are used at once."""

    def __init__(self, home: Path, *, clock: Callable[[], datetime] | None = None) -> None:
        self._home = home
        self._clock = clock
        self._lock = threading.Lock()
        self._free: list[Library] = []
        self.turns = anyio.Semaphore(AT_ONCE)

    @contextlib.contextmanager
    def lent(self) -> Iterator[Library]:
        """
        Lend a library that nobody else uses meanwhile. One that broke in the block is closed and not lent again.

        Whoever asks has had their `turn`: so as many are open as work at once, and no thread waits for one.
        """
        with self._lock:
            library = self._free.pop() if self._free else None
        library = library or Library.open(self._home, clock=self._clock)
        with self._kept_when_whole(library):
            yield library

    @contextlib.contextmanager
    def _kept_when_whole(self, library: Library) -> Iterator[None]:
        is_whole = False
        try:
            yield
            is_whole = True
        except (SamrutineError, NotAnswered, RequestValidationError, HTTPException):
            # What we raise on purpose, and what is wrong with a request, leaves it as it was. Opening it anew costs more than
            # most answers, and would be had by whoever asks for what they may not have.
            is_whole = True
            raise
        finally:
            if is_whole:
                with self._lock:
                    self._free.append(library)
            else:
                library.close()

    def close(self) -> None:
        """Close those that nobody uses."""
        with self._lock:
            free, self._free = self._free, []
        for library in free:
            library.close()


async def turn(request: Request) -> AsyncIterator[None]:
    """
    Wait until there is room to work with the library, for the length of a request.

    It waits in the loop and not in a thread: there are forty threads, and where fifty requests waited in them, those that had
    their turn found none to go on in, and nobody was answered any more.
    """
    async with request.app.state.libraries.turns:
        yield


Turn = Annotated[None, Depends(turn)]
