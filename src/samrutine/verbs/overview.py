"""Who uses what, on any day. Each method delegates to the verb that it names."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from samrutine.procedures.model import ProcedureId
from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.adoptions.overview import InForce, Matrix


class OverviewVerbs(Verbs):
    """Who uses what, on any day."""

    def matrix(self, day: date | None = None, *, reader: str | None = None) -> "Matrix":
        """Show who uses what, today or on another day; see `Overview.matrix`."""
        hidden = self._hidden(reader).procedures
        found = self._parts.overview.matrix(day or self.today)
        return replace(
            found,
            procedures=tuple(one for one in found.procedures if one[0] not in hidden),
            cells={where: cell for where, cell in found.cells.items() if where[0] not in hidden},
        )

    def in_force(
        self, day: date | None = None, *, municipality: str | None = None, procedure: str | None = None,
        known_at: datetime | None = None, reader: str | None = None,
    ) -> "Sequence[InForce]":  # fmt: skip
        """Say what was, is or will be in force on a day; see `Overview.in_force`."""
        hidden = self._hidden(reader).digests
        found = self._parts.overview.in_force(
            day or self.today,
            municipality=municipality,
            procedure=ProcedureId(procedure) if procedure else None,
            known_at=known_at,
        )
        return [one for one in found if one.digest not in hidden]
