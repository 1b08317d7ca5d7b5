"""
Norwegian words for search: a text to terms, a term to the keys under which it is kept and looked for.

A key is a dictionary word (lemma), folded to plain letters. Every inflected form of bokmål and nynorsk leads to the
keys of the words that it can be a form of, so that "sykepleierne" finds "sykepleier" and "pasientane" finds
"pasienten"; "parorende" and "paaroerende" find "pårørende". A form that the table does not know is looked up as a
compound by its last part ("tuberkulosekontrollen" as tuberkulose + kontrollen), since Norwegian makes new ones daily.

The table is one file, `words/norwegian.words`, made by `tools/build_words.py`: sorted lines of ``form<TAB>lemmas`` in
compressed blocks, with the first form of each block in front. A look-up finds the block by bisection and unpacks that
block only, so that the first search of a process pays a millisecond for words and not half a second.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from samrutine.search.blocks import WORDS, BlockFile

TABLE: Final = WORDS / "norwegian.words"
LETTERS: Final = WORDS / "norwegian.letters"
LONGEST_WORD: Final = 64

# Changes of what `keys` gives, other than by the table: raise it, and every index is built anew.
ANALYSIS: Final = 4

# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN: Final = {"ø": "o", "æ": "ae", "đ": "d", "ŋ": "n", "ŧ": "t", "ð": "d", "þ": "th", "ß": "ss", "ł": "l"}
_OTHER: Final = re.compile(f"[{''.join(_PLAIN)}]")
_MARKS: Final = re.compile("[\u0300-\u036f]+")
# A word is letters and digits, and the marks of decomposed letters; no hyphen, so that both halves are found.
_WORD: Final = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")
_LETTERED: Final = frozenset("åøæ")
_HYPHENS: Final = frozenset("-\u2010\u2011\u00ad")

_MOST_ASKED: Final = 32_768
_MIN_HEAD: Final = 4
_MIN_FRONT: Final = 3
_SURE_HEAD: Final = 6
_SHORTEST_COMPOUND: Final = 5
_SHORTEST_SHORT_FORM: Final = 2

_STOP_WORDS: Final = """
    alle alt at av ble blei blir både da de deg dei deira dem den denne der deres det dette di din disse ditt du då eg
    ei ein eit eitt eller elles en enn er et etter for fra frå før ha hadde han hans har henne hennar hennes her ho
    hos hun i ikke ikkje inn ja jeg kan kunne man me med meg mellom men mi min mitt mot må nei noe noen noko nokon nå
    no når og også om opp oss over på samt seg si siden sidan sin sine sitt skal skulle slik som så sånn til um under
    ut ved vert vi vil ville vår være være å
    """
_QUESTION_WORDS: Final = (
    "hva kva hvem kven hvor kor kvar hvordan korleis hvorfor kvifor hvilken hvilke hvilket gjør gjer"
)

STOP_WORDS: Final = frozenset(_STOP_WORDS.split())
"""Words that stand in most texts and tell nothing apart: not indexed, and left out of a query."""

QUESTION_WORDS: Final = frozenset(_QUESTION_WORDS.split())
"""Words of a question: left out of a query too, but kept in the index, since a heading may be «Hvem gjør hva»."""


@dataclass(frozen=True, slots=True)
class Term:
    """
    A word where it stands in a text.

    `start` and `end` count characters of the text as it was given. `keys` are what it is kept and looked for under,
    the likeliest first; a stop word has none. `half` says that it is the front of a compound that another word ends: "helse-"
    of "helse- og omsorgstjenesten".
    """

    original: str
    start: int
    end: int
    keys: tuple[str, ...]
    half: bool = False

    @property
    def folded(self) -> str:
        """The word as it stands, in plain small letters."""
        return fold(self.original)

    @property
    def lemma(self) -> str:
        """The likeliest dictionary word, folded; of a stop word, the word itself."""
        return self.keys[0] if self.keys else self.folded


def fold(text: str) -> str:
    """
    Give `text` in small plain letters: å becomes a, ø o, æ ae, and other letters lose their marks.

    The length may change. Folding twice gives the same.
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    # To translate a text looks at each letter of it, and takes three times as long.
    return _OTHER.sub(lambda found: _PLAIN[found[0]], _MARKS.sub("", apart))


