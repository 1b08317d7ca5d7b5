"""Which routines come first when there is no time, or no coverage: those of emergencies, and those with a pocket card."""

from typing import Final

from samrutine.procedures.model import ProcedureText
from samrutine.procedures.sections import sections

CARD_HEADINGS: Final = ("lommekort", "pocket card")
"""What the section of a pocket card is called."""
_SUBJECT: Final = "beredskap"


def has_card(text: ProcedureText) -> bool:
    """Tell whether somebody wrote a section for a pocket card."""
    return any(one.heading.strip().casefold() in CARD_HEADINGS for one in sections(text.body))


def is_urgent(text: ProcedureText) -> bool:
    """Tell whether a routine is read in a hurry: it is about emergencies, or somebody made a pocket card of it."""
    return _SUBJECT in text.front.subjects or has_card(text)
