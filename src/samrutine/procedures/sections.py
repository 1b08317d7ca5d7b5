"""The sections of a text, their keys, and where each one went when the text changed."""

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from samrutine.procedures.markdown import markdown, plain_text
from samrutine.procedures.model import Section, slug_of

_NOT_PLAIN: Final = re.compile(
    r"(?m)^ {0,3}(?:`{3}|~{3}|<|[-=]+ *$)|^ {1,3}#|^[ >*+\d.)-]*(?:`{3}|~{3})|[\t\r\f\v\x1c-\x1e\x85\u2028\u2029]"
)
_PLAIN_HEADING: Final = re.compile(
    r"(#{1,6}) ((?:[^\W_]|[,;()/?–«»-](?=[^\W_]| )|[.:](?= ))(?:(?:[^\W_]|[ ,;()/?–«»-]|[.:](?= ))*(?:[^\W_]|[)?»]))?)"
)
_TYPED_NUMBER: Final = re.compile(r"^[0-9]+(?:-[0-9]+)*-(?=[^/])")
_ALIKE: Final = 0.5
_HEADING_WEIGHT: Final = 0.4
_WORDS_COMPARED: Final = 400


def plain_sections(body: str) -> tuple[Section, ...] | None:
    """
    Divide a body as `sections` does, without parsing it; None for one with anything that only parsing can tell.

    A body with fenced code, HTML, underlined headings, tabs or marked-up headings is such a one; most routines are not.
    For whoever must divide a hundred thousand texts: parsing one takes two milliseconds, and this a fiftieth of it.
    """
    if _NOT_PLAIN.search(body):
        return None
    lines = body.split("\n")
    starts = [(number, found) for number, line in enumerate(lines) if (found := _PLAIN_HEADING.fullmatch(line))]
    if len(starts) != sum(line.startswith("#") for line in lines):
        return None
    headings = [(len(found[1]), found[2], number, number + 1) for number, found in starts]
    return _divided(headings, lines)


def sections(body: str) -> tuple[Section, ...]:
    """
    Divide a body into its sections, in the order they stand.

    Only headings of the text itself count, not those inside a quotation or a list. Of two equal headings under the
    same parent the second gets "-2". What stands before the first heading belongs to no section.
    """
    tokens = markdown().parse(body, {})
    lines = body.split("\n")
    headings = [
        (int(token.tag[1]), plain_text(tokens[n + 1]), token.map[0], token.map[1])
        for n, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map is not None
    ]
    return _divided(headings, lines)


def _divided(headings: Sequence[tuple[int, str, int, int]], lines: Sequence[str]) -> tuple[Section, ...]:
    """Give the sections under headings: level, heading, its line, and the line after it."""
    ends = [*(start for _, _, start, _ in headings), len(lines)][1:]
    found: list[Section] = []
    taken: dict[str, int] = {}
    path: list[tuple[int, str]] = []
    for (level, heading, start, after), end in zip(headings, ends, strict=True):
        while path and path[-1][0] >= level:
            path.pop()
        above = f"{path[-1][1]}/" if path else ""
        key = _free(above + _slug_of(heading), taken)
        path.append((level, key))
        found.append(Section(key, heading, level, start + 1, "\n".join(lines[after:end]).strip("\n")))
    return tuple(found)


@lru_cache(maxsize=1024)
def _slug_of(heading: str) -> str:
    # «Formål» and «Ansvar» stand in nearly all routines, and folding their letters took half of dividing a text.
    return slug_of(heading)


def sections_called(found: Sequence[Section], words: str) -> tuple[Section, ...]:
    """
    Find the sections that somebody means by a key, the end of one, or the words of a heading, typed number or not.

    A whole key is that section alone. "3. Framgangsmåte" is "3-framgangsmate", and "framgangsmåte" too; "doser" is
    "3-framgangsmate/doser". Several where the words fit several; none is chosen for whoever asks.
    """
    if exact := tuple(one for one in found if one.key == words):
        return exact
    wanted = {slug_of(words), "/".join(slug_of(part) for part in words.strip("/").split("/"))}
    return tuple(one for one in found if any(_is_end(wanted, name) for name in _names(one)))


def _names(section: Section) -> tuple[str, str, str]:
    """Give a section's key, its key without the numbers that somebody typed before headings, and its heading alone."""
    bare = "/".join(_TYPED_NUMBER.sub("", part) for part in section.key.split("/"))
    return section.key, bare, _slug_of(section.heading)


def _is_end(wanted: Collection[str], name: str) -> bool:
    return any(f"/{name}".endswith(f"/{one}") for one in wanted)


def section_moves(old: Sequence[Section], new: Sequence[Section]) -> Mapping[str, str | None]:
    """
    Say where each old section is in the new text, so that a local addition follows its section.

    An equal key is the same section. The rest are paired by how alike heading and words are, the most alike first;
    an old section that resembles none of those left maps to None.
    """
    new_keys = {section.key for section in new}
    old_keys = {section.key for section in old}
    moves: dict[str, str | None] = {section.key: section.key if section.key in new_keys else None for section in old}
    left = [section for section in old if section.key not in new_keys]
    free = [section for section in new if section.key not in old_keys]
    pairs = sorted(
        (
            (_alike(before, after), -n, -m, before.key, after.key)
            for n, before in enumerate(left)
            for m, after in enumerate(free)
        ),
        reverse=True,
    )
    given: set[str] = set()
    for score, _, _, before_key, after_key in pairs:
        if score >= _ALIKE and moves[before_key] is None and after_key not in given:
            moves[before_key] = after_key
            given.add(after_key)
    return moves


def _alike(before: Section, after: Section) -> float:
    heading = SequenceMatcher(None, before.heading.casefold(), after.heading.casefold(), autojunk=False).ratio()
    if not before.text.strip() and not after.text.strip():
        return heading
    before_words, after_words = before.text.split()[:_WORDS_COMPARED], after.text.split()[:_WORDS_COMPARED]
    matcher = SequenceMatcher(None, before_words, after_words, autojunk=False)
    words = matcher.ratio() if matcher.quick_ratio() > 0 else 0.0
    return _HEADING_WEIGHT * heading + (1 - _HEADING_WEIGHT) * words


def _free(key: str, taken: dict[str, int]) -> str:
    # The last number given is remembered: a text of a thousand equal headings must not count from 2 each time.
    free = key
    while free in taken:
        taken[key] += 1
        free = f"{key}-{taken[key]}"
    taken[free] = 1
    return free
