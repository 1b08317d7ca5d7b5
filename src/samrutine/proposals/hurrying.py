"""
*Hasteversjon*: a text that gets its number before the network has agreed, and what becomes of it afterwards.

Its words are a version like any other from that moment: on `main`, in every inbox, ready to be taken into use. The network
agrees in retrospect (`confirm_version`) or refuses (`refuse_version`); then the last version that stands is the routine's
again, and those who use the refused one are asked what they will do. The refused number is never given again.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, select

from samrutine.actors import SYSTEM, ActorId, Role, Verb, municipality_body, network_body, roles_for
from samrutine.adoptions.following import follow_confirmed
from samrutine.adoptions.model import AdoptionState
from samrutine.inbox.opening import close_waiting, tell, wait_for, wait_to_consider
from samrutine.networks.directory import get_actor, members_in_post
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import Digest, ProcedureId, VersionNumber
from samrutine.procedures.text import read
from samrutine.proposals.becoming import (
    ASKED_OF_MUNICIPALITIES,
    close,
    end_hearing,
    files_told,
    keep_procedure,
    keep_version,
    number_after,
    stands_decided,
    version_facts,
)
from samrutine.proposals.loading import (
    acted_on,
    free_text,
    look_at_text,
    proposal_of,
    reasons_against_becoming,
    reasons_against_repeating,
    require_read_text_and_base,
    require_same_text,
)
from samrutine.proposals.model import ProposalId, ProposalState
from samrutine.proposals.quorum import reasons_against_opening
from samrutine.proposals.rounds import ask_networks, policy_of, written_policy
from samrutine.proposals.rules import reasons_against_hurrying
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import (
    AdoptionRow,
    DecisionRow,
    ProcedureRow,
    ProposalRow,
    ReviewRow,
    VersionRow,
    WaitingRow,
    WordsRow,
)
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

DAYS_TO_CONFIRM: Final = 14
"""How long the network has before its answer to a hasteversjon is overdue. Our choice; no law gives a number."""


@dataclass(frozen=True, slots=True)
class Hurried:
    """The text has its number, and the network is asked to agree to it afterwards."""

    proposal: ProposalId
    procedure: ProcedureId
    version: VersionNumber
    digest: Digest
    number: int
    projected: bool


class Hurrying:
    """The verb of a hurry."""

    def __init__(self, database: Database, decisions: Decisions, words: Words) -> None:
        self._database = database
        self._decisions = decisions
        self._words = words

    def hurry(
        self, proposal: ProposalId, *, digest: Digest, reason: str, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> Hurried:
        """
        Give the text its version number now, before the network has agreed to it.

        Who may approve is asked to do so in retrospect, by the policy of the day or the one that the round has already.
        Until then the version is marked, and its text stands still.

        Args:
            digest: The digest of the text that was read.
            reason: Why it cannot wait, for those who approve afterwards: 1 to 1,000 characters.

        Raises:
            TextChanged: The text is another than the one that was read.
            BaseMoved: The routine got a newer version since the proposal was begun.
            Refused: Decided already; errors in the text; the newest version word for word; hurried before; another hasteversjon of the routine waits; or
                nobody is in post who could approve it.
            NotAllowed: Only the network's leader or the editor.
        """
        why = free_text("reason", reason, may_be_empty=False)
        request, texts = {"proposal": proposal, "digest": digest}, {"reason": why}
        made = self._decisions.made(decision_id, "hurry", request, by=by, texts=texts)
        looked = None if made else look_at_text(self._database, proposal, by=by, now=now)
        with self._decisions.act(decision_id, "hurry", request, by=by, now=now, texts=texts) as act:
            session = act.session
            row = acted_on(act, proposal)
            if not act.is_repeat:
                actor = get_actor(session, by)
                before = proposal_of(session, row)
                faults = require_same_text(session, row, looked).faults
                refuse(reasons_against_hurrying(before, actor, act.today, faults=faults))
                require_read_text_and_base(session, row, digest)
                refuse([*reasons_against_becoming(Eyes.of(act), row), *reasons_against_repeating(session, row, digest)])
                policy = policy_of(session, row, before)
                in_post = members_in_post(session, before.networks, act.today)
                refuse(reasons_against_opening(policy, in_post, row.network, before.writers))
                body = network_body(row.network)
                version = number_after(session, row)
                decision = act.record(
                    "version_hurried", body=body, role=roles_for(actor, Verb.SEND, body, act.today)[0],
                    subject=row.procedure_id, touches=(f"procedure:{row.procedure_id}",),
                    facts={**version_facts(session, row, version), "policy": asdict(policy),
                           "before": _stood_before(session, row)},
                )  # fmt: skip
                keep_version(act, self._words, row, version, decision, hurried=True)
                end_hearing(session, row.id, decision.number)
                row.state, row.sent_at = ProposalState.APPROVAL.value, now
                row.policy, row.hurried_version = written_policy(policy), str(version)
                session.add(row)
                ask_networks(act, row, before, due_on=act.today + timedelta(days=DAYS_TO_CONFIRM))
                tell(act, "proposal-hurried", row.id, actors=[row.author_actor])
            facts = act.decisions[0].facts
        return Hurried(
            proposal, ProcedureId(facts["procedure"]), VersionNumber.parse(facts["version"]), digest,
            act.decisions[0].number, act.projected,
        )  # fmt: skip


def confirm_version(act: Act, row: ProposalRow, approvals: list[int]) -> None:
    """
    Record that enough have agreed to a hasteversjon: from now on it is faglig godkjent as any other.

    Args:
        act: The approval that was enough.
        row: The proposal; closed by this.
        approvals: The numbers of the decisions by which the members agreed.
    """
    version = _hurried_version(act.session, row)
    number = f"{version.major}.{version.minor}"
    decision = act.record(
        "version_confirmed", body=network_body(row.network), role=Role.MEMBER, subject=row.procedure_id, by=SYSTEM,
        facts={"procedure": row.procedure_id, "version": number, "digest": row.digest, "proposal": row.id,
               "approvals": approvals},
    )  # fmt: skip
    version.confirmed_number = decision.number
    act.session.add(version)
    follow_confirmed(act, version)
    close(act, row, ProposalState.APPROVED, decision.number)
    tell(act, "proposal-approved", row.id, actors=[row.author_actor])
    users = [municipality_body(one.municipality) for one in _users(act.session, version)]
    tell(act, "version-confirmed", f"procedure:{row.procedure_id}", bodies=[(body, Verb.PREPARE) for body in users])


def refuse_version(act: Act, words: Words, row: ProposalRow) -> None:
    """
    Record that the network refuses a hasteversjon: the last version that stands is the routine's head again.

    Where none stands the routine is withdrawn, since there is nothing to follow; so it is where the words of the one that
    stands were taken away since, as nobody may meet a notice where a routine should be. Where it was withdrawn before the
    hurry it is so again, for what it was replaced by then. The day of its next review is the one it had, or that of a
    review since. A municipality that took the refused version into use is asked what it will do; what applies there goes
    on until it has answered.

    Args:
        act: The refusal of the proposal, recorded already.
        words: Where the words of the versions before are.
        row: The proposal.
    """
    session = act.session
    version = _hurried_version(session, row)
    stands = session.exec(
        select(VersionRow)
        .where(VersionRow.procedure_id == row.procedure_id, col(VersionRow.refused_number).is_(None))
        .where(VersionRow.proposal_id != row.id)
        .order_by(col(VersionRow.major).desc(), col(VersionRow.minor).desc())
    ).first()
    head, decided = session.get_one(ProcedureRow, row.procedure_id), stands_decided(session, row.procedure_id)
    back_to = VersionNumber(stands.major, stands.minor) if stands else None
    text = read(words.from_sql(session, stands.digest), row.procedure_id) if stands else None
    before = _before_the_hurry(session, version)
    was_withdrawn: int | None = before.get("withdrawn")
    withdrawn = was_withdrawn
    if withdrawn is None and stands is not None and session.get_one(WordsRow, stands.digest).redacted_number:
        # By this very decision.
        withdrawn = act.head.number + 1
    # Where its words go back to: nowhere for a routine that is withdrawn.
    shown = text.front if text is not None and withdrawn is None else None
    back = [(one.digest, one.media_type) for one in shown.attachments] if shown else []
    decision = act.record(
        "version_refused", body=network_body(row.network), role=Role.MEMBER, subject=row.procedure_id, by=SYSTEM,
        touches=(f"procedure:{row.procedure_id}",),
        facts={"procedure": row.procedure_id, "version": f"{version.major}.{version.minor}", "digest": row.digest,
               "proposal": row.id, "folder": decided.folder, "access": decided.access, "stands": str(back_to) if back_to else None,
               "stands_digest": stands.digest if stands else None,
               "stands_folder": shown.subjects[0] if shown else None,
               "stands_access": shown.access.value if shown else None,
               "withdrawn": withdrawn, "replaced_by": before.get("replaced_by"),
               **files_told(files=decided.files, stands_files=back)},
    )  # fmt: skip
    version.refused_number = decision.number
    session.add(version)
    if stands is not None and text is not None and back_to is not None:
        keep_procedure(act, text, back_to, stands.digest, _next_review(session, version, before, head.next_review))
        head.withdrawn_number, head.replaced_by = withdrawn, before.get("replaced_by")
    else:
        head.withdrawn_number = decision.number
    session.add(head)
    _ask_what_to_do(act, version, back_to if withdrawn is None else None, decision.number)
    if was_withdrawn is not None:
        _ask_again_about_withdrawal(session, version)


def _stood_before(session: Session, row: ProposalRow) -> dict[str, object]:
    """Give what a hurry changes of a routine and a refusal gives back, as the chain keeps it."""
    head = session.get(ProcedureRow, row.procedure_id)
    if head is None:
        return {}
    found: dict[str, object] = {"next_review": head.next_review.isoformat()}
    if head.withdrawn_number is not None:
        found |= {"withdrawn": head.withdrawn_number, "replaced_by": head.replaced_by}
    return found


def _before_the_hurry(session: Session, version: VersionRow) -> dict[str, Any]:
    hurry = session.get_one(DecisionRow, version.decided_number)
    found: dict[str, Any] = json.loads(hurry.record)["facts"].get("before", {})
    return found


def _next_review(session: Session, version: VersionRow, before: dict[str, Any], planned: date) -> date:
    """Give the day that stood before the hurry; a review that was decided since has set another."""
    since = session.exec(
        select(ReviewRow.decided_number).where(
            ReviewRow.procedure_id == version.procedure_id, ReviewRow.decided_number > version.decided_number
        )
    ).first()
    return planned if since is not None or "next_review" not in before else date.fromisoformat(before["next_review"])


def _ask_again_about_withdrawal(session: Session, version: VersionRow) -> None:
    """Those who had not answered the withdrawal when the hurry took the routine up are asked about it again."""
    closed = select(WaitingRow).where(
        WaitingRow.subject == f"procedure:{version.procedure_id}", WaitingRow.what == "consider-withdrawal",
        WaitingRow.closed_number == version.decided_number,
    )  # fmt: skip
    for one in session.exec(closed):
        one.closed_number = None
        session.add(one)


def _ask_what_to_do(act: Act, version: VersionRow, back_to: VersionNumber | None, number: int) -> None:
    """Those who use the refused version must choose; those who had not answered are asked about the one that stands."""
    procedure = version.procedure_id
    subject = f"procedure:{procedure}"
    close_waiting(act.session, subject, number, what=ASKED_OF_MUNICIPALITIES)
    users = {one.municipality for one in _users(act.session, version)}
    waits = {AdoptionState.TO_CONSIDER.value, AdoptionState.DEFERRED.value, AdoptionState.IN_USE.value}
    again: list[tuple[str, str, object]] = []
    for answer in act.session.exec(select(AdoptionRow).where(AdoptionRow.procedure_id == procedure)):
        if answer.municipality in users:
            wait_for(
                act, municipality_body(answer.municipality), "hurried-refused", subject, verb=Verb.PREPARE,
                key=f"{procedure}:{version.major}.{version.minor}", due_on=act.today + timedelta(days=DAYS_TO_CONFIRM),
            )  # fmt: skip
        elif back_to and answer.state in waits and (answer.major, answer.minor) != (back_to.major, back_to.minor):
            again.append((answer.municipality, procedure, back_to))
    wait_to_consider(act, again)
    bodies = [(municipality_body(one), Verb.PREPARE) for one in sorted(users)]
    tell(act, "hurried-refused", subject, bodies=bodies)


def _hurried_version(session: Session, row: ProposalRow) -> VersionRow:
    number = VersionNumber.parse(row.hurried_version or "")
    return session.get_one(VersionRow, (row.procedure_id, number.major, number.minor))


def _users(session: Session, version: VersionRow) -> list[AdoptionRow]:
    """Give the answers of those that took this version into use."""
    query = select(AdoptionRow).where(
        AdoptionRow.procedure_id == version.procedure_id, AdoptionRow.state == AdoptionState.IN_USE.value,
        AdoptionRow.major == version.major, AdoptionRow.minor == version.minor,
    )  # fmt: skip
    return list(session.exec(query.order_by(AdoptionRow.municipality)))