def terms(text: str) -> list[Term]:
    """
    Find the words of `text`, in order, each with its keys.

    The halves of a hyphenated word come one by one, and the first also has the keys of the whole, so that "epost"
    finds "e-post". A word longer than 64 letters is cut for its keys.
    """
    return list(_terms(text))


def _terms(text: str) -> Iterator[Term]:
    found = list(_WORD.finditer(text))
    for number, match in enumerate(found):
        word = match.group()
        word_keys = keys(word) or _as_short_form(word, found, number)
        whole = _hyphenated(text, found, number)
        if whole:
            word_keys = tuple(dict.fromkeys((*word_keys, *keys(whole))))
        yield Term(word, match.start(), match.end(), word_keys, not word.isupper() and _is_half(text, match.end()))


def _as_short_form(word: str, found: list[re.Match[str]], number: int) -> tuple[str, ...]:
    """Give the key of a small word in capitals among others in small letters: "ME" is an illness in "pasienter med ME"."""
    if len(word) < _SHORTEST_SHORT_FORM or not word.isupper():
        return ()
    beside = (found[at].group() for at in (number - 1, number + 1) if 0 <= at < len(found))
    return (fold(word),) if any(map(str.islower, beside)) else ()


def _is_half(text: str, end: int) -> bool:
    """Whether a hyphen and then no letter follows, as in "barneverns- og helsenemnda"."""
    return text[end : end + 1] in _HYPHENS and text[end + 1 : end + 2] == " "


def _hyphenated(text: str, found: list[re.Match[str]], number: int) -> str:
    """Join the word with those that hyphens tie to it, if it is the first of them; else the empty string."""
    first = found[number]
    if number > 0 and found[number - 1].end() == first.start() - 1 and text[first.start() - 1] in _HYPHENS:
        return ""
    joined = first.group()
    end = first.end()
    for follower in found[number + 1 : number + 4]:
        if follower.start() != end + 1 or text[end] not in _HYPHENS:
            break
        joined += follower.group()
        end = follower.end()
    # Numbers are not joined: "§ 3-2" is no 32.
    return "" if end == first.end() or joined.isdigit() else joined


@lru_cache(maxsize=65_536)
def keys(word: str) -> tuple[str, ...]:
    """
    Give what `word` is kept and looked for under: the folded lemmas of all it can be a form of, the likeliest first.

    A stop word gives none. ASCII spellings ("paaroerende") give the keys of the Norwegian letters too. Where a word is
    Norwegian both with å, ø or æ and without, it is what it is written as: "sørger" is no sorrow.
    """
    small = unicodedata.normalize("NFC", word).lower()[:LONGEST_WORD]
    if small in STOP_WORDS:
        return ()
    plain = fold(small)[:LONGEST_WORD]
    other = _other_letters(small, plain)
    return tuple(key for key in _of_plain(plain) if key not in other)


def plain_keys(plain: str) -> tuple[str, ...]:
    """Give the keys of a word in plain letters, as `fold` gives it, whichever letters they stand for."""
    return () if plain in STOP_WORDS else _of_plain(plain)


@lru_cache(maxsize=65_536)
def _of_plain(plain: str) -> tuple[str, ...]:
    found = _lemmas(plain)
    if "aa" in plain or "oe" in plain:
        found = (*found, *_lemmas(plain.replace("aa", "a").replace("oe", "o")))
    return tuple(dict.fromkeys(found))


