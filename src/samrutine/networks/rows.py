"""
Typed values out of TOML that people edit by hand, with every fault named by file and line.

A fault does not stop the reading: whoever mends the files wants all of them at once. Python's TOML reader keeps no
line numbers, so the line of a row or key is found again in the text, one key a line, as the files are written.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, TypeVar

from samrutine.messages import say

_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(?:#.*)?")
_PLACE_IN_ERROR = re.compile(r"\(at line (\d+), column \d+\)")
SLUG: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class LibraryFault:
    """
    One thing wrong in one file of the library.

    `line` counts from 1, and is 0 when the fault is the whole file's. `key` is the name in the catalogue
    `library`, `places` what fills its text.
    """

    file: str
    line: int
    key: str
    places: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str = "nb") -> str:
        """Say where, what is wrong and what to do."""
        place = "library.where.line" if self.line else "library.where.file"
        where = say(place, language, file=self.file, line=self.line)
        fact = say(f"library.{self.key}.fact", language, **self.places)
        remedy = say(f"library.{self.key}.remedy", language, **self.places)
        return f"{where}: {fact} {remedy}"


class Page:
    """
    One TOML file: its tables, its lines, and the faults found in it so far.

    A file that cannot be read at all is a page without tables and with one fault.
    """

    def __init__(self, file: str, data: bytes | None) -> None:
        self.file = file
        self.faults: list[LibraryFault] = []
        self.tables: dict[str, object] = {}
        self._lines: list[str] = []
        if data is None:
            self.fault(0, "file_missing")
            return
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            self.fault(data.count(b"\n", 0, error.start) + 1, "not_utf8")
            return
        self._lines = text.splitlines()
        try:
            self.tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = _PLACE_IN_ERROR.search(str(error))
            line = int(place[1]) if place else len(self._lines)
            self.fault(line, "not_toml", detail=_PLACE_IN_ERROR.sub("", str(error)).strip())
        except RecursionError:
            self.fault(1, "not_toml", detail="nesting")

    def fault(self, line: int, key: str, **places: object) -> None:
        """Note a fault; the reading goes on."""
        self.faults.append(LibraryFault(self.file, line, key, places))

    def rows(self, table: str) -> list["Row"]:
        """Give the rows of `[[table]]` in order, each with the line of its header."""
        found = self.tables.get(table, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self.fault(self.line_of(table), "wrong_type", name=table, expected=f"[[{table}]]")
            return []
        headers = [
            number
            for number, line in enumerate(self._lines, start=1)
            if line.lstrip().startswith("[[") and (match := _HEADER.fullmatch(line)) and match[1] == table
        ]
        # Written as an array of inline tables there are no headers; the array's own line is then the best there is.
        headers += [self.line_of(table)] * (len(found) - len(headers))
        return [Row(self, each, line) for each, line in zip(found, headers, strict=False)]

    def lists(self, name: str) -> list[tuple[tuple[str, ...], int]]:
        """Give an array of arrays of words, each with its line; anything else in it is a fault."""
        found = self.tables.get(name, [])
        start = self.line_of(name)
        if not isinstance(found, list):
            self.fault(start, "wrong_type", name=name, expected=f"{name} = [[…], […]]")
            return []
        words: list[tuple[tuple[str, ...], int]] = []
        for each in found:
            if not isinstance(each, list) or not all(isinstance(word, str) and word.strip() for word in each):
                self.fault(start, "wrong_type", name=name, expected=f"{name} = [[…], […]]")
                continue
            # Searched from the row before, so that a word that stands in two rows gives each its own line.
            start = self._line_with(f'"{each[0]}"' if each else "[]", start)
            words.append((tuple(each), start))
        return words

    def only(self, *known: str) -> None:
        """Note every table of the file that is none of `known`."""
        for name in self.tables:
            if name not in known:
                self.fault(self.line_of(name), "key_unknown", name=name, nearest=nearest(name, known))

    def line_of(self, name: str, after: int = 0) -> int:
        """Find the line of a key or table header after a line, or else that line, or 1."""
        for number, line in enumerate(self._lines[after:], start=after + 1):
            header = _HEADER.fullmatch(line)
            if (header and header[1] == name) or re.match(rf'\s*"?{re.escape(name)}"?\s*=', line):
                return number
            if after and header:
                break
        return after or 1

    def _line_with(self, words: str, after: int) -> int:
        for number, line in enumerate(self._lines[after:], start=after + 1):
            if words in line:
                return number
        return after


class Row:
    """
    One table of a file, read key by key.

    Each method gives a value of its type, and notes a fault and gives an empty one when the key is missing or wrong;
    `end` notes the keys that nobody asked for.
    """

    def __init__(self, page: Page, values: Mapping[str, object], line: int) -> None:
        self.page = page
        self.values = values
        self.line = line
        self._asked: dict[str, None] = {}

    def fault(self, name: str, key: str, **places: object) -> None:
        """Note a fault at the line of the key `name`, or of the row when it has no such key."""
        line = self.page.line_of(name, self.line) if name in self.values else self.line
        self.page.fault(line, key, name=name, **places)

    def text(self, name: str, pattern: str | None = None) -> str:
        """Give a text that is not empty, and matches the whole pattern where there is one."""
        value = self._get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.fault(name, "wrong_type", expected="text")
            return ""
        if pattern is not None and re.fullmatch(pattern, value) is None:
            self.fault(name, "wrong_form", value=value, expected=pattern)
            return ""
        return value

    def text_or_none(self, name: str, pattern: str | None = None) -> str | None:
        """Give the text, or None when the key is not there."""
        if not self._has(name):
            return None
        return self.text(name) if pattern is None else self.text(name, pattern)

    def texts(self, name: str, *, least: int = 1) -> tuple[str, ...]:
        """Give a list of texts, none empty, none twice, at least `least` of them."""
        if least == 0 and not self._has(name):
            return ()
        value = self._get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            self.fault(name, "wrong_type", expected='["…", "…"]')
            return ()
        if len(value) < least:
            self.fault(name, "too_few", least=least)
        for each in dict.fromkeys(value):
            if value.count(each) > 1:
                self.fault(name, "twice_in_row", value=each)
        return tuple(value)

    def flag(self, name: str) -> bool:
        """Give true or false."""
        value = self._get(name)
        if value is not None and not isinstance(value, bool):
            self.fault(name, "wrong_type", expected="true, false")
        return value is True

    def months(self, name: str, most: int) -> int:
        """Give a number of whole months, from 1 to `most`."""
        value = self._get(name)
        if value is None:
            return 1
        # True is an int to Python, and would pass as one month.
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            self.fault(name, "wrong_type", expected=f"1–{most}")
            return 1
        return value

    def day_or_none(self, name: str) -> date | None:
        """Give the date, or None when the key is not there."""
        if not self._has(name):
            return None
        value = self._get(name)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.fault(name, "wrong_type", expected="2026-01-31")
            return None
        return value

    def choice(self, name: str, choices: type[Choice]) -> Choice:
        """Give one of the choices; the first of them when the value is none."""
        value = self.text(name)
        try:
            return choices(value)
        except ValueError:
            if value:
                self.fault(name, "not_one_of", value=value, expected=", ".join(choices))
            return next(iter(choices))

    def rows(self, name: str) -> list["Row"]:
        """Give the inline tables under the key, as rows that report at this row's key."""
        value = self._get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.fault(name, "wrong_type", expected="[{…}, {…}]")
            return []
        line = self.page.line_of(name, self.line)
        return [Row(self.page, each, line) for each in value]

    def known(self, *names: str) -> None:
        """Leave these keys to somebody else: `end` does not note them."""
        self._asked.update(dict.fromkeys(names))

    def end(self) -> None:
        """Note every key that was not asked for."""
        for name in self.values:
            if name not in self._asked:
                self.fault(name, "key_unknown", nearest=nearest(name, self._asked))

    def _has(self, name: str) -> bool:
        self._asked[name] = None
        return name in self.values

    def _get(self, name: str) -> object | None:
        if not self._has(name):
            self.page.fault(self.line, "key_missing", name=name)
            return None
        return self.values[name]


def nearest(value: str, known: Iterable[str]) -> str:
    """Give the known word that is most like this one, or else all of them with commas between."""
    words = list(known)
    close = get_close_matches(value, words, n=1, cutoff=0.6)
    return close[0] if close else ", ".join(words)
