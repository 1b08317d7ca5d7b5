"""
Many answers at once: a list as Norwegian spreadsheets write it, shown before it is decided, then decided as one.

Columns are found by their heads, in any order; `rutine` and `svar` must be there. Semicolons, or tabs or commas where the
first line has none. UTF-8 with or without a byte order mark.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from typer import Argument, Option

from samrutine.actors import Role, municipality_body
from samrutine.cli.arguments import DecisionId, Municipality
from samrutine.cli.files import form_of, read_bytes, write_out, write_whole
from samrutine.cli.mistakes import mistake, reader_of
from samrutine.cli.shell import Shell
from samrutine.errors import ArgumentMissing, InvalidRequest, ListRefused

if TYPE_CHECKING:
    from samrutine.adoptions.answers import ListRow
    from samrutine.adoptions.lists import ListDecided, RowLook
    from samrutine.library import Library

LARGEST_BYTES: Final = 2_000_000
BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it spreadsheets read Norwegian letters as two others."""

REFUSED: Final = 3
"""The exit code when a list cannot be decided as it is: as for any refusal."""

HEADS: Final[Mapping[str, str]] = {
    "rutine": "procedure", "procedure": "procedure", "tittel": "title", "title": "title", "svar": "answer",
    "answer": "answer", "versjon": "version", "version": "version", "fra": "from", "from": "from", "til": "until",
    "until": "until", "begrunnelse": "reason", "reason": "reason", "lenke": "link", "link": "link", "saksnummer": "case",
    "case": "case", "tillegg": "additions", "additions": "additions",
}  # fmt: skip
"""What a column is about, by its head in any of our languages. `tittel` is for people, and not read."""

COLUMNS: Final = ("procedure", "title", "answer", "version", "from", "until", "reason", "link", "case", "additions")
_ANSWERS: Final[Mapping[str, str]] = {
    "ta i bruk": "in-use", "tas i bruk": "in-use", "take into use": "in-use", "adopt": "in-use", "utsett": "deferred",
    "utsettes": "deferred", "defer": "deferred", "ta ikke i bruk": "declined", "decline": "declined",
    "ikke aktuell": "not-relevant", "avslutt": "ended", "avsluttes": "ended", "end": "ended",
}  # fmt: skip
"""What people write of an answer, beside its own words."""
_KEEP_WORDS: Final = {"behold": "keep", "keep": "keep", "ta bort": "drop", "drop": "drop"}
_YES: Final = frozenset({"ja", "j", "yes", "y"})


def answer_list(
    shell: Shell,
    municipality: Municipality,
    file: Annotated[str | None, Argument(show_default=False)] = None,
    *,
    new_list: Annotated[str | None, Option("--new")] = None,
    yes: Annotated[bool, Option("--yes")] = False,
    decision_id: DecisionId = None,
) -> int | None:
    """Show what a list of answers would do, and with `--yes` decide it; or make a list to fill in."""
    if (file is None) == (new_list is None):
        raise ArgumentMissing(what=shell.say("metavar.file"), expected=shell.say("expected.list_or_new"))
    if new_list is not None:
        _make(shell, municipality, new_list)
        return None
    given = list(rows_of(shell, read_bytes(file or "", LARGEST_BYTES)))
    if not given:
        raise mistake(shell, "empty_list")
    lines, rows = zip(*given, strict=True)
    by = reader_of(shell)
    with shell.library() as library:
        name = library.get_municipality(municipality).name
        if yes:
            made = _decide(library, municipality, rows, lines, by, decision_id)
            _decided(shell, made, name)
            return None
        looks = [replace(one, row=lines[one.row - 1]) for one in library.look_at_list(municipality, rows, by=by)]
        refused = [one for one in looks if one.refusal is not None]
        decides = _is_decider(library, municipality, by)
        shell.answer(
            {
                "municipality": municipality, "decided": False, "may_decide": decides,
                "rows": [_plain_look(shell, one) for one in looks],
            },
            lambda: _print_looks(shell, looks, name, decides=decides),
        )  # fmt: skip
        if refused:
            return REFUSED
        if (
            decides
            and file != "-"
            and shell.is_asked
            and shell.ask("answer_list", count=len(rows), municipality=name).casefold() in _YES
        ):
            # What was shown is what is decided, also when a network approves a version in this very minute.
            pinned = [_pinned(row, look) for row, look in zip(rows, looks, strict=True)]
            made = _decide(library, municipality, pinned, lines, by, decision_id)
            _decided(shell, made, name)
    return None


def _decide(
    library: "Library",
    municipality: str,
    rows: "Sequence[ListRow]",
    lines: Sequence[int],
    by: str,
    decision_id: str | None,
) -> "ListDecided":
    """Decide the list; what may not be decided is named by its line in the spreadsheet."""
    try:
        return library.decide_list(municipality, rows, by=by, decision_id=decision_id)
    except ListRefused as error:
        raise ListRefused([replace(one, row=lines[one.row - 1]) for one in error.rows], total=len(rows)) from error


def _is_decider(library: "Library", municipality: str, who: str) -> bool:
    """Whether somebody decides in the municipality, or only prepares what another signs."""
    held = (Role.DECIDER, municipality_body(library.get_municipality(municipality).number))
    return any(held in one.roles for one in library.people() if who in {one.login, one.actor})


def _pinned(row: "ListRow", look: "RowLook") -> "ListRow":
    return replace(row, version=look.version) if look.from_on is not None else row


