"""Erase a person: the name, the sign-in and the address, in the one row where they lie."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session, col, select

from samrutine.actors import LIBRARY, Actor, ActorId, Role, Verb, reasons_against, roles_for
from samrutine.arguments import require_text
from samrutine.days import norwegian_day
from samrutine.errors import InvalidRequest, PersonNotFound
from samrutine.identity.service import forget
from samrutine.identity.tokens import forget_tokens
from samrutine.letters.people import forget_letters
from samrutine.messages import say
from samrutine.networks.directory import get_actor, get_actor_id, people_known
from samrutine.networks.model import names_somebody
from samrutine.networks.service import reasons_against_leaving
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import (
    ActorRow,
    DecisionRow,
    DelegationRow,
    NotificationRow,
    PersonRow,
    RoleGrantRow,
    WaitingRow,
)
from samrutine.storage.sql import Database

LONGEST_REASON: Final = 1_000
"""Characters in why somebody is erased."""

SAID: Final = frozenset(
    {
        *("proposed", "withdrawal_proposed", "proposal_revised", "proposal_refreshed", "proposal_withdrawn"),
        *("hearing_answered", "person_erased"),
    }
)
"""Decisions by which nobody decides for a body: what was written, answered or asked for. All other kinds decide."""


@dataclass(frozen=True, slots=True)
class PersonErased:
    """A person is erased. `kept_name` says that the name stands, because they decided."""

    actor: ActorId
    kept_name: bool
    roles_ended: int
    number: int
    projected: bool


@dataclass(frozen=True)
class DecidedSoNameIsKept(Because):
    """
    Who decided for a body is a part of what was decided, and is kept with it.

    Places: how many decisions, and the day of the last. There is no day on which they end: they are the municipalities'
    archive.
    """

    decisions: int
    last: date

    def places_in(self, language: str) -> dict[str, object]:
        """Give the number in words: «én beslutning», «3 beslutninger»."""
        form = "one" if self.decisions == 1 else "other"
        counted = say(f"words.counted.decisions_{form}", language, count=self.decisions)
        return {"decisions": counted, "last": self.last}


@dataclass(frozen=True)
class ErasedBefore(Because):
    """There is nothing left of the person to erase."""


class Erasure:
    """Erasing people."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def erase_person(
        self, who: str, *, reason: str, keep_name: bool, by: str, now: datetime, decision_id: DecisionId
    ) -> PersonErased:
        """
        Erase a person's name, sign-in name and e-mail address, and end their roles and delegations.

        What they wrote and answered stands under an actor id that nobody can lead back to them. Whoever decided for a
        municipality, a network or the library keeps the name, since it is a part of what was decided: for them only the
        sign-in and the address are erased.

        Args:
            who: Actor id or sign-in name.
            reason: Why: 1 to 1,000 characters. Kept with the decision, so it must not name anybody; may be erased later.
            keep_name: Leave the name, and erase the sign-in and the address.
            by: The person themself, or the editor.

        Raises:
            PersonNotFound: There is nobody of that id or name.
            Refused: They decided, and the name is to go; they are erased already; or they are the only editor.
            NotAllowed: Neither the person nor the editor.
        """
        why = require_text("reason", reason, longest=LONGEST_REASON, may_be_empty=False).strip()
        whose, actor_id = self._who(who, by, decision_id)
        request = {"who": whose, "keep_name": keep_name}
        with self._decisions.act(
            decision_id, "erase_person", request, by=actor_id, now=now, texts={"reason": why}, frees=True
        ) as act:
            if not act.is_repeat:
                self._erase(act, whose, keep_name=keep_name, why=why)
        made = act.decisions[0]
        return PersonErased(
            ActorId(made.facts["actor"]), made.facts["kept_name"], made.facts["roles_ended"], made.number, act.projected
        )

    def require_erasable(
        self, who: str, *, reason: str, keep_name: bool, by: str, today: date, decision_id: DecisionId
    ) -> None:
        """
        Ask whether somebody may be erased, and change nothing: raises whatever `erase_person` would; None where it would erase.

        Whoever is to say yes to what cannot be undone is told first that it will be refused. An erasure that was made with this
        decision's id before would be answered again, so it is not refused here either.
        """
        why = require_text("reason", reason, longest=LONGEST_REASON, may_be_empty=False).strip()
        whose, actor_id = self._who(who, by, decision_id)
        with self._database.reading() as session:
            if session.exec(select(DecisionRow.id).where(DecisionRow.id == decision_id)).first() is None:
                _require_erasable(session, whose, by=actor_id, keep_name=keep_name, why=why, today=today)

    def _who(self, who: str, by: str, decision_id: DecisionId) -> tuple[ActorId, ActorId]:
        """Give both by id. A sign-in name leads nowhere once it is erased, so a second call asks the decision itself."""
        with self._database.reading() as session:
            made = session.exec(
                select(DecisionRow).where(DecisionRow.id == decision_id, DecisionRow.kind == "person_erased")
            ).first()
            if made is None:
                return get_actor_id(session, who), get_actor_id(session, by)
            whose = ActorId(json.loads(made.record)["facts"]["actor"])
            return _again(session, who, whose, made.number), _again(session, by, ActorId(made.actor_id), made.number)

    @staticmethod
    def _erase(act: Act, whose: ActorId, *, keep_name: bool, why: str) -> None:
        session, actor = act.session, get_actor(act.session, act.by)
        person = _require_erasable(session, whose, by=act.by, keep_name=keep_name, why=why, today=act.today)
        grants = session.exec(
            select(RoleGrantRow).where(RoleGrantRow.actor_id == whose, col(RoleGrantRow.ended_number).is_(None))
        ).all()
        delegations = session.exec(
            select(DelegationRow).where(DelegationRow.actor_id == whose, col(DelegationRow.ended_number).is_(None))
        ).all()
        decision = act.record(
            "person_erased", body=LIBRARY, role=_role(actor, whose, act),
            facts={"actor": whose, "kept_name": keep_name, "roles_ended": len(grants)},
        )  # fmt: skip
        ended: list[RoleGrantRow | DelegationRow] = [*grants, *delegations]
        for row in ended:
            row.ended_number = decision.number
            session.add(row)
        person.login, person.email, person.erased_at = None, None, act.now
        person.name = person.name if keep_name else None
        session.add(person)
        for waiting in session.exec(select(WaitingRow).where(WaitingRow.owner_actor == whose)):
            waiting.owner_actor = None
            session.add(waiting)
        for told in session.exec(select(NotificationRow).where(NotificationRow.actor_id == whose)):
            session.delete(told)
        forget(session, whose)
        forget_tokens(session, whose)
        forget_letters(session, whose)


