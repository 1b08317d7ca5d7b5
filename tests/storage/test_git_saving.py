"""What no decision makes again comes along when a damaged repository is begun anew; and git that gave no answer said nothing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from samrutine.errors import StoreUnavailable
from samrutine.storage import git as git_module
from samrutine.storage.git import MAIN, SAVED, SET_ASIDE, Commit, GitStore, answered
from samrutine.storage.git_reading import refs
from samrutine.storage.git_saving import start_over
from tests.support.clock import NOW

CHECKPOINTS = "refs/heads/checkpoints"


def put(store, branch, words):
    """Put one more commit on a branch; gives its id."""
    tip = store.tip(branch)
    return store.append(branch, tip, [Commit({"fil.md": words * 200}, "Ord", NOW)], allowed=frozenset({tip}))[0]


@pytest.fixture
def damaged(tmp_path):
    """A repository that lost a byte of `main` and of what was set aside from there; the rest of it is whole."""
    store = GitStore(tmp_path / "library.git")
    store.create()
    lost = put(store, MAIN, b"Alle skal vaske hendene.\n")
    (pack,) = (store.folder / "objects" / "pack").glob("*.pack")
    store.keep(lost)
    put(store, CHECKPOINTS, b"Signert.\n")
    kept = put(store, CHECKPOINTS, b"Signert igjen.\n")
    store.keep(kept)
    store.keep_rewritten("main-7", {lost: kept})
    pack.chmod(0o644)
    content = bytearray(pack.read_bytes())
    content[14] ^= 0xFF
    pack.write_bytes(content)
    return store, lost, kept


def test_brings_along_what_is_whole_and_names_what_is_lost(damaged):
    """
    A signature cannot be made again, and a repair that loses it in silence does what a forger would.
    """
    store, lost, kept = damaged
    before = refs(store.folder)
    assert store.faults()

    begun = start_over(store)

    assert (begun.aside, begun.lost) == ("library.git.damaged-1", (f"{SET_ASIDE}/{lost}",))
    after = refs(store.folder)
    assert after == {ref: tip for ref, tip in before.items() if ref not in {MAIN, *begun.lost}}
    assert after[CHECKPOINTS] == kept
    assert store.rewritten() == {lost: ("main-7", kept)}
    assert store.faults() == []


def test_goes_on_where_it_was_killed_between_its_two_names(damaged):
    """
    What was brought along must not be lost to an empty repository that the next try makes.
    """
    store, _, kept = damaged
    start_over(store)
    store.folder.rename(store.folder.with_name(store.folder.name + SAVED))

    begun = start_over(store)

    assert begun.aside is None
    assert store.tip(CHECKPOINTS) == kept


def test_what_a_power_cut_left_empty_is_named_or_found_by_its_name(damaged):
    """
    Git does not list a ref without a value, so it went without a word; of what was set aside the name says what it was.
    """
    store, lost, kept = damaged
    shutil.rmtree(store.folder / "logs")
    (store.folder / "packed-refs").unlink(missing_ok=True)
    for ref in (f"{SET_ASIDE}/{kept}", "refs/samrutine/rewritten/main-7", CHECKPOINTS):
        (store.folder / ref).write_bytes(b"")

    begun = start_over(store)

    assert begun.lost == (f"{SET_ASIDE}/{lost}", CHECKPOINTS, "refs/samrutine/rewritten/main-7")
    assert refs(store.folder) == {f"{SET_ASIDE}/{kept}": kept}


def test_the_newest_signature_comes_along_though_no_ref_leads_there(damaged):
    """
    The database knows which it was; a signature that git still has is never given up.
    """
    store, _, kept = damaged
    for ref in (f"{SET_ASIDE}/{kept}", CHECKPOINTS):
        answered(["--git-dir", str(store.folder), "update-ref", "-d", ref])

    start_over(store, kept)

    assert store.tip(CHECKPOINTS) == kept


def test_nothing_is_renamed_before_it_is_on_the_disk(damaged, monkeypatch):
    """
    Else a power cut leaves the old repository under another name, and no new one.
    """
    store, _, _ = damaged
    told = []
    rename, fsync = Path.rename, os.fsync
    monkeypatch.setattr(
        Path, "rename", lambda path, to: (told.append(f"{path.name} {Path(to).name}"), rename(path, to))[1]
    )
    monkeypatch.setattr(
        os, "fsync", lambda number: (told.append(Path(f"/proc/self/fd/{number}").readlink().name), fsync(number))[1]
    )

    start_over(store)

    names = [one for one in told if " " in one]
    assert names[-3:] == [
        "library.git.saving library.git.saved", "library.git library.git.damaged-1", "library.git.saved library.git",
    ]  # fmt: skip
    parent = store.folder.parent.name
    assert all(told[told.index(one) + 1] == parent for one in names[-3:])
    assert "refs" in told[: told.index(names[-3])]


def test_git_that_was_killed_has_not_said_that_all_is_well(tmp_path, monkeypatch):
    """
    Where memory is short the system kills `fsck` first, and a damaged repository is not sound for that.
    """
    store = GitStore(tmp_path / "library.git")

    def ends(code):
        monkeypatch.setattr(
            git_module.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], code, b"", b"")
        )

    ends(-9)
    with pytest.raises(StoreUnavailable, match="fsck -9"):
        store.faults()
    ends(1)
    assert store.faults() == ["fsck 1"]
    ends(0)
    assert store.faults() == []
