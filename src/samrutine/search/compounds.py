"""
Norwegian compounds taken apart: "smittevernplanene" is smitte + vern + planene.

Norwegian makes words by writing words together, and new ones daily, so no list has them all. What a list does show is
which words others are made of: *plan* ends two hundred dictionary words, and nearly all of them are compounds; *ing*
ends thousands, and none is. The lexicon (`tools/build_parts.py`) gives every part two costs, in tenths of the natural
logarithm of how rarely compounds have it: one for standing in front with its linking letter (*arbeids-*, *barne-*),
and one for standing last. The cheapest way through the word wins, if it is cheaper than spelling the word letter by
letter, and than the word itself where that is a part of others.

Parts are in plain letters as `norwegian.fold` gives them, and a linking letter stays with the part before it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from samrutine.search.blocks import WORDS, BlockFile
from samrutine.search.norwegian import LONGEST_WORD, fold, keys, plain_keys, word_table

PARTS: Final = WORDS / "norwegian.parts"

# Changes of what `part_keys` gives, other than by the table: raise it, and every index is built anew.
SPLITTING: Final = 3

PREFIX_LETTERS: Final = 2
"""Parts lie in blocks by so many first letters, and none is shorter."""

NEVER: Final = 9_999
"""The cost of what cannot be."""

# What a word costs that is no compound: so much, and so much for each letter.
_SPELLED: Final = 50
_LETTER: Final = 25
# A whole word that is itself a part of others costs so much more than it does as a part.
_WHOLE: Final = 105
# A particle and a word ("forklare") are one word, at so much more than the other word.
_PARTICLE: Final = 70
_LONGEST_PARTICLE: Final = 7
# And a front that gave a letter away so much.
_LETTER_LOST: Final = 30
# A front that no list has ("covidvaksine") costs its letters and so much, and only a good head can bear it.
_UNKNOWN: Final = 50
_GOOD_HEAD: Final = 90
_SHORTEST_UNKNOWN: Final = 4
_SHORTEST_INFLECTED: Final = 4
_SHORTEST_COMPOUND: Final = 5
_LONGEST_PART: Final = 22
_MOST_KEPT: Final = 100_000
_PIECES_TO_JOIN: Final = 3

_VOWELS: Final = frozenset("aeiouy")

# Endings that look like words, or like forms of words.
_ENDINGS_TEXT: Final = """
    aktig aktige al ale ane ans anse ansen anser ant anten anter ar are arne arte ase asje at bar bare dom dommen ele
    eli ell else elsen elsene elser en ende ene eng ens ent enten enter er ere eren eri eriet erne ers ert erte ese
    esen eser est este et ett fon foni full fulle gen gene gere graf grafi heit heita het heten hetene heter ie ien ier
    ig ige igen igjen il ile ils ine inen iner ing inga ingar ingen ingene inger inne isk iske isme ismen ist iste isten
    ister itet iteten itt iv ive ivt laus lause leg lig lige lik ling linga lingen log logen logi los lose lost loshet
    lause lausheit messig messige ner nere ning ninga ningen nom nomi om oma on one oner ose rere res ret ringer ringa
    sel sjon sjonen ske sla slig som ste ta tar te ten tende ter tere tert tor toren torer ur ure ver vere vis
    """
ENDINGS: Final = frozenset(_ENDINGS_TEXT.split())
# Particles: before another word they change its meaning and are no word to look for.
_PARTICLES_TEXT: Final = """
    a ab ad an ande anti at atter attende auto av be bi bio bort da de deg dei den der det di dis dom du eg ei eks en
    endo enn epi er et ett ette etter for fore fra fram frem ge geo gi gjen gjennom ha han han hen her ho hun hver
    hva hvor hyper hypo i ikke imot ingen inn inter ja ko kol kom kon kor la med meg mellom men mis mono mot na nar ned
    neo nei nor og om opp over pa pan para per peri po poly post pre pro re sa sam sammen se seg sub tele ti til
    tilbake trans tri u un under unn uni upp ut van ved vel vi
    """
PARTICLES: Final = frozenset(_PARTICLES_TEXT.split())
# Those who do something are "pleier" in bokmål and "pleiar" in nynorsk, of which the table has fewer.
_AGENT: Final = re.compile("(?<=[a-z]{3})ar(?:ar|ane|en)?$")
# "venn" and "skap" are two words, and "vennskap" is one.
_STATES_TEXT: Final = """
    bekjent borger brod bud dar dron egen eier eigen ekte felles fiend foreldre formann frend galn grev her herre
    kamerat kjenn kunn land leder lei mann medlem menneske mor nabo odels red regn rekn ridder sel slekt svanger trell
    troll vare venn vert vit viten
    """
_STATES: Final = frozenset(_STATES_TEXT.split())


class Part(NamedTuple):
    """What the lexicon has of a part."""

    front: int
    """What it costs before another part."""
    head: int
    """What it costs last, in the form that dictionaries have."""
    base: str
    """The word that a front is: ``=`` itself, ``-`` without its last letter, ``+`` either, or the word."""


class PartSource(Protocol):
    """Where the splitter finds the parts."""

    def starting(self, prefix: str) -> Mapping[str, Part]:
        """Give the parts that start with two letters."""


class PartTable:
    """
    The lexicon of parts, read from its file two letters at a time.

    `changed` has parts that are to be otherwise than in the file: None for one that is to be missing.

    Raises:
        ValueError: The file is not a table of this form.
        FileNotFoundError: There is none; the installation is not whole.
    """

    def __init__(self, path: Path = PARTS, changed: Mapping[str, Part | None] | None = None) -> None:
        self._file = BlockFile(path)
        self._numbers = {prefix: number for number, prefix in enumerate(self._file.firsts)}
        self._read: dict[str, Mapping[str, Part]] = {}
        self._changed = changed or {}

    @property
    def version(self) -> str:
        """Eight hex digits that change with the parts."""
        return self._file.version

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The two letters that parts start with, in order."""
        return tuple(self._file.firsts)

    def starting(self, prefix: str) -> Mapping[str, Part]:
        """Give the parts that start with two letters."""
        parts = self._read.get(prefix)
        if parts is None:
            parts = self._read[prefix] = self._unpack(prefix)
        return parts

    def _unpack(self, prefix: str) -> Mapping[str, Part]:
        number = self._numbers.get(prefix)
        rows = {} if number is None else dict(_ROWS.findall(self._file.block(number).decode("ascii")))
        changed = {word: part for word, part in self._changed.items() if word.startswith(prefix)}
        for word in changed:
            rows.pop(word, None)
        return _Unread(rows, {word: part for word, part in changed.items() if part is not None})


