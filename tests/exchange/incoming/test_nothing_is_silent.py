"""What pages, plain texts and papers hold comes in as it stands there, or a person must look: nothing is lost in silence."""

import pytest

from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document
from tests.support.documents.paper import page as page_of_paper
from tests.support.documents.paper import pdf as paper


@pytest.fixture
def read(tmp_path):
    """Read a document in this process."""
    return lambda data, name: open_document(data.encode() if isinstance(data, str) else data, name, Limits(), tmp_path)


def page(*body):
    """Make a page with a heading and what follows it."""
    return f"<html><body><h1>Dosering</h1>{''.join(body)}<p>Slutt.</p></body></html>"


def item(words, level=1):
    """Make a paragraph of a list as Word saves it."""
    return f"<p style='mso-list:l0 level{level} lfo1'>{words}</p>"


def shown(mark):
    """Make a mark of a list as Word saves it."""
    return f"<span style='mso-list:Ignore'>{mark}<span>&nbsp; </span></span>"


class TestListsOfWordInPages:
    def test_what_stands_after_a_list_stays(self, read):
        """
        The dose is written on the line after the last point, without a paragraph of its own.
        """
        came = read(page(item("1. Ring 113"), " Gi ikke mer enn 5 mg ", "<p>Noter</p>"), "a.html")

        assert "1. Ring 113\n\nGi ikke mer enn 5 mg\n\nNoter\n" in came.markdown

    def test_a_word_with_a_stop_is_no_mark(self, read):
        """
        "Ikke. Gi 5 mg" without its first word says the opposite.
        """
        came = read(page(item("Ca. 5 mg"), item("Ikke. Gi 5 mg"), item("-5 grader")), "a.html")

        assert "- Ca. 5 mg\n- Ikke. Gi 5 mg\n- -5 grader\n" in came.markdown

    def test_a_number_is_kept_where_the_list_does_not_begin_at_one(self, read):
        """
        Elsewhere it says "see point 3".
        """
        came = read(page(item("1. Vask"), item("2. Tørk"), "<p>Vent.</p>", item("3. Sprit"), item("10) mg")), "a.html")

        assert "1. Vask\n2. Tørk\n\nVent.\n\n3. Sprit\n" in came.markdown
        assert "10) mg" in came.markdown

    def test_what_word_says_is_the_mark_is_and_the_words_after_it_are_not(self, read):
        """
        The mark is written anew by the list; "IKKE:" is no number and no bullet, and is kept.
        """
        came = read(
            page(
                item(f"{shown('1.')}Ca. 5 mg"),
                item(f"{shown('a)')}Ring. Gi", 2),
                item(f"{shown('2.')}1 tablett"),
                item(f"{shown('IKKE:')}gi mer"),
            ),
            "a.html",
        )

        assert "1. Ca. 5 mg\n   1. Ring. Gi\n2. 1 tablett\n\n- IKKE: gi mer\n" in came.markdown
        assert came.recall == 1.0


class TestFormsInPages:
    def test_what_stands_in_a_field_is_text(self, read):
        """
        A page of a quality system has its doses and its telephones in fields.
        """
        came = read(
            page(
                "<p>Gi <input type=number value=5> mg, ring <input type=tel value='75 00 00 00'>,"
                " skriv til <input type=email value='vakt@provevik.example'></p>"
            ),
            "a.html",
        )

        assert "Gi 5 mg, ring 75 00 00 00 , skriv til vakt@provevik.example" in came.markdown

    def test_what_a_field_holds_and_hides_is_told_and_a_password_is_not(self, read):
        """
        Whoever looks must know that something stood there; the password is nobody's.
        """
        came = read(
            page("<p><input type=hidden value='Ikke til barn'><input type=password value='Sommer'></p>"), "a.html"
        )

        assert [one.detail for one in came.findings if one.code == "hidden-text"] == ["Ikke til barn"]
        assert came.must_be_looked_at


