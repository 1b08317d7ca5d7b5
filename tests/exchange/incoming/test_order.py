"""What stands under which heading: both readings may have every word, and a dose be for somebody else."""

import re

from samrutine.exchange.incoming import finishing
from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document
from samrutine.exchange.incoming.order import moved
from tests.support.documents import web
from tests.support.documents.odt import odt
from tests.support.documents.word import Word

CHILDREN = ["Barn", "Gi 20 mg.", "Vent litt.", "Voksne", "Gi 40 mg."]
HEADINGS = ["Barn", "Voksne"]


def as_seen(*lines):
    """Give the words of a result."""
    return "\n".join(lines)


class TestMoved:
    def test_what_stands_in_the_same_order_is_not_told(self):
        assert moved(CHILDREN, as_seen(*CHILDREN), HEADINGS) == []

    def test_a_dose_under_another_heading_is_told_with_its_line(self):
        seen = as_seen("Gi 40 mg.", "Barn", "Gi 20 mg.", "Vent litt.", "Voksne")

        assert moved(CHILDREN, seen, HEADINGS) == ["Gi 40 mg."]

    def test_two_doses_that_changed_places_are_told_though_no_heading_is_between(self):
        assert (
            moved(["Gi 20 mg til barn.", "Gi 40 mg til voksne."], "Gi 40 mg til voksne.\nGi 20 mg til barn.", []) != []
        )

    def test_a_no_that_moved_is_told(self):
        source = ["Barn", "Gi ikke vann.", "Voksne", "Gi 2 dl."]

        assert moved(source, as_seen("Barn", "Voksne", "Gi ikke vann.", "Gi 2 dl."), HEADINGS) != []

    def test_words_without_a_value_may_stand_elsewhere(self):
        """
        The words of a box are read where it is anchored, and written after the paragraph it stands beside.
        """
        assert moved(["Merk deg dette.", *CHILDREN], as_seen(*CHILDREN, "Merk deg dette."), HEADINGS) == []

    def test_what_only_one_reading_has_is_told_elsewhere(self):
        assert moved(["1", *CHILDREN], as_seen(*CHILDREN, "Side 7"), HEADINGS) == []

    def test_a_thousand_values_in_the_opposite_order_are_looked_at_in_reasonable_room(self):
        lines = [f"Gi {n} mg." for n in range(5_000)]

        assert len(moved(lines, as_seen(*reversed(lines)), [])) == len(lines) - 1


def test_a_document_whose_order_changed_must_be_looked_at(tmp_path, monkeypatch):
    """
    No reader of ours does that today; one that does some day is heard.
    """
    page = web.page("<h1>Adrenalin</h1><h2>Barn</h2><p>Gi 20 mg.</p><h2>Voksne</h2><p>Gi 40 mg.</p>").encode()
    written = finishing.write

    def turned(blocks, *more):
        return written([*blocks[-1:], *blocks[:-1]], *more)

    as_it_is = open_document(page, "a.html", Limits(), tmp_path)
    monkeypatch.setattr(finishing, "write", turned)
    incoming = open_document(page, "a.html", Limits(), tmp_path)

    assert not [one for one in as_it_is.findings if one.code == "out-of-order"]
    assert [one.detail for one in incoming.findings if one.code == "out-of-order"] == ["Gi 40 mg."]
    assert incoming.must_be_looked_at


def test_notes_are_read_in_the_order_in_which_the_text_names_them(tmp_path):
    """
    Word keeps footnotes in one part and endnotes in another, each in the order in which somebody made them.
    """
    word = Word("Adrenalin").heading(1, "Dose")
    end, foot = word.note("Gi 20 mg til barn.", "endnote"), word.note("Gi 40 mg til voksne.")
    word.paragraph("Barn", end).paragraph("Voksne", foot)

    incoming = open_document(word.made(), "a.docx", Limits(), tmp_path)

    assert incoming.markdown.index("20 mg") < incoming.markdown.index("40 mg")
    assert not [one for one in incoming.findings if one.code == "out-of-order"]


def test_boxes_that_hang_on_one_paragraph_of_odt_keep_their_order(tmp_path):
    """
    The steps of a flow chart came in from the last to the first.
    """
    steps = "".join(f"<draw:rect><text:p>{n}. Steg</text:p></draw:rect>" for n in range(1, 5))

    incoming = open_document(odt(f"<text:p>Se:{steps}</text:p>"), "a.odt", Limits(), tmp_path)

    assert re.findall(r"\d", incoming.markdown) == ["1", "2", "3", "4"]
