"""
What comes back from the register, as data: for each kind of decision, and for each table and column.

In one place, so that a new kind or a new table must say what it is before the tests are green: whoever stands with only
the repository left must know what they get, and what is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

RECOVERED: Final = "decisions_recovered"
"""The decision that says that others were taken from the register, and what was lost on the way."""


def _leaves(*tables: str) -> frozenset[str]:
    return frozenset(tables)


_ANSWER: Final = _leaves("adoption", "in_force", "addition")
_VERSION: Final = _leaves(
    "version", "procedure", "section", "attachment", "words", "proposal", "adoption"
)  # fmt: skip

KINDS: Final[Mapping[str, frozenset[str]]] = {
    "library_opened": _leaves("library"),
    "library_settled": _leaves("library_file", "municipality", "network", "words", "adoption"),
    "person_added": _leaves("actor", "person"),
    "person_erased": _leaves("person", "role_grant", "delegation"),
    "role_granted": _leaves("role_grant"),
    "role_revoked": _leaves("role_grant", "delegation"),
    "delegated": _leaves("delegation", "role_grant"),
    "proposed": _leaves("proposal", "proposal_origin"),
    "proposal_revised": _leaves("proposal"),
    "proposal_refreshed": _leaves("proposal"),
    "proposal_sent": _leaves("proposal"),
    "proposal_rejected": _leaves("proposal"),
    "proposal_withdrawn": _leaves("proposal"),
    "withdrawal_proposed": _leaves("proposal"),
    "approval_given": _leaves("approval"),
    "round_finished": _leaves(),
    "version_approved": _VERSION,
    "version_hurried": _VERSION,
    "version_confirmed": _leaves("version", "proposal"),
    "version_refused": _VERSION,
    "procedure_withdrawn": _leaves("procedure", "proposal"),
    "hearing_opened": _leaves("proposal"),
    "hearing_closed": _leaves("proposal"),
    "hearing_answered": _leaves(),
    "hearing_reminded": _leaves(),
    "remark_replied": _leaves(),
    "outsider_invited": _leaves("actor"),
    "link_revoked": _leaves(),
    "adopted": _ANSWER,
    "declined": _ANSWER,
    "found_not_relevant": _ANSWER,
    "kept_own_routine": _ANSWER,
    "ended": _ANSWER,
    "deferred": _ANSWER,
    "list_decided": _leaves(),
    "local_information_set": _leaves("local_value"),
    "addition_made": _leaves("addition", "words"),
    "addition_changed": _leaves("addition", "words"),
    "addition_dropped": _leaves("addition"),
    "standing_set": _leaves("standing_decision"),
    "standing_ended": _leaves("standing_decision"),
    "standing_not_followed": _leaves(),
    "preparation_assigned": _leaves(),
    "made_known": _leaves("made_known"),
    "inventory_taken": _leaves("inventory"),
    "reviewed": _leaves("review", "procedure"),
    "owner_set": _leaves("procedure"),
    "feedback_taken_up": _leaves("proposal_origin"),
    "wish_taken_up": _leaves("proposal_origin"),
    "target_set": _leaves("publication_target"),
    "target_ended": _leaves("publication_target"),
    "publishing_resumed": _leaves("publication_target"),
    "text_erased": _leaves("decision_text"),
    "writing_erased": _leaves("proposal"),
    "retention_run": _leaves(),
    "words_redacted": _leaves("words", "version", "section"),
    RECOVERED: _leaves(),
}
"""The tables whose rows follow from a decision, by its kind, beside those that follow from every decision."""


class Left(StrEnum):
    """What does not come back, and why, for whoever reads the answer. The words are in the catalogue `words`."""

    PEOPLE = "people"
    """Names, sign-in names and addresses stand nowhere but in the database."""
    TEXTS = "texts"
    """Reasons, comments, positions' references, what a change means: the chain knows a salted hash."""
    DRAFTS = "drafts"
    """The words of proposals that no network agreed to, and the open ones themselves."""
    HEARINGS = "hearings"
    """Who was heard, and what they answered."""
    READERS = "readers"
    """Feedback and wishes: what is said and not decided has no link."""
    INCOMING = "incoming"
    """Documents that were sent in, what was asked and answered of them, and where routines lay before."""
    LOCAL_INFORMATION = "local-information"
    """Values such as a duty telephone; that they were filled in, by whom and when is known."""
    TARGETS = "targets"
    """Where documents are published, and the receipts."""
    EXEMPT_WORDS = "exempt-words"
    """Words that are exempt from public access, where the repository that holds them is not there."""
    EXEMPT_ADDITIONS = "exempt-additions"
    """The words of additions to exempt routines: they are written in no repository."""
    REDACTED = "redacted"
    """What stood beside words that were redacted: a version's title, and which sections it had."""
    REQUESTS = "requests"
    """By what an act called twice is known: a second call of an act from before is refused, not answered."""
    WORK = "work"
    """Messages, and who had taken what on. What waits is asked for anew."""


