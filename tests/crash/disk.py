"""
What a disk holds after a power cut: a log of what one act wrote, and the states that the log allows.

`record` runs a program under strace and gives everything it and its children wrote below a folder, byte for byte and in
order. `states` gives what may lie on the disk when the power goes: what was synced is there, and of what was not synced
anything may be missing. Two models say what a sync of a file takes with it:

    STRICT     nothing but the file's own bytes. A name that was made, moved or removed is on the disk when its folder was
               synced, and not before: all that POSIX promises.
    JOURNAL    every earlier name as well: ext4, XFS and btrfs write names in order, in one journal, and any sync writes
               the journal out. Bytes are still lost file by file.
"""

import hashlib
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

CALLS: Final = (
    "openat,open,creat,read,readv,write,pwrite64,writev,pwritev,pwritev2,lseek,fsync,fdatasync,rename,renameat,renameat2,"
    "link,linkat,unlink,unlinkat,ftruncate,truncate,mkdir,mkdirat,rmdir,clone,clone3,vfork,fork,dup,dup2,dup3,fcntl,chdir,"
    "fchdir,mmap,sendfile,copy_file_range,fallocate,msync,sync,syncfs,sync_file_range,symlink,symlinkat"
)
SECTOR: Final = 512
UNREAD: Final = {
    "sendfile",
    "copy_file_range",
    "fallocate",
    "symlink",
    "symlinkat",
    "pwritev2",
    "readv",
    "creat",
    "open",
}
"""Calls that this module does not follow. One of them on a file of ours is an error, not a gap."""
INDEX_OF_WAL: Final = "-shm"
"""What SQLite shares by memory mapping; it is made anew after a crash, so its bytes do not count."""


class Model(Enum):
    """What a sync of a file takes with it; see the top of this module."""

    STRICT = "strict"
    JOURNAL = "journal"


@dataclass(frozen=True)
class Wrote:
    """Bytes went into a file; `data` None cuts it (or fills it up) to `offset` bytes."""

    file: int
    offset: int
    data: bytes | None


@dataclass(frozen=True)
class Named:
    """A file got a name; with `old`, it lost that one in the same step."""

    file: int
    name: str
    old: str | None = None


@dataclass(frozen=True)
class Unnamed:
    """A name was taken away."""

    name: str


@dataclass(frozen=True)
class FolderMade:
    name: str


@dataclass(frozen=True)
class FolderRemoved:
    name: str


@dataclass(frozen=True)
class Synced:
    """A file was synced, or a folder: then `file` is None. `name` is what it was called then."""

    file: int | None
    name: str


@dataclass(frozen=True)
class Said:
    """The act said where it is."""

    words: str


Event = Wrote | Named | Unnamed | FolderMade | FolderRemoved | Synced | Said
Tree = dict[str, bytes]
"""Everything below the folder, by name; a folder is a name that ends in a slash, with nothing in it."""


@dataclass
class Log:
    """What was there before, and everything that was done to it. Files have numbers, since names change."""

    before: dict[int, bytes]
    names: dict[str, int]
    folders: set[str]
    events: list[Event] = field(default_factory=list)

    def said(self, words: str) -> int:
        """Give the place of what the act said."""
        return next(place for place, one in enumerate(self.events) if one == Said(words))


# Reading what strace wrote -----------------------------------------------------------------------------------------

_DONE: Final = re.compile(r"(\d+) +(\w+)\((.*)\) += (0x[0-9a-f]+|-?\d+|\?)(.*)")
_BEGUN: Final = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>")
_ENDED: Final = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)")
_HANDLE: Final = re.compile(r"(AT_FDCWD|\d+)(?:<((?:\\x[0-9a-f]{2})*)>)?")
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass
class _Handle:
    """An open file: shared by whoever inherited it, with the place where the next read or write goes."""

    file: int
    appends: bool
    offset: int = 0


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


