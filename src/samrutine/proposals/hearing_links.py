"""
Personal links, by which those outside the library read what is heard and answer it.

A link is `<id>.<secret>`: the id finds its row, and the secret is 256 random bits of which only a SHA-256 is kept. There
is no signing key. A signature would save the look into the database, but a link that can be revoked must be looked up
anyway; and a key that leaks makes every link there ever was, and one that is lost ends them all. So random bits are what
stands for the signature here: whoever reads the database, or a backup of it, has no link.

Every link that is no good gives one and the same error, after the same work.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from samrutine.actors import Actor, ActorId, Verb, network_body, reasons_against, roles_for
from samrutine.days import norwegian_day
from samrutine.errors import DecisionIdReused, InvalidRequest, LinkNotValid, ProposalNotFound
from samrutine.inbox.opening import tell
from samrutine.networks.directory import get_actor
from samrutine.procedures.model import AccessClass
from samrutine.proposals.hearing import HeardParty, HearingPartyId, HearingView, LinkId, Remark
from samrutine.proposals.hearing_answers import (
    HearingAnswered,
    answer_facts,
    answer_of,
    refuse_answer,
    require_remarks_fit,
    require_words,
)
from samrutine.proposals.hearing_rows import (
    asked_of,
    checked_texts,
    keep_answer,
    opaque,
    party_rows,
    refuse_same_remarks,
    require_open_round,
    require_same_remarks,
    without_reply,
)
from samrutine.proposals.hearing_rules import (
    reasons_against_link,
    reasons_against_parties,
    reasons_against_taking_back,
)
from samrutine.proposals.hearing_view import look_at
from samrutine.proposals.loading import acted_on, get_row
from samrutine.proposals.model import ProposalId
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions, end_of_norwegian_day
from samrutine.storage.rows import ActorRow, HearingLinkRow, HearingPartyRow, HearingRow, ProposalRow
from samrutine.storage.sql import Database

WEEKS_AFTER_DEADLINE: Final = 2
"""How long a link lasts after the deadline unless told otherwise: an answer that is late is still welcome."""

OUTSIDER: Final = "outsider"
"""The role that stands in a decision which somebody made by a link."""

_SECRET_BYTES: Final = 32
_TOKEN: Final = re.compile(r"(l-[0-9a-f]{16})\.([A-Za-z0-9_-]{43})")
_NO_HASH: Final = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class OutsiderInvited:
    """
    A personal link is made. `token` is given this once, and None when the same act is asked for again.

    Whoever lost it makes another, and revokes this one.
    """

    proposal: ProposalId
    party: HearingPartyId
    link: LinkId
    token: str | None
    expires: date
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class LinkRevoked:
    """The link opens nothing any more."""

    link: LinkId
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class HearingByLink:
    """What a link opens: the round with the text, and the one party that answers by it, with its own remarks."""

    hearing: HearingView
    party: HeardParty
    expires: date


class HearingLinks:
    """Those outside."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def invite_outsider(
        self, proposal: ProposalId, party: str, *, expires: date | None, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> OutsiderInvited:  # fmt: skip
        """
        Make a personal link for a party outside, to be sent to it by whoever asks.

        A party may have several links, one for each who answers for it.

        Args:
            party: Its id, its body, or its name as it was given.
            expires: The last day on which the link holds, a day in Norway; two weeks after the deadline when None.

        Raises:
            ProposalNotFound: There is none of that id.
            InvalidRequest: The round has no such party.
            Refused: No hearing is open, the party answers by account, the text has become exempt since it was opened, or
                the link would last too short or too long.
            NotAllowed: Only the network's leader or the editor makes links.
        """
        request = {"proposal": proposal, "expires": expires.isoformat() if expires else None}
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        link = LinkId(opaque("l", decision_id))
        with self._decisions.act(
            decision_id, "invite_outsider", request, by=by, now=now, checked={"party": party}
        ) as act:
            session = act.session
            row = acted_on(act, proposal)
            if not act.is_repeat:
                actor = get_actor(session, by)
                body = network_body(row.network)
                refuse(reasons_against(actor, Verb.HEAR, body, act.today))
                hearing = require_open_round(session, row)
                found = _party(party_rows(session, hearing), party)
                last = expires or hearing.deadline + timedelta(weeks=WEEKS_AFTER_DEADLINE)
                refuse(reasons_against_link(found.name, found.body, last, act.today))
                refuse(reasons_against_parties(row.id, [found.name], 1, _access(row)))
                outsider = opaque("a", "link", decision_id)
                decision = act.record(
                    "outsider_invited", body=body, role=roles_for(actor, Verb.HEAR, body, act.today)[0],
                    subject=row.procedure_id,
                    facts={"proposal": row.id, "procedure": row.procedure_id, "round": hearing.round, "party": found.body,
                           "row": found.id, "link": link, "actor": outsider, "expires": last.isoformat()},
                )  # fmt: skip
                session.add(ActorRow(id=outsider, kind="link", created_number=decision.number))
                session.flush()
                session.add(
                    HearingLinkRow(
                        id=link, party_id=found.id, actor_id=outsider, secret_hash=_hash(secret),
                        expires_at=end_of_norwegian_day(last), made_number=decision.number,
                    )
                )  # fmt: skip
            else:
                _require_same_party(session, act.decisions[0].facts["row"], party, decision_id)
        facts = act.decisions[0].facts
        return OutsiderInvited(
            proposal, HearingPartyId(facts["row"]), link, None if act.is_repeat else f"{link}.{secret}",
            date.fromisoformat(facts["expires"]), act.decisions[0].number, act.projected,
        )  # fmt: skip

    def revoke_link(self, link: LinkId, *, by: ActorId, now: datetime, decision_id: DecisionId) -> LinkRevoked:
        """
        End a link at once. What was answered by it stands. One that is revoked already stays as it is.

        Args:
            link: Its id, which is no secret; a whole link will do.

        Raises:
            LinkNotValid: There is none of that id.
            NotAllowed: Only the network's leader or the editor revokes links.
        """
        link = LinkId(link.partition(".")[0])
        with self._decisions.act(decision_id, "revoke_link", {"link": link}, by=by, now=now) as act:
            session = act.session
            row, hearing, proposal = _link_of(act, link)
            if not act.is_repeat:
                actor = get_actor(session, by)
                body = network_body(proposal.network)
                refuse(reasons_against(actor, Verb.HEAR, body, act.today))
                act.record(
                    "link_revoked", body=body, role=roles_for(actor, Verb.HEAR, body, act.today)[0],
                    subject=proposal.procedure_id,
                    facts={"proposal": proposal.id, "procedure": proposal.procedure_id, "round": hearing.round, "link": link},
                )  # fmt: skip
                row.revoked_number = row.revoked_number or act.number
                session.add(row)
        return LinkRevoked(link, act.decisions[0].number, act.projected)

    def read_by_link(self, token: str, *, now: datetime, today: date) -> HearingByLink:
        """
        Give what a link opens: the heard text, the deadline, what the party has answered, and replies to its remarks.

        After the round is closed the remarks of the others stand there too, as long as the link holds.

        Raises:
            LinkNotValid: Wrong, expired, revoked, none at all, or the text is exempt by now; nobody is told which.
        """
        with self._database.reading() as session:
            link, party, hearing = _opened_by(session, token, now)
            view = look_at(session, hearing.proposal_id, reader=None, today=today, which=hearing.round, party=party.id)
            own = next(one for one in view.parties if one.id == party.id)
            return HearingByLink(view, own, norwegian_day(link.expires_at))

    def answer_by_link(
        self, token: str, *, remarks: Sequence[Remark], now: datetime, decision_id: DecisionId
    ) -> HearingAnswered:
        """
        Answer for the party whose link it is; as `HearingAnswers.answer_hearing`, of its own round only.

        Args:
            remarks: Those there are; empty is «ingen merknader».

        Raises:
            LinkNotValid: Wrong, expired, revoked, or none at all; nobody is told which.
            SectionNotFound, InvalidRequest: A remark is about something that the heard text does not have.
            Refused: The round is closed, the answer stands since the deadline, or a remark looks as if it held personal
                data.
        """
        require_words(remarks)
        with self._database.reading() as session:
            link, _, _ = _opened_by(session, token, now)
            known, actor = LinkId(link.id), ActorId(link.actor_id)
        request = {"link": known, "remarks": asked_of(remarks)}
        with self._decisions.act(
            decision_id, "answer_by_link", request, by=actor, now=now, checked=checked_texts(remarks)
        ) as act:
            session = act.session
            # Again, under the lock: it may have been revoked since.
            _, party, hearing = _opened_by(session, token, now)
            row = get_row(session, hearing.proposal_id)
            if not act.is_repeat:
                refuse_answer(session, row, hearing, party, act.today)
                if not remarks:
                    makers = [one.actor_id for one in without_reply(session, party)]
                    refuse(reasons_against_taking_back(party.name, party.body, makers, Actor(actor), act.today))
                require_remarks_fit(hearing, row, remarks)
                refuse_same_remarks(session, party, actor, remarks)
                body = network_body(row.network)
                act.record(
                    "hearing_answered", body=body, role=OUTSIDER, subject=row.procedure_id,
                    facts=answer_facts(row, hearing, party, remarks),
                )  # fmt: skip
                keep_answer(act, row, hearing, party, remarks)
                tell(act, "outsider-answered", row.id, bodies=[(body, Verb.HEAR)])
            else:
                require_same_remarks(act, party.id, remarks)
        return answer_of(act)


