"""
What was erased after a backup was taken: an old backup brings it back, and it must go again.

An erasure is a decision without a name in it, so it stands on the register and in every newer backup: both are asked.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlmodel import select

from samrutine.recovery.manifest import BackupManifest
from samrutine.recovery.sets import whole_sets
from samrutine.storage.bundles import newest
from samrutine.storage.git import REGISTER, GitStore
from samrutine.storage.rows import DecisionRow
from samrutine.storage.sql import Database
from samrutine.storage.words import WORDS_REDACTED

PERSON: Final = "person_erased"
TEXT: Final = "text_erased"
ERASING: Final = (PERSON, TEXT, WORDS_REDACTED)


@dataclass(frozen=True, slots=True)
class LaterErasure:
    """
    An erasure that was decided after a backup was taken.

    `about` is the erased person's actor id, the number of the decision whose words were erased, or the digest of a text.
    """

    number: int
    kind: str
    about: str
    hash: str


def later_erasures(folder: Path, manifest: BackupManifest, store: GitStore | None) -> tuple[LaterErasure, ...]:
    """
    Find the erasures that a set does not know of, in newer sets of the same library and on a register.

    Args:
        store: The repository whose register may be newer than the set; None asks the newer sets alone.
    """
    found: dict[str, LaterErasure] = {}
    newer = [
        one for one in whole_sets(folder).manifests if one.library == manifest.library and one.number > manifest.number
    ]
    # Several sets share one file: each is read once.
    paths = dict.fromkeys(file.path for one in newer for file in one.tables["decision"].files)
    for path in paths:
        found |= {one.hash: one for one in _in_part(folder / path) if one.number > manifest.number}
    if store is not None:
        found |= {one.hash: one for one in _on_register(store) if one.number > manifest.number}
    return tuple(sorted(found.values(), key=lambda one: one.number))


def not_made_here(database: Database, erasures: Iterable[LaterErasure]) -> tuple[LaterErasure, ...]:
    """Give those whose decision the database lacks: they must be decided again. The others came from the register."""
    with database.reading() as session:
        return tuple(
            one
            for one in erasures
            if session.exec(select(DecisionRow.number).where(DecisionRow.hash == one.hash)).first() is None
        )


def _in_part(path: Path) -> Iterator[LaterErasure]:
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                # Asked of the line before it is read as JSON twice over: there may be a million of them.
                if any(kind in line for kind in ERASING):
                    row = json.loads(line)
                    yield from _erasure(row["record"], row["hash"])
    except (OSError, ValueError):
        # A newer set that is damaged: what can be read of the others is what can be known.
        return


def _on_register(store: GitStore) -> Iterator[LaterErasure]:
    """Erasures are the library's decisions, so they stand in its own folder."""
    tip = store.tip(newest(store, REGISTER))
    tree = store.tree(tip) if tip is not None else {}
    wanted = [blob for path, blob in tree.items() if path.startswith("library/") and path.endswith(".jsonl")]
    for content in store.read_many(wanted).values():
        for line in content.decode("utf-8").splitlines():
            if any(kind in line for kind in ERASING):
                link = json.loads(line)
                yield from _erasure(json.dumps(link["record"]), link["hash"])


def _erasure(record: str, link: str) -> Iterator[LaterErasure]:
    known = json.loads(record)
    if known["kind"] in ERASING:
        facts = known["facts"]
        about = {PERSON: "actor", TEXT: "number", WORDS_REDACTED: "digest"}[known["kind"]]
        yield LaterErasure(known["number"], known["kind"], str(facts[about]), link)
