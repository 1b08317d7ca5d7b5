"""
The commits that decisions make, with their ids, computed without git.

A commit's id is a hash of all that it says and of all before it. So whoever computes the id of the last commit from the
decisions, and finds the branch there, has checked every commit at once: words, paths, order, author, time, message, one
parent each. Only where the ids differ need git be asked which commit is the first that no decision made.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from samrutine.storage.git import WRITER, Commit, blob_id

_FILE = b"100644"
_FOLDER = b"40000"


class Tree:
    """The files of a branch, by path, with the id that git has for them; only folders that changed are hashed again."""

    def __init__(self, files: Mapping[str, str] | None = None) -> None:
        self._root = _Folder()
        for path, blob in (files or {}).items():
            self.put(path, blob)

    def put(self, path: str, blob: str | None) -> None:
        """Put a blob at a path; None takes away what lies there."""
        *folders, name = path.encode().split(b"/")
        self._root.put(folders, name, bytes.fromhex(blob) if blob is not None else None)

    def id(self) -> str:
        """Give the id of the tree as it stands."""
        return self._root.id().hex()

    def files(self) -> dict[str, str]:
        """Give all files, path to blob id."""
        return {path.decode(): blob.hex() for path, blob in self._root.files(b"")}


class _Folder:
    __slots__ = ("_changed", "_entries", "_files", "_folders", "_known", "_order")

    def __init__(self) -> None:
        self._files: dict[bytes, bytes] = {}
        self._folders: dict[bytes, _Folder] = {}
        self._known: bytes | None = None
        # A folder of a thousand files is hashed for each commit that changes one of them. So what git writes of each is
        # kept, by what git sorts it by, with that order, and only what changed is written anew.
        self._entries: dict[bytes, bytes] = {}
        self._order: list[bytes] | None = []
        self._changed: set[bytes] = set()

    def put(self, folders: list[bytes], name: bytes, blob: bytes | None) -> None:
        self._known = None
        if folders:
            first, *rest = folders
            self._changed.add(first)
            below = self._folders.get(first)
            if below is None:
                below = self._folders[first] = _Folder()
            below.put(rest, name, blob)
            if not below:
                del self._folders[first]
                self._leave_out(first + b"/")
        elif blob is None:
            self._files.pop(name, None)
            self._leave_out(name)
        else:
            self._files[name] = blob
            self._enter(name, _FILE + b" " + name + b"\0" + blob)

    def __bool__(self) -> bool:
        return bool(self._files or self._folders)

    def id(self) -> bytes:
        if self._known is None:
            for name in self._changed & self._folders.keys():
                # Git sorts a folder as if its name ended in a slash.
                self._enter(name + b"/", _FOLDER + b" " + name + b"\0" + self._folders[name].id())
            self._changed.clear()
            if self._order is None:
                self._order = sorted(self._entries)
            self._known = _hashed(b"tree", b"".join([self._entries[key] for key in self._order]))
        return self._known

    def _enter(self, key: bytes, entry: bytes) -> None:
        if key not in self._entries:
            self._order = None
        self._entries[key] = entry

    def _leave_out(self, key: bytes) -> None:
        if self._entries.pop(key, None) is not None:
            self._order = None

    def files(self, above: bytes) -> Iterator[tuple[bytes, bytes]]:
        yield from ((above + name, blob) for name, blob in self._files.items())
        for name, below in self._folders.items():
            yield from below.files(above + name + b"/")


def commit_id(commit: Commit, tree: str, parent: str | None) -> str:
    """Give the id that git has for a commit of ours."""
    return _hashed(b"commit", _head_of(commit, tree, parent) + b"\n\n" + commit.message.encode()).hex()


def _head_of(commit: Commit, tree: str, parent: str | None) -> bytes:
    who = b"%s %d +0000" % (WRITER, int(commit.at.timestamp()))
    head = [b"tree " + tree.encode()]
    if parent is not None:
        head.append(b"parent " + parent.encode())
    return b"\n".join([*head, b"author " + who, b"committer " + who])


def _hashed(kind: bytes, content: bytes) -> bytes:
    return hashlib.sha1(b"%s %d\0" % (kind, len(content)) + content, usedforsecurity=False).digest()


class Compared(NamedTuple):
    """A branch beside what decisions make: the files it should have, and the first commit that no decision made."""

    tree: Tree
    wrong: str | None


def compared(
    commits: Iterable[Commit], found: Iterator[str], raw: Callable[[str], bytes], tree: Tree, parent: str | None
) -> Compared:
    """
    Hold the commits of a branch against those that decisions make, one by one.

    A commit of an earlier release may have its sentence in other words. So where the ids differ the commit itself is
    looked at: its files, its one parent, its author, its time and every trailer must be ours all the same, and its sentence
    one that a release wrote.

    Args:
        commits: What decisions make, in order.
        found: The ids of the branch's commits, in order, as many as there are.
        raw: Reads a commit's bytes.
        tree: The files before the first of them; changed.
        parent: The commit before the first of them.
    """
    wrong: str | None = None
    for commit in commits:
        for path, content in commit.changes.items():
            tree.put(path, None if content is None else blob_id(content))
        if wrong is not None:
            continue
        there = next(found, None)
        due = commit_id(commit, tree.id(), parent)
        if there != due and (there is None or not _says_the_same(raw(there), commit, tree.id(), parent)):
            wrong = there or "–"
        parent = there
    return Compared(tree, wrong or next(found, None))


def _says_the_same(raw: bytes, commit: Commit, tree: str, parent: str | None) -> bool:
    """Whether a commit is ours but for its sentence, and that one is a sentence of an earlier release."""
    head, _, message = raw.partition(b"\n\n")
    facts = commit.message.partition("\n\n")[2]
    ours = {f"{sentence}\n\n{facts}".encode() for sentence in commit.earlier}
    return head == _head_of(commit, tree, parent) and message in ours
