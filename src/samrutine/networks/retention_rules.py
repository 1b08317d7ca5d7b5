"""How long what is kept for a time only is kept, as data. What is the municipalities' record has no rule: it stays."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST_MONTHS: Final = 600


class Kept(StrEnum):
    """What is kept for a time only. From what day the months count is said beside each."""

    DRAFTS = "drafts"
    """The text of a proposal that came to nothing, from the day it was closed. The row stays."""
    HEARINGS = "hearings"
    """What was asked and answered in a hearing, from the day its proposal was closed."""
    FEEDBACK = "feedback"
    """What readers said is wrong, from the day it was answered."""
    WISHES = "wishes"
    """What somebody wished for, and who needed it too, from the day it was answered."""
    SEARCHES = "searches"
    """Words that were searched for and found nowhere, from the day they were."""
    NOTIFICATIONS_READ = "notifications-read"
    """A message, from the day it was read."""
    NOTIFICATIONS = "notifications"
    """A message, read or not, from the day it was written."""
    WAITING = "waiting"
    """What waited for somebody, from the day it was answered."""
    INCOMING = "incoming"
    """A document that was sent in, from the day it was rejected or refused, or its proposal was closed."""
    COLLECTIONS = "collections"
    """What a network asked the municipalities to send in, and what they answered, from the day it was closed."""
    OFFERS = "offers"
    """What a shared draft left to each municipality, from the day its proposal was closed."""
    OLD_ADDRESSES = "old-addresses"
    """Where a routine lay before, from the day that was written down."""
    BARRIERS = "barriers"
    """What shut somebody out of the pages, from the day it was answered."""
    CHECKLISTS = "checklists"
    """A checklist that was followed for somebody, from the day it was finished or stopped."""
    CHECKLISTS_LEFT = "checklists-left"
    """One that nobody ended, from the day anything was last written on it."""
    LETTERS = "letters"
    """That a letter was sent, or could not be, from the day it was written. Its words went when it was sent."""
    DEAD_LETTERS = "dead-letters"
    """What could not be brought up to date, from the day somebody had looked at it."""


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """
    How many whole months something is kept. `why` says it to whoever asks, in bokmål.

    What is not over yet (an open proposal, an unanswered wish) is kept however old it is.
    """

    id: Kept
    months: int
    why: str


RETENTION: Final = (
    RetentionRule(Kept.DRAFTS, 24, "Et utkast som ikke ble noe av, kan tas opp igjen en stund."),
    RetentionRule(Kept.HEARINGS, 60, "En høring skal kunne vises ved tilsyn og ved neste gjennomgang av rutinen."),
    RetentionRule(Kept.FEEDBACK, 24, "En tilbakemelding skal kunne følges til neste gjennomgang av rutinen."),
    RetentionRule(Kept.WISHES, 24, "Et ønske skal kunne følges til rutinen er skrevet og prøvd."),
    RetentionRule(Kept.SEARCHES, 12, "Det mange søker etter uten å finne, viser seg i løpet av et år."),
    RetentionRule(Kept.NOTIFICATIONS_READ, 6, "Et varsel som er lest, trengs bare til saken er husket."),
    RetentionRule(Kept.NOTIFICATIONS, 12, "Et varsel som er et år gammelt, er det ingen som venter på."),
    RetentionRule(Kept.WAITING, 12, "Det som er besvart, står i beslutningen."),
    RetentionRule(
        Kept.INCOMING, 3, "Et dokument som er behandlet, trengs bare til avsenderen har sett hva det ble til."
    ),
    RetentionRule(Kept.COLLECTIONS, 24, "Hvem som sendte hva, skal kunne vises til rutinene er skrevet og prøvd."),
    RetentionRule(
        Kept.OFFERS, 24, "En kommune skal kunne hente fram det den hadde, også når den tar rutinen i bruk sent."
    ),
    RetentionRule(Kept.OLD_ADDRESSES, 120, "En lenke fra før kan stå i andre dokumenter i mange år."),
    RetentionRule(Kept.BARRIERS, 24, "Det som stengte noen ute, skal kunne vises ved neste kontroll av sidene."),
    RetentionRule(Kept.CHECKLISTS, 3, "En liste som er ferdig, er skrevet ut og arkivert der kommunen arkiverer den."),
    RetentionRule(Kept.CHECKLISTS_LEFT, 18, "En liste som ingen har skrevet på så lenge, er det ingen som følger."),
    RetentionRule(Kept.LETTERS, 3, "At et brev er sendt, trengs bare så lenge noen kan spørre etter det."),
    RetentionRule(Kept.DEAD_LETTERS, 12, "En feil som er sett og rettet, trengs bare når den kommer igjen."),
)
"""What holds until the library settles its own. No law gives these numbers but for archives, which what is decided is."""

TABLES: Final[dict[Kept, tuple[str, ...]]] = {
    Kept.DRAFTS: ("proposal", "proposal_file"),
    Kept.HEARINGS: ("hearing", "hearing_party", "hearing_link", "remark"),
    Kept.FEEDBACK: ("feedback",),
    Kept.WISHES: ("wish", "wish_support"),
    Kept.SEARCHES: ("unanswered_search",),
    Kept.NOTIFICATIONS_READ: ("notification",),
    Kept.NOTIFICATIONS: ("notification",),
    Kept.WAITING: ("waiting",),
    Kept.INCOMING: ("incoming_document", "triage"),
    Kept.COLLECTIONS: ("collection", "collection_answer"),
    Kept.OFFERS: ("offer",),
    Kept.OLD_ADDRESSES: ("old_address",),
    Kept.BARRIERS: ("barrier",),
    Kept.CHECKLISTS: ("checklist_run", "checklist_helper", "checklist_mark"),
    Kept.CHECKLISTS_LEFT: ("checklist_run", "checklist_helper", "checklist_mark"),
    Kept.LETTERS: ("letter", "letter_link"),
    Kept.DEAD_LETTERS: ("dead_letter",),
}
"""Where each lies. A table that is in none of them is never touched by these rules."""
