"""Proofs and checkpoints from the shell."""

import os
import subprocess
import sys
import zipfile

import pytest


@pytest.fixture
def adopted(at, home_with_routine):
    """Fauske has `handhygiene` in use."""
    assert at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske").code == 0
    return home_with_routine


def check(folder, commit):
    """Run the checker that lies in the proof, alone."""
    outcome = subprocess.run(
        [sys.executable, "-I", "-S", "check_proof.py", ".", "--tip", commit], cwd=folder, capture_output=True, check=False,
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    return outcome.returncode


class TestProve:
    def test_writes_a_folder_that_checks_itself(self, at, adopted, tmp_path):
        """
        From one command to somebody else's machine; of a day to come it says that it has not come.
        """
        ran = at(adopted, "prove", "handhygiene", "-m", "Fauske", "--on", "01.12.2026", "--to", tmp_path / "bevis")
        commit = ran.out.partition("Registermerket er ")[2][:40]

        assert ran.code == 0
        assert "etter det som er bestemt til nå, gjelder handhygiene 1.0 i Fauske 01.12.2026." in ran.text
        assert check(tmp_path / "bevis", commit) == 0

    def test_writes_a_zip_and_says_that_nothing_applied(self, at, adopted, tmp_path):
        """
        One file for the mail, and the other answer.
        """
        to = tmp_path / "bevis.zip"
        ran = at(adopted, "prove", "handhygiene", "-m", "meløy", "--on", "2026-12-01", "--to", to, "--json")
        with zipfile.ZipFile(to) as packed:
            packed.extractall(tmp_path / "ut")

        assert (ran.code, ran.answer["in_force"]) == (0, None)
        assert check(tmp_path / "ut", ran.answer["commit"]) == 0

    def test_says_as_known_when_and_that_later_decisions_are_left_out(self, at, adopted, tmp_path):
        """
        «It did not apply» without a reservation would be read as the last word.
        """
        how = ("prove", "handhygiene", "-m", "Fauske", "--on", "2026-12-01", "--known-at", "2026-11-22")
        ran = at(adopted, *how, "--to", tmp_path / "bevis")

        assert "etter det som var bestemt 22.11.2026 23:59, gjaldt ikke handhygiene i Fauske 01.12.2026." in ran.text
        assert "Besluttet om rutinen etter 22.11.2026 23:59, av kommunen eller fagnettverket: 1." in ran.text

    def test_writes_over_nothing(self, at, adopted, tmp_path):
        """
        A folder with something in it is somebody's.
        """
        (tmp_path / "notat.txt").write_text("Mitt.")

        ran = at(adopted, "prove", "handhygiene", "-m", "Fauske", "--on", "2026-12-01", "--to", tmp_path)

        assert ran.code == 2
        assert "en tom mappe" in ran.err
        assert (tmp_path / "notat.txt").read_text() == "Mitt."

    def test_leaves_nothing_where_there_is_nothing_to_prove(self, at, adopted, tmp_path):
        """
        Half a proof is worse than none.
        """
        ran = at(adopted, "prove", "finnes-ikke", "-m", "Fauske", "--on", "2026-12-01", "--to", tmp_path / "bevis")

        assert ran.code == 4
        assert not (tmp_path / "bevis").exists()


class TestCheckpoint:
    def test_signs_and_says_what(self, at, adopted, tmp_path):
        """
        What is said is what others write down.
        """
        key = tmp_path / "nokkel"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        with (adopted.path / "samrutine.toml").open("a") as settings:
            settings.write(f'\n[checkpoints]\nkey = "{key}"\n')

        ran = at(adopted, "checkpoint")

        assert ran.code == 0
        assert "Kontrollpunkt 000001 er underskrevet: beslutning" in ran.text

    def test_without_a_key_says_how_to_get_one(self, at, adopted):
        """
        It is an operator's choice, and the words to type are there.
        """
        ran = at(adopted, "checkpoint")

        assert ran.code == 2
        assert "ssh-keygen -t ed25519" in ran.err
