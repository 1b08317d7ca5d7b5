"""A text as a person reads it, and the way back to what was written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.procedures.as_read import as_read
from samrutine.procedures.personal_data import PersonalData, personal_data
from tests.support.texts import NATIONAL_ID

MARKS = [
    "**",
    "*",
    "_",
    "`",
    "[",
    "](x)",
    "\\",
    "\n",
    "|",
    " ",
    "<b>",
    "</b>",
    "<br>",
    "&nbsp;",
    "[^1]",
    "\u00ad",
    "é",
    "–",
]
HOSTILE = [
    "915 12 345 ",
    "915 12 345\n",
    "131169**00216** ",
    "[x](",
    "<a ",
    "](",
    "| ",
    "&#9;",
    "\\\n",
    "*_",
    " ",
    "[^",
]
FIRST, LAST = NATIONAL_ID[:6], NATIONAL_ID[6:]


def read(text):
    """Give what is read of a text."""
    seen = as_read(text)
    return text if seen is None else seen.text


class TestWhatIsRead:
    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ("Gi **5** mg `nå`.", "Gi 5 mg nå."),
            ("snake_case og _vekt_", "snake_case og vekt"),
            ("en\\\nto\ntre", "en to tre"),
            ("en\n\nto\n- tre\n# Fire\nfem", "en\n\nto\n- tre\n# Fire\nfem"),
            ("| a | b |\n| 1 | 2 |", "|a|b|\n|1|2|"),
            ("a\u00a0\u2009b – c − d", "a b - c - d"),
            ("９１ ٩١ H\u200bA", "91 91 HA"),
            ("a&nbsp;b&amp;c<br>d<b>e</b>", "a b&c de"),
            ("en[^1] [to](https://x.example/3) tre", "en to tre\n^1\n(https://x.example/3"),
            ("1\\. en \\* to", "1. en * to"),
        ],
    )
    def test_holds_no_marks(self, written, said):
        """
        Whoever reads it sees none, and what hides behind one is read all the same.
        """
        assert read(written).startswith(said)

    @given(st.lists(st.one_of(st.sampled_from(MARKS), st.sampled_from("0123456789abc")), max_size=40))
    def test_leads_back_to_each_sign_where_it_stands(self, parts):
        """
        What is found here is masked there; one sign beside it, and half a number is left.
        """
        text = "".join(parts)
        seen = as_read(text)

        if seen is not None:
            for n, sign in enumerate(seen.text):
                start, end = seen.source(n, n + 1)
                assert 0 <= start <= end <= len(text)
                if sign.isdigit():
                    assert text[start:end] in {sign, f"\\{sign}"}

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_takes_no_longer_for_a_hostile_text(self, hostile):
        """
        It is looked for outside the sandbox: a text of one megabyte must not hold the library for hours.
        """
        before = time.process_time()

        personal_data(hostile * (100_000 // len(hostile)))

        assert time.process_time() - before < 5


class TestANumberThatIsWrittenWithMarks:
    @pytest.mark.parametrize(
        "form",
        [
            "{0}**{1}**", "**{0}**{1}", "{0}\\\n{1}", "{0}\n{1}", "{0}<br>{1}", "| {0} | {1} |", "{0}*{1}*", "{0}^{1}^",
            "{0}[^1]{1}", "{0}–{1}", "{0}/{1}", "{0}[{1}](x)", "{0}&nbsp;{1}", "{0}\u200b{1}", "{0}\t{1}", "{0}&#8209;{1}",
            "[x](y{0}{1})",
        ],
    )  # fmt: skip
    def test_is_found(self, form):
        """
        Word writes a bold half of a number as a mark within it.
        """
        assert [one.what for one in personal_data(form.format(FIRST, LAST))] == [PersonalData.NATIONAL_ID]

    @pytest.mark.parametrize(
        "text",
        [
            "**900** 00 000", "900 00\\\n000", "| 900 00 | 000 |", "tlf=90000000", "Mob90000000", "９００００００0", "900–00–000",
            "900 00 **000**", "tlf/90000000",
        ],
    )  # fmt: skip
    def test_so_is_a_phone(self, text):
        """
        The same goes for what leads to a person.
        """
        assert [one.what for one in personal_data(text)] == [PersonalData.PRIVATE_PHONE]

    @pytest.mark.parametrize(
        "text",
        [
            "| Vekt | 40 | 50 | 60 | 70 |", "40\n50\n60\n70", "- 90\n- 10\n- 20\n- 30", "FOR-2009-02-13-205", "90 – 10 – 20 – 30",
            "https://provevik.example/90000000/40000000", "| 2026 | 1841 |",
        ],
    )  # fmt: skip
    def test_numbers_in_cells_and_lists_are_no_phones(self, text):
        """
        A table of doses that can never be accepted is a routine that nobody gets.
        """
        assert personal_data(text) == ()

    def test_is_told_where_it_is_written(self):
        """
        The place is what whoever mends it goes by.
        """
        (found,) = personal_data(f"En\n\n**To** {FIRST}**{LAST}**")

        assert (found.line, found.column, found.length) == (3, 8, 13)
