"""Variants side by side, paragraph by paragraph."""

import random
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from samrutine.intake.likeness import Routine
from samrutine.intake.pieces import PieceKind, pieces
from samrutine.intake.variants import Compared, side_by_side
from samrutine.proposals.prose_words import Critical
from tests.support.sent_in.collection import HEAVY, LIGHT, MEDIUM, MUNICIPALITIES, variant

SENTENCES = [
    "Vask hendene før du begynner.",
    "Ring lege når pasienten ikke våkner.",
    "Gi 15 gram druesukker med en gang.",
    "Skriv i journalen hva du har gjort.",
    "Avdelingslederen ser til at alle er øvd.",
    "Mål temperaturen hver fjerde time.",
]
BODIES = some.lists(
    some.one_of(
        some.sampled_from(SENTENCES),
        some.sampled_from(["## Ansvar", "## Slik gjør vi", "### Etterpå"]),
        some.sampled_from(SENTENCES).map(lambda text: f"- {text}\n- {text.lower()}"),
        some.sampled_from(SENTENCES).map(lambda text: f"| Hva | Når |\n| -- | -- |\n| {text} | Nå |"),
    ),
    max_size=7,
).map("\n\n".join)


def of(*bodies, names=()):
    """Compare bodies: a, b, c … of one municipality each."""
    return side_by_side([Routine(chr(97 + n), f"990{n + 1}", "Rutine", body) for n, body in enumerate(bodies)], names)


def told(found):
    """Give the rows as (what they are, what is said)."""
    return [(row.compared, [wording.text for wording in row.wordings]) for row in found.rows]


def sent(topic, levels, seed=4):
    """Give variants of a topic, one from each municipality."""
    chance = random.Random(seed)
    return [
        Routine(number, number, *variant(topic, home, chance.choice(levels), chance))
        for home, number in enumerate(MUNICIPALITIES)
    ]


class TestSideBySide:
    def test_says_what_all_say_what_differs_and_what_one_says_alone(self):
        """
        Nobody reads nine documents at once; three words about each paragraph show where to look.
        """
        found = of(
            "Vask hendene.\n\nGi druesukker, 15 gram.\n\nRing lege.\n",
            "Vask hendene.\n\nGi druesukker, 20 gram.\n\nHeisen er stengt etter klokka ti.\n\nRing lege.\n",
            "Vask hendene.\n\nGi druesukker, 15 gram.\n",
        )

        assert told(found) == [
            (Compared.SAME, ["Vask hendene."]),
            (Compared.DIFFERENT, ["Gi druesukker, 15 gram.", "Gi druesukker, 20 gram."]),
            (Compared.ONLY_HERE, ["Heisen er stengt etter klokka ti."]),
            (Compared.SOME, ["Ring lege."]),
        ]
        assert [wording.variants for wording in found.rows[1].wordings] == [("a", "c"), ("b",)]
        assert found.rows[3].missing == ("c",)

    def test_a_dose_that_differs_is_told(self):
        """
        It stands first in the list of what to look at, before all that is only worded otherwise.
        """
        found = of("Gi 5 mg morfin.\n\nVask godt.\n", "Gi 10 mg morfin.\n\nVask grundig godt.\n")

        assert [row.critical for row in found.rows] == [frozenset({Critical.DOSE}), frozenset()]

    def test_a_negation_that_one_lacks_is_told(self):
        """
        «Skal ikke» and «skal» are nine tenths the same.
        """
        (row,) = of("Pasienten skal ikke gå alene.\n", "Pasienten skal gå alene.\n").rows

        assert row.critical == {Critical.NEGATION}

    def test_only_local_words_differ(self):
        """
        Nine phones in one sentence are one sentence.
        """
        (row,) = of(*(f"Ring vakta på 75 00 00 0{n}.\n" for n in range(1, 5))).rows

        assert row.compared is Compared.LOCAL
        assert row.blanked is not None
        assert row.blanked.differences[0].values == {id_: f"75 00 00 0{n}" for n, id_ in enumerate("abcd", 1)}

    def test_another_phone_makes_no_other_sentence(self):
        """
        «Vakt:» and eight digits are mostly digits.
        """
        assert len(of("Vakt: 76 11 22 33\n", "Vakt: 75 44 55 66\n").rows) == 1

    def test_a_section_that_moved_is_held_against_its_own(self):
        """
        Some have Avvik before Dokumentasjon; nobody wants the two compared.
        """
        one = "## Avvik\n\nMeld avvik i systemet.\n\n## Dokumentasjon\n\nSkriv hva du gjorde og når.\n"
        other = "## Dokumentasjon\n\nSkriv hva du gjorde og når.\n\n## Avvik\n\nMeld avvik i systemet.\n"

        found = of(one, other)

        assert {row.compared for row in found.rows} == {Compared.SAME}
        assert len(found.rows) == 4
        assert sum(bool(row.moved) for row in found.rows) == 2

    def test_a_renamed_section_is_the_same_section(self):
        """
        Formål and Hensikt say the same under another name.
        """
        found = of("## Formål\n\nSikre trygg bruk av oksygen.\n", "## Hensikt\n\nSikre trygg bruk av oksygen.\n")

        assert told(found) == [
            (Compared.DIFFERENT, ["Formål", "Hensikt"]),
            (Compared.SAME, ["Sikre trygg bruk av oksygen."]),
        ]

    def test_a_paragraph_that_moved_to_another_section_is_found(self):
        """
        It would stand twice in the draft: once from each section.
        """
        moved = "Vaktmesteren kontrollerer nødlyset første mandag hver måned."
        found = of(f"## A\n\nEn.\n\n{moved}\n\n## B\n\nTo.\n", f"## A\n\nEn.\n\n## B\n\nTo.\n\n{moved}\n")

        (row,) = [row for row in found.rows if row.wordings[0].text == moved]
        assert row.compared is Compared.SAME
        assert len(row.moved) == 1

    def test_a_paragraph_and_an_item_with_the_same_words_are_the_same(self):
        """
        One writes steps, another sentences.
        """
        assert told(of("Vask hendene.\n", "1. Vask hendene.\n")) == [(Compared.SAME, ["Vask hendene."])]

    def test_rows_of_a_table_are_held_against_each_other_by_their_first_cell(self):
        """
        «Godkjent av» is the same row whoever it was.
        """
        table = "| Hva | Verdi |\n| -- | -- |\n| Dokumentnummer | {} |\n| Eier | {} |\n"

        found = of(table.format("1-564", "Strandheimen"), table.format("2-222", "pleie og omsorg"))

        assert [len(row.wordings) for row in found.rows] == [1, 2, 2]

    def test_bokmal_and_nynorsk_stand_in_one_row(self):
        """
        The neighbour's sentence is the same sentence.
        """
        (row,) = of("Sykepleieren måler blodtrykket hver uke.\n", "Sjukepleiaren måler blodtrykket kvar veke.\n").rows

        assert row.compared is Compared.DIFFERENT
        assert not row.missing

    def test_what_is_the_same_is_mostly_found_in_real_variants(self):
        """
        One has steps and another two steps in a paragraph, one writes nynorsk, and each has sentences of its own.
        """
        variants = [one for one in sent(0, [LIGHT]) if one.municipality in MUNICIPALITIES[::3]]

        found = side_by_side(variants)

        steps = [row for row in found.rows if row.kind is not PieceKind.HEADING]
        assert sum(not row.missing for row in steps) / len(steps) > 0.5

    @pytest.mark.parametrize("topic", [0, 7, 22, 40])
    def test_nine_variants_lose_nothing(self, topic):
        """
        Half of what is sent in has sections moved, tables for lists, and sentences of its own.
        """
        variants = sent(topic, [MEDIUM, HEAVY])

        found = side_by_side(variants)

        for routine in variants:
            said = [
                next(one for one in row.wordings if routine.id in one.variants)
                for row in found.rows
                if routine.id not in row.missing
            ]
            assert Counter(one.text for one in said) == Counter(piece.text for piece in pieces(routine.markdown))


