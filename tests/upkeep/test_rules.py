"""What the doctor makes of what it is told; no store, no disk."""

import stat
from datetime import timedelta

import pytest

from samrutine.messages import LANGUAGES, catalogue
from samrutine.upkeep.doctor import file_system_of, pandoc_version
from samrutine.upkeep.model import (
    NETWORK_FILE_SYSTEMS,
    Gravity,
    about_backup,
    about_file_system,
    about_permissions,
    about_room,
    about_setting,
    about_version,
    about_waiting,
)


class TestTheDisk:
    @pytest.mark.parametrize("kind", sorted(NETWORK_FILE_SYSTEMS))
    def test_a_network_disk_is_a_danger(self, kind):
        """
        SQLite's log needs memory that all who read share, and `flock` may be a promise that nobody keeps.
        """
        assert about_file_system(kind, "/srv").gravity is Gravity.DANGER

    def test_a_disk_in_memory_is_a_danger(self):
        """
        Everything works until the machine is switched off.
        """
        assert about_file_system("tmpfs", "/srv").code == "disk_memory"

    @pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "zfs", "overlay", None])
    def test_a_local_disk_is_well(self, kind):
        """
        A doctor who warns of everything is not listened to. What the machine does not tell is no illness.
        """
        assert about_file_system(kind, "/srv").gravity is Gravity.FACT

    @pytest.mark.parametrize(
        ("free", "code"), [(99, "room_none"), (100, "room_little"), (999, "room_little"), (1000, "room")]
    )
    def test_says_in_good_time_that_it_is_getting_narrow(self, free, code):
        """
        Below what is kept free nothing is decided, so somebody must hear of it before.
        """
        assert about_room(free, 100, "/srv").code == code

    def test_is_found_by_the_longest_mount_that_holds_the_folder(self, tmp_path):
        """
        The newest of two mounts on one place is the one that is seen.
        """
        home = tmp_path / "med mellomrom" / "hjem"
        home.mkdir(parents=True)
        mounts = tmp_path / "mountinfo"
        named = str(tmp_path / "med mellomrom").replace(" ", "\\040")
        mounts.write_text(
            "21 1 8:1 / / rw - ext4 /dev/a rw\n"
            f"22 21 0:9 / {named} rw shared:1 - ext4 /dev/b rw\n"
            f"23 21 0:9 / {named} rw - nfs4 srv:/ rw\n"
            "24 21 0:9 / /annet rw - tmpfs t rw\n"
            "a line that is none\n"
        )

        assert file_system_of(home, mounts) == "nfs4"
        assert file_system_of(tmp_path, mounts) == "ext4"
        assert file_system_of(tmp_path, tmp_path / "missing") is None


class TestWhoMayEnter:
    @pytest.mark.parametrize(
        ("mode", "code"),
        [(0o700, None), (0o750, None), (0o755, "others_may_read"), (0o770, "others_may_write"), (0o777, "others_may_write")],
    )  # fmt: skip
    def test_others_than_the_owner_and_the_group_that_reads_are_a_danger(self, mode, code):
        """
        Names, drafts and exempt texts lie in the home; and whoever writes there decides past every rule.
        """
        found = about_permissions(mode, "hjem")

        assert (found.code if found else None) == code

    @pytest.mark.parametrize(
        ("home", "mode", "code"),
        [
            (0o711, stat.S_IFREG | 0o644, "others_may_read"), (0o711, stat.S_IFREG | 0o600, None),
            (0o711, stat.S_IFREG | 0o640, None), (0o711, stat.S_IFREG | 0o602, "others_may_write"),
            (0o711, stat.S_IFDIR | 0o711, "others_may_read"), (0o711, stat.S_IFDIR | 0o700, None),
            (0o700, stat.S_IFREG | 0o666, None), (0o750, stat.S_IFREG | 0o664, "others_may_write"),
            (0o750, stat.S_IFREG | 0o644, None),
        ],
    )  # fmt: skip
    def test_what_lies_in_a_folder_is_judged_for_those_who_come_past_it(self, home, mode, code):
        """
        A folder that cannot be listed hides nothing whose name stands in the manual.
        """
        found = about_permissions(mode, "samrutine.db", folder=home)

        assert (found.code if found else None) == code


