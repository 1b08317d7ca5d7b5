"""A second step after the password: a code of a telephone, or one of ten on paper."""

import stat

import pyotp
import pytest
from sqlmodel import select

from samrutine.errors import NotAllowed, Refused, StoreUnavailable
from samrutine.identity.links import MayNotHelp
from samrutine.identity.model import CODE_AWAITED, CodeAsked, SignedIn, TooManyTries, WrongSignIn
from samrutine.identity.sealing import KEY_FILE, Sealing
from samrutine.identity.second_step import (
    RECOVERY_CODES,
    OwnSecondStep,
    SecondStepKeyGone,
    SecondStepOff,
    SecondStepOn,
    SignInTooOld,
    WrongCode,
)
from samrutine.recovery.outside import end_sessions
from samrutine.storage.rows import DecisionRow, HalfSignInRow, SecondStepRow, WebSessionRow

PHRASE = "fire ord som er lange"
OTHER = "helt andre ord om morgenen"


def rows(library, table):
    """Give the rows of a table."""
    with library._parts.database.reading() as session:
        return session.exec(select(table)).all()


class Telephone:
    """What an app on a telephone shows, and the codes on paper beside it."""

    def __init__(self, library, clock, login="leder"):
        library.set_password(login, PHRASE, by="redaktor" if login != "redaktor" else "annen")
        begun = library.begin_second_step(PHRASE, by=login)
        self.clock, self.secret, self.address = clock, begun.secret, begun.address
        self.paper = library.confirm_second_step(self.shows(), by=login)
        clock.forward(minutes=5)

    def shows(self, **away):
        """The code of a moment: now, or some seconds away."""
        return pyotp.TOTP(self.secret).at(int(self.clock.now.timestamp()) + away.get("seconds", 0))


@pytest.fixture
def telephone(any_library, clock):
    """The leader's telephone, after the second step was turned on."""
    return Telephone(any_library, clock)


def reasons(call, *given, **named):
    """Say why something is not allowed."""
    with pytest.raises((NotAllowed, Refused)) as refused:
        call(*given, **named)
    return refused.value.reasons


