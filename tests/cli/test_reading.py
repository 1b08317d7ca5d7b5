"""Reading from the shell: find, show, who uses what, on any day."""

import json
import os
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from samrutine.adoptions import local_texts
from samrutine.cli.overview import matrix_lines
from samrutine.cli.reading import _print_search
from samrutine.cli.shell import Shell
from samrutine.procedures.model import Digest, ProcedureId, VersionNumber
from samrutine.search import applying
from samrutine.search import service as searching
from samrutine.search.model import Hit, LocalHit, SearchResult
from samrutine.search.query import parse
from samrutine.search.service import SearchAnswer
from samrutine.storage import rows
from tests.support.stories import change_with_everyone
from tests.support.texts import a_routine

READING = [
    ("search", "hender"),
    ("list",),
    ("show", "handhygiene"),
    ("matrix",),
    ("as-of", "2026-11-20"),
    ("versions", "handhygiene"),
    ("history", "handhygiene"),
    ("proposals",),
    ("inbox", "Fauske"),
    ("inbox", "--network", "smittevern"),
    ("people",),
    ("municipalities",),
    ("publications",),
    ("status",),
    ("verify",),
    ("repair",),
    ("upgrade",),
]


@pytest.mark.parametrize("line", READING, ids=lambda line: line[0])
class TestEveryAnswer:
    def test_is_one_json_object_on_the_last_line(self, at, home_with_routine, line):
        """
        A script takes the last line, whatever else was said.
        """
        ran = at(home_with_routine, *line, "--json")

        assert ran.code == 0
        assert isinstance(ran.answer, dict)
        assert len(ran.out.splitlines()) == 1

    def test_is_plain_text_when_it_is_piped(self, at, home_with_routine, line):
        """
        Escapes for a terminal are litter in a file, and spaces at the end of a line are in a diff.
        """
        ran = at(home_with_routine, *line)

        assert ran.out.strip()
        assert "\x1b" not in ran.out
        if line[0] != "show":
            assert all(row == row.rstrip() for row in ran.out.splitlines())

    def test_has_the_same_json_in_both_languages(self, at, home_with_routine, line):
        """
        Keys and codes belong to scripts, and are not translated.
        """
        ours = at(home_with_routine, *line, "--json").answer
        theirs = at(home_with_routine, *line, "--json", "--language", "en").answer

        assert ours.keys() == theirs.keys()


