"""
The one way to decide.

Every act is one SQL transaction: lock the chain's head, check the rule against what is read after the lock, write the
decision with number head + 1, what follows from it, and its outbox row. Commit is the moment it happened. No git,
network or index call is made inside. After the commit the projections are brought up to date, if nobody else does it.

The client gives each act an id; a second call with the same id is the same act and gives the same answer.

A link of the chain is the canonical JSON of `Record`; its hash is `1:` + SHA-256 of those bytes. The record holds
kinds, ids, digests, dates, bodies, roles and opaque actor ids. Free text is outside: only a salted hash is inside, so
that a reason can be erased and the chain still holds.
"""

import hashlib
import json
import logging
import re
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Final, NewType

from sqlalchemy import event, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, or_, select

from samrutine.actors import ActorId
from samrutine.arguments import require_texts
from samrutine.days import OSLO, norwegian_day
from samrutine.errors import DecisionIdReused, InvalidRequest, StoreUnavailable
from samrutine.procedures.personal_data import PersonalData, personal_data
from samrutine.reasons import Because, refuse
from samrutine.storage.guards import Guards
from samrutine.storage.rows import (
    ChainHeadRow,
    CounterRow,
    DecisionRow,
    DecisionTextRow,
    OutboxPositionRow,
    OutboxRow,
    WordsRow,
)
from samrutine.storage.sql import Database
from samrutine.storage.steps import reach

DecisionId = NewType("DecisionId", str)
"""The client's own name for an act; made with `new_decision_id` if none is given. Of which letters: `decision_id_of`."""

RECORD_FORM: Final = 1
CHAIN_FORM: Final = 1
GENESIS: Final = "1:" + "0" * 64
REPEATED_BY: Final = "register"
"""The consumer that repeats every decision, and notes how far it came."""
MONTH_FOLDER: Final = "%Y-%m"

_DECISION_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
# A UUID that another program made holds digits at random: some day eleven of them would look like a person's.
_RANDOM: Final = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LOG: Final = logging.getLogger(__name__)


NEVER_KEPT: Final = frozenset({PersonalData.NATIONAL_ID, PersonalData.PRIVATE_EMAIL})
"""What no free text may hold. A phone may stand there: a duty telephone often is a mobile number."""


@dataclass(frozen=True)
class HoldsPersonalData(Because):
    """A reason, a place or a value holds a national identity number or a private address."""

    what: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it stands in the chain."""

    number: int
    id: str
    kind: str
    body: str
    subject: str | None
    role: str
    actor: ActorId
    at: datetime
    facts: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision to write; its parts mean what they mean in `Act.record`."""

    kind: str
    body: str
    role: str
    subject: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    touches: tuple[str, ...] = ()
    by: ActorId | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Linked:
    """A decision that has its place in the chain, and the rows to write."""

    decision: Decision
    row: Mapping[str, Any]
    texts: Sequence[Mapping[str, Any]]
    outbox: Mapping[str, Any]


