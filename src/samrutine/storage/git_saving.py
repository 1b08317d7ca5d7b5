"""
Begin a damaged repository anew, and bring along what no decision makes again.

`main` and `register` follow from the decisions. Signed checkpoints do not, nor does what was set aside, nor which commit stands
for which after a redaction: these are fetched out of the damaged repository, each by itself, so that one that is lost does not
take the others with it. Git looks at every object on the way.

HEAD, the settings and a line of `packed-refs` are a few bytes without which git reads nothing. They hold nothing that is not
known, so the objects are read through a repository beside, with a HEAD and settings of ours and the refs that can be read.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from samrutine.errors import StoreUnavailable
from samrutine.storage import git_reading
from samrutine.storage.durable import sync_folder, sync_tree
from samrutine.storage.git import (
    CHECKPOINTS,
    DAMAGED,
    INCOMING,
    MAIN,
    OBJECT_ID,
    REGISTER,
    SAVED,
    SAVING,
    SET_ASIDE,
    GitStore,
    asked,
)

MADE_AGAIN: Final = frozenset({MAIN, REGISTER, INCOMING})
"""The refs that projections write from the decisions."""

# What others may not fetch from us we may: a `!` takes a prefix out of those that are hidden.
# What no ref leads to may be asked for by its id.
_SHOWS_ALL: Final = "git -c transfer.hideRefs='!refs/samrutine' -c uploadpack.allowAnySHA1InWant=true upload-pack"
_PACKED: Final = re.compile(rb"[0-9a-f]{40} refs/[^\0\s]+")
_TOLD_BESIDE: Final = (b"#", b"^")
"""How lines of `packed-refs` begin that tell nothing that git does not find out itself."""


@dataclass(frozen=True, slots=True)
class StartedOver:
    """
    A repository was begun anew.

    Attributes:
        aside: The name of the folder where the damaged one lies, whole as it was; None when there was none.
        lost: The refs that could not be brought along.
    """

    aside: str | None
    lost: tuple[str, ...] = ()


def start_over(store: GitStore, missed: str | None = None) -> StartedOver:
    """
    Put a new repository in the place of a damaged one, with all refs that no decision makes again.

    Only under the projector lock. The new one gets its name when it is whole; killed anywhere, the next call ends in the
    same state.

    Args:
        missed: The commit of the newest signed checkpoint, as the database knows it: it comes along if its objects are whole,
            whether or not a ref leads there.
    """
    folder = store.folder
    whole = folder.with_name(folder.name + SAVED)
    aside: str | None = None
    lost: tuple[str, ...] = ()
    if folder.exists():
        making = folder.with_name(folder.name + SAVING)
        for left in (making, whole):
            shutil.rmtree(left, ignore_errors=True)
        fresh = GitStore(making)
        fresh.create()
        lost = tuple(_bring_along(fresh, folder, missed))
        _sync_all(making)
        _rename(making, whole)
        aside = _free_name(folder)
        _rename(folder, folder.with_name(aside))
    if whole.exists():
        _rename(whole, folder)
    else:
        store.create()
    return StartedOver(aside, lost)


def _sync_all(folder: Path) -> None:
    try:
        sync_tree(folder, files=True)
    except OSError as error:
        raise StoreUnavailable(store="git", detail=type(error).__name__) from error


def _rename(folder: Path, to: Path) -> None:
    """Rename, so that it lasts: the next name rests on this one, and what is fetched here nobody makes again."""
    try:
        folder.rename(to)
        sync_folder(folder.parent)
    except OSError as error:
        raise StoreUnavailable(store="git", detail=type(error).__name__) from error


def _free_name(folder: Path) -> str:
    taken = {path.name for path in folder.parent.iterdir()}
    return next(name for number in range(1, len(taken) + 2) if (name := f"{folder.name}{DAMAGED}{number}") not in taken)


def fetch_from_damaged(store: GitStore, commit: str) -> bool:
    """
    Bring a commit back from the damaged repositories that lie beside, if one of them still holds it.

    Only under the projector lock. Where the branch of checkpoints can go on to it, it does; else it is kept under a name of
    ours. Gives whether one of them holds it, also where not all that it builds on could be brought.
    """
    is_held = False
    folder = store.folder
    for damaged in sorted(folder.parent.glob(f"{folder.name}{DAMAGED}*")):
        with _readable(damaged) as (readable, _):
            if not GitStore(readable).has_commit(commit):
                continue
            is_held = True
            if _fetched_commit(store, readable, commit):
                break
    return is_held


def _bring_along(fresh: GitStore, damaged: Path, missed: str | None) -> list[str]:
    """Fetch every ref that no decision makes again; gives those that could not be read whole."""
    with _readable(damaged) as (readable, unread):
        try:
            there = git_reading.refs(readable)
        except StoreUnavailable:
            # Not even the list can be read, so nobody knows which there were.
            there = {}
            unread.append("refs")
        lost = [ref for ref in sorted(there.keys() - MADE_AGAIN) if not _fetched(fresh, readable, f"+{ref}:{ref}")]
        if missed is not None and not fresh.has_commit(missed):
            _fetched_commit(fresh, readable, missed)
        for ref in sorted(_named(readable) - there.keys() - MADE_AGAIN):
            # A ref that a power cut left empty: git does not list it. What was set aside has its commit in its name.
            commit = ref.removeprefix(f"{SET_ASIDE}/")
            is_saved = bool(OBJECT_ID.fullmatch(commit)) and _fetched(fresh, readable, f"{commit}:{ref}")
            if not is_saved and not (ref == CHECKPOINTS and missed is not None and fresh.has_commit(missed)):
                lost.append(ref)
    return [*dict.fromkeys(unread), *lost]


def _named(repository: Path) -> set[str]:
    """Give the name of every ref that has a file of its own, whatever stands in it."""
    files = (path for path in (repository / "refs").rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(repository).as_posix() for path in files}


@contextmanager
def _readable(damaged: Path) -> Iterator[tuple[Path, list[str]]]:
    """Give a repository beside with the objects and refs of a damaged one, and what of its refs was none."""
    with TemporaryDirectory(prefix="samrutine-") as beside:
        copy = GitStore(Path(beside) / "git")
        copy.create()
        lost = []
        try:
            alternates = copy.folder / "objects" / "info" / "alternates"
            alternates.parent.mkdir(exist_ok=True)
            alternates.write_text(f"{(damaged / 'objects').resolve()}\n", encoding="utf-8")
            if (damaged / "refs").is_dir():
                shutil.copytree(damaged / "refs", copy.folder / "refs", symlinks=True, dirs_exist_ok=True)
            else:
                lost.append("refs")
            packed = damaged / "packed-refs"
            told = packed.read_bytes().splitlines() if packed.is_file() else []
            lines = [line for line in told if _PACKED.fullmatch(line)]
            if any(not line.startswith(_TOLD_BESIDE) for line in set(told).difference(lines)):
                lost.append(packed.name)
            (copy.folder / packed.name).write_bytes(b"".join(line + b"\n" for line in lines))
        except (OSError, shutil.Error):
            # What of it came along is read all the same.
            lost.append("refs")
        yield copy.folder, lost


def _fetched_commit(store: GitStore, readable: Path, commit: str) -> bool:
    """Fetch a commit by its id: on to the branch where that only adds to it, and else under a name of ours."""
    return any(_fetched(store, readable, f"{commit}:{ref}") for ref in (CHECKPOINTS, f"{SET_ASIDE}/{commit}"))


def _fetched(store: GitStore, readable: Path, what: str) -> bool:
    checked = ["-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head"]
    place = ["--upload-pack", _SHOWS_ALL, str(readable.absolute()), what]
    return asked(["--git-dir", str(store.folder), *checked, *place]).returncode == 0
