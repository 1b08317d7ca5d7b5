"""
Questions that only proofs ask of a repository, each with one process however many objects there are.

Nothing here writes. What is asked about are ids that git gave us and our own two branches.
"""

import re
import subprocess
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from samrutine.errors import StoreUnavailable
from samrutine.storage.git import NOTHING, OBJECT_ID, answered, asked, started

_HEAD_WORDS: Final = 3
_REFLOG: Final = re.compile(rb"^([0-9a-f]{40}) ([0-9a-f]{40}) ", re.MULTILINE)


def refs(folder: Path) -> dict[str, str]:
    """Give every ref with the object it points at."""
    listed = answered(["--git-dir", str(folder), "for-each-ref", "--format=%(refname) %(objectname)"])
    return dict(line.split(" ", 1) for line in listed.decode("utf-8", "replace").splitlines())


def reflog(folder: Path, branch: str) -> set[str]:
    """Give every commit that a branch has stood at, as far as its log goes back."""
    try:
        kept = (folder / "logs" / branch).read_bytes()
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise StoreUnavailable(store="git", detail=type(error).__name__) from error
    return {one.decode() for pair in _REFLOG.findall(kept) for one in pair} - {NOTHING}


def ancestors(folder: Path, tip: str, wanted: Collection[str]) -> set[str]:
    """Give those of the wanted commits that are contained in `tip`."""
    found: set[str] = set()
    left = set(wanted)
    for commit in commits(folder, tip, backwards=True):
        if commit in left:
            found.add(commit)
            left.discard(commit)
            if not left:
                break
    return found


def commits(folder: Path, tip: str, *, backwards: bool = False, most: int | None = None) -> Iterator[str]:
    """
    Give the commits of a branch by first parents, one after the other, without holding them all.

    Args:
        tip: The id of its last commit.
        backwards: The newest first; the oldest first when not.
        most: Only so many of the newest.
    """
    if not OBJECT_ID.fullmatch(tip):
        raise StoreUnavailable(store="git", detail="object id")
    options = [*([] if backwards else ["--reverse"]), *([] if most is None else [f"--max-count={most}"])]
    command = ["--git-dir", str(folder), "rev-list", "--first-parent", *options, tip]
    try:
        with started(command) as running:
            if running.stdout is not None:
                for line in running.stdout:
                    yield line.decode("ascii").strip()
            if running.wait():
                raise StoreUnavailable(store="git", detail=f"rev-list {running.returncode}")
    except OSError as error:
        raise StoreUnavailable(store="git", detail=type(error).__name__) from error


@contextmanager
def reading(folder: Path) -> Iterator[Callable[[str], bytes]]:
    """Give what reads one commit's bytes by its id; one process for all of them, begun with the first that is asked for."""
    running: list[subprocess.Popen[bytes]] = []

    def read(commit: str) -> bytes:
        if not running:
            running.append(started(["--git-dir", str(folder), "cat-file", "--batch"], asks=True))
        asks, answers = running[0].stdin, running[0].stdout
        if asks is None or answers is None:
            raise StoreUnavailable(store="git", detail="cat-file")
        asks.write(f"{commit}\n".encode())
        asks.flush()
        head = answers.readline().split()
        if len(head) != _HEAD_WORDS or head[1] != b"commit":
            return b""
        content = answers.read(int(head[2]) + 1)
        return content[:-1]

    try:
        yield read
    except OSError as error:
        raise StoreUnavailable(store="git", detail=type(error).__name__) from error
    finally:
        for one in running:
            one.communicate()


def files(folder: Path, commit: str, paths: Collection[str]) -> dict[str, bytes]:
    """Give what lies at each of some paths of ours in a commit; a path where nothing lies is left out."""
    if not paths:
        return {}
    asks = sorted(paths)
    given = "".join(f"{commit}:{path}\n" for path in asks).encode()
    told = answered(["--git-dir", str(folder), "cat-file", "--batch"], given)
    found: dict[str, bytes] = {}
    at = 0
    for path in asks:
        end = told.index(b"\n", at)
        head, at = told[at:end].split(b" "), end + 1
        if len(head) == _HEAD_WORDS and head[1] == b"blob":
            size = int(head[2])
            found[path], at = told[at : at + size], at + size + 1
    return found


def present(folder: Path, blobs: Collection[str]) -> set[str]:
    """Give those of the objects that the repository holds, however they came there."""
    if not blobs:
        return set()
    given = "".join(f"{blob}\n" for blob in sorted(blobs)).encode()
    outcome = asked(["--git-dir", str(folder), "cat-file", "--batch-check", "--buffer"], given)
    lines = outcome.stdout.decode("ascii", "replace").splitlines()
    return {line.split(" ", 1)[0] for line in lines if not line.endswith(" missing")}
