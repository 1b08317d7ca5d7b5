"""
Take a backup while the library is in use.

A backup's folder holds sets, one for each time, and what they share:

    sets/000012-20261122T050000Z/manifest.json     what the set needs; written last
    sets/000012-20261122T050000Z/person.jsonl …    a table each, as it stood then
    shared/decision-000012.jsonl …                 what was new since the set before: decisions, words, commits, files

SQL is read first, in one snapshot, and git after: then git is at least as new as what was read, and what it has more
can be taken from it. What never changes is written once and shared by all later sets. Before a set builds on a file,
the file is read and hashed again: a disk that forgot a year ago must not spoil today's set, so then it is written anew.
What git wrote is unpacked too, all of it, each time: a bundle of a damaged pack has the bytes that it was given, and is
worth nothing.

Only what a run of ours began is ever cleared away: its name is noted in the lock before anything else is done with it. A set
without a manifest may as well be one that is being copied here from another machine.
"""

import fcntl
import json
import os
import re
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, TextIO

from sqlalchemy import Connection, Table, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import SQLModel

from samrutine.errors import BackupBusy, BackupOfAnother, NoRoom, StoreUnavailable
from samrutine.projections.faults import NOT_IN_SET, Fault
from samrutine.projections.verify import damage
from samrutine.recovery import tables
from samrutine.recovery.apart import require_apart
from samrutine.recovery.files import room_on
from samrutine.recovery.last_backup import LastBackup, note_backup
from samrutine.recovery.manifest import (
    MANIFEST_FILE,
    SET_NAME,
    SETS,
    SHARED,
    BackupFile,
    BackupManifest,
    BackupRepository,
    BackupTable,
    fault_of,
    sha256_of,
    write_backup_manifest,
)
from samrutine.recovery.sets import finished_sets, newest_sound, newest_whole, unfinished_sets, whole_sets
from samrutine.recovery.trial import Trial
from samrutine.settings import SETTINGS_FILE, as_toml
from samrutine.storage import bundles
from samrutine.storage.durable import Written, keep_file, sync_folder
from samrutine.storage.git import REGISTER, GitStore
from samrutine.storage.rows import ChainHeadRow, DecisionRow
from samrutine.storage.sql import SCHEMA, Database
from samrutine.storage.steps import reach

GROWING: Final = ("decision", "outbox")
"""Tables whose rows are never changed, numbered with the decisions: only what is new is written."""
WORDS: Final = "words"
FILES_BEFORE_WHOLE: Final = 60
"""After so many parts all is written anew as one, so that a restore needs no thousand files to be whole."""

