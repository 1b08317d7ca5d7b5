"""What becomes of a proposal when it is decided: a version with its sections, or nothing, and whose inbox is told."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlmodel import Session, col, select

from samrutine.actors import SYSTEM, Role, Verb, municipality_body, network_body
from samrutine.adoptions.following import follow_minor
from samrutine.adoptions.model import AdoptionState
from samrutine.errors import StoreDamaged
from samrutine.inbox.opening import close_waiting, tell, wait_to_consider
from samrutine.networks.directory import municipalities
from samrutine.procedures.heads import HEAD_KINDS, Head, Stands, heads_of, procedure_columns
from samrutine.procedures.model import ProcedureText, VersionNumber
from samrutine.procedures.review import CHANGE_AFTER_REVIEW, months_after
from samrutine.procedures.sections import section_moves, sections
from samrutine.procedures.text import TEXT_FORM, read
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.titles import is_retitled
from samrutine.proposals.files import keep_only_listed
from samrutine.proposals.loading import proposal_of
from samrutine.proposals.model import ProposalState, Significance, next_version
from samrutine.reading.trace import proposal_decided
from samrutine.storage.decisions import Act, Decision
from samrutine.storage.rows import (
    AdoptionRow,
    AttachmentRow,
    DecisionRow,
    HearingRow,
    ProcedureRow,
    ProposalFileRow,
    ProposalRow,
    SectionRow,
    VersionRow,
)
from samrutine.storage.words import Words

ASKED_OF_MUNICIPALITIES: Final = ("consider-version", "consider-withdrawal", "hurried-refused")
"""What a municipality is asked about a routine's newest version; the next such question takes the place of the last."""


def become_version(act: Act, words: Words, row: ProposalRow, approvals: list[int]) -> None:
    """
    Give the proposal's text its version number, with all that follows from it, in the act's own transaction.

    Args:
        act: The approval that was enough.
        words: Where the words of the version before are.
        row: The proposal; closed by this.
        approvals: The numbers of the decisions by which the members agreed.
    """
    version = number_after(act.session, row)
    facts = {**version_facts(act.session, row, version), "approvals": approvals}
    decision = act.record(
        "version_approved", body=network_body(row.network), role=Role.MEMBER, subject=row.procedure_id, facts=facts,
        touches=(f"procedure:{row.procedure_id}",), by=SYSTEM,
    )  # fmt: skip
    keep_version(act, words, row, version, decision, hurried=False)
    close(act, row, ProposalState.APPROVED, decision.number)
    tell(act, "proposal-approved", row.id, actors=[row.author_actor])


def number_after(session: Session, row: ProposalRow) -> VersionNumber:
    """
    Give the number that the proposal's text would get: after the highest that was ever given.

    A number that a refused *hasteversjon* had is never given again, so it is counted too.
    """
    highest = session.exec(
        select(VersionRow.major, VersionRow.minor)
        .where(VersionRow.procedure_id == row.procedure_id)
        .order_by(col(VersionRow.major).desc(), col(VersionRow.minor).desc())
    ).first()
    return next_version(VersionNumber(*highest) if highest else None, proposal_of(session, row).weight)


def version_facts(session: Session, row: ProposalRow, version: VersionNumber) -> dict[str, object]:
    """Give what the chain says of a version: enough to put its words on `main` by the decision alone."""
    before = head_decided(session, row.procedure_id)
    front = read(row.text, row.id).front
    files = files_told(files=[(one.digest, one.media_type) for one in front.attachments],
                       previous_files=before.stands.files if before else ())  # fmt: skip
    return {
        **files,
        "procedure": row.procedure_id, "version": str(version), "digest": row.digest, "text_form": TEXT_FORM,
        "folder": front.subjects[0], "previous_folder": before.stands.folder if before else None,
        "access": front.access.value, "previous_access": before.stands.access if before else None,
        "significance": proposal_of(session, row).weight.value, "proposal": row.id,
    }  # fmt: skip


def files_told(**files: Sequence[tuple[str, str]]) -> dict[str, list[list[str]]]:
    """Give what a decision says of files that belong to versions: digest and media type of each, and nothing of none."""
    return {name: [[*one] for one in listed] for name, listed in files.items() if listed}


def head_decided(session: Session, procedure: str) -> Head | None:
    """Give a routine's head as the decisions have it, whatever its row says; None where there are no versions."""
    records = session.exec(
        select(DecisionRow.record)
        .where(DecisionRow.subject == procedure, col(DecisionRow.kind).in_(HEAD_KINDS))
        .order_by(col(DecisionRow.number))
    )
    return heads_of(records).get(procedure)


def stands_decided(session: Session, procedure: str) -> Stands:
    """
    Give the version that is a routine's head, as the decisions have it.

    Raises:
        StoreDamaged: No decision made a version of it.
    """
    head = head_decided(session, procedure)
    if head is None:
        raise StoreDamaged(store="SQL", detail=f"versions {procedure}")
    return head.stands


