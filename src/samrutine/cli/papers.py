"""What is printed beside the one document: a handbook."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option, Typer

from samrutine.cli.arguments import MaybeMunicipality, MaybeNetwork
from samrutine.cli.files import write_out, write_whole
from samrutine.cli.overview import Day
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command
from samrutine.errors import InvalidRequest

if TYPE_CHECKING:
    from samrutine.adoptions.paper import Paper
    from samrutine.library import Library

Output = Annotated[str | None, Option("--output", "-o")]
Form = Annotated[str, Option("--format")]
Copy = Annotated[bool, Option("--copy")]


def register(app: Typer) -> None:
    """Add the commands."""
    command(app, "handbook", area="papers")(handbook)


def handbook(
    shell: Shell,
    municipality: MaybeMunicipality = None,
    network: MaybeNetwork = None,
    subject: Annotated[str | None, Option("--subject")] = None,
    day: Day = None,
    form: Form = "pdf",
    output: Output = None,
    copy: Copy = False,  # noqa: FBT002 - so Typer takes a flag
) -> None:
    """Make one file of many routines."""
    _refuse_both(shell, output)
    with shell.library() as library:
        found = library.handbook(
            municipality, network=network, subject=subject, day=shell.read_day(day, "--day"), reader=shell.actor
        )
        where = f"-{found.municipality.slug}" if found.municipality else ""
        _write(shell, library, found, f"{shell.say('papers.handbook')}{where}", form, output, copy=copy)


def _refuse_both(shell: Shell, output: str | None) -> None:
    if output == "-" and shell.as_json:
        raise InvalidRequest(what="--output", value="-", expected=shell.say("expected.file_with_json"))


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
