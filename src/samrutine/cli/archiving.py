"""What leaves the library for good: a message to the archive, and a municipality's whole record."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option, Typer

from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group

Municipality = Annotated[str, Argument(show_default=False)]
Folder = Annotated[str, Argument(show_default=False)]


def register(app: Typer) -> None:
    """Add the commands."""
    archive = group(app, "archive", area="proving")
    for name, function in (("message", message), ("exit", leave)):
        command(archive, name, area="proving")(function)


def message(
    shell: Shell,
    municipality: Municipality,
    folder: Folder,
    on: Annotated[str | None, Option("--on")] = None,
    act: Annotated[str | None, Option("--list")] = None,
) -> None:
    """Write a message to a municipality's archive."""
    day = shell.read_day(on, "--on")
    with shell.progress("archive"), shell.library() as library:
        done = library.archive_message(municipality, Path(folder), on=day, act=act, by=shell.by)
    shell.answer(
        {"folder": done.folder, "files": done.files, "decisions": done.decisions, "left_out": done.left_out},
        "\n".join([
            shell.say("done.archive_message", folder=Shell.visible(folder), files=len(done.files), decisions=done.decisions),
            *_left_out(shell, done.left_out),
        ]),
    )  # fmt: skip


def leave(shell: Shell, municipality: Municipality, folder: Folder) -> None:
    """Write a municipality's whole record into a folder."""
    with shell.progress("archive"), shell.library() as library:
        done = library.exit_package(municipality, Path(folder), by=shell.by)
    shell.answer(
        {"folder": done.folder, "files": done.files, "versions": done.versions, "decisions": done.decisions,
         "left_out": done.left_out},
        "\n".join([
            shell.say("done.archive_exit", folder=Shell.visible(folder), versions=done.versions, decisions=done.decisions),
            *_left_out(shell, done.left_out),
        ]),
    )  # fmt: skip


def _left_out(shell: Shell, count: int) -> list[str]:
    return [shell.say("done.archive_left_out", count=count)] if count else []
