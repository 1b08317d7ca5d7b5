"""Backup and restore on both databases: what was there is there again, and what is damaged is found before anything is written."""

import errno
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect

from samrutine import Library
from samrutine.errors import (
    BackupBusy,
    BackupDamaged,
    BackupNotFound,
    BackupOfAnother,
    BackupTooNew,
    DatabaseNotEmpty,
    HomeExists,
    InvalidRequest,
    NoRoom,
    Refused,
    RestoreUnfinished,
)
from samrutine.recovery import apart, backup, restore
from samrutine.recovery.last_backup import last_backup
from samrutine.recovery.manifest import read_backup_manifest, write_backup_manifest
from samrutine.recovery.sets import newest_sound, newest_whole
from samrutine.storage import steps
from samrutine.storage.rows import WordsRow
from tests.support.backups import (
    every_blob_without,
    every_file,
    flip,
    manifest_bytes,
    manifest_value,
    newest_set,
    rows_by_table,
    stopped_at,
    tips,
)
from tests.support.stories import change_with_everyone
from tests.support.texts import a_routine

STEPS_OF_BACKUP = [one for one in steps.STEPS if one.startswith("backup: ")]
STEPS_OF_RESTORE = [one for one in steps.STEPS if one.startswith("restore: ")]
STOPPED_OFTEN = {("sqlite", "restore: git put back"), ("postgresql", "restore: rows written, not committed")}
STOPS = [
    pytest.param(kind, step, marks=[] if (kind, step) in STOPPED_OFTEN else pytest.mark.slow)
    for kind in ("sqlite", "postgresql")
    for step in STEPS_OF_RESTORE
]


class TestADamagedDatabase:
    def test_is_copied_and_said_to_be_damaged_and_never_pushes_the_last_sound_set_out(self, home_with_routine, folder):
        """
        Sixty nights of copies of the damage would be sixty nights without the routine.
        """
        with home_with_routine.opened() as library:
            sound = library.backup(folder)
            change_with_everyone(library, a_routine(extra="Også i ferien."))
            with library._parts.database.writing() as session:
                row = session.get_one(WordsRow, library.versions("handhygiene")[0].digest)
                row.content, row.git_blob = b"Noe annet.", None

            damaged = [library.backup(folder, keep=1) for _ in "12"]
            noted = last_backup(home_with_routine.path)

        assert sound.faults == ()
        assert [{fault.code for fault in one.faults} >= {"words-changed"} for one in damaged] == [True, True]
        assert [one.removed for one in damaged] == [(), (damaged[0].name,)]
        assert (newest_sound(folder).name, newest_whole(folder).faults) == (sound.name, ("words-changed",))
        assert noted.made_at == sound.made_at


