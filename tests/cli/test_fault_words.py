"""People read names and words; codes are for programs."""

import pytest

from samrutine.cli.fault_words import done_in_words, error_again, gathered, in_words
from samrutine.errors import StoreDamaged
from samrutine.projections.faults import Done, Fault

NAMES = {
    "1841": "Fauske",
    "municipality:1841": "Fauske",
    "network:oppvekst": "Fagnettverk for oppvekst",
    "1:" + "a" * 64: "vaktskifte 1.0",
}


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
        (
            "answer",
            "1841 barnekoordinator declined in-use",
            "Fauske barnekoordinator (det står «tas ikke i bruk», og det er besluttet «tatt i bruk»)",
        ),
        ("role", "a-1f0c2d3e4b municipality:1841 decider", "(beslutter i Fauske)"),
        ("chain-head", "1841 1842", "(hodet viser beslutning 1841, og den siste er 1842)"),
        ("chain-head", "1841 1841", "(hodet viser beslutning 1841, men med en annen kontrollsum)"),
        ("words-changed", "1:" + "a" * 64, "Ordene bak vaktskifte 1.0 er endret"),
        ("git-objects", "library.git 977", "library.git: 977 meldinger"),
        ("unreadable", "main git rev-list 128", "grenen main kan ikke leses i git"),
        ("unreadable", "git rev-list 128", "noe kan ikke leses i git"),
        ("behind", "index@maskin 1839 1841", "(søkeindeksen er kommet til 1839 av 1841)"),
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


def test_what_git_says_of_each_object_is_one_line_for_a_repository():
    """
    A lost pack gives a thousand lines of English, and hides the one beside them that matters.
    """
    said = [Fault("git-objects", f"library.git missing blob {number}") for number in range(9)]
    faults = [*said, Fault("git-objects", "restricted.git broken link"), Fault("answer", "1841 vakt")]

    assert gathered(faults) == [
        Fault("git-objects", "library.git 9"), Fault("git-objects", "restricted.git 1"), Fault("answer", "1841 vakt"),
    ]  # fmt: skip
