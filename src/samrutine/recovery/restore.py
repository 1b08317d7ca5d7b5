"""
Put a backup back, into an empty home.

The order: every file of the set is read and hashed; then a marker says that a restore is under way; then the database,
in one transaction; then git; then what is repeated is brought up to date and everything is verified; and last the marker
becomes the home's settings, by rename. Until then the folder is no home, and `Library.open` says so. Killed anywhere, the
same call begins anew in the home; in PostgreSQL it goes on with the rows that it put in, and never removes any.
"""

import fcntl
import hashlib
import json
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from samrutine.errors import BackupBusy, BackupDamaged, BackupTooNew, HomeExists, InvalidRequest, NoRoom
from samrutine.publishing.paused import PausedTarget
from samrutine.recovery.erasures import LaterErasure, later_erasures, not_made_here
from samrutine.recovery.files import Written, keep_file, room_on, sync_folder
from samrutine.recovery.loading import distrust_outside, holds, load_set, require_empty
from samrutine.recovery.manifest import BackupFile, BackupManifest, write_backup_manifest
from samrutine.recovery.sets import chosen_set, faults_of
from samrutine.settings import DATABASE_FILE, SETTINGS_FILE, Settings, as_toml, database_url
from samrutine.storage import bundles
from samrutine.storage.git import GitStore
from samrutine.storage.sql import SCHEMA, Database
from samrutine.storage.steps import reach

if TYPE_CHECKING:
    from samrutine.projections.service import Projections
    from samrutine.projections.verify import Fault

MARKER: Final = f"{SETTINGS_FILE}.restoring"
"""Lies in a home while a backup is put back, and becomes its settings when that is done."""
RESTORED: Final = "restored.json"
"""Says which set a home was put back from, and what came of it."""
ROOM_NEEDED: Final = 3
"""How many times the size of a set a restore needs: rows, their indexes and journal, git, and the search index."""

