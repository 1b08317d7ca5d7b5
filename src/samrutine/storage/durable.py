"""Files that must be whole on the disk before somebody relies on them."""

import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import Self


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
    _sync(folder, os.O_DIRECTORY)


def make_folders(folder: Path, mode: int) -> None:
    """Make a folder, and those that it lies in, so that their names last; one that is there is left as it is."""
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    for one in reversed(made):
        sync_folder(one.parent)


def sync_tree(folder: Path, *, without: frozenset[str] = frozenset(), files: bool = False) -> None:
    """
    Sync the names in a folder and in all below it, and, where it is asked for, what its files hold.

    Args:
        without: Names of folders that are left out wherever they lie, for they can be made anew.
    """
    for place, folders, names in os.walk(folder, topdown=True):
        folders[:] = [one for one in folders if one not in without]
        for name in names if files else ():
            _sync(Path(place, name))
        sync_folder(Path(place))


def _sync(path: Path, kind: int = 0) -> None:
    descriptor = os.open(path, os.O_RDONLY | kind)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
