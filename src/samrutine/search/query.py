"""
The grammar of a search: words, "phrase", -not, and filters such as ``tema:smittevern``.

Anything that is typed is a query; what is not grammar is words. The index's own query syntax is never reached, so no
star, bracket or keyword means anything. A query has at most 24 words and 8 phrases, however much is typed.

    sykepleier vakt            one of the words, better both
    "mistanke om tuberkulose"  these words beside each other, in this form
    -barn                      not this word
    -"kommunal bolig"          not this phrase
    tema:smittevern            of this subject; also nettverk: type: språk: målgruppe:
    tema:"psykisk helse"       the same, of more than one word
    -type:plan                 not of this kind
    kommune:fauske             what applies in this municipality
    gjelder:ja                 what applies somewhere; also nei, a municipality, or a day: gjelder:1.3.2026
"""

import re
from typing import Final

from samrutine.procedures.model import Kind, Language
from samrutine.search.likeness import slips
from samrutine.search.model import (
    Applying,
    ApplyingFilter,
    Filter,
    FilterField,
    NotUnderstood,
    Query,
    QueryPhrase,
    QueryWord,
)
from samrutine.search.norwegian import QUESTION_WORDS, STOP_WORDS, Term, fold, terms

LONGEST_TEXT: Final = 2000
MOST_WORDS: Final = 24
MOST_PHRASES: Final = 8
MOST_PHRASE_WORDS: Final = 16
MOST_FILTERS: Final = 16
_MOST_NEAR: Final = 4
_SHORTEST_SHORT_FORM: Final = 2

# A token is a phrase or a run without spaces, with "-" and "name:" in front. Every part is bounded by what it may
# not contain, so the pattern walks the text once.
_TOKEN: Final = re.compile(
    r"""(?P<minus>[-\u2212](?=\S))?(?:(?P<name>[^\W\d_]{1,20}):(?=\S))?(?:["“”«»](?P<phrase>[^"“”«»]*)["“”«»]?|(?P<run>[^\s"“”«»]+))"""
)

# What people call the fields, in plain letters: bokmål, nynorsk, English.
FIELD_NAMES: Final[dict[str, FilterField | Applying]] = {
    "tema": FilterField.SUBJECT,
    "emne": FilterField.SUBJECT,
    "fagomrade": FilterField.SUBJECT,
    "subject": FilterField.SUBJECT,
    "nettverk": FilterField.NETWORK,
    "fagnettverk": FilterField.NETWORK,
    "network": FilterField.NETWORK,
    "type": FilterField.KIND,
    "slag": FilterField.KIND,
    "kind": FilterField.KIND,
    "sprak": FilterField.LANGUAGE,
    "mal": FilterField.LANGUAGE,
    "language": FilterField.LANGUAGE,
    "malgruppe": FilterField.AUDIENCE,
    "audience": FilterField.AUDIENCE,
    "kommune": Applying.MUNICIPALITY,
    "municipality": Applying.MUNICIPALITY,
    "gjelder": Applying.APPLIES,
    "gjeld": Applying.APPLIES,
    "applies": Applying.APPLIES,
}
SHOWN_NAMES: Final[dict[FilterField | Applying, str]] = {
    FilterField.SUBJECT: "tema",
    FilterField.NETWORK: "nettverk",
    FilterField.KIND: "type",
    FilterField.LANGUAGE: "språk",
    FilterField.AUDIENCE: "målgruppe",
    Applying.MUNICIPALITY: "kommune",
    Applying.APPLIES: "gjelder",
}
"""The name that each is suggested by."""

KIND_NAMES: Final[dict[str, Kind]] = {
    "rutine": Kind.ROUTINE,
    "prosedyre": Kind.PROCEDURE,
    "sjekkliste": Kind.CHECKLIST,
    "retningslinje": Kind.GUIDELINE,
    "retningsline": Kind.GUIDELINE,
    "veileder": Kind.GUIDELINE,
    "rettleiar": Kind.GUIDELINE,
    "skjema": Kind.FORM,
    "tiltak": Kind.MEASURE,
    "avtale": Kind.AGREEMENT,
    "mandat": Kind.MANDATE,
    "rollebeskrivelse": Kind.ROLE_DESCRIPTION,
    "rollebeskriving": Kind.ROLE_DESCRIPTION,
    "handbok": Kind.HANDBOOK,
}
LANGUAGE_NAMES: Final[dict[str, Language]] = {
    "bokmal": Language.NB,
    "nynorsk": Language.NN,
    "lulesamisk": Language.SMJ,
    "nordsamisk": Language.SE,
    "sorsamisk": Language.SMA,
    "engelsk": Language.EN,
}


