"""A shared draft of chosen paragraphs, and what each municipality is offered of the rest."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from samrutine.adoptions.effective import AdditionKind
from samrutine.errors import Refused
from samrutine.intake.chosen import (
    ChoiceNotThere,
    Keep,
    RowsUndecided,
    can_have_fields,
    needs_choice,
    reasons_against_choices,
    shared_draft,
    suggested,
)
from samrutine.intake.likeness import Routine
from samrutine.intake.pieces import PieceKind, pieces
from samrutine.intake.variants import side_by_side
from samrutine.procedures.canonical import canonical_body
from samrutine.procedures.model import LocalInformationType
from tests.support.sent_in.collection import HEAVY, MEDIUM, MUNICIPALITIES, variant

FAUSKE = """\
## Ansvar

Enhetsleder ser til at alle er øvd.

## Slik gjør vi

1. Ring vakta på 75 00 00 01.
2. Gi 15 gram druesukker.
3. Nøkkelen henger ved heisen.

## Avvik

Meld avvik.
"""
MELOY = """\
## Ansvar

Soneleder ser til at alle er øvd.

## Slik gjør vi

1. Ring vakta på 75 00 00 02.
2. Gi 20 gram druesukker.

## Avvik

Meld avvik.
"""


def of(*bodies):
    """Compare bodies: a, b, c … of one municipality each."""
    return side_by_side([Routine(chr(97 + n), f"990{n + 1}", "Føling", body) for n, body in enumerate(bodies)])


def row_of(compared, text):
    """Find the number of the row in which something is said."""
    return next(row.number for row in compared.rows if any(text in one.text for one in row.wordings))


def sent(topic, count):
    """Give variants of a topic, from so many municipalities."""
    chance = random.Random(topic)
    return side_by_side(
        Routine(number, number, *variant(topic, home, chance.choice([MEDIUM, HEAVY]), chance))
        for home, number in enumerate(MUNICIPALITIES[:count])
    )


class TestSuggesting:
    def test_what_all_say_is_suggested_and_what_differs_is_left_for_people(self):
        """
        A dose must not be chosen by a program, nor by being first.
        """
        compared = of(FAUSKE, MELOY)

        choices = suggested(compared)

        assert choices == {
            row_of(compared, "er øvd"): Keep.FIELDS,
            row_of(compared, "Ring vakta"): Keep.FIELDS,
            row_of(compared, "Meld avvik"): 0,
        }
        assert reasons_against_choices(compared, choices) == [RowsUndecided(2, "5, 6", (4, 5))]

    def test_a_choice_that_is_not_there_is_refused(self):
        """
        The list was another one when somebody chose.
        """
        compared = of(FAUSKE, MELOY)

        reasons = reasons_against_choices(compared, {**dict.fromkeys(range(99), 0), 4: 7, 5: Keep.FIELDS})

        assert ChoiceNotThere(4, 5) in reasons
        assert ChoiceNotThere(5, 6) in reasons
        with pytest.raises(Refused):
            shared_draft(compared, {})


class TestDrafting:
    def test_holds_what_was_chosen_in_its_sections(self):
        """
        The draft reads as one text, not as a list of answers.
        """
        compared = of(FAUSKE, MELOY)
        choices = {**suggested(compared), row_of(compared, "gram"): 0, row_of(compared, "heisen"): Keep.NONE}

        draft = shared_draft(compared, choices)

        assert draft.body == (
            "## Ansvar\n\n{{funksjon}} ser til at alle er øvd.\n\n## Slik gjør vi\n\n"
            "1. Ring vakta på {{telefon}}.\n2. Gi 15 gram druesukker.\n\n## Avvik\n\nMeld avvik.\n"
        )
        assert [(one.key, one.type) for one in draft.local_information] == [
            ("funksjon", LocalInformationType.FUNCTION),
            ("telefon", LocalInformationType.SERVICE_PHONE),
        ]
        assert "Ring vakta på" in draft.local_information[1].label

    def test_offers_each_municipality_what_it_had_itself(self):
        """
        Nobody's key, phone or dose is gone because the others have not got it.
        """
        compared = of(FAUSKE, MELOY)
        choices = {**suggested(compared), row_of(compared, "gram"): 0, row_of(compared, "heisen"): Keep.NONE}

        draft = shared_draft(compared, choices)

        assert [(one.kind, one.section, one.text, one.field, one.departs) for one in draft.offered_to("9901")] == [
            (AdditionKind.LOCAL_INFORMATION, "ansvar", "Enhetsleder", "funksjon", False),
            (AdditionKind.LOCAL_INFORMATION, "slik-gjor-vi", "75 00 00 01", "telefon", False),
            (AdditionKind.PRACTICAL_NOTE, "slik-gjor-vi", "- Nøkkelen henger ved heisen.\n", "", False),
        ]
        assert [(one.kind, one.text, one.departs) for one in draft.offered_to("9902")][2:] == [
            (AdditionKind.PROFESSIONAL_ADDITION, "- Gi 20 gram druesukker.\n", True)
        ]

    def test_a_heading_with_nothing_under_it_is_left_out(self):
        """
        An empty section asks who was to fill it.
        """
        compared = of("## A\n\n### B\n\nEn.\n\n## C\n\nTo.\n")

        draft = shared_draft(compared, {2: Keep.NONE, 4: 0})

        assert draft.body == "## C\n\nTo.\n"
        assert [one.section for one in draft.offered] == [""]

    def test_a_heading_comes_with_what_stands_below_its_subheading(self):
        """
        Without it the section would belong to the one before.
        """
        compared = of("## A\n\n### B\n\nEn.\n")

        assert shared_draft(compared, {2: 0}).body == "## A\n\n### B\n\nEn.\n"

    def test_another_heading_can_be_chosen(self):
        """
        The shared routine is to say Formål, whatever most have.
        """
        compared = of("## Hensikt\n\nSikre trygg bruk.\n", "## Formål\n\nSikre trygg bruk.\n")

        other = next(n for n, one in enumerate(compared.rows[0].wordings) if one.text == "Formål")

        assert shared_draft(compared, {0: other, 1: 0}).body.startswith("## Formål\n")

    def test_a_table_keeps_its_first_row_and_loses_what_is_not_kept(self):
        """
        One row of nine may be all that is shared.
        """
        table = "| Hvem | Hva |\n| -- | -- |\n| Lege | Avgjør |\n| Pleier | Måler |\n"
        compared = of(table, table)

        draft = shared_draft(compared, {1: Keep.NONE, 2: 0})

        assert draft.body == "| Hvem | Hva |\n| -- | -- |\n| Pleier | Måler |\n"
        assert {one.text for one in draft.offered} == {"| Hvem | Hva |\n| -- | -- |\n| Lege | Avgjør |\n"}

    def test_footnotes_of_two_municipalities_do_not_become_each_others(self):
        """
        Both call theirs 1; one is a dose limit.
        """
        compared = of(
            "Gi 5 mg.[^1]\n\nVask hendene.\n\n[^1]: Høyst 10 mg i døgnet.\n",
            "Vask hendene.\n\nRing legevakta.[^1]\n\n[^1]: Døgnet rundt.\n",
        )
        choices = {row.number: 0 for row in compared.rows if needs_choice(row)}

        draft = shared_draft(compared, choices)

        assert draft.body == (
            "Gi 5 mg.[^1]\n\nVask hendene.\n\nRing legevakta.[^2]\n\n[^1]: Høyst 10 mg i døgnet.\n\n[^2]: Døgnet rundt.\n"
        )

    def test_the_same_phone_in_two_places_is_filled_in_once(self):
        """
        Two fields with one answer would one day have two.
        """
        body = "Ring 75 00 00 0{} ved fare for liv.\n\nMeld fra om alt annet på 75 00 00 0{} samme dag.\n"
        compared = of(body.format(1, 1), body.format(2, 2))

        draft = shared_draft(compared, suggested(compared))

        assert draft.body == "Ring {{telefon}} ved fare for liv.\n\nMeld fra om alt annet på {{telefon}} samme dag.\n"
        assert len(draft.local_information) == 1

    def test_a_field_that_a_variant_has_is_declared_and_not_taken(self):
        """
        Two of them are variants of something that was shared before.
        """
        body = "Ring {{{{telefon}}}} eller 75 00 00 0{}.\n"
        compared = of(body.format(1), body.format(2))

        draft = shared_draft(compared, suggested(compared))

        assert draft.body == "Ring {{telefon}} eller {{telefon-2}}.\n"
        assert [one.key for one in draft.local_information] == ["telefon", "telefon-2"]

    def test_marked_up_words_are_not_made_fields(self):
        """
        With gaps a sentence is written plain, and «aldri» would no longer be strong.
        """
        compared = of("Ring **aldri** 75 00 00 01.\n", "Ring **aldri** 75 00 00 02.\n")

        assert not can_have_fields(compared.rows[0])
        assert suggested(compared) == {}


class TestNothingIsLost:
    @pytest.mark.parametrize("seed", range(6))
    def test_each_paragraph_is_in_the_draft_or_offered(self, seed):
        """
        Whoever finds a sentence gone after a year asks who took it out, and nobody did.
        """
        chance = random.Random(seed)
        compared = sent(seed * 9, 5)
        choices = {
            row.number: chance.choice([Keep.NONE, *range(len(row.wordings)), *[Keep.FIELDS] * can_have_fields(row)])
            for row in compared.rows
            if needs_choice(row)
        }

        draft = shared_draft(compared, choices)

        in_draft = {piece.text for piece in pieces(draft.body)}
        for routine in compared.variants:
            offered = {piece.text for one in draft.offered if one.variant == routine.id for piece in pieces(one.text)}
            with_fields = {
                row.wordings[k].text
                for row in compared.rows
                for k in range(len(row.wordings))
                if choices.get(row.number) is Keep.FIELDS
            }
            headers = {row.wordings[0].text for row in compared.rows if row.wordings[0].piece.is_header}
            lost = {
                piece.text for piece in pieces(routine.markdown) if piece.kind is not PieceKind.HEADING
            } - in_draft - offered - with_fields - headers  # fmt: skip
            assert lost == set()

    @given(some.integers(0, 60), some.integers(0, 1000))
    @settings(max_examples=15)
    def test_any_choices_make_a_text_in_the_stored_form(self, topic, seed):
        """
        Who has chosen for an hour must not be told at the end that it cannot be kept.
        """
        chance = random.Random(seed)
        compared = sent(topic, 2)
        choices = {
            row.number: chance.choice([Keep.NONE, *range(len(row.wordings)), *[Keep.FIELDS] * can_have_fields(row)])
            for row in compared.rows
            if needs_choice(row)
        }

        body = shared_draft(compared, choices).body

        assert canonical_body(body, 1) == (body, ())