class TestEffort:
    def test_long_texts_with_nothing_in_common_are_no_trouble(self):
        """
        Somebody will hold the emergency plan against the cleaning plan; a minute later they think the program has died.
        """
        chance = random.Random(1)
        words = [f"ord{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(400)]
        texts = ["\n\n".join(" ".join(chance.choices(words, k=15)) for _ in range(250)) for _ in range(2)]

        calls = 0

        def count(frame, event, arg):
            nonlocal calls
            calls += event == "call" and "samrutine" in frame.f_code.co_filename

        sys.setprofile(count)
        try:
            found = of(*texts)
        finally:
            sys.setprofile(None)

        assert len(found.rows) > 490
        assert calls < 300_000


class TestAlways:
    @given(some.lists(BODIES, min_size=1, max_size=4))
    def test_every_piece_of_every_variant_stands_there_once(self, bodies):
        """
        What is not in the comparison, nobody chooses.
        """
        found = of(*bodies)

        for id_, body in zip("abcd", bodies, strict=False):
            said = Counter(
                one.text for row in found.rows for one in row.wordings for variant in one.variants if variant == id_
            )
            assert said == Counter(piece.text for piece in pieces(body))

    @given(BODIES)
    def test_one_variant_alone_is_all_the_same(self, body):
        """
        With nobody to differ from there is nothing to choose.
        """
        found = of(body)

        assert [row.wordings[0].piece for row in found.rows] == list(pieces(body))
        assert {row.compared for row in found.rows} <= {Compared.SAME}

    @given(BODIES)
    def test_the_same_text_twice_is_all_the_same(self, body):
        """
        The municipality that took the neighbour's routine as it was has nothing to answer.
        """
        found = of(body, body)

        assert {row.compared for row in found.rows} <= {Compared.SAME}
        assert not any(row.moved or row.missing for row in found.rows)

    @given(some.lists(BODIES, min_size=1, max_size=4))
    def test_order_is_kept_but_for_what_is_said_to_have_moved(self, bodies):
        """
        Steps are done in the order they stand.
        """
        found = of(*bodies)

        for id_, body in zip("abcd", bodies, strict=False):
            rows = [row for row in found.rows if id_ not in row.missing and id_ not in row.moved]
            said = [next(one.text for one in row.wordings if id_ in one.variants) for row in rows]
            left = iter(piece.text for piece in pieces(body))
            assert all(any(text == one for one in left) for text in said)

    @given(some.lists(BODIES, min_size=2, max_size=3), some.randoms())
    def test_who_is_first_decides_nothing_but_the_order_of_names(self, bodies, chance):
        """
        The comparison is of the texts, not of who sent first.
        """
        routines = [Routine(chr(97 + n), f"990{n + 1}", "Rutine", body) for n, body in enumerate(bodies)]
        others = chance.sample(routines, len(routines))

        one, other = side_by_side(routines), side_by_side(others)

        def shape(found):
            return [{(w.text, frozenset(w.variants)) for w in row.wordings} for row in found.rows]

        assert shape(one) == shape(other)
