"""
A new epoch: what the branches do when words were redacted.

A commit follows from its decision and from the words it carries. When these are taken away the branch as planned is another
one from that commit on, so it is written anew from there, with the notice in place of the words, and takes the old one's
place. Which commit stands for which is kept, so that an old tip that somebody holds can be explained.
"""

from collections.abc import Iterator, Mapping

from sqlmodel import Session, col, select

from samrutine.errors import StoreDamaged
from samrutine.procedures.text import digest as digest_of
from samrutine.storage.decisions import record_of
from samrutine.storage.git import GitStore
from samrutine.storage.rows import DecisionRow, WordsRow
from samrutine.storage.words import WORDS_REDACTED


def redactions(session: Session, after: int = 0, until: int | None = None) -> dict[int, dict[str, object]]:
    """
    Give the facts of redactions by number, of those after `after` up to `until`.

    Raises:
        StoreDamaged: One of them is not what was hashed. Nothing is taken away, or believed to be, on its word.
    """
    # They are about no routine, which an index knows: every decision would be read for the sake of these few.
    rows = select(DecisionRow.number, DecisionRow.record, DecisionRow.hash).where(
        col(DecisionRow.subject).is_(None), DecisionRow.kind == WORDS_REDACTED, col(DecisionRow.number) > after
    )
    if until is not None:
        rows = rows.where(col(DecisionRow.number) <= until)
    found: dict[int, dict[str, object]] = {}
    for number, text, link in session.exec(rows.order_by(col(DecisionRow.number))):
        record = record_of(text, link)
        if record is None or record.get("kind") != WORDS_REDACTED:
            raise StoreDamaged(store="SQL", detail=f"decision {number}")
        found[number] = record["facts"]
    return found


def notices(session: Session) -> dict[str, str]:
    """Give the digest of the notice that stands for each redacted digest."""
    return {str(facts["digest"]): str(facts["notice"]) for facts in redactions(session).values()}


def stands_for(content: bytes, digest: str, gone: Mapping[str, str]) -> bool:
    """
    Whether bytes are what must stand behind a digest: the words themselves, or their notice where they were redacted.

    Args:
        gone: The notices there are, see `notices`.
    """
    return digest_of(content) == gone.get(digest, digest)


def blobs(session: Session) -> list[str]:
    """Give the git objects that no repository may hold: the words that were redacted, as blobs."""
    return sorted({str(facts["blob"]) for facts in redactions(session).values()})


def not_redacted(session: Session) -> list[str]:
    """Give the digests that a decision took away and whose words stand all the same: an older database was put back."""
    gone = notices(session)
    rows = select(WordsRow.digest, WordsRow.content, WordsRow.redacted_number).where(col(WordsRow.digest).in_(gone))
    found = session.exec(rows) if gone else ()
    # Whoever puts the words back may leave the mark that they are gone.
    return sorted(one for one, content, mark in found if mark is None or not stands_for(content, one, gone))


def rewritten_by(session: Session, store: GitStore, commit: str) -> int | None:
    """
    Say which redaction took a commit out of a branch's history; None for one that no redaction explains.

    By what was kept when the branch was written anew, and by the tips that the decisions themselves name.
    """
    found = store.rewritten().get(commit)
    if found is not None:
        return int(found[0].rpartition("-")[2])
    return next((number for number, facts in redactions(session).items() if commit in _tips(facts)), None)


def _tips(facts: dict[str, object]) -> Iterator[str]:
    tips = facts.get("tips")
    yield from tips.values() if isinstance(tips, dict) else ()
