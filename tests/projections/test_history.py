"""A commit is taken for ours when every word of it follows from its decision; only its sentence may be an older one of ours."""

import hashlib
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.messages import catalogue
from samrutine.projections.commits import EARLIER
from samrutine.projections.history import Tree, commit_id, compared
from samrutine.storage.git import Commit, blob_id
from tests.support.clock import NOW

RELEASES = sorted((Path(__file__).parents[1] / "storage" / "releases").glob("register_*.toml"))
FACTS = "Decision: d-1\nNumber: 54\nKind: adopted\nBody: municipality:1841\nVersion: 1.0\nFrom: 2026-11-23\nHash: 1:00"
SENTENCE = "1841 tar i bruk handhygiene 1.0 fra 23.11.2026"
AS_IT_WAS = "1841 har tatt i bruk handhygiene 1.0"
COMMIT = Commit({"a.jsonl": b"linje\n"}, f"{SENTENCE}\n\n{FACTS}", NOW, (AS_IT_WAS,))


def first_that_is_not_ours(message):
    """Give the commit that is named when one with this message stands where ours should."""
    there = Commit(COMMIT.changes, message, NOW)
    files = {"a.jsonl": blob_id(b"linje\n")}
    tree = Tree(files).id()
    found = commit_id(there, tree, None)
    raw = f"tree {tree}\nauthor samrutine <samrutine@localhost.invalid> {int(NOW.timestamp())} +0000\n"
    raw += f"committer samrutine <samrutine@localhost.invalid> {int(NOW.timestamp())} +0000\n\n{message}"
    return compared([COMMIT], iter([found]), {found: raw.encode()}.__getitem__, Tree(), None).wrong


@pytest.mark.parametrize("sentence", [SENTENCE, AS_IT_WAS])
def test_a_sentence_that_a_release_wrote_is_ours(sentence):
    """
    What stands in git stays as it was written, and an upgrade must not make it a forgery.
    """
    assert first_that_is_not_ours(f"{sentence}\n\n{FACTS}") is None


@pytest.mark.parametrize(
    ("ours", "forged"),
    [
        (SENTENCE, "Fauske har sagt nei til alt"), ("Version: 1.0", "Version: 7.3"), ("From: 2026", "From: 2019"),
        ("Kind: adopted", "Kind: declined"), ("municipality:1841", "municipality:1839"), ("d-1", "d-2"),
        ("Hash: 1:00", "Hash: 1:00\nCase: 26/1"), ("Version: 1.0\n", ""), ("1:00", "1:00\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sentence", [SENTENCE, AS_IT_WAS])
def test_a_word_of_a_commit_that_was_changed_is_named(sentence, ours, forged):
    """
    Who reads the log with git alone believes what it says, sentence and trailers.
    """
    message = f"{sentence}\n\n{FACTS}".replace(sentence if ours == SENTENCE else ours, forged)

    assert first_that_is_not_ours(message) is not None


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["a", "a.", "a0", "b"]), min_size=1, max_size=3).map("/".join),
            st.sampled_from([None, "11" * 20, "22" * 20]),
            st.booleans(),
        ),
        max_size=30,
    )
)
def test_a_tree_that_grew_has_the_id_of_one_made_at_once(changes):
    """
    Only what changed since the last commit is written anew, and what was kept must be what stands.

    In folders that came, went and came back too, and in git's own order: a folder sorts as if its name ended in a slash.
    """
    grown, files = Tree(), {}
    for path, blob, is_committed in changes:
        is_file_or_folder = any(one != path and f"{one}/".startswith(f"{path}/") for one in files)
        if is_file_or_folder or any(f"{path}/".startswith(f"{one}/") for one in files if one != path):
            continue
        grown.put(path, blob)
        files = {**files, path: blob}
        files = {one: there for one, there in files.items() if there is not None}
        if is_committed:
            assert grown.id() == tree_of(files)

    assert (grown.id(), grown.files()) == (tree_of(files), files)


def tree_of(files):
    """Give the id of a tree as git makes it: entries in the order of their names, a folder's with a slash at the end."""
    entries = {}
    for path, blob in files.items():
        name, slash, _ = path.partition("/")
        below = {one.removeprefix(f"{name}/"): there for one, there in files.items() if one.startswith(f"{name}/")}
        entries[name + slash] = (b"40000 " if slash else b"100644 ", name, tree_of(below) if slash else blob)
    content = b"".join(
        mode + name.encode() + b"\0" + bytes.fromhex(blob) for _, (mode, name, blob) in sorted(entries.items())
    )
    return hashlib.sha1(b"tree %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_every_sentence_of_a_release_is_known(release):
    """
    Whoever mends a sentence must leave the old one where `verify` finds it, or every home that is upgraded cries wolf.
    """
    now = catalogue("nb", "register")

    for kind, sentence in tomllib.loads(release.read_text(encoding="utf-8")).items():
        assert sentence in {now.get(kind), *EARLIER.get(kind, ())}, kind