class TestPuttingBack:
    def test_everything_is_there_again(
        self, any_library_with_routine, any_home_with_routine, folder, new_home, new_url
    ):
        """
        The disk is gone on a Monday morning. On Monday evening each municipality has what it had.
        """
        library = any_library_with_routine
        adopted = library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        library.decline("handhygiene", "Beiarn", reason="Vi har vår egen.", by="beslutter.beiarn")
        library.erase_text(adopted.number + 1, reason="Feil sted.", by="redaktor")

        library.backup(folder)
        restored = Library.restore(folder, new_home, database_url=new_url)

        assert restored.faults == ()
        with Library.open(new_home) as again:
            assert rows_by_table(again) == rows_by_table(library)
            assert tips(new_home) == tips(any_home_with_routine.path)
            assert again.verify().is_clean
            assert [hit.procedure_id for hit in again.search("håndhygiene").result.hits] == ["handhygiene"]

    def test_the_library_goes_on_where_it_was(self, library_with_routine, folder, new_home, clock):
        """
        The next decision is the next link of the same chain.
        """
        library_with_routine.backup(folder)
        Library.restore(folder, new_home)

        with Library.open(new_home, clock=clock) as again:
            adopted = again.adopt("handhygiene", "Fauske", by="beslutter.fauske")
            change_with_everyone(again, a_routine(extra="Også i ferien."))

            assert adopted.number == library_with_routine.verify().decisions + 1
            assert again.verify().is_clean

    @pytest.mark.parametrize("way", ["to-postgresql", "to-sqlite"])
    def test_from_one_database_into_the_other(self, request, way, tmp_path, folder, new_home):
        """
        Who outgrows SQLite moves by restoring, and who must leave PostgreSQL can.
        """
        source = "sqlite" if way == "to-postgresql" else "postgresql"
        home = request.getfixturevalue(f"{source}_templates").copied_to(tmp_path / "home", "routine")
        url = request.getfixturevalue("postgresql_server").new() if way == "to-postgresql" else None

        with home.opened() as library:
            library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
            library.backup(folder)
            Library.restore(folder, new_home, database_url=url)
            with Library.open(new_home, clock=home.clock) as again:
                same = rows_by_table(again) == rows_by_table(library)
                again.adopt("handhygiene", "Beiarn", by="beslutter.beiarn")
                verified = again.verify()

        assert same
        assert verified.is_clean

    def test_asked_again_it_answers_the_same_and_does_nothing(self, one_backup, new_home):
        """
        The connection broke before the answer came. Whoever asks again must not be told that the home is taken.
        """
        first = Library.restore(one_backup, new_home)
        with Library.open(new_home) as library:
            before = rows_by_table(library)

        again = Library.restore(one_backup, new_home)

        assert again.is_repeat
        assert (again.name, again.number, again.rows) == (first.name, first.number, dict(first.rows))
        with Library.open(new_home) as library:
            assert rows_by_table(library) == before

        with pytest.raises(HomeExists):
            Library.restore(one_backup, new_home, from_register=True)
        (new_home / "library.git" / "refs" / "heads" / "main").unlink()

        assert {one.code for one in Library.restore(one_backup, new_home).faults} >= {"main-tip"}

    def test_nobody_else_on_the_machine_may_enter_the_home(self, one_backup, new_home):
        """
        Somebody made the folder first, as folders are made: everybody may read what lies in it.
        """
        new_home.mkdir(mode=0o755)

        Library.restore(one_backup, new_home)

        assert new_home.stat().st_mode & 0o077 == 0

    def test_a_dry_run_changes_nothing_and_says_what_would_come(self, one_backup, new_home):
        """
        Whoever restores once in five years wants to see it first.
        """
        before = {path: path.read_bytes() for path in every_file(one_backup)}

        seen = Library.preview_restore(one_backup, new_home)
        named = Library.preview_restore(one_backup, new_home, database_url=f"sqlite:///{new_home}.db")

        assert named.in_the_way == ()
        assert not list(new_home.parent.glob(f"{new_home.name}*"))
        assert {path: path.read_bytes() for path in every_file(one_backup)} == before
        assert (seen.in_the_way, seen.damaged, seen.ahead) == ((), (), 0)
        assert (seen.number, seen.rows["decision"], seen.newest_kind) == (53, 53, "adopted")
        assert set(seen.refs) == {"library.git refs/heads/main", "library.git refs/heads/register"}

    def test_a_dry_run_names_all_that_is_in_the_way(self, one_backup, tmp_path):
        """
        One thing at a time is a day at a time.
        """
        damaged = tmp_path / "skadet"
        shutil.copytree(one_backup, damaged)
        flip(newest_set(damaged) / "person.jsonl", 5)
        (newest_set(damaged) / "actor.jsonl").unlink()
        taken = tmp_path / "opptatt"
        taken.mkdir()
        (taken / "notater.txt").write_text("mine", encoding="utf-8")

        seen = Library.preview_restore(damaged, taken)

        assert {why for _, why in seen.damaged} == {"sha256", "missing"}
        assert {type(one) for one in seen.in_the_way} == {BackupDamaged, HomeExists}


