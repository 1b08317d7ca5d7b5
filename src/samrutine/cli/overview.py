"""Who uses what, today and on any day, and the account of one day."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from samrutine.cli.arguments import MaybeMunicipality, Municipality, Procedure
from samrutine.cli.shell import Shell

if TYPE_CHECKING:
    from samrutine.adoptions.account import Account
    from samrutine.adoptions.overview import Matrix, MatrixCell
    from samrutine.procedures.model import ProcedureId, VersionNumber

Day = Annotated[str | None, Option("--day")]
KnownAt = Annotated[str | None, Option("--known-at")]

WIDE = 118
"""Columns from which the matrix has room for whole names of municipalities."""

NARROW_CELL, WIDE_CELL = 6, 10
SMALLEST_TITLE = 16
_KEPT = "\N{NO-BREAK SPACE}"


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines that begin two columns in."""
    import textwrap

    return [f"  {line}" for line in textwrap.wrap(text, max(width, 20), break_long_words=False, break_on_hyphens=False)]


def as_of(
    shell: Shell,
    day: Annotated[str, Argument(show_default=False)],
    municipality: MaybeMunicipality = None,
    procedure: Annotated[str | None, Option("--procedure")] = None,
    known_at: KnownAt = None,
) -> None:
    """Say what was in force on a day."""
    asked = shell.read_day(day, "day")
    known = shell.read_instant(known_at, "--known-at")
    with shell.library() as library:
        found = library.in_force(
            asked, municipality=municipality, procedure=procedure, known_at=known, reader=shell.actor
        )
        today = library.today
        names = {str(one.number): one.name for one in library.municipalities()}

    def text() -> None:
        shell.print(shell.say(f"as_of.{_when(asked or today, today)}", day=shell.day(asked)))
        if not found:
            shell.print(shell.say("as_of.nothing"))
            return
        shell.table(
            ("municipality", "title", "version", "from", "until", "position", "decision"),
            [
                (
                    names.get(one.municipality, one.municipality), one.title, str(one.version), shell.day(one.from_on),
                    shell.day(one.until_on), one.position, str(one.adopted_number),
                )
                for one in found
            ],
            whole=(0, 2, 3),
        )  # fmt: skip

    shell.answer({"day": asked, "known_at": known, "in_force": found}, text)


def _when(asked: date, today: date) -> str:
    """Give the heading of what applies on a day: in the past, today or to come."""
    return "title" if asked < today else "title_today" if asked == today else "title_to_come"


def matrix(shell: Shell, day: Day = None) -> None:
    """Show who uses what."""
    asked = shell.read_day(day, "--day")
    with shell.library() as library:
        found = library.matrix(asked, reader=shell.actor)
        today = library.today
    heading = [] if asked is None else [shell.say(f"as_of.{_when(asked, today)}", day=shell.day(asked)), ""]
    rows = [
        {"procedure": one, "title": title, "version": str(version), "hurried": found.hurried.get((one, version)),
         "withdrawn": one in found.withdrawn}
        for one, title, version in found.procedures
    ]  # fmt: skip
    shell.answer(
        {
            "day": found.day,
            "is_past": found.is_past,
            "procedures": rows,
            "municipalities": found.municipalities,
            "cells": list(found.cells.values()),
        },
        lambda: shell.print(*heading, *matrix_lines(shell, found)),
    )


def matrix_lines(shell: Shell, found: "Matrix") -> list[str]:
    """
    Draw the matrix for the width there is: a symbol with a version or a word in each cell, and a key below.

    Nothing is said by colour. Names of municipalities are cut to what tells them apart when there is little room, a
    version never is. Where something is decided for a day to come the cell has a mark, and the key is followed by a
    line that says what and from when.
    """
    wide = shell.width >= WIDE
    grid = {
        (procedure, str(one.number)): _cell(shell, found, found.cells.get((procedure, str(one.number))), wide=wide)
        for procedure, _, _ in found.procedures
        for one in found.municipalities
    }
    longest = max((len(text) for _, text in grid.values()), default=0)
    cell = max(WIDE_CELL if wide else NARROW_CELL, longest + 1)
    title_width = max(SMALLEST_TITLE, shell.width - cell * len(found.municipalities))
    heads = [one.name[: cell - 1].ljust(cell) for one in found.municipalities]
    lines = [" " * title_width + "".join(heads).rstrip()]
    for procedure, title, version in found.procedures:
        head = f"{version}{_row_marks(shell, found, procedure, version)}"
        shown = f"{title} {head}"
        if len(shown) >= title_width:
            shown = f"{title[: title_width - len(head) - 3]}… {head}"
        texts = [grid[procedure, str(one.number)][1].ljust(cell) for one in found.municipalities]
        lines.append((shown.ljust(title_width) + "".join(texts)).rstrip())
    states = dict.fromkeys(state for state, _ in grid.values())
    key = [f"{shell.say(f'symbol.{state}')} {shell.say(f'state.{state}')}" for state in states]
    planned = _planned(shell, found)
    if any(one.planned and one.version for one in found.cells.values()):
        key.append(f"{shell.say('planned.mark')} {shell.say('planned.key')}")
    key += [f"{shell.say(f'mark.{one}')} {shell.say(f'mark_key.{one}')}" for one in _marks_used(found)]
    kept = "   ".join(one.replace(" ", _KEPT) for one in key)
    return [*lines, "", *(line.replace(_KEPT, " ") for line in wrapped(kept, shell.width - 2)), *planned]


