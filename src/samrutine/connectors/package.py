"""
A ZIP package as destination: for quality systems that take files by hand or by a drop folder.

The package holds the same files as a folder would, with the manifest last. It is written aside and put in place whole,
so that nobody ever opens half of one. Nothing in it comes from the clock or the machine: same edition, same bytes.
"""

import hashlib
import os
import re
import shutil
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from samrutine.connectors.disk import LOCK_WAIT_SECONDS, OpenFolder, aside_name, open_folder, translated
from samrutine.errors import DeliveryFailed, DestinationBusy, DestinationDamaged, DestinationNotOurs
from samrutine.publishing.connector import Make, OnStep
from samrutine.publishing.manifest import (
    LARGEST_MANIFEST_BYTES,
    UnreadableManifestError,
    read_manifest,
    write_manifest,
)
from samrutine.publishing.model import (
    MANIFEST_NAME,
    Action,
    FoundFile,
    Manifest,
    ManifestEntry,
    Plan,
    PlanLine,
    Sha256,
)

FILE_PACKED: Final = "package: file packed"
PACKAGE_ASIDE: Final = "package: written aside"
PACKAGE_IN_PLACE: Final = "package: in place"

_OLDEST_DAY: Final = date(1980, 1, 1)
_ORDINARY_FILE: Final = 0o100644 << 16
_UNIX: Final = 3
# What zipfile raises for a file that is none, is damaged, encrypted, or packed in a way it cannot read.
_NO_PACKAGE: Final = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, UnicodeError)
# Names that a careless unpacker would put outside the folder it unpacks into.
_LEADS_OUTSIDE = re.compile(r"^/|^[A-Za-z]:|\\|(^|/)\.\.(/|$)|\x00")


@dataclass(frozen=True, slots=True)
class _Opened:
    """The package that lies there: its archive, its members by name, and what is to be the same when we replace it."""

    archive: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo]
    fingerprint: tuple[int, ...] | None


