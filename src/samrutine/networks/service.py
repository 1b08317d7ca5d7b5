"""The verbs about people: who is in the library, in which roles, with which delegations."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session, col, or_, select

from samrutine.actors import (
    LIBRARY,
    Actor,
    ActorId,
    Delegation,
    Grant,
    Role,
    Verb,
    belongs,
    body_in_words,
    municipality_body,
    network_body,
    reasons_against,
    roles_for,
)
from samrutine.arguments import LONGEST_NAME, is_email, require_text
from samrutine.errors import DaysInWrongOrder, DecisionIdReused, InvalidRequest, LoginTaken, NotAllowed, PersonNotFound
from samrutine.inbox.opening import tell
from samrutine.messages import word
from samrutine.networks.directory import get_actor, get_municipality, get_network_id, people_known
from samrutine.networks.model import names_somebody
from samrutine.procedures.model import DecisionLevel
from samrutine.procedures.personal_data import PersonalData, personal_data
from samrutine.reasons import Because, refusal, refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions, decision_of
from samrutine.storage.rows import ActorRow, DecisionRow, DelegationRow, PersonRow, RoleGrantRow
from samrutine.storage.sql import Database

LOGIN: Final = re.compile(r"[a-z0-9æøå][a-z0-9æøå.@_+-]{0,59}")


@dataclass(frozen=True, slots=True)
class PersonAdded:
    """A person got a name in the library. No role yet."""

    actor: ActorId
    login: str
    number: int


@dataclass(frozen=True, slots=True)
class RoleGranted:
    """A person holds a role in a body from a day."""

    actor: ActorId
    role: Role
    body: str
    from_on: date
    number: int
    is_deputy: bool = False


@dataclass(frozen=True, slots=True)
class Delegated:
    """A person may decide use in a municipality on a level."""

    actor: ActorId
    municipality: str
    level: DecisionLevel
    position: str
    number: int
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class RoleRevoked:
    """A person no longer holds a role in a body."""

    actor: ActorId
    role: Role
    body: str
    number: int


@dataclass(frozen=True)
class _AboutRole:
    """About a role in a body, which is told by its name where somebody knows it."""

    role: str
    body: str
    named: str | None = None

    def places_in(self, language: str) -> dict[str, object]:
        """Give the role and the body in words."""
        body = self.named or body_in_words(self.body, language)
        return {"role": word("role", self.role, language), "body": body}


@dataclass(frozen=True)
class RoleNotHeld(_AboutRole, Because):
    """There is no such role to take back."""


@dataclass(frozen=True)
class RoleHeldAlready(_AboutRole, Because):
    """The person holds the role there on just those days, and a second would only have to be taken back twice."""


@dataclass(frozen=True)
class NobodyToStandInFor(_AboutRole, Because):
    """A deputy stands in for one who holds the same role in the same body, and is none themself."""


@dataclass(frozen=True)
class NobodyToGiveTo(Because):
    """Only a person who is in the library can have a role: not one who was erased, nor the owner of a personal link."""

    actor: str


@dataclass(frozen=True)
class DelegationToOneself(Because):
    """Nobody gives themself the right to decide: another responsible person or the editor does it."""

    about_who = True

    municipality: str


@dataclass(frozen=True)
class LastEditor(Because):
    """Without an editor nobody could let people in, settle anything or put things right."""


@dataclass(frozen=True, slots=True)
class Person:
    """
    A person as shown to those who manage people.

    `roles` and `delegations` are those that were not taken back, in short; `grants` and `registered` are the same with
    their days, ids, and whom a deputy stands in for.
    """

    actor: ActorId
    login: str | None
    name: str | None
    roles: tuple[tuple[Role, str], ...]
    delegations: tuple[tuple[str, str, str], ...]
    grants: tuple[Grant, ...] = ()
    registered: tuple[Delegation, ...] = ()


class People:
    """People and what they may do."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def add_person(
        self, login: str, name: str, *, email: str | None, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> PersonAdded:
        """
        Add a person, without any role.

        The name and the address lie in one row that can be erased; everything else knows an opaque actor id. The
        editor may add anybody; a municipality's responsible person may add too, and then grant roles in their own
        municipality.

        Raises:
            NotAllowed: Neither editor nor responsible.
            LoginTaken: Somebody else signs in by that name.
            InvalidRequest: The sign-in name is empty or not of letters, digits and what stands in an address of e-mail.
        """
        require_name(login, name, email)
        with self._decisions.act(decision_id, "add_person", {}, by=by, now=now) as act:
            if act.is_repeat:
                require_same_person(act, login, name, email)
            else:
                record_person(act, login, name, email)
        made = act.decisions[0]
        return PersonAdded(ActorId(made.facts["actor"]), login, made.number)

    def grant(
        self, who: str, role: Role, body: str, *, from_on: date | None, until_on: date | None, deputy_of: str | None = None,
        by: ActorId, now: datetime, decision_id: DecisionId,
    ) -> RoleGranted:  # fmt: skip
        """
        Give a person a role in a municipality, a network or the library, perhaps in another's place.

        A deputy has all the rights of the role from the first day to the last, whether or not the other is there. The
        deputy's role does not end with the other's: it ends on its own day, or is taken back.

        Args:
            who: Actor id or sign-in name.
            role: Municipal roles go with a municipality, network roles with a network, editor with the library.
            body: `municipality:1841`, `network:smittevern` or `library`.
            from_on: First day, a day in Norway; today when None.
            until_on: The day after the last; None for no end.
            deputy_of: Whose place is taken: actor id, sign-in name, or the id of that person's grant.

        Raises:
            Refused: The one to stand in for does not hold that role there on the first day, or is a deputy too; or whoever
                would get it is erased, or no person.
            NotAllowed: Only the editor grants in networks and the library; a responsible person in their own
                municipality.
            InvalidRequest: The role does not belong to such a body.
        """
        with self._database.reading() as session:
            receiver_id = _known_to(session, decision_id, who)
            stands_for = _stands_for(session, decision_id, deputy_of)
        request = {"who": receiver_id, "role": role, "body": body, "from": str(from_on), "until": str(until_on)}
        if stands_for is not None:
            # Only then, so that a request of the first release still is the same request.
            request["deputy_of"] = stands_for
        with self._decisions.act(decision_id, "grant", request, by=by, now=now) as act:
            if not act.is_repeat:
                actor = get_actor(act.session, by)
                kind, _, which = body.partition(":")
                if kind == "municipality":
                    # A body is compared as it is written, so only the number may stand there, whatever was typed.
                    body = municipality_body(get_municipality(act.session, which).number)
                elif kind == "network":
                    body = network_body(get_network_id(act.session, which))
                if reasons := reasons_against(actor, Verb.MANAGE_PEOPLE, body, act.today):
                    raise NotAllowed(reasons)
                if not belongs(role, body):
                    raise InvalidRequest(what="role", value=role.value, expected=body)
                refuse(_against_giving(act.session, receiver_id))
                receiver = get_actor(act.session, receiver_id)
                first = from_on or act.today
                _require_some_days(first, until_on)
                place = None
                if stands_for is not None:
                    place = _place_of(act.session, stands_for, receiver.id, role, body, first)
                if any(
                    (one.role, one.body, one.until_on, one.deputy_of) == (role, body, until_on, place)
                    and one.from_on <= first
                    for one in receiver.grants
                ):
                    refuse([RoleHeldAlready(role.value, body)])
                grant = Grant(role, body, first, until_on, deputy_of=place)
                record_role(act, receiver.id, grant, roles_for(actor, Verb.MANAGE_PEOPLE, body, act.today)[0])
        made = act.decisions[0]
        known = made.facts
        return RoleGranted(
            ActorId(known["actor"]), Role(known["role"]), made.body, date.fromisoformat(known["from"]), made.number,
            "deputy_of" in known,
        )  # fmt: skip

    def delegate(
        self, who: str, municipality: str, level: DecisionLevel, position: str, *, from_on: date | None,
        until_on: date | None, reference: str | None, by: ActorId, now: datetime, decision_id: DecisionId,
    ) -> Delegated:  # fmt: skip
        """
        Register that a person may decide use on a level in a municipality, and make them a decider there on those days.

        Args:
            position: The position under which it is held («kommunalsjef helse og omsorg»): what documents print, never
                a name.
            until_on: The day after the last; when None no end, but for a deputy, whose delegation ends with the place.
            reference: Where the delegation stands, such as the delegation rules' paragraph or a case number. Erasable.

        Raises:
            Refused: Whoever would get it is erased, or no person.
            NotAllowed: Neither editor nor responsible in that municipality; or the responsible person would give it to
                themself.
            InvalidRequest: The position is empty, too long, or looks like a person rather than a position.
            MunicipalityNotFound, PersonNotFound: As they say.
        """
        position = " ".join(require_text("position", position, longest=LONGEST_NAME, may_be_empty=False).split())
        if personal_data(position) or any(one.isdigit() for one in position):
            # It stands in the chain and on every document for ever, so it must be a position, never a person.
            raise InvalidRequest(what="position", value="…", expected="kommunalsjef helse og omsorg")
        with self._database.reading() as session:
            receiver_id = _known_to(session, decision_id, who)
        request = {
            "who": receiver_id, "municipality": municipality, "level": level, "position": position,
            "from": str(from_on), "until": str(until_on),
        }  # fmt: skip
        with self._decisions.act(
            decision_id, "delegate", request, by=by, now=now, texts={"reference": reference}
        ) as act:
            if not act.is_repeat:
                where = get_municipality(act.session, municipality)
                body = municipality_body(where.number)
                actor = get_actor(act.session, by)
                if reasons := reasons_against(actor, Verb.MANAGE_PEOPLE, body, act.today):
                    raise NotAllowed(reasons)
                refuse(_against_giving(act.session, receiver_id))
                if receiver_id == by and LIBRARY not in {one.body for one in actor.grants if one.holds_on(act.today)}:
                    refuse([DelegationToOneself(where.name)])
                if names_somebody(position, people_known(act.session)):
                    raise InvalidRequest(what="position", value="…", expected="kommunalsjef helse og omsorg")
                receiver = get_actor(act.session, receiver_id)
                first = from_on or act.today
                until_on = until_on or _deputys_end(receiver, body, first)
                _require_some_days(first, until_on)
                # A decider today may be none on the days that the delegation is for.
                makes_decider = not any(
                    one.role is Role.DECIDER and one.body == body and one.covers(first, until_on)
                    for one in receiver.grants
                )
                facts = {
                    "actor": receiver.id, "municipality": where.number, "level": level.value, "position": position,
                    "from": first.isoformat(), "until": until_on.isoformat() if until_on else None,
                    "makes_decider": makes_decider,
                }  # fmt: skip
                role = roles_for(actor, Verb.MANAGE_PEOPLE, body, act.today)[0]
                decision = act.record("delegated", body=body, role=role, facts=facts)
                act.session.add(
                    DelegationRow(
                        id=opaque("d", decision_id), municipality=where.number, actor_id=receiver.id, level=level.value,
                        position=position, reference=reference, from_on=first, until_on=until_on,
                        decided_number=decision.number,
                    )
                )  # fmt: skip
                tell(act, "delegated", body, actors=[receiver.id])
                # Who decides there already must know who else does.
                deciders = _who_decide(act.session, body, act.today) - {receiver.id}
                tell(act, "delegated-another", body, actors=deciders)
                if makes_decider:
                    act.session.add(
                        RoleGrantRow(
                            id=opaque("r", decision_id), actor_id=receiver.id, body=body, role=Role.DECIDER.value,
                            from_on=first, until_on=until_on, decided_number=decision.number,
                        )
                    )  # fmt: skip
        made = act.decisions[0]
        known = made.facts
        return Delegated(
            ActorId(known["actor"]),
            known["municipality"],
            DecisionLevel(known["level"]),
            known["position"],
            made.number,
            date.fromisoformat(known["until"]) if known["until"] else None,
        )

    def revoke(
        self, who: str, role: Role, body: str, *, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> RoleRevoked:
        """
        Take a role in a body back from a person, from now on. A decider's delegations there end with it.

        What they decided stands, and so do their names on it.

        Raises:
            Refused: They do not hold that role there, or are the library's only editor.
            NotAllowed: As `grant`.
        """
        with self._database.reading() as session:
            holder_id = _known_to(session, decision_id, who)
        request = {"who": holder_id, "role": role, "body": body}
        with self._decisions.act(decision_id, "revoke", request, by=by, now=now) as act:
            if not act.is_repeat:
                session = act.session
                kind, _, which = body.partition(":")
                if kind == "municipality":
                    body = municipality_body(get_municipality(session, which).number)
                elif kind == "network":
                    body = network_body(get_network_id(session, which))
                actor = get_actor(session, by)
                refuse(reasons_against(actor, Verb.MANAGE_PEOPLE, body, act.today))
                grants = session.exec(
                    select(RoleGrantRow).where(
                        RoleGrantRow.actor_id == holder_id, RoleGrantRow.body == body, RoleGrantRow.role == role.value,
                        col(RoleGrantRow.ended_number).is_(None),
                    )
                ).all()  # fmt: skip
                if not grants:
                    refuse([RoleNotHeld(role.value, body)])
                if role is Role.EDITOR:
                    refuse(reasons_against_leaving(session, holder_id, act.today))
                decision = act.record(
                    "role_revoked", body=body, role=roles_for(actor, Verb.MANAGE_PEOPLE, body, act.today)[0],
                    facts={"actor": holder_id, "role": role.value},
                )  # fmt: skip
                ended: list[RoleGrantRow | DelegationRow] = list(grants)
                if role is Role.DECIDER:
                    ended += session.exec(
                        select(DelegationRow).where(
                            DelegationRow.actor_id == holder_id, DelegationRow.municipality == body.partition(":")[2],
                            col(DelegationRow.ended_number).is_(None),
                        )
                    ).all()  # fmt: skip
                for row in ended:
                    row.ended_number = decision.number
                    session.add(row)
                tell(act, "role-revoked", body, actors=[holder_id])
        made = act.decisions[0]
        return RoleRevoked(ActorId(made.facts["actor"]), Role(made.facts["role"]), made.body, made.number)

    def people(self) -> Sequence[Person]:
        """Give everybody in the library with roles and delegations, by sign-in name; those who were erased last."""
        with self._database.reading() as session:
            rows = session.exec(
                select(ActorRow, PersonRow)
                .join(PersonRow, col(PersonRow.id) == col(ActorRow.person_id))
                # Those without a sign-in name come last, whatever the database thinks of nothing.
                .order_by(col(PersonRow.login).is_(None), col(PersonRow.login), col(ActorRow.id))
            ).all()
            return [_shown(get_actor(session, actor_row.id), person) for actor_row, person in rows]

    def person(self, who: str) -> Person:
        """
        Give one of them.

        Raises:
            PersonNotFound: Nobody has that actor id or sign-in name.
        """
        with self._database.reading() as session:
            actor = get_actor(session, who)
            query = select(PersonRow).join(ActorRow, col(ActorRow.person_id) == col(PersonRow.id))
            found = session.exec(query.where(ActorRow.id == actor.id)).first()
            if found is None:
                raise PersonNotFound(person=who)
            return _shown(actor, found)


def require_name(login: str, name: str, email: str | None) -> None:
    """
    Refuse what cannot be a person's sign-in name, name and address.

    Raises:
        InvalidRequest: It says which, and what it should look like.
    """
    require_text("name", name, longest=LONGEST_NAME, may_be_empty=False)
    require_text("login", login, longest=LONGEST_NAME)
    require_text("email", email or "", longest=LONGEST_NAME)
    if email and not is_email(email):
        raise InvalidRequest(what="email", value=ascii(email[:40])[1:-1], expected="kari@kommune.example")
    if any(found.what is PersonalData.NATIONAL_ID for found in personal_data(f"{login} {name}")):
        raise InvalidRequest(what="name", value="…", expected="Kari Nordmann")


def record_person(act: Act, login: str, name: str, email: str | None) -> ActorId:
    """
    Record that somebody is in the library, in an act by one who may let people in: in any body where they may.

    Raises:
        NotAllowed, LoginTaken, InvalidRequest: As `People.add_person`.
    """
    actor = get_actor(act.session, act.by)
    bodies = [grant.body for grant in actor.grants if grant.holds_on(act.today)] or [LIBRARY]
    refusals = [reasons_against(actor, Verb.MANAGE_PEOPLE, body, act.today) for body in bodies]
    if all(refusals):
        raise NotAllowed(refusals[0])
    if act.session.exec(select(PersonRow).where(PersonRow.login == login)).first() is not None:
        raise LoginTaken(login=login)
    if not LOGIN.fullmatch(login):
        raise InvalidRequest(what="login", value=login, expected="a-z 0-9 . - _ + @")
    body = next(body for body, refused in zip(bodies, refusals, strict=True) if not refused)
    new = ActorId(opaque("a", act.id))
    role = roles_for(actor, Verb.MANAGE_PEOPLE, body, act.today)[0]
    decision = act.record("person_added", body=body, role=role, facts={"actor": new})
    person = PersonRow(id=opaque("n", act.id), login=login, name=name, email=email, created_at=act.now)
    act.session.add(person)
    act.session.flush()
    act.session.add(ActorRow(id=new, kind="person", person_id=person.id, created_number=decision.number))
    act.session.flush()
    return new


def require_same_person(act: Act, login: str, name: str, email: str | None) -> None:
    """
    Refuse a second call of an act by which a person was added, when it names another.

    Raises:
        DecisionIdReused: It does.
    """
    person = act.session.get(PersonRow, opaque("n", act.id))
    same = person is None or (person.login, person.name, person.email) == (login, name, email)
    if person is not None and person.erased_at is None and not same:
        raise DecisionIdReused(decision=act.id)


def record_role(act: Act, receiver: ActorId, grant: Grant, by_role: Role) -> None:
    """Record that somebody has a role from a day, given by one who holds `by_role`, and tell them."""
    facts = {
        "actor": receiver, "role": grant.role.value, "from": grant.from_on.isoformat(),
        "until": grant.until_on.isoformat() if grant.until_on else None,
    }  # fmt: skip
    if grant.deputy_of is not None:
        facts["deputy_of"] = grant.deputy_of
    is_first = all(one.kind != "role_granted" for one in act.decisions)
    decision = act.record("role_granted", body=grant.body, role=by_role, facts=facts)
    act.session.add(
        RoleGrantRow(
            id=role_id(act.id, grant.body, is_first=is_first), actor_id=receiver, body=grant.body, role=grant.role.value, from_on=grant.from_on,
            until_on=grant.until_on, deputy_of=grant.deputy_of, decided_number=decision.number,
        )
    )  # fmt: skip
    tell(act, "role-granted", grant.body, actors=[receiver])


def _shown(actor: Actor, person: PersonRow) -> Person:
    return Person(
        actor.id, person.login, person.name, tuple((grant.role, grant.body) for grant in actor.grants),
        tuple((one.municipality, one.level, one.position) for one in actor.delegations), actor.grants, actor.delegations,
    )  # fmt: skip


def _deputys_end(receiver: Actor, body: str, first: date) -> date | None:
    """Give the day after a deputy's last, where they decide there only in another's place; None for all others."""
    held = [one for one in receiver.grants if one.role is Role.DECIDER and one.body == body and one.holds_on(first)]
    ends = [one.until_on for one in held if one.until_on is not None]
    return max(ends) if held and len(ends) == len(held) and all(one.is_deputy for one in held) else None


def _who_decide(session: Session, body: str, today: date) -> set[str]:
    rows = session.exec(
        select(RoleGrantRow).where(
            RoleGrantRow.body == body, RoleGrantRow.role == Role.DECIDER.value, col(RoleGrantRow.ended_number).is_(None)
        )
    )
    return {one.actor_id for one in rows if one.from_on <= today and (one.until_on is None or today < one.until_on)}


def reasons_against_leaving(session: Session, editor: str, today: date) -> list[Because]:
    """Say why somebody may not stop being an editor: on some day there would be none. Empty means they may."""
    rows = session.exec(
        select(RoleGrantRow).where(
            RoleGrantRow.body == LIBRARY,
            RoleGrantRow.role == Role.EDITOR.value,
            col(RoleGrantRow.ended_number).is_(None),
        )
    ).all()
    held = [(row.actor_id, Grant(Role.EDITOR, row.body, row.from_on, row.until_on)) for row in rows]
    theirs = [grant for actor, grant in held if actor == editor]
    others = [grant for actor, grant in held if actor != editor]
    # Who holds it changes on these days alone. One whose time runs out is no help for whoever comes after that.
    changes = {today, *(day for _, one in held for day in (one.from_on, one.until_on) if day and day > today)}
    leaves_none = any(
        any(one.holds_on(day) for one in theirs) and not any(one.holds_on(day) for one in others) for day in changes
    )
    return [LastEditor()] if leaves_none else []


def _against_giving(session: Session, actor: str) -> list[Because]:
    """Say why an actor may not be given a role; empty means they may."""
    there = session.exec(
        select(PersonRow.erased_at)
        .join(ActorRow, col(ActorRow.person_id) == col(PersonRow.id))
        .where(ActorRow.id == actor)
    ).all()
    return [] if there == [None] else [NobodyToGiveTo(actor)]


def _known_to(session: Session, decision_id: str, who: str) -> str:
    """
    Give the actor id of somebody; of an act that was made before also when the sign-in name is gone since.

    Raises:
        PersonNotFound: Nobody has that id or name, and no such act is about somebody who was erased.
    """
    try:
        return get_actor(session, who).id
    except PersonNotFound:
        actor = _facts_of(session, decision_id).get("actor")
        if actor is None or not _against_giving(session, actor):
            raise
        return str(actor)


def _stands_for(session: Session, decision_id: str, which: str | None) -> str | None:
    """As `_grant_or_actor`; of an act that was made before also when the sign-in name is gone since."""
    try:
        return _grant_or_actor(session, which)
    except PersonNotFound:
        place = session.get(RoleGrantRow, _facts_of(session, decision_id).get("deputy_of", ""))
        if place is None or not _against_giving(session, place.actor_id):
            raise
        return place.actor_id


def _facts_of(session: Session, decision_id: str) -> Mapping[str, Any]:
    """Give what an act of that id decided first; nothing when there is none."""
    made = session.exec(select(DecisionRow).where(DecisionRow.id == decision_id)).first()
    return decision_of(made).facts if made is not None else {}


def _grant_or_actor(session: Session, which: str | None) -> str | None:
    """Give the id of a grant as it is, and of a person their actor id."""
    if which is None or session.get(RoleGrantRow, which) is not None:
        return which
    return get_actor(session, which).id


def _place_of(session: Session, stands_for: str, deputy: str, role: Role, body: str, first: date) -> str:
    """Give the id of the grant that a deputy is to stand in for, on the deputy's first day."""
    held = session.exec(
        select(RoleGrantRow)
        .where(
            or_(RoleGrantRow.id == stands_for, RoleGrantRow.actor_id == stands_for), RoleGrantRow.body == body,
            RoleGrantRow.role == role.value, RoleGrantRow.actor_id != deputy, col(RoleGrantRow.deputy_of).is_(None),
            RoleGrantRow.from_on <= first, col(RoleGrantRow.ended_number).is_(None),
            or_(col(RoleGrantRow.until_on).is_(None), col(RoleGrantRow.until_on) > first),
        )
        .order_by(col(RoleGrantRow.decided_number))
    ).first()  # fmt: skip
    if held is None:
        raise refusal([NobodyToStandInFor(role.value, body)])
    return held.id


def _require_some_days(first: date, until: date | None) -> None:
    if until is not None and until <= first:
        raise DaysInWrongOrder(first=first, until=until)


def role_id(act: str, body: str, *, is_first: bool) -> str:
    """Give the id of a role, by the act that gave it. An act that gives several gives each in a body of its own."""
    return opaque("r", act if is_first else f"{act}:{body}")


def opaque(letter: str, decision_id: str) -> str:
    """Give the id of what an act makes, one of a kind: it tells nothing, and follows from the act's own id."""
    return f"{letter}-{hashlib.sha256(decision_id.encode()).hexdigest()[:10]}"
