"""The doctor looks at a real home, on real git and on both databases, and names each thing that was put wrong."""

import os
import resource
import shutil
import socket
import subprocess
from datetime import timedelta

import pytest

from samrutine import Library
from samrutine.recovery.last_backup import LastBackup, note_backup
from samrutine.storage.rows import DeadLetterRow, OutboxPositionRow
from samrutine.storage.sql import Database

HANDS = "handhygiene"


def git(folder, *arguments):
    """Run git in a repository."""
    subprocess.run(["git", "--git-dir", folder, *arguments], check=True, capture_output=True)


@pytest.fixture
def well(any_home_with_routine):
    """A home in which nothing is in danger, whatever disk the test runs on."""
    any_home_with_routine.path.chmod(0o700)
    note_backup(any_home_with_routine.path, LastBackup("/kopi", any_home_with_routine.clock.now))
    return any_home_with_routine


@pytest.fixture
def one_damaged_home(home_with_routine):
    """A home whose database is to be damaged; its log is in it."""
    with home_with_routine.opened() as library:
        library.status()
    return home_with_routine


def dangers_beyond_the_disk(library):
    """
    What the doctor finds that a test has put there.

    The tests' own disk may be small or in memory, their PostgreSQL does without syncs, to be quick, and their clock stands
    still, while the database's goes.
    """
    found = [one for one in library.doctor().symptoms if one.gravity.value != "fact"]
    ours = [one for one in found if not one.code.startswith(("disk", "room", "clocks_differ"))]
    return [one.code for one in ours if one.places.get("where") != "PostgreSQL"]