class TestWhatIsRefused:
    def test_a_home_that_is_not_empty(self, one_backup, home):
        """
        A restore must never be what destroys the library that still was.
        """
        with pytest.raises(HomeExists):
            Library.restore(one_backup, home.path)

        with home.opened() as library:
            assert library.verify().is_clean

    def test_a_database_that_is_not_empty(self, one_backup, new_home, postgresql_templates, tmp_path):
        """
        The same, where the library lies on a server.
        """
        other = postgresql_templates.copied_to(tmp_path / "other", "people")

        with pytest.raises(DatabaseNotEmpty):
            Library.restore(one_backup, new_home, database_url=other.database_url)

        assert not new_home.exists()
        with other.opened() as library:
            assert library.verify().is_clean

    def test_a_folder_without_a_finished_backup(self, tmp_path, new_home):
        """
        The wrong folder, or one whose only backup was killed.
        """
        with pytest.raises(BackupNotFound):
            Library.restore(tmp_path, new_home)

    def test_a_backup_of_another_library_is_not_mixed_in(self, one_backup, tmp_path, clock_of_another):
        """
        Nine regions copy the same cron line. Each must have a folder of its own.
        """
        mixed = tmp_path / "felles"
        shutil.copytree(one_backup, mixed)
        other = Library.init(tmp_path / "annet", editor_login="en", editor_name="En", clock=clock_of_another)

        with other, pytest.raises(BackupOfAnother):
            other.backup(mixed)

    def test_a_backup_and_a_home_of_which_one_lies_in_the_other(self, library, home, one_backup, tmp_path):
        """
        They would burn in the same fire, or be cleared away together. The dry run says so too.
        """
        for folder, reason in (
            *((home.path, apart.BackupInHome()), (home.path / "kopi", apart.BackupInHome())),
            (home.path.parent, apart.HomeInBackup()),
        ):
            with pytest.raises(Refused) as caught:
                library.backup(folder)
            assert caught.value.reasons == (reason,)

        for into, reason in (
            (one_backup / "sets" / "hjem", apart.HomeInBackup()), (home.path / "files" / "ny", apart.HomeInHome())
        ):  # fmt: skip
            [refused] = Library.preview_restore(one_backup, into).in_the_way
            with pytest.raises(Refused) as caught:
                Library.restore(one_backup, into)
            assert refused.reasons == caught.value.reasons == (reason,)
            assert not into.exists()
        with pytest.raises(Refused) as caught:
            Library.rebuild_from_register(home.path, home.path / "files" / "ny")
        assert caught.value.reasons == (apart.HomeInHome(),)

    def test_two_backups_at_once_to_one_folder(self, library, folder):
        """
        Cron started the next one before the first was done.
        """
        library.backup(folder)

        with backup._locked(folder), pytest.raises(BackupBusy):
            library.backup(folder)

    @pytest.mark.parametrize("what", ["form", "schema"])
    def test_what_a_newer_samrutine_wrote(self, one_backup, tmp_path, new_home, what):
        """
        Half of what we do not know would be lost in silence.
        """
        newer = tmp_path / "nyere"
        shutil.copytree(one_backup, newer)
        path = newest_set(newer) / "manifest.json"
        path.write_bytes(manifest_bytes({**manifest_value(path), what: 2 if what == "form" else "9999"}))

        with pytest.raises(BackupTooNew):
            Library.restore(newer, new_home)

    def test_a_disk_with_too_little_room(self, one_backup, new_home, monkeypatch):
        """
        Better before the first byte than in the middle of the last table.
        """
        monkeypatch.setattr(restore.Restore, "free_bytes", lambda _: 1)

        with pytest.raises(NoRoom):
            Library.restore(one_backup, new_home)

        assert not new_home.exists()

    def test_a_disk_that_fills_while_the_backup_is_taken(self, library, folder, monkeypatch):
        """
        The set of yesterday is whole, and there is none of today.
        """
        library.backup(folder)

        def full(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(backup.Written, "write", full)
            with pytest.raises(NoRoom):
                library.backup(folder)

        assert newest_whole(folder).name.startswith("000001-")
        assert len(library.backup(folder).cleared) == 1

    def test_a_database_url_that_the_environment_overrules(self, one_backup, new_home, monkeypatch):
        """
        Else the rows would go to one database, and the library would open another.
        """
        monkeypatch.setenv("SAMRUTINE_DATABASE_URL", "postgresql+psycopg://a@b/c")

        with pytest.raises(InvalidRequest):
            Library.restore(one_backup, new_home, database_url="postgresql+psycopg://a@b/d")


class TestDamage:
    @settings(max_examples=60)
    @given(which=st.integers(0, 10_000), where=st.integers(0, 10_000_000))
    def test_any_byte_of_any_file_that_changed_is_found(self, one_backup, which, where):
        """
        A disk that forgets does so one bit at a time, and anywhere.
        """
        home = one_backup.parent / "aldri"
        files = [path for path in every_file(one_backup) if path.stat().st_size]
        path = files[which % len(files)]
        kept = path.read_bytes()

        flip(path, where % len(kept))
        try:
            with pytest.raises(BackupDamaged):
                Library.restore(one_backup, home)
        finally:
            path.write_bytes(kept)

        assert not home.exists()

    def test_a_file_that_is_gone_is_named(self, one_backup, tmp_path, new_home):
        """
        «One of 47 files» helps nobody.
        """
        damaged = tmp_path / "skadet"
        shutil.copytree(one_backup, damaged)
        bundle = next((damaged / "shared").glob("library-*.bundle"))
        bundle.unlink()

        with pytest.raises(BackupDamaged) as caught:
            Library.restore(damaged, new_home)

        assert (caught.value.why, caught.value.places["file"]) == ("missing", bundle)
        assert not new_home.exists()

    def test_what_was_damaged_since_is_written_anew(self, library_with_routine, folder, new_home):
        """
        Each set leans on what earlier ones wrote. Today's must be whole whatever happened to the disk meanwhile.
        """
        library_with_routine.backup(folder)
        for path in (folder / "shared").iterdir():
            flip(path, 40)

        library_with_routine.backup(folder)
        restored = Library.restore(folder, new_home)

        assert restored.faults == ()

    def test_an_older_set_that_is_whole_can_be_chosen(self, library_with_routine, folder, new_home):
        """
        The newest is damaged, and yesterday's is far better than nothing.
        """
        first = library_with_routine.backup(folder)
        library_with_routine.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        library_with_routine.backup(folder)
        flip(newest_set(folder) / "person.jsonl", 5)

        with pytest.raises(BackupDamaged) as refused:
            Library.restore(folder, new_home)
        restored = Library.restore(folder, new_home, name=first.name)

        assert f"--set {first.name}" in refused.value.remedy()

        assert (restored.name, restored.number, restored.faults) == (first.name, first.number, ())

    @pytest.mark.parametrize("file", ["manifest.json", "person.jsonl"])
    def test_a_damaged_one_names_another_only_where_that_is_whole(self, library_with_routine, folder, new_home, file):
        """
        Nobody at night should try one after the other. But which one to go back to, and lose what came after, is theirs to say.
        """
        sets = [library_with_routine.backup(folder).name]
        library_with_routine.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        sets.append(library_with_routine.backup(folder).name)
        flip(folder / "sets" / sets[1] / file, 5)

        flip(folder / "sets" / sets[0] / "person.jsonl", 5)
        with pytest.raises(BackupDamaged) as neither:
            Library.restore(folder, new_home)
        flip(folder / "sets" / sets[0] / "person.jsonl", 5)
        with pytest.raises(BackupDamaged) as newest:
            Library.restore(folder, new_home)

        assert (neither.value.whole, newest.value.whole) == ("–", sets[0])
        assert "ingen annen" in neither.value.remedy()
        assert not new_home.exists()


class TestManifest:
    def test_is_read_as_it_was_written(self, one_backup):
        """
        The form is a promise to whoever reads it in ten years.
        """
        path = newest_set(one_backup) / "manifest.json"
        data = path.read_bytes()

        manifest = read_backup_manifest(data, file=path)

        assert write_backup_manifest(manifest) == data
        assert {one.path.rpartition("/")[2] for one in manifest.all_files()} >= {
            "person.jsonl", "samrutine.toml", "decision-000001.jsonl", "words-000001.jsonl", "library-000001.bundle",
        }  # fmt: skip

    @pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "shared/../../x", "sets/x/person.jsonl"])
    def test_that_leads_out_of_its_folder_is_none(self, one_backup, tmp_path, new_home, path):
        """
        A backup that somebody sent us is not to be trusted with our disk.
        """
        forged = tmp_path / "falsk"
        shutil.copytree(one_backup, forged)
        place = newest_set(forged) / "manifest.json"
        value = manifest_value(place)
        value["settings"]["path"] = path
        place.write_bytes(manifest_bytes(value))

        with pytest.raises(BackupDamaged):
            Library.restore(forged, new_home)


