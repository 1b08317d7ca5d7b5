"""
Everything that a program and its children write below a folder, read from strace: byte for byte, and in order.

strace says which file each call is about by what it is called at that moment. So files are followed by number through every
renaming, and open files through every fork. A way of writing that is not followed here is an error, not a gap.
"""

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from disk import INDEX_OF_WAL, FolderMade, FolderMoved, FolderRemoved, Log, Named, Said, Synced, Unnamed, Wrote, moved

CALLS: Final = (
    "openat,open,creat,read,readv,write,pwrite64,writev,pwritev,pwritev2,lseek,fsync,fdatasync,rename,renameat,renameat2,"
    "link,linkat,unlink,unlinkat,ftruncate,truncate,mkdir,mkdirat,rmdir,clone,clone3,vfork,fork,dup,dup2,dup3,fcntl,chdir,"
    "fchdir,mmap,sendfile,copy_file_range,fallocate,msync,sync,syncfs,sync_file_range,symlink,symlinkat"
)
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


Table = dict[int, _Handle]
"""The open files of a process, by number."""


@dataclass(frozen=True)
class _Call:
    """One call that went well."""

    process: int
    call: str
    arguments: str
    result: int
    rest: str

    @property
    def split(self) -> list[str]:
        return self.arguments.split(", ")

    @property
    def texts(self) -> list[bytes]:
        return [_bytes(one) for one in _TEXT.findall(self.arguments)]

    def at(self, place: int) -> str | None:
        """The folder that the name at a place counts from, where the call names one."""
        found = [_handle_name(one) for one in re.findall(r"(?:AT_FDCWD|\d+)<[^>]*>", self.arguments)]
        return found[min(place, len(found) - 1)] if found else None


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