_FOLDERS: Final = ("library.git", "library.git.new", "restricted.git", "restricted.git.new", "index", "files")
_FILES: Final = (
    *(DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm", f"{DATABASE_FILE}-journal"),
    *("projector.lock", RESTORED, f"{RESTORED}.new"),
)


class OpenedHome(Protocol):
    """A home that is put together, as the last steps see it."""

    @property
    def database(self) -> Database:
        """The database."""
        ...

    @property
    def projections(self) -> "Projections":
        """All that repeats decisions."""
        ...

    @property
    def store(self) -> GitStore:
        """The bare repository."""
        ...

    @property
    def restricted(self) -> GitStore:
        """The bare repository of what is exempt from public access."""
        ...

    def noted(self) -> Iterable[tuple[int, str]]:
        """The decisions that well-signed checkpoints name: number and hash."""
        ...

    def close(self) -> None:
        """Give back connections and files."""
        ...


OpenHome = Callable[[Path, Settings], OpenedHome]


@dataclass(frozen=True, slots=True)
class MissingDecision:
    """A decision that is on the register and not in the database that was put back."""

    number: int
    kind: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Restored:
    """
    A backup is put back. `number` and `hash` are the set's newest decision.

    `schema` is the one the backup was taken at. `missing` are decisions that the register has and the set has not;
    `taken` says that they were taken from it, and `ended` are the proposals that could not go on then. `erase_again` are
    erasures that were decided after the backup was taken and are not in it: whom and what they were about is back, and
    must be erased again. `void_links` personal links to hearings open nothing any more. `paused` are the targets to which
    nothing is published until somebody has looked. `faults` is what `verify` says; empty is sound.
    """

    home: Path
    name: str
    number: int
    hash: str
    schema: str
    rows: Mapping[str, int]
    missing: tuple[MissingDecision, ...]
    taken: bool
    ended: tuple[str, ...]
    erase_again: tuple[LaterErasure, ...]
    void_links: int
    paused: tuple[PausedTarget, ...]
    faults: tuple["Fault", ...]
    is_repeat: bool = False


class Restore:
    """
    Putting one set back into one home.

    Args:
        folder: The backup's folder.
        home: Does not exist, or is empty, or was begun by an earlier call.
        name: The set; the newest when None.
        url: An empty PostgreSQL database; SQLite in the home when None.
    """

    def __init__(self, folder: Path, home: Path, *, name: str | None, url: str | None) -> None:
        self.folder = folder
        self.home = home
        self.manifest = chosen_set(folder, name)
        if self.manifest.schema > SCHEMA:
            raise BackupTooNew(backup=self.manifest.name, found=self.manifest.schema, known=SCHEMA)
        self._url = url
        self.needed_bytes = self.manifest.size_bytes * ROOM_NEEDED

    def settings(self) -> Settings:
        """Give the settings that the home will have: the set's, with the database that was named."""
        return Settings(**self._settings_values())

    def run(
        self, open_home: OpenHome, *, from_register: bool, register: Path | None, now: datetime,
        on_part: Callable[[str], None],
    ) -> Restored:  # fmt: skip
        """
        Put the set back.

        Args:
            open_home: Opens the home before it has its settings.
            from_register: Take the decisions that the register has and the set lacks. Else they are listed, and what the
                branches have more is set aside.
            register: A repository, or a home that holds one, whose register may be newer than the set's.

        Raises:
            HomeExists: The home holds a library, or something else.
            BackupDamaged: A file of the set is not as it was written. Nothing was put back.
            NoRoom: The disk has too little room.
            DatabaseNotEmpty: The database that was named holds something.
            BackupBusy: Another restore into the home is under way.
            RegisterBroken, NotThisRegister: The register that may be newer is not whole, or went another way.
        """
        if (before := self._done_before()) is not None:
            return before
        self.require_empty_home()
        self.require_whole()
        settings = self.settings()
        with room_on(self.home):
            self.require_room()
            self.require_empty_database()
            self.home.mkdir(parents=True, exist_ok=True)
            with self._marked():
                self._clear()
                reach("restore: begun")
                self._load(settings, on_part)
                reach("restore: database made")
                self._put_git_back(register, on_part)
                self._put_files_back()
                reach("restore: git put back")
                opened = open_home(self.home, settings)
                try:
                    restored = self._finish(opened, now, may_be_newer=register is not None, take=from_register)
                finally:
                    opened.close()
                reach("restore: projected")
                keep_file(self.home / RESTORED, _record(self.manifest, restored))
                (self.home / MARKER).rename(self.home / SETTINGS_FILE)
                sync_folder(self.home)
                reach("restore: done")
        return restored

    def require_whole(self) -> None:
        """Read and hash every file of the set before anything is written."""
        for path, why in faults_of(self.folder, self.manifest):
            raise BackupDamaged(file=self.folder / path, why=why)

    def require_empty_home(self) -> None:
        """Refuse a home that holds anything, but for what an earlier call of this began there."""
        if not self.home.exists():
            return
        if not self.home.is_dir():
            raise HomeExists(home=self.home)
        names = {path.name for path in self.home.iterdir()}
        begun = MARKER in names and SETTINGS_FILE not in names
        if names and not begun:
            raise HomeExists(home=self.home)

    def free_bytes(self) -> int:
        """Give the room there is where the home will lie."""
        place = self.home.absolute()
        while not place.exists():
            place = place.parent
        return shutil.disk_usage(place).free

    def require_room(self) -> None:
        """Refuse a disk that the home would fill."""
        if self.free_bytes() < self.needed_bytes:
            raise NoRoom(folder=self.home)

    def require_empty_database(self) -> None:
        """Refuse a named database that holds anything, but for what an earlier call of this put into it."""
        settings = self.settings()
        if settings.database_url:
            database = Database(settings.database_url)
            try:
                if not ((self.home / MARKER).exists() and holds(database, self.manifest)):
                    require_empty(database)
            finally:
                database.close()

    def _settings_values(self) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        if self.manifest.settings is not None:
            kept = tomllib.loads((self.folder / self.manifest.settings.path).read_text(encoding="utf-8"))
        known = {name: value for name, value in kept.items() if name in Settings.model_fields}
        known.pop("database_url", None)  # where the old one was; the new one is where whoever restores says
        if self._url is not None:
            known["database_url"] = self._url
            chosen = Settings(**known).database_url
            if chosen != self._url:
                raise InvalidRequest(what="SAMRUTINE_DATABASE_URL", value="…", expected="--database-url")
        return known

    @contextmanager
    def _marked(self) -> Iterator[None]:
        """Say in the home that a restore is under way, and keep others out of it."""
        marker = self.home / MARKER
        with marker.open("a", encoding="utf-8") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BackupBusy(folder=self.home) from error
            marker.chmod(0o600)
            with Written(marker) as out:
                for name, value in self._settings_values().items():
                    out.write(f"{name} = {as_toml(value)}\n".encode())
            sync_folder(self.home)
            yield

    def _clear(self) -> None:
        """Remove what an earlier call left, by the names that a home has; nobody could decide there yet."""
        for name in _FOLDERS:
            shutil.rmtree(self.home / name, ignore_errors=True)
        for name in _FILES:
            (self.home / name).unlink(missing_ok=True)

    def _load(self, settings: Settings, on_part: Callable[[str], None]) -> None:
        database = Database(database_url(self.home, settings))
        try:
            if not (settings.database_url and holds(database, self.manifest)):
                require_empty(database)
                load_set(database, self.folder, self.manifest, on_part=on_part)
        finally:
            database.close()

    def _put_git_back(self, register: Path | None, on_part: Callable[[str], None]) -> None:
        for name in ("library.git", "restricted.git"):
            store = GitStore(self.home / name)
            store.create()
            kept = self.manifest.repositories.get(name)
            if kept is not None:
                on_part(name)
                for bundle in kept.bundles:
                    bundles.take_in(store, self.folder / bundle.path)
                bundles.put_refs(store, kept.refs)
            other = _repository(register, name) if register is not None else None
            if other is not None:
                bundles.go_forward_as(store, other)

    def _put_files_back(self) -> None:
        (self.home / "files").mkdir(exist_ok=True)
        for name, file in self.manifest.files.items():
            place = self.home / name
            place.parent.mkdir(parents=True, exist_ok=True)
            _copy(self.folder, file, place)

    def _finish(self, opened: OpenedHome, now: datetime, *, may_be_newer: bool, take: bool) -> Restored:
        # Imported here: a preview needs neither, and a library that is only opened needs none of this.
        from samrutine.projections.repair import repair
        from samrutine.projections.verify import verify
        from samrutine.recovery.from_register import Stores, is_written_anew, missing, take_missing

        lacking: tuple[MissingDecision, ...] = ()
        ended: tuple[str, ...] = ()
        if may_be_newer or self.manifest.register_number > self.manifest.number:
            links = missing(opened.database, opened.store)
            lacking = tuple(MissingDecision(one.number, one.kind, one.known["body"], one.at) for one in links)
            erasures = later_erasures(self.folder, self.manifest, opened.store)
            if take:
                if is_written_anew(links):
                    bundles.take_theirs(opened.store)
                    bundles.take_theirs(opened.restricted)
                ended = take_missing(opened.database, Stores(opened.store, opened.restricted), now=now).ended
        else:
            erasures = later_erasures(self.folder, self.manifest, None)
        bundles.leave_theirs(opened.store)
        bundles.leave_theirs(opened.restricted)
        left = not_made_here(opened.database, erasures)
        # After what was taken from the register: targets may have come with it.
        void, paused = distrust_outside(opened.database, self.manifest, now)
        repair(opened.projections)
        verified = verify(opened.database, opened.projections)
        rows = {name: table.rows for name, table in self.manifest.tables.items()}
        return Restored(
            self.home, self.manifest.name, self.manifest.number, self.manifest.hash, self.manifest.schema, rows,
            lacking, take and bool(lacking), ended, left, void, paused, tuple(verified.faults),
        )  # fmt: skip

    def _done_before(self) -> Restored | None:
        """Give what an earlier call answered, or would have: the home is this very set, whatever was decided since."""
        path = self.home / RESTORED
        if not path.is_file() or not (self.home / SETTINGS_FILE).is_file():
            return None
        return _read_record(path, self.manifest, self.home)


def _repository(place: Path, name: str) -> Path | None:
    """Find a repository in what was named: a home that holds it, or the shared one itself."""
    for candidate in (place / name, *([place] if name == "library.git" else [])):
        if (candidate / "HEAD").is_file():
            return candidate
    return None


def _copy(folder: Path, file: BackupFile, place: Path) -> None:
    with Written(place) as out, (folder / file.path).open("rb") as source:
        while part := source.read(1024 * 1024):
            out.write(part)


def _record(manifest: BackupManifest, restored: Restored) -> bytes:
    """Keep what was answered, so that whoever did not get the answer gets it when they ask again."""
    return (
        json.dumps(
            {
                "backup": manifest.name,
                "manifest": _digest(manifest),
                "rows": dict(restored.rows),
                "taken": restored.taken,
                "missing": [[one.number, one.kind, one.body, one.at.isoformat()] for one in restored.missing],
                "ended": list(restored.ended),
                "erase_again": [[one.number, one.kind, one.about, one.hash] for one in restored.erase_again],
                "void_links": restored.void_links,
                "paused": [[one.municipality, one.target, one.paused_at.isoformat()] for one in restored.paused],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    ).encode()


def _read_record(path: Path, manifest: BackupManifest, home: Path) -> Restored | None:
    try:
        kept = json.loads(path.read_bytes())
        if kept["manifest"] != _digest(manifest):
            return None
        return Restored(
            home, manifest.name, manifest.number, manifest.hash, manifest.schema, kept["rows"],
            tuple(MissingDecision(number, kind, body, datetime.fromisoformat(at)) for number, kind, body, at in kept["missing"]),
            kept["taken"], tuple(kept["ended"]),
            tuple(LaterErasure(number, kind, about, link) for number, kind, about, link in kept["erase_again"]),
            kept["void_links"],
            # The target's name is left out of the record: it is free text.
            tuple(PausedTarget(town, target, "", datetime.fromisoformat(at)) for town, target, at in kept["paused"]),
            (), is_repeat=True,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None


def _digest(manifest: BackupManifest) -> str:
    return hashlib.sha256(write_backup_manifest(manifest)).hexdigest()
