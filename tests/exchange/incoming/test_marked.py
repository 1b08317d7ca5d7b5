"""Words that colour makes stand out: what somebody wrote in red must not come in as if nothing was."""

import pytest

from samrutine.errors import DocumentRefused
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


@pytest.mark.parametrize("how", ["paragraph", "paragraph above", "heading", "span above"])
def test_what_a_style_strikes_out_is_struck_out(read, how):
    """
    The dose that no longer holds stood beside the one that does, and nothing was told.
    """
    family = "text" if how == "span above" else "paragraph"
    through = 'style:text-line-through-style="solid"'
    styles = (
        f'<style:style style:name="G" style:family="{family}"><style:text-properties {through}/></style:style>'
        f'<style:style style:name="U" style:family="{family}" style:parent-style-name="G"/>'
    )
    name = "U" if "above" in how else "G"
    struck = {
        "heading": f'<text:h text:outline-level="1" text:style-name="{name}">Gi 30 mg</text:h>',
        "span above": f'<text:p><text:span text:style-name="{name}">Gi 30 mg</text:span></text:p>',
    }.get(how, f'<text:p text:style-name="{name}">Gi 30 mg</text:p>')
    made = parts(f"<text:p>Før</text:p>{struck}<text:p>Gi 5 mg</text:p>")
    made["content.xml"] = made["content.xml"].replace("<office:automatic-styles>", f"<office:automatic-styles>{styles}")

    incoming = read("a.odt", packed(made))

    assert "~~Gi 30 mg~~" in incoming.markdown
    assert "~~Gi 5 mg" not in incoming.markdown
    assert [one.detail for one in incoming.findings if one.code == "struck-through"] == ["Gi 30 mg"]


def test_a_heading_keeps_what_is_struck_when_its_number_goes(read):
    """
    "1. Gi 10 mg Gi 5 mg" with the first dose struck, and nothing told.
    """
    page = web.page(
        "<h1>Smerte</h1><h2>1. <s>Gi 10 mg</s> Gi 5 mg</h2><p>Vent.</p><h2>2. Over 10<sup>6</sup> celler</h2><p>Se.</p>"
    )

    incoming = read("a.html", page.encode())

    assert "## ~~Gi 10 mg~~ Gi 5 mg\n" in incoming.markdown
    assert "## Over 10⁶ celler\n" in incoming.markdown
    assert [one.detail for one in incoming.findings if one.code == "struck-through"] == ["Gi 10 mg"]


def test_a_title_keeps_raised_figures_and_tells_of_what_is_struck(read):
    page = web.page("<h1>10<sup>6</sup> celler, <s>10 mg</s> 5 mg</h1><h2>Formål</h2><p>Vent.</p>")

    incoming = read("a.html", page.encode())

    assert incoming.title == "10⁶ celler, 10 mg 5 mg"
    assert [one.detail for one in incoming.findings if one.code == "struck-through"] == ["10 mg"]


def test_styles_above_each_other_in_a_ring_are_refused_at_once(read):
    """
    Pandoc looks for the end of them until its time is up.
    """
    ring = "".join(
        f'<style:style style:name="{one}" style:family="paragraph" style:parent-style-name="{above}"/>'
        for one, above in (("A", "B"), ("B", "A"))
    )
    made = parts('<text:p text:style-name="A">Gi 5 mg</text:p>')
    made["content.xml"] = made["content.xml"].replace("<office:automatic-styles>", f"<office:automatic-styles>{ring}")

    with pytest.raises(DocumentRefused) as refused:
        read("a.odt", packed(made))
    assert refused.value.why == "damaged"


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
