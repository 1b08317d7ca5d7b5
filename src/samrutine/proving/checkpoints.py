"""
Signed checkpoints: where the chain and the branches stood, said by a key that does not lie beside them.

Whoever runs the server can write the whole register anew, with every hash in order. What they cannot do is to change a
checkpoint that others hold a copy of, or sign another in its place without the key. Checkpoints stand on a branch of
their own, `checkpoints`, only ever appended, so that a clone and a backup carry them.

    000001.json   what stood where, as canonical JSON; names the checkpoint before it by its SHA-256
    000001.sig    its signature, by `ssh-keygen -Y sign`
    000001.tsr    the answer of a time stamping authority (RFC 3161), where one is set
    000001.former the signature of the key before, on the first checkpoint of a new one
    <SHA-256>.pem     the authority's certificates of the time, which the checkpoint names by their digest
    allowed-signers   the public keys, the newest last, as `ssh-keygen -Y verify` reads them

A checkpoint names the key that signs it, and all before it by their SHA-256. So whoever trusts the key of the newest knows
the key of each older one; and whoever has only the key before learns the new one from what both have signed.
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from sqlmodel import Session, select

from samrutine.errors import CheckpointsNotSet, DatabaseBusy, KeyUnusable, RegisterBehind, StoreDamaged
from samrutine.projections.checks.chain import chain_faults
from samrutine.projections.faults import UNFOUNDED
from samrutine.proving.signing import Signer, allowed, is_signed
from samrutine.proving.timestamps import TimestampAuthority, TimestampUnavailableError
from samrutine.storage.decisions import canonical_json, noted_checkpoint
from samrutine.storage.git import CHECKPOINTS, OBJECT_ID, Commit, GitStore
from samrutine.storage.git_saving import fetch_from_damaged
from samrutine.storage.rows import ChainHeadRow, DecisionRow, OutboxPositionRow
from samrutine.storage.sql import Database

BRANCH: Final = CHECKPOINTS
ALLOWED_SIGNERS: Final = "allowed-signers"
FORM: Final = 1
LOCK_SECONDS: Final = 30.0
TIPS: Final = {"main": "main", "register": "register", "restricted": "restricted"}
"""The branches that a checkpoint names, and the consumer whose mark each is."""
MOST: Final = 2**62
"""Above any decision's number, and within what a database can compare with."""
_NAME: Final = re.compile(r"[0-9]{6}")
_WORD: Final = re.compile(r"[a-z]{1,20}")
_HASH: Final = re.compile(r"1:[0-9a-f]{64}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_PUBLIC: Final = re.compile(r"[a-z0-9@.-]+ [A-Za-z0-9+/]+=*")


@dataclass(frozen=True, slots=True)
class Kept:
    """
    A checkpoint as it stands on the branch.

    Attributes:
        name: Its number, `000001` for the first.
        content: Its bytes, which were signed.
        timestamp: The time stamping authority's answer; None where none was asked, or none answered.
        former: The signature of the key before, where the key was changed with this checkpoint.
        chain: The authority's certificates when it was stamped; None where there are none.
        key: The public key that it says it is signed with.
        authority: The SHA-256 of the authority's certificates, where one was asked.
    """

    name: str
    content: bytes
    signature: bytes
    timestamp: bytes | None
    former: bytes | None = None
    chain: bytes | None = None
    number: int = field(init=False)
    hash: str = field(init=False)
    at: datetime = field(init=False)
    tips: dict[str, str | None] = field(init=False)
    previous: str | None = field(init=False)
    key: str = field(init=False)
    authority: str | None = field(init=False)

    def __post_init__(self) -> None:
        """Read the bytes, each part as what it must be: whoever can write on the branch can write anything there."""
        try:
            said = json.loads(self.content)
            _matching(_NAME, self.name)
            tips = said["tips"]
            read = {
                "number": _number(said["chain"]["number"]), "hash": _matching(_HASH, said["chain"]["hash"]),
                "at": _with_zone(datetime.fromisoformat(said["at"])),
                "tips": {_matching(_WORD, name): one and _matching(OBJECT_ID, one) for name, one in tips.items()},
                "previous": said["previous"] and _matching(_DIGEST, said["previous"]),
                "key": _matching(_PUBLIC, said["key"]), "authority": said["authority"] and _matching(_DIGEST, said["authority"]),
            }  # fmt: skip
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise StoreDamaged(store="git", detail=f"{BRANCH} {self.name[:40]}") from error
        for name, value in read.items():
            object.__setattr__(self, name, value)

    @property
    def register(self) -> str:
        """The tip of the branch `register` that it names."""
        return self.tips.get("register") or ""


@dataclass(frozen=True, slots=True)
class Checkpointed:
    """
    A checkpoint was made.

    Attributes:
        name: Its number on the branch.
        number: The chain's head that it names, and `hash` that link's hash.
        stamped: Whether a time stamp lies beside it; None when none is asked for.
        not_stamped: Why there is none, when one was asked for.
        handed_over: The key was changed, and whether the one before signed too; None when the key is the same.
    """

    name: str
    at: datetime
    number: int
    hash: str
    register: str
    stamped: bool | None
    not_stamped: str | None = None
    handed_over: bool | None = None


class Checkpoints:
    """
    The checkpoints of a library.

    Args:
        held: Gives the projector lock for some seconds: nothing else writes on the branch meanwhile.
        bring_up_to_date: Brings the branches up to date with what is decided.
        signer: Signs; None where no key is set, and then none can be made.
        former: The key before, while it is changed.
        authority: Stamps the time; None where none is set.
    """

    def __init__(
        self, database: Database, store: GitStore, held: Callable[[float], AbstractContextManager[bool]],
        bring_up_to_date: Callable[[], bool], signer: Signer | None, former: Signer | None,
        authority: TimestampAuthority | None,
    ) -> None:  # fmt: skip
        self._database = database
        self._store = store
        self._held = held
        self._bring_up_to_date = bring_up_to_date
        self._signer = signer
        self._former = former
        self._authority = authority

    @property
    def signer(self) -> Signer | None:
        """Who signs here."""
        return self._signer

    @property
    def trusted(self) -> Collection[str]:
        """
        The public keys that the settings name: the one that signs, and the one before while it is changed.

        Put back on another machine, a home may name keys that do not lie there: those are left out.
        """
        found = []
        for one in (self._signer, self._former):
            try:
                found += [one.public] if one else []
            except KeyUnusable:
                continue
        return found

    @property
    def authority(self) -> TimestampAuthority | None:
        """Who stamps the time here."""
        return self._authority

    def make(self, *, now: datetime) -> Checkpointed:
        """
        Sign where the chain and the branches stand now, and put it on the branch.

        A time stamping authority that does not answer is no reason to go without: the checkpoint is made, and the answer
        that it has no time stamp. When the key was changed, the one before signs too, if it lies there.

        Raises:
            CheckpointsNotSet: No key is set.
            KeyUnusable, ToolMissing: The key cannot be used as it lies, or `ssh-keygen` is not installed; or the key was
                changed, and the settings do not say which it was before.
            RegisterBehind, DatabaseBusy: The branches are not up to date, others hold the lock, or others made one meanwhile.
                Try again.
            StoreDamaged: The chain does not hold, or does not go on from the newest checkpoint, or that one is not signed.
                Nothing was signed.
        """
        if self._signer is None:
            raise CheckpointsNotSet
        self._signer.require_usable()
        self._bring_up_to_date()
        tip = self._store.tip(BRANCH)
        before = self.newest()
        former = self._former_of(self._signer, before)
        if before is not None and not _is_signed_with(
            before, [self._signer.public, *([former.public] if former else [])]
        ):
            # The new one would vouch for it.
            raise StoreDamaged(store="git", detail=f"{BRANCH} {before.name}")
        chain = self._authority.chain if self._authority else b""
        content = self._content(before, now, self._signer.public, hashlib.sha256(chain).hexdigest() if chain else None)
        signature = self._signer.sign(content)
        stamp, why_not = self._stamp(content)
        name = f"{int(before.name) + 1 if before else 1:06d}"
        changes: dict[str, bytes | None] = {f"{name}.json": content, f"{name}.sig": signature}
        if stamp is not None:
            changes |= {f"{name}.tsr": stamp, f"{hashlib.sha256(chain).hexdigest()}.pem": chain}
        if former is not None and former.key.is_file():
            former.require_usable()
            changes[f"{name}.former"] = former.sign(content)
        changes[ALLOWED_SIGNERS] = self._known_keys(self._signer)
        made = Kept(name, content, signature, stamp)
        message = f"Kontrollpunkt {name}\n\nNumber: {made.number}\nHash: {made.hash}"
        # What was read and signed stood so at one instant, and others may go on deciding while an authority thinks. The
        # lock is for the branch alone.
        with self._held(LOCK_SECONDS) as held:
            if not held or self._store.tip(BRANCH) != tip:
                raise DatabaseBusy(seconds=int(LOCK_SECONDS))
            (commit,) = self._store.append(BRANCH, tip, [Commit(changes, message, now)], allowed=frozenset({tip}))
            self._note(commit)
        stamped = None if self._authority is None else stamp is not None
        return Checkpointed(name, made.at, made.number, made.hash, made.register, stamped, why_not,
                            f"{name}.former" in changes if former else None)  # fmt: skip

    def _is_newest_sound(self) -> bool:
        try:
            newest, sound = self.newest(), self.newest_sound()
        except StoreDamaged:
            return False
        return newest is None or (sound is not None and sound.name == newest.name)

    def newest_sound(self) -> Kept | None:
        """
        Give the newest checkpoint that is signed with a key of the settings; None when there is none.

        Where the settings name no key, the one that it names itself is taken as it is told.

        Raises:
            ToolMissing: There is no ssh-keygen, and there are checkpoints.
        """
        tip = self._store.tip(BRANCH)
        files = self._store.tree(tip) if tip else {}
        for name in sorted((name.removesuffix(".json") for name in files if name.endswith(".json")), reverse=True):
            try:
                kept = self._read(name, files)
            except StoreDamaged:
                continue
            if _is_signed_with(kept, self.trusted or [kept.key]):
                return kept
        return None

    def newest(self) -> Kept | None:
        """Give the newest checkpoint; None when there is none."""
        tip = self._store.tip(BRANCH)
        files = self._store.tree(tip) if tip else {}
        names = [name.removesuffix(".json") for name in files if name.endswith(".json")]
        return self._read(max(names), files) if names else None

    def all(self) -> tuple[list[Kept], list[str]]:
        """Give every checkpoint, the oldest first, and the names of what stands there and is none."""
        tip = self._store.tip(BRANCH)
        files = self._store.tree(tip) if tip else {}
        kept: list[Kept] = []
        damaged = []
        for name in sorted(name.removesuffix(".json") for name in files if name.endswith(".json")):
            try:
                kept.append(self._read(name, files))
            except StoreDamaged as error:
                damaged.append(str(error.places.get("detail")))
        return kept, damaged

    def noted(self) -> str | None:
        """Give the commit of the newest checkpoint, as the database knows it; None when it knows of none."""
        with self._database.reading() as session:
            return noted_checkpoint(session)

    def mend(self) -> str | None:
        """
        Put checkpoints that the branch has lost back while git still has them; else go on without, and say so.

        What somebody wrote after them without signing is set aside. None is given up while a damaged repository beside holds
        it, and one that somebody brings back to the branch later is missed again from then on.

        Returns:
            The commit of the newest that is lost for good, which nobody will miss from now on; None when there is none.

        Raises:
            DatabaseBusy: Others hold the lock. Try again.
        """
        with self._held(LOCK_SECONDS) as held:
            if not held:
                raise DatabaseBusy(seconds=int(LOCK_SECONDS))
            noted, tip = self.noted(), self._store.tip(BRANCH)
            noted = self._noted_again(noted, tip)
            if noted is None:
                return None
            is_beside = not self._store.has_commit(noted) and fetch_from_damaged(self._store, noted)
            is_there, tip = self._store.has_commit(noted), self._store.tip(BRANCH)
            if is_beside and not is_there:
                # It lies there, and only what it builds on is gone: it goes on being missed while it does.
                return None
            if is_there and tip is not None and self._store.is_ancestor(noted, tip):
                self._set_foreign_aside(noted, tip)
                return None
            if is_there and (tip is None or self._store.is_ancestor(tip, noted)):
                self._store.move(BRANCH, noted, frozenset({tip}))
                return None
            if is_there:
                # The branch was begun anew beside them: they stay under a name of ours, for whoever looks into it.
                self._store.keep(noted)
            with self._database.writing() as session:
                head = session.exec(select(ChainHeadRow).with_for_update()).one()
                if any(code in UNFOUNDED for code, _ in chain_faults(session, 0)):
                    # What was signed may be all that tells what the chain was: it goes on being missed.
                    return None
                head.checkpoint = tip
                session.add(head)
            return noted

    def _set_foreign_aside(self, noted: str, tip: str) -> None:
        """Take the branch back to the newest that we made, where its newest is not signed; what came after it is kept."""
        if tip == noted or self._is_newest_sound():
            return
        # Written in by somebody who could not sign: none can be made after it while it stands there.
        every = [commit for commit, _ in self._store.commits(BRANCH)]
        for commit in every[every.index(noted) + 1 :]:
            self._store.keep(commit)
        self._store.move(BRANCH, noted, frozenset({tip}))

    def _noted_again(self, noted: str | None, tip: str | None) -> str | None:
        """
        Miss from now on what somebody has brought back to the branch after it was given up, when its newest is signed by us.

        Gives the commit of the newest, as the database knows it then.
        """
        if tip is None or tip == noted or (noted is not None and not self._store.is_ancestor(noted, tip)):
            return noted
        # Where the settings name no key, anybody's would do.
        if not self.trusted or not self._is_newest_sound() or self.newest() is None:
            return noted
        with self._database.writing() as session:
            head = session.exec(select(ChainHeadRow).with_for_update()).one()
            head.checkpoint = tip
            session.add(head)
        return tip

    def _note(self, commit: str) -> None:
        """
        Let the database know the newest checkpoint, so that a branch that goes away is missed.

        Where one that it knows is missing already, it goes on missing that one: a new checkpoint must not hide the hole.
        """
        with self._database.writing() as session:
            head = session.exec(select(ChainHeadRow).with_for_update()).one()
            if head.checkpoint is None or self._store.is_ancestor(head.checkpoint, commit):
                head.checkpoint = commit
                session.add(head)

    def _former_of(self, signer: Signer, before: Kept | None) -> Signer | None:
        """Give the key before, when this is the first checkpoint of a new one."""
        if before is None or before.key == signer.public:
            return None
        if self._former is None or self._former.public != before.key:
            raise KeyUnusable(key=signer.key, why="changed")
        return self._former

    def _known_keys(self, signer: Signer) -> bytes:
        """Give the lines of all keys that ever signed here, the present one last."""
        tip = self._store.tip(BRANCH)
        blob = self._store.tree(tip).get(ALLOWED_SIGNERS) if tip else None
        lines = self._store.read(blob).splitlines(keepends=True) if blob else []
        return b"".join([*(line for line in lines if line != signer.allowed_signers), signer.allowed_signers])

    def _read(self, name: str, files: dict[str, str]) -> Kept:
        ends = ("json", "sig", "tsr", "former")
        read = self._store.read_many([files[path] for end in ends if (path := f"{name}.{end}") in files])
        content, signature, stamp, former = (read.get(files.get(f"{name}.{end}", "")) for end in ends)
        kept = Kept(name, content or b"", signature or b"", stamp, former)
        chain = files.get(f"{kept.authority}.pem")
        return replace(kept, chain=self._store.read(chain)) if chain else kept

    def _stamp(self, content: bytes) -> tuple[bytes | None, str | None]:
        if self._authority is None:
            return None, None
        try:
            return self._authority.stamp(content), None
        except TimestampUnavailableError as error:
            return None, str(error)

    def _content(self, before: Kept | None, now: datetime, key: str, authority: str | None) -> bytes:
        with self._database.reading() as session:
            rows = {name: session.get(OutboxPositionRow, consumer) for name, consumer in TIPS.items()}
            head = session.exec(select(ChainHeadRow)).one()
            register = rows["register"]
            if register is None or register.position != head.number:
                raise RegisterBehind(position=register.position if register else 0, head=head.number)
            _require_whole(session, before)
            at = _instant(session, head.number, now)
        said = {
            "form": FORM, "product": "samrutine", "at": at.isoformat(timespec="microseconds"),
            "chain": {"number": head.number, "hash": head.hash},
            "tips": {name: row.mark if row else None for name, row in rows.items()},
            "previous": hashlib.sha256(before.content).hexdigest() if before else None,
            "key": key, "authority": authority,
        }  # fmt: skip
        return canonical_json(said).encode() + b"\n"


def _is_signed_with(kept: Kept, keys: Collection[str]) -> bool:
    """Whether a checkpoint is signed with the key that it names, and that is one of these."""
    return kept.key in keys and is_signed(kept.content, kept.signature, allowed(kept.key))


def _require_whole(session: Session, before: Kept | None) -> None:
    """
    Refuse to sign a chain that does not hold: the signature would say of what was forged that it stood there.

    Raises:
        StoreDamaged: A decision was changed or taken away; `verify` names all that is wrong.
    """
    broken = next((f"{code} {detail}" for code, detail in chain_faults(session, 0) if code in UNFOUNDED), None)
    signed = session.get(DecisionRow, before.number) if before is not None else None
    if broken is None and before is not None and (signed is None or signed.hash != before.hash):
        broken = f"checkpoint {before.name}"
    if broken is not None:
        raise StoreDamaged(store="SQL", detail=broken)


def _matching(pattern: re.Pattern[str], told: str) -> str:
    """Give a word as it is told when it is of its form; a public key becomes a line of its own in a file that is trusted."""
    if not pattern.fullmatch(told):
        raise ValueError(told)
    return told


def _number(told: object) -> int:
    if type(told) is not int or not 0 <= told <= MOST:
        raise ValueError(told)
    return told


def _with_zone(told: datetime) -> datetime:
    if told.tzinfo is None:
        raise ValueError(told)
    return told


def _instant(session: Session, number: int, now: datetime) -> datetime:
    """Give the present instant, never before the newest decision: clocks step back."""
    last = session.get(DecisionRow, number)
    return max(now, last.decided_at if last else now).astimezone(UTC)
