"""
A restore under way, as the home and the database each know of it: which one it is, and what it has answered so far.

A database that somebody names must be empty: whatever it holds is somebody's, and is neither removed nor written among. But rows in
PostgreSQL outlive a kill, and are never removed to make room. So a later try must know them for its own: the home holds
what was asked and a token, and the database the same token, in a table that is there only until the restore is done. What would
be answered otherwise a second time is kept in that table, in the transaction that does it.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self
from uuid import uuid4

from sqlalchemy import Column, Connection, MetaData, Table, Text, select

from samrutine.errors import DatabaseNotEmpty
from samrutine.recovery.manifest import BackupManifest, write_backup_manifest
from samrutine.storage.durable import keep_file
from samrutine.storage.sql import Database, translated

RESTORING: Final = "restoring.json"
"""Lies in a home while a backup is put back: what was asked, and the token."""

# Not among the library's own tables: no library that somebody uses has it.
_TABLE: Final = Table(
    "restore_under_way", MetaData(), Column("name", Text, primary_key=True), Column("value", Text, nullable=False)
)
_TOKEN: Final = "token"  # noqa: S105  no secret: it tells one restore from another


@dataclass(frozen=True, slots=True)
class Asked:
    """What a restore was asked to do. The set and the database stand as hashes: a URL may hold a password."""

    manifest: str
    database: str | None
    register: str | None
    from_register: bool

    @classmethod
    def of(cls, manifest: BackupManifest, url: str | None, register: Path | None, *, from_register: bool) -> Self:
        """Tell what was asked."""
        return cls(
            hashlib.sha256(write_backup_manifest(manifest)).hexdigest(),
            hashlib.sha256(url.encode()).hexdigest() if url is not None else None,
            str(register) if register is not None else None,
            from_register,
        )

    @classmethod
    def to_rebuild(cls, url: str) -> Self:
        """Tell that a library was to be put together in a database from its register alone, from whichever copy of it."""
        return cls("", hashlib.sha256(url.encode()).hexdigest(), None, from_register=True)

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return asdict(self)


def token_of(home: Path, asked: Asked) -> str | None:
    """Give the token of an earlier try in a home, that was asked the very same; None when there is none."""
    try:
        kept = json.loads((home / RESTORING).read_bytes())
        return str(kept["token"]) if kept["asked"] == asked.as_json() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def begin(home: Path, asked: Asked) -> str:
    """Note in a home what is asked, and give the token: an earlier try's, when it was asked the same."""
    token = token_of(home, asked) or uuid4().hex
    keep_file(home / RESTORING, json.dumps({"token": token, "asked": asked.as_json()}, indent=1).encode())
    return token


def require_empty(database: Database) -> None:
    """
    Refuse a database that holds tables.

    Raises:
        DatabaseNotEmpty: It does; nothing is ever removed from one to make room.
    """
    if database.table_names():
        raise DatabaseNotEmpty(database=database.engine.url.render_as_string(hide_password=True))


def require_ours_or_empty(database: Database, token: str | None) -> bool:
    """
    Refuse a database that holds anything, but for what an earlier try put into it.

    Returns:
        Whether one did.

    Raises:
        DatabaseNotEmpty: It holds something else.
    """
    if is_ours(database, token):
        return True
    require_empty(database)
    return False


def make_tables(folder: Path, database: Database, asked: Asked) -> None:
    """
    Put this release's tables into a database that was named, and note in a folder and there whose they are.

    Raises:
        DatabaseNotEmpty: It holds something that no earlier try of the same put there.
    """
    if not require_ours_or_empty(database, token_of(folder, asked)):
        token = begin(folder, asked)
        with translated(), database.engine.execution_options(samrutine_writes=True).begin() as connection:
            database.migrate_on(connection, "head")
            begin_on(connection, token)


def begin_on(connection: Connection, token: str) -> None:
    """Mark a database that is being filled, in the transaction that fills it."""
    _TABLE.create(connection)
    connection.execute(_TABLE.insert().values(name=_TOKEN, value=token))


def is_ours(database: Database, token: str | None) -> bool:
    """Whether a database was filled by the restore that has this token, which is not done."""
    if token is None or _TABLE.name not in database.table_names():
        return False
    with translated(), database.engine.connect() as connection:
        return connection.scalar(select(_TABLE.c.value).where(_TABLE.c.name == _TOKEN)) == token


def once(database: Database, name: str, do: Callable[[Connection], Any]) -> Any:
    """
    Do something to the database once, however often the restore is begun, and give what it answered then.

    Args:
        do: What is done; answers as JSON can hold it.
    """
    with translated(), database.engine.execution_options(samrutine_writes=True).begin() as connection:
        kept = connection.scalar(select(_TABLE.c.value).where(_TABLE.c.name == name))
        if kept is None:
            kept = json.dumps(do(connection))
            connection.execute(_TABLE.insert().values(name=name, value=kept))
        return json.loads(kept)


def end(home: Path, database: Database) -> None:
    """Forget it: all is done, and answered."""
    with translated(), database.engine.execution_options(samrutine_writes=True).begin() as connection:
        _TABLE.drop(connection, checkfirst=True)
    (home / RESTORING).unlink(missing_ok=True)
