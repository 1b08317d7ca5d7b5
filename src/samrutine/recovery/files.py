"""Files that must be whole on the disk before somebody relies on them."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from samrutine.errors import NoRoom, StoreUnavailable

_FULL = (errno.ENOSPC, errno.EDQUOT)


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
        StoreUnavailable: It did not do its work in another way.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoRoom(folder=folder) from error
        raise StoreUnavailable(store=str(folder), detail=error.strerror or type(error).__name__) from error
