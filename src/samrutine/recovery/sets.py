"""The sets in a backup's folder: which there are, and which of them are whole."""

from dataclasses import dataclass
from pathlib import Path

from samrutine.errors import BackupDamaged, BackupFolderMissing, BackupNotFound, BackupTooNew
from samrutine.recovery.manifest import MANIFEST_FILE, SET_NAME, SETS, BackupManifest, fault_of, read_backup_manifest


@dataclass(frozen=True, slots=True)
class Sets:
    """The manifests that can be read, oldest first, and the names of sets whose manifest cannot."""

    manifests: tuple[BackupManifest, ...]
    damaged: tuple[str, ...]


def finished_sets(folder: Path) -> list[str]:
    """Give the names of the sets that were finished, oldest first: those that have a manifest."""
    found = (path.parent.name for path in (folder / SETS).glob(f"*/{MANIFEST_FILE}"))
    return sorted(name for name in found if SET_NAME.fullmatch(name))


def unfinished_sets(folder: Path) -> list[str]:
    """Give the names of folders beside the sets that are none: under way, here or from elsewhere, or a person's own."""
    finished = set(finished_sets(folder))
    return sorted(path.name for path in (folder / SETS).iterdir() if path.is_dir() and path.name not in finished)


def whole_sets(folder: Path) -> Sets:
    """Read every manifest. A set without one was never finished, and is none."""
    manifests, damaged = [], []
    for name in finished_sets(folder):
        try:
            manifests.append(read_manifest_of(folder, name))
        except (BackupDamaged, BackupTooNew):
            damaged.append(name)
    return Sets(tuple(manifests), tuple(damaged))


def newest_whole(folder: Path) -> BackupManifest | None:
    """Give the newest manifest that can be read; None when there is none."""
    found = whole_sets(folder).manifests
    return found[-1] if found else None


def newest_sound(folder: Path) -> BackupManifest | None:
    """Give the newest manifest of a set that was taken of a sound database; None when there is none."""
    found = [one for one in whole_sets(folder).manifests if not one.faults]
    return found[-1] if found else None


def chosen_set(folder: Path, name: str | None) -> BackupManifest:
    """
    Give the manifest of a set: the one of that name, or the newest.

    Raises:
        BackupFolderMissing: There is no such folder.
        BackupNotFound: There is no set, or none of that name.
        BackupDamaged: Its manifest was changed. It says which set is whole; none is taken instead unless it is asked for.
        BackupTooNew: A newer samrutine wrote it.
    """
    if not folder.is_dir():
        raise BackupFolderMissing(folder=folder)
    names = finished_sets(folder)
    if not names or (name is not None and name not in names):
        raise BackupNotFound(folder=folder, name=name or "–", names=", ".join(names) or "–")
    chosen = name or names[-1]
    try:
        return read_manifest_of(folder, chosen)
    except BackupDamaged as error:
        raise instead_of(folder, chosen, error) from error


def instead_of(folder: Path, name: str, error: BackupDamaged) -> BackupDamaged:
    """Give the error about a set once more, now with the newest other set whose every file is as it was written."""
    others = (one for one in reversed(whole_sets(folder).manifests) if one.name != name)
    whole = next((one.name for one in others if not faults_of(folder, one)), "–")
    return BackupDamaged(file=error.places["file"], why=error.why, whole=whole)


def faults_of(folder: Path, manifest: BackupManifest) -> list[tuple[str, str]]:
    """Read and hash every file that a set needs: the path of each that is not as it was written, and why."""
    found = ((one.path, fault_of(folder, one)) for one in manifest.all_files())
    return [(path, why) for path, why in found if why is not None]


def read_manifest_of(folder: Path, name: str) -> BackupManifest:
    """Read the manifest of a set; raises as `chosen_set`."""
    path = folder / SETS / name / MANIFEST_FILE
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BackupDamaged(file=path, why="unreadable") from error
    return read_backup_manifest(data, file=path)
