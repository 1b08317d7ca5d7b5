"""
The catalogues: every text that a person meets, by key and language.

A key is ``area.name``; the area is a file, ``<language>/<area>.toml``, and the name may have dots (nested
tables). A text holds named places, ``{procedure}``, filled by `say`. English is what the code's own readers see in
logs; bokmål is what users see unless they ask for something else. A test walks every key and fails when one
language lacks it or names other places.
"""

import os
import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final, Protocol

LANGUAGES: Final = ("nb", "en")
DEFAULT_LANGUAGE: Final = "nb"


class Reason(Protocol):
    """Why a rule says no: a value with a catalogue key and the places of its text."""

    @property
    def key(self) -> str:
        """The catalogue key, `reasons.<name>`."""
        ...

    @property
    def places(self) -> dict[str, object]:
        """The values it rests on, as they are in code."""
        ...

    @property
    def settled(self) -> bool:
        """Whether no other reason is worth telling beside it."""
        ...

    def places_in(self, language: str) -> dict[str, object]:
        """What fills the named places of the text in a language."""
        ...


@cache
def catalogue(language: str, area: str) -> dict[str, str]:
    """
    Read one area of one language as flat keys, without the area's own name.

    Raises:
        KeyError: There is no such area in that language; the key names both.
    """
    # A path and not importlib.resources, which takes 0.03 s to import: the start of every command waits for this.
    source = Path(__file__).parent / language / f"{area}.toml"
    try:
        tables = tomllib.loads(source.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KeyError(f"{language}/{area}.toml") from None
    return dict(_flat(tables, ""))


def say(key: str, language: str = DEFAULT_LANGUAGE, /, **places: object) -> str:
    """
    Give the text of `key` in `language`, with its named places filled.

    An unknown language gives bokmål, since a text in another language is better than none. An unknown key is our
    own mistake and raises KeyError.
    """
    area, _, name = key.partition(".")
    chosen = language if language in LANGUAGES else DEFAULT_LANGUAGE
    text = catalogue(chosen, area)[name]
    filled = {place: shown(places[place], chosen) for place in _places_in(text) if place in places}
    for place, words in filled.items():
        if words.endswith("."):
            # An abbreviation that ends a sentence ends it: «rådgiver, konst.» and no second full stop.
            text = text.replace(f"{{{place}}}.", f"{{{place}}}")
    return text.format_map(filled)


@cache
def _places_in(text: str) -> frozenset[str]:
    """Name the places of a text: what it has no place for need not be written."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def shown(value: object, language: str = DEFAULT_LANGUAGE) -> str:
    """
    Write a value as a text shows it, the rest as it is.

    A day is 28.07.2026 in Norwegian and 2026-07-28 in English; an instant is its day and time in Norway; and a broken number
    has a comma in Norwegian.
    """
    if isinstance(value, datetime):
        # Imported here: what most commands say has no instant in it.
        from zoneinfo import ZoneInfo

        there = value.astimezone(ZoneInfo("Europe/Oslo"))
        return f"{shown(there.date(), language)} {there:%H:%M}"
    if isinstance(value, float) and language != "en":
        return str(value).replace(".", ",")
    if isinstance(value, date):
        return value.isoformat() if language == "en" else value.strftime("%d.%m.%Y")
    return str(value)


def word(area: str, value: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Give the word people use for a value in code, such as a role or a level; the value itself when there is none."""
    chosen = language if language in LANGUAGES else DEFAULT_LANGUAGE
    return catalogue(chosen, "words").get(f"{area}.{value}", value)


def language_of_environment() -> str:
    """
    Choose the language from SAMRUTINE_LANGUAGE, or else LC_ALL, LC_MESSAGES, LANG as POSIX orders them.

    Only a value that begins with ``en`` gives English; ``C``, ``POSIX`` and everything else give bokmål.
    """
    for variable in ("SAMRUTINE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "en" if value.lower().startswith("en") else DEFAULT_LANGUAGE
    return DEFAULT_LANGUAGE


def _flat(tables: dict[str, object], above: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in tables.items():
        if isinstance(value, dict):
            rows.extend(_flat(value, f"{above}{name}."))
        else:
            rows.append((f"{above}{name}", str(value).strip()))
    return rows
