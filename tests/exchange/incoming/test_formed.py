"""Blocks that stay as they were written: only where the formatter would give the very same, and a reader see the same."""

import random
import time

import pytest

from samrutine.exchange.incoming import formed as module
from samrutine.exchange.incoming.formed import formed
from samrutine.exchange.incoming.seen import seen_words
from samrutine.procedures.canonical import canonical_body

SAFE = ("Legen", "ikke", "2–8", "°C", "38,5", "e-post", "kl.", "**Merk:**", "*straks*", "(se)", "a/b", "[^N]")
ODD = (
    *(
        "10.",
        "1)",
        "f.eks.",
        "_x_",
        "«x»",
        "-",
        "+",
        "=",
        ":",
        "www.x.example",
        "http://a.example",
        "a@b.example",
        "!",
        "[^N](x)",
    ),
    *(
        "\\*",
        "`k`",
        "x*y",
        "**",
        "&amp;",
        "e\u0301",
        "²",
        "#",
        "~~s~~",
        "{{felt}}",
        "[l](u)",
        "--",
        ".",
        "<b>",
        "\u00a0",
        "[^N][^N]",
    ),
)


class Chance:
    """Documents by chance, of what a document that came in can hold when it is written."""

    def __init__(self, seed):
        self._chance = random.Random(seed)

    def words(self):
        odd = ODD if self._chance.random() < 0.2 else ()
        return " ".join(self._chance.choice(SAFE + odd) for _ in range(self._chance.choice([1, 1, 2, 3, 5])))

    def items(self, depth=0):
        kind, start = self._chance.choice("--1*"), self._chance.choice([1, 1, 1, 2, 0, 8])
        lines = []
        for n in range(self._chance.choice([1, 2, 4]) if depth else self._chance.choice([1, 2, 3, 12])):
            mark = f"{start + n}." if kind == "1" else kind
            lines.append(f"{mark} {self._chance.choice(['', '', '', '[ ] ', '[x] '])}{self.words()}")
            if depth < 3 and self._chance.random() < 0.3:
                lines += [f"{' ' * (len(mark) + 1)}{line}" for line in self.items(depth + 1)]
        return lines

    def table(self):
        columns = range(self._chance.choice([1, 2, 3]))
        rows = [
            [self._chance.choice([self.words(), ""]) for _ in columns] for _ in range(self._chance.choice([1, 2, 3]))
        ]
        rows.insert(1, [self._chance.choice(["--", "-:", ":-:"]) for _ in columns])
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def block(self):
        kind = self._chance.random()
        if kind < 0.45:
            return self.words()
        if kind < 0.6:
            return f"{'#' * self._chance.choice([2, 3, 6])} {self.words()}"
        if kind < 0.8:
            return "\n".join(self.items())
        if kind < 0.92:
            return self.table()
        return self._chance.choice(
            ["---", "> Legen", "a\\\nb", "1. a\n\n1. b", "- a\n\n- b", "```\nx\n```", "1. a\n   2. b"]
        )

    def document(self):
        blocks, notes = [], 0
        for _ in range(self._chance.choice([1, 2, 3, 6, 12])):
            block = self.block()
            while "[^N]" in block:
                notes += 1
                block = block.replace("[^N]", f"[^{notes}]", 1)
            blocks.append(block)
        return blocks + [f"[^{n}]: {self.words().replace('[^N]', 'Legen')}" for n in range(1, notes + 1)]


def differs(seeds):
    """Give the documents that came out otherwise than by the formatter, and how many were told at once."""
    wrong, told = [], 0
    for seed in seeds:
        blocks = Chance(seed).document()
        made = formed(blocks)
        if made is not None:
            told += 1
            body, faults = canonical_body("\n\n".join(blocks), 1)
            if faults or made != (body, seen_words(body)):
                wrong.append(blocks)
    return wrong, told


def test_what_stays_as_it_was_written_is_what_the_formatter_gives():
    """
    An approval covers bytes: a document that came in by the short way must be the one that the long way gives.
    """
    wrong, told = differs(range(120))

    assert wrong == []
    assert told > 50


@pytest.mark.broad
def test_what_stays_as_it_was_written_is_what_the_formatter_gives_in_many_documents():
    """
    Marks mean something together that they do not mean alone; chance finds the pairs that nobody thought of.
    """
    wrong, _ = differs(range(1_000, 3_000))

    assert wrong == []


def test_a_plain_routine_never_meets_the_formatter(monkeypatch):
    """
    Hundreds of routines come in at once; the most of them is words, and they must not cost what marks cost.
    """
    monkeypatch.setattr(module, "canonical_body", None)
    blocks = [
        *("Ring **legen** ved 38,5 °C.[^1]", "## Ansvar", "- Vask hender\n  1. Tørk\n  2. Smør inn", "| Når | Hvem |\n| -- | -: |\n| 08:00 |  |"),
        "[^1]: Eller legevakten.",
    ]  # fmt: skip

    assert formed(blocks) == (
        "\n\n".join(blocks) + "\n",
        "Ring legen ved 38,5 °C.\nAnsvar\nVask hender\nTørk\nSmør inn\nNår\nHvem\n08:00\n\nEller legevakten.",
    )


@pytest.mark.parametrize(
    "blocks",
    [
        ["Se [^1]"],
        ["Legen", "[^1]: Ingen nevner den"],
        ["Se [^2] og [^1]", "[^1]: En", "[^2]: To"],
        ["[legen]: https://a.example", "Legen"],
        ["```\nåpen", "Legen"],
        ["<pre>", "Legen"],
        ["zqzxz", "a_b"],
        [],
    ],
    ids=["no note", "unused", "out of order", "a definition", "open code", "open tag", "the stand-in", "nothing"],
)
def test_what_reaches_past_its_block_goes_the_whole_way(blocks):
    """
    A note without a mark, or a code block that nobody closed, changes what stands far from it.
    """
    assert formed(blocks) is None


@pytest.mark.parametrize(
    "blocks",
    [
        ["- a\n- b", "- c"],
        ["1. a\n2. b", "3. c"],
        ["- a", "1. b"],
        ["- a\n- b_c", "- d\n- e"],
        ["- a", "x_y\\\n- c"],
        ["- a\n\n- b", "- c"],
    ],
    ids=["bullets", "numbers", "both", "one with a mark", "one after a line", "one with room"],
)
def test_lists_beside_each_other_are_left_to_the_formatter(blocks):
    """
    Two lists without a word between them are one list, or get other marks: neither can be told alone.
    """
    body, faults = canonical_body("\n\n".join(blocks), 1)

    assert faults == ()
    assert formed(blocks) in {None, (body, seen_words(body))}


@pytest.mark.parametrize("unit", ["a ", "**a** ", "[^1]", "a*", "(", "- ", "1. "], ids=repr)
def test_a_block_without_end_takes_no_time(unit):
    """
    A stranger's file must not hold the reader by a pattern that looks again from each letter.
    """
    block = unit * 60_000
    begin = time.process_time()

    module._seen(block)

    assert time.process_time() - begin < 1.0
