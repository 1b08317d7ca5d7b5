"""
Hold every signed checkpoint against what the chain and the branches are now: a part of `verify`.

A branch that was written anew, with every hash in order, is found here: the checkpoint names a commit that it no longer
has. Words that were redacted write a branch anew too, by a decision, and git then keeps which commit stands for which. A clone does
not: in a library that was made from one, the decision alone explains it. That the branches hold just what was decided, and that
the chain is the one that was signed, is asked by itself, so nothing can hide behind that.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from sqlmodel import Session, col, select

from samrutine.errors import SamrutineError, StoreUnavailable, ToolMissing
from samrutine.projections.rewriting import redactions
from samrutine.proving.checkpoints import BRANCH, Checkpoints, Kept
from samrutine.proving.signing import allowed, is_signed
from samrutine.proving.timestamps import TimestampAuthority, stamped_at
from samrutine.storage.git import MAIN, REGISTER, GitStore
from samrutine.storage.rows import DecisionRow
from samrutine.storage.sql import Database
from samrutine.storage.words import WORDS_REDACTED

_OF_WORDS: Final = ("version_approved", "version_hurried", "library_settled")
_OF_REGISTER: Final = ("addition_made", "addition_changed")
"""The decisions that put words on a branch."""
MOST_FOLLOWED: Final = 1000
"""How many rewritings a commit is followed through."""


def checkpoint_faults(
    database: Database, checkpoints: Checkpoints, library: GitStore, restricted: GitStore
) -> Iterator[tuple[str, str]]:
    """
    Give what is wrong with checkpoints, or with what they name: (code of `verify`, detail). Changes nothing.

    The newest signature is checked with the public key of the settings, each older one with the key that it names itself,
    for which the next one vouches. Where the settings name no key, that of the newest is taken as it is told, which says
    no more than that nothing was changed since. Time stamps are checked with the certificates of their time.

    Raises:
        ToolMissing: There is no ssh-keygen, or no openssl where time stamps are checked.
    """
    try:
        yield from _faults(database, checkpoints, library, restricted)
    except ToolMissing:
        raise
    except (SamrutineError, LookupError, ValueError, TypeError) as error:
        # Whoever can write on the branch can write anything: that must not hide all else that `verify` found.
        yield "checkpoint-broken", f"{BRANCH} {type(error).__name__}"


def _faults(
    database: Database, checkpoints: Checkpoints, library: GitStore, restricted: GitStore
) -> Iterator[tuple[str, str]]:
    noted = checkpoints.noted()
    try:
        tip = library.tip(BRANCH)
        if noted is not None and (tip is None or not library.is_ancestor(noted, tip)):
            yield "checkpoint-broken", f"{BRANCH} {noted}"
        if tip is None:
            return
    except StoreUnavailable:
        # The repository cannot be read at all, which is a fault of its own; nobody knows whether it had checkpoints.
        return
    kept, damaged = checkpoints.all()
    yield from (("checkpoint-broken", one) for one in damaged)
    yield from _broken(kept, len(library.commits(BRANCH)))
    yield from _unsigned(kept, checkpoints.trusted)
    yield from (("checkpoint-time", one.name) for one in kept if not _holds_in_time(one, checkpoints.authority))
    ways = {"main": _Way(library, MAIN), "register": _Way(library, REGISTER), "restricted": _Way(restricted, MAIN)}
    with database.reading() as session:
        for one in kept:
            row = session.get(DecisionRow, one.number)
            if row is None or row.hash != one.hash:
                yield "checkpoint-chain", f"{one.name}: {one.number}"
            for name, commit in one.tips.items():
                if commit is None or (name in ways and ways[name].leads_from(session, commit)):
                    continue
                if not _is_written_anew_since(session, name, one.number):
                    yield "checkpoint-branch", f"{one.name}: {name} {commit}"


def _is_written_anew_since(session: Session, branch: str, number: int) -> bool:
    """Whether a redaction after a decision took away words that the branch had then: its old commits are no more."""
    kinds = _OF_REGISTER if branch == "register" else _OF_WORDS
    for facts in redactions(session, after=number).values():
        cites = select(DecisionRow.number).where(
            col(DecisionRow.kind).in_(kinds), DecisionRow.number <= number,
            col(DecisionRow.record).contains(str(facts["digest"])),
        )  # fmt: skip
        if session.exec(cites.limit(1)).first() is not None:
            return True
    return False


def _broken(kept: list[Kept], commits: int) -> Iterator[tuple[str, str]]:
    """Give what shows that the checkpoints are not all there, each as it was put there."""
    before: Kept | None = None
    for number, one in enumerate(kept, 1):
        named = hashlib.sha256(before.content).hexdigest() if before else None
        if int(one.name) != number or one.previous != named:
            yield "checkpoint-broken", one.name
        before = one
    if len(kept) != commits:
        yield "checkpoint-broken", f"{len(kept)} {commits}"


def _unsigned(kept: list[Kept], trusted: Collection[str]) -> Iterator[tuple[str, str]]:
    """Give the checkpoints that are not signed with the key of their time, the newest first."""
    right = trusted or [one.key for one in kept[-1:]]
    newer: Kept | None = None
    for at, one in reversed(list(enumerate(kept))):
        if newer is not None and newer.previous == hashlib.sha256(one.content).hexdigest():
            right = [one.key]
        signed = one.key in right and is_signed(one.content, one.signature, allowed(one.key))
        if one.former is not None:
            signed = signed and at > 0 and is_signed(one.content, one.former, allowed(kept[at - 1].key))
        if not signed:
            yield "checkpoint-signature", one.name
        # One that does not hold vouches for none before it.
        newer = one if signed else None


def _holds_in_time(one: Kept, authority: TimestampAuthority | None) -> bool:
    """Whether a time stamp holds, or there is none, or nobody knows an authority by which to tell."""
    beside = one.chain if one.chain is not None and hashlib.sha256(one.chain).hexdigest() == one.authority else None
    chain = beside or (authority.chain if authority else None)
    return one.timestamp is None or chain is None or stamped_at(one.content, one.timestamp, chain) is not None


class _Way:
    """The commits of a branch, and what stands for those that a redaction wrote anew."""

    def __init__(self, store: GitStore, branch: str) -> None:
        self._now = {commit for commit, _ in store.commits(branch)}
        self._rewritten: Mapping[str, tuple[str, str]] = store.rewritten()

    def leads_from(self, session: Session, commit: str) -> bool:
        """Whether the branch still has a commit, or one that a redaction put in its place."""
        for _ in range(MOST_FOLLOWED):
            if commit in self._now:
                return True
            if commit not in self._rewritten:
                return False
            name, commit = self._rewritten[commit]
            number = name.rpartition("-")[2]
            row = session.get(DecisionRow, int(number)) if number.isdecimal() else None
            if row is None or row.kind != WORDS_REDACTED:
                return False
        return False
