"""Which of a repository's branches is read, where a clone has several by one name. No library: branches of a commit or two."""

import subprocess
from datetime import UTC, datetime

import pytest

from samrutine.errors import RegisterBroken
from samrutine.storage import bundles
from samrutine.storage.git import REGISTER, Commit, GitStore

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clone(tmp_path):
    """A repository whose register has three commits, and their names, oldest first."""
    store = GitStore(tmp_path / "klone.git")
    store.create()
    commits = [Commit({"a.jsonl": str(n).encode()}, f"Number: {n}", AT) for n in range(3)]
    return store, store.append(REGISTER, None, commits, allowed=frozenset({None}))


def fetched(store, tmp_path):
    """Where the register stands in a repository that fetched it."""
    here = GitStore(tmp_path / "her.git")
    here.create()
    bundles.fetch(here, store.folder, (REGISTER,))
    return here.tip(REGISTER)


def stands(store, places):
    """Let the register stand elsewhere in a repository, by the name of a branch there."""
    subprocess.run(["git", "--git-dir", store.folder, "update-ref", "-d", REGISTER], check=True)
    for name, commit in places.items():
        subprocess.run(["git", "--git-dir", store.folder, "update-ref", name, commit], check=True)


@pytest.mark.parametrize(
    "places",
    [
        {REGISTER: 0, "refs/remotes/origin/register": 2},
        {REGISTER: 2, "refs/remotes/origin/register": 1},
        {"refs/remotes/a/register": 0, "refs/remotes/b/register": 2, "refs/remotes/c/register": 1},
        {REGISTER: 2, "refs/remotes/origin/eget/register": 0},
    ],
)
def test_the_register_that_goes_on_from_all_others_is_read(clone, tmp_path, places):
    """
    A branch that somebody checked out a year ago stands still, however often the clone fetches.
    """
    store, commits = clone
    stands(store, {name: commits[at] for name, at in places.items()})

    assert fetched(store, tmp_path) == commits[2]


def test_registers_that_went_different_ways_are_left_to_a_person(clone, tmp_path):
    """
    Neither is older than the other, and one of them is not ours.
    """
    store, commits = clone
    [other] = store.append(REGISTER, commits[2], [Commit({"b.jsonl": b"x"}, "x", AT)], allowed=frozenset({commits[2]}))
    stands(store, {REGISTER: commits[1]})
    [one] = store.append(REGISTER, commits[1], [Commit({"c.jsonl": b"y"}, "y", AT)], allowed=frozenset({commits[1]}))
    stands(store, {REGISTER: one, "refs/remotes/origin/register": other})

    with pytest.raises(RegisterBroken) as caught:
        fetched(store, tmp_path)

    assert caught.value.places == {"what": "diverged", "where": f"{REGISTER}, refs/remotes/origin/register"}
    assert "hver sin vei" in caught.value.fact()
