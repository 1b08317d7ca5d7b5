"""Where one answers what waits, and reads what one is told: the page of each, by what it is about."""

from samrutine.inbox.model import REVIEW_DUE, Notification, Waiting

_BY_SUBJECT = {"send-routines": "/innsamlinger/{}", "answer-wish": "/onsker#{}"}
_PAGES = {
    "answer-feedback": "/tilbakemeldinger",
    REVIEW_DUE: "/gjennomgang",
    "look-at-documents": "/dokumenter",
    "answer-barrier": "/tilgjengelighet",
}
_BARRIERS = frozenset({"barrier-told", "barrier-answered"})
_LISTS = frozenset({"checklist-helped", "checklist-handed-on"})
_HEARINGS = frozenset({"answer-hearing", "close-hearing", "reply-to-remarks"})


def page_of_waiting(one: Waiting) -> str:
    """Give the page where it is answered; the first page where it has none of its own."""
    if one.proposal and one.what in _HEARINGS:
        return f"/forslag/{one.proposal}/horing"
    if one.proposal:
        return f"/forslag/{one.proposal}"
    if one.what in _BY_SUBJECT:
        return _BY_SUBJECT[one.what].format(one.subject)
    if one.what in _PAGES:
        return _PAGES[one.what]
    if one.procedure:
        return f"/rutine/{one.procedure}" + ("/beslutning" if one.what == "consider-version" else "")
    return "/"


def page_of_told(one: Notification) -> str:
    """Give the page of what somebody is told of."""
    if one.what in _BARRIERS:
        return "/tilgjengelighet"
    if one.what in _LISTS:
        return f"/sjekklister/{one.subject}"
    if one.procedure and not one.proposal:
        return f"/rutine/{one.procedure}"
    return f"/forslag/{one.proposal}" if one.proposal else "/"