class TestManyBackups:
    def test_the_second_writes_only_what_is_new(self, library_with_routine, folder):
        """
        A copy each night for a year must not need 365 times the room.
        """
        library_with_routine.backup(folder)
        library_with_routine.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        library_with_routine.backup(folder)
        library_with_routine.backup(folder)

        shared = {path.name: path.stat().st_size for path in (folder / "shared").iterdir()}
        assert set(shared) == {
            f"{name}-00000{number}.{kind}"
            for name, kind in (("decision", "jsonl"), ("outbox", "jsonl"), ("library", "bundle"))
            for number in (1, 2)
        } | {"words-000001.jsonl"}
        assert shared["library-000002.bundle"] < shared["library-000001.bundle"] / 10
        assert shared["decision-000002.jsonl"] < shared["decision-000001.jsonl"] / 10

    @pytest.mark.slow
    def test_each_can_be_put_back_for_itself(self, library_with_routine, folder, tmp_path):
        """
        What a later set shares with an earlier one, neither owns.
        """
        sets = [library_with_routine.backup(folder)]
        for slug in ("fauske", "beiarn"):
            library_with_routine.adopt("handhygiene", slug, by=f"beslutter.{slug}")
            sets.append(library_with_routine.backup(folder))

        found = [Library.restore(folder, tmp_path / f"h{number}", name=one.name) for number, one in enumerate(sets)]

        assert [one.number for one in found] == [one.number for one in sets]
        assert [one.faults for one in found] == [()] * 3

    def test_only_so_many_are_kept_and_nothing_that_they_need_is_removed(self, library_with_routine, folder, new_home):
        """
        Names that were erased must be gone from the copies too, after a time that somebody chose.
        """
        sets = [library_with_routine.backup(folder)]
        for slug in ("fauske", "beiarn"):
            library_with_routine.adopt("handhygiene", slug, by=f"beslutter.{slug}")
            sets.append(library_with_routine.backup(folder, keep=2))

        assert sorted(path.name for path in (folder / "sets").iterdir()) == [one.name for one in sets[1:]]
        assert sets[2].removed == (sets[0].name,)
        assert Library.restore(folder, new_home, name=sets[1].name).faults == ()

    def test_one_that_was_stopped_is_none_and_is_cleared_away(self, library, folder):
        """
        The power went at four in the morning.
        """
        for step in STEPS_OF_BACKUP[:-1]:
            with stopped_at(step):
                library.backup(folder)
            assert newest_whole(folder) is None

        done = library.backup(folder)

        assert len(list((folder / "sets").iterdir())) == 1
        assert len(done.cleared) == 1

    def test_what_no_run_of_ours_began_is_left_alone(self, library, folder):
        """
        Another machine is copying its set in, and somebody keeps notes and a copy of their own there.
        """
        first = library.backup(folder)
        arriving, own = folder / "sets" / "000007-20261101T000000Z", folder / "sets" / "kopi-til-arkivet"
        shutil.copytree(newest_set(folder), own)
        arriving.mkdir()
        (arriving / "actor.jsonl").write_text("{}\n", encoding="utf-8")
        (folder / "sets" / "notater.txt").write_text("Ring drift.", encoding="utf-8")
        (folder / "shared" / "words-000007.jsonl").write_text("[]\n", encoding="utf-8")
        (folder / "shared" / "notater").mkdir()
        theirs = [path for path in every_file(folder) if first.name not in path.parts]

        with stopped_at("backup: begun"):
            library.backup(folder)
        done = library.backup(folder, keep=1)

        assert len(done.cleared) == 1
        assert done.cleared != (arriving.name,)
        assert done.removed == (first.name,)
        assert done.left_alone == (arriving.name, own.name)
        assert [path for path in theirs if not path.exists()] == []
        assert Library.preview_restore(folder, folder.with_name("ny")).name == done.name

        shutil.rmtree(arriving)
        shutil.rmtree(own)
        library.backup(folder)

        assert not (folder / "shared" / "words-000007.jsonl").exists()
        assert (folder / "shared" / "notater").is_dir()

    def test_after_a_restore_the_copies_go_on_in_the_same_folder(
        self, library_with_routine, folder, new_home, tmp_path, clock
    ):
        """
        Decisions made after the restore have the numbers of those that were lost: the new sets must not mix them.
        """
        first = library_with_routine.backup(folder)
        library_with_routine.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        library_with_routine.backup(folder)
        Library.restore(folder, new_home, name=first.name)

        with Library.open(new_home, clock=clock) as again:
            again.adopt("handhygiene", "Beiarn", by="beslutter.beiarn")
            again.backup(folder)
        restored = Library.restore(folder, tmp_path / "enda-en")

        assert restored.faults == ()
        with Library.open(tmp_path / "enda-en", clock=clock) as last:
            assert [one.municipality for one in last.in_force()] == ["1839"]


