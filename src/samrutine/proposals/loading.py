"""Read proposals from their rows, and hold what somebody read against what there is now."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final, Self

from sqlalchemy import select as columns_of
from sqlmodel import Session, col, or_, select

from samrutine.actors import ActorId, Role, municipality_body
from samrutine.arguments import require_text
from samrutine.days import norwegian_day
from samrutine.errors import BaseMoved, ProposalNotFound, TextChanged, TextDeleted
from samrutine.networks.retention_rules import Kept
from samrutine.networks.settling import known_to_checks, settled_files, shared_library
from samrutine.procedures.checks import findings as check
from samrutine.procedures.findings import Finding, Severity
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import Digest, ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.text import read
from samrutine.proposals.conflicts import Conflict, ConflictKind
from samrutine.proposals.files import files_held
from samrutine.proposals.model import (
    OPEN_STATES,
    Origin,
    OriginKind,
    Proposal,
    ProposalId,
    ProposalKind,
    ProposalState,
    Significance,
)
from samrutine.proposals.policy import Policy
from samrutine.proposals.quorum import Approval, Writer
from samrutine.proposals.rules import HurriedAwaits, NothingLeftToChange, ProcedureWithdrawn
from samrutine.reasons import Because
from samrutine.storage.decisions import Act
from samrutine.storage.rows import (
    AdditionRow,
    ApprovalRow,
    DecisionRow,
    HearingRow,
    ProcedureRow,
    ProposalOriginRow,
    ProposalRow,
    RoleGrantRow,
    VersionRow,
)
from samrutine.storage.sql import Database

LONGEST_MEANING: Final = 1_000
"""Characters in what a change means, and in a reason: a few lines, read on a phone."""

MOST_AT_ONCE: Final = 500
"""Proposals looked up in one question: a database takes only so many parameters."""

ASKS_ANEW: Final = ("proposal_sent", "proposal_refreshed")
"""Decisions before which nobody was asked to agree to the text as it now stands. A hurry goes on with the round there is."""

MOST_PREFIXES: Final = 100
"""Additions looked up in one question: an expression may only be so deep."""

IN_OPEN_STATES: Final = [one.value for one in OPEN_STATES]


@dataclass(frozen=True, slots=True)
class Looked:
    """
    A proposal's text as it was before the act began, and the lines of the errors in it.

    `settled` is what the library's settings were when it was checked.
    """

    text: ProcedureText
    data: bytes
    faults: tuple[int, ...]
    settled: tuple[tuple[str, str], ...]


def look_at_text(database: Database, proposal: str, *, by: ActorId, now: datetime) -> Looked:
    """
    Check a proposal's text before the act begins: the chain's head is not held while a text is read.

    Whoever uses this calls `require_same_text` under the lock: the text may have been changed in between.

    Raises:
        ProposalNotFound: There is none of that id, or whoever acts may not know of it.
        TextDeleted: It came to nothing, and its text was kept for a time only.
    """
    with database.reading() as session:
        row = Eyes(session, by, norwegian_day(now)).proposal(proposal)
        require_text_kept(session, row)
        data = row.text
        text = read(data, proposal)
        return _looked(session, row, text, data)


def _looked(session: Session, row: ProposalRow, text: ProcedureText, data: bytes) -> Looked:
    known = known_to_checks(session, held=files_held(session, row.id))
    return Looked(text, data, lines_of_errors(check(text, data, known)), settled_files(session))


def require_text_kept(session: Session, row: ProposalRow) -> None:
    """
    Refuse when the text is gone by the library's rule for what came to nothing.

    Raises:
        TextDeleted: It is; the message says since when the months were counted.
    """
    if row.text:
        return
    months = next(one.months for one in shared_library(session).retention if one.id is Kept.DRAFTS)
    raise TextDeleted(proposal=row.id, closed_on=norwegian_day(row.closed_at) if row.closed_at else None, months=months)


def require_same_text(session: Session, row: ProposalRow, looked: Looked | None) -> Looked:
    """
    Give what was seen of the text, when it still holds under the lock.

    When somebody settled the library's settings in between, the text is checked once more: that takes some hundredths of
    a second of the lock, once, and not the whole act from the beginning.

    Args:
        looked: What `look_at_text` gave; None when it was not asked.

    Raises:
        TextChanged: Somebody changed the text in between.
    """
    if looked is None or row.text != looked.data:
        raise TextChanged(proposal=row.id)
    if looked.settled == settled_files(session):
        return looked
    return _looked(session, row, looked.text, looked.data)


def require_read_text_and_base(session: Session, row: ProposalRow, digest: str) -> None:
    """
    Refuse when the text is another than the one that was read, or the routine has moved on since it was begun.

    Raises:
        TextChanged: The text is another.
        BaseMoved: The routine got a newer version. That of a *hasteversjon* is the proposal's own.
    """
    if row.digest != digest:
        raise TextChanged(proposal=row.id)
    head = session.get(ProcedureRow, row.procedure_id)
    if row.hurried_version is None and (head.digest if head else None) != row.base_digest:
        current = f"{head.major}.{head.minor}" if head else "–"
        raise BaseMoved(procedure=row.procedure_id, base=row.base_version or "–", current=current)


def reasons_against_becoming(eyes: Eyes, row: ProposalRow) -> list[Because]:
    """
    Say why nothing can become of the proposal as the routine stands now; empty means something can.

    A withdrawn routine is taken up again by a change that is begun after the withdrawal, never by one that was under way
    and knew nothing of it. While a *hasteversjon* waits for the network no other version is built on its words, so that
    the words before it are there to go back to.
    """
    session = eyes.session
    head = session.get(ProcedureRow, row.procedure_id)
    if head is None:
        return []
    if head.withdrawn_number is not None and row.opened_number < head.withdrawn_number:
        return [ProcedureWithdrawn(head.id, eyes.replacement(head))]
    waiting = session.exec(
        select(VersionRow).where(
            VersionRow.procedure_id == head.id, col(VersionRow.hurried).is_(True),
            col(VersionRow.confirmed_number).is_(None), col(VersionRow.refused_number).is_(None),
            VersionRow.proposal_id != row.id,
        )
    ).first()  # fmt: skip
    if waiting is not None:
        return [HurriedAwaits(head.id, f"{waiting.major}.{waiting.minor}", waiting.proposal_id)]
    return []


def reasons_against_repeating(session: Session, row: ProposalRow, digest: str) -> list[Because]:
    """
    Say why others may not be asked about this text: it is the routine's newest version, word for word. Empty means they may.

    What takes a withdrawn routine up again may say the same as before, and a *hasteversjon* is the newest version itself.

    Args:
        digest: Of the text that others would read.
    """
    head = session.get(ProcedureRow, row.procedure_id)
    if head is None or head.withdrawn_number is not None or row.hurried_version is not None:
        return []
    is_same = row.kind == ProposalKind.CHANGE.value and head.digest == digest
    return [NothingLeftToChange(row.id)] if is_same else []


def get_row(session: Session, proposal: str) -> ProposalRow:
    """
    Give a proposal's row.

    Raises:
        ProposalNotFound: There is none of that id.
    """
    row = session.get(ProposalRow, proposal)
    if row is None:
        raise ProposalNotFound(proposal=proposal)
    return row


def acted_on(act: Act, proposal: str) -> ProposalRow:
    """
    Give the row of the proposal that an act is about. A second call is answered as the first was.

    Raises:
        ProposalNotFound: There is none of that id, or whoever acts may not know of it.
    """
    return get_row(act.session, proposal) if act.is_repeat else Eyes.of(act).proposal(proposal)


def proposal_of(session: Session, row: ProposalRow) -> Proposal:
    """Read a proposal from its row, with its approvals and what else belongs to it."""
    return proposals_of(session, [row])[0]


def proposals_of(session: Session, rows: Sequence[ProposalRow]) -> list[Proposal]:
    """Read proposals from their rows, in the same order: the same few questions for one and for a hundred."""
    found: list[Proposal] = []
    for start in range(0, len(rows), MOST_AT_ONCE):
        some = rows[start : start + MOST_AT_ONCE]
        beside = _Beside.of(session, some)
        found += [beside.proposal(row) for row in some]
    return found


@dataclass
class _Beside:
    """What belongs to some proposals and stands in other tables, by the proposal's id; and heads by the routine's."""

    approvals: dict[str, list[Approval]]
    origins: dict[str, list[Origin]]
    heard: set[str]
    withdrawn: dict[str, int]
    revisers: dict[str, list[tuple[Writer, date, int]]]
    asked: dict[str, int]
    lifted: dict[str, list[tuple[Writer, int]]]
    posts: dict[str, list[RoleGrantRow]]

    @classmethod
    def of(cls, session: Session, rows: Sequence[ProposalRow]) -> Self:
        """Look it up."""
        ids, procedures = [row.id for row in rows], {row.procedure_id for row in rows}
        approvals: dict[str, list[Approval]] = {}
        for one in session.exec(
            select(ApprovalRow).where(col(ApprovalRow.proposal_id).in_(ids)).order_by(col(ApprovalRow.decided_number))
        ):
            approvals.setdefault(one.proposal_id, []).append(
                Approval(
                    ActorId(one.actor_id), one.municipality, Role(one.role), Digest(one.digest), one.decided_number,
                    one.network,
                )
            )  # fmt: skip
        origins: dict[str, list[Origin]] = {}
        for origin in session.exec(
            select(ProposalOriginRow)
            .where(col(ProposalOriginRow.proposal_id).in_(ids))
            .order_by(ProposalOriginRow.kind, ProposalOriginRow.reference)
        ):
            origins.setdefault(origin.proposal_id, []).append(Origin(OriginKind(origin.kind), origin.reference))
        # A round that a *hasteversjon* broke off has a number too, that of the hurry: it was not heard to its end.
        heard = session.exec(
            select(HearingRow.proposal_id)
            .join(DecisionRow, col(HearingRow.closed_number) == col(DecisionRow.number))
            .where(col(HearingRow.proposal_id).in_(ids), col(DecisionRow.kind) == "hearing_closed")
        )
        heads = session.exec(
            select(ProcedureRow.id, ProcedureRow.withdrawn_number).where(
                col(ProcedureRow.id).in_(procedures), col(ProcedureRow.withdrawn_number).is_not(None)
            )
        )
        revisers, asked = _revisers_and_rounds(session, procedures)
        actors = {row.author_actor for row in rows} | {one.actor for made in revisers.values() for one, _, _ in made}
        return cls(
            approvals, origins, set(heard), {name: number for name, number in heads if number is not None}, revisers,
            asked, _writers_of_additions(session, origins), _posts(session, actors),
        )  # fmt: skip

    def proposal(self, row: ProposalRow) -> Proposal:
        """Make one of them a value."""
        author = Writer(ActorId(row.author_actor), row.author_municipality)
        wrote = [(author, norwegian_day(row.opened_at), row.opened_number), *self.revisers.get(row.id, ())]
        also = [other for one, day, number in wrote for other in self._also_from(one, day, number)]
        withdrawn = self.withdrawn.get(row.procedure_id)
        return Proposal(
            ProposalId(row.id), ProcedureId(row.procedure_id), ProposalKind(row.kind), ProposalState(row.state), row.title,
            row.network, ActorId(row.author_actor), row.author_municipality,
            VersionNumber.parse(row.base_version) if row.base_version else None, Digest(row.digest),
            Significance(row.significance), row.meaning, Policy.parse(json.loads(row.policy)) if row.policy else None,
            row.opened_at,
            approvals=tuple(self.approvals.get(row.id, ())),
            revisers=tuple(one for one, _, _ in self.revisers.get(row.id, ())),
            also_from=tuple(dict.fromkeys(also)),
            co_networks=tuple(row.co_networks.split()),
            heard=row.id in self.heard,
            conflicts=conflicts_read(row.conflicts),
            hurried_version=VersionNumber.parse(row.hurried_version) if row.hurried_version else None,
            replaced_by=ProcedureId(row.replaced_by) if row.replaced_by else None,
            origins=tuple(self.origins.get(row.id, ())),
            revives=withdrawn is not None and row.opened_number > withdrawn,
            lifted_from=tuple(
                dict.fromkeys(
                    one
                    for origin in self.origins.get(row.id, ())
                    if origin.kind is OriginKind.ADDITION
                    for one, number in self.lifted.get(origin.reference, ())
                    if number < row.opened_number
                )
            ),
            asked_number=self.asked.get(row.id, 0),
        )  # fmt: skip

    def _also_from(self, writer: Writer, day: date, number: int) -> Iterator[Writer]:
        """Give the other municipalities that a writer worked in when they wrote: all of them are the writer's own."""
        for post in self.posts.get(writer.actor, ()):
            town = post.body.partition(":")[2]
            is_held = post.from_on <= day and (post.until_on is None or day < post.until_on)
            stood = post.decided_number <= number and (post.ended_number is None or post.ended_number > number)
            if is_held and stood and town != writer.municipality:
                yield Writer(writer.actor, town)


