"""
A few lines of a section around the words that were asked for.

A snippet is parts of plain text, each either a hit or not, and never markup, so a page that escapes text cannot be
made to run any. Marks of Markdown are taken away when a section is indexed (`plain`), so that showing a hit costs one
walk over its text.
"""

import html
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Final

from samrutine.search.model import SnippetPart
from samrutine.search.norwegian import Term, fold, keys

LENGTH: Final = 200
_ELLIPSIS: Final = "…"

_LOCAL_FIELD: Final = re.compile(r"\{\{([a-z][a-z0-9-]{0,39})\}\}")
_LINE_MARKS: Final = re.compile(
    r"^[ \t>]*(?:#{1,6}[ \t]+|(?P<point>[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|\d{1,9}[.)][ \t]+)|\[\^[^\]\s]{1,60}\]:[ \t]*)?",
    re.MULTILINE,
)
_RULES: Final = re.compile(r"^[ \t>]*(?:(?:[-*_=:|][ \t]*){3,}|(?:`{3,}|~{3,})[^\n`]*)$", re.MULTILINE)
_NOTE: Final = re.compile(r"\[\^[^\]\s]{1,60}\]")
_LINK: Final = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:[ \t]+\"[^\"\n]*\")?\)")
_DEFINITION: Final = re.compile(r"^[ \t]{0,3}\[[^\]\n]{1,80}\]:[ \t]*\S+.*$", re.MULTILINE)
_AUTOLINK: Final = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,500})>")
# What is struck out holds no longer. Both marks stand in one paragraph; half a pair is no mark for a document either.
_STRUCK: Final = re.compile(
    r"~~(?=[^\s~])(?:[^~|\n]|~(?!~)|\n(?![ \t>]*(?:\n|[-*+][ \t]|[#|]|\d+[.)][ \t])))+(?<!\s)~~"
)
# A star alone is no mark, and neither is one between digits: it says "times".
_TIMES: Final = re.compile(r"(?<!\S)\*+(?!\S)|(?<=\d)\*(?=\d)")
_EMPHASIS: Final = re.compile(r"\*+|~~|`+|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
# As CommonMark has them; a number of thousands of digits is no letter.
_REFERENCE: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACE: Final = re.compile(r"\s+")
_WORD: Final = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")
# Escaped punctuation is put here while marks are taken away; these code points are nobody's.
_KEPT: Final = 0xE000
_WAS_KEPT: Final = re.compile("[\ue000-\ue07f]")
# Stands between what stood in cells or points of their own, until it is known what is at its sides.
_APART: Final = "\ue080"
_APARTS: Final = re.compile(" ?\ue080(?: ?\ue080)* ?")
_SHOWN_APART: Final = " · "
_NEEDLESS: Final = re.compile(f"(?<=[.,:;!?]){re.escape(_SHOWN_APART)}")


def plain(markdown: str, labels: Mapping[str, str] | None = None) -> str:
    """
    Take the marks of Markdown away and put everything on one line.

    A local field becomes its label from `labels`, or its key in words, in brackets, since it is still to be filled in. A dot stands
    between points of a list and between cells. What is struck out is left out: a dose that holds no
    longer must not stand beside the one that does. Tags and comments of HTML stay, since a document shows them as they were
    written.

    Works line by line with patterns, not as a parser: a mark too many or too few in a snippet does no harm, while a parser would
    cost the index build tenfold. No text makes a pattern walk over the same letters again and again.
    """
    names = labels or {}
    text = _ESCAPED.sub(lambda found: _kept(found[1]), markdown)
    text = _LOCAL_FIELD.sub(lambda found: _to_fill_in(names.get(found[1], found[1].replace("-", " "))), text)
    text = _STRUCK.sub(" ", text)
    text = _RULES.sub("", text)
    text = _LINE_MARKS.sub(lambda found: _APART if found["point"] else "", text)
    text = _DEFINITION.sub("", text)
    text = _NOTE.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = _AUTOLINK.sub(r"\1", text)
    text = _TIMES.sub(lambda found: _kept(found[0]), text)
    text = _EMPHASIS.sub("", text)
    text = text.replace("|", _APART)
    text = _REFERENCE.sub(lambda found: html.unescape(found[0]), text)
    text = _WAS_KEPT.sub(lambda found: chr(ord(found[0]) - _KEPT), text)
    text = _APARTS.sub(_SHOWN_APART, _SPACE.sub(" ", text).strip(f" {_APART}"))
    return _NEEDLESS.sub(" ", text)


def _to_fill_in(label: str) -> str:
    # As if escaped: brackets of a text may be a link.
    return f"{_kept('[')}{label}{_kept(']')}"


def _kept(marks: str) -> str:
    return "".join(chr(_KEPT + ord(mark)) for mark in marks)


def snippet(
    text: str, wanted: Collection[str], length: int = LENGTH, *, said: Collection[Sequence[str]] = ()
) -> tuple[SnippetPart, ...]:
    """
    Cut about `length` characters out of plain `text`, where most of the `wanted` keys are, and mark them.

    `said` are phrases, by their words in plain letters, that are marked too where they stand. Cut at words; what is left out is shown by "…". Without a wanted word it is the beginning. The parts joined are the
    text shown; a text that is short enough is shown whole.
    """
    found = _found(text, wanted)
    if said:
        found = sorted({term.start: term for term in (*found, *_said(text, said))}.values(), key=attrgetter("start"))
    start, end = _window(text, found, length)
    parts: list[SnippetPart] = []
    at = start
    lead = f"{_ELLIPSIS} " if start > 0 else ""
    for term in found:
        if term.start < start or term.end > end:
            continue
        if lead or term.start > at:
            parts.append(SnippetPart(lead + text[at : term.start]))
            lead = ""
        parts.append(SnippetPart(text[term.start : term.end], hit=True))
        at = term.end
    rest = lead + text[at:end] + (f" {_ELLIPSIS}" if end < len(text) else "")
    if rest:
        parts.append(SnippetPart(rest))
    return tuple(parts)


def filled_in(parts: Sequence[SnippetPart], values: Mapping[str, str]) -> tuple[SnippetPart, ...]:
    """
    Put what was filled in where a snippet shows what is to be filled in, by what that is called.

    A name that was asked for stays, with what was filled in after it: "[telefon til vakten: 75 00 00 00]".
    """
    shown = "".join(part.text for part in parts)
    places = sorted(
        (match.start(), match.end(), value)
        for label, value in values.items()
        for match in re.finditer(re.escape(f"[{label}]"), shown)
    )
    if not places:
        return tuple(parts)
    made: list[SnippetPart] = []
    at = 0
    for start, end, value in places:
        kept = tuple(_between(parts, start, end - 1))
        made.extend(_between(parts, at, start))
        if any(part.hit for part in kept):
            made.extend((*kept, SnippetPart(f": {value}]")))
        else:
            made.append(SnippetPart(value))
        at = end
    made.extend(_between(parts, at, len(shown)))
    return tuple(_joined(made))


def _between(parts: Iterable[SnippetPart], start: int, end: int) -> Iterator[SnippetPart]:
    """Cut parts to what stands from one place of their text to another."""
    at = 0
    for part in parts:
        text = part.text[max(0, start - at) : max(0, end - at)]
        if text:
            yield SnippetPart(text, part.hit)
        at += len(part.text)


def _joined(parts: Iterable[SnippetPart]) -> Iterator[SnippetPart]:
    """Join neighbours that are no hits."""
    for hit, several in groupby(parts, key=attrgetter("hit")):
        if hit:
            yield from several
        else:
            yield SnippetPart("".join(part.text for part in several))


def _found(text: str, wanted: Collection[str]) -> list[Term]:
    # Only words with the first letter of a wanted key are looked up: nearly every inflected form keeps it, and a
    # look-up of each word of ten sections would cost a cold search more than all the rest.
    letters = {key[0] for key in wanted if key}
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        if _first(word[0]) in letters:
            word_keys = keys(word) or ((fold(word),) if word.isupper() else ())
            if any(key in wanted for key in word_keys):
                found.append(Term(word, match.start(), match.end(), word_keys))
    return found


def _said(text: str, said: Collection[Sequence[str]]) -> Iterator[Term]:
    """Give the words of `text` that stand in phrases, each as a word by itself."""
    words = list(_WORD.finditer(text))
    folded = [fold(match.group()) for match in words]
    for phrase in map(list, said):
        for at in range(len(words) - len(phrase) + 1):
            if folded[at : at + len(phrase)] == phrase:
                for match in words[at : at + len(phrase)]:
                    yield Term(match.group(), match.start(), match.end(), (fold(match.group()),))


@lru_cache(maxsize=1024)
def _first(letter: str) -> str:
    """Give the plain letter that a letter starts as."""
    return fold(letter)[:1]


def _window(text: str, found: list[Term], length: int) -> tuple[int, int]:
    """Choose where to cut: the stretch with most different wanted words, the first of equals, with some text before."""
    if len(text) <= length:
        return 0, len(text)
    best_start, best_score = 0, -1
    for number, first in enumerate(found):
        different = set()
        last = first
        for term in found[number : number + length]:
            if term.end - first.start > length:
                break
            different.add(term.lemma)
            last = term
        if len(different) > best_score:
            spare = length - (last.end - first.start)
            best_start, best_score = first.start - min(length // 4, spare // 2), len(different)
    start = max(0, min(best_start, len(text) - length))
    end = start + length
    return _word_start(text, start), _word_end(text, end)


def _word_start(text: str, at: int) -> int:
    if at <= 0:
        return 0
    space = text.find(" ", at - 1, at + 40)
    return at if space < 0 else space + 1


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - 40, at + 1)
    return at if space < 0 else space
