"""The words and things that a reader of Markdown sees, by our own parser and not by pandoc's."""

from collections import Counter
from typing import Final

from samrutine.exchange.incoming.model import Counts
from samrutine.procedures.markdown import markdown, plain_text

_THINGS: Final = {"heading_open": "headings", "list_item_open": "items", "th_open": "cells", "td_open": "cells"}


def seen_things(body: str) -> Counts:
    """Count the headings and items that hold words, the cells, the pictures and the notes of a body."""
    found: Counter[str] = Counter()
    waiting = ""
    for token in markdown().parse(body, {}):
        thing = _THINGS.get(token.type, "")
        if thing == "cells":
            found[thing] += 1
        elif thing:
            waiting = thing
        elif token.type == "footnote_open":
            found["notes"] += 1
        elif token.type == "inline":
            if waiting and token.content.strip():
                found[waiting] += 1
            waiting = ""
            found["pictures"] += sum(1 for child in token.children or [] if child.type == "image")
    return Counts(**found)


def seen_words(body: str) -> str:
    """Give the words a reader sees of a body, a line each block; alternative texts of pictures are left out."""
    lines: list[str] = []
    for token in markdown().parse(body, {}):
        if token.type == "inline":
            token.children = [child for child in token.children or [] if child.type != "image"]
            lines.append(plain_text(token))
        elif token.type in {"fence", "code_block"}:
            lines.append(token.content)
    return "\n".join(lines)
