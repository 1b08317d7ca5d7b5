"""
What is printed beside the one document: a handbook, a checklist, what changed, a pocket card, two languages side by side.

Values only, each made of effective documents: what is not in those cannot be on paper. `papers.py` puts them together, and
`samrutine.exchange` prints them.
"""

from dataclasses import dataclass
from datetime import date

from samrutine.adoptions.effective import EffectiveDocument
from samrutine.networks.model import Municipality
from samrutine.procedures.model import Language


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


Paper = Handbook
"""What is printed beside the one document."""
