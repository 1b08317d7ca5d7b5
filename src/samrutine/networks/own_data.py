"""Everything that the library holds about one person, for themself: the person's right to see it, in one value."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, SQLModel, col, select

from samrutine.actors import LIBRARY, Actor, Verb, reasons_against
from samrutine.networks.directory import get_actor
from samrutine.procedures.access_rules import Reader, may_read
from samrutine.procedures.model import AccessClass
from samrutine.reasons import refuse
from samrutine.storage.rows import ActorRow, DecisionTextRow, PersonRow

PLACES: Final[Mapping[str, str]] = {
    "roles": "role_grant.actor_id",
    "delegations": "delegation.actor_id",
    "decisions": "decision.actor_id",
    "approvals": "approval.actor_id",
    "made_known": "made_known.actor_id",
    "looks_after": "procedure.owner_actor",
    "looks_after_as_deputy": "procedure.deputy_actor",
    "proposals": "proposal.author_actor",
    "remarks": "remark.actor_id",
    "hearing_links": "hearing_link.actor_id",
    "feedback": "feedback.actor_id",
    "feedback_answered": "feedback.answered_by",
    "wishes": "wish.actor_id",
    "wishes_answered": "wish.answered_by",
    "wishes_supported": "wish_support.actor_id",
    "documents": "incoming_document.received_by",
    "documents_decided": "incoming_document.decided_by",
    "collections": "collection.asked_by",
    "collections_closed": "collection.closed_by",
    "collections_answered": "collection_answer.actor_id",
    "documents_triaged": "triage.actor_id",
    "barriers": "barrier.actor_id",
    "barriers_answered": "barrier.answered_by",
    "checklists_opened": "checklist_run.opened_by",
    "checklists_kept": "checklist_run.keeper",
    "checklists_helped": "checklist_helper.actor_id",
    "checklist_points": "checklist_mark.actor_id",
    "notifications": "notification.actor_id",
    "waiting": "waiting.owner_actor",
    "account": "account.actor_id",
    "signed_in": "web_session.actor_id",
    "programs": "api_token.actor_id",
    "password_link": "password_link.actor_id",
    "password_links_made": "password_link.made_by",
    "meetings": "meeting_link.made_by",
    "second_step": "second_step.actor_id",
    "signing_in": "half_sign_in.actor_id",
    "connected": "connected_service.actor_id",
    "connecting": "begun_elsewhere.actor_id",
    "letters": "letter.actor_id",
    "letter_links": "letter_link.actor_id",
    "letters_wanted": "letter_choice.actor_id",
    "calendar": "calendar_feed.actor_id",
}
"""Every column that holds somebody's actor id, by the name it has in the answer. A test finds those that are missing."""

NOT_GIVEN: Final = frozenset(
    {
        # How the chain and the register hold it, which says nothing of the person.
        *("record", "hash", "request", "act_id", "register_folder", "policy", "conflicts"),
        # What lets whoever has it answer in another's name.
        *("secret_hash", "password_hash", "secret", "recovery_codes"),
    }
)

WORDS: Final = frozenset({"text", "title", "meaning", "digest", "base_digest"})
"""Of a proposal, what tells its words: left out where they are others' and the person may not read them."""


def own_data(session: Session, who: str, *, by: str, today: date) -> Mapping[str, object]:
    """
    Give everything that is held about a person, as a value that can be written as JSON: lists of rows by name.

    What others wrote about the matter is not the person's own: of a decision they see their own reasons, of feedback they
    gave the answer they got. Of a proposal that others' exempt words came into, which its author may not read, no word is
    given.

    Args:
        who: Actor id or sign-in name.
        by: The person themself, or the editor.
        today: The day in Norway.

    Raises:
        PersonNotFound: There is nobody of that id or name.
        NotAllowed: Neither the person nor the editor.
    """
    actor, asks = get_actor(session, who), get_actor(session, by)
    if actor.id != asks.id:
        refuse(reasons_against(asks, Verb.KEEP_ORDER, LIBRARY, today))
    person = session.exec(
        select(PersonRow).join(ActorRow, col(ActorRow.person_id) == col(PersonRow.id)).where(ActorRow.id == actor.id)
    ).one()
    found: dict[str, object] = {
        "actor": actor.id,
        "person": {name: _plain(value) for name, value in person.model_dump().items()},
    }
    for name, place in PLACES.items():
        rows = _rows(session, place, actor.id)
        if name == "proposals":
            rows = [row if _may_read(actor, row, today) else _without_words(row) for row in rows]
        if name == "decisions":
            rows = [{**row, "texts": _texts(session, row["number"])} for row in rows]
        found[name] = rows
    return found


def _rows(session: Session, place: str, actor: str) -> list[dict[str, object]]:
    table_name, _, column = place.partition(".")
    table = SQLModel.metadata.tables[table_name]
    query = table.select().where(table.c[column] == actor).order_by(*table.primary_key.columns)
    return [
        {name: _plain(value) for name, value in row.items() if name not in NOT_GIVEN}
        for row in session.connection().execute(query).mappings()
    ]


def _may_read(actor: Actor, row: Mapping[str, object], today: date) -> bool:
    """Whether a person may read their own proposal: others' exempt words may have come into it."""
    access, networks = AccessClass(str(row["access"] or AccessClass.OPEN)), f"{row['network']} {row['co_networks']}"
    return not row["hidden_from_author"] or may_read(Reader(actor), access, networks.split(), today)


def _without_words(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in WORDS}


def _texts(session: Session, number: object) -> dict[str, str | None]:
    texts = session.exec(select(DecisionTextRow).where(DecisionTextRow.number == number))
    return {one.name: one.text for one in texts}


def _plain(value: object) -> object:
    """Give a value as JSON has it: days and instants as ISO text, the bytes of a text as the text."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", errors="replace")
        case _:
            return value
