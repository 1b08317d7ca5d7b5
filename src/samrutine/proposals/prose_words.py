"""
The words of a sentence, and which of them two sentences do not share.

A number with its unit, a dose, a phone number and a date are one word each, so that "5 mg" becomes "10 mg" and never
"[5→10] mg"; they and the negations are marked, since a municipality must look at those itself.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import Final

from samrutine.proposals.alignment import aligned


class Critical(StrEnum):
    """Words that may harm somebody when they change unseen."""

    NUMBER = "number"
    DOSE = "dose"
    PHONE = "phone"
    NEGATION = "negation"


class PieceKind(StrEnum):
    """Whether words are in both texts or in one of them."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that follow each other and came to the same; `critical` says which of them a person must look at."""

    kind: PieceKind
    text: str
    critical: frozenset[Critical] = frozenset()

    @property
    def is_critical(self) -> bool:
        """Whether it takes out or puts in a number, a dose, a phone number or a negation."""
        return self.kind is not PieceKind.KEPT and bool(self.critical)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it is compared: what stands before it is white space or nothing."""

    before: str
    text: str
    critical: Critical | None


NEGATIONS: Final = frozenset(
    {
        *(
            "ikke",
            "ingen",
            "intet",
            "ingenting",
            "aldri",
            "uten",
            "utenom",
            "unntatt",
            "unntak",
            "verken",
            "hverken",
            "nei",
        ),
        *("ikkje", "inga", "inkje", "utan", "utanom", "unnateke", "unntake", "korkje", "aldrig"),
        *("not", "no", "none", "never", "without", "except", "cannot", "neither", "nor"),
        *("ii", "ij", "eai", "ale", "almmá", "~~"),
    }
)
"""
Negations in the languages a text may be in, and the mark of struck-out words, which denies them.

