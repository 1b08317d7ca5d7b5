"""Changes and comments in a document that touch what somebody would act on: they stand first, and somebody must look."""

import pytest

from samrutine.exchange.incoming.changed_values import ChangedLine, LineHeard, comments_at_values, values_changed
from samrutine.exchange.incoming.model import Comment, Finding, Limits, Weight
from samrutine.exchange.incoming.opening import open_document
from samrutine.exchange.incoming.warming import documents
from tests.support.documents import odt
from tests.support.documents.rich import rtf
from tests.support.documents.word import Piece, Word
from tests.support.documents.word_pieces import WHO, deleted, inserted, moved_from, moved_to


@pytest.fixture
def read(tmp_path):
    """Give what was read of a Word document."""

    def opened(made, name="rutine.docx"):
        return open_document(made.made() if isinstance(made, Word) else made, name, Limits(), tmp_path)

    return opened


_WHO = "<office:change-info><dc:creator>Skribent Oppdiktet</dc:creator><dc:date>2024-02-01T10:00:00</dc:date></office:change-info>"
_GONE = "".join(
    f'<text:changed-region text:id="{name}"><text:deletion>{_WHO}<text:p>{text}</text:p></text:deletion></text:changed-region>'
    for name, text in (("a", "5"), ("b", "10 mg"), ("c", "ikke"))
)
_CAME = "".join(
    f'<text:changed-region text:id="{name}"><text:insertion>{_WHO}</text:insertion></text:changed-region>'
    for name in "xy"
)
TWO_LINES = {
    "odt": odt.odt(
        '<text:p>Voksne: gi <text:change text:change-id="a"/><text:change-start text:change-id="x"/>7<text:change-end '
        'text:change-id="x"/> mg morgen.</text:p><text:p>Barn: gi <text:change text:change-id="b"/><text:change-start '
        'text:change-id="y"/>20 mg<text:change-end text:change-id="y"/> kveld.</text:p>'
        '<text:p>Det gis <text:change text:change-id="c"/>væske.</text:p>',
        tracked=f"<text:tracked-changes>{_GONE}{_CAME}</text:tracked-changes>",
    ),
    "rtf": rtf(
        r"\pard Voksne: gi {\deleted 5}{\revised 7} mg morgen.\par Barn: gi {\deleted 10 mg}{\revised 20 mg} kveld.\par "
        r"Det gis {\deleted ikke}v\u230?ske.\par"
    ),
    "html": (
        "<p>Voksne: gi <del>5</del><ins>7</ins> mg morgen.</p><ul><li>Barn: gi <del>10 mg</del><ins>20 mg</ins> kveld.</li></ul>"
        "<p>Det gis <del>ikke</del>væske.</p>"
    ).encode(),
}


def told(incoming):
    """Give place and detail of the values that were changed."""
    return [(one.where, one.detail) for one in incoming.findings if one.code == "value-changed"]


