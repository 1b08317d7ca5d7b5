"""Short forms and other names of the shipped vocabulary, as people type them."""

from pathlib import Path

import pytest
from section_builders import a_section

from samrutine.networks.library_files import FILES, read_library
from samrutine.search.engine import Engine
from samrutine.search.meanings import Meanings
from samrutine.search.model import TakenAs
from samrutine.search.norwegian import STOP_WORDS
from samrutine.search.query import parse

SHIPPED = Path(__file__).parents[2] / "library"


@pytest.fixture(scope="module")
def vocabulary():
    return read_library({name: (SHIPPED / name).read_bytes() for name in FILES}).vocabulary


@pytest.fixture(scope="module")
def meanings(vocabulary):
    return Meanings.of(vocabulary)


def means(meanings, typed):
    """Give what a query, or the words in it, may mean."""
    words = [word.keys for word in parse(typed).words]
    alone = [meaning.keys for keys in words for meaning in meanings.of_word(keys)]
    return [*alone, *(meaning.keys for said in meanings.said(words) for meaning in said.meanings)]


def test_work_in_small_letters_beside_other_words(vocabulary, meanings):
    """
    On a phone nobody shifts for each letter. Only what is a Norwegian word in small letters is that word ("me", "du").
    """
    lost = [
        each.short
        for each in vocabulary.abbreviations
        if "." not in each.short and each.short.lower() not in STOP_WORDS
        if not means(meanings, f"{each.short.lower()} opplæring")
    ]

    assert lost == []


def test_in_capitals_may_be_spelt_like_small_words(vocabulary, meanings):
    """
    «ME» is an illness where «me» is «vi»; in a question that is shouted, nobody can tell.
    """
    spelt_so = [each.short for each in vocabulary.abbreviations if each.short.lower() in STOP_WORDS]

    assert spelt_so
    assert [short for short in spelt_so if not means(meanings, f"{short} oppfølging")] == []
    assert parse("HVA GJØR ME NÅ").words == ()
    assert parse("ME").words


def test_find_what_they_stand_for(meanings, tmp_path):
    """
    Both words count, and the short form for most.
    """
    engine = Engine(tmp_path, meanings=lambda: meanings)
    engine.rebuild(
        [
            a_section("annet", "Opplæring i noe annet."),
            a_section("hlr", "Opplæring i hjerte-lungeredning."),
            a_section("me", "Oppfølging av pasient med myalgisk encefalopati."),
        ],
        1,
    )

    assert engine.search(parse("hlr opplæring")).hits[0].procedure_id == "hlr"
    assert engine.search(parse("ME oppfølging")).hits[0].procedure_id == "me"


def test_spelt_like_small_words_are_found_where_a_text_has_them_in_capitals(tmp_path):
    """
    No vocabulary has to know them.
    """
    engine = Engine(tmp_path)
    engine.rebuild([a_section("me", "Pasienter med ME i hjemmet."), a_section("meg", "Ta det med meg.")], 1)

    (hit,) = engine.search(parse("ME")).hits
    assert hit.procedure_id == "me"
    assert [part.text for part in hit.snippet if part.hit] == ["ME"]


@pytest.mark.parametrize("typed", ["BUP", "bup", "PUMPU"])
def test_are_no_slip_of_the_hand_for_another_word(typed, meanings, tmp_path):
    """
    Whoever asks for BUP is not helped by those who bring messages, and letters in capitals that we do not know are a name, and no pump.
    """
    engine = Engine(tmp_path, meanings=lambda: meanings)
    engine.rebuild([a_section("bud", "Budbringeren tar bussen til pumpa.")], 1)

    assert engine.search(parse(typed)).hits == ()


def test_shouted_slips_are_repaired_all_the_same(meanings, tmp_path):
    """
    With the shift lock down, all that is typed is in capitals, and it says nothing of what is a short form.
    """
    engine = Engine(tmp_path, meanings=lambda: meanings)
    engine.rebuild([a_section("vekt", "Vekten måles hver uke.")], 1)

    assert engine.search(parse("MÅLE VEKTT")).hits
    assert engine.search(parse("VEKKTEN NYTT")).hits


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("ny på jobb", "Nyansatte får nøkler."),
        ("medisinfeil", "Legemiddelfeil meldes."),
        ("jeg ble stukket av en sprøyte", "Stikkskader meldes."),
        ("GDPR", "Personvern er alles ansvar."),
        ("postpartum", "Barseltida er sårbar."),
    ],
)
def test_what_staff_say_finds_what_the_text_says(typed, text, meanings, tmp_path):
    """
    Nobody who needs the routine knows which of the words its author chose.
    """
    engine = Engine(tmp_path, meanings=lambda: meanings)
    engine.rebuild([a_section("annet", "Mat serveres klokka to."), a_section("riktig", text)], 1)

    assert [hit.procedure_id for hit in engine.search(parse(typed)).hits] == ["riktig"]


def test_to_see_to_something_is_no_grief(meanings, tmp_path):
    """
    In routines, nearly all who «sørger» do so for something, and nobody in grief is helped by them.
    """
    engine = Engine(tmp_path, meanings=lambda: meanings)
    engine.rebuild([a_section("vakt", "Leder sørger for vakt."), a_section("samtale", "Snakk om sorgen.")], 1)

    first, second = engine.search(parse("sorg")).hits
    assert (first.procedure_id, second.procedure_id) == ("samtale", "vakt")
    assert second.score < first.score / 2
    assert [taken.how for taken in second.why] == [TakenAs.SPELLING]
