"""
Repositories as files: bundles, by which a backup carries git, and a restore puts it together again.

A bundle holds branches and tags with all that they need, but for what whoever reads it has already.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from samrutine.errors import RegisterBroken
from samrutine.storage.git import CHECKPOINTS, INCOMING, MAIN, NOTHING, OBJECT_ID, REGISTER, GitStore, answered, asked


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


def is_taken_in(store: GitStore, path: Path) -> bool:
    """
    As `take_in`, and give whether git could. Git that was killed has not said no.

    Raises:
        StoreUnavailable: Git was killed before it had answered, or cannot be run.
    """
    return asked(["--git-dir", str(store.folder), "bundle", "unbundle", str(path.absolute())]).returncode == 0


def put_refs(store: GitStore, wanted: Mapping[str, str]) -> None:
    """Set branches and tags of a repository that has none of them, all or none."""
    lines = "".join(f"create {name} {tip}\n" for name, tip in sorted(wanted.items()))
    _git(store, ["update-ref", "--create-reflog", "--stdin"], given=lines)


def fetch(store: GitStore, repository: Path, branches: Iterable[str]) -> None:
    """
    Fetch branches of another repository on this disk, under our names, and let git look at every object.

    In an ordinary clone a branch stands as it was checked out, and as the clone remembers it of each place that it fetched
    from: the one that goes on from all others is taken. A branch that is not there is left out.

    Raises:
        RegisterBroken: They went different ways, and nobody but a person can tell which is ours.
        StoreUnavailable: git says no: an object is damaged, or the folder may not be read.
    """
    _fetch(store, repository, {branch: branch for branch in branches})


def go_forward_as(store: GitStore, repository: Path) -> None:
    """
    Move our branches to where another repository on this disk has them, where that goes on from ours.

    One that went another way there is left as it is here, and what it is there stands as `theirs` until `take_theirs` or
    `leave_theirs`. Which commits stand for which since a redaction is kept here too.

    Raises:
        RegisterBroken, StoreUnavailable: As `fetch`.
    """
    _fetch(store, repository, {branch: theirs(branch) for branch in _BRANCHES})
    explain_as(store, repository)
    found = refs(store)
    for branch in _BRANCHES:
        here, there = found.get(branch), found.get(theirs(branch))
        if there is not None and (here is None or (here != there and store.is_ancestor(here, there))):
            _git(store, ["update-ref", "--create-reflog", "-m", "restore", branch, there, here or NOTHING])
        if there is not None and (here is None or here == there or _are_one_way(store, here, there)):
            _git(store, ["update-ref", "-d", theirs(branch), there])


def theirs(branch: str) -> str:
    """Give the name under which a branch stands that went another way in the repository that we go forward as."""
    return branch.replace("refs/", THEIRS, 1)


def newest(store: GitStore, branch: str) -> str:
    """Give the name under which a branch is to be read: as theirs, where it went another way there."""
    return theirs(branch) if store.tip(theirs(branch)) else branch


def take_theirs(store: GitStore) -> None:
    """Put our branches where they went in the other repository, and forget where they stood here."""
    found = refs(store)
    for branch in (MAIN, REGISTER):
        if there := found.get(theirs(branch)):
            # With its log: where it stood holds what had to go, and nobody has seen it here.
            _git(store, ["update-ref", "-d", branch])
            _git(store, ["update-ref", "--create-reflog", "-m", "restore", branch, there, NOTHING])
    leave_theirs(store)


def leave_checkpoints_after(store: GitStore, number: int) -> None:
    """Put the branch of checkpoints back before the first that names a later decision; the rest is set aside, not lost."""
    if store.tip(CHECKPOINTS) is None:
        return
    stays: str | None = None
    for one in _git(store, ["log", "--reverse", "--format=%x00%H%n%B", CHECKPOINTS]).split("\0")[1:]:
        commit, _, message = one.partition("\n")
        if any(int(named) > number for named in _NUMBER.findall(message)):
            store.set_aside(CHECKPOINTS, stays)
            return
        stays = commit


def leave_theirs(store: GitStore) -> None:
    """Forget where branches went in the other repository."""
    for ref in refs(store):
        if ref.startswith(THEIRS):
            _git(store, ["update-ref", "-d", ref])


def _are_one_way(store: GitStore, one: str, other: str) -> bool:
    return store.is_ancestor(one, other) or store.is_ancestor(other, one)


def explain_as(store: GitStore, repository: Path) -> None:
    """Keep which commit stands for which since a redaction, as another repository has it; git shows it to nobody who fetches."""
    kept: dict[str, dict[str, str]] = {}
    for before, (name, after) in GitStore(repository).rewritten().items():
        if _REWRITTEN.fullmatch(name):
            kept.setdefault(name, {})[before] = after
    for name, pairs in kept.items():
        store.keep_rewritten(name, pairs)


def _fetch(store: GitStore, repository: Path, names: Mapping[str, str]) -> None:
    """Fetch branches, each under the name given for it."""
    source = GitStore(repository)
    there = refs(source)
    found = {name: _furthest(source, there, branch) for branch, name in names.items()}
    wanted = [f"+{ref}:{name}" for name, ref in found.items() if ref is not None]
    if wanted:
        checked = ["-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head"]
        _git(store, [*checked, str(repository.absolute()), *wanted])


def require_one_way(repository: Path) -> None:
    """
    Refuse a repository where copies of one branch went different ways.

    Raises:
        RegisterBroken: They did.
    """
    source = GitStore(repository)
    there = refs(source)
    for branch in _BRANCHES:
        _furthest(source, there, branch)


def _furthest(source: GitStore, there: Mapping[str, str], branch: str) -> str | None:
    """
    Give the name under which a branch has come furthest in a repository; None when it is not there.

    An ordinary clone has it as it was checked out once, and as it was in each place when that was last fetched: any of them may
    be years behind.
    """
    remembered = re.compile(rf"refs/remotes/[^/]+/{re.escape(branch.removeprefix('refs/heads/'))}")
    names = sorted(one for one in there if one == branch or remembered.fullmatch(one))
    for name in names:
        if all(there[name] == there[one] or source.is_ancestor(there[one], there[name]) for one in names):
            return name
    if names:
        raise RegisterBroken(what="diverged", where=", ".join(names))
    return None


THEIRS: Final = "refs/samrutine/theirs/"
"""Where branches of another repository stand that went another way there, while a backup is put back."""

_NUMBER: Final = re.compile(r"^Number: (\d{1,12})$", re.MULTILINE)
_BRANCHES: Final = (MAIN, REGISTER, CHECKPOINTS)
_REWRITTEN: Final = re.compile(r"(?:main|register|restricted)-\d+")


def _git(store: GitStore, arguments: list[str], *, given: str | None = None) -> str:
    """Run git and give what it printed; raises StoreUnavailable when it says no."""
    told = given.encode() if given is not None else None
    return answered(["--git-dir", str(store.folder), *arguments], given=told).decode("utf-8", "replace")
