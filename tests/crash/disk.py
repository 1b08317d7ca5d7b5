"""
What a disk holds after a power cut: a log of what one act wrote, and the states that the log allows.

`strace.record` gives the log: everything that a program and its children wrote below a folder, byte for byte and in order.
`states` gives what may lie on the disk when the power goes: what was synced is there, and of what was not synced anything
may be missing. Two models say what a sync of a file takes with it:

    STRICT     nothing but the file's own bytes. A name that was made, moved or removed is on the disk when its folder was
               synced, and not before: all that POSIX promises.
    JOURNAL    every earlier name as well: ext4, XFS and btrfs write names in order, in one journal, and any sync writes
               the journal out. Bytes are still lost file by file.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

SECTOR: Final = 512
ALL_LOST: Final = "all lost"
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
class FolderMoved:
    """A folder got another name, with all that lies in it; both end in a slash."""

    name: str
    old: str


@dataclass(frozen=True)
class Synced:
    """A file was synced, or a folder: then `file` is None. `name` is what it was called then."""

    file: int | None
    name: str


@dataclass(frozen=True)
class Said:
    """The act said where it is."""

    words: str


Event = Wrote | Named | Unnamed | FolderMade | FolderRemoved | FolderMoved | Synced | Said
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
    if isinstance(event, Named | Unnamed | FolderMade | FolderRemoved | FolderMoved):
        return event.name.removesuffix("/").rpartition("/")[0]
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
        yield State(at, frozenset(left), None, ALL_LOST)
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


class Disks:
    """
    Builds what lies on the disk in a state.

    What a file holds depends on which of its own writes were kept, so it is put together once for each such choice.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._known: dict[tuple[int, tuple[int, ...], int | None], tuple[bytes, bytes]] = {}

    def tree(self, state: State) -> tuple[Tree, str]:
        """Give everything there is, and what tells it apart from other trees: SQLite's shared index does not count."""
        built = _Built(dict(self._log.names), set(self._log.folders), {})
        for place, event in enumerate(self._log.events[: state.at]):
            if place not in state.lost:
                built.add(place, event)
        there: Tree = {name: b"" for name in built.folders if built.is_there(name)}
        told = hashlib.sha256("".join(sorted(there)).encode())
        for name in sorted(built.names):
            if built.is_there(name):
                there[name], digest = self._content(built.names[name], built.writes, state.torn)
                if not name.endswith(INDEX_OF_WAL):
                    told.update(f"{name}\0".encode() + digest)
        return there, told.hexdigest()

    def _content(self, file: int, writes: dict[int, list[int]], torn: int | None) -> tuple[bytes, bytes]:
        places = tuple(writes.get(file, ()))
        asked = file, places, torn if torn in places else None
        if asked not in self._known:
            content = bytearray(self._log.before.get(file, b""))
            for place in places:
                event = self._log.events[place]
                assert isinstance(event, Wrote)
                data = event.data
                _write(
                    content, event.offset, data[: len(data) // 2 // SECTOR * SECTOR] if place == torn and data else data
                )
            self._known[asked] = bytes(content), hashlib.sha256(content).digest()
        return self._known[asked]


@dataclass
class _Built:
    """A tree under way: names, folders, and which writes went into each file."""

    names: dict[str, int]
    folders: set[str]
    writes: dict[int, list[int]]

    def add(self, place: int, event: Event) -> None:
        match event:
            case Wrote(file=file):
                self.writes.setdefault(file, []).append(place)
            case Named(file=file, name=name, old=old):
                if old is not None and self.names.get(old) == file:
                    del self.names[old]
                self.names[name] = file
            case Unnamed(name=name):
                self.names.pop(name, None)
            case FolderMade(name=name):
                self.folders.add(name)
            case FolderRemoved(name=name):
                self.folders.discard(name)
            case FolderMoved(name=name, old=old) if old in self.folders:
                self.names = {moved(one, old, name): file for one, file in self.names.items()}
                self.folders = {moved(one, old, name) for one in self.folders}

    def is_there(self, name: str) -> bool:
        """Whether every folder above it is; a name in a folder that was lost is lost with it."""
        return all(f"{one}/" in self.folders for one in _above(name))


def moved(name: str, old: str, new: str) -> str:
    """Give what a name is once the folder `old` is called `new`."""
    return f"{new}{name.removeprefix(old)}" if name.startswith(old) else name


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