class _Unread(Mapping[str, Part]):
    """
    Parts by their forms, each read from its row when somebody wants it: of those with the same two letters, few are.

    Args:
        rows: What stands after the word and its tab.
        read: Those that are read; no word is in both.
    """

    __slots__ = ("_read", "_rows")

    def __init__(self, rows: dict[str, str], read: dict[str, Part]) -> None:
        self._rows = rows
        self._read = read

    def __getitem__(self, form: str) -> Part:
        part = self._read.get(form)
        if part is None:
            front, head, base = self._rows[form].split("\t")
            part = self._read[form] = Part(int(front or NEVER), int(head or NEVER), base)
            del self._rows[form]
        return part

    def get(self, form: str, default: Any = None) -> Any:
        """Give a part, or something else where there is none; asked for each start and end in each new word."""
        if form in self._rows:
            return self[form]
        return self._read.get(form, default)

    def __iter__(self) -> Iterator[str]:
        return iter((*self._rows, *self._read))

    def __len__(self) -> int:
        return len(self._rows) + len(self._read)


_ROWS: Final = re.compile(r"\n([^\t\n]+)\t([^\n]*)")


class Split(NamedTuple):
    """A compound, its last part's dictionary word, and how much cheaper it is than the word in one piece."""

    parts: tuple[str, ...]
    head: str
    gain: int


