"""What a document says about itself, in its margins, its control table and its properties: suggestions, never facts."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from samrutine.exchange.incoming.model import Suggested

_LABELS: Final = (
    (
        "document_number",
        r"dok(?:ument)?[ .-]*(?:nr|nummer|id|-id)\.?|rutinenr\.?|prosedyrenr\.?|document (?:no|number|id)",
    ),
    ("version", r"versjon(?:s?(?:nr|nummer))?\.?|utgave|rev(?:isjon)?(?:s?nr)?\.?|ver\.?|version"),
    ("approved_by", r"(?:fag(?:lig|leg)? )?(?:godkjent|godkjend)(?: av)?|approved by"),
    (
        "valid_from",
        r"(?:gyldig|gjelder|gjeld|gjeldende|gjeldande) (?:fra|frå|f\.o\.m\.?)|ikrafttredelse|ikraftsetting|valid from",
    ),
    (
        "valid_to",
        r"(?:gyldig|gjelder|gjeld|gjeldende|gjeldande) (?:til(?: og med)?|t\.o\.m\.?)|utløpsdato|valid (?:to|until)",
    ),
    (
        "next_review",
        r"neste (?:revisjon|gjennomgang)(?:sdato)?|(?:skal )?revideres(?: innen)?|revisjons(?:dato|frist)|review by|next review",
    ),
    ("owner", r"(?:dokument|prosess|rutine|prosedyre)?eier|(?:dokument)?eigar|dokumentansvarlig|(?:document )?owner"),
    ("municipality", r"kommune"),
    ("title", r"(?:dokument)?(?:tittel|navn|namn)|rutinens navn|document title"),
)
_ONE = re.compile("|".join(rf"(?P<{field}>(?:{label}))" for field, label in _LABELS), re.IGNORECASE)
_MUNICIPALITY = re.compile(r"\b([A-ZÆØÅ][\wæøåÆØÅ-]+(?:[ -][A-ZÆØÅ][\wæøåÆØÅ-]+)?) (?:kommune|suohkan|tjïelte)\b")
_SHORT_VERSION = re.compile(
    r"\b(?:v\.? ?(?=\d+\.)|ver\.? |versjon |version |utgave )(\d{1,3}(?:\.\d{1,3})*)(?!\d)", re.IGNORECASE
)
_ANSWER_ENDS: Final = re.compile(
    r"\t+| {3,}|\||[ \u00a0]*[·•][ \u00a0]*|(?<!\w)(?:side|page) \d+ (?:av|of) \d+"
    r"|(?<!\w)(?:gyldig|gjelder|gjeld|valid) (?:fra|frå|from|til|to|until):? (?=\d)",
    re.IGNORECASE,
)
_NO_COLON: Final = (
    (
        "approved_by",
        re.compile(r"(?:^|[·•|\t]| {3})[ \u00a0]*(?:[Ff]ag(?:lig|leg)? )?(?:[Gg]odkjent|[Gg]odkjend) av (?=[A-ZÆØÅ])"),
    ),
    *(
        (field, re.compile(rf"(?<![\wæøå-])(?:{label}) (?=\d)", re.IGNORECASE))
        for field, label in _LABELS
        if field in {"valid_from", "valid_to", "next_review"}
    ),
)
"""Labels that some write without a colon: a day follows, or, where a part of the line begins with it, somebody with a capital."""
_DAY = re.compile(r"\d{1,2}\.(?: ?\d{1,2}\.| [a-zæøå]+) ?\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}[-/ ]\d{2,4}|\d{4}")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")
_CENTURY: Final = 100
_LONGEST: Final = 120
_ROWS_READ: Final = 12
_SHORT_CELL: Final = 200


def suggested_in(text: str, where: str) -> Iterator[Suggested]:
    """Find what a line of a margin says: "Dokumentnr.: 12-3  Versjon: 2.0", one or more in a line."""
    for line in text.split("\n"):
        yield from _in_line(line, where)


def suggested_in_row(label: str, answer: str, where: str) -> Iterator[Suggested]:
    """Find what two cells beside each other say: «Godkjent av» and a name."""
    field = field_of(label)
    if field is not None and _is_value(answer) and field_of(answer) is None:
        yield Suggested(field, _tidy(answer), where)


def day_in(value: str) -> date | None:
    """Give the day that a value says, "15.08.2026", "2026-08-15" or "15. august 2026"; None for another value, or no such day."""
    found = _DAY.match(value.strip())
    said = found[0].casefold() if found else ""
    numbers = [int(one) for one in re.findall(r"\d+", said)]
    month = next((n for n, name in enumerate(_MONTHS, start=1) if re.search(rf"\d\. {name}", said)), None)
    if month is not None and len(numbers) == 2:  # noqa: PLR2004 - a day and a year
        numbers.insert(1, month)
    if len(numbers) != 3:  # noqa: PLR2004 - a day, a month and a year
        return None
    day, month, year = reversed(numbers) if re.match(r"\d{4}-", said) else numbers
    try:
        return date(year + 2000 if year < _CENTURY else year, month, day)
    except ValueError:
        return None


def field_of(label: str) -> str | None:
    """Give the field that a cell names, or None."""
    found = _ONE.fullmatch(label.strip().rstrip(":").strip())
    return found.lastgroup if found else None


def suggested_in_rows(rows: Sequence[Sequence[str]], where: str) -> Iterator[Suggested]:
    """Find what the first rows of a table say: a label before its answer, above it, or in the same cell."""
    for row in rows[:_ROWS_READ]:
        for cell in row:
            if len(cell) < _SHORT_CELL:
                yield from suggested_in(cell, where)
        for label, answer in pairwise(row):
            yield from suggested_in_row(label, answer, where)
    for above, below in pairwise(rows[:_ROWS_READ]):
        if len(above) > 1 and all(field_of(cell) for cell in above if cell.strip()):
            for label, answer in zip(above, below, strict=False):
                yield from suggested_in_row(label, answer, where)


def each_once(found: Iterable[Suggested]) -> list[Suggested]:
    """Give each suggestion once: the same value of the same field, wherever it stood first."""
    seen: dict[tuple[str, str], Suggested] = {}
    for one in found:
        seen.setdefault((one.field, one.value.casefold()), one)
    return list(seen.values())


def _in_line(line: str, where: str) -> Iterator[Suggested]:
    labels = _labels(line)
    for n, (field, _, end) in enumerate(labels):
        following = labels[n + 1][1] if n + 1 < len(labels) else len(line)
        answer = _ANSWER_ENDS.split(line[end:following].lstrip(" :\t|"))[0]
        if _is_value(answer):
            yield Suggested(field, _tidy(answer), where)
    yield from _without_colons(line, {field for field, _, _ in labels}, where)
    if not any(field == "version" for field, _, _ in labels):
        for short in _SHORT_VERSION.finditer(line):
            yield Suggested("version", short[1], where)
    for named in _MUNICIPALITY.finditer(line):
        yield Suggested("municipality", named[0], where)


def _without_colons(line: str, told: Collection[str], where: str) -> Iterator[Suggested]:
    """Find what a line says by labels that have no colon after them."""
    for field, label in _NO_COLON:
        for found in () if field in told else label.finditer(line):
            following = line[found.end() :]
            day = _DAY.match(following) if field != "approved_by" else None
            answer = day[0] if day else _ANSWER_ENDS.split(following)[0]
            if (day or field == "approved_by") and _is_value(answer):
                yield Suggested(field, _tidy(answer), where)


def _labels(line: str) -> list[tuple[str, int, int]]:
    """Find the labels in a line, in order; of two that overlap the longer («neste revisjon» is no «revisjon»)."""
    found = [
        (field, one.start(), one.end())
        for field, label in _LABELS
        for one in re.finditer(rf"(?<![\wæøå-])(?:{label})(?=\s*[:\t|])", line, re.IGNORECASE)
    ]
    kept: list[tuple[str, int, int]] = []
    for one in sorted(found, key=lambda each: each[1] - each[2]):
        if all(one[2] <= other[1] or one[1] >= other[2] for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda each: each[1])


def _is_value(answer: str) -> bool:
    tidy = _tidy(answer)
    return bool(re.search(r"\w", tidy)) and len(tidy) <= _LONGEST


def _tidy(answer: str) -> str:
    return " ".join(answer.split()).strip(" :|;,")
