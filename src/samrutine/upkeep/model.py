"""What the doctor says: symptoms with a code, how grave they are, and the values they rest on."""

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from samrutine.errors import SamrutineError
from samrutine.messages import say


class Gravity(StrEnum):
    """How soon somebody must look."""

    FACT = "fact"
    """Nothing to do."""
    ADVICE = "advice"
    """Better otherwise; nothing is lost meanwhile."""
    DANGER = "danger"
    """What is decided may be lost, leak or stop, if nothing is done."""


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing that was looked at. `places` are the values of its text, from the catalogue that is named."""

    code: str
    gravity: Gravity
    places: Mapping[str, object] = field(default_factory=dict)
    catalogue: str = "doctor"

    @classmethod
    def of(cls, error: SamrutineError) -> "Symptom":
        """Make one of the error at which an examination ended: what could not be looked at is in danger."""
        return cls(error.code, Gravity.DANGER, error.places, "errors")

    def fact(self, language: str = "nb") -> str:
        """Say what was found."""
        return say(f"{self.catalogue}.{self.code}.fact", language, **self.places)

    def remedy(self, language: str = "nb") -> str:
        """Say what to do about it; empty where nothing is to be done."""
        if self.gravity is Gravity.FACT:
            return ""
        return say(f"{self.catalogue}.{self.code}.remedy", language, **self.places)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that was looked at, the gravest first."""

    symptoms: tuple[Symptom, ...]

    @property
    def dangers(self) -> tuple[Symptom, ...]:
        """What somebody must look at now."""
        return tuple(one for one in self.symptoms if one.gravity is Gravity.DANGER)

    @property
    def is_well(self) -> bool:
        """Whether nothing is in danger."""
        return not self.dangers


NETWORK_FILE_SYSTEMS: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs", "fuse.s3fs",
     "fuse.rclone", "fuse.glusterfs", "davfs", "fuse.davfs2"}
)  # fmt: skip
"""Where `flock` and SQLite's log may not work as on a local disk: https://sqlite.org/wal.html, section 'Disadvantages'."""

MEMORY_FILE_SYSTEMS: Final = frozenset({"tmpfs", "ramfs"})

OLDEST_GIT: Final = (2, 31)
"""`git repack --geometric` came with it."""
OLDEST_SQLITE: Final = (3, 35)
BEHIND_FOR: Final = timedelta(hours=1)
"""A projection that has not seen a decision for so long waits for more than its next try."""
BACKUP_EXPECTED: Final = timedelta(days=2)
"""A backup is taken each night; one night may fail."""
BACKUP_OVERDUE: Final = timedelta(days=7)
LARGE_LOG: Final = 256 * 1024 * 1024
CLOCKS_MAY_DIFFER: Final = timedelta(minutes=1)


def about_version(name: str, found: tuple[int, ...] | None, oldest: tuple[int, ...]) -> Symptom:
    """Judge the version of a program that we call."""
    shown = ".".join(str(part) for part in found or ())
    least = ".".join(str(part) for part in oldest)
    if found is None:
        return Symptom("program_missing", Gravity.DANGER, {"name": name, "oldest": least})
    if found < oldest:
        return Symptom("program_old", Gravity.DANGER, {"name": name, "found": shown, "oldest": least})
    return Symptom("program", Gravity.FACT, {"name": name, "found": shown})


def about_file_system(kind: str | None, folder: object) -> Symptom:
    """Judge the file system that a folder lies on; None when the machine does not say."""
    places = {"kind": kind or "–", "folder": folder}
    if kind in NETWORK_FILE_SYSTEMS:
        return Symptom("disk_network", Gravity.DANGER, places)
    if kind in MEMORY_FILE_SYSTEMS:
        return Symptom("disk_memory", Gravity.DANGER, places)
    return Symptom("disk", Gravity.FACT, places)


def about_room(free_megabytes: int, kept_megabytes: int, folder: object) -> Symptom:
    """Judge what is free, beside what is kept free: below that nothing is decided."""
    places = {"free": free_megabytes, "kept": kept_megabytes, "folder": folder}
    if free_megabytes < kept_megabytes:
        return Symptom("room_none", Gravity.DANGER, places)
    if free_megabytes < max(10 * kept_megabytes, 1000):
        return Symptom("room_little", Gravity.ADVICE, places)
    return Symptom("room", Gravity.FACT, places)


def about_permissions(mode: int, name: str, *, folder: int | None = None) -> Symptom | None:
    """
    Judge who else may read or write; None when nobody may.

    Args:
        mode: As of `stat`.
        folder: The mode of the folder that it lies in, which only those come past who may pass through it; None for the
            home itself.
    """
    judged = mode
    if folder is not None:
        judged &= (0o070 if folder & 0o010 else 0) | (0o007 if folder & 0o001 else 0)
        if stat.S_ISDIR(mode) and judged & 0o001:
            # Whoever passes through it reads what lies there under a name that everybody knows.
            judged |= 0o004
    places = {"name": name, "mode": f"{mode & 0o777:o}"}
    if judged & 0o022:
        return Symptom("others_may_write", Gravity.DANGER, places)
    if judged & 0o004:
        return Symptom("others_may_read", Gravity.DANGER, places)
    return None


def about_key(why: str, key: object) -> Symptom:
    """Say that no checkpoint can be signed; `why` as `KeyUnusable` has it. An open key vouches for nothing it signed."""
    return Symptom(f"key_{why}", Gravity.DANGER, {"key": key})


def about_backup(waited: timedelta | None, folder: object) -> Symptom:
    """Judge how long ago the newest backup was taken; None when none was, that this home knows of."""
    if waited is None:
        return Symptom("backup_none", Gravity.ADVICE)
    places = {"days": waited.days, "hours": round(waited / timedelta(hours=1)), "folder": folder}
    if waited > BACKUP_OVERDUE:
        return Symptom("backup_old", Gravity.DANGER, places)
    if waited > BACKUP_EXPECTED:
        return Symptom("backup_late", Gravity.ADVICE, places)
    return Symptom("backup", Gravity.FACT, places)


def about_waiting(consumer: str, behind: int, waited: timedelta, *, needs_a_person: bool) -> Symptom:
    """Judge how far a projection has come: how many decisions it has not seen, and for how long."""
    hours = round(waited / timedelta(hours=1), 1)
    places = {"consumer": consumer, "behind": behind, "hours": hours}
    if behind and needs_a_person:
        return Symptom("projection_stopped", Gravity.DANGER, places)
    if behind and waited > BEHIND_FOR:
        return Symptom("projection_waits", Gravity.DANGER, places)
    if behind:
        return Symptom("projection_behind", Gravity.FACT, places)
    return Symptom("projection", Gravity.FACT, places)


def about_repository(name: str, *, is_there: bool, is_readable: bool) -> Symptom | None:
    """Judge whether a repository can be used at all; None when it can."""
    if is_there and is_readable:
        return None
    return Symptom("repository_unreadable" if is_there else "repository_missing", Gravity.DANGER, {"name": name})


def about_setting(where: str, name: str, found: str, *good: str, is_ours: bool = True) -> Symptom | None:
    """
    Judge a setting that a commit's being on the disk hangs on; None when it is as it must be.

    Args:
        good: Every value that is safe: the one we ask for first, then stricter ones.
        is_ours: Whether `repair` puts it back, or whoever runs the database.
    """
    if found in good:
        return None
    code = "setting" if is_ours else "setting_of_database"
    return Symptom(code, Gravity.DANGER, {"where": where, "name": name, "found": found or "–", "wanted": good[0]})
