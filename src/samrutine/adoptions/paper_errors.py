"""What there is nothing of to print. The tree of all errors stands in `samrutine.errors`."""

from samrutine.errors import CardTooLong, InvalidRequest, NotFound, SectionNotFound


class NoSectionForCard(SectionNotFound):
    """The routine has no such section to make a card of. Places: procedure, section, sections (those there are)."""


class SeveralSectionsForCard(InvalidRequest):
    """The words fit several sections of the routine. Places: procedure, section, sections (those they fit)."""


class CardWithPartsTooLong(CardTooLong):
    """A section is too long for a card with those under it. Places: those of `CardTooLong`, and parts (those under it)."""


class NoCheckItems(NotFound):
    """The routine has no points to tick off. Places: procedure."""


class NotTranslated(NotFound):
    """The routine is linked to no translation. Places: procedure."""


class LanguageNotChosen(NotTranslated):
    """The routine has several translations, or none in that language. Places: procedure, languages (those there are)."""


class NothingToPrint(NotFound):
    """No routine is as asked for, so there is nothing to print. Places: what."""
