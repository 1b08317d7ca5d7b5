"""Files that must be whole on the disk before somebody relies on them."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from samrutine.errors import FolderUnusable, NoRoom, StoreUnavailable

_FULL = (errno.ENOSPC, errno.EDQUOT)
_UNUSABLE = {
    errno.ENOENT: "missing", errno.EACCES: "forbidden", errno.EPERM: "forbidden", errno.EROFS: "read-only",
    errno.EEXIST: "not-a-folder", errno.ENOTDIR: "not-a-folder",
}  # fmt: skip
"""What a disk answers where a folder was chosen wrong: the word for it."""


class Written:
    """A file being written that only its owner may read: names and drafts are in it. Synced when it is closed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def __enter__(self) -> Self:
        """Begin anew, whatever a killed run left there."""
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        return self

    def write(self, data: bytes) -> None:
        """Write some bytes more."""
        self._file.write(data)
        self._digest.update(data)
        self.size_bytes += len(data)

    @property
    def sha256(self) -> str:
        """The hash of what was written."""
        return self._digest.hexdigest()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Sync and close."""
        with self._file:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())


def keep_file(path: Path, data: bytes) -> None:
    """Write a file beside its place, sync it, and give it its name: the old bytes or the new, never some of them."""
    aside = path.with_name(path.name + ".new")
    with Written(aside) as out:
        out.write(data)
    aside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Sync the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
