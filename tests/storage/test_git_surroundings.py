"""Who calls may be a hook of another repository, and somebody may have written in our settings: git keeps ours all the same."""

import shutil
import subprocess

import pytest

from samrutine.errors import StoreDamaged
from samrutine.storage.git import CONFIGURATION, MAIN, Commit, GitStore, answered, blob_id
from samrutine.storage.git_settings import settings, wrong_settings
from tests.support.clock import NOW

WORDS = b"Alle skal vaske hendene.\n"


@pytest.fixture
def store(tmp_path):
    """An empty repository."""
    store = GitStore(tmp_path / "library.git")
    store.create()
    return store


def told(store, *arguments):
    """Ask git in the repository."""
    return answered(["--git-dir", str(store.folder), *arguments]).decode().strip()


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
    assert settings(store.folder)["core.fsync"] == "all"


def test_a_setting_that_is_given_twice_is_put_back(store):
    """
    The last of them holds, and git refuses to set one of several: a line at the end of the file stopped all of repair.
    """
    with (store.folder / "config").open("a", encoding="ascii") as file:
        file.write("[core]\n\tfsync = none\n[core]\n\tfsync = none\n")
    assert settings(store.folder)["core.fsync"] == "none"

    store.create()

    assert {key: settings(store.folder)[key.lower()] for key in CONFIGURATION} == dict(CONFIGURATION)


@pytest.mark.parametrize("how", ["include", "condition", "work tree"])
def test_a_setting_that_git_reads_in_another_file_is_seen_and_left_out(store, how, tmp_path):
    """
    What is synced must be, wherever somebody wrote that it need not: git follows more files than one.
    """
    other = tmp_path / "other"
    other.write_text("[core]\n\tfsync = none\n", encoding="ascii")
    key = {"include": "include.path", "condition": "includeIf.gitdir:**.path"}.get(how)
    if key is not None:
        told(store, "config", key, str(other))
    else:
        told(store, "config", "extensions.worktreeConfig", "true")
        (store.folder / "config.worktree").write_bytes(other.read_bytes())
    assert "core.fsync" in {one.name for one in wrong_settings(store.folder)}

    store.create()

    assert [*wrong_settings(store.folder)] == []
    assert told(store, "config", "core.fsync") == "all"


@pytest.mark.parametrize("name", ["shallow", "info/grafts", "HEAD"])
def test_a_file_that_leads_git_astray_is_seen_and_put_right(store, name):
    """
    A history that seems cut, and a clone that shows nothing, look like loss though nothing is lost.
    """
    put(store)
    tip = store.tip(MAIN)
    (store.folder / "info").mkdir(exist_ok=True)
    (store.folder / name).write_text("ref: refs/heads/nowhere\n" if name == "HEAD" else f"{tip}\n", encoding="ascii")
    assert [one.name for one in wrong_settings(store.folder)] == [name]

    store.create()

    assert [*wrong_settings(store.folder)] == []
    assert told(store, "rev-parse", "HEAD") == tip


def test_objects_that_lie_in_another_folder_are_brought_here(store, tmp_path):
    """
    A copy that borrows its objects is whole until somebody tidies up where they lie.
    """
    put(store)
    borrowed = tmp_path / "borrowed"
    (store.folder / "objects").rename(borrowed)
    (store.folder / "objects" / "info").mkdir(parents=True)
    (store.folder / "objects" / "info" / "alternates").write_text(f"{borrowed}\n", encoding="utf-8")
    assert [one.name for one in wrong_settings(store.folder)] == ["objects/info/alternates"]

    store.create()
    shutil.rmtree(borrowed)

    assert [*wrong_settings(store.folder)] == []
    assert (store.read(blob_id(WORDS)), store.faults()) == (WORDS, [])


def test_nobody_pushes_into_it(store, tmp_path):
    """
    Whoever can write a file in a shared folder can push, and a line on the register would be taken for a decision.
    """
    put(store)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", store.folder, clone], check=True, capture_output=True)
    (clone / "fil.md").write_text("Noe annet.\n", encoding="utf-8")
    author = ["-c", "user.name=Prøve", "-c", "user.email=prove@example.invalid"]
    subprocess.run(["git", "-C", clone, *author, "commit", "--quiet", "-am", "Ord"], check=True)
    before = store.tip(MAIN)

    pushed = subprocess.run(["git", "-C", clone, "push", "origin", "HEAD:main"], capture_output=True, check=False)

    assert pushed.returncode
    assert store.tip(MAIN) == before


def test_words_that_are_gone_are_damage_and_no_others_are_taken_for_them(store):
    """
    Many are read at once; the answer to one that is gone must not be read as the next one's words.
    """
    put(store)
    gone = blob_id(b"Ingen har skrevet dette.\n")

    for asked_for in ([gone, blob_id(WORDS)], [blob_id(WORDS), gone]):
        with pytest.raises(StoreDamaged, match=gone):
            store.read_many(asked_for)


def test_what_is_promised_elsewhere_is_missing_here(store):
    """
    With three settings and an empty file git takes a routine's words for whole that are not there, and fetches them from outside.
    """
    put(store)
    told(store, "config", "extensions.partialClone", "origin")
    told(store, "config", "remote.origin.promisor", "true")
    told(store, "config", "remote.origin.partialCloneFilter", "blob:none")
    (pack,) = (store.folder / "objects" / "pack").glob("*.pack")
    pack.with_suffix(".promisor").touch()

    seen = {one.name for one in wrong_settings(store.folder)}
    store.create()

    assert seen == {
        "extensions.partialclone", "remote.origin.promisor", "remote.origin.partialclonefilter",
        f"objects/pack/{pack.stem}.promisor",
    }  # fmt: skip
    assert [*wrong_settings(store.folder)] == []


def test_what_no_ref_leads_to_stays_when_objects_are_brought_home(store, tmp_path):
    """
    A signed checkpoint whose branch is gone is put back later: to leave another folder's objects may not cost it.
    """
    put(store)
    tip = store.tip(MAIN)
    (loose,) = store.write([Commit({"signert": b"x"}, "Signert", NOW)], None)
    elsewhere = tmp_path / "objects"
    elsewhere.mkdir()
    (store.folder / "objects" / "info").mkdir(exist_ok=True)
    (store.folder / "objects" / "info" / "alternates").write_text(f"{elsewhere}\n")

    store.create()

    assert not (store.folder / "objects" / "info" / "alternates").exists()
    assert (store.tip(MAIN), store.has_commit(loose)) == (tip, True)