class TestSigningIn:
    def test_a_right_password_opens_nothing_until_the_code_came(self, any_library, telephone):
        """
        A form that looks like ours has got the password of a leader.
        """
        asked = any_library.sign_in("leder", PHRASE, device="Firefox")

        assert isinstance(asked, CodeAsked)
        assert any_library.signed_in(asked.token) is None
        assert rows(any_library, WebSessionRow) == []
        (half,) = rows(any_library, HalfSignInRow)
        assert half.id != asked.token
        made = any_library.give_code(asked.token, telephone.shows())
        assert any_library.signed_in(made.token).device == "Firefox"
        assert any_library.signed_in(asked.token) is None
        assert rows(any_library, HalfSignInRow) == []

    def test_a_code_is_taken_once(self, any_library, telephone):
        """
        Whoever looks over a shoulder has half a minute.
        """
        code = telephone.shows()
        any_library.give_code(any_library.sign_in("leder", PHRASE).token, code)
        again = any_library.sign_in("leder", PHRASE).token

        assert reasons(any_library.give_code, again, code) == (WrongCode(),)
        assert reasons(any_library.give_code, again, telephone.shows(seconds=-30)) == (WrongCode(),)
        assert any_library.give_code(again, telephone.shows(seconds=30))

    def test_the_code_by_which_it_was_turned_on_signs_nobody_in(self, any_library, clock):
        any_library.set_password("leder", PHRASE, by="redaktor")
        secret = any_library.begin_second_step(PHRASE, by="leder").secret
        code = pyotp.TOTP(secret).at(clock.now)
        any_library.confirm_second_step(code, by="leder")

        assert reasons(any_library.give_code, any_library.sign_in("leder", PHRASE).token, code) == (WrongCode(),)

    @pytest.mark.parametrize(("seconds", "is_taken"), [(-60, False), (-30, True), (30, True), (60, False)])
    def test_a_clock_may_be_half_a_minute_away(self, any_library, telephone, seconds, is_taken):
        asked = any_library.sign_in("leder", PHRASE).token
        code = telephone.shows(seconds=seconds)

        if is_taken:
            assert any_library.give_code(asked, code)
        else:
            assert reasons(any_library.give_code, asked, code) == (WrongCode(),)

    def test_a_code_is_read_as_people_write_it(self, any_library, telephone):
        code = telephone.shows()

        assert any_library.give_code(any_library.sign_in("leder", PHRASE).token, f" {code[:3]} {code[3:]}\n")

    def test_what_is_no_code_is_a_wrong_one(self, any_library, telephone):
        asked = any_library.sign_in("leder", PHRASE).token

        for wrong in ("", "²²²²²²", "٠٠٠٠٠٠", "x" * 10_000):
            assert reasons(any_library.give_code, asked, wrong) == (WrongCode(),), wrong[:9]

    def test_after_many_wrong_ones_none_is_looked_at_for_a_while(self, any_library, telephone):
        """
        A new sign-in with the right password begins no new count, or a million codes are soon tried.
        """
        for _ in range(5):
            asked = any_library.sign_in("leder", PHRASE).token
            assert reasons(any_library.give_code, asked, "x") == (WrongCode(),)

        asked = any_library.sign_in("leder", PHRASE).token
        assert reasons(any_library.give_code, asked, telephone.shows()) == (TooManyTries(1),)
        telephone.clock.forward(minutes=2)
        assert any_library.give_code(asked, telephone.shows())
        assert rows(any_library, SecondStepRow)[0].failures == 0

    def test_who_knows_no_password_keeps_nobody_out_of_it(self, any_library, telephone):
        for _ in range(6):
            assert reasons(any_library.sign_in, "leder", OTHER)[0] in {WrongSignIn(), TooManyTries(1)}

        assert rows(any_library, SecondStepRow)[0].failures == 0

    def test_the_code_is_awaited_for_five_minutes(self, any_library, telephone):
        asked = any_library.sign_in("leder", PHRASE).token
        telephone.clock.now += CODE_AWAITED

        for token in (asked, "", "x" * 43, rows(any_library, HalfSignInRow)[0].id):
            assert reasons(any_library.give_code, token, telephone.shows()) == (SignInTooOld(),)
        any_library.sign_in("leder", PHRASE)
        telephone.clock.now += CODE_AWAITED * 2
        any_library.sign_in("leder", PHRASE)
        assert len(rows(any_library, HalfSignInRow)) == 1

    def test_a_new_password_ends_what_was_begun_with_the_old(self, any_library, telephone):
        asked = any_library.sign_in("leder", PHRASE).token
        any_library.set_password("leder", OTHER, by="redaktor")

        assert reasons(any_library.give_code, asked, telephone.shows()) == (SignInTooOld(),)

    def test_a_link_for_a_password_does_not_lead_past_it(self, any_library, telephone):
        """
        Whoever reads somebody's mail, or makes links, is not that person.
        """
        asked = any_library.choose_password(any_library.invite("leder", by="redaktor").token, OTHER)

        assert isinstance(asked, CodeAsked)
        assert rows(any_library, WebSessionRow) == []
        assert any_library.give_code(asked.token, telephone.shows())

    def test_nor_does_entering_at_a_meeting_once_more(self, any_library, clock):
        meeting = any_library.open_meeting("municipality:1841", "employee", by="redaktor")
        how = {"login": "ola@fauske.example", "name": "Ola Ås", "password": PHRASE, "decision_id": "inn"}
        first = any_library.join(meeting.token, **how)
        secret = any_library.begin_second_step(PHRASE, by=first.actor).secret
        any_library.confirm_second_step(pyotp.TOTP(secret).at(clock.now), by=first.actor)

        assert isinstance(any_library.join(meeting.token, **how), CodeAsked)


