"""
Build the word table that search reads: every inflected form of bokmål and nynorsk, and the words it can be a form of.

Run it at release, when simplemma has newer word lists:

    .venv/bin/python tools/build_words.py

It reads simplemma's lists for ``nb`` and ``nn`` and writes ``src/samrutine/search/words/norwegian.words``. The same
lists give the same entries. simplemma is needed here only; the product reads the table (`samrutine.search.norwegian`,
which also says what the file looks like). The origin and licence of the words stand in ``words/LICENSE-words.txt``.
"""

import re
from collections.abc import Iterable, Iterator
from importlib import metadata
from itertools import chain
from pathlib import Path

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory
from word_blocks import encode

from samrutine.search.norwegian import fold

TARGET = Path(__file__).parent.parent / "src" / "samrutine" / "search" / "words" / "norwegian.words"
LANGUAGES = ("nb", "nn")
MOST_LEMMAS = 4
WORD = re.compile(r"[a-z]{2,40}")

# Readings that the lists lack and a health worker means.
ALSO: dict[str, tuple[str, ...]] = {"eldre": ("eldre",), "pårørande": ("pårørende",), "pårørende": ("pårørende",)}

# The definite plural of a noun is no verb's form; the indefinite beside it often is, and then the lists have the verb
# only: "alarmene" is "alarm", so "alarmer" is "alarm" too, and not just "alarmere".
PLURALS = (("ene", "er"), ("ane", "ar"))


def entries() -> dict[str, list[str]]:
    """
    Join the lists of both languages by folded form, each form with its lemmas, the likeliest first.

    A form that other forms are forms of is a lemma of its own, whatever a list calls it: "sykepleier" is in the list
    a form of the verb "sykepleie" only, while "sykepleierne" is a form of "sykepleier", and the two must meet.
    """
    joined: dict[str, list[str]] = {}
    for _, key, lemmas in form_entries():
        found = joined.setdefault(key, [])
        found += [lemma for lemma in lemmas if lemma not in found]
    return {key: lemmas[:MOST_LEMMAS] for key, lemmas in joined.items() if lemmas}


def form_entries() -> Iterator[tuple[str, str, list[str]]]:
    """Give each form as it is written, folded, and with its own folded lemmas; in the order of the forms."""
    lists = {language: dict(DefaultDictionaryFactory().get_dictionary(language)) for language in LANGUAGES}
    inflected = {
        lemma.lower() for words in lists.values() for form, lemma in words.items() if form.lower() != lemma.lower()
    }
    plurals = _plurals(lists.values())
    for form in sorted({form.lower() for form in chain(*lists.values())} | ALSO.keys()):
        key = fold(form)
        if WORD.fullmatch(key):
            lemmas = _readings(form, lists.values(), inflected, plurals)
            yield form, key, list(dict.fromkeys(lemma for lemma in lemmas if WORD.fullmatch(lemma)))


def _plurals(lists: Iterable[dict[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for words in lists:
        for form, lemma in words.items():
            for definite, indefinite in PLURALS:
                if form.endswith(definite) and form != lemma:
                    found.setdefault(form.removesuffix(definite) + indefinite, []).append(lemma)
    return found


def _readings(
    form: str, lists: Iterable[dict[str, str]], inflected: set[str], plurals: dict[str, list[str]]
) -> Iterator[str]:
    if form in inflected:
        yield fold(form)
    yield from (fold(lemma.lower()) for lemma in (*ALSO.get(form, ()), *plurals.get(form, ())))
    for words in lists:
        for spelling in (form, form.capitalize()):
            if spelling in words:
                yield fold(words[spelling].lower())


def table_bytes(table: dict[str, list[str]]) -> bytes:
    """Give the file's bytes."""
    rows = ("\t".join([key, *(_difference(key, lemma) for lemma in table[key])]) for key in sorted(table))
    return encode(rows, f"{len(table)} simplemma-{metadata.version('simplemma')}")


def _difference(key: str, lemma: str) -> str:
    """Write a lemma as how many letters of the form to keep, and what comes after them."""
    keep = next((n for n, (a, b) in enumerate(zip(key, lemma, strict=False)) if a != b), min(len(key), len(lemma)))
    return f"{len(key) - keep}{lemma[keep:]}"


def main() -> None:
    """Write the table and say how large it became."""
    table = entries()
    data = table_bytes(table)
    TARGET.write_bytes(data)
    print(f"{TARGET.name}: {len(table)} forms, {len(data) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
