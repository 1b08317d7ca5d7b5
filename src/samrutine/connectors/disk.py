"""
One folder on disk, held open: what the folder and the package write through.

Every name is looked up in the folder that was opened, never by path again. Swapping the folder for a link while we
work leads nowhere, and no link inside it is followed. What the operating system raises becomes a `DeliveryFailed`.
"""

import errno
import fcntl
import hashlib
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Final, ParamSpec, TypeVar, cast

from samrutine.errors import (
    DeliveryFailed,
    DestinationBusy,
    DestinationForbidden,
    DestinationFull,
    DestinationMissing,
    DestinationNotAFolder,
)
from samrutine.publishing.model import NOT_A_FILE, FoundFile, Sha256

LOCK_WAIT_SECONDS: Final = 5.0

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")

_LITTER = re.compile(r"\.samrutine-[0-9a-f]{16}\.tmp")
_READ_ONLY: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_CHUNK_BYTES: Final = 1 << 20
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def translated(target: str) -> Iterator[None]:
    """Turn what the operating system raises about `target` into our own error."""
    try:
        yield
    except OSError as error:
        raise _ours(error, target) from error


def _about_the_target(method: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """
    Translate what a method of `OpenFolder` raises.

    Each method for itself, and not the whole time that the folder is open: between them documents are made, and a
    file missing there is no fault of the destination.
    """

    @wraps(method)
    def translating(*args: _Given.args, **kwargs: _Given.kwargs) -> _Answer:
        folder = cast("OpenFolder", args[0])
        with translated(folder.target):
            return method(*args, **kwargs)

    return translating


def _ours(error: OSError, target: str) -> DeliveryFailed:
    if error.errno == errno.ENOENT:
        return DestinationMissing(target=target)
    if error.errno == errno.ENOTDIR:
        return DestinationNotAFolder(target=target)
    if error.errno in _FORBIDDEN:
        return DestinationForbidden(target=target)
    if error.errno in _FULL:
        return DestinationFull(target=target)
    # The system's own words for the fault; never a path or a file's content.
    return DeliveryFailed(target=target, detail=error.strerror or type(error).__name__)


def aside_name(name: str) -> str:
    """
    Name the file that `name` is written in before it gets its own name.

    The same name every time, so that a rerun writes over what a killed run left behind.
    """
    return f".samrutine-{hashlib.sha256(name.encode()).hexdigest()[:16]}.tmp"


class OpenFolder:
    """A folder held open by its descriptor. Use `open_folder`; names are single components, never paths."""

    def __init__(self, descriptor: int, target: str) -> None:
        self._folder = descriptor
        self.target = target

    @_about_the_target
    def lock(self, wait_seconds: float) -> None:
        """
        Keep other deliveries out until the folder is closed, in this process or another, also after a kill.

        Raises:
            DestinationBusy: Somebody else held it for longer than `wait_seconds`.
        """
        until = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(self._folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise DestinationBusy(target=self.target) from None
                time.sleep(0.02)
            except OSError as error:
                # A file share without locks. The manifest is still compared before anything is written.
                if error.errno not in {errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}:
                    raise
                return
            else:
                return

    @_about_the_target
    def sweep(self) -> None:
        """Remove what a killed run left behind: files with the names that `aside_name` gives, and no others."""
        with os.scandir(self._folder) as entries:
            litter = [entry.name for entry in entries if _LITTER.fullmatch(entry.name)]
        for name in litter:
            self.remove_aside(name)

    @_about_the_target
    def remove_aside(self, name: str) -> None:
        """Remove one file that was written aside, if it is there. A folder of that name is not ours."""
        with suppress(FileNotFoundError, IsADirectoryError):
            os.unlink(name, dir_fd=self._folder)

    @_about_the_target
    def open_file(self, name: str) -> int | None:
        """Open an ordinary file for reading; None for what is none: a link, a folder, a pipe, or nothing at all."""
        try:
            descriptor = os.open(name, _READ_ONLY, dir_fd=self._folder)
        except FileNotFoundError:
            return None
        except OSError as error:
            # ELOOP: a symbolic link; Source: open(2) on O_NOFOLLOW. ENXIO: a socket.
            if error.errno in {errno.ELOOP, errno.EMLINK, errno.ENXIO}:
                return None
            raise
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return descriptor
        os.close(descriptor)
        return None

    @_about_the_target
    def exists(self, name: str) -> bool:
        """Whether anything at all has this name, a dangling link too."""
        try:
            os.stat(name, dir_fd=self._folder, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    @_about_the_target
    def read(self, name: str) -> bytes | None:
        """Read an ordinary file whole; None when there is none."""
        descriptor = self.open_file(name)
        if descriptor is None:
            return None
        with os.fdopen(descriptor, "rb") as file:
            return file.read()

    @_about_the_target
    def look(self, name: str) -> FoundFile | None:
        """Hash what has this name; None when nothing has."""
        descriptor = self.open_file(name)
        if descriptor is None:
            return FoundFile(NOT_A_FILE, 0) if self.exists(name) else None
        hashed, size = hashlib.sha256(), 0
        try:
            while chunk := os.read(descriptor, _CHUNK_BYTES):
                hashed.update(chunk)
                size += len(chunk)
        finally:
            os.close(descriptor)
        return FoundFile(Sha256(hashed.hexdigest()), size)

    @_about_the_target
    def create_aside(self, name: str) -> int:
        """Begin the file that shall become `name`, empty, under the name aside; give its descriptor."""
        aside = aside_name(name)
        self.remove_aside(aside)
        # Readable by those whom the folder's own rights let in, as any file saved there by hand would be.
        return os.open(aside, _NEW, 0o644, dir_fd=self._folder)

    @_about_the_target
    def write_aside(self, name: str, data: bytes) -> None:
        """Write the bytes that shall become `name`, so that they last, without `name` being touched."""
        with os.fdopen(self.create_aside(name), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    @_about_the_target
    def put_in_place(self, name: str) -> None:
        """Give what was written aside its own name, in one step. Lasts after the next `settle`."""
        os.replace(aside_name(name), name, src_dir_fd=self._folder, dst_dir_fd=self._folder)

    @_about_the_target
    def remove(self, name: str) -> None:
        """Remove a file, if it is there. Lasts after the next `settle`."""
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._folder)

    @_about_the_target
    def settle(self) -> None:
        """Make the names given and removed last, also through a power cut."""
        try:
            os.fsync(self._folder)
        except OSError as error:
            # Some network shares cannot; the names are then as lasting as the share makes them.
            if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
                raise

    @_about_the_target
    def fingerprint(self, name: str) -> tuple[int, ...] | None:
        """Give what changes when a file is changed or another takes its name; None when nothing has it."""
        try:
            now = os.stat(name, dir_fd=self._folder, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)


@contextmanager
def open_folder(path: Path, target: str) -> Iterator[OpenFolder]:
    """
    Hold a folder open. Its own path may lead through links, since the operator chose it; nothing below may.

    Raises:
        DestinationMissing: There is nothing there.
        DestinationNotAFolder: It is something else than a folder.
        DestinationForbidden: We may not read it.
    """
    with translated(target):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield OpenFolder(descriptor, target)
    finally:
        os.close(descriptor)
