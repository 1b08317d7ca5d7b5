"""
The bare repository: written with one `fast-import`, moved by compare-and-swap, read by blob id.

What each rule here is for was measured (docs/explanation/decisions/0002-git.md): GitPython is not thread-safe, so a
`Repo` is opened for each piece of work and closed; commits through its index take a second among ten thousand files,
so they are streamed to `git fast-import`, which makes one pack with one set of fsyncs for any number of commits; a
branch written without its expected old value loses commits without a word, so it moves by `update-ref NEW OLD` only.

No text from a user becomes an argument, a ref or a path here: branches are the two names below, paths are made of ids
that passed our own patterns, and everything else travels inside the stream with its length in front.
"""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from samrutine.errors import StoreDamaged, StoreUnavailable
from samrutine.storage.steps import reach

MAIN: Final = "refs/heads/main"
REGISTER: Final = "refs/heads/register"
INCOMING: Final = "refs/samrutine/incoming"
SET_ASIDE: Final = "refs/samrutine/set-aside"
NOTHING: Final = "0" * 40
WRITER: Final = b"samrutine <samrutine@localhost.invalid>"
PACKS_BEFORE_TIDYING: Final = 64
ASIDE: Final = ".new"
"""What is added to the repository's name while it is made."""

CONFIGURATION: Final = {
    "core.fsync": "all",
    "core.fsyncMethod": "fsync",
    "core.quotePath": "false",
    "core.hooksPath": os.devnull,
    "core.logAllRefUpdates": "always",
    "core.precomposeUnicode": "false",
    "fastimport.unpackLimit": "1",  # always keep the pack: 2 fsyncs, where loose objects take one each
    "gc.auto": "0",
    "maintenance.auto": "false",
    "receive.denyDeletes": "true",
    "receive.denyNonFastForwards": "true",
    "receive.fsckObjects": "true",
    "transfer.hideRefs": "refs/samrutine",
}

SAFE_PATH: Final = re.compile(r"[a-z0-9][a-z0-9._/-]*")
OBJECT_ID: Final = re.compile(r"[0-9a-f]{40}")

ENVIRONMENT: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class Commit:
    """
    One commit to make. Made from decisions only, so the same decisions give the same commit id.

    `changes` maps paths to new bytes, or to None for a path that goes away.
    """

    changes: Mapping[str, bytes | None]
    message: str
    at: datetime


