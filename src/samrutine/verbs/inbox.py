"""What waits for whom. Each method delegates to the verb that it names."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from samrutine.verbs.base import Verbs

if TYPE_CHECKING:
    from samrutine.inbox.service import Waiting


class InboxVerbs(Verbs):
    """What waits for whom."""

    def waiting(self, body: str) -> "Sequence[Waiting]":
        """
        Give what waits for a municipality or a network, the most urgent first.

        Args:
            body: "municipality:" with its name or number, or "network:" with its id.

        Raises:
            MunicipalityNotFound, NetworkNotFound: There is none.
            InvalidRequest: The body is neither.
        """
        from samrutine.actors import municipality_body, network_body
        from samrutine.errors import InvalidRequest
        from samrutine.inbox.service import waiting
        from samrutine.networks.directory import get_municipality, get_network

        kind, _, which = body.partition(":")
        with self._parts.database.reading() as session:
            match kind:
                case "municipality":
                    whole = municipality_body(get_municipality(session, which).number)
                case "network":
                    whole = network_body(get_network(session, which).id)
                case _:
                    raise InvalidRequest(what="body", value=body[:60], expected="municipality:1841, network:smittevern")
            return waiting(session, whole, self.today)
