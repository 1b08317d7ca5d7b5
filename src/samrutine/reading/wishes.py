"""A routine that is missing: wish for it, say that one needs it too, answer, and say what meets it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from samrutine.actors import LIBRARY, ActorId, Verb, network_body, reasons_against, roles_for
from samrutine.arguments import require_text
from samrutine.days import norwegian_day
from samrutine.errors import ArgumentMissing, DecisionIdReused, WishNotFound
from samrutine.inbox.opening import Note, close_waiting, tell
from samrutine.networks.directory import get_actor, get_municipality, get_network_id, municipalities
from samrutine.procedures.access import hidden_procedures, hidden_proposals
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import ProcedureId
from samrutine.proposals.model import ProposalState
from samrutine.reading.feedback import OVER
from samrutine.reading.model import (
    LONGEST_ANSWER,
    LONGEST_WISH,
    ProposalIsOver,
    Wish,
    WishId,
    WishState,
    reasons_against_answering,
    reasons_against_network,
    reasons_against_speaking_for,
    reasons_against_taking_up,
    reasons_against_wishing,
    similar,
)
from samrutine.reading.trace import WISH, taken_up, wait_for_an_answer
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import ProposalOriginRow, ProposalRow, WishRow, WishSupportRow
from samrutine.storage.sql import Database


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish is kept. `similar` are those there were that may say the same: «vi trenger også» may be the better answer."""

    wish: WishId
    sentence: str
    similar: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class Supported:
    """A municipality needs it too. `is_new` is false when it had said so before."""

    wish: WishId
    municipality: str
    support: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class WishAnswered:
    """Whoever wished has an answer."""

    wish: WishId
    state: WishState


@dataclass(frozen=True, slots=True)
class WishTakenUp:
    """Something meets the wish, or is to: a proposal, or a routine there was already."""

    wish: WishId
    proposal: str | None
    procedure: ProcedureId | None
    number: int
    projected: bool


