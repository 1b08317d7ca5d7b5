"""
Make a bare repository so that it lasts, and let git read again the two small files without which it reads nothing.

Neither `git init` nor `git config` syncs what it writes, so a power cut may leave an empty HEAD beside packs that are whole.
"""

import re
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Final

from samrutine.errors import StoreUnavailable
from samrutine.storage.durable import keep_file, sync_folder, sync_tree
from samrutine.storage.git import ASIDE, DAMAGED, MAIN, answered, asked, git_version

_HEAD: Final = f"ref: {MAIN}\n".encode()
_POINTS: Final = re.compile(rb"ref: refs/[^\0\n]+\n?|[0-9a-f]{40}\n?")
"""What git takes for a HEAD; with anything else it says that there is no repository."""
_CONFIG: Final = b"[core]\n\trepositoryformatversion = 0\n\tbare = true\n"

Configure = Callable[[Path], None]
"""Sets what is not set as we want it."""


def make_repository(folder: Path, configure: Configure) -> None:
    """
    Make a repository beside its place, and give it its name when it is whole and synced.

    A `git init` that was killed half-way leaves a folder that no git can use and no second `git init` mends, and `git config`
    leaves a lock.
    """
    aside = folder.with_name(folder.name + ASIDE)
    shutil.rmtree(aside, ignore_errors=True)
    # Git 3.0 will make reftable the default, which GitPython cannot read. Older git lacks the option.
    options = ["--ref-format=files"] if git_version() >= (2, 45) else []
    answered(["init", "--quiet", "--bare", "--initial-branch=main", "--template=", *options, str(aside)])
    configure(aside)
    try:
        sync_tree(aside, files=True)
        aside.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise StoreUnavailable(store="git", detail=type(error).__name__) from error


def make_readable(folder: Path, configure: Configure) -> bool:
    """
    Write HEAD anew where it is none, and begin the settings anew where git cannot read them.

    What could not be read is kept beside, each time under a name of its own. Gives whether anything was done.
    """
    head, settings = folder / "HEAD", folder / "config"
    if not head.is_file():
        return False
    try:
        is_done = not _POINTS.fullmatch(head.read_bytes())
        if is_done:
            _put_beside(head)
            keep_file(head, _HEAD)
        if _has_unreadable_settings(folder):
            _put_beside(settings)
            keep_file(settings, _CONFIG)
            is_done = True
        if is_done:
            configure(folder)
            sync_settings(folder)
    except OSError as error:
        raise StoreUnavailable(store="git", detail=type(error).__name__) from error
    return is_done


def _has_unreadable_settings(folder: Path) -> bool:
    """Whether it is the settings that git stumbles over: where `refs` or `objects` are gone it says no as well."""
    if not asked(["--git-dir", str(folder), "config", "--list", "--local"]).returncode:
        return False
    if asked(["config", "--file", str(folder / "config"), "--list"]).returncode:
        return True
    return all((folder / name).is_dir() for name in ("refs", "objects"))


def sync_settings(folder: Path) -> None:
    """Sync HEAD, the settings and what else of a repository is neither an object nor a ref: git syncs none of it."""
    sync_tree(folder, files=True, without=frozenset({"objects", "refs", "logs"}))


def _put_beside(path: Path) -> None:
    """Keep what a file holds under a name that nothing has; an empty one holds nothing."""
    if path.exists() and path.stat().st_size:
        names = (path.with_name(f"{path.name}{DAMAGED}{number}") for number in count(1))
        shutil.copy2(path, next(name for name in names if not name.exists()))
