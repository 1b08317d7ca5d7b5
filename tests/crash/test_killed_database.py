"""
PostgreSQL itself is killed while we decide, and started again: what was acknowledged is kept, and the same call goes on.

Our process lives: it meets a server that is gone in the middle of a statement, between two, or between commit and answer.
"""

import random
import sys
import threading
import time

import pytest

from samrutine.errors import SamrutineError
from samrutine.storage import steps
from tests.support.homes import Templates
from tests.support.postgresql import HOW_TO_GET_IT, PostgresqlServer, programs
from tests.support.services import not_here

MOMENTS = 12
SEED = 1
WAYS = ("kill", "stop_at_once")


@pytest.fixture
def own_server():
    """A cluster of this test's own: nobody else's tests are killed with it."""
    found = programs()
    if found is None:
        not_here("PostgreSQL", HOW_TO_GET_IT)
    server = PostgresqlServer(found)
    yield server
    server.stop()


@pytest.fixture
def home_there(tmp_path, own_server):
    """A home whose database is that cluster's."""
    folder = tmp_path / "templates"
    folder.mkdir()
    return Templates(folder, own_server).copied_to(tmp_path / "home", "routine")


def act(library, number):
    """An act of its own for each number: taken into use, and given up again."""
    named = {"by": "beslutter.fauske", "decision_id": f"drept-{number}"}
    if number % 2:
        return library.decline("handhygiene", "fauske", reason="Bare prøvd.", **named).number
    return library.adopt("handhygiene", "fauske", **named).number


def decisions_of(library):
    """Every decision by number, as (number, id, hash)."""
    from sqlmodel import select

    from samrutine.storage.rows import DecisionRow

    with library._parts.database.reading() as session:
        rows = session.exec(select(DecisionRow).order_by(DecisionRow.number)).all()
        return [(row.number, row.id, row.hash) for row in rows]


def struck(home, server, number, strike):
    """Do an act while the server is struck; gives its answer, or None when it was told that the store is away."""
    with home.opened() as library:
        strike(library)
        try:
            return act(library, number)
        except SamrutineError:
            return None
        finally:
            steps.watch(None)


def faults_after(home, number, answer, before):
    """Say what is wrong once the server is back, and after the same call once more."""
    with home.opened() as library:
        after = decisions_of(library)
        if after[: len(before)] != before:
            yield "an earlier decision is gone or changed"
        if answer is not None and [one[0] for one in after[len(before) :]] != [answer]:
            yield "an acknowledged decision is lost"
        again = act(library, number)
        if answer is not None and again != answer:
            yield "the second call answered otherwise than the first"
        now = decisions_of(library)
        if [one[1] for one in now[len(before) :]] != [f"drept-{number}"]:
            yield f"decided {now[len(before) :]}"
        verified = library.repair()
        yield from (f"{fault.code} {fault.detail}" for fault in verified.faults)


def at_step(server, way, place):
    """Strike the server when the act comes to its `place`-th step; it is started again a moment later."""

    def strike(_library):
        left = [place]

        def reached(_step):
            if left[0] == 0:
                getattr(server, way)()
                server.start()
            left[0] -= 1

        steps.watch(reached)

    return strike


def at_moment(server, way, after, struck_by):
    """Strike the server some time after the act has begun."""

    def later():
        time.sleep(after)
        getattr(server, way)()
        server.start()

    def strike(library):
        library.procedures()
        thread = threading.Thread(target=later)
        thread.start()
        struck_by.append(thread)

    return strike


@pytest.mark.slow
@pytest.mark.service("postgresql")
class TestAKilledDatabase:
    def test_keeps_what_was_acknowledged_and_lets_the_same_call_go_on(self, home_there, own_server, capfd):
        """
        The server is another machine's, and its operator restarts it when it suits them.
        """
        reached = []
        with home_there.opened() as library:
            steps.watch(reached.append)
            began = time.perf_counter()
            act(library, 0)
            seconds = time.perf_counter() - began
            steps.watch(None)
        chance, faults, lines = random.Random(SEED), [], []

        plan = [(way, place) for way in WAYS for place in range(len(reached))]
        plan += [(WAYS[number % 2], None) for number in range(MOMENTS)]
        for number, (way, place) in enumerate(plan, 1):
            with home_there.opened() as library:
                before = decisions_of(library)
            threads = []
            after = chance.uniform(0, 1.2) * seconds
            strike = (
                at_step(own_server, way, place) if place is not None else at_moment(own_server, way, after, threads)
            )
            answer = struck(home_there, own_server, number, strike)
            for thread in threads:
                thread.join()
            where = reached[place] if place is not None else "any moment"
            found = list(faults_after(home_there, number, answer, before))
            faults += [f"{way} at {where}: {one}" for one in found]
            lines.append((where, way, answer is not None, not found))

        with capfd.disabled():
            sys.stderr.write(f"\n{'the database killed at':<42}{'way':<14}{'acknowledged':>14}{'healed':>8}\n")
            sys.stderr.writelines(
                f"{where:<42}{way:<14}{acknowledged!s:>14}{healed!s:>8}\n" for where, way, acknowledged, healed in lines
            )
        assert faults == []
        assert any(not acknowledged for _, _, acknowledged, _ in lines)
