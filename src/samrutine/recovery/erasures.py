"""
What was erased after a backup was taken: an old backup brings it back, and it must go again.

An erasure is a decision without a name in it, so it stands on the register and in every newer backup: both are asked.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlmodel import col, select, update

from samrutine.recovery.manifest import BackupManifest
from samrutine.recovery.sets import whole_sets
from samrutine.storage.git import GitStore
from samrutine.storage.rows import ActorRow, DecisionRow, DecisionTextRow, PersonRow
from samrutine.storage.sql import Database

PERSON: Final = "person_erased"
TEXT: Final = "text_erased"
WORDS: Final = "words_redacted"
ERASING: Final = (PERSON, TEXT, WORDS)


@dataclass(frozen=True, slots=True)
class LaterErasure:
    """An erasure that was decided after a backup was taken. `about` is an actor's id, a decision's number or a digest."""

    number: int
    kind: str
    about: str


def later_erasures(folder: Path, manifest: BackupManifest, store: GitStore | None) -> tuple[LaterErasure, ...]:
    """
    Find the erasures that a set does not know of, in newer sets of the same library and on a register.

    Args:
        store: The repository whose register may be newer than the set; None asks the newer sets alone.
    """
    found: dict[int, LaterErasure] = {}
    for newer in whole_sets(folder).manifests:
        if newer.library == manifest.library and newer.number > manifest.number:
            for file in newer.tables["decision"].files:
                _note(found, _records(folder / file.path), manifest.number)
    if store is not None:
        _note(found, _on_register(store), manifest.number)
    return tuple(found[number] for number in sorted(found))


def apply_erasures(database: Database, erasures: Iterable[LaterErasure], now: datetime) -> tuple[LaterErasure, ...]:
    """
    Do again the erasures whose decisions the database has, since they were taken from the register.

    Returns:
        Those that are left for a person: their decisions are not here, and must be made again.
    """
    left = []
    with database.writing() as session:
        for one in erasures:
            decision = session.get(DecisionRow, one.number)
            if decision is None or decision.kind != one.kind or one.kind == WORDS:
                left.append(one)
                continue
            facts = json.loads(decision.record)["facts"]
            if one.kind == PERSON:
                of_actor = select(ActorRow.person_id).where(ActorRow.id == facts["actor"])
                gone: dict[str, Any] = {"login": None, "email": None, "erased_at": now}
                gone |= {} if facts["kept_name"] else {"name": None}
                session.exec(update(PersonRow).where(col(PersonRow.id).in_(of_actor)).values(**gone))
            else:
                texts = update(DecisionTextRow).where(
                    col(DecisionTextRow.number) == facts["number"], col(DecisionTextRow.name).in_(facts["names"])
                )
                session.exec(texts.values(text=None, erased_at=now))
    return tuple(left)


def _note(found: dict[int, LaterErasure], records: Iterable[Mapping[str, Any]], after: int) -> None:
    for record in records:
        if record["number"] > after and record["kind"] in ERASING:
            facts = record["facts"]
            about = facts.get("actor") if record["kind"] == PERSON else facts.get("number", facts.get("digest"))
            found[record["number"]] = LaterErasure(record["number"], record["kind"], str(about))


def _records(path: Path) -> Iterable[Mapping[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            # Asked of the line before it is read as JSON twice over: there may be a million of them.
            if any(kind in line for kind in ERASING):
                yield json.loads(json.loads(line)["record"])


def _on_register(store: GitStore) -> Iterable[Mapping[str, Any]]:
    """Erasures are the library's decisions, so they stand in its own folder."""
    tip = store.tip("refs/heads/register")
    if tip is None:
        return
    wanted = [blob for path, blob in store.tree(tip).items() if path.startswith("library/") and path.endswith(".jsonl")]
    for content in store.read_many(wanted).values():
        for line in content.decode("utf-8").splitlines():
            if any(kind in line for kind in ERASING):
                yield json.loads(line)["record"]
