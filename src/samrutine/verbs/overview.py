"""Who uses what, on any day. Each method delegates to the verb that it names."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from samrutine.procedures.model import ProcedureId
from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.adoptions.coverage import Coverage
    from samrutine.adoptions.overview import InForce, Matrix, MatrixCell


class OverviewVerbs(Verbs):
    """Who uses what, on any day."""

    def matrix(
        self, day: date | None = None, *, procedures: Collection[str] | None = None, offset: int = 0,
        limit: int | None = None, reader: str | None = None,
    ) -> "Matrix":  # fmt: skip
        """Show who uses what, today or on another day, all of it or a window; see `Overview.matrix`."""
        return self._parts.overview.matrix(
            day or self.today, procedures=None if procedures is None else [ProcedureId(one) for one in procedures],
            offset=offset, limit=limit, reader=reader, today=self.today,
        )  # fmt: skip

    def coverage(self, *, network: str | None = None, reader: str | None = None) -> "Sequence[Coverage]":
        """Count how far each municipality has come today, of all routines or one network's; see `adoptions.coverage.coverage_of`."""
        from samrutine.adoptions.coverage import coverage_of

        chosen = None
        if network is not None:
            known = self._parts.procedures.procedures(today=self.today, network=network, hidden=self._hidden(reader))
            chosen = [one.id for one in known]
        return coverage_of(self.matrix(procedures=chosen, reader=reader))

    def holders(self, procedure: str, day: date | None = None, *, reader: str | None = None) -> "Sequence[MatrixCell]":
        """Say which municipalities use a procedure, or have decided to; see `Overview.holders`."""
        return self._parts.overview.holders(ProcedureId(procedure), day or self.today, reader=reader, today=self.today)

    def in_force(
        self, day: date | None = None, *, municipality: str | None = None, procedure: str | None = None,
        known_at: datetime | None = None, reader: str | None = None,
    ) -> "Sequence[InForce]":  # fmt: skip
        """Say what was, is or will be in force on a day; see `Overview.in_force`."""
        return self._parts.overview.in_force(
            day or self.today, municipality=municipality, procedure=ProcedureId(procedure) if procedure else None,
            known_at=known_at, reader=reader, today=self.today,
        )  # fmt: skip
