"""What is wrong with what is asked about a barrier."""

from samrutine.errors import NotFound


class BarrierNotFound(NotFound):
    """Nobody told of a barrier with this id. Places: barrier."""
