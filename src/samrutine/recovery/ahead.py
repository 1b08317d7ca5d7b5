"""
A register that is ahead of a backup: whether it is this library's, what it has more, and what was taken from it.

Each decision is linked to the one before, so a register that has the set's newest decision has all before it too, and one
comparison tells whether it goes on from the set.
"""

import json
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import col, select

from samrutine.errors import NotThisRegister, RegisterBroken
from samrutine.projections.commits import known_of
from samrutine.recovery.from_register import Witnesses, read_register, require_words
from samrutine.recovery.from_register_home import Source
from samrutine.recovery.from_register_links import Link
from samrutine.recovery.from_register_tables import RECOVERED
from samrutine.recovery.manifest import BackupManifest
from samrutine.storage import bundles
from samrutine.storage.git import CHECKPOINTS, MAIN, REGISTER, GitStore
from samrutine.storage.rows import DecisionRow
from samrutine.storage.sql import Database


@dataclass(frozen=True, slots=True)
class MissingDecision:
    """
    A decision that is on the register and not in the database that was put back.

    `facts` is what its commit tells of it, by key: which routine, which version, from when. No name and no free text.
    """

    number: int
    kind: str
    body: str
    at: datetime
    facts: Mapping[str, str]

    @classmethod
    def of(cls, link: Link) -> "MissingDecision":
        """Tell of a link."""
        return cls(link.number, link.kind, link.known["body"], link.at, known_of(link.facts))


def read_ahead(
    place: Path, manifest: BackupManifest, hash_at: Callable[[int], str | None], *, witnesses: Witnesses,
    known: Callable[[], Collection[str]] | None,
) -> tuple[Link, ...]:  # fmt: skip
    """
    Give what a home, a bare repository or a clone has beyond a set, when all of it is checked. Nothing there or here is changed.

    Args:
        hash_at: As `beyond`.
        witnesses: Gives what signed checkpoints beside it name: each of these decisions must be there.
        known: Gives the digests of the words in the set; None when nothing is to be taken, and no words need be there.

    Raises:
        RegisterBroken: There is no register, it is empty, it is not whole, or the words of its decisions are not beside it.
        NotThisRegister: As `beyond`.
    """
    source = Source.at(place)
    if source.restricted is not None:
        bundles.require_one_way(source.restricted)
    # A copy: in an ordinary clone the branch may stand only as what the clone remembers of where it came from.
    with tempfile.TemporaryDirectory(prefix="samrutine-") as folder:
        store = GitStore(Path(folder) / "register.git")
        store.create()
        bundles.fetch(store, source.library, (MAIN, REGISTER, CHECKPOINTS))
        links = read_register(store, noted=witnesses(store))
        if not links:
            raise RegisterBroken(what="empty", where=place)
        more = beyond(links, manifest, hash_at)
        if known is not None:
            require_words(store, more, known=known)
    return more


def beyond(links: Sequence[Link], manifest: BackupManifest, hash_at: Callable[[int], str | None]) -> tuple[Link, ...]:
    """
    Give what a register has beyond a set; nothing for one that is older than the set.

    Args:
        hash_at: Gives the hash of the set's decision of a number. Asked only of a register that is older.

    Raises:
        NotThisRegister: It is another library's, or went another way from some decision on.
    """
    common = min(len(links), manifest.number)
    due = manifest.hash if common == manifest.number else hash_at(common)
    if common and links[common - 1].hash != due:
        raise NotThisRegister(number=common)
    return tuple(links[common:])


def taken_after(database: Database, number: int) -> tuple[tuple[MissingDecision, ...], tuple[str, ...]] | None:
    """
    Say what was taken from a register since a database ended with the decision of this number; None when nothing was.

    The chain tells it, so whoever asks a second time is told the same. Only while nobody else decides there.

    Returns:
        The decisions, and the proposals that could not go on then.
    """
    with database.reading() as session:
        # The newest: those that were taken may themselves tell of an earlier time.
        says = session.exec(
            select(DecisionRow)
            .where(DecisionRow.kind == RECOVERED, DecisionRow.number > number)
            .order_by(col(DecisionRow.number).desc())
            .limit(1)
        ).first()
        if says is None:
            return None
        rows = select(DecisionRow).where(col(DecisionRow.number).between(number + 1, says.number - 1))
        of_act = select(DecisionRow.record).where(
            DecisionRow.act_id == says.act_id, DecisionRow.kind == "proposal_withdrawn"
        )
        return (
            tuple(
                MissingDecision(
                    row.number, row.kind, row.body, row.decided_at, known_of(json.loads(row.record)["facts"])
                )
                for row in session.exec(rows.order_by(col(DecisionRow.number)))
            ),
            tuple(
                json.loads(record)["facts"]["proposal"]
                for record in session.exec(of_act.order_by(col(DecisionRow.number)))
            ),
        )
