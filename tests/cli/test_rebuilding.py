"""A library from nothing but git, from the shell."""

import json
import shutil


class TestRestoringFromTheRegister:
    def test_shows_first_what_would_come_and_then_does_it(self, run, home_with_routine, tmp_path):
        """
        What somebody types on the worst day there is, in the order in which they type it.
        """
        clone, new = tmp_path / "klon.git", tmp_path / "ny"
        shutil.copytree(home_with_routine.path / "library.git", clone)

        seen = run("restore", clone, "--from-register", "--into", new, "--dry-run")
        missing = new.exists()
        done = run("restore", clone, "--from-register", "--into", new)
        verified = run("--home", new, "verify")

        assert (seen.code, done.code, verified.code) == (0, 0, 0)
        assert not missing
        assert "Registeret er helt: " in seen.text
        assert "navn, innloggingsnavn og e-post: " in done.text
        assert "Git-arkivet med det som er unntatt offentlighet, var ikke med." in done.text

    def test_gives_a_program_the_same(self, run, home_with_routine, tmp_path):
        """
        Numbers to put into the account of what was lost.
        """
        done = run("restore", home_with_routine.path, "--from-register", "--into", tmp_path / "ny", "--json")

        value = json.loads(done.out.splitlines()[-1])
        assert value["recovered"]["first"] == 1
        assert {"what": "readers", "count": None} in value["recovered"]["not_back"]
        assert value["unexplained"] == []

    def test_says_what_is_wrong_with_a_register_and_makes_nothing(self, run, home, tmp_path):
        """
        Exit code 6, as for everything that is not as decided.
        """
        done = run(
            "restore", home.path, "--from-register", "--into", tmp_path / "ny", "--witness", "1:" + "0" * 64
        )  # fmt: skip

        assert done.code == 6
        assert "den beslutningen som du har notert, er ikke med" in done.err
        assert not (tmp_path / "ny").exists()
