"""
Bring up to date everything that repeats, and say whether it does.

Each consumer has its own position in the outbox, its own order, back-off and dead letter. Under the projector lock the
service runs each consumer over what it has not seen, then writes all positions in one transaction. Killed anywhere, the
next run does the same work again and ends in the same state.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Protocol

from sqlmodel import Session, col, select

from samrutine.errors import DatabaseBehind, DatabaseBusy, SamrutineError, StoreDamaged, StoreUnavailable
from samrutine.projections.beyond import Beyond
from samrutine.projections.checks.git import (
    apart_faults,
    keep_lost,
    put_settings_back,
    repository_faults,
    set_foreign_aside,
)
from samrutine.projections.checks.unreadable import mendable_values
from samrutine.projections.consumer import Brought, Consumer, Stretch
from samrutine.projections.decisions_back import put_decisions_back
from samrutine.projections.words_back import put_words_back
from samrutine.storage import git_reading
from samrutine.storage.decisions import noted_checkpoint
from samrutine.storage.git import SET_ASIDE, GitStore
from samrutine.storage.git_saving import StartedOver, start_over
from samrutine.storage.lock import ProjectorLock
from samrutine.storage.rows import ChainHeadRow, DeadLetterRow, OutboxPositionRow, WordsRow
from samrutine.storage.sql import Database
from samrutine.storage.steps import reach

WAIT_SECONDS: Final = 2.0
TRIES_BEFORE_DEAD_LETTER: Final = 8
LONGEST_BACK_OFF: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ConsumerStatus:
    """
    How far a consumer has come. `behind` counts decisions it has not seen.

    `needs_a_person` after eight tries in vain: it is still tried, but somebody must look at `last_error`.
    """

    consumer: str
    position: int
    behind: int
    attempts: int
    last_error: str | None
    updated_at: datetime
    needs_a_person: bool = False


class Drained(Enum):
    """What one look at the consumers came to."""

    NOTHING_LEFT = "every consumer has seen every decision"
    SOME_WAIT = "a consumer failed, or waits for its next try"
    WORKED = "something was brought up to date, so it is worth looking again"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What a consumer could not do after many tries, beginning with a decision; `error` in English, as it was kept."""

    consumer: str
    number: int
    error: str
    since: datetime


@dataclass(frozen=True, slots=True)
class _Failed:
    error: StoreUnavailable


class Tidied(Protocol):
    """What gathers small pieces, and joins them when they are many."""

    def tidy(self) -> bool:
        """Join them if it is time; says whether it did."""
        ...


