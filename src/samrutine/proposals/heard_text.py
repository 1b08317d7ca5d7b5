"""Whether a text is still the one that was heard, or another that nobody heard: a pure rule."""

from samrutine.procedures.model import ProcedureText
from samrutine.procedures.sections import sections
from samrutine.proposals.prose_diff import critical_changes


def is_another_text(heard: ProcedureText, text: ProcedureText) -> bool:
    """
    Whether a text was changed so much after its hearing that those who were heard cannot be said to have read it.

    Better words after a remark are what a hearing is for. Another title, a section more or less, or a number, a dose, a
    phone number or a negation that came, went or moved is more than that.
    """
    headings = [[(one.key, one.heading) for one in sections(body)] for body in (heard.body, text.body)]
    return (
        heard.front.title != text.front.title
        or headings[0] != headings[1]
        or bool(critical_changes(heard.body, text.body))
    )