_LOCK: Final = ".lock"
_TRIAL: Final = ".trial.git"
"""Where bundles are unpacked to see that they can be; removed again."""
_SECRET: Final = re.compile(r"secret|password|token|key")
_NUMBER: Final = re.compile(r"^Number: (\d+)$", re.MULTILINE)
_SHARED_NAME: Final = re.compile(
    r"(?:decision|outbox|words)-\d{6}\.jsonl|[a-z]+-\d{6}\.bundle(?:\.new)?(?:\.lock)?|file-[0-9a-f]{64}|file\.new"
)
"""What we call files that sets share; nothing else there is ours to remove."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """
    A backup set is whole. `name` is the set's, `number` the newest decision in it.

    `size_bytes` is what a restore of it reads, `new_bytes` what this one wrote. `left_out` are settings that were not
    copied since they are secret. `cleared` are sets that we began and never finished, `removed` those that were older
    than what was to be kept. `left_alone` are folders beside the sets that no backup of ours began: while one is there, no
    shared file is removed either, since it may need it. `faults` are what was wrong in the database or in git: the set has them
    too, so the newest sound one is never removed for it.
    """

    folder: Path
    name: str
    number: int
    hash: str
    made_at: datetime
    size_bytes: int
    new_bytes: int
    left_out: tuple[str, ...]
    cleared: tuple[str, ...]
    removed: tuple[str, ...]
    left_alone: tuple[str, ...]
    faults: tuple[Fault, ...] = ()


class Backup:
    """
    Taking backups.

    Args:
        stores: The repositories, by the name of their folder in the home.
    """

    def __init__(self, home: Path, database: Database, stores: Mapping[str, GitStore]) -> None:
        self._home = home
        self._database = database
        self._stores = stores

    def back_up(self, folder: Path, *, keep: int | None, now: datetime, on_part: Callable[[str], None]) -> BackedUp:
        """
        Write a backup set into a folder, beside those that are there.

        Others may decide meanwhile. Killed in the middle there is no set, and the next call clears away what was begun.

        Args:
            folder: On another disk than the home's, or copied to another machine afterwards. Made when it is missing.
            keep: Leave so many sets, this one among them, and remove older ones; all stay when None. The newest that was taken
                of a sound database stays in any case.
            on_part: Told the name of each part as it is begun.

        Raises:
            Refused: The folder lies in the home or in another, or the home in it.
            BackupOfAnother: The sets there are another library's.
            BackupBusy: Another backup to that folder is under way.
            FolderUnusable: Nothing can be written to the folder.
            NoRoom: The disk is full. There is no new set; the old ones are as they were.
        """
        require_apart(folder, self._home)
        with room_on(folder):
            for each in (folder, folder / SETS, folder / SHARED):
                each.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(folder) as begun:
                cleared = _clear(folder, begun)
                making = _Making(folder, now, on_part)
                making.begin(begun)
                with self._database.columns() as connection:
                    head = making.tables(connection)
                making.repositories(self._stores)
                making.home_files(self._home)
                on_part("verify")
                faults = (*damage(self._database), *making.git_faults)
                manifest = making.finish(head, faults)
                removed = _remove_older(folder, keep, begun)
                left_alone = tuple(unfinished_sets(folder))
        if not faults:
            # Whoever looks after the machine asks for the last that can be put back.
            note_backup(self._home, LastBackup(str(folder), manifest.made_at))
        return BackedUp(
            folder, manifest.name, manifest.number, manifest.hash, manifest.made_at, manifest.size_bytes,
            making.new_bytes, manifest.left_out, cleared, removed, left_alone, faults,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Head:
    number: int
    hash: str
    at: datetime
    library: str


class _Making:
    """One set under way."""

    def __init__(self, folder: Path, now: datetime, on_part: Callable[[str], None]) -> None:
        self._folder = folder
        self._newest = newest_whole(folder)
        # What was taken of a damaged database is built upon by none: its files may hold the damage.
        self._earlier = newest_sound(folder)
        self._now = now.astimezone(UTC)
        taken = (path.name for path in (folder / SETS).iterdir() if SET_NAME.fullmatch(path.name))
        self._number = 1 + max((int(name[:6]) for name in taken), default=0)
        self._name = f"{self._number:06d}-{self._now:%Y%m%dT%H%M%SZ}"
        self._on_part = on_part
        self._tables: dict[str, BackupTable] = {}
        self._contents: tuple[BackupFile, ...] = ()
        self._repositories: dict[str, BackupRepository] = {}
        self._files: dict[str, BackupFile] = {}
        self._settings: BackupFile | None = None
        self._left_out: tuple[str, ...] = ()
        self._register_number = 0
        self.git_faults: tuple[Fault, ...] = ()
        self._not_unpacked: set[str] = set()
        self.new_bytes = 0

    def begin(self, begun: "_Begun") -> None:
        """Make the set's folder, when it is noted that it is ours."""
        begun.note([self._name])
        (self._folder / SETS / self._name).mkdir(mode=0o700)
        reach("backup: begun")

    def tables(self, connection: Connection) -> _Head:
        """Write every table, in one snapshot; the first statement begins it."""
        head = _head_of(connection)
        if self._newest is not None and self._newest.library != head.library:
            raise BackupOfAnother(folder=self._folder)
        follows = self._follows(connection, head)
        for name, table in sorted(SQLModel.metadata.tables.items()):
            self._on_part(name)
            if name in GROWING:
                self._tables[name] = self._grown(connection, table, head, follows=follows)
            elif name == WORDS:
                self._tables[name] = self._words(connection, table)
            else:
                columns = tables.columns_of(table)
                rows = (tables.line_of(row, columns) for row in tables.rows_of(connection, table))
                self._tables[name] = BackupTable(columns, (self._own(f"{name}.jsonl", rows),))
        reach("backup: tables written")
        return head

    def repositories(self, stores: Mapping[str, GitStore]) -> None:
        """
        Write what is new in each repository as a bundle, and prove that it can be put together again.

        Git that cannot be read, or not unpacked, stops nothing: what is decided is in the database, and the set says what is
        the matter with the rest.
        """
        for name, store in stores.items():
            self._on_part(name)
            trial = Trial(self._folder / _TRIAL)
            try:
                self._repositories[name] = self._bundled(name, store, trial)
                numbers = _NUMBER.findall(bundles.newest_message(store, REGISTER))
                self._register_number = max([self._register_number, *(int(one) for one in numbers)])
                said = store.faults()
                if not said and (name in self._not_unpacked or self._lacks_bundle(name)):
                    # Git is whole, and the set is not a sound one all the same: it is the copy that something ails.
                    self.git_faults += (Fault(NOT_IN_SET, name),)
            except NoRoom:
                raise
            except StoreUnavailable as error:
                self._repositories.setdefault(name, BackupRepository((), {}))
                said = [str(error.places.get("detail", type(error).__name__))]
            finally:
                trial.end()
            self.git_faults += tuple(Fault("git-objects", f"{name} {line}") for line in said)
        reach("backup: bundles written")

    def home_files(self, home: Path) -> None:
        """Copy the files of the home that are not there yet, and the settings that are no secret."""
        for path in sorted((home / "files").rglob("*")):
            if path.is_file() and not path.is_symlink():
                name = path.relative_to(home).as_posix()
                self._on_part(name)
                self._files[name] = self._copied(path)
        lines, self._left_out = _open_settings((home / SETTINGS_FILE).read_text(encoding="utf-8"))
        self._settings = self._own(SETTINGS_FILE, lines)
        reach("backup: files copied")

    def finish(self, head: _Head, faults: Iterable[Fault]) -> BackupManifest:
        """Write the manifest: now there is a set."""
        manifest = BackupManifest(
            name=self._name, samrutine=version("samrutine"), schema=SCHEMA, made_at=self._now, library=head.library,
            number=head.number, hash=head.hash, decided_at=head.at, register_number=self._register_number,
            tables=self._tables, contents=self._contents, repositories=self._repositories, files=self._files,
            settings=self._settings, left_out=self._left_out, faults=tuple(sorted({one.code for one in faults})),
        )  # fmt: skip
        place = self._folder / SETS / self._name
        sync_folder(self._folder / SHARED)
        keep_file(place / MANIFEST_FILE, write_backup_manifest(manifest))
        sync_folder(self._folder / SETS)
        reach("backup: manifest written")
        return manifest

    def _follows(self, connection: Connection, head: _Head) -> bool:
        """Whether our decisions go on from those of the set before; after a restore they may have gone another way."""
        if self._earlier is None or self._earlier.number > head.number:
            return False
        number, table = self._earlier.number, _table(DecisionRow)
        return connection.scalar(select(table.c.hash).where(table.c.number == number)) == self._earlier.hash

    def _grown(self, connection: Connection, table: Table, head: _Head, *, follows: bool) -> BackupTable:
        columns = tables.columns_of(table)
        kept: tuple[BackupFile, ...] = ()
        if follows and self._earlier is not None:
            before = self._earlier.tables.get(table.name)
            if before is not None and dict(before.columns) == columns and self._are_whole(before.files):
                kept = before.files
        after = self._earlier.number if kept and self._earlier is not None else None
        if kept and after == head.number:
            return BackupTable(columns, kept)
        rows = (tables.line_of(row, columns) for row in tables.rows_of(connection, table, after=after))
        return BackupTable(columns, (*kept, self._shared(f"{table.name}-{self._number:06d}.jsonl", rows)))

    def _words(self, connection: Connection, table: Table) -> BackupTable:
        """
        Write what is said of each digest, and the bytes of those that no earlier set has.

        Words that were taken away for good must not come along in a file that an earlier set shares with us: then all
        bytes that are left are written anew.
        """
        stand = table.c.redacted_number.is_(None) & table.c.lost_number.is_(None)
        query = select(table.c.digest).where(stand).order_by(table.c.digest)
        living = set(connection.scalars(query.execution_options(yield_per=tables.ROWS_AT_ONCE)))
        before = self._earlier.contents if self._earlier is not None else ()
        held: set[str] = set()
        if before and self._are_whole(before):
            held = {digest for one in before for digest in _digests_in(self._folder / one.path)}
        kept = before if held and held <= living else ()
        known = held if kept else set()

        self._contents = kept
        if new := sorted(living - known):
            lines = _contents_of(connection, table, new)
            self._contents = (*kept, self._shared(f"words-{self._number:06d}.jsonl", lines))
        return BackupTable(tables.columns_of(table), (self._own("words.jsonl", _words_lines(connection, table)),))

    def _bundled(self, name: str, store: GitStore, trial: Trial) -> BackupRepository:
        refs = bundles.refs(store)
        before = self._earlier.repositories.get(name) if self._earlier is not None else None
        kept: tuple[BackupFile, ...] = ()
        known: set[str] = set()
        if before is not None and before.bundles and self._are_whole(before.bundles):
            old = set(before.refs.values())
            # Only what all of ours goes on from: a history that was written anew must not lean on the one before.
            if all(tip in refs.values() or _went_on(store, tip, refs.values()) for tip in old):
                if trial.takes(self._folder / one.path for one in before.bundles) and trial.holds(old):
                    kept, known = before.bundles, old
                else:
                    trial.begin()
        new = {ref: tip for ref, tip in refs.items() if tip not in known}
        if not new:
            return BackupRepository(kept, refs)
        path = f"{SHARED}/{name.removesuffix('.git')}-{self._number:06d}.bundle"
        aside = self._folder / f"{path}.new"
        found: dict[str, str] | None
        try:
            found = bundles.bundle(store, aside, new, without=[tip for tip in known if store.has_commit(tip)])
        except StoreUnavailable:
            # Nothing new but a name for what is old, which is no bundle to git; or its packs were joined meanwhile.
            kept, found = (), self._whole_bundle(store, aside, refs)
            if found is None:
                if shutil.disk_usage(self._folder).free < store.size_bytes():
                    raise NoRoom(folder=self._folder) from None
                # Named all the same: a restore says what could not come.
                return BackupRepository((), refs)
            trial.begin()
        made = BackupRepository((*kept, self._named(aside, path)), {**refs, **found})
        if not (trial.takes([self._folder / path]) and trial.holds(made.refs.values())):
            self._not_unpacked.add(name)
        return made

    def _lacks_bundle(self, name: str) -> bool:
        return bool(self._repositories[name].refs) and not self._repositories[name].bundles

    @staticmethod
    def _whole_bundle(store: GitStore, path: Path, refs: Mapping[str, str]) -> dict[str, str] | None:
        """Write all of a repository; None where git cannot read it, of which `GitStore.faults` says why."""
        try:
            return bundles.bundle(store, path, refs)
        except StoreUnavailable:
            path.unlink(missing_ok=True)
            return None

    def _copied(self, path: Path) -> BackupFile:
        """Copy a file of the home under the name of its hash, unless it lies there already, whole."""
        aside = self._folder / SHARED / "file.new"
        with Written(aside) as out, path.open("rb") as source:
            while part := source.read(1024 * 1024):
                out.write(part)
        shared = BackupFile(f"{SHARED}/file-{out.sha256}", out.size_bytes, out.sha256)
        if fault_of(self._folder, shared) is None:
            aside.unlink()
        else:
            aside.replace(self._folder / shared.path)
            self.new_bytes += shared.size_bytes
        return shared

    def _are_whole(self, files: tuple[BackupFile, ...]) -> bool:
        return len(files) < FILES_BEFORE_WHOLE and all(fault_of(self._folder, one) is None for one in files)

    def _own(self, name: str, lines: Iterable[str]) -> BackupFile:
        return self._lines(f"{SETS}/{self._name}/{name}", lines)

    def _shared(self, name: str, lines: Iterable[str]) -> BackupFile:
        return self._lines(f"{SHARED}/{name}", lines)

    def _lines(self, path: str, lines: Iterable[str]) -> BackupFile:
        rows = 0
        with Written(self._folder / path) as out:
            for line in lines:
                out.write(line.encode())
                rows += 1
        self.new_bytes += out.size_bytes
        return BackupFile(path, out.size_bytes, out.sha256, rows)

    def _named(self, aside: Path, path: str) -> BackupFile:
        """Sync a file that git wrote, and give it its name."""
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        aside.chmod(0o600)
        aside.replace(self._folder / path)
        size, digest = sha256_of(self._folder / path)
        self.new_bytes += size
        return BackupFile(path, size, digest)


