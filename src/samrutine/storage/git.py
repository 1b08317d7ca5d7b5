"""
The bare repository: written with one `fast-import`, moved by compare-and-swap, read by blob id.

What each rule here is for was measured (docs/explanation/decisions/0002-git.md): GitPython is not thread-safe, so a
`Repo` is opened for each piece of work and closed; commits through its index take a second among ten thousand files,
so they are streamed to `git fast-import`, which makes one pack with one set of fsyncs for any number of commits; a
branch written without its expected old value loses commits without a word, so it moves by `update-ref NEW OLD` only.

No text from a user becomes an argument, a ref or a path here: branches are the two names below, paths are made of ids
that passed our own patterns, and everything else travels inside the stream with its length in front.
"""

import configparser
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from samrutine.errors import StoreDamaged, StoreUnavailable
from samrutine.storage.steps import reach

MAIN: Final = "refs/heads/main"
REGISTER: Final = "refs/heads/register"
CHECKPOINTS: Final = "refs/heads/checkpoints"
INCOMING: Final = "refs/samrutine/incoming"
SET_ASIDE: Final = "refs/samrutine/set-aside"
REWRITTEN: Final = "refs/samrutine/rewritten"
"""Under it, for each branch and redaction, which commit stands for each that was: lines of `old new`, as a blob."""

NOTHING: Final = "0" * 40
WRITER: Final = b"samrutine <samrutine@localhost.invalid>"
PACKS_BEFORE_TIDYING: Final = 64
ASIDE: Final = ".new"
"""What is added to the repository's name while it is made."""
SAVING: Final = ".saving"
SAVED: Final = ".saved"
"""What is added to it while a damaged one is begun anew: before all is brought along, and after. See `git_saving`."""
DAMAGED: Final = ".damaged-"
"""What is added to the name of a damaged one that was put beside, and a number after it."""

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
    "receive.hideRefs": "refs",  # nobody pushes here: what stands on a branch was decided
    "transfer.hideRefs": "refs/samrutine",
}

LITTER: Final = (
    "*.lock",
    "refs/**/*.lock",
    "objects/??/tmp_obj_*",
    "objects/pack/tmp_*",
    "objects/pack/*.keep",
    "fast_import_crash_*",
    "gc.pid",
)
"""
What a killed git leaves behind, as patterns of paths in the repository.

A `gc.pid` stops packing for half a day where another process has got the same pid since.
"""