class GitStore:
    """
    One bare repository.

    Raises, from every method:
        StoreUnavailable: git could not be run or answered with an error; safe to retry.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self) -> None:
        """
        Make the repository, or bring the settings of one that exists back to ours.

        It is made beside its place and gets its name when it is whole: a `git init` that was killed half-way leaves a
        folder that no git can use and no second `git init` mends, and `git config` leaves a lock.
        """
        if not (self.folder / "HEAD").is_file():
            aside = self.folder.with_name(self.folder.name + ASIDE)
            shutil.rmtree(aside, ignore_errors=True)
            # Git 3.0 will make reftable the default, which GitPython cannot read. Older git lacks the option.
            newest = _git_version() >= (2, 45)
            options = ["--ref-format=files"] if newest else []
            _run(["init", "--quiet", "--bare", "--initial-branch=main", "--template=", *options, str(aside)])
            _configure(aside)
            try:
                aside.rename(self.folder)
            except OSError as error:
                raise StoreUnavailable(store="git", detail=type(error).__name__) from error
        else:
            _configure(self.folder)

    def tip(self, branch: str) -> str | None:
        """Give the commit a branch points at; None when there is no such branch."""
        with self._opened() as repo:
            return _tip(repo, branch)

    def has_decisions(self) -> bool:
        """Whether a decision was ever repeated here: whether there is a register. False where there is no repository."""
        return (self.folder / "HEAD").is_file() and self.tip(REGISTER) is not None

    def append(
        self, branch: str, base: str | None, commits: Sequence[Commit], *, allowed: frozenset[str | None]
    ) -> list[str]:
        """
        Put commits after `base` and move the branch to the last of them.

        The objects are written and synced first. The branch moves only from a tip in `allowed`, or from one of the
        commits themselves: since equal decisions give equal commits, a run that was killed after moving the branch
        finds its own work and goes on.

        Args:
            branch: `MAIN` or `REGISTER`.
            base: The commit that the first one follows; None begins the branch.
            commits: At least one.
            allowed: The tips from which the branch may move.

        Returns:
            The ids of the commits, in order.

        Raises:
            StoreDamaged: The branch points at something that no decision made. Nothing was moved; `samrutine verify`
                names it and `samrutine repair` sets it aside.
        """
        with self._opened() as repo:
            ids = self._import(commits, base)
            reach("project: objects written")
            tip = _tip(repo, branch)
            if tip == ids[-1]:
                return ids
            if tip not in allowed and tip not in ids:
                raise StoreDamaged(store="git", detail=f"{branch} {tip}")
            self._swap(branch, ids[-1], tip)
            reach("project: branch moved")
            return ids

    def set_aside(self, branch: str, expected: str | None) -> str | None:
        """
        Keep a branch's present tip under another name and put the branch back where decisions left it.

        Returns:
            The commit that was set aside; None when the branch already was where it should be.
        """
        with self._opened() as repo:
            tip = _tip(repo, branch)
            if tip == expected:
                return None
            if tip is not None:
                repo.git.update_ref(f"{SET_ASIDE}/{tip}", tip)
            if expected is not None:
                self._swap(branch, expected, tip)
            elif tip is not None:
                repo.git.update_ref("-d", branch, tip)
            return tip

    def read(self, blob: str) -> bytes:
        """
        Read one blob by id.

        Raises:
            StoreDamaged: There is no such object, or it cannot be read.
        """
        return self.read_many([blob])[blob]

    def read_many(self, blobs: Sequence[str]) -> dict[str, bytes]:
        """Read blobs by id, with one long-lived `cat-file` for all of them."""
        found: dict[str, bytes] = {}
        with self._opened() as repo:
            for blob in blobs:
                try:
                    found[blob] = repo.odb.stream(bytes.fromhex(blob)).read()
                except (ValueError, KeyError, OSError) as error:
                    raise StoreDamaged(store="git", detail=f"blob {blob}") from error
        return found

    def tree(self, commit: str) -> dict[str, str]:
        """Give all files of a commit, path to blob id."""
        with self._opened() as repo:
            listing = repo.git.ls_tree("-r", "-z", "--full-tree", commit)
        entries = (entry.split("\t", 1) for entry in listing.split("\0") if entry)
        return {path: meta.split(" ")[2] for meta, path in entries}

    def commits(self, branch: str) -> list[tuple[str, str]]:
        """Give the commits of a branch, oldest first, each with its message."""
        if self.tip(branch) is None:
            return []
        with self._opened() as repo:
            listing = repo.git.log("--reverse", "--first-parent", "--format=%H%x00%B%x01", branch)
        pairs = (part.strip("\n").split("\0", 1) for part in listing.split("\x01") if part.strip("\n"))
        return [(commit, message.strip("\n")) for commit, message in pairs]

    def is_ancestor(self, earlier: str, later: str) -> bool:
        """Whether `later` contains `earlier`."""
        outcome = _ask(
            ["--git-dir", str(self.folder), "merge-base", "--is-ancestor", _object_id(earlier), _object_id(later)]
        )
        return outcome.returncode == 0

    def has_commit(self, commit: str) -> bool:
        """Whether the repository holds this commit."""
        outcome = _ask(["--git-dir", str(self.folder), "cat-file", "-e", f"{_object_id(commit)}^{{commit}}"])
        return outcome.returncode == 0

    def faults(self) -> list[str]:
        """
        Ask git itself whether all objects are there and whole; empty means yes.

        Every byte is read. Connectivity alone, which is faster, was measured to miss damaged blobs and lost history.
        """
        outcome = _ask(["--git-dir", str(self.folder), "fsck", "--no-dangling", "--no-progress"])
        lines = (outcome.stdout + outcome.stderr).decode(errors="replace").splitlines()
        return [line for line in lines if not line.startswith("notice:")] if outcome.returncode else []

    def remove_litter(self) -> list[str]:
        """
        Remove what a killed git left behind: ref locks, half-written objects and packs. Only under the projector lock.

        A stale `refs/heads/main.lock` blocks every later write, and git never removes it.
        """
        patterns = (
            "*.lock",
            "refs/**/*.lock",
            "objects/??/tmp_obj_*",
            "objects/pack/tmp_*",
            "objects/pack/*.keep",
            "fast_import_crash_*",
        )
        removed = []
        for pattern in patterns:
            for path in self.folder.glob(pattern):
                path.unlink(missing_ok=True)
                removed.append(path.relative_to(self.folder).as_posix())
        return sorted(removed)

    def start_over(self) -> str | None:
        """
        Put a damaged repository beside itself, whole as it is, and make an empty one. Only under the projector lock.

        Returns:
            The name of the folder where the damaged one lies; None when there was none.
        """
        aside = None
        if self.folder.exists():
            taken = {path.name for path in self.folder.parent.iterdir()}
            names = (f"{self.folder.name}.damaged-{number}" for number in range(1, len(taken) + 2))
            aside = next(name for name in names if name not in taken)
            self.folder.rename(self.folder.with_name(aside))
        self.create()
        return aside

    def tidy(self) -> bool:
        """
        Join packs when many small ones have gathered. Only under the projector lock.

        Each run of `append` leaves a pack; reading slows with their number. Returns whether anything was joined.
        """
        packs = sum(1 for _ in (self.folder / "objects" / "pack").glob("*.pack"))
        if packs < PACKS_BEFORE_TIDYING:
            return False
        _run(["--git-dir", str(self.folder), "repack", "--geometric=2", "-d", "--quiet"])
        return True

    def _import(self, commits: Sequence[Commit], base: str | None) -> list[str]:
        stream = b"".join(_stream(commits, base))
        answer = _run(["--git-dir", str(self.folder), "fast-import", "--quiet", "--done"], given=stream).decode("ascii")
        ids = answer.split()
        if len(ids) != len(commits) or not all(OBJECT_ID.fullmatch(one) for one in ids):
            raise StoreUnavailable(store="git", detail="fast-import")
        return ids

    def _swap(self, branch: str, new: str, old: str | None) -> None:
        """Move a branch from `old` to `new`, or not at all when it is no longer there: git compares under its own lock."""
        moved = ["update-ref", "--create-reflog", "-m", "project", branch, new, old or NOTHING]
        if _ask(["--git-dir", str(self.folder), *moved]).returncode:
            raise StoreUnavailable(store="git", detail=f"update-ref {branch}")

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        # Imported here: reading help or searching needs no git, and GitPython takes 0.1 s.
        import git
        from git.exc import GitError

        try:
            with git.Repo(self.folder) as repo:
                repo.git.update_environment(**ENVIRONMENT)
                yield repo
        except (GitError, OSError) as error:
            raise StoreUnavailable(store="git", detail=type(error).__name__) from error


def _tip(repo: Any, branch: str) -> str | None:
    """Read where a branch points from its file, without a process: it is asked for at every decision."""
    from git.refs.symbolic import SymbolicReference

    try:
        return str(SymbolicReference.dereference_recursive(repo, branch))
    except ValueError:
        return None


def blob_id(content: bytes) -> str:
    """Give the id that git has for these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _stream(commits: Sequence[Commit], base: str | None) -> Iterator[bytes]:
    """
    Write the fast-import stream.

    The commits go to a branch that is taken away again at the end of the stream, so fast-import moves no branch:
    that is done after, by compare-and-swap. `get-mark` makes it tell the id of each commit.
    """
    yield b"feature done\n"
    for mark, commit in enumerate(commits, 1):
        yield b"commit %s\nmark :%d\n" % (INCOMING.encode(), mark)
        yield b"committer %s %d +0000\n" % (WRITER, int(commit.at.timestamp()))
        message = commit.message.encode()
        yield b"data %d\n%s\n" % (len(message), message)
        if mark == 1 and base is not None:
            yield b"from %s\n" % base.encode()
        for path, content in sorted(commit.changes.items()):
            if not SAFE_PATH.fullmatch(path) or ".." in path:
                raise StoreUnavailable(store="git", detail="path")
            if content is None:
                yield b"D %s\n" % path.encode()
            else:
                yield b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content)
        yield b"\n"
        yield b"get-mark :%d\n" % mark
    yield b"reset %s\nfrom %s\n\n" % (INCOMING.encode(), NOTHING.encode())
    yield b"done\n"


