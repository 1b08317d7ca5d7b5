"""What styles say of the words of a page: struck, hidden and red words are never words like others."""

import pytest

from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document


@pytest.fixture
def read(tmp_path):
    """Read a page in this process, with a sheet in its head."""
    return lambda body, sheet="": open_document(
        f"<html><head><style>{sheet}</style></head><body><h1>Smerte</h1><h2>Dose</h2>{body}</body></html>".encode(),
        "a.html", Limits(), tmp_path,
    )  # fmt: skip


def codes(incoming):
    """Give the codes of what was found."""
    return {one.code for one in incoming.findings}


STRIKE = "text-decoration:line-through"


@pytest.mark.parametrize(
    "body",
    [
        f'<p style="{STRIKE}">Gi 10 mg.</p><p>Gi 5 mg.</p>',
        f'<ul><li style="{STRIKE}">Gi 10 mg.</li><li>Gi 5 mg.</li></ul>',
        f'<table><tr><th>Dose</th></tr><tr><td style="{STRIKE}">Gi 10 mg.</td></tr><tr><td>Gi 5 mg.</td></tr></table>',
        f'<div style="{STRIKE}"><p>Gi 10 mg.</p></div><p>Gi 5 mg.</p>',
        f'<div style="{STRIKE}">Gi <b>10 mg.</b><p>Vent.</p>Ring.</div><p>Gi 5 mg.</p>',
        f'<p><b style="{STRIKE}">Gi 10 mg.</b> Gi 5 mg.</p>',
        f'<p><a href="https://x.example" style="{STRIKE}">Gi 10 mg.</a> Gi 5 mg.</p>',
        f'<p><mark style="{STRIKE}">Gi 10 mg.</mark> Gi 5 mg.</p>',
        f'<h2 style="{STRIKE}">Gi 10 mg.</h2><p>Gi 5 mg.</p>',
        f'<table style="{STRIKE}"><tr><th>Dose</th></tr><tr><td>Gi 10 mg.</td></tr></table><p>Gi 5 mg.</p>',
        '<p><a href="https://x.example">Gi <b><s>10 mg.</s></b> Gi 5 mg.</a></p>',
        "<h2>1. <s>Gi 10 mg</s> Gi 5 mg</h2><h2>2. Annet</h2><p>Vask.</p>",
        '<p class="ut">Gi 10 mg.</p><p>Gi 5 mg.</p>',
        '<p><span class="gammel ut">Gi 10 mg.</span> Gi 5 mg.</p>',
        '<div class="boks"><p>Gi 10 mg.</p></div><p>Gi 5 mg.</p>',
        '<p id="en">Gi 10 mg.</p><p>Gi 5 mg.</p>',
    ],
)
def test_what_a_style_strikes_out_is_struck(read, body):
    """
    A dose that was taken out stood beside the one that holds, and nobody was told.
    """
    sheet = (
        "/* a */ p.ut, .gammel.ut { text-decoration: line-through } .boks p {text-decoration-line:line-through!important}\n"
        "#en { text-decoration: line-through red }"
    )

    incoming = read(body, sheet)

    assert "struck-through" in codes(incoming)
    assert incoming.recall == 1.0


@pytest.mark.parametrize("rule", ["display:none", "visibility: hidden", "display : none !important"])
def test_what_a_sheet_hides_is_told_and_left_out(read, rule):
    incoming = read('<p>Gi 5 mg.</p><p class="c2">Gi 10 mg.</p>', f".c2{{{rule}}}")

    assert "hidden-text" in codes(incoming)
    assert "10 mg" not in incoming.markdown


@pytest.mark.parametrize(
    "sheet",
    [
        "@media print { .c2 { display: none } } p { margin: 0 }",
        "a.c2:hover { display: none }",
        "p[data-x] { display: none }",
        "li .c2 { display: none }",
        ".c2 { display: none } p.c2 { display: block }",
        ".c2 { display: none",
        "} .c2 {",
        "@import url(x.css); @charset 'utf-8'; .c3 { display: none }",
        "@media screen {" * 50,
    ],
)
def test_a_rule_that_does_not_hold_hides_nothing(read, sheet):
    assert "Gi 10 mg." in read('<p class="c2">Gi 10 mg.</p>', sheet).markdown


def test_what_an_element_says_itself_holds(read):
    incoming = read('<p class="c2" style="display:block">Gi 10 mg.</p>', ".c2{display:none}")

    assert "Gi 10 mg." in incoming.markdown


@pytest.mark.parametrize(
    ("body", "has"),
    [
        ('<p style="color:red">Aldri alene.</p>', "**Aldri alene.**"),
        (
            "<table><tr><th>Hva</th></tr><tr><td style='color:#ff0000'>Aldri alene.</td></tr></table>",
            "**Aldri alene.**",
        ),
        ("<table><tr><th style='color:red'>Aldri alene.</th></tr><tr><td>Vask</td></tr></table>", "Aldri alene."),
        ('<p class="r">Aldri <i>alene</i>.</p>', "**Aldri** ***alene***."),
        ('<ul><li class="r">Aldri alene.</li></ul>', "- **Aldri alene.**"),
        ('<div class="r"><p>Aldri alene.</p><p>Vent.</p></div>', "Aldri alene."),
    ],
)
def test_what_a_colour_makes_stand_out_is_told_wherever_it_stands(read, body, has):
    """
    A red paragraph came in as any other.
    """
    incoming = read(body, ".r{color:red}")

    assert [one.code for one in incoming.findings if one.code == "marked-by-colour"] == ["marked-by-colour"]
    assert has in incoming.markdown


def test_the_ground_of_a_cell_is_how_a_house_draws_tables(read):
    incoming = read(
        "<table><tr><th>Hva</th></tr><tr><td>Vask</td></tr></table>", "th{background:#004b87} td{background:#ff0}"
    )

    assert "marked-by-colour" not in codes(incoming)


@pytest.mark.parametrize(
    "body", ['<p>10<span style="vertical-align: super">9</span> og H<span class="ned">2</span>O</p>']
)
def test_figures_that_a_style_raises_or_lowers_stay_so(read, body):
    """
    10⁹ came in as 109.
    """
    assert "10⁹ og H₂O" in read(body, ".ned{vertical-align:sub}").markdown
