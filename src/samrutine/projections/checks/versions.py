"""Versions: that each was agreed to, has the right number, the words it was agreed to with, and who may read it."""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import select as columns_of
from sqlalchemy import type_coerce
from sqlalchemy.types import NullType
from sqlmodel import Session, and_, col, func, select

from samrutine.days import norwegian_day
from samrutine.errors import InvalidText
from samrutine.procedures.model import AccessClass, FrontMatter
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read
from samrutine.projections.emptied import texts_erased
from samrutine.projections.replay_additions import shown_though_exempt
from samrutine.projections.replay_files import file_differences
from samrutine.projections.retained import Retained
from samrutine.projections.rewriting import not_redacted
from samrutine.projections.scope import Scope, plain
from samrutine.storage.decisions import record_of
from samrutine.storage.git import blob_id
from samrutine.storage.rows import (
    AdditionRow,
    AttachmentRow,
    DecisionRow,
    DecisionTextRow,
    InForceRow,
    LibraryFileRow,
    ProcedureRow,
    ProposalRow,
    VersionRow,
    WordsRow,
)
from samrutine.storage.words import LIBRARY_STORE, RESTRICTED_STORE

NUMBERED: Final = ("version_approved", "version_hurried", "version_refused")
_A_DAY: Final = timedelta(days=1)
_WORDED: Final = tuple(
    col(one)
    for one in (
        *(VersionRow.procedure_id, VersionRow.major, VersionRow.minor, VersionRow.digest, VersionRow.access),
        *(VersionRow.title, WordsRow.content, WordsRow.git_blob, WordsRow.store),
    )
)
"""What is asked of a version beside its words."""


def words_faults(session: Session, digests: frozenset[str] | None = None) -> Iterator[tuple[str, str]]:
    """
    Hash every byte that is believed again; and where git is said to hold it, hold its blob's id against it.

    Args:
        digests: Only these; all there are when None.
    """
    # Each column by itself: a row with an instant that cannot be read has words all the same.
    query = columns_of(
        col(WordsRow.digest), type_coerce(col(WordsRow.content), NullType()).label("content"), col(WordsRow.git_blob), col(WordsRow.store),
        col(WordsRow.redacted_number), col(WordsRow.lost_number),
    )  # fmt: skip
    if digests is not None:
        query = query.where(col(WordsRow.digest).in_(sorted(digests)))
    exempt = set(session.exec(select(VersionRow.digest).where(VersionRow.access == AccessClass.EXEMPT.value)))
    exempt |= set(session.exec(exempt_files()))
    for row in session.execute(query.execution_options(yield_per=200)):
        if not isinstance(row.content, bytes):
            # SQLite keeps whatever was written there.
            yield "words-changed", row.digest
        elif digest_of(row.content) == row.digest:
            # Which of the two stores a version's words must be in is asked with the version.
            stores = {None, LIBRARY_STORE, RESTRICTED_STORE} if row.digest in exempt else {None, LIBRARY_STORE}
            # A mark on words that stand would keep other checks from looking at them.
            is_marked = (row.redacted_number, row.lost_number) != (None, None)
            if row.git_blob not in {None, blob_id(row.content)} or row.store not in stores or is_marked:
                yield "words-place", row.digest
        elif not _is_notice(session, row.digest, row.content, row.redacted_number):
            is_lost = not row.content and row.lost_number is not None and _tells_of(session, row.lost_number)
            yield "words-lost" if is_lost else "words-changed", row.digest
    yield from (("words-not-redacted", digest) for digest in not_redacted(session))


def exempt_files() -> Any:
    """Ask for the digests of files that belong to a version that is exempt from public access."""
    its_version = (
        VersionRow.procedure_id == AttachmentRow.procedure_id, VersionRow.major == AttachmentRow.major,
        VersionRow.minor == AttachmentRow.minor,
    )  # fmt: skip
    return select(AttachmentRow.digest).join(VersionRow, and_(*its_version)).where(
        VersionRow.access == AccessClass.EXEMPT.value
    )  # fmt: skip