def _ask(arguments: list[str], given: bytes | None = None) -> "subprocess.CompletedProcess[bytes]":
    """Run git and give what it answered, yes or no; raises StoreUnavailable when it cannot be run at all."""
    try:
        return subprocess.run(  # noqa: S603  arguments are ours; user text goes in by the stream
            ["git", *arguments],  # noqa: S607  git is found where the system keeps it
            input=given,
            env={**os.environ, **ENVIRONMENT},
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise StoreUnavailable(store="git", detail=type(error).__name__) from error


def _run(arguments: list[str], given: bytes | None = None) -> bytes:
    """Run git and give what it printed; raises StoreUnavailable when it says no."""
    outcome = _ask(arguments, given)
    if outcome.returncode:
        raise StoreUnavailable(
            store="git", detail=f"{arguments[-1] if given is None else 'fast-import'} {outcome.returncode}"
        )
    return outcome.stdout


def _configure(folder: Path) -> None:
    """Set what is not set as we want it. Writing what is there already would cost a process and a lock for each."""
    listed = _run(["--git-dir", str(folder), "config", "--list", "--local", "-z"]).decode("utf-8", "replace")
    found = dict(entry.partition("\n")[::2] for entry in listed.split("\0"))
    for key, value in CONFIGURATION.items():
        if found.get(key.lower()) != value:
            _run(["--git-dir", str(folder), "config", key, value])


def _git_version() -> tuple[int, ...]:
    words = _run(["version"]).decode("ascii", "replace").split()
    return tuple(int(part) for part in re.findall(r"\d+", words[2])[:2])


def _object_id(value: str) -> str:
    if not OBJECT_ID.fullmatch(value):
        raise StoreUnavailable(store="git", detail="object id")
    return value