_BLOBS_AT_ONCE: Final = 256
_HEAD_WORDS: Final = 3

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

    `changes` maps paths to new bytes, or to None for a path that goes away. `earlier` are other first lines that an earlier
    release may have written it with: what is written stays.
    """

    changes: Mapping[str, bytes | None]
    message: str
    at: datetime
    earlier: tuple[str, ...] = ()


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

        It is made beside its place and gets its name when it is whole. One of which git cannot read HEAD or the settings, as a
        power cut may leave it, is made readable.
        """
        from samrutine.storage.git_making import make_repository

        if not (self.folder / "HEAD").is_file():
            make_repository(self.folder, _configure)
        elif not self.make_readable():
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

    def write(self, commits: Sequence[Commit], base: str | None) -> list[str]:
        """Write commits after `base` and move no branch; gives their ids, in order. Only under the projector lock."""
        ids = self._import(commits, base)
        reach("project: objects written")
        return ids

    def move(self, branch: str, new: str, allowed: frozenset[str | None]) -> None:
        """
        Move a branch to a commit that need not follow its present tip: the beginning of a new epoch.

        Raises:
            StoreDamaged: The branch is neither there already nor at one of `allowed`. Nothing was moved.
        """
        tip = self.tip(branch)
        if tip == new:
            return
        if tip not in allowed:
            raise StoreDamaged(store="git", detail=f"{branch} {tip}")
        self._swap(branch, new, tip)
        reach("project: branch moved")

    def keep_rewritten(self, name: str, pairs: Mapping[str, str]) -> None:
        """Keep which commit stands for which after a rewriting. What is kept already is left: the first to know knew most."""
        ref = f"{REWRITTEN}/{name}"
        if not pairs or SAFE_PATH.fullmatch(name) is None or self._resolves(ref):
            return
        told = "".join(f"{old} {new}\n" for old, new in pairs.items()).encode()
        blob = (
            answered(["--git-dir", str(self.folder), "hash-object", "-w", "--stdin"], given=told)
            .decode("ascii")
            .strip()
        )
        answered(["--git-dir", str(self.folder), "update-ref", ref, _object_id(blob)])

    def rewritten(self) -> dict[str, tuple[str, str]]:
        """Give, for each commit that a rewriting took away, the name of that rewriting and the commit that stands for it."""
        found: dict[str, tuple[str, str]] = {}
        listing = answered(
            ["--git-dir", str(self.folder), "for-each-ref", "--format=%(objectname) %(refname)", REWRITTEN]
        ).decode("ascii")
        for line in listing.splitlines():
            blob, _, ref = line.partition(" ")
            for pair in self.read(blob).decode("ascii").splitlines():
                old, _, new = pair.partition(" ")
                found[old] = ref.removeprefix(f"{REWRITTEN}/"), new
        return found

    def holds(self, objects: Sequence[str]) -> list[str]:
        """Give which of these objects the repository still has, reachable or not."""
        if not objects or not (self.folder / "HEAD").is_file():
            return []
        asked = "".join(f"{_object_id(one)}\n" for one in objects).encode()
        told = answered(["--git-dir", str(self.folder), "cat-file", "--batch-check"], given=asked).decode("ascii")
        return [line.split(" ")[0] for line in told.splitlines() if not line.endswith(" missing")]

    def purge(self, objects: Sequence[str]) -> list[str]:
        """
        Take objects out of the repository for good, with every copy that keeps them. Only under the projector lock.

        Refs of ours that lead to them go, such as what was set aside, and so do damaged repositories that were kept beside this
        one: nobody can say what those hold. Reflogs are emptied, packs are written anew, and what nothing leads to is removed.

        Returns:
            What was removed besides the objects: refs, and names of folders. Empty when there was nothing to do.

        Raises:
            StoreUnavailable: A branch still leads to one of them, or git left one behind.
        """
        removed = []
        beside = (
            path for end in (f"{DAMAGED}*", SAVING, SAVED) for path in self.folder.parent.glob(self.folder.name + end)
        )
        for path in sorted(beside):
            shutil.rmtree(path, ignore_errors=True)
            removed.append(path.name)
        if not self.holds(objects):
            return removed
        at = ["--git-dir", str(self.folder)]
        self.remove_litter()
        unwanted = set(objects)
        for ref in answered([*at, "for-each-ref", "--format=%(refname)"]).decode().splitlines():
            reached = {
                line.split(b" ")[0].decode("ascii")
                for line in answered([*at, "rev-list", "--objects", ref]).splitlines()
            }
            if reached & unwanted:
                if ref in {MAIN, REGISTER}:
                    raise StoreUnavailable(store="git", detail=f"{ref} not rewritten")
                answered([*at, "update-ref", "-d", ref])
                removed.append(ref)
        answered([*at, "reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all"])
        reach("redact: reflog emptied")
        # A graph or an index of packs from before would name commits that are gone.
        for name in ("info/commit-graph", "pack/multi-pack-index"):
            (self.folder / "objects" / name).unlink(missing_ok=True)
        shutil.rmtree(self.folder / "objects" / "info" / "commit-graphs", ignore_errors=True)
        answered([*at, "repack", "-a", "-d", "--quiet"])
        answered([*at, "prune", "--expire=now"])
        reach("redact: packs written anew")
        if left := self.holds(objects):
            raise StoreUnavailable(store="git", detail=f"blob {left[0]}")
        return removed

    def set_aside(self, branch: str, expected: str | None) -> str | None:
        """
        Keep a branch's present tip under another name and put the branch back where decisions left it.

        Returns:
            The commit that was set aside; None when the branch already was where it should be.
        """
        tip = self.tip(branch)
        if tip == expected:
            return None
        if tip is not None:
            self.keep(tip)
        if expected is not None:
            self._swap(branch, expected, tip)
        elif tip is not None:
            answered(["--git-dir", str(self.folder), "update-ref", "-d", branch, tip])
        return tip

    def keep(self, commit: str) -> None:
        """Keep a commit that no branch contains any more under a name of ours. Only under the projector lock."""
        answered(["--git-dir", str(self.folder), "update-ref", f"{SET_ASIDE}/{_object_id(commit)}", commit])

    def keep_from_packing(self, commit: str | None) -> None:
        """
        Keep a commit that is still here though no ref leads to it, such as a signed checkpoint whose branch is gone.

        Packing drops what nothing leads to, and then nobody can put it back. Only under the projector lock.
        """
        if commit is None or not self.has_commit(commit):
            return
        walk = ["rev-list", "--max-count=1", _object_id(commit), "--not", "--all"]
        outcome = asked(["--git-dir", str(self.folder), *walk])
        # One whose own history is not whole is kept for nobody: it would only stop the packing.
        if outcome.returncode == 0 and outcome.stdout.strip():
            self.keep(commit)

    def put_away(self, ref: str, points_at: str) -> None:
        """Take away a ref that is not ours; what it pointed at is kept. Only under the projector lock."""
        self.keep(points_at)
        # By standard input: the name is somebody else's, and must not be read as an option.
        given = f"delete {ref}\0{points_at}\0".encode()
        answered(["--git-dir", str(self.folder), "update-ref", "--stdin", "-z"], given)

    def read(self, blob: str) -> bytes:
        """
        Read one blob by id.

        Raises:
            StoreDamaged: There is no such object, or it cannot be read.
        """
        return self.read_many([blob])[blob]

    def read_many(self, blobs: Sequence[str]) -> dict[str, bytes]:
        """
        Read blobs by id, and trees and commits as git keeps them, some hundred with one process.

        Raises:
            StoreDamaged: One of them is not there, or cannot be read.
        """
        found: dict[str, bytes] = {}
        for first in range(0, len(blobs), _BLOBS_AT_ONCE):
            asks = [_object_id(blob) for blob in blobs[first : first + _BLOBS_AT_ONCE]]
            given = "".join(f"{blob}\n" for blob in asks).encode()
            told = asked(["--git-dir", str(self.folder), "cat-file", "--batch"], given).stdout
            at = 0
            for blob in asks:
                words = told[at : (end := told.find(b"\n", at) + 1)].split()
                if not end or len(words) != _HEAD_WORDS:
                    raise StoreDamaged(store="git", detail=f"blob {blob}")
                at = end + int(words[2]) + 1
                found[blob] = told[end : at - 1]
        return found

    def tree(self, commit: str) -> dict[str, str]:
        """Give all files of a commit, or of a branch of ours as it stands, path to blob id."""
        at = ["--git-dir", str(self.folder)]
        listing = answered([*at, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit]).decode(
            "utf-8", "replace"
        )
        entries = (entry.split("\t", 1) for entry in listing.split("\0") if entry)
        return {path: meta.split(" ")[2] for meta, path in entries}

    def blobs(self, branch: str) -> dict[str, str]:
        """Give every file that was ever on a branch, blob id to a path where it lay; none where there is no such branch."""
        tip = self.tip(branch)
        if tip is None:
            return {}
        listing = answered(
            [
                *("--git-dir", str(self.folder), "rev-list", "--objects", "--filter=object:type=blob"),
                *("--filter-provided-objects", tip),
            ]
        ).decode("utf-8", "replace")  # fmt: skip
        found = (line.split(" ", 1) for line in listing.splitlines() if " " in line)
        return {blob: path for blob, path in found if path}

    def commits(self, branch: str) -> list[tuple[str, str]]:
        """Give the commits of a branch, oldest first, each with its message."""
        if self.tip(branch) is None:
            return []
        asks = ["log", "--reverse", "--first-parent", "--format=%H%x00%B%x01", branch]
        listing = answered(["--git-dir", str(self.folder), *asks]).decode("utf-8", "replace")
        pairs = (part.strip("\n").split("\0", 1) for part in listing.split("\x01") if part.strip("\n"))
        return [(commit, message.strip("\n")) for commit, message in pairs]

    def is_ancestor(self, earlier: str, later: str) -> bool:
        """Whether `later` contains `earlier`."""
        outcome = asked(
            ["--git-dir", str(self.folder), "merge-base", "--is-ancestor", _object_id(earlier), _object_id(later)]
        )
        return outcome.returncode == 0

    def has_commit(self, commit: str) -> bool:
        """Whether the repository holds this commit."""
        outcome = asked(["--git-dir", str(self.folder), "cat-file", "-e", f"{_object_id(commit)}^{{commit}}"])
        return outcome.returncode == 0

    def faults(self) -> list[str]:
        """
        Ask git itself whether all objects are there and whole; empty means yes.

        Every byte is read. Connectivity alone, which is faster, was measured to miss damaged blobs and lost history.
        """
        outcome = asked(["--git-dir", str(self.folder), "fsck", "--no-dangling", "--no-progress"])
        lines = (outcome.stdout + outcome.stderr).decode(errors="replace").splitlines()
        told = [line for line in lines if not line.startswith("notice:")]
        # Git that says no without a word has still not said yes.
        return told or [f"fsck {outcome.returncode}"] if outcome.returncode else []

    def make_readable(self) -> bool:
        """
        Write HEAD and the settings anew where git cannot read them; a file that it could not read is kept beside.

        Only under the projector lock. Gives whether anything was done.
        """
        from samrutine.storage.git_making import make_readable

        return make_readable(self.folder, _configure)

    def litter(self, before: datetime) -> list[str]:
        """
        Name what looks left behind by a killed git: locks and half-written files that nobody has touched since.

        Looks only. Whether somebody still writes is known under the projector lock alone.
        """
        found = []
        for path in (path for pattern in LITTER for path in self.folder.glob(pattern)):
            # A living writer takes its own away while we look.
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    found.append(path.relative_to(self.folder).as_posix())
        return sorted(found)

    def remove_litter(self) -> list[str]:
        """
        Remove what a killed git left behind: ref locks, half-written objects and packs. Only under the projector lock.

        A stale `refs/heads/main.lock` blocks every later write, and git never removes it.
        """
        removed = []
        for pattern in LITTER:
            for path in self.folder.glob(pattern):
                path.unlink(missing_ok=True)
                removed.append(path.relative_to(self.folder).as_posix())
        return sorted(removed)

    def tidy(self) -> bool:
        """
        Join packs when many small ones have gathered. Only under the projector lock.

        Each run of `append` leaves a pack; reading slows with their number. Returns whether anything was joined.
        """
        if self._packs() < PACKS_BEFORE_TIDYING:
            return False
        answered(["--git-dir", str(self.folder), "repack", "--geometric=2", "-d", "--quiet"])
        return True

    def _resolves(self, ref: str) -> bool:
        return asked(["--git-dir", str(self.folder), "rev-parse", "--verify", "--quiet", ref]).returncode == 0

    def size_bytes(self) -> int:
        """Give how much all objects take: about what packing everything anew writes, at most."""
        answer = answered(["--git-dir", str(self.folder), "count-objects", "-v"]).decode()
        kilobytes = dict(line.split(": ", 1) for line in answer.splitlines())
        return 1024 * (int(kilobytes["size"]) + int(kilobytes["size-pack"]))

    def pack(self, *, whole: bool = False) -> tuple[int, int]:
        """
        Pack objects and branches, and write what makes history quick to walk. Only under the projector lock.

        Args:
            whole: One pack of everything, and what no branch reaches for two weeks is dropped. Else only small packs
                are joined.

        Returns:
            How many packs there were, and how many there are.
        """
        before = self._packs()
        git = ["--git-dir", str(self.folder)]
        if whole:
            answered([*git, "gc", "--quiet", "--prune=2.weeks.ago"])
        else:
            answered([*git, "repack", "--geometric=2", "-d", "--quiet"])
            answered([*git, "pack-refs", "--all"])
        if any((self.folder / "objects" / "pack").glob("*.pack")):
            answered([*git, "commit-graph", "write", "--reachable", "--changed-paths", "--split", "--no-progress"])
        return before, self._packs()

    def _packs(self) -> int:
        return sum(1 for _ in (self.folder / "objects" / "pack").glob("*.pack"))

    def _import(self, commits: Sequence[Commit], base: str | None) -> list[str]:
        stream = b"".join(_stream(commits, base))
        told = answered(["--git-dir", str(self.folder), "fast-import", "--quiet", "--done"], stream)
        ids = told.decode("ascii").split()
        if len(ids) != len(commits) or not all(OBJECT_ID.fullmatch(one) for one in ids):
            raise StoreUnavailable(store="git", detail="fast-import")
        return ids

    def _swap(self, branch: str, new: str, old: str | None) -> None:
        """Move a branch from `old` to `new`, or not at all when it is no longer there: git compares under its own lock."""
        moved = ["update-ref", "--create-reflog", "-m", "project", branch, new, old or NOTHING]
        if asked(["--git-dir", str(self.folder), *moved]).returncode:
            raise StoreUnavailable(store="git", detail=f"update-ref {branch}")

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        # Imported here: reading help or searching needs no git, and GitPython takes 0.1 s.
        import git
        from git.exc import GitError

        try:
            with git.Repo(self.folder) as repo:
                yield repo
        except (GitError, OSError, configparser.Error) as error:
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


