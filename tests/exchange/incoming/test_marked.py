"""Words that colour makes stand out: what somebody wrote in red must not come in as if nothing was."""

import pytest

from samrutine.exchange.incoming.marked import is_marker, is_warning_colour
from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document
from tests.support.documents import web
from tests.support.documents.odt import parts
from tests.support.documents.rich import rtf
from tests.support.documents.word import Piece, Word, packed, run

RED = '<w:color w:val="C00000"/>'
LONG = "Les dette før du begynner, og les det en gang til når du er ferdig med alle trinnene i rutinen."


def in_word(words, mark="red"):
    """Write a Word file in which some words stand out."""
    marks = {"red": RED, "pen": '<w:highlight w:val="yellow"/>', "ground": '<w:shd w:val="clear" w:fill="FFC000"/>'}
    return "a.docx", Word("Fall").heading(1, "Formål").paragraph("Du skal ", Piece(run(words, marks[mark]), words), " vente.").made()  # fmt: skip


def in_odt(words, mark="red"):
    """Write an ODT file in which some words stand out."""
    marks = {"red": 'fo:color="#c00000"', "pen": 'fo:background-color="#ffff00"'}
    style = f'<style:style style:name="R" style:family="text"><style:text-properties {marks[mark]}/></style:style>'
    body = f'<text:h text:outline-level="1">Formål</text:h><text:p>Du skal <text:span text:style-name="R">{words}</text:span> vente.</text:p>'
    made = parts(body)
    made["content.xml"] = made["content.xml"].replace("<office:automatic-styles>", f"<office:automatic-styles>{style}")
    return "a.odt", packed(made)


def in_html(words, mark="red"):
    """Write a page in which some words stand out."""
    marks = {"red": ('<span style="color: #C00000">', "</span>"), "font": ('<font color="red">', "</font>"), "pen": ("<mark>", "</mark>")}  # fmt: skip
    begin, end = marks[mark]
    return "a.html", web.page(f"<h1>Fall</h1><h2>Formål</h2><p>Du skal {begin}{words}{end} vente.</p>").encode()


def in_rtf(words, mark="red"):
    """Write an RTF file in which some words stand out."""
    marks = {"red": r"\cf1", "pen": r"\highlight2"}
    table = r"{\colortbl;\red192\green0\blue0;\red255\green255\blue0;}"
    return "a.rtf", rtf(rf"{table}\pard Du skal {{{marks[mark]} {words}}} vente.\par")


@pytest.fixture
def read(tmp_path):
    """Read a file in this process."""
    return lambda name, data: open_document(data, name, Limits(), tmp_path)


def told(incoming):
    """Give what was told of colours."""
    return [one.detail for one in incoming.findings if one.code == "marked-by-colour"]


EACH = [
    (in_word, "red"), (in_word, "pen"), (in_word, "ground"), (in_odt, "red"), (in_odt, "pen"), (in_html, "red"), (in_html, "font"),
    (in_html, "pen"), (in_rtf, "red"), (in_rtf, "pen"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "mark"), EACH, ids=[f"{made.__name__} {mark}" for made, mark in EACH])
def test_a_word_in_red_or_under_a_marker_is_bold_and_it_is_told(read, made, mark):
    """
    "Du skal aldri vente" where "aldri" was red.
    """
    incoming = read(*made("aldri", mark))

    assert "Du skal **aldri** vente." in incoming.markdown
    assert told(incoming) == ["aldri"]


@pytest.mark.parametrize("made", [in_word, in_odt, in_html], ids=lambda made: made.__name__)
def test_a_long_passage_is_told_and_left_as_it_is(read, made):
    incoming = read(*made(LONG))

    assert f"Du skal {LONG} vente." in incoming.markdown
    assert told(incoming) == [LONG]


def test_what_is_bold_anyway_is_not_told(read):
    word = (
        Word("Fall").heading(1, "Formål").paragraph("Du skal ", Piece(run("aldri", f"<w:b/>{RED}"), "aldri"), " vente.")
    )

    incoming = read("a.docx", word.made())

    assert "Du skal **aldri** vente." in incoming.markdown
    assert told(incoming) == []


def test_a_red_heading_is_a_heading_and_no_more(read):
    word = Word("Fall").paragraph(Piece(run("Formål", RED), "Formål"), style="Overskrift1").paragraph("Tekst.")
    page = web.page('<h1>Fall</h1><h2><span style="color:red">Formål</span></h2><p>Tekst.</p>').encode()

    assert told(read("a.docx", word.made())) == told(read("a.html", page)) == []
    assert all("## Formål" in one.markdown for one in (read("a.docx", word.made()), read("a.html", page)))


@pytest.mark.parametrize(
    ("colour", "warns", "marks"),
    [
        ("FF0000", True, True), ("#c00000", True, True), ("red", True, True), ("rgb(200, 10, 10)", True, True), ("#f00", True, True),
        ("yellow", False, True), ("92D050", False, True), ("0563C1", False, True), ("000000", False, False), ("auto", False, False),
        ("white", False, False), ("D9D9D9", False, False), ("F2F2F2", False, False), ("FFF8F0", False, False), (None, False, False),
    ],
)  # fmt: skip
def test_red_letters_warn_and_any_strong_ground_marks(colour, warns, marks):
    """
    Links are blue, headings are blue, forms are grey: none of it says that something must be noticed.
    """
    assert (is_warning_colour(colour), is_marker(colour)) == (warns, marks)
