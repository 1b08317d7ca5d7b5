"""The words of the pages: bokmål, nynorsk and English, each complete."""

import re
from functools import cache
from string import Formatter
from typing import Final

from samrutine.messages import catalogue, shown, word

LANGUAGES: Final = ("nb", "nn", "en")
"""The first is what a page is in when nobody asked for another."""


_OWN_AREAS: Final = frozenset(
    {
        "accessibility",
        "caring",
        "checklists",
        "editor",
        "inspection",
        "letters",
        "offline",
        "overview",
        "own",
        "papers",
        "people",
    }
)
"""What is said in catalogues of their own: `offline.title` is `title` of the catalogue `offline`. The rest is in `web`."""
_COMMAND: Final = re.compile(r"[^.!?\n]*`samrutine[^`]*`[^.!?\n]*[.!?]?[ ]*")


def known(language: str | None) -> str:
    """Give a language that the pages are in; bokmål for any other."""
    return language if language in LANGUAGES else LANGUAGES[0]


def asked_for(accept_language: str) -> str | None:
    """Give the first language that a browser or a program asks for and the pages are in; "no" is bokmål."""
    for part in accept_language.split(","):
        tag = part.partition(";")[0].strip().partition("-")[0].casefold()
        if tag in {*LANGUAGES, "no"}:
            return "nb" if tag == "no" else tag
    return None


class Phrases:
    """The words of the pages in one language."""

    def __init__(self, language: str) -> None:
        self.language = known(language)
        self.formal = "en" if self.language == "en" else "nb"
        """The language of what has no nynorsk yet: the reasons and errors of the verbs."""

    def __call__(self, name: str, /, **places: object) -> str:
        """
        Say something, with its places filled.

        Raises:
            KeyError: The catalogues of the pages have no such text.
        """
        area, _, rest = name.partition(".")
        text = catalogue(self.language, area)[rest] if area in _OWN_AREAS else catalogue(self.language, "web")[name]
        return text.format_map({place: self.shown(places[place]) for place in _places_in(text)})

    def count(self, name: str, number: int, /, **places: object) -> str:
        """Say how many: `<name>_one` or `<name>_many`."""
        return self(f"{name}_one" if number == 1 else f"{name}_many", count=number, **places)

    def shown(self, value: object) -> str:
        """Write a day, an instant or a number as people do."""
        return shown(value, self.formal)

    def kind(self, value: str) -> str:
        """Give the word for a kind of text, «Sjekkliste»."""
        return catalogue(self.language, "documents")[f"kind.{value}"]

    def word(self, area: str, value: str) -> str:
        """Give the word people use for a value in code."""
        return catalogue(self.formal, "cli").get(f"{area}.{value}") or word(area, value, self.formal)


def without_commands(text: str) -> str:
    """Take away the sentences of a remedy that tell what to type in a shell: nobody here has one."""
    return _COMMAND.sub("", text).strip()


@cache
def _places_in(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)
