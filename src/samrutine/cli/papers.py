"""What is printed beside the one document: a handbook, a checklist, what changed, a pocket card, two languages."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.cli.arguments import MaybeMunicipality, MaybeNetwork, MaybeVersion, Procedure
from samrutine.cli.files import form_of, write_out, write_whole
from samrutine.cli.naming import marked_instead
from samrutine.cli.overview import Day
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command
from samrutine.errors import InvalidRequest

if TYPE_CHECKING:
    from samrutine.adoptions.paper import Paper
    from samrutine.library import Library

Output = Annotated[str | None, Option("--output", "-o")]
Form = Annotated[str | None, Option("--format")]
Copy = Annotated[bool, Option("--copy")]


def register(app: Typer) -> None:
    """Add the commands."""
    for name, function in (
        ("handbook", handbook), ("checklist", checklist), ("redline", redline), ("card", card), ("bilingual", bilingual),
    ):  # fmt: skip
        command(app, name, area="papers")(function)


def handbook(
    shell: Shell,
    municipality: MaybeMunicipality = None,
    network: MaybeNetwork = None,
    subject: Annotated[str | None, Option("--subject")] = None,
    day: Day = None,
    form: Form = None,
    output: Output = None,
    copy: Copy = False,  # noqa: FBT002 - so Typer takes a flag
) -> None:
    """Make one file of many routines."""
    chosen = _form(shell, output, ("pdf", "docx"), said=form)
    with shell.library() as library:
        found = library.handbook(
            municipality, network=network, subject=subject, day=shell.read_day(day, "--day"), reader=shell.actor
        )
        where = f"-{found.municipality.slug}" if found.municipality else ""
        _write(shell, library, found, f"{shell.say('papers.handbook')}{where}", chosen, output, copy=copy)
        marked_instead(shell, found.documents, copy=copy)


def checklist(
    shell: Shell,
    procedure: Procedure,
    municipality: MaybeMunicipality = None,
    done: Annotated[str | None, Option("--done")] = None,
    on: Annotated[str | None, Option("--on")] = None,
    version: MaybeVersion = None,
    day: Day = None,
    output: Output = None,
) -> None:
    """Make the checklist of a routine on a sheet of its own."""
    form = _form(shell, output)
    with shell.library() as library:
        found = library.checklist(
            procedure, municipality, done=_numbers(done), on=shell.read_day(on, "--on"), version=version,
            day=shell.read_day(day, "--day"), reader=shell.actor,
        )  # fmt: skip
        _write(shell, library, found, f"{procedure}-{shell.say('papers.checklist')}", form, output)


def redline(
    shell: Shell,
    procedure: Procedure,
    old: Annotated[str, Argument(show_default=False)],
    new: Annotated[str | None, Argument(show_default=False)] = None,
    output: Output = None,
) -> None:
    """Make a PDF of what changed between two versions."""
    form = _form(shell, output)
    with shell.library() as library:
        found = library.redline(procedure, old, new, reader=shell.actor)
        name = f"{procedure}-{found.old}-{found.document.header.version}-{shell.say('papers.redline')}"
        _write(shell, library, found, name, form, output)


def card(
    shell: Shell,
    procedure: Procedure,
    municipality: MaybeMunicipality = None,
    section: Annotated[str | None, Option("--section")] = None,
    version: MaybeVersion = None,
    day: Day = None,
    output: Output = None,
) -> None:
    """Make a pocket card of a section of a routine."""
    form = _form(shell, output)
    with shell.library() as library:
        found = library.card(
            procedure, municipality, section=section, version=version, day=shell.read_day(day, "--day"),
            reader=shell.actor,
        )  # fmt: skip
        _write(shell, library, found, f"{procedure}-{shell.say('papers.card')}", form, output)


def bilingual(
    shell: Shell,
    procedure: Procedure,
    municipality: MaybeMunicipality = None,
    other: Annotated[str | None, Option("--other")] = None,
    day: Day = None,
    output: Output = None,
) -> None:
    """Make a routine and its translation side by side."""
    form = _form(shell, output)
    with shell.library() as library:
        found = library.bilingual(
            procedure, municipality, other=other, day=shell.read_day(day, "--day"), reader=shell.actor
        )
        _write(shell, library, found, f"{procedure}-{shell.say('papers.bilingual')}", form, output)


def _numbers(done: str | None) -> set[int]:
    """
    Read "1,3-5".

    Raises:
        InvalidRequest: It is something else.
    """
    found: set[int] = set()
    for part in filter(None, (one.strip() for one in (done or "").split(","))):
        match = re.fullmatch(r"([0-9]{1,4})(?:[-–]([0-9]{1,4}))?", part)
        if match is None:
            raise InvalidRequest(what="--done", value=Shell.visible(part[:40]), expected="1,3-5")
        found |= set(range(int(match[1]), int(match[2] or match[1]) + 1))
    return found


def _form(shell: Shell, output: str | None, forms: Sequence[str] = ("pdf",), *, said: str | None = None) -> str:
    if output == "-" and shell.as_json:
        raise InvalidRequest(what="--output", value="-", expected=shell.say("expected.file_with_json"))
    return form_of(shell, output, forms, option="--output", said=said)


def _write(
    shell: Shell, library: "Library", paper: "Paper", name: str, form: str, output: str | None, *, copy: bool = False
) -> None:
    """Make the file, and write it where it was asked for, or to one of this name."""
    data = library.render(paper, form, copy=copy)
    if output == "-":
        write_out(data)
        return
    path = Path(output) if output else Path(f"{name}.{form}")
    write_whole(shell, path, data, "--output")
    shell.answer(
        {"path": path.resolve(), "size_bytes": len(data)}, shell.say("done.document", path=path, size=len(data))
    )
