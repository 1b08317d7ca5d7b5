"""Marks before lines: which are a list's, and which are a minus, a section of a law, or the star that a table refers to."""

import subprocess
import sys

import pytest

from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document
from tests.support.documents import web


@pytest.fixture
def read(tmp_path):
    """Read a page in this process."""
    return lambda body: open_document(
        web.page(f"<h1>Rutine</h1><h2>Del</h2>{body}").encode(), "a.html", Limits(), tmp_path
    )


def paragraphs(*lines):
    """Write lines as paragraphs."""
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    "lines",
    [
        ("- 18 °C i fryser", "- 20 °C i dypfryser"), ("– 25 grader ute", "– 10 grader inne"), ("- 2", "- 4"),
        ("- 2–4 %", "- 5 %"), ("− 3 kPa", "− 4 kPa"),
    ],
    ids=["degrees", "degrees in words", "numbers alone", "per cent", "pressure"],
)  # fmt: skip
def test_a_minus_is_no_mark_of_a_list(read, lines):
    """
    18 degrees below zero came in as 18 degrees.
    """
    incoming = read(paragraphs(*lines))

    assert all(f"{line[0]} {line[2:]}" in incoming.markdown for line in lines)
    assert "typed-list" not in [one.code for one in incoming.findings]


def test_what_is_counted_is_a_list(read):
    incoming = read(paragraphs("- 2 håndklær", "- 1 laken"))

    assert "- 2 håndklær\n- 1 laken\n" in incoming.markdown


def test_the_sign_of_a_section_stays_before_its_number(read):
    """
    The sign is also how some fonts write a dot.
    """
    incoming = read(paragraphs("§ 4 Forsvarlighet", "§ 5 Medhjelpere"))

    assert "§ 4 Forsvarlighet" in incoming.markdown
    assert "§ 5 Medhjelpere" in incoming.markdown


def test_a_star_that_a_table_refers_to_stays(read):
    table = "<table><tr><th>Medisin</th><th>Dose</th></tr><tr><td>Ibux*</td><td>400 mg</td></tr></table>"

    incoming = read(table + paragraphs("* ikke til barn", "* kun til voksne"))

    assert "\\* ikke til barn" in incoming.markdown
    assert "\\* kun til voksne" in incoming.markdown


def test_stars_that_nothing_refers_to_are_a_list(read):
    assert "- hansker\n- frakk\n" in read(paragraphs("* hansker", "* frakk")).markdown


@pytest.mark.parametrize(
    "text", ["1 - " * 20_000, "1" * 200_000, "1-" * 50_000, "5 x " * 20_000, "1,1" * 30_000], ids=lambda text: text[:4]
)
def test_odd_lines_of_figures_are_looked_through_in_one_pass(text):
    """
    Ten kilobytes of "1 - 1 - 1" took the whole time that a document has. What takes longer than ten seconds here would take hours.
    """
    program = "import sys; from samrutine.exchange.incoming.compare import deleted_values, differences, may_matter; t = sys.stdin.read(); differences([t], t[:-1]); deleted_values(t); may_matter(t)"

    subprocess.run([sys.executable, "-c", program], input=text, text=True, check=True, timeout=60)