class TestValues:
    @pytest.mark.parametrize(
        ("was", "now", "said"),
        [
            ("Gi 5 mg.", "Gi 10 mg.", "5 mg → 10 mg (Gi 10 mg.)"),
            ("Gi 1 mg.", "Gi 10 mg.", "1 mg → 10 mg (Gi 10 mg.)"),
            ("Ved 2–8 °C.", "Ved 15–25 °C.", "2–8 °C → 15–25 °C (Ved 15–25 °C.)"),
            ("Kl. 08.", "Kl. 20.", "08 → 20 (Kl. 20.)"),
            ("Ring 75 00 00 01.", "Ring 75 00 00 10.", "75 00 00 01 → 75 00 00 10 (Ring 75 00 00 10.)"),
            ("Skal flyttes.", "Skal ikke flyttes.", "– → ikke (Skal ikke flyttes.)"),
            ("Skal ikkje flyttast.", "Skal flyttast.", "ikkje → – (Skal flyttast.)"),
            ("Ta to tabletter.", "Ta tre tabletter.", "to → tre (Ta tre tabletter.)"),
            ("Morfin 10 mg.", "Oksykodon 10 mg.", "Morfin → Oksykodon (Oksykodon 10 mg.)"),
            ("5 mg morgen, 10 mg kveld", "10 mg morgen, 5 mg kveld", "5 mg → 10 mg, 10 mg → 5 mg (10 mg morgen, 5 mg kveld)"),
        ],
        ids=["a dose", "a figure of it", "a temperature", "a time", "a phone", "a negation that came", "a negation that went",
             "a number in letters", "the medicine of a dose", "two that changed places"],
    )  # fmt: skip
    def test_old_and_new_are_told_with_the_line(self, was, now, said):
        """
        Who must decide sees both, and where.
        """
        assert values_changed([ChangedLine(was, now, "Dosering")]) == [Finding("value-changed", "Dosering", said)]

    @pytest.mark.parametrize(
        ("was", "now"),
        [("Ring lege.", "Ring legen."), ("", "Ved mistanke."), ("Gi 5 mg ved behov.", "Gi 5 mg ved smerter.")],
    )
    def test_other_words_are_an_ordinary_change(self, was, now):
        """
        A yes that is asked for everything is given to anything.
        """
        assert values_changed([ChangedLine(was, now)]) == []

    def test_of_a_long_paragraph_only_the_values_are_named(self):
        """
        A finding is read; a page in it is not.
        """
        now = "Vask hendene godt med såpe og vann, tørk dem, og bruk ikke hansker før det er gått 30 sekunder. " * 3

        (found,) = values_changed([ChangedLine("", now)])

        assert found.detail.startswith("– → ikke, 30 sekunder, ")
        assert found.detail.endswith(" …)")

    def test_very_many_are_told_together_under_their_headings_and_none_is_left_out(self):
        """
        A text that was written anew with tracking on must not ask for two hundred yeses.
        """
        lines = [ChangedLine(f"Gi {n} mg", f"Gi {n + 1} mg", f"Del {n // 50}") for n in range(100, 300)]

        found = values_changed(lines)

        assert len(found) == 24
        assert sum(one.detail.count(" → ") for one in found) == 200

    def test_a_line_that_is_heard_piece_by_piece_is_what_it_was_and_what_it_is(self):
        """
        What was taken out is held against what came in its place, and not against what came somewhere else.
        """
        line = LineHeard()
        line.say("Gi ")
        line.say("5 mg", gone=True)
        line.say("10 mg", came=True)
        line.say(" og ")
        line.say("ikke", gone=True)
        line.say("væske.")

        [heard] = line.ended("Dosering")

        assert heard == ChangedLine("Gi 5 mg og ikke væske.", "Gi 10 mg og væske.", "Dosering")
        assert [one.detail for one in values_changed([heard])] == ["5 mg → 10 mg, ikke → – (Gi 10 mg og væske.)"]

    def test_a_line_in_which_nothing_came_or_went_is_none(self):
        """
        And the next begins with nothing of the one before.
        """
        line = LineHeard()
        line.say("Vask hendene.")
        assert list(line.ended()) == []
        line.say("5 mg", came=True)

        assert list(line.ended()) == [ChangedLine("", "5 mg")]

    @pytest.mark.parametrize("kind", ["odt", "rtf", "html"])
    def test_each_kind_of_file_holds_what_was_taken_out_against_what_came_in_its_place(self, read, kind):
        """
        Two doses changed in two lines: neither may be told as the other's.
        """
        incoming = read(TWO_LINES[kind], f"rutine.{kind}")

        assert sorted(detail for _, detail in told(incoming)) == [
            "10 mg → 20 mg (Barn: gi 20 mg kveld.)",
            "5 mg → 7 mg (Voksne: gi 7 mg morgen.)",
            "ikke → – (Det gis væske.)",
        ]

    def test_a_comment_matters_where_it_stands_at_a_value_or_says_one(self):
        """
        «Stemmer dette?» at a dose is a doubt that nobody settled; at a word it is a remark.
        """
        comments = [
            Comment("Stemmer dette?", "Dosering", "5 mg"),
            Comment("Skal være 10 mg.", ""),
            Comment("Fin setning.", "", "Vask hendene"),
        ]

        assert comments_at_values(comments) == [
            Finding("comment-at-value", "Dosering", "5 mg: Stemmer dette?"),
            Finding("comment-at-value", "", "Skal være 10 mg."),
        ]

    def test_are_told_with_one_sign_after_the_words_they_were_put_at(self):
        """
        «Gi 5 mg.: Stemmer dette?» reads as a slip of ours.
        """
        comments = [Comment("Stemmer dette?", "", about) for about in ("Gi 5 mg.", "Gi 5 mg:", "Gi 5 mg?")]

        assert [one.detail for one in comments_at_values(comments)] == [
            "Gi 5 mg: Stemmer dette?",
            "Gi 5 mg: Stemmer dette?",
            "Gi 5 mg?: Stemmer dette?",
        ]


