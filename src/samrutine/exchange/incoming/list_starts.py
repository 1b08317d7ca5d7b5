"""
Where lists begin: a mark before the first word of an item says which number it had, since pandoc does not hear it.

A list that goes on after a table begins at 4. One that began at 1 would say "step 1" of what the text calls step 4.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

_START: Final = "samrutine-begins-at-"
_MARK = re.compile(rf"{_START}(\d+)")


def mark_of(number: int) -> str:
    """Give what is written before the first word of an item that has a number; `set_starts` takes it away."""
    return f"{_START}{number} "


def set_starts(tree: Any) -> None:
    """
    Let the lists of a tree begin where the marks say, and take the marks away.

    A list that begins anew in the middle is two lists. A number before what pandoc takes for no list stands there as text.
    """
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if one.get("t") == "BulletList":
                for item in one["c"]:
                    _take_mark(item)
            waiting += one.values()
        elif isinstance(one, list):
            if any(isinstance(each, dict) and each.get("t") == "OrderedList" for each in one):
                one[:] = _joined(part for each in one for part in _begun(each))
            if (
                one
                and isinstance(one[0], dict)
                and one[0].get("t") == "Str"
                and (found := _MARK.fullmatch(one[0]["c"]))
            ):
                one[0]["c"] = f"{found[1]}."
            waiting += one


def _joined(blocks: Iterable[Any]) -> list[Any]:
    """Make one list of two that stand beside each other when the second goes on where the first ended."""
    found: list[Any] = []
    for block in blocks:
        before = found[-1] if found and isinstance(found[-1], dict) and found[-1].get("t") == "OrderedList" else None
        if before is not None and isinstance(block, dict) and block.get("t") == "OrderedList":
            (first, *_), items = before["c"]
            if block["c"][0][0] == first + len(items) and block["c"][0][1:] == before["c"][0][1:]:
                items += block["c"][1]
                continue
        found.append(block)
    return found


def _begun(block: Any) -> list[Any]:
    """Part a list where its numbers do not follow each other."""
    if not isinstance(block, dict) or block.get("t") != "OrderedList":
        return [block]
    (start, *look), items = block["c"]
    parts: list[Any] = []
    expected = start
    for n, item in enumerate(items):
        number = _take_mark(item)
        if n == 0 or (number is not None and number != expected):
            expected = expected if number is None else number
            parts.append({"t": "OrderedList", "c": [[expected, *look], []]})
        parts[-1]["c"][1].append(item)
        expected += 1
    return parts


def _take_mark(item: list[Any]) -> int | None:
    first = item[0] if item else {}
    words = first["c"] if first.get("t") in {"Para", "Plain"} else None
    found = _MARK.fullmatch(words[0]["c"]) if words and words[0]["t"] == "Str" else None
    if found is None or words is None:
        return None
    del words[:2]
    return int(found[1])
