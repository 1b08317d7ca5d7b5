"""Backup and restore from the shell."""

import contextlib
import json
import sqlite3

import pytest

from samrutine import Library
from samrutine.messages import catalogue
from samrutine.storage.rows import Row


@pytest.fixture
def kept(at, home_with_routine, tmp_path):
    """A backup of a library where Fauske publishes `handhygiene`; gives its folder."""
    place = tmp_path / "kvalitet"
    place.mkdir()
    at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
    at(home_with_routine, "target", "set", "kvalitetssystem", place, "-m", "Fauske", by="ansvarlig.fauske")
    at(home_with_routine, "publish", "Fauske", by="ansvarlig.fauske")
    ran = at(home_with_routine, "backup", tmp_path / "kopi")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Sikkerhetskopi 000001-20261123T090000Z: 54 beslutninger, ")
    return tmp_path / "kopi"


class TestADamagedDatabase:
    def test_is_copied_with_code_6_and_the_copy_says_so(self, at, run, kept, tmp_path, home_with_routine):
        """
        Whoever takes a copy by hand before calling for help must not believe that it is a good one.
        """
        with contextlib.closing(sqlite3.connect(home_with_routine.path / "samrutine.db")) as behind_our_back:
            behind_our_back.execute("UPDATE in_force SET position = 'Annen'")
            behind_our_back.commit()

        ran = at(home_with_routine, "backup", kept)
        told = at(home_with_routine, "backup", kept, "--json")
        seen = run("restore", kept, "--into", tmp_path / "ny", "--dry-run")

        assert (ran.code, told.code) == (6, 6)
        assert "Databasen eller git er skadet, og det er denne kopien også." in " ".join(ran.err.split())
        assert json.loads(told.out.splitlines()[-1])["faults"]
        assert "Den nyeste fra før skaden: 000001-20261123T090000Z." in seen.text


@pytest.mark.parametrize("language", ["nb", "en"])
def test_there_is_a_word_for_all_that_a_copy_holds(language):
    """
    A table that is made next year is to be named in words then.
    """
    words = catalogue(language, "cli")

    assert [one.name for one in Row.metadata.sorted_tables if f"kept_in.{one.name}" not in words] == []


class TestRestoring:
    def test_shows_first_then_does_it_and_opens_for_publishing_again(self, at, run, kept, tmp_path, home_with_routine):
        """
        What somebody types once in five years, in the order in which they type it.
        """
        new = tmp_path / "ny"

        seen = run("restore", kept, "--into", new, "--dry-run")
        missing = new.exists()
        done = run("restore", kept, "--into", new)
        home = type(home_with_routine)(new, home_with_routine.clock)
        status = at(home, "status")
        paused = at(home, "publish", "Fauske", by="ansvarlig.fauske")
        resumed = at(home, "target", "resume", "kvalitetssystem", "-m", "Fauske", by="ansvarlig.fauske")
        published = at(home, "publish", "Fauske", by="ansvarlig.fauske")

        assert seen.code == 0
        assert not missing
        assert "Ingenting er i veien." in seen.out
        # A case handler reads what is in the copy, and not what tables are called.
        assert "faglige godkjenninger" in seen.out
        assert "approval" not in seen.out
        assert "Publiseringssteder som venter til noen har sett på det som ligger der: 1." in seen.text
        assert done.code == 0
        assert "er lagt tilbake i" in done.text
        assert "Publisering venter: Fauske, kvalitetssystem" in status.text
        assert paused.code == 6
        assert "Det publiseres ikke til kvalitetssystem" in paused.text
        assert resumed.out.startswith("Fauske publiserer til «kvalitetssystem» igjen.")
        assert published.code == 0

    def test_of_what_is_damaged_says_which_file_and_what_to_do(self, run, kept, tmp_path):
        """
        Which, and what now.
        """
        person = next((kept / "sets").iterdir()) / "person.jsonl"
        person.unlink()

        seen = run("restore", kept, "--into", tmp_path / "ny", "--dry-run", "--json")
        done = run("restore", kept, "--into", tmp_path / "ny")

        assert seen.code == done.code == 6
        assert seen.answer["in_the_way"][0]["code"] == "backup_damaged"
        assert "person.jsonl" in done.err
        # It is the only one: to choose an older one with --set would be no way out.
        assert "ingen annen sikkerhetskopi i mappen er hel. Hent filen fra en annen kopi" in " ".join(done.err.split())
        nowhere = run("restore", tmp_path / "ingensteds", "--into", tmp_path / "ny")
        assert nowhere.code == 4
        assert f"Mappen {tmp_path / 'ingensteds'} finnes ikke." in nowhere.err
        assert not (tmp_path / "ny").exists()

    def test_says_which_register_was_read_and_what_it_decided_itself(self, at, run, kept, tmp_path, home_with_routine):
        """
        Whoever asks for what the register has, and names none, believes that the old folder was asked.
        """
        at(home_with_routine, "adopt", "handhygiene", "-m", "Saltdal", by="beslutter.saltdal")
        old, new = ("--register", home_with_routine.path), tmp_path / "ny"

        silent = run("restore", kept, "--into", new, "--from-register", "--dry-run")
        seen = run("restore", kept, "--into", new, "--from-register", *old, "--dry-run")
        done = run("restore", kept, "--into", new, "--from-register", *old)

        assert "Registeret i sikkerhetskopien går ikke lenger enn kopien selv, til beslutning 54." in silent.text
        assert "Tas inn fra registeret: én beslutning til." in seen.text
        assert "beslutning 56." in done.text
        assert "Saltdal tar i bruk handhygiene 1.0 fra 23.11.2026" in done.text
        with Library.open(new) as library:
            assert library.verify().decisions == 56

    def test_as_json_tells_all(self, run, kept, tmp_path):
        """
        A script that restores each night, to see that it can.
        """
        done = run("restore", kept, "--into", tmp_path / "ny", "--json")

        assert done.code == 0
        assert done.answer["faults"] == []
        assert done.answer["number"] == 54
        assert [one["municipality"] for one in done.answer["paused"]] == ["1841"]
        with Library.open(tmp_path / "ny") as library:
            assert library.verify().is_clean
