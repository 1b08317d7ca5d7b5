"""
The process that reads documents: each in a child of its own, watched, and ended when it asks for too much.

    python -m samrutine.exchange.incoming.worker

A line of JSON comes in for each document, `{"folder", "name", "limits", "as_anybodys"}`, and a line goes out when it is read or given up.
The document lies in the folder as `document`, and what came of it is put there as `answer`. The folder lies in a place of this
process's, which is taken away when nobody asks any more: whoever asked may have been killed, and a document with a patient's
name must not be left on the disk. The child is forked from this
process, where all that reading needs is loaded already, so that a document pays for no start of Python's; nothing of a
document ever enters the process that forks.
"""

import contextlib
import gc
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming import doc, pandoc
from samrutine.exchange.incoming.carrying import packed
from samrutine.exchange.incoming.model import Limits, NotRead
from samrutine.exchange.incoming.opening import open_document
from samrutine.exchange.incoming.sandbox import confine, die_with_parent, leave_network, take_orphans
from samrutine.exchange.incoming.warming import warm

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_MIB: Final = 1024 * 1024
_LONGEST_LOOK: Final = 0.02
_FIRST_LOOK: Final = 0.002
_WRITTEN_MIB: Final = 512


def main() -> int:
    """Read one document after the other until nobody asks any more."""
    take_orphans()
    _load()
    network = leave_network()
    place = tempfile.mkdtemp(prefix="samrutine-in-")
    try:
        _say({"place": place, "network": network})
        for line in sys.stdin:
            asked = json.loads(line)
            limits = Limits(**asked["limits"])
            folder = Path(asked["folder"])
            why = _read_in_child(folder, str(asked["name"]), limits, as_anybodys=bool(asked["as_anybodys"]))
            doc.clear(folder)
            _say({"why": why})
    except BrokenPipeError:
        # Nobody is there to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 0


def _load() -> None:
    # What the readers import when they are called: here, once, and not again for each document.
    import pypdfium2
    from lxml import etree, html

    from samrutine.exchange.incoming import docx, odt, own_copy, pdf, plain, rtf
    from samrutine.exchange.incoming import html as html_reader

    warm()
    pandoc.program()
    # Else the first collection in each child touches all of this, and the machine copies it page by page.
    gc.collect()
    gc.freeze()
    del pypdfium2, etree, html, docx, odt, own_copy, pdf, plain, rtf, html_reader


def _say(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _read_in_child(folder: Path, name: str, limits: Limits, *, as_anybodys: bool) -> str | None:
    """Read a document in a child; give why it was given up, or None when the child answered."""
    child = os.fork()
    if child == 0:
        # Nothing may leave this branch but by `_exit`: the loop above belongs to the parent.
        code = 1
        try:
            _as_child(folder, name, limits, as_anybodys=as_anybodys)
            code = 0
        finally:
            _tell_where_it_broke(folder)
            os._exit(code)
    return _watch(child, limits)


def _as_child(folder: Path, name: str, limits: Limits, *, as_anybodys: bool) -> None:
    die_with_parent()
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    data = (folder / "document").read_bytes()
    needed = doc.outside(data)
    programs = [pandoc.program().parent, *needed.programs]
    confine(folder, programs, seconds=limits.seconds, written_mib=_WRITTEN_MIB, sockets=needed.sockets)
    try:
        answer = packed(open_document(data, name, limits, folder, as_anybodys=as_anybodys))
    except DocumentRefused as error:
        reason = error.reasons[0]
        detail = reason.detail if isinstance(reason, NotRead) else ""
        answer = json.dumps({"refused": error.why, "detail": detail}).encode()
    except MemoryError:
        answer = json.dumps({"refused": "took-too-much", "detail": ""}).encode()
    (folder / "answer").write_bytes(answer)


def _tell_where_it_broke(folder: Path) -> None:
    """Write where a reader stopped on a file that nobody foresaw, and never what it read: for whoever mends it."""
    error = sys.exc_info()[1]
    if error is not None:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
        with contextlib.suppress(OSError):
            (folder / "broken").write_text(place, encoding="ascii", errors="replace")


def _watch(child: int, limits: Limits) -> str | None:
    end = time.monotonic() + limits.seconds
    pause = _FIRST_LOOK
    with _waiting_for(child) as wait:
        while True:
            wait(pause)
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                _end_group(child)
                _end_orphans()
                return None if status == 0 else "broke-down"
            why = _too_much(child, limits, end)
            if why is not None:
                _end_group(child)
                os.waitpid(child, 0)
                _end_orphans()
                return why
            pause = min(pause * 2, _LONGEST_LOOK)


@contextlib.contextmanager
def _waiting_for(child: int) -> Iterator[Callable[[float], object]]:
    """Give what waits some seconds, and no longer than until the child has ended, where the kernel can tell that."""
    if sys.platform != "linux":
        yield time.sleep
        return
    handle = os.pidfd_open(child)
    try:
        yield lambda seconds: select.select([handle], [], [], seconds)
    finally:
        os.close(handle)


def _too_much(child: int, limits: Limits, end: float) -> str | None:
    if time.monotonic() > end:
        return "took-too-long"
    # Nothing but the one document is being read, and what left its parent is a child of this process.
    held = sum(_resident(one) for one in {child, *_children(os.getpid())})
    return "took-too-much" if held > limits.resident_mib * _MIB else None


def _resident(process: int) -> int:
    """Give the memory that a process and those it started hold, in bytes; one that is gone holds none."""
    total = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        total = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
        total += sum(_resident(other) for other in _children(process))
    return total


def _children(process: int) -> list[int]:
    try:
        return [
            int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
        ]
    except OSError:
        return []


def _end_group(child: int) -> None:
    # The child leads a session of its own: pandoc, and whatever else it started, goes with it.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


def _end_orphans() -> None:
    """End what left the child's session: it has lost its parent and is ours, and what it started is when it is gone."""
    while left := _children(os.getpid()):
        for one in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(one, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(one, 0)


if __name__ == "__main__":
    sys.exit(main())
