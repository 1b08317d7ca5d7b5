"""Routines side by side, paragraph by paragraph, as a page that stands alone: for those who sit together and choose."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from samrutine.intake.pieces import PieceKind
from samrutine.intake.variants import Compared, Row, Wording
from samrutine.messages import DEFAULT_LANGUAGE, say
from samrutine.proposals.prose_words import Critical

_STYLE: Final = Path(__file__).with_name("templates") / "document.css"
_TABLE: Final = """
main{max-width:none}.compared{overflow-x:auto}.compared table{border-collapse:collapse;width:100%}
.compared th,.compared td{border:1px solid var(--line);padding:.5em .7em;text-align:left;vertical-align:top;min-width:14rem}
.compared th[scope=row]{min-width:8rem;font-weight:600}.compared .not-there{color:var(--quiet)}
.compared .look{display:block;font-weight:700}.compared .number{display:block;font-weight:400;color:var(--quiet)}
"""


def compare_page(
    title: str, variants: Sequence[str], names: Mapping[str, str], rows: Sequence[Row], language: str = DEFAULT_LANGUAGE
) -> bytes:  # fmt: skip
    """
    Write a comparison as a whole page of HTML, UTF-8, without scripts and without anything fetched from elsewhere.

    Args:
        title: What was compared, for people.
        variants: The ids, in the order of the columns.
        names: What people call each.
        language: Of the words around the texts.
    """
    name = escape(title)
    caption = escape(say("collecting.page.caption", language, count=len(variants)))
    heads = "".join(f'<th scope="col">{escape(names[one])}</th>' for one in variants)
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(language)}" class="draft">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{name}</title>",
            f"<style>{_STYLE.read_text(encoding='utf-8').strip()}{_TABLE.rstrip()}</style>",
            "</head>",
            "<body>",
            "<main>",
            f"<h1>{name}</h1>",
            # What may be wider than the page is a region that the keyboard reaches.
            f'<div class="compared" role="region" tabindex="0" aria-label="{caption}">',
            "<table>",
            f"<caption>{caption}</caption>",
            f'<thead><tr><th scope="col">{escape(say("collecting.page.row", language))}</th>{heads}</tr></thead>',
            "<tbody>",
            *(_row(row, variants, language) for row in rows),
            "</tbody>",
            "</table>",
            "</div>",
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    ).encode("utf-8", "replace")


def _row(row: Row, variants: Sequence[str], language: str) -> str:
    return f'<tr><th scope="row">{_head(row, language)}</th>{_cells(row, variants, language)}</tr>'


def _head(row: Row, language: str) -> str:
    number = escape(say("collecting.page.number", language, number=row.number + 1))
    look = "".join(f'<span class="look">{escape(one)}</span>' for one in critical_words(row, language))
    number += escape(say("collecting.page.note", language)) if row.kind is PieceKind.NOTE else ""
    return f'<span class="number">{number}</span> {escape(say(f"collecting.compared.{row.compared}", language))}{look}'


def _cells(row: Row, variants: Sequence[str], language: str) -> str:
    if row.compared is Compared.SAME:
        return f'<td colspan="{len(variants)}">{_text(row, row.wordings[0])}</td>'
    missing = escape(say("collecting.page.missing", language))
    moved = escape(say("collecting.page.moved", language))
    found = []
    for one in variants:
        wording = row.said_by(one)
        if wording is None:
            found.append(f'<td class="not-there">{missing}</td>')
        else:
            number = escape(say("collecting.page.wording", language, number=row.wordings.index(wording) + 1))
            place = f' <span class="number">{moved}</span>' if one in row.moved else ""
            found.append(f'<td><span class="number">{number}</span> {_text(row, wording)}{place}</td>')
    return "".join(found)


def _text(row: Row, wording: Wording) -> str:
    """Give the words of a wording; those of a heading so that one sees where a section begins."""
    words = escape(wording.text)
    return f"<strong>{words}</strong>" if row.kind is PieceKind.HEADING else words


def critical_words(row: Row, language: str) -> list[str]:
    """Say what must be looked at first in a row: a number, a dose, a phone or a negation that not all have."""
    return [say(f"collecting.critical.{one}", language) for one in sorted(row.critical)]


def summary_of(rows: Sequence[Row], names: Mapping[str, str], language: str) -> Iterator[str]:
    """Say in a few lines how much is the same and how much is not, and where to look first."""
    yield say("collecting.summary.texts", language, count=len(names), rows=len(rows))
    for compared in Compared:
        numbers = [row.number + 1 for row in rows if row.compared is compared]
        if numbers:
            shown = "" if compared is Compared.SAME else f" ({', '.join(map(str, numbers))})"
            yield f"  {say(f'collecting.compared.{compared}', language)}: {len(numbers)}{shown}"
    for critical in Critical:
        numbers = [row.number + 1 for row in rows if critical in row.critical]
        if numbers:
            yield f"  {say(f'collecting.critical.{critical}', language)}: {', '.join(map(str, numbers))}"


def lines_of(row: Row, names: Mapping[str, str], language: str) -> Iterator[str]:
    """Write a row for a terminal: its number and what it is, then each wording with its number and who says it."""
    look = "".join(f" – {one}" for one in critical_words(row, language))
    note = say("collecting.page.note", language) if row.kind is PieceKind.NOTE else ""
    yield f"{row.number + 1}. {note}{say(f'collecting.compared.{row.compared}', language)}{look}"
    for number, wording in enumerate(row.wordings, 1):
        who = "" if row.compared is Compared.SAME else f" ({', '.join(names[one] for one in wording.variants)})"
        yield f"   {number}) {wording.text}{who}"
    if row.missing:
        yield f"   {say('collecting.page.missing_in', language, names=', '.join(names[one] for one in row.missing))}"
