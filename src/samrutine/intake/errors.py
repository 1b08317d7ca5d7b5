"""What is not there or not as it was read, of what was sent in. The tree of all errors stands in `samrutine.errors`."""

from samrutine.errors import NotFound, TextChanged


class IncomingNotFound(NotFound):
    """No document of this id was sent in, or who asks may not know of it. Places: document."""


class PageNotShown(NotFound):
    """
    A page of a file cannot be shown.

    It has no such page, its pages are not drawn, the file is gone with the decision, or something was taken out of the text that
    the picture would still show. Places: document, page.
    """


class AddressNotFound(NotFound):
    """No routine lay at this address before, or who asks may not know of it. Places: address."""


class DocumentChanged(TextChanged):
    """Title or text of a document is not what was read. Places: document."""
