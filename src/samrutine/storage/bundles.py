"""
Repositories as files: bundles, by which a backup carries git, and a restore puts it together again.

A bundle holds branches and tags with all that they need, but for what whoever reads it has already.
"""

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from samrutine.storage.git import INCOMING, MAIN, NOTHING, OBJECT_ID, REGISTER, GitStore, answered


def refs(store: GitStore) -> dict[str, str]:
    """Give every branch, tag and kept commit by its name, and where it points."""
    lines = _git(store, ["for-each-ref", "--format=%(objectname) %(refname)"]).splitlines()
    found = (line.split(" ", 1) for line in lines)
    return {name: tip for tip, name in found if name != INCOMING}


def newest_message(store: GitStore, branch: str) -> str:
    """Give the message of a branch's newest commit; empty when there is no such branch."""
    return _git(store, ["log", "-1", "--format=%B", branch]) if branch in refs(store) else ""


def bundle(store: GitStore, path: Path, names: Iterable[str], *, without: Iterable[str] = ()) -> dict[str, str]:
    """
    Write branches and tags with all that they need into one file.

    Args:
        names: Those to write, as `refs` gives them.
        without: Commits that whoever reads the file has already, with all that came before them.

    Returns:
        Where each one stood that is in the file. One that `without` holds already is not in it.

    Raises:
        StoreUnavailable: git says no; also where `without` holds everything.
    """
    known = [f"^{tip}" for tip in without if OBJECT_ID.fullmatch(tip)]
    _git(store, ["bundle", "create", "--quiet", str(path.absolute()), *sorted(names), *known])
    listed = _git(store, ["bundle", "list-heads", str(path.absolute())]).splitlines()
    return {name: tip for tip, name in (line.split(" ", 1) for line in listed)}


def take_in(store: GitStore, path: Path) -> None:
    """
    Put the objects of a bundle into a repository, synced; no branch moves.

    Raises:
        StoreUnavailable: The file is no bundle, or needs commits that are not here.
    """
    _git(store, ["bundle", "unbundle", str(path.absolute())])


def put_refs(store: GitStore, wanted: Mapping[str, str]) -> None:
    """Set branches and tags of a repository that has none of them, all or none."""
    lines = "".join(f"create {name} {tip}\n" for name, tip in sorted(wanted.items()))
    _git(store, ["update-ref", "--create-reflog", "--stdin"], given=lines)


def go_forward_as(store: GitStore, other: GitStore) -> None:
    """
    Move our branches to where another repository on this disk has them, where that goes on from ours.

    A branch that went another way there is left as it is here.
    """
    names = [name for name in refs(other) if name in _BRANCHES]
    if not names:
        return
    with tempfile.TemporaryDirectory(dir=store.folder) as folder:
        path = Path(folder) / "other.bundle"
        theirs = bundle(other, path, names)
        take_in(store, path)
    ours = refs(store)
    for name, tip in theirs.items():
        here = ours.get(name)
        if here != tip and (here is None or store.is_ancestor(here, tip)):
            _git(store, ["update-ref", "--create-reflog", "-m", "restore", name, tip, here or NOTHING])


def fetch(store: GitStore, repository: Path, branches: Iterable[str]) -> None:
    """
    Fetch branches of another repository on this disk, under our names, and let git look at every object.

    In an ordinary clone a branch that nobody checked out stands only as what the clone remembers of where it came from.
    A branch that is not there is left out.

    Raises:
        StoreUnavailable: git says no: an object is damaged, or the folder may not be read.
    """
    theirs = refs(GitStore(repository))
    wanted = []
    for branch in branches:
        name = branch.removeprefix("refs/heads/")
        remembered = sorted(one for one in theirs if one.startswith("refs/remotes/") and one.endswith(f"/{name}"))
        here = branch if branch in theirs else next(iter(remembered), None)
        if here is not None:
            wanted.append(f"+{here}:{branch}")
    if wanted:
        checked = ["-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head"]
        _git(store, [*checked, str(repository.absolute()), *wanted])


_BRANCHES: Final = (MAIN, REGISTER)


def _git(store: GitStore, arguments: list[str], *, given: str | None = None) -> str:
    """Run git and give what it printed; raises StoreUnavailable when it says no."""
    told = given.encode() if given is not None else None
    return answered(["--git-dir", str(store.folder), *arguments], given=told).decode("utf-8", "replace")
