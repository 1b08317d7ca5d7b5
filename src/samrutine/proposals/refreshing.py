"""Refresh: put together what a proposal changes and the version that came while it was written."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from samrutine.actors import ActorId, Verb, network_body, roles_for
from samrutine.days import norwegian_day
from samrutine.errors import ProcedureNotFound, TextChanged
from samrutine.inbox.opening import close_waiting, tell
from samrutine.networks.directory import get_actor
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import AccessClass, Digest, ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read, write
from samrutine.proposals.conflicts import Conflict
from samrutine.proposals.drafting import put_text
from samrutine.proposals.loading import (
    acted_on,
    conflicts_read,
    conflicts_written,
    proposal_of,
    reasons_against_becoming,
)
from samrutine.proposals.merge import merge
from samrutine.proposals.model import ProposalId, ProposalKind, ProposalState
from samrutine.proposals.rules import NothingLeftToChange, NothingToRefresh, reasons_against_refreshing
from samrutine.proposals.transitions import Step, transition
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import ProcedureRow, ProposalRow
from samrutine.storage.sql import Database
from samrutine.storage.words import Words


@dataclass(frozen=True, slots=True)
class Refreshed:
    """
    The proposal starts from the newest version now.

    `conflicts` are the places that both had changed, where the proposal's own words stand: until somebody has looked at
    them and revised the text it cannot be sent.
    """

    proposal: ProposalId
    procedure: ProcedureId
    digest: Digest
    base: VersionNumber
    conflicts: tuple[Conflict, ...]
    number: int
    projected: bool


@dataclass(frozen=True, slots=True)
class _Merge:
    """A merge as it was made before the act began, and the three digests that it was made of."""

    base: str | None
    ours: str
    theirs: str | None
    text: ProcedureText
    stored: bytes
    conflicts: tuple[Conflict, ...]


class Refreshing:
    """The verb that takes the newest version up into a proposal."""

    def __init__(self, database: Database, decisions: Decisions, words: Words) -> None:
        self._database = database
        self._decisions = decisions
        self._words = words

    def refresh(
        self, proposal: ProposalId, *, read_digest: Digest, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> Refreshed:
        """
        Merge the routine's newest version into a proposal that was begun from an earlier one.

        What was agreed to the text before is void, since the text is another. Up for approval it becomes a draft again,
        to be read and sent anew; a hearing goes on with the text it was opened with.

        Args:
            read_digest: The digest of the text that was read, so that nobody merges into unread words.

        Raises:
            TextChanged: The text, or the newest version, is another than when the merge was made. Read it again.
            Refused: Decided already; the proposal starts from the newest version; nothing would be left to change; a
                hasteversjon waits; or the routine was withdrawn.
            ProcedureNotFound: The routine was made exempt, and whoever acts may not know of it any more.
            NotAllowed: Neither the author nor the network's leader nor the editor.
        """
        request = {"proposal": proposal, "read": read_digest}
        is_made = self._decisions.made(decision_id, "refresh", request, by=by, texts={})
        made = None if is_made else self._merge(proposal, by=by, today=norwegian_day(now))
        with self._decisions.act(decision_id, "refresh", request, by=by, now=now) as act:
            session = act.session
            row = acted_on(act, proposal)
            if not act.is_repeat:
                refuse(reasons_against_refreshing(proposal_of(session, row), get_actor(session, by), act.today))
                head = session.get(ProcedureRow, row.procedure_id)
                if made is None or read_digest != row.digest:
                    raise TextChanged(proposal=proposal)
                if head is not None and not Eyes.of(act).know(head):
                    raise ProcedureNotFound(procedure=row.procedure_id)
                if head is None or row.base_digest == head.digest:
                    refuse([NothingToRefresh(row.id)])
                else:
                    self._refresh(act, row, head, made)
            facts = act.decisions[0].facts
            stand = conflicts_read(row.conflicts) if row.digest == facts["digest"] else ()
        return Refreshed(
            proposal, ProcedureId(row.procedure_id), Digest(facts["digest"]), VersionNumber.parse(facts["base"]), stand,
            act.decisions[0].number, act.projected,
        )  # fmt: skip

    def _merge(self, proposal: ProposalId, *, by: ActorId, today: date) -> _Merge:
        """Merge before the act begins: the chain's head is not held while texts are compared."""
        with self._database.reading() as session:
            eyes = Eyes(session, by, today)
            row = eyes.proposal(proposal)
            head = session.get(ProcedureRow, row.procedure_id)
            if head is not None and not eyes.know(head):
                # Their own draft, of a routine that was made exempt since: its words are not put into it for them.
                raise ProcedureNotFound(procedure=row.procedure_id)
            ours = read(row.text, row.id)
            theirs = head.digest if head else None
            if theirs is None or row.base_digest is None or theirs == row.base_digest:
                return _Merge(row.base_digest, row.digest, theirs, ours, row.text, ())
            if row.kind == ProposalKind.WITHDRAWAL.value:
                data = self._words.from_sql(session, theirs)
                return _Merge(row.base_digest, row.digest, theirs, read(data, row.id), data, ())
            merged = merge(self._read(session, row.base_digest), ours, self._read(session, theirs))
        return _Merge(row.base_digest, row.digest, theirs, merged.text, write(merged.text), merged.conflicts)

    def _refresh(self, act: Act, row: ProposalRow, head: ProcedureRow, made: _Merge) -> None:
        session = act.session
        refuse(reasons_against_becoming(Eyes.of(act), row))
        if (made.base, made.ours, made.theirs) != (row.base_digest, row.digest, head.digest):
            raise TextChanged(proposal=row.id)
        before = proposal_of(session, row)
        digest = digest_of(made.stored)
        if digest == head.digest and before.kind is not ProposalKind.WITHDRAWAL:
            refuse([NothingLeftToChange(row.id)])
        actor = get_actor(session, act.by)
        body = network_body(row.network)
        decision = act.record(
            "proposal_refreshed", body=body, role=roles_for(actor, Verb.PROPOSE, body, act.today)[0],
            subject=row.procedure_id,
            facts={"proposal": row.id, "procedure": row.procedure_id, "digest": digest, "replaces": row.digest,
                   "base": f"{head.major}.{head.minor}", "conflicts": len(made.conflicts),
                   "was_exempt": row.access == AccessClass.EXEMPT},
        )  # fmt: skip
        put_text(row, made.text, made.stored, others_words=head.access == AccessClass.EXEMPT)
        row.base_version, row.base_digest = f"{head.major}.{head.minor}", head.digest
        row.conflicts = conflicts_written(made.conflicts)
        way = transition(before.state, Step.REFRESH)
        if before.state is ProposalState.APPROVAL and way is not None:
            close_waiting(session, row.id, decision.number)
            # A round that nobody was heard in begins by the policy of the day it is sent again.
            row.policy = row.policy if before.heard else None
        row.state = way.leads_to[0].value if way else row.state
        session.add(row)
        tell(
            act, "proposal-refreshed", row.id, actors=[row.author_actor, *(one.actor for one in before.valid_approvals)]
        )

    def _read(self, session: Session, digest: str) -> ProcedureText:
        return read(self._words.from_sql(session, digest), digest)