EXPLAINS: Final[Mapping[Left, frozenset[str]]] = {
    Left.EXEMPT_WORDS: frozenset({"behind", "unreadable", "proposal"}),
}
"""
The faults that `verify` finds of a rebuilt library because something was left; there is no other.

That words were lost is no fault: the chain says which decision told so, and each row names it.
"""


@dataclass(frozen=True, slots=True)
class Table:
    """
    What becomes of a table: `left` when its rows do not come back, `columns` what is not as it was in those that do.

    A column with None for a reason is made anew, and may have another value for it: a number that the database gives to a
    row, or how far something that only repeats has come. `beside` is why some rows are not as they were: those that belong
    to words that are gone.
    """

    left: Left | None = None
    columns: Mapping[str, Left | None] = field(default_factory=dict)
    beside: Left | None = None


TABLES: Final[Mapping[str, Table]] = {
    "chain_head": Table(),
    "decision": Table(columns={"request": Left.REQUESTS}),
    "decision_text": Table(columns={"salt": Left.TEXTS, "text": Left.TEXTS, "erased_at": Left.TEXTS}),
    "outbox": Table(),
    "outbox_position": Table(
        columns=dict.fromkeys(("position", "mark", "attempts", "next_try_at", "last_error", "updated_at"))
    ),
    "dead_letter": Table(Left.WORK),
    "counter": Table(),
    "waiting": Table(Left.WORK),
    "notification": Table(Left.WORK),
    "person": Table(columns={"login": Left.PEOPLE, "name": Left.PEOPLE, "email": Left.PEOPLE}),
    "account": Table(Left.PEOPLE),
    "web_session": Table(Left.PEOPLE),
    "api_token": Table(Left.PEOPLE),
    "password_link": Table(Left.PEOPLE),
    "meeting_link": Table(Left.PEOPLE),
    "second_step": Table(Left.PEOPLE),
    "half_sign_in": Table(Left.PEOPLE),
    "connected_service": Table(Left.PEOPLE),
    "begun_elsewhere": Table(Left.PEOPLE),
    "letter": Table(Left.WORK),
    "letter_link": Table(Left.WORK),
    "letter_choice": Table(Left.PEOPLE),
    "calendar_feed": Table(Left.PEOPLE),
    "actor": Table(),
    "role_grant": Table(),
    "delegation": Table(columns={"reference": Left.TEXTS}),
    "proposal": Table(
        columns={
            "state": Left.DRAFTS, "closed_at": Left.DRAFTS, "text": Left.DRAFTS, "title": Left.DRAFTS,
            "significance": Left.DRAFTS, "conflicts": Left.DRAFTS, "meaning": Left.TEXTS, "access": Left.DRAFTS,
            "co_networks": Left.DRAFTS, "hidden_from_author": Left.DRAFTS,
        }
    ),
    "proposal_file": Table(Left.DRAFTS),
    "proposal_origin": Table(),
    "approval": Table(),
    "hearing": Table(Left.HEARINGS),
    "hearing_party": Table(Left.HEARINGS),
    "hearing_link": Table(Left.HEARINGS),
    "remark": Table(Left.HEARINGS),
    "publication_target": Table(
        columns=dict.fromkeys(
            ("name", "location", "ended_number", "manifest", "checked_at", "paused_at"), Left.TARGETS
        )
    ),
    "publication": Table(Left.TARGETS),
    "feedback": Table(Left.READERS),
    "wish": Table(Left.READERS),
    "wish_support": Table(Left.READERS),
    "unanswered_search": Table(Left.READERS),
    "barrier": Table(Left.READERS),
    "checklist_run": Table(Left.READERS),
    "checklist_helper": Table(Left.READERS),
    "checklist_mark": Table(Left.READERS),
    "incoming_document": Table(Left.INCOMING),
    "old_address": Table(Left.INCOMING),
    "collection": Table(Left.INCOMING),
    "collection_answer": Table(Left.INCOMING),
    "triage": Table(Left.INCOMING),
    "offer": Table(Left.INCOMING),
    "review": Table(),
    "library": Table(),
    "library_file": Table(),
    "municipality": Table(),
    "network": Table(),
    "table_retention": Table(),
    "words": Table(columns=dict.fromkeys(("git_blob", "store", "verified_at")), beside=Left.EXEMPT_WORDS),
    "procedure": Table(beside=Left.EXEMPT_WORDS),
    "version": Table(columns={"meaning": Left.TEXTS}, beside=Left.REDACTED),
    "section": Table(beside=Left.REDACTED),
    "attachment": Table(beside=Left.REDACTED),
    "adoption": Table(columns={"own_link": Left.TEXTS}),
    "in_force": Table(columns={"id": None}),
    "local_value": Table(),
    "addition": Table(),
    "standing_decision": Table(),
    "made_known": Table(),
    "inventory": Table(),
    "effective_document": Table(Left.TARGETS),
}  # fmt: skip
"""Every table there is."""
