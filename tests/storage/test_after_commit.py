"""What is decided stands, whatever becomes of what repeats it; and the chain's time never runs backwards."""

import errno
from datetime import timedelta

import pytest

from samrutine.errors import DecisionIdReused, InvalidRequest, Refused, StoreUnavailable
from samrutine.storage.git import GitStore


def add(library, login, **how):
    """Any small decision."""
    return library.add_person(login, "Vikar", by="redaktor", **how)


class TestAfterTheCommit:
    def test_git_that_fails_after_the_commit_does_not_make_the_decision_fail(self, library, monkeypatch):
        """
        Whoever is told that nothing was decided decides again, and gets a refusal they cannot understand.
        """

        def broken(*_, **__):
            raise StoreUnavailable(store="git", detail="test")

        monkeypatch.setattr(GitStore, "append", broken)
        monkeypatch.setattr(GitStore, "tidy", broken)

        add(library, "vikar")

        monkeypatch.undo()
        assert any(one.login == "vikar" for one in library.people())
        assert {row.consumer for row in library.status() if row.behind} == {"register"}
        assert library.repair().is_clean

    def test_a_lock_that_cannot_be_opened_does_not_make_the_decision_fail(self, home):
        """
        The same for the lock: a folder where the lock file should be is trouble for later.
        """
        with home.opened() as library:
            (home.path / "projector.lock").unlink(missing_ok=True)
            (home.path / "projector.lock").mkdir()

            add(library, "vikar")

            assert any(one.login == "vikar" for one in library.people())
            with pytest.raises(StoreUnavailable):
                library.repair()

    def test_a_full_disk_does_not_make_the_decision_fail(self, library, monkeypatch, caplog):
        """
        Not every trouble is one we know of. It is decided all the same, and whoever runs it finds a line in the log.
        """

        def full(*_, **__):
            raise OSError(errno.ENOSPC, "vold-mot-ansatte")

        monkeypatch.setattr(library._parts.decisions, "_after_commit", full)

        made = add(library, "vikar")

        assert made.number
        assert "OSError" in caplog.text
        assert "vold-mot-ansatte" not in caplog.text


class TestTime:
    def test_a_clock_that_steps_back_does_not_turn_the_chain_back(self, any_home):
        """
        «What did we know then» is answered by numbers, so numbers and times must agree.
        """
        with any_home.opened() as library:
            add(library, "foerst")
            any_home.clock.forward(seconds=-90)

            add(library, "sist")

            with library._parts.database.reading() as session:
                from sqlmodel import col, select

                from samrutine.storage.rows import DecisionRow

                times = session.exec(select(DecisionRow.decided_at).order_by(col(DecisionRow.number))).all()
            assert list(times) == sorted(times)
            assert times[-1] - times[0] >= timedelta(0)
            assert library.verify().is_clean


class TestTheDoor:
    @pytest.mark.parametrize("login", ["\ud800", "a\x00b", "a\x1bb", "x" * 300])
    def test_text_that_no_store_can_hold_is_refused_with_a_reason(self, any_library, login):
        """
        PostgreSQL refuses NUL and nothing holds half a character; a traceback helps nobody.
        """
        with pytest.raises(InvalidRequest):
            add(any_library, login)

    @pytest.mark.parametrize("words", ["\udcff", "NUL\x00"])
    def test_so_is_a_reason(self, any_library_with_routine, words):
        """
        Free text comes through the same door.
        """
        library = any_library_with_routine

        with pytest.raises(InvalidRequest):
            library.decline("handhygiene", "1841", reason=words, by="redaktor")

    def test_a_question_with_half_a_character_is_refused_too(self, library):
        """
        Reading asks the database as well.
        """
        with pytest.raises(InvalidRequest):
            library.history("\udcff")

    def test_a_second_person_under_the_same_id_is_another_act(self, library):
        """
        An id that was used gives the first answer only to the same question.
        """
        add(library, "vikar", decision_id="p1")

        with pytest.raises(DecisionIdReused):
            library.add_person("vikar", "En annen", by="redaktor", decision_id="p1")

    @pytest.mark.parametrize("reason", ["Pasient 01819000049 klaget", "Skriv til kari.eksempel@gmail.com"])
    def test_a_reason_about_a_person_is_refused_before_it_is_decided(self, library_with_routine, reason):
        """
        Decisions are kept for ever, and no patient belongs in one.
        """
        library = library_with_routine
        before = library.verify().decisions

        with pytest.raises(Refused):
            library.decline("handhygiene", "1841", reason=reason, by="beslutter.fauske")

        assert library.verify().decisions == before
