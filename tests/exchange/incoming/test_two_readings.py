"""Two readings of one file held against each other: the values that somebody would act on stand first."""

from collections import Counter

import pytest

from samrutine.exchange.incoming.compare import deleted_values, differences, missing_words, words_of
from samrutine.exchange.incoming.model import (
    Difference,
    DifferenceKind,
    Finding,
    Incoming,
    Limits,
    Weight,
    gravest_first,
)
from samrutine.exchange.incoming.opening import open_document
from tests.support.documents.paper import line, pdf, two_columns


class TestDifferences:
    @pytest.mark.parametrize(
        ("one", "other", "kind", "gone", "come"),
        [
            ("Gi 5 mg kl. åtte.", "Gi 50 mg kl. åtte.", DifferenceKind.DOSE, "5mg", "50mg"),
            ("Ved 2–8 °C.", "Ved 15–25 °C.", DifferenceKind.TEMPERATURE, "2-8°c", "15-25°c"),
            ("Ring 75 00 00 01.", "Ring 75 00 00 10.", DifferenceKind.PHONE, "75000001", "75000010"),
            ("Gi 10⁹ enheter.", "Gi 10⁸ enheter.", DifferenceKind.DOSE, "109enheter", "108enheter"),
        ],
        ids=["a dose", "a temperature", "a phone", "a raised figure"],
    )
    def test_a_value_that_changed_is_told_both_ways(self, one, other, kind, gone, come):
        """
        Who must choose has to see both.
        """
        found = differences([one], other)

        assert [(each.kind, each.one, each.other) for each in found] == [(kind, gone, ""), (kind, "", come)]

    def test_a_negation_that_fell_out_is_told(self):
        """
        "Skal ikke" and "skal" are one word apart.
        """
        found = differences(["Skal ikke fryses."], "Skal fryses.")

        assert found == (Difference(DifferenceKind.NEGATION, "ikke", "", "Skal ikke fryses."),)

    def test_one_of_two_equal_doses_that_fell_out_is_told(self):
        """
        That the value stands elsewhere in the text is no comfort.
        """
        assert [one.one for one in differences(["Morgen 5 mg", "Kveld 5 mg"], "Morgen 5 mg\nKveld")] == ["5mg"]

    def test_the_same_text_with_other_spaces_and_dashes_is_the_same(self):
        """
        A report full of nothing is not read.
        """
        assert differences(["Ved 2–8 °C, 5 mg. Ring 75000001."], "Ved 2\u20108°C, 5 mg. Ring 75 00 00 01.") == ()


class TestDeletedValues:
    @pytest.mark.parametrize("text", ["Ved 2–8 °C15–25 °C.", "Gi 5 mg10 mg.", "Gi 10 mg 5 mg.", "Gi ikkevæske."])
    def test_two_values_run_together_are_the_sign_of_a_deletion(self, text):
        """
        A PDF made while changes were visible holds the deleted value beside the new.
        """
        assert deleted_values(text)

    @pytest.mark.parametrize(
        "text",
        [
            "Ved 2–8 °C, ikke 15–25 °C.",
            "5 mg morgen og 10 mg kveld",
            "1 g = 1000 mg",
            "20 mg\n4 mg\n8 mg",
            "0,5–1\nmg 4 mg",
            "Ikkerøykere og ikkevold; drikke og klikke.",
        ],
    )
    def test_values_apart_are_not(self, text):
        """
        Most texts with two doses are right.
        """
        assert deleted_values(text) == []

    def test_they_are_shown_in_whole_words_of_their_own_line(self):
        """
        «…ammer Gi 5 mg10 mg» is looked for in vain.
        """
        text = "Overskriften\nNår pasienten har kraftige hjertekrammer, gi 5 mg10 mg langsomt intravenøst igjen.\nAvvik"

        assert deleted_values(text) == ["har kraftige hjertekrammer, gi 5 mg10 mg langsomt intravenøst igjen."]


class TestMissingWords:
    def test_each_word_counts_as_often_as_it_stands(self):
        """
        A list of three nurses that became two has lost a line, though no word is new.
        """
        missing, recall = missing_words(["Ring lege", "Ring vakt"], "Ring lege vakt", Counter())

        assert (missing, recall) == (Counter(ring=1), 0.75)

    def test_what_was_left_out_on_purpose_is_not_missing(self):
        """
        The list of contents is made again from the headings.
        """
        assert missing_words(["Innhold", "Formål"], "Formål", Counter(innhold=1)) == (Counter(), 1.0)

    def test_words_are_words_whatever_letters_they_have(self):
        """
        čáhci is one word, and a soft hyphen makes no two.
        """
        assert words_of("Čáhci, hånd\u00advask 10⁹") == ["čáhci", "håndvask", "109"]


class TestReport:
    def test_the_gravest_stands_first_and_each_once(self):
        """
        Who reads only the top of the report must have read what matters.
        """
        found = gravest_first(
            [Finding("comments"), Finding("hidden-text"), Finding("readings-differ"), Finding("comments")]
        )

        assert [one.weight for one in found] == [Weight.DANGER, Weight.LOST, Weight.NOTED]

    @pytest.mark.parametrize(("code", "asked"), [("struck-through", True), ("chart", True), ("text-box", False)])
    def test_only_what_is_lost_or_dangerous_needs_a_yes(self, code, asked):
        """
        A yes that is asked for everything is given to anything.
        """
        came = Incoming("docx", "", "", findings=(Finding(code),))

        assert came.must_be_looked_at is asked


class TestPdf:
    """The order in which a PDF names its letters, and the places where they stand."""

    def test_a_dose_that_stands_otherwise_than_it_is_named_stands_first(self, tmp_path):
        """
        The page shows "10 mg"; the words, one after the other, say something else.
        """
        parts = (line("Gi 10", 72, 700), line("Se neste side.", 72, 600), line("mg ved behov.", 105, 700))

        incoming = open_document(pdf("\n".join(parts)), "rutine.pdf", Limits(), tmp_path)

        assert incoming.findings[0].code == "readings-differ"
        assert (DifferenceKind.DOSE, "10mg") in [(one.kind, one.other) for one in incoming.readings]
        assert "Gi 10 mg ved behov." in f"{incoming.title}\n{incoming.markdown}"

    def test_what_is_named_as_it_stands_differs_in_nothing(self, tmp_path):
        """
        A report full of nothing is not read.
        """
        parts = two_columns(["Gi 5 mg", "ikke mer"], ["Ring 113", "ved 2–8 °C"])

        incoming = open_document(pdf(line("Dose", 72, 800) + "\n" + parts), "rutine.pdf", Limits(), tmp_path)

        assert incoming.readings == ()
        assert (incoming.recall, incoming.source.words) == (1.0, incoming.result.words)
