"""How much work a call takes, against other work at the same moment: seconds say more of the machine than of the code."""

import time
from collections.abc import Callable


def seconds(call: Callable[[], object]) -> float:
    """Give the processor time a call takes, in seconds."""
    before = time.process_time()
    call()
    return time.process_time() - before


def times(call: Callable[[], object], ordinary: Callable[[], object]) -> float:
    """Give how many times the work of something ordinary a call takes; the ordinary is done right after it."""
    took = seconds(call)
    return took / seconds(ordinary)
