"""A backup of every released schema can be put back by this release."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import MetaData
from sqlmodel import select

from samrutine import Library
from samrutine.recovery import tables
from samrutine.recovery.manifest import BackupFile, BackupManifest, BackupTable, write_backup_manifest
from samrutine.storage.durable import Written
from samrutine.storage.rows import DecisionRow, WaitingRow
from samrutine.storage.sql import SCHEMA, Database
from tests.support.clock import Clock

RELEASES = sorted((Path(__file__).parents[1] / "storage" / "releases").glob("schema_*.jsonl"))
LATER = datetime(2026, 12, 7, 9, tzinfo=UTC)


@pytest.fixture(params=RELEASES, ids=lambda path: path.stem)
def release(request):
    """A release before this one: the rows that it wrote."""
    return request.param


@pytest.fixture
def old_backup(release, tmp_path):
    """A backup set as that release would have written it, without git."""
    folder = tmp_path / "gammel"
    name = "000001-20261123T090000Z"
    place = folder / "sets" / name
    place.mkdir(parents=True)
    number = release.stem.partition("_")[2]
    known = tables_at(number, tmp_path)
    rows = {}
    for table, row in map(json.loads, release.read_text(encoding="utf-8").splitlines()):
        rows.setdefault(table, []).append(row)
    kept = {
        table: BackupTable(columns, (put(folder, f"sets/{name}/{table}.jsonl", lines(rows.get(table, []), columns)),))
        for table, columns in known.items()
        if table != "alembic_version"
    }
    last = max(rows["decision"], key=lambda row: row["number"])
    first = min(rows["decision"], key=lambda row: row["number"])
    contents = [json.dumps([row["digest"], encoded(row["content"])]) + "\n" for row in rows["words"]]
    kept["words"] = BackupTable(
        known["words"],
        (put(folder, f"sets/{name}/words.jsonl", lines(rows["words"], known["words"], without="content")),),
    )
    manifest = BackupManifest(
        name=name, samrutine="0.0.1", schema=number, made_at=LATER, library=first["hash"], number=last["number"],
        hash=last["hash"], decided_at=datetime.fromisoformat(last["decided_at"]), register_number=0, tables=kept,
        contents=(put(folder, f"sets/{name}/contents.jsonl", sorted(contents)),), repositories={},
    )  # fmt: skip
    (place / "manifest.json").write_bytes(write_backup_manifest(manifest))
    return folder


def tables_at(number, tmp_path):
    """Give the columns of each table as a release had them, with their types."""
    database = Database(f"sqlite:///{tmp_path / 'kolonner.db'}")
    known = MetaData()
    with database.engine.execution_options(samrutine_writes=True).begin() as connection:
        database.migrate_on(connection, number)
        known.reflect(connection)
    database.close()
    return {table.name: tables.columns_of(table) for table in known.sorted_tables}


def lines(rows, columns, *, without=None):
    """Write rows as a backup does; the release's own file has instants without microseconds and bytes as text."""
    for row in rows:
        values = {
            name: encoded(row[name]) if kind == "bytes" else tables.as_kept(row[name], kind)
            for name, kind in columns.items()
            if name in row and name != without
        }
        written = {
            name: value if columns[name] == "bytes" else tables.written(value, columns[name])
            for name, value in values.items()
        }
        yield json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def encoded(text):
    """Give bytes that the release's file shows as text."""
    return tables.written(text.encode(), "bytes")


def put(folder, path, written):
    """Write a file of the set."""
    count = 0
    with Written(folder / path) as out:
        for line in written:
            out.write(line.encode())
            count += 1
    return BackupFile(path, out.size_bytes, out.sha256, count)


class TestOldBackups:
    def test_a_backup_of_the_release_is_put_back_and_upgraded(self, old_backup, release, new_home, new_url):
        """
        The newest copy may be a year old, and so is the program that wrote it.
        """
        seen = Library.preview_restore(old_backup, new_home, database_url=new_url)
        restored = Library.restore(old_backup, new_home, database_url=new_url, clock=Clock(LATER))

        assert (seen.schema, seen.schema_after) == (release.stem.partition("_")[2], SCHEMA)
        assert restored.faults == ()
        before = [row for name, row in map(json.loads, release.read_text().splitlines()) if name == "decision"]
        with Library.open(new_home, clock=Clock(LATER)) as library, library._parts.database.reading() as session:
            after = session.exec(select(DecisionRow).order_by(DecisionRow.number)).all()
            waiting = session.exec(select(WaitingRow)).all()
            applies = [(one.municipality, one.procedure, str(one.version)) for one in library.in_force()]
        assert [(row.hash, row.record) for row in after] == [(row["hash"], row["record"]) for row in before]
        assert {row.verb for row in waiting} >= {"prepare", "approve"}
        assert applies == [("1841", "handhygiene", "1.1"), ("1841", "legevakt", "1.0")]
