"""
Put the words that decisions cite back where SQL has others, or none: from git, which holds the very bytes.

A digest proves the bytes, wherever they were found. What a decision took away is never put back: the notice is, which the
decision names by its digest. It lies on the branch where this has come so far, and can be written again where it has not.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from samrutine.days import norwegian_day
from samrutine.errors import InvalidText, StoreUnavailable
from samrutine.procedures.redaction import blank
from samrutine.procedures.redaction_rules import file_notice, notice
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read
from samrutine.projections.checks.versions import cited_and_gone, words_faults
from samrutine.projections.rewriting import redactions
from samrutine.storage.git import MAIN, REGISTER, GitStore
from samrutine.storage.rows import ChainHeadRow, DecisionRow, OutboxPositionRow, WordsRow
from samrutine.storage.sql import Database
from samrutine.storage.words import LIBRARY_STORE, RESTRICTED_STORE

LEFTOVERS = "leftovers"
"""The consumer that clears what was deleted out of the database's own files."""
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Found:
    """Bytes for a digest: the words, or the notice where `redacted` names the decision that took them away."""

    digest: str
    content: bytes
    redacted: int | None
    blob: str | None = None
    store: str | None = None


def put_words_back(database: Database, stores: Sequence[GitStore], now: datetime) -> list[str]:
    """
    Make the words right that are changed, gone, or stand though a decision took them away. Only under the projector lock.

    Git is read before the transaction; in it, under the chain's head, each row is looked at again: the editor may have
    taken its words away meanwhile, which needs no lock of ours.

    Returns:
        The digests whose words were put right.
    """
    with database.reading() as session:
        found = list(_found(session, stores))
    if not found:
        return []
    with database.writing() as session:
        session.exec(select(ChainHeadRow).where(ChainHeadRow.id == 1).with_for_update()).one()
        taken = _taken(session)
        return sorted(one.digest for one in found if _put(session, one, taken, now))


def _taken(session: Session) -> dict[str, tuple[int, Mapping[str, object]]]:
    """Give the decision that took words away, and its facts, by the words' digest."""
    return {str(facts["digest"]): (number, facts) for number, facts in redactions(session).items()}


def _due(digest: str, taken: Mapping[str, tuple[int, Mapping[str, object]]]) -> str:
    """Give the digest that the bytes must have: that of the notice, where a decision took the words away."""
    return str(taken[digest][1]["notice"]) if digest in taken else digest


def _put(session: Session, one: _Found, taken: Mapping[str, tuple[int, Mapping[str, object]]], now: datetime) -> bool:
    """Write what was found, unless it is no longer what must stand there, or stands there by now."""
    if digest_of(one.content) != _due(one.digest, taken):
        return False
    row = session.get(WordsRow, one.digest)
    if row is not None and (row.content, row.redacted_number) == (one.content, one.redacted):
        return False
    stood = row is not None and one.redacted is not None
    row = row or WordsRow(digest=one.digest, content=one.content)
    row.content, row.redacted_number = one.content, one.redacted
    if one.blob is not None or stood:
        row.git_blob, row.store, row.verified_at = one.blob, one.store, now if one.blob else None
    session.add(row)
    session.flush()
    if stood and one.redacted is not None:
        blank(session, one.digest, one.content)
        # The words lie in free pages now, as just after the decision: whoever cleared up then does so again.
        cleared = session.get(OutboxPositionRow, LEFTOVERS)
        if cleared is not None:
            cleared.position = min(cleared.position, one.redacted - 1)
            session.add(cleared)
    return True


def _found(session: Session, stores: Sequence[GitStore]) -> Iterator[_Found]:
    """Give what must stand where other words do, or none, as far as it is found."""
    taken = _taken(session)
    wrong = {digest for code, digest in words_faults(session) if code in {"words-changed", "words-not-redacted"}}
    wanted: dict[str, str] = {}
    for digest in sorted(wrong | {*cited_and_gone(session)}):
        row = session.get(WordsRow, digest)
        number = taken[digest][0] if digest in taken else None
        if row is not None and (content := _near(session, row, stores, taken)) is not None:
            yield _Found(digest, content, number)
        else:
            wanted[_due(digest, taken)] = digest
    for name, store in zip((LIBRARY_STORE, RESTRICTED_STORE), stores, strict=True):
        with suppress(StoreUnavailable):
            for blob in {**store.blobs(MAIN), **store.blobs(REGISTER)} if wanted else ():
                content = store.read(blob)
                if (proved := digest_of(content)) in wanted:
                    digest = wanted.pop(proved)
                    number = taken[digest][0] if digest in taken else None
                    yield _Found(digest, content, number, blob, name)


def _near(
    session: Session,
    row: WordsRow,
    stores: Sequence[GitStore],
    taken: Mapping[str, tuple[int, Mapping[str, object]]],
) -> bytes | None:
    """Give the bytes without a search: from where the row says that they lie, or the notice from the words themselves."""
    due = _due(row.digest, taken)
    store = stores[1] if row.store == RESTRICTED_STORE else stores[0]
    kept = b""
    if row.git_blob is not None:
        with suppress(StoreUnavailable):
            kept = store.read(row.git_blob)
    candidates = [kept, row.content, *_notices(session, row, taken)]
    return next((one for one in candidates if digest_of(one) == due), None)


def _notices(session: Session, row: WordsRow, taken: Mapping[str, tuple[int, Mapping[str, object]]]) -> Iterator[bytes]:
    """Write again what the decision may have put in place of words that are whole, by either day that the act may have had."""
    if row.digest not in taken or digest_of(row.content) != row.digest:
        return
    number, facts = taken[row.digest]
    decided = norwegian_day(session.get_one(DecisionRow, number).decided_at)
    front = None
    if facts["versions"]:
        with suppress(InvalidText):
            front = read(row.content, row.digest).front
    for day in (decided, decided - _A_DAY):
        yield notice(number, day, front)
        yield file_notice(number, day)
