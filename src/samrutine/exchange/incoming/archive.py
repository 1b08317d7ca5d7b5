"""
A zip archive, looked at before anything in it is opened.

Nothing is ever unpacked to a disk by its own names. How large a member says it is, is believed only as long as it
proves true: reading stops at the bound, whatever the archive's list says.
"""

import io
import re
import zipfile
import zlib
from typing import Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.model import Limits, NotRead

_ENCRYPTED: Final = 0x1
_MIB: Final = 1024 * 1024
_SMALL: Final = 256 * 1024
"""Bytes of a member that is kept once it was read: relations and styles are asked for many times."""
_OUT = re.compile(r"^(?:[/\\]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)")
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Archive:
    """The members of an archive, by name. Reading one twice gives the same bytes."""

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        """
        Look at the list of members.

        Raises:
            DocumentRefused: It is damaged, encrypted, too large, has two members of one name, or a name that leads out
                of its own folder.
        """
        self._name = name
        self._limits = limits
        self._spent = 0
        self._kept: dict[str, bytes] = {}
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except _BROKEN as error:
            raise self._refused("damaged") from error
        self._check(members)
        self.names: frozenset[str] = frozenset(member.filename for member in members if not member.is_dir())
        self._by_lower = {member.lower(): member for member in self.names}

    def _check(self, members: list[zipfile.ZipInfo]) -> None:
        limits = self._limits
        if len(members) > limits.members:
            raise self._refused("archive-too-large")
        seen: set[str] = set()
        total = 0
        for member in members:
            if _OUT.search(member.filename) or "\x00" in member.orig_filename:
                raise self._refused("archive-path")
            # Two readers may choose another of the two: what was looked at would not be what was read.
            if member.filename.lower() in seen:
                raise self._refused("archive-duplicate")
            seen.add(member.filename.lower())
            if member.flag_bits & _ENCRYPTED:
                raise self._refused("encrypted")
            total += member.file_size
            swollen = member.file_size > max(member.compress_size, 1) * limits.ratio and member.file_size > _MIB
            if swollen or total > limits.unpacked_mib * _MIB:
                raise self._refused("archive-too-large")

    def find(self, name: str) -> bytes | None:
        """Give a member's bytes, or None when there is none of that name; Word minds no capitals, so neither do we."""
        member = name if name in self.names else self._by_lower.get(name.lower())
        return None if member is None else self.read(member)

    def read(self, name: str) -> bytes:
        """
        Give a member's bytes.

        Raises:
            DocumentRefused: It is damaged, or larger than it says or all members together may be.
        """
        left = self._limits.unpacked_mib * _MIB - self._spent
        data = self._kept.get(name)
        if data is None:
            try:
                with self._zip.open(name) as member:
                    data = member.read(left + 1)
            except (*_BROKEN, KeyError) as error:
                raise self._refused("damaged") from error
        self._spent += len(data)
        if len(data) > left:
            raise self._refused("archive-too-large")
        if len(data) <= _SMALL:
            self._kept[name] = data
        return data

    def _refused(self, why: str) -> DocumentRefused:
        return DocumentRefused(NotRead(why, self._name))