class TestWord:
    def test_a_changed_dose_stands_first_and_asks_for_a_yes(self, read):
        """
        Both doses are in the file; whoever accepts the text decides between them.
        """
        made = (
            Word()
            .paragraph("Hansker brukes ", deleted("som regel"), inserted("alltid"), ".")
            .heading(1, "Dosering")
            .paragraph("Gi ", deleted("5 mg", 11), inserted("10 mg", 12), " morgen.")
        )

        incoming = read(made)

        assert incoming.findings[0] == Finding("value-changed", "Dosering", "5 mg → 10 mg (Gi 10 mg morgen.)")
        assert incoming.findings[0].weight is Weight.DANGER
        assert incoming.must_be_looked_at
        assert len(told(incoming)) == 1

    @pytest.mark.parametrize(
        ("pieces", "said"),
        [
            (("Gi 1", inserted("0"), " mg."), "1 mg → 10 mg (Gi 10 mg.)"),
            (("Skal ", deleted("ikke "), "fryses."), "ikke → – (Skal fryses.)"),
            (("Gi ", inserted("10 mg"), deleted("5 mg"), "."), "5 mg → 10 mg (Gi 10 mg.)"),
        ],
        ids=["one figure", "a negation taken out", "the new before the old"],
    )
    def test_the_line_decides_and_not_the_letters_that_were_typed(self, read, pieces, said):
        """
        Who types a nought changes a dose tenfold.
        """
        assert told(read(Word().paragraph(*pieces))) == [("", said)]

    def test_a_row_is_one_line(self, read):
        """
        The medicine stands in one cell and the dose in the next.
        """
        name = Piece(deleted("Morfin").xml + inserted("Oksykodon").xml, "Oksykodon")

        assert told(read(Word().table([["Middel", "Dose"], [name, "10 mg"]]))) == [
            ("", "Morfin → Oksykodon (Oksykodon 10 mg)")
        ]

    @pytest.mark.parametrize(
        ("mark", "said"), [("del", "Salve 30 g → – (Salve 30 g)"), ("ins", "– → Salve 30 g (Salve 30 g)")]
    )
    def test_a_row_that_came_or_went_says_its_values(self, read, mark, said):
        """
        Word marks the row, and not every program marks the words in it.
        """
        made = Word()
        cells = "".join(map(made.cell_xml, ("Salve", "30 g")))
        kept = "".join(map(made.cell_xml, ("Middel", "Dose")))
        rows = f'<w:tr>{kept}</w:tr><w:tr><w:trPr><w:{mark} w:id="8" {WHO}/></w:trPr>{cells}</w:tr>'

        assert told(read(made.raw(made.table_xml(rows, columns=2)))) == [("", said)]

    @pytest.mark.parametrize("after", ["", "Vent."], ids=["a paragraph", "a sentence of one"])
    def test_what_was_only_moved_whole_changed_no_value(self, read, after):
        """
        Its place is told among the changes.
        """
        made = (
            Word().paragraph(moved_from("Ring 113."), after).paragraph("Hent hjelp.").paragraph(moved_to("Ring 113."))
        )

        incoming = read(made)
        assert told(incoming) == []
        assert incoming.findings[0] == Finding("value-moved", "", "Ring 113.")

    def test_what_says_no_value_may_be_moved(self, read):
        made = Word().paragraph(moved_from("Hent hjelp.")).paragraph("Ring.").paragraph(moved_to("Hent hjelp."))

        assert "value-moved" not in {one.code for one in read(made).findings}

    def test_a_word_that_was_moved_alone_did(self, read):
        """
        «Ikke» says no to what it stands beside.
        """
        made = Word().paragraph("Skal ", moved_from("ikke "), "fryses.").paragraph("Skal ", moved_to("ikke "), "tines.")

        assert [said for _, said in told(read(made))] == ["ikke → – (Skal fryses.)", "– → ikke (Skal ikke tines.)"]

    def test_what_replaces_what_is_known(self, read):
        """
        The list of changes says old → new, and never pairs what stands apart.
        """
        made = Word().paragraph("Gi ", deleted("5 mg"), inserted("10 mg", 12), " og ", inserted("mer", 13), ".")

        assert [(one.text, one.beside) for one in read(made).changes] == [
            ("5 mg", False),
            ("10 mg", True),
            ("mer", False),
        ]

    def test_a_comment_says_what_it_stands_at(self, read):
        """
        «Stemmer dette?» alone tells nobody what to look at.
        """
        made = Word()
        incoming = read(made.heading(1, "Dosering").paragraph("Gi ", made.comment("5 mg", "Stemmer dette?"), "."))

        assert incoming.comments == (Comment("Stemmer dette?", "Dosering", "5 mg"),)
        assert incoming.findings[0] == Finding("comment-at-value", "Dosering", "5 mg: Stemmer dette?")

    def test_a_document_without_changes_says_none(self, tmp_path):
        """
        A report full of nothing is not read.
        """
        for data, name in documents():
            assert told(open_document(data, name, Limits(), tmp_path)) == []
