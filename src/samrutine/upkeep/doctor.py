"""
The doctor: what may cost a library its decisions, its secrecy or its answers, before it does. Changes nothing.

`verify` says whether what is kept is as decided. The doctor asks of the machine beneath: programs, disk, settings,
permissions, the clock, and how long each projection has waited. The rules are in `model`; here is what they are given.
Each examination is by itself: where one comes to nothing, that is what is found, and the others go on.
"""

import os
import platform
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlmodel import col, func, select

from samrutine.errors import HomeNotFound, KeyUnusable, SamrutineError, StoreDamaged, StoreUnavailable
from samrutine.projections.checks.git import OLD_SECONDS
from samrutine.projections.service import Projections
from samrutine.proving.signing import Signer
from samrutine.recovery.last_backup import last_backup
from samrutine.settings import DATABASE_FILE, SETTINGS_FILE, Settings
from samrutine.storage.git import GitStore, git_version
from samrutine.storage.git_settings import wrong_settings
from samrutine.storage.guards import MEGABYTE, room_in
from samrutine.storage.rows import DeadLetterRow, DecisionRow
from samrutine.storage.sql import Database
from samrutine.upkeep.model import (
    CLOCKS_MAY_DIFFER,
    LARGE_LOG,
    OLDEST_GIT,
    OLDEST_SQLITE,
    Diagnosis,
    Gravity,
    Symptom,
    about_backup,
    about_file_system,
    about_key,
    about_permissions,
    about_repository,
    about_room,
    about_setting,
    about_version,
    about_waiting,
)

PACKAGES: Final = ("samrutine", "sqlmodel", "SQLAlchemy", "GitPython", "Whoosh", "markdown-it-py", "mdformat", "typst")
MOUNTS: Final = Path("/proc/self/mountinfo")
_POINT: Final = 4
"""Which field of a line of the list of mounts says where."""
_ORDER: Final = (Gravity.DANGER, Gravity.ADVICE, Gravity.FACT)


