"""
Libraries of any size for benches of search, grown out of real Norwegian texts, and what is asked of them.

The sentences of real texts are shuffled into sections with the lengths of real sections, under real headings and titles. Said
again and again they would have no more words than the first thousand sections, and an index of few words is no measure of one of
many. So words are put in by Heaps' law, with the numbers that the texts themselves show: compounds of two of their words, as
Norwegian makes them, half of them said again. The same seed gives the same library.
"""

import json
import math
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.search_files import VERSION, File, files_in
from samrutine.networks.model import NetworkId
from samrutine.procedures.model import Digest, Kind, Language, ProcedureId
from samrutine.search.model import SectionEntry
from samrutine.search.norwegian import QUESTION_WORDS, STOP_WORDS, fold
from samrutine.search.snippet import plain

SEED: Final = 5
QUERIES: Final = 200
PHRASES: Final = 16
REPAIRED: Final = 40
"""How many of the queries have a word that is misspelt."""
SUBJECTS: Final = (
    "smittevern",
    "psykisk-helse",
    "rus",
    "skole",
    "helsestasjon",
    "ledelse",
    "kvalitet",
    "hjemmetjeneste",
)

_WORD: Final = re.compile(r"[^\W\d_]+")
_SENTENCE: Final = re.compile(r"(?<=[.!?:])\s+(?=[A-ZÆØÅ0-9«–-])")


@dataclass(frozen=True, slots=True)
class Source:
    """What real texts have: titles, headings, sentences, lengths of sections in words, and how many sections a text has."""

    titles: tuple[str, ...]
    headings: tuple[str, ...]
    sentences: tuple[str, ...]
    lengths: tuple[int, ...]
    sections: tuple[int, ...]

    @classmethod
    def of(cls, files: Iterable[File]) -> "Source":
        """Take them from files."""
        titles, headings, sentences, lengths, sections = [], [], [], [], []
        for file in files:
            titles.append(file.entries[0].title)
            sections.append(len(file.entries))
            for entry in file.entries:
                text = plain(entry.text)
                headings.append(entry.heading or entry.title)
                lengths.append(min(len(text.split()), 600))
                sentences += [one for one in _SENTENCE.split(text) if one.strip()]
        return cls(tuple(titles), tuple(headings), tuple(sentences), tuple(lengths), tuple(sections))

    @classmethod
    def in_folders(cls, folders: Sequence[Path]) -> "Source":
        """Take them from folders of Markdown."""
        return cls.of(file for folder in folders for file in files_in(folder))

    def heaps(self) -> tuple[float, float]:
        """Measure K and beta of V = K * n^beta, from a quarter of the words and from all of them, in an order by chance."""
        chance = random.Random(SEED)  # noqa: S311  the same each time
        words = [
            word for one in chance.sample(self.sentences, len(self.sentences)) for word in _WORD.findall(one.lower())
        ]
        quarter = len(words) // 4
        few, all_of_them = len(set(words[:quarter])), len(set(words))
        beta = math.log(all_of_them / max(few, 1)) / math.log(4)
        return all_of_them / len(words) ** beta, beta


