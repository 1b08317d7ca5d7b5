"""
Build the table that joins a word of bokmål with the same word in nynorsk, where spelling alone tells them apart.

Run it at release, after `tools/build_words.py`:

    .venv/bin/python tools/build_sisters.py

It spells each bokmål word of simplemma's list the ways that nynorsk may, and joins it to those that are in simplemma's
nynorsk list: "hvile" to "kvile", and "hviske" to nothing where the list has no "kviske". The same lists give the same
bytes. Other words for the same thing ("bolig", "bustad") are the editors' (`library/vocabulary/nynorsk.toml`).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib import metadata

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory
from word_blocks import encode

from samrutine.search.norwegian import fold
from samrutine.search.nynorsk import SISTERS

WORD = re.compile(r"[a-z]{2,40}")
MOST = 4
SHORTEST = 2
LONGEST_CHANGED_TWICE = 14
SHORTEST_AGENT = 4

# What bokmål writes and nynorsk writes for it, in plain letters. These tell the two languages apart wherever they stand.
SURE = (
    ("^hv", "kv"), ("hjem", "heim"), ("^syk", "sjuk"), ("skole", "skule"), ("tjenest", "tenest"), ("melk", "mjolk"),
    ("^uke", "veke"), ("vei", "veg"), ("^selv", "sjolv"), ("frem", "fram"), ("sted$", "stad"), ("lig$", "leg"),
    ("het$", "heit"), ("het$", "leik"), ("er$", "ar"), ("giver$", "gjevar"), ("ning$", "ing"), ("los$", "laus"),
    ("hjemme", "heime"), ("leder$", "leiar"), ("else$", "ing"), ("hold", "hald"), ("vann", "vatn"), ("valg", "val"),
    ("brudd", "brot"), ("^nod", "naud"), ("egen", "eigen"), ("tilbud", "tilbod"), ("ombud", "ombod"), ("virk", "verk"),
    ("vold", "vald"), ("^ore", "oyre"), ("gjor", "gjer"), ("folge", "folgje"), ("ulykke", "ulukke"), ("bedr", "betr"),
    ("mestr", "meistr"), ("voksen", "vaksen"), ("apen", "open"), ("apn", "opn"), ("leie", "leige"), ("strom", "straum"),
    ("skyld", "skuld"), ("sovn", "svevn"), ("oye", "auge"), ("navn", "namn"), ("videre", "vidare"), ("hoved", "hovud"),
    ("losn", "loysn"), ("kjor", "koyr"), ("bo$", "bu"), ("verge", "verje"), ("tegn", "teikn"), ("spill", "spel"),
)  # fmt: skip
# These do so only where the bokmål word is none in nynorsk, nor the other way.
LIKELY = (
    ("e", "ei"), ("o", "au"), ("o", "oy"), ("oy", "aug"), ("mm", "m"), ("y", "ju"), ("o", "u"), ("e", "a"), ("e", "jo"),
    ("gi", "gje"), ("ei", "eg"), ("ed", "ei"), ("er$", "ar"), ("ere$", "are"), ("else$", "ing"), ("else$", "sle"),
    ("else$", "nad"), ("sel$", "sle"), ("ende$", "ande"), ("som$", "sam"), ("ig$", "ug"), ("e$", "a"), ("e$", "je"),
    ("e$", ""), ("et$", "ad"), ("t$", "d"), ("t$", "tt"), ("el$", "al"), ("gge", "ggje"), ("ge", "gje"), ("ke", "kje"),
    ("gne", "gne"), ("ll", "l"), ("b", "p"), ("v", "g"), ("g$", "v"), ("t", "st"), ("sk", "skj"),
)  # fmt: skip


def pairs() -> dict[str, list[str]]:
    """Give each word's sisters, in both directions, those that one change makes before those that two do."""
    bokmal, nynorsk = (_dictionary_words(language) for language in ("nb", "nn"))
    only_nynorsk = nynorsk - bokmal
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(bokmal):
        for other in _sisters(word, bokmal, nynorsk, only_nynorsk):
            found[word].append(other)
            found[other].append(word)
    return {word: list(dict.fromkeys(others))[:MOST] for word, others in found.items()}


def _dictionary_words(language: str) -> set[str]:
    lemmas = {fold(lemma) for lemma in dict(DefaultDictionaryFactory().get_dictionary(language)).values()}
    return {lemma for lemma in lemmas if WORD.fullmatch(lemma)}


def _sisters(word: str, bokmal: set[str], nynorsk: set[str], only_nynorsk: set[str]) -> Iterator[str]:
    sure = {other for other in _changed(word, SURE) if len(other) > SHORTEST}
    twice = {other for one in sure for other in _changed(one, SURE)}
    for other in (*sorted(sure), *sorted(twice - sure)):
        if other != word and (other in bokmal or other in nynorsk or _is_agent(word, other, bokmal)):
            yield other
    if word in nynorsk:
        return
    likely = _changed(word, (*LIKELY, *SURE))
    once = sorted(likely & only_nynorsk)
    yield from once
    if not once and len(word) <= LONGEST_CHANGED_TWICE:
        yield from sorted(only_nynorsk & {other for one in likely for other in _changed(one, (*SURE, *LIKELY))})


def _is_agent(word: str, other: str, bokmal: set[str]) -> bool:
    """Whether they are "pleier" and "pleiar", of "pleie": the lists have few of the second."""
    return word.endswith("er") and other == word[:-2] + "ar" and word[:-1] in bokmal and len(word) > SHORTEST_AGENT


def _changed(word: str, rules: Iterable[tuple[str, str]]) -> set[str]:
    made = set()
    for pattern, replacement in rules:
        for match in re.finditer(pattern, word):
            made.add(word[: match.start()] + replacement + word[match.end() :])
    return made - {word}


def main() -> None:
    """Write the table and say how large it became."""
    found = pairs()
    rows = ("\t".join([word, *found[word]]) for word in sorted(found))
    data = encode(rows, f"{len(found)} simplemma-{metadata.version('simplemma')}")
    SISTERS.write_bytes(data)
    print(f"{SISTERS.name}: {len(found)} words, {len(data) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
