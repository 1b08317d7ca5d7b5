"""Where words stand on a page, and what is read of it: no word is lost and none is read twice, however they stand."""

import random

import pytest

from samrutine.exchange.incoming.pdf_layout import Table, blocks_of, lines_in, parts_of
from samrutine.exchange.incoming.pdf_words import PageWords, Rule, Word


def word(text, x, y, number, *, size=11.0, bold=False):
    """Set a word."""
    return Word(text, x, y - 2, x + 0.5 * size * len(text), y + 0.8 * size, y, size, bold, number)


def by_chance(seed):
    """Set words and rules anywhere: in rows and columns more often than not, as pages are."""
    chance = random.Random(seed)
    columns = [chance.uniform(40, 500) for _ in range(chance.randint(1, 5))]
    rows = [chance.uniform(40, 800) for _ in range(chance.randint(1, 30))]
    words = [
        word(
            f"ord{n}" if chance.random() < 0.8 else chance.choice(["•", "1.", "a.", "-"]),
            chance.choice(columns) + chance.choice([0, 0, 30, 60]), chance.choice(rows) + chance.choice([0, 0, 0, 4]), n,
            size=chance.choice([11, 11, 11, 7, 16]), bold=chance.random() < 0.2,
        )
        for n in range(chance.randint(1, 120))
    ]  # fmt: skip
    rules = [Rule(x, min(rows) - 5, x, max(rows) + 12) for x in columns if chance.random() < 0.4]
    rules += [Rule(min(columns) - 4, y - 4, max(columns) + 80, y - 4) for y in rows if chance.random() < 0.4]
    return PageWords(words, rules, ["DEMO"] if chance.random() < 0.1 else [])


def said(blocks):
    """Give each word that pandoc's blocks say, in order."""
    found = []
    waiting = [blocks]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if one["t"] == "Str":
                found.append(one["c"])
            waiting.append(one.get("c", []))
        elif isinstance(one, (list, tuple)):
            waiting += reversed(one)
    return found


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_each_word_is_read_once_wherever_it_stands(start):
    for seed in range(start, start + 50):
        page = by_chance(seed)

        parts = parts_of(page)

        numbers = sorted(each.number for line in lines_in(parts) for each in line.words if each.text != "DEMO")
        assert numbers == sorted(each.number for each in page.words), f"seed {seed}"
        wanted = sorted(each.text for each in page.words if each.text.startswith("ord"))
        assert sorted(text for text in said(blocks_of([parts])) if text.startswith("ord")) == wanted, f"seed {seed}"


def test_a_name_over_two_columns_stands_over_both():
    """
    "Adrenalin" over "Dose" and "Mengde": without it nobody knows of what.
    """
    cells = [("Alder", 70, 700), ("Adrenalin 1 mg/ml", 240, 700), ("Dose", 240, 685), ("Mengde", 320, 685)]
    cells += [("Voksen", 70, 660), ("0,5 mg", 240, 660), ("0,5 ml", 320, 660), ("Barn", 70, 640), ("0,3 mg", 240, 640), ("0,3 ml", 320, 640)]  # fmt: skip

    (table,) = parts_of(PageWords([word(text, x, y, n) for n, (text, x, y) in enumerate(cells)], [], []))

    assert isinstance(table, Table)
    assert table.columns == 3
    assert [(cell[0][0].text, cell[2]) for cell in table.rows[0]] == [("Alder", 1), ("Adrenalin 1 mg/ml", 2)]


def test_rules_part_the_rows_of_a_table_whose_cells_have_several_lines():
    """
    Without them the second line of a cell would be a row, with nobody's dose in it.
    """
    cells = [("Hvem", 70, 700), ("Frist", 300, 700), ("Den som skal", 70, 680), ("Innen to", 300, 680), ("begynne her", 70, 666), ("uker", 300, 666)]  # fmt: skip
    cells += [("Andre", 70, 640), ("Straks", 300, 640)]
    rules = [Rule(60, y, 500, y) for y in (712, 694, 655, 630)]

    (table,) = parts_of(PageWords([word(text, x, y, n) for n, (text, x, y) in enumerate(cells)], rules, []))

    shown = [[" ".join(line.text for line in cell[0]) for cell in row] for row in table.rows]
    assert shown == [["Hvem", "Frist"], ["Den som skal begynne her", "Innen to uker"], ["Andre", "Straks"]]
