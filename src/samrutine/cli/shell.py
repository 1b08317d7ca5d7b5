"""What every command is given: where the library is, who acts, in which language, and how to answer."""

import os
import re
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from samrutine.errors import ActorMissing, HomeNotFound, InvalidRequest, NoSuchDay, Refused
from samrutine.messages import LANGUAGES, catalogue, language_of_environment, say, shown

if TYPE_CHECKING:
    from rich.console import Console

    from samrutine.library import Library

Choice = TypeVar("Choice", bound=Enum)

PIPED_WIDTH = 80
"""Columns when nobody watches. A terminal, or COLUMNS, says otherwise."""

_ISO_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NORWEGIAN_DAY: Final = re.compile("([0-9]{1,2})[.]([0-9]{1,2})[.]([0-9]{4})")


class Shell:
    """One call of one command."""

    def __init__(self, *, home: str | None, actor: str | None, language: str | None, as_json: bool) -> None:
        if language is not None and language not in LANGUAGES:
            raise InvalidRequest(what="--language", value=language, expected=", ".join(LANGUAGES))
        self.language = language or language_of_environment()
        self.as_json = as_json
        # The environment is read here and not by Typer: an option before the command must win over it too.
        self._home = home or os.environ.get("SAMRUTINE_HOME") or None
        self._actor = actor or os.environ.get("SAMRUTINE_AS") or None

    # Where and who --------------------------------------------------------------------------------------------------

    @property
    def home(self) -> Path:
        """
        The home: `--home`, SAMRUTINE_HOME, or the folder one stands in when that is one.

        Raises:
            HomeNotFound: None of them.
        """
        if self._home:
            return Path(self._home)
        here = Path.cwd()
        if (here / "samrutine.toml").is_file():
            return here
        raise HomeNotFound(home=here)

    @property
    def home_if_given(self) -> str | None:
        """The home as it was typed, or None."""
        return self._home

    @property
    def by(self) -> str:
        """
        Who acts.

        Raises:
            ActorMissing: Nobody was named.
        """
        if not self._actor:
            raise ActorMissing
        return self._actor

    @property
    def actor(self) -> str | None:
        """Who acts, or None when nobody was named."""
        return self._actor

    @contextmanager
    def library(self) -> "Iterator[Library]":
        """Open the library of the home for a `with` block. A refusal says what people call the body that it is about."""
        # Imported here: help and complaints about usage need no database.
        from samrutine.library import Library
        from samrutine.plain import name_bodies

        with Library.open(self.home) as library:
            try:
                yield library
            except Refused as error:
                name_bodies(error, library)
                raise

    # Saying ---------------------------------------------------------------------------------------------------------

    def say(self, name: str, /, **places: object) -> str:
        """Give the text `cli.<name>` in the user's language."""
        return say(f"cli.{name}", self.language, **places)

    def count(self, name: str, number: int) -> str:
        """Give `cli.count.<name>` for one or for any other number."""
        return self.say(f"count.{name}_{'one' if number == 1 else 'other'}", count=number)

    def label(self, area: str, value: str) -> str:
        """Give the word for a value, such as a state; the value itself when there is none."""
        key = f"{area}.{value}"
        return catalogue(self.language, "cli").get(key) or catalogue(self.language, "words").get(key, value)

    def day(self, day: date | None) -> str:
        """Write a day the way the language does: 28.07.2026, or 2026-07-28 in English; a dash for none."""
        if day is None:
            return "–"
        return shown(day, self.language)

    def instant(self, instant: datetime) -> str:
        """Write an instant as day and time in Norway."""
        return shown(instant, self.language)

    def print(self, *lines: str) -> None:
        """Write lines to standard output; nothing when JSON was asked for."""
        if not self.as_json:
            sys.stdout.write("".join(f"{line}\n" for line in lines))

    @staticmethod
    def visible(name: str) -> str:
        """Give a name from outside, such as a file's, without what a terminal would obey."""
        return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in name)

    def tell(self, *lines: str) -> None:
        """Write lines to standard error: what is worth knowing but is no answer."""
        sys.stdout.flush()
        sys.stderr.write("".join(f"{line}\n" for line in lines))

    def answer(self, value: object, text: "Callable[[], None] | str | None" = None) -> None:
        """
        Answer: as JSON, one object on the last line of standard output, or as text.

        Args:
            value: A mapping or a value with fields; a list becomes {"items": […]}.
            text: The sentence, or what prints the answer for people.
        """
        if self.as_json:
            import json

            from samrutine.plain import plain

            found = plain(value)
            wrapped = found if isinstance(found, dict) else {"items": found}
            sys.stdout.write(json.dumps(wrapped, ensure_ascii=False) + "\n")
        elif isinstance(text, str):
            self.print(text)
        elif text is not None:
            text()

    def decided(self, value: object, text: str) -> None:
        """Answer with what was decided, and say when its repetition is left to another process."""
        self.answer(value, text)
        if getattr(value, "projected", True) is False and not self.as_json:
            self.tell(self.say("not_projected"))

    # A terminal -----------------------------------------------------------------------------------------------------

    @property
    def width(self) -> int:
        """Columns to write in."""
        import shutil

        if os.environ.get("COLUMNS", "").isdigit():
            return int(os.environ["COLUMNS"])
        return shutil.get_terminal_size((80, 24)).columns if sys.stdout.isatty() else PIPED_WIDTH

    @property
    def is_coloured(self) -> bool:
        """Whether answers go to a terminal that wants styles and colours."""
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def styled(self, text: str, code: str) -> str:
        """Give text in a style (an SGR number) on a terminal that wants it; as it is anywhere else."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.is_coloured else text

    def bold(self, text: str) -> str:
        """Give text in bold on a terminal."""
        return self.styled(text, "1")

    def console(self) -> "Console":
        """Give a Rich console on standard output."""
        # Rich takes 0.05 s to import; commands that print lines do without.
        from rich.console import Console

        return Console(width=self.width, highlight=False, soft_wrap=False, markup=False, emoji=False)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], *, whole: Sequence[int] = (0,)) -> None:
        """
        Print a table; the heads are names in the catalogue under `head`.

        Columns that there is no room for are left out, which is said on standard error.

        Args:
            whole: Columns that are never broken, such as ids.
        """
        from samrutine.cli.tables import lay_out

        words = [self.say(f"head.{one}") for one in heads]
        (head, *lines), left_out, rule = lay_out(words, rows, self.width, whole=whole, names=heads)
        self.print(*(self.bold(line) for line in head), rule, *(line for row in lines for line in row))
        if left_out:
            self.tell(self.say("table.left_out", columns=", ".join(left_out)))

    @contextmanager
    def progress(self, label: str, total: int | None = None) -> Iterator[Callable[[str], None]]:
        """
        Show a bar on standard error for what may take over a second; nothing when standard error is no terminal.

        Yields:
            What is told the name of each thing as it is begun.
        """
        if not sys.stderr.isatty():
            yield lambda name: None  # noqa: ARG005  the same shape as below
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[name]}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(self.say(f"progress.{label}"), total=total, name="")
            yield lambda name: bar.update(task, advance=1, name=name[:40])

    @property
    def is_asked(self) -> bool:
        """Whether a person sits there to be asked: both ends are terminals and no JSON was asked for."""
        return sys.stdin.isatty() and sys.stdout.isatty() and not self.as_json

    def ask(self, name: str, **places: object) -> str:
        """Ask on the terminal."""
        sys.stdout.write(self.say(f"ask.{name}", **places) + " ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        return line.strip()

    def ask_unseen(self, name: str) -> str:
        """Ask for what nobody may see over a shoulder, or in the list of processes; a line of what comes in, where nobody sits there."""
        # Imported here: only a password is asked for so.
        from getpass import getpass

        if self.is_asked:
            return getpass(f"{self.say(f'ask.{name}')} ")
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        return line.removesuffix("\n").removesuffix("\r")

    # Reading what was typed -----------------------------------------------------------------------------------------

    def read_day(self, value: str | None, name: str) -> date | None:
        """
        Read a day, ISO or Norwegian: 2026-07-28, 28.07.2026, 28.7.2026.

        Raises:
            NoSuchDay: It is written as a day, and the calendar has none such.
            InvalidRequest: It is no day.
        """
        if value is None:
            return None
        written = value.strip()
        ours = _NORWEGIAN_DAY.fullmatch(written)
        iso = f"{ours[3]}-{ours[2]:>02}-{ours[1]:>02}" if ours else written
        try:
            return date.fromisoformat(iso)
        except ValueError:
            if _ISO_DAY.fullmatch(iso):
                raise NoSuchDay(what=name, value=written) from None
            raise InvalidRequest(what=name, value=value[:40], expected="2026-07-28, 28.07.2026") from None

    def read_instant(self, value: str | None, name: str) -> datetime | None:
        """
        Read an instant: a day means its end in Norway, a time without a zone is Norwegian.

        Raises:
            InvalidRequest: It is neither.
        """
        if value is None:
            return None
        from datetime import time
        from zoneinfo import ZoneInfo

        oslo = ZoneInfo("Europe/Oslo")
        if "T" not in value and ":" not in value:
            day = self.read_day(value, name)
            return datetime.combine(day, time.max, oslo) if day else None
        try:
            instant = datetime.fromisoformat(value.strip())
        except ValueError:
            raise InvalidRequest(what=name, value=value[:40], expected="2026-07-28T14:30") from None
        return instant if instant.tzinfo else instant.replace(tzinfo=oslo)

    def choose(
        self, kind: type[Choice], value: str, name: str, area: str, *, among: Collection[Choice] | None = None
    ) -> Choice:
        """
        Read a choice by its code or by its word in any of our languages.

        The first or the last words are enough where they can mean only one: "mindre" for "mindre retting".

        Args:
            among: Those that may be chosen here; all of them when None.

        Raises:
            InvalidRequest: There is no such choice; the message lists them.
        """
        wanted = " ".join(value.split()).casefold()
        choices = [one for one in kind if among is None or one in among]
        words = {one: {str(one.value), *self._words_for(area, str(one.value))} for one in choices}
        exactly = [one for one in choices if wanted in words[one]]
        partly = [
            one for one in choices
            if any(word.startswith(f"{wanted} ") or word.endswith(f" {wanted}") for word in words[one])
        ]  # fmt: skip
        found = exactly or partly
        if len(found) == 1:
            return found[0]
        expected = ", ".join(self.label(area, str(one.value)) for one in choices)
        raise InvalidRequest(what=name, value=value[:40], expected=expected)

    @staticmethod
    def _words_for(area: str, value: str) -> set[str]:
        """Give the words for a value in all our languages, in small letters; none where a catalogue has none."""
        found = (
            catalogue(language, name).get(f"{area}.{value}", "") for language in LANGUAGES for name in ("cli", "words")
        )
        return {one.casefold() for one in found if one}
