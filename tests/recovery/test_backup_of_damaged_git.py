"""Backup and restore of a home whose git is damaged: the set says so, and what was decided comes back all the same."""

import subprocess
from types import SimpleNamespace

import pytest

from samrutine import Library
from samrutine.errors import NoRoom, StoreUnavailable
from samrutine.recovery.sets import newest_sound
from samrutine.recovery.trial import Trial
from samrutine.storage.git import MAIN, SET_ASIDE, Commit, GitStore, asked
from tests.support.backups import flip, manifest_bytes, manifest_value, newest_set, rows_by_table, tips
from tests.support.clock import NOW


def newest_pack(home):
    """The pack that git wrote last."""
    packs = (home / "library.git" / "objects" / "pack").glob("*.pack")
    return max(packs, key=lambda path: path.stat().st_mtime_ns)


def spoil(home, part):
    """Let the disk forget one bit of the newest pack."""
    pack = newest_pack(home)
    pack.chmod(0o644)
    flip(pack, int(pack.stat().st_size * part))


def as_if_sound(folder):
    """Let the newest set say that nothing was wrong, as those did that were taken before bundles were unpacked."""
    manifest = newest_set(folder) / "manifest.json"
    value = manifest_value(manifest)
    value.pop("faults")
    manifest.write_bytes(manifest_bytes(value))


BROAD = pytest.mark.broad


@pytest.mark.parametrize("part", [pytest.param(0.2, marks=BROAD), 0.5, pytest.param(0.9, marks=BROAD)])
def test_one_flipped_bit_is_said_and_the_last_sound_set_stays_until_there_is_another(
    home_with_routine, folder, tmp_path, part
):
    """
    Three nights after the bit flipped everything said that all was well, and no set that was left could be put back.
    """
    with home_with_routine.opened() as library:
        first = library.backup(folder, keep=1)
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        spoil(home_with_routine.path, part)
        damaged = library.backup(folder, keep=1)
        sound_then = newest_sound(folder).name
        library.repair()
        healed = library.backup(folder)
        rows, branches = rows_by_table(library), tips(home_with_routine.path)

    restored = [
        Library.restore(folder, tmp_path / one.name, name=one.name, clock=home_with_routine.clock)
        for one in (damaged, healed)
    ]

    assert {fault.code for fault in damaged.faults} == {"git-objects"}
    assert (damaged.removed, sound_then, healed.faults) == ((), first.name, ())
    assert [one.faults for one in restored] == [(), ()]
    assert [tips(one.home) for one in restored] == [branches, branches]
    with Library.open(restored[0].home, clock=home_with_routine.clock) as again:
        assert rows_by_table(again)["decision"] == rows["decision"]
        assert again.adopt("handhygiene", "Beiarn", by="beslutter.beiarn").number == damaged.number + 1


def test_a_chain_of_bundles_that_cannot_be_unpacked_is_not_built_upon(home_with_routine, folder, new_home):
    """
    Sets from before bundles were unpacked say that they are sound, and every later one would lean on them.
    """
    with home_with_routine.opened() as library:
        spoil(home_with_routine.path, 0.5)
        library.backup(folder)
        as_if_sound(folder)
        library.repair()
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")

        after = library.backup(folder)

    bundles = manifest_value(newest_set(folder) / "manifest.json")["repositories"]["library.git"]["bundles"]
    assert (after.faults, len(bundles)) == ((), 1)
    assert Library.restore(folder, new_home, clock=home_with_routine.clock).faults == ()


def test_a_restore_says_what_could_not_come_and_so_does_the_dry_run(home_with_routine, folder, new_home):
    """
    Signed checkpoints and what was set aside are in git alone. Whoever puts the rest back must know to look for them.
    """
    with home_with_routine.opened() as library:
        store = GitStore(home_with_routine.path / "library.git")
        (aside,) = store.write([Commit({"procedures/fremmed.md": b"Skrevet av andre.\n" * 99}, "Fremmed", NOW)], None)
        store.keep(aside)
        # As it was before bundles were unpacked: the set was as damaged as the pack, and said nothing.
        spoil(home_with_routine.path, 0.5)
        library.backup(folder)
        as_if_sound(folder)

    seen = Library.preview_restore(folder, new_home)
    restored = Library.restore(folder, new_home, clock=home_with_routine.clock)
    again = Library.restore(folder, new_home, clock=home_with_routine.clock)

    assert (seen.not_unpacked, seen.in_the_way) == (("library.git",), ())
    assert restored.not_in_git == again.not_in_git == (f"library.git {SET_ASIDE}/{aside}",)
    assert restored.faults == ()