class TestRecoveryCodes:
    def test_each_opens_once_instead_of_the_telephone(self, any_library, telephone):
        """
        The telephone lies at the bottom of a fjord.
        """
        one, other = telephone.paper[:2]
        assert len(set(telephone.paper)) == RECOVERY_CODES

        made = any_library.give_code(any_library.sign_in("leder", PHRASE).token, one.lower().replace("-", " "))
        again = any_library.sign_in("leder", PHRASE).token

        assert isinstance(made, SignedIn)
        assert reasons(any_library.give_code, again, one) == (WrongCode(),)
        assert any_library.give_code(again, other)
        assert any_library.second_step(by="leder").codes_left == RECOVERY_CODES - 2

    def test_are_kept_as_nothing_that_opens_anything(self, any_library, telephone):
        (row,) = rows(any_library, SecondStepRow)

        assert not any(
            one in row.recovery_codes or one.replace("-", "") in row.recovery_codes for one in telephone.paper
        )
        asked = any_library.sign_in("leder", PHRASE).token
        assert reasons(any_library.give_code, asked, row.recovery_codes.split()[0]) == (WrongCode(),)


class TestTurningItOn:
    def test_takes_the_password_and_a_code(self, any_library, clock):
        """
        A browser that was left open must not lock out whose it is.
        """
        assert reasons(any_library.begin_second_step, PHRASE, by="leder") == (WrongSignIn(),)
        any_library.set_password("leder", PHRASE, by="redaktor")
        assert reasons(any_library.begin_second_step, OTHER, by="leder") == (WrongSignIn(),)
        assert reasons(any_library.confirm_second_step, "000000", by="leder") == (SecondStepOff(),)

        begun = any_library.begin_second_step(PHRASE, by="leder")

        assert reasons(any_library.confirm_second_step, "x", by="leder") == (WrongCode(),)
        assert any_library.second_step(by="leder").since is None
        assert isinstance(any_library.sign_in("leder", PHRASE), SignedIn)
        any_library.confirm_second_step(pyotp.TOTP(begun.secret).at(clock.now), by="leder")
        assert any_library.second_step(by="leder").since == clock.now
        assert "secret=" + begun.secret in begun.address
        assert "leder" in begun.address
        again = (any_library.begin_second_step, PHRASE), (any_library.confirm_second_step, "000000")
        for call, given in again:
            assert reasons(call, given, by="leder") == (SecondStepOn(),)

    def test_begun_anew_the_first_telephone_shows_wrong_codes(self, any_library, clock):
        any_library.set_password("leder", PHRASE, by="redaktor")
        first = any_library.begin_second_step(PHRASE, by="leder").secret
        any_library.begin_second_step(PHRASE, by="leder")

        assert reasons(any_library.confirm_second_step, pyotp.TOTP(first).at(clock.now), by="leder") == (WrongCode(),)

    def test_is_no_decision(self, any_library, telephone):
        before = len(rows(any_library, DecisionRow))
        any_library.give_code(any_library.sign_in("leder", PHRASE).token, telephone.shows())

        assert len(rows(any_library, DecisionRow)) == before


class TestTurningItOff:
    def test_takes_the_password_and_a_code_too(self, any_library, telephone):
        assert reasons(any_library.end_second_step, OTHER, telephone.shows(), by="leder") == (WrongSignIn(),)
        assert reasons(any_library.end_second_step, PHRASE, "x", by="leder") == (WrongCode(),)
        assert rows(any_library, SecondStepRow)[0].failures == 1

        any_library.end_second_step(PHRASE, telephone.shows(), by="leder")

        assert isinstance(any_library.sign_in("leder", PHRASE), SignedIn)
        assert reasons(any_library.end_second_step, PHRASE, "x", by="leder") == (SecondStepOff(),)

    def test_others_do_it_who_could_make_a_link_for_the_password(self, any_library, telephone):
        """
        Else a municipality's responsible person takes over an account that decides for a whole network.
        """
        begun = any_library.sign_in("leder", PHRASE).token

        assert reasons(any_library.remove_second_step, "leder", by="ansvarlig.fauske") == (MayNotHelp(),)
        assert reasons(any_library.remove_second_step, "leder", by="leder") == (OwnSecondStep(),)
        any_library.remove_second_step("leder", by="redaktor")

        assert reasons(any_library.give_code, begun, telephone.shows()) == (SignInTooOld(),)
        assert isinstance(any_library.sign_in("leder", PHRASE), SignedIn)
        assert reasons(any_library.remove_second_step, "leder", by="redaktor") == (SecondStepOff(),)

    def test_the_responsible_does_it_for_one_of_the_municipality_who_is_then_signed_in_nowhere(
        self, any_library, clock
    ):
        telephone = Telephone(any_library, clock, "ansatt.fauske")
        lost = any_library.give_code(any_library.sign_in("ansatt.fauske", PHRASE).token, telephone.shows())

        any_library.remove_second_step("ansatt.fauske", by="ansvarlig.fauske")

        assert any_library.signed_in(lost.token) is None


