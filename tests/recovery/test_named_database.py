"""A database that somebody names is filled when it is empty, and else neither read from nor written to."""

import sqlite3

import pytest

from samrutine import Library
from samrutine.errors import DatabaseDamaged, DatabaseNotEmpty, InvalidRequest
from samrutine.storage.sql import Database
from tests.support.backups import stopped_at


def test_a_database_that_holds_anything_is_left_as_it_is(home, tmp_path, clock):
    """
    It may be the one that all nine municipalities use today, or another program's.
    """
    strangers = tmp_path / "andres.db"
    with sqlite3.connect(strangers) as connection:
        connection.execute("CREATE TABLE invoice (id INTEGER)")
    connection.close()
    (tmp_path / "tekst.db").write_bytes(b"Ikke en database.")
    before = {path: path.read_bytes() for path in (strangers, home.path / "samrutine.db", tmp_path / "tekst.db")}

    for path in before:
        error = DatabaseDamaged if path.name == "tekst.db" else DatabaseNotEmpty
        url = f"sqlite:///{path}"
        for dry_run in (True, False):
            with pytest.raises(error):
                Library.rebuild_from_register(home.path, tmp_path / "ny", database_url=url, dry_run=dry_run)
        with pytest.raises(error):
            Library.init(tmp_path / "ny", editor_login="en", editor_name="En", database_url=url, clock=clock)

    assert {path: path.read_bytes() for path in before} == before
    assert not list(tmp_path.glob("ny*"))


def test_a_dry_run_makes_no_database_and_opens_none(home, tmp_path, monkeypatch):
    """
    Whoever only looks leaves nothing, also where the environment names a database.
    """
    url = f"sqlite:///{tmp_path / 'ny.db'}"
    monkeypatch.setenv("SAMRUTINE_DATABASE_URL", url)

    seen = Library.rebuild_from_register(home.path, tmp_path / "ny", dry_run=True)
    with pytest.raises(InvalidRequest):
        Library.rebuild_from_register(home.path, tmp_path / "ny", database_url="sqlite:///annen.db")

    assert (seen.home, seen.is_sound) == (None, True)
    assert not list(tmp_path.glob("ny*"))


def test_the_same_call_goes_on_where_it_was_stopped_and_no_other_does(home, tmp_path, new_url):
    """
    Rows on a server outlive a kill: they are this home's, and nobody else may take them for an empty database.
    """
    url = new_url or f"sqlite:///{tmp_path / 'ny.db'}"
    with stopped_at("rebuild: database made"):
        Library.rebuild_from_register(home.path, tmp_path / "ny", database_url=url)

    with pytest.raises(DatabaseNotEmpty):
        Library.rebuild_from_register(home.path, tmp_path / "to", database_url=url)
    made = Library.rebuild_from_register(home.path, tmp_path / "ny", database_url=url)

    assert (made.home, made.is_sound) == (tmp_path / "ny", True)
    assert sorted(path.name for path in tmp_path.glob("ny*") if path.is_dir()) == ["ny"]
    assert not (tmp_path / "to").exists()
    database = Database(url)
    assert "restore_under_way" not in database.table_names()
    database.close()
