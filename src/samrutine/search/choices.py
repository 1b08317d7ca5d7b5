"""
The values that a search can be narrowed to, by the names people know them by; those nearest to a slip; completion.

Nothing here looks at what a reader may not see: networks, subjects, kinds, languages and municipalities are known to all.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from samrutine.networks.model import Municipality
from samrutine.procedures.model import Kind, Language
from samrutine.search.model import Applying, Filter, FilterField, NotUnderstood
from samrutine.search.norwegian import fold
from samrutine.search.query import FIELD_NAMES, KIND_NAMES, LANGUAGE_NAMES, SHOWN_NAMES, filter_key, names_near

if TYPE_CHECKING:  # who searches by words alone reads no settings
    from samrutine.networks.shared_library import SharedLibrary

YES: Final = "ja"
NO: Final = "nei"
_YES_OR_NO: Final = {"ja": YES, "yes": YES, "nei": NO, "no": NO}
_MOST_NEAREST: Final = 3
_ALIKE: Final = 0.7
_FEW_ENOUGH_TO_NAME: Final = 12
_MOST_COMPLETIONS: Final = 12
_LONGEST_COMPLETED: Final = 60
_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_LIKE_A_DAY: Final = re.compile(r"\d{1,4}(?:[.,/\-\u2013]\d{1,4}){1,2}[.,]?|\d{5,8}|\d{1,2}\.", re.ASCII)
# Kinds and languages as they are shown; other words for them are understood too.
_KINDS: Final = {
    Kind.ROUTINE: "rutine",
    Kind.PROCEDURE: "prosedyre",
    Kind.CHECKLIST: "sjekkliste",
    Kind.GUIDELINE: "veileder",
    Kind.FORM: "skjema",
    Kind.PLAN: "plan",
    Kind.MEASURE: "tiltak",
    Kind.AGREEMENT: "avtale",
    Kind.MANDATE: "mandat",
    Kind.ROLE_DESCRIPTION: "rollebeskrivelse",
    Kind.HANDBOOK: "håndbok",
}
_LANGUAGES: Final = {
    Language.NB: "bokmål",
    Language.NN: "nynorsk",
    Language.SMJ: "lulesamisk",
    Language.SE: "nordsamisk",
    Language.SMA: "sørsamisk",
    Language.EN: "engelsk",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value: its id, the name it is shown by, and all that it is found by, folded."""

    value: str
    shown: str
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Completion:
    """What may be put in place of the typed text from `start` up to `end`. `shown` is it in words."""

    start: int
    end: int
    text: str
    shown: str


