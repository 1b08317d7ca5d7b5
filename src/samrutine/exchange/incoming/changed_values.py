"""
Changes that nobody had accepted, and comments, where they touch what somebody would act on: doses, numbers, phones, negations.

Which words those are is settled where texts are compared, in `proposals.prose_words`: there is one such rule.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from samrutine.exchange.incoming.model import Comment, Finding
from samrutine.proposals.prose_words import Critical, Piece, PieceKind, critical_in, word_changes, words_of

_NOTHING: Final = "–"
_ENDS: Final = " .,;:"
_TOLD_ONE_BY_ONE: Final = 20
_LONGEST_VALUE: Final = 60
_LONGEST_LINE: Final = 160
_SAID: Final = frozenset({Critical.DOSE, Critical.PHONE, Critical.NEGATION})


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A paragraph, or a row of a table, as it was before its changes and as it is with all of them accepted."""

    was: str
    now: str
    where: str = ""


class LineHeard:
    """A line that is heard piece by piece, each with whether it came or went."""

    def __init__(self) -> None:
        self._was: list[str] = []
        self._now: list[str] = []
        self._is_changed = False
        self._is_apart = False

    def say(self, text: str, *, came: bool = False, gone: bool = False) -> None:
        """Hear a piece. What went is a word of its own beside letters: LibreOffice leaves out the spaces around it."""
        if not text:
            return
        if not came:
            last = self._was[-1] if self._was else ""
            if (gone or self._is_apart) and last[-1:].isalpha() and text[0].isalpha():
                self._was.append(" ")
            self._was.append(text)
            self._is_apart = gone
        if not gone:
            self._now.append(text)
        self._is_changed = self._is_changed or ((came or gone) and bool(text.strip()))

    def ended(self, where: str = "") -> Iterator[ChangedLine]:
        """Give the line if anything in it came or went, and begin the next."""
        if self._is_changed:
            yield ChangedLine("".join(self._was), "".join(self._now), where)
        self._was, self._now, self._is_changed, self._is_apart = [], [], False, False


def values_changed(lines: Iterable[ChangedLine]) -> list[Finding]:
    """Tell of each line where a value was changed, old and new; of very many, those under one heading together."""
    told = [(one.where, said) for one in lines if (said := _told(one))]
    found = [Finding("value-changed", where, said) for where, said in told[:_TOLD_ONE_BY_ONE]]
    more: dict[str, list[str]] = {}
    for where, said in told[_TOLD_ONE_BY_ONE:]:
        more.setdefault(where, []).append(said)
    return found + [Finding("value-changed", where, "\n".join(said)) for where, said in more.items()]


def comments_at_values(comments: Iterable[Comment]) -> list[Finding]:
    """Tell of the comments that stand at a value, or say one: somebody may have doubted it."""
    return [
        Finding(
            "comment-at-value", one.where, f"{about}: {one.text}" if (about := one.about.rstrip(" .,:;")) else one.text
        )
        for one in comments
        if critical_in(one.about) or critical_in(one.text) & _SAID
    ]


def _told(line: ChangedLine) -> str:
    """Give the values that were changed in a line, as "5 mg → 10 mg", and the line; empty when none was."""
    was, now = " ".join(line.was.split()), " ".join(line.now.split())
    pieces = word_changes(was, now)
    pairs = [f"{_shown(old)} → {_shown(new)}" for old, new in _pairs(pieces)]
    if not pairs:
        return ""
    around = now or was
    shown = around if len(around) <= _LONGEST_LINE else f"{around[:_LONGEST_LINE].rsplit(' ', 1)[0]} …"
    return f"{', '.join(pairs)} ({shown})"


def _pairs(pieces: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """Give what was taken out and what came in its place, where either is a value or the name of what is dosed."""
    place = 0
    while place < len(pieces):
        if pieces[place].kind is PieceKind.KEPT:
            place += 1
            continue
        end = place
        while end < len(pieces) and pieces[end].kind is not PieceKind.KEPT:
            end += 1
        changed = pieces[place:end]
        before, after = pieces[place - 1 : place] if place else (), pieces[end : end + 1]
        if any(one.is_critical for one in changed) or _is_dosed(before, changed, after):
            yield (
                "".join(one.text for one in changed if one.kind is PieceKind.REMOVED).strip(_ENDS),
                "".join(one.text for one in changed if one.kind is PieceKind.ADDED).strip(_ENDS),
            )
        place = end


def _is_dosed(before: Sequence[Piece], changed: Sequence[Piece], after: Sequence[Piece]) -> bool:
    """Tell whether one word became another right beside a dose: then it is most likely the medicine that is another."""
    if {one.kind for one in changed} != {PieceKind.REMOVED, PieceKind.ADDED}:
        return False
    ends = [words_of(one.text.rstrip())[-1:] for one in before] + [words_of(one.text)[:1] for one in after]
    return any(word.critical is Critical.DOSE for words in ends for word in words)


def _shown(text: str) -> str:
    if not text:
        return _NOTHING
    if len(text) <= _LONGEST_VALUE:
        return text
    # Of a whole paragraph that came or went only the values; the paragraph stands beside them.
    values = [word.text for word in words_of(text) if word.critical is not None]
    return ", ".join(values) or f"{text[:_LONGEST_VALUE].rsplit(' ', 1)[0]} …"
