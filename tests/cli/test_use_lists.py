"""Lists of answers from a spreadsheet, and what a municipality prepares around its answers, from the shell."""

import pytest

LINE = "handhygiene;tatt i bruk;;;\r\n"
HEAD = "rutine;svar;versjon;begrunnelse;til\r\n"


@pytest.fixture
def listed(tmp_path):
    """Write a list as a spreadsheet would."""

    def write(text, encoding="utf-8"):
        path = tmp_path / "liste.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def states(at, home):
    """Give what Fauske has answered."""
    cells = at(home, "matrix", "--json").answer["cells"]
    return [one["state"] for one in cells if one["municipality"] == "1841"]


class TestAListOfAnswers:
    def test_is_shown_and_not_decided(self, at, home_with_routine, listed):
        """
        Whoever signs forty answers wants to see them first.
        """
        path = listed(HEAD + LINE)

        ran = at(home_with_routine, "answer-list", path, "-m", "Fauske", by="beslutter.fauske")

        assert ran.code == 0
        assert "Gjelder fra" in ran.text
        assert "Ingenting er bestemt." in ran.text
        assert states(at, home_with_routine) == ["to-consider"]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    @pytest.mark.parametrize("sign", [";", ",", "\t"], ids=["semicolons", "commas", "tabs"])
    def test_is_decided_with_yes(self, at, home_with_routine, listed, encoding, sign):
        """
        Spreadsheets differ by country and by version; the answers do not.
        """
        path = listed((HEAD + LINE).replace(";", sign), encoding)

        ran = at(home_with_routine, "answer-list", path, "-m", "Fauske", "--yes", by="beslutter.fauske")

        assert "Fauske har svart om én rutine i én liste." in ran.out
        assert states(at, home_with_routine) == ["in-use"]

    def test_with_one_wrong_row_decides_nothing_and_names_it(self, at, home_with_routine, listed):
        """
        Half a decided list is the one nobody finds out about.
        """
        path = listed(HEAD + "handhygiene;tatt i bruk;;;\r\nfinnes-ikke;ikke aktuelt;;Ingen slik tjeneste;\r\n")

        looked = at(home_with_routine, "answer-list", path, "-m", "Fauske", by="beslutter.fauske")
        decided = at(home_with_routine, "answer-list", path, "-m", "Fauske", "--yes", by="beslutter.fauske")

        assert (looked.code, decided.code) == (3, 3)
        assert "Kan ikke bestemmes:" in looked.text
        assert "finnes-ikke" in decided.err
        assert states(at, home_with_routine) == ["to-consider"]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("rutine;begrunnelse\r\nhandhygiene;x\r\n", "svar"),
            (HEAD + "handhygiene;kanskje;;;\r\n", "svar, linje 2"),
            (HEAD + "handhygiene;utsatt;;x;31.02.2027\r\n", "til, linje 2"),
        ],
        ids=["no column", "no such answer", "no such day"],
    )
    def test_that_cannot_be_read_says_where(self, at, home_with_routine, listed, text, said):
        """
        The line in the spreadsheet is where it is mended.
        """
        ran = at(home_with_routine, "answer-list", listed(text), "-m", "Fauske", by="beslutter.fauske")

        assert ran.code == 2
        assert said in ran.err

    def test_in_another_encoding_is_not_guessed_at(self, at, home_with_routine, listed):
        """
        A guess turns «Håndhygiene» into other letters, and they stand in the register.
        """
        path = listed(HEAD + "handhygiene;tas ikke i bruk;;På vent;\r\n", "latin-1")

        ran = at(home_with_routine, "answer-list", path, "-m", "Fauske", "--yes", by="beslutter.fauske")

        assert ran.code == 2
        assert "CSV UTF-8" in ran.err

    def test_is_made_of_what_waits_and_can_be_given_back(self, at, home_with_routine, tmp_path):
        """
        Nobody should have to copy ids by hand.
        """
        path = tmp_path / "ny.csv"
        made = at(home_with_routine, "answer-list", "-m", "Fauske", "--new", path)
        text = path.read_bytes().decode("utf-8-sig")
        path.write_text(text.replace("Håndhygiene;;", "Håndhygiene;tatt i bruk;"), encoding="utf-8")

        ran = at(home_with_routine, "answer-list", path, "-m", "Fauske", "--yes", by="beslutter.fauske")

        assert "én rutine" in made.out
        assert text.startswith("rutine;tittel;svar;versjon;")
        assert ran.code == 0
        assert states(at, home_with_routine) == ["in-use"]


class TestPreparing:
    def test_an_answer_put_off_says_until_when(self, at, home_with_routine):
        """
        What comes back by itself is not forgotten.
        """
        ran = at(
            home_with_routine, "defer", "handhygiene", "-m", "Fauske", "--until", "01.06.2027", "--reason", "Ny leder.",
            by="beslutter.fauske",
        )  # fmt: skip

        assert "utsetter svaret om handhygiene til 01.06.2027" in ran.out
        assert states(at, home_with_routine) == ["deferred"]

    def test_somebody_is_asked_to_prepare_it(self, at, home_with_routine):
        """
        What is everybody's is nobody's.
        """
        at(
            home_with_routine, "assign", "handhygiene", "-m", "Fauske", "--to", "ansvarlig.fauske", "--due", "01.06.2027",
            by="beslutter.fauske",
        )  # fmt: skip

        mine = at(home_with_routine, "inbox", by="ansvarlig.fauske")
        told = at(home_with_routine, "news", "--mark-read", by="ansvarlig.fauske")
        again = at(home_with_routine, "news", by="ansvarlig.fauske")

        assert "01.06.2027" in mine.text
        assert "deg (ansvarlig)" in mine.text
        assert "Du forbereder svaret om rutinen" in told.text
        assert again.out == "Ingen nye meldinger.\n"

    def test_what_there_was_before_is_told_by_word(self, at, home_with_routine):
        """
        Where several have their own, there is something to merge.
        """
        took = at(
            home_with_routine, "inventory", "take", "handhygiene=har egen rutine", "-m", "Fauske", by="ansvarlig.fauske"
        )
        shown = at(home_with_routine, "inventory", "show")

        assert took.code == 0
        assert "har egen rutine: Fauske" in shown.text

    def test_what_applies_is_made_known_and_seen_to_be(self, at, home_with_routine):
        """
        Adopted and unknown is a paper in a drawer.
        """
        at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
        before = at(home_with_routine, "made-known", "-m", "Fauske")
        at(
            home_with_routine, "made-known", "handhygiene", "-m", "Fauske", "--whom", "alle i hjemmetjenesten", "--how",
            "e-post", by="ansvarlig.fauske",
        )  # fmt: skip
        after = at(home_with_routine, "made-known", "-m", "Fauske")

        assert "ikke gjort kjent" in before.text
        assert "e-post, alle i hjemmetjenesten" in after.text

    def test_a_standing_decision_is_set_shown_and_ended(self, at, home_with_routine):
        """
        The day that is typed is the last on which it holds, as people say it.
        """
        done = at(
            home_with_routine, "standing", "set", "-m", "Fauske", "--last-day", "31.12.2027", by="beslutter.fauske"
        )
        shown = at(home_with_routine, "standing", "show", "-m", "Fauske")
        at(home_with_routine, "standing", "end", "-m", "Fauske", by="beslutter.fauske")
        ended = at(home_with_routine, "standing", "show", "-m", "Fauske")

        assert "til og med 31.12.2027" in done.out
        assert "til og med 31.12.2027 (gjelder)" in shown.text
        assert "(avsluttet)" in ended.text
