"""Make a home: its folder, its settings, its repositories and its database."""

from pathlib import Path
from typing import Final

from samrutine.errors import HomeExists
from samrutine.settings import SETTINGS_FILE, Settings, read_settings
from samrutine.settings import database_url as _database_url
from samrutine.storage.durable import keep_file, make_folders, sync_folder
from samrutine.storage.sql import Database

REPOSITORY: Final = "library.git"
RESTRICTED: Final = "restricted.git"
OWN_NAMES: Final = frozenset(
    {
        *(
            SETTINGS_FILE,
            f"{SETTINGS_FILE}.new",
            "samrutine.db",
            "samrutine.db-wal",
            "samrutine.db-shm",
            "index",
            "files",
            "projector.lock",
        ),
        *(REPOSITORY, f"{REPOSITORY}.new", RESTRICTED, f"{RESTRICTED}.new", "restored.json"),
        *("last-backup.json", "last-backup.json.new", "second-step.key"),
    }
)


def make_home(home: Path, *, address: str | None, database_url: str | None) -> None:
    """
    Make the folder, its settings, its repository and its database. What is there already is left as it is.

    Raises:
        HomeExists: The folder holds something that is not ours.
        DatabaseNotEmpty: The database that was named holds something. Nothing was written there or here.
    """
    from samrutine.recovery.under_way import require_empty

    _require_own(home)
    is_new = not (home / SETTINGS_FILE).exists()
    named = chosen_settings(address, database_url) if is_new else read_settings(home)
    database = Database(_database_url(home, named))
    try:
        # Where the settings stand, an earlier call found it empty and may have made the tables.
        has_tables = not is_new and "alembic_version" in database.table_names()
        if named.database_url and not has_tables:
            require_empty(database)
        make_folder(home, address=address, database_url=database_url)
        if has_tables:
            database.require_schema()
        else:
            database.migrate()
        sync_folder(home)
    finally:
        database.close()


def chosen_settings(address: str | None, database_url: str | None) -> Settings:
    """Give the settings that a new home will have, as the environment lets them be."""
    return Settings(address=address or "", database_url=database_url or "")


def make_folder(home: Path, *, address: str | None, database_url: str | None) -> None:
    """
    Make the folder, its settings and its repositories, and no database. What is there already is left as it is.

    Raises:
        HomeExists: The folder holds something that is not ours.
    """
    _require_own(home)
    # Names, drafts and exempt texts lie here: nobody but its owner needs to enter.
    make_folders(home, 0o700)
    settings = home / SETTINGS_FILE
    if not settings.exists():
        lines = [
            f"{key} = {_toml(value)}" for key, value in (("address", address), ("database_url", database_url)) if value
        ]
        keep_file(settings, "".join(f"{line}\n" for line in lines).encode())
    (home / "files").mkdir(exist_ok=True)
    from samrutine.storage.git import GitStore

    GitStore(home / REPOSITORY).create()
    GitStore(home / RESTRICTED).create()
    sync_folder(home)


def _require_own(home: Path) -> None:
    if home.exists() and (not home.is_dir() or {path.name for path in home.iterdir()} - OWN_NAMES):
        raise HomeExists(home=home)


def _toml(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
