"""The script of the guide to the night does things in the order that keeps what is good, and says what went wrong."""

import os
import subprocess
from pathlib import Path

import pytest

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
STUB = '#!/bin/sh\necho "$*" >>"$CALLS"\ncase "$*" in $FAILS) echo "noe er galt"; exit ${CODE:-6};; esac\n'


@pytest.fixture
def night(tmp_path):
    """Run the night where the command given fails, on a day of the week; gives the code, what was said and what was done."""

    def ran(fails="", day="3", with_code=6):
        tools, calls = tmp_path / "bin", tmp_path / "calls"
        tools.mkdir(exist_ok=True)
        for name, words in {"samrutine": STUB, "date": f"#!/bin/sh\necho {day}\n"}.items():
            (tools / name).write_text(words)
            (tools / name).chmod(0o755)
        settings = {
            "PATH": f"{tools}:{os.environ['PATH']}", "CALLS": str(calls), "FAILS": fails, "CODE": str(with_code), "SAMRUTINE_HOME": "bibliotek",
            "KOPI": "/kopi", "PUBLISERER": "a.fauske a.meloy", "KONTROLLPUNKT": "ja", "BREV": "ja",
        }  # fmt: skip
        done = subprocess.run(["sh", GUIDES / "natt.sh"], env=settings, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr, calls.read_text().splitlines()

    return ran


def test_a_good_night_is_silent_and_looks_before_it_spreads(night):
    """
    What is published, signed and copied is what was there; so it is looked at first.
    """
    code, said, done = night()

    assert (code, said) == (0, "")
    assert done == [
        "verify", "maintain", "backup /kopi --keep 60", "--as a.fauske publish --all", "--as a.meloy publish --all",
        "checkpoint", "letters send", "doctor",
    ]  # fmt: skip


@pytest.mark.parametrize("fails", ["verify", "maintain"])
def test_where_something_is_found_nothing_is_spread_and_no_older_copy_goes(night, fails):
    """
    Sixty nights of a damaged library leave no copy of the good one.
    """
    code, said, done = night(fails)

    assert code == 1
    assert f"== samrutine {fails}\nnoe er galt\nKode 6" in said
    assert done[-2:] == ["backup /kopi", "doctor"]
    assert not any("publish" in one or one == "checkpoint" or "--keep" in one for one in done)


def test_a_copy_that_was_changed_in_one_municipality_does_not_hold_up_the_others(night):
    """
    Nine municipalities publish by one night; each may be written in by its own people.
    """
    code, said, done = night("verify", with_code=5)

    assert code == 1
    assert "== samrutine verify\nnoe er galt\nKode 5" in said
    assert done[-6:] == [
        "backup /kopi --keep 60", "--as a.fauske publish --all", "--as a.meloy publish --all", "checkpoint",
        "letters send", "doctor",
    ]  # fmt: skip


def test_one_that_fails_does_not_hold_up_the_others(night):
    """
    A share that is down in Fauske must not keep Meløy waiting.
    """
    code, said, done = night("*a.fauske publish*")

    assert code == 1
    assert "Kode 6" in said
    assert done[-4:] == ["--as a.meloy publish --all", "checkpoint", "letters send", "doctor"]


def test_says_once_a_week_that_it_lives_and_reads_the_whole_database_then(night):
    """
    Silence is also what a machine that stands still says.
    """
    code, said, done = night(day="7")

    assert code == 0
    assert "== samrutine verify" in said
    assert "maintain --whole" in done


def test_the_guide_shows_the_script_that_is_tried():
    """
    A copy that is pasted must be the one that works.
    """
    assert f"```sh\n{(GUIDES / 'natt.sh').read_text()}```" in (GUIDES / "hver-natt.md").read_text()
