"""What shuts people out of the pages. Each method delegates to the verb that it names."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.reading.barriers import Barrier, BarrierId, Barriers


class BarrierVerbs(Verbs):
    """What shuts people out, and where the statement about it lies."""

    @property
    def accessibility_statement(self) -> str:
        """Where the library's accessibility statement lies; empty where nobody has said."""
        return self._parts.settings.accessibility_statement

    def report_barrier(
        self,
        text: str,
        page: str = "",
        *,
        contact: str | None = None,
        by: str | None = None,
        decision_id: str | None = None,
    ) -> "BarrierId":
        """Tell of something that shuts one out, also where one is not signed in; see `Barriers.report`."""
        return self._barriers().report(
            text, page, contact=contact, by=self._actor(by) if by is not None else None, now=self._now(),
            decision_id=self._id(decision_id),
        )  # fmt: skip

    def answer_barrier(self, barrier: str, answer: str, *, by: str) -> None:
        """Answer whoever told of it; see `Barriers.answer`."""
        from samrutine.reading.barriers import BarrierId

        self._barriers().answer(BarrierId(barrier), answer, by=self._actor(by), now=self._now())

    def barriers(self, *, by: str) -> "Sequence[Barrier]":
        """Give what was told of; see `Barriers.barriers`."""
        return self._barriers().barriers(by=self._actor(by), now=self._now())

    def _barriers(self) -> "Barriers":
        from samrutine.reading.barriers import Barriers

        return Barriers(self._parts.database, self._parts.decisions)
