"""What tests of backups look at: all rows, all files, a byte changed, a run that was stopped."""

import hashlib
import json
import subprocess
from contextlib import contextmanager

import pytest
from sqlmodel import SQLModel

from samrutine.recovery.tables import rows_of
from samrutine.storage import steps
from samrutine.storage.git import GitStore

NOT_COMPARED = {"outbox_position", "dead_letter"}
"""How far each projection has come is the machine's own."""


def rows_by_table(library):
    """Give every row of every table, in one order."""
    with library._parts.database.columns() as connection:
        return {
            name: [dict(row) for row in rows_of(connection, table)]
            for name, table in SQLModel.metadata.tables.items()
            if name not in NOT_COMPARED
        }


def tips(home):
    """Give where the branches stand."""
    return {name: GitStore(home / "library.git").tip(f"refs/heads/{name}") for name in ("main", "register")}


def newest_set(folder):
    """Give the folder of the newest set."""
    return max((folder / "sets").iterdir())


def every_file(folder):
    """Give every file of a backup."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


def every_blob_without(repository, letters):
    """Whether no object of a repository, reachable or not, holds some letters."""
    every = ["git", "--git-dir", str(repository), "cat-file", "--batch-all-objects", "--batch"]
    return letters not in subprocess.run(every, check=True, capture_output=True).stdout


def flip(path, offset):
    """Change one bit of a file."""
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(bytes(data))


def manifest_value(path):
    """Read what a manifest says, as JSON."""
    return json.loads(path.read_bytes())["manifest"]


def manifest_bytes(value):
    """Write a manifest with a right checksum of itself, also one that this release could not have written."""
    inner = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)
    return f'{{"manifest": {inner},\n"sha256": "{hashlib.sha256(inner.encode()).hexdigest()}"}}\n'.encode()


@contextmanager
def stopped_at(step):
    """Stop what happens in the block when it reaches a step, as an impatient person does."""

    def stop(reached):
        if reached == step:
            raise KeyboardInterrupt

    steps.watch(stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            yield
    finally:
        steps.watch(None)
