"""Nothing is decided on a disk that is nearly full, nor by a clock that has stepped back; people read on."""

import os
from datetime import timedelta

import pytest

from samrutine import Library
from samrutine.errors import ClockBehind, DiskNearlyFull, NothingPacked
from samrutine.settings import SETTINGS_FILE
from samrutine.storage import guards

HANDS = "handhygiene"


def set_in(home, line):
    """Write a line into the home's settings."""
    path = home.path / SETTINGS_FILE
    path.write_text(f"{path.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")


@pytest.fixture
def nearly_full(monkeypatch):
    """A disk on which 99 MB are free."""
    really = os.statvfs

    class Found:
        f_bavail, f_frsize, f_favail, f_files = 99 * 1024, 1024, 10**6, 10**7

    monkeypatch.setattr(guards.os, "statvfs", lambda _: Found)
    yield Found
    monkeypatch.setattr(guards.os, "statvfs", really)


class TestADiskThatIsNearlyFull:
    def test_lets_nobody_decide_and_everybody_read(self, any_home_with_routine, nearly_full):
        """
        Full in the middle of a decision's work, a disk leaves git behind and people with an error of the system's.
        """
        with any_home_with_routine.opened() as library:
            before = library.totals()["decisions"]

            with pytest.raises(DiskNearlyFull) as refused:
                library.adopt(HANDS, "Fauske", by="beslutter.fauske")

            assert refused.value.places["free"] == 99
            assert library.totals()["decisions"] == before
            assert library.search("hender").result.hits
            assert library.verify().is_clean

    def test_answers_whoever_asks_again_for_what_was_done(self, home_with_routine, monkeypatch):
        """
        The answer was lost on the way, and meanwhile the disk filled and the clock stepped back: nothing is to be written.
        """
        home = home_with_routine

        def acts(library):
            return (
                library.adopt(HANDS, "Fauske", by="beslutter.fauske", decision_id="bruk").number,
                library.give_feedback(HANDS, "Feil grad.", by="ansatt.fauske", decision_id="sagt").feedback,
            )

        with home.opened() as library:
            first = acts(library)
            room = guards.room_in(home.path)
            monkeypatch.setattr(guards, "room_in", lambda _: guards.Room(0, room.free_files))
            home.clock.now -= timedelta(days=400)

            assert acts(library) == first

    def test_is_not_packed_anew(self, home_with_routine, monkeypatch):
        """
        A new pack stands beside the old one until it is whole, so packing may fill the disk that it was to tidy.
        """
        with home_with_routine.opened() as library:
            beside = library._parts.store.size_bytes()
            limit = library._parts.guards.least_free_bytes
            monkeypatch.setattr(guards, "room_in", lambda _: guards.Room(limit + beside - 1, None))

            lock = home_with_routine.path / "library.git" / "refs" / "heads" / "main.lock"
            lock.touch()
            with pytest.raises(NothingPacked):
                library.maintain(whole=True)
            assert not lock.exists()

            assert beside > 0
            assert library.maintain().stores

    def test_lets_what_makes_room_be_done(self, home_with_routine, monkeypatch):
        """
        What is kept free is kept for that: else a full disk could not be emptied by the rules of retention.
        """
        with home_with_routine.opened() as library:
            monkeypatch.setattr(guards, "room_in", lambda _: guards.Room(guards.LEFT_TO_FREE_WITH, 10))
            deleted = library.retention(by="redaktor", delete=True)
            erased = library.erase_person("skribent", reason="Sluttet.", by="redaktor")
            monkeypatch.setattr(guards, "room_in", lambda _: guards.Room(guards.LEFT_TO_FREE_WITH - 1, 10))

            with pytest.raises(DiskNearlyFull):
                library.retention(by="redaktor", delete=True)

        assert (deleted.is_deleted, erased.kept_name) == (True, False)

    def test_lets_nobody_say_anything_that_must_be_kept(self, home_with_routine, nearly_full):
        """
        What readers say is kept too.
        """
        with home_with_routine.opened() as library, pytest.raises(DiskNearlyFull):
            library.give_feedback(HANDS, "Det står feil temperatur.", by="ansatt.fauske")

    def test_counts_the_files_that_may_be_made(self, home_with_routine, nearly_full):
        """
        A disk can be out of files long before it is out of bytes.
        """
        nearly_full.f_bavail, nearly_full.f_favail = 10**9, 10

        with home_with_routine.opened() as library, pytest.raises(DiskNearlyFull):
            library.adopt(HANDS, "Fauske", by="beslutter.fauske")

    def test_is_decided_on_again_when_there_is_room_or_nobody_asks(self, home_with_routine, nearly_full):
        """
        The same call then does what it was meant to do.
        """
        set_in(home_with_routine, "least_free_mb = 0")
        with home_with_routine.opened() as library:
            library.adopt(HANDS, "Fauske", by="beslutter.fauske", decision_id="bruk")

        nearly_full.f_bavail = 101 * 1024
        with Library.open(home_with_routine.path, clock=home_with_routine.clock) as library:
            assert library.adopt(HANDS, "Saltdal", by="beslutter.saltdal").projected


class TestAClockThatHasSteppedBack:
    def test_decides_nothing_on_a_wrong_day(self, any_home_with_routine):
        """
        A machine whose battery is flat wakes in another year. In force from that day would be a false record.
        """
        with any_home_with_routine.opened() as library:
            newest = library.adopt(HANDS, "Fauske", by="beslutter.fauske")
        any_home_with_routine.clock.now -= timedelta(days=400)

        with any_home_with_routine.opened() as library:
            with pytest.raises(ClockBehind) as refused:
                library.adopt(HANDS, "Saltdal", by="beslutter.saltdal")

            assert refused.value.places["number"] >= newest.number
            assert library.search("hender").result.hits

    def test_may_differ_by_what_clocks_of_servers_differ(self, home_with_routine):
        """
        Two servers are never on the same second. The chain's own time does not run backwards all the same.
        """
        with home_with_routine.opened() as library:
            library.adopt(HANDS, "Fauske", by="beslutter.fauske")
            home_with_routine.clock.now -= timedelta(minutes=30)

            library.adopt(HANDS, "Saltdal", by="beslutter.saltdal")

            assert library.verify().is_clean

    def test_is_believed_again_when_it_is_said_which_decision_was_wrong(self, home_with_routine):
        """
        The other way round: the clock was a year ahead, somebody decided, and nobody should wait for a year.
        """
        home_with_routine.clock.now += timedelta(days=365)
        with home_with_routine.opened() as library:
            ahead = library.adopt(HANDS, "Fauske", by="beslutter.fauske")
        home_with_routine.clock.now -= timedelta(days=365)
        set_in(home_with_routine, f"clock_wrong_until = {ahead.number}")

        with home_with_routine.opened() as library:
            made = library.adopt(HANDS, "Saltdal", by="beslutter.saltdal")

            assert made.from_on < ahead.from_on
            assert library.verify().is_clean