def _revisers_and_rounds(
    session: Session, procedures: Collection[str]
) -> tuple[dict[str, list[tuple[Writer, date, int]]], dict[str, int]]:
    """
    Give those whose decisions changed each proposal's text, when, and by which decision; and each `asked_number`.

    Another meaning beside the same text is no change of it.
    """
    row = DecisionRow
    decisions = session.execute(
        columns_of(col(row.number), col(row.kind), col(row.actor_id), col(row.decided_at), col(row.record))
        .where(col(row.subject).in_(procedures), col(row.kind).in_(["proposal_revised", *ASKS_ANEW]))
        .order_by(col(row.number))
    )
    found: dict[str, list[tuple[Writer, date, int]]] = {}
    asked: dict[str, int] = {}
    for number, kind, actor, at, record in decisions:
        facts = json.loads(record)["facts"]
        if kind in ASKS_ANEW:
            asked[facts["proposal"]] = number
        elif facts["digest"] != facts["replaces"]:
            writer = Writer(ActorId(actor), facts["municipality"])
            found.setdefault(facts["proposal"], []).append((writer, norwegian_day(at), number))
    return found, asked


def _writers_of_additions(
    session: Session, origins: Mapping[str, Sequence[Origin]]
) -> dict[str, list[tuple[Writer, int]]]:
    """Give those whose decisions gave each addition its words, and by which decision, by the addition's id."""
    wanted = sorted({one.reference for some in origins.values() for one in some if one.kind is OriginKind.ADDITION})
    found: dict[str, list[tuple[Writer, int]]] = {}
    said: dict[str, str] = {}
    for start in range(0, len(wanted), MOST_PREFIXES):
        some = [col(AdditionRow.id).startswith(f"{one}.") for one in wanted[start : start + MOST_PREFIXES]]
        rows = session.exec(
            select(AdditionRow, DecisionRow.actor_id)
            .join(DecisionRow, col(DecisionRow.number) == col(AdditionRow.decided_number))
            .where(or_(*some))
            .order_by(col(AdditionRow.decided_number), AdditionRow.id)
        )
        for row, actor in rows:
            addition = row.id.rpartition(".")[0]
            if said.get(addition) != row.digest:
                writer = Writer(ActorId(actor), row.municipality)
                found.setdefault(addition, []).append((writer, row.decided_number))
            said[addition] = row.digest
    return found


