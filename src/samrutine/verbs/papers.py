"""
What is printed beside the one document. Each method delegates to the verb that it names; `Library.render` makes the file.

`reader` is whose eyes, as in reading: what they may not see is left out, and not told of.
"""

from datetime import date
from typing import TYPE_CHECKING

from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.adoptions.paper import Handbook


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
