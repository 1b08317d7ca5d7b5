"""
How large and how tangled a text may be, so that no text, however hostile, takes more than a moment to read.

The numbers are far above any routine (a long one has 200 lines and 400 marks) and were measured on the parser and on
mdformat, which are quadratic in the marks of one paragraph, in its lines, and in the items of one list: 10,000 `*_` in
one paragraph took two seconds, 10,000 lines four, a list of 10,000 items 39, a table with 900 columns and one cell in
each row six. Within these bounds the worst texts found take under two.
"""

import re
from typing import Final

from samrutine.procedures.findings import Finding

LARGEST: Final = 1024 * 1024
"""Bytes in one text. A handbook of a hundred pages has a third of this."""

MOST_LINES: Final = 3_000
LONGEST_LINE: Final = 20_000
MOST_MARKS: Final = 8_000
MOST_MARKS_IN_BLOCK: Final = 1_500
MOST_ITEMS: Final = 300

# Tab and line feed are the only control characters a text needs. The rest are invisible, split lines for some readers
# (U+2028, NEL, form feed) or show other words than those that stand there (U+202D, U+202E).
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e]")
_MARKS = str.maketrans("", "", "[]*_~`<>&!@{}\\")


def out_of_bounds(body: str, first_line: int) -> Finding | None:
    """Find the first place where a body is larger or more tangled than we read; None when it is within bounds."""
    in_block, total, columns = 0, 0, 0
    for n, line in enumerate(body.removesuffix("\n").split("\n")):
        if n >= MOST_LINES:
            return Finding("too-many-lines", first_line + n, places={"most": MOST_LINES})
        if len(line) > LONGEST_LINE:
            return Finding("line-too-long", first_line + n, places={"most": LONGEST_LINE})
        if not line.strip():
            in_block, columns = 0, 0
            continue
        marks = len(line) - len(line.translate(_MARKS))
        # A row of a table costs all the table's columns: the parser fills in the cells that are not written.
        columns = max(columns, line.count("|"))
        in_block += marks
        total += marks + columns
        if in_block > MOST_MARKS_IN_BLOCK or total > MOST_MARKS:
            most = MOST_MARKS_IN_BLOCK if in_block > MOST_MARKS_IN_BLOCK else MOST_MARKS
            return Finding("too-many-marks", first_line + n, places={"most": most})
    return None
