"""What no decision makes again comes along when a damaged repository is begun anew; and git that gave no answer said nothing."""

import subprocess

import pytest

from samrutine.errors import StoreUnavailable
from samrutine.storage import git as git_module
from samrutine.storage.git import MAIN, SAVED, SET_ASIDE, Commit, GitStore
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