class Projections:
    """
    All that repeats decisions, in the order in which it is brought up to date.

    Args:
        clock: Gives the present instant, for back-off alone: no decision depends on it.
        tidied: What else, beside the stores, gathers small pieces with each change.
        later: Does what takes long and nobody waits for, some at a time; gives how much. It takes the lock itself.
    """

    def __init__(
        self,
        database: Database,
        lock: ProjectorLock,
        consumers: Sequence[Consumer],
        stores: Sequence[GitStore],
        clock: Callable[[], datetime],
        tidied: Sequence[Tidied] = (),
        later: Callable[[], int] = lambda: 0,
    ) -> None:
        self._database = database
        self._lock = lock
        self._consumers = tuple(consumers)
        self._stores = tuple(stores)
        self._tidied: tuple[Tidied, ...] = (*stores, *tidied)
        self._clock = clock
        self._later = later

    @property
    def database(self) -> Database:
        """Where decisions are believed."""
        return self._database

    def bring_up_to_date(self, *, wait_seconds: float = WAIT_SECONDS, patient: bool = True) -> bool:
        """
        Do what is due, unless somebody else holds the lock for longer than `wait_seconds`.

        Args:
            patient: Leave a consumer that failed alone until its back-off has passed. `repair` is not patient.

        Returns:
            Whether every consumer has seen every decision that was committed before the call.
        """
        with self._lock.held(wait_seconds) as held:
            if not held:
                return self._is_up_to_date()
            reach("project: lock held")
            # Look once more after the work: whoever committed meanwhile and did not get the lock trusts us to.
            first = done = self._drain(patient=patient)
            while done is Drained.WORKED:
                done = self._drain(patient=True)
        if first is Drained.WORKED:
            with suppress(StoreUnavailable):
                self._later()
        return done is Drained.NOTHING_LEFT

    def finish_later(self) -> None:
        """Do all that takes long, until nothing of it is left or it does not succeed."""
        with suppress(StoreUnavailable):
            while self._later():
                pass

    def rebuild(self, names: Sequence[str], *, wait_seconds: float = WAIT_SECONDS * 5) -> None:
        """
        Make the named consumers hold just what decisions say, under the lock, waited for so long.

        Raises:
            StoreUnavailable: Another process holds the lock, or one of them could not be made; the others were.
        """
        for error in self.heal(names, wait_seconds=wait_seconds).values():
            raise error

    def heal(self, names: Sequence[str], *, wait_seconds: float = WAIT_SECONDS * 5) -> dict[str, StoreUnavailable]:
        """
        Do as `rebuild` does, and give what could not be made, by name: one must not keep the others from it.

        Raises:
            DatabaseBusy: Another process holds the lock.
        """
        with self._alone(wait_seconds):
            head = self._head()
            brought: dict[str, Brought | _Failed] = {}
            with self._database.reading() as session:
                positions = self._positions(session)
                for consumer in self._consumers:
                    if consumer.name in names:
                        row = positions.get(consumer.name)
                        stretch = Stretch(row.position if row else 0, head, row.mark if row else None)
                        brought[consumer.name] = _tried(consumer.rebuild, session, stretch)
            self._write(brought, head)
            return {name: one.error for name, one in brought.items() if isinstance(one, _Failed)}

    @contextmanager
    def _alone(self, wait_seconds: float = WAIT_SECONDS * 5) -> Iterator[None]:
        """Hold the projector lock; raises DatabaseBusy when others hold it for too long."""
        with self._lock.held(wait_seconds) as held:
            if not held:
                raise DatabaseBusy(seconds=int(wait_seconds))
            yield

    def lacking(self) -> tuple[int, int]:
        """Give the database's last decision, and the last that the register has in continuation of it: the same, or later."""
        beyond = Beyond(self._stores[0])
        tip = beyond.tip()
        with self._database.reading() as session:
            head = session.exec(select(ChainHeadRow)).first()
        if head is not None and not isinstance(head.number, int):
            # SQLite keeps whatever was written there; that the head is wrong another check says.
            return 0, 0
        return (head.number, head.number + beyond.count(tip, head.number, head.hash)) if head else (0, 0)

    def require_newest(self) -> None:
        """
        Refuse where the register has valid decisions that the database lacks.

        Raises:
            DatabaseBehind: What is repeated there is all that still says what was decided.
        """
        here, there = self.lacking()
        if there > here:
            raise DatabaseBehind(here=here, there=there)

    def make_git_readable(self) -> list[str]:
        """Begin settings anew that git cannot read, under the lock: without them nothing there can. Gives the repositories."""
        with self._alone():
            return [store.folder.name for store in self._stores if store.make_readable()]

    def remove_litter(self) -> list[str]:
        """Remove what killed processes left in git; only when nobody else writes there."""
        with self._alone():
            return [one for store in self._stores for one in store.remove_litter()]

    def put_decisions_back(self) -> list[int]:
        """Write decisions anew whose rows cannot be read; gives their numbers. None where the chain is not whole then."""
        with self._alone():
            return put_decisions_back(self._database, self._stores[0])

    def put_words_back(self) -> list[str]:
        """Put words right that were changed in SQL, are gone, or stand though they were taken away; gives the digests."""
        with self._alone():
            return put_words_back(self._database, self._stores, self._clock())

    def replace_damaged_git(self) -> list[StartedOver]:
        """
        Put a new repository in the place of one that lacks objects; the branches are then rebuilt from SQL.

        What no decision makes again comes along, as far as it is whole. The damaged one is kept beside it. None when git
        finds no damage.
        """
        with self._alone():
            return [start_over(store, missed) for store, missed in self._missed().items() if store.faults()]

    def put_git_settings_back(self) -> list[str]:
        """
        Put the settings of the repositories back to ours.

        Under the lock. Gives the repositories whose settings were wrong; nothing on a sound home.
        """
        with self._alone():
            return put_settings_back(self._missed())

    def set_foreign_aside(self) -> None:
        """Set aside what others keep in the repositories. Under the lock."""
        with self._alone():
            set_foreign_aside(self._stores)

    def _missed(self) -> dict[GitStore, str | None]:
        """Give the repositories, each with the newest signed checkpoint that it should hold: only the shared one has any."""
        with self._database.reading() as session:
            missed = noted_checkpoint(session)
        return {store: missed if store is self._stores[0] else None for store in self._stores}

    def set_aside(self) -> frozenset[tuple[str, str]]:
        """Give what was set aside in the repositories: (folder, ref). Of one that cannot be read, nothing."""
        found: set[tuple[str, str]] = set()
        for store in self._stores:
            with suppress(StoreUnavailable):
                refs = git_reading.refs(store.folder)
                found |= {(store.folder.name, ref) for ref in refs if ref.startswith(SET_ASIDE)}
        return frozenset(found)

    def keep_lost(self) -> frozenset[tuple[str, str]]:
        """Set aside what branches have lost, when they stand where decisions say. Under the lock. Gives all that is aside."""
        with self._alone(), self._database.reading() as session:
            return keep_lost(session, self._stores)

    def faults(self, after: int = 0) -> list[tuple[str, str]]:
        """
        Ask every consumer to compare what it holds with the decisions: (code, detail) a fault. Changes nothing.

        Args:
            after: Trust what follows from decisions up to this one, and leave git's own objects for another time.

        A consumer that is moved while it is looked at would seem wrong without being so: its branch stands at the new commit
        before its position says so. So nothing is said before it was looked at under the lock, when nobody moves anything.

        Raises:
            DatabaseBusy: Something seems wrong, and others hold the lock for so long that nobody can say.
        """
        found, head = self._look(after)
        if not found:
            return []
        with self._alone():
            return self._look(after, head)[0]

    def _look(self, after: int, known: int | None = None) -> tuple[list[tuple[str, str]], int]:
        """
        Look once; gives the faults and the chain's head.

        Args:
            known: The head before the lock was taken. What was decided since, its own process waits to bring up to date: for
                the lock that we hold.
        """
        found: list[tuple[str, str]] = []
        with self._database.reading() as session:
            head = session.exec(select(ChainHeadRow.number)).one()
            positions = _readable_positions(session)
            for consumer in self._consumers:
                row = positions.get(consumer.name)
                position = row.position if row else 0
                if position < (due := head if known is None else min(known, head)):
                    found.append(("behind", f"{consumer.name} {position} {due}"))
                if position > head:
                    found.append(("ahead", f"{consumer.name} {position} {head}"))
                found.extend(_faults(consumer, session, Stretch(position, head, row.mark if row else None, after)))
            found.extend(self._repository_faults(session, after))
        return found, head

    def _repository_faults(self, session: Session, after: int) -> list[tuple[str, str]]:
        """Ask about the repositories themselves. One that is too damaged to answer is a fault that others have named."""
        broken: list[tuple[str, str]] = []
        try:
            broken += (
                []
                if after
                else [("git-objects", f"{one.folder.name} {line}") for one in self._stores for line in one.faults()]
            )
            found = list(repository_faults(session, self._stores, self._clock(), after))
            return broken + found + list(apart_faults(session, self._stores, after))
        except StoreUnavailable as error:
            return [*broken, ("unreadable", f"git {error.places.get('detail', type(error).__name__)}")]
        except (SamrutineError, LookupError, ValueError, TypeError) as error:
            return [*broken, ("unreadable", f"git {type(error).__name__}")]

    def broken_consumers(self) -> list[str]:
        """Give the names of consumers that are behind or hold something else than what was decided."""
        head = self._head()
        broken = []
        with self._database.reading() as session:
            positions = self._positions(session)
            for consumer in self._consumers:
                row = positions.get(consumer.name)
                stretch = Stretch(row.position if row else 0, head, row.mark if row else None)
                if stretch.position != head or _faults(consumer, session, stretch):
                    broken.append(consumer.name)
        return broken

    def status(self) -> list[ConsumerStatus]:
        """Say how far each consumer has come."""
        head = self._head()
        with self._database.reading() as session:
            positions = self._positions(session)
            unseen = select(DeadLetterRow.consumer).where(col(DeadLetterRow.read_at).is_(None))
            dead = set(session.exec(unseen))
        return [
            ConsumerStatus(
                name, row.position, head - row.position, row.attempts, row.last_error, row.updated_at, name in dead
            )
            for name, row in sorted(positions.items())
        ]

    def unseen(self) -> list[DeadLetter]:
        """Give what was given up after many tries and nobody has marked as seen, the oldest first."""
        row = DeadLetterRow
        query = select(row).where(col(row.read_at).is_(None)).order_by(col(row.since), row.consumer)
        with self._database.reading() as session:
            return [DeadLetter(one.consumer, one.number, one.error, one.since) for one in session.exec(query)]

    def mark_seen(self) -> int:
        """Note that somebody has looked at all of them; gives how many there were. Each goes when its rule of retention says so."""
        now = self._clock()
        with self._database.writing() as session:
            rows = session.exec(select(DeadLetterRow).where(col(DeadLetterRow.read_at).is_(None))).all()
            for row in rows:
                row.read_at = now
                session.add(row)
        return len(rows)

    def _drain(self, *, patient: bool) -> "Drained":
        """Run every consumer that is due once."""
        now = self._clock()
        brought: dict[str, Brought | _Failed] = {}
        with self._database.reading() as session:
            head, positions = self._head_and_positions(session)
            behind = [one for one in self._consumers if _position(positions, one) < head]
            for consumer in behind:
                row = positions.get(consumer.name)
                if patient and row is not None and row.next_try_at is not None and row.next_try_at > now:
                    continue
                stretch = Stretch(row.position if row else 0, head, row.mark if row else None)
                brought[consumer.name] = _tried(consumer.bring_up_to_date, session, stretch)
        if not brought:
            return Drained.SOME_WAIT if behind else Drained.NOTHING_LEFT
        self._write(brought, head)
        reach("project: done")
        if any(isinstance(one, Brought) for one in brought.values()):
            self._tidy()
            return Drained.WORKED
        return Drained.SOME_WAIT

    def _tidy(self) -> None:
        """Join small packs and parts. The work is done and its positions are written, so a failure only leaves them."""
        for one in self._tidied:
            with suppress(StoreUnavailable):
                one.tidy()

    def _write(self, brought: dict[str, Brought | _Failed], head: int) -> None:
        """Write all positions in one transaction, so that a run costs one sync of the database."""
        now = self._clock()
        with self._database.writing() as session:
            positions = self._positions(session)
            for name, outcome in brought.items():
                row = positions.get(name) or OutboxPositionRow(consumer=name, position=0, updated_at=now)
                row.updated_at = now
                match outcome:
                    case Brought(mark=mark, kept_words=kept, store=store):
                        row.position, row.mark = head, mark
                        if row.attempts:
                            for letter in session.exec(select(DeadLetterRow).where(DeadLetterRow.consumer == name)):
                                session.delete(letter)
                        row.attempts, row.next_try_at, row.last_error = 0, None, None
                        for digest, blob in kept.items():
                            words = session.get(WordsRow, digest)
                            # Where words were redacted meanwhile, the newest run knows where the notice is.
                            if words is not None and (words.git_blob is None or words.redacted_number is not None):
                                words.git_blob, words.verified_at, words.store = blob, now, store
                                session.add(words)
                    case _Failed(error=error):
                        row.attempts += 1
                        row.next_try_at = now + min(timedelta(seconds=2**row.attempts), LONGEST_BACK_OFF)
                        row.last_error = str(error)
                        if row.attempts == TRIES_BEFORE_DEAD_LETTER:
                            session.merge(
                                DeadLetterRow(consumer=name, number=row.position + 1, error=str(error), since=now)
                            )
                session.add(row)
            session.flush()
            reach("project: position written, not committed")

    def _head(self) -> int:
        with self._database.reading() as session:
            return session.exec(select(ChainHeadRow.number)).one()

    def _is_up_to_date(self) -> bool:
        with self._database.reading() as session:
            head, positions = self._head_and_positions(session)
        return all(_position(positions, consumer) >= head for consumer in self._consumers)

    @classmethod
    def _head_and_positions(cls, session: Session) -> tuple[int, dict[str, OutboxPositionRow]]:
        return session.exec(select(ChainHeadRow.number)).one(), cls._positions(session)

    @staticmethod
    def _positions(session: Session) -> dict[str, OutboxPositionRow]:
        return {row.consumer: row for row in session.exec(select(OutboxPositionRow))}


