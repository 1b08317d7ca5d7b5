"""The verbs of a round of hearing: open, remind, close; and look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from samrutine.actors import Actor, ActorId, Role, Verb, network_body, reasons_against, roles_for
from samrutine.errors import TextChanged
from samrutine.inbox.opening import close_waiting, tell, wait_for
from samrutine.networks.directory import get_actor
from samrutine.networks.settling import shared_library
from samrutine.procedures.access import require_readable_proposal
from samrutine.procedures.model import AccessClass, Digest, ProcedureId, ProcedureText
from samrutine.procedures.text import read
from samrutine.proposals.hearing import (
    OUTSIDE,
    HeardParty,
    HearingAnswer,
    HearingPartyId,
    HearingView,
    counted,
)
from samrutine.proposals.hearing_parties import Suggested, ToHear, choose, named_parties, suggest
from samrutine.proposals.hearing_rows import (
    ANSWER_WAITS,
    ask_to_close,
    heard,
    opaque,
    require_open_round,
    rounds_of,
    settle_replies,
)
from samrutine.proposals.hearing_rules import (
    HearingNotAskedFor,
    NobodyToRemind,
    RemarksNotForYou,
    answer_at_close,
    deadline_for,
    may_answer,
    reasons_against_closing,
    reasons_against_deadline,
    reasons_against_parties,
    reminders_from,
    to_remind,
)
from samrutine.proposals.hearing_view import look_at
from samrutine.proposals.loading import (
    acted_on,
    get_row,
    look_at_text,
    proposal_of,
    reasons_against_repeating,
    require_same_text,
    require_text_kept,
)
from samrutine.proposals.model import ProposalId
from samrutine.proposals.policy import Policy
from samrutine.proposals.rounds import policy_of, written_policy
from samrutine.proposals.rules import reasons_against_text
from samrutine.proposals.transitions import ProposalState, Step, reasons_against_step
from samrutine.reasons import refusal, refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import HearingPartyRow, HearingRow, ProposalRow
from samrutine.storage.sql import Database


@dataclass(frozen=True, slots=True)
class HearingOpened:
    """A round is open until `deadline`, the last day to answer. `outside` are those who each need a personal link."""

    proposal: ProposalId
    procedure: ProcedureId
    round: int
    digest: Digest
    deadline: date
    parties: int
    outside: tuple[HearingPartyId, ...]
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class HearingReminded:
    """
    Who was reminded today. Those inside have it in their inbox.

    `outside` are those whom the library cannot reach: whoever reminds must write to them.
    """

    proposal: ProposalId
    inside: tuple[HearingPartyId, ...]
    outside: tuple[HearingPartyId, ...]
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class HearingClosed:
    """The round is over and the text is a draft again. `silent` is *stilltiende tilslutning*, `none` no answer at all."""

    proposal: ProposalId
    round: int
    no_remarks: int
    remarks: int
    silent: int
    none: int
    number: int
    projected: bool


class Hearings:
    """Rounds of hearing."""

    def __init__(self, database: Database, decisions: Decisions) -> None:
        self._database = database
        self._decisions = decisions

    def suggested_parties(self, proposal: ProposalId, *, reader: str | None, today: date) -> Suggested:
        """
        Suggest whom to hear on a proposal, by the library's templates for its subjects.

        Args:
            reader: Whose eyes; None reads no draft.
            today: The day on which roles must hold, a day in Norway.

        Raises:
            ProposalNotFound: There is none of that id, or the reader may not read it.
            TextDeleted: It came to nothing, and its text was kept for a time only.
            PersonNotFound: Nobody has the reader's id or name.
        """
        with self._database.reading() as session:
            row = get_row(session, proposal)
            require_readable_proposal(session, proposal, reader, today)
            require_text_kept(session, row)
            return _suggested(session, read(row.text, row.id))

    def open_hearing(
        self, proposal: ProposalId, *, digest: Digest, parties: Sequence[str] | None, deadline: date | None, by: ActorId,
        now: datetime, decision_id: DecisionId,
    ) -> HearingOpened:  # fmt: skip
        """
        Open a round: the text as it stands is heard by all parties until the deadline, and does not change meanwhile.

        Args:
            digest: The digest of the text that was read.
            parties: Whom to hear, in the forms of `proposals.hearing_parties`; None for those the templates suggest.
            deadline: The last day to answer, a day in Norway; None for the weeks of the network's policy, where it has any.

        Raises:
            ProposalNotFound: There is none of that id.
            TextChanged: The text is another than the one that was read.
            MunicipalityNotFound, NetworkNotFound, InvalidRequest: A party is none that is known.
            Refused: Not a draft, errors in the text, the newest version word for word, nobody to hear, a deadline that
                cannot be, none where the policy asks for no hearing, or an exempt text that somebody outside would be sent.
            NotAllowed: Only the network's leader or the editor opens a hearing.
        """
        known, names = named_parties(parties) if parties is not None else ((), ())
        request = {
            "proposal": proposal, "digest": digest, "deadline": deadline.isoformat() if deadline else None,
            "parties": list(known) if parties is not None else None,
        }  # fmt: skip
        texts = {"parties": "\n".join(names)}
        made = self._decisions.made(decision_id, "open_hearing", request, by=by, texts=texts)
        seen = None if made else look_at_text(self._database, proposal, by=by, now=now)
        with self._decisions.act(decision_id, "open_hearing", request, by=by, now=now, texts=texts) as act:
            session = act.session
            row = acted_on(act, proposal)
            if not act.is_repeat:
                actor = get_actor(session, by)
                body = network_body(row.network)
                refuse(reasons_against(actor, Verb.HEAR, body, act.today))
                refuse(reasons_against_step(row.id, ProposalState(row.state), Step.OPEN_HEARING))
                looked = require_same_text(session, row, seen)
                if row.digest != digest:
                    raise TextChanged(proposal=proposal)
                before = proposal_of(session, row)
                access = looked.text.front.access
                refuse(reasons_against_text(before, faults=looked.faults))
                refuse(reasons_against_repeating(session, row, row.digest))
                policy = policy_of(session, row, before)
                last = deadline or deadline_for(act.today, policy.hearing_weeks)
                if last is None:
                    raise refusal([HearingNotAskedFor(row.id, policy.name)])
                refuse(reasons_against_deadline(last, act.today))
                if parties is None:
                    default = _suggested(session, looked.text)
                    to_hear, through = default.parties, default.through
                else:
                    to_hear, through = choose(shared_library(session), known, names, decision_id), ()
                strangers = [one.name for one in to_hear if one.is_outside]
                refuse(reasons_against_parties(row.id, strangers, len(to_hear), access))
                self._open(act, row, actor, policy, last, to_hear, through, may_answer(access))
            facts = act.decisions[0].facts
        outside = tuple(_party_of(facts, one) for one in facts["parties"] if one.startswith(OUTSIDE))
        return HearingOpened(
            proposal, ProcedureId(facts["procedure"]), facts["round"], Digest(facts["digest"]),
            date.fromisoformat(facts["deadline"]), len(facts["parties"]), outside, act.decisions[0].number, act.projected,
        )  # fmt: skip

    def remind(self, proposal: ProposalId, *, by: ActorId, now: datetime, decision_id: DecisionId) -> HearingReminded:
        """
        Remind those who have not answered, once the deadline is a week away or nearer; each once a day at most.

        One whom nobody can answer for (no role held, no link that holds) is not reminded, and so never becomes silent.

        Raises:
            ProposalNotFound: There is none of that id.
            Refused: No hearing is open, or there is nobody to remind today.
            NotAllowed: Only the network's leader or the editor reminds.
        """
        with self._decisions.act(decision_id, "remind", {"proposal": proposal}, by=by, now=now) as act:
            session = act.session
            row = acted_on(act, proposal)
            if not act.is_repeat:
                role, hearing = self._handled(act, row)
                reminded = to_remind(heard(session, hearing, act.today), hearing.deadline, act.today)
                if not reminded:
                    refuse([NobodyToRemind(row.id, reminders_from(hearing.deadline))])
                act.record(
                    "hearing_reminded", body=network_body(row.network), role=role, subject=row.procedure_id,
                    facts={"proposal": row.id, "procedure": row.procedure_id, "round": hearing.round,
                           "parties": [one.body for one in reminded]},
                )  # fmt: skip
                for one in reminded:
                    party = session.get_one(HearingPartyRow, one.id)
                    party.reminders, party.reminded_on = party.reminders + 1, act.today
                    session.add(party)
                verb = may_answer(AccessClass(row.access or AccessClass.OPEN))
                bodies = [(one.body, verb) for one in reminded if not one.is_outside]
                tell(act, "hearing-reminder", hearing.id, bodies=bodies)
            facts = act.decisions[0].facts
        inside = tuple(_party_of(facts, one) for one in facts["parties"] if not one.startswith(OUTSIDE))
        outside = tuple(_party_of(facts, one) for one in facts["parties"] if one.startswith(OUTSIDE))
        return HearingReminded(proposal, inside, outside, act.decisions[0].number, act.projected)  # fmt: skip

    def close_hearing(
        self, proposal: ProposalId, *, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> HearingClosed:
        """
        Close the round: the text is a draft again, to be revised, heard once more, or sent to approval.

        Raises:
            ProposalNotFound: There is none of that id.
            Refused: No hearing is open; or the deadline is not past and somebody has not answered.
            NotAllowed: Only the network's leader or the editor closes.
        """
        with self._decisions.act(decision_id, "close_hearing", {"proposal": proposal}, by=by, now=now) as act:
            session = act.session
            row = acted_on(act, proposal)
            if not act.is_repeat:
                role, hearing = self._handled(act, row)
                parties = heard(session, hearing, act.today)
                refuse(reasons_against_closing(row.id, parties, hearing.deadline, act.today))
                self._close(act, row, role, hearing, parties)
            facts = act.decisions[0].facts
        counts = facts["counts"]
        return HearingClosed(
            proposal, facts["round"], counts["no_remarks"], counts["remarks"], counts["silent"], counts["none"],
            act.decisions[0].number, act.projected,
        )  # fmt: skip

    def hearing(
        self, proposal: ProposalId, *, reader: str | None, today: date, which: int | None = None
    ) -> HearingView:
        """
        Give a round of hearing: who is heard, who has answered what, who has not, and the remarks one may see.

        While the round is open a party's remarks are for the network's leader, the editor and the party itself;
        afterwards for every party.

        Args:
            reader: Whose eyes; None sees no remarks.
            today: The day on which roles must hold, a day in Norway.
            which: Which round, from 1; the newest when None.

        Raises:
            ProposalNotFound: There is none of that id, or the reader may not read it.
            HearingNotFound: The proposal has not been heard, or not so often; or its text was exempt then, and the reader
                may not read what is exempt.
            PersonNotFound: Nobody has the reader's id or name.
        """
        with self._database.reading() as session:
            return look_at(session, proposal, reader=reader, today=today, which=which)

    def summary(
        self, proposal: ProposalId, *, reader: str | None, today: date, which: int | None = None
    ) -> HearingView:
        """
        Give a round of hearing with every remark, for the summary of remarks.

        Raises:
            ProposalNotFound, PersonNotFound: As `hearing`.
            NotAllowed: The reader may not see every remark: the round is open, or the reader is in none of its parties.
        """
        view = self.hearing(proposal, reader=reader, today=today, which=which)
        if not view.sees_remarks:
            refuse([RemarksNotForYou(proposal)])
        return view

    @staticmethod
    def _handled(act: Act, row: ProposalRow) -> tuple[Role, HearingRow]:
        """Give the role in which whoever acts handles the open round."""
        actor = get_actor(act.session, act.by)
        body = network_body(row.network)
        refuse(reasons_against(actor, Verb.HEAR, body, act.today))
        return roles_for(actor, Verb.HEAR, body, act.today)[0], require_open_round(act.session, row)

    @staticmethod
    def _open(
        act: Act, row: ProposalRow, actor: Actor, policy: Policy, deadline: date, parties: Sequence[ToHear],
        through: Sequence[str], verb: Verb,
    ) -> None:  # fmt: skip
        session, body = act.session, network_body(row.network)
        count = len(rounds_of(session, row.id)) + 1
        decision = act.record(
            "hearing_opened", body=body, role=roles_for(actor, Verb.HEAR, body, act.today)[0], subject=row.procedure_id,
            facts={"proposal": row.id, "procedure": row.procedure_id, "round": count, "digest": row.digest,
                   "deadline": deadline.isoformat(), "policy": asdict(policy), "parties": [one.body for one in parties],
                   "through": list(through)},
        )  # fmt: skip
        hearing = HearingRow(
            id=opaque("h", row.id, count), proposal_id=row.id, round=count, digest=row.digest, text=row.text,
            opened_on=act.today, deadline=deadline, opened_number=decision.number,
        )  # fmt: skip
        session.add(hearing)
        row.state, row.policy = ProposalState.HEARING.value, written_policy(policy)
        session.add(row)
        session.flush()
        for one in parties:
            session.add(
                HearingPartyRow(
                    id=opaque("p", hearing.id, one.body),
                    hearing_id=hearing.id,
                    body=one.body,
                    party=one.party,
                    name=one.name,
                )
            )
            if not one.is_outside:
                wait_for(act, one.body, ANSWER_WAITS, hearing.id, verb=verb, key=hearing.id, due_on=deadline)
        session.flush()
        tell(act, "hearing-opened", hearing.id, bodies=[(one.body, verb) for one in parties if not one.is_outside])
        ask_to_close(act, row, hearing, from_day=deadline + timedelta(days=1))

    @staticmethod
    def _close(act: Act, row: ProposalRow, role: Role, hearing: HearingRow, parties: Sequence[HeardParty]) -> None:
        session, body = act.session, network_body(row.network)
        stands = {one.id: answer_at_close(one) for one in parties}
        counts = counted(stands.values())
        decision = act.record(
            "hearing_closed", body=body, role=role, subject=row.procedure_id,
            facts={"proposal": row.id, "procedure": row.procedure_id, "round": hearing.round, "digest": hearing.digest,
                   "counts": asdict(counts),
                   "silent": [one.body for one in parties if stands[one.id] is HearingAnswer.SILENT]},
        )  # fmt: skip
        for one in parties:
            party = session.get_one(HearingPartyRow, one.id)
            party.answer = stands[one.id].value
            session.add(party)
        hearing.closed_number = decision.number
        row.state = ProposalState.DRAFT.value
        session.add_all([hearing, row])
        session.flush()
        close_waiting(session, hearing.id, decision.number)
        settle_replies(act, row, hearing)
        verb = may_answer(AccessClass(row.access or AccessClass.OPEN))
        bodies: list[tuple[str, Verb | None]] = [(one.body, verb) for one in parties if not one.is_outside]
        tell(act, "hearing-closed", hearing.id, bodies=[(body, Verb.HEAR), *bodies], actors=[row.author_actor])


def _party_of(facts: Mapping[str, Any], body: str) -> HearingPartyId:
    """Give a party's id from the decision alone: its row may have been deleted by the retention rules since."""
    return HearingPartyId(opaque("p", opaque("h", facts["proposal"], facts["round"]), body))


def _suggested(session: Session, text: ProcedureText) -> Suggested:
    front = text.front
    return suggest(shared_library(session), front.subjects, front.network, front.co_networks)
