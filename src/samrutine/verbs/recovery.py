"""Backup and restore. Each method delegates to the verb that it names."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.recovery.backup import BackedUp
    from samrutine.recovery.preview import RestorePreview
    from samrutine.recovery.restore import Restored


class RecoveryVerbs(Verbs):
    """Backup and restore."""

    def backup(
        self, folder: str | Path, *, keep: int | None = None, on_part: Callable[[str], None] | None = None
    ) -> "BackedUp":
        """Write a backup set while others work; see `Backup.back_up`."""
        return self._parts.backups.back_up(
            Path(folder).absolute(), keep=keep, now=self._now(), on_part=on_part or _nobody
        )

    @staticmethod
    def restore(
        folder: str | Path, into: str | Path, *, name: str | None = None, database_url: str | None = None,
        from_register: bool = False, register: str | Path | None = None, clock: Callable[[], datetime] | None = None,
        on_part: Callable[[str], None] | None = None,
    ) -> "Restored":  # fmt: skip
        """
        Put a backup back into an empty home; see `Restore.run`.

        Args:
            folder: The backup's folder.
            into: The new home: empty, or missing. One that an earlier call began is begun anew.
            name: Which set; the newest when None.
            database_url: An empty PostgreSQL database; SQLite in the home when None.
            from_register: Take the decisions that the register has and the set lacks.
            register: A repository, or a home that holds one, whose register may be newer than the set's.
        """
        from samrutine.recovery.ahead import missing_decisions, take_missing
        from samrutine.recovery.restore import Restore
        from samrutine.wiring import Parts

        restoring = Restore(Path(folder).absolute(), Path(into), name=name, url=database_url)
        now = (clock or _clock)()
        return restoring.run(
            Parts, missing=missing_decisions, take=partial(take_missing, now=now) if from_register else None,
            register=Path(register) if register is not None else None, now=now, on_part=on_part or _nobody,
        )  # fmt: skip

    @staticmethod
    def preview_restore(
        folder: str | Path, into: str | Path, *, name: str | None = None, database_url: str | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> "RestorePreview":  # fmt: skip
        """Say what `restore` would do, and what is in its way; see `recovery.preview`. Changes nothing."""
        from samrutine.recovery.preview import preview
        from samrutine.recovery.restore import Restore

        restoring = Restore(Path(folder).absolute(), Path(into), name=name, url=database_url)
        return preview(restoring, now=(clock or _clock)())


def _nobody(_: str) -> None:
    """Listen to nothing."""


def _clock() -> datetime:
    return datetime.now(UTC)
