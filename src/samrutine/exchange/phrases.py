"""The words around a text: the catalogue area `documents` in the document's language, and days as people write them."""

import re
from datetime import date
from functools import cache

from samrutine.messages import DEFAULT_LANGUAGE, catalogue, say
from samrutine.procedures.model import Language

# A Sámi text has its header in bokmål until somebody who knows the language has written the sentences.
_WRITTEN = frozenset({Language.NB, Language.NN, Language.EN})


def tied(text: str) -> str:
    """
    Hold day and month together with a no-break space: a line that ends in "22." reads like a list.

    For paper and screen only. What is kept as text, or searched, has the space that people type.
    """
    return _before_month().sub("\\1\u00a0", text)


@cache
def _before_month() -> re.Pattern[str]:
    months = {catalogue(language.value, "documents")[f"month.{n}"] for language in _WRITTEN for n in range(1, 13)}
    return re.compile(rf"(?<![0-9])([0-9]{{1,2}}\.?) (?=(?:{'|'.join(sorted(months))})\b)")


class Phrases:
    """Says the catalogue's sentences in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language if language in _WRITTEN else Language(DEFAULT_LANGUAGE)

    def __call__(self, name: str, /, **places: object) -> str:
        """Give the sentence `documents.<name>` with its places filled; places may hold any text, braces included."""
        if self.language is Language.NN:
            return catalogue("nn", "documents")[name].format_map(places)
        return say(f"documents.{name}", self.language.value, **places)

    def day(self, day: date) -> str:
        """Write a day the way people do: "21. november 2026"."""
        return self("day", day=day.day, month=self(f"month.{day.month}"), year=day.year)

    def role(self, role: str) -> str:
        """Name a role as people do: front matter may write it as a slug, "kontaktlaerer"; an unknown one stands as written."""
        try:
            return self(f"role.{role}")
        except KeyError:
            return role

    def list(self, words: tuple[str, ...]) -> str:
        """Join words as in a sentence: "a, b og c"."""
        if len(words) < 2:  # noqa: PLR2004 - one word needs no joining
            return "".join(words)
        return f"{', '.join(words[:-1])} {self('and')} {words[-1]}"