class _Reader:
    def __init__(self, folder: Path, marks: Path, log: Log) -> None:
        self._folder = f"{folder}/"
        self._marks = str(marks)
        self._log = log
        self._names = dict(log.names)
        self._made = set(log.folders)
        self._sizes = {file: len(content) for file, content in log.before.items()}
        self._handles: dict[int, Table] = {}
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

    def _table(self, process: int) -> Table:
        if process not in self._handles:
            parent, shares = self._parents.get(process, (None, False))
            inherited = self._table(parent) if parent is not None else {}
            self._handles[process] = inherited if shares else dict(inherited)
            if parent in self._folders:
                self._folders[process] = self._folders[parent]
        return self._handles[process]

    def _one(self, process: int, call: str, arguments: str, result: int, rest: str) -> None:
        seen = _Call(process, call, arguments, result, rest)
        if call in UNREAD:
            self._refuse(seen)
        else:
            HANDLERS.get(call, _Reader._nothing)(self, self._table(process), seen)

    def _nothing(self, table: Table, seen: _Call) -> None:
        """A call that changes nothing here."""

    def _refuse(self, seen: _Call) -> None:
        places = [_handle_name(one) for one in seen.split if _HANDLE.fullmatch(one)]
        assert not any(one.startswith(self._folder) for one in places), f"not followed: {seen.call}"
        assert not any(self._name(seen, one) for one in seen.texts), f"not followed: {seen.call}"

    def _read(self, table: Table, seen: _Call) -> None:
        if (handle := table.get(int(seen.split[0], 0))) is not None:
            handle.offset += seen.result

    def _seek(self, table: Table, seen: _Call) -> None:
        if (handle := self._ours(table, seen.split[0])) is not None:
            handle.offset = seen.result

    def _truncate(self, table: Table, seen: _Call) -> None:
        size = int(seen.split[1], 0)
        if seen.call == "truncate":
            if (name := self._name(seen, seen.texts[0])) is not None:
                self._cut(self._names[name], size)
        elif (handle := self._ours(table, seen.split[0])) is not None:
            self._cut(handle.file, size)

    def _change_folder(self, _: Table, seen: _Call) -> None:
        self._folders[seen.process] = f"{Path(self._folders.get(seen.process, '/')) / os.fsdecode(seen.texts[0])}"

    def _map(self, _: Table, seen: _Call) -> None:
        if "MAP_SHARED" in seen.arguments and "PROT_WRITE" in seen.arguments and self._inside(seen.split[4]):
            assert _handle_name(seen.split[4]).endswith(INDEX_OF_WAL), f"written by mapping: {seen.split[4]}"

    def _open(self, table: Table, seen: _Call) -> None:
        table.pop(seen.result, None)
        path = os.fsdecode(_bytes(seen.rest.partition("<")[2].partition(">")[0]))
        if path == self._marks or (name := self._within(path)) is None or "O_DIRECTORY" in seen.split[2]:
            return
        if name not in self._names:
            if name == "" or f"{name}/" in self._made:
                return
            assert "O_CREAT" in seen.split[2], f"opened, but never made: {name}"
            self._new(name)
        file = self._names[name]
        if "O_TRUNC" in seen.split[2] and self._sizes[file]:
            self._cut(file, 0)
        table[seen.result] = _Handle(file, "O_APPEND" in seen.split[2])

    def _new(self, name: str) -> None:
        file = len(self._sizes)
        self._sizes[file] = 0
        self._names[name] = file
        self._log.events.append(Named(file, name))

    def _write(self, table: Table, seen: _Call) -> None:
        data = b"".join(seen.texts)[: seen.result]
        if _handle_name(seen.split[0]) == self._marks:
            self._log.events.extend(Said(words) for words in data.decode().split("\n") if words)
            return
        if (handle := self._ours(table, seen.split[0])) is None:
            return
        by_place = seen.call.startswith("p")
        offset = int(seen.split[-1], 0) if by_place else self._sizes[handle.file] if handle.appends else handle.offset
        self._log.events.append(Wrote(handle.file, offset, data))
        self._sizes[handle.file] = max(self._sizes[handle.file], offset + len(data))
        if not by_place:
            handle.offset = offset + len(data)

    def _cut(self, file: int, size: int) -> None:
        self._sizes[file] = size
        self._log.events.append(Wrote(file, size, None))

    def _sync(self, table: Table, seen: _Call) -> None:
        argument = seen.split[0]
        path = _handle_name(argument)
        if (name := self._within(path)) is None:
            return
        if name == "" or f"{name}/" in self._made:
            self._log.events.append(Synced(None, name))
        elif (handle := self._ours(table, argument)) is not None:
            self._log.events.append(Synced(handle.file, name))

    def _copy(self, table: Table, seen: _Call) -> None:
        if seen.call == "fcntl" and "F_DUPFD" not in seen.arguments:
            return
        old = table.get(int(_HANDLE.match(seen.split[0])[1]))
        if old is None:
            table.pop(seen.result, None)
        else:
            table[seen.result] = old

    def _rename(self, _: Table, seen: _Call) -> None:
        old, new = (self._name(seen, seen.texts[place], seen.at(place)) for place in (0, 1))
        if old is None and new is None:
            return
        if f"{old}/" in self._made and seen.call.startswith("rename"):
            before, after = f"{old}/", f"{new}/"
            self._names = {moved(one, before, after): file for one, file in self._names.items()}
            self._made = {moved(one, before, after) for one in self._made}
            self._log.events.append(FolderMoved(after, before))
            return
        assert old in self._names, f"a stranger got another name: {old} {new}"
        assert new is not None, f"moved out: {old}"
        file = self._names[old]
        self._names[new] = file
        if seen.call.startswith("rename"):
            del self._names[old]
            self._log.events.append(Named(file, new, old))
        else:
            self._log.events.append(Named(file, new))

    def _make_folder(self, _: Table, seen: _Call) -> None:
        if (name := self._name(seen, seen.texts[0], seen.at(0))) is not None:
            self._made.add(f"{name}/")
            self._log.events.append(FolderMade(f"{name}/"))

    def _remove(self, _: Table, seen: _Call) -> None:
        if (name := self._name(seen, seen.texts[0], seen.at(0))) is None:
            return
        if seen.call == "rmdir" or "AT_REMOVEDIR" in seen.arguments:
            self._made.discard(f"{name}/")
            self._log.events.append(FolderRemoved(f"{name}/"))
        else:
            del self._names[name]
            self._log.events.append(Unnamed(name))

    def _ours(self, table: Table, argument: str) -> _Handle | None:
        handle = table.get(int(_HANDLE.match(argument)[1]))
        if not self._inside(argument) or f"{self._within(_handle_name(argument))}/" in self._made:
            return None
        assert handle is not None, f"written by a handle that nobody was seen to open: {_handle_name(argument)}"
        return handle

    def _inside(self, argument: str) -> bool:
        return _handle_name(argument).startswith(self._folder)

    def _within(self, path: str) -> str | None:
        return path.removeprefix(self._folder).removesuffix("/") if f"{path}/".startswith(self._folder) else None

    def _name(self, seen: _Call, text: bytes, at: str | None = None) -> str | None:
        base = Path(at or self._folders.get(seen.process, "/"))
        return self._within(os.path.normpath(base / os.fsdecode(text)))


HANDLERS: Final[dict[str, Callable[[_Reader, Table, _Call], None]]] = {
    "read": _Reader._read, "openat": _Reader._open, "lseek": _Reader._seek, "chdir": _Reader._change_folder,
    "mmap": _Reader._map, "rmdir": _Reader._remove,
    **dict.fromkeys(("write", "writev", "pwrite64", "pwritev"), _Reader._write),
    **dict.fromkeys(("dup", "dup2", "dup3", "fcntl"), _Reader._copy),
    **dict.fromkeys(("fsync", "fdatasync"), _Reader._sync),
    **dict.fromkeys(("ftruncate", "truncate"), _Reader._truncate),
    **dict.fromkeys(("rename", "renameat", "renameat2", "link", "linkat"), _Reader._rename),
    **dict.fromkeys(("mkdir", "mkdirat"), _Reader._make_folder),
    **dict.fromkeys(("unlink", "unlinkat"), _Reader._remove),
}  # fmt: skip


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
        ended = _ENDED.fullmatch(line)
        whole = begun.pop(int(ended[1])) + ended[3] if ended else line
        if found := _DONE.fullmatch(whole):
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
    _Reader(folder, marks, log).read(trace.read_text(encoding="ascii", errors="replace").splitlines())
    trace.unlink()
    return log


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