@dataclass
class Act:
    """One act under way, inside its transaction. `decisions` are those it made, or those an earlier call made."""

    id: DecisionId
    session: Session
    now: datetime
    by: ActorId
    head: ChainHeadRow
    request: str
    texts: Mapping[str, str]
    last_at: datetime
    decisions: list[Decision] = field(default_factory=list)
    is_repeat: bool = False
    projected: bool = False

    @property
    def today(self) -> date:
        """The day in Norway on which the act is done."""
        return norwegian_day(self.now)

    @property
    def number(self) -> int:
        """The number of the act's newest decision."""
        return self.decisions[-1].number

    def record(
        self,
        kind: str,
        *,
        body: str,
        role: str,
        subject: str | None = None,
        facts: Mapping[str, Any] | None = None,
        touches: tuple[str, ...] = (),
        by: ActorId | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> Decision:
        """
        Write one decision as the chain's next link, with its outbox row. The first one carries the act's texts.

        Args:
            kind: What was decided: a verb in the past, as the register shows it.
            body: Who decides: `municipality:1841`, `network:smittevern` or `library`.
            role: The role in which the actor did it.
            subject: The procedure or proposal it is about.
            facts: JSON values without names, addresses or free text. Dates as ISO strings.
            touches: What must be brought up to date, beyond the register.
            by: Another actor than the act's own: the system, for what follows from the rules.
            texts: Free text of this decision alone, for an act that makes many: a reason for each row of a list. Must be
                among those that `act(checked=...)` was given.
        """
        entry = Entry(kind, body, role, subject, facts or {}, touches, by, texts or {})
        return self.record_many([entry])[0]

    def record_many(self, entries: Sequence[Entry]) -> list[Decision]:
        """Write several decisions as the chain's next links, in order, with one statement for each table."""
        if not self.decisions:
            reach("decide: rule checked")
        links = [self._linked(entry) for entry in entries]
        tables: tuple[type[DecisionRow | DecisionTextRow | OutboxRow], ...] = (DecisionRow, DecisionTextRow, OutboxRow)
        try:
            for table, rows in zip(
                tables,
                (
                    [one.row for one in links],
                    [row for one in links for row in one.texts],
                    [one.outbox for one in links],
                ),
                strict=True,
            ):
                if rows:
                    self.session.execute(insert(table), rows)
        except IntegrityError as error:
            # The numbers are ours while the head is locked, so it is an id: one given to an earlier release may be what
            # a later decision of this act would be named.
            raise DecisionIdReused(decision=self.id) from error
        self.session.add(self.head)
        self.count("decisions", len(links))
        return [one.decision for one in links]

    def _linked(self, entry: Entry) -> _Linked:
        number = self.head.number + 1
        decision_id = self.id if not self.decisions else f"{self.id}:{len(self.decisions)}"
        given = {**({} if self.decisions else self.texts), **entry.texts}
        salts = {name: secrets.token_hex(16) for name in given}
        actor = entry.by or self.by
        facts = dict(entry.facts)
        # Clocks step back, and an act may have waited for the lock since it asked for the time. The chain's own time
        # never runs backwards, so that "what was known then" is a number.
        at = max(self.now, self.last_at)
        record = {
            "form": RECORD_FORM,
            "number": number,
            "id": decision_id,
            "act": self.id,
            "kind": entry.kind,
            "at": at.isoformat(timespec="microseconds"),
            "actor": actor,
            "role": entry.role,
            "body": entry.body,
            "subject": entry.subject,
            "facts": facts,
            "texts": {name: salted(salts[name], text) for name, text in given.items()},
            "previous": self.head.hash,
        }
        text = canonical_json(record)
        link = link_hash(text)
        row = {
            "number": number, "id": decision_id, "act_id": self.id, "request": self.request, "kind": entry.kind,
            "body": entry.body, "subject": entry.subject, "register_folder": register_folder(entry.body, at),
            "actor_id": actor, "role": entry.role, "decided_at": at, "record": text, "hash": link,
        }  # fmt: skip
        texts = [{"number": number, "name": name, "salt": salts[name], "text": words} for name, words in given.items()]
        subjects = canonical_json(sorted({*entry.touches, f"body:{entry.body}"}))
        self.head.number, self.head.hash, self.head.form = number, link, CHAIN_FORM
        decision = Decision(
            number, decision_id, entry.kind, entry.body, entry.subject, entry.role, actor, at, facts, link
        )
        self.decisions.append(decision)
        return _Linked(decision, row, texts, {"number": number, "subjects": subjects})

    def keep_words(self, digest: str, content: bytes) -> None:
        """
        Keep the bytes behind a digest; the same digest twice is one row.

        Raises:
            Refused: These very words were redacted; they must not come back.
        """
        kept = self.session.get(WordsRow, digest)
        if kept is None:
            self.session.add(WordsRow(digest=digest, content=content))
            self.session.flush()
        elif kept.redacted_number is not None:
            refuse([WordsRedacted(kept.redacted_number)])

    def count(self, name: str, change: int) -> None:
        """Change a total by `change`, in this transaction."""
        counter = self.session.get(CounterRow, name) or CounterRow(name=name, value=0)
        counter.value += change
        self.session.add(counter)


class Decisions:
    """
    Begins acts.

    Args:
        database: Where decisions are believed.
        after_commit: Called once after a commit that decided something; answers whether all that repeats was
            brought up to date. Wiring gives the projections' own verb here, so that no act can forget it.
        guards: What must hold of the machine before anything is decided; nothing when None.
    """

    def __init__(self, database: Database, after_commit: Callable[[], bool], guards: Guards | None = None) -> None:
        self._database = database
        self._after_commit = after_commit
        self._guards = guards
        self._together = threading.local()

    @contextmanager
    def together(self) -> Iterator[None]:
        """
        Bring what repeats up to date once, after the block, and not after each act in it.

        Each act is decided by its own commit all the same, and answers `projected: False`. Killed in the block, the
        next act or `repair` brings up to date what was decided. A block is its thread's own: what others decide meanwhile
        follows at once. Within another block it is a part of that one.
        """
        # Counted, and for each thread: two blocks that put back what the other had put in would leave nothing following.
        self._together.depth = self._depth + 1
        try:
            yield
        finally:
            self._together.depth -= 1
            self._followed()

    @property
    def _depth(self) -> int:
        """How many blocks of `together` this thread is in."""
        return getattr(self._together, "depth", 0)

    @contextmanager
    def act(
        self,
        decision_id: DecisionId,
        verb: str,
        request: Mapping[str, Any],
        *,
        by: ActorId,
        now: datetime,
        texts: Mapping[str, str | None] | None = None,
        checked: Mapping[str, str | None] | None = None,
        frees: bool = False,
    ) -> Iterator[Act]:
        """
        Begin one act; commit it at the end of the block, or leave nothing at all.

        The block must check `is_repeat` first and, if it is true, only read `decisions`.

        Args:
            decision_id: The client's id of the act.
            verb: What is asked, and `request` what it is asked about: JSON values, hashed and kept as long as the
                decision. So no name and no free text among them.
            by: Who asks.
            now: The present instant, aware.
            texts: Free text by name, such as the reason. None and empty are left out. Kept with the act's first
                decision, erasable, and known to the chain by a salted hash alone.
            checked: More free text, by any name, that `record` will be given for single decisions: looked at here as
                `texts` is, before anything is decided.
            frees: It takes something away, which makes room or must not wait for any, so it may write where others are kept
                out: on a disk that is nearly full.

        Raises:
            InvalidRequest: A text holds what no store can hold.
            Refused: A text holds a national identity number or a private e-mail address.
            DecisionIdReused: The id was used for another act. Make a new id.
            DatabaseBusy: Others held the lock for a minute. Nothing was decided; try again with the same id.
            DiskNearlyFull: There is too little room for what follows. Nothing was begun.
            ClockBehind: The machine's clock stands before the newest decision. Nothing was begun.
            DatabaseBehind: The register has decisions that the database has lost. Nothing was begun.
        """
        given = {name: text for name, text in (texts or {}).items() if text}
        looked_at = {**given, **{name: text for name, text in (checked or {}).items() if text}}
        require_texts({"decision_id": decision_id, **request, **looked_at})
        refuse(reasons_against_keeping(looked_at))
        asked = request_digest(verb, request, by)
        mark = self._guards.mark() if self._guards is not None else None
        with self._database.writing() as session:
            # Lock the head before reading anything the rule depends on. A rule checked against rows read earlier lets
            # two approvers of one proposal both win, on PostgreSQL only, and only under load.
            head = session.exec(select(ChainHeadRow).where(ChainHeadRow.id == 1).with_for_update()).one()
            reach("decide: head locked")
            last = session.get(DecisionRow, head.number)
            act = Act(decision_id, session, now, by, head, asked, given, last.decided_at if last else now)
            if earlier := _made_before(session, decision_id, asked, given):
                # It writes nothing, so it needs no room and no clock: whoever asks again must learn that it was done.
                act.is_repeat = True
                act.decisions = earlier
            else:
                self._require_room(frees=frees)
                if self._guards is not None and last is not None:
                    self._guards.require_clock(now, last.number, last.decided_at)
                    noted = session.get(OutboxPositionRow, REPEATED_BY)
                    self._guards.require_newest(mark, noted.mark if noted else None, head.number, head.hash)
            yield act
            if not act.is_repeat:
                session.flush()
                reach("decide: written, not committed")
        if not act.is_repeat and act.decisions:
            reach("decide: committed")
        act.projected = self._followed()

    def made(
        self, decision_id: DecisionId, verb: str, request: Mapping[str, Any], *, by: ActorId,
        texts: Mapping[str, str | None] | None,
    ) -> list[Decision]:  # fmt: skip
        """
        Give the decisions of an act that was made before, for a verb whose text is made from what stands now.

        Such a verb asks before it reads anything: what it read the first time may be another by now, or gone. Empty when
        there is no act of that id; then `act` must be begun with the same verb and request.

        Args:
            texts: What whoever calls gave; None when the verb made the texts itself, and they are not compared.

        Raises:
            DecisionIdReused: The id was used for another act.
        """
        given = None if texts is None else {name: text for name, text in texts.items() if text}
        with self._database.reading() as session:
            return _made_before(session, decision_id, request_digest(verb, request, by), given)

    @contextmanager
    def note(self, texts: Mapping[str, str | None] | None = None) -> Iterator[Session]:
        """
        Keep what is said and not decided, such as feedback: one transaction, no link in the chain, nothing to project.

        Give each row an id made from the caller's decision id, and look for it first: then a second call is the same act.

        Args:
            texts: The free text that the block will keep, by name: looked at as an act's is.

        Raises:
            InvalidRequest, Refused, DatabaseBusy, DiskNearlyFull: As `act`.
        """
        given = {name: text for name, text in (texts or {}).items() if text}
        require_texts(given)
        refuse(reasons_against_keeping(given))
        with self._database.writing() as session:
            # Asked when something is about to be written: a second call finds its row, and writes nothing.
            event.listen(session, "before_flush", lambda *_: self._require_room())
            yield session
            session.flush()
            reach("note: written, not committed")

    def _require_room(self, *, frees: bool = False) -> None:
        if self._guards is not None:
            self._guards.require_room(frees=frees)

    def _followed(self) -> bool:
        """
        Bring up to date what repeats decisions. What is decided stands, whatever becomes of this.

        An error here must not reach the caller: it would say that nothing was decided, and be answered by deciding
        again. The consumer's position tells `status`, and `verify` says what is behind.
        """
        if self._depth:
            return False
        try:
            return self._after_commit()
        except StoreUnavailable:
            return False
        except Exception as error:  # noqa: BLE001  a full disk is no reason to say that nothing was decided
            # The class alone: a message may quote what it failed on.
            _LOG.error("decided, but not brought up to date: %s", type(error).__name__)
            return False


@dataclass(frozen=True)
class WordsRedacted(Because):
    """These very words were taken away for good, by a decision of that number."""

    number: int


def reasons_against_keeping(texts: Mapping[str, str]) -> list[Because]:
    """Say why these free texts may not be kept; empty means they may."""
    return [
        HoldsPersonalData(name)
        for name, text in texts.items()
        if any(found.what in NEVER_KEPT for found in personal_data(text))
    ]


def _made_before(
    session: Session, decision_id: DecisionId, asked: str, given: Mapping[str, str] | None
) -> list[Decision]:  # fmt: skip
    """Give the decisions of the act of that id, when it is the very same act. `given` None: its texts do not matter."""
    # An act's later decisions are named after it, so a given id may be one of those: another act's, then.
    named = or_(DecisionRow.act_id == decision_id, DecisionRow.id == decision_id)
    earlier = session.exec(select(DecisionRow).where(named).order_by(col(DecisionRow.number))).all()
    others = any(row.act_id != decision_id or row.request != asked for row in earlier)
    if others or (earlier and given is not None and not _same_texts(session, earlier[0], given)):
        raise DecisionIdReused(decision=decision_id)
    return [decision_of(row) for row in earlier]


def _same_texts(session: Session, row: DecisionRow, given: Mapping[str, str]) -> bool:
    """Whether a second call gave the texts of the first. A text that was erased since counts as the same."""
    known = json.loads(row.record)["texts"]
    if known.keys() != given.keys():
        return False
    for kept in session.exec(select(DecisionTextRow).where(DecisionTextRow.number == row.number)):
        if kept.text is not None and salted(kept.salt, given[kept.name]) != known[kept.name]:
            return False
    return True


def decision_of(row: DecisionRow) -> Decision:
    """Read a decision from its row."""
    facts = json.loads(row.record)["facts"]
    return Decision(
        row.number,
        row.id,
        row.kind,
        row.body,
        row.subject,
        row.role,
        ActorId(row.actor_id),
        row.decided_at,
        facts,
        row.hash,
    )


def noted_checkpoint(session: Session) -> str | None:
    """Give the commit of the newest signed checkpoint, as the database knows it: git may have lost it. None before the first."""
    return session.exec(select(ChainHeadRow.checkpoint)).first()


def end_of_norwegian_day(day: date) -> datetime:
    """Give the last instant of a day in Norway, in UTC."""
    return datetime.combine(day, time.max, OSLO).astimezone(UTC)


def new_decision_id() -> DecisionId:
    """Make an id that nobody else makes: 128 random bits."""
    return DecisionId(secrets.token_hex(16))


def decision_id_of(given: str) -> DecisionId:
    """
    Take a client's id for an act: 1 to 100 of a-z, A-Z, 0-9, full stop, hyphen and underscore, the first none of these three.

    It stands in the chain for ever, so it must not be a sentence, a name with its spaces or a national identity number.
    There is no colon in it: an act's later decisions are named after it with a colon and a number.

    Raises:
        InvalidRequest: It is something else.
    """
    is_a_persons = _RANDOM.fullmatch(given) is None and PersonalData.NATIONAL_ID in {
        one.what for one in personal_data(given)
    }
    if _DECISION_ID.fullmatch(given) is None or is_a_persons:
        raise InvalidRequest(what="decision_id", value="…", expected="1–100: A-Z a-z 0-9 . _ -")
    return DecisionId(given)


def canonical_json(value: object) -> str:
    """Write JSON in the one way that is hashed: keys sorted, no spaces, text as itself in UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link_hash(record: str) -> str:
    """Give the hash of a record: `1:` + SHA-256 of its canonical JSON in UTF-8."""
    return f"{CHAIN_FORM}:{hashlib.sha256(record.encode()).hexdigest()}"


def record_of(record: str, link: str) -> dict[str, Any] | None:
    """Read a record; None when it is not what was hashed. Hashed first: what was changed may be no record any more."""
    try:
        return parsed(record) if link_hash(record) == link else None
    except AttributeError:
        # SQLite keeps bytes in a column of text, too.
        return None


def parsed(record: str) -> dict[str, Any] | None:
    """Read a record, whatever its hash may be; None when it is none at all."""
    try:
        found = json.loads(record)
        return found if isinstance(found["facts"], dict) and isinstance(found["texts"], dict) else None
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def salted(salt: str, text: str) -> str:
    """Give the salted hash by which the chain knows a free text without holding it."""
    return "1:" + hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def request_digest(verb: str, request: Mapping[str, Any], by: ActorId) -> str:
    """Give a hash of what was asked, so that an id used for another act is noticed."""
    return hashlib.sha256(canonical_json([verb, by, dict(request)]).encode()).hexdigest()


def folder_of(body: str) -> str:
    """
    Give the folder on `register` for a body: `municipality/1841`, `network/smittevern`, `library`.

    Numbers and ids, not names: a name may change, a folder must not.
    """
    return body.replace(":", "/")


def register_folder(body: str, at: datetime) -> str:
    """Give the folder on `register` for what a body decided at an instant: a month in Norway."""
    return f"{folder_of(body)}/{at.astimezone(OSLO).strftime(MONTH_FOLDER)}"
