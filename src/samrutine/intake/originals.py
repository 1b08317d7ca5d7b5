"""
The bytes of documents that were sent in and wait, in `intake/` of the home: outside git, the index and every backup.

A file is named by the SHA-256 of its bytes, so one that is there is whole and right. It is written before the row that names
it; a file that no row needs any more is removed when that row is decided, or by `maintain`.
"""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Final

from samrutine.errors import StoreUnavailable
from samrutine.storage.durable import make_folders, sync_folder

FOLDER: Final = "intake"
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_TIME_TO_BE_NAMED: Final = 3_600.0
_OURS: Final = re.compile(r"[0-9a-f]{64}|\.tmp-.*")


def source_digest(data: bytes) -> str:
    """Give the SHA-256 of a file's bytes, as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


class Originals:
    """The folder. Made when the first file comes."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def keep(self, data: bytes) -> str:
        """
        Keep the bytes; the same twice is one file. Gives their digest.

        Raises:
            StoreUnavailable: The disk is full, or may not be written.
        """
        digest = source_digest(data)
        place = self._folder / digest
        try:
            if place.is_file() and place.stat().st_size == len(data):
                # Young again: a document whose row is not written yet needs it now.
                place.touch()
                return digest
            make_folders(self._folder, 0o700)
            handle, name = tempfile.mkstemp(prefix=".tmp-", dir=self._folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(place)
                sync_folder(self._folder)
            except BaseException:
                with contextlib.suppress(OSError):
                    Path(name).unlink()
                raise
        except OSError as error:
            raise StoreUnavailable(store=FOLDER, detail=error.strerror or type(error).__name__) from error
        return digest

    def read(self, digest: str) -> bytes | None:
        """Give the bytes; None when they are not there, or are not those of the digest."""
        if _NAME.fullmatch(digest) is None:
            return None
        try:
            data = (self._folder / digest).read_bytes()
        except OSError:
            return None
        return data if source_digest(data) == digest else None

    def remove(self, digest: str) -> None:
        """Remove a file; one that is gone is gone, and one that cannot be removed is left to `maintain`."""
        if _NAME.fullmatch(digest):
            with contextlib.suppress(OSError):
                (self._folder / digest).unlink()

    def remove_all_but(self, needed: Collection[str], *, older_than: float = _TIME_TO_BE_NAMED) -> tuple[str, ...]:
        """
        Remove the files of ours that nothing needs, and what killed processes left half written; gives their names.

        Args:
            older_than: Seconds. A younger one may belong to a document whose row is being written.
        """
        try:
            there = sorted(path.name for path in self._folder.iterdir() if _OURS.fullmatch(path.name))
            present = self._present() if there else 0.0
        except OSError:
            return ()
        gone = []
        for name in there:
            place = self._folder / name
            with contextlib.suppress(OSError):
                if name not in needed and present - place.stat().st_mtime > older_than:
                    place.unlink()
                    gone.append(name)
        return tuple(gone)

    def _present(self) -> float:
        """Give the present instant by the clock of the disk itself, which the files' own times are of."""
        with tempfile.NamedTemporaryFile(prefix=".tmp-", dir=self._folder) as new:
            return Path(new.name).stat().st_mtime
