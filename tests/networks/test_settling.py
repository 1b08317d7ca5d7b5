"""Opening a library: its first decisions, and the settings its texts lean on."""

import pytest
from sqlmodel import select

from samrutine.errors import HomeExists, InvalidText, StoreDamaged
from samrutine.networks.settling import Settling, known_to_checks, shared_library
from samrutine.shipped import shipped_library
from samrutine.storage.decisions import DecisionId, Decisions
from samrutine.storage.rows import DecisionRow, WordsRow
from samrutine.storage.sql import Database
from tests.support.clock import NOW

FIRST = {"editor_login": "redaktor", "editor_name": "Rita Redaktør", "demo": False, "language": "nb", "now": NOW}


@pytest.fixture
def empty(request, database_kind, tmp_path):
    """A database with nothing decided."""
    url = f"sqlite:///{tmp_path / 'tom.db'}"
    if database_kind == "postgresql":
        url = request.getfixturevalue("postgresql_server").new()
    database = Database(url)
    database.migrate()
    yield database
    database.close()


def opened(database, files=None, **how):
    """Open a library in a database, with nothing that repeats it."""
    settling = Settling(database, Decisions(database, lambda: True))
    return settling.open_library(
        files or shipped_library(), decision_id=DecisionId(how.pop("act", "a")), **{**FIRST, **how}
    )


def test_the_first_decisions_are_the_librarys_own(empty):
    """
    The chain begins with what everything after rests on: that there is a library, an editor and its settings.
    """
    answer = opened(empty)

    with empty.reading() as session:
        kinds = session.exec(select(DecisionRow.kind).order_by(DecisionRow.number)).all()
        shared = shared_library(session)
    assert kinds == ["library_opened", "person_added", "role_granted", "library_settled"]
    assert (answer.municipalities, answer.networks) == (len(shared.municipalities), len(shared.networks))
    assert answer.municipalities == 9


def test_again_is_the_same_answer_and_another_act_is_refused(empty):
    """
    A library is opened once.
    """
    first = opened(empty)

    assert opened(empty) == first
    with pytest.raises(HomeExists):
        opened(empty, act="b")


def test_settings_that_are_wrong_open_nothing(empty):
    """
    A network without a policy would be found on the day somebody approves.
    """
    files = {**shipped_library(), "networks.toml": b"[[network]]\nid = 'x'\n"}

    with pytest.raises(InvalidText) as caught:
        opened(empty, files)

    with empty.reading() as session:
        assert session.exec(select(DecisionRow)).all() == []
    assert caught.value.findings


def test_the_checks_know_what_is_settled_and_what_is_approved(library_with_routine):
    """
    A text is checked against the library it comes to, not against a list in the code.
    """
    with library_with_routine._parts.database.reading() as session:
        known = known_to_checks(session)

    assert known.procedures == {"handhygiene"}
    assert "smittevern" in known.networks
    assert "smittevern" in known.subjects
    assert known.repealed


def test_settings_whose_bytes_changed_are_not_believed(empty):
    """
    A policy that was changed behind the decisions' back must not decide who is enough.
    """
    opened(empty)
    with empty.writing() as session:
        for row in session.exec(select(WordsRow)):
            row.content = row.content + b"# endret\n"
            session.add(row)

    # What was read before is remembered by digest; another process has not read it yet.
    from samrutine.networks import settling

    settling._remembered.clear()
    with empty.reading() as session, pytest.raises(StoreDamaged):
        shared_library(session)
