"""
How large and how tangled a text may be, so that no text, however hostile, takes more than a moment to read.

The numbers are far above any routine (a long one has 1,500 words and 400 marks) and were measured on the parser and on
mdformat: both are quadratic in the marks of one paragraph and in the items of one list. 10,000 `*_` in one paragraph
took two seconds, a list of 10,000 items 39. Within these bounds the worst texts found take under two.
"""

import re
from typing import Final

from samrutine.procedures.findings import Finding

LARGEST: Final = 1024 * 1024
"""Bytes in one text. A handbook of a hundred pages has a third of this."""

MOST_LINES: Final = 10_000
MOST_MARKS: Final = 12_000
MOST_MARKS_IN_BLOCK: Final = 3_000
MOST_ITEMS: Final = 1_000

# Tab and line feed are the only control characters a text needs. The rest are invisible, split lines for some readers
# (U+2028, NEL, form feed) or show other words than those that stand there (U+202D, U+202E).
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e]")
_MARKS = str.maketrans("", "", "[]*_~`<&!{}\\")


def out_of_bounds(body: str, first_line: int) -> Finding | None:
    """Find the first place where a body is larger or more tangled than we read; None when it is within bounds."""
    lines = body.count("\n") + 1
    if lines > MOST_LINES:
        return Finding("too-many-lines", first_line + MOST_LINES, places={"most": MOST_LINES})
    in_block, total = 0, 0
    for n, line in enumerate(body.split("\n")):
        if not line.strip():
            in_block = 0
            continue
        marks = len(line) - len(line.translate(_MARKS))
        in_block += marks
        total += marks + line.count("|")
        if in_block > MOST_MARKS_IN_BLOCK or total > MOST_MARKS:
            most = MOST_MARKS_IN_BLOCK if in_block > MOST_MARKS_IN_BLOCK else MOST_MARKS
            return Finding("too-many-marks", first_line + n, places={"most": most})
    return None
