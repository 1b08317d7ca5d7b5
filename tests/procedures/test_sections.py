"""Sections, their keys, and where each went when the text changed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samrutine.procedures.sections import plain_sections, section_moves, sections, sections_called


def keys(body: str) -> list[str]:
    """The keys of a body's sections."""
    return [section.key for section in sections(body)]


class TestSections:
    def test_a_key_is_the_path_of_the_headings(self):
        """
        A local addition is tied to a place in the text, not to a line.
        """
        assert keys("## Ansvar\n\n### Leder\n\n### Ansatt\n\n## Avvik\n") == [
            "ansvar",
            "ansvar/leder",
            "ansvar/ansatt",
            "avvik",
        ]

    def test_equal_headings_under_one_parent_get_numbers(self):
        """
        Two sections with one key would get each other's additions.
        """
        assert keys("## A\n\n## A\n\n## A-2\n\n## A\n") == ["a", "a-2", "a-2-2", "a-3"]

    def test_the_same_heading_under_two_parents_needs_no_number(self):
        """
        "Ansvar" may stand under each part.
        """
        assert keys("## Barn\n\n### Ansvar\n\n## Voksne\n\n### Ansvar\n")[1::2] == ["barn/ansvar", "voksne/ansvar"]

    def test_a_section_has_its_own_text_without_what_is_below(self):
        """
        The text of "Ansvar" is not that of "Leder".
        """
        first, second = sections("Før.\n\n## Ansvar\n\nAlle.\n\n- a\n\n### **Leder** i `vakt`\n\nÉn.\n")

        assert (first.text, first.line, first.level) == ("Alle.\n\n- a", 3, 2)
        assert (second.text, second.heading, second.key) == ("Én.", "Leder i vakt", "ansvar/leder-i-vakt")

    def test_what_looks_like_a_heading_in_code_or_a_quotation_is_none(self):
        """
        Only the text's own outline counts.
        """
        assert keys("```\n## kode\n```\n\n> ## sitat\n\n- ## punkt\n\n## Ekte\n") == ["ekte"]

    def test_a_text_without_headings_has_no_sections(self):
        """
        A short note may have none.
        """
        assert sections("Bare tekst.\n") == ()

    @given(st.text("#ab ->`\n", max_size=80))
    @settings(deadline=None)
    def test_keys_are_always_different(self, body):
        """
        Whatever the headings are.
        """
        found = keys(body)

        assert len(set(found)) == len(found)


class TestMoves:
    def test_a_section_that_kept_its_heading_stayed(self):
        """
        Its words may be all new; it is the same place.
        """
        assert section_moves(sections("## A\n\nen\n"), sections("## A\n\nto\n")) == {"a": "a"}

    def test_a_section_with_a_new_heading_is_found_by_its_words(self):
        """
        The network renamed "Gjør slik" to "Framgangsmåte"; the duty phone still belongs there.
        """
        old = sections("## Gjør slik\n\nVask hendene i tretti sekunder, og tørk dem godt.\n\n## Avvik\n\nMeld avvik.\n")
        new = sections(
            "## Framgangsmåte\n\nVask hendene i førti sekunder, og tørk dem godt.\n\n## Avvik\n\nMeld avvik.\n"
        )

        assert section_moves(old, new) == {"gjor-slik": "framgangsmate", "avvik": "avvik"}

    def test_sections_under_a_renamed_parent_move_with_it(self):
        """
        Their own headings did not change.
        """
        old = sections("## Ansvar\n\nHvem.\n\n### Leder\n\nLeder vurderer.\n")
        new = sections("## Roller\n\nHvem.\n\n### Leder\n\nLeder vurderer nå.\n")

        assert section_moves(old, new) == {"ansvar": "roller", "ansvar/leder": "roller/leder"}

    def test_a_section_that_is_gone_has_no_new_place(self):
        """
        The municipality must then answer: keep, edit or drop its addition.
        """
        old = sections("## A\n\nDose og grense for barn under tre år.\n")
        new = sections("## B\n\nHelt andre ord om noe annet enn før.\n")

        assert section_moves(old, new) == {"a": None}

    def test_two_old_sections_never_get_one_new_place(self):
        """
        Two additions would then stand in one section.
        """
        old = sections("## En\n\nsamme ord her\n\n## To\n\nsamme ord her\n")
        new = sections("## Tre\n\nsamme ord her\n")

        assert sorted(section_moves(old, new).values(), key=str) == [None, "tre"]


LINES = (
    "# A", "## B c", "### B c", " ## x", "- item", "  ## under", "1. en", "> # q", "Tekst.", "", "---", "- # i punkt", "    # kode",
    "#", "# A.", "[^1]: Fot", "    ## inni fot", "| a | b |", "|---|---|", "# x #", "## x:y", "## «a»", "#uten", "```", "<div>",
    "## En: to", "## www.a.no", "***", "## 1. Første", "    - # dypt", "## a--b", "## (tm) x", "##  dobbel", "## slutt ", "==", "## *a*",
)  # fmt: skip


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=9))
@settings(max_examples=400)
def test_the_fast_way_divides_as_parsing_does_or_says_that_it_cannot(lines):
    """
    A hundred thousand versions are divided each night; a fast answer that is another one would be a false alarm.
    """
    body = "\n".join(lines) + "\n"

    found = plain_sections(body)

    assert found is None or found == sections(body)


class TestWhatSomebodyMeans:
    TEXT = "## Formål\n\n## 3. Framgangsmåte\n\n### 3.1 Doser\n\n## 4. Etter bruk\n\n### Doser\n\n### Avfall/avvik\n"

    @pytest.mark.parametrize(
        ("words", "keys"),
        [
            ("3-framgangsmate", ["3-framgangsmate"]),
            ("framgangsmate", ["3-framgangsmate"]),
            ("3. Framgangsmåte", ["3-framgangsmate"]),
            ("FRAMGANGSMÅTE", ["3-framgangsmate"]),
            ("framgangsmåte/doser", ["3-framgangsmate/3-1-doser"]),
            ("Avfall/avvik", ["4-etter-bruk/avfall-avvik"]),
            ("doser", ["3-framgangsmate/3-1-doser", "4-etter-bruk/doser"]),
            ("4. Framgangsmåte", []),
            ("mate", []),
            ("finnes-ikke", []),
        ],
    )
    def test_a_section_is_called_by_its_key_its_end_or_its_heading(self, words, keys):
        """
        A reader sees «3. Framgangsmåte», and never the key.
        """
        assert [one.key for one in sections_called(sections(self.TEXT), words)] == keys

    def test_a_whole_key_is_that_section_alone(self):
        """
        Whoever copies a key must not be asked which of two they mean.
        """
        text = "## Doser\n\n## Voksne\n\n### Doser\n"

        assert [one.key for one in sections_called(sections(text), "doser")] == ["doser"]
        assert len(sections_called(sections(text), "Doser")) == 2
