"""What waits for whom, and who is told. Each method delegates to the verb that it names."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.inbox.model import Notification, Waiting


class InboxVerbs(Verbs):
    """What waits for whom, and who is told."""

    def inbox(self, who: str) -> "Sequence[Waiting]":
        """Give all that waits for a person, the most urgent first; see `Inbox.inbox`."""
        return self._parts.inbox.inbox(who, today=self.today)

    def notifications(self, who: str, *, unread_only: bool = True) -> "Sequence[Notification]":
        """Give what a person is told of, the newest first; see `Inbox.notifications`."""
        return self._parts.inbox.notifications(who, unread_only=unread_only, today=self.today)

    def mark_read(self, who: str, notifications: Iterable[str]) -> int:
        """Say that a person has read what they were told; see `Inbox.mark_read`."""
        return self._parts.inbox.mark_read(self._actor(who), notifications, now=self._now())

    def waiting(self, body: str, *, reader: str | None = None) -> "Sequence[Waiting]":
        """
        Give what waits for a municipality or a network, the most urgent first.

        Args:
            body: "municipality:" with its name or number, or "network:" with its id.
            reader: Whose eyes; what they may not know of is left out.

        Raises:
            MunicipalityNotFound, NetworkNotFound: There is none.
            InvalidRequest: The body is neither.
        """
        from samrutine.actors import municipality_body, network_body
        from samrutine.errors import InvalidRequest
        from samrutine.inbox.service import waiting
        from samrutine.networks.directory import get_municipality, get_network_id

        kind, _, which = body.partition(":")
        with self._parts.database.reading() as session:
            match kind:
                case "municipality":
                    whole = municipality_body(get_municipality(session, which).number)
                case "network":
                    whole = network_body(get_network_id(session, which))
                case _:
                    raise InvalidRequest(what="body", value=body[:60], expected="municipality:1841, network:smittevern")
            return waiting(session, whole, self.today, reader)
