"""The services of this concept, each imported and made when it is first asked for."""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from samrutine.collecting.merging import Merging
    from samrutine.collecting.offers import Offers
    from samrutine.collecting.service import Collecting
    from samrutine.wiring import Parts


class CollectingParts:
    """What is asked for, how it becomes one, and what is offered of the rest."""

    def __init__(self, parts: "Parts") -> None:
        self._parts = parts

    @cached_property
    def asking(self) -> "Collecting":
        """The verbs of a collection."""
        from samrutine.collecting.service import Collecting

        return Collecting(self._parts.database, self._parts.decisions)

    @cached_property
    def merging(self) -> "Merging":
        """The verbs that make one of many."""
        from samrutine.collecting.merging import Merging

        return Merging(self._parts.database, self._parts.decisions, self._parts.words, self._parts.drafting)

    @cached_property
    def offers(self) -> "Offers":
        """The verbs of what is left to each municipality."""
        from samrutine.collecting.offers import Offers

        return Offers(self._parts.database, self._parts.additions, self._parts.filling_in)
