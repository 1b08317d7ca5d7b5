"""Search while another process makes the indexes: nobody who looks for a number waits for an upgrade."""

import shutil
from contextlib import closing, contextmanager

import pytest

from samrutine.projections.for_now import IndexesForNow
from samrutine.search.meanings import Meanings
from samrutine.storage.lock import ProjectorLock
from tests.support.stories import approve_with_everyone
from tests.support.texts import SECTIONS, a_routine

APART = {**SECTIONS, "Avvik": "Nøkkelen ligger i nittini."}


@contextmanager
def indexes_being_made_by_others(home, library):
    """Take the indexes away, and hold the lock that whoever makes them needs."""
    library._parts.engine.close()
    library._parts.exempt_engines.close()
    shutil.rmtree(home.path / "index")
    with ProjectorLock(home.path, library._parts.database).held(0) as held:
        assert held
        yield


@pytest.fixture
def told(home_with_routine, library_with_routine):
    """A home and its library, with an open routine in use in Fauske with a number there, and an exempt one."""
    library = library_with_routine
    approve_with_everyone(library, a_routine("nokler", title="Nøkler", access="exempt", sections=APART))
    text = a_routine("vakt", title="Vakt", required=["vakttelefon"], extra="Ring {{vakttelefon}}.")
    approve_with_everyone(library, text)
    library.set_local_information("vakt", "1841", {"vakttelefon": "75 60 00 00"}, by="ansvarlig.fauske")
    library.adopt("vakt", "1841", by="beslutter.fauske")
    library.repair()
    # As they are when they are made anew: one that was changed counts how rare words are a little otherwise.
    library._parts.engine.close()
    shutil.rmtree(home_with_routine.path / "index")
    library.search("hendene")
    return home_with_routine, library


def test_all_is_found_as_before_and_nothing_more(told):
    """
    What is given meanwhile is the same answer, for each reader the one that is theirs.
    """
    home, library = told
    asked = [
        ("hendene", {}), ("håndhygine", {}), ("nittini", {}), ("nittini", {"reader": "leder"}),
        ("vakttelefon", {"municipality": "Fauske"}),
    ]  # fmt: skip

    def answers():
        found = [library.search(words, **where) for words, where in asked]
        suggested = [one.text for one in library.suggest("hånd")]
        return [(one.result.hits, one.result.total, one.local) for one in found], suggested

    before = answers()
    with indexes_being_made_by_others(home, library):
        meanwhile = answers()
        beside = [one.name for one in (home.path / "index").iterdir() if one.is_dir()]

    assert meanwhile == before
    assert [total for _, total, _ in before[0]] == [2, 2, 0, 1, 1]
    assert [name.partition("-")[0] for name in beside] == ["now"]


def test_the_lasting_indexes_are_made_when_the_others_let_go(told):
    """
    What was made meanwhile follows no decision, and goes as soon as there is something that does; what a killed process left, too.
    """
    home, library = told
    with indexes_being_made_by_others(home, library):
        left = home.path / "index" / "now-left"
        left.mkdir(parents=True)
        (left / "held").touch()
        assert library.search("hendene").result.total == 2
        assert not left.exists()
        with closing(IndexesForNow(library._parts.database, home.path / "index", Meanings)) as another:
            assert another.engine.position == 0
            assert len([*(home.path / "index").glob("now-*")]) == 2

    library._parts.searching._now_until = 0.0
    assert library.search("hendene").result.total == 2

    assert [one.name for one in (home.path / "index").glob("now-*")] == []
    assert library.verify().is_clean
