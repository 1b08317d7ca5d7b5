"""
What is printed beside the one document. Each method delegates to the verb that it names; `Library.render` makes the file.

`reader` is whose eyes, as in reading: what they may not see is left out, and not told of.
"""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.verbs.base import Verbs, version_number

if TYPE_CHECKING:
    from samrutine.adoptions.effective import EffectiveDocument
    from samrutine.adoptions.paper import Bilingual, Card, Checklist, Handbook, Redline


class PaperVerbs(Verbs):
    """What is printed beside the one document."""

    def handbook(
        self, municipality: str | None = None, *, network: str | None = None, subject: str | None = None,
        day: date | None = None, reader: str | None = None,
    ) -> "Handbook":  # fmt: skip
        """Collect routines in one file: what is in force in a municipality, or the shared texts; see `Papers.handbook`."""
        return self._parts.papers.handbook(
            municipality, network=network, subject=subject, day=day or self.today, today=self.today,
            hidden=self._hidden(reader),
        )  # fmt: skip

    def checklist(
        self, procedure: str, municipality: str | None = None, *, done: Collection[int] = (), on: date | None = None,
        day: date | None = None, version: str | VersionNumber | None = None, reader: str | None = None,
    ) -> "Checklist":  # fmt: skip
        """Make a checklist of the points to tick off of a routine, empty or with what is done; see `Papers.checklist`."""
        found = self._document(procedure, municipality, day, version, reader)
        return self._parts.papers.checklist(found, done=done, on=on, today=self.today)

    def redline(
        self, procedure: str, old_version: str | VersionNumber, new_version: str | VersionNumber | None = None, *,
        reader: str | None = None,
    ) -> "Redline":  # fmt: skip
        """Say on paper what changed from one version to another, the newest when no other is named; see `Papers.redline`."""
        old = VersionNumber.parse(old_version) if isinstance(old_version, str) else old_version
        return self._parts.papers.redline(
            ProcedureId(procedure), old, version_number(new_version), reader=reader, today=self.today,
            hidden=self._hidden(reader),
        )  # fmt: skip

    def card(
        self, procedure: str, municipality: str | None = None, *, section: str | None = None, day: date | None = None,
        version: str | VersionNumber | None = None, reader: str | None = None,
    ) -> "Card":  # fmt: skip
        """Make a pocket card of one section of a routine, the one called "Lommekort" when none is named; see `Papers.card`."""
        return self._parts.papers.card(self._document(procedure, municipality, day, version, reader), section)

    def bilingual(
        self, procedure: str, municipality: str | None = None, *, other: str | None = None, day: date | None = None,
        reader: str | None = None,
    ) -> "Bilingual":  # fmt: skip
        """Set a routine beside its translation, as both apply in the same place; see `Papers.bilingual`."""
        found = self._document(procedure, municipality, day, None, reader)
        return self._parts.papers.bilingual(
            found, other=other, day=day or self.today, today=self.today, hidden=self._hidden(reader)
        )

    def _document(
        self, procedure: str, municipality: str | None, day: date | None, version: str | VersionNumber | None,
        reader: str | None,
    ) -> "EffectiveDocument":  # fmt: skip
        return self._parts.documents.document(
            ProcedureId(procedure), municipality, day=day or self.today, version=version_number(version),
            hidden=self._hidden(reader), today=self.today,
        )  # fmt: skip
