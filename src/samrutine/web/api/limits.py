"""How often a program may ask: so that one that runs wild does not stand in the way of people."""

import threading
import time
from collections.abc import Callable
from typing import Final

BURST: Final = 300
"""Requests at once, by one token."""
A_SECOND: Final = 10.0
"""How many more each second."""
MOST_KNOWN: Final = 10_000
"""Whom it is remembered of. Who asks so seldom that they are forgotten has not asked too often."""


class Limits:
    """A bucket for each who asks: it fills as time goes, and each request takes one out of it."""

    def __init__(
        self, *, burst: float = BURST, a_second: float = A_SECOND, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._a_second = a_second
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, who: str) -> int:
        """Count a request; gives the seconds to wait, or 0 when it may be answered now."""
        now = self._clock()
        with self._lock:
            left, at = self._left.pop(who, (self._burst, now))
            left = min(self._burst, left + (now - at) * self._a_second)
            enough = left >= 1
            self._left[who] = (left - 1 if enough else left, now)
            if len(self._left) > MOST_KNOWN:
                del self._left[next(iter(self._left))]  # who asked longest ago
        return 0 if enough else max(1, round((1 - left) / self._a_second + 0.5))
