"""
Tables as JSON Lines: a row a line, in one order and one way to write each value, whichever database they lie in.

The types are told beside the rows, in the manifest, so that rows can be read without our code, and by a later release:
`text` as it is, `integer`, `boolean`, `date` as 2026-07-28, `instant` as an ISO time in UTC with microseconds, `bytes` as
base64. Rows stand by primary key, texts compared byte by byte. Nothing holds more than some hundred rows in memory.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    Table,
    TypeDecorator,
    collate,
    insert,
    select,
    text,
    update,
)

ROWS_AT_ONCE: Final = 500

TEXT: Final = "text"
INTEGER: Final = "integer"
BOOLEAN: Final = "boolean"
DATE: Final = "date"
INSTANT: Final = "instant"
BYTES: Final = "bytes"

_KINDS: Final = (
    (Boolean, BOOLEAN), (Integer, INTEGER), (DateTime, INSTANT), (Date, DATE), (LargeBinary, BYTES), (String, TEXT),
)  # fmt: skip


def kind_of(column: Column[Any]) -> str:
    """Give the type of a column as backups name it."""
    kept = _kept_as(column)
    return next(name for kind, name in _KINDS if isinstance(kept, kind))


def columns_of(table: Table, *, without: Iterable[str] = ()) -> dict[str, str]:
    """Give the type of each column, by name."""
    left_out = set(without)
    return {column.name: kind_of(column) for column in table.columns if column.name not in left_out}


def rows_of(
    connection: Connection, table: Table, *, after: int | None = None, without: Iterable[str] = ()
) -> Iterator[Mapping[str, Any]]:
    """
    Give a table's rows by primary key.

    Args:
        after: Only rows whose primary key, one number, is greater.
        without: Columns that are not read.
    """
    left_out = set(without)
    keys = list(table.primary_key.columns)
    order = [_byte_by_byte(connection, key) for key in keys]
    query = select(*(column for column in table.columns if column.name not in left_out)).order_by(*order)
    if after is not None:
        query = query.where(keys[0] > after)
    for row in connection.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).mappings():
        yield dict(row)


def line_of(row: Mapping[str, Any], columns: Mapping[str, str]) -> str:
    """Write a row as a line of JSON: columns by name, no spaces."""
    values = {name: written(row[name], kind) for name, kind in columns.items()}
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def values_of(line: str, columns: Mapping[str, str]) -> dict[str, Any]:
    """Read a line that `line_of` wrote."""
    return {name: as_kept(value, columns[name]) for name, value in json.loads(line).items()}


def written(value: Any, kind: str) -> Any:
    """Give a value as JSON has it."""
    if value is None:
        return None
    match kind:
        case "instant":
            aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
            return aware.isoformat(timespec="microseconds")
        case "date":
            return value.isoformat()
        case "bytes":
            return base64.b64encode(bytes(value)).decode("ascii")
        case "boolean":
            return bool(value)
        case _:
            return value


def as_kept(value: Any, kind: str) -> Any:
    """Give a value from JSON as the database takes it."""
    if value is None:
        return None
    match kind:
        case "instant":
            return datetime.fromisoformat(value)
        case "date":
            return date.fromisoformat(value)
        case "bytes":
            return base64.b64decode(value, validate=True)
        case _:
            return value


def load(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> int:
    """
    Put rows into an empty table, with its constraints on.

    What a row says of another row of the same table is put in afterwards: rows come by primary key, and the other may
    come later.

    Returns:
        How many rows there were.
    """
    own = [
        column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)
    ]  # fmt: skip
    keys = [column.name for column in table.primary_key.columns]
    later: list[tuple[dict[str, Any], dict[str, Any]]] = []
    count = 0
    for batch in _batches(rows):
        for row in batch:
            leans = {name: row[name] for name in own if row.get(name) is not None}
            if leans:
                later.append(({name: row[name] for name in keys}, leans))
                row.update(dict.fromkeys(leans))
        connection.execute(insert(table), batch)
        count += len(batch)
    for key, leans in later:
        where = [table.columns[name] == value for name, value in key.items()]
        connection.execute(update(table).where(*where).values(**leans))
    return count


def go_on_counting(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that were put in; SQLite does so by itself."""
    keys = list(table.primary_key.columns)
    if connection.dialect.name != "postgresql" or len(keys) != 1 or not isinstance(keys[0].type, Integer):
        return
    names = {"name": f'"{table.name}"', "key": keys[0].name}
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:name, :key)"), names)
    if sequence is not None:
        newest = connection.scalar(select(keys[0]).order_by(keys[0].desc()).limit(1))
        connection.execute(
            text("SELECT setval(:sequence, :newest, :used)"),
            {"sequence": sequence, "newest": newest or 1, "used": newest is not None},
        )


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _byte_by_byte(connection: Connection, column: Column[Any]) -> Any:
    """Sort text as bytes on PostgreSQL too, whatever language its server was set up in."""
    is_text = isinstance(_kept_as(column), String) and connection.dialect.name == "postgresql"
    return collate(column, "C") if is_text else column


def _kept_as(column: Column[Any]) -> Any:
    """Give the database's own type of a column whose class is ours, or SQLModel's."""
    return column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
