"""Lists of answers from a spreadsheet, and what a municipality prepares around its answers, from the shell."""

import pytest

from tests.support.stories import APPROVERS, propose_and_send
from tests.support.texts import a_routine

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

    def test_takes_the_words_people_use(self, at, home_with_routine, listed):
        """
        «Ta i bruk» is what the guide, the button and the meeting say.
        """
        path = listed(HEAD + "handhygiene;Ta i bruk;;;\r\n")

        ran = at(home_with_routine, "answer-list", path, "-m", "Fauske", "--yes", by="beslutter.fauske")

        assert ran.code == 0, ran.err
        assert states(at, home_with_routine) == ["in-use"]

    def test_names_a_refused_answer_by_its_line_in_the_spreadsheet(self, at, home_with_routine, listed):
        """
        The first row is the head, and rows without an answer are in the way too.
        """
        path = listed(HEAD + "handhygiene;;;;\r\nfinnes-ikke;ikke aktuelt;;Ingen slik tjeneste;\r\n")

        looked = at(home_with_routine, "answer-list", path, "-m", "Fauske", "--json", by="beslutter.fauske").answer
        decided = at(home_with_routine, "answer-list", path, "-m", "Fauske", "--yes", by="beslutter.fauske")

        assert [one["row"] for one in looked["rows"]] == [3]
        assert "Linje 3, finnes-ikke" in decided.err

    @pytest.mark.parametrize(("what", "said"), [("mangler.csv", "Det finnes ingen fil"), (".", "er en mappe")])
    def test_that_cannot_be_opened_says_why_in_words(self, at, home_with_routine, tmp_path, what, said):
        """
        «No such file or directory» is no Norwegian.
        """
        ran = at(home_with_routine, "answer-list", tmp_path / what, "-m", "Fauske", by="beslutter.fauske")

        assert ran.code == 2
        assert said in ran.err

    def test_with_nothing_in_it_says_so(self, at, home_with_routine, listed):
        """
        «0 kan ikke brukes som rows» is no sentence.
        """
        ran = at(home_with_routine, "answer-list", listed(HEAD), "-m", "Fauske", by="beslutter.fauske")

        assert ran.code == 2
        assert "Det er ingen svar i listen." in ran.err

    def test_seen_by_who_prepares_it_says_that_another_decides(self, at, home_with_routine, listed):
        """
        «Kjør det samme med --yes» would only be refused.
        """
        ran = at(home_with_routine, "answer-list", listed(HEAD + LINE), "-m", "Fauske", by="ansvarlig.fauske")

        assert ran.code == 0
        assert "må bestemmes av en beslutter" in ran.text


class TestPreparing:
    def test_a_standing_decision_that_is_over_names_the_day_that_was_typed(self, at, home):
        """
        The day after is the program's own business.
        """
        ran = at(home, "standing", "set", "-m", "Fauske", "--last-day", "20.11.2020", by="beslutter.fauske")

        assert ran.code == 3
        assert "20.11.2020 er forbi" in ran.err

    def test_an_answer_that_is_none_is_told_those_there_are_one_a_line(self, at, home_with_routine):
        """
        Four long answers with commas in them cannot be told apart on one line.
        """
        ran = at(home_with_routine, "inventory", "take", "handhygiene=vet ikke", "-m", "Fauske", by="ansvarlig.fauske")

        assert ran.code == 2
        assert "\n  lacks: " in ran.err

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

    def test_where_a_correction_follows_by_itself_is_said_with_who_decided_it(self, at, home_with_routine):
        """
        «Gjelder ingen steder» was said while it applied, and the account named nobody.
        """
        home = home_with_routine
        at(home, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
        at(home, "standing", "set", "-m", "Fauske", "--last-day", "31.12.2027", by="beslutter.fauske")
        with home.opened() as library:
            text = a_routine(extra="Rettet.")
            sent = propose_and_send(library, text, changes="handhygiene", significance="minor")
        for one in APPROVERS:
            done = at(home, "approve", sent.id, "--digest", sent.digest, by=one)
            if "er faglig godkjent" in done.text:
                break
        account = at(home, "account", "handhygiene", "-m", "Fauske", by="ansvarlig.fauske")

        assert "tatt i bruk etter stående beslutning i Fauske." in done.text
        assert "ingen steder" not in done.text
        assert "Den stående beslutningen: " in account.text

    def test_a_use_that_never_began_has_no_last_day(self, at, home_with_routine):
        """
        «Siste dag er i dag» was said of what nobody had followed a single day.
        """
        home = home_with_routine
        at(home, "adopt", "handhygiene", "-m", "Fauske", "--from", "01.06.2027", by="beslutter.fauske")

        done = at(home, "end", "handhygiene", "-m", "Fauske", "--reason", "Ombestemt.", by="beslutter.fauske")

        history = at(home, "history", "handhygiene")

        assert "Den hadde ikke begynt å gjelde" in done.text
        assert "til vurdering igjen" in done.text
        assert "før den begynte å gjelde. Til vurdering igjen" in history.text
        assert "iste dag" not in done.text + history.text

    def test_ending_one_standing_decision_names_those_that_still_hold(self, at, home_with_routine):
        """
        Corrections went on following by the one for the routine, after everybody had read that nothing did.
        """
        rest = "-m", "Fauske", "--last-day", "31.12.2027"
        at(home_with_routine, "standing", "set", *rest, by="beslutter.fauske")
        at(home_with_routine, "standing", "set", *rest, "--procedure", "handhygiene", by="beslutter.fauske")

        first = at(home_with_routine, "standing", "end", "-m", "Fauske", by="beslutter.fauske")
        again = at(home_with_routine, "standing", "end", "-m", "Fauske", by="beslutter.fauske")
        last = at(home_with_routine, "standing", "end", "-m", "Fauske", "--all", by="beslutter.fauske")

        assert "tar igjen stilling" not in first.text
        assert "`samrutine standing end -m Fauske --procedure handhygiene`" in first.text
        assert again.code != 0
        assert "det gjelder andre: handhygiene" in " ".join(again.err.split())
        assert "tar igjen stilling til hver mindre retting" in last.text