class Splitter:
    """
    Takes words apart by the parts of `source`.

    `lemmas` gives the dictionary words that a folded form can be a form of.
    """

    def __init__(self, source: PartSource, lemmas: Callable[[str], tuple[str, ...]]) -> None:
        self._source = source
        self._lemmas = lemmas
        self._heads: dict[str, tuple[int, str]] = {}
        self._apart: dict[str, bool] = {}

    def part(self, form: str) -> Part | None:
        """Give what the lexicon has of a part; None for one that it lacks."""
        return self._source.starting(form[:PREFIX_LETTERS]).get(form)

    def split(self, word: str) -> Split | None:
        """
        Take a word of small plain letters apart; None for one that is no compound.

        A form of a dictionary word is taken apart only if that word is: "fristen" is no fri + sten.
        """
        known = self._lemmas(word) or (self._lemmas(word[:-1]) if word.endswith("s") else ())
        if not known:
            return self._cheapest(word) or self._with_unknown_front(word)
        if word in known or any(self._comes_apart(lemma) for lemma in known):
            return self._cheapest(word)
        return None

    def _comes_apart(self, lemma: str) -> bool:
        found = self._apart.get(lemma)
        if found is None:
            if len(self._apart) > _MOST_KEPT:
                self._apart.clear()
            found = self._apart[lemma] = self._cheapest(lemma) is not None
        return found

    def _cheapest(self, word: str) -> Split | None:
        size = len(word)
        # What the cheapest way to each letter costs, and where its last part starts.
        way = [NEVER] * (size + 1)
        start = [0] * (size + 1)
        way[0] = 0
        best, cut, lemma = self._whole(word), 0, ""
        for at in range(size - 1):
            spent = way[at]
            if spent == NEVER:
                continue
            if at:
                cost, head = self._head(word[at:])
                if spent + cost - _LETTER * at < best and self._fits(word[start[at] : at], word[at:]):
                    best, cut, lemma = spent + cost - _LETTER * at, at, head
            known = self._source.starting(word[at : at + PREFIX_LETTERS])
            if known:
                _fronts(word, at, known, way, start)
        if not cut:
            return None
        pieces = [word[cut:]]
        gain = _SPELLED - best
        while cut:
            pieces.append(word[start[cut] : cut])
            cut = start[cut]
        return Split(tuple(reversed(pieces)), lemma, gain)

    def _whole(self, word: str) -> int:
        """Say what the word costs in one piece, less what its letters would."""
        best = _SPELLED
        for lemma in self._lemmas(word):
            part = self.part(lemma)
            if part is not None:
                best = min(best, min(part.front, part.head) + _WHOLE - _LETTER * len(lemma))
        for size in range(2, _LONGEST_PARTICLE + 1):
            if word[:size] in PARTICLES:
                best = min(best, self._head(word[size:])[0] + _PARTICLE - _LETTER * size)
        return best

    def _head(self, form: str) -> tuple[int, str]:
        """Give what a last part costs, less what its dictionary word's letters would, and that word."""
        found = self._heads.get(form)
        if found is None:
            if len(self._heads) > _MOST_KEPT:
                self._heads.clear()
            found = self._heads[form] = self._find_head(form)
        return found

    def _find_head(self, form: str) -> tuple[int, str]:
        best = NEVER, ""
        if form in ENDINGS:
            return best
        for bare in (form, form[:-1]) if form.endswith("s") else (form,):
            for lemma in self._lemmas(bare) or self._lemmas(_AGENT.sub("er", bare)):
                if lemma in ENDINGS or (lemma != form and len(form) < _SHORTEST_INFLECTED):
                    continue
                part = self.part(lemma)
                if part is not None and part.head < NEVER:
                    best = min(best, (part.head - _LETTER * len(lemma), lemma))
        return best

    def _fits(self, front: str, head: str) -> bool:
        if head.startswith("ring"):
            # "lagring" is of "lagre" and "plassering" of "plassere".
            return front[-1] != "e" and not self._lemmas(front + "re")
        return not (head.startswith("skap") and front in _STATES)

    def _with_unknown_front(self, word: str) -> Split | None:
        best, cut, lemma = _SPELLED, 0, ""
        for at in range(_SHORTEST_UNKNOWN, len(word) - _SHORTEST_INFLECTED + 1):
            cost, head = self._head(word[at:])
            good = cost + _LETTER * len(head) <= _GOOD_HEAD
            if (
                good
                and cost + _UNKNOWN < best
                and self._fits(word[:at], word[at:])
                and not _VOWELS.isdisjoint(word[:at])
            ):
                best, cut, lemma = cost + _UNKNOWN, at, head
        return Split((word[:cut], word[cut:]), lemma, _SPELLED - best) if cut else None


