"""What is not there, of what was asked for, sent in and offered. The tree of all errors stands in `samrutine.errors`."""

from samrutine.errors import NotFound


class CollectionNotFound(NotFound):
    """No network has asked for routines under this id. Places: collection."""


class OfferNotFound(NotFound):
    """Nothing of this id was offered, or who asks may not know of its draft. Places: offer."""