def surroundings() -> dict[str, str]:
    """
    Give the environment in which git is run: ours, and nobody's own settings.

    Who calls may be a hook of another repository, whose `GIT_OBJECT_DIRECTORY` would take our objects somewhere else.
    """
    others = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**others, **ENVIRONMENT}


def asked(arguments: list[str], given: bytes | None = None) -> "subprocess.CompletedProcess[bytes]":
    """
    Run git and give what it answered, yes or no.

    Raises:
        StoreUnavailable: It cannot be run at all, or was killed before it had answered, as when memory is short.
    """
    try:
        outcome = subprocess.run(  # noqa: S603  arguments are ours; user text goes in by the stream
            ["git", *arguments],  # noqa: S607  git is found where the system keeps it
            input=given,
            env=surroundings(),
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise StoreUnavailable(store="git", detail=type(error).__name__) from error
    if outcome.returncode < 0:
        verb = arguments[2] if arguments[:1] == ["--git-dir"] else arguments[0]
        raise StoreUnavailable(store="git", detail=f"{verb} {outcome.returncode}")
    return outcome


def started(arguments: list[str], *, asks: bool = False) -> "subprocess.Popen[bytes]":
    """Start git and give it running, for answers too long to hold; with `asks`, for questions one after the other."""
    return subprocess.Popen(  # noqa: S603  arguments are ours
        ["git", *arguments],  # noqa: S607  git is found where the system keeps it
        stdin=subprocess.PIPE if asks else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=surroundings(),
    )


def answered(arguments: list[str], given: bytes | None = None) -> bytes:
    """Run git and give what it printed; raises StoreUnavailable when it says no."""
    outcome = asked(arguments, given)
    if outcome.returncode:
        command = arguments[2] if arguments[0] == "--git-dir" else arguments[0]
        raise StoreUnavailable(store="git", detail=f"{command} {outcome.returncode}")
    return outcome.stdout


def _configure(folder: Path) -> None:
    """Set what is not set as we want it. Writing what is there already would cost a process and a lock for each."""
    from samrutine.storage.git_settings import put_settings_right

    put_settings_right(folder)


def git_version() -> tuple[int, ...]:
    """Give the version of the git that we run, such as (2, 39)."""
    words = answered(["version"]).decode("ascii", "replace").split()
    return tuple(int(part) for part in re.findall(r"\d+", words[2])[:2])


def _object_id(value: str) -> str:
    if not OBJECT_ID.fullmatch(value):
        raise StoreUnavailable(store="git", detail="object id")
    return value
