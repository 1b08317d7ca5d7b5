"""
Build the lexicon of the parts that Norwegian compounds are made of, and how readily each makes them.

Run it at release, after `tools/build_words.py`, whose table is all that it reads (some minutes):

    .venv/bin/python tools/build_parts.py
    .venv/bin/python tools/build_parts.py --without tests/search/compounds.tsv --changes tests/search/parts_without.tsv

It takes every dictionary word apart by the parts it has so far, counts what each part made, prices the parts by the
counts, and does so again until little changes; `samrutine.search.compounds` does the taking apart and says what a
price is. A word that came apart is no part. The same table gives the same bytes.

The second form leaves the words of a list out, with every form of them, and writes only what would be different: so a
test can ask how the splitter does with words that its lexicon has never met. The words' origin and licence stand in
``words/LICENSE-words.txt``.
"""

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from word_blocks import encode

from samrutine.search.compounds import ENDINGS, NEVER, PARTICLES, PARTS, PREFIX_LETTERS, Part, PartTable, Splitter
from samrutine.search.norwegian import fold, word_table

ROUNDS = 4
SHORTEST_PART = 3
SHORTEST_TAKEN_APART = 5
VOWELS = frozenset("aeiouy")
SHORT_PARTS = frozenset({"ar", "bo", "by", "el", "ga", "is", "ku", "ny", "ol", "oy", "ra", "te"})
# Particles that are words of their own when they stand last ("føre").
LAST_PARTICLES = frozenset({"fore"})
SHORT_HEADS = frozenset({"by", "oy"})

# What a word is like in front, where no letter added to the word gives it.
FRONTS: dict[str, str] = {
    "albu": "albue", "bilet": "bilete", "billed": "bilde", "brenn": "brenne", "eldre": "eldre", "engle": "engel",
    "evangelie": "evangelium", "fler": "flere", "foreldre": "forelder", "hoved": "hoved", "hovud": "hovud",
    "kollegie": "kollegium", "kron": "krone", "laboratorie": "laboratorium", "lille": "liten", "medie": "medium",
    "nokle": "nokkel", "oyen": "oye", "seksual": "seksual", "sosken": "sosken", "sma": "liten", "stipendie": "stipendium",
    "studie": "studie", "tenn": "tann", "voksen": "voksen", "voksne": "voksen", "ytter": "ytter",
}  # fmt: skip

# A part that no dictionary compound has is as good as so many; what it makes in the other place counts so much.
UNSEEN = 0.05
OTHER_PLACE = 0.1
UNSEEN_LINK = {"": 1.0, "s": 0.3, "e": 0.1}
# Short parts stand everywhere by chance; so much dearer they are, in tenths of the logarithm.
SHORTNESS = {2: 30, 3: 15, 4: 3}
DEAREST = 190
# About how many compounds the dictionary has. As a number, so that a few words less leave other parts' costs alone.
COMPOUNDS = 115_000
# Where the lesser of two readings of a front ("folke": folk, folke) makes so much of what the other does, both count.
BOTH = 0.2


@dataclass
class Counts:
    """How many words each front and each head makes."""

    fronts: Counter[str] = field(default_factory=Counter)
    heads: Counter[str] = field(default_factory=Counter)
    taken_apart: set[str] = field(default_factory=set)


