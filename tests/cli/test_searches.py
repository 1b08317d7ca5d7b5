"""Words that were searched for in vain, and suggestions, on the command line."""

from dataclasses import replace

import pytest

from samrutine import Library


def test_the_command_shows_words_and_counts(at, home_with_routine):
    """
    One line a subject, the most missed first.
    """
    nothing = at(home_with_routine, "wish", "searches", by="redaktor")
    at(home_with_routine, "search", "tannhelse")
    ran = at(home_with_routine, "wish", "searches", by="redaktor")

    assert "Ingen søk uten treff" in nothing.out
    assert "tannhelse" in ran.out
    assert "samrutine wish make" in ran.out


def test_suggestions_and_completions_are_shown(at, home_with_routine):
    """
    What a page shows under the box can be tried without one.
    """
    ran = at(home_with_routine, "suggest", "håndh")
    condition = at(home_with_routine, "suggest", "hendene", "tema:smi")

    assert "Håndhygiene  [handhygiene]" in ran.out
    assert "hendene tema:Smittevern" in condition.out
    assert at(home_with_routine, "suggest", "hendene", "temma:").out.splitlines() == ["hendene tema:"]
    assert at(home_with_routine, "suggest", "zzzzz").out.splitlines() == ["Ingen forslag."]


def test_a_search_shows_facets_what_it_took_for_a_word_and_what_it_did_not_understand(at, home_with_routine):
    """
    «Viser treff for …» is how one sees that one was understood otherwise.
    """
    ran = at(home_with_routine, "search", "hygene", "tema:smitevren", "--facets", "--mine", "Fauske")

    assert "«hygene»: viser treff for «" in ran.text
    assert "«tema:smitevren» er ikke brukt" in ran.err
    assert "Mente du «Smittevern»?" in ran.err
    assert "Tema: smittevern (1)" in ran.text
    assert "Fagnettverk: Fagnettverk for smittevern (1)" in ran.text


def test_words_that_no_hit_has_are_said(at, home_with_routine):
    """
    A routine about washing hands is no answer about a vaccine that nobody has written of, and must not look like one.
    """
    ran = at(home_with_routine, "search", "hender", "gardasil")
    several = at(home_with_routine, "search", "hender", "gardasil", "zzyzx")
    slip = at(home_with_routine, "search", "hender", "hygene")
    plainly = at(home_with_routine, "search", "hender", "gardasil", "--json")
    nothing = at(home_with_routine, "search", "gardasil", "--json")

    assert "Ingen av treffene som vises, har ordet «gardasil»." in ran.text
    assert "har ordene «gardasil», «zzyzx»." in several.text
    assert plainly.answer["missing"] == ["gardasil"]
    assert "Ingen av treffene" not in slip.text
    assert (nothing.answer["hits"], nothing.answer["missing"]) == ([], [])


def test_a_hit_without_the_word_that_tells_most_says_so(at, home_with_routine, monkeypatch):
    """
    Whoever asks about batteries in alarms must see which hits are about alarms alone, and is not told twice of what none has.
    """
    really_search = Library.search
    lacking = ("hygiene",)

    def without(self, *words, **asked):
        answer = really_search(self, *words, **asked)
        first = replace(answer.result.hits[0], lacking=lacking)
        return replace(answer, result=replace(answer.result, hits=(first,)))

    monkeypatch.setattr(Library, "search", without)
    said = at(home_with_routine, "search", "hender", "hygiene")
    plainly = at(home_with_routine, "search", "hender", "hygiene", "--json").answer
    lacking = ("gardasil",)
    once = at(home_with_routine, "search", "hender", "gardasil")

    assert "«hygiene» står ikke i denne delen" in said.text
    assert plainly["hits"][0]["lacking"] == ["hygiene"]
    assert "ikke i denne delen" not in once.text


