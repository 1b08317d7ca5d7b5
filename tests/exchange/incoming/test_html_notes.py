"""Notes of pages that Word and LibreOffice saved: they are notes again, and not paragraphs under the last heading."""

import pytest

from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document
from tests.support.documents import web

WORD = (
    '<h1>Fall</h1><p>Sjekk skoene<a style="mso-footnote-id:ftn1" href="#_ftn1" name="_ftnref1"><span class="MsoFootnoteReference">'
    '[1]</span></a> først. Ring<a href="#_edn1" name="_ednref1"><sup>[i]</sup></a>.</p><h2>Avvik</h2><p>Meld.</p>'
    '<div style="mso-element:footnote-list"><br clear="all"><hr align="left" size="1" width="33%"><div style="mso-element:footnote" '
    'id="ftn1"><p class="MsoFootnoteText"><a href="#_ftnref1" name="_ftn1">[1]</a> Se veilederen, 2 mg.</p></div></div>'
    '<div style="mso-element:endnote-list"><div id="edn1"><p><a href="#_ednref1" name="_edn1">[i]</a> Døgnet rundt.</p></div></div>'
)
LIBREOFFICE = (
    '<h1>Fall</h1><p>Sjekk skoene<sup><a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a></sup> '
    'først. Ring<a class="sdendnoteanc" name="sdendnote1anc" href="#sdendnote1sym"><sup>i</sup></a>.</p><h2>Avvik</h2><p>Meld.</p>'
    '<div id="sdfootnote1"><p><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>Se veilederen,\n2 mg.</p></div>'
    '<div id="sdendnote1"><p><a class="sdendnotesym" name="sdendnote1sym" href="#sdendnote1anc">i</a>Døgnet rundt.</p></div>'
)
READ = """\
Sjekk skoene[^1] først. Ring[^2].

## Avvik

Meld.

[^1]: Se veilederen, 2 mg.

[^2]: Døgnet rundt.
"""


@pytest.fixture
def read(tmp_path):
    """Read a page in this process."""
    return lambda body: open_document(web.page(body).encode(), "a.html", Limits(), tmp_path)


@pytest.mark.parametrize("body", [WORD, LIBREOFFICE], ids=["Word", "LibreOffice"])
def test_are_notes_again_where_they_are_referred_to(read, body):
    """
    A note on the first step that came in as a paragraph under "Avvik" was read as about deviations.
    """
    incoming = read(body)

    assert incoming.title == "Fall"
    assert incoming.markdown == READ
    assert (incoming.source.notes, incoming.result.notes, incoming.recall) == (2, 2, 1.0)
    assert [one.code for one in incoming.findings] == []


@pytest.mark.parametrize(
    "body",
    [
        '<h1>Fall</h1><p>Se <a href="#del" name="opp">delen</a>.</p><p><a name="del" href="#opp">Opp</a> Mer tekst.</p>',
        '<h1>Fall</h1><p>Se<a href="#_ftn1" name="_ftnref1">[1]</a>.</p><p>Noten er borte.</p>',
        '<h1>Fall</h1><p><a name="_ftn1" href="#_ftnref1">[1]</a> Noten først. Se<a href="#_ftn1" name="_ftnref1">[1]</a>.</p>',
    ],
    ids=["two links to each other", "no note", "in one paragraph"],
)
def test_nothing_else_is_taken_for_a_note_or_lost(read, body):
    incoming = read(body)

    assert "[^" not in incoming.markdown
    assert incoming.recall == 1.0
    assert incoming.result.notes == 0


def test_two_notes_in_one_paragraph_keep_their_words(read):
    body = (
        '<h1>Fall</h1><p>A<a href="#_ftn1" name="_ftnref1">[1]</a> b<a href="#_ftn2" name="_ftnref2">[2]</a>.</p><p>Meld.</p>'
        '<p><a href="#_ftnref1" name="_ftn1">[1]</a> Gi 2 mg. <a href="#_ftnref2" name="_ftn2">[2]</a> Gi 4 mg.</p>'
    )

    incoming = read(body)

    assert "Gi 2 mg." in incoming.markdown
    assert "Gi 4 mg." in incoming.markdown
    assert incoming.recall == 1.0


def test_many_links_to_each_other_are_read_in_one_pass(read):
    """
    A page of ten thousand notes must not take ten thousand times as long.
    """
    count = 3000
    body = "<h1>Fall</h1><p>" + "".join(f'a<a href="#_ftn{n}" name="_ftnref{n}">[{n}]</a> ' for n in range(count))
    notes = "".join(
        f'<div id="ftn{n}"><p><a href="#_ftnref{n}" name="_ftn{n}">[{n}]</a> N{n}.</p></div>' for n in range(count)
    )

    incoming = read(f"{body}</p>{notes}")

    assert incoming.result.notes == count


@pytest.mark.parametrize("named", ["title", "MsoTitle", "western title", "Title cjk"])
def test_a_line_of_the_class_title_is_the_title(read, named):
    incoming = read(f'<p class="{named}">Fall på avdelingen</p><h1>Formål</h1><p>Tekst.</p>')

    assert (incoming.title, incoming.markdown) == ("Fall på avdelingen", "## Formål\n\nTekst.\n")
