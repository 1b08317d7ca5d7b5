"""What is wrong when letters cannot be sent, for whoever runs the library."""

from samrutine.errors import InvalidRequest, StoreUnavailable


class MailNotSet(InvalidRequest):
    """Something that letters cannot be sent without is not set. Places: missing, the names of the settings."""


class MailPasswordUnusable(StoreUnavailable):
    """
    The file with the mail server's password cannot be used as it lies. Places: file.

    Attributes:
        why: "missing", "in_home" or "open" (others may read it): each has a sentence of its own.
    """

    def __init__(self, *, why: str, **places: object) -> None:
        self.why = why
        super().__init__(**places)

    @property
    def _fact_name(self) -> str:
        return self.why


class MailNotTaken(StoreUnavailable):
    """The mail server did not take a letter that somebody waits for. Places: why, in words."""