def _fronts(word: str, at: int, known: Mapping[str, Part], way: list[int], start: list[int]) -> None:
    """Follow every part that can stand at `at` before another."""
    spent = way[at]
    for end in range(at + PREFIX_LETTERS, min(len(word) - 1, at + _LONGEST_PART + 1)):
        part = known.get(word[at:end])
        cost = spent
        if part is None and word[end - 1] == word[end] and word[end] not in _VOWELS:
            # Three of a letter are written as two: "trafikkultur" is trafikk and kultur.
            part = known.get(word[at : end + 1])
            cost += _LETTER_LOST
        if part is not None and cost + part.front < way[end]:
            way[end] = cost + part.front
            start[end] = at


@cache
def part_table() -> PartTable:
    """Give the process's lexicon of parts; opened at first use."""
    return PartTable()


@cache
def splitter() -> Splitter:
    """Give the process's splitter."""
    return Splitter(part_table(), word_table().lemmas)


def parts_version() -> str:
    """Name what decides `part_keys`, beside `norwegian.analysis_version`: an index made under another does not fit."""
    return f"{SPLITTING}-{part_table().version}"


def parts(word: str) -> tuple[str, ...]:
    """
    Take a compound apart: its parts in plain letters, linking letters with the part before.

    None for a word that is no compound. The parts joined are the word as `fold` gives it, or, where "aa" and "oe" were
    read as å and ø, the word with a and o for them; of a word longer than 64 letters, its start.
    """
    found = split(word)
    return () if found is None else found.parts


@lru_cache(maxsize=65_536)
def split(word: str) -> Split | None:
    """Take a word apart as `parts` does, and say what it is a form of; None for what is no compound."""
    plain = fold(word)[:LONGEST_WORD]
    if len(plain) < _SHORTEST_COMPOUND or not plain.isascii() or not plain.isalpha():
        return None
    found = splitter().split(plain)
    if "aa" in plain or "oe" in plain:
        other = splitter().split(plain.replace("aa", "a").replace("oe", "o"))
        if other is not None and (found is None or other.gain > found.gain):
            return other
    return found


@lru_cache(maxsize=65_536)
def part_keys(word: str) -> tuple[str, ...]:
    """
    Give the keys under which a compound is found by its parts: of each part, and of parts that make a word together.

    "smittevernplanen" gives smitte, vern, plan and smittevern. Its own keys (`norwegian.keys`) are not among them, and
    a word that is no compound gives none.
    """
    found = split(word)
    if found is None:
        return ()
    return tuple(dict.fromkeys(key for key in _part_keys(found) if len(key) > 1 and key not in keys(word)))


@lru_cache(maxsize=65_536)
def inner_keys(word: str) -> frozenset[str]:
    """Give those of `part_keys` that are of parts which others make a known word with: "syk" of "helsesykepleier"."""
    found = split(word)
    if found is None or len(found.parts) < _PIECES_TO_JOIN:
        return frozenset()
    size = len(found.parts)
    inside: set[int] = set()
    for first in range(size - 1):
        for last in range(first + 2, size + 1):
            if last - first < size and any(_span_keys(found, first, last, word_table().lemmas)):
                inside.update(range(first, last))
    keys_of = [(*_front_keys(part),) for part in found.parts[:-1]] + [(found.head,)]
    outside = {key for at, each in enumerate(keys_of) if at not in inside for key in each}
    return frozenset(key for at in inside for key in keys_of[at]) - outside


