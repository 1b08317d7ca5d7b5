"""Words that were searched for in vain, and suggestions, on the command line."""


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


def test_a_search_shows_facets_what_it_took_for_a_word_and_what_it_did_not_understand(at, home_with_routine):
    """
    «Viser treff for …» is how one sees that one was understood otherwise.
    """
    ran = at(home_with_routine, "search", "hygene", "tema:smitevren", "--facets", "--mine", "Fauske")

    assert "«hygene»: viser treff for «" in ran.text
    assert "Det er ikke avgrenset med «tema:smitevren»" in ran.err
    assert "Nærmest er «Smittevern»" in ran.err
    assert "Tema: smittevern (1)" in ran.text
    assert "Fagnettverk: Fagnettverk for smittevern (1)" in ran.text
