"""Footnotes and link definitions of a text, taken out before a merge and put back where something uses them."""

import re
from collections.abc import Mapping
from typing import Final

from samrutine.procedures.markdown import markdown

Notes = Mapping[str, str]
"""By label as it is written ("^1", "veileder"): the definition as Markdown."""

_DEFINITION: Final = re.compile(r" {0,3}\[(\^?[^\]\n]+)\]:")


def without_notes(body: str) -> tuple[str, Notes]:
    """Take the definitions out of a body; those inside a quotation or a list stay where they are."""
    lines = body.split("\n")
    held: set[int] = set()
    for token in markdown().parse(body, {}):
        if token.level == 0 and token.map is not None and not token.type.startswith("footnote"):
            held.update(range(*token.map))
    notes: dict[str, list[str]] = {}
    kept: list[str] = []
    label = None
    for n, line in enumerate(lines):
        found = _DEFINITION.match(line) if n not in held else None
        if n in held:
            label = None
        elif found is not None:
            label = found[1]
        if label is None:
            kept.append(line)
        else:
            notes.setdefault(label, []).append(line)
    return "\n".join(kept), {label: "\n".join(rows).rstrip() for label, rows in notes.items()}


def told_apart(base: Notes, ours: Notes, theirs: str, their_notes: Notes) -> tuple[str, Notes]:
    """
    Give a note that `theirs` added a number of its own where `ours` added another under the same one.

    Two writers who each add a note both call it the next number; one definition would then stand for both.
    """
    taken = {*base, *ours, *their_notes}
    renamed: dict[str, str] = {}
    for label, definition in their_notes.items():
        if label.startswith("^") and label not in base and ours.get(label, definition) != definition:
            renamed[label] = _next_label(label, taken)
            taken.add(renamed[label])
    if not renamed:
        return theirs, their_notes

    def relabelled(text: str) -> str:
        return re.sub(r"\[(\^[^\]\n]+)\]", lambda found: f"[{renamed.get(found[1], found[1])}]", text)

    return relabelled(theirs), {renamed.get(label, label): relabelled(text) for label, text in their_notes.items()}


def _next_label(label: str, taken: set[str]) -> str:
    number = int(label[1:]) if label[1:].isdecimal() else 1
    stem = "^" if label[1:].isdecimal() else f"{label}-"
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def merged_notes(base: Notes, ours: Notes, theirs: Notes) -> tuple[Notes, tuple[str, ...]]:
    """
    Choose a definition for each label, `ours` where both changed it differently; and name those labels.

    Every label of the three gets one: a paragraph that one of them kept may use what the other took out.
    """
    chosen: dict[str, str] = {}
    at_odds = []
    for label in dict.fromkeys([*ours, *theirs, *base]):
        before, here, there = base.get(label), ours.get(label), theirs.get(label)
        text = there if here in {before, None} and there is not None else here
        chosen[label] = text if text is not None else str(before)
        if here is not None and there is not None and here not in {before, there} and there != before:
            at_odds.append(label)
    return chosen, tuple(at_odds)


def with_notes(body: str, notes: Notes) -> str:
    """Put the definitions that something uses at the end of a body."""
    left = dict(notes)
    while True:
        whole = "\n\n".join([body.rstrip("\n"), *left.values()]) + "\n"
        used = _used(whole)
        unused = [label for label in left if _normal(label) not in used]
        if not unused:
            return whole
        for label in unused:
            # A note may use another; what only an unused note used goes in the next round.
            del left[label]


def _used(body: str) -> set[str]:
    env: dict[str, object] = {}
    tokens = markdown().parse(body, env)
    used = set()
    for token in tokens:
        for child in token.children or []:
            label = child.meta.get("label") if child.meta else None
            if label is not None:
                used.add(_normal(f"^{label}" if child.type == "footnote_ref" else str(label)))
    return used


def _normal(label: str) -> str:
    # As the parser does: labels of links are the same in any case and with any white space.
    return label if label.startswith("^") else " ".join(label.split()).lower().upper()
