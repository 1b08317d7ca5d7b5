"""Who uses what, today and on any day, and the account of one day."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from samrutine.cli.arguments import MaybeMunicipality, Municipality, Procedure
from samrutine.cli.naming import who_acted
from samrutine.cli.shell import Shell

if TYPE_CHECKING:
    from samrutine.adoptions.account import Account, Behind
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
    """Say it as an inspector asks: what, since when, who, by which authority, on which professional ground, with what local."""
    from samrutine.procedures.text import digest

    where = found.municipality.name
    title = f"{found.title} {found.version}"
    lines = [shell.bold(shell.say("account.title", title=title, municipality=where, day=shell.day(found.on)))]
    if found.known_at is not None:
        lines.append(shell.say("account.known_at", at=shell.instant(found.known_at)))
    last = found.until_on - timedelta(days=1) if found.until_on else None
    name = "applied_until" if last else "applied"
    lines.append(shell.say(f"account.{name}", from_on=shell.day(found.from_on), last_day=shell.day(last)))
    lines += ["", *_decision_lines(shell, found, where), "", *_approval_lines(shell, found, names)]
    lines += ["", shell.say("account.information" if found.local_information else "account.no_information")]
    for one in found.local_information:
        lines.append(f"  {one.label}: {one.value} ({_behind(shell, one.decision)})")
    lines += ["", shell.say("account.additions" if found.additions else "account.no_additions")]
    texts = {digest(one.text.encode()): one.text for one in found.document.additions}
    for its in found.additions:
        kind = shell.label("addition_kind", its.kind.value)
        departs = f", {shell.say('addition.departs')}" if its.departs else ""
        lines.append(f"  {its.addition}: {kind}{departs} ({_behind(shell, its.decision)})")
        lines += [f"    {line}" for line in texts.get(its.text_digest, "").splitlines()]
        for what, words in (("reason", its.reason), ("source", its.source)):
            if words:
                lines += wrapped(f"{shell.label('given', what)}: {words}", shell.width - 2)
    return [*lines, "", shell.say("account.digest", digest=found.effective_digest)]


def _decision_lines(shell: Shell, found: "Account", where: str) -> list[str]:
    lines = [
        shell.say("account.decided", municipality=where, position=found.position, behind=_behind(shell, found.decision))
    ]
    if found.standing_decision:
        lines.append(shell.say("account.standing", standing=found.standing_number))
        if found.standing_behind is not None:
            lines.append(shell.say("account.standing_by", behind=_behind(shell, found.standing_behind)))
    if (held := found.delegation) is not None:
        lines.append(
            shell.say(
                "account.delegation", position=held.position, level=shell.label("level", held.level), id=held.id,
                from_on=shell.day(held.from_on),
            )
        )  # fmt: skip
        if held.ended_on is not None:
            lines.append(shell.say("account.delegation_ended", ended_on=shell.day(held.ended_on)))
        if held.reference:
            lines.append(shell.say("account.reference", reference=held.reference))
    else:
        lines.append(shell.say("account.no_delegation"))
    if found.case:
        lines.append(shell.say("account.case", case=found.case))
    if found.reason:
        lines.append(shell.say("account.reason", reason=found.reason))
    return lines


def _approval_lines(shell: Shell, found: "Account", names: dict[str, str]) -> list[str]:
    name = f"hurried_{found.hurried.value}" if found.hurried is not None else "approved"
    lines = [shell.say(f"account.{name}", network=found.approved_by, day=shell.day(found.approved_on))]
    for one in found.approvals:
        counted = names.get(one.municipality or "", one.network or "")
        lines.append(f"  {_behind(shell, one.decision)}, {counted}" if counted else f"  {_behind(shell, one.decision)}")
    return lines


def _behind(shell: Shell, one: "Behind") -> str:
    """Name a decision, who made it and when: "beslutning 46, 22.11.2026, Navn Navnesen (beslutter)"."""
    name = who_acted(shell, one.by, one.name)
    role = shell.label("role", one.role)
    return shell.say("account.behind", number=one.number, at=shell.day(one.at.date()), name=name, role=role)
