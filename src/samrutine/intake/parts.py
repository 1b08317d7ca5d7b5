"""The services of documents that were sent in, each imported and made when it is first asked for."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from samrutine.intake.accepting import Accepting
    from samrutine.intake.originals import Originals
    from samrutine.intake.service import Intake
    from samrutine.wiring import Parts


class IntakeParts:
    """The files that wait, what is done with them, and how they become proposals."""

    def __init__(self, parts: "Parts", home: Path) -> None:
        self._parts = parts
        self._home = home

    @cached_property
    def originals(self) -> "Originals":
        """The files that were sent in and wait."""
        from samrutine.intake.originals import Originals

        return Originals(self._home)

    @cached_property
    def documents(self) -> "Intake":
        """The verbs of documents that were sent in."""
        from samrutine.intake.service import Intake

        return Intake(self._parts.database, self._parts.decisions, self.originals)

    @cached_property
    def accepting(self) -> "Accepting":
        """The verb that makes a proposal of a document."""
        from samrutine.intake.accepting import Accepting

        parts = self._parts
        return Accepting(
            parts.database, parts.decisions, parts.drafting, parts.comparing, self.originals, self.documents.forget_original
        )  # fmt: skip

    def clear(self) -> tuple[str, ...]:
        """Remove the files that no document needs any more; gives their names."""
        from samrutine.intake.rows import needed

        with self._parts.database.reading() as session:
            return self.originals.remove_all_but(needed(session))