def _posts(session: Session, actors: Collection[str]) -> dict[str, list[RoleGrantRow]]:
    """Give the posts in municipalities that each of these has or had."""
    found: dict[str, list[RoleGrantRow]] = {}
    query = select(RoleGrantRow).where(
        col(RoleGrantRow.actor_id).in_(actors), col(RoleGrantRow.body).startswith(municipality_body(""))
    )
    for row in session.exec(query.order_by(col(RoleGrantRow.decided_number), RoleGrantRow.id)):
        found.setdefault(row.actor_id, []).append(row)
    return found


def conflicts_written(conflicts: Sequence[Conflict]) -> str | None:
    """Write what could not be merged, as a row keeps it; None when everything could."""
    return json.dumps([asdict(one) for one in conflicts], ensure_ascii=False) if conflicts else None


def conflicts_read(kept: str | None) -> tuple[Conflict, ...]:
    """Read back what `conflicts_written` wrote."""
    return tuple(Conflict(**{**one, "kind": ConflictKind(one["kind"])}) for one in json.loads(kept or "[]"))


def lines_of_errors(found: Sequence[Finding]) -> tuple[int, ...]:
    """Give the lines of those findings that are errors."""
    return tuple(one.line for one in found if one.severity is Severity.ERROR)


def free_text(what: str, text: str | None, *, may_be_empty: bool = True) -> str | None:
    """
    Give what was written beside the text, without spaces around it; None when there is nothing.

    Raises:
        InvalidRequest: It is too long, or is missing where it may not be.
    """
    return require_text(what, text or "", longest=LONGEST_MEANING, may_be_empty=may_be_empty).strip() or None
