"""What is wrong with what is asked about a checklist."""

from samrutine.errors import NotFound


class ChecklistNotFound(NotFound):
    """No checklist has this id that whoever asks takes part in. Places: checklist."""
