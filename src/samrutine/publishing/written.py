"""Which copies a municipality's receipts have: what lies at a destination may be written by whoever may write there."""

from collections.abc import Iterator
from contextlib import suppress

from sqlmodel import select

from samrutine.publishing.manifest import UnreadableManifestError, read_manifest
from samrutine.publishing.model import ManifestEntry, Wrote
from samrutine.storage.rows import TargetRow
from samrutine.storage.sql import Database


def by_receipts(database: Database, municipality: str) -> Wrote:
    """
    Give what says whether a receipt has a copy: at any of the municipality's targets, as a folder may have been moved.

    The receipts are read when it is first asked, which is after what lies there was read: another publishing's may be in.
    """
    kept: set[tuple[str, str, str]] = set()

    def wrote(path: str, entry: ManifestEntry) -> bool:
        kept.update(_lines(database, municipality) if not kept else ())
        return (path, entry.effective_digest, entry.sha256) in kept

    return wrote


def _lines(database: Database, municipality: str) -> Iterator[tuple[str, str, str]]:
    with database.reading() as session:
        of_theirs = select(TargetRow.manifest).where(TargetRow.municipality == municipality)
        manifests = session.exec(of_theirs).all()
    for manifest in manifests:
        with suppress(UnreadableManifestError):
            for path, entry in read_manifest(manifest.encode()).files.items() if manifest else ():
                yield path, entry.effective_digest, entry.sha256