class _Reader:
    def __init__(self, folder: Path, marks: Path, log: Log) -> None:
        self._folder = f"{folder}/"
        self._marks = str(marks)
        self._log = log
        self._names = dict(log.names)
        self._sizes = {file: len(content) for file, content in log.before.items()}
        self._handles: dict[int, dict[int, _Handle]] = {}
        self._parents: dict[int, tuple[int, bool]] = {}
        self._folders: dict[int, str] = {}

    def read(self, lines: Sequence[str]) -> None:
        whole = list(_joined(lines))
        for process, call, arguments, result, _ in whole:
            if call in {"clone", "clone3", "fork", "vfork"} and int(result, 0) > 0:
                self._parents[int(result, 0)] = (process, "CLONE_FILES" in arguments)
        for process, call, arguments, result, rest in whole:
            if result != "?" and int(result, 0) >= 0:
                self._one(process, call, arguments, int(result, 0), rest)

    def _table(self, process: int) -> dict[int, _Handle]:
        if process not in self._handles:
            parent, shares = self._parents.get(process, (None, False))
            inherited = self._table(parent) if parent is not None else {}
            self._handles[process] = inherited if shares else dict(inherited)
            if parent in self._folders:
                self._folders[process] = self._folders[parent]
        return self._handles[process]

    def _one(self, process: int, call: str, arguments: str, result: int, rest: str) -> None:
        table = self._table(process)
        split = arguments.split(", ")
        texts = [_bytes(one) for one in _TEXT.findall(arguments)]
        match call:
            case "read":
                if (handle := table.get(int(split[0], 0))) is not None:
                    handle.offset += result
            case "openat":
                self._open(process, table, split, result, rest)
            case "write" | "writev" | "pwrite64" | "pwritev":
                self._write(table, call, split, b"".join(texts)[:result])
            case "lseek":
                if (handle := self._ours(table, split[0])) is not None:
                    handle.offset = result
            case "dup" | "dup2" | "dup3" | "fcntl":
                if call != "fcntl" or "F_DUPFD" in arguments:
                    self._copy(table, split[0], result)
            case "fsync" | "fdatasync":
                self._sync(table, split[0])
            case "ftruncate":
                if (handle := self._ours(table, split[0])) is not None:
                    self._cut(handle.file, int(split[1], 0))
            case "truncate":
                if (name := self._name(process, texts[0])) is not None:
                    self._cut(self._names[name], int(split[1], 0))
            case "chdir":
                self._folders[process] = os.path.join(self._folders.get(process, "/"), texts[0].decode())
            case "mmap":
                if "MAP_SHARED" in arguments and "PROT_WRITE" in arguments and self._inside(split[4]):
                    assert _handle_name(split[4]).endswith(INDEX_OF_WAL), f"written by mapping: {split[4]}"
            case (
                "rename"
                | "renameat"
                | "renameat2"
                | "link"
                | "linkat"
                | "unlink"
                | "unlinkat"
                | "mkdir"
                | "mkdirat"
                | "rmdir"
            ):
                self._rename(process, call, arguments, texts)
            case _ if call in UNREAD:
                places = [_handle_name(one) for one in split if _HANDLE.fullmatch(one)]
                named = [self._name(process, one) for one in texts]
                assert not any(one.startswith(self._folder) for one in places), f"not followed: {call}"
                assert not any(named), f"not followed: {call}"

    def _open(self, process: int, table: dict[int, _Handle], split: list[str], result: int, rest: str) -> None:
        table.pop(result, None)
        path = os.fsdecode(_bytes(rest.split("<", 1)[1].split(">")[0]))
        if path == self._marks:
            return
        if (name := self._within(path)) is None or "O_DIRECTORY" in split[2]:
            return
        if name not in self._names:
            if name == "" or f"{name}/" in self._log.folders:
                return
            assert "O_CREAT" in split[2], f"opened, but never made: {name}"
            self._new(name)
        file = self._names[name]
        if "O_TRUNC" in split[2] and self._sizes[file]:
            self._cut(file, 0)
        table[result] = _Handle(file, "O_APPEND" in split[2])

    def _new(self, name: str) -> None:
        file = len(self._sizes)
        self._sizes[file] = 0
        self._names[name] = file
        self._log.events.append(Named(file, name))

    def _write(self, table: dict[int, _Handle], call: str, split: list[str], data: bytes) -> None:
        if _handle_name(split[0]) == self._marks:
            self._log.events.extend(Said(words) for words in data.decode().split("\n") if words)
            return
        if (handle := self._ours(table, split[0])) is None:
            return
        by_place = call.startswith("p")
        offset = int(split[-1], 0) if by_place else self._sizes[handle.file] if handle.appends else handle.offset
        self._log.events.append(Wrote(handle.file, offset, data))
        self._sizes[handle.file] = max(self._sizes[handle.file], offset + len(data))
        if not by_place:
            handle.offset = offset + len(data)

    def _cut(self, file: int, size: int) -> None:
        self._sizes[file] = size
        self._log.events.append(Wrote(file, size, None))

    def _sync(self, table: dict[int, _Handle], argument: str) -> None:
        path = _handle_name(argument)
        if (name := self._within(path)) is None:
            return
        if name == "" or f"{name}/" in self._log.folders:
            self._log.events.append(Synced(None, name))
        elif (handle := self._ours(table, argument)) is not None:
            self._log.events.append(Synced(handle.file, name))

    def _copy(self, table: dict[int, _Handle], argument: str, result: int) -> None:
        old = table.get(int(_HANDLE.match(argument)[1]))
        if old is None:
            table.pop(result, None)
        else:
            table[result] = old

    def _rename(self, process: int, call: str, arguments: str, texts: list[bytes]) -> None:
        at = [_handle_name(one) for one in re.findall(r"(?:AT_FDCWD|\d+)<[^>]*>", arguments)]
        name = self._name(process, texts[0], at[0] if at else None)
        new = self._name(process, texts[1], at[1] if at else None) if len(texts) > 1 else None
        if name is None and new is None:
            return
        events = self._log.events
        if call.startswith("rename"):
            assert name in self._names, f"a folder or a stranger got another name: {name} {new}"
            assert new is not None, f"moved out: {name}"
            self._names[new] = self._names.pop(name)
            events.append(Named(self._names[new], new, name))
        elif call.startswith("link"):
            assert new is not None, f"linked from outside: {name}"
            self._names[new] = self._names[name]
            events.append(Named(self._names[new], new))
        elif call.startswith("mkdir"):
            self._log.folders.add(f"{name}/")
            events.append(FolderMade(f"{name}/"))
        elif call == "rmdir" or "AT_REMOVEDIR" in arguments:
            events.append(FolderRemoved(f"{name}/"))
        else:
            del self._names[name]
            events.append(Unnamed(name))

    def _ours(self, table: dict[int, _Handle], argument: str) -> _Handle | None:
        handle = table.get(int(_HANDLE.match(argument)[1]))
        if not self._inside(argument):
            return None
        assert handle is not None, f"written by a handle that nobody was seen to open: {_handle_name(argument)}"
        return handle

    def _inside(self, argument: str) -> bool:
        return _handle_name(argument).startswith(self._folder)

    def _within(self, path: str) -> str | None:
        return path.removeprefix(self._folder).removesuffix("/") if f"{path}/".startswith(self._folder) else None

    def _name(self, process: int, text: bytes, at: str | None = None) -> str | None:
        base = at or self._folders.get(process, "/")
        return self._within(os.path.normpath(os.path.join(base, os.fsdecode(text))))


