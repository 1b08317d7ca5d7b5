"""Say what a restore would do, and do nothing: the dry run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from samrutine.errors import SamrutineError
from samrutine.publishing.service import TAKEN_AWAY
from samrutine.recovery.erasures import LaterErasure, later_erasures
from samrutine.recovery.loading import rows_in
from samrutine.recovery.restore import Restore
from samrutine.recovery.sets import faults_of
from samrutine.storage.sql import SCHEMA


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """
    What a restore would do. `in_the_way` are the errors that it would stop at: none means that it can be done.

    `damaged` are files that are not as they were written, with why: "missing", "size", "sha256" or "unreadable".
    `ahead` counts the decisions that the set's own register has and its database has not. `void_links` and `paused`
    count personal links that would open nothing, and targets to which nothing would be published until somebody looked.
    """

    name: str
    made_at: datetime
    samrutine: str
    schema: str
    schema_after: str
    number: int
    hash: str
    decided_at: datetime
    newest_kind: str
    rows: Mapping[str, int]
    refs: Mapping[str, str]
    size_bytes: int
    needed_bytes: int
    free_bytes: int
    ahead: int
    void_links: int
    paused: int
    erase_again: tuple[LaterErasure, ...]
    left_out: tuple[str, ...]
    damaged: tuple[tuple[str, str], ...]
    in_the_way: tuple[SamrutineError, ...]


def preview(restore: Restore, *, now: datetime) -> RestorePreview:
    """Read and hash the whole set, and look at the home and the database that were named; changes nothing."""
    manifest, folder = restore.manifest, restore.folder
    damaged = tuple(faults_of(folder, manifest))
    void, paused, kind = 0, 0, ""
    erasures: tuple[LaterErasure, ...] = ()
    if not damaged:
        void = sum(_opens(row["revoked_number"], row["expires_at"], now) for row in _rows(restore, "hearing_link"))
        paused = sum(
            row["ended_number"] is None or row["manifest"] != TAKEN_AWAY for row in _rows(restore, "publication_target")
        )
        kind = _newest_kind(_rows(restore, "decision"))
        erasures = later_erasures(folder, manifest, None)
    return RestorePreview(
        name=manifest.name, made_at=manifest.made_at, samrutine=manifest.samrutine, schema=manifest.schema,
        schema_after=SCHEMA, number=manifest.number, hash=manifest.hash, decided_at=manifest.decided_at, newest_kind=kind,
        rows={name: table.rows for name, table in manifest.tables.items()},
        refs={f"{name} {ref}": tip for name, kept in manifest.repositories.items() for ref, tip in kept.refs.items()},
        size_bytes=manifest.size_bytes, needed_bytes=restore.needed_bytes, free_bytes=restore.free_bytes(),
        ahead=max(0, manifest.register_number - manifest.number), void_links=void, paused=paused, erase_again=erasures,
        left_out=manifest.left_out, damaged=damaged, in_the_way=tuple(_in_the_way(restore)),
    )  # fmt: skip


def _in_the_way(restore: Restore) -> Iterable[SamrutineError]:
    for look in (
        restore.require_whole,
        restore.require_empty_home,
        restore.require_room,
        restore.require_empty_database,
    ):
        try:
            look()
        except SamrutineError as error:
            yield error


def _rows(restore: Restore, table: str) -> Iterable[Mapping[str, object]]:
    return rows_in(restore.folder, restore.manifest, table) if table in restore.manifest.tables else ()


def _opens(revoked: object, expires: object, now: datetime) -> bool:
    return revoked is None and isinstance(expires, datetime) and expires >= now


def _newest_kind(rows: Iterable[Mapping[str, object]]) -> str:
    kind = ""
    for row in rows:
        kind = str(row["kind"])
    return kind
