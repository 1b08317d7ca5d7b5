"""
Hold every signed checkpoint against what the chain and the branches are now: a part of `verify`.

A branch that was written anew, with every hash in order, is found here: the checkpoint names a commit that it no longer
has. Words that were redacted write a branch anew too, by a decision, and git then keeps which commit stands for which.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

from sqlmodel import Session

from samrutine.errors import KeyUnusable, StoreDamaged, StoreUnavailable
from samrutine.proving.checkpoints import ALLOWED_SIGNERS, BRANCH, Checkpoints, Kept
from samrutine.proving.signing import is_signed
from samrutine.storage.git import MAIN, REGISTER, GitStore
from samrutine.storage.rows import DecisionRow
from samrutine.storage.sql import Database
from samrutine.storage.words import WORDS_REDACTED

MOST_FOLLOWED: Final = 1000
"""How many rewritings a commit is followed through."""


def checkpoint_faults(
    database: Database, checkpoints: Checkpoints, library: GitStore, restricted: GitStore
) -> Iterator[tuple[str, str]]:
    """
    Give what is wrong with checkpoints, or with what they name: (code of `verify`, detail). Changes nothing.

    The signatures are checked with the public key of the settings. Where there is none, with the one beside them on their
    branch, which says no more than that all were signed by the same.

    Raises:
        ToolMissing: There is no ssh-keygen, or no openssl where time stamps are checked.
    """
    try:
        if library.tip(BRANCH) is None:
            return
    except StoreUnavailable:
        # The repository cannot be read at all, which is a fault of its own; nobody knows whether it had checkpoints.
        return
    try:
        kept = list(checkpoints.all())
    except StoreDamaged as error:
        yield "checkpoint-broken", str(error.places.get("detail"))
        return
    yield from _broken(kept, len(library.commits(BRANCH)))
    yield from _unsigned(kept, checkpoints, library)
    ways = {"main": _Way(library, MAIN), "register": _Way(library, REGISTER), "restricted": _Way(restricted, MAIN)}
    with database.reading() as session:
        for one in kept:
            row = session.get(DecisionRow, one.number)
            if row is None or row.hash != one.hash:
                yield "checkpoint-chain", f"{one.name}: {one.number}"
            for name, commit in one.tips.items():
                if commit is not None and not (name in ways and ways[name].leads_from(session, commit)):
                    yield "checkpoint-branch", f"{one.name}: {name} {commit}"


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


def _unsigned(kept: list[Kept], checkpoints: Checkpoints, library: GitStore) -> Iterator[tuple[str, str]]:
    beside = library.read(library.tree(library.tip(BRANCH) or "").get(ALLOWED_SIGNERS, ""))
    try:
        signers = checkpoints.signer.allowed_signers if checkpoints.signer else beside
    except KeyUnusable:
        # Put back on another machine, a home may name a key that does not lie there.
        signers = beside
    for one in kept:
        if not is_signed(one.content, one.signature, signers):
            yield "checkpoint-signature", one.name
        if one.timestamp and checkpoints.authority and not checkpoints.authority.holds(one.content, one.timestamp):
            yield "checkpoint-time", one.name


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
