"""What there is nothing of to print. The tree of all errors stands in `samrutine.errors`."""

from samrutine.errors import NotFound


class NoCheckItems(NotFound):
    """The routine has no points to tick off. Places: procedure."""


class NotTranslated(NotFound):
    """The routine is linked to no translation, or to none in that language. Places: procedure, languages (those there are)."""


class NothingToPrint(NotFound):
    """No routine is as asked for, so there is nothing to print. Places: what."""
