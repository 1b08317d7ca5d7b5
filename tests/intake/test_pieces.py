"""A text taken apart into what people choose between, and put together again."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from samrutine.intake.pieces import PieceKind, pieces, written
from samrutine.procedures.canonical import canonical_body
from samrutine.procedures.text import read

ROUTINES = sorted((Path(__file__).parents[2] / "procedures").rglob("*.md"))
WORDS = some.lists(
    some.sampled_from(["vask", "hendene", "ring", "lege", "75 00 00 00", "**aldri**", "*straks*", "under 4,0 mmol/l", "A\\|B"]),
    min_size=1, max_size=6,
).map(" ".join)  # fmt: skip
ITEMS = some.lists(
    some.tuples(some.integers(0, 2), some.sampled_from(["-", "1.", "- [ ]"]), WORDS), min_size=1, max_size=5
)
BLOCKS = some.one_of(
    WORDS,
    some.tuples(some.integers(2, 4), WORDS).map(lambda one: f"{'#' * one[0]} {one[1]}"),
    ITEMS.map(lambda items: "\n".join(f"{'    ' * min(deep, n)}{mark} {text}" for n, (deep, mark, text) in enumerate(items))),
    some.lists(WORDS, min_size=1, max_size=3).map(lambda rows: "\n".join(["| Hva | Mer |", "| -- | -- |", *(f"| {row} | x |" for row in rows)])),
    WORDS.map(lambda text: f"> {text}"),
    WORDS.map(lambda text: f"```\n{text}\n```"),
)  # fmt: skip
BODIES = some.lists(BLOCKS, max_size=8).map(lambda blocks: "\n\n".join(blocks) + "\n" if blocks else "")


def shown(body):
    """Give what a reader sees of each piece."""
    return [(one.kind, one.text, one.section, one.level, one.mark, one.number, one.cells) for one in pieces(body)]


class TestPieces:
    def test_each_thing_that_is_read_by_itself_is_a_piece(self):
        """
        A table is too much to choose at once, and half a sentence too little.
        """
        body = "Først.\n\n## Utstyr\n\n- hansker\n  1. rene\n\n| Hva | Når |\n| -- | -- |\n| Vask | Nå |\n\n> Husk.\n"

        assert [(one.kind, one.text, one.section) for one in pieces(body)] == [
            (PieceKind.PARAGRAPH, "Først.", ""),
            (PieceKind.HEADING, "Utstyr", "Utstyr"),
            (PieceKind.ITEM, "hansker", "Utstyr"),
            (PieceKind.ITEM, "rene", "Utstyr"),
            (PieceKind.ROW, "Hva | Når", "Utstyr"),
            (PieceKind.ROW, "Vask | Nå", "Utstyr"),
            (PieceKind.QUOTE, "Husk.", "Utstyr"),
        ]

    @given(BODIES)
    @settings(max_examples=50)
    def test_put_together_again_they_are_the_text(self, body):
        """
        What comes apart and not together has lost something.
        """
        stored, findings = canonical_body(body, 1)
        if findings:
            return

        again, lost = canonical_body(written(pieces(stored)), 1)

        assert lost == ()
        assert shown(again) == shown(stored)

    @pytest.mark.parametrize("path", ROUTINES, ids=lambda path: path.stem)
    def test_our_own_routines_come_back_byte_for_byte(self, path):
        """
        They have tables, boxes, nested lists and links, as real ones do.
        """
        body = read(path.read_bytes(), path.name).body

        assert canonical_body(written(pieces(body)), 1) == (canonical_body(body, 1)[0], ())

    def test_a_heading_of_two_lines_is_one_heading(self):
        """
        A converter may underline a long one.
        """
        body = "Lang\noverskrift\n---\n\nTekst.\n"

        assert canonical_body(written(pieces(body)), 1)[0] == "## Lang overskrift\n\nTekst.\n"

    def test_an_item_without_its_list_begins_one(self):
        """
        The step may be all that is kept; indented as it stood it would be code.
        """
        inner = next(one for one in pieces("- ytre\n  - indre\n") if one.text == "indre")

        assert canonical_body(written([inner]), 1)[0] == "- indre\n"

    def test_a_row_without_its_table_brings_the_first_row(self):
        """
        «Vask | Nå» says nothing without what the columns are.
        """
        *_, row = pieces("| Hva | Når |\n| -- | -- |\n| Vask | Nå |\n")

        assert written([row]) == "| Hva | Når |\n| -- | -- |\n| Vask | Nå |\n"

    def test_a_footnote_follows_what_refers_to_it(self):
        """
        A dose limit stood in a note once, and vanished.
        """
        one = pieces("Gi 5 mg.[^1]\n\n[^1]: Høyst 10 mg i døgnet.\n")
        other = pieces("Ring lege.[^1]\n\n[^1]: Døgnet rundt.\n")

        body, findings = canonical_body(written([other[0], one[0]]), 1)

        assert findings == ()
        assert body == "Ring lege.[^1]\n\nGi 5 mg.[^2]\n\n[^1]: Døgnet rundt.\n\n[^2]: Høyst 10 mg i døgnet.\n"

    def test_a_link_by_name_brings_its_address(self):
        """
        The definition stands elsewhere, and would not come along.
        """
        (piece,) = pieces("Les [veilederen][a] og [b].\n\n[a]: https://a.example\n[b]: https://b.example/(1)\n")

        body, findings = canonical_body(written([piece]), 1)

        assert findings == ()
        assert shown(body)[0][1] == "Les veilederen (https://a.example) og b (https://b.example/(1))."


class TestNumbers:
    """A step is known by its number: «Se punkt 4» must lead to it."""

    STEPS = "1. Åpne.\n2. Rens.\n\n![b](b.png)\n\n3. Gi 5 mg.\n4. Ring.\n\nSe punkt 4.\n"

    @pytest.mark.parametrize(
        "body",
        [
            STEPS,
            "1. Åpne.\n\n    ```\n    kode\n    ```\n\n2. Rens.\n",
            "1. ```\n    kode\n    ```\n2. Rens.\n",
            "1. Åpne.\n    1. Av.\n    2. På.\n2. Rens.\n\n    3. Tre.\n",
            "- Åpne.\n- Rens.\n\n3. Tre.\n4. Fire.\n",
            "## A\n\n1. Åpne.\n2. Rens.\n\n## B\n\n7. Gi.\n8. Ring.\n\n## C\n\n1. Ny.\n",
            "99. Åpne.\n100. Rens.\n\n     Mer.\n",
            "1. Åpne.\n\nSå:\n\n1. Gi.\n2. Ring.\n",
        ],
        ids=[
            "after a picture",
            "code inside",
            "code alone",
            "nested",
            "after points",
            "over headings",
            "three figures",
            "begun anew",
        ],
    )
    def test_are_kept_when_all_is_chosen(self, body):
        stored, faults = canonical_body(body, 1)
        assert faults == ()

        assert canonical_body(written(pieces(stored)), 1) == (stored, ())

    @pytest.mark.parametrize(
        ("left_out", "numbers"),
        [("Rens.", [1, 2, 3]), ("Åpne.", [1, 2, 3]), ("Gi 5 mg.", [1, 2, 3]), ("b (b.png)", [1, 2, 3, 4])],
    )
    def test_close_up_where_a_step_is_left_out(self, left_out, numbers):
        """
        A list that skips a number looks as if a step had been lost.
        """
        body, _ = canonical_body(written(one for one in pieces(self.STEPS) if one.text != left_out), 1)

        assert [one.number for one in pieces(body) if one.number] == numbers

    def test_go_on_around_what_came_from_another(self):
        """
        Between two steps of one stands a sentence of another, and the steps are three still.
        """
        one, two, three = pieces("1. Åpne.\n2. Rens.\n3. Gi 5 mg.\n")
        (other,) = pieces("Vent litt.\n")

        body, _ = canonical_body(written([one, two, other, three]), 1)

        assert [(each.number, each.text) for each in pieces(body)] == [
            (1, "Åpne."), (2, "Rens."), (0, "Vent litt."), (3, "Gi 5 mg."),
        ]  # fmt: skip
