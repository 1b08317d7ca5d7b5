"""
Bodies of three texts put together: section by section, then paragraph by paragraph, step by step and cell by cell.

What only one of the two changed is taken from that one. What both changed differently is a conflict: `ours` stays in
the text, and a person chooses. Nothing is guessed at inside a sentence.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from samrutine.procedures.markdown import markdown, plain_text
from samrutine.procedures.sections import section_moves, sections
from samrutine.proposals.alignment import aligned
from samrutine.proposals.blocks import blocks, cells, list_items, row_of, table_rows
from samrutine.proposals.conflicts import Conflict, ConflictKind
from samrutine.proposals.footnotes import merged_notes, told_apart, with_notes, without_notes
from samrutine.proposals.ordering import in_order, moved

_BEFORE_FIRST: Final = ""
"""The key of what stands before the first heading."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A section: its heading as Markdown and in words, its level, the key of what it lies in, its text."""

    heading: str
    words: str
    level: int
    above: str
    text: str


_Parts = Mapping[str, _Part]


class _Conflicts:
    """Those found so far, and the heading one stands under."""

    def __init__(self) -> None:
        self.found: list[Conflict] = []
        self.where = ""

    def add(self, kind: ConflictKind, base: str, ours: str, theirs: str) -> None:
        self.found.append(Conflict(self.where, kind, base, ours, theirs))


_Inside = Callable[[str, str, str, _Conflicts], str | None]
"""Merges a piece that both changed; None when it is one thing, of which a person must choose."""


def merge_body(base: str, ours: str, theirs: str) -> tuple[str, tuple[Conflict, ...]]:
    """
    Put together what two have changed in a text; at a conflict `ours` stays.

    Returns:
        Markdown that may still have to be put in the stored form, and the conflicts in the order of the text.
    """
    if ours in (base, theirs):
        return theirs, ()
    if theirs == base:
        return ours, ()
    conflicts = _Conflicts()
    (base, base_notes), (ours, our_notes), (theirs, their_notes) = map(without_notes, (base, ours, theirs))
    theirs, their_notes = told_apart(base_notes, our_notes, theirs, their_notes)
    text = _sections(base, ours, theirs, conflicts)
    notes, at_odds = merged_notes(base_notes, our_notes, their_notes)
    for label in at_odds:
        conflicts.where = f"[{label}]"
        conflicts.add(ConflictKind.TEXT, base_notes.get(label, ""), our_notes[label], their_notes[label])
    return with_notes(text, notes), tuple(conflicts.found)


def _sections(base: str, ours: str, theirs: str, conflicts: _Conflicts) -> str:
    known = sections(base)
    before, here, there = (
        _parts(body, {new: old for old, new in section_moves(known, sections(body)).items() if new is not None})
        for body in (base, ours, theirs)
    )
    either = {**there, **here}

    def steps_past(one: str, following: str) -> bool:
        # What is put in under a heading must not come between another heading and what lies under that.
        deeper = either[following].level - either[one].level
        return deeper > 0 or (deeper == 0 and following not in before)

    order = in_order(list(before), list(here), list(there), belongs_after=steps_past)
    _look_at_order(before, here, there, conflicts)
    kept = _kept(order, before, here, there)
    pieces: list[str] = []
    for key in order:
        three = before.get(key), here.get(key), there.get(key)
        conflicts.where = next(part.words for part in (three[1], three[2], three[0]) if part is not None)
        pieces += _section(*three, kept=key in kept, conflicts=conflicts)
    return "\n\n".join(piece for piece in pieces if piece)


def _parts(body: str, origins: Mapping[str, str]) -> _Parts:
    """Take a body apart; each section under the key that it, or what became it, has in the base."""
    lines = body.split("\n")
    tokens = markdown().parse(body, {})
    headings = [
        (f"{'#' * int(token.tag[1])} {tokens[n + 1].content}", plain_text(tokens[n + 1]), token.map[0])
        for n, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map is not None
    ]
    first = headings[0][2] if headings else len(lines)
    parts = {_BEFORE_FIRST: _Part("", "", 0, _BEFORE_FIRST, "\n".join(lines[:first]).strip("\n"))}
    path: list[tuple[int, str]] = []
    for (heading, words, _), section in zip(headings, sections(body), strict=True):
        while path and path[-1][0] >= section.level:
            path.pop()
        key = origins.get(section.key, section.key)
        parts[key] = _Part(heading, words, section.level, path[-1][1] if path else _BEFORE_FIRST, section.text)
        path.append((section.level, key))
    return parts


def _look_at_order(before: _Parts, here: _Parts, there: _Parts, conflicts: _Conflicts) -> None:
    if not (moved(list(before), list(here), list(there)) and moved(list(before), list(there), list(here))):
        return
    common = before.keys() & here.keys() & there.keys()
    orders = [[key for key in parts if key in common] for parts in (before, here, there)]
    if orders[1] != orders[2]:
        was, ours, theirs = ("\n".join(f"- {before[key].words}" for key in one if key) for one in orders)
        conflicts.add(ConflictKind.ORDER, was, ours, theirs)


def _kept(order: Sequence[str], before: _Parts, here: _Parts, there: _Parts) -> set[str]:
    """Say which sections are in the merged text: none without the section that it lies in."""
    kept = {key for key in order if _stays(before.get(key), here.get(key), there.get(key))}
    for key in order:
        if key in here and key not in there and key in kept:
            above = here[key].above
            while above not in kept:
                kept.add(above)
                above = here[above].above
    for key in order:
        if key in there and key not in here and there[key].above not in kept:
            kept.discard(key)
    return kept


