"""Files that a command reads or writes on the machine where it was typed."""

import errno
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from samrutine.cli.shell import Shell
from samrutine.errors import FileNotRead, InvalidRequest

_WHY: Final = {
    errno.ENOENT: "missing", errno.ENOTDIR: "missing", errno.EACCES: "forbidden", errno.EPERM: "forbidden",
    errno.EISDIR: "folder",
}  # fmt: skip
"""What we say of what the system tells us by number."""


_FORMS: Final = {
    ".pdf": "pdf", ".docx": "docx", ".docm": "docx", ".doc": "doc", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".md": "md", ".markdown": "md", ".txt": "md", ".csv": "csv", ".json": "json", ".odt": "odt", ".rtf": "rtf",
    ".xlsx": "xlsx", ".xls": "xlsx", ".pptx": "pptx", ".xml": "xml", ".zip": "zip", ".png": "png", ".jpg": "jpg", ".jpeg": "jpg",
}  # fmt: skip
"""What the end of a name promises of a file; a program opens it by that. Any other end promises nothing."""


def form_of(shell: Shell, name: str | None, forms: Sequence[str], *, option: str, said: str | None = None) -> str:
    """
    Say in which form a document is to be written: the one that was asked for, else the one its name has, else the first.

    Args:
        name: Where it is to be written; None and "-" promise nothing.
        forms: Those that it can have, "pdf" or "html".
        option: The option that named the file, for the message.
        said: What was asked for with `--format`.

    Raises:
        InvalidRequest: It cannot have the form; or its name ends as a file of another form does, and whoever opens it would
            be told that it is damaged.
    """
    if said is not None and said not in forms:
        raise InvalidRequest(what="--format", value=shell.visible(said)[:40], expected=", ".join(forms))
    named = form_named(name) if name not in {None, "-"} else None
    form = said or (named if named is not None and named in forms else forms[0])
    if named is not None and named != form:
        ends = " / ".join(f".{one}" for one in ([said] if said else forms))
        expected = shell.say("expected.name_that_ends", ends=ends)
        raise InvalidRequest(what=option, value=shell.visible(str(name)), expected=expected)
    return form


def form_named(name: str | None) -> str | None:
    """Give the form that the end of a name promises; None when it promises none."""
    return _FORMS.get(Path(name or "").suffix.casefold())


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