def _row_marks(shell: Shell, found: "Matrix", procedure: "ProcedureId", version: "VersionNumber") -> str:
    marks = ["withdrawn"] if procedure in found.withdrawn else []
    if (hurried := found.hurried.get((procedure, version))) is not None:
        marks.append(hurried.value)
    return "".join(shell.say(f"mark.{one}") for one in marks)


def _marks_used(found: "Matrix") -> list[str]:
    """Name the marks that stand in the matrix, in the order of its key."""
    heads = {(procedure, version) for procedure, _, version in found.procedures}
    used = {(one.procedure, one.version) for one in found.cells.values() if one.version}
    shown = {found.hurried[one].value for one in (heads | used) & found.hurried.keys()}
    shown |= {"withdrawn"} if found.withdrawn else set()
    shown |= {_added(one) for one in found.cells.values() if one.version}
    return [one for one in ("added", "differs", "awaiting", "refused", "withdrawn") if one in shown]


def _added(cell: "MatrixCell") -> str:
    return "differs" if cell.differs else "added" if cell.additions else ""


def _cell(shell: Shell, found: "Matrix", cell: "MatrixCell | None", *, wide: bool) -> tuple[str, str]:
    if cell is None and found.is_past:
        return "none", shell.say("symbol.none")
    state = "to-consider" if cell is None else "behind" if cell.behind else cell.state.value
    symbol = shell.say(f"symbol.{state}")
    if cell is None or not (cell.version or (cell.planned and cell.planned.version)):
        return state, f"{symbol} {shell.say(f'short.{state}')}" if wide else symbol
    if cell.version is None:
        return state, f"{symbol} {cell.planned.version if cell.planned else ''}"
    mark = shell.say("planned.mark") if cell.planned else ""
    hurried = found.hurried.get((cell.procedure, cell.version))
    mark += "".join(shell.say(f"mark.{one}") for one in (_added(cell), hurried.value if hurried else "") if one)
    gap = "" if mark and not wide else " "
    return state, f"{symbol}{gap}{cell.version}{mark}"


def _planned(shell: Shell, found: "Matrix") -> list[str]:
    """Say in words what is decided for days to come, by procedure and municipality."""
    lines: list[str] = []
    for procedure, title, _ in found.procedures:
        for where in found.municipalities:
            cell = found.cells.get((procedure, str(where.number)))
            if cell is None or cell.planned is None:
                continue
            next_, from_on = cell.planned.version, cell.planned.from_on
            name = "end" if next_ is None else "change" if cell.version else "first"
            line = shell.say(
                f"planned.{name}", municipality=where.name, title=title, version=cell.version, next=next_,
                from_on=shell.day(from_on), last_day=shell.day(from_on - timedelta(days=1)),
            )  # fmt: skip
            lines += wrapped(line, shell.width - 2)
    return ["", shell.say("planned.heading"), *lines] if lines else []


# The account of one day ------------------------------------------------------------------------------------------------


def account(
    shell: Shell, procedure: Procedure, municipality: Municipality, day: Day = None, known_at: KnownAt = None
) -> None:
    """Account for what applied on a day: who decided, on which delegation, with which local layer."""
    asked = shell.read_day(day, "--day")
    known = shell.read_instant(known_at, "--known-at")
    with shell.library() as library:
        found = library.account(procedure, municipality, asked or library.today, known_at=known, reader=shell.actor)
        names = {str(one.number): one.name for one in library.municipalities()}
    shell.answer(_plain_account(found), lambda: shell.print(*_account_lines(shell, found, names)))


def _plain_account(found: "Account") -> dict[str, object]:
    from samrutine.plain import plain

    value = plain(found)
    if not isinstance(value, dict):
        raise TypeError(type(value).__name__)
    # The whole paper is another command's answer; here its digest is enough to find it by.
    del value["document"]
    return value


def _account_lines(shell: Shell, found: "Account", names: dict[str, str]) -> list[str]:
    """Say it as an inspector asks, what belongs to a line set in under it."""
    from samrutine.adoptions.account_words import in_parts, title_of

    lines = [shell.bold(title_of(found, shell.language))]
    for number, part in enumerate(in_parts(found, names, shell.language)):
        lines += [""] * bool(number) + [part.heading] * bool(part.heading)
        margin = "  " * bool(part.heading)
        for one in part.lines:
            lines.append(f"{margin}{one.text}")
            lines += [line for below in one.below for line in wrapped(f"{margin}  {below}", shell.width)]
    return lines
