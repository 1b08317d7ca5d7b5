"""The words beside a change: what became of the block, and what in it a person must look at."""

from typing import Final

from samrutine.messages import say
from samrutine.proposals.prose_diff import Became, Change
from samrutine.proposals.prose_words import Critical

_SILENT: Final = frozenset({Became.SAME, Became.CHANGED})


def label_of(change: Change, language: str) -> str:
    """Say what became of a block; "" where its words show it."""
    if change.became in _SILENT:
        return ""
    where = change.elsewhere or say("diff.beginning", language)
    return say(f"diff.became.{change.became}", language, where=where, move=change.move)


def critical_label(change: Change, language: str) -> str:
    """Say which of numbers, doses, phone numbers and negations a change touches; "" when none."""
    found = change.critical
    kinds = ", ".join(say(f"diff.critical.{kind}", language) for kind in Critical if kind in found)
    return say("diff.look", language, what=kinds) if kinds else ""
