"""A folder of files that is there whole, or not at all."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from samrutine.errors import FolderUnusable, InvalidRequest

CHECKSUMS: Final = "sjekksummer.txt"


def require_free(folder: Path) -> None:
    """
    Refuse a folder with something in it: what we write is to be all that lies there.

    Raises:
        InvalidRequest: It is a file, or has something in it.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidRequest(what="folder", value=str(folder)[:200], expected="empty-folder")


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]], *, checksums: bool) -> tuple[str, ...]:
    """
    Write files beside the folder, and give it its name when all are there.

    Args:
        files: Path and bytes of each; made one by one, so that no more than one is held.
        checksums: Write `sjekksummer.txt` last, as `sha256sum -c` reads it.

    Raises:
        InvalidRequest: As `require_free`.
        FolderUnusable: It cannot be written.
    """
    require_free(folder)
    aside = folder.with_name(f".{folder.name}.ny")
    sums: list[tuple[str, str]] = []
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        for path, data in files:
            _put(aside / path, data)
            sums.append((path, hashlib.sha256(data).hexdigest()))
        if checksums:
            listed = "".join(f"{one}  {path}\n" for path, one in sorted(sums))
            _put(aside / CHECKSUMS, listed.encode())
            sums.append((CHECKSUMS, ""))
        if folder.exists():
            folder.rmdir()
        aside.rename(folder)
    except OSError as error:
        why = "forbidden" if isinstance(error, PermissionError) else "missing"
        raise FolderUnusable(folder=str(folder), why=why) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return tuple(sorted(path for path, _ in sums))


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