def parse(text: str) -> Query:
    """
    Understand what was typed. Never fails; beyond 2,000 characters nothing is looked at.

    A filter with a name that we do not know is words. Words said twice count once. A small word in capitals is a short
    form ("ME", "DU"), unless all that is typed is in capitals.
    """
    shouted = text.isupper() and len(text.split()) > 1
    reader = _Reader(shortened=len(text) > LONGEST_TEXT, shouted=shouted)
    for match in _TOKEN.finditer(text[:LONGEST_TEXT]):
        excluded = match["minus"] is not None
        name, phrase = match["name"], match["phrase"]
        content = phrase if phrase is not None else match["run"]
        field = FIELD_NAMES.get(fold(name)) if name else None
        if field is not None:
            reader.add_condition(field, content, excluded=excluded)
            continue
        if name:
            reader.add_near_name(name)
            reader.add_words(name, excluded=excluded)
        if phrase is None:
            reader.add_words(content, excluded=excluded)
        else:
            reader.add_phrase(content, excluded=excluded)
    return reader.query()


def filter_key(value: str) -> str:
    """Give what two values of a filter must have in common to be the same: letters and digits, folded."""
    return "".join(character for character in fold(value) if character.isalnum())


def names_near(name: str) -> tuple[str, ...]:
    """Give the names of conditions that one which is none of them may be a slip of the hand for."""
    plain = fold(name)
    allowed = _slips_allowed(plain)
    return tuple(one for one in SHOWN_NAMES.values() if slips(plain, fold(one)) <= allowed)


class _Reader:
    """Gathers the parts of one query, within the limits."""

    def __init__(self, *, shortened: bool, shouted: bool) -> None:
        self._shouted = shouted
        self._words: dict[bool, dict[tuple[str, ...], QueryWord]] = {False: {}, True: {}}
        self._phrases: dict[bool, dict[tuple[str, ...], QueryPhrase]] = {False: {}, True: {}}
        self._filters: dict[Filter, None] = {}
        self._applying: dict[ApplyingFilter, None] = {}
        self._near: dict[NotUnderstood, None] = {}
        self._ignored: dict[str, None] = {}
        self._shortened = shortened

    def add_words(self, text: str, *, excluded: bool) -> None:
        for term in terms(text):
            word = _word(term, shouted=self._shouted)
            if word is None:
                self._ignored.setdefault(term.original.lower())
                self._shortened |= len(self._ignored) > MOST_WORDS
                continue
            kept = self._words[excluded]
            if len(kept) >= MOST_WORDS and word.keys not in kept:
                self._shortened = True
                return
            kept.setdefault(word.keys, word)

    def add_phrase(self, text: str, *, excluded: bool) -> None:
        found = terms(text)
        if len(found) <= 1:  # One word in quotation marks is that word.
            self.add_words(text, excluded=excluded)
            return
        self._shortened |= len(found) > MOST_PHRASE_WORDS
        found = found[:MOST_PHRASE_WORDS]
        words = tuple(QueryWord(term.original, term.keys) for term in found if term.keys)
        folded = tuple(term.folded for term in found)
        kept = self._phrases[excluded]
        if len(kept) >= MOST_PHRASES and folded not in kept:
            self._shortened = True
        else:
            kept.setdefault(folded, QueryPhrase(" ".join(term.original for term in found), folded, words))

    def add_near_name(self, name: str) -> None:
        """Remember a name that is a slip of the hand from one of ours; it is read as a word all the same."""
        near = names_near(name)
        if near and len(self._near) < _MOST_NEAR:
            self._near.setdefault(NotUnderstood(name, "", near))

    def add_condition(self, field: FilterField | Applying, text: str, *, excluded: bool) -> None:
        if len(self._filters) + len(self._applying) >= MOST_FILTERS:
            self._shortened = True
        elif isinstance(field, FilterField):
            self._add_filter(field, text, excluded=excluded)
        elif filter_key(text):
            self._applying.setdefault(ApplyingFilter(field, text.strip(), excluded=excluded))

    def _add_filter(self, field: FilterField, text: str, *, excluded: bool) -> None:
        value = filter_key(text)
        if field is FilterField.KIND:
            value = KIND_NAMES.get(value, value)
        elif field is FilterField.LANGUAGE:
            value = LANGUAGE_NAMES.get(value, value)
        if value:
            self._filters.setdefault(Filter(field, str(value), excluded=excluded, typed=text.strip()))

    def query(self) -> Query:
        return Query(
            words=tuple(self._words[False].values()),
            phrases=tuple(self._phrases[False].values()),
            excluded_words=tuple(self._words[True].values()),
            excluded_phrases=tuple(self._phrases[True].values()),
            filters=tuple(self._filters),
            ignored=tuple(self._ignored)[:MOST_WORDS],
            shortened=self._shortened,
            applying=tuple(self._applying),
            not_understood=tuple(self._near),
        )


def _slips_allowed(name: str) -> int:
    return 1 if len(name) < 6 else 2  # noqa: PLR2004


def _word(term: Term, *, shouted: bool) -> QueryWord | None:
    small = term.original.lower()
    if not term.keys or small in QUESTION_WORDS or small in STOP_WORDS:
        if shouted or len(small) < _SHORTEST_SHORT_FORM or not term.original.isupper():
            return None
        return QueryWord(term.original, (term.folded,))
    return QueryWord(term.original, term.keys)
