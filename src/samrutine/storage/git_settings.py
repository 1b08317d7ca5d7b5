"""
How a repository is set up: our settings as git itself follows them, and nothing that leads it elsewhere.

What git follows is not what stands in one file: another may be included, a work tree may have one of its own, and a few
small files send it to other folders' objects or let history seem to end. A repository that is synced, refuses a push and
holds all of its own objects must do so whatever was written there.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from samrutine.errors import StoreUnavailable
from samrutine.storage.git import CONFIGURATION, MAIN, answered, asked
from samrutine.storage.git_making import sync_settings

_ELSEWHERE: Final = re.compile(
    r"include\.|includeif\.|extensions\.(?:worktreeconfig|partialclone)$|remote\..*\.(?:promisor|partialclonefilter)$"
)
"""
Settings that let others be read too, or let git take for whole what it is promised elsewhere; names are in small letters but
for what a condition or a person named.
"""
_ALTERNATES: Final = "objects/info/alternates"
_LEADING_ASTRAY: Final = (_ALTERNATES, "objects/info/http-alternates", "shallow", "info/grafts", "config.worktree")
"""Files that git follows: objects of another folder, a history that is cut or told anew, settings of a work tree."""
_PROMISED: Final = "objects/pack/*.promisor"
"""Beside a pack: what it leads to may be missing, and is fetched from elsewhere when somebody asks."""
_HEAD: Final = f"ref: {MAIN}\n"


class Wrong(NamedTuple):
    """A setting that is not as ours are; `wanted` is empty for what should not be there."""

    name: str
    found: str
    wanted: str


def settings(folder: Path) -> dict[str, str]:
    """Give the settings that git follows here, names in lower case, whatever file they stand in."""
    listed = answered(["--git-dir", str(folder), "config", "--list", "--includes", "-z"]).decode("utf-8", "replace")
    return dict(entry.partition("\n")[::2] for entry in listed.split("\0") if entry)


def wrong_settings(folder: Path) -> Iterator[Wrong]:
    """
    Give what is set up otherwise than ours are.

    Raises:
        StoreUnavailable: Git cannot read the settings.
    """
    found = settings(folder)
    for name, value in CONFIGURATION.items():
        if found.get(name.lower()) != value:
            yield Wrong(name, found.get(name.lower(), ""), value)
    if found.get("extensions.refstorage", "files") != "files":
        yield Wrong("extensions.refStorage", found["extensions.refstorage"], "files")
    yield from (Wrong(name, value, "") for name, value in found.items() if _ELSEWHERE.match(name))
    there = _leading_astray(folder)
    yield from (Wrong(str(path.relative_to(folder)), f"{path.stat().st_size} B", "") for path in there)
    try:
        head = (folder / "HEAD").read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise StoreUnavailable(store="git", detail=type(error).__name__) from error
    if head != _HEAD:
        yield Wrong("HEAD", head.strip(), MAIN)


def _leading_astray(folder: Path) -> list[Path]:
    return [path for path in (folder / name for name in _LEADING_ASTRAY) if path.exists()] + sorted(
        folder.glob(_PROMISED)
    )


def put_settings_right(folder: Path) -> None:
    """
    Make the settings ours again, synced. A second call writes nothing: each costs a process and a lock.

    Objects that lay in another folder are brought here before that folder is left; where one of them cannot be had, it stays
    named. The form in which refs are kept is left too: nothing but git itself can change it.
    """
    at = ["--git-dir", str(folder)]
    wrong = {one.name: one for one in wrong_settings(folder)}
    # What leads elsewhere goes first: it might say otherwise of all the rest.
    for name in wrong:
        if _ELSEWHERE.match(name):
            asked([*at, "config", "--unset-all", name])
    for path in _leading_astray(folder):
        # What no ref leads to is kept: it may be what is put back next, such as a checkpoint whose branch is gone.
        brought = [*at, "repack", "-a", "-d", "-k", "--quiet"]
        if path != folder / _ALTERNATES or not asked(brought).returncode:
            path.unlink(missing_ok=True)
    if "HEAD" in wrong:
        answered([*at, "symbolic-ref", "HEAD", MAIN])
    found = settings(folder)
    for name, value in CONFIGURATION.items():
        if found.get(name.lower()) != value:
            # All there are: one that is given twice is refused else, and the last of them holds.
            answered([*at, "config", "--replace-all", name, value])
    if wrong:
        try:
            sync_settings(folder)
        except OSError as error:
            raise StoreUnavailable(store="git", detail=type(error).__name__) from error
