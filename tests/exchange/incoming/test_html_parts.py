"""Parts of a page that are not its body: what may matter in them is kept."""

import time

import pytest
from lxml import html as lxml_html

from samrutine.exchange.incoming.html_lists import part_lists
from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document


@pytest.fixture
def read(tmp_path):
    """Read a page in this process."""
    return lambda body: open_document(
        f"<html><body><h1>R</h1><h2>A</h2>{body}<h2>B</h2><p>Vask.</p></body></html>".encode(),
        "a.html",
        Limits(),
        tmp_path,
    )


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("<footer>Ring 113 ved hjertestans. Gi 300 mg.</footer>", "Ring 113 ved hjertestans. Gi 300 mg."),
        ("<nav>Gi ikke insulin</nav>", "Gi ikke insulin"),
        ("<section><footer><p>Aldri over 8 °C.</p></footer></section>", "Aldri over 8 °C."),
        ("<aside>Gi 300 mg.</aside>", "Gi 300 mg."),
        ("<p>Det gis <select><option>5 mg</option><option>10 mg</option></select> morfin.</p>", "5 mg / 10 mg"),
        ("<p>Gi <select><option>Paracet</option><option>Ibux</option></select>.</p>", "Paracet / Ibux"),
        ("<p>Gi <select><option>5 mg</option><option selected>10 mg</option></select>.</p>", "Gi 10 mg"),
    ],
)
def test_words_that_may_matter_are_kept_wherever_they_stand(read, body, kept):
    """
    What to do stood in a frame at the foot of a section, and was taken for the foot of the page.
    """
    incoming = read(body)

    assert kept in incoming.markdown
    assert incoming.recall == 1.0


def test_what_leads_about_a_site_is_left_out_and_told(read):
    incoming = read("<nav><a href='/'>Hjem</a> <a href='/om'>Om oss</a></nav><footer>Prøvevik kommune</footer>")

    assert "Hjem" not in incoming.markdown
    assert [one.code for one in incoming.findings if one.code == "header-footer"] == ["header-footer"] * 2


@pytest.mark.parametrize(
    ("page", "lists"),
    [
        (
            "<ol><li>a</li><li value=7>b</li><li>c</li><li value=9>d</li><li value=2>e</li></ol>",
            [(None, 1), ("7", 3), ("2", 1)],
        ),
        ("<ol start=3><li value=3>a</li><li>b</li></ol>", [("3", 2)]),
        (
            "<ol><li value=4>a</li><li value=5>b<ol><li>x</li><li value=8>y</li></ol></li></ol>",
            [("4", 2), (None, 1), ("8", 1)],
        ),
    ],
)
def test_a_list_is_parted_at_each_number_of_its_own(page, lists):
    root = lxml_html.document_fromstring(page)

    part_lists(root)

    assert [(one.get("start"), sum(1 for each in one if each.tag == "li")) for one in root.iter("ol")] == lists


@pytest.mark.parametrize("step", [1, 2], ids=["in order", "each with its own"])
def test_many_numbers_are_read_in_one_pass(step):
    """
    Every list that Word saves says the number of each item.
    """
    roots = [
        lxml_html.document_fromstring(
            "<ol>" + "".join(f"<li value={n * step}>a</li>" for n in range(1, count)) + "</ol>"
        )
        for count in (2000, 16000)
    ]

    taken = []
    for root in roots:
        before = time.process_time()
        part_lists(root)
        taken.append(time.process_time() - before)

    assert taken[1] < 30 * max(taken[0], 0.01)