class TestPrograms:
    @pytest.mark.parametrize(
        ("found", "code"),
        [(None, "program_missing"), ((2, 30), "program_old"), ((2, 31), "program"), ((3, 0), "program")],
    )
    def test_one_that_is_missing_or_too_old_is_said(self, found, code):
        """
        An old git refuses an option in the middle of a night's work, and the message is git's own.
        """
        assert about_version("git", found, (2, 31)).code == code

    @pytest.mark.parametrize(
        ("says", "version"), [("pandoc 1.0.2", (1, 0, 2)), ("pandoc.exe 3.9", (3, 9)), ("something else", None)]
    )
    def test_the_version_of_pandoc_is_asked_of_pandoc(self, says, version, tmp_path, monkeypatch):
        """
        Whoever asks why a document came out wrong is asked for it.
        """
        program = tmp_path / "pandoc"
        program.write_text(f"#!/bin/sh\necho {says}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

        assert pandoc_version() == version


class TestTheNewestBackup:
    @pytest.mark.parametrize(
        ("waited", "code", "gravity"),
        [
            (timedelta(hours=47), "backup", Gravity.FACT), (timedelta(hours=49), "backup_late", Gravity.ADVICE),
            (timedelta(days=8), "backup_old", Gravity.DANGER), (None, "backup_none", Gravity.ADVICE),
        ],
    )  # fmt: skip
    def test_is_missed_when_it_is_late(self, waited, code, gravity):
        """
        A job that stopped in the night says nothing by itself. One night may fail; a week of them is what a fire takes.
        """
        found = about_backup(waited, "/kopi")

        assert (found.code, found.gravity) == (code, gravity)


class TestWhatWaits:
    @pytest.mark.parametrize(
        ("behind", "minutes", "needs", "code"),
        [
            (0, 0, False, "projection"), (3, 59, False, "projection_behind"), (3, 61, False, "projection_waits"),
            (3, 1, True, "projection_stopped"),
        ],
    )  # fmt: skip
    def test_a_projection_that_has_waited_for_an_hour_is_a_danger(self, behind, minutes, needs, code):
        """
        A minute behind is how it works; an hour behind means that people read what no longer applies.
        """
        found = about_waiting("main", behind, timedelta(minutes=minutes), needs_a_person=needs)

        assert found.code == code

    def test_a_setting_that_is_as_it_must_be_is_not_mentioned(self):
        """
        A page of settings that are right hides the one that is wrong.
        """
        assert about_setting("git", "core.fsync", "all", "all") is None
        assert about_setting("git", "core.fsync", "", "all").places["found"] == "–"

    def test_a_stricter_setting_than_ours_is_well(self):
        """
        Whoever has asked for more would be told to take it back.
        """
        assert about_setting("PostgreSQL", "synchronous_commit", "remote_apply", "on", "remote_apply") is None
        assert about_setting("PostgreSQL", "synchronous_commit", "off", "on", "remote_apply").places["wanted"] == "on"

    @pytest.mark.parametrize(("is_ours", "code"), [(True, "setting"), (False, "setting_of_database")])
    def test_names_who_puts_a_setting_back(self, is_ours, code):
        """
        `repair` writes git's settings anew; a database has an administrator.
        """
        assert about_setting("x", "fsync", "off", "on", is_ours=is_ours).code == code


class TestItsWords:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_what_must_be_done_is_said_wherever_something_must(self, language):
        """
        A finding without a remedy leaves whoever reads it where they were. Facts ask for nothing.
        """
        keys = catalogue(language, "doctor")
        codes = {key.partition(".")[0] for key in keys}
        facts = {"program", "pandoc_missing", "disk", "room", "durable", "projection", "projection_behind", "backup"}

        assert {code for code in codes if f"{code}.remedy" not in keys} == facts
