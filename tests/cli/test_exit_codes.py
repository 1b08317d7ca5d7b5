"""Exit codes: a script tells by a number what sort of thing went wrong, and a person by a sentence."""

import pytest

from samrutine import Library
from samrutine.errors import (
    Conflict,
    InvalidRequest,
    InvalidText,
    NotFound,
    Refused,
    SamrutineError,
    StoreUnavailable,
)
from tests.support.texts import NATIONAL_ID, a_routine


def classes(base):
    yield base
    for one in base.__subclasses__():
        yield from classes(one)


@pytest.mark.parametrize(
    ("base", "code"),
    [(InvalidRequest, 2), (InvalidText, 3), (Refused, 3), (NotFound, 4), (Conflict, 5), (StoreUnavailable, 6)],
)
def test_each_branch_of_the_tree_has_one_exit_code(base, code):
    """
    A script that was written for a refusal must not meet it as something else after an upgrade.
    """
    assert {one.exit_code for one in classes(base)} == {code}


def test_every_error_has_an_exit_code_of_its_own_kind():
    """
    1 is our own mistake, so no error that we raise on purpose may have it.
    """
    ours = [one for one in classes(SamrutineError) if one is not SamrutineError]

    assert {one.exit_code for one in ours} == {2, 3, 4, 5, 6}


class TestACommandThatFails:
    def test_leaves_with_4_when_there_is_no_such_thing(self, at, home_with_routine):
        """
        Not found is not refused: the remedy is another name, not another person.
        """
        ran = at(home_with_routine, "versions", "finnes-ikke")

        assert (ran.code, ran.out) == (4, "")
        assert "Det finnes ingen rutine med id «finnes-ikke». Søk med `samrutine search`" in ran.err

    def test_leaves_with_4_when_there_is_no_library(self, run, tmp_path):
        """
        The commonest mistake of the first day is to stand in the wrong folder.
        """
        ran = run("--home", tmp_path, "list")

        assert ran.code == 4
        assert "samrutine init" in ran.err

    def test_leaves_with_3_when_a_rule_says_no(self, at, home_with_routine):
        """
        The one who asks learns why, and who can.
        """
        ran = at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", "--json", by="beslutter.saltdal")

        assert ran.code == 3
        assert ran.answer["error"]["reasons"][0]["code"] == "lacks_role"
        assert ran.answer["error"]["fact"] in ran.err

    def test_leaves_with_3_when_a_text_must_not_be_kept(self, at, home, tmp_path):
        """
        Each finding has its line, for the one who mends it; the number itself is repeated nowhere.
        """
        file = tmp_path / "handhygiene.md"
        file.write_bytes(a_routine(extra=f"Ring pasient {NATIONAL_ID}."))

        ran = at(home, "propose", file, "--json", by="skribent")

        assert ran.code == 3
        assert ran.answer["error"]["findings"][0]["key"] == "national-id"
        assert ran.answer["error"]["findings"][0]["line"] > 1
        assert NATIONAL_ID not in ran.out + ran.err

    def test_leaves_with_5_when_somebody_came_first(self, at, home_with_routine, tmp_path):
        """
        Nothing is changed, and the one who came second must look again.
        """
        file = tmp_path / "handhygiene.md"
        file.write_bytes(a_routine(extra="Noe annet."))

        ran = at(home_with_routine, "propose", file, "--json", by="skribent")

        assert (ran.code, ran.answer["error"]["code"]) == (5, "id_taken")

    def test_leaves_with_6_when_the_database_cannot_be_read(self, at, home):
        """
        Trying again may help, and nothing was lost by trying.
        """
        for name in ("samrutine.db-wal", "samrutine.db-shm"):
            (home.path / name).unlink(missing_ok=True)
        (home.path / "samrutine.db").write_bytes(b"not a database" * 1000)

        ran = at(home, "list", "--json")

        assert (ran.code, ran.answer["error"]["code"]) == (6, "database_damaged")

    def test_leaves_with_2_when_nobody_acts(self, at, home_with_routine):
        """
        A decision without somebody who made it is none.
        """
        ran = at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske")

        assert ran.code == 2
        assert "--as" in ran.err

    def test_says_what_is_missing_and_not_that_nothing_cannot_be_used(self, run, tmp_path):
        """
        ««» kan ikke brukes» makes people look for a mistake in what they never wrote.
        """
        ran = run("init", tmp_path / "nytt")

        assert ran.code == 2
        assert "--editor-login mangler. Oppgi et brukernavn" in ran.err

    def test_says_that_a_file_is_not_there(self, at, home, tmp_path):
        """
        In Norwegian, and by its name, so that they see the misspelling.
        """
        ran = at(home, "propose", tmp_path / "rutina.md", by="skribent")

        assert ran.code == 2
        assert f"Det finnes ingen fil {tmp_path / 'rutina.md'}" in ran.err

    def test_says_it_in_english_too(self, at, home_with_routine):
        """
        IT may sit in another country.
        """
        ran = at(home_with_routine, "versions", "finnes-ikke", "--language", "en")

        assert "There is no procedure" in ran.err or "No procedure" in ran.err


class TestWhatNobodyForesaw:
    def test_is_a_sentence_and_not_a_trace(self, run, home, monkeypatch):
        """
        A trace tells a nurse nothing, and may quote what must not travel.
        """
        monkeypatch.setattr(Library, "procedures", lambda _, **__: 1 // 0)

        ran = run("--home", home.path, "list")

        assert ran.code == 1
        assert "ZeroDivisionError" in ran.err
        assert "Traceback" not in ran.err

    def test_is_shown_to_a_developer_who_asks(self, run, home, monkeypatch):
        """
        Somebody must be able to find the mistake.
        """
        monkeypatch.setattr(Library, "procedures", lambda _, **__: 1 // 0)
        monkeypatch.setenv("SAMRUTINE_TRACEBACK", "1")

        with pytest.raises(ZeroDivisionError):
            run("--home", home.path, "list")

    def test_an_interruption_leaves_with_130(self, run, home, monkeypatch):
        """
        As every program does that is stopped from the keyboard.
        """

        def interrupted(_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr(Library, "procedures", interrupted)

        ran = run("--home", home.path, "list")

        assert ran.code == 130
        assert "Avbrutt" in ran.err

    def test_a_full_disk_leaves_with_6(self, run, home, monkeypatch):
        """
        The machine's trouble is told as such, and is safe to try again.
        """

        def full(_, **__):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Library, "procedures", full)

        assert run("--home", home.path, "list").code == 6