class TestSearching:
    @pytest.mark.parametrize(("total", "is_said"), [(12, True), (1, False)])
    def test_says_that_there_are_more_than_are_shown(self, capsys, total, is_said):
        """
        Ten of forty look like all there are.
        """
        hit = Hit(ProcedureId("vask"), Digest("1:ab"), VersionNumber(1, 0), "formal", "Vask", "Formål", (), 1.0, ())
        query = SimpleNamespace(ignored=(), shortened=False)
        found = SimpleNamespace(
            query=query,
            municipality=None,
            standings={},
            not_understood=(),
            mine=None,
            local=(),
            missing=(),
            only_mentioned=False,
            several_senses=(),
            in_order=(hit,),
            not_in_use=(),
            result=SimpleNamespace(total=total, hits=[hit]),
        )

        _print_search(Shell(home="", actor=None, language="nb", as_json=False), found)

        assert ("Viser 1 av 12." in capsys.readouterr().out) is is_said

    def test_shows_what_is_local_where_it_answers(self, capsys):
        """
        Before what answers less well, and after what answers better.
        """
        best, last = (
            Hit(ProcedureId(name), Digest("1:ab"), VersionNumber(1, 0), "formal", name, "Formål", (), score, ())
            for name, score in (("best", 3.0), ("sist", 1.0))
        )
        ours = LocalHit(ProcedureId("vår"), VersionNumber(1, 0), "", "vår", "practical-note", (), (), 2.0)
        found = SearchAnswer(parse("noe"), SearchResult((best, last), 2, ()), None, mine="Fauske", local=(ours,))

        _print_search(Shell(home="", actor=None, language="nb", as_json=False), found)

        shown = capsys.readouterr().out
        assert "finnes i biblioteket" not in shown
        assert shown.index("[best 1.0]") < shown.index("[vår 1.0]") < shown.index("[sist 1.0]")

    def test_asks_which_of_two_things_was_meant(self, at, home_with_routine):
        """
        Whoever looks for the alarm that staff carry must not end with the one that the police lend out.
        """
        ran = at(home_with_routine, "search", "voldsalarm")
        told = at(home_with_routine, "search", "voldsalarm", "--json").answer["several_senses"]
        said = at(home_with_routine, "search", "voldsalarm", "politiet")

        assert "«voldsalarm» kan bety flere ting" in ran.out
        assert "personalalarm: Alarm som ansatte" in ran.out
        assert [one["label"] for one in told[0]["senses"]] == ["personalalarm", "mobil voldsalarm fra politiet"]
        assert "kan bety flere ting" not in said.out

    def test_shows_title_section_and_snippet(self, at, home_with_routine):
        """
        The answer often stands in the snippet, and nothing need be opened.
        """
        ran = at(home_with_routine, "search", "tørk", "hendene")

        assert "Håndhygiene › Framgangsmåte  [handhygiene 1.0]" in ran.out
        assert "Vask hendene" in ran.out

    def test_finds_only_what_applies_in_the_municipality(self, at, home_with_routine):
        """
        A version that is not in use there is no answer there.
        """
        before = at(home_with_routine, "search", "hendene", "-m", "Fauske", "--json").answer["total"]
        at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
        after = at(home_with_routine, "search", "hendene", "-m", "fauske", "--json").answer["total"]

        assert (before, after) == (0, 1)

    def test_says_what_the_library_has_and_the_municipality_does_not_use(self, at, home_with_routine):
        """
        «Nothing found» sends people off to write what somebody has written.
        """
        ran = at(home_with_routine, "search", "hendene", "-m", "Fauske")
        nothing = at(home_with_routine, "search", "kvantemekanikk", "-m", "Fauske")

        assert "«Håndhygiene» finnes i biblioteket, men er ikke tatt i bruk i Fauske." in ran.out
        assert "finnes i biblioteket" not in nothing.out

    def test_offers_no_wish_and_no_other_words_where_they_are_of_no_help(self, at, home_with_routine):
        """
        Nobody writes a routine about a number, and who typed conditions alone has no words to change.
        """
        for words in ("00001836", "hendene -hendene"):
            assert "wish make" not in at(home_with_routine, "search", "--", words).out, words
        said = at(home_with_routine, "search", "gjelder:1.3.2020").out

        assert "Det er ingen rutine som det er slik med" in said
        assert "andre ord" not in said
        assert "wish make" in at(home_with_routine, "search", "kvantemekanikk").out

    @pytest.mark.parametrize(
        ("narrowed", "total"),
        [
            (("--network", "smittevern"), 1),
            (("--network", "oppvekst"), 0),
            (("--kind", "rutine"), 1),
            (("--kind", "plan"), 0),
        ],
    )
    def test_is_narrowed_by_filters(self, at, home_with_routine, narrowed, total):
        """
        A word that stands everywhere is found where one looks.
        """
        assert at(home_with_routine, "search", "hendene", *narrowed, "--json").answer["total"] == total

    def test_reads_columns_that_the_tables_have(self):
        """
        Search names its few columns itself, to start quickly; a renamed column must be noticed here and not by a nurse.
        """
        for ours, theirs in (
            (applying.PROCEDURES, rows.ProcedureRow),
            (applying.MUNICIPALITIES, rows.MunicipalityRow),
            (applying.IN_FORCE, rows.InForceRow),
            (searching.STANDINGS, rows.VersionRow),
            (searching.WITHDRAWN, rows.ProcedureRow),
            (local_texts.ADDITIONS, rows.AdditionRow),
            (local_texts.LOCAL_VALUES, rows.LocalValueRow),
            (local_texts.SECTIONS, rows.SectionRow),
            (local_texts.DECISION_TEXTS, rows.DecisionTextRow),
            (local_texts.WORDS, rows.WordsRow),
        ):
            table = theirs.__table__
            assert ours.name == table.name
            assert {column.name for column in ours.columns} <= {column.name for column in table.columns}


