"""Proof for those who do not trust our server. Each method delegates to the verb that it names."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from samrutine.procedures.model import ProcedureId
from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.proving.checkpoints import Checkpointed
    from samrutine.proving.model import Proof


class ProvingVerbs(Verbs):
    """Proof for those who do not trust our server."""

    def prove(
        self, procedure: str, municipality: str, *, on: date, known_at: datetime | None = None, at: str | None = None,
        reader: str | None = None,
    ) -> "Proof":  # fmt: skip
        """Prove what was in force in a municipality on a day, or that nothing was; see `Proving.prove`."""
        return self._parts.proving.prove(
            ProcedureId(procedure), municipality, on=on, known_at=known_at, at=at, hidden=self._hidden(reader),
            today=self.today,
        )  # fmt: skip

    def checkpoint(self) -> "Checkpointed":
        """Sign where the chain and the branches stand now; see `Checkpoints.make`."""
        return self._parts.checkpoints.make(now=self._now())
