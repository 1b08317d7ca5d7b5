"""Letters and looks as Markdown: whatever somebody typed in Word, a reader sees the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.exchange.incoming import marks
from samrutine.exchange.incoming.blocks import write
from samrutine.exchange.incoming.compare import words_of
from samrutine.exchange.incoming.seen import seen_words
from samrutine.procedures.canonical import canonical_body

LETTERS = st.text(st.sampled_from("aåB1 2.)-+*_#>=|~`\\[](){}<>!&^$:;,'\"/°–µ½§@\u00a0"), min_size=1, max_size=30)


def inlines(text):
    """Give a text as pandoc would: words with spaces between."""
    parts = []
    for word in text.replace("\u00a0", " ").split(" "):
        parts += [{"t": "Space"}] * bool(parts)
        parts += [{"t": "Str", "c": word}] if word else []
    return parts


def body(*blocks):
    """Write blocks and put them in canonical form."""
    written = write(list(blocks), {})
    made, faults = canonical_body("\n\n".join(written.blocks), 1)
    assert faults == ()
    return made


def paragraph(*parts):
    """Make a paragraph of pandoc's."""
    return {"t": "Para", "c": list(parts)}


def text(words):
    """Make a piece of text of pandoc's."""
    return {"t": "Str", "c": words}


class TestLetters:
    @given(LETTERS)
    def test_any_letters_come_out_as_they_were(self, typed):
        """
        "<5 mg", "*NB*" and "1. juli" are words here, whatever they mean in Markdown.
        """
        made = body(paragraph(*inlines(typed)), paragraph(text("Slutt")))

        shown = seen_words(made).removesuffix("Slutt").strip()
        assert _no_parted_braces(shown) == _no_parted_braces(" ".join(marks.plain(typed).split()))

    @given(LETTERS)
    def test_any_letters_come_out_of_a_cell_as_they_were(self, typed):
        """
        A stroke in a cell must not make a cell more.
        """
        made = body(table([["A", "B"], [typed, "C"]]))

        rows = [line for line in made.split("\n") if line.startswith("|")]
        assert len(rows) == 3
        assert words_of(_no_parted_braces(seen_words(made))) == words_of(_no_parted_braces(f"A\nB\n{typed}\nC"))

    @given(st.lists(st.tuples(LETTERS, st.sampled_from(["Strong", "Emph", "Strikeout", None])), max_size=5))
    def test_no_emphasis_costs_a_word(self, pieces):
        """
        Half a word in bold is common in Word; that it cannot be bold in Markdown is no reason to lose it.
        """
        parts = [{"t": look, "c": inlines(typed)} if look else text(typed) for typed, look in pieces if typed.strip()]

        made = body(paragraph(*parts), paragraph(text("Slutt")))

        # What is struck gets room around it, so words are held together without their spaces.
        there = "".join(words_of(_no_parted_braces("".join(typed for typed, _ in pieces if typed.strip()))))
        assert "".join(words_of(_no_parted_braces(seen_words(made)))).removesuffix("slutt") == there

    def test_what_nobody_sees_is_left_out(self):
        """
        A soft hyphen inside a word makes it another word to whoever searches.
        """
        assert marks.plain("hånd\u00adhygi\u200bene 5\u00a0mg") == "håndhygiene 5 mg"

    @pytest.mark.parametrize(
        ("raised", "up", "shown"),
        [("9", True, "⁹"), ("-3", True, "⁻³"), ("2", False, "₂"), ("x+1", True, "^(x+1)"), ("st", True, "st")],
    )
    def test_a_raised_letter_stays_raised(self, raised, up, shown):
        """
        10⁹ is not 109.
        """
        assert marks.raised(raised, up=up)[0] == shown


class TestTables:
    def test_a_cell_over_several_rows_stands_in_each(self):
        """
        A row is read alone: who looks up the evening must see that the dose is the same.
        """
        made = body(table([["Tid", "Dose"], ["Morgen", ("5 mg", 2, 1)], ["Kveld"]]))

        assert "| Morgen | 5 mg |" in made
        assert "| Kveld | 5 mg |" in made

    def test_a_frame_is_no_table(self):
        """
        One cell around a warning is how Word draws a box; its list must stay a list.
        """
        made = body(table([["Ring 113"]]))

        assert made == "> Ring 113\n"


class TestLists:
    def test_a_list_deeper_than_is_read_keeps_every_item(self):
        """
        Words that lie too deep fell out without a sound; here they only lie less deep.
        """
        item = [paragraph(text("nivå12"))]
        for level in range(11, 0, -1):
            item = [paragraph(text(f"nivå{level}")), {"t": "BulletList", "c": [item]}]

        made = body({"t": "BulletList", "c": [item]})

        assert words_of(seen_words(made)) == [f"nivå{level}" for level in range(1, 13)]

    def test_a_very_long_list_is_divided_and_whole(self):
        """
        The form we store has room for 300 items in one list.
        """
        items = [[{"t": "Plain", "c": [text(f"p{n}")]}] for n in range(301)]

        made = body({"t": "OrderedList", "c": [[1, {"t": "Decimal"}, {"t": "Period"}], items]})

        assert len(words_of(seen_words(made))) == 301
        assert "301) p300" in made


def table(rows):
    """Make a table of pandoc's, of texts or of (text, rows, columns); the first row is its head."""

    def cell(said):
        words, down, across = said if isinstance(said, tuple) else (said, 1, 1)
        return [["", [], []], {"t": "AlignDefault"}, down, across, [{"t": "Plain", "c": inlines(words)}]]

    made = [[["", [], []], [cell(one) for one in row]] for row in rows]
    columns = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in rows[0]]
    body_of_it = [["", [], []], 0, [], made[1:]]
    return {
        "t": "Table",
        "c": [["", [], []], [None, []], columns, [["", [], []], made[:1]], [body_of_it], [["", [], []], []]],
    }


def _no_parted_braces(words):
    # Double braces would be a local field, so they are parted; that is told of.
    return unicodedata.normalize("NFC", words).replace(" ", "").replace("{", "").replace("}", "")