def _went_on(store: GitStore, tip: str, tips: Iterable[str]) -> bool:
    """Whether one of the present tips goes on from an earlier one. Not each is a commit: what a rewriting told is a file."""
    return store.has_commit(tip) and any(store.is_ancestor(tip, new) for new in tips if store.has_commit(new))


def _head_of(connection: Connection) -> _Head:
    heads, decisions = _table(ChainHeadRow), _table(DecisionRow)
    number, link = connection.execute(select(heads.c.number, heads.c.hash)).one()
    at = connection.scalar(select(decisions.c.decided_at).where(decisions.c.number == number))
    first = connection.scalar(select(decisions.c.hash).where(decisions.c.number == 1))
    return _Head(number, link, at or datetime.fromtimestamp(0, UTC), first or "")


def _table(row: type[SQLModel]) -> Table:
    found: Table = SQLModel.metadata.tables[str(row.__tablename__)]
    return found


def _contents_of(connection: Connection, table: Table, digests: list[str]) -> Iterator[str]:
    """Give `[digest, bytes]` for digests, in their order, a hundred at a time: each may be a whole text."""
    for at in range(0, len(digests), 100):
        query = select(table.c.digest, table.c.content).where(table.c.digest.in_(digests[at : at + 100]))
        for digest, content in sorted(tuple(row) for row in connection.execute(query)):
            yield json.dumps([digest, tables.written(content, tables.BYTES)]) + "\n"