class Wishes:
    """Wishes for routines that nobody has."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def wish(
        self, sentence: str, *, municipality: str | None, network: str | None, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> Wished:  # fmt: skip
        """
        Wish for a routine that is missing, in one sentence. It is kept, and is no decision.

        Args:
            sentence: One sentence of at most 200 characters, without anything about a person.
            municipality: Who needs it: one where the wisher has a role; where they work when None.
            network: Whom it is meant for; None when one does not know, and then the editor answers.

        Returns:
            The wish, with those there were that may say the same. The same for a second call with the same decision id.

        Raises:
            InvalidRequest: The sentence is missing or too long.
            Refused: It is more than one sentence, or looks as if it held personal data.
            MunicipalityNotFound, NetworkNotFound: As they say.
            NotAllowed: No role in the library, or none in that municipality.
            DecisionIdReused: The id was used for another wish, or by somebody else. Make a new id.
        """
        said = " ".join(require_text("sentence", sentence, longest=LONGEST_WISH, may_be_empty=False).split())
        refuse(reasons_against_wishing(sentence))
        wish = WishId(f"w-{hashlib.sha256(decision_id.encode()).hexdigest()[:12]}")
        with self._decisions.note({"sentence": said}) as session:
            note = Note.begun(session, by=by, now=now)
            row = session.get(WishRow, wish)
            if row is None:
                row = self._keep(note, wish, said, municipality, network)
            elif not _is_same(session, row, said, municipality, network, by):
                raise DecisionIdReused(decision=decision_id)
            others = [
                one for one in _wishes(_Hidden.to(session, by, note.today), state=WishState.OPEN) if one.id != wish
            ]
            return Wished(wish, row.sentence or "", similar(said, others))

    @staticmethod
    def _keep(note: Note, wish: WishId, said: str, municipality: str | None, network: str | None) -> WishRow:
        session = note.session
        actor = get_actor(session, note.by)
        meant_for = get_network_id(session, network) if network else None
        refuse(reasons_against(actor, Verb.SAY, network_body(meant_for) if meant_for else LIBRARY, note.today))
        town = get_municipality(session, municipality).number if municipality else actor.municipality_on(note.today)
        if municipality and town:
            refuse(reasons_against_speaking_for(actor, town, note.today))
        row = WishRow(
            id=wish, sentence=said, municipality=town, network=meant_for, actor_id=note.by, made_at=note.now,
            state=WishState.OPEN.value,
        )  # fmt: skip
        session.add(row)
        session.flush()
        if town:
            session.add(WishSupportRow(wish_id=wish, municipality=town, actor_id=note.by, made_at=note.now))
        wait_for_an_answer(note, row)
        body = network_body(meant_for) if meant_for else LIBRARY
        tell(note, "wish-made", row.id, bodies=[(body, Verb.SEND)])
        return row

    def support(self, wish: WishId, municipality: str, *, by: ActorId, now: datetime) -> Supported:
        """
        Say «vi trenger også» for a municipality: once each, so a second call changes nothing.

        Raises:
            WishNotFound, MunicipalityNotFound: As they say.
            NotAllowed: No role in that municipality.
        """
        with self._decisions.note() as session:
            note = Note.begun(session, by=by, now=now)
            town = get_municipality(session, municipality).number
            refuse(reasons_against_speaking_for(get_actor(session, by), town, note.today))
            row = _locked(session, wish)
            is_new = session.get(WishSupportRow, (wish, town)) is None
            if is_new:
                session.add(WishSupportRow(wish_id=wish, municipality=town, actor_id=by, made_at=now))
                session.flush()
                tell(note, "wish-supported", row.id, actors=[row.actor_id])
            count = select(WishSupportRow).where(WishSupportRow.wish_id == wish)
            return Supported(wish, town, len(session.exec(count).all()), is_new)

    def wishes(self, *, state: WishState | None, reader: str | None, today: date) -> Sequence[Wish]:
        """
        Give what is wished for, what most municipalities need first, and of those the oldest.

        Args:
            state: Only those that stand so.
            reader: Whose eyes: what meets a wish is not named to who may not read it, nor is another's draft.
        """
        with self._database.reading() as session:
            return _wishes(_Hidden.to(session, reader, today), state=state)

    def answer(self, wish: WishId, answer: str, *, by: ActorId, now: datetime) -> WishAnswered:
        """
        Answer a wish that nothing is made of for now. The same answer by the same person again is the same act.

        Args:
            answer: Why, or what there is instead: 1 to 2,000 characters.

        Raises:
            WishNotFound: There is none of that id.
            Refused: It was answered before, or the answer looks as if it held personal data.
            InvalidRequest: The answer is missing or too long.
            NotAllowed: Only the leader of the network it was meant for, or the editor.
        """
        said = require_text("answer", answer, longest=LONGEST_ANSWER, may_be_empty=False).strip()
        with self._decisions.note({"answer": said}) as session:
            note = Note.begun(session, by=by, now=now)
            row = _locked(session, wish)
            body = network_body(row.network) if row.network else LIBRARY
            refuse(reasons_against(get_actor(session, by), Verb.SEND, body, note.today))
            if (row.answer, row.answered_by) != (said, by):
                refuse(reasons_against_answering(row.state, answered=row.answer is not None))
                row.answer, row.answered_by, row.answered_at = said, by, now
                if row.state == WishState.OPEN:
                    row.state = WishState.ANSWERED.value
                session.add(row)
                close_waiting(session, row.id, note.number)
                tell(note, "wish-answered", row.id, actors=_supporters(session, row))
            return WishAnswered(wish, WishState(row.state))

    def take_up(
        self, wish: WishId, *, proposal: str | None, procedure: str | None, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> WishTakenUp:  # fmt: skip
        """
        Say what meets a wish: a proposal that is made of it, or a routine that there is already.

        Args:
            proposal: The one; or else
            procedure: a routine.

        Raises:
            WishNotFound, ProposalNotFound, ProcedureNotFound: As they say.
            ArgumentMissing: Neither is named, or both.
            Refused: The wish is met already, was meant for another network, or the proposal is turned down or withdrawn.
            NotAllowed: Only the leader of the network that owns the proposal or the routine, or the editor.
        """
        if (proposal is None) == (procedure is None):
            raise ArgumentMissing(what="proposal", expected="proposal / procedure")
        request = {"wish": wish, "proposal": proposal, "procedure": procedure}
        with self._decisions.act(decision_id, "take_up_wish", request, by=by, now=now) as act:
            if not act.is_repeat:
                self._take_up(act, wish, proposal, procedure)
        made = act.decisions[0]
        met = made.facts["procedure"]
        return WishTakenUp(
            wish, made.facts["proposal"], ProcedureId(met) if procedure else None, made.number, act.projected
        )

    @staticmethod
    def _take_up(act: Act, wish: WishId, proposal: str | None, procedure: str | None) -> None:
        session = act.session
        row = _locked(session, wish)
        actor = get_actor(session, act.by)
        network, about, state = _meets(act, proposal, procedure)
        body = network_body(network)
        refuse(reasons_against(actor, Verb.SEND, body, act.today))
        refuse(reasons_against_taking_up(row.state))
        refuse(reasons_against_network(row.network, network))
        if proposal is not None and state in OVER:
            refuse([ProposalIsOver(proposal)])
        decision = act.record(
            "wish_taken_up", body=body, role=roles_for(actor, Verb.SEND, body, act.today)[0], subject=about,
            facts={"wish": wish, "proposal": proposal, "procedure": about},
        )  # fmt: skip
        if proposal is not None:
            session.merge(
                ProposalOriginRow(proposal_id=proposal, kind=WISH, reference=wish, decided_number=decision.number)
            )
            taken_up(act, proposal, WISH, wish)
        else:
            row.state, row.procedure_id = WishState.TAKEN_UP.value, about
            session.add(row)
            close_waiting(session, row.id, decision.number)
            tell(act, "wish-met", row.id, actors=_supporters(session, row))


def _meets(act: Act, proposal: str | None, procedure: str | None) -> tuple[str, str, ProposalState | None]:
    """Give the network, the routine and the proposal's state of what is to meet a wish."""
    if proposal is not None:
        proposed = Eyes.of(act).proposal(proposal)
        return proposed.network, proposed.procedure_id, ProposalState(proposed.state)
    routine = Eyes.of(act).procedure(procedure or "")
    return routine.network, routine.id, None


