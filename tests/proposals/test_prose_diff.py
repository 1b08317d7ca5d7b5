"""What changed from one text to another, told as a reader sees it."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samrutine.proposals.prose_blocks import BlockKind
from samrutine.proposals.prose_diff import (
    Became,
    Unchanged,
    accepted,
    compare,
    critical_changes,
    reader_texts,
    rejected,
)
from samrutine.proposals.prose_words import Critical, PieceKind, word_changes, words_of
from tests.procedures.texts import BODY, a_text
from tests.support.edited import a_random_body, edited

TABLE = "| Alder | Dose |\n|---|---|\n| 1 år | 5 ml |\n| 2 år | 10 ml |\n"


def difference(old, new):
    return compare(a_text(old), a_text(new))


def changed(old, new, body=BODY):
    assert old in body
    return body.replace(old, new)


def marked(pieces):
    marks = {PieceKind.KEPT: "{}", PieceKind.REMOVED: "[-{}-]", PieceKind.ADDED: "{{+{}+}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


class TestWordsOfASentence:
    @pytest.mark.parametrize(
        ("old", "new", "shown"),
        [
            ("Vask hendene.", "Vask hendene godt.", "Vask hendene{+ godt+}."),
            ("Vask hendene.", "Du skal vaske hendene.", "[-Vask-]{+Du skal vaske+} hendene."),
            ("Gi 5 mg nå.", "Gi 10 mg nå.", "Gi [-5 mg-]{+10 mg+} nå."),
            ("Gi 1 000 ml.", "Gi 1 500 ml.", "Gi [-1 000 ml-]{+1 500 ml+}."),
            ("Ring 75 00 00 00.", "Ring 75 00 00 01.", "Ring [-75 00 00 00-]{+75 00 00 01+}."),
            ("Hver 6. time", "Hver 8. time", "Hver [-6-]{+8+}. time"),
            ("og/eller", "og / eller", "og[-/-]{+ / +}eller"),
            ("Ja. Nei.", "Nei. Ja.", "{+Nei. +}Ja.[- Nei.-]"),
        ],
    )
    def test_a_number_with_its_unit_a_phone_and_a_word_change_whole(self, old, new, shown):
        """
        "[-5-]{+10+} mg" is read wrong at three in the morning.
        """
        assert marked(word_changes(old, new)) == shown

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("5 mg", Critical.DOSE),
            ("0,5–1 ml/kg", Critical.DOSE),
            ("2 tabletter", Critical.DOSE),
            ("10 %", Critical.DOSE),
            ("75 00 00 00", Critical.PHONE),
            ("+47 900 00 000", Critical.PHONE),
            ("116 117", Critical.PHONE),
            ("113", Critical.PHONE),
            ("24 timer", Critical.NUMBER),
            ("§ 7-1", Critical.NUMBER),
            ("08:30", Critical.NUMBER),
            ("28.07.2026", Critical.NUMBER),
            ("tre", Critical.NUMBER),
            ("ikke", Critical.NEGATION),
            ("Ikkje", Critical.NEGATION),
            ("INGEN", Critical.NEGATION),
            ("aldri", Critical.NEGATION),
            ("uten", Critical.NEGATION),
            ("unntatt", Critical.NEGATION),
            ("vask", None),
            ("{{vakttelefon-2}}", None),
        ],
    )
    def test_what_a_person_must_look_at_is_one_word_and_known(self, text, kind):
        """
        A standing decision must stop at these; one that is taken for two words is compared wrong.
        """
        words = words_of(text)

        assert [(word.text, word.critical) for word in words] == [(text, kind)]

    @given(st.text(max_size=200), st.text(max_size=200))
    @settings(max_examples=300, deadline=None)
    def test_the_pieces_are_both_texts_to_the_letter(self, old, new):
        """
        Whatever the signs: nothing is lost between what stood and what stands.
        """
        pieces = word_changes(old, new)

        assert "".join(piece.text for piece in pieces if piece.kind is not PieceKind.ADDED) == old
        assert "".join(piece.text for piece in pieces if piece.kind is not PieceKind.REMOVED) == new

    @pytest.mark.parametrize("unit", ["Vask hendene nå. ", "hendene "], ids=["sentences", "one sentence of pages"])
    def test_a_paragraph_of_pages_is_compared_to_the_letter_too(self, unit):
        """
        It is compared by sentence first, since all words with all would take seconds.
        """
        old = unit * 700 + "slutt"
        new = "Først. " + unit * 350 + "midt i " + unit * 349 + "slutt"

        pieces = word_changes(old, new)

        assert "".join(piece.text for piece in pieces if piece.kind is not PieceKind.ADDED) == old
        assert "".join(piece.text for piece in pieces if piece.kind is not PieceKind.REMOVED) == new


class TestBlocks:
    def test_equal_texts_have_no_changes(self):
        """
        Broken on other lines, a paragraph is the same to a reader.
        """
        assert difference("Vask hendene\ngodt.\n", "Vask hendene godt.\n").is_nothing

    def test_a_change_is_shown_under_its_heading_and_the_rest_is_folded(self):
        """
        Who decides wants the sentence that changed, and to know how much did not.
        """
        diff = difference(BODY, changed("Avdelingsleder.", "Avdelingsleder og vara."))

        shown = [one for one in diff.parts if not isinstance(one, Unchanged)]
        folded = [len(one.blocks) for one in diff.parts if isinstance(one, Unchanged)]
        assert [(one.section, marked(one.pieces)) for one in shown[:2]] == [
            ("Ansvar", "Ansvar"),
            ("Ansvar", "Avdelingsleder{+ og vara+}."),
        ]
        assert folded == [4, 4]
        assert [one.became for one in diff.changes] == [Became.CHANGED]

    def test_a_moved_paragraph_is_shown_as_moved_and_what_changed_in_it(self):
        """
        Shown as taken out and put in, it would be read twice and compared by eye.
        """
        sentence = "Bruk hansker når det er fare for søl av blod."
        old = changed("Hindre smitte.", f"Hindre smitte.\n\n{sentence}")
        new = changed("Meld avvik.", f"Meld avvik.\n\n{sentence.replace('fare for', 'fare for sprut og')}")

        away, here = difference(old, new).changes

        assert (away.became, away.section, away.elsewhere, away.move) == (Became.MOVED_AWAY, "Formål", "Avvik", 1)
        assert (here.became, here.section, here.elsewhere, here.move) == (Became.MOVED_HERE, "Avvik", "Formål", 1)
        assert marked(here.pieces) == "Bruk hansker når det er fare for{+ sprut og+} søl av blod."

    def test_two_words_that_stand_elsewhere_too_are_no_move(self):
        """
        «Ring legen» may be taken out here and put in there for two reasons.
        """
        old = changed("Hindre smitte.", "Hindre smitte.\n\nRing legen.")
        new = changed("Meld avvik.", "Meld avvik.\n\nRing legen.")

        assert [one.became for one in difference(old, new).changes] == [Became.REMOVED, Became.ADDED]

    def test_a_step_put_in_leaves_the_others_as_they_were(self):
        """
        The numbers of the steps after it are no change that somebody made.
        """
        diff = difference(BODY, changed("2. Tørk dem.", "2. Skyll dem.\n3. Tørk dem."))

        assert [(one.kind, one.became, marked(one.pieces)) for one in diff.changes] == [
            (BlockKind.ITEM, Became.ADDED, "{+Skyll dem.+}")
        ]

    def test_strong_words_are_the_same_words_in_another_form(self):
        """
        Nothing to read again, but something to see.
        """
        (change,) = difference("Vask hendene nå.\n", "Vask hendene **nå**.\n").changes

        assert change.became is Became.REFORMED
        assert marked(change.pieces) == "Vask hendene nå."

    def test_where_a_link_leads_and_what_is_struck_out_are_words(self):
        """
        A reader follows the one and disregards the other; both change what the text says.
        """
        (link,) = difference("Se [her](https://a.example).\n", "Se [her](https://b.example).\n").changes
        (struck,) = difference("Gi mat.\n", "Gi ~~mat~~.\n").changes

        assert marked(link.pieces) == "Se her ([-https://a.example-]{+https://b.example+})."
        assert struck.is_critical

    def test_a_field_is_compared_with_its_label(self):
        """
        What stands above the text is shown by name, and of a list only what came and went.
        """
        old = a_text()
        new = replace(old, front=replace(old.front, review_interval_months=12, audience=("lege",)))

        fields = compare(old, new).fields

        assert [(one.key, one.removed("nb"), one.added("nb")) for one in fields] == [
            ("audience", (), ("lege",)),
            ("review_interval_months", ("24",), ("12",)),
        ]

    def test_a_text_there_was_nothing_of_before_is_all_new(self):
        """
        A proposal of a new routine is shown by the same means.
        """
        diff = compare(None, a_text())

        assert accepted(diff) == reader_texts(BODY)
        assert rejected(diff) == ()
        assert {one.became for one in diff.changes} == {Became.ADDED}
        assert "co_networks" not in [one.key for one in diff.fields]


class TestTables:
    def test_one_dose_is_one_cell(self):
        """
        The row and the column are what tells whose dose it is.
        """
        (change,) = difference(TABLE, changed("10 ml", "12 ml", TABLE)).changes

        assert [[marked(cell.pieces) for cell in row.cells] for row in change.rows] == [
            ["Alder", "Dose"],
            ["1 år", "5 ml"],
            ["2 år", "[-10 ml-]{+12 ml+}"],
        ]
        assert change.critical == {Critical.DOSE}

    def test_a_new_row_and_a_new_column_leave_the_other_cells_alone(self):
        """
        Compared as text, every line of the table would be another.
        """
        new = "| Alder | Vekt | Dose |\n|---|---|---|\n| 1 år | 10 kg | 5 ml |\n| 1½ år | 12 kg | 7 ml |\n| 2 år | 13 kg | 10 ml |\n"

        (change,) = difference(TABLE, new).changes

        assert [(row.kind, [cell.kind for cell in row.cells]) for row in change.rows] == [
            (PieceKind.KEPT, [PieceKind.KEPT, PieceKind.ADDED, PieceKind.KEPT]),
            (PieceKind.KEPT, [PieceKind.KEPT, PieceKind.ADDED, PieceKind.KEPT]),
            (PieceKind.ADDED, [PieceKind.ADDED, PieceKind.ADDED, PieceKind.ADDED]),
            (PieceKind.KEPT, [PieceKind.KEPT, PieceKind.ADDED, PieceKind.KEPT]),
        ]


class TestWhatAStandingDecisionMustStopAt:
    @pytest.mark.parametrize(
        ("old", "new", "kind"),
        [
            ("Gi 5 mg.", "Gi 6 mg.", Critical.DOSE),
            ("Ring 75 00 00 00.", "Ring 75 00 00 10.", Critical.PHONE),
            ("Vent 2 timer.", "Vent 3 timer.", Critical.NUMBER),
            ("Du skal løfte.", "Du skal ikke løfte.", Critical.NEGATION),
            ("Ikke løft alene.", "Løft alene.", Critical.NEGATION),
            ("Gi mat.", "Gi mat.\n\nVent 2 timer.", Critical.NUMBER),
        ],
    )
    def test_a_number_a_dose_a_phone_or_a_negation_that_changes(self, old, new, kind):
        """
        Nobody may be told what to do in another way without a person in the municipality having read it.
        """
        found = critical_changes(f"## Tiltak\n\n{old}\n", f"## Tiltak\n\n{new}\n")

        assert [one.critical for one in found] == [{kind}]

    def test_doses_that_change_places_are_found(self):
        """
        The same numbers in the text, and another dose for each.
        """
        swapped = TABLE.replace("5 ml", "x").replace("10 ml", "5 ml").replace("x", "10 ml")

        assert len(critical_changes(TABLE, swapped)) == 1

    def test_a_moved_paragraph_with_a_dose_is_found(self):
        """
        Under another heading it is a dose for somebody else.
        """
        dose = "Gi 5 mg paracet til den som har feber."
        old = f"## Barn\n\n{dose}\n\nSe til barnet.\n\n## Voksne\n\nSe til den voksne.\n"
        new = f"## Barn\n\nSe til barnet.\n\n## Voksne\n\nSe til den voksne.\n\n{dose}\n"

        assert {one.became for one in critical_changes(old, new)} == {Became.MOVED_AWAY, Became.MOVED_HERE}

    def test_a_word_beside_a_dose_does_not_stop_it(self):
        """
        A spelling mistake mended in the same sentence is what a standing decision is for.
        """
        assert critical_changes("Gi 5 mg til bernet.", "Gi 5 mg til barnet.") == ()


class TestWhateverIsWritten:
    @given(st.integers(0, 10**9))
    @settings(max_examples=400, deadline=None)
    def test_taking_all_gives_the_new_words_and_taking_nothing_the_old(self, seed):
        """
        What is shown is all there is: no word of either text is missing, and none is made up.
        """
        chance = random.Random(seed)
        old = a_random_body(chance)
        new = edited(old, chance)

        diff = difference(old, new)

        assert accepted(diff) == reader_texts(new)
        assert rejected(diff) == reader_texts(old)

    @given(st.integers(0, 10**9))
    @settings(max_examples=100, deadline=None)
    def test_two_texts_with_nothing_in_common_are_compared_too(self, seed):
        """
        A routine written anew.
        """
        chance = random.Random(seed)
        old, new = a_random_body(chance), a_random_body(chance)

        diff = difference(old, new)

        assert accepted(diff) == reader_texts(new)
        assert rejected(diff) == reader_texts(old)

    @given(st.integers(0, 10**9))
    @settings(max_examples=100, deadline=None)
    def test_both_ends_of_a_move_name_it(self, seed):
        """
        Who reads "moved" must find where to.
        """
        chance = random.Random(seed)
        old = a_random_body(chance)

        changes = difference(old, edited(old, chance)).changes

        away = sorted(one.move for one in changes if one.became is Became.MOVED_AWAY)
        assert away == sorted(one.move for one in changes if one.became is Became.MOVED_HERE)
        assert away == list(range(1, len(away) + 1))