class TestSecrets:
    def test_a_password_is_not_copied_and_that_is_said(self, home, library, folder):
        """
        A copy travels to other machines; what opens the database must not.
        """
        (home.path / "samrutine.toml").write_text(
            'database_url = "postgresql+psycopg://samrutine:hemmelig@server/db"\naddress = "https://rutiner.example"\n',
            encoding="utf-8",
        )

        done = library.backup(folder)

        assert done.left_out == ("database_url",)
        assert b"hemmelig" not in b"".join(path.read_bytes() for path in every_file(folder))
        assert "https://rutiner.example" in (newest_set(folder) / "samrutine.toml").read_text(encoding="utf-8")

    def test_only_its_owner_may_read_it(self, library, folder):
        """
        Names, drafts and what is exempt lie in it as plain text.
        """
        library.backup(folder)

        assert {path.stat().st_mode & 0o077 for path in [folder, *every_file(folder)]} == {0}

    def test_a_person_who_was_erased_is_in_no_later_copy(self, library, folder):
        """
        Nor is what somebody erased of their words: tables that can be erased from are written whole each time.
        """
        library.backup(folder, keep=1)
        library.erase_person("ansatt.fauske", reason="Sluttet.", by="redaktor")

        library.backup(folder, keep=1)

        assert b"Ansatt.Fauske" not in b"".join(path.read_bytes() for path in every_file(folder))