class Builder:
    """Learns the parts from `words`, dictionary words in plain letters."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = sorted(words)
        self.candidates = {word for word in self.words if _may_be_part(word)}
        self.starts: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        for word in self.words:
            for at in range(PREFIX_LETTERS, len(word) - 1):
                self.starts[word[:at]] += 1
                self.ends[word[at:]] += 1

    def learn(self) -> dict[str, Part]:
        """Give the parts with their costs."""
        counts = self._first_counts()
        for _ in range(ROUNDS):
            counts = self._count(Splitter(Lexicon(self._priced(counts)), lambda form: (form,)))
        return self._priced(counts)

    def _first_counts(self) -> Counts:
        """Count every way to see a word as two candidates."""
        counts = Counts()
        for word in self.words:
            for at in range(PREFIX_LETTERS, len(word) - PREFIX_LETTERS + 1):
                front, head = word[:at], word[at:]
                if head in self.candidates and head not in ENDINGS and self._bases(front):
                    counts.fronts[front] += 1
                    counts.heads[head] += 1
        return counts

    def _count(self, splitter: Splitter) -> Counts:
        counts = Counts()
        for word in self.words:
            if len(word) < SHORTEST_TAKEN_APART:
                continue
            split = splitter.split(word)
            if split is not None:
                counts.taken_apart.add(word)
                counts.fronts.update(split.parts[:-1])
                counts.heads[split.parts[-1]] += 1
        return counts

    def _bases(self, front: str) -> tuple[str, ...]:
        if front in FRONTS:
            return (FRONTS[front],)
        bare = front[:-1] if front[-1] in "se" and len(front) > PREFIX_LETTERS else ""
        return tuple(word for word in (front, bare) if word in self.candidates)

    def _priced(self, counts: Counts) -> dict[str, Part]:
        best_front: Counter[str] = Counter()
        for front, count in counts.fronts.items():
            for base in self._bases(front):
                best_front[base] = max(best_front[base], count)
        fronts: dict[str, int] = {}
        heads: dict[str, int] = {}
        for word in sorted(self.candidates - counts.taken_apart):
            unseen = UNSEEN if len(word) > SHORTEST_PART else 0.0
            for link, share in UNSEEN_LINK.items():
                front = word + link
                count = counts.fronts[front]
                if front in PARTICLES or (link and not best_front[word] and not counts.heads[word]):
                    continue
                weight = count + (0.0 if word in ENDINGS else share * (unseen + OTHER_PLACE * counts.heads[word]))
                cost = _cost(weight, count, self.starts[front], len(front))
                fronts[front] = min(cost, fronts.get(front, NEVER))
            if word not in ENDINGS and (len(word) >= SHORTEST_PART or word in SHORT_HEADS):
                weight = counts.heads[word] + unseen + OTHER_PLACE * best_front[word]
                heads[word] = _cost(weight, counts.heads[word], self.ends[word], len(word))
        for front in FRONTS:
            cost = _cost(counts.fronts[front] + UNSEEN, counts.fronts[front], self.starts[front], len(front))
            fronts[front] = min(cost, fronts.get(front, NEVER))
        return {
            form: Part(front, head, self._base(form, counts))
            for form in sorted(fronts.keys() | heads.keys())
            if min(front := _kept(fronts.get(form)), head := _kept(heads.get(form))) < NEVER
        }

    def _base(self, front: str, counts: Counts) -> str:
        if front in FRONTS:
            return "=" if FRONTS[front] == front else FRONTS[front]
        bases = self._bases(front)
        if len(bases) == 1:
            return "=" if bases[0] == front else "-"
        own, bare = (counts.heads[base] + UNSEEN for base in bases)
        if min(own, bare) > BOTH * max(own, bare):
            return "+"
        return "=" if own >= bare else "-"


class Lexicon:
    """Parts in memory, as the splitter asks for them."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._starting: dict[str, dict[str, Part]] = defaultdict(dict)
        for word, part in parts.items():
            self._starting[word[:PREFIX_LETTERS]][word] = part

    def starting(self, prefix: str) -> Mapping[str, Part]:
        """Give the parts that start with two letters."""
        return self._starting.get(prefix, {})


def _may_be_part(word: str) -> bool:
    if len(word) < SHORTEST_PART:
        return word in SHORT_PARTS
    return (word not in PARTICLES or word in LAST_PARTICLES) and not VOWELS.isdisjoint(word)


def _cost(weight: float, count: int, occurrences: int, letters: int) -> int:
    """Price a part: how rarely compounds have it, and how often words have its letters there for another reason."""
    if weight <= 0:
        return NEVER
    chance = weight / COMPOUNDS * (count + 0.5) / (occurrences + 1)
    return round(-10 * math.log(chance)) + SHORTNESS.get(letters, 0)


def _kept(cost: int | None) -> int:
    return NEVER if cost is None or cost > DEAREST else cost


def dictionary_words() -> dict[str, set[str]]:
    """Give every dictionary word of the word table, with its forms."""
    table = word_table()
    forms: dict[str, set[str]] = defaultdict(set)
    for number in range(len(table.firsts)):
        for row in table.block(number).decode("ascii").splitlines():
            form = row.partition("\t")[0]
            for lemma in table.lemmas(form) if form else ():
                forms[lemma].add(form)
    return forms


def left_out(path: Path, forms: Mapping[str, set[str]]) -> set[str]:
    """Read the compounds of a list, and give every dictionary word that has one of them as a form."""
    rows = (row.split("\t") for row in path.read_text(encoding="utf-8").splitlines() if row and not row.startswith("#"))
    named = {fold(word) for word, gold, *_ in rows if "|" in gold}
    return {lemma for lemma, own in forms.items() if lemma in named or not named.isdisjoint(own)}


def row(form: str, part: Part | None) -> str:
    """Write a part as the file has it; one that is missing without costs."""
    if part is None:
        return f"{form}\t\t\t"
    front, head = ("" if cost == NEVER else str(cost) for cost in part[:2])
    return f"{form}\t{front}\t{head}\t{part.base}"


def main() -> None:
    """Write the lexicon, or what would be different without some words."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", type=Path, help="a list whose words are to be unknown")
    parser.add_argument("--changes", type=Path, help="where to write what is different without them")
    chosen = parser.parse_args()
    forms = dictionary_words()
    if chosen.without is not None:
        without = Builder(forms.keys() - left_out(chosen.without, forms)).learn()
        shipped = PartTable()
        rows = [f"# Parts that are otherwise where {chosen.without.name} is unknown, beside {shipped.version}."]
        known = {form: part for prefix in shipped.prefixes for form, part in shipped.starting(prefix).items()}
        forms_of_both = sorted(known.keys() | without.keys())
        rows.extend(row(form, without.get(form)) for form in forms_of_both if known.get(form) != without.get(form))
        chosen.changes.write_text("\n".join(rows) + "\n", encoding="ascii")
        print(f"{chosen.changes.name}: {len(rows) - 1} of {len(known)} parts")
    else:
        parts = Builder(forms).learn()
        data = encode((row(form, parts[form]) for form in parts), f"{len(parts)} parts", lambda w: w[:PREFIX_LETTERS])
        PARTS.write_bytes(data)
        print(f"{PARTS.name}: {len(parts)} parts, {len(data) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
