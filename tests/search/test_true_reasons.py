"""Every reason that stands under a hit is true: asked of the shipped routines with all judged queries, also those of other texts."""

import json
import re

from bench.relevance import OWN, SHIPPED
from bench.search_files import files_in, product_engine, shipped_meanings
from samrutine.search.compounds import divisions, part_keys
from samrutine.search.derived import derived
from samrutine.search.likeness import LEAST_LIKE, Spellings
from samrutine.search.model import QueryWord, TakenAs
from samrutine.search.norwegian import fold, keys, other_letters, terms
from samrutine.search.nynorsk import sisters
from samrutine.search.query import parse
from samrutine.search.ways import direct, short_forms

WORD = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")


def of(words):
    """Give the keys of the words of a text, and the words themselves in plain letters."""
    plain = {fold(word) for word in WORD.findall(words)}
    return plain | {key for term in terms(words) for key in term.keys} | {key for one in plain for key in keys(one)}


def inside(words):
    """Give the keys of what the words of a text are made of."""
    return {key for word in WORD.findall(words) for key in part_keys(word)}


class Truth:
    """What may be said of hits among some files."""

    def __init__(self, files, meanings):
        self.entries = {(entry.procedure_id, entry.section_key): entry for file in files for entry in file.entries}
        self.meanings = meanings
        every = [self.everything(entry) for entry in self.entries.values()]
        self.spellings = Spellings.of(sorted(set().union(*(of(one) | inside(one) for one in every))))

    def everything(self, entry):
        labels = [label for _, label in entry.labels]
        return "\n".join((entry.title, entry.heading, entry.text, *entry.also_called, *labels))

    def holds(self, hit, taken, query):
        entry = self.entries[hit.procedure_id, hit.section_key]
        there = fold(self.everything(entry))
        if not all(fold(word) in there for word in WORD.findall(taken.shown)):
            return False
        places = {TakenAs.TITLE: [entry.title], TakenAs.HEADING: [entry.heading], TakenAs.NAME: entry.also_called}
        if taken.how in places:
            return any(
                fold(taken.shown) in fold(place) and not of(taken.typed).isdisjoint(of(place))
                for place in places[taken.how]
            )
        rules = {
            TakenAs.COMPOUND: self.is_compound, TakenAs.SPELLING: self.is_spelt_like, TakenAs.BEGUN: self.is_begun,
            TakenAs.MEANT: self.is_meant,
        }  # fmt: skip
        return rules[taken.how](taken) if taken.how in rules else self.means(taken, query)

    def is_spelt_like(self, taken):
        shown = of(taken.shown) | inside(taken.shown)
        return not shown.isdisjoint(other_letters(taken.typed)) or bool(
            Spellings.of(sorted(shown)).alike(fold(taken.typed), LEAST_LIKE)
        )

    def is_begun(self, taken):
        return any(key.startswith(fold(taken.typed)) for key in of(taken.shown) | inside(taken.shown))

    def is_meant(self, taken):
        return any(self.leads(one.key, taken) for one in self.spellings.alike(fold(taken.typed), LEAST_LIKE))

    def is_compound(self, taken):
        """One is part of the other, and is not the other; or parts of it are there by what they mean or are made of."""
        typed = of(taken.typed)
        if not typed.isdisjoint(of(taken.shown)):
            return False
        if not typed.isdisjoint(inside(taken.shown)):
            return True
        parts = inside(taken.typed)
        parts.update(one for key in typed for division in divisions(key) for part in division for one in part)
        for key in tuple(parts):
            parts.update((*sisters(key), *derived(key)))
            parts.update(one.keys[0] for one in self.meanings.of_word((key,)) if len(one.keys) == 1)
        return all(not (of(word) | inside(word)).isdisjoint(parts) for word in taken.shown.split(", "))

    def leads(self, key, taken):
        shown = of(taken.shown) | inside(taken.shown)
        return any(
            all(any(one in shown for one, _ in needed) for needed in way.needs)
            for way in direct(QueryWord(key, (key,)), self.meanings)
        )

    def means(self, taken, query):
        """The vocabulary says it, of the word or of an expression that it stands in; or it is made so by rule."""
        ways = [(one.how, one.keys) for one in self.meanings.of_word(keys(taken.typed) or (fold(taken.typed),))]
        for said in self.meanings.said([word.keys for word in query.words]):
            if taken.typed in [word.typed for word in query.words[said.start : said.end]]:
                ways += [(one.how, one.keys) for one in said.meanings]
        ways += [
            (TakenAs.ABBREVIATION, (short.key,))
            for short in short_forms(query.words)
            if taken.typed in [word.typed for word in query.words[short.start : short.end]]
        ]
        for key in of(taken.typed):
            ways += [(TakenAs.OTHER_LANGUAGE, (one,)) for one in sisters(key)]
            ways += [(TakenAs.DERIVED, (one,)) for one in derived(key)]
        shown = of(taken.shown) | inside(taken.shown)
        return any(how is taken.how and shown.issuperset(needed) for how, needed in ways)


def test_every_reason_is_true(tmp_path):
    """
    «Står i overskriften» is believed, and whoever looks and does not find it believes nothing more that is said.
    """
    files = list(files_in(SHIPPED))
    engine = product_engine(tmp_path)
    engine.rebuild((entry for file in files for entry in file.entries), 1)
    truth = Truth(files, shipped_meanings())
    lines = [line for path in sorted(OWN.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]

    given = [
        (query, hit, taken)
        for query in (parse(json.loads(line)["query"]) for line in lines)
        for hit in engine.search(query, limit=10).hits
        for taken in hit.why
    ]
    untrue = [
        f"{taken.typed}: {taken.shown} ({taken.how}) in {hit.procedure_id} › {hit.heading}"
        for query, hit, taken in given
        if not truth.holds(hit, taken, query)
    ]

    assert {taken.how for _, _, taken in given} == set(TakenAs)
    assert untrue == []