class TestStoppedInTheMiddle:
    @pytest.mark.parametrize(("database_kind", "step"), STOPS)
    def test_the_same_call_again_ends_in_the_same_home(self, one_backup, new_home, new_url, step):
        """
        Somebody tripped over the cable, at the worst possible moment.
        """
        with stopped_at(step):
            Library.restore(one_backup, new_home, database_url=new_url)
        if step != "restore: done":
            with pytest.raises(RestoreUnfinished):
                Library.open(new_home)

        restored = Library.restore(one_backup, new_home, database_url=new_url)

        assert restored.faults == ()
        with Library.open(new_home) as library:
            assert library.totals()["decisions"] == 53

    @pytest.mark.parametrize("database_kind", ["postgresql"])
    def test_on_a_server_it_answers_as_if_nothing_had_happened_and_touches_no_other_database(
        self, any_library_with_routine, any_home_with_routine, folder, new_home, new_url, clock, tmp_path
    ):
        """
        The rows of the first try are there, so nothing seems to be missing; and the URL of the second may be the wrong one.
        """
        library, live = any_library_with_routine, any_home_with_routine
        (tmp_path / "kvalitet").mkdir()
        library.set_target("Fauske", "kvalitet", "folder", tmp_path / "kvalitet", by="ansvarlig.fauske")
        made = library.propose(a_routine("ny", title="Ny"), by="skribent")
        library.open_hearing(made.proposal, by="redaktor", parties=["outside:Fastlegen"], digest=made.digest)
        link = library.invite_outsider(made.proposal, "Fastlegen", by="redaktor").token
        library.backup(folder)
        adopted = library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        asked = {"register": live.path, "from_register": True, "clock": clock}

        with stopped_at("restore: projected"):
            Library.restore(folder, new_home, database_url=new_url, **asked)
        clock.forward(seconds=5)
        with pytest.raises(DatabaseNotEmpty):
            Library.restore(folder, new_home, database_url=live.database_url, **asked)
        restored = Library.restore(folder, new_home, database_url=new_url, **asked)

        assert library.paused_targets() == []
        assert library.read_by_link(link)
        assert [one.number for one in restored.missing] == [adopted.number]
        assert (restored.taken, restored.void_links, restored.faults) == (True, 1, ())
        assert [one.name for one in restored.paused] == ["kvalitet"]
        assert not (new_home / "restoring.json").exists()
        with Library.open(new_home) as again, again._parts.database.columns() as connection:
            assert not inspect(connection).has_table("restore_under_way")

    def test_nobody_makes_a_library_in_a_half_made_home(self, one_backup, new_home):
        """
        `init` finishes what `init` began, and nothing else.
        """
        with stopped_at("restore: git put back"):
            Library.restore(one_backup, new_home)

        with pytest.raises(HomeExists):
            Library.init(new_home, editor_login="x", editor_name="X")


class TestWordsThatWereTakenAway:
    def test_are_in_no_later_copy_and_an_older_one_tells_that_they_must_go_again(
        self, library_with_routine, folder, new_home, tmp_path, clock
    ):
        """
        A patient's name slipped into a routine. The next copy must not carry it on in what it shares with the last.
        """
        library = library_with_routine
        change_with_everyone(library, a_routine(extra="Ring Ola Hverdagslig."))
        digest = library.versions("handhygiene")[-1].digest
        change_with_everyone(library, a_routine(extra="Ring avdelingen."))
        old = library.backup(folder)
        library.redact(digest, reason="Feil sted.", by="redaktor")
        library.backup(folder)

        told = Library.restore(folder, tmp_path / "gammel", name=old.name, clock=clock)
        library.backup(folder, keep=1)
        restored = Library.restore(folder, new_home, clock=clock)
        after = library.backup(folder, keep=1)

        assert [(one.kind, one.about) for one in told.erase_again] == [("words_redacted", digest)]
        assert restored.faults == ()
        assert every_blob_without(new_home / "library.git", b"Hverdagslig")
        assert len([path for path in (folder / "shared").iterdir() if path.suffix == ".bundle"]) == 1
        assert after.new_bytes < restored.rows["decision"] * 2_000
