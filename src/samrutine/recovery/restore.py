"""
Put a backup back, into an empty home.

The order: every file of the set is read and hashed; then a marker says that a restore is under way; then the database,
in one transaction; then git; then what is repeated is brought up to date and everything is verified; and last the marker
becomes the home's settings, by rename. Until then the folder is no home, and `Library.open` says so. Killed anywhere, the
same call begins anew in the home; in PostgreSQL it goes on with the rows that it put in, which it knows by a token, and never
removes any. It answers the same however often it was killed: what it answers stands in the chain, or is kept beside the rows.
"""

import fcntl
import json
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from sqlalchemy import Connection

from samrutine.errors import BackupBusy, BackupDamaged, BackupTooNew, HomeExists, NoRoom
from samrutine.publishing.paused import PausedTarget
from samrutine.recovery import under_way
from samrutine.recovery.ahead import MissingDecision, beyond, read_ahead, taken_after
from samrutine.recovery.apart import require_apart, require_in_no_home
from samrutine.recovery.erasures import LaterErasure, later_erasures, not_done_here
from samrutine.recovery.files import room_on
from samrutine.recovery.from_register import Stores, Witnesses, is_written_anew, read_register, take_missing
from samrutine.recovery.from_register_home import Source
from samrutine.recovery.from_register_links import Link
from samrutine.recovery.loading import load_set, rows_in
from samrutine.recovery.manifest import BackupFile, BackupManifest
from samrutine.recovery.outside import end_sessions, named_now, pause_targets, void_links
from samrutine.recovery.sets import chosen_set, faults_of, instead_of
from samrutine.recovery.trial import holds_all, lacks_room
from samrutine.recovery.under_way import RESTORING, Asked
from samrutine.settings import (
    DATABASE_FILE,
    SETTINGS_FILE,
    Settings,
    as_toml,
    database_url,
    read_settings,
    require_not_overruled,
)
from samrutine.storage import bundles
from samrutine.storage.durable import Written, keep_file, make_folders, sync_folder, sync_tree
from samrutine.storage.git import MAIN, REGISTER, GitStore
from samrutine.storage.sql import SCHEMA, Database
from samrutine.storage.steps import reach

if TYPE_CHECKING:
    from samrutine.projections.service import Projections
    from samrutine.projections.verify import Fault, Verified

MARKER: Final = f"{SETTINGS_FILE}.restoring"
"""Lies in a home while a backup is put back, and becomes its settings when that is done."""
RESTORED: Final = "restored.json"
"""Says which set a home was put back from, and what came of it."""
ROOM_NEEDED: Final = 3
"""How many times the size of a set a restore needs: rows, their indexes and journal, git, and the search index."""