class TestDocuments:
    @pytest.mark.parametrize(
        ("form", "begins"), [("pdf", b"%PDF-"), ("docx", b"PK"), ("html", b"<!doctype html"), ("md", b"# H")]
    )
    def test_are_written_to_a_file(self, at, home_with_routine, tmp_path, form, begins):
        """
        In the formats that a quality system takes.
        """
        path = tmp_path / f"ut.{form}"

        ran = at(home_with_routine, "document", "handhygiene", "--format", form, "-o", path, "--json")

        assert ran.code == 0
        assert path.read_bytes().lower().startswith(begins.lower())
        assert ran.answer["size_bytes"] == path.stat().st_size
        assert [one.name for one in tmp_path.glob(".*")] == []

    def test_for_somebody_else_is_marked_as_a_copy(self, at, home_with_routine, tmp_path):
        """
        Who is handed a paper must see that it is one of many, and may be old.
        """
        path = tmp_path / "kopi.html"

        ran = at(home_with_routine, "document", "handhygiene", "--copy", "--format", "html", "-o", path, "--json")

        assert ran.code == 0
        assert ">KOPI</div>" in path.read_text()
        assert ran.err == ""

    def test_never_take_the_place_of_what_is_no_file(self, at, home_with_routine, tmp_path):
        """
        Whoever writes to a pipe or a device as root would else have a document where the device was.
        """
        pipe = tmp_path / "ut.pdf"
        os.mkfifo(pipe)

        ran = at(home_with_routine, "document", "handhygiene", "--format", "pdf", "-o", pipe)

        assert ran.code == 2
        assert pipe.is_fifo()

    def test_have_a_name_of_their_own_when_none_is_given(self, at, home_with_routine, tmp_path, monkeypatch):
        """
        Routine, version and municipality, so that two do not overwrite each other.
        """
        monkeypatch.chdir(tmp_path)
        at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")

        at(home_with_routine, "document", "handhygiene", "-m", "Fauske", "--format", "md")

        assert (tmp_path / "handhygiene-1.0-fauske.md").exists()

    @pytest.mark.parametrize(
        "words",
        [("--format", "odt"), ("--output", "-", "--json"), ("--output", "/finnes/ikke/ut.pdf")],
        ids=["unknown format", "two answers in one place", "no such folder"],
    )
    def test_that_cannot_be_made_so_are_refused(self, at, home_with_routine, words):
        """
        Before anything is written.
        """
        assert at(home_with_routine, "document", "handhygiene", *words).code == 2