def _words_lines(connection: Connection, table: Table) -> Iterator[str]:
    """Give what is said of each digest; with the bytes only where others stand for those that were taken away or lost."""
    columns = tables.columns_of(table)
    elsewhere = {name: kind for name, kind in columns.items() if name != "content"}
    for row in tables.rows_of(connection, table, without=("content",)):
        if row["redacted_number"] is None and row["lost_number"] is None:
            yield tables.line_of(row, elsewhere)
        else:
            content = connection.scalar(select(table.c.content).where(table.c.digest == row["digest"]))
            yield tables.line_of({**row, "content": content}, columns)


def _digests_in(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield line.split('"', 2)[1]


def _open_settings(text: str) -> tuple[list[str], tuple[str, ...]]:
    """Give the lines of the settings that are no secret, and the names of those that are."""
    lines, left_out = [], []
    for key, value in tomllib.loads(text).items():
        if _is_secret(key, value):
            left_out.append(key)
        else:
            lines.append(f"{key} = {as_toml(value)}\n")
    return lines, tuple(left_out)


def _is_secret(key: str, value: object) -> bool:
    if _SECRET.search(key):
        return True
    try:
        url = make_url(value) if isinstance(value, str) and "://" in value else None
    except ArgumentError:
        return True
    return url is not None and (url.password is not None or any(_SECRET.search(name) for name in url.query))


class _Begun:
    """The sets that our last run was to make or to remove, by name, in the lock that it held: it may have been killed then."""

    def __init__(self, handle: TextIO) -> None:
        self._handle = handle
        handle.seek(0)
        self.names = [name for name in handle.read().split() if SET_NAME.fullmatch(name)]

    def note(self, names: Iterable[str]) -> None:
        """Say which sets are touched now; synced before they are."""
        self._handle.seek(0)
        self._handle.truncate()
        self._handle.write("".join(f"{name}\n" for name in names))
        self._handle.flush()
        os.fsync(self._handle.fileno())


@contextmanager
def _locked(folder: Path) -> Iterator[_Begun]:
    with (folder / _LOCK).open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupBusy(folder=folder) from error
        except OSError as error:
            raise StoreUnavailable(store=str(folder), detail=error.strerror or type(error).__name__) from error
        yield _Begun(handle)


def _clear(folder: Path, begun: _Begun) -> tuple[str, ...]:
    """Clear away the sets that our last run never finished, and what no set needs."""
    unfinished = [name for name in unfinished_sets(folder) if name in begun.names]
    for name in unfinished:
        shutil.rmtree(folder / SETS / name)
    _remove_unneeded(folder)
    return tuple(unfinished)


def _remove_older(folder: Path, keep: int | None, begun: _Begun) -> tuple[str, ...]:
    if keep is None:
        return ()
    sets = finished_sets(folder)
    kept = sets[-max(1, keep) :]
    sound = newest_sound(folder)
    # One that was taken of a damaged database must not push the last sound one out.
    older = [name for name in sets if name not in kept and (sound is None or name != sound.name)]
    begun.note(older)
    for name in older:
        # The manifest first: what is left of a set without one is litter, and the next run clears it.
        (folder / SETS / name / MANIFEST_FILE).unlink(missing_ok=True)
        sync_folder(folder / SETS / name)
        shutil.rmtree(folder / SETS / name)
    _remove_unneeded(folder)
    return tuple(older)


def _remove_unneeded(folder: Path) -> None:
    """Remove shared files of ours that no set names; nothing while a manifest cannot be read, since it may name them."""
    found = whole_sets(folder)
    if found.damaged or unfinished_sets(folder):
        return
    needed = {one.path for manifest in found.manifests for one in manifest.all_files()}
    for path in (folder / SHARED).iterdir():
        if _SHARED_NAME.fullmatch(path.name) and f"{SHARED}/{path.name}" not in needed:
            path.unlink()