@pytest.mark.parametrize(
    "lost", ["HEAD", pytest.param("config", marks=BROAD), pytest.param("packed-refs", marks=BROAD)]
)
def test_what_is_decided_is_copied_though_git_cannot_be_read(home_with_routine, folder, new_home, lost):
    """
    People go on deciding while git is to be mended. Those nights need their copies the most.
    """
    with home_with_routine.opened() as library:
        adopted = library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        (home_with_routine.path / "library.git" / lost).write_bytes(b"\0\n")

        taken = library.backup(folder)

    restored = Library.restore(folder, new_home, clock=home_with_routine.clock)
    assert {fault.code for fault in taken.faults} == {"git-objects"}
    assert (restored.number, restored.faults) == (adopted.number, ())


def test_a_set_that_git_could_not_be_written_into_is_no_sound_one(home_with_routine, folder, monkeypatch):
    """
    A disk for backups that was full took the last set that had git in it: what was set aside stands nowhere else.
    """
    with home_with_routine.opened() as library:
        first = library.backup(folder, keep=1)
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        monkeypatch.setattr(
            "samrutine.storage.git.asked", lambda arguments, *more: _refused(arguments) or asked(arguments, *more)
        )
        lacking = library.backup(folder, keep=1)
        sound = newest_sound(folder).name
        monkeypatch.setattr("samrutine.recovery.backup.shutil.disk_usage", lambda _: SimpleNamespace(free=0))
        with pytest.raises(NoRoom):
            library.backup(folder, keep=1)

    assert [(fault.code, fault.detail) for fault in lacking.faults] == [("backup-bundle", "library.git")]
    assert all("samrutine repair" not in fault.remedy("nb") for fault in lacking.faults)
    assert (lacking.removed, sound) == ((), first.name)
    assert not (newest_set(folder) / "manifest.json").exists()  # begun, and none


def _refused(arguments):
    """As git answers on a full disk."""
    return subprocess.CompletedProcess(arguments, 128, b"", b"") if "create" in arguments else None


def test_a_copy_that_its_own_disk_spoilt_is_told_apart_from_damage_here(home_with_routine, folder, monkeypatch):
    """
    `repair` was the remedy, and found nothing to mend: what helps is to take the copy anew.
    """
    with home_with_routine.opened() as library:
        takes = Trial.takes
        with monkeypatch.context() as once:
            once.setattr(Trial, "takes", lambda trial, paths: takes(trial, [_spoilt(path) for path in paths]))
            spoilt = library.backup(folder)
            again = library.verify().faults
        after = library.backup(folder)

    assert [(fault.code, fault.detail) for fault in spoilt.faults] == [("backup-bundle", "library.git")]
    assert (again, after.faults) == ((), ())


def _spoilt(path):
    """A file of which the disk forgot one bit."""
    flip(path, int(path.stat().st_size * 0.5))
    return path


def test_git_that_was_killed_has_not_said_that_a_bundle_is_damaged(home_with_routine, folder, new_home, monkeypatch):
    """
    The home was finished without what was set aside, and asking again gave the same answer.
    """
    store = GitStore(home_with_routine.path / "library.git")
    store.keep(store.tip(MAIN))
    with home_with_routine.opened() as library:
        library.backup(folder)

    def killed(arguments, *more):
        if "unbundle" in arguments:
            raise StoreUnavailable(store="git", detail="bundle -9")
        return asked(arguments, *more)

    with monkeypatch.context() as once:
        once.setattr("samrutine.storage.bundles.asked", killed)
        with pytest.raises(StoreUnavailable):
            Library.restore(folder, new_home, clock=home_with_routine.clock)
    restored = Library.restore(folder, new_home, clock=home_with_routine.clock)

    assert (restored.is_repeat, restored.not_in_git, restored.faults) == (False, (), ())


def test_too_little_room_to_try_is_no_damage(tmp_path, monkeypatch):
    """
    A disk that is nearly full would else have every set called damaged.
    """
    trial = Trial(tmp_path / "prove.git")
    bad = tmp_path / "bundle"
    bad.write_bytes(b"no bundle")
    monkeypatch.setattr("samrutine.recovery.trial.ROOM_NEEDED", 10**15)

    with pytest.raises(NoRoom):
        trial.takes([bad])


def test_a_full_disk_is_told_as_such_before_anything_is_tried(tmp_path, monkeypatch):
    """
    Git could not begin a repository, and what was told was damage of one that is whole.
    """
    (tmp_path / "full").write_bytes(b"")
    monkeypatch.setattr("samrutine.recovery.trial.shutil.disk_usage", lambda _: SimpleNamespace(free=0))

    with pytest.raises(NoRoom):
        Trial(tmp_path / "full" / "prove.git")
