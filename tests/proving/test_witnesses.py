"""A library put together again from its register: what was signed before must be there."""

import pytest

from samrutine import Library
from samrutine.errors import RegisterBroken
from samrutine.proving.witnesses import noted
from samrutine.storage.git import CHECKPOINTS, REGISTER, Commit, GitStore
from tests.proving.conftest import set_key
from tests.support.git import git
from tests.support.homes import Home


def test_a_register_that_lacks_what_a_signed_checkpoint_names_is_not_taken(home, keys, tmp_path):
    """
    The last decisions were cut off, and the rest is whole in itself. What was signed lies beside it and says so.
    """
    set_key(home, keys / "samrutine")
    with home.opened() as library:
        library.backup(tmp_path / "kopi")
        library.add_person("en", "Navn Navnesen En", by="redaktor")
        made = library.checkpoint()
        library.add_person("to", "Navn Navnesen To", by="redaktor")
    store, beside = GitStore(home.path / "library.git"), git(home, "rev-parse", CHECKPOINTS)
    # Named by nobody's key: it bears witness of nothing.
    forged = {"000002.json": store.read(store.tree(beside)["000001.json"]).replace(b"1:", b"1:0"), "000002.sig": b"-"}
    store.append(CHECKPOINTS, beside, [Commit(forged, "x", home.clock.now)], allowed=frozenset({beside}))
    assert list(noted(store)) == [(made.number, made.hash)]

    rebuilt = Library.rebuild_from_register(home.path, tmp_path / "ny", clock=home.clock)
    git(home, "update-ref", REGISTER, f"{REGISTER}~2")
    with pytest.raises(RegisterBroken) as caught:
        Library.rebuild_from_register(home.path, tmp_path / "to", clock=home.clock)

    with pytest.raises(RegisterBroken):
        Library.restore(tmp_path / "kopi", tmp_path / "to", register=home.path, clock=home.clock)

    with Library.open(tmp_path / "ny", clock=home.clock) as library:
        before = library.verify().faults
        git(Home(tmp_path / "ny", home.clock), "update-ref", "-d", CHECKPOINTS)
        after = library.verify().faults
    assert {one.detail for one in before} == {"1 2", f"{CHECKPOINTS} 000002"}
    # What is told of a new home is what verify says of it.
    assert (rebuilt.is_sound, rebuilt.unexplained) == (False, before)
    assert [one.code for one in after if one.detail.startswith(CHECKPOINTS)] == ["checkpoint-broken"]
    assert caught.value.places["what"] == "checkpoint"
    assert str(caught.value.places["where"]).startswith(str(made.number))
    assert not (tmp_path / "to").exists()
