"""The verbs of looking after a routine: review it, say who owns it, find what is due and what nobody looks after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, literal
from sqlmodel import col, exists, or_, select

from samrutine.actors import Actor, ActorId, Verb, network_body, reasons_against, roles_for
from samrutine.arguments import require_text
from samrutine.errors import InvalidRequest, VersionChanged
from samrutine.inbox.opening import close_waiting, tell, wait_for
from samrutine.networks.directory import get_actor, get_network_id
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.procedures.review import (
    CHANGE_AFTER_REVIEW,
    NOTICE_DAYS,
    DueReview,
    Orphan,
    ReviewOutcome,
    next_review_after,
    reasons_against_looking_after,
    reasons_against_owners,
)
from samrutine.procedures.whereabouts import WhereToGo, where_to_go
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import ActorRow, PersonRow, ProcedureRow, ReviewRow, RoleGrantRow
from samrutine.storage.sql import Database

LONGEST_NOTE: Final = 1_000
"""Characters in what was found in a review."""

LONGEST_NOTICE: Final = 3_650
"""Days ahead that one may ask for what is due: ten years."""

DAYS_TO_CHANGE: Final = 90
"""How long a network has to propose the change that a review found. Our choice; no law gives a number."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A network looked a routine through. `next_review` is when it does so again."""

    procedure: ProcedureId
    version: VersionNumber
    outcome: ReviewOutcome
    reviewed_on: date
    next_review: date
    network: str
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class OwnerSet:
    """Somebody looks after a routine from now on; None where nobody does."""

    procedure: ProcedureId
    owner: ActorId | None
    deputy: ActorId | None
    number: int
    projected: bool


