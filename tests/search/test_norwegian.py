"""What counts as the same word, in bokmål, in nynorsk, and on a keyboard without æ, ø and å."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.search.blocks import MAGIC
from samrutine.search.norwegian import TABLE, WordTable, analysis_version, fold, keys, terms, word_table


def meet(one: str, other: str) -> bool:
    """Whether a search for one of them finds the other."""
    return bool(set(keys(one)) & set(keys(other)))


class TestFormsOfOneWord:
    @pytest.mark.parametrize(
        ("asked", "written"),
        [
            ("sykepleierne", "sykepleier"),
            ("sykepleier", "sykepleierne"),
            ("sykepleieres", "sykepleieren"),
            ("helsesykepleier", "helsesykepleieren"),
            ("lærer", "læreren"),
            ("rutiner", "rutinen"),
            ("legemidlene", "legemiddelet"),
            ("hendene", "hånd"),
            ("vakter", "vaktene"),
            ("alarmer", "alarmen"),
            ("vaksiner", "vaksine"),
            ("hender", "hånd"),
            ("kommunens", "kommunene"),
        ],
    )
    def test_any_form_finds_any_other_in_bokmal(self, asked, written):
        """Nobody thinks of which form the text has. A stemmer loses the commonest word here, "sykepleier"."""
        assert meet(asked, written)

    @pytest.mark.parametrize(
        ("asked", "written"),
        [
            ("pasientane", "pasientar"),
            ("pasientane", "pasientene"),
            ("brukarane", "brukar"),
            ("rutinane", "rutine"),
            ("kommunane", "kommunene"),
            ("helsestasjonar", "helsestasjonen"),
        ],
    )
    def test_nynorsk_forms_find_each_other_and_bokmal_where_the_word_is_the_same(self, asked, written):
        """Some of the municipalities write nynorsk, and read routines in bokmål."""
        assert meet(asked, written)

    @pytest.mark.parametrize(
        ("asked", "written"),
        [
            ("tuberkulosekontroll", "tuberkulosekontrollen"),
            ("voldsalarm", "voldsalarmene"),
            ("personalalarmen", "personalalarmer"),
            ("avviksmeldingenes", "avviksmelding"),
            ("sykehjemslegen", "sykehjemsleger"),
            ("institusjonslege", "institusjonslegen"),
            ("ansvarsvakt", "ansvarsvakten"),
        ],
    )
    def test_a_compound_that_no_dictionary_has_is_inflected_by_its_last_part(self, asked, written):
        """New compounds are made daily, and are what routines are named by."""
        assert not word_table().knows(fold(asked)) or not word_table().knows(fold(written))

        assert meet(asked, written)

    @pytest.mark.parametrize(
        "forms",
        [
            ("sykehjemslege", "sykehjemslegen", "sykehjemsleger"),
            ("institusjonslege", "institusjonslegene"),
            ("ansvarsvakt", "ansvarsvakten", "ansvarsvakter"),
        ],
    )
    def test_a_linking_s_is_of_the_front(self, forms):
        """Else «sykehjemslege» would be inflected as «slege», and its forms would not find each other."""
        assert {keys(form)[0] for form in forms} == {forms[0]}

    @pytest.mark.parametrize(("one", "other"), [("lege", "legge"), ("barn", "brann"), ("fall", "smittevern")])
    def test_different_words_stay_apart(self, one, other):
        """A search that finds everything finds nothing."""
        assert not meet(one, other)

    def test_the_word_itself_comes_before_other_readings(self):
        """«sykepleier» is also a form of the verb «sykepleie»; who types it means the nurse."""
        assert keys("sykepleier")[0] == "sykepleier"


class TestLetters:
    @pytest.mark.parametrize("typed", ["pårørende", "parorende", "paaroerende", "PÅRØRENDE", "Pårørande"])
    def test_a_keyboard_without_norwegian_letters_finds_the_same(self, typed):
        """On a borrowed phone or through a translator's keyboard, people write aa and oe, or leave the rings out."""
        assert meet(typed, "pårørende")

    def test_letters_written_as_letter_and_mark_are_the_same_letters(self):
        """Text copied from a PDF or a Mac has å as a and a ring."""
        assert keys(unicodedata.normalize("NFD", "pårørende")) == keys("pårørende")

    @pytest.mark.parametrize(
        ("text", "plain"),
        [("Ærlig", "aerlig"), ("Hábmer", "habmer"), ("Sørfold", "sorfold"), ("Čielgga", "cielgga"), ("ǿ", "o")],
    )
    def test_norwegian_and_sami_letters_become_plain_ones(self, text, plain):
        """The index has one spelling, whatever the keyboard."""
        assert fold(text) == plain

    @given(st.text(max_size=40))
    def test_folding_twice_is_folding_once(self, text):
        """The word table is folded when it is built, and the query when it is typed."""
        assert fold(fold(text)) == fold(text)


