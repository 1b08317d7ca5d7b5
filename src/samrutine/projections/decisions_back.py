"""
Write decisions anew whose rows cannot be read, such as a record that is cut off: the chain itself proves what stood there.

A record has its hash, and the next record, or the head, says which. So what is written is right wherever it was found: in the
row itself, where only what stands beside the record is garbled, or on the register. Nothing is kept unless the whole chain
holds then. A decision that can be read and says something else is left: whoever changed it must be found by a person.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, select

from samrutine.errors import StoreUnavailable
from samrutine.projections.branches import ENTRIES, LINE
from samrutine.projections.checks.chain import chain_faults
from samrutine.projections.checks.unreadable import unreadable_decisions
from samrutine.projections.faults import UNFOUNDED
from samrutine.storage.decisions import parsed, record_of, register_folder
from samrutine.storage.git import REGISTER, GitStore
from samrutine.storage.rows import ChainHeadRow, DecisionRow
from samrutine.storage.sql import Database
from samrutine.storage.steps import reach


def put_decisions_back(database: Database, library: GitStore) -> list[int]:
    """
    Write each decision that cannot be read as its record has it. Only under the projector lock.

    Args:
        library: The repository with the branch `register`, which is read before the transaction.

    Returns:
        The numbers of those that were written; none where the chain would not hold with them, and nothing was written.
    """
    with database.reading() as session:
        wanted = unreadable_decisions(session)
        found = dict(_own(session, wanted))
    if lacking := set(wanted) - found.keys():
        with suppress(StoreUnavailable):
            found |= _on_register(library, lacking)
    if not found:
        return []
    with database.writing() as session:
        session.exec(select(ChainHeadRow.id).where(ChainHeadRow.id == 1).with_for_update()).one()
        if not _holds_with(session, found):
            session.rollback()
            return []
        reach("repair: rows written, not committed")
    return sorted(found)


def _holds_with(session: Session, found: dict[int, tuple[str, str]]) -> bool:
    """Write them, and say whether the chain is whole."""
    table = SQLModel.metadata.tables["decision"]
    try:
        for number, (link, record) in found.items():
            session.connection().execute(table.update().where(table.c.number == number).values(_columns(link, record)))
    except (IntegrityError, LookupError, ValueError, TypeError):
        return False
    return not any(code in UNFOUNDED for code, _ in chain_faults(session, 0))


def _columns(link: str, record: str) -> dict[str, Any]:
    """Give what stands beside a record, all but what was asked for, which it does not hold."""
    known = parsed(record) or {}
    at = datetime.fromisoformat(known["at"])
    return {
        "id": known["id"], "act_id": known["act"], "kind": known["kind"], "body": known["body"], "subject": known["subject"],
        "actor_id": known["actor"], "role": known["role"], "register_folder": register_folder(known["body"], at),
        "decided_at": at, "record": record, "hash": link,
    }  # fmt: skip


def _own(session: Session, numbers: Collection[int]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Give the records that are whole in their own rows."""
    for number in numbers:
        with suppress(ValueError, TypeError):
            link, record = session.exec(
                select(DecisionRow.hash, DecisionRow.record).where(DecisionRow.number == number)
            ).one()
            if record_of(record, link) is not None:
                yield number, (link, record)


def _on_register(store: GitStore, numbers: Collection[int]) -> dict[int, tuple[str, str]]:
    """Give the records of numbers that stand on the register, each with its hash."""
    tip = store.tip(REGISTER)
    files = store.tree(tip) if tip is not None else {}
    marks = tuple(f'"number":{number},' for number in numbers)
    found: dict[int, tuple[str, str]] = {}
    for content in store.read_many(sorted(blob for path, blob in files.items() if path.endswith(ENTRIES))).values():
        for line in content.decode("utf-8", "replace").splitlines():
            matched = LINE.fullmatch(line) if any(mark in line for mark in marks) else None
            record = record_of(matched[2], matched[1]) if matched is not None else None
            if matched is not None and record is not None and record.get("number") in numbers:
                found[record["number"]] = matched[1], matched[2]
    return found