class Package:
    """
    A `Connector` to one ZIP file, in a folder that must exist. The file itself is made by the first delivery.

    What somebody else has put into the package stays in it. A file that is no package of ours is never replaced.

    Args:
        path: The file, by custom ending in ".zip".
        wait_seconds: How long to wait for another delivery in the same folder before `DestinationBusy`.
    """

    def __init__(self, path: Path, *, wait_seconds: float = LOCK_WAIT_SECONDS) -> None:
        self._path = path
        self._wait_seconds = wait_seconds

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self._path)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of `carry_out`."""
        return (FILE_PACKED, PACKAGE_ASIDE, PACKAGE_IN_PLACE)

    def manifest(self) -> Manifest | None:
        """Read the manifest in the package; see `Connector.manifest`. A file without one is not ours."""
        with self._folder() as folder, self._opened(folder) as opened:
            return self._manifest_in(opened)

    def look(self, paths: Collection[str]) -> dict[str, FoundFile]:
        """Hash what the package holds under these names; see `Connector.look`."""
        with self._folder() as folder, self._opened(folder) as opened:
            looked = ((path, self._look(opened, path)) for path in sorted(paths))
            return {path: found for path, found in looked if found is not None}

    def carry_out(self, plan: Plan, make: Make, on_step: OnStep) -> Manifest:
        """Write the package anew if the plan changes anything in it; see `Connector.carry_out`."""
        with self._folder() as folder:
            folder.lock(self._wait_seconds)
            folder.remove_aside(aside_name(self._path.name))
            with self._opened(folder) as opened:
                if self._manifest_in(opened) != plan.lying:
                    raise DestinationBusy(target=self.name)
                if plan.changes_nothing and plan.lying is not None:
                    return plan.lying
                try:
                    manifest = self._write_aside(folder, opened, plan, make, on_step)
                except Exception:
                    with suppress(DeliveryFailed):
                        folder.remove_aside(aside_name(self._path.name))
                    # Damaged, or changed under our hands while we read it?
                    self._stop_if_overtaken(folder, opened)
                    raise
                on_step(PACKAGE_ASIDE)
                self._stop_if_overtaken(folder, opened)
                if plan.edition.ended and not manifest.files and _holds_only(opened, plan):
                    folder.remove_aside(aside_name(self._path.name))
                    folder.remove(self._path.name)
                else:
                    folder.put_in_place(self._path.name)
            folder.settle()
            on_step(PACKAGE_IN_PLACE)
            return manifest

    def _stop_if_overtaken(self, folder: OpenFolder, opened: _Opened | None) -> None:
        if folder.fingerprint(self._path.name) != (opened.fingerprint if opened is not None else None):
            folder.remove_aside(aside_name(self._path.name))
            raise DestinationBusy(target=self.name)

    @contextmanager
    def _folder(self) -> Iterator[OpenFolder]:
        with open_folder(self._path.parent, self.name) as folder:
            yield folder

    @contextmanager
    def _opened(self, folder: OpenFolder) -> Iterator[_Opened | None]:
        fingerprint = folder.fingerprint(self._path.name)
        if fingerprint is None:
            yield None
            return
        descriptor = folder.open_file(self._path.name)
        if descriptor is None:
            raise DestinationNotOurs(target=self.name)
        with os.fdopen(descriptor, "rb") as file:
            try:
                archive = zipfile.ZipFile(file)
            except _NO_PACKAGE as error:
                raise DestinationDamaged(target=self.name) from error
            members = {member.filename: member for member in archive.infolist()}
            if len(members) != len(archive.infolist()) or any(_LEADS_OUTSIDE.search(name) for name in members):
                raise DestinationNotOurs(target=self.name)
            with archive:
                yield _Opened(archive, members, fingerprint)

    def _manifest_in(self, opened: _Opened | None) -> Manifest | None:
        if opened is None:
            return None
        try:
            member = opened.members[MANIFEST_NAME]
            with opened.archive.open(member) as file:
                return read_manifest(file.read(LARGEST_MANIFEST_BYTES + 1))
        except (KeyError, UnreadableManifestError) as error:
            raise DestinationNotOurs(target=self.name) from error
        except _NO_PACKAGE as error:
            raise DestinationDamaged(target=self.name) from error

    def _write_aside(
        self, folder: OpenFolder, opened: _Opened | None, plan: Plan, make: Make, on_step: OnStep
    ) -> Manifest:
        files = dict(plan.manifest.files)
        lines = {line.path: line for line in plan.lines}
        members = opened.members if opened is not None else {}
        with os.fdopen(folder.create_aside(self._path.name), "w+b") as file, translated(self.name):
            # Stored, not compressed: zlib gives other bytes in another version, and PDF is compressed already.
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                for path in sorted({*lines, *members} - {MANIFEST_NAME}):
                    self._pack(archive, opened, files, lines.get(path, path), make)
                    on_step(FILE_PACKED)
                manifest = Manifest(plan.edition.target, plan.edition.municipality, plan.edition.head, files)
                archive.writestr(_member(MANIFEST_NAME, plan.edition.newest_day), write_manifest(manifest))
            file.flush()
            os.fsync(file.fileno())
        return manifest

    def _pack(
        self,
        archive: zipfile.ZipFile,
        opened: _Opened | None,
        files: dict[str, ManifestEntry],
        line: PlanLine | str,
        make: Make,
    ) -> None:
        """Put one name into the new package: made now, copied from the old one, or, when withdrawn, not at all."""
        if isinstance(line, str):
            self._copy(archive, opened, line, None)
            return
        as_planned = self._look(opened, line.path) == line.found
        if as_planned and line.removes:
            del files[line.path]
            return
        data = make(line.wanted) if as_planned and line.writes and line.wanted is not None else None
        if data is not None and line.wanted is not None:
            archive.writestr(_member(line.path, line.wanted.dated), data)
            files[line.path] = ManifestEntry.of(line.wanted, data)
            return
        unchanged = line.wanted if line.action is Action.UNCHANGED else None
        self._copy(archive, opened, line.path, _member(line.path, unchanged.dated) if unchanged is not None else None)

    def _copy(
        self, archive: zipfile.ZipFile, opened: _Opened | None, path: str, renewed: zipfile.ZipInfo | None
    ) -> None:
        """Carry a member over from the old package, if it is there: its bytes, and its own date unless `renewed`."""
        if opened is None or path not in opened.members:
            return
        member = opened.members[path]
        try:
            with opened.archive.open(member) as old, archive.open(renewed or _as_it_was(member), "w") as new:
                shutil.copyfileobj(old, new)
        except _NO_PACKAGE as error:
            raise DestinationDamaged(target=self.name) from error

    def _look(self, opened: _Opened | None, path: str) -> FoundFile | None:
        if opened is None or path not in opened.members:
            return None
        try:
            with opened.archive.open(opened.members[path]) as member:
                digest = hashlib.file_digest(member, "sha256")  # type: ignore[arg-type]  # readable is all it needs
        except _NO_PACKAGE as error:
            raise DestinationDamaged(target=self.name) from error
        return FoundFile(Sha256(digest.hexdigest()), opened.members[path].file_size)


def _holds_only(opened: _Opened | None, plan: Plan) -> bool:
    """Whether a package holds what the plan removes, and nothing else: an ended one then goes as a whole."""
    removed = {line.path for line in plan.removals}
    return opened is None or opened.members.keys() <= removed | {MANIFEST_NAME}


def _member(path: str, day: date | None) -> zipfile.ZipInfo:
    """Describe a member of ours without the clock, the machine or the user: only its name and a day are its own."""
    dated = max(day or _OLDEST_DAY, _OLDEST_DAY)
    member = zipfile.ZipInfo(path, (dated.year, dated.month, dated.day, 0, 0, 0))
    member.create_system = _UNIX
    member.external_attr = _ORDINARY_FILE
    return member


def _as_it_was(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Describe somebody else's member as they did."""
    same = zipfile.ZipInfo(member.filename, member.date_time)
    same.create_system = member.create_system
    same.external_attr = member.external_attr
    same.compress_type = member.compress_type
    return same