def rows_of(shell: Shell, data: bytes) -> "Iterator[tuple[int, ListRow]]":
    """
    Read a list of answers, each with its line in the spreadsheet.

    Raises:
        InvalidRequest: It is no UTF-8, a needed column is missing, or a cell cannot be read: the row is named by its line in
            the spreadsheet.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidRequest(what=shell.say("list.file"), value="…", expected=shell.say("list.utf8")) from None
    lines = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    heads = [HEADS.get(one.strip().casefold(), "") for one in next(lines, [])]
    if missing := [one for one in ("procedure", "answer") if one not in heads]:
        names = ", ".join(shell.say(f"list.head.{one}") for one in missing)
        raise InvalidRequest(what=shell.say("list.file"), value="…", expected=shell.say("list.needs", columns=names))
    for cells in lines:
        given = {head: cell.strip() for head, cell in zip(heads, cells, strict=False) if head and cell.strip()}
        # Lines without an answer are those that somebody has not come to yet.
        if "answer" in given:
            yield lines.line_num, _row(shell, given, lines.line_num)


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return next((one for one in (";", "\t", ",") if one in first), ";")


def _row(shell: Shell, given: Mapping[str, str], line: int) -> "ListRow":
    from samrutine.adoptions.answers import ListRow
    from samrutine.adoptions.model import AdoptionState
    from samrutine.procedures.model import ProcedureId, VersionNumber

    def named(head: str) -> str:
        return shell.say("list.cell", column=shell.say(f"list.head.{head}"), line=line)

    version, said = given.get("version"), given["answer"]
    return ListRow(
        ProcedureId(given.get("procedure", "")),
        shell.choose(AdoptionState, _ANSWERS.get(said.casefold(), said), named("answer"), "adoption"),
        version=VersionNumber.parse(version) if version else None,
        from_on=shell.read_day(given.get("from"), named("from")),
        until=shell.read_day(given.get("until"), named("until")),
        reason=given.get("reason"),
        link=given.get("link"),
        case=given.get("case"),
        additions=tuple(_additions(given.get("additions", ""), named("additions"))),
    )


def _additions(cell: str, name: str) -> "Iterator[tuple[str, Any]]":
    from samrutine.adoptions.additions import AnswerTo

    for one in filter(None, (part.strip() for part in cell.split(","))):
        addition, _, word = one.partition("=")
        if (answer := _KEEP_WORDS.get(word.strip().casefold())) is None:
            raise InvalidRequest(what=name, value=one[:40], expected="t-0123456789=behold, t-1234567890=ta bort")
        yield addition.strip(), AnswerTo(answer)


# A list to fill in -------------------------------------------------------------------------------------------------------


def _make(shell: Shell, municipality: str, new: str) -> None:
    form_of(shell, new, ("csv",), option="--new")
    with shell.library() as library:
        name = library.get_municipality(municipality).name
        found = [
            one for one in library.waiting(f"municipality:{municipality}", reader=shell.actor)
            if one.procedure is not None and one.what == "consider-version"
        ]  # fmt: skip
    written = io.StringIO(BYTE_ORDER_MARK)
    written.seek(0, io.SEEK_END)
    rows = csv.writer(written, delimiter=";")
    rows.writerow([shell.say(f"list.head.{one}") for one in COLUMNS])
    rows.writerows([one.procedure, _calm(one.title), "", str(one.version or ""), *[""] * 6] for one in found)
    data = written.getvalue().encode()
    if new == "-":
        write_out(data)
        return
    write_whole(shell, Path(new), data, "--new")
    shell.answer(
        {"path": new, "rows": len(found)},
        shell.say("done.list_made", path=new, count=shell.count("routines", len(found)), municipality=name),
    )


def _calm(cell: str) -> str:
    """Keep a spreadsheet from taking a title for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell


# Saying it ---------------------------------------------------------------------------------------------------------------


def _plain_look(shell: Shell, one: "RowLook") -> dict[str, object]:
    from samrutine.plain import plain, plain_error

    value = plain(replace(one, refusal=None))
    refusal = plain_error(one.refusal, shell.language) if one.refusal is not None else None
    return {**value, "refusal": refusal} if isinstance(value, dict) else {}


def _print_looks(shell: Shell, looks: "Sequence[RowLook]", name: str, *, decides: bool) -> None:
    shell.print(shell.say("list.title", municipality=name))
    shell.table(
        ("row", "title", "answer", "version", "what_happens"),
        [
            (str(one.row), one.title or one.procedure, shell.label("adoption", one.answer.value), str(one.version or "–"),
             _what_happens(shell, one))
            for one in looks
        ],
        whole=(0, 3),
    )  # fmt: skip
    refused = sum(one.refusal is not None for one in looks)
    after = "list.how_to_decide" if decides else "list.others_decide"
    shell.print("", shell.count("rows_refused", refused) if refused else shell.say(after))


def _what_happens(shell: Shell, one: "RowLook") -> str:
    if one.refusal is not None:
        return f"{shell.say('list.refused')} {one.refusal.fact(shell.language)}"
    said = []
    if one.from_on is not None:
        said.append(shell.say("list.applies", from_on=shell.day(one.from_on)))
    if one.ends is not None:
        said.append(shell.say("list.ends", version=one.ends))
    said += [
        shell.say(
            "list.cancels" if planned.version else "list.cancels_end",
            version=planned.version,
            day=shell.day(planned.from_on),
        )
        for planned in one.cancelled
    ]
    return " ".join(said) or shell.say("list.only_answer")


def _decided(shell: Shell, made: "ListDecided", name: str) -> None:
    count = shell.count("routines", len(made.answers))
    first, last = made.answers[0].number, made.answers[-1].number
    said = "done.answer_list" if len(made.answers) > 1 else "done.answer_list_one"
    text = shell.say(said, municipality=name, count=count, number=made.number, first=first, last=last)
    lost = [one for one in made.answers if one.cancelled]
    if lost:
        text += "\n" + shell.say("done.list_cancelled", procedures=", ".join(one.procedure for one in lost))
    shell.decided(made, text)