class TestTheMatrix:
    @pytest.fixture
    def used(self, at, home_with_routine):
        """Three municipalities have answered, each in its own way."""
        at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
        at(home_with_routine, "decline", "handhygiene", "-m", "Saltdal", "--reason", "Nei", by="beslutter.saltdal")
        return home_with_routine

    @pytest.mark.parametrize("width", [80, 100, 120, 160])
    def test_fits_the_width_there_is(self, used, monkeypatch, width):
        """
        Nine municipalities and a title, on an old terminal too.
        """
        monkeypatch.setenv("COLUMNS", str(width))
        shell = Shell(home=str(used.path), actor=None, language="nb", as_json=False)
        with shell.library() as library:
            lines = matrix_lines(shell, library.matrix())

        assert max(len(line) for line in lines) <= width

    def test_says_everything_without_colour(self, at, used):
        """
        One in twelve men sees no difference between red and green, and a printer has neither.
        """
        ran = at(used, "matrix")

        assert "✓ 1.0" in ran.out
        assert "✗ nei" in ran.out
        assert "✗ tas ikke i bruk" in ran.out
        assert "? til vurdering" in ran.out

    @pytest.fixture
    def planned(self, at, home_with_routine):
        """Fauske changes to 1.1 in eight days, Saltdal ends in January, Beiarn begins in December."""
        home = home_with_routine
        for where in ("fauske", "saltdal"):
            at(home, "adopt", "handhygiene", "-m", where, by=f"beslutter.{where}")
        with home.opened() as library:
            change_with_everyone(library, a_routine(extra="Nytt."))
        at(home, "adopt", "handhygiene", "-m", "Fauske", "--from", "01.12.2026", by="beslutter.fauske")
        at(
            home, "end", "handhygiene", "-m", "Saltdal", "--last-day", "31.01.2027", "--reason", "Slått sammen",
            by="beslutter.saltdal",
        )  # fmt: skip
        at(home, "adopt", "handhygiene", "-m", "Beiarn", "--from", "01.12.2026", by="beslutter.beiarn")
        return home

    def test_says_which_day_it_is_of_when_asked_about_one(self, at, used):
        """
        A page that somebody prints looks like any other day's.
        """
        assert at(used, "matrix", "--day", "2020-01-01").out.startswith("Gjaldt 01.01.2020:")
        assert not at(used, "matrix").out.startswith("G")

    @pytest.mark.parametrize(("width", "marked"), [(80, "↑1.0→"), (160, "↑ 1.0→")])
    def test_shows_what_applies_now_and_says_in_words_what_is_to_come(self, planned, monkeypatch, width, marked):
        """
        «1.1» in the cell would be a lie until December, and «1.0» alone would hide what they have decided.
        """
        monkeypatch.setenv("COLUMNS", str(width))
        shell = Shell(home=str(planned.path), actor=None, language="nb", as_json=False)
        with shell.library() as library:
            lines = matrix_lines(shell, library.matrix())

        row = next(line for line in lines if line.startswith("Håndhygiene"))
        assert row.count(marked) == 2
        assert "» 1.1" in row
        assert max(len(line) for line in lines) <= width
        text = " ".join(" ".join(lines).split())
        assert "→ endres senere" in text
        assert "» skal tas i bruk" in text
        assert "Fauske: Håndhygiene 1.0 → 1.1 fra 01.12.2026" in text
        assert "Saltdal: Håndhygiene 1.0, siste dag 31.01.2027" in text
        assert "Beiarn: Håndhygiene 1.1 fra 01.12.2026" in text

    def test_gives_what_is_to_come_as_values(self, at, planned):
        """
        Another program must not have to read our symbols.
        """
        cells = {one["municipality"]: one for one in at(planned, "matrix", "--json").answer["cells"]}
        then = {
            one["municipality"]: one for one in at(planned, "matrix", "--day", "01.12.2026", "--json").answer["cells"]
        }

        assert (cells["1841"]["version"], cells["1841"]["behind"]) == ("1.0", True)
        assert cells["1841"]["planned"] == {"version": "1.1", "from_on": "2026-12-01"}
        assert cells["1840"]["planned"] == {"version": None, "from_on": "2027-02-01"}
        assert (cells["1839"]["state"], cells["1839"]["version"]) == ("planned", None)
        assert (then["1841"]["version"], then["1841"]["planned"]) == ("1.1", None)

    def test_never_cuts_a_version(self, at, home_with_routine, monkeypatch):
        """
        «1.1» where 1.10 applies is another version.
        """
        home = home_with_routine
        with home.opened() as library:
            for number in range(10):
                change_with_everyone(library, a_routine(extra=f"Nytt {number}."))
        at(home, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
        monkeypatch.setenv("COLUMNS", "80")

        assert "✓ 1.10" in at(home, "matrix").out


class TestAnyDay:
    def test_what_was_known_then_can_be_asked_for(self, at, home_with_routine):
        """
        An auditor asks what you knew on that day, not what you know now.
        """
        at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
        long_ago = datetime(2026, 1, 1, tzinfo=UTC).isoformat()

        now = at(home_with_routine, "as-of", "2099-01-01", "--json").answer["in_force"]
        then = at(home_with_routine, "as-of", "2099-01-01", "--known-at", long_ago, "--json").answer["in_force"]

        assert ([(one["procedure"], one["version"]) for one in now], then) == ([("handhygiene", "1.0")], [])

    @pytest.mark.parametrize(
        ("day", "said"),
        [
            ("2099-01-01", "Slik det er bestemt nå, gjelder dette 01.01.2099:"),
            ("2026-11-23", "Gjelder i dag, 23.11.2026:"),
            ("2026-11-22", "Gjaldt 22.11.2026:"),
        ],
        ids=["to come", "today", "past"],
    )
    def test_says_of_a_day_to_come_that_it_may_change(self, at, home_with_routine, day, said):
        """
        «Gjaldt» about 2099 is a promise that nobody has made.
        """
        assert at(home_with_routine, "as-of", day).out.splitlines()[0] == said

    def test_nothing_is_said_to_be_nothing(self, at, home_with_routine):
        """
        An empty page could as well be a mistake.
        """
        assert "Ingenting." in at(home_with_routine, "as-of", "2020-01-01").out


def test_the_history_tells_who_decided_and_why(at, home_with_routine):
    """
    In two years somebody asks, and the one who decided has left.
    """
    at(
        home_with_routine,
        "decline",
        "handhygiene",
        "-m",
        "Saltdal",
        "--reason",
        "Vi har ingen.",
        by="beslutter.saltdal",
    )

    ran = at(home_with_routine, "history", "handhygiene")

    assert "Saltdal tar ikke i bruk handhygiene. begrunnelse: Vi har ingen." in ran.text.replace("  ", " ")
    assert json.loads(at(home_with_routine, "history", "handhygiene", "--json").out)["events"][-1]["kind"] == "declined"


def test_the_history_tells_the_last_day_of_a_use(at, home_with_routine):
    """
    That it was ended is half an answer; until when it applied is what the case is about.
    """
    at(home_with_routine, "adopt", "handhygiene", "-m", "Saltdal", by="beslutter.saltdal")
    at(
        home_with_routine, "end", "handhygiene", "-m", "Saltdal", "--reason", "Erstattet.", "--last-day", "31.12.2026",
        by="beslutter.saltdal",
    )  # fmt: skip

    ran = at(home_with_routine, "history", "handhygiene")

    assert "Saltdal avslutter bruken av handhygiene. Siste dag er 31.12.2026" in ran.text