class TestADoctor:
    def test_finds_nothing_in_a_sound_home(self, well):
        """
        Whoever is warned each night without need stops reading.
        """
        with well.opened() as library:
            assert dangers_beyond_the_disk(library) == []

    def test_tells_the_versions_of_all_that_is_used(self, well):
        """
        Whoever asks for help is asked for these first.
        """
        with well.opened() as library:
            named = {one.places["name"] for one in library.doctor().symptoms if one.code == "program"}

        database = "PostgreSQL" if well.database_url else "SQLite"
        assert {"Python", "git", database, "samrutine", "Whoosh", "typst", "GitPython"} <= named

    def test_names_a_home_that_everybody_may_read(self, well):
        """
        Names, drafts and exempt texts lie there.
        """
        well.path.chmod(0o755)

        with well.opened() as library:
            assert dangers_beyond_the_disk(library) == ["others_may_read"]

    def test_names_what_others_may_read_in_a_home_that_they_may_pass_through(self, well):
        """
        The names of our files stand in the manual, so nobody needs to list them.
        """
        for path in well.path.iterdir():
            path.chmod(0o700)
        (well.path / "samrutine.toml").chmod(0o644)
        well.path.chmod(0o711)

        with well.opened() as library:
            found = library.doctor().dangers

        assert [one.places["name"] for one in found if one.code == "others_may_read"] == ["samrutine.toml"]

    def test_asks_when_the_newest_backup_was_taken(self, well, tmp_path):
        """
        A job that has stopped tells nobody.
        """
        with well.opened() as library:
            well.clock.forward(days=9)
            assert "backup_old" in dangers_beyond_the_disk(library)

            made = library.backup(tmp_path / "kopi")
            told = [one.places for one in library.doctor().symptoms if one.code == "backup"]

        assert [one["folder"] for one in told] == [str(made.folder)]

    def test_names_a_key_by_which_no_checkpoint_can_be_signed(self, well, tmp_path):
        """
        The night's checkpoint fails, and so it does the next night, and the next.
        """
        key = tmp_path / "nokkel"
        with (well.path / "samrutine.toml").open("a", encoding="utf-8") as settings:
            settings.write(f'[checkpoints]\nkey = "{key}"\n')

        with well.opened() as library:
            assert dangers_beyond_the_disk(library) == ["key_missing"]
            key.touch(mode=0o644)
            key.chmod(0o644)
            assert dangers_beyond_the_disk(library) == ["key_open"]

    def test_names_a_setting_of_git_by_which_a_decision_may_be_lost(self, well):
        """
        Git's own default syncs neither branches nor loose objects.
        """
        git(well.path / "library.git", "config", "core.fsync", "none")

        with well.opened() as library:
            found = [one.places for one in library.doctor().symptoms if one.code == "setting"]

            assert [(one["name"], one["found"]) for one in found if one["where"] == "library.git"] == [
                ("core.fsync", "none")
            ]

    def test_goes_on_where_what_it_looks_for_is_there(self, well, monkeypatch):
        """
        A repository that is gone, settings that nobody can read, no git: each is told, and none hides the rest.
        """
        note_backup(well.path, LastBackup("/kopi", well.clock.now - timedelta(days=9)))
        shutil.rmtree(well.path / "restricted.git")
        (well.path / "library.git" / "config").write_text("[[", encoding="utf-8")
        with well.opened() as library:
            found = dangers_beyond_the_disk(library)
            library.repair()
            mended = dangers_beyond_the_disk(library)
            monkeypatch.setenv("PATH", str(well.path))

            without_git = dangers_beyond_the_disk(library)

        assert set(found) == {"backup_old", "repository_missing", "repository_unreadable"}
        assert mended == ["backup_old"]
        assert set(without_git) == {"backup_old", "program_missing"}

    @pytest.mark.parametrize("damage", ["gone", "garbled"])
    def test_examines_a_home_whose_database_keeps_it_from_being_opened(self, one_damaged_home, damage):
        """
        That is when somebody asks, and the disk may be why.
        """
        file = one_damaged_home.path / "samrutine.db"
        file.unlink() if damage == "gone" else file.write_bytes(b"A" * 9000)

        found = Library.examine(one_damaged_home.path, clock=one_damaged_home.clock)

        assert "database_damaged" in [one.code for one in found.dangers]
        assert {"room", "room_little", "room_none"} & {one.code for one in found.symptoms}
        assert file.exists() == (damage == "garbled")
        assert all(one.fact(language) for one in found.symptoms for language in ("nb", "en"))

    def test_names_a_lock_that_somebody_left(self, well):
        """
        It stops every later commit, and git never removes it. One that is new may belong to somebody at work.
        """
        lock = well.path / "library.git" / "refs" / "heads" / "main.lock"
        lock.touch()
        touched = well.clock.now.timestamp()
        os.utime(lock, (touched, touched))

        with well.opened() as library:
            assert dangers_beyond_the_disk(library) == []

            well.clock.forward(hours=2)

            assert dangers_beyond_the_disk(library) == ["litter"]
            library.maintain()
            assert dangers_beyond_the_disk(library) == []

    def test_names_a_projection_that_has_waited_and_a_letter_that_nobody_has_read(self, well):
        """
        Both mean that people read something else than what was decided.
        """
        database = Database(well.url)
        with database.writing() as session:
            position = session.get_one(OutboxPositionRow, "register")
            position.position -= 1
            session.add(position)
            session.add(DeadLetterRow(consumer="main", number=1, error="x", since=well.clock.now))
        database.close()
        well.clock.now += timedelta(hours=2)

        with well.opened() as library:
            found = library.doctor()

            assert set(dangers_beyond_the_disk(library)) == {"projection_waits", "dead_letter"}
            waits = next(one for one in found.symptoms if one.code == "projection_waits")
            assert (waits.places["consumer"], waits.places["behind"]) == ("register", 1)
            assert waits.places["hours"] >= 2
            assert [(one.consumer, one.error) for one in library.unseen()] == [("main", "x")]
            assert library.mark_seen() == 1
            assert dangers_beyond_the_disk(library) == ["projection_waits"]
            assert (library.unseen(), library.mark_seen()) == ([], 0)

    def test_names_a_clock_that_stands_before_the_newest_decision(self, well):
        """
        Then nothing can be decided, and people are told so one by one.
        """
        with well.opened() as library:
            library.adopt(HANDS, "Fauske", by="beslutter.fauske")
            well.clock.now -= timedelta(days=3)

            assert dangers_beyond_the_disk(library) == ["clock_behind"]

    def test_names_settings_of_sqlite_that_lose_decisions(self, home_with_routine, monkeypatch):
        """
        Without its log on the disk a power cut takes what people were told was decided.
        """
        home_with_routine.path.chmod(0o700)
        with home_with_routine.opened() as library:
            engine = library._parts.database.engine
            with engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA synchronous=OFF")

            found = [one for one in library.doctor().symptoms if one.code == "setting_of_database"]

        assert [(one.places["name"], one.places["found"]) for one in found] == [("synchronous", "0")]

    @pytest.mark.service("postgresql")
    def test_names_settings_of_postgresql_that_lose_decisions(self, postgresql_templates, tmp_path):
        """
        There too, whatever its administrator has gained by it. The tests' own server has no syncs, to be quick.
        """
        home = postgresql_templates.copied_to(tmp_path / "home")

        with home.opened() as library:
            found = [one for one in library.doctor().symptoms if one.code == "setting_of_database"]

            assert "clocks_differ" in [one.code for one in library.doctor().symptoms]
        assert ("PostgreSQL", "fsync", "off") in [
            tuple(one.places[n] for n in ("where", "name", "found")) for one in found
        ]


