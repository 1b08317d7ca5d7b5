"""Signing in and out: by a password, as somebody invented, and what a thief of either learns."""

from datetime import timedelta

import pytest
from sqlmodel import select

from samrutine.errors import InvalidRequest, NotAllowed, PersonNotFound, Refused
from samrutine.identity.model import IDLE, LASTS, NoDemo, TooManyTries, WrongSignIn, wait_after
from samrutine.identity.passwords import PasswordEasilyGuessed, PasswordTooShort, reasons_against_password
from samrutine.library import Library
from samrutine.storage.rows import AccountRow, WebSessionRow
from tests.support.homes import Clock

PHRASE = "fire ord som er lange"
OTHER = "helt andre ord om morgenen"


@pytest.fixture
def known(any_library):
    """A library in which the leader has a password."""
    any_library.set_password("leder", PHRASE, by="redaktor")
    return any_library


def rows(library, table):
    """Give the rows of a table."""
    with library._parts.database.reading() as session:
        return session.exec(select(table)).all()


class TestSigningIn:
    def test_gives_a_browser_what_only_it_holds(self, known):
        """
        Whoever reads the database, or a backup, is signed in nowhere.
        """
        one = known.sign_in("Leder ", PHRASE, device="Firefox på\nWindows")

        seen = known.signed_in(one.token)
        assert (seen.actor, seen.device, seen.expires_at) == (
            known._actor("leder"),
            "Firefox på Windows",
            one.expires_at,
        )
        (row,) = rows(known, WebSessionRow)
        assert one.token not in (row.id, seen.key)
        assert known.signed_in(row.id) is known.signed_in(seen.key) is known.signed_in("") is None
        assert PHRASE not in rows(known, AccountRow)[0].password_hash

    def test_says_the_same_of_a_wrong_name_and_a_wrong_password(self, known):
        """
        Else anybody learns who is in the library.
        """
        for login, password in (("leder", OTHER), ("finnes.ikke", PHRASE), ("redaktor", PHRASE), ("leder", "")):
            with pytest.raises(NotAllowed) as refused:
                known.sign_in(login, password)
            assert refused.value.reasons == (WrongSignIn(),)
        assert rows(known, WebSessionRow) == []

    def test_a_password_is_the_same_on_every_keyboard(self, known):
        """
        A telephone writes å as one letter, and another as a and a ring.
        """
        known.set_password("leder", "på fjellet i a\u030apen dal", by="redaktor")

        assert known.sign_in("leder", "på fjellet i åpen dal").token

    def test_after_many_wrong_ones_nobody_may_try_for_a_while(self, known, clock):
        """
        A right one tells no guesser anything meanwhile, and whoever is locked out is told how long.
        """
        for _ in range(5):
            with pytest.raises(NotAllowed):
                known.sign_in("leder", OTHER)

        with pytest.raises(NotAllowed) as refused:
            known.sign_in("leder", PHRASE)
        clock.forward(minutes=2)

        assert refused.value.reasons == (TooManyTries(1),)
        assert known.sign_in("leder", PHRASE).token
        assert rows(known, AccountRow)[0].failures == 0

    def test_the_wait_grows_and_has_an_end(self):
        minutes = [wait_after(failures).total_seconds() / 60 for failures in (1, 4, 5, 6, 7, 8, 9, 40)]

        assert minutes == [0, 0, 1, 2, 4, 8, 15, 15]


class TestBeingSignedIn:
    def test_ends_after_a_shift_and_when_nothing_was_done(self, known, clock):
        """
        The telephone lies in the staff room.
        """
        one = known.sign_in("leder", PHRASE).token

        clock.now += IDLE - timedelta(minutes=1)
        assert known.signed_in(one) is not None
        clock.now += IDLE
        assert known.signed_in(one) is None
        busy = known.sign_in("leder", PHRASE).token
        for _ in range(4):
            clock.now += LASTS / 4 - timedelta(minutes=1)
            assert known.signed_in(busy) is not None
        clock.now += timedelta(minutes=5)
        assert known.signed_in(busy) is None

    def test_ends_when_one_signs_out_here_or_there(self, known):
        """
        Whoever forgot a telephone on the bus ends it from home.
        """
        here, there = known.sign_in("leder", PHRASE).token, known.sign_in("leder", PHRASE, device="mobil").token

        mobile = next(one.key for one in known.sessions(by="leder") if one.device == "mobil")
        assert known.end_sessions([mobile], by="redaktor") == 0
        assert known.end_sessions([mobile], by="leder") == 1
        assert (known.signed_in(there), known.signed_in(here) is None) == (None, False)
        known.sign_out(here)
        known.sign_out(here)
        assert known.sessions(by="leder") == []

    def test_ends_when_the_password_becomes_another_and_when_the_person_is_erased(self, known):
        one = known.sign_in("leder", PHRASE).token
        known.set_password("leder", OTHER, current=PHRASE, by="leder")
        assert known.signed_in(one) is None

        again = known.sign_in("leder", OTHER).token
        known.erase_person("leder", reason="Slutter.", by="redaktor")

        assert known.signed_in(again) is None
        assert rows(known, AccountRow) == rows(known, WebSessionRow) == []


class TestPasswords:
    @pytest.mark.parametrize(
        ("password", "reason"),
        [
            ("kort", PasswordTooShort(15)),
            ("", PasswordTooShort(15)),
            ("passordpassord passord", PasswordEasilyGuessed()),
            ("aaaaaaaaaaaaaaaaaaa", PasswordEasilyGuessed()),
            ("1234567890123456", PasswordEasilyGuessed()),
            ("dette er kari.n sitt passord", PasswordEasilyGuessed()),
        ],
    )
    def test_that_are_guessed_first_are_refused(self, password, reason):
        assert reasons_against_password(password, "kari.n") == [reason]

    @pytest.mark.parametrize("password", [PHRASE, "dsKq2!vnwoeiwl,a", "ååååæææøøø 1234567", "fem små ender svømte ut"])
    def test_that_are_long_need_no_signs(self, password):
        """
        Rules on which signs there must be give «Sommer2026!», and a note under the keyboard.
        """
        assert reasons_against_password(password, "kari.n") == []

    def test_are_given_by_the_person_themself_or_the_editor(self, known):
        """
        Whoever finds a machine where somebody is signed in must not make it theirs.
        """
        for by, current, error in (
            ("skribent", None, NotAllowed),
            ("leder", None, NotAllowed),
            ("leder", OTHER, NotAllowed),
        ):
            with pytest.raises(error):
                known.set_password("leder", OTHER, current=current, by=by)
        with pytest.raises(Refused):
            known.set_password("leder", "kort", by="redaktor")
        with pytest.raises(InvalidRequest):
            known.set_password("leder", "x" * 300, by="redaktor")
        with pytest.raises(PersonNotFound):
            known.set_password("finnes.ikke", OTHER, by="redaktor")
        assert known.sign_in("leder", PHRASE).token


class TestTheDemo:
    def test_one_may_be_anybody_who_is_invented(self, tmp_path):
        with Library.init(
            tmp_path / "demo", editor_login="redaktor", editor_name="Demo", demo=True, clock=Clock()
        ) as library:
            assert library.signed_in(library.sign_in_as("redaktor").token).actor == library._actor("redaktor")
            with pytest.raises(NotAllowed):
                library.sign_in_as("finnes.ikke")

    def test_is_the_only_place_where_one_may(self, library):
        with pytest.raises(Refused) as refused:
            library.sign_in_as("leder")

        assert refused.value.reasons == (NoDemo(),)