def test_what_is_only_mentioned_is_said_to_be(at, home_with_routine):
    """
    Where nobody has written of falls, a routine that says «i så fall» stands first, and must not look like the one asked for.
    """
    mentioned = at(home_with_routine, "search", "meld")
    named = at(home_with_routine, "search", "hendene")
    plainly = at(home_with_routine, "search", "meld", "--json").answer

    said = "Det du søkte etter, er bare nevnt i teksten"
    assert (said in mentioned.text, said in named.text) == (True, False)
    assert (plainly["only_mentioned"], plainly["hits"][0]["in_passing"]) == (True, True)


def test_an_answer_of_ones_own_is_an_answer(at, home_with_routine):
    """
    «Fant ingenting» below the key cabinet, and the cabinet among what nobody has written of, were both untrue.
    """
    at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")
    at(
        home_with_routine, "addition", "add", "handhygiene", "-m", "Fauske", "--text", "Spriten står i nøkkelskapet.",
        by="ansvarlig.fauske",
    )  # fmt: skip

    ran = at(home_with_routine, "search", "nøkkelskap", "-m", "Fauske")
    more = at(home_with_routine, "search", "nøkkelskap", "tannhelse", "-m", "Fauske")
    in_vain = at(home_with_routine, "wish", "searches", by="redaktor")

    assert "nøkkelskapet" in ran.text
    assert "Fant ingenting" not in ran.text
    assert "Ingen av treffene som vises, har ordet «tannhelse»." in more.text
    assert "nokkelskap tannhelse 1" in in_vain.text
    assert in_vain.text.count("nokkelskap") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kommune:oslo", "«oslo» er ikke med i biblioteket"),
        ("gjelder:32.1.2026", "32.1.2026 er ingen dato"),
        ("gjelder:kanskje", "Velg mellom ja, nei, "),
    ],
)
def test_what_is_near_nothing_is_said_to_be_near_nothing(at, home_with_routine, typed, said):
    """
    «Nærmest er Fauske» of Oslo is no help, and of a day that is none still less.
    """
    ran = at(home_with_routine, "search", "hendene", typed)

    assert said in ran.err
    assert "Mente du" not in ran.err


def test_the_heading_says_what_does_not_apply_too(at, home_with_routine):
    """
    «Gjelder i Beiarn» over what Beiarn has ended would have somebody follow it.
    """
    ran = at(home_with_routine, "search", "hendene", "gjelder:nei", "-m", "Beiarn")

    assert "(gjelder ikke i Beiarn)" in ran.out
    assert "gjelder i Beiarn" not in ran.out


def test_a_search_in_vain_says_what_to_do_next(at, home_with_routine):
    """
    Nobody can write fewer words than one.
    """
    ran = at(home_with_routine, "search", "hva", "er", "tannhelse")

    assert "Prøv et annet ord." in ran.out
    assert "samrutine wish make" in ran.out
    assert "Små ord og spørreord er ikke søkt etter: hva, er." in ran.err


@pytest.mark.parametrize(
    "typed",
    [
        ["-hendene", "håndhygiene"],
        ["håndhygiene", "-hendene"],
        ["håndhygiene", "--", "-hendene"],
        ["håndhygiene", "-vask hendene"],
        ["håndhygiene", "-m", "Fauske", "-hendene"],
    ],
    ids=["first", "last", "after the end of options", "an expression", "beside an option"],
)
def test_a_word_with_a_minus_before_it_is_left_out(at, home_with_routine, typed):
    """
    «-mobbing» is what the help says, and no municipality called «obbing».
    """
    ran = at(home_with_routine, "search", *typed)
    with_it = at(home_with_routine, "search", "håndhygiene")

    assert ran.code == 0
    assert with_it.out.count("[handhygiene") >= 1
    assert "hendene" not in ran.out
    assert ran.out != with_it.out


def test_an_option_of_a_search_is_still_one(at, home_with_routine):
    """
    A value that begins with a minus belongs to its option, and one letter is an option's.
    """
    known = at(home_with_routine, "search", "håndhygiene", "-m", "Fauske")
    unknown = at(home_with_routine, "search", "håndhygiene", "-m", "-mobbing")
    letter = at(home_with_routine, "search", "håndhygiene", "-x")

    assert "Fauske" in known.out
    assert unknown.code != 0
    assert letter.code == 2
    assert 'samrutine search -- "-' in letter.err
