"""
A folder as destination: a file share, a synchronised folder, a folder that another system reads.

Files, index and manifest lie side by side in it, among whatever else the municipality keeps there.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from samrutine.connectors.disk import LOCK_WAIT_SECONDS, OpenFolder, open_folder
from samrutine.errors import DeliveryFailed, DestinationBusy, DestinationNotOurs
from samrutine.publishing.connector import Make, OnStep
from samrutine.publishing.manifest import UnreadableManifestError, read_manifest, write_manifest
from samrutine.publishing.model import (
    MANIFEST_NAME,
    FoundFile,
    Manifest,
    ManifestEntry,
    Plan,
    PlanLine,
)

FILE_ASIDE: Final = "folder: file written aside"
INTENT_WRITTEN: Final = "folder: intent written"
FILE_IN_PLACE: Final = "folder: file in place"
FILE_REMOVED: Final = "folder: file removed"
MANIFEST_WRITTEN: Final = "folder: manifest written"

BATCH_FILES: Final = 200
"""
How many files get their names between two writings of the manifest.

The manifest names every file, so writing it for each would cost the square of their number. A run that is killed
makes at most this many again.
"""


class Folder:
    """
    A `Connector` to one folder, which must exist: a share that is not connected must not become a new, empty folder.

    Args:
        path: The folder. May lead through symbolic links; nothing in it may.
        batch_files: See `BATCH_FILES`; 1 or more.
        wait_seconds: How long to wait for another delivery to the same folder before `DestinationBusy`.
    """

    def __init__(self, path: Path, *, batch_files: int = BATCH_FILES, wait_seconds: float = LOCK_WAIT_SECONDS) -> None:
        self._path = path
        self._batch_files = batch_files
        self._wait_seconds = wait_seconds

    @property
    def name(self) -> str:
        """The folder's path."""
        return str(self._path)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps of `carry_out`."""
        return (FILE_ASIDE, INTENT_WRITTEN, FILE_IN_PLACE, FILE_REMOVED, MANIFEST_WRITTEN)

    def manifest(self) -> Manifest | None:
        """Read the manifest in the folder; see `Connector.manifest`."""
        with open_folder(self._path, self.name) as folder:
            return self._manifest_in(folder)

    def look(self, paths: Collection[str]) -> dict[str, FoundFile]:
        """Hash what lies in the folder under these names; see `Connector.look`."""
        with open_folder(self._path, self.name) as folder:
            looked = ((path, folder.look(path)) for path in sorted(paths))
            return {path: found for path, found in looked if found is not None}

    def carry_out(self, plan: Plan, make: Make, on_step: OnStep) -> Manifest:
        """Do what the plan says; see `Connector.carry_out`."""
        with open_folder(self._path, self.name) as folder:
            folder.lock(self._wait_seconds)
            if self._manifest_in(folder) != plan.lying:
                raise DestinationBusy(target=self.name)
            folder.sweep()
            if plan.changes_nothing and plan.lying is not None:
                return plan.lying
            try:
                return self._carry_out(folder, plan, make, on_step)
            except Exception:
                # On a full disk, what we wrote aside is in everybody's way.
                with suppress(DeliveryFailed):
                    folder.sweep()
                raise

    def _carry_out(self, folder: OpenFolder, plan: Plan, make: Make, on_step: OnStep) -> Manifest:
        files = dict(plan.manifest.files)
        for batch in _batches(plan.writes, self._batch_files):
            made = _write_aside(folder, batch, make, on_step)
            # Before any name is given: after a kill, only this tells our new file from one that somebody else put
            # there. It also tells what the batch before has become, which saves writing it twice.
            self._write_manifest(folder, plan, files, intent=made)
            on_step(INTENT_WRITTEN)
            for line in batch:
                if line.path not in made:
                    continue
                if folder.look(line.path) == line.found:
                    folder.put_in_place(line.path)
                    files[line.path] = made[line.path]
                on_step(FILE_IN_PLACE)
            folder.settle()
        for line in plan.removals:
            if folder.look(line.path) == line.found:
                folder.remove(line.path)
                del files[line.path]
            on_step(FILE_REMOVED)
        folder.settle()
        if plan.edition.ended and not files:
            folder.remove(MANIFEST_NAME)
            folder.settle()
            manifest = Manifest(plan.edition.target, plan.edition.municipality, plan.edition.head)
        else:
            manifest = self._write_manifest(folder, plan, files, intent={})
        folder.sweep()
        on_step(MANIFEST_WRITTEN)
        return manifest

    def _write_manifest(
        self, folder: OpenFolder, plan: Plan, files: dict[str, ManifestEntry], intent: dict[str, ManifestEntry]
    ) -> Manifest:
        manifest = Manifest(plan.edition.target, plan.edition.municipality, plan.edition.head, dict(files), intent)
        folder.write_aside(MANIFEST_NAME, write_manifest(manifest))
        folder.put_in_place(MANIFEST_NAME)
        folder.settle()
        return manifest

    def _manifest_in(self, folder: OpenFolder) -> Manifest | None:
        data = folder.read(MANIFEST_NAME)
        if data is None:
            if folder.exists(MANIFEST_NAME):
                raise DestinationNotOurs(target=self.name)
            return None
        try:
            return read_manifest(data)
        except UnreadableManifestError as error:
            raise DestinationNotOurs(target=self.name) from error


def _batches(lines: tuple[PlanLine, ...], size: int) -> Iterator[tuple[PlanLine, ...]]:
    remaining = iter(lines)
    while batch := tuple(islice(remaining, size)):
        yield batch


def _write_aside(
    folder: OpenFolder, lines: tuple[PlanLine, ...], make: Make, on_step: OnStep
) -> dict[str, ManifestEntry]:
    made: dict[str, ManifestEntry] = {}
    for line in lines:
        data = make(line.wanted) if line.wanted is not None else None
        if line.wanted is None or data is None:
            continue
        folder.write_aside(line.path, data)
        made[line.path] = ManifestEntry.of(line.wanted, data)
        on_step(FILE_ASIDE)
    return made
