"""What leaves the library for good. Each method delegates to the verb that it names."""

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from samrutine.errors import InvalidRequest
from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.archiving.service import Archived, Archiving, LeftWith


class ArchivingVerbs(Verbs):
    """What leaves the library for good."""

    def archive_message(
        self, municipality: str, folder: str | Path, *, by: str, on: date | None = None, act: str | None = None
    ) -> "Archived":
        """Write a message to a municipality's archive about a day's decisions, or a list's; see `Archiving.message`."""
        if on is not None and act is not None:
            raise InvalidRequest(what="day", value=on.isoformat(), expected="day | act")
        return self._archiving.message(
            municipality, Path(folder).absolute(), on=on, act=act, by=self._actor(by), today=self.today
        )

    def exit_package(self, municipality: str, folder: str | Path, *, by: str) -> "LeftWith":
        """Write a municipality's whole record into a folder that reads without us; see `Archiving.exit_package`."""
        return self._archiving.exit_package(municipality, Path(folder).absolute(), by=self._actor(by), today=self.today)

    @cached_property
    def _archiving(self) -> "Archiving":
        from samrutine.archiving.service import Archiving

        parts = self._parts
        return Archiving(parts.database, parts.words, parts.documents, parts.local_layers, parts.renderers)
