"""
Whether bundles can be put together again, tried in a repository that is thrown away.

A bundle whose bytes are those that git wrote, and which `git bundle verify` finds whole, may still be none that git can
unpack: git copies what it has packed as it lies on the disk, with the bit that flipped there. Only unpacking it hashes every
object, and only walking from every ref shows that none is missing.
"""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from samrutine.errors import NoRoom, StoreUnavailable
from samrutine.recovery.manifest import BackupManifest
from samrutine.storage import bundles
from samrutine.storage.git import OBJECT_ID, GitStore, answered, asked

ROOM_NEEDED: Final = 2
"""How many times its size a bundle takes when it is unpacked, with its index."""

ROOM_TO_BEGIN: Final = 1024 * 1024
"""More than a repository takes with nothing in it."""


class Trial:
    """
    A repository that bundles are unpacked in.

    Args:
        folder: Where it is made; what lies there from a killed run is removed first.
    """

    def __init__(self, folder: Path) -> None:
        self._store = GitStore(folder)
        self.begin()

    def begin(self) -> None:
        """
        Begin with nothing unpacked.

        Raises:
            NoRoom: The disk is full.
        """
        self.end()
        # Thrown away, so with none of our settings: nothing here need outlive a power cut.
        try:
            answered(["init", "--quiet", "--bare", "--template=", str(self._store.folder)])
        except StoreUnavailable:
            if shutil.disk_usage(self._store.folder.parent).free < ROOM_TO_BEGIN:
                raise NoRoom(folder=self._store.folder.parent) from None
            raise

    def end(self) -> None:
        """Throw it away."""
        shutil.rmtree(self._store.folder, ignore_errors=True)

    def takes(self, paths: Iterable[Path]) -> bool:
        """
        Whether each of these bundles can be unpacked, after those before it.

        Raises:
            NoRoom: It cannot be known: there is too little room to try.
        """
        for path in paths:
            try:
                bundles.take_in(self._store, path)
            except StoreUnavailable:
                if lacks_room(self._store.folder, path):
                    raise NoRoom(folder=self._store.folder.parent) from None
                return False
        return True

    def holds(self, tips: Iterable[str]) -> bool:
        """Whether all that these lead to was unpacked."""
        return holds_all(self._store, tips)


def holds_all(store: GitStore, tips: Iterable[str]) -> bool:
    """Whether a repository has all that some objects lead to. Their bytes were hashed when they came."""
    wanted = sorted(set(tips))
    if not all(OBJECT_ID.fullmatch(one) for one in wanted):
        return False
    given = "".join(f"{one}\n" for one in wanted).encode()
    walk = ["--git-dir", str(store.folder), "rev-list", "--objects", "--quiet", "--stdin"]
    return not wanted or asked(walk, given).returncode == 0


def not_unpacked(folder: Path, manifest: BackupManifest) -> tuple[str, ...]:
    """Give the names of the repositories of a set that cannot be put together from its bundles; changes nothing there."""
    found = []
    with tempfile.TemporaryDirectory(prefix="samrutine-") as place:
        for name, kept in manifest.repositories.items():
            trial = Trial(Path(place) / name)
            if not (trial.takes(folder / one.path for one in kept.bundles) and trial.holds(kept.refs.values())):
                found.append(name)
            trial.end()
    return tuple(found)


def lacks_room(folder: Path, path: Path) -> bool:
    """Whether a bundle cannot be unpacked in a folder for want of room."""
    return shutil.disk_usage(folder.parent).free < ROOM_NEEDED * path.stat().st_size
