"""When the newest backup of a home was taken, and where it lies: for whoever looks after the machine."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from samrutine.storage.durable import keep_file

LAST_BACKUP: Final = "last-backup.json"
"""Lies in the home, and is in no backup: a restored home has not been backed up yet."""


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The newest backup that this home knows of."""

    folder: str
    made_at: datetime


def note_backup(home: Path, made: LastBackup) -> None:
    """Note a backup that is whole. It stands though the note cannot be written: then it is taken for an older one."""
    words = json.dumps({"folder": made.folder, "made_at": made.made_at.isoformat()}, ensure_ascii=False)
    with suppress(OSError):
        keep_file(home / LAST_BACKUP, words.encode() + b"\n")


def last_backup(home: Path) -> LastBackup | None:
    """Give the newest backup; None when there is no note of one that can be read."""
    try:
        found = json.loads((home / LAST_BACKUP).read_bytes())
        made_at = datetime.fromisoformat(found["made_at"])
        # A time without a zone is none of ours.
        return LastBackup(str(found["folder"]), made_at) if made_at.tzinfo is not None else None
    except (OSError, ValueError, LookupError, TypeError):
        return None