def _handle_name(argument: str) -> str:
    found = _HANDLE.match(argument)
    return os.fsdecode(_bytes(found[2])) if found and found[2] else ""


def _joined(lines: Iterable[str]) -> Iterator[tuple[int, str, str, str, str]]:
    """Give each call whole: what another process cut in on stands on two lines, and counts when it ended."""
    begun: dict[int, str] = {}
    for line in lines:
        if found := _BEGUN.fullmatch(line):
            begun[int(found[1])] = f"{found[1]} {found[2]}({found[3]}"
            continue
        if found := _ENDED.fullmatch(line):
            line = begun.pop(int(found[1])) + found[3]
        if found := _DONE.fullmatch(line):
            yield int(found[1]), found[2], found[3], found[4], found[5]


def record(command: Sequence[str], folder: Path, marks: Path, trace: Path) -> Log:
    """
    Run a program, and log what it does below a folder.

    Args:
        marks: A file outside the folder, into which the program writes what it says, a line each.
        trace: Where strace may write.
    """
    names = {path.relative_to(folder).as_posix(): number for number, path in enumerate(_files(folder))}
    before = {number: (folder / name).read_bytes() for name, number in names.items()}
    folders = {f"{path.relative_to(folder).as_posix()}/" for path in folder.rglob("*") if path.is_dir()}
    log = Log(before, names, folders)
    subprocess.run(
        ["strace", "-f", "-y", "-xx", "-qq", "-s", "100000000", "-e", "raw=read", "-e", f"trace={CALLS}",
         "-o", str(trace), *command],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    kept = set(folders)
    _Reader(folder, marks, log).read(trace.read_text(encoding="ascii", errors="replace").splitlines())
    trace.unlink()
    log.folders = kept
    return log


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


# What may lie on the disk --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class State:
    """What lies on the disk when the power is back; `at` is how many events had happened, and `lost` says which are missing."""

    at: int
    lost: frozenset[int]
    torn: int | None
    why: str


def pending(log: Log, at: int, model: Model) -> list[int]:
    """Give the events before `at` that no sync has made lasting."""
    left: list[int] = []
    for place, event in enumerate(log.events[:at]):
        match event:
            case Synced(file=None, name=folder):
                left = [one for one in left if _folder_of(log.events[one]) != folder]
            case Synced(file=file):
                left = [
                    one
                    for one in left
                    if not (isinstance(data := log.events[one], Wrote) and data.file == file)
                    and not (model is Model.JOURNAL and _folder_of(log.events[one]) is not None)
                ]
            case Said():
                pass
            case _:
                left.append(place)
    return left


def _folder_of(event: Event) -> str | None:
    """The folder that must be synced for a change of names to last; None for what is no change of names."""
    if isinstance(event, Named | Unnamed | FolderMade | FolderRemoved):
        return os.path.dirname(event.name.removesuffix("/"))
    return None


def states(log: Log, model: Model) -> Iterator[State]:
    """
    Give the states that a power cut can leave: at every event all kept, and before every sync what may be lost.

    Lost are: all of it, all bytes, all names, the bytes of each file alone, all but those, each name alone; and the last
    bytes written are torn in the middle.
    """
    for at in range(len(log.events) + 1):
        yield State(at, frozenset(), None, "all kept")
        ends = at == len(log.events) or isinstance(log.events[at], Synced | Said)
        if not ends or not (left := pending(log, at, model)):
            continue
        data = [one for one in left if isinstance(log.events[one], Wrote)]
        names = [one for one in left if one not in data]
        yield State(at, frozenset(left), None, "all lost")
        yield State(at, frozenset(data), None, "bytes lost")
        yield State(at, frozenset(names), None, "names lost")
        for file in sorted({log.events[one].file for one in data}):
            own = {one for one in data if log.events[one].file == file}
            yield State(at, frozenset(own), None, "one file's bytes lost")
            yield State(at, frozenset(set(left) - own), None, "all but one file's bytes lost")
            last = max(own)
            if log.events[last].data:
                yield State(at, frozenset(), last, "last bytes torn")
                yield State(at, frozenset(set(left) - own), last, "last bytes torn, others lost")
                yield State(at, frozenset({min(own)}), None, "first bytes of a file lost")
        if model is Model.STRICT:
            for one in names:
                yield State(at, frozenset({one}), None, "one name lost")


def tree(log: Log, state: State) -> Tree:
    """Give what lies on the disk in a state."""
    contents: dict[int, bytes | bytearray] = dict(log.before)
    names = dict(log.names)
    folders = set(log.folders)
    for place, event in enumerate(log.events[: state.at]):
        if place in state.lost:
            continue
        match event:
            case Wrote(file=file, offset=offset, data=data):
                content = contents.get(file, b"")
                if not isinstance(content, bytearray):
                    content = contents[file] = bytearray(content)
                if place == state.torn:
                    data = data[: len(data) // 2 // SECTOR * SECTOR]
                _write(content, offset, data)
            case Named(file=file, name=name, old=old):
                if old is not None and names.get(old) == file:
                    del names[old]
                names[name] = file
            case Unnamed(name=name):
                names.pop(name, None)
            case FolderMade(name=name):
                folders.add(name)
            case FolderRemoved(name=name):
                folders.discard(name)
    # A name in a folder that was lost is lost with it.
    whole = {name for name in folders if all(f"{one}/" in folders for one in _above(name))}
    found = {
        name: bytes(contents.get(file, b""))
        for name, file in names.items()
        if all(f"{one}/" in whole for one in _above(name))
    }
    return {**dict.fromkeys(whole, b""), **found}


def _write(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def _above(name: str) -> list[str]:
    parts = name.removesuffix("/").split("/")[:-1]
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]


def put(there: Tree, folder: Path) -> None:
    """Write a tree into an empty folder."""
    for name in sorted(there):
        path = folder / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.write_bytes(there[name])


def key(there: Tree) -> str:
    """Give what tells two trees apart; the shared index of SQLite's log does not count."""
    told = hashlib.sha256()
    for name in sorted(there):
        if not name.endswith(INDEX_OF_WAL):
            told.update(f"{name}\0{len(there[name])}\0".encode() + there[name])
    return told.hexdigest()


def names_synced(log: Log, *, renamed: Callable[[str], str] = lambda name: name) -> list[str]:
    """Give what was synced, in order, as a person would call it."""
    return [renamed(one.name or ".") for one in log.events if isinstance(one, Synced)]
