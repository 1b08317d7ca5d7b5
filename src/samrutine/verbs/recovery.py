"""Backup and restore. Each method delegates to the verb that it names."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from samrutine.verbs.base import Verbs, present

if TYPE_CHECKING:
    from samrutine.recovery.backup import BackedUp
    from samrutine.recovery.from_register_home import Rebuilt
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
            register: A home, a repository or a clone whose register may be newer than the set's.
        """
        from samrutine.proving.witnesses import noted
        from samrutine.recovery.restore import Restore
        from samrutine.wiring import Parts

        restoring = Restore(
            Path(folder).absolute(), Path(into), name=name, url=database_url, from_register=from_register,
            register=Path(register).absolute() if register is not None else None, witnesses=noted,
        )  # fmt: skip
        return restoring.run(Parts, now=(clock or present)(), on_part=on_part or _nobody)

    @staticmethod
    def preview_restore(
        folder: str | Path, into: str | Path, *, name: str | None = None, database_url: str | None = None,
        from_register: bool = False, register: str | Path | None = None, clock: Callable[[], datetime] | None = None,
    ) -> "RestorePreview":  # fmt: skip
        """Say what `restore` would do with the same arguments, and what is in its way; see `recovery.preview`. Changes nothing."""
        from samrutine.proving.witnesses import noted
        from samrutine.recovery.preview import preview
        from samrutine.recovery.restore import Restore

        restoring = Restore(
            Path(folder).absolute(), Path(into), name=name, url=database_url, from_register=from_register,
            register=Path(register).absolute() if register is not None else None, witnesses=noted,
        )  # fmt: skip
        return preview(restoring, now=(clock or present)())

    @staticmethod
    def rebuild_from_register(
        source: str | Path, into: str | Path, *, restricted: str | Path | None = None, address: str | None = None,
        database_url: str | None = None, witness: str | None = None, dry_run: bool = False,
        clock: Callable[[], datetime] | None = None, on_part: Callable[[str], None] | None = None,
    ) -> "Rebuilt":  # fmt: skip
        """
        Put a home together from nothing but a copy of the repository; see `rebuild_home`.

        Args:
            source: A home, a bare repository or a clone, with the branches `main` and `register`.
            into: The new home: an empty folder, or one that does not exist.
            restricted: Where the repository of what is exempt from public access is, when it is not beside `source`.
            address: Where the library's pages stand; printed on documents.
            database_url: An empty PostgreSQL database; SQLite in the home when None.
            witness: The hash of a decision that somebody noted: it must be among those on the register.
            dry_run: Say what would come, and leave nothing.
        """
        from samrutine.making import chosen_settings, make_folder
        from samrutine.proving.witnesses import noted
        from samrutine.recovery.from_register_home import Source, rebuild_home
        from samrutine.settings import require_not_overruled
        from samrutine.wiring import Parts

        settings = chosen_settings(address, database_url)
        if database_url is not None:
            require_not_overruled(settings, database_url)
        return rebuild_home(
            Source.at(Path(source), Path(restricted) if restricted is not None else None), Path(into),
            make=lambda place: make_folder(place, address=address, database_url=database_url), open_home=Parts,
            settings=settings, witnesses=noted, now=(clock or present)(), witness=witness, dry_run=dry_run, on_part=on_part or _nobody,
        )  # fmt: skip


def _nobody(_: str) -> None:
    """Listen to nothing."""