def _link_of(act: Act, link: LinkId) -> tuple[HearingLinkRow, HearingRow, ProposalRow]:
    """Give a link, its round and its proposal; a link to what the actor may not know of is not there for them."""
    found = act.session.exec(
        select(HearingLinkRow, HearingRow)
        .join(HearingPartyRow, col(HearingPartyRow.id) == col(HearingLinkRow.party_id))
        .join(HearingRow, col(HearingRow.id) == col(HearingPartyRow.hearing_id))
        .where(HearingLinkRow.id == link)
    ).first()
    try:
        # Looked up also where there is no link: the work must not say which it was.
        proposal = acted_on(act, found[1].proposal_id if found else "")
    except ProposalNotFound:
        found = None
    if found is None:
        raise LinkNotValid
    return *found, proposal


def _opened_by(session: Session, token: str, now: datetime) -> tuple[HearingLinkRow, HearingPartyRow, HearingRow]:
    """
    Give what a link opens.

    Raises:
        LinkNotValid: Nothing.
    """
    match = _TOKEN.fullmatch(token)
    link_id, secret = (match[1], match[2]) if match else ("l-", token)
    row = session.get(HearingLinkRow, link_id)
    # Compared also where there is no such link, so that the time does not tell which ids exist.
    same = hmac.compare_digest(_hash(secret), row.secret_hash if row else _NO_HASH)
    if not same or row is None or row.revoked_number is not None or row.expires_at < now:
        raise LinkNotValid
    party = session.get_one(HearingPartyRow, row.party_id)
    hearing = session.get_one(HearingRow, party.hearing_id)
    if reasons_against_parties("", [party.name], 1, _access(session.get_one(ProposalRow, hearing.proposal_id))):
        raise LinkNotValid
    return row, party, hearing


def _access(row: ProposalRow) -> AccessClass:
    return AccessClass(row.access or AccessClass.OPEN)


def _hash(secret: str) -> str:
    # No salt and no slow hash: the secret is 256 random bits, and not a word that somebody chose.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _require_same_party(session: Session, party: str, which: str, decision_id: str) -> None:
    """
    The name that was asked for is no part of the request, which is kept for ever; so it is compared here.

    A party whose row the retention rules have deleted counts as the same.
    """
    row = session.get(HearingPartyRow, party)
    hearing = session.get(HearingRow, row.hearing_id) if row else None
    if hearing is None:
        return
    if _party(party_rows(session, hearing), which).id != party:
        raise DecisionIdReused(decision=decision_id)


def _party(rows: Sequence[HearingPartyRow], which: str) -> HearingPartyRow:
    wanted = which.strip().casefold()
    for row in rows:
        if wanted in {row.id, row.body, row.name.casefold(), f"outside:{row.name.casefold()}"}:
            return row
    raise InvalidRequest(what="party", value=which[:60], expected="party-of-hearing")
