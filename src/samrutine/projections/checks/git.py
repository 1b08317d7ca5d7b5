"""What is asked of the repositories themselves: settings, foreign refs, litter, branches moved back, words in the wrong store."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from sqlmodel import Session, and_, col, select

from samrutine.errors import StoreUnavailable
from samrutine.procedures.model import AccessClass
from samrutine.procedures.text import digest as digest_of
from samrutine.projections.rewriting import rewritten_by
from samrutine.storage import git_reading
from samrutine.storage.git import CHECKPOINTS, INCOMING, MAIN, REGISTER, SET_ASIDE, GitStore, blob_id
from samrutine.storage.git_settings import wrong_settings
from samrutine.storage.rows import AttachmentRow, VersionRow, WordsRow

OLD_SECONDS: Final = 3600.0
"""Litter this old has no live writer: no write of ours takes a minute."""
ENTRIES_IN_FOLDER: Final = 1000
_BATCH: Final = 2000
_FILES: Final = 4
GROWING: Final = (MAIN, REGISTER, CHECKPOINTS)
"""The branches that are only added to."""
_OURS: Final = re.compile(
    rf"{MAIN}|{REGISTER}|{CHECKPOINTS}|{INCOMING}|{SET_ASIDE}/[0-9a-f]{{40}}|refs/samrutine/.+|refs/tags/samrutine.+"
)


def repository_faults(
    session: Session, stores: Sequence[GitStore], now: datetime, after: int = 0
) -> Iterator[tuple[str, str]]:
    """Each repository is set as ours are, keeps our refs alone, holds nobody's litter, and its branches only grew."""
    for store in stores:
        name = store.folder.name
        yield from (("git-settings", f"{name} {one.name}") for one in wrong_settings(store.folder))
        refs = git_reading.refs(store.folder)
        yield from (("git-refs", f"{name} {ref}") for ref in _foreign(refs))
        for path in store.litter(now - timedelta(seconds=OLD_SECONDS)):
            yield "git-litter", f"{name} {path}"
        if not after:
            yield from (("branch-moved-back", f"{name} {one}") for one in _moved_back(session, store, refs))


def keep_lost(session: Session, stores: Sequence[GitStore]) -> frozenset[tuple[str, str]]:
    """
    Set aside the tips that branches have lost; a second call finds none. Only under the projector lock.

    Asked when the branches stand where decisions say, for until then what is ours seems lost too.

    Returns:
        All that is set aside by then, as (folder, ref).
    """
    aside: set[tuple[str, str]] = set()
    for store in stores:
        refs = git_reading.refs(store.folder)
        kept = {f"{SET_ASIDE}/{commit}": commit for one in GROWING for commit in _lost(session, store, one, refs)}
        for commit in sorted(kept.values()):
            store.keep(commit)
        aside |= {(store.folder.name, ref) for ref in refs.keys() | kept.keys() if ref.startswith(SET_ASIDE)}
    return frozenset(aside)


def put_settings_back(stores: Mapping[GitStore, str | None]) -> list[str]:
    """
    Put back settings. Only under the projector lock. Gives those whose settings were wrong.

    One in which git reads nothing is left: it is begun anew, with settings of ours.

    Args:
        stores: Each with the newest signed checkpoint, as the database knows it: it may lie in a folder that is left here, with
            no ref that brings it along.
    """
    done = []
    for store, missed in stores.items():
        with suppress(StoreUnavailable):
            if any(wrong_settings(store.folder)):
                store.keep_from_packing(missed)
                store.create()
                done.append(store.folder.name)
    return done


def set_foreign_aside(stores: Iterable[GitStore]) -> None:
    """Set aside the refs that are not ours. Only under the projector lock."""
    for store in stores:
        refs = git_reading.refs(store.folder)
        for ref in _foreign(refs):
            store.put_away(ref, refs[ref])


def _foreign(refs: Iterable[str]) -> list[str]:
    return sorted(ref for ref in refs if not _OURS.fullmatch(ref))


def _moved_back(session: Session, store: GitStore, refs: dict[str, str]) -> Iterator[str]:
    """Give the branches that once stood at a commit which they no longer contain, and which nobody set aside."""
    yield from (branch for branch in GROWING if _lost(session, store, branch, refs))


def _lost(session: Session, store: GitStore, branch: str, refs: dict[str, str]) -> set[str]:
    """Give the commits that a branch once stood at, by its log, and that are neither in it nor set aside now."""
    aside = {ref.rpartition("/")[2] for ref in refs if ref.startswith(SET_ASIDE)}
    tip = refs.get(branch)
    stood = git_reading.reflog(store.folder, branch) - aside
    if tip is None or not stood - {tip}:
        return set()
    left = stood - git_reading.ancestors(store.folder, tip, stood)
    return {commit for commit in left if not _is_explained(session, store, commit)}


def _is_explained(session: Session, store: GitStore, commit: str) -> bool:
    """Whether a redaction took a commit out of the history."""
    return rewritten_by(session, store, commit) is not None


def apart_faults(session: Session, stores: Sequence[GitStore], after: int) -> Iterator[tuple[str, str]]:
    """
    No object of the shared repository holds exempt words, wherever it came from, and none of the restricted holds open ones.

    Words that were open before a later version was made exempt stay in the shared history: everybody has read them.

    Args:
        stores: The shared repository and the restricted one.
        after: Only words of versions decided after this number.
    """
    library, restricted = stores
    rows = session.exec(
        select(VersionRow.access, WordsRow.digest, WordsRow.content)
        .join(WordsRow, col(WordsRow.digest) == col(VersionRow.digest))
        .where(VersionRow.decided_number > after)
        .execution_options(yield_per=_BATCH)
    )
    exempt: dict[str, str] = {}
    shared: dict[str, str] = {}
    for access, digest, content in chain(rows, _files(session, after)):
        if digest_of(content) == digest:
            (exempt if access == AccessClass.EXEMPT.value else shared)[blob_id(content)] = digest
    for blob in sorted(git_reading.present(library.folder, exempt.keys() - shared.keys())):
        yield "exempt-in-library", exempt[blob]
    for blob in sorted(git_reading.present(restricted.folder, shared.keys() - exempt.keys())):
        yield "open-in-restricted", shared[blob]


def _files(session: Session, after: int) -> Iterator[tuple[str | None, str, bytes]]:
    """Give the files that belong to versions: the version's class, and the bytes behind the digest."""
    its_version = (
        VersionRow.procedure_id == AttachmentRow.procedure_id, VersionRow.major == AttachmentRow.major,
        VersionRow.minor == AttachmentRow.minor,
    )  # fmt: skip
    yield from session.exec(
        select(VersionRow.access, WordsRow.digest, WordsRow.content)
        .join(AttachmentRow, and_(*its_version))
        .join(WordsRow, col(WordsRow.digest) == col(AttachmentRow.digest))
        .where(VersionRow.decided_number > after)
        .execution_options(yield_per=_FILES)
    )


def full_folders(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give the folders with so many files that every commit grows slow."""
    count: dict[str, int] = {}
    for path in paths:
        folder = path.rpartition("/")[0]
        count[folder] = count.get(folder, 0) + 1
    yield from (("folder-full", folder) for folder, files in sorted(count.items()) if files > ENTRIES_IN_FOLDER)
