"""The destinations that the contract suite is tried on, seen past the connector, as people in a municipality do."""

import io
import zipfile
from pathlib import Path

from samrutine.connectors.folder import Folder
from samrutine.connectors.package import Package


class FolderPlace:
    """A folder, made empty."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()

    def connector(self) -> Folder:
        # Two files between manifests, so that a story of ten files has several batches.
        return Folder(self.path, batch_files=2)

    def names(self) -> set[str]:
        return {entry.name for entry in self.path.iterdir()}

    def get(self, name: str) -> bytes | None:
        return (self.path / name).read_bytes() if (self.path / name).exists() else None

    def put(self, name: str, data: bytes) -> None:
        (self.path / name).write_bytes(data)

    def remove(self, name: str) -> None:
        (self.path / name).unlink()


class PackagePlace:
    """A package in a folder of its own; what is done by hand is done as a ZIP program does it, by packing anew."""

    def __init__(self, path: Path) -> None:
        path.mkdir()
        self.path = path / "rutiner.zip"

    def connector(self) -> Package:
        return Package(self.path)

    def names(self) -> set[str]:
        beside = {entry.name for entry in self.path.parent.iterdir()} - {self.path.name}
        return beside | set(self._members())

    def get(self, name: str) -> bytes | None:
        return self._members().get(name)

    def put(self, name: str, data: bytes) -> None:
        self._pack({**self._members(), name: data})

    def remove(self, name: str) -> None:
        self._pack({path: data for path, data in self._members().items() if path != name})

    def _members(self) -> dict[str, bytes]:
        if not self.path.exists():
            return {}
        with zipfile.ZipFile(self.path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def _pack(self, members: dict[str, bytes]) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        aside = self.path.with_name("by-hand")
        aside.write_bytes(packed.getvalue())
        aside.replace(self.path)
