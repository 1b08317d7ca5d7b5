"""
What a document can hold and what can be wrong with it, row by row, and those cases that do not come out right yet.

    rows()     every row, in the order of the modules
    NOT_YET    (row, case) that the product does not do yet; the list can only become shorter
"""

from functools import cache

from tests.support.documents import (
    rows_file_kinds,
    rows_hostile,
    rows_odt_kinds,
    rows_other,
    rows_paper,
    rows_web,
    rows_web_kinds,
    rows_word_corners,
    rows_word_kinds,
    rows_word_marks,
    rows_word_rare,
    rows_word_review,
    rows_word_tables,
    rows_word_text,
    rows_wrong,
)
from tests.support.documents.truth import Row

_MODULES = (
    rows_word_text,
    rows_word_tables,
    rows_word_review,
    rows_word_marks,
    rows_word_corners,
    rows_word_kinds,
    rows_word_rare,
    rows_other,
    rows_odt_kinds,
    rows_web,
    rows_web_kinds,
    rows_paper,
    rows_wrong,
    rows_file_kinds,
    rows_hostile,
)


@cache
def rows() -> tuple[Row, ...]:
    """Give every row."""
    return tuple(row for module in _MODULES for row in module.rows())


NOT_YET: dict[str, frozenset[str]] = {}
"""
The names of the cases, by row, that do not come out as they must.

One that holds all the same fails the test, so that it is taken away from here; nothing may be put in that once held.
"""