def other_letters(word: str) -> tuple[str, ...]:
    """Give the keys that a word in plain letters would have if some were å, ø or æ: "sorge" of "sorg"; else none."""
    small = word.lower()[:LONGEST_WORD]
    return () if small in STOP_WORDS or not small.isascii() else _other_letters(small, small)


def _other_letters(small: str, plain: str) -> tuple[str, ...]:
    row = _letters().row(plain)
    if row is None:
        return ()
    other = "l" if _LETTERED.isdisjoint(small) else "p"
    lemmas = word_table().lemmas(plain)
    found = tuple(lemma for lemma, letter in zip(lemmas, row, strict=False) if letter == other)
    return found if len(found) < len(lemmas) else ()


@cache
def _letters() -> BlockFile:
    """Give the table of words that only letters tell apart, which `tools/build_letters.py` makes."""
    return BlockFile(LETTERS)


def is_known(word: str) -> bool:
    """Whether `word` is a form of a word that the table has: then it is hardly a slip for another."""
    return word_table().knows(fold(word))


def _lemmas(plain: str) -> tuple[str, ...]:
    if not plain.isalpha() or not plain.isascii():
        return (plain,)
    table = word_table()
    known = table.lemmas(plain)
    if known:
        return known
    if plain.endswith("s"):
        known = table.lemmas(plain[:-1]) or _by_last_part(plain[:-1], table)
    return known or _by_last_part(plain, table) or (plain,)


def _by_last_part(plain: str, table: "WordTable") -> tuple[str, ...]:
    """
    Take the lemmas of the last part of a compound, so that all its forms have one key; else none.

    Where it is no compound that can be taken apart, it is the longest known last part, first where the front is a word too.
    """
    # Imported here: taking apart asks for dictionary words, and so stands above them.
    from samrutine.search.compounds import splitter

    found = splitter().split(plain) if len(plain) >= _SHORTEST_COMPOUND else None
    if found is not None:
        front, last = "".join(found.parts[:-1]), found.parts[-1]
        return tuple(dict.fromkeys(front + head for head in (found.head, *table.lemmas(last))))
    unsure: tuple[str, ...] = ()
    for cut in range(_MIN_FRONT, len(plain) - _MIN_HEAD + 1):
        heads = table.lemmas(plain[cut:])
        if not heads:
            continue
        front = plain[:cut]
        joined = tuple(front + head for head in heads)
        if table.knows(front) or (front[-1] in "se" and table.knows(front[:-1])):
            return joined
        if not unsure and len(plain) - cut >= _SURE_HEAD:
            unsure = joined
    return unsure


class WordTable(BlockFile):
    """
    The word table: inflected forms and the words that they are forms of.

    Raises:
        ValueError: The file is not a word table of this form.
        FileNotFoundError: There is none; the installation is not whole.
    """

    def __init__(self, path: Path = TABLE) -> None:
        super().__init__(path)
        # To see one word as a compound asks for its endings again and again, and for those of others like it.
        self._asked: dict[str, tuple[str, ...]] = {}

    def lemmas(self, form: str) -> tuple[str, ...]:
        """Give the folded lemmas of a folded form, the likeliest first; none when the form is not known."""
        found = self._asked.get(form)
        if found is None:
            row = self.row(form)
            found = () if row is None else tuple(_undo(form, difference) for difference in row.split("\t"))
            if len(self._asked) >= _MOST_ASKED:
                self._asked.clear()
            self._asked[form] = found
        return found

    def knows(self, form: str) -> bool:
        """Whether the folded form is in the table."""
        return bool(self.lemmas(form))


def _undo(form: str, difference: str) -> str:
    digits = len(difference) - len(difference.lstrip("0123456789"))
    return form[: len(form) - int(difference[:digits])] + difference[digits:]


@cache
def word_table() -> WordTable:
    """Give the process's word table; opened at first use."""
    return WordTable()


def analysis_version() -> str:
    """Name what decides the keys: an index made under another name does not fit today's queries."""
    return f"{ANALYSIS}-{word_table().version}"
