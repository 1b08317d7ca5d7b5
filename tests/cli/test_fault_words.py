"""People read names and words; codes are for programs."""

import pytest

from samrutine.cli.fault_words import done_in_words, error_again, in_words
from samrutine.errors import StoreDamaged
from samrutine.projections.faults import Done, Fault

NAMES = {"1841": "Fauske", "municipality:1841": "Fauske", "network:oppvekst": "Fagnettverk for oppvekst"}


@pytest.mark.parametrize(
    ("code", "detail", "said"),
    [
        ("answer", "1841 barnekoordinator", "(Fauske barnekoordinator)"),
        ("answer", "1841 barnekoordinator", "Svaret for Fauske barnekoordinator"),
        ("role", "a-1f0c2d3e4b network:oppvekst", "(a-1f0c2d3e4b Fagnettverk for oppvekst)"),
        ("total", "decisions", "Totalen for beslutninger"),
        ("unreadable", "main git NoSuchPathError", "(main git finnes ikke)"),
        ("unreadable", "version_faults KeyError", "(versjonene kan ikke leses)"),
        ("chain-hash", "1841", "Beslutning 1841 er"),
        ("words-place", "None b61717", "– b61717"),
    ],
)
def test_a_fault_is_told_in_words(code, detail, said):
    """
    «1841 barnekoordinator» sends whoever is woken by it to a list of municipalities' numbers.
    """
    told = in_words(Fault(code, detail), NAMES, "nb")

    assert said.strip("()") in told


def test_what_a_projection_stumbled_over_is_told_in_the_readers_language():
    """
    It is kept in English, for logs; the one who asks for the status reads Norwegian.
    """
    error = StoreDamaged(store="git", detail="main 1a2b")

    assert error_again(str(error), "nb") == error.text("nb")
    assert error_again("disk I/O error", "nb") == "disk I/O error"


@pytest.mark.parametrize(
    ("code", "detail", "said"),
    [
        ("rows", "total", "Rettet: totaler."),
        ("consumer", "index@maskin", "Rettet: søkeindeksen er laget på nytt etter beslutningene."),
        (
            "aside",
            "library.git refs/samrutine/set-aside/1a2b",
            "Lagt til side i library.git refs/samrutine/set-aside/1a2b",
        ),
    ],
)
def test_what_repair_put_right_is_told_in_words(code, detail, said):
    """
    Whoever answers for the library must be able to write down what was changed.
    """
    assert done_in_words(Done(code, detail), NAMES, "nb") == said