def cited_and_gone(session: Session) -> list[str]:
    """Give the digests of versions and their files, additions and settled files of whose words there is no row."""
    there = set(session.exec(select(WordsRow.digest)))
    cited = (VersionRow.digest, AttachmentRow.digest, AdditionRow.digest, LibraryFileRow.digest)
    return sorted({one for digest in cited for one in session.exec(select(digest))} - there)


def _is_notice(session: Session, digest: str, content: bytes, redacted: int | None) -> bool:
    """Whether bytes are the notice that a decision put in the place of words, and the decision is about them."""
    found = session.exec(
        select(DecisionRow.record, DecisionRow.hash).where(
            DecisionRow.number == redacted, DecisionRow.kind == "words_redacted"
        )
    ).first()
    record = record_of(*found) if found else None
    facts = record["facts"] if record else {}
    return (facts.get("digest"), facts.get("notice")) == (digest, digest_of(content))


def _tells_of(session: Session, number: int) -> bool:
    """Whether a decision says that words were lost, and of no fewer than the rows that name it."""
    found = session.exec(
        select(DecisionRow.record, DecisionRow.hash).where(
            DecisionRow.number == number, DecisionRow.kind == "decisions_recovered"
        )
    ).first()
    record = record_of(*found) if found else None
    rows = session.exec(select(func.count()).select_from(WordsRow).where(WordsRow.lost_number == number)).one()
    return record is not None and rows <= record["facts"]["words_lost"]


def version_faults(session: Session, scope: Scope) -> Iterator[tuple[str, str]]:
    """Every version was decided, in order, without a gap, and each procedure's head is the newest that stands."""
    decided: dict[str, list[tuple[str, str, int]]] = {}
    said: dict[tuple[str, str], Mapping[str, Any]] = {}
    refused: set[tuple[str, str]] = set()
    for number, kind, text in _decided(session, scope, *NUMBERED):
        record = json.loads(text)
        facts = record["facts"]
        if kind == "version_refused":
            refused.add((facts["procedure"], facts["version"]))
            continue
        decided.setdefault(facts["procedure"], []).append((facts["version"], facts["digest"], number))
        said[facts["procedure"], facts["version"]] = record
    kept: dict[str, list[tuple[str, str, int]]] = {}
    for version in sorted(_versions(session, scope), key=lambda row: (row.procedure_id, row.major, row.minor)):
        name = f"{version.major}.{version.minor}"
        kept.setdefault(version.procedure_id, []).append((name, version.digest, version.decided_number))
        known = said.get((version.procedure_id, name))
        if known is not None and not _is_as_decided(version, known):
            yield "version", f"{version.procedure_id} {name}"
    for procedure in sorted(decided.keys() | kept.keys()):
        if decided.get(procedure) != kept.get(procedure) or not _in_order(decided[procedure]):
            yield "versions", procedure
    heads = {
        row.id: (f"{row.major}.{row.minor}", row.digest)
        for row in session.exec(select(ProcedureRow).where(scope.routine(ProcedureRow.id)))
    }
    for procedure in sorted(heads.keys() | kept.keys()):
        # Where every version was refused, the routine is withdrawn, and its head is the last of them.
        numbered = kept.get(procedure, [])
        standing = [one for one in numbered if (procedure, one[0]) not in refused] or numbered
        if not standing or heads.get(procedure) != standing[-1][:2]:
            yield "procedure-head", procedure


def _decided(session: Session, scope: Scope, *kinds: str) -> Iterator[tuple[int, str, str]]:
    """Give the number, the kind and the record of decisions of some kinds."""
    yield from session.exec(
        select(DecisionRow.number, DecisionRow.kind, DecisionRow.record)
        .where(col(DecisionRow.kind).in_(kinds), scope.decisions())
        .order_by(col(DecisionRow.number))
        .execution_options(yield_per=500)
    )


