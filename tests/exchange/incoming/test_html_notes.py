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


@pytest.mark.parametrize(
    "body",
    [
        '<p>Gi 5<a href="#fn1" id="fnref1">1</a> mg morfin.</p><ol><li id="fn1">Ikke over 10 mg <a href="#fnref1">b</a></li></ol>',
        '<p>Gi 5<sup id="r1"><a href="#n1">[1]</a></sup> mg morfin.</p><p id="n1">Ikke over 10 mg <a href="#r1">↩</a></p>',
        '<p>Gi 5<sup><a href="#footnote-1">*</a></sup> mg morfin.</p><div id="footnote-1"><p>Ikke over 10 mg</p></div>',
    ],
    ids=["a point", "a paragraph", "a part without a link back"],
)
def test_a_note_may_be_any_named_part(read, body):
    """
    «Gi 51 mg morfin» was what became of 5 mg with a note.
    """
    incoming = read(f"<h1>Smerte</h1>{body}")

    assert incoming.markdown == "## Smerte\n\nGi 5[^1] mg morfin.\n\n[^1]: Ikke over 10 mg\n"
    assert (incoming.source.notes, incoming.result.notes, incoming.recall) == (1, 1, 1.0)


def test_a_note_that_is_referred_to_again_is_one_there_too(read):
    incoming = read(
        '<h1>Smerte</h1><p>Gi 5<a href="#fn1" id="r1">1</a> mg.</p><p>Gi 7<a href="#fn1" id="r2">1</a> mg.</p>'
        '<ol><li id="fn1">Ikke over 10 mg. <a href="#r1">a</a> <a href="#r2">b</a></li></ol>'
    )

    assert incoming.markdown == (
        "## Smerte\n\nGi 5[^1] mg.\n\nGi 7[^2] mg.\n\n[^1]: Ikke over 10 mg.\n\n[^2]: Ikke over 10 mg.\n"
    )


@pytest.mark.parametrize(
    "body",
    [
        '<p>Gi 5<a href="#x">1</a> mg morfin.</p>',
        '<p>Gi 5<a href="#fn1"><b>1</b></a> mg morfin.</p>',
        '<p>Gi <b>5</b><a href="side.html#n1">1</a> mg morfin.</p>',
        '<p>Gi 5<span><a href="https://x.example">1</a></span> mg morfin.</p>',
    ],
)
def test_figures_that_are_a_link_are_parted_from_a_number(read, body):
    """
    The note they lead to may be on another page, or gone.
    """
    incoming = read(f"<h1>Smerte</h1>{body}")

    assert "51" not in incoming.markdown
    assert "[1]" in incoming.markdown.replace("\\", "")


def test_a_link_of_words_is_no_mark_of_a_note(read):
    """
    «Se tabell 1 for dose» lost the table's name, and the dose went into a note.
    """
    incoming = read(
        '<h1>Smerte</h1><p>Se <a href="#fn1" name="fnref1">tabell 1</a> for dose.</p>'
        '<p><a name="fn1" href="#fnref1">Tabell 1</a> Gi 10 mg.</p>'
    )

    assert "Se tabell 1 for dose." in incoming.markdown
    assert "Tabell 1 Gi 10 mg." in incoming.markdown
