"""Tables: what stays whole, and what gives way, in a narrow window."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.cli.tables import WORDS, broken, lay_out

DATE = re.compile(r"\d\d\.\d\d\.\d{4}")
ROWS = [
    ("fravaer-kritiske-oppgaver", "Fravær og vikar: kritiske oppgaver", "rutine", "2.0", "omsorg", "23.09.2028"),
    ("tuberkulosekontrollprogram", "Tuberkulosekontrollprogram", "prosedyre", "1.0", "psykisk-helse-rus", "22.11.2026"),
]
NAMES = ("id", "title", "kind", "version", "network", "review")
HEADS = ("Id", "Tittel", "Type", "Versjon", "Fagnettverk", "Gjennomgang")


class TestLayingOut:
    @pytest.mark.parametrize("width", [80, 90, 100, 120])
    def test_neither_a_date_nor_an_id_nor_a_short_word_is_broken(self, width):
        """
        "23.09.20" above "28" is no date, and half an id cannot be pasted into the next command.
        """
        rows, _, _ = lay_out(HEADS, ROWS, width, whole=(0,), names=NAMES)

        text = "\n".join(line for row in rows for line in row)
        assert max(len(line) for line in text.splitlines()) <= width
        for word in ("23.09.2028", "22.11.2026", "fravaer-kritiske-oppgaver", "Gjennomgang", "kritiske", "Versjon"):
            assert word in text

    def test_the_least_important_columns_give_way_and_are_named(self):
        """
        A column that is silently missing is believed not to exist.
        """
        rows, left_out, _ = lay_out(HEADS, ROWS, 80, whole=(0,), names=NAMES)

        assert left_out[:1] == ["Type"]
        assert not {"Id", "Tittel", "Gjennomgang"} & set(left_out)
        assert "Type" not in rows[0][0]

    def test_a_long_word_is_whole_where_another_column_can_give_room(self):
        """
        A title of many words can stand in three lines; a single long word cannot.
        """
        rows, left_out, _ = lay_out(
            ("Id", "Tittel", "Rolle"),
            [("f-1", "Hva de ansatte gjør om natten når ingen svarer", "spesialisthelsetjeneste")],
            50,
        )

        assert left_out == []
        assert "spesialisthelsetjeneste" in "\n".join(rows[1])

    def test_nothing_is_left_out_where_there_is_room(self):
        """
        A wide window is there to be used.
        """
        rows, left_out, rule = lay_out(HEADS, ROWS, 160, whole=(0,), names=NAMES)

        assert left_out == []
        assert [len(row) for row in rows] == [1, 1, 1]
        assert len(rule) >= len(rows[0][0])


class TestBreaking:
    @pytest.mark.parametrize(
        ("text", "width", "lines"),
        [
            ("kommunalsjef helse og omsorg", 12, ["kommunalsjef", "helse og", "omsorg"]),
            ("Tuberkulosekontrollprogram", 17, ["Tuberkulosekont-", "rollprogram"]),
            ("godkjenninger", 12, ["godkjennin-", "ger"]),
            ("Barnekoordinator", 15, ["Barnekoordina-", "tor"]),
            ("spesialisthelsetjenesten", 14, ["spesialisthel-", "setjenesten"]),
            ("brrrrrrrt", 5, ["brrr-", "rrrrt"]),
            ("sjekkliste-nyansatt", 14, ["sjekkliste-", "nyansatt"]),
            ("1:2a810cbb0f7f", 8, ["1:2a810c", "bb0f7f"]),
            ("", 5, [""]),
            ("en\nto", 5, ["en", "to"]),
        ],
        ids=[
            "between words",
            "a long word",
            "its end",
            "its last part",
            "a very long word",
            "no syllable",
            "at its own hyphen",
            "no letters",
            "nothing",
            "lines of its own",
        ],
    )
    def test_is_between_words_or_shown_by_a_hyphen(self, text, width, lines):
        """
        A word cut without a hyphen is read as two.
        """
        assert broken(text, width) == lines

    @given(st.text(alphabet="abcå -/.\n", max_size=80), st.integers(min_value=2, max_value=30))
    def test_loses_nothing_and_is_never_too_wide(self, text, width):
        """
        A table is read as the whole answer.
        """
        lines = broken(text, width)

        def letters(one):
            return re.sub(r"[\s-]", "", one)

        assert letters("".join(lines)) == letters(text)
        assert all(len(line) <= width for line in lines)

    @given(st.lists(st.tuples(*[st.text(alphabet="abc 1", max_size=60)] * 3), max_size=4), st.integers(40, 120))
    def test_a_table_of_short_words_fits_every_window(self, rows, width):
        """
        Lines that the terminal breaks by itself are a table no more.
        """
        short = [tuple(re.sub(rf"(\S{{{WORDS[-1]}}})\S+", r"\1", cell) for cell in row) for row in rows]

        found, left_out, _ = lay_out(("A", "B", "C"), short, width, names=("a", "b", "c"))

        assert left_out == []
        assert all(len(line) <= width for row in found for line in row)


@pytest.mark.parametrize(
    "line",
    [
        ("list",), ("due", "--within", "3650"), ("proposals",), ("versions", "handhygiene"), ("people",),
        ("inbox", "Fauske"), ("history", "handhygiene"), ("as-of", "2026-07-28"), ("municipalities",),
    ],
    ids=lambda line: line[0],
)  # fmt: skip
def test_every_table_fits_eighty_columns_when_nobody_says_otherwise(at, home_with_routine, monkeypatch, line):
    """
    It is what a terminal has, and what a piped answer is read in.
    """
    really = at(home_with_routine, *line, "--json", by="redaktor").out
    monkeypatch.delenv("COLUMNS", raising=False)

    ran = at(home_with_routine, *line, by="redaktor")

    assert ran.code == 0
    assert max(len(one) for one in ran.out.splitlines()) <= 80
    if re.search(r"\d{4}-\d\d-\d\d\"", really) and "Gjennomgang" in ran.out:
        assert DATE.search(ran.out)
