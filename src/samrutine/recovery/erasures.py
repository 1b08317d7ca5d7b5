"""
What was erased after a backup was taken: an old backup brings it back, and it must go again.

An erasure is a decision without a name in it, so it stands on the register and in every newer backup: both are asked. Git is
copied after the rows, so the register in a backup may know more than its rows, and knows it still where these are damaged. Whether
it must be done again, the rows are asked: a decision may have come from the register, and what it erased be there all the same.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session, col, select

from samrutine.errors import SamrutineError
from samrutine.networks.writing_erasure import row_of, standing
from samrutine.procedures.text import digest as digest_of
from samrutine.recovery.from_register import read_register
from samrutine.recovery.from_register_links import Link
from samrutine.recovery.manifest import BackupManifest, fault_of
from samrutine.recovery.sets import whole_sets
from samrutine.storage import bundles
from samrutine.storage.git import REGISTER, GitStore
from samrutine.storage.rows import ActorRow, DecisionTextRow, HearingRow, PersonRow, ProposalRow, WordsRow
from samrutine.storage.sql import Database
from samrutine.storage.words import (
    ERASING,
    LIBRARY_STORE,
    PERSON_ERASED,
    RETENTION_RUN,
    TEXT_ERASED,
    WORDS_REDACTED,
    WRITING_ERASED,
)

PERSONS_NAME: Final = "name"
"""What of a person goes with the last erasure of them, and may be kept by an earlier one."""


@dataclass(frozen=True, slots=True)
class LaterErasure:
    """
    An erasure that was decided after a backup was taken.

    `about` is the erased person's actor id, the number of the decision whose words were erased, the id of a row that was
    emptied, or the digest of a text; empty for a run of the rules of retention, which were about many things. `names` is what
    the erased words of a decision were given as, such as `reason`; of a person `name`, unless that was kept.
    """

    number: int
    kind: str
    about: str
    hash: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LaterErasures:
    """The erasures that a set does not know of; `unread` are the newer sets that could not be asked, for they are damaged."""

    found: tuple[LaterErasure, ...]
    unread: tuple[str, ...] = ()


def later_erasures(folder: Path, manifest: BackupManifest, links: Iterable[Link]) -> LaterErasures:
    """
    Find the erasures that a set does not know of, in newer sets of the same library and on a register.

    Args:
        links: What a register has beyond the set.
    """
    sets = whole_sets(folder)
    found: dict[str, LaterErasure] = {}
    others = [one for one in sets.manifests if one.library == manifest.library and one.name != manifest.name]
    newer = [one for one in others if one.number > manifest.number]
    # Several sets share one file: each is read once.
    files = {file.path: file for one in newer for file in one.tables["decision"].files}
    damaged = {path for path, file in files.items() if fault_of(folder, file) is not None}
    for path in files:
        found |= {one.hash: one for one in _in_part(folder / path) if one.number > manifest.number}
    broken = {one.name for one in newer if any(file.path in damaged for file in one.tables["decision"].files)}
    further = [one for one in others if one.register_number > max(one.number, manifest.number)]
    told, heard = _in_registers(
        folder, [*further, *(one for one in newer if one.name in broken and one not in further)]
    )
    found |= {one.hash: one for one in told if one.number > manifest.number}
    unread = [one for one in sets.damaged if one > manifest.name]
    unread += (broken | {one.name for one in further}) - heard
    found |= {link.hash: _erasure(link.known, link.hash) for link in links if link.kind in ERASING}
    return LaterErasures(tuple(sorted(found.values(), key=lambda one: one.number)), tuple(sorted(unread)))


def not_done_here(database: Database, erasures: Iterable[LaterErasure]) -> tuple[LaterErasure, ...]:
    """Give those that must be done again: what they erased is in the database."""
    with database.reading() as session:
        return tuple(one for one in erasures if _stands(session, one))


def _stands(session: Session, erasure: LaterErasure) -> bool:
    match erasure.kind:
        case kind if kind == PERSON_ERASED:
            actor = session.get(ActorRow, erasure.about)
            person = session.get(PersonRow, actor.person_id) if actor is not None else None
            if person is None:
                return False
            # Erased once with the name kept, and then the name: both are erasures.
            return person.erased_at is None or (PERSONS_NAME in erasure.names and person.name is not None)
        case kind if kind == TEXT_ERASED:
            texts = select(DecisionTextRow.name).where(
                DecisionTextRow.number == int(erasure.about), col(DecisionTextRow.text).is_not(None)
            )
            return any(name in erasure.names for name in session.exec(texts))
        case kind if kind == WRITING_ERASED:
            row = row_of(session, erasure.about)
            return row is not None and any(name in erasure.names for name in standing(row))
        case kind if kind == WORDS_REDACTED:
            return _words_stand(session, erasure.about)
        case _:
            # The rules say what is too old by now, whatever was deleted then.
            return True


def _words_stand(session: Session, digest: str) -> bool:
    row = session.get(WordsRow, digest)
    if row is not None and row.redacted_number is None:
        return True
    copies = [
        *session.exec(select(ProposalRow.text).where(ProposalRow.digest == digest)),
        *session.exec(select(HearingRow.text).where(HearingRow.digest == digest)),
    ]
    return any(digest_of(copy) == digest for copy in copies)


def _in_registers(folder: Path, sets: Sequence[BackupManifest]) -> tuple[list[LaterErasure], set[str]]:
    """Give the erasures on the registers that sets carry, and the names of the sets whose whole register could be read."""
    found: list[LaterErasure] = []
    heard: dict[str, str] = {}
    if not sets:
        return found, set()
    with tempfile.TemporaryDirectory(prefix="samrutine-") as place:
        store = GitStore(Path(place) / LIBRARY_STORE)
        store.create()
        taken = set[str]()
        # The furthest first: a register that only stands further back on the same way has nothing more.
        for one in sorted(sets, key=lambda each: -each.register_number):
            kept = one.repositories.get(f"{LIBRARY_STORE}.git")
            tip = kept.refs.get(REGISTER) if kept is not None else None
            if kept is None or tip is None:
                continue
            try:
                for bundle in kept.bundles:
                    if bundle.path not in taken:
                        bundles.take_in(store, folder / bundle.path)
                        taken.add(bundle.path)
                if not any(tip == read or store.is_ancestor(tip, read) for read in heard.values()):
                    before = store.tip(REGISTER)
                    store.move(REGISTER, tip, frozenset({before}))
                    found += [_erasure(link.known, link.hash) for link in read_register(store) if link.kind in ERASING]
            except SamrutineError:
                # As damaged as its rows: it is named, and the others are asked.
                continue
            if one.register_number >= one.number:
                heard[one.name] = tip
    return found, set(heard)


def _in_part(path: Path) -> Iterator[LaterErasure]:
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                # Asked of the line before it is read as JSON twice over: there may be a million of them.
                if any(kind in line for kind in ERASING):
                    row = json.loads(line)
                    known = json.loads(row["record"])
                    if known["kind"] in ERASING:
                        yield _erasure(known, row["hash"])
    except (OSError, ValueError):
        # A newer set that is damaged, as is said: what can be read of it is all that can be known.
        return


_ABOUT: Final = {
    PERSON_ERASED: "actor", TEXT_ERASED: "number", WRITING_ERASED: "row", WORDS_REDACTED: "digest", RETENTION_RUN: None,
}  # fmt: skip
"""The fact that says what an erasure was about."""


def _erasure(known: Mapping[str, Any], link: str) -> LaterErasure:
    facts = known["facts"]
    name = _ABOUT[known["kind"]]
    about = str(facts[name]) if name is not None else ""
    names = tuple(facts.get("names", ()))
    if known["kind"] == PERSON_ERASED and not facts["kept_name"]:
        names = (PERSONS_NAME,)
    return LaterErasure(known["number"], known["kind"], about, link, names)