class TestWhatACopyHolds:
    def test_a_database_or_a_backup_alone_shows_no_codes(self, any_library, telephone):
        """
        The night's backup lies on a disk that somebody carries home.
        """
        (row,) = rows(any_library, SecondStepRow)
        key = any_library._parts.home / KEY_FILE

        assert telephone.secret not in row.secret
        assert Sealing(key).opened(row.secret, row.actor_id) == telephone.secret
        assert Sealing(key).opened(row.secret, any_library._actor("redaktor")) is None
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        any_library.backup(any_library._parts.home.parent / "kopi")
        copied = [one for one in (any_library._parts.home.parent / "kopi").rglob("*") if one.is_file()]
        assert copied
        assert all(key.read_bytes() not in one.read_bytes() and one.name != KEY_FILE for one in copied)

    def test_without_the_key_only_paper_opens(self, any_library, telephone):
        """
        The database was moved to another machine, and the file beside it was forgotten.
        """
        (any_library._parts.home / KEY_FILE).unlink()
        asked = any_library.sign_in("leder", PHRASE).token

        assert reasons(any_library.give_code, asked, telephone.shows()) == (SecondStepKeyGone(),)
        assert any_library.give_code(asked, telephone.paper[0])

    def test_a_key_that_was_half_written_is_written_anew(self, tmp_path):
        """
        Nothing was sealed by it: the disk went full, or somebody pulled the plug.
        """
        (tmp_path / "nokkel").write_bytes(b"halv")
        sealing = Sealing(tmp_path / "nokkel")

        sealed = sealing.sealed("hemmelig", "a-1")

        assert sealing.opened(sealed, "a-1") == "hemmelig"
        assert Sealing(tmp_path / "nokkel").opened(sealing.sealed("to", "a-1"), "a-1") == "to"
        for broken in ("", "x", sealed[:-8], "å"):
            assert sealing.opened(broken, "a-1") is None

    def test_where_no_key_can_be_made_it_is_told(self, tmp_path):
        with pytest.raises(StoreUnavailable):
            Sealing(tmp_path / "finnes" / "ikke").sealed("hemmelig", "a-1")

    def test_in_a_library_that_was_put_back_there_is_none(self, any_library, telephone):
        """
        Codes on paper that were used since the backup would open once more.
        """
        any_library.sign_in("leder", PHRASE)
        with any_library._parts.database.writing() as session:
            end_sessions(session.connection())

        assert rows(any_library, SecondStepRow) == rows(any_library, HalfSignInRow) == []
        assert isinstance(any_library.sign_in("leder", PHRASE), SignedIn)

    def test_whoever_is_erased_leaves_none(self, any_library, clock):
        any_library.add_person("annen", "Annen", by="redaktor")
        any_library.grant("annen", "editor", "library", by="redaktor")
        Telephone(any_library, clock, "annen")
        any_library.sign_in("annen", PHRASE)

        any_library.erase_person("annen", reason="Slutter.", by="redaktor")

        assert rows(any_library, SecondStepRow) == rows(any_library, HalfSignInRow) == []

    def test_own_data_tell_that_it_is_on_and_nothing_that_opens(self, any_library, telephone):
        found = any_library.own_data("leder", by="leder")["second_step"]

        assert found[0]["turned_on_at"]
        assert not {"secret", "recovery_codes"} & set(found[0])
