"""
What only says which municipality one is in: its phone, its places and systems, what it calls a position.

Nine variants that differ in nothing else are one sentence, and what differs is filled in by each municipality. Too little is
taken for local rather than too much, since what a municipality fills in no network has approved: a number, a dose, a time or a
negation never is; a doctor in the place of a nurse is another duty, not another title; a capital alone makes no place, since
medicines have one too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from samrutine.procedures.model import LocalInformationType
from samrutine.proposals.prose_words import Critical, Word, words_of
from samrutine.search.norwegian import fold, is_known

_LONGEST: Final = 5
_ENDING: Final = "(?:en|n|et|t|a|ene|ane)?$"
_ROLES: Final = {
    # The first that fits; a leader of nurses is a leader.
    "leader": rf"(?:leder|leiar|sjef|direktør|rektor|styrer|styrar|avdelingssykepleier|avdelingssjukepleiar){_ENDING}",
    "health nurse": rf"(?:helsesykepleier|helsesjukepleiar){_ENDING}",
    "nurse": rf"(?:sykepleier|sjukepleiar){_ENDING}",
    "medical officer": rf"(?:overlege|smittevernlege|kommunelege){_ENDING}",
    "doctor": rf"(?:lege|legevakt|legevakta){_ENDING}",
    "skilled worker": rf"(?:fagarbeider|fagarbeidar){_ENDING}",
    "case handler": rf"(?:saksbehandler|saksbehandlar|konsulent|rådgiver|rådgivar){_ENDING}",
    "caretaker": rf"(?:vaktmester|vaktmeister){_ENDING}",
}
_UNITS: Final = re.compile(
    r"(?:sykehjem|sjukeheim|tun|heim|hjem|senter|avdeling|sone|tjeneste|tenest|teneste|kontor|skole|skule|barnehage|stasjon"
    rf"|bolig|bustad|boliger|bustader|kommune|base|enhet|eining|torg|hus|klinikk){_ENDING}"
)
_SYSTEMS: Final = re.compile(r"(?:system|fagprogram|journal)(?:et|en)$")
_BETWEEN: Final = frozenset(
    {"på", "i", "for", "ved", "til", "og", "av", "vakt", "tjenesten", "tenesta", "avdelingen", "avdelinga"}
)
_PLACE_FOLLOWS: Final = frozenset({"i", "hos"})
_LETTERS: Final = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class LocalDifference:
    """
    Words in the place of which each municipality has its own.

    Attributes:
        type: What it is: who holds a function, a service's phone, or a name.
        values: The own words of each variant, by its id.
    """

    type: LocalInformationType
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Blanked:
    """Wordings that are one but for local words: the text around them, and what stood between. One text more than gaps."""

    around: tuple[str, ...]
    differences: tuple[LocalDifference, ...]


def blanked(texts: Mapping[str, str], names: frozenset[str] = frozenset()) -> Blanked | None:
    """
    Find what differs between texts, if all that differs is local; None when anything else does, or nothing.

    Args:
        texts: The same paragraph in several variants, by the variant's id.
        names: Names that are known: of municipalities, of their places.
    """
    words = {id_: words_of(text) for id_, text in texts.items()}
    first, *others = words
    spans: dict[tuple[int, int], dict[str, str]] = {}
    for id_ in others:
        for start, end, own in _spans(words[first], words[id_]):
            spans.setdefault((start, end), {})[id_] = own
    places = sorted(spans)
    if not places or any(one[1] > other[0] for one, other in pairwise(places)):
        return None
    around: list[str] = []
    differences: list[LocalDifference] = []
    at = 0
    for start, end in places:
        mine = _joined(words[first][start:end])
        values = {id_: spans[start, end].get(id_, mine) for id_ in texts}
        before = words[first][start - 1].text if start else ""
        kinds = {_kind(value, names, before) for value in values.values()}
        found = next(iter(kinds)) if len(kinds) == 1 else None
        if found is None:
            return None
        around.append("".join(word.before + word.text for word in words[first][at:start]) + words[first][start].before)
        differences.append(LocalDifference(found[0], values))
        at = end
    around.append("".join(word.before + word.text for word in words[first][at:]))
    return Blanked(tuple(around), tuple(differences))


def _spans(one: Sequence[Word], other: Sequence[Word]) -> list[tuple[int, int, str]]:
    """Give where other words stand, in the one, and which in the other; "" where it has none."""
    matcher = SequenceMatcher(None, [word.text for word in one], [word.text for word in other], autojunk=False)
    return [
        (start, end, _joined(other[there:until]))
        for tag, start, end, there, until in matcher.get_opcodes()
        if tag != "equal"
    ]


def _joined(words: Sequence[Word]) -> str:
    return "".join(word.before + word.text for word in words).strip()


def _kind(value: str, names: frozenset[str], before: str) -> tuple[LocalInformationType, str] | None:
    """Say what a value is, and which of its kind: those of one kind only can stand in each other's place."""
    words = words_of(value)
    if not words or len(words) > _LONGEST:
        return None
    critical = {word.critical for word in words if word.critical is not None}
    if critical:
        is_phone = critical == {Critical.PHONE} and len(words) == 1
        return (LocalInformationType.SERVICE_PHONE, "") if is_phone else None
    spoken = [word.text for word in words if word.text.casefold() not in _BETWEEN]
    roles = [role for role in map(_role, spoken) if role is not None]
    if roles and len(roles) == len(spoken):
        return LocalInformationType.FUNCTION, ", ".join(roles)
    return (LocalInformationType.TEXT, "") if _is_place(spoken, names, before) else None


def _role(word: str) -> str | None:
    return next((role for role, ending in _ROLES.items() if re.search(ending, word.casefold())), None)


def _is_place(words: Sequence[str], names: frozenset[str], before: str) -> bool:
    """Say whether words are a place, a unit with a name, or a system; a unit without a name is another unit."""
    if len(words) == 1 and _SYSTEMS.search(words[0].casefold()):
        return True
    known = [word for word in words if fold(word) in names]
    units = [word for word in words if _UNITS.search(word.casefold())]
    capitals = [word for n, word in enumerate(words) if _has_capital(word, is_first=not before and n == 0)]
    if not known and not (
        capitals and (len(units) - len(set(units) & set(capitals)) or before.casefold() in _PLACE_FOLLOWS)
    ):
        return False
    return all(word in known or word in units or word in capitals for word in words)


def _has_capital(word: str, *, is_first: bool) -> bool:
    # At the start of a sentence every word has one; there only what is no Norwegian word is a name.
    return _LETTERS.match(word) is not None and word[0].isupper() and not (is_first and is_known(word))