class TestMarkdown:
    def test_tags_in_its_lines_do_not_make_it_a_page(self, read):
        """
        A table of doses that is read as a page becomes one line of bars.
        """
        came = read(
            "# Rutine\n\n| Alder | Dose |\n| --- | --- |\n| <b>barn</b> | <b>5 mg</b> |\n\nGi <i>ikke</i> mer.\n",
            "a.md",
        )

        assert came.kind == "markdown"
        assert came.result.cells == 4

    def test_a_page_with_lines_that_look_like_marks_is_a_page(self, read):
        """
        Part of a page, without its head, has blocks at the start of its lines.
        """
        came = read("<p>Vask:</p>\n<div>\n- hansker\n</div>\n<p>Gi <b>5 mg</b>.</p>\n", "a.html")

        assert came.kind == "html"

    @pytest.mark.parametrize("before", ["- Ring", "## A\n\nRing"])
    def test_words_between_angle_brackets_are_words(self, read, before):
        """
        "<ikke fastlege>" is no tag, and the sentence without it sends people to their doctor.
        """
        came = read(f"{before} <ikke fastlege> først\n", "a.md")

        assert "ikke fastlege" in came.markdown
        assert came.recall == 1.0

    def test_a_line_of_words_between_angle_brackets_stays(self, read):
        """
        Alone on its line it is taken for a block of HTML.
        """
        came = read("## A\n\n<ikke til barn>\n\nGi 5 mg.\n", "a.md")

        assert "ikke til barn" in came.markdown

    def test_a_warning_between_two_lines_is_no_front_matter(self, read):
        """
        Two lines of dashes are a frame in plain text.
        """
        came = read("---\nObs: Gi ikke mer enn 5 mg\n---\n\nRing 113.\n", "a.txt")

        assert "Gi ikke mer enn 5 mg" in came.markdown

    def test_a_sentence_beside_the_title_must_be_looked_at(self, read):
        """
        What stands at the top is left out, and a dose may stand there.
        """
        came = read("---\ntitle: Fall\nversjon: 2\nobs: Gi ikke mer enn 5 mg\n---\n\nRing 113.\n", "a.md")

        assert [one.detail for one in came.findings if one.code == "words-missing"] == ["obs: Gi ikke mer enn 5 mg"]
        assert came.must_be_looked_at


class TestSigns:
    @pytest.mark.parametrize(
        ("written", "comes_in"),
        [
            ("<span style='font-family:Symbol'>³</span>38 gi", "≥38 gi"),
            ("<font face='Symbol'>£</font>8 gi", "≤8 gi"),
            ("<span style='font-family:Wingdings'>û</span> Ringer", "✗ Ringer"),
            ("<span style='font-family:Symbol'><span style='font:7.0pt \"Times New Roman\"'>abc</span></span>", "abc"),
            ("<span style='mso-char-type:symbol;mso-symbol-font-family:Symbol'>³</span>38", "≥38"),
            ("<span style='font-family:Arial'>10³</span>", "10³"),
        ],
    )
    def test_a_page_shows_the_sign_that_its_font_draws(self, read, written, comes_in):
        """
        "38 or more" becomes "to the third" when the font is not heard.
        """
        came = read(page(f"<p>{written}</p>"), "a.html")

        assert comes_in in came.markdown.splitlines()

    def test_a_sign_we_do_not_know_must_be_looked_at(self, read):
        """
        Nobody can know what it said.
        """
        came = read(page("<p><span style='font-family:Wingdings'>\u00c5</span> Gi</p>"), "a.html")

        assert "symbol-unknown" in {one.code for one in came.findings}

    @pytest.mark.parametrize("result", ["", r"{\fldrslt\f1}", r"{\fldrslt{\f1\'b3}}"])
    @pytest.mark.parametrize("instruction", [r"SYMBOL 179 \\f Symbol", r'{ SYMBOL 179 \\f "Symbol" \\s 11}'])
    def test_a_field_of_word_that_draws_a_sign_is_the_sign(self, read, instruction, result):
        """
        What the field shows stands in its instruction; the place for what it showed last may be empty.
        """
        field = rf"{{\field{{\*\fldinst {instruction}}}{result}}}"

        came = read(
            r"{\rtf1\ansi{\fonttbl{\f0 Arial;}{\f1\fcharset2 Symbol;}}Hvis temp " + field + r"38 gi\par}", "a.rtf"
        )

        assert came.markdown == "Hvis temp ≥38 gi\n"


class TestPaper:
    @pytest.mark.parametrize("last", ["Gi aldri mer enn angitt.", "Ikke til barn", "Gi 5 mg", "Ring 75 00 00 00"])
    def test_what_both_pages_say_first_or_last_is_no_margin(self, read, last):
        """
        Two medicines, one on each page, and the same warning under both.
        """
        pages = [page_of_paper(*(f"{name} {n} her" for n in range(8)), last) for name in ("En", "To")]

        came = read(paper(*pages), "a.pdf")

        assert f"{came.title} {came.markdown}".count(last) == 2

    def test_the_name_of_the_document_on_each_page_is_a_margin(self, read):
        """
        It would stand in the middle of a sentence that goes on over the page.
        """
        pages = [page_of_paper("Rutine for fall, versjon 2", *(f"{n} her" for n in range(8))) for _ in range(3)]

        came = read(paper(*pages), "a.pdf")

        assert "versjon 2" not in came.markdown
