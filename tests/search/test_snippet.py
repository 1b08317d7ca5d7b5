"""The lines shown under a hit."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.procedures.markdown import markdown as reading
from samrutine.search.model import SnippetPart
from samrutine.search.norwegian import keys
from samrutine.search.snippet import LENGTH, filled_in, plain, snippet
from tests.support.effort import times

LONG = (
    "Rutinen gjelder alle som arbeider i hjemmetjenesten. Den ansatte tar med telefon og nøkler. "
    "Før du går inn, ser du etter farer ved huset og ved veien. Blir du redd, går du ut igjen. "
    "Sykepleierne på vakt varsler lederen når en pasient har falt, og skriver hva som skjedde. "
    "Lederen ringer de pårørende samme dag. Alle hendelser meldes i kvalitetssystemet før vakten er slutt."
)


def shown(parts):
    return "".join(part.text for part in parts)


def hits(parts):
    return [part.text for part in parts if part.hit]


class TestPlainText:
    @pytest.mark.parametrize(
        ("markdown", "text"),
        [
            ("Ring **straks**, og _vent_ på `vakten`.", "Ring straks, og vent på vakten."),
            ("- [ ] Håndvask\n- [x] Hansker\n  1. Frakk", "Håndvask · Hansker · Frakk"),
            (
                'Se [avvik](../kvalitet/avvik.md "Skriv") og <https://eksempel.no/a>.',
                "Se avvik og https://eksempel.no/a.",
            ),
            ("![Kart over rom](kart.png) i første etasje", "Kart over rom i første etasje"),
            ("| Hvem | Gjør |\n|------|:----:|\n| Lege | ser |", "Hvem · Gjør · Lege · ser"),
            ("Dosen er 5 mg.[^1]\n\n[^1]: Se felleskatalogen.", "Dosen er 5 mg. Se felleskatalogen."),
            ("> Husk\n> alltid", "Husk alltid"),
            ("# Overskrift\n\n---\n\n```\nkode\n```", "Overskrift kode"),
            ("***viktig*** beskjed", "viktig beskjed"),
            (
                r"5 \* 3 og \[klamme\] og a_b_c og &lt;under&gt; 3 &amp; 4",
                "5 * 3 og [klamme] og a_b_c og <under> 3 & 4",
            ),
            ("[kilde]: https://eksempel.no\nTekst", "Tekst"),
            (
                "Spør:\n\n1. Hva skjedde?\n2. Når\n3. Hvor\n\nSkriv det ned.",
                "Spør: Hva skjedde? Når · Hvor Skriv det ned.",
            ),
            (r"\&lt; og &#65; og AT&T og &copy", "&lt; og A og AT&T og &copy"),
            ("A &#" + "1" * 5_000 + "; B", "A &#" + "1" * 5_000 + "; B"),
        ],
    )
    def test_has_the_words_and_not_the_marks(self, markdown, text):
        """A nurse reads the snippet on a phone, and stars and bars are only in the way."""
        assert plain(markdown) == text

    @pytest.mark.parametrize(
        ("markdown", "text"),
        [
            ("~~Gi 10 mg~~ Gi 5 mg", "Gi 5 mg"),
            ("Gi ~~**10** mg\nhver time~~\n5 mg", "Gi 5 mg"),
            ("| ~~10 mg~~ | 5 mg |\n| ~~20 mg~~ | 15 mg |", "5 mg · 15 mg"),
            ("> ~~10 mg\n> hver time~~ 5 mg", "5 mg"),
            ("Gi ~~10 mg.\n\nVent~~ litt.", "Gi 10 mg. Vent litt."),
            ("- ~~10 mg\n- 5 mg~~", "10 mg · 5 mg"),
            ("| ~~10 mg | 5 mg~~ |", "10 mg · 5 mg"),
        ],
    )
    def test_has_nothing_that_was_struck_out(self, markdown, text):
        """The dose that holds no longer must not be read for the one that does; half a pair of marks strikes nothing."""
        assert plain(markdown) == text

    @pytest.mark.parametrize(
        "text", ["0,5 mg/kg * 2 daglig", "Gi 2*5 mg, så 3*5 mg.", "Doser merket * gis kveld", "Se merknad *"]
    )
    def test_keeps_a_star_that_is_no_mark(self, text):
        """Two times five milligrams is not twenty-five."""
        assert plain(text) == text

    @pytest.mark.parametrize("written", ["A <!-- notat --> B", "<div hidden>x</div>"])
    def test_hides_nothing_that_a_document_shows(self, written):
        """Whoever writes HTML finds it as text in the document, and so in search."""
        assert plain(written) == written
        assert html.unescape(re.sub("</?p>", "", reading().render(written))).strip() == written

    def test_a_local_field_is_shown_by_its_label(self):
        """«{{vakttelefon}}» means nothing to a reader; its label does, where she sees that it is no name of something."""
        assert plain("Ring {{vakttelefon}}.", {"vakttelefon": "Telefon til vakten"}) == "Ring [Telefon til vakten]."
        assert plain("Ring {{telefon-til-vakt}}.") == "Ring [telefon til vakt]."
        assert plain("{{vakttelefon}}: ring\n{{vakttelefon}}(dag)") == "[vakttelefon]: ring [vakttelefon](dag)"

    @given(st.text(alphabet=st.sampled_from('ab *_~`[]()<>|#-!\\{}^:"\n1.'), max_size=300))
    def test_any_marks_are_survived(self, markdown):
        """A draft may hold anything."""
        assert "\n" not in plain(markdown)

    @pytest.mark.parametrize(
        "piece",
        [
            "[",
            "[a](",
            "![",
            "*",
            "_a",
            "`",
            "|",
            "<http://",
            "{{a",
            "- ",
            "(a",
            "[^",
            "\\",
            " ",
            " \t",
            "~~a ",
            "~~",
            "~~a\n",
            "\n ",
            "&#1",
        ],
    )
    def test_no_text_makes_it_slow(self, piece):
        """A section of a megabyte of brackets must not stop the index."""
        hostile = f"x{piece * 20_000}x"

        assert times(lambda: plain(hostile), lambda: plain("ord " * (len(hostile) // 4))) < 50


class TestSnippet:
    def test_marks_the_words_that_were_asked_for_in_any_form(self):
        """The reader sees at once why this was found."""
        parts = snippet("Sykepleierne varsler de pårørende.", {*keys("sykepleier"), *keys("pårørande")})

        assert parts == (
            SnippetPart("Sykepleierne", hit=True),
            SnippetPart(" varsler de "),
            SnippetPart("pårørende", hit=True),
            SnippetPart("."),
        )

    def test_shows_the_place_with_most_of_the_words(self):
        """«ansatt» stands first, but the answer is where nurse, patient and fall stand together."""
        parts = snippet(LONG, {*keys("ansatt"), *keys("sykepleier"), *keys("pasient"), *keys("falle")})

        assert hits(parts)[-3:] == ["Sykepleierne", "pasient", "falt"]

    def test_marks_a_phrase_that_is_no_key_only_where_it_stands(self):
        """«Når du er» is small words, which stand everywhere; what was asked for is where they stand together."""
        text = "Når er du klar? " + "Vent i gangen. " * 20 + "Når du er ferdig, melder du fra."

        parts = snippet(text, set(), said=[("nar", "du", "er")])

        assert hits(parts) == ["Når", "du", "er"]
        assert "ferdig" in shown(parts)

    def test_is_cut_between_words_and_says_so(self):
        """Half a word can be another word."""
        text = shown(snippet(LONG, keys("sykepleier")))

        assert text.startswith("… ")
        assert text.endswith(" …")
        assert set(text.strip("… ").split()) <= set(LONG.split())
        assert len(text) <= LENGTH + 4

    def test_without_any_of_the_words_is_the_beginning(self):
        """The title was asked for, and the text says what it is about."""
        parts = snippet(LONG, keys("tuberkulose"))

        assert shown(parts).startswith("Rutinen gjelder alle")
        assert hits(parts) == []

    def test_a_short_section_is_shown_whole(self):
        """There is nothing to leave out."""
        assert snippet("Ring 113.", ()) == (SnippetPart("Ring 113."),)
        assert snippet("", ()) == ()

    def test_carries_no_markup_of_its_own(self):
        """What is shown is text, so a page that escapes text is safe whatever the routine holds."""
        parts = snippet("<script>alert(1)</script> vold", keys("vold"))

        assert shown(parts) == "<script>alert(1)</script> vold"

    @given(st.text(max_size=600), st.sampled_from(["vold", "sykepleier", "a", "19"]), st.integers(40, 300))
    def test_shows_a_piece_of_the_text_and_nothing_else(self, text, word, length):
        """A snippet must never say what the routine does not."""
        whole = shown(snippet(text, keys(word), length))

        assert whole.removeprefix("… ").removesuffix(" …") in text
        assert len(whole) <= max(length, 40) + 44


class TestWhatIsFilledIn:
    TEXT = "Ring [Telefon til vakten] før du går inn, og igjen på [Telefon til vakten] når du er ute."

    def test_stands_where_it_was_to_be_filled_in(self):
        """
        A number that is there must not be hidden behind its name.
        """
        parts = filled_in(snippet(self.TEXT, {"ga"}), {"Telefon til vakten": "75 00 00 00"})

        assert shown(parts) == "Ring 75 00 00 00 før du går inn, og igjen på 75 00 00 00 når du er ute."
        assert hits(parts) == ["går"]

    def test_stands_after_a_name_that_was_asked_for(self):
        parts = filled_in(snippet(self.TEXT, {"telefon"}), {"Telefon til vakten": "75 00 00 00"})

        assert shown(parts).startswith("Ring [Telefon til vakten: 75 00 00 00] før")
        assert hits(parts) == ["Telefon", "Telefon"]

    def test_leaves_what_nobody_filled_in_and_what_was_cut(self):
        cut = (SnippetPart("… til vakten] eller [Annet] og [Telefon til …"),)

        assert filled_in(cut, {"Telefon til vakten": "75 00 00 00"}) == cut

    @given(st.lists(st.tuples(st.text("a[]b", max_size=9), st.booleans()), max_size=6))
    def test_changes_nothing_else(self, pieces):
        """
        Wherever the words that were asked for begin and end, every other letter stays, and stays a hit or none.
        """
        letters = [(letter, hit) for text, hit in pieces for letter in text]
        expected = []
        while letters:
            if [letter for letter, _ in letters[:3]] == list("[a]"):
                named = any(hit for _, hit in letters[:2])
                expected += [*letters[:2], *((one, False) for one in ": X]")] if named else [("X", False)]
                letters = letters[3:]
            else:
                expected.append(letters.pop(0))

        parts = filled_in([SnippetPart(text, hit) for text, hit in pieces], {"a": "X"})

        assert [(letter, part.hit) for part in parts for letter in part.text] == expected
