"""`verify` from the shell: what a program reads, and what a person is told of a part."""

import shutil


def test_a_program_is_told_what_to_do_and_whether_repair_does_it(at, home_with_routine):
    """
    Whoever watches nine homes must know which of them only need a command.
    """
    shutil.rmtree(home_with_routine.path / "index")

    ran = at(home_with_routine, "verify", "--json")

    answer = ran.answer
    (fault,) = answer["faults"]
    assert ran.code == 6
    assert answer["clean"] is False
    assert (fault["code"], fault["healed_by_repair"]) == ("index-unusable", True)
    assert fault["text"]
    assert fault["remedy"]
    assert (answer["notes"], answer["since"]) == ([], None)


def test_a_part_is_said_to_be_a_part(at, home_with_routine):
    """
    «Alt stemmer» about the newest alone would put somebody to sleep.
    """
    whole = at(home_with_routine, "verify")
    part = at(home_with_routine, "verify", "--since", "30")

    said = "Fra beslutning 30 stemmer alt. Det som er eldre, er ikke sett på:"
    assert said not in whole.text
    assert said in part.text
    assert "Alt stemmer" not in part.text
    assert at(home_with_routine, "verify", "--since", "30", "--json").answer["since"] == 30
