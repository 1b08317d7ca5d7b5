"""
How well compounds come apart, by the list of compounds and of words that only look like them.

The list was written by somebody who had not seen the splitter. Its compounds, with all their forms, are kept out of
the lexicon and of the word table: `tools/build_parts.py --without` says what the lexicon would be without them.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from samrutine.search.compounds import NEVER, Part, PartTable, Splitter
from samrutine.search.norwegian import fold, word_table

HERE = Path(__file__).parent
LIST = HERE / "compounds.tsv"
WITHOUT = HERE / "parts_without_compounds.tsv"


@dataclass(frozen=True)
class Result:
    precision: float
    recall: float
    simplex_split: int
    wrong: tuple[str, ...]

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)

    def __str__(self) -> str:
        figures = f"precision {self.precision:.3f}, recall {self.recall:.3f}, F1 {self.f1:.3f}"
        return f"{figures}, {self.simplex_split} words split that are none: {' '.join(self.wrong)}"


def read_list() -> list[tuple[str, list[str]]]:
    rows = [line.split("\t") for line in LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [(fold(word), [fold(part) for part in gold.split("|")]) for word, gold, *_ in rows]


def read_changes() -> dict[str, Part | None]:
    changes: dict[str, Part | None] = {}
    for line in WITHOUT.read_text("ascii").splitlines()[1:]:
        form, front, head, base = line.split("\t")
        known = Part(int(front or NEVER), int(head or NEVER), base)
        changes[form] = known if front or head else None
    return changes


def boundaries(parts: list[str]) -> set[int]:
    return {sum(map(len, parts[:number])) for number in range(1, len(parts))}


def judge(splitter: Splitter) -> Result:
    right = found = wanted = simplex_split = 0
    wrong = []
    for word, gold in read_list():
        split = splitter.split(word)
        parts = [word] if split is None else list(split.parts)
        ours, theirs = boundaries(parts), boundaries(gold)
        right += len(ours & theirs)
        found += len(ours)
        wanted += len(theirs)
        simplex_split += len(gold) == 1 and len(parts) > 1
        if ours != theirs:
            wrong.append("|".join(parts))
    return Result(right / found, right / wanted, simplex_split, tuple(wrong))


@pytest.fixture(scope="module")
def unknown() -> set[str]:
    named = {word for word, gold in read_list() if len(gold) > 1}
    return named | {lemma for word in named for lemma in word_table().lemmas(word)}


def test_compounds_that_no_list_has_come_apart_where_they_should(unknown):
    """Routines are named by compounds that somebody made last week."""

    def lemmas(form: str) -> tuple[str, ...]:
        return () if form in unknown else tuple(word for word in word_table().lemmas(form) if word not in unknown)

    result = judge(Splitter(PartTable(changed=read_changes()), lemmas))

    assert result.precision >= 0.97, str(result)
    assert result.f1 >= 0.95, str(result)
    assert result.simplex_split <= 6, str(result)


def test_compounds_that_the_dictionary_has_come_apart_too():
    """What the product itself does, with all that it knows."""
    result = judge(Splitter(PartTable(), word_table().lemmas))

    assert result.precision >= 0.97, str(result)
    assert result.f1 >= 0.95, str(result)
    assert result.simplex_split <= 6, str(result)


def test_the_list_of_changes_is_of_the_lexicon_that_is_shipped():
    """Else the figures would be of another lexicon. Make it anew: tools/build_parts.py says how."""
    assert PartTable().version in WITHOUT.read_text("ascii").partition("\n")[0]
    assert len(read_list()) >= 400
    assert sum(len(gold) == 1 for _, gold in read_list()) >= 100
