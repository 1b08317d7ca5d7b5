"""Headings nobody marked, lists typed by hand, and what a document says about itself."""

import pytest

from samrutine.exchange.incoming.headings import (
    Levels,
    Line,
    TypedNumbers,
    first_is_title,
    levels,
    references_to_numbers,
    title_is_guess,
    without_number,
)
from samrutine.exchange.incoming.metadata import suggested_in, suggested_in_rows
from samrutine.exchange.incoming.typed_lists import make_lists


def para(text):
    """Make a paragraph of pandoc's."""
    parts = []
    for word in text.split():
        parts += [{"t": "Space"}] * bool(parts) + [{"t": "Str", "c": word}]
    return {"t": "Para", "c": parts}


def said(found):
    """Give suggestions as field and value."""
    return {one.field: one.value for one in found}


class TestHeadings:
    def test_bold_lines_are_headings_where_there_are_no_others(self):
        """
        Most routines were written by somebody who made the line bold.
        """
        lines = [
            Line("Formål", bold=True),
            Line("Hindre fall."),
            Line("Ansvar", bold=True),
            Line("Lederen har ansvar."),
        ]

        assert levels(lines) == Levels([1, None, 1, None], guessed=(0, 2))

    def test_a_bold_line_among_real_headings_is_text(self):
        """
        There it is bold because somebody must not overlook it.
        """
        lines = [Line("Formål", level=1), Line("Gi aldri mer", bold=True), Line("Hindre fall.")]

        assert levels(lines) == Levels([1, None, None])

    def test_a_bold_line_among_real_headings_is_one_when_it_names_what_every_routine_has(self):
        """
        "Ansvar" that somebody only made bold was told to be missing.
        """
        lines = [
            Line("Formål", level=2),
            Line("Hindre fall."),
            Line("Ansvar og roller", bold=True),
            Line("Lederen."),
            Line("Ved hjertestans", bold=True),
            Line("Ring."),
        ]

        said = levels(lines)

        assert said == Levels([2, None, 2, None, None, None], guessed=(2,), maybe=(4,))
        assert [(one.code, one.detail) for one in said.tell(lines)] == [
            ("heading-guessed", "Ansvar og roller"),
            ("heading-like", "Ved hjertestans"),
        ]

    @pytest.mark.parametrize(
        ("words", "other"), [("Ansvar", "Ansvar"), ("Tiltak", "Framgangsmåte")], ids=["the same", "the same part"]
    )
    def test_a_bold_line_is_none_where_a_heading_names_that_part_already(self, words, other):
        lines = [Line(other, level=1), Line("Tekst."), Line(words, bold=True), Line("Mer.")]

        assert levels(lines) == Levels([1, None, None, None], maybe=(2,))

    @pytest.mark.parametrize(
        "text", ["NB! Ring lege", "Gi 5 mg.", "Versjon: 2.0", "Ikke gi mer", "Husk hansker", "Hva gjør du?"]
    )
    def test_a_bold_warning_is_no_heading(self, text):
        """
        A warning that becomes a heading is looked for in the text and not found.
        """
        lines = [
            Line("Formål", bold=True),
            Line("Hindre fall."),
            Line(text, bold=True),
            Line("Og så videre."),
            Line("Mer."),
        ]

        assert levels(lines).found[2] is None

    def test_the_size_of_a_bold_line_is_its_level(self):
        """
        The larger stands above the smaller, as on paper.
        """
        lines = [
            Line("Ansvar", bold=True, size=32),
            Line("A."),
            Line("Leder", bold=True, size=26),
            Line("B."),
            Line("C."),
        ]

        assert levels(lines).found == [1, None, 2, None, None]

    @pytest.mark.parametrize(
        ("text", "rest", "parts"),
        [
            ("1. Formål", "Formål", 1),
            ("2.1 Ansvar", "Ansvar", 2),
            ("3) Tiltak", "Tiltak", 1),
            ("5 mg", "5 mg", 0),
            ("Formål", "Formål", 0),
            ("08.00 Medisiner", "08.00 Medisiner", 0),
            ("12.30 Lunsj", "12.30 Lunsj", 0),
            ("24.12. Julaften", "24.12. Julaften", 0),
        ],
    )
    def test_a_typed_number_is_no_part_of_a_heading(self, text, rest, parts):
        """
        The number changes when a section is added; the heading does not.
        """
        assert without_number(text) == (rest, parts)

    @pytest.mark.parametrize(
        ("headings", "left"),
        [
            (["1 Formål", "2 Ansvar", "Avvik"], ["Formål", "Ansvar", "Avvik"]),
            (["Formål", "3. Framgangsmåte", "Ansvar", "Avvik"], ["Formål", "Framgangsmåte", "Ansvar", "Avvik"]),
            (["Formål", "112 Politi", "24 Timer etter", "Avvik", "Ring"], ["Formål", "112 Politi", "24 Timer etter", "Avvik", "Ring"]),
            (["2 Ampuller amiodaron", "5 Minutter senere"], ["2 Ampuller amiodaron", "5 Minutter senere"]),
            (["2. Sykepleiere", "2. Ampuller"], ["2. Sykepleiere", "2. Ampuller"]),
            (["1. Formål", "2. Tiltak", "2.1 Vask", "2.2 Tørk", "3. Avvik"], ["Formål", "Tiltak", "Vask", "Tørk", "Avvik"]),
        ],
        ids=["most", "one that can be nothing else", "numbers of something", "counts", "counts with a stop", "an outline"],
    )  # fmt: skip
    def test_typed_numbers_go_the_same_way_in_every_document(self, headings, left):
        """
        Two municipalities typed the same heading, and one kept "3." before it.
        """
        numbers = TypedNumbers(headings)

        assert [numbers.taken(one)[0] for one in headings] == left
        assert numbers.cut == [one for one, other in zip(headings, left, strict=True) if one != other]

    def test_what_refers_to_a_number_is_found(self):
        """
        "Se punkt 4.2" leads nowhere when the numbers are gone.
        """
        assert references_to_numbers("Se punkt 4.2, og gi 5 mg.") == ["Se punkt 4.2"]

    def test_the_only_top_heading_above_all_is_the_title(self):
        """
        Many write the name of the routine as the first heading.
        """
        lines = [Line("Fall", level=1), Line("Formål", level=2), Line("Tekst")]

        assert first_is_title(lines, [1, 2, None]) == 0
        assert first_is_title(lines, [1, 1, None]) is None

    def test_a_short_line_right_above_the_first_heading_is_the_title_and_it_is_told(self):
        """
        LibreOffice says nothing of a title when it saves a page.
        """
        lines = [Line("Fall: forebygging"), Line("Formål", level=1), Line("Tekst")]

        assert first_is_title(lines, [None, 1, None]) == 0
        assert title_is_guess([None, 1, None], 0) == ("title-guessed",)
        assert title_is_guess([1, 2, None], 0) == ()

    @pytest.mark.parametrize(
        "text", ["Gjelder alle ansatte.", "Versjon 2.1", "Godkjent 01.02.2026", "Innhold:", "NB! Les først", "☐ Lest"]
    )
    def test_what_says_something_above_the_first_heading_is_no_title(self, text):
        assert first_is_title([Line(text), Line("Formål", level=1)], [None, 1]) is None


