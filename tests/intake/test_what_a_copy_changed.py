"""A Word file of ours in which somebody wrote without tracked changes: what they changed is told, value by value."""

import copy

import pytest

from samrutine.errors import Refused
from samrutine.exchange import word
from samrutine.exchange.intake_page import render
from samrutine.proposals.prose_html import html_of
from samrutine.proposals.prose_terminal import terminal_text
from tests.support.stories import approve_with_everyone
from tests.support.texts import SECTIONS, a_routine
from tests.support.word_files import W, edited, replaced

SENT = {"network": "smittevern", "municipality": "Fauske", "by": "ansatt.fauske"}
ID = "handhygiene"
STEPS = (
    "Det er ikke en oppgave for alle.\n\n1. Vask hendene i 14 dager.\n2. Tørk dem godt.\n3. Si det ikke til noen.\n4. Ring.\n\n"
    "| Hva | Når |\n| --- | --- |\n| Såpe | Alltid |\n| Sprit | Etterpå |"
)


@pytest.fixture
def routine(library):
    """A library whose routine has a table, values and negations."""
    approve_with_everyone(library, a_routine(sections={**SECTIONS, "Framgangsmåte": STEPS}))
    return library


def sent_in(library, change):
    """Send in the routine as somebody wrote in it."""
    data = edited(word.render(library.document(ID, reader="leder")), change)
    (one,) = library.take_in([("rutine.docx", data)], **SENT).files
    return one


def told(one, code):
    """Give heading and words of the findings of a kind."""
    return [(each.finding.where, each.finding.detail) for each in one.report.findings if each.finding.code == code]


def without(document, words):
    """Take a whole paragraph or row away, as a person does."""
    for tag in ("tr", "p"):
        for each in list(document.element.body.iter(f"{W}{tag}")):
            if "".join(each.itertext()).startswith(words):
                each.getparent().remove(each)
                return


class TestWhatSomebodyChangedWithoutMarks:
    def test_values_and_negations_are_told_with_their_sentences_and_must_be_looked_at(self, routine):
        """
        Fourteen days that became seven, and a «not» that is gone: nothing in the file marks either.
        """

        def write(document):
            replaced(document, "14 dager", "7 dager")
            replaced(document, "er ikke en", "er en")

        one = sent_in(routine, write)

        assert told(one, "copy-value-changed") == [
            ("Framgangsmåte", "ikke → – (Det er en oppgave for alle.)"),
            ("Framgangsmåte", "14 dager → 7 dager (Vask hendene i 7 dager.)"),
        ]
        assert one.document.to_look_at == 2
        found = routine.incoming_document(one.document.id, reader="leder")
        with pytest.raises(Refused):
            routine.accept_incoming(one.document.id, read_digest=found.digest, looked_at=["f1"], by="leder")

    def test_points_and_rows_that_came_or_went_are_told(self, routine):
        def write(document):
            without(document, "Si det ikke")
            without(document, "Ring.")
            without(document, "Sprit")
            row = next(each for each in document.element.body.iter(f"{W}tr") if "Såpe" in "".join(each.itertext()))
            new = copy.deepcopy(row)
            row.addnext(new)
            for each, words in zip(new.iter(f"{W}t"), ("Hansker", "Ved sår"), strict=False):
                each.text = words

        one = sent_in(routine, write)

        assert told(one, "copy-value-changed") == [
            ("Framgangsmåte", "Si det ikke til noen → – (Si det ikke til noen.)")
        ]
        assert told(one, "copy-blocks-removed") == [("Framgangsmåte", "Ring.\nSprit | Etterpå")]
        assert told(one, "copy-blocks-added") == [("Framgangsmåte", "Hansker | Ved sår")]
        assert one.document.to_look_at == 3

    def test_other_words_are_shown_and_need_not_be_looked_at(self, routine):
        one = sent_in(routine, lambda document: replaced(document, "Tørk dem godt.", "Tørk dem svært godt."))

        assert {each.finding.code for each in one.report.findings} == {"own-copy"}

    def test_the_whole_change_is_shown_without_what_is_held_back(self, routine):
        """
        As for a proposal, word by word; a report is shown and sent on, so a number in it stays back.
        """

        def write(document):
            replaced(document, "14 dager", "7 dager")
            replaced(document, "Tørk dem godt.", "Tørk dem godt, som 01819000049 gjør.")

        one = sent_in(routine, write)
        diff = routine.incoming_changes(one.document.id, reader="leder")

        shown = terminal_text(diff)
        assert "Vask hendene i [-14 dager-]{+7 dager+}." in shown
        assert "01819000049" not in shown
        assert "01819000049" not in html_of(diff)
        page = render([routine.incoming_document(one.document.id, reader="leder")], changes={one.document.id: diff})
        assert "Endret i rutinen" in page.decode()
        assert b"01819000049" not in page

    def test_there_is_nothing_to_show_of_what_is_no_copy_or_is_decided(self, routine):
        (other,) = routine.take_in([("notat.txt", b"Gi beskjed.\n\nTil alle.")], **SENT).files
        one = sent_in(routine, lambda document: replaced(document, "Tørk dem godt.", "Tørk dem svært godt."))
        read_now = routine.incoming_document(one.document.id, reader="leder")
        routine.accept_incoming(one.document.id, read_digest=read_now.digest, looked_at=(), by="leder")

        assert routine.incoming_changes(other.document.id, reader="leder") is None
        assert routine.incoming_changes(one.document.id, reader="leder") is None