def _in_order(versions: list[tuple[str, str, int]]) -> bool:
    """Whether the numbers follow each other: the first is 1.0, then the next minor or the next major."""
    before: tuple[int, int] | None = None
    for name, _, _ in versions:
        major, minor = (int(part) for part in name.split("."))
        if before is None:
            follows = (major, minor) == (1, 0)
        else:
            follows = (major, minor) in {(before[0], before[1] + 1), (before[0] + 1, 0)}
        if not follows:
            return False
        before = major, minor
    return True


def _is_as_decided(row: Any, record: Mapping[str, Any]) -> bool:
    facts = record["facts"]
    shown = (row.text_form, row.significance, row.proposal_id, row.approved_by)
    due = (facts["text_form"], facts["significance"], facts["proposal"], record["body"].partition(":")[2])
    # The act's own clock may have been behind the chain's, which never goes back.
    day = norwegian_day(datetime.fromisoformat(record["at"]))
    return shown == due and day - _A_DAY <= row.approved_on <= day


def access_faults(session: Session, scope: Scope) -> Iterator[tuple[str, str]]:
    """
    Every version has the class it was decided with, and a routine that of its head: who may read goes by these columns.

    What is exempt is held against its words too, since its networks are kept beside it for their readers' sake.
    """
    versions = list(_versions(session, scope))
    given = {row.decided_number: row for row in versions}
    heads = {(row.procedure_id, row.major, row.minor): row for row in versions}
    wrong = {
        given[number].procedure_id
        for number, _, record in _decided(session, scope, "version_approved", "version_hurried")
        if number in given and given[number].access != json.loads(record)["facts"].get("access")
    }
    for row in session.exec(select(ProcedureRow).where(scope.routine(ProcedureRow.id))):
        words = session.get(WordsRow, row.digest) if row.access == AccessClass.EXEMPT.value else None
        head = heads.get((row.id, row.major, row.minor))
        if head is not None and head.access not in {None, row.access}:
            wrong.add(row.id)
        elif words is not None and digest_of(words.content) == words.digest:
            front = _front(words.content, row.id)
            kept = (row.access, row.network, tuple(row.co_networks.split()))
            if front is None or kept != (front.access.value, front.network, front.co_networks):
                wrong.add(row.id)
    wrong |= shown_though_exempt(session, scope)
    for procedure in sorted(wrong):
        yield "access", procedure


def _versions(session: Session, scope: Scope) -> Iterator[Any]:
    return plain(session, VersionRow, scope.routine(VersionRow.procedure_id))


def text_faults(session: Session, scope: Scope) -> Iterator[tuple[str, str]]:
    """
    The words of versions keep the rules for files, lie in the store of their class, and list the files that they have.

    A title and a meaning beside a version are those of its words and of what was said with its proposal.
    """
    there = select(WordsRow.digest).where(WordsRow.digest == VersionRow.digest).exists()
    for row in plain(session, VersionRow, scope.routine(VersionRow.procedure_id), ~there):
        yield "words-gone", f"{row.procedure_id} {row.major}.{row.minor}"
    rows = session.execute(
        columns_of(*_WORDED)
        .join(WordsRow, col(WordsRow.digest) == col(VersionRow.digest))
        .where(scope.routine(VersionRow.procedure_id))
        .execution_options(yield_per=200)
    )
    for row in rows:
        name = f"{row.procedure_id} {row.major}.{row.minor}"
        if digest_of(row.content) != row.digest:
            continue
        if not _keeps_form(row.content):
            yield "words-form", name
        exempt = row.access == AccessClass.EXEMPT.value
        if row.git_blob is not None and (row.store or LIBRARY_STORE) != (RESTRICTED_STORE if exempt else LIBRARY_STORE):
            yield "words-place", row.digest
        if not _has_title(row):
            yield "version", name
    yield from (("attachment", detail) for detail in file_differences(session, scope))
    yield from _meaning_faults(session, scope)


