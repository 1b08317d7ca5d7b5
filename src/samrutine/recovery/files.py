"""What a disk answers where files are written, as our errors."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from samrutine.errors import FolderUnusable, NoRoom, StoreUnavailable

_FULL = (errno.ENOSPC, errno.EDQUOT)
_UNUSABLE = {
    errno.ENOENT: "missing", errno.EACCES: "forbidden", errno.EPERM: "forbidden", errno.EROFS: "read-only",
    errno.EEXIST: "not-a-folder", errno.ENOTDIR: "not-a-folder",
}  # fmt: skip
"""What a disk answers where a folder was chosen wrong: the word for it."""


@contextmanager
def room_on(folder: Path) -> Iterator[None]:
    """
    Turn what a disk answers into our errors.

    Raises:
        NoRoom: It is full.
        FolderUnusable: The folder cannot be made or written to: it is chosen wrong, or belongs to somebody else.
        StoreUnavailable: It did not do its work in another way.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoRoom(folder=folder) from error
        if (why := _unusable(folder, error)) is not None:
            raise FolderUnusable(folder=folder, why=why) from error
        raise StoreUnavailable(store=str(folder), detail=error.strerror or type(error).__name__) from error


def _unusable(folder: Path, error: OSError) -> str | None:
    """Say why a folder cannot be written to; None where the error is about something else, such as a file that is read."""
    why = _UNUSABLE.get(error.errno or 0)
    about = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    if why is None or about is None or not (about.is_relative_to(folder) or folder.is_relative_to(about)):
        return None
    # A file that is missing in a folder that is there is no folder chosen wrong.
    return None if why in {"missing", "not-a-folder"} and folder.is_dir() else why