class Choices:
    """The values of each condition. One without any (målgruppe) may be anything."""

    def __init__(self, by_field: Mapping[FilterField | Applying, tuple[Choice, ...]]) -> None:
        self._by_field = by_field

    @classmethod
    def of(cls, shared: "SharedLibrary | None", municipalities: Iterable[Municipality]) -> "Choices":
        """Take them from the settings; without these, only what needs none."""
        places = tuple(_choice(one.number, one.name, one.slug, one.sami_name or one.name) for one in municipalities)
        found: dict[FilterField | Applying, tuple[Choice, ...]] = {
            Applying.MUNICIPALITY: places,
            Applying.APPLIES: (_choice(YES, YES, "yes"), _choice(NO, NO, "no"), *places),
            FilterField.KIND: tuple(
                _choice(kind.value, shown, *(name for name, other in KIND_NAMES.items() if other is kind))
                for kind, shown in _KINDS.items()
            ),
            FilterField.LANGUAGE: tuple(
                _choice(language.value, shown, *(name for name, other in LANGUAGE_NAMES.items() if other is language))
                for language, shown in _LANGUAGES.items()
            ),
        }
        if shared is not None:
            found[FilterField.SUBJECT] = tuple(_choice(one.id, one.nb, one.nn) for one in shared.subjects)
            found[FilterField.NETWORK] = tuple(
                _choice(one.id, one.name, one.name.removeprefix("Fagnettverk for ")) for one in shared.networks
            )
        return cls(found)

    def find(self, field: FilterField | Applying, value: str) -> Choice | None:
        """Give the value that somebody meant; None where none is called that."""
        key = filter_key(value)
        return next((one for one in self._by_field.get(field, ()) if key in one.keys), None)

    def understood(self, one: Filter) -> Filter | None:
        """Give a filter with the id that texts have; None for a value that no text can have."""
        if one.field not in self._by_field:
            return one
        found = self.find(one.field, one.value)
        return None if found is None else Filter(one.field, found.value, one.excluded, one.typed)

    def nearest(self, field: FilterField | Applying, value: str) -> tuple[str, ...]:
        """Give the names that are so like what was typed that they may have been meant, the likest first."""
        key = filter_key(value)[:_LONGEST_COMPLETED]
        rated = [(max(_likeness(key, other) for other in one.keys), one.shown) for one in self._by_field.get(field, ())]
        near = [shown for likeness, shown in sorted(rated, key=lambda pair: -pair[0]) if likeness >= _ALIKE]
        return tuple(near[:_MOST_NEAREST])

    def strange(self, field: FilterField | Applying, typed: str) -> NotUnderstood:
        """Say of a value that we do not know what may have been meant; or what there is, when that is few."""
        name, said = SHOWN_NAMES[field], as_said(typed)
        if field is Applying.APPLIES and _LIKE_A_DAY.fullmatch(typed.strip()):
            return NotUnderstood(name, said, (), is_day=True)
        nearest = self.nearest(field, typed)
        every = () if nearest else tuple(one.shown for one in self._by_field.get(field, ()))
        return NotUnderstood(name, said, nearest, every if len(every) <= _FEW_ENOUGH_TO_NAME else ())

    def complete(self, text: str, cursor: int | None = None) -> tuple[Completion, ...]:
        """
        Say what the condition that is being typed may become: its name, or after the colon its value; of a misspelt name, the right one.

        Args:
            text: All that is typed.
            cursor: How many characters stand before the cursor; all of them when None.
        """
        until = len(text) if cursor is None else max(0, min(cursor, len(text)))
        found = _BEING_TYPED.search(text[max(0, until - 4 * _LONGEST_COMPLETED) : until])
        if found is None:
            return ()
        name, value = found["name"], found["value"]
        if value is None:
            start = until - len(name)
            plain = fold(name)
            return tuple(
                Completion(start, until, f"{shown}:", f"{shown}:")
                for shown in SHOWN_NAMES.values()
                if fold(shown).startswith(plain)
            )
        field = FIELD_NAMES.get(fold(name))
        if field is None:
            start = until - len(name) - 1 - len(value)
            near = names_near(name) if not value else ()
            return tuple(Completion(start, until, f"{shown}:", f"{shown}:") for shown in near)
        return self._values(field, value, until)

    def _values(self, field: FilterField | Applying, typed: str, until: int) -> tuple[Completion, ...]:
        key = filter_key(typed)
        every = self._by_field.get(field, ())
        begun = [one for one in every if any(other.startswith(key) for other in one.keys)]
        if not begun:
            near = self.nearest(field, typed) if key else ()
            begun = [one for one in every if one.shown in near]
        start = until - len(typed)
        return tuple(Completion(start, until, _quoted(one.shown), one.shown) for one in begun[:_MOST_COMPLETIONS])


# The condition that the text ends in: a name being typed, or a name, a colon and a value, perhaps in quotation marks.
_BEING_TYPED: Final = re.compile(
    r"""(?:^|(?<=[\s\-\u2212]))(?P<name>[^\W\d_]{1,20})(?::(?P<value>["“”«»][^"“”«»]*|[^\s"“”«»]*))?$"""
)


def day_of(value: str) -> date | None:
    """Read a day, ISO or Norwegian; None for what is no day."""
    found = _DAY.fullmatch(value.strip())
    if found is None:
        return None
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def yes_or_no(value: str) -> str | None:
    """Give "ja" or "nei", in either of the languages; None for another value."""
    return _YES_OR_NO.get(fold(value.strip()))


def as_said(typed: str) -> str:
    """Give a value as it can be said back: on one line, of visible characters, and not longer than one reads."""
    return "".join(letter for letter in typed[:_LONGEST_COMPLETED] if letter.isprintable())


def _choice(value: str, shown: str, *also: str) -> Choice:
    return Choice(value, shown, frozenset(filter_key(one) for one in (value, shown, *also)))


def _likeness(one: str, other: str) -> float:
    from difflib import SequenceMatcher  # wanted for a slip of the hand only

    if one and other.startswith(one):
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _quoted(shown: str) -> str:
    return f'"{shown}"' if " " in shown else shown
