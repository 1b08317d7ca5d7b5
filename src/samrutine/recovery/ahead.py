"""Which decisions a register has that the database beside it lacks: those made after the backup was taken."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import select

from samrutine.recovery.restore import MissingDecision, OpenedHome
from samrutine.storage.git import REGISTER, GitStore
from samrutine.storage.rows import ChainHeadRow


def missing_decisions(opened: OpenedHome) -> tuple[MissingDecision, ...]:
    """Give them in order; none when the database is as new as the register."""
    with opened.database.reading() as session:
        head = session.exec(select(ChainHeadRow.number)).one()
    found = {
        record["number"]: MissingDecision(
            record["number"], record["kind"], record["body"], datetime.fromisoformat(record["at"])
        )
        for record in _records(opened.store)
        if record["number"] > head
    }
    return tuple(found[number] for number in sorted(found))


def _records(store: GitStore) -> Iterator[Mapping[str, Any]]:
    tip = store.tip(REGISTER)
    if tip is None:
        return
    wanted = [blob for path, blob in store.tree(tip).items() if path.endswith(".jsonl")]
    for blob in wanted:
        for line in store.read(blob).decode("utf-8").splitlines():
            yield json.loads(line)["record"]


def take_missing(opened: OpenedHome) -> int:
    """Take them into the database; gives how many."""
    raise NotImplementedError