def keep_version(
    act: Act, words: Words, row: ProposalRow, version: VersionNumber, decision: Decision, *, hurried: bool
) -> None:
    """
    Write the rows of a version that just got its number, and ask every municipality about it.

    A routine that was withdrawn is taken up again by it.
    """
    session = act.session
    text = read(row.text, row.id)
    before = session.get(ProcedureRow, row.procedure_id)
    current = VersionNumber(before.major, before.minor) if before else None
    significance = decision.facts["significance"]
    act.keep_words(row.digest, row.text)
    _keep_files(act, row, text, version)
    keep_procedure(act, text, version, row.digest, months_after(act.today, text.front.review_interval_months))
    session.flush()
    session.add(
        VersionRow(
            procedure_id=row.procedure_id, major=version.major, minor=version.minor, digest=row.digest,
            text_form=TEXT_FORM, title=text.front.title, significance=significance, meaning=row.meaning,
            proposal_id=row.id, approved_on=act.today, approved_by=row.network, decided_number=decision.number,
            hurried=hurried, access=text.front.access.value,
        )
    )  # fmt: skip
    _keep_sections(session, words, text, version, current)
    ask_municipalities(
        act, row.procedure_id, version, decision.number, told="version-hurried" if hurried else "version-approved"
    )
    if current is not None and significance == Significance.MINOR.value and not hurried:
        follow_minor(act, row.procedure_id, version, current)
    act.count("versions", 1)


def keep_procedure(act: Act, text: ProcedureText, version: VersionNumber, digest: str, next_review: date) -> None:
    """Make this version the routine's head, to be looked through again by a day. A withdrawn routine stands again."""
    row = act.session.get(ProcedureRow, text.front.id)
    if row is None:
        act.count("procedures", 1)
    columns = procedure_columns(text, version, digest, next_review)
    looked_after: dict[str, Any] = {"owner_actor": row.owner_actor, "deputy_actor": row.deputy_actor} if row else {}
    retitled = row is not None and is_retitled(act.session, text.front.id, text.front.title)
    act.session.merge(
        ProcedureRow(**columns, **looked_after, replaced_by=None, withdrawn_number=None, retitled=retitled)
    )


def _keep_files(act: Act, row: ProposalRow, text: ProcedureText, version: VersionNumber) -> None:
    """
    Keep the files that the text lists as words behind their digests; the proposal needs its own no longer.

    Raises:
        StoreDamaged: One that was there when the text was looked at is gone.
    """
    session = act.session
    for one in text.front.attachments:
        given = session.get(ProposalFileRow, (row.id, one.digest))
        content = given.content if given is not None else Words.from_sql(session, one.digest)
        if digest_of(content) != one.digest:
            raise StoreDamaged(store="SQL", detail=f"words {one.digest}")
        act.keep_words(one.digest, content)
        session.add(
            AttachmentRow(
                procedure_id=row.procedure_id, major=version.major, minor=version.minor, name=one.name,
                media_type=one.media_type, digest=one.digest,
            )
        )  # fmt: skip
    keep_only_listed(session, row.id, ())


def _keep_sections(
    session: Session, words: Words, text: ProcedureText, version: VersionNumber, current: VersionNumber | None
) -> None:
    new = sections(text.body)
    earlier: dict[str, str] = {}
    if current is not None:
        old_row = session.get(VersionRow, (text.front.id, current.major, current.minor))
        if old_row is not None:
            old = sections(read(words.from_sql(session, old_row.digest), text.front.id).body)
            moves = section_moves(old, new)
            earlier = {new_key: old_key for old_key, new_key in moves.items() if new_key is not None}
    for position, section in enumerate(new):
        session.add(
            SectionRow(
                procedure_id=text.front.id, major=version.major, minor=version.minor, key=section.key, position=position,
                heading=section.heading, level=section.level, text_digest=digest_of(section.text.encode()),
                earlier_key=earlier.get(section.key),
            )
        )  # fmt: skip


def ask_municipalities(act: Act, procedure: str, version: VersionNumber, number: int, *, told: str) -> None:
    """Put the version into every municipality's inbox, as `told`; what waited about an earlier version is closed by it."""
    session = act.session
    subject = f"procedure:{procedure}"
    close_waiting(session, subject, number, what=(*ASKED_OF_MUNICIPALITIES, CHANGE_AFTER_REVIEW))
    towns = municipalities(session)
    answered = set(session.exec(select(AdoptionRow.municipality).where(AdoptionRow.procedure_id == procedure)))
    session.add_all(
        AdoptionRow(
            municipality=one.number,
            procedure_id=procedure,
            state=AdoptionState.TO_CONSIDER.value,
            decided_number=number,
        )
        for one in towns
        if one.number not in answered
    )
    wait_to_consider(act, [(one.number, procedure, version) for one in towns])
    tell(act, told, subject, bodies=[(municipality_body(one.number), Verb.PREPARE) for one in towns])


def close(act: Act, row: ProposalRow, state: ProposalState, number: int) -> None:
    """End a proposal by the decision of that number: nothing about it waits for anybody any more."""
    row.state, row.closed_at = state.value, act.now
    act.session.add(row)
    close_waiting(act.session, row.id, number)
    end_hearing(act.session, row.id, number)
    proposal_decided(act, row.id, state.value)


def end_hearing(session: Session, proposal: str, number: int) -> None:
    """Break off the round of hearing that is open, if one is: the decision of that number made its answers moot."""
    rounds = select(HearingRow).where(HearingRow.proposal_id == proposal, col(HearingRow.closed_number).is_(None))
    for one in session.exec(rounds):
        one.closed_number = number
        session.add(one)
        close_waiting(session, one.id, number)
