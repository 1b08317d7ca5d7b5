"""The parts of a text as people name them, and the text as people read it."""

import re
import sys
from collections.abc import Iterable
from typing import Final

from samrutine.cli.shell import Shell
from samrutine.errors import InvalidRequest
from samrutine.procedures.model import ProcedureText

_FIELD: Final = re.compile(r"\{\{([a-z][a-z0-9-]*)\}\}")


def headings_of(text: ProcedureText) -> dict[str, str]:
    """Give what people call each part of a text, by its key."""
    from samrutine.procedures.sections import sections

    return {one.key: one.heading for one in sections(text.body) if one.key}


def key_of(given: str, known: Iterable[tuple[str, str]]) -> str:
    """
    Find the part that is called so: by its heading or its key, however it is capitalised.

    Args:
        known: Key and heading of each part.

    Raises:
        InvalidRequest: None is, or several; the message names those there are.
    """
    parts = list(known)
    wanted = given.strip().casefold()
    called = [key for key, heading in parts if heading.casefold() == wanted]
    if wanted in {key for key, _ in parts}:
        return wanted
    if len(called) == 1:
        return called[0]
    # Two parts of one name are told apart by their keys.
    names = called or [f"«{one}»" for _, one in parts if one]
    raise InvalidRequest(what="--section", value=given[:60], expected=", ".join(names))


def print_words(shell: Shell, text: ProcedureText) -> None:
    """Write a text for whoever reads it and no more: the title and the words, with local information by its name."""
    labels = {one.key: one.label for one in text.front.local_information}
    body = _FIELD.sub(lambda found: f"[{labels.get(found[1], found[1])}]", text.body)
    words = f"# {text.front.title}\n\n{body.strip()}"
    if not sys.stdout.isatty():
        shell.print(words)
        return
    # Rich takes 0.05 s to import; answers that go to a file do without.
    from rich.markdown import Markdown

    shell.console().print(Markdown(words, hyperlinks=False))