class TestWordsOfAText:
    def test_says_where_each_word_stands(self):
        """Hits are marked in the text as it was written."""
        text = "Ring Sykepleierne, straks!"

        found = [(term.original, term.lemma, text[term.start : term.end]) for term in terms(text)]

        assert found == [
            ("Ring", "ring", "Ring"),
            ("Sykepleierne", "sykepleier", "Sykepleierne"),
            ("straks", "straks", "straks"),
        ]

    @given(st.text(max_size=200))
    def test_every_word_is_where_it_is_said_to_be_and_they_come_in_order(self, text):
        """Whatever somebody pastes, the marks must not land in the middle of something else."""
        found = terms(text)

        assert all(text[term.start : term.end] == term.original != "" for term in found)
        assert all(one.end <= other.start for one, other in pairwise(found))

    @pytest.mark.parametrize(
        ("asked", "written"), [("epost", "e-post"), ("post", "e-post"), ("covid", "covid-19"), ("covid19", "covid-19")]
    )
    def test_a_hyphen_is_found_with_and_without(self, asked, written):
        """Nobody agrees on where hyphens go."""
        assert set(keys(asked)) & {key for term in terms(written) for key in term.keys}

    def test_a_section_number_does_not_become_another_number(self):
        """«§ 3-2» is not 32."""
        assert [term.keys for term in terms("§ 3-2")] == [("3",), ("2",)]

    @pytest.mark.parametrize("word", ["og", "i", "på", "eit", "ikkje", "Når"])
    def test_words_of_every_text_have_no_key(self, word):
        """They are in every section, so they tell nothing apart and make the index slow."""
        assert keys(word) == ()

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("pasienter med ME", True),
            ("ME hos barn", True),
            ("IKKE GI ME NOE", False),
            ("pasienter med meg", False),
            ("ME", False),
        ],
    )
    def test_a_small_word_in_capitals_among_others_is_a_short_form(self, text, found):
        """ME is an illness, where not all is shouted."""
        assert ("me" in {key for term in terms(text) for key in term.keys}) is found

    def test_hair_is_a_word_though_has_is_none(self):
        """What to leave out is decided on the letters as written, before rings are lost."""
        assert keys("har") == ()
        assert "har" in keys("hår")

    def test_an_endless_word_is_cut(self):
        """A key goes into the index, and ten thousand letters are no word."""
        assert all(len(key) <= 64 + 8 for key in keys("a" * 10_000))


class TestTheTable:
    def test_comes_with_the_licence_of_its_words(self):
        """The words are under the Open Database License, which asks for its notice and a source."""
        notice = (TABLE.parent / "LICENSE-words.txt").read_text(encoding="utf-8")

        assert "Open Database License" in notice
        assert "opendatacommons.org/licenses/odbl" in notice
        assert "simplemma" in notice

    def test_its_version_is_part_of_what_an_index_is_named_by(self):
        """An index made with other words would not answer today's queries."""
        assert word_table().version in analysis_version()

    def test_another_file_is_not_read_as_a_table(self, tmp_path):
        """A half-copied installation says so, instead of finding nothing."""
        other = tmp_path / "norwegian.words"
        other.write_bytes(b"x" * len(MAGIC) + b"more")

        with pytest.raises(ValueError, match="not a word table"):
            WordTable(other)

    def test_the_first_and_the_last_words_are_found(self):
        """Bisection goes wrong at the ends first."""
        table = word_table()

        assert table.lemmas("aa") or table.lemmas("abbedi")
        assert table.lemmas("zoologien") == ("zoologi",)
        assert table.lemmas("") == ()
        assert table.lemmas("zzzz") == ()
