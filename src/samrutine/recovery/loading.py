"""Make a database again from a backup set: at the set's schema, its rows put in, brought up to this release; at once."""

import heapq
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table
from sqlmodel import SQLModel

from samrutine.errors import BackupDamaged, BackupTooNew
from samrutine.recovery import tables, under_way
from samrutine.recovery.manifest import BackupManifest
from samrutine.storage.rows import DeadLetterRow, OutboxPositionRow
from samrutine.storage.rows.chain import BRANCH_CONSUMERS
from samrutine.storage.sql import Database, translated
from samrutine.storage.steps import reach


def load_set(
    database: Database, folder: Path, manifest: BackupManifest, *, token: str, on_part: Callable[[str], None]
) -> None:
    """
    Put a set's rows into an empty database, in one transaction: all of it is there afterwards, or nothing.

    Args:
        token: By which a later try knows the rows for its own, see `under_way`.
    """
    with translated(), database.engine.execution_options(samrutine_writes=True).begin() as connection:
        database.migrate_on(connection, manifest.schema)
        known = MetaData()
        known.reflect(connection)
        _require_known(manifest, known)
        for table in reversed(known.sorted_tables):  # the migrations wrote a few rows of their own
            if table.name in manifest.tables:
                connection.execute(table.delete())
        for table in known.sorted_tables:
            if table.name in manifest.tables:
                on_part(table.name)
                tables.load(connection, table, rows_in(folder, manifest, table.name))
                tables.go_on_counting(connection, table)
        database.migrate_on(connection, "head")
        _begin_anew(connection)
        under_way.begin_on(connection, token)
        reach("restore: rows written, not committed")


def rows_in(folder: Path, manifest: BackupManifest, name: str) -> Iterator[dict[str, Any]]:
    """Give the rows of a table of a set, in order, one at a time."""
    table = manifest.tables[name]
    lines = _lines_in(folder, [one.path for one in table.files])
    rows = (tables.values_of(line, table.columns) for line in lines)
    yield from _with_contents(folder, manifest, rows) if name == "words" else rows


def _with_contents(folder: Path, manifest: BackupManifest, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Put the bytes to each digest; both stand by digest, so each file is read once and no text is kept."""
    with ExitStack() as opened:
        files = [opened.enter_context((folder / one.path).open(encoding="utf-8")) for one in manifest.contents]
        contents = heapq.merge(*(map(_pair, file) for file in files))
        digest, content = "", ""
        for row in rows:
            if "content" not in row:
                while digest < row["digest"]:
                    digest, content = next(contents, ("~", ""))
                if digest != row["digest"]:
                    raise BackupDamaged(file=row["digest"], why="content")
                row["content"] = tables.as_kept(content, tables.BYTES)
            yield row


def _pair(line: str) -> tuple[str, str]:
    digest, content = json.loads(line)
    return str(digest), str(content)


def _lines_in(folder: Path, paths: list[str]) -> Iterator[str]:
    for path in paths:
        with (folder / path).open(encoding="utf-8", newline="\n") as file:
            yield from file


def _require_known(manifest: BackupManifest, known: MetaData) -> None:
    """Refuse columns that this release's own migrations do not make: loading the rest would lose them."""
    for name, table in manifest.tables.items():
        if name not in known.tables or set(table.columns) - set(known.tables[name].columns.keys()):
            raise BackupTooNew(backup=manifest.name, found=name, known=manifest.schema)


def _begin_anew(connection: Connection) -> None:
    positions, letters = _model(OutboxPositionRow), _model(DeadLetterRow)
    connection.execute(positions.delete().where(positions.c.consumer.not_in(BRANCH_CONSUMERS)))
    connection.execute(letters.delete().where(letters.c.consumer.not_in(BRANCH_CONSUMERS)))


def _model(row: type[SQLModel]) -> Table:
    found: Table = SQLModel.metadata.tables[str(row.__tablename__)]
    return found