def _locked(session: Session, wish: str) -> WishRow:
    row = session.exec(select(WishRow).where(WishRow.id == wish).with_for_update()).first()
    if row is None:
        raise WishNotFound(wish=wish)
    return row


def _supporters(session: Session, row: WishRow) -> list[str]:
    """Give whoever wished and whoever said «vi trenger også»."""
    others = session.exec(select(WishSupportRow.actor_id).where(WishSupportRow.wish_id == row.id))
    return sorted({row.actor_id, *others})


def _is_same(
    session: Session, row: WishRow, said: str, municipality: str | None, network: str | None, by: ActorId
) -> bool:
    """Whether a second call with the same id wishes what the first did. A sentence that was erased counts as the same."""
    town = get_municipality(session, municipality).number if municipality else row.municipality
    return (row.sentence or said, row.municipality, row.network, row.actor_id) == (said, town, network, by)


@dataclass(frozen=True)
class _Hidden:
    """What a reader may not know of."""

    session: Session
    procedures: frozenset[str]
    proposals: frozenset[str]

    @classmethod
    def to(cls, session: Session, reader: str | None, today: date) -> "_Hidden":
        return cls(session, hidden_procedures(session, reader, today), hidden_proposals(session, reader, today))


def _wishes(hidden: _Hidden, *, state: WishState | None) -> list[Wish]:
    session = hidden.session
    names: dict[str, str] = {one.number: one.name for one in municipalities(session)}
    query = select(WishRow, ProposalRow).outerjoin(ProposalRow, col(ProposalRow.id) == col(WishRow.proposal_id))
    supporting = select(WishSupportRow)
    query = query.order_by(col(WishRow.made_at), col(WishRow.id))
    if state is not None:
        query = query.where(WishRow.state == state.value)
        of_these = select(WishRow.id).where(WishRow.state == state.value)
        supporting = supporting.where(col(WishSupportRow.wish_id).in_(of_these))
    support: dict[str, list[str]] = {}
    for one in session.exec(supporting):
        support.setdefault(one.wish_id, []).append(names.get(one.municipality, one.municipality))
    found = [
        _wish(row, proposal, tuple(sorted(support.get(row.id, ()))), names.get(row.municipality or ""), hidden)
        for row, proposal in session.exec(query).all()
    ]
    # They come the oldest first, and sorting keeps that among equals.
    return sorted(found, key=lambda one: -one.support)


def _wish(
    row: WishRow, proposal: ProposalRow | None, supporters: tuple[str, ...], town: str | None, hidden: _Hidden
) -> Wish:
    about = row.procedure_id or (proposal.procedure_id if proposal else None)
    # A draft's routine has no row yet, so it is hidden with the draft.
    shown = (about is None or about not in hidden.procedures) and row.proposal_id not in hidden.proposals
    return Wish(
        WishId(row.id), row.sentence, town, row.network, norwegian_day(row.made_at), WishState(row.state), supporters,
        row.answer, row.proposal_id if shown else None, ProcedureId(about) if about and shown else None,
    )  # fmt: skip
