"""The index says itself how far it has come; its mark in SQL only says how far we believe it has."""

import pytest
from sqlmodel import select

from samrutine.projections.consumer import Stretch
from samrutine.projections.index import SearchIndex
from samrutine.search import engine as engine_module
from samrutine.search.engine import Engine
from samrutine.search.settled_words import SettledWords
from samrutine.storage.rows import ChainHeadRow
from tests.support.stories import approve_with_everyone
from tests.support.texts import a_routine


def index_of(library):
    """The consumer that writes the index of an opened library."""
    return next(one for one in library._parts.projections._consumers if isinstance(one, SearchIndex))


class TestTheIndex:
    def test_is_not_written_again_by_a_run_that_was_killed_after_writing_it(self, library_with_routine):
        """
        Written twice it holds the same words, yet ranks them otherwise: then a kill would show in what people find.
        """
        index = index_of(library_with_routine)
        before = library_with_routine.search("smitte").result.hits
        with library_with_routine._parts.database.reading() as session:
            head = session.exec(select(ChainHeadRow.number)).one()

            brought = index.bring_up_to_date(session, Stretch(0, head, "0"))

        assert brought.mark == str(index.engine.position)
        assert library_with_routine.search("smitte").result.hits == before

    def test_is_built_anew_when_it_knows_of_decisions_that_were_never_made(self, library_with_routine):
        """
        Such an index came with another home, or from before a restore. What it holds cannot be trusted.
        """
        index = index_of(library_with_routine)
        index.engine.rebuild(iter(()), 10_000)
        with library_with_routine._parts.database.reading() as session:
            head = session.exec(select(ChainHeadRow.number)).one()

            brought = index.bring_up_to_date(session, Stretch(head - 1, head, "10000"))

        assert (brought.mark, index.engine.position) == (str(head), head)
        assert [hit.procedure_id for hit in library_with_routine.search("smitte").result.hits] == ["handhygiene"]


SYNONYMS = "vocabulary/synonyms.toml"


class TestWhatWordsMean:
    def test_is_put_together_when_it_is_settled_and_not_by_whoever_searches_first(
        self, library_with_routine, monkeypatch
    ):
        """It takes half a second, which the editor does not notice and a nurse does."""
        library_with_routine.search("smitte")
        put_together, made = [], SettledWords._made
        monkeypatch.setattr(SettledWords, "_made", lambda self, name: put_together.append(name) or made(self, name))
        there = {one.path: one for one in library_with_routine.settings()}[SYNONYMS]

        library_with_routine.settle(
            {SYNONYMS: there.content + b"# Ny.\n"}, read={SYNONYMS: there.digest}, reason="Ny", by="redaktor"
        )

        assert len(put_together) == 1
        library_with_routine.search("smitte")
        assert len(put_together) == 1


def test_small_parts_are_joined_when_the_change_can_be_found_and_its_position_is_written(
    library_with_routine, monkeypatch
):
    """Joining takes longer than the change, and somebody waits to find what they just decided."""
    library, tidy, seen = library_with_routine, Engine.tidy, []
    monkeypatch.setattr(engine_module, "_MOST_SMALL", 1)

    def looked_at(engine):
        seen.append(max(one.behind for one in library.status()))
        seen.append(library.search("alarmtavle").result.total)
        seen.append(tidy(engine))
        return seen[-1]

    monkeypatch.setattr(Engine, "tidy", looked_at)

    approve_with_everyone(library, a_routine("alarm", title="Alarmtavle"))

    assert seen[:3] == [0, 1, True]
    assert library.search("alarmtavle").result.total == 1


@pytest.mark.parametrize("worn", [True, False])
def test_a_worn_index_is_built_anew_at_night(home_with_routine, monkeypatch, worn):
    """Whoever has changed every text twice has an index of which two thirds are nothing."""
    with home_with_routine.opened() as library:
        engine = library._parts.engine
        engine.replace_many(engine.contents() and {"handhygiene": []}, engine.position)
        monkeypatch.setattr(engine_module, "_MOST_GONE", 1 if worn else 1_000)

        done = library.maintain()

        assert bool(done.indexes_renewed) == worn
        assert ("handhygiene" in engine.contents()) == worn
        assert library.verify().is_clean == worn
