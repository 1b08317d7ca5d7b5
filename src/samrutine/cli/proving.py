"""Proof for those who do not trust our server, and signed checkpoints."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from typer import Option, Typer

from samrutine.cli import archiving
from samrutine.cli.arguments import Procedure
from samrutine.cli.files import write_whole
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command
from samrutine.errors import InvalidRequest, StoreUnavailable

ZIP = ".zip"


def register(app: Typer) -> None:
    """Add the commands."""
    for name, function in (("prove", prove), ("checkpoint", checkpoint)):
        command(app, name, area="proving")(function)
    archiving.register(app)


def prove(
    shell: Shell,
    procedure: Procedure,
    municipality: Annotated[str, Option("--municipality", "-m")],
    on: Annotated[str, Option("--on")],
    to: Annotated[str, Option("--to")],
    known_at: Annotated[str | None, Option("--known-at")] = None,
    at: Annotated[str | None, Option("--at")] = None,
) -> None:
    """Prove what was in force in a municipality on a day."""
    target = Path(to)
    if target.suffix != ZIP and target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InvalidRequest(what="--to", value=Shell.visible(to), expected=shell.say("expected.empty_folder_or_zip"))
    day, known = shell.read_day(on, "--on"), shell.read_instant(known_at, "--known-at")
    with shell.progress("prove"), shell.library() as library:
        found = library.prove(
            procedure, municipality, on=day or library.today, known_at=known, at=at, reader=shell.actor
        )
        name, today = library.get_municipality(municipality).name, library.today
    if target.suffix == ZIP:
        write_whole(shell, target, found.zipped(), "--to")
    else:
        _write_folder(shell, target, found.files)
    question = found.question
    said = "proved" if found.in_force else "proved_nothing"
    known_then = shell.instant(question.known_at) if question.known_at else ""
    if question.known_at is not None:
        said += "_then"
    elif question.on > today:
        # What is still to be decided is in no register: of a day to come it tells what follows from what is decided.
        said += "_ahead"
    sentence = shell.say(
        f"done.{said}", procedure=procedure, municipality=name,
        version=found.in_force, day=shell.day(question.on), to=Shell.visible(to),
        known=known_then,
    )  # fmt: skip
    lines = [sentence, shell.say("done.proved_tip", register=found.commit)]
    lines += [shell.say("done.proved_later", count=found.later, known=known_then)] if found.later else []
    lines += [shell.say("done.proved_left_out", count=len(found.left_out))] if found.left_out else []
    lines += [shell.say("done.proved_signed")] if found.checkpointed else []
    shell.answer(
        {
            "procedure": procedure, "municipality": question.municipality, "on": question.on, "known_at": question.known_at,
            "in_force": found.in_force, "commit": found.commit, "checkpointed": found.checkpointed,
            "left_out": list(found.left_out), "later": found.later, "to": str(target), "files": len(found.files),
        },
        lambda: shell.print(*lines),
    )  # fmt: skip


def _write_folder(shell: Shell, target: Path, files: Mapping[str, bytes]) -> None:
    """Write all files, or leave nothing."""
    if not target.parent.is_dir():
        raise InvalidRequest(
            what="--to", value=Shell.visible(str(target)), expected=shell.say("expected.empty_folder_or_zip")
        )
    aside = target.with_name(f".{target.name}.new")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        for name, content in files.items():
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if target.is_dir():
            target.rmdir()
        aside.rename(target)
    except PermissionError:
        raise InvalidRequest(
            what="--to", value=Shell.visible(str(target)), expected=shell.say("expected.may_write")
        ) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def checkpoint(shell: Shell) -> int:
    """Sign where the register stands."""
    with shell.progress("checkpoint"), shell.library() as library:
        made = library.checkpoint()
    lines = [shell.say("done.checkpoint", name=made.name, number=made.number, register=made.register)]
    if made.stamped:
        lines.append(shell.say("done.checkpoint_stamped"))
    if made.handed_over is not None:
        lines.append(shell.say(f"done.checkpoint_{'handed_over' if made.handed_over else 'changed'}"))
    if made.not_stamped:
        shell.tell(shell.say("done.checkpoint_not_stamped", why=made.not_stamped))
    shell.answer(made, lambda: shell.print(*lines))
    return StoreUnavailable.exit_code if made.not_stamped else 0
