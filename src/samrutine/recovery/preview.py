"""Say what a restore would do, and do nothing: the dry run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from samrutine.errors import SamrutineError
from samrutine.recovery.erasures import LaterErasure, later_erasures
from samrutine.recovery.from_register_links import Link
from samrutine.recovery.loading import rows_in
from samrutine.recovery.outside import is_reached, opens
from samrutine.recovery.restore import Restore
from samrutine.recovery.sets import faults_of, newest_sound
from samrutine.recovery.trial import not_unpacked
from samrutine.storage.sql import SCHEMA
from samrutine.storage.words import RETENTION_RUN


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """
    What a restore would do. `in_the_way` are the errors that it would stop at: none means that it can be done.

    `damaged` are files that are not as they were written, with why: "missing", "size", "sha256" or "unreadable".
    `ahead` counts the decisions that the register has and the set's database has not, and `takes` says whether they would be
    taken: the set's own register, or the one that was named where that goes further. `void_links` and `paused` count
    personal links that would open nothing, and targets to which nothing would be published until somebody looked. `faults` are
    the codes of what was wrong in the database when the set was taken, and `sound` is the newest set of a sound one. `unread`
    are newer sets that could not be asked what was erased since, for they are damaged. `not_unpacked` are repositories that
    cannot be put together from the set: what the decisions tell is made from them, and the rest does not come.
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
    takes: bool
    void_links: int
    paused: int
    erase_again: tuple[LaterErasure, ...]
    left_out: tuple[str, ...]
    damaged: tuple[tuple[str, str], ...]
    in_the_way: tuple[SamrutineError, ...]
    faults: tuple[str, ...] = ()
    sound: str | None = None
    unread: tuple[str, ...] = ()
    not_unpacked: tuple[str, ...] = ()


def preview(restore: Restore, *, now: datetime) -> RestorePreview:
    """Read and hash the whole set, and look at the home and the database that were named; changes nothing."""
    manifest, folder = restore.manifest, restore.folder
    damaged = tuple(faults_of(folder, manifest))
    void, paused, kind = 0, 0, ""
    erasures, unread = tuple[LaterErasure, ...](), tuple[str, ...]()
    in_the_way, links = list(_in_the_way(restore)), tuple[Link, ...]()
    try:
        links = restore.ahead()
    except SamrutineError as error:
        in_the_way.append(error)
    newest = max(manifest.number + len(links), manifest.register_number)
    if not damaged:
        void = sum(opens(row, now) for row in _rows(restore, "hearing_link"))
        paused = sum(is_reached(row) for row in _rows(restore, "publication_target"))
        kind = _newest_kind(_rows(restore, "decision"))
        later = later_erasures(folder, manifest, links)
        # What is taken from the register is erased with it, but for what the rules of retention deleted.
        unread = later.unread
        erasures = tuple(
            one for one in later.found if not restore.takes or one.number > newest or one.kind == RETENTION_RUN
        )
    return RestorePreview(
        name=manifest.name, made_at=manifest.made_at, samrutine=manifest.samrutine, schema=manifest.schema,
        schema_after=SCHEMA, number=manifest.number, hash=manifest.hash, decided_at=manifest.decided_at, newest_kind=kind,
        rows={name: table.rows for name, table in manifest.tables.items()},
        refs={f"{name} {ref}": tip for name, kept in manifest.repositories.items() for ref, tip in kept.refs.items()},
        size_bytes=manifest.size_bytes, needed_bytes=restore.needed_bytes, free_bytes=restore.free_bytes(),
        ahead=max(0, newest - manifest.number), takes=restore.takes, void_links=void, paused=paused, erase_again=erasures,
        left_out=manifest.left_out, damaged=damaged, in_the_way=tuple(in_the_way), faults=manifest.faults,
        sound=sound.name if (sound := newest_sound(folder)) is not None else None, unread=unread,
        not_unpacked=() if damaged else not_unpacked(folder, manifest),
    )  # fmt: skip


def _in_the_way(restore: Restore) -> Iterable[SamrutineError]:
    for look in (
        restore.require_apart,
        restore.require_whole,
        restore.require_empty_home,
        restore.require_room,
        restore.require_empty_database,
    ):
        try:
            look()
        except SamrutineError as error:
            yield error


def _rows(restore: Restore, table: str) -> Iterable[Mapping[str, Any]]:
    return rows_in(restore.folder, restore.manifest, table) if table in restore.manifest.tables else ()


def _newest_kind(rows: Iterable[Mapping[str, Any]]) -> str:
    kind = ""
    for row in rows:
        kind = str(row["kind"])
    return kind
