"""What becomes of a proposal when it is decided: a version with its sections, or nothing, and whose inbox is told."""

from datetime import date, timedelta
from typing import Final

from sqlmodel import Session

from samrutine.actors import SYSTEM, Role, Verb, municipality_body, network_body
from samrutine.adoptions.model import AdoptionState
from samrutine.inbox.opening import close_waiting, wait_for
from samrutine.networks.directory import municipalities
from samrutine.procedures.model import ProcedureText, VersionNumber
from samrutine.procedures.review import months_after
from samrutine.procedures.sections import section_moves, sections
from samrutine.procedures.text import TEXT_FORM, read
from samrutine.procedures.text import digest as digest_of
from samrutine.proposals.model import ProposalState, Significance, next_version
from samrutine.storage.decisions import Act
from samrutine.storage.rows import AdoptionRow, ProcedureRow, ProposalRow, SectionRow, VersionRow
from samrutine.storage.words import Words

DAYS_TO_CONSIDER: Final = 60
"""How long a municipality has before a new version it has not answered is overdue. Our choice; no law gives a number."""


def become_version(act: Act, words: Words, row: ProposalRow, approvals: list[int]) -> None:
    """
    Give the proposal's text its version number, with all that follows from it, in the act's own transaction.

    Args:
        act: The approval that was enough.
        words: Where the words of the version before are.
        row: The proposal; closed by this.
        approvals: The numbers of the decisions by which the members agreed.
    """
    session = act.session
    text = read(row.text, row.id)
    front = text.front
    before = session.get(ProcedureRow, row.procedure_id)
    current = VersionNumber(before.major, before.minor) if before else None
    version = next_version(current, Significance(row.significance))
    facts = {
        "procedure": row.procedure_id, "version": str(version), "digest": row.digest, "text_form": TEXT_FORM,
        "folder": front.subjects[0], "previous_folder": before.folder if before else None,
        "significance": row.significance, "proposal": row.id, "approvals": approvals,
    }  # fmt: skip
    decision = act.record(
        "version_approved", body=network_body(row.network), role=Role.MEMBER, subject=row.procedure_id, facts=facts,
        touches=(f"procedure:{row.procedure_id}",), by=SYSTEM,
    )  # fmt: skip
    act.keep_words(row.digest, row.text)
    review = months_after(act.today, front.review_interval_months)
    _keep_procedure(act, text, version, row.digest, review)
    session.flush()
    session.add(
        VersionRow(
            procedure_id=row.procedure_id, major=version.major, minor=version.minor, digest=row.digest,
            text_form=TEXT_FORM, title=front.title, significance=row.significance, meaning=row.meaning,
            proposal_id=row.id, approved_on=act.today, approved_by=row.network, decided_number=decision.number,
        )
    )  # fmt: skip
    _keep_sections(session, words, text, version, current)
    close(act, row, ProposalState.APPROVED, decision.number)
    _ask_municipalities(act, row.procedure_id, version, decision.number)
    act.count("versions", 1)


def _keep_procedure(act: Act, text: ProcedureText, version: VersionNumber, digest: str, review: date) -> None:
    front = text.front
    row = act.session.get(ProcedureRow, front.id)
    if row is None:
        act.count("procedures", 1)
    act.session.merge(
        ProcedureRow(
            id=front.id, title=front.title, kind=front.kind.value, language=front.language.value,
            translation_of=front.translation_of, network=front.network, folder=front.subjects[0],
            access=front.access.value, access_basis=front.access_basis, decision_level=front.decision_level.value,
            owner_actor=row.owner_actor if row else None, deputy_actor=row.deputy_actor if row else None,
            review_interval_months=front.review_interval_months, next_review=review, major=version.major,
            minor=version.minor, digest=digest,
        )
    )  # fmt: skip


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


def _ask_municipalities(act: Act, procedure: str, version: VersionNumber, number: int) -> None:
    """Put the version into every municipality's inbox; what waited about an earlier version is closed by it."""
    session = act.session
    subject = f"procedure:{procedure}"
    close_waiting(session, subject, number)
    for one in municipalities(session):
        if session.get(AdoptionRow, (one.number, procedure)) is None:
            session.add(
                AdoptionRow(
                    municipality=one.number, procedure_id=procedure, state=AdoptionState.TO_CONSIDER.value,
                    decided_number=number,
                )
            )  # fmt: skip
        wait_for(
            act, municipality_body(one.number), "consider-version", subject, verb=Verb.PREPARE,
            key=f"{procedure}:{version}", due_on=act.today + timedelta(days=DAYS_TO_CONSIDER),
        )  # fmt: skip


def close(act: Act, row: ProposalRow, state: ProposalState, number: int) -> None:
    """End a proposal by the decision of that number: nothing about it waits for anybody any more."""
    row.state, row.closed_at = state.value, act.now
    act.session.add(row)
    close_waiting(act.session, row.id, number)
