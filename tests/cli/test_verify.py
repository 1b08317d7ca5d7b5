"""`verify` from the shell: what a program reads, and what a person is told of a part."""

import contextlib
import re
import shutil
import sqlite3
import subprocess

import pytest

from samrutine import Library
from samrutine.projections.verify import Fault, Verified


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


@pytest.mark.parametrize("since", ["x", "0", "-3", "9999", "1e3"])
def test_a_number_that_no_decision_has_is_shown_with_those_there_are(at, home_with_routine, since):
    """
    Whoever mistypes it must not guess at how far the chain goes.
    """
    ran = at(home_with_routine, "verify", f"--since={since}")

    assert ran.code == 2
    assert f"Det finnes ingen beslutning med nummeret «{since}»." in ran.err
    assert re.search(r"Skriv et nummer fra 1 til [1-9][0-9]+\.", ran.err)


@pytest.mark.parametrize(
    ("codes", "code", "said"),
    [
        (["copy-changed", "package-damaged"], 5, "Selve biblioteket stemmer."),
        (["copy-changed", "target"], 6, None),
        (["chain-hash"], 6, "Resten er ikke sett på, fordi kjeden er brutt."),
    ],
    ids=["only copies", "also the library", "a broken chain"],
)
def test_how_far_the_faults_reach_is_said_and_is_the_exit_code(at, home_with_routine, monkeypatch, codes, code, said):
    """
    The night goes on when the library is sound; and an answer that stopped early must not pass for a short one.
    """
    found = Verified(tuple(Fault(one, "7") for one in codes), 41, 1, "1:0")
    monkeypatch.setattr(Library, "verify", lambda _, **__: found)

    ran = at(home_with_routine, "verify")

    assert ran.code == code
    for sentence in ("Selve biblioteket stemmer.", "Resten er ikke sett på, fordi kjeden er brutt."):
        assert (sentence in ran.text) == (sentence == said)


def test_repair_tells_what_it_did_and_where_it_put_the_rest(at, home_with_routine):
    """
    «Alt stemmer» alone hides that a strange branch was there, and where it is now.
    """
    git = ["git", "--git-dir", str(home_with_routine.path / "library.git")]
    subprocess.run([*git, "update-ref", "refs/heads/annen", "refs/heads/main"], check=True)
    with contextlib.closing(sqlite3.connect(home_with_routine.path / "samrutine.db")) as connection:
        connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'decisions'")
        connection.commit()

    ran = at(home_with_routine, "repair", "--json")
    again = at(home_with_routine, "repair")

    told = [one["text"] for one in ran.answer["done"]]
    assert ran.code == 0
    assert told[0] == "Rettet: totaler."
    assert told[1].startswith("Lagt til side i library.git refs/samrutine/set-aside/")
    assert len(told) == 2
    assert "Det var ingenting å rette." in again.text


def test_repair_tells_nobody_to_run_repair(at, home_with_routine):
    """
    Advice that was just followed sends people round in a circle.
    """
    with contextlib.closing(sqlite3.connect(home_with_routine.path / "samrutine.db")) as connection:
        connection.execute("UPDATE chain_head SET number = number - 1")
        connection.execute("UPDATE words SET content = x'00' WHERE digest = (SELECT digest FROM procedure LIMIT 1)")
        connection.commit()

    ran = at(home_with_routine, "repair")

    assert ran.code == 6
    assert "Ikke rettet, fordi kjeden er brutt." in ran.text
    assert "Kjør `samrutine repair`" not in ran.text
    assert re.search(r"Ordene bak [a-z-]+ [0-9.]+ er endret", ran.text)
    assert "Resten er ikke sett på, fordi kjeden er brutt." in ran.text
