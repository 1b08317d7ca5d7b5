"""Whether what stands in a text still stands in the same order, under the same headings, in both readings of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from rapidfuzz.distance import LCSseq

from samrutine.exchange.incoming.compare import is_value_word, words_of

_MOST: Final = 20_000
"""Words looked at: of a text with more values than that, the first ones."""

_Token = tuple[str, ...]


def moved(source: Iterable[str], seen: str, headings: Iterable[str]) -> list[str]:
    """
    Give the lines of the source with a value, a negation or a heading that stands elsewhere in the result.

    A dose that moved from below one heading to below another is in both readings, and so is each word of it. So the order
    counts: of figures, of words that say no, and of the headings between them. What only one reading has is told elsewhere.

    Args:
        source: The lines of our own reading.
        seen: The words of the result, in lines.
        headings: The headings of the result, as plain words.
    """
    named = {tuple(words_of(one)) for one in headings}
    there, lines = _tokens(source, named)
    here, _ = _tokens(seen.split("\n"), named)
    first, second = Counter(there), Counter(here)
    alike = {one for one, count in first.items() if second[one] == count}
    kept = [n for n, one in enumerate(there) if one in alike][:_MOST]
    one, other = [there[n] for n in kept], [token for token in here if token in alike][:_MOST]
    if one == other:
        return []
    gone = {step.src_pos for step in LCSseq.editops(one, other) if step.tag == "delete"}
    return list(dict.fromkeys(" ".join(lines[kept[n]].split()) for n in sorted(gone)))


def _tokens(lines: Iterable[str], named: set[_Token]) -> tuple[Sequence[_Token], Sequence[str]]:
    """Give the words whose order counts, and the line of each. A heading is one word."""
    tokens: list[_Token] = []
    where: list[str] = []
    for line in lines:
        words = words_of(line)
        found = [tuple(words)] if tuple(words) in named else [(word,) for word in words if is_value_word(word)]
        tokens += found
        where += [line] * len(found)
    return tokens, where
