"""Files that a command reads or writes on the machine where it was typed."""

import errno
import sys
from pathlib import Path
from typing import Final

from samrutine.cli.shell import Shell
from samrutine.errors import FileNotRead, InvalidRequest

_WHY: Final = {
    errno.ENOENT: "missing", errno.ENOTDIR: "missing", errno.EACCES: "forbidden", errno.EPERM: "forbidden",
    errno.EISDIR: "folder",
}  # fmt: skip
"""What we say of what the system tells us by number."""


def read_bytes(file: str, most: int) -> bytes:
    """
    Read a file, or standard input for "-"; one byte more than `most` at the farthest, so that too much is noticed.

    Raises:
        FileNotRead: It is not there, or may not be read.
    """
    try:
        if file == "-":
            return sys.stdin.buffer.read(most + 1)
        with Path(file).open("rb") as handle:
            return handle.read(most + 1)
    except OSError as error:
        raise not_read(file, error) from error


def not_read(file: str, error: OSError) -> FileNotRead:
    """Give the error that says in words what the system says in English."""
    why = _WHY.get(error.errno or 0, "other")
    return FileNotRead(why=why, file=Shell.visible(file), detail=error.strerror or type(error).__name__)


def write_whole(shell: Shell, path: Path, data: bytes, option: str) -> None:
    """
    Write a file at once, or not at all.

    Args:
        option: The option or argument that named it, for the message.

    Raises:
        InvalidRequest: It is in no folder that exists, or something lies there that is no file: a folder, a device.
    """
    if not path.parent.is_dir() or (path.exists() and not path.is_file()):
        raise InvalidRequest(what=option, value=str(path), expected=shell.say("expected.file_in_folder"))
    # Beside and then in place, so that nobody opens half a document.
    aside = path.with_name(f".{path.name}.new")
    try:
        aside.write_bytes(data)
        aside.replace(path)
    except PermissionError:
        raise InvalidRequest(
            what=option, value=Shell.visible(str(path)), expected=shell.say("expected.may_write")
        ) from None


def write_out(data: bytes) -> None:
    """Write bytes to standard output as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