def _require_erasable(
    session: Session, whose: ActorId, *, by: ActorId, keep_name: bool, why: str, today: date
) -> PersonRow:
    """Refuse what may not be erased, in this way, by this person, for this reason; gives the person who may."""
    person = _person(session, whose)
    if whose != by:
        refuse(reasons_against(get_actor(session, by), Verb.KEEP_ORDER, LIBRARY, today))
    if names_somebody(why, people_known(session)):
        # The reason is kept with the decision: a name in it would come through the erasure.
        raise InvalidRequest(what="reason", value="…", expected="sluttet")
    refuse(_reasons_against_erasing(session, person, whose, today, keep_name=keep_name))
    return person


def _reasons_against_erasing(
    session: Session, person: PersonRow, whose: ActorId, today: date, *, keep_name: bool
) -> list[Because]:
    """Say why this person may not be erased in this way; empty means they may."""
    if person.name is None or (keep_name and person.erased_at is not None):
        return [ErasedBefore()]
    reasons = reasons_against_leaving(session, whose, today)
    decided = decided_by(session, whose)
    if decided and not keep_name:
        last = norwegian_day(max(row.decided_at for row in decided))
        reasons.append(DecidedSoNameIsKept(len(decided), last))
    return reasons


def decided_by(session: Session, actor: str) -> list[DecisionRow]:
    """Give what somebody decided for a body, by number; what they only said or wrote, and did as an employee, is not."""
    rows = session.exec(
        select(DecisionRow)
        .where(
            DecisionRow.actor_id == actor,
            DecisionRow.role != Role.EMPLOYEE.value,
            col(DecisionRow.kind).not_in(SAID),
        )
        .order_by(col(DecisionRow.number))
    )
    return list(rows)


def _again(session: Session, who: str, known: ActorId, number: int) -> ActorId:
    """Give whom an earlier call meant: a sign-in name may since lead nowhere, or to somebody who got it later."""
    try:
        found = get_actor_id(session, who)
    except PersonNotFound:
        return known
    created = session.get_one(ActorRow, found).created_number
    return known if who != found and created is not None and created > number else found


def _person(session: Session, actor: str) -> PersonRow:
    return session.exec(
        select(PersonRow).join(ActorRow, col(ActorRow.person_id) == col(PersonRow.id)).where(ActorRow.id == actor)
    ).one()


def _role(actor: Actor, whose: ActorId, act: Act) -> Role:
    """Give the role in which somebody erases: the editor's for another, and for oneself whichever one has."""
    verb = Verb.PROPOSE if whose == act.by else Verb.KEEP_ORDER
    return next(iter(roles_for(actor, verb, LIBRARY, act.today)), Role.EMPLOYEE)