def _readable_positions(session: Session) -> dict[str, OutboxPositionRow]:
    """Give the positions that can be read; `repair` lets the consumers of the others begin from nothing."""
    damaged = {one.key for one in mendable_values(session, "outbox_position")}
    names = [one for one in session.exec(select(OutboxPositionRow.consumer)) if (one,) not in damaged]
    return {
        row.consumer: row
        for row in session.exec(select(OutboxPositionRow).where(col(OutboxPositionRow.consumer).in_(names)))
    }


def _tried(work: Callable[[Session, Stretch], Brought], session: Session, stretch: Stretch) -> "Brought | _Failed":
    """Let a consumer work; what it cannot read stops it alone, and not those after it."""
    try:
        return work(session, stretch)
    except StoreUnavailable as error:
        return _Failed(error)
    except (LookupError, ValueError, TypeError) as error:
        return _Failed(StoreDamaged(store="SQL", detail=type(error).__name__))


def _position(positions: Mapping[str, OutboxPositionRow], consumer: Consumer) -> int:
    row = positions.get(consumer.name)
    return row.position if row else 0


def _faults(consumer: Consumer, session: Session, stretch: Stretch) -> list[tuple[str, str]]:
    """Ask a consumer; what is too damaged to be compared is a fault like others, and must not hide the rest."""
    try:
        return consumer.faults(session, stretch)
    except StoreUnavailable as error:
        return [("unreadable", " ".join([consumer.name, *map(str, error.places.values())]))]
    except (SamrutineError, LookupError, ValueError, TypeError) as error:
        return [("unreadable", f"{consumer.name} {type(error).__name__}")]
