"""
A home from nothing but a copy of the repository: for whoever has lost the database and every backup of it.

The home is put together beside its place and gets its name when it is whole, so that what is refused or killed in the
middle leaves no home. A database that was named must be empty, and all of the register is read and checked before anything is
written there. In it the rows are one transaction; a second call knows them by a token that lies beside the place, and goes on.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from samrutine.errors import BackupBusy, HomeExists, RegisterBroken
from samrutine.recovery import under_way
from samrutine.recovery.apart import require_in_no_home
from samrutine.recovery.from_register import (
    Noted,
    Recovered,
    Stores,
    Witnesses,
    read_register,
    rebuild,
    require_words,
)
from samrutine.recovery.from_register_tables import EXPLAINS
from samrutine.recovery.under_way import Asked
from samrutine.settings import Settings, database_url
from samrutine.storage import bundles
from samrutine.storage.durable import sync_folder, sync_tree
from samrutine.storage.git import CHECKPOINTS, MAIN, REGISTER, GitStore
from samrutine.storage.sql import Database
from samrutine.storage.steps import reach

if TYPE_CHECKING:
    from samrutine.projections.faults import Fault
    from samrutine.recovery.restore import OpenedHome, OpenHome

LIBRARY: Final = "library.git"
RESTRICTED: Final = "restricted.git"
ASIDE: Final = ".from-register"
"""What is added to the home's name while it is put together."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """
    A home was put together from the register, or would have been.

    Attributes:
        home: Where it is; None for a dry run.
        recovered: Which decisions came back, what was ended, and what does not come back.
        restricted: Whether the repository of what is exempt from public access was there.
        decisions: How many there are now.
        versions: How many of them are versions of routines.
        faults: What `verify` says.
        unexplained: Those of the faults that do not follow from what does not come back; empty is as it should be.
    """

    home: Path | None
    recovered: Recovered
    restricted: bool
    decisions: int
    versions: int
    faults: tuple["Fault", ...]
    unexplained: tuple["Fault", ...]

    @property
    def is_sound(self) -> bool:
        """Whether all that the register knows came back."""
        return not self.unexplained


@dataclass(frozen=True, slots=True)
class Source:
    """Where the copy is: the shared repository, and the restricted one when it is there."""

    library: Path
    restricted: Path | None = None

    @classmethod
    def at(cls, place: Path, restricted: Path | None = None) -> "Source":
        """
        Find the repositories: in a home, in a bare copy, or in an ordinary clone.

        Raises:
            RegisterBroken: There is no repository.
        """
        found = _repository(place / LIBRARY) or _repository(place)
        if found is None:
            raise RegisterBroken(what="repository", where=place)
        if restricted is None:
            return cls(found, _repository(place / RESTRICTED))
        apart = _repository(restricted / RESTRICTED) or _repository(restricted)
        if apart is None:
            raise RegisterBroken(what="repository", where=restricted)
        return cls(found, apart)


MakeFolder = Callable[[Path], None]


def rebuild_home(
    source: Source, home: Path, *, make: MakeFolder, open_home: "OpenHome", settings: Settings, witnesses: Witnesses,
    now: datetime, witness: str | None = None, dry_run: bool = False, on_part: Callable[[str], None],
) -> Rebuilt:  # fmt: skip
    """
    Put a home together from a copy of the repository.

    Args:
        source: The copy; only read from.
        home: Does not exist, or is an empty folder.
        make: Makes a folder with settings and repositories, and no database.
        open_home: Opens it.
        settings: What the home's settings will be. A dry run opens no database that they name, and looks whether it is empty.
        witnesses: Gives what signed checkpoints name.
        witness: As `read_register`.
        dry_run: Do it all somewhere else and throw it away: say what would come.
        on_part: Told the name of each part as it is begun.

    Raises:
        HomeExists: The home holds something.
        Refused: The home would lie in another.
        BackupBusy: Somebody else puts the same home together.
        RegisterBroken: The register is not whole, or lacks a decision that a signed checkpoint beside it names. There is no
            home.
        DatabaseNotEmpty: The database that was named holds something. Nothing was written there.
    """
    named = _Named(home, settings.database_url) if settings.database_url else None
    if dry_run:
        settings = settings.model_copy(update={"database_url": ""})
    with _place(home, dry_run=dry_run, done=named.done if named else _nothing) as place:
        if named is not None:
            named.require_ours_or_empty()
        make(place)
        store, restricted = GitStore(place / LIBRARY), GitStore(place / RESTRICTED)
        on_part(LIBRARY)
        bundles.fetch(store, source.library, (MAIN, REGISTER, CHECKPOINTS))
        bundles.explain_as(store, source.library)
        if source.restricted is not None:
            on_part(RESTRICTED)
            bundles.fetch(restricted, source.restricted, (MAIN,))
            bundles.explain_as(restricted, source.restricted)
        reach("rebuild: git fetched")
        stores, noted = Stores(store, restricted if source.restricted else None), tuple(witnesses(store))
        if named is not None and not dry_run:
            # What is thrown away with the folder need not be asked twice.
            require_words(store, read_register(store, witness=witness, noted=noted))
            named.make_tables()
        else:
            _migrated(database_url(place, settings))
        opened = open_home(place, settings)
        try:
            rebuilt = _fill(opened, stores, now, witness, noted, on_part)
        finally:
            opened.close()
        reach("rebuild: projected")
    recovered, decisions, versions, faults = rebuilt
    explained = {code for one in recovered.not_back for code in EXPLAINS.get(one.what, ())}
    left = tuple(
        one for one in faults
        if one.code not in explained and not (source.restricted is None and _is_of_restricted(one))
    )  # fmt: skip
    return Rebuilt(
        None if dry_run else home, recovered, source.restricted is not None, decisions, versions, faults, left
    )  # fmt: skip


def _is_of_restricted(fault: "Fault") -> bool:
    """Whether a checkpoint names a commit in the repository of what is exempt, which nobody has where that is not there."""
    return fault.code == "checkpoint-branch" and fault.detail.split()[1:2] == ["restricted"]


def _fill(
    opened: "OpenedHome",
    stores: Stores,
    now: datetime,
    witness: str | None,
    noted: tuple[Noted, ...],
    on_part: Callable[[str], None],
) -> tuple[Recovered, int, int, tuple["Fault", ...]]:
    # Imported here: whoever only reads a register does without.
    from samrutine.projections.repair import repair

    on_part("database")
    recovered = rebuild(opened.database, stores, now=now, witness=witness, noted=noted)
    reach("rebuild: database made")
    on_part("verify")
    repair(opened.projections)
    found = opened.verified(looks_outside=False)
    return recovered, found.decisions, found.versions, tuple(found.faults)


class _Named:
    """A database that somebody named: ours to fill when it is empty, or was begun by an earlier try to make the same home."""

    def __init__(self, home: Path, url: str) -> None:
        self._aside = _aside(home)
        self._url = url
        self._asked = Asked.to_rebuild(url)

    def require_ours_or_empty(self) -> None:
        """Refuse it when it holds anything else; changes nothing."""
        with _opened(self._url) as database:
            under_way.require_ours_or_empty(database, under_way.token_of(self._aside, self._asked))

    def make_tables(self) -> None:
        """Put the tables in, and note whose they are."""
        with _opened(self._url) as database:
            under_way.make_tables(self._aside, database, self._asked)

    def done(self) -> None:
        """Forget that it was begun: the home is there."""
        with _opened(self._url) as database:
            under_way.end(self._aside, database)


def _nothing() -> None:
    """Have nothing to forget."""


def _migrated(url: str) -> None:
    with _opened(url) as database:
        database.migrate()


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def _aside(home: Path) -> Path:
    """Give the folder in which a home is put together."""
    return home.with_name(home.name + ASIDE)


@contextmanager
def _place(home: Path, *, dry_run: bool, done: Callable[[], None]) -> Iterator[Path]:
    """Give a folder to put the home together in; it gets the home's name at the end, unless it is only to be looked at."""
    _require_nothing_at(home)
    if dry_run:
        with tempfile.TemporaryDirectory(prefix="samrutine-") as folder:
            yield Path(folder) / "home"
        return
    with _alone(_aside(home)) as aside:
        # Whoever held it until now may have made the home.
        _require_nothing_at(home)
        yield aside / home.name
        try:
            sync_tree(aside / home.name, without=frozenset({"index"}))
            (aside / home.name).rename(home)
            sync_folder(home.parent)
        except OSError as error:
            raise HomeExists(home=home) from error
        done()


def _require_nothing_at(home: Path) -> None:
    require_in_no_home(home)
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise HomeExists(home=home)


@contextmanager
def _alone(aside: Path) -> Iterator[Path]:
    """
    Give a folder that nobody else works in, empty; it is gone afterwards.

    What a killed process left in it is removed, but for the note of a database that was begun: it stays until that is done. The lock is on the folder itself, so that nothing of it can be left behind.
    """
    aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(aside, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError as error:
        raise BackupBusy(folder=aside) from error
    if not _is_held(handle, aside):
        os.close(handle)
        raise BackupBusy(folder=aside)
    try:
        _clear(aside)
        yield aside
    finally:
        _clear(aside)
        with suppress(OSError):
            aside.rmdir()
        os.close(handle)


def _clear(aside: Path) -> None:
    for left in aside.iterdir():
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


def _is_held(handle: int, folder: Path) -> bool:
    """Whether we have the lock of a folder, and it is the folder of that name still: whoever had it may have removed it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(handle), folder.stat())
    except (BlockingIOError, FileNotFoundError):
        return False


def _repository(place: Path) -> Path | None:
    for folder in (place, place / ".git"):
        if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
            return folder
    return None
