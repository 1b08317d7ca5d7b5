"""
Signed checkpoints: where the chain and the branches stood, said by a key that does not lie beside them.

Whoever runs the server can write the whole register anew, with every hash in order. What they cannot do is to change a
checkpoint that others hold a copy of, or sign another in its place without the key. Checkpoints stand on a branch of
their own, `checkpoints`, only ever appended, so that a clone and a backup carry them.

    000001.json   what stood where, as canonical JSON; names the checkpoint before it by its SHA-256
    000001.sig    its signature, by `ssh-keygen -Y sign`
    000001.tsr    the answer of a time stamping authority (RFC 3161), where one is set
    allowed-signers   the public key, as `ssh-keygen -Y verify` reads it
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sqlmodel import Session, select

from samrutine.errors import CheckpointsNotSet, DatabaseBusy, RegisterBehind, StoreDamaged
from samrutine.proving.signing import Signer
from samrutine.proving.timestamps import TimestampAuthority, TimestampUnavailableError
from samrutine.storage.decisions import canonical_json
from samrutine.storage.git import Commit, GitStore
from samrutine.storage.rows import ChainHeadRow, DecisionRow, OutboxPositionRow
from samrutine.storage.sql import Database

BRANCH: Final = "refs/heads/checkpoints"
ALLOWED_SIGNERS: Final = "allowed-signers"
FORM: Final = 1
LOCK_SECONDS: Final = 30.0
TIPS: Final = {"main": "main", "register": "register", "restricted": "restricted"}
"""The branches that a checkpoint names, and the consumer whose mark each is."""


@dataclass(frozen=True, slots=True)
class Kept:
    """
    A checkpoint as it stands on the branch.

    Attributes:
        name: Its number, `000001` for the first.
        content: Its bytes, which were signed.
        timestamp: The time stamping authority's answer; None where none was asked, or none answered.
    """

    name: str
    content: bytes
    signature: bytes
    timestamp: bytes | None
    number: int = field(init=False)
    hash: str = field(init=False)
    at: datetime = field(init=False)
    tips: dict[str, str | None] = field(init=False)
    previous: str | None = field(init=False)

    def __post_init__(self) -> None:
        """Read the bytes."""
        try:
            said = json.loads(self.content)
            read = {
                "number": said["chain"]["number"], "hash": said["chain"]["hash"], "tips": dict(said["tips"]),
                "at": datetime.fromisoformat(said["at"]), "previous": said["previous"],
            }  # fmt: skip
        except (ValueError, LookupError, TypeError) as error:
            raise StoreDamaged(store="git", detail=f"{BRANCH} {self.name}") from error
        for name, value in read.items():
            object.__setattr__(self, name, value)

    @property
    def register(self) -> str:
        """The tip of the branch `register` that it names."""
        return self.tips["register"] or ""


@dataclass(frozen=True, slots=True)
class Checkpointed:
    """
    A checkpoint was made.

    Attributes:
        name: Its number on the branch.
        number: The chain's head that it names, and `hash` that link's hash.
        stamped: Whether a time stamp lies beside it; None when none is asked for.
        not_stamped: Why there is none, when one was asked for.
    """

    name: str
    at: datetime
    number: int
    hash: str
    register: str
    stamped: bool | None
    not_stamped: str | None = None


class Checkpoints:
    """
    The checkpoints of a library.

    Args:
        held: Gives the projector lock for some seconds: nothing moves while a checkpoint is made.
        bring_up_to_date: Brings the branches up to date with what is decided.
        signer: Signs; None where no key is set, and then none can be made.
        authority: Stamps the time; None where none is set.
    """

    def __init__(
        self, database: Database, store: GitStore, held: Callable[[float], AbstractContextManager[bool]],
        bring_up_to_date: Callable[[], bool], signer: Signer | None, authority: TimestampAuthority | None,
    ) -> None:  # fmt: skip
        self._database = database
        self._store = store
        self._held = held
        self._bring_up_to_date = bring_up_to_date
        self._signer = signer
        self._authority = authority

    @property
    def signer(self) -> Signer | None:
        """Who signs here."""
        return self._signer

    @property
    def authority(self) -> TimestampAuthority | None:
        """Who stamps the time here."""
        return self._authority

    def make(self, *, now: datetime) -> Checkpointed:
        """
        Sign where the chain and the branches stand now, and put it on the branch.

        A time stamping authority that does not answer is no reason to go without: the checkpoint is made, and the answer
        says that it has no time stamp.

        Raises:
            CheckpointsNotSet: No key is set.
            KeyUnusable, ToolMissing: The key cannot be used as it lies, or `ssh-keygen` is not installed.
            RegisterBehind, DatabaseBusy: The branches are not up to date, or others hold the lock. Try again.
        """
        if self._signer is None:
            raise CheckpointsNotSet
        self._signer.require_usable()
        self._bring_up_to_date()
        with self._held(LOCK_SECONDS) as held:
            if not held:
                raise DatabaseBusy(seconds=int(LOCK_SECONDS))
            before = self.newest()
            content = self._content(before, now)
            signature = self._signer.sign(content)
            stamp, why_not = self._stamp(content)
            name = f"{int(before.name) + 1 if before else 1:06d}"
            changes: dict[str, bytes | None] = {f"{name}.json": content, f"{name}.sig": signature}
            if stamp is not None:
                changes[f"{name}.tsr"] = stamp
            changes[ALLOWED_SIGNERS] = self._signer.allowed_signers
            made = Kept(name, content, signature, stamp)
            tip = self._store.tip(BRANCH)
            message = f"Kontrollpunkt {name}\n\nNumber: {made.number}\nHash: {made.hash}"
            self._store.append(BRANCH, tip, [Commit(changes, message, now)], allowed=frozenset({tip}))
        stamped = None if self._authority is None else stamp is not None
        return Checkpointed(name, made.at, made.number, made.hash, made.register, stamped, why_not)

    def newest(self) -> Kept | None:
        """Give the newest checkpoint; None when there is none."""
        tip = self._store.tip(BRANCH)
        files = self._store.tree(tip) if tip else {}
        names = [name.removesuffix(".json") for name in files if name.endswith(".json")]
        return self._read(max(names), files) if names else None

    def all(self) -> Iterator[Kept]:
        """Give every checkpoint, the oldest first."""
        tip = self._store.tip(BRANCH)
        files = self._store.tree(tip) if tip else {}
        for name in sorted(name.removesuffix(".json") for name in files if name.endswith(".json")):
            yield self._read(name, files)

    def _read(self, name: str, files: dict[str, str]) -> Kept:
        blobs = [files[path] for end in ("json", "sig", "tsr") if (path := f"{name}.{end}") in files]
        read = self._store.read_many(blobs)
        content, signature, stamp = (read.get(files.get(f"{name}.{end}", "")) for end in ("json", "sig", "tsr"))
        return Kept(name, content or b"", signature or b"", stamp)

    def _stamp(self, content: bytes) -> tuple[bytes | None, str | None]:
        if self._authority is None:
            return None, None
        try:
            return self._authority.stamp(content), None
        except TimestampUnavailableError as error:
            return None, str(error)

    def _content(self, before: Kept | None, now: datetime) -> bytes:
        with self._database.reading() as session:
            rows = {name: session.get(OutboxPositionRow, consumer) for name, consumer in TIPS.items()}
            head = session.exec(select(ChainHeadRow)).one()
            register = rows["register"]
            if register is None or register.position != head.number:
                raise RegisterBehind(position=register.position if register else 0, head=head.number)
            at = _instant(session, head.number, now)
        said = {
            "form": FORM, "product": "samrutine", "at": at.isoformat(timespec="microseconds"),
            "chain": {"number": head.number, "hash": head.hash},
            "tips": {name: row.mark if row else None for name, row in rows.items()},
            "previous": hashlib.sha256(before.content).hexdigest() if before else None,
        }  # fmt: skip
        return canonical_json(said).encode() + b"\n"


def _instant(session: Session, number: int, now: datetime) -> datetime:
    """Give the present instant, never before the newest decision: clocks step back."""
    last = session.get(DecisionRow, number)
    return max(now, last.decided_at if last else now).astimezone(UTC)
