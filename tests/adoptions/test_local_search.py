"""Search finds what the municipality itself has added and filled in, for those who may read it, and nobody else's."""

import pytest

from tests.support.stories import approve_with_everyone
from tests.support.texts import a_routine


def with_key_cabinet(library):
    library.adopt("handhygiene", "1841", by="beslutter.fauske")
    library.add_addition(
        "handhygiene", "1841", "framgangsmate", "practical-note", "Spriten står i **nøkkelskapet** på vaktrommet.",
        by="ansvarlig.fauske",
    )  # fmt: skip
    return library


@pytest.fixture
def fauske(any_library_with_routine):
    """`handhygiene` is in use in Fauske with an addition about a key cabinet."""
    return with_key_cabinet(any_library_with_routine)


def local(library, words, **where):
    return [(hit.procedure_id, hit.matched_words) for hit in library.search(words, **where).local]


@pytest.mark.parametrize("words", ["nøkkelskap", "nøkkelskapet", "skap", "vaktrom"])
@pytest.mark.parametrize("where", ["municipality", "mine"])
def test_an_addition_is_found_where_it_applies(fauske, words, where):
    """
    The nurse asks where the key is, and only her own municipality has said so.
    """
    answer = fauske.search(words, **{where: "Fauske"})

    assert [hit.procedure_id for hit in answer.local] == ["handhygiene"]
    assert "nøkkelskapet" in "".join(part.text for part in answer.local[0].snippet)
    assert answer.local[0].kind == "practical-note"


def test_an_addition_is_nobody_elses(fauske):
    """
    What Fauske does with its keys is no rule in Beiarn, nor in the shared library.
    """
    assert local(fauske, "nøkkelskap", municipality="Beiarn") == []
    assert local(fauske, "nøkkelskap") == []
    assert fauske.search("nøkkelskap").result.total == 0


def test_an_addition_that_was_dropped_is_found_no_more(fauske):
    """
    Words that were taken away are in no index, since they never were in one.
    """
    (one,) = fauske.additions("handhygiene")
    fauske.drop_addition(one.addition, by="ansvarlig.fauske", reason="Flyttet.")

    assert local(fauske, "nøkkelskap", municipality="Fauske") == []


def test_a_word_that_is_left_out_leaves_an_addition_out(fauske):
    """
    A minus means the same here.
    """
    assert local(fauske, "nøkkelskap -vaktrommet", municipality="Fauske") == []


class TestAsTheSharedTexts:
    @pytest.fixture
    def fauske(self, library_with_routine):
        """As above, on one database: nothing here asks SQL anything new."""
        return with_key_cabinet(library_with_routine)

    def test_phrases_stand_in_one_piece(self, fauske):
        """
        Quotation marks mean these words beside each other, also in what we have written ourselves; so does a minus before them.
        """
        for words in ('"nøkkelskapet på vaktrommet"', '"Står i nøkkelskapet" spriten'):
            (hit,) = fauske.search(words, municipality="Fauske").local
            assert hit.matched_words[0] == words.split('"')[1]
            assert hit.score > 0
        for words in (
            '"vaktrommet nøkkelskapet"', '"nøkkelskapet brannslange"', 'spriten "på taket"', 'spriten -"på vaktrommet"'
        ):  # fmt: skip
            assert local(fauske, words, municipality="Fauske") == [], words
        assert local(fauske, 'spriten -"vaktrommet på"', municipality="Fauske") != []

    def test_a_phrase_of_small_words_is_one_too(self, fauske):
        """Small words are in no index, and these texts are in none; where they stand they are found and marked."""
        fauske.add_addition(
            "handhygiene", "1841", "framgangsmate", "practical-note", "Ring når du er inne.", by="ansvarlig.fauske"
        )

        (hit,) = fauske.search('"når du er"', municipality="Fauske").local

        assert [part.text for part in hit.snippet if part.hit] == ["når", "du", "er"]
        assert local(fauske, '"er du når"', municipality="Fauske") == []

    def test_slips_and_half_words_are_understood(self, fauske):
        """
        Whoever has gloves on misspells our own words too.

        But some hundred texts lack most words there are, so a known word is no slip for one that they have, nor is a number.
        """
        for words in ("nøklskapet", "nøkkelskapt", "nøkkelsk", "vaktromet"):
            (hit,) = fauske.search(words, mine="Fauske").local
            assert hit.matched_words == (words,)
            assert any(part.hit for part in hit.snippet)
            assert hit.score > 0
        for words in ("sprint", "vaktromet7"):
            assert local(fauske, words, municipality="Fauske") == [], words

    def test_conditions_narrow_them(self, fauske):
        """
        Who asks for what is not in use, or was in use then, is not shown what is in use now.
        """
        here, ours, theirs = {"municipality": "Fauske"}, {"mine": "Fauske"}, {"mine": "Beiarn"}

        def found(condition, where):
            return bool(local(fauske, f"nøkkelskap {condition}", **where))

        shown = [
            ("gjelder:ja", here), ("-kommune:beiarn", ours), ("kommune:beiarn kommune:fauske", ours),
            ("kommune:fauske", theirs), ("kommune:fauske", {}), ("gjelder:fauske", {}),
        ]  # fmt: skip
        hidden = [
            ("gjelder:nei", here), ("gjelder:1.1.2020", here), ("gjelder:nei", ours), ("-kommune:fauske", ours),
            ("kommune:beiarn", ours), ("kommune:fauske gjelder:1.1.2020", {}), ("kommune:fauske kommune:beiarn", {}),
        ]  # fmt: skip
        assert [one for one in shown if not found(*one)] == []
        assert [one for one in hidden if found(*one)] == []


