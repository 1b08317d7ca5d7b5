"""What slipped in and must out again. Each method delegates to the verb that it names."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.procedures.redaction import Redactable, Redacted
    from samrutine.procedures.traces import Erasing, Trace


class PrivacyVerbs(Verbs):
    """What slipped in and must out again."""

    def redactable(self, digest: str, *, by: str) -> "Redactable":
        """Show every place where the words behind a digest lie, and what must be done first; see `Redaction.show`."""
        return self._parts.redaction.show(digest, by=self._actor(by), today=self.today)

    def redact(self, digest: str, *, reason: str, by: str, decision_id: str | None = None) -> "Redacted":
        """Put a notice in place of the words behind a digest, everywhere, for good; see `Redaction.redact`."""
        return self._parts.redaction.redact(
            digest, reason=reason, by=self._actor(by), now=self._now(), decision_id=self._id(decision_id)
        )

    def traces(self, text: str, *, by: str) -> "Sequence[Trace]":
        """Find every place in the database where some letters stand; see `procedures.traces.traces`."""
        from samrutine.procedures.traces import traces

        actor = self._actor(by)
        with self._parts.database.reading() as session:
            return traces(session, text, by=actor, today=self.today)

    def erased(self, *, by: str, since: int | date | None = None) -> "Sequence[Erasing]":
        """
        List the decisions by which something was deleted, the oldest first; see `procedures.traces.erasings`.

        Args:
            by: The editor.
            since: Only those after this decision, or from this day on.
        """
        from samrutine.procedures.traces import erasings

        actor = self._actor(by)
        with self._parts.database.reading() as session:
            return erasings(session, by=actor, today=self.today, since=since)