class Doctor:
    """
    The verb of looking.

    Args:
        home: The folder that is looked at.
        signer: Signs checkpoints; None where they are not asked for.
        require_database: Raises what opening the home would, such as that the database is gone.
        clock: Gives the present instant, aware.
    """

    def __init__(
        self, home: Path, settings: Settings, database: Database, stores: tuple[GitStore, ...],
        projections: Projections, signer: Signer | None, require_database: Callable[[], None],
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._home = home
        self._settings = settings
        self._database = database
        self._stores = stores
        self._projections = projections
        self._signer = signer
        self._require_database = require_database
        self._clock = clock

    def examine(self) -> Diagnosis:
        """
        Look at everything.

        Raises:
            HomeNotFound: The folder is no home.
        """
        if not self._home.is_dir():
            raise HomeNotFound(home=self._home)
        looks = [self._programs, self._disk, self._permissions, self._litter, self._backups, self._key]
        found = [one for look in looks for one in _looked(look)]
        found += [*self._database_examined(), *self._repositories()]
        if not any(one.code.startswith(("setting", "repository")) or one.catalogue == "errors" for one in found):
            where = "SQLite" if self._database.is_sqlite else "PostgreSQL"
            found.append(Symptom("durable", Gravity.FACT, {"where": where}))
        once = {(one.code, one.fact()): one for one in found}
        return Diagnosis(tuple(sorted(once.values(), key=lambda one: _ORDER.index(one.gravity))))

    def _database_examined(self) -> Iterator[Symptom]:
        """Look into the database, the disk having been looked at: a full one may be why it does not answer."""
        try:
            self._require_database()
        except SamrutineError as error:
            yield Symptom.of(error)
            return
        for look in (self._database_itself, self._database_settings, self._waiting, self._clocks):
            yield from _looked(look)

    def _repositories(self) -> Iterator[Symptom]:
        if shutil.which("git") is not None:
            for store in self._stores:
                yield from _looked(partial(self._repository, store))

    def _programs(self) -> Iterator[Symptom]:
        yield Symptom("program", Gravity.FACT, {"name": "Python", "found": platform.python_version()})
        yield about_version("git", git_version() if shutil.which("git") else None, OLDEST_GIT)
        if self._database.is_sqlite:
            yield about_version("SQLite", sqlite3.sqlite_version_info, OLDEST_SQLITE)
        for package in PACKAGES:
            try:
                yield Symptom("program", Gravity.FACT, {"name": package, "found": version(package)})
            except PackageNotFoundError:
                yield Symptom("package_missing", Gravity.DANGER, {"name": package})
        # No verb calls it yet: its version is told, and none is too old.
        pandoc = pandoc_version()
        yield about_version("pandoc", pandoc, ()) if pandoc else Symptom("pandoc_missing", Gravity.FACT)

    def _disk(self) -> Iterator[Symptom]:
        yield about_file_system(file_system_of(self._home), self._home)
        room = room_in(self._home)
        yield about_room(room.free_bytes // MEGABYTE, self._settings.least_free_mb, self._home)
        if not self._settings.least_free_mb:
            yield Symptom("room_unguarded", Gravity.ADVICE, {"name": SETTINGS_FILE})

    def _database_itself(self) -> Iterator[Symptom]:
        if not self._database.is_sqlite:
            with self._database.reading() as session:
                shown = str(session.connection().scalar(text("SHOW server_version")))
            yield Symptom("program", Gravity.FACT, {"name": "PostgreSQL", "found": shown})
        log = self._database.log_bytes()
        if log > LARGE_LOG:
            yield Symptom("log_large", Gravity.ADVICE, {"megabytes": log // MEGABYTE})

    def _permissions(self) -> Iterator[Symptom]:
        """The home first: what lies in a folder that others cannot enter is out of their reach, whatever its own mode."""
        mode = self._home.stat().st_mode
        home = about_permissions(mode, str(self._home.resolve()))
        if home is not None:
            yield home
        else:
            yield from self._within(mode)
        for name in (".", SETTINGS_FILE, DATABASE_FILE, *(store.folder.name for store in self._stores)):
            path = self._home / name
            if not path.exists():
                continue
            shown = str(self._home.resolve()) if name == "." else name
            if path.stat().st_uid != os.geteuid() and os.geteuid() != 0:
                yield Symptom("owned_by_another", Gravity.DANGER, {"name": shown})
            if not os.access(path, os.W_OK):
                yield Symptom("not_writable", Gravity.DANGER, {"name": shown})

    def _within(self, folder: int) -> Iterator[Symptom]:
        """Judge each thing in a home that may be passed through, though not listed: what lies there has a known name."""
        for path in sorted(self._home.iterdir()):
            with suppress(FileNotFoundError):
                found = about_permissions(path.stat().st_mode, path.name, folder=folder)
                if found is not None:
                    yield found

    def _database_settings(self) -> Iterator[Symptom]:
        with self._database.reading() as session:
            ask = session.connection().scalar
            if self._database.is_sqlite:
                # 3 is EXTRA, which syncs more than FULL.
                wanted = {"journal_mode": ("wal",), "synchronous": ("2", "3"), "foreign_keys": ("1",)}
                found = {name: str(ask(text(f"PRAGMA {name}"))) for name in wanted}
                where = "SQLite"
            else:
                # With `remote_apply` a commit waits for other servers too, beside this one's disk.
                wanted = {"fsync": ("on",), "full_page_writes": ("on",), "synchronous_commit": ("on", "remote_apply")}
                found = {name: str(ask(text(f"SHOW {name}"))) for name in wanted}
                where = "PostgreSQL"
        asked = [about_setting(where, name, found[name], *wanted[name], is_ours=False) for name in wanted]
        yield from (one for one in asked if one is not None)

    @staticmethod
    def _repository(store: GitStore) -> Iterator[Symptom]:
        """Look at the settings of a repository, which only one that is whole tells."""
        is_there = (store.folder / "HEAD").is_file()
        try:
            wrong = list(wrong_settings(store.folder)) if is_there else []
            is_readable = is_there
        except StoreUnavailable:
            is_readable = False
        useless = about_repository(store.folder.name, is_there=is_there, is_readable=is_readable)
        if useless is not None:
            yield useless
            return
        for one in wrong:
            found = about_setting(store.folder.name, one.name, one.found, one.wanted)
            if found is not None:
                yield found

    def _waiting(self) -> Iterator[Symptom]:
        now = self._clock()
        status = self._projections.status()
        with self._database.reading() as session:
            for one in status:
                oldest = session.exec(
                    select(func.min(DecisionRow.decided_at)).where(col(DecisionRow.number) > one.position)
                ).one()
                waited = max(now - oldest, timedelta()) if oldest else timedelta()
                yield about_waiting(one.consumer, one.behind, waited, needs_a_person=one.needs_a_person)
            # What has stopped is told above; a letter of what runs nowhere any more is told here.
            stopped = [one.consumer for one in status if one.needs_a_person and one.behind]
            unread = session.exec(
                select(func.min(DeadLetterRow.since)).where(
                    col(DeadLetterRow.read_at).is_(None), col(DeadLetterRow.consumer).not_in(stopped)
                )
            ).one()
        if unread is not None:
            yield Symptom("dead_letter", Gravity.DANGER, {"since": unread})

    def _clocks(self) -> Iterator[Symptom]:
        now = self._clock()
        with self._database.reading() as session:
            newest = session.exec(select(DecisionRow).order_by(col(DecisionRow.number).desc()).limit(1)).first()
            there = None if self._database.is_sqlite else session.connection().scalar(text("SELECT clock_timestamp()"))
        if newest is not None and newest.decided_at > now + CLOCKS_MAY_DIFFER:
            accepted = newest.number <= self._settings.clock_wrong_until
            places = {"number": newest.number, "newest": newest.decided_at, "now": now}
            yield Symptom("clock_behind", Gravity.ADVICE if accepted else Gravity.DANGER, places)
        if there is not None and abs(there - now) > CLOCKS_MAY_DIFFER:
            yield Symptom("clocks_differ", Gravity.DANGER, {"seconds": round(abs((there - now).total_seconds()))})

    def _litter(self) -> Iterator[Symptom]:
        for store in self._stores:
            for path in store.litter(self._clock() - timedelta(seconds=OLD_SECONDS)):
                yield Symptom("litter", Gravity.DANGER, {"name": f"{store.folder.name}/{path}"})

    def _backups(self) -> Iterator[Symptom]:
        newest = last_backup(self._home)
        if newest is None:
            yield about_backup(None, "–")
        else:
            yield about_backup(max(self._clock() - newest.made_at, timedelta()), newest.folder)

    def _key(self) -> Iterator[Symptom]:
        if self._signer is None:
            return
        try:
            self._signer.require_usable()
        except KeyUnusable as error:
            yield about_key(error.why, error.places["key"])


def _looked(look: Callable[[], Iterator[Symptom]]) -> Iterator[Symptom]:
    """Give what an examination finds, and the error at which it ended."""
    try:
        yield from look()
    except SamrutineError as error:
        yield Symptom.of(error)
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else "disk"
        yield Symptom.of(StoreUnavailable(store=where, detail=error.strerror or type(error).__name__))
    except (LookupError, ValueError, TypeError) as error:
        # What a damaged row gives.
        yield Symptom.of(StoreDamaged(store="SQL", detail=type(error).__name__))


def pandoc_version() -> tuple[int, ...] | None:
    """Give the version of the pandoc on this machine; None when there is none that answers."""
    program = shutil.which("pandoc")
    if program is None:
        return None
    try:
        told = subprocess.run([program, "--version"], capture_output=True, timeout=10, check=True)  # noqa: S603  no shell, no user text
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(rb"pandoc\S* (\d+(?:\.\d+)*)", told.stdout)
    return tuple(int(part) for part in found[1].split(b".")) if found else None


def file_system_of(folder: Path, mounts: Path = MOUNTS) -> str | None:
    """
    Give the kind of file system that a folder lies on, such as `ext4` or `nfs4`; None where the machine does not say.

    Args:
        folder: One that exists.
        mounts: The list of what is mounted, as Linux writes it (proc_pid_mountinfo(5)).
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    here = folder.resolve()
    best, kind = -1, None
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) <= _POINT or not after:
            continue
        point = Path(fields[_POINT].replace("\\040", " "))
        # Of two that are mounted on one place, the later covers the earlier.
        if here.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split()[0]
    return kind
