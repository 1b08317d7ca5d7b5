"""What an id, a version number and a slug are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.errors import InvalidRequest
from samrutine.procedures.model import VersionNumber, procedure_id, slug_of


class TestIds:
    @pytest.mark.parametrize("value", ["a", "tb", "tuberkulosekontrollprogram", "smitte-2", "9", "a" * 80, "console"])
    def test_a_slug_is_an_id(self, value):
        """
        The id is the file's name, the address and what people type.
        """
        assert procedure_id(value) == value

    @pytest.mark.parametrize(
        "value",
        [
            "",
            ".",
            "..",
            ".git",
            "a/b",
            "a\\b",
            "A",
            "æ",
            "-a",
            "a-",
            "a--b",
            "a b",
            "a\n",
            "a\x00",
            "a" * 81,
            "a.md",
            "%2e",
        ],
    )
    def test_what_could_leave_the_folder_or_be_read_two_ways_is_no_id(self, value):
        """
        The id becomes a path in git and on nine municipalities' shares.
        """
        with pytest.raises(InvalidRequest):
            procedure_id(value)

    @pytest.mark.parametrize("value", ["con", "prn", "aux", "nul", "com1", "lpt9", "com0"])
    def test_a_name_that_windows_keeps_for_a_device_is_no_id(self, value):
        """
        Such a file cannot be written on a Windows share, where most municipalities publish.
        """
        with pytest.raises(InvalidRequest):
            procedure_id(value)

    def test_a_hostile_id_does_not_fill_the_message(self):
        """
        Messages go to logs and screens.
        """
        with pytest.raises(InvalidRequest) as refused:
            procedure_id("\x1b[31m" + "A" * 10_000)

        assert len(refused.value.text("nb")) < 400
        assert "\x1b" not in refused.value.text("nb")


class TestSlugs:
    @pytest.mark.parametrize(
        ("title", "slug"),
        [
            ("Først på øya", "forst-pa-oya"),
            ("Ærlig varsling", "aerlig-varsling"),
            ("Hábmera suohkan: ŋ, đ, ŧ, š, č, ž", "habmera-suohkan-n-d-t-s-c-z"),
            ("ŊÁĐŦ", "nadt"),
            ("Barn  som -- pårørende!", "barn-som-parorende"),
            ("CON", "con-tekst"),
            ("Straße", "strasse"),
            ("ｆｕｌｌ", "full"),
            ("TB-program 🦠 2026", "tb-program-2026"),
        ],
    )
    def test_a_title_becomes_an_id_that_can_be_read_aloud(self, title, slug):
        """
        People say the id on the phone.
        """
        assert slug_of(title) == slug

    @pytest.mark.parametrize("title", ["سلامة المرضى", "医療手順", "🙂🙂", "Αθήνα", "", "---", "\ud800"])
    def test_a_title_without_latin_letters_gets_a_stable_id_of_its_own(self, title):
        """
        A municipality may name a routine in the language of those who read it.
        """
        assert slug_of(title).startswith("tekst-")
        assert slug_of(title) == slug_of(title)
        assert slug_of(title) != slug_of(title + "و")

    def test_composed_and_decomposed_letters_give_the_same_id(self):
        """
        A Mac writes å as two characters; it is the same routine.
        """
        assert slug_of("Pa\u030aro\u0308rende") == slug_of("Pårörende")

    def test_a_long_title_is_cut_between_words(self):
        """
        Half a word at the end looks like a mistake.
        """
        slug = slug_of("svangerskapsomsorg " * 10)

        assert slug == "-".join(["svangerskapsomsorg"] * 4)

    @given(st.text())
    def test_every_title_gives_a_legal_id(self, title):
        """
        No title may stop an import of three hundred files.
        """
        assert procedure_id(slug_of(title))


class TestVersionNumbers:
    @given(st.integers(1, 999_999), st.integers(0, 999_999))
    def test_a_number_is_read_as_it_is_written(self, major, minor):
        """
        The number stands in documents, links and commits.
        """
        assert VersionNumber.parse(str(VersionNumber(major, minor))) == VersionNumber(major, minor)

    @pytest.mark.parametrize(
        "value", ["", "1", "0.1", "01.0", "1.00", "1.0.0", "v1.0", "1,0", " 1.0", "1.0\n", "١.٠", "-1.0"]
    )
    def test_anything_else_is_refused(self, value):
        """
        Two ways to write one version would be two versions to somebody.
        """
        with pytest.raises(InvalidRequest):
            VersionNumber.parse(value)

    def test_the_tenth_correction_comes_after_the_ninth(self):
        """
        Compared as text, 1.10 would come before 1.9.
        """
        assert VersionNumber.parse("1.10") > VersionNumber.parse("1.9")
        assert VersionNumber(1, 9).next_minor() == VersionNumber(1, 10)
        assert VersionNumber(1, 9).next_major() == VersionNumber(2, 0)
