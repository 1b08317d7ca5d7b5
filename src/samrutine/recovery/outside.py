"""
What others hold of a library that is put back: personal links, and places where its routines are published.

Both may have been changed since the backup was taken, by decisions that the library does not know of. So no link opens
anything any more, and nothing is published until somebody has looked at what lies there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlmodel import SQLModel

from samrutine.actors import Verb, municipality_body
from samrutine.publishing.paused import LOOK_AGAIN, PausedTarget
from samrutine.recovery.manifest import BackupManifest
from samrutine.storage.rows import (
    ApiTokenRow,
    BegunElsewhereRow,
    CalendarFeedRow,
    HalfSignInRow,
    HearingLinkRow,
    LetterLinkRow,
    LetterRow,
    MeetingLinkRow,
    PasswordLinkRow,
    SecondStepRow,
    TargetRow,
    WaitingRow,
    WebSessionRow,
)
from samrutine.storage.rows.publishing import TAKEN_AWAY
from samrutine.storage.sql import Database


def opens(link: Mapping[str, Any], now: datetime) -> bool:
    """Whether a personal link opens something."""
    return link["revoked_number"] is None and bool(link["expires_at"] >= now)


def is_reached(target: Mapping[str, Any]) -> bool:
    """Whether something of ours lies at a target, or is to: it stands, or what lay there is not taken away yet."""
    return target["ended_number"] is None or target["manifest"] != TAKEN_AWAY


def end_sessions(connection: Connection) -> None:
    """Let nobody be signed in any more, and no program or link in: who signed out since would be signed in again."""
    for one in (WebSessionRow, ApiTokenRow, PasswordLinkRow, MeetingLinkRow, LetterLinkRow, CalendarFeedRow):
        connection.execute(_model(one).delete())
    # Codes that were used since would open again, and what telephones make codes of is sealed by a key that no backup has.
    for row in (SecondStepRow, HalfSignInRow, BegunElsewhereRow):
        connection.execute(_model(row).delete())
    # Whether it was sent since, nobody knows here; and its links open nothing any more.
    letters = _model(LetterRow)
    gone = {
        "state": "given-up",
        "fault": "restored",
        "subject": "",
        "plain": "",
        "html": "",
        "stop": "",
        "claimed_until": None,
    }
    connection.execute(letters.update().where(letters.c.state == "waiting").values(gone))


def void_links(connection: Connection, now: datetime) -> int:
    """Let no personal link open anything any more; gives how many did."""
    links = _model(HearingLinkRow)
    open_ones = [row["id"] for row in _rows(connection, links) if opens(row, now)]
    for one in open_ones:
        connection.execute(links.update().where(links.c.id == one).values(secret_hash="", expires_at=now))
    return len(open_ones)


def pause_targets(connection: Connection, manifest: BackupManifest, now: datetime) -> tuple[PausedTarget, ...]:
    """Publish nowhere until somebody has looked, and let that wait in the inbox of each municipality; gives the targets."""
    targets, waiting = _model(TargetRow), _model(WaitingRow)
    for row in _rows(connection, targets):
        if is_reached(row):
            connection.execute(targets.update().where(targets.c.id == row["id"]).values(paused_at=now))
    query = select(targets).where(targets.c.paused_at.is_not(None)).order_by(targets.c.municipality, targets.c.name)
    rows = connection.execute(query).mappings().all()
    for number in sorted({row["municipality"] for row in rows}):
        body = municipality_body(number)
        key = f"{manifest.name}:{LOOK_AGAIN}:{body}"
        connection.execute(waiting.delete().where(waiting.c.id == key))
        connection.execute(
            waiting.insert().values(
                id=key, body=body, subject=body, what=LOOK_AGAIN, opened_number=manifest.number, verb=Verb.PUBLISH.value,
                due_on=None, owner_actor=None, closed_number=None, shown_from=None,
            )
        )  # fmt: skip
    return tuple(PausedTarget(row["municipality"], row["id"], row["name"], row["paused_at"]) for row in rows)


def named_now(database: Database, paused: Iterable[PausedTarget]) -> tuple[PausedTarget, ...]:
    """Give targets with the names that they have in the database."""
    with database.columns() as connection:
        names = {str(row["id"]): str(row["name"]) for row in _rows(connection, _model(TargetRow))}
    return tuple(replace(one, name=names.get(one.target, one.name)) for one in paused)


def _rows(connection: Connection, table: Table) -> list[Mapping[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def _model(row: type[SQLModel]) -> Table:
    found: Table = SQLModel.metadata.tables[str(row.__tablename__)]
    return found