Too many is better than too few: then a person looks once more than needed.
"""

_NUMBER_WORDS: Final = frozenset(
    {
        *(
            "én",
            "ett",
            "to",
            "tre",
            "fire",
            "fem",
            "seks",
            "sju",
            "syv",
            "åtte",
            "ni",
            "ti",
            "elleve",
            "tolv",
            "femten",
        ),
        *(
            "tjue",
            "tretti",
            "førti",
            "femti",
            "hundre",
            "tusen",
            "halv",
            "halve",
            "halvparten",
            "dobbel",
            "dobbelt",
            "doble",
        ),
    }
)
_SHORTEST: Final = r"(?:µg|μg|mcg|mg|g|kg|ng|ml|cl|dl|l|mmol|mol|ie|iu|e|ppm|%|‰)"
_LONG_UNIT: Final = (
    r"(?:mikrogram|milligram|gram|kilo(?:gram)?|milliliter|desiliter|liter|prosent|promille|(?:internasjonale )?enhet(?:er)?"
    r"|tablett(?:er|ar)?|kaps(?:el|ler)|dråpe(?:r)?|dropar|dose(?:r)?|dosar|ampulle(?:r)?|plaster|stikkpille(?:r)?|tbl|drag)"
)
UNIT: Final = rf"(?i:{_SHORTEST}|{_LONG_UNIT})"
"""What doses are measured in, as a pattern: in small letters or large ones."""
_PER: Final = r"(?: ?/ ?(?:kg|g|mg|ml|l|dl|t|time|timer|døgn|dag|min|m²|m2|uke|stk))*"
_OTHER_UNIT: Final = (
    r"(?:timer?|timar|t|min(?:utt(?:er|ar)?)?|sek(?:under?|und)?|døgn|dag(?:er|ar)?|uker?|veker?|måned(?:er)?|månader|år"
    r"|°C|grader|mm|cm|m|km|kroner|kr|ganger|gonger|mmHg|kPa|bar|W|V|personer|ansatte)"
)
_DIGITS: Final = r"(?:\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:[.,:]\d+)*"
_QUANTITY: Final = rf"(?:[<>≤≥±~−] ?|-)?{_DIGITS}(?: ?[-–—/] ?{_DIGITS})*"
_WORD: Final = re.compile(
    rf"""(?P<before>\s*)(?:
      (?P<field>\{{\{{[a-z][a-z0-9-]*\}}\}})
    | (?P<address>(?:https?://|www\.|mailto:|tel:)[^\s)]+)
    | (?P<phone>(?<!\w)(?:(?:\+|00)\d{{1,3}}\ ?)?(?:\d{{2}}(?:\ \d{{2}}){{3}}|\d{{3}}\ \d{{2}}\ \d{{3}}|\d{{8}})(?![\w])
        |(?<!\w)(?:116\ ?\d{{3}}|11[0-3]|0\d{{4}})(?![\w.,:]\d|\w))
    | (?P<dose>(?<!\w){_QUANTITY.replace(" ", "[ ]")}\ ?{UNIT.replace(" ", "[ ]")}{_PER.replace(" ", "[ ]")}(?!\w))
    | (?P<number>(?<!\w)(?:§§?\ ?)?{_QUANTITY.replace(" ", "[ ]")}(?:\ ?{_OTHER_UNIT}(?!\w))?(?!\w))
    | (?P<struck>~~)
    | (?P<word>\w+(?:[-'’.]\w+)*)
    | (?P<other>[^\w\s])
    )""",
    re.VERBOSE,
)
_LONG: Final = 400
_LETTER: Final = re.compile(r"\w")
_HAS_DIGIT: Final = re.compile(r"\d")


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[Word, ...]:
    """Take a text apart into words; put together again they are the text."""
    # Without the space at the end: no word follows it, and it would be gone through again from each of its places.
    said = text.rstrip()
    words = tuple(
        Word(found["before"], found[0][len(found["before"]) :], _critical(found)) for found in _WORD.finditer(said)
    )
    end = text[len(said) :]
    return (*words, Word(end, "", None)) if end else words


def _critical(found: "re.Match[str]") -> Critical | None:
    match found.lastgroup:
        case "phone":
            return Critical.PHONE
        case "dose":
            return Critical.DOSE
        case "field" | "other":
            return None
        case _:
            word = found[0][len(found["before"]) :]
            folded = word.casefold()
            if folded in NEGATIONS or folded.endswith("n't"):
                return Critical.NEGATION
            return Critical.NUMBER if folded in _NUMBER_WORDS or _HAS_DIGIT.search(word) else None


def critical_in(text: str) -> frozenset[Critical]:
    """Say which words of a text a person must look at when it comes or goes."""
    return frozenset(word.critical for word in words_of(text) if word.critical is not None)


def word_changes(old: str, new: str) -> tuple[Piece, ...]:
    """
    Compare two texts word by word.

    Returns:
        Pieces that give the old text when those added are left out, and the new when those removed are, to the letter.
    """
    if old == new:
        return (Piece(PieceKind.KEPT, old, critical_in(old)),) if old else ()
    if not old or not new:
        kind = PieceKind.ADDED if new else PieceKind.REMOVED
        return (Piece(kind, old or new, critical_in(old or new)),)
    return _joined(_compared(words_of(old), words_of(new)))


_Bit = tuple[PieceKind, str, Critical | None]


def _compared(old: Sequence[Word], new: Sequence[Word]) -> Iterator[_Bit]:
    if max(len(old), len(new)) > _LONG:
        # Comparing all words of a page with all of another is quadratic; sentences are found first.
        yield from _by_sentence(old, new)
        return
    keys_old, keys_new = [word.text for word in old], [word.text for word in new]
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, keys_old, keys_new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            yield from _kept(old[old_from:old_to], new[new_from:new_to])
        else:
            yield from _all(PieceKind.REMOVED, old[old_from:old_to])
            yield from _all(PieceKind.ADDED, new[new_from:new_to])


def _kept(old: Iterable[Word], new: Iterable[Word]) -> Iterator[_Bit]:
    for before, after in zip(old, new, strict=True):
        if before.before == after.before:
            yield PieceKind.KEPT, after.before, None
        else:
            # The first word of a sentence has no space before it, and has one when another was put in front.
            yield PieceKind.REMOVED, before.before, None
            yield PieceKind.ADDED, after.before, None
        yield PieceKind.KEPT, after.text, after.critical


def _all(kind: PieceKind, words: Iterable[Word]) -> Iterator[_Bit]:
    for word in words:
        yield kind, word.before + word.text, word.critical


def _by_sentence(old: Sequence[Word], new: Sequence[Word]) -> Iterator[_Bit]:
    before, after = _sentences(old), _sentences(new)
    texts = [["".join(word.before + word.text for word in one) for one in side] for side in (before, after)]
    for i, j in aligned(*texts):
        if i is None or j is None:
            yield from _all(PieceKind.REMOVED, () if i is None else before[i])
            yield from _all(PieceKind.ADDED, () if j is None else after[j])
        elif max(len(before[i]), len(after[j])) > _LONG:
            yield from _ends(before[i], after[j])
        else:
            yield from _compared(before[i], after[j])


def _ends(old: Sequence[Word], new: Sequence[Word]) -> Iterator[_Bit]:
    """Compare a sentence of pages: what both begin and end with is kept, the rest is not looked into."""
    first = next((n for n, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), min(len(old), len(new)))
    most = min(len(old), len(new)) - first
    last = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    yield from _kept(old[:first], new[:first])
    yield from _all(PieceKind.REMOVED, old[first : len(old) - last])
    yield from _all(PieceKind.ADDED, new[first : len(new) - last])
    yield from _kept(old[len(old) - last :], new[len(new) - last :])


def _sentences(words: Sequence[Word]) -> list[Sequence[Word]]:
    found, start = [], 0
    for n, word in enumerate(words):
        if word.text in {".", "!", "?", ":", ";"}:
            found.append(words[start : n + 1])
            start = n + 1
    return [*found, words[start:]] if start < len(words) else found


def _joined(bits: Iterable[_Bit]) -> tuple[Piece, ...]:
    """Put bits of a kind together; a full stop or a space between two changes goes with them, so that a reader sees one."""
    runs = _Runs()
    for kind, text, critical in bits:
        if kind is PieceKind.KEPT:
            runs.kept.add(text, critical)
        else:
            runs.change()
            (runs.removed if kind is PieceKind.REMOVED else runs.added).add(text, critical)
    return runs.pieces()


class _Run:
    """Text that grows, and what of it is critical."""

    def __init__(self) -> None:
        self.text = ""
        self.critical: set[Critical] = set()

    def add(self, text: str, critical: Critical | None) -> None:
        self.text += text
        if critical is not None:
            self.critical.add(critical)

    @property
    def is_nothing(self) -> bool:
        """Whether it holds no word, so that it tells a reader nothing to see it kept."""
        return not self.critical and not _LETTER.search(self.text)


class _Runs:
    """A change that is being put together, and what is kept since it."""

    def __init__(self) -> None:
        self.removed, self.added, self.kept = _Run(), _Run(), _Run()
        self._done: list[Piece] = []

    def change(self) -> None:
        """Say that another word came or went: what was kept before it stays between, unless it is nothing."""
        if not self.kept.text:
            return
        if (self.removed.text or self.added.text) and self.kept.is_nothing:
            self.removed.add(self.kept.text, None)
            self.added.add(self.kept.text, None)
            self.kept = _Run()
        else:
            self._finish()

    def pieces(self) -> tuple[Piece, ...]:
        self._finish()
        return tuple(self._done)

    def _finish(self) -> None:
        space = _space(self.removed.text)
        if space and space == _space(self.added.text):
            # The space before a word that became another is in both.
            before = self._done.pop() if self._done else Piece(PieceKind.KEPT, "")
            self._done.append(Piece(PieceKind.KEPT, before.text + space, before.critical))
            self.removed.text, self.added.text = self.removed.text[len(space) :], self.added.text[len(space) :]
        runs = ((PieceKind.REMOVED, self.removed), (PieceKind.ADDED, self.added), (PieceKind.KEPT, self.kept))
        self._done += [Piece(kind, run.text, frozenset(run.critical)) for kind, run in runs if run.text]
        self.removed, self.added, self.kept = _Run(), _Run(), _Run()


def _space(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]
