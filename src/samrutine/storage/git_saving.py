"""
Begin a damaged repository anew, and bring along what no decision makes again.

`main` and `register` follow from the decisions. Signed checkpoints do not, nor does what was set aside, nor which commit stands
for which after a redaction: these are fetched out of the damaged repository, each by itself, so that one that is lost does not
take the others with it. Git looks at every object on the way.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from samrutine.errors import StoreUnavailable
from samrutine.storage import git_reading
from samrutine.storage.git import DAMAGED, INCOMING, MAIN, REGISTER, SAVED, SAVING, GitStore, asked

MADE_AGAIN: Final = frozenset({MAIN, REGISTER, INCOMING})
"""The refs that projections write from the decisions."""

# What others may not fetch from us we may: a `!` takes a prefix out of those that are hidden.
_SHOWS_ALL: Final = "git -c transfer.hideRefs='!refs/samrutine' upload-pack"


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


def start_over(store: GitStore) -> StartedOver:
    """
    Put a new repository in the place of a damaged one, with all refs that no decision makes again.

    Only under the projector lock. The new one gets its name when it is whole; killed anywhere, the next call ends in the
    same state.
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
        lost = tuple(_bring_along(fresh, folder))
        making.rename(whole)
        aside = _free_name(folder)
        folder.rename(folder.with_name(aside))
    if whole.exists():
        whole.rename(folder)
    else:
        store.create()
    return StartedOver(aside, lost)


def _free_name(folder: Path) -> str:
    taken = {path.name for path in folder.parent.iterdir()}
    return next(name for number in range(1, len(taken) + 2) if (name := f"{folder.name}{DAMAGED}{number}") not in taken)


def _bring_along(fresh: GitStore, damaged: Path) -> list[str]:
    """Fetch every ref that no decision makes again; gives those that could not be read whole."""
    try:
        there = git_reading.refs(damaged)
    except StoreUnavailable:
        # Not even the list can be read, so nobody knows which there were.
        return ["refs"]
    return [ref for ref in sorted(there.keys() - MADE_AGAIN) if not _fetched(fresh, damaged, ref)]


def _fetched(fresh: GitStore, damaged: Path, ref: str) -> bool:
    checked = ["-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head"]
    place = ["--upload-pack", _SHOWS_ALL, str(damaged.absolute()), f"+{ref}:{ref}"]
    return asked(["--git-dir", str(fresh.folder), *checked, *place]).returncode == 0