@lru_cache(maxsize=65_536)
def divisions(word: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """
    Give the ways to see a compound as parts: for each part its keys, of which any will do.

    First all its parts, and then, where there are more than two, each cut that has a known word on both sides:
    "sykehusinnleggelse" is of syke, hus and innleggelse, but rather of sykehus and innleggelse. A word that is no
    compound gives none.
    """
    found = split(word)
    if found is None:
        return ()
    own = keys(word)
    every = (tuple(key for key in _front_keys(front) if len(key) > 1 and key not in own) for front in found.parts[:-1])
    all_parts = tuple(part for part in (*every, (found.head,) if found.head not in own else ()) if part)
    return ((all_parts,) if all_parts else ()) + tuple(_cuts(found))


def _cuts(found: Split) -> Iterator[tuple[tuple[str, ...], ...]]:
    size = len(found.parts)
    lemmas = word_table().lemmas
    for cut in range(1, size) if size >= _PIECES_TO_JOIN else ():
        before = _front_keys(found.parts[0]) if cut == 1 else tuple(_span_keys(found, 0, cut, lemmas))
        after = (found.head,) if cut == size - 1 else tuple(_span_keys(found, cut, size, lemmas))
        if before and after:
            yield before, after


def _part_keys(found: Split) -> Iterator[str]:
    *fronts, _ = found.parts
    for front in fronts:
        yield from _front_keys(front)
    yield found.head
    yield from _joined(found)


def _front_keys(front: str) -> tuple[str, ...]:
    known = splitter().part(front)
    if known is None:
        known, front = splitter().part(front + front[-1]), front + front[-1]
    match known.base if known else "":
        case "":
            return _of_front(front[:-1])
        case "=":
            return _of_front(front)[:2]
        case "-":
            return _of_front(front[:-1])[:2]
        case "+":
            return (*_of_front(front)[:1], *_of_front(front[:-1])[:1])
        case base:
            return (base,)


def _of_front(front: str) -> tuple[str, ...]:
    """
    Give the keys of a front, first the one that it is itself: "søvnvansker" are of "søvn", and hardly of "sovne".

    Others count only as its own verb ("matlyst": mate): "brannvarsling" is of no "brenne", and "sårstell" of no "så". Its letters
    are not told apart, since a compound is taken apart without.
    """
    found = plain_keys(front)
    return (front, *(key for key in found if key != front and key.startswith(front))) if front in found else found


def _joined(found: Split) -> Iterator[str]:
    """Join neighbours to larger words: those that the table knows, else all that lack only the first or the last part."""
    pieces = found.parts
    if len(pieces) < _PIECES_TO_JOIN:
        return
    table = word_table()
    spans = [
        (first, last)
        for first in range(len(pieces) - 1)
        for last in range(first + 2, len(pieces) + 1)
        if last - first < len(pieces)
    ]
    known = {span: tuple(_span_keys(found, *span, table.lemmas)) for span in spans}
    if any(known.values()):
        for joined in known.values():
            yield from joined
    else:
        yield "".join(pieces[:-1])
        yield "".join(pieces[1:-1]) + found.head


def _span_keys(found: Split, first: int, last: int, lemmas: Callable[[str], tuple[str, ...]]) -> Iterator[str]:
    joined = "".join(found.parts[first:last])
    if last == len(found.parts):
        whole = "".join(found.parts[first:-1]) + found.head
        if lemmas(whole):
            yield whole
    elif bare := lemmas(joined[:-1]) if joined[-1] in "se" else ():
        yield bare[0]
    elif known := lemmas(joined):
        yield known[0]
