"""
What a process that reads somebody's file is kept from: other files, the network, and more of the machine than it needs.

Landlock (Linux 5.13 and later) takes the files away, a network namespace or Landlock takes the network. Both are asked for
by number, since Python has no words for them; where the kernel has neither, the bounds of resources still hold, and
`Held` says what does not.
"""

import ctypes
import os
import resource
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_VERSION: Final = 1
_PATH_BENEATH: Final = 1
_NO_NEW_PRIVILEGES: Final = 38
_DEATH_SIGNAL: Final = 1
_TAKE_ORPHANS: Final = 36
_NEW_USER: Final = 0x10000000
_NEW_NETWORK: Final = 0x40000000
# The rights of files as Landlock numbers them: run, write, read, list, and thirteen ways to change a folder.
_READ: Final = 0b1101
_READ_FILE: Final = 0b0101
_WRITE_FILE: Final = 0b0110
_MAKE_SOCKET: Final = 1 << 9
_ALL_BY_VERSION: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP: Final = 0b11
_NETWORK_SINCE: Final = 4
_SCOPES: Final = 0b11
"""No socket without a name in the file system, and no signal, to a process that is not held by the same rules."""
_SCOPES_SINCE: Final = 6
_ON_LINUX: Final = sys.platform.startswith("linux")
_MIB: Final = 1024 * 1024
_SYSTEM: Final = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/fonts")
_INSTALLED: Final = ("site-packages", "dist-packages")
_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/urandom")


@dataclass(frozen=True, slots=True)
class Held:
    """What holds from now on in this process and all it starts."""

    files: bool
    network: bool


def leave_network() -> bool:
    """Leave the network for one with nobody in it; tell whether that was allowed."""
    if not _ON_LINUX:
        return False
    library = ctypes.CDLL(None, use_errno=True)
    # An administrator may leave at once; others by way of a name space of users, where the kernel lets them.
    return any(library.unshare(flags) == 0 for flags in (_NEW_NETWORK, _NEW_NETWORK | _NEW_USER))


def die_with_parent() -> None:
    """Be killed when the process that started this one is gone."""
    if _ON_LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(_DEATH_SIGNAL, 9, 0, 0, 0)


def take_orphans() -> None:
    """Become the parent of whatever loses its own among those this process started, so that it can be ended."""
    if _ON_LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(_TAKE_ORPHANS, 1, 0, 0, 0)


def confine(
    folder: Path, programs: Iterable[Path], *, seconds: float, written_mib: int, sockets: Iterable[Path] = ()
) -> Held:
    """
    Take away what reading one document does not need. It cannot be undone.

    Args:
        folder: The one folder that may be written.
        programs: Folders of programs that may be read and run, beside Python's own.
        seconds: Processor seconds after which the process is ended, whatever it does.
        written_mib: The largest file it may write.
        sockets: Folders in which it may make a socket, and do nothing else.
    """
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_CPU, int(seconds) * 2 + 2)
    _bound(resource.RLIMIT_FSIZE, written_mib * _MIB)
    _bound(resource.RLIMIT_NOFILE, 256)
    readable = [*_own(), *map(Path, _SYSTEM), *programs]
    version = _version()
    if version < 1 or not _restrict(version, folder, readable, sockets):
        return Held(files=False, network=False)
    return Held(files=True, network=version >= _NETWORK_SINCE)


def _own() -> Iterable[Path]:
    """
    Give the folders of Python, of what is installed in it, and of the packages that are loaded from elsewhere.

    Not all that Python looks for modules in: a folder there may hold more than modules, such as the settings and the
    database of whoever started this.
    """
    installed = (place for place in sys.path if Path(place).name in _INSTALLED)
    loaded = {one for name, module in list(sys.modules.items()) if "." not in name for one in _folders(module)}
    python = (sys.prefix, sys.base_prefix, sys.exec_prefix)
    return [Path(place) for place in (*python, *installed, *sorted(loaded)) if Path(place).is_absolute()]


def _folders(module: object) -> Iterable[str]:
    return [place for place in getattr(module, "__path__", ()) if isinstance(place, str)]


def _bound(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _version() -> int:
    if not _ON_LINUX:
        return 0
    return int(ctypes.CDLL(None, use_errno=True).syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION))


def _restrict(version: int, folder: Path, readable: list[Path], sockets: Iterable[Path]) -> bool:
    library = ctypes.CDLL(None, use_errno=True)
    everything = _ALL_BY_VERSION[min(version, 5)]
    asked = struct.pack("=Q", everything)
    asked += struct.pack("=Q", _TCP) if version >= _NETWORK_SINCE else b""
    asked += struct.pack("=Q", _SCOPES) if version >= _SCOPES_SINCE else b""
    rules = library.syscall(_CREATE_RULESET, asked, ctypes.c_size_t(len(asked)), 0)
    if rules < 0:
        return False
    try:
        allowed = [(path, _READ if path.is_dir() else _READ_FILE) for path in readable]
        allowed += [(Path(device), _READ_FILE | _WRITE_FILE) for device in _DEVICES]
        allowed += [(place, _MAKE_SOCKET) for place in sockets]
        for path, rights in [*allowed, (folder, everything)]:
            if path.exists() and not _allow(library, rules, path, rights & everything):
                return False
        if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            return False
        return bool(library.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(library: ctypes.CDLL, rules: int, path: Path, rights: int) -> bool:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights, place)
        return bool(library.syscall(_ADD_RULE, rules, _PATH_BENEATH, rule, 0) == 0)
    finally:
        os.close(place)