class Reviewing:
    """Looking after routines."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def review(
        self, procedure: ProcedureId, *, version: VersionNumber, outcome: ReviewOutcome, note: str | None, by: ActorId,
        now: datetime, decision_id: DecisionId,
    ) -> Reviewed:  # fmt: skip
        """
        Decide that the network has looked a routine through: unchanged, or to be changed.

        Unchanged, it is due again a whole interval from today. To be changed, its day stands, and the change waits for the
        network until a new version is faglig godkjent or a later review finds it well.

        Args:
            version: The one that was looked through: what was read is what is reviewed.
            note: What was found: 1,000 characters at most. May be erased later; the chain still holds.

        Raises:
            ProcedureNotFound: There is none of that id.
            VersionChanged: Another version is the newest. Read that one.
            Refused: The routine is withdrawn, or the note looks as if it held personal data.
            NotAllowed: Only the leader of the network that owns it, or the editor.
        """
        said = require_text("note", note or "", longest=LONGEST_NOTE).strip() or None
        request = {"procedure": procedure, "version": str(version), "outcome": outcome.value}
        with self._decisions.act(decision_id, "review", request, by=by, now=now, texts={"note": said}) as act:
            if not act.is_repeat:
                self._review(act, procedure, version, outcome)
        made = act.decisions[0]
        facts = made.facts
        return Reviewed(
            procedure, VersionNumber.parse(facts["version"]), ReviewOutcome(facts["outcome"]),
            date.fromisoformat(facts["on"]), date.fromisoformat(facts["next_review"]), facts["network"], made.number,
            act.projected,
        )  # fmt: skip

    @staticmethod
    def _review(act: Act, procedure: ProcedureId, version: VersionNumber, outcome: ReviewOutcome) -> None:
        session = act.session
        row, _, role = _looked_after(act, procedure)
        newest = VersionNumber(row.major, row.minor)
        if version != newest:
            raise VersionChanged(procedure=procedure, version=version, current=newest)
        following = next_review_after(
            outcome, planned=row.next_review, today=act.today, interval_months=row.review_interval_months
        )
        decision = act.record(
            "reviewed", body=network_body(row.network), role=role, subject=procedure,
            facts={"procedure": procedure, "version": str(version), "digest": row.digest, "outcome": outcome.value,
                   "on": act.today.isoformat(), "next_review": following.isoformat(), "network": row.network},
            touches=(f"procedure:{procedure}",),
        )  # fmt: skip
        row.next_review = following
        session.add(row)
        session.add(
            ReviewRow(
                decided_number=decision.number, procedure_id=procedure, version=str(version), outcome=outcome.value,
                reviewed_on=act.today, next_review=following, network=row.network,
            )
        )  # fmt: skip
        subject = f"procedure:{procedure}"
        close_waiting(session, subject, decision.number, body=network_body(row.network), what=[CHANGE_AFTER_REVIEW])
        if outcome is ReviewOutcome.TO_CHANGE:
            wait_for(
                act, network_body(row.network), CHANGE_AFTER_REVIEW, subject, verb=Verb.SEND,
                key=f"{procedure}:{decision.number}", due_on=act.today + timedelta(days=DAYS_TO_CHANGE),
                owner=ActorId(row.owner_actor) if row.owner_actor else None,
            )  # fmt: skip
        told = (row.owner_actor or "", row.deputy_actor or "")
        tell(act, f"reviewed-{outcome.value}", subject, bodies=[(network_body(row.network), None)], actors=told)

    def set_owner(
        self, procedure: ProcedureId, *, owner: str | None, deputy: str | None, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> OwnerSet:  # fmt: skip
        """
        Say who looks after a routine for its network, and who steps in; None for nobody.

        Args:
            owner: Actor id or sign-in name of somebody with a role in the network today.
            deputy: The same; another than the owner.

        Raises:
            ProcedureNotFound, PersonNotFound: As they say.
            Refused: One of them has no role in the network today, they are the same, or the routine is withdrawn.
            NotAllowed: Only the leader of the network that owns it, or the editor.
        """
        with self._database.reading() as session:
            named = {place: get_actor(session, who).id for place, who in (("owner", owner), ("deputy", deputy)) if who}
        request = {"procedure": procedure, **named}
        with self._decisions.act(decision_id, "set_owner", request, by=by, now=now) as act:
            if not act.is_repeat:
                row, _, role = _looked_after(act, procedure)
                who: dict[str, Actor] = {place: get_actor(act.session, one) for place, one in named.items()}
                refuse(reasons_against_owners(procedure, row.network, who, act.today))
                before = {row.owner_actor, row.deputy_actor}
                act.record(
                    "owner_set", body=network_body(row.network), role=role, subject=procedure,
                    facts={"procedure": procedure, "owner": named.get("owner"), "deputy": named.get("deputy"),
                           "network": row.network},
                )  # fmt: skip
                row.owner_actor, row.deputy_actor = named.get("owner"), named.get("deputy")
                act.session.add(row)
                subject = f"procedure:{procedure}"
                tell(act, "you-look-after", subject, actors=[one for one in named.values() if one not in before])
                tell(
                    act, "you-look-after-no-more", subject,
                    actors=[one for one in sorted(filter(None, before)) if one not in named.values()],
                )  # fmt: skip
        made = act.decisions[0]
        return OwnerSet(procedure, made.facts["owner"], made.facts["deputy"], made.number, act.projected)

    def due_for_review(
        self, *, today: date, network: str | None = None, notice_days: int = NOTICE_DAYS,
        hidden: frozenset[str] = frozenset(),
    ) -> Sequence[DueReview]:  # fmt: skip
        """
        Give the routines that must be looked through, the most overdue first; withdrawn ones are skipped.

        Args:
            today: The day to judge from, a day in Norway.
            network: Only that network's.
            notice_days: How long before its day a review counts as due. Whole days, 0 to ten years.
            hidden: Routines that the reader may not know of.

        Returns:
            One entry for each. Equal days keep the order of the ids, so that two runs give the same list.

        Raises:
            NetworkNotFound: There is none of that id.
            InvalidRequest: The notice cannot be right.
        """
        if not 0 <= notice_days <= LONGEST_NOTICE:
            raise InvalidRequest(what="notice_days", value=notice_days, expected=f"0–{LONGEST_NOTICE}")
        with self._database.reading() as session:
            query = select(ProcedureRow).where(
                col(ProcedureRow.withdrawn_number).is_(None),
                ProcedureRow.next_review <= today + timedelta(days=notice_days),
            )
            if network is not None:
                query = query.where(ProcedureRow.network == get_network_id(session, network))
            rows = session.exec(query.order_by(col(ProcedureRow.next_review), col(ProcedureRow.id)))
            return [
                DueReview(
                    ProcedureId(row.id), row.title, row.network, VersionNumber(row.major, row.minor), row.next_review,
                    (row.next_review - today).days,
                )
                for row in rows
                if row.id not in hidden
            ]  # fmt: skip

    def orphans(self, *, today: date, hidden: frozenset[str] = frozenset()) -> Sequence[Orphan]:
        """
        Give the routines that nobody looks after, by title.

        Nobody: neither owner nor deputy is named, or they are erased, or have no role in the routine's network on the day,
        without which `set_owner` would not take them.

        Args:
            today: The day to judge from, a day in Norway.
            hidden: Routines that the reader may not know of.
        """
        with self._database.reading() as session:
            row = ProcedureRow
            query = select(row).where(
                col(row.withdrawn_number).is_(None),
                ~or_(_is_here(col(row.owner_actor), today), _is_here(col(row.deputy_actor), today)),
            )
            return [
                Orphan(
                    ProcedureId(one.id), one.title, one.network, one.next_review,
                    had_owner=bool(one.owner_actor or one.deputy_actor),
                )
                for one in session.exec(query.order_by(col(row.sort_title), col(row.id)))
                if one.id not in hidden
            ]  # fmt: skip

    def where_to_go(self, procedure: ProcedureId, *, hidden: frozenset[str] = frozenset()) -> WhereToGo:
        """
        Say what became of a routine: it stands, is withdrawn, is replaced by another, or was never there.

        Args:
            hidden: Routines that the reader may not know of.

        Returns:
            The routine that stands in its place now, however many steps lie between.
        """
        with self._database.reading() as session:
            return where_to_go(session, procedure, hidden=hidden)


def _looked_after(act: Act, procedure: ProcedureId) -> tuple[ProcedureRow, Actor, str]:
    """Give a routine that the actor may look after, and in which role; refuse otherwise."""
    row = Eyes.of(act).procedure(procedure)
    actor = get_actor(act.session, act.by)
    body = network_body(row.network)
    refuse(reasons_against(actor, Verb.SEND, body, act.today))
    refuse(reasons_against_looking_after(procedure, is_withdrawn=row.withdrawn_number is not None))
    return row, actor, roles_for(actor, Verb.SEND, body, act.today)[0]


def _is_here(actor: Any, today: date) -> "ColumnElement[bool]":
    """Whether somebody is named there who is not erased and holds a role in the routine's network on the day."""
    return (
        exists()
        .where(
            col(RoleGrantRow.actor_id) == actor,
            col(RoleGrantRow.body) == literal(network_body("")) + col(ProcedureRow.network),
            col(RoleGrantRow.from_on) <= today,
            col(RoleGrantRow.ended_number).is_(None),
            or_(col(RoleGrantRow.until_on).is_(None), col(RoleGrantRow.until_on) > today),
            col(ActorRow.id) == actor, col(PersonRow.id) == col(ActorRow.person_id), col(PersonRow.erased_at).is_(None),
        )
    )  # fmt: skip
