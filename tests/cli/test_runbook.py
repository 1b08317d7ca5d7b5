"""The runbook for personal data that slipped in, followed to the letter; then every place is searched for the name."""

import io
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.procedures.test_redaction import files_with, objects_with
from tests.support.stories import change_with_everyone
from tests.support.texts import a_routine

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "personopplysning-pa-avveie.md"
NAME = "Laguna Oppdiktsen Påfunnset"
"""Invented, and in no other test: the server's files are searched for it."""
LOOKS_LIKE_AN_ID = "saksnummer 7310-55-90210"


def commands(program):
    """Give the guide's commands that begin with a program's name, in order."""
    lines = re.findall(r"^ {4,}(\S.*)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    return [line for line in lines if line.startswith(f"{program} ")]


@pytest.fixture
def slipped_home(any_home_with_routine, tmp_path):
    """A home where a name is in version 1.1, in use and published; and a member's clone of git."""
    home, place = any_home_with_routine, tmp_path / "ut"
    place.mkdir()
    with home.opened() as library:
        library.set_target("fauske", "mappe", connector="folder", location=str(place), by="beslutter.fauske")
        change_with_everyone(library, a_routine(extra=f"Spør {NAME}, {LOOKS_LIKE_AN_ID}."))
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        library.publish("fauske", by="ansvarlig.fauske")
    clone = ["git", "clone", "--quiet", str(home.path / "library.git"), str(tmp_path / "klon")]
    subprocess.run(clone, check=True)
    subprocess.run(
        ["git", "-C", str(tmp_path / "klon"), "branch", "--quiet", "register", "origin/register"], check=True
    )
    assert files_with(place, NAME)
    return home


def test_followed_to_the_letter_leaves_the_name_nowhere(slipped_home, at, monkeypatch, tmp_path):
    """
    On the day it happens nobody has time to find out that a step was missing, nor fourteen days for the network to agree.
    """
    home = slipped_home
    said = []
    monkeypatch.chdir(tmp_path)
    put_in = {"FORSLAG": "", "KONTROLLSUM": ""}

    for line in commands("samrutine"):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{NAME}\n"))
        ran = at(home, *(put_in.get(word, word) for word in shlex.split(line)[1:]))
        assert ran.code == 0, (line, ran.out, ran.err)
        said.append((line, ran.out))
        if line.startswith("samrutine text "):
            (tmp_path / "rettet.md").write_bytes(a_routine(extra="Spør avdelingslederen."))
        if found := re.search(r"utkast (f-\w+)(?s:.*)Kontrollsum: (\w+)", ran.out):
            put_in = dict(zip(put_in, found.groups(), strict=True))
    (tmp_path / "rettet.md").unlink()
    for line in commands("git"):
        subprocess.run(shlex.split(line), cwd=tmp_path / "klon", check=True)

    shown = next(out for line, out in said if " --show " in line)
    assert "Først må dette gjøres" in shown
    assert "Fauske" in shown
    first, *_, last = [out for line, out in said if " traces " in line]
    assert "handhygiene 1.1" in first
    assert "Det står ingen steder" in last
    assert all(NAME not in out for line, out in said if " traces " not in line)
    for letters in (NAME, LOOKS_LIKE_AN_ID):
        assert objects_with(home.path, letters) == []
        assert files_with(home.path, letters) == []
        assert files_with(tmp_path / "ut", letters) == []
    told = subprocess.run(
        ["git", "-C", str(tmp_path / "klon"), "cat-file", "--batch-all-objects", "--buffer", "--batch"],
        check=True, capture_output=True,
    )  # fmt: skip
    assert NAME.encode() not in told.stdout
    if home.database_url:
        _require_clean_tables(home.database_url)


def _require_clean_tables(url):
    """The server's own files of tables, after what is in memory was written: its log is another matter, and the guide says so."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(connection.scalar(text("SHOW data_directory"))) / "base"
        number = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    engine.dispose()
    assert files_with(folder / str(number), NAME) == []