def test_local_information_is_found_by_its_name(any_library):
    """
    «Vakttelefon» is asked for more than any routine.
    """
    approve_with_everyone(
        any_library, a_routine("smitte", title="Smitte", required=["vakttelefon"], extra="Ring {{vakttelefon}}.")
    )
    any_library.set_local_information("smitte", "1841", {"vakttelefon": "75 60 00 00"}, by="ansvarlig.fauske")
    any_library.adopt("smitte", "1841", by="beslutter.fauske")

    (hit,) = any_library.search("vakttelefon", municipality="Fauske").local

    assert hit.kind == "local-information"
    assert "75 60 00 00" in "".join(part.text for part in hit.snippet)


def test_an_addition_to_what_one_may_not_read_is_not_found(any_library):
    """
    What is exempt is to others as if it were not there, and so is what was added to it.
    """
    library = any_library
    approve_with_everyone(library, a_routine("skap", title="Skapet", access="exempt"))
    library.adopt("skap", "1841", by="beslutter.fauske")
    library.add_addition(
        "skap", "1841", "framgangsmate", "practical-note", "Koden henger i nittini.", by="ansvarlig.fauske"
    )

    assert local(library, "nittini", municipality="Fauske") == []
    assert local(library, "nittini", municipality="Fauske", reader="ansatt.fauske") == []
    assert local(library, "nittini", municipality="Fauske", reader="beslutter.fauske") != []


class TestBesideSharedSections:
    @pytest.fixture
    def with_shared(self, library_with_routine):
        """Fauske has said where its heart starter hangs; a shared routine mentions such things in passing."""
        library = library_with_routine
        approve_with_everyone(
            library,
            a_routine("utstyr", title="Utstyr", extra="Hjertestarter, båre og mye annet kontrolleres hvert år av leverandøren."),
        )  # fmt: skip
        for routine in ("handhygiene", "utstyr"):
            library.adopt(routine, "1841", by="beslutter.fauske")
        library.add_addition(
            "handhygiene", "1841", "framgangsmate", "practical-note", "Hjertestarter: ved resepsjonen.",
            by="ansvarlig.fauske",
        )  # fmt: skip
        return library

    def test_an_addition_that_answers_better_comes_first(self, with_shared):
        """
        Where our own heart starter hangs is the answer; that all of them are looked at each year is not.
        """
        answer = with_shared.search("hjertestarter resepsjonen", mine="Fauske")

        assert [one.procedure_id for one in answer.in_order] == ["handhygiene", "utstyr"]
        assert answer.in_order[0].score > answer.in_order[1].score > 0

    def test_an_addition_with_one_word_of_many_comes_after(self, with_shared):
        """
        A word in passing is no answer, whoever said it.
        """
        answer = with_shared.search("utstyr hjertestarter båre kontrolleres leverandøren", mine="Fauske")

        assert [one.procedure_id for one in answer.in_order] == ["utstyr", "handhygiene"]