def _stays(before: _Part | None, here: _Part | None, there: _Part | None) -> bool:
    if here is None or there is None:
        return before is None or (here is not None and not _same(before, here))
    return True


def _same(one: _Part, other: _Part) -> bool:
    return (one.heading, one.text) == (other.heading, other.text)


def _section(
    before: _Part | None, here: _Part | None, there: _Part | None, *, kept: bool, conflicts: _Conflicts
) -> list[str]:
    if here is not None and there is not None:
        was = before or _Part("", "", 0, "", "")
        heading = _one(was.heading, here.heading, there.heading, conflicts, _indivisible)
        return [heading, _flow(was.text, here.text, there.text, conflicts)]
    if here is not None:
        if before is not None and kept:
            conflicts.add(ConflictKind.REMOVED_THERE, _shown(before), _shown(here), "")
        return [here.heading, here.text] if kept else []
    if there is not None and not kept and (before is None or not _same(before, there)):
        conflicts.add(ConflictKind.REMOVED_HERE, _shown(before), "", _shown(there))
    return [there.heading, there.text] if there is not None and kept else []


def _shown(part: _Part | None) -> str:
    return "" if part is None else "\n\n".join(piece for piece in (part.heading, part.text) if piece)


def _flow(base: str, ours: str, theirs: str, conflicts: _Conflicts) -> str:
    """Merge what stands under one heading, or in one step of a list, paragraph by paragraph."""
    return "\n\n".join(_each(blocks(base), blocks(ours), blocks(theirs), conflicts, _block))


def _each(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str], conflicts: _Conflicts, inside: _Inside
) -> list[str]:
    here, here_new = _edits(base, ours)
    there, there_new = _edits(base, theirs)
    merged: list[str] = []
    for n in range(len(base) + 1):
        merged += _put_in(here_new[n], there_new[n], conflicts)
        if n < len(base):
            merged += _left(base[n], here[n], there[n], conflicts, inside)
    return merged


def _edits(base: Sequence[str], changed: Sequence[str]) -> tuple[list[str | None], list[list[str]]]:
    """Say what became of each piece of the base, None when it is gone, and what was put in before each and at the end."""
    became: list[str | None] = [None] * len(base)
    new: list[list[str]] = [[] for _ in range(len(base) + 1)]
    at = 0
    for before, after in aligned(base, changed, alike=0):
        if before is None:
            new[at].append(changed[after or 0])
            continue
        became[before] = None if after is None else changed[after]
        at = before + 1
    return became, new


def _put_in(ours: list[str], theirs: list[str], conflicts: _Conflicts) -> list[str]:
    if not theirs or _within(theirs, ours):
        return ours
    if not ours or _within(ours, theirs):
        return theirs
    conflicts.add(ConflictKind.ADDED_TWICE, "", "\n\n".join(ours), "\n\n".join(theirs))
    return ours


def _within(few: Sequence[str], many: Sequence[str]) -> bool:
    left = iter(many)
    return all(one in left for one in few)


def _left(base: str, ours: str | None, theirs: str | None, conflicts: _Conflicts, inside: _Inside) -> list[str]:
    if ours is not None and theirs is not None:
        return [_one(base, ours, theirs, conflicts, inside)]
    if ours is None and theirs not in {None, base}:
        conflicts.add(ConflictKind.REMOVED_HERE, base, "", theirs or "")
    if ours is None or ours == base:
        return []
    conflicts.add(ConflictKind.REMOVED_THERE, base, ours, "")
    return [ours]


def _one(base: str, ours: str, theirs: str, conflicts: _Conflicts, inside: _Inside) -> str:
    if ours in {base, theirs}:
        return theirs
    if theirs == base:
        return ours
    merged = inside(base, ours, theirs, conflicts)
    if merged is not None:
        return merged
    conflicts.add(ConflictKind.TEXT if base else ConflictKind.ADDED_TWICE, base, ours, theirs)
    return ours


def _indivisible(_base: str, _ours: str, _theirs: str, _conflicts: _Conflicts) -> str | None:
    return None


def _block(base: str, ours: str, theirs: str, conflicts: _Conflicts) -> str | None:
    lists = [list_items(one) for one in (base, ours, theirs)]
    if all(lists):
        was, here, there = (one for one in lists if one is not None)
        if was.mark[-1] == here.mark[-1] == there.mark[-1]:
            # Who changed the number that a list begins at, or the air in it, is followed, whichever of the two it was.
            mark = there.mark if here.mark == was.mark else here.mark
            loose = there.loose if here.loose == was.loose else here.loose
            like = replace(here, mark=mark, loose=loose)
            return like.together(_each(was.items, here.items, there.items, conflicts, _flow))
    tables = [table_rows(one) for one in (base, ours, theirs)]
    if all(tables):
        rows, our_rows, their_rows = (one for one in tables if one is not None)
        if rows.columns == our_rows.columns == their_rows.columns:
            header = _one(rows.header, our_rows.header, their_rows.header, conflicts, _row)
            return our_rows.together(header, _each(rows.rows, our_rows.rows, their_rows.rows, conflicts, _row))
    return None


def _row(base: str, ours: str, theirs: str, conflicts: _Conflicts) -> str | None:
    was, here, there = cells(base), cells(ours), cells(theirs)
    if not len(was) == len(here) == len(there):
        return None
    three = zip(was, here, there, strict=True)
    return row_of([_one(*cell, conflicts, _indivisible) for cell in three])
