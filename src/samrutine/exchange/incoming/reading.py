"""
The one way in: bytes of a document, and what it holds.

The reading is done by a process of its own (`worker`), which is started for the first document and kept for the next.
"""

import atexit
import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.carrying import unpacked
from samrutine.exchange.incoming.model import Incoming, Limits, NotRead

_LIMITS: Final = Limits()
_TO_START: Final = 60.0
_TO_GIVE_UP: Final = 15.0
"""Seconds beyond a document's own that the worker gets to end what takes too long."""
_TO_END: Final = 2.0


def read_document(data: bytes, name: str, limits: Limits = _LIMITS, *, as_anybodys: bool = False) -> Incoming:
    """
    Read a document that somebody sent. The same bytes give the same Markdown.

    It is read in a process with no network, no file outside a folder of its own, and bounds on time and memory. May be
    called from several threads at once; each then has a process.

    Args:
        name: What the sender called it; only told back, never believed.
        as_anybodys: Read a Word file of ours with all that stands in it, as if it were anybody's; else it is the routine
            that it was made from, with what was changed.

    Raises:
        DocumentRefused: It is nothing that we read, or cannot be read; `why` and the reason's remedy tell. Nothing was
            kept, and another document can be read at once.
    """
    if len(data) > limits.file_mib * 1024 * 1024:
        raise DocumentRefused(NotRead("too-large", name))
    with _worker() as worker, worker.folder(name) as folder:
        (folder / "document").write_bytes(data)
        why = worker.read(folder, name, limits, as_anybodys=as_anybodys)
        if why is not None:
            raise DocumentRefused(NotRead(why, name, _where_it_broke(folder)))
        return _answer(folder, name)


def read_documents(
    documents: Iterable[tuple[bytes, str]], limits: Limits = _LIMITS, *, at_once: int | None = None
) -> Iterator[Incoming | DocumentRefused]:
    """
    Read many documents, as many at once as there are processors, and give them in their order.

    One that cannot be read is given as the error that says why, and stops no other.
    """

    def read(document: tuple[bytes, str]) -> Incoming | DocumentRefused:
        try:
            return read_document(*document, limits)
        except DocumentRefused as error:
            return error

    with ThreadPoolExecutor(at_once or _processors()) as pool:
        yield from pool.map(read, documents)


def _processors() -> int:
    # Those this process may use, where the system can tell: a container often has fewer than the machine.
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _where_it_broke(folder: Path) -> str:
    try:
        return (folder / "broken").read_text(encoding="ascii")[:200]
    except (OSError, UnicodeDecodeError):
        return ""


def _answer(folder: Path, name: str) -> Incoming:
    try:
        data = (folder / "answer").read_bytes()
        if data.startswith(b'{"refused"'):
            told = json.loads(data)
            raise DocumentRefused(NotRead(told["refused"], name, told["detail"]))
        return unpacked(data)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DocumentRefused(NotRead("broke-down", name)) from error


class _Worker:
    """A process that reads, and the pipe to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            # Without -P the first place that Python looks for a module is the folder one stands in, and whoever reads what
            # was sent may stand in a folder of it: a file called `lxml.py` would be run, and outside of the sandbox.
            [sys.executable, "-P", "-m", "samrutine.exchange.incoming.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_environment(),
        )
        self._place: Path | None = None

    @property
    def process_id(self) -> int:
        """The process's id."""
        return self._process.pid

    @contextlib.contextmanager
    def folder(self, name: str) -> Iterator[Path]:
        """
        Give a folder for one document, within the process's own, which goes with it: also when we are killed meanwhile.

        Raises:
            DocumentRefused: The process did not start.
        """
        if self._place is None and (told := self._hear(_TO_START)) is not None:
            self._place = Path(str(told["place"]))
        if self._place is None or not self._place.is_dir():
            self.end()
            raise DocumentRefused(NotRead("broke-down", name))
        with tempfile.TemporaryDirectory(dir=self._place, prefix="") as folder:
            yield Path(folder)

    def read(self, folder: Path, name: str, limits: Limits, *, as_anybodys: bool) -> str | None:
        """Have a document read; give why it was given up, or None when the answer lies in the folder."""
        asked = json.dumps({"folder": str(folder), "name": name, "limits": asdict(limits), "as_anybodys": as_anybodys})
        pipe = self._process.stdin
        try:
            if pipe is None:
                raise BrokenPipeError
            pipe.write(asked.encode() + b"\n")
            pipe.flush()
        except OSError:
            self.end()
            return "broke-down"
        told = self._hear(limits.seconds + _TO_GIVE_UP)
        if told is None:
            self.end()
            return "broke-down"
        why = told.get("why")
        return None if why is None else str(why)

    @property
    def is_there(self) -> bool:
        """Tell whether it can be asked again."""
        return self._process.poll() is None

    def end(self) -> None:
        """End it: it goes by itself when nobody can ask any more, and is killed when it does not."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self._process.wait(_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._place is not None:  # killed, it had no time to
            shutil.rmtree(self._place, ignore_errors=True)

    def _hear(self, seconds: float) -> dict[str, object] | None:
        pipe = self._process.stdout
        if pipe is None or not select.select([pipe], [], [], seconds)[0]:
            return None
        try:
            told = json.loads(pipe.readline() or b"null")
        except ValueError:
            return None
        return told if isinstance(told, dict) else None


_lock = threading.Lock()
_idle: list[_Worker] = []


@contextlib.contextmanager
def _worker() -> Iterator[_Worker]:
    """Lend a worker that nobody uses, or a new one; one that broke down is not lent again."""
    with _lock:
        worker = _idle.pop() if _idle else None
    if worker is not None and not worker.is_there:
        worker.end()
        worker = None
    worker = worker or _Worker()
    try:
        yield worker
    finally:
        if worker.is_there:
            with _lock:
                _idle.append(worker)
        else:
            worker.end()


def end_workers() -> None:
    """End the processes that wait for documents; the next document starts one again. Done by itself at the end."""
    with _lock:
        ended = list(_idle)
        _idle.clear()
    for worker in ended:
        worker.end()


atexit.register(end_workers)


def _environment() -> dict[str, str]:
    # No word of the environment is for a process that reads strangers' files; passwords may be among them.
    kept = {
        key: _absolute(os.environ[key])
        for key in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "TMPDIR")
        if key in os.environ
    }
    kept = {key: places for key, places in kept.items() if places}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}


def _absolute(places: str) -> str:
    """Leave out of a list of folders those that hang on where one stands, but for the one that we were loaded from."""
    own = Path(__file__).parents[3]
    kept = (Path(place) for place in places.split(os.pathsep))
    return os.pathsep.join(str(place.absolute()) for place in kept if place.is_absolute() or place.resolve() == own)
