"""What an `init` that was killed inside git leaves, which is rarely hit by chance: git itself is quick there."""

import subprocess

import pytest

from samrutine import Library
from samrutine.errors import DatabaseDamaged, HomeNotFound
from samrutine.settings import SETTINGS_FILE


def a_head(repository):
    """A `git init` that came no further than its first file."""
    (repository / "HEAD").write_text("ref: refs/heads/main\n")


def a_lock(repository):
    """A `git config` that was killed while it wrote."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--template=", repository], check=True)
    (repository / "config.lock").touch()


class TestAHalfMadeHome:
    @pytest.mark.parametrize("left", [a_head, a_lock])
    def test_is_finished_by_the_same_call(self, tmp_path, left):
        """
        Whoever sets up a library and loses the machine should not have to know which files to remove.
        """
        home = tmp_path / "home"
        home.mkdir()
        (home / SETTINGS_FILE).touch()
        repository = home / "library.git.new"
        repository.mkdir()
        left(repository)

        with Library.init(home, editor_login="redaktor", editor_name="Prøve") as library:
            verified = library.verify()

        assert verified.is_clean
        assert not repository.exists()

    def test_says_that_it_is_no_home(self, tmp_path):
        """
        Until then every other command answers in words, and says what makes a home.
        """
        home = tmp_path / "home"
        home.mkdir()
        (home / SETTINGS_FILE).touch()

        with pytest.raises(HomeNotFound, match="samrutine init"):
            Library.open(home)

    def test_a_home_that_lost_its_database_is_not_taken_for_an_empty_one(self, home_with_routine):
        """
        What was decided there must be restored; an empty database in its place would hide that.
        """
        database = home_with_routine.path / "samrutine.db"
        whole = database.read_bytes()
        database.unlink()

        with pytest.raises(DatabaseDamaged, match="samrutine restore"):
            home_with_routine.opened()

        assert not database.exists()

        for damaged in (b"", whole[:100] + b"\xff" * 8000 + whole[8100:]):
            database.write_bytes(damaged)
            with pytest.raises(DatabaseDamaged, match="samrutine restore"), home_with_routine.opened() as library:
                library.verify()
