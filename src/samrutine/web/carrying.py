"""Send letters beside the pages: quietly, every minute, as long as somebody shows the library."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from samrutine.library import Library

EVERY_SECONDS: Final = 60.0
_LOG: Final = logging.getLogger("samrutine.letters")


@contextmanager
def carrying(
    home: Path, *, every: float = EVERY_SECONDS, opened: Callable[[Path], Library] = Library.open
) -> Iterator[None]:  # fmt: skip
    """Send what is due while a block runs, where it is set by what server; nothing where it is not."""
    with opened(home) as library:
        if not library.sends_letters:
            yield
            return
    ended = threading.Event()
    carrier = threading.Thread(target=_carry, args=(home, ended, every, opened), name="letters", daemon=True)
    carrier.start()
    try:
        yield
    finally:
        ended.set()
        # A server that hangs is not waited for: what it was given is sent again under the same name.
        carrier.join(timeout=5)


def _carry(home: Path, ended: threading.Event, every: float, opened: Callable[[Path], Library]) -> None:
    while not ended.is_set():
        try:
            # Opened anew each time: the settings may have changed, and nothing of it is needed for a minute.
            with opened(home) as library:
                library.send_letters()
        except Exception as error:  # noqa: BLE001  the outermost loop, and it is logged
            # Whatever it was, the next minute is another try. The kind alone names nobody.
            _LOG.error("Letters were not sent: %s", type(error).__name__)
        ended.wait(every)