_MADE_ANEW: Final = frozenset({"index"})
_FOLDERS: Final = ("library.git", "library.git.new", "restricted.git", "restricted.git.new", "index", "files")
_FILES: Final = (
    *(DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm", f"{DATABASE_FILE}-journal"),
    *("projector.lock", RESTORED, f"{RESTORED}.new", f"{RESTORING}.new"),
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

    def verified(self, *, looks_outside: bool) -> "Verified":
        """Check every promise that can be checked."""
        ...

    def close(self) -> None:
        """Give back connections and files."""
        ...


OpenHome = Callable[[Path, Settings], OpenedHome]


@dataclass(frozen=True, slots=True)
class Restored:
    """
    A backup is put back. `number` and `hash` are the set's newest decision.

    `schema` is the one the backup was taken at. `missing` are decisions that the register has and the set has not;
    `taken` says that they were taken from it, and `ended` are the proposals that could not go on then. `erase_again` are
    erasures that were decided after the backup was taken and are not in it: whom and what they were about is back, and
    must be erased again; the rows say so, whether or not the decision came back. `unread` are newer sets that could not be
    asked for such, for they are damaged. `not_in_git` are branches and tags that the set names and that could not be unpacked, by
    repository: signed checkpoints, and what was set aside. `void_links` personal links to hearings
    open nothing any more. `paused` are the targets to which nothing is published until somebody has looked. `faults` is what
    `verify` says now; empty is sound.
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
    unread: tuple[str, ...] = ()
    not_in_git: tuple[str, ...] = ()
    is_repeat: bool = False


class Restore:
    """
    Putting one set back into one home.

    Args:
        folder: The backup's folder.
        home: Does not exist, or is empty, or was begun by an earlier call.
        name: The set; the newest when None.
        url: An empty PostgreSQL database; SQLite in the home when None.
        register: A home, a repository or a clone whose register may be newer than the set's.
        from_register: Take the decisions that the register has and the set lacks. Else they are listed, and what the branches
            have more is set aside.
        witnesses: Gives what signed checkpoints name: each of these decisions must be on the register.
    """

    def __init__(
        self, folder: Path, home: Path, *, name: str | None, url: str | None, register: Path | None, from_register: bool,
        witnesses: Witnesses,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.home = home
        self.manifest = chosen_set(folder, name)
        if self.manifest.schema > SCHEMA:
            raise BackupTooNew(backup=self.manifest.name, found=self.manifest.schema, known=SCHEMA)
        self._url = url
        self._register = register
        self._witnesses = witnesses
        self.takes = from_register
        self.asked = Asked.of(self.manifest, url, register, from_register=from_register)
        self.needed_bytes = self.manifest.size_bytes * ROOM_NEEDED

    def settings(self) -> Settings:
        """Give the settings that the home will have: the set's, with the database that was named."""
        return Settings(**self._settings_values())

    def run(self, open_home: OpenHome, *, now: datetime, on_part: Callable[[str], None]) -> Restored:
        """
        Put the set back.

        Args:
            open_home: Opens the home before it has its settings.

        Raises:
            Refused: The home would lie among the backups, or in another home.
            HomeExists: The home holds a library, or something else; also one that was put back when something else was asked.
            BackupDamaged: A file of the set is not as it was written. Nothing was put back.
            NoRoom: The disk has too little room.
            DatabaseNotEmpty: The database that was named holds something.
            BackupBusy: Another restore into the home is under way.
            RegisterBroken, NotThisRegister: The register that was named is not there, is not whole, is another library's, or
                went another way. Nothing was put back.
        """
        if (before := self._done_before(open_home)) is not None:
            return before
        self.require_apart()
        self.require_empty_home()
        self.require_whole()
        if self._kept_answer() is None:
            self.ahead()
        with room_on(self.home):
            self.require_room()
            self.require_empty_database()
            # Names, drafts and exempt texts will lie here: nobody but its owner needs to enter.
            make_folders(self.home, 0o700)
            self.home.chmod(0o700)
            with self._marked():
                restored = self._answered(open_home) or self._put_back(open_home, now, on_part)
                # Names too, of all that was written: whoever is answered may remove the backup.
                sync_tree(self.home, without=_MADE_ANEW)
                with self._database() as database:
                    under_way.end(self.home, database)
                (self.home / MARKER).rename(self.home / SETTINGS_FILE)
                sync_folder(self.home)
                reach("restore: done")
        return restored

    def ahead(self) -> tuple[Link, ...]:
        """
        Give what the register that was named has beyond the set, when all of it is read and checked; changes nothing.

        Raises:
            RegisterBroken, NotThisRegister: As `run`.
        """
        if self._register is None:
            return ()
        known = self._words_kept if self.takes else None
        return read_ahead(self._register, self.manifest, self._hash_at, witnesses=self._witnesses, known=known)

    def require_apart(self) -> None:
        """Refuse a home among the backups, or in another home."""
        require_apart(self.folder, self.home)
        require_in_no_home(self.home)

    def require_whole(self) -> None:
        """Read and hash every file of the set before anything is written."""
        for path, why in faults_of(self.folder, self.manifest):
            raise instead_of(self.folder, self.manifest.name, BackupDamaged(file=self.folder / path, why=why))

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
        if self.settings().database_url and self._kept_answer() is None:
            with self._database() as database:
                under_way.require_ours_or_empty(database, under_way.token_of(self.home, self.asked))

    def _settings_values(self) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        if self.manifest.settings is not None:
            kept = tomllib.loads((self.folder / self.manifest.settings.path).read_text(encoding="utf-8"))
        known = {name: value for name, value in kept.items() if name in Settings.model_fields}
        known.pop("database_url", None)  # where the old one was; the new one is where whoever restores says
        if self._url is not None:
            known["database_url"] = self._url
            require_not_overruled(Settings(**known), self._url)
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

    def _put_back(self, open_home: OpenHome, now: datetime, on_part: Callable[[str], None]) -> Restored:
        """Do all but to make the folder a home, and keep what is to be answered."""
        token = under_way.begin(self.home, self.asked)
        self._clear()
        reach("restore: begun")
        with self._database() as database:
            if not under_way.require_ours_or_empty(database, token):
                load_set(database, self.folder, self.manifest, token=token, on_part=on_part)
        reach("restore: database made")
        self._put_git_back(on_part)
        self._put_files_back()
        reach("restore: git put back")
        opened = open_home(self.home, self.settings())
        try:
            restored = self._finish(opened, now)
        finally:
            opened.close()
        reach("restore: projected")
        keep_file(self.home / RESTORED, _record(self.asked, restored))
        reach("restore: answered")
        return restored

    @contextmanager
    def _database(self) -> Iterator[Database]:
        database = Database(database_url(self.home, self.settings()))
        try:
            yield database
        finally:
            database.close()

    def _hash_at(self, number: int) -> str | None:
        rows = rows_in(self.folder, self.manifest, "decision")
        return next((str(row["hash"]) for row in rows if row["number"] == number), None)

    def _words_kept(self) -> set[str]:
        """Give the digests of the words that the set has."""
        rows = rows_in(self.folder, self.manifest, "words")
        return {str(row["digest"]) for row in rows if row["redacted_number"] is None and row["lost_number"] is None}

    def _put_git_back(self, on_part: Callable[[str], None]) -> None:
        source = Source.at(self._register) if self._register is not None else None
        others = {"library.git": source.library, "restricted.git": source.restricted} if source is not None else {}
        for name in ("library.git", "restricted.git"):
            store = GitStore(self.home / name)
            store.create()
            kept = self.manifest.repositories.get(name)
            if kept is not None:
                on_part(name)
                for bundle in kept.bundles:
                    # One that cannot be unpacked keeps nothing else from coming: what is decided stands in the database. Where
                    # git was killed, or the disk is full, nobody knows: the same call begins anew.
                    path = self.folder / bundle.path
                    if not bundles.is_taken_in(store, path) and path.exists() and lacks_room(store.folder, path):
                        raise NoRoom(folder=self.home)
                bundles.put_refs(store, _whole_refs(store, kept.refs))
            if (other := others.get(name)) is not None:
                bundles.go_forward_as(store, other)

    def _put_files_back(self) -> None:
        (self.home / "files").mkdir(exist_ok=True)
        for name, file in self.manifest.files.items():
            place = self.home / name
            place.parent.mkdir(parents=True, exist_ok=True)
            _copy(self.folder, file, place)

    def _finish(self, opened: OpenedHome, now: datetime) -> Restored:
        # Imported here: a preview does without.
        from samrutine.projections.repair import repair

        links = self._beyond(opened)
        lacking, ended = tuple(MissingDecision.of(one) for one in links), tuple[str, ...]()
        if self.takes and links:
            lacking, ended = self._take(opened, links, now)
        else:
            # Signed for decisions that are not here, they would be faults for ever, and nothing could be signed after them.
            bundles.leave_checkpoints_after(opened.store, self.manifest.number)
        bundles.leave_theirs(opened.store)
        bundles.leave_theirs(opened.restricted)
        later = later_erasures(self.folder, self.manifest, links)
        left = not_done_here(opened.database, later.found)
        # After what was taken from the register: targets may have come with it.
        void, paused = self._distrust_outside(opened.database, now)
        repair(opened.projections, sets_decisions_aside=True)
        verified = opened.verified(looks_outside=False)
        rows = {name: table.rows for name, table in self.manifest.tables.items()}
        return Restored(
            self.home, self.manifest.name, self.manifest.number, self.manifest.hash, self.manifest.schema, rows,
            lacking, self.takes and bool(lacking), ended, left, void, paused, tuple(verified.faults), later.unread,
            self._not_in_git(opened),
        )  # fmt: skip

    def _beyond(self, opened: OpenedHome) -> tuple[Link, ...]:
        """Give what the register has beyond the set: the set's own, or the one that was named where that goes further."""
        if self._register is None and self.manifest.register_number <= self.manifest.number:
            return ()
        if opened.store.tip(bundles.newest(opened.store, REGISTER)) is None:
            # It could not be unpacked, as is said: `repair` makes it of the database.
            return ()
        return beyond(read_register(opened.store, noted=self._witnesses(opened.store)), self.manifest, self._hash_at)

    def _not_in_git(self, opened: OpenedHome) -> tuple[str, ...]:
        """Name what the set's branches and tags led to and is not here, but for what was made again from the decisions."""
        found = []
        for name, store in (("library.git", opened.store), ("restricted.git", opened.restricted)):
            kept = self.manifest.repositories.get(name)
            refs = dict(kept.refs) if kept is not None else {}
            here = set(store.holds(sorted(set(refs.values()))))
            made = {MAIN} if self.manifest.register_number > self.manifest.number else {MAIN, REGISTER}
            found += [f"{name} {ref}" for ref, tip in sorted(refs.items()) if tip not in here and ref not in made]
        return tuple(found)

    def _take(
        self, opened: OpenedHome, links: tuple[Link, ...], now: datetime
    ) -> tuple[tuple[MissingDecision, ...], tuple[str, ...]]:
        """Take the decisions that are missing, unless an earlier try did; gives them, and the proposals that were ended."""
        if is_written_anew(links):
            bundles.take_theirs(opened.store)
            bundles.take_theirs(opened.restricted)
        if taken_after(opened.database, self.manifest.number) is None:
            take_missing(opened.database, Stores(opened.store, opened.restricted), now=now)
        return taken_after(opened.database, self.manifest.number) or ((), ())

    def _distrust_outside(self, database: Database, now: datetime) -> tuple[int, tuple[PausedTarget, ...]]:
        """Let no link open anything and pause every target, once; gives what was open, and what waits."""

        def do(connection: Connection) -> list[Any]:
            end_sessions(connection)
            void, paused = void_links(connection, now), pause_targets(connection, self.manifest, now)
            return [void, [[one.municipality, one.target, one.name, one.paused_at.isoformat()] for one in paused]]

        void, paused = under_way.once(database, "outside", do)
        return void, tuple(
            PausedTarget(town, target, name, datetime.fromisoformat(at)) for town, target, name, at in paused
        )

    def _done_before(self, open_home: OpenHome) -> Restored | None:
        """Give what an earlier call answered, or would have; and verify again: much may have happened since."""
        if not (self.home / SETTINGS_FILE).is_file() or (kept := self._kept_answer()) is None:
            return None
        return self._verified(kept, open_home(self.home, read_settings(self.home)))

    def _answered(self, open_home: OpenHome) -> Restored | None:
        """Give what an earlier try would have answered, had it not been killed when all was done."""
        kept = self._kept_answer()
        return self._verified(kept, open_home(self.home, self.settings())) if kept is not None else None

    @staticmethod
    def _verified(restored: Restored, opened: OpenedHome) -> Restored:
        try:
            return replace(
                restored, faults=tuple(opened.verified(looks_outside=False).faults),
                paused=named_now(opened.database, restored.paused),
            )  # fmt: skip
        finally:
            opened.close()

    def _kept_answer(self) -> Restored | None:
        """Read what was answered when just this was asked; None when it was something else, or nothing yet."""
        try:
            kept = json.loads((self.home / RESTORED).read_bytes())
            return _read_record(kept, self.manifest, self.home) if kept["asked"] == self.asked.as_json() else None
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _whole_refs(store: GitStore, refs: Mapping[str, str]) -> dict[str, str]:
    """Give the branches and tags of which all came along: in most cases all of them, so they are asked for together first."""
    if holds_all(store, refs.values()):
        return dict(refs)
    return {ref: tip for ref, tip in refs.items() if holds_all(store, [tip])}


def _copy(folder: Path, file: BackupFile, place: Path) -> None:
    with Written(place) as out, (folder / file.path).open("rb") as source:
        while part := source.read(1024 * 1024):
            out.write(part)


def _record(asked: Asked, restored: Restored) -> bytes:
    """Keep what was answered, so that whoever did not get the answer gets it when they ask again."""
    return (
        json.dumps(
            {
                "backup": restored.name,
                "asked": asked.as_json(),
                "rows": dict(restored.rows),
                "taken": restored.taken,
                "missing": [
                    [one.number, one.kind, one.body, one.at.isoformat(), dict(one.facts)] for one in restored.missing
                ],
                "ended": list(restored.ended),
                "erase_again": [[one.number, one.kind, one.about, one.hash, one.names] for one in restored.erase_again],
                "unread": restored.unread,
                "not_in_git": restored.not_in_git,
                "void_links": restored.void_links,
                "paused": [[one.municipality, one.target, one.paused_at.isoformat()] for one in restored.paused],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    ).encode()


def _read_record(kept: Mapping[str, Any], manifest: BackupManifest, home: Path) -> Restored:
    return Restored(
        home, manifest.name, manifest.number, manifest.hash, manifest.schema, kept["rows"],
        tuple(
            MissingDecision(number, kind, body, datetime.fromisoformat(at), facts)
            for number, kind, body, at, facts in kept["missing"]
        ),
        kept["taken"], tuple(kept["ended"]),
        tuple(LaterErasure(number, kind, about, link, tuple(names)) for number, kind, about, link, names in kept["erase_again"]),
        kept["void_links"],
        # The target's name is left out of the record: it is free text, and `named_now` asks the database for it.
        tuple(PausedTarget(town, target, "", datetime.fromisoformat(at)) for town, target, at in kept["paused"]),
        (), tuple(kept["unread"]), tuple(kept.get("not_in_git", ())), is_repeat=True,
    )  # fmt: skip