class TestTypedLists:
    def test_lines_with_a_dash_are_a_list_and_it_is_told(self):
        """
        To a screen reader a row of dashes is noise; a list is a list.
        """
        findings = []

        made = make_lists([para("- Hansker"), para("- Frakk"), para("Slutt")], findings)

        assert [block["t"] for block in made] == ["BulletList", "Para"]
        assert [one.code for one in findings] == ["typed-list"]

    def test_numbers_must_follow_each_other(self):
        """
        "2. juli" and "9. august" are no list.
        """
        assert [block["t"] for block in make_lists([para("2. juli er fri"), para("9. august er ikke")], [])] == [
            "Para",
            "Para",
        ]

    def test_a_list_goes_on_from_the_number_it_has(self):
        """
        "Trinn 3" must still be number three when something stands between.
        """
        made = make_lists([para("3. Vask"), para("4. Tørk")], [])

        assert made[0]["c"][0][0] == 3

    def test_ones_alone_are_counted_and_two_lists_stay_two(self):
        """
        Whoever let a program count typed 1 before each; whoever began anew did not mean three.
        """
        ones = make_lists([para("1. Vask"), para("1. Tørk"), para("1. Skriv")], [])
        anew = make_lists([para("1. Vask"), para("2. Tørk"), para("1. Ring"), para("2. Vent")], [])

        assert [(one["c"][0][0], len(one["c"][1])) for one in ones] == [(1, 3)]
        assert [(one["c"][0][0], len(one["c"][1])) for one in anew] == [(1, 2), (1, 2)]

    def test_a_minus_is_no_dash(self):
        """
        «- 18 °C i fryser» is not eighteen degrees.
        """
        lines = [para("- 18 °C i fryser"), para("– 20,5 grader i dypfryser")]

        assert make_lists(list(lines), []) == lines

    def test_one_dash_alone_is_no_list(self):
        """
        A line of talk may begin with a dash.
        """
        assert make_lists([para("– Er du der?")], [])[0]["t"] == "Para"


class TestSuggested:
    @pytest.mark.parametrize(
        ("line", "found"),
        [
            ("Dokumentnr.: 12-3\tVersjon: 2.0", {"document_number": "12-3", "version": "2.0"}),
            (
                "Godkjent av: Kommuneoverlegen   Gyldig til: 01.02.2028",
                {"approved_by": "Kommuneoverlegen", "valid_to": "01.02.2028"},
            ),
            ("Neste revisjon: 01.02.2028", {"next_review": "01.02.2028"}),
            ("Prøvevik kommune – versjon 1.4", {"municipality": "Prøvevik kommune", "version": "1.4"}),
            ("Vann i hjemmet", {}),
        ],
    )
    def test_what_a_margin_says_is_suggested(self, line, found):
        """
        The number and the version stand where Word prints them on each page.
        """
        assert said(suggested_in(line, "header")) == found

    def test_a_label_may_stand_before_its_answer_or_above_it(self):
        """
        Control tables are drawn both ways.
        """
        beside = suggested_in_rows([["Versjon", "3"], ["Eier", "Omsorg"]], "table")
        above = suggested_in_rows([["Versjon", "Eier"], ["3", "Omsorg"]], "table")

        assert said(beside) == said(above) == {"version": "3", "owner": "Omsorg"}
