"""Who calls may be a hook of another repository, and somebody may have written in our settings: git keeps ours all the same."""

import pytest

from samrutine.errors import StoreDamaged
from samrutine.storage.git import CONFIGURATION, MAIN, Commit, GitStore, answered, blob_id
from tests.support.clock import NOW

WORDS = b"Alle skal vaske hendene.\n"


@pytest.fixture
def store(tmp_path):
    """An empty repository."""
    store = GitStore(tmp_path / "library.git")
    store.create()
    return store


def put(store):
    """Put one file on `main`."""
    tip = store.tip(MAIN)
    store.append(MAIN, tip, [Commit({"fil.md": WORDS}, "Ord", NOW)], allowed=frozenset({tip}))


def test_what_a_caller_set_for_another_repository_is_not_asked(store, tmp_path, monkeypatch):
    """
    Git puts its hooks in a quarantine of objects by the environment. What was decided there would be thrown away with it.
    """
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(elsewhere))
    monkeypatch.setenv("GIT_QUARANTINE_PATH", str(elsewhere))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsync")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "none")

    put(store)

    assert [*elsewhere.iterdir()] == []
    assert store.read(blob_id(WORDS)) == WORDS
    assert store.configuration()["core.fsync"] == "all"


def test_a_setting_that_is_given_twice_is_put_back(store):
    """
    The last of them holds, and git refuses to set one of several: a line at the end of the file stopped all of repair.
    """
    with (store.folder / "config").open("a", encoding="ascii") as settings:
        settings.write("[core]\n\tfsync = none\n[core]\n\tfsync = none\n")
    assert store.configuration()["core.fsync"] == "none"

    store.create()

    assert {key: store.configuration()[key.lower()] for key in CONFIGURATION} == dict(CONFIGURATION)


@pytest.mark.parametrize("missing", [blob_id(b"Ingen har skrevet dette.\n"), "tree"])
def test_what_is_no_blob_there_is_damage_and_the_rest_is_not_taken_for_it(store, missing):
    """
    Many are read at once; the answer to one that is gone must not be read as the next one's words.
    """
    put(store)
    (tree,) = {line.split(" ")[1] for line in _commit(store).splitlines() if line.startswith("tree ")}

    with pytest.raises(StoreDamaged, match="blob"):
        store.read_many([blob_id(WORDS), tree if missing == "tree" else missing])


def _commit(store):
    return answered(["--git-dir", str(store.folder), "cat-file", "-p", MAIN]).decode()