class Growing:
    """Makes one routine after the other, and counts the words said."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._chance = random.Random(SEED)  # noqa: S311  the same each time
        self._k, self._beta = source.heaps()
        words = Counter(word for one in source.sentences for word in _WORD.findall(one.lower()))
        self._parts = sorted(word for word in words if 4 <= len(word) <= 14 and word not in STOP_WORDS)
        self._invented: list[str] = []
        self.said = 0
        self.vocabulary: set[str] = set()

    def routines(self, sections: int) -> Iterator[dict[str, Any]]:
        """Give routines, as rows of JSON, until they have so many sections together."""
        number = 0
        while sections > 0:
            number += 1
            count = min(sections, max(1, self._chance.choice(self._source.sections)))
            sections -= count
            yield self._routine(number, count)

    def _routine(self, number: int, count: int) -> dict[str, Any]:
        chance = self._chance
        title = chance.choice(self._source.titles)
        # Routines of one library have titles of their own.
        title = f"{title} – {self._compound()}" if number > len(self._source.titles) else title
        return {
            "id": f"rutine-{number:06d}",
            "title": title,
            "subjects": chance.sample(SUBJECTS, chance.randint(1, 2)),
            "kind": chance.choice(list(Kind)).value,
            "sections": [
                [f"del-{at}", chance.choice(self._source.headings), self._text(chance.choice(self._source.lengths))]
                for at in range(1, count + 1)
            ],
        }

    def _text(self, length: int) -> str:
        words: list[str] = []
        while len(words) < length:
            words += self._chance.choice(self._source.sentences).split(" ")
        for word in words:
            self.vocabulary.update(_WORD.findall(word.lower()))
        self.said += len(words)
        lacking = int(self._k * self.said**self._beta) - len(self.vocabulary)
        for _ in range(min(lacking, len(words) // 4)):
            at = self._chance.randrange(len(words))
            words[at] = self._compound()
            if self._invented and len(words) > 8:
                words[self._chance.randrange(len(words))] = self._chance.choice(self._invented)
            self._invented.append(words[at])
            self.vocabulary.add(words[at])
        return " ".join(words)

    def _compound(self) -> str:
        front, head = self._chance.choice(self._parts), self._chance.choice(self._parts)
        return front + (self._chance.choice(("", "", "s"))) + head


def queries(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """
    Give what is asked: words of the library as people type them, of all kinds; `repair` says that one is misspelt.

    Words are taken from sections by chance, so common words are asked for as often as they are said.
    """
    chance = random.Random(SEED)  # noqa: S311  the same each time
    known = {
        fold(word)
        for row in rows
        for _, heading, text in row["sections"]
        for word in _WORD.findall(f"{row['title']} {heading} {text}")
    }
    makers = (_words(1), _words(1), _words(2), _words(3), _title, _question, _begun, _ascii)
    found = [
        {"query": makers[number % len(makers)](chance, _words_of(chance, rows)), "repair": False}
        for number in range(QUERIES - REPAIRED - PHRASES)
    ]
    found += [{"query": _phrase(chance, rows), "repair": False} for _ in range(PHRASES)]
    while len(found) < QUERIES:
        words = [word for word in _words_of(chance, rows) if len(word) > 5]
        if not words:
            continue
        word = chance.choice(words)
        wrong = _misspelt(chance, word)
        if fold(wrong) not in known:
            other = [chance.choice(words)] if len(found) % 2 else []
            found.append({"query": " ".join([wrong, *other]), "repair": True})
    chance.shuffle(found)
    return found


def _words_of(chance: random.Random, rows: Sequence[dict[str, Any]]) -> list[str]:
    """Give the words that tell something apart of one section, in order."""
    while True:
        _, heading, text = chance.choice(chance.choice(rows)["sections"])
        words = [
            word
            for word in _WORD.findall(f"{heading} {text}")
            if len(word) > 3 and word.lower() not in STOP_WORDS | QUESTION_WORDS
        ]
        if len(words) > 4:
            return words


def _words(count: int) -> Callable[[random.Random, list[str]], str]:
    def made(chance: random.Random, words: list[str]) -> str:
        return " ".join(chance.sample(words, count)).lower()

    return made


def _title(_: random.Random, words: list[str]) -> str:
    return " ".join(words[:2])


def _question(chance: random.Random, words: list[str]) -> str:
    return f"hva gjør jeg når {chance.choice(words).lower()} og {chance.choice(words).lower()}?"


def _begun(chance: random.Random, words: list[str]) -> str:
    word = max(chance.sample(words, 3), key=len)
    return word[: max(4, len(word) * 2 // 3)].lower()


def _phrase(chance: random.Random, rows: Sequence[dict[str, Any]]) -> str:
    while True:
        words = chance.choice(chance.choice(rows)["sections"])[2].split(" ")
        at = chance.randrange(max(len(words) - 1, 1))
        pair = words[at : at + 2]
        if len(pair) == 2 and all(word.isalpha() and word.lower() not in STOP_WORDS for word in pair):
            return f'"{" ".join(pair)}"'


def _ascii(chance: random.Random, words: list[str]) -> str:
    norwegian = [word for word in words if fold(word) != word.lower()] or words
    word = chance.choice(norwegian).lower()
    twice = word.replace("å", "aa").replace("ø", "oe").replace("æ", "ae")
    return twice if chance.random() < 0.5 else fold(unicodedata.normalize("NFC", word))


def _misspelt(chance: random.Random, word: str) -> str:
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
            word[:at] + chance.choice("aeirtnslo") + word[at + 1 :],
        )
    ).lower()


def entries_of_row(row: dict[str, Any], edition: int = 0) -> list[SectionEntry]:
    """Give what the product keeps of a routine; another edition of it has another digest."""
    digest = Digest(f"1:{row['id']}-{edition}")
    return [
        SectionEntry(
            ProcedureId(row["id"]), digest, VERSION, key, row["title"], heading, text, NetworkId(row["subjects"][0]),
            tuple(row["subjects"]), Kind(row["kind"]), Language.NB, ("alle ansatte",),
        )
        for key, heading, text in row["sections"]
    ]  # fmt: skip


def write(folder: Path, sources: Sequence[Path], sections: int) -> dict[str, int]:
    """Write `texts.jsonl` and `queries.json` of a library of so many sections; gives its size in words."""
    growing = Growing(Source.in_folders(sources))
    rows = list(growing.routines(sections))
    with (folder / "texts.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "queries.json").write_text(json.dumps(queries(rows), ensure_ascii=False), encoding="utf-8")
    return {
        "routines": len(rows),
        "sections": sections,
        "words": growing.said,
        "different_words": len(growing.vocabulary),
    }


def rows_of(folder: Path) -> Iterator[dict[str, Any]]:
    """Read the routines again, one at a time."""
    with (folder / "texts.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)
