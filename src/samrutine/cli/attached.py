"""Files that belong to a routine: given with its text, and fetched from a version."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from samrutine.cli.arguments import MaybeVersion, Procedure
from samrutine.cli.digests import short
from samrutine.cli.files import form_named, form_of, read_bytes, write_out, write_whole
from samrutine.cli.mistakes import mistake
from samrutine.cli.shell import Shell
from samrutine.errors import InvalidRequest

Attach = Annotated[list[str] | None, Option("--attach")]


def attached(files: list[str] | None) -> dict[str, bytes]:
    """
    Read the files that belong to a text; each is called what it is called on the disk.

    Raises:
        FileNotRead: One is not there, or may not be read.
        InvalidRequest: Two have the same name.
    """
    # Imported here: help needs no rules.
    from samrutine.procedures.attached import LARGEST_FILE_MIB

    found: dict[str, bytes] = {}
    for file in files or ():
        name = Path(file).name
        if name in found:
            raise InvalidRequest(what="--attach", value=Shell.visible(name)[:60], expected="1")
        found[name] = read_bytes(file, LARGEST_FILE_MIB * 1024 * 1024)
    return found


def attachment(
    shell: Shell,
    procedure: Procedure,
    name: Annotated[str, Argument(show_default=False)],
    version: MaybeVersion = None,
    output: Annotated[str | None, Option("--output", "-o")] = None,
    *,
    overwrite: Annotated[bool, Option("--overwrite")] = False,
) -> None:
    """Fetch a file that belongs to a version."""
    if output == "-" and shell.as_json:
        raise InvalidRequest(what="--output", value="-", expected=shell.say("expected.file_with_json"))
    with shell.library() as library:
        found = library.attachment(procedure, name, version=version, reader=shell.actor)
    if output == "-":
        write_out(found.data)
        return
    own = form_named(found.name)
    if own is not None:
        form_of(shell, output, (own,), option="--output")
    path = Path(output or found.name)
    if not overwrite and path.is_file() and path.read_bytes() != found.data:
        raise mistake(shell, "file_there", file=shell.visible(str(path)))
    write_whole(shell, path, found.data, "--output")
    told = {"procedure": found.procedure, "version": str(found.version), "digest": found.digest}
    shell.answer(
        {**told, "name": found.name, "media_type": found.media_type, "redacted": found.is_redacted,
         "path": path.resolve(), "size_bytes": len(found.data)},
        shell.say(
            "done.attachment_redacted" if found.is_redacted else "done.attachment",
            **{**told, "digest": short(str(found.digest)), "file": shell.visible(found.name), "path": shell.visible(str(path))},
        ),
    )  # fmt: skip