class TestMaintenance:
    def test_leaves_everything_that_anybody_reads_as_it_was(self, any_home_with_routine):
        """
        It is run every night, while people are at work.
        """
        with any_home_with_routine.opened() as library:
            library.adopt(HANDS, "Fauske", by="beslutter.fauske")
            before = library.verify()

            done = library.maintain(whole=True)
            again = library.maintain()

            assert before.is_clean
            assert library.verify() == before
            assert [one.name for one in done.stores] == ["library.git", "restricted.git"]
            assert all(one.packs <= 1 for one in (*done.stores, *again.stores))
            library.adopt(HANDS, "Saltdal", by="beslutter.saltdal")
            assert library.verify().is_clean

    def test_goes_on_where_a_killed_run_left_its_pid_and_another_process_has_it_now(self, home_with_routine):
        """
        Git takes it for a run that is still at work, and would pack nothing for half a day.
        """
        left = home_with_routine.path / "library.git" / "gc.pid"
        left.write_text(f"{os.getpid()} {socket.gethostname()}")
        with home_with_routine.opened() as library:
            done = library.maintain(whole=True)

            assert [one.packs for one in done.stores][:1] == [1]
        assert not left.exists()

    def test_empties_the_log_of_sqlite(self, home_with_routine):
        """
        A log that only grows makes every reader slower.
        """
        with home_with_routine.opened() as library:
            library.adopt(HANDS, "Fauske", by="beslutter.fauske")

            done = library.maintain()

            assert done.log_emptied
            assert done.log_bytes > 0
            assert library._parts.database.log_bytes() == 0

    def test_waits_for_nobody_who_reads_an_old_state(self, home_with_routine):
        """
        Whoever reads for long keeps what they read; the log is emptied the next time.
        """
        with home_with_routine.opened() as library, home_with_routine.opened() as other:
            library.adopt(HANDS, "Fauske", by="beslutter.fauske")
            with other._parts.database.reading() as session:
                session.get(OutboxPositionRow, "main")
                library.adopt(HANDS, "Saltdal", by="beslutter.saltdal")

                assert not library.maintain().log_emptied

            assert library.maintain().log_emptied


class TestADiskThatIsQuiteFull:
    def test_lets_people_find_what_applies(self, home_with_routine):
        """
        Not one byte more can be written, not even the memory that SQLite's readers share.
        """
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            with home_with_routine.opened() as library, home_with_routine.opened() as other:
                found = [len(one.search("vask").result.hits) for one in (library, other)]
                read = [one.title for one in library.procedures()]
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

        assert found == [1, 1]
        assert read == ["Håndhygiene"]