def _keeps_form(content: bytes) -> bool:
    """Whether bytes are UTF-8, composed, and have Unix line ends: then every machine reads the same."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\r" not in content and not text.startswith("\ufeff") and unicodedata.is_normalized("NFC", text)


def _has_title(row: Any) -> bool:
    # Reading YAML takes 20 ms; where the line stands as it is kept there is nothing to read.
    line, above = f"\ntitle: {row.title}\n".encode(), row.content.partition(b"\n---\n")[0] + b"\n"
    front = None if line in above else _front(row.content, row.procedure_id)
    return front is None or front.title == row.title


def _front(content: bytes, name: str) -> FrontMatter | None:
    """Read what stands above a text; None for bytes that are no text of a routine, whose digest another check names."""
    try:
        return read(content, name).front
    except InvalidText:
        return None


class _Said(NamedTuple):
    """What was said of a meaning with one decision: None where the text is gone, `erased` where a decision erased just that."""

    text: str | None
    erased: bool


def _meaning_faults(session: Session, scope: Scope) -> Iterator[tuple[str, str]]:
    """«Hva betyr endringen for meg?» beside a proposal and its version is what was said with one of its decisions."""
    erased = texts_erased(session)
    said: dict[str, list[_Said]] = {}
    told = session.exec(
        select(DecisionRow.record, DecisionTextRow)
        .join(DecisionTextRow, col(DecisionTextRow.number) == col(DecisionRow.number))
        .where(scope.decisions(), col(DecisionTextRow.name).in_(("meaning", "reason")))
        .where(col(DecisionRow.kind).in_(("proposed", "proposal_revised", "withdrawal_proposed")))
        .order_by(col(DecisionRow.number))
    )
    for record, row in told:
        one = _Said(row.text, (row.number, row.name) in erased)
        said.setdefault(json.loads(record)["facts"]["proposal"], []).append(one)
    proposals = session.exec(
        select(ProposalRow.id, ProposalRow.procedure_id, ProposalRow.meaning, func.length(ProposalRow.text)).where(
            scope.routine(ProposalRow.procedure_id)
        )
    )
    retained = Retained(session)
    for proposal, procedure, meaning, length in proposals:
        of_it = said.get(proposal, [])
        if _was_said(meaning, of_it[-1:], of_it):
            continue
        # Runs of before took the words of what was a version for a time too, and let what was said with it stand.
        if meaning is not None or length or not retained.took_words(procedure, proposal):
            yield "proposal", f"{proposal} {procedure}"
    for version in _versions(session, scope):
        of_it = said.get(version.proposal_id, [])
        if not _was_said(version.meaning, of_it, of_it):
            yield "version", f"{version.procedure_id} {version.major}.{version.minor}"


def _was_said(meaning: str | None, last: Sequence[_Said], every: Sequence[_Said]) -> bool:
    """
    Whether a meaning is one of the last that were said, or is gone with one of them.

    A text that is gone by a rule, or came back without its words, says nothing against what stands: its hash cannot be asked.
    What a decision erased by name may stand nowhere: nothing stands for it.
    """
    if meaning is None:
        return not last or any(one.erased or one.text is None for one in every)
    return any(not one.erased and one.text in {None, meaning} for one in last)


def overlaps(session: Session, scope: Scope) -> Iterator[tuple[str, str]]:
    """No day has two versions in force in one place."""
    last: InForceRow | None = None
    for row in session.exec(
        select(InForceRow)
        .where(col(InForceRow.superseded_number).is_(None), scope.routine(InForceRow.procedure_id))
        .order_by(InForceRow.municipality, InForceRow.procedure_id, col(InForceRow.from_on))
    ):
        same = last is not None and (last.municipality, last.procedure_id) == (row.municipality, row.procedure_id)
        if same and last is not None and _until(last) > row.from_on:
            yield "in-force-overlap", f"{row.municipality} {row.procedure_id}"
        last = row


def _until(row: InForceRow) -> date:
    return row.until_on or date.max
