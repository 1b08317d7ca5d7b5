"""
A private PostgreSQL: a cluster in a temporary folder, reached by a Unix socket in it and by nothing else.

`initdb` and `postgres` refuse to run as root, so there they are run as `nobody`.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from itertools import count
from pathlib import Path

PROGRAMS = ("/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin")
HOW_TO_GET_IT = "apt-get install postgresql, or put initdb and postgres on the PATH"
USER = "samrutine"
FIRST_WITH_STRATEGY = 15
KEEPER = 'read -r _; "$0" stop -D "$1/data" -m immediate -w; rm -rf "$1" &'


def programs():
    """Give the folder of PostgreSQL's programs; None where there are none."""
    on_path = shutil.which("initdb")
    places = [*PROGRAMS, *([str(Path(on_path).parent)] if on_path else [])]
    return next(
        (Path(place) for place in places if Path(place, "initdb").exists() and Path(place, "postgres").exists()), None
    )


class PostgresqlServer:
    """A running cluster. `stop()` ends it."""

    def __init__(self, folder_of_programs: Path) -> None:
        self._programs = folder_of_programs
        self._number = count(1)
        # Not below pytest's own folder: that is closed to others, and the socket's path must be short.
        self._folder = Path(tempfile.mkdtemp(prefix="samrutine-pg-"))
        self._as = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
        if self._as:
            shutil.chown(self._folder, "nobody", "nogroup")
        data = self._data = self._folder / "data"
        self._run("initdb", "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self._options = (
            f"-c listen_addresses= -c unix_socket_directories={self._folder} -c fsync=off -c full_page_writes=off"
            " -c max_connections=60 -c shared_buffers=16MB -c lc_messages=C"
            # With a thousand databases somebody would come ten times a second to see whether one needs care.
            " -c autovacuum=off -c wal_level=minimal -c max_wal_senders=0"
        )
        self.start()
        said = subprocess.run([self._programs / "postgres", "--version"], capture_output=True, text=True, check=True)
        # A third of the time of the usual way, which is for databases that others write in meanwhile; before 15 the only one.
        is_newer = int(re.search(r"\d+", said.stdout)[0]) >= FIRST_WITH_STRATEGY
        self._by_files = " STRATEGY file_copy" if is_newer else ""
        # Waits for a line or for our end, whichever comes first: a test run that is killed must leave no server behind.
        self._keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, str(self._programs / "pg_ctl"), str(self._folder)], cwd="/", **self._as,
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def stop(self) -> None:
        """End the cluster. Its folder, a thousand databases, is removed while whoever asked goes on."""
        self._keeper.communicate(b"\n", timeout=300)

    def start(self) -> None:
        """Start the cluster, and come back when it answers. Done already when it was made."""
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "-D", str(self._data), "-w", "-l", log, "-o", self._options)

    def stop_at_once(self) -> None:
        """Stop it without any cleaning up: what it had not finished is undone when it starts again."""
        self._run("pg_ctl", "stop", "-D", str(self._data), "-m", "immediate", "-w")

    def kill(self) -> None:
        """Kill it and every process of it, as a machine that runs out of memory does; comes back when all are gone."""
        server = int((self._data / "postmaster.pid").read_text().split()[0])
        processes = [server, *_children(server)]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while any(_is_alive(process) for process in processes) and time.monotonic() < deadline:
            time.sleep(0.01)
        # Where nobody buries the dead, a server that starts would take the killed one for alive and refuse.
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        for lock in self._folder.glob(".s.PGSQL.*"):
            lock.unlink()

    def new(self, name: str | None = None) -> str:
        """Make an empty database; gives its URL."""
        chosen = name or f"test_{next(self._number)}"
        self._sql(f'CREATE DATABASE "{chosen}" TEMPLATE template0')
        return self.url(chosen)

    def copy_of(self, template: str, *, name: str | None = None) -> str:
        """Make a copy of a database that nobody is connected to; gives its URL."""
        chosen = name or f"test_{next(self._number)}"
        self._sql(f'CREATE DATABASE "{chosen}" TEMPLATE "{template}"{self._by_files}')
        return self.url(chosen)

    def drop(self, name: str) -> None:
        """Remove a database."""
        self._sql(f'DROP DATABASE "{name}"')

    def url(self, name: str) -> str:
        """Give the URL of a database here."""
        return f"postgresql+psycopg://{USER}@/{name}?host={self._folder}"

    def _sql(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(host=str(self._folder), user=USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        outcome = subprocess.run(
            [str(self._programs / program), *arguments], cwd=self._folder, check=False, **self._as,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        if outcome.returncode:
            raise RuntimeError(f"{program} answered {outcome.returncode}: {outcome.stderr}")


def _children(process):
    """Give the processes that one has begun."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int(entry.joinpath("stat").read_text().rpartition(")")[2].split()[1]) == process:
                found.append(int(entry.name))
    return found


def _is_alive(process):
    """Whether a process runs; one that is dead and not yet buried does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
