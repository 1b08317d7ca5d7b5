"""What a home is made of is on the disk when it is told to be there; and what a power cut left empty is made readable."""

import os

import pytest

from samrutine import Library
from samrutine.storage.git import DAMAGED, MAIN, GitStore

SMALL = ["samrutine.toml", "library.git/HEAD", "library.git/config", "restricted.git/HEAD", "restricted.git/config"]
FOLDERS = ["library.git", "library.git/objects", "library.git/refs", "restricted.git"]


@pytest.fixture
def synced(monkeypatch):
    """The state of each file when it was last synced, and the folders: by file number, for some are renamed after."""
    found = {}

    def noted(descriptor, *, whole=os.fsync):
        whole(descriptor)
        there = os.fstat(descriptor)
        found[there.st_ino] = (there.st_size, there.st_mtime_ns)

    monkeypatch.setattr(os, "fsync", noted)
    return found


def not_synced(synced, home, names):
    """The files that are not on the disk as they are, and the folders of which the names may be lost."""
    told = {name: (home / name).stat() for name in names}
    return [name for name, one in told.items() if synced.get(one.st_ino) != (one.st_size, one.st_mtime_ns)]


def test_what_a_new_home_is_made_of_is_synced_before_it_is_acknowledged(tmp_path, synced):
    """
    A power cut an hour later left HEAD with no bytes, and nothing in the repository could be read.
    """
    home = tmp_path / "ny" / "heim"

    Library.init(home, editor_login="redaktor", editor_name="R", address="https://rutiner.example").close()

    assert not_synced(synced, home, SMALL) == []
    folders = [home.parent.parent, home.parent, home, *(home / name for name in FOLDERS)]
    assert [one for one in folders if one.stat().st_ino not in synced] == []


def test_so_is_what_was_put_back(home_with_routine, tmp_path, synced):
    """
    Whoever is told that it is there may need the disk with the backup for something else.
    """
    home = tmp_path / "ny"
    with home_with_routine.opened() as library:
        library.backup(tmp_path / "kopi")

    Library.restore(tmp_path / "kopi", home, clock=home_with_routine.clock)

    assert not_synced(synced, home, SMALL) == []
    below = [path for path in home.rglob("*") if path.is_dir() and "index" not in path.relative_to(home).parts]
    assert [one for one in (home.parent, home, *below) if one.stat().st_ino not in synced] == []


def test_so_are_settings_that_repair_put_back(home_with_routine, synced):
    """
    Git writes its settings without syncing them: to put one right may not cost all of them.
    """
    config = home_with_routine.path / "library.git" / "config"
    config.write_bytes(config.read_bytes() + b"[core]\n\tfsync = none\n")
    with home_with_routine.opened() as library:
        library.repair()

    assert not_synced(synced, home_with_routine.path, SMALL[1:3]) == []


@pytest.mark.parametrize("heals", ["repair", "init"])
@pytest.mark.parametrize("files", [["HEAD"], ["config"], ["HEAD", "config"]], ids=" and ".join)
def test_a_repository_with_an_empty_head_is_healed(home_with_routine, heals, files):
    """
    All the texts lie there. Nobody should have to know what git wants in a file of twenty bytes.
    """
    for name in ("library.git", "restricted.git"):
        for file in files:
            (home_with_routine.path / name / file).write_bytes(b"")

    if heals == "init":
        Library.init(home_with_routine.path, editor_login="redaktor", editor_name="R").close()
    with home_with_routine.opened() as library:
        library.repair()
        verified = library.verify()

    assert verified.is_clean
    assert not list(home_with_routine.path.glob(f"*{DAMAGED}*"))


def test_a_file_that_git_could_not_read_is_kept_however_often_it_happens(tmp_path):
    """
    What an operator had written there is theirs, and the first copy is the one that has it.
    """
    store = GitStore(tmp_path / "library.git")
    store.create()
    for words in (b"[eget\n", b"[annet\n"):
        (store.folder / "config").write_bytes(words)
        (store.folder / "HEAD").write_bytes(words)
        assert store.make_readable()

    for name in ("HEAD", "config"):
        kept = [path.read_bytes() for path in sorted(store.folder.glob(f"{name}{DAMAGED}*"))]
        assert kept == [b"[eget\n", b"[annet\n"]
    assert (store.make_readable(), store.tip(MAIN)) == (False, None)
