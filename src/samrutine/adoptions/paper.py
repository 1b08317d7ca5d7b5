"""
What is printed beside the one document: a handbook, a checklist, what changed, a pocket card, two languages side by side.

Values only, each made of effective documents: what is not in those cannot be on paper. `papers.py` puts them together, and
`samrutine.exchange` prints them.
"""

from dataclasses import dataclass
from datetime import date

from samrutine.adoptions.effective import EffectiveDocument
from samrutine.networks.model import Municipality
from samrutine.procedures.model import Language, VersionNumber
from samrutine.proposals.prose_diff import ProseDiff


@dataclass(frozen=True, slots=True)
class Handbook:
    """
    Routines in one file, each with its own control header.

    Attributes:
        municipality: Whose; None for the shared texts.
        network: The name of the network whose routines it has; None for those of all.
        subject: The name of the subject that they are about; None for all.
        day: The day they apply on.
        documents: In the order they are printed; at least one.
        language: Of the words around the texts.
    """

    municipality: Municipality | None
    network: str | None
    subject: str | None
    day: date
    documents: tuple[EffectiveDocument, ...]
    language: Language = Language.NB


@dataclass(frozen=True, slots=True)
class Done:
    """A point of a checklist that was done: its number on the list, and the day, where it is told."""

    number: int
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """
    The points to tick off of one routine.

    Attributes:
        done: What is ticked off on it; empty for one to fill in by hand. Nobody is named: the list is filled in once, printed
            and kept where it belongs, not here.
        printed_on: The day it was printed, told beside how much is done.
    """

    document: EffectiveDocument
    done: tuple[Done, ...] = ()
    printed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Redline:
    """
    What changed from one approved version of a routine to another.

    Attributes:
        document: The shared text of the version that it changed to, for its title and its day.
        old: The version that it changed from.
    """

    document: EffectiveDocument
    old: VersionNumber
    diff: ProseDiff


@dataclass(frozen=True, slots=True)
class Card:
    """One section of a routine, to carry in a pocket: one page of A6 with a square that leads to the whole."""

    document: EffectiveDocument
    section_key: str


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A routine beside its translation; both apply where the first is printed for."""

    document: EffectiveDocument
    other: EffectiveDocument


Paper = Handbook | Checklist | Redline | Card | Bilingual
"""What is printed beside the one document."""
