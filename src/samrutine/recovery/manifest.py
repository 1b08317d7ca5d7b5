"""
What a backup set says of itself: its manifest, as values and as bytes.

A set is whole when its manifest lies there, since the manifest is written last. It names every file that the set needs,
its own and those it shares with earlier sets, each with size and SHA-256; and it carries a SHA-256 of itself. It is
read only when its bytes are those that writing it again would give: then no byte of it can change without being noticed.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from samrutine.errors import BackupDamaged, BackupTooNew

BACKUP_FORM: Final = 1
MANIFEST_FILE: Final = "manifest.json"
SETS: Final = "sets"
SHARED: Final = "shared"
SET_NAME: Final = re.compile(r"[0-9]{6}-[0-9TZ]{16}")
"""What a set is called. Whatever else lies beside the sets is somebody's own, and none of ours."""
CHUNK_BYTES: Final = 1024 * 1024

_PRODUCT: Final = "samrutine-backup"
_PATH: Final = re.compile(r"(?:sets/[0-9]{6}-[0-9TZ]{16}|shared)(?:/[A-Za-z0-9][A-Za-z0-9._-]*){1,2}")
_HOME_PATH: Final = re.compile(r"files(?:/(?!\.\.?(?:/|$))[^/\0]+)+")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_REF: Final = re.compile(r"refs/[A-Za-z0-9][A-Za-z0-9._/-]*")
_TABLE: Final = re.compile(r"[a-z][a-z_]*")


@dataclass(frozen=True, slots=True)
class BackupFile:
    """One file of a backup: where it lies below the backup's folder, and what its bytes are. `rows` are its lines."""

    path: str
    size_bytes: int
    sha256: str
    rows: int = 0


@dataclass(frozen=True, slots=True)
class BackupTable:
    """One table: the type of each column by name, and the files that hold its rows, in order."""

    columns: Mapping[str, str]
    files: tuple[BackupFile, ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(one.rows for one in self.files)


@dataclass(frozen=True, slots=True)
class BackupRepository:
    """One repository: the bundles that it is put together from, in order, and where its branches and tags stand."""

    bundles: tuple[BackupFile, ...]
    refs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """
    What a backup set holds.

    `library` is the hash of the library's first decision: what tells one library from another. `register_number` is the
    newest decision on the `register` that the set holds, which may be newer than `number`. `left_out` are the settings
    that were not copied, since they are secret. `contents` hold the bytes of the table `words`. `faults` are the codes of what
    was wrong in the database when the set was taken: none for a sound one.
    """

    name: str
    samrutine: str
    schema: str
    made_at: datetime
    library: str
    number: int
    hash: str
    decided_at: datetime
    register_number: int
    tables: Mapping[str, BackupTable]
    contents: tuple[BackupFile, ...]
    repositories: Mapping[str, BackupRepository]
    files: Mapping[str, BackupFile] = field(default_factory=dict)
    settings: BackupFile | None = None
    left_out: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    def all_files(self) -> Iterator[BackupFile]:
        """Give every file that the set needs, each once."""
        listed = [one for table in self.tables.values() for one in table.files]
        listed += self.contents
        listed += [one for repository in self.repositories.values() for one in repository.bundles]
        listed += self.files.values()
        listed += [self.settings] if self.settings else []
        yield from {one.path: one for one in listed}.values()

    @property
    def size_bytes(self) -> int:
        """How large the set is with all that it shares."""
        return sum(one.size_bytes for one in self.all_files())


def write_backup_manifest(manifest: BackupManifest) -> bytes:
    """Write a manifest as JSON in the one way in which it is read."""
    value = _to_json(manifest)
    inner = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)
    digest = hashlib.sha256(inner.encode()).hexdigest()
    return f'{{"manifest": {inner},\n"sha256": "{digest}"}}\n'.encode()


def read_backup_manifest(data: bytes, *, file: Path) -> BackupManifest:
    """
    Read a manifest that `write_backup_manifest` wrote.

    Args:
        file: Where it lies, for messages.

    Raises:
        BackupDamaged: It is none: a byte of it was changed, or it names what we never name.
        BackupTooNew: It was written in a form that this release does not know.
    """
    try:
        value = json.loads(data)
        about = value["manifest"]
        if about["product"] != _PRODUCT:
            raise BackupDamaged(file=file, why="manifest")
        if about["form"] != BACKUP_FORM:
            inner = json.dumps(about, ensure_ascii=False, sort_keys=True, indent=1)
            if hashlib.sha256(inner.encode()).hexdigest() == value["sha256"]:
                raise BackupTooNew(backup=file.parent.name, found=about["form"], known=BACKUP_FORM)
            raise BackupDamaged(file=file, why="manifest")
        manifest = _from_json(about)
    # JSON of another shape than ours shows itself as any of these.
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BackupDamaged(file=file, why="manifest") from error
    if write_backup_manifest(manifest) != data or manifest.name != file.parent.name:
        raise BackupDamaged(file=file, why="manifest")
    return manifest


def sha256_of(path: Path) -> tuple[int, str]:
    """Give the size and the SHA-256 of a file, read in parts."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while part := file.read(CHUNK_BYTES):
            digest.update(part)
            size += len(part)
    return size, digest.hexdigest()


def fault_of(folder: Path, file: BackupFile) -> str | None:
    """Say what is the matter with a file of a backup: "missing", "size" or "sha256"; None when it is whole."""
    path = folder / file.path
    try:
        if path.stat().st_size != file.size_bytes:
            return "size"
        return None if sha256_of(path)[1] == file.sha256 else "sha256"
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "unreadable"


def _to_json(manifest: BackupManifest) -> dict[str, Any]:
    return {
        "product": _PRODUCT,
        "form": BACKUP_FORM,
        "name": manifest.name,
        "samrutine": manifest.samrutine,
        "schema": manifest.schema,
        "made_at": manifest.made_at.isoformat(),
        "library": manifest.library,
        "chain": {"number": manifest.number, "hash": manifest.hash, "at": manifest.decided_at.isoformat()},
        "register_number": manifest.register_number,
        "tables": {
            name: {
                "columns": dict(table.columns),
                "rows": table.rows,
                "files": [_file_json(one) for one in table.files],
            }
            for name, table in manifest.tables.items()
        },
        "contents": [_file_json(one) for one in manifest.contents],
        "repositories": {
            name: {"bundles": [_file_json(one) for one in kept.bundles], "refs": dict(kept.refs)}
            for name, kept in manifest.repositories.items()
        },
        "files": {name: _file_json(one) for name, one in manifest.files.items()},
        "settings": _file_json(manifest.settings) if manifest.settings else None,
        "left_out": list(manifest.left_out),
        # Only where there are any, so that the manifests of all earlier sets are still read.
        **({"faults": list(manifest.faults)} if manifest.faults else {}),
    }


def _file_json(file: BackupFile) -> dict[str, Any]:
    return {"path": file.path, "size_bytes": file.size_bytes, "sha256": file.sha256, "rows": file.rows}


def _from_json(value: Mapping[str, Any]) -> BackupManifest:
    chain = value["chain"]
    return BackupManifest(
        name=_matching(SET_NAME, value["name"]),
        samrutine=str(value["samrutine"]),
        schema=str(value["schema"]),
        made_at=datetime.fromisoformat(value["made_at"]),
        library=str(value["library"]),
        number=int(chain["number"]),
        hash=str(chain["hash"]),
        decided_at=datetime.fromisoformat(chain["at"]),
        register_number=int(value["register_number"]),
        tables={
            _matching(_TABLE, name): BackupTable(
                {str(column): str(kind) for column, kind in table["columns"].items()}, _files(table["files"])
            )
            for name, table in value["tables"].items()
        },
        contents=_files(value["contents"]),
        repositories={
            _matching(re.compile(r"[a-z]+\.git"), name): BackupRepository(
                _files(kept["bundles"]),
                {_matching(_REF, ref): _matching(_COMMIT, tip) for ref, tip in kept["refs"].items()},
            )
            for name, kept in value["repositories"].items()
        },
        files={_matching(_HOME_PATH, name): _file(one) for name, one in value["files"].items()},
        settings=_file(value["settings"]) if value["settings"] is not None else None,
        left_out=tuple(str(one) for one in value["left_out"]),
        faults=tuple(str(one) for one in value.get("faults", ())),
    )


def _files(values: list[Mapping[str, Any]]) -> tuple[BackupFile, ...]:
    return tuple(_file(one) for one in values)


def _file(value: Mapping[str, Any]) -> BackupFile:
    return BackupFile(
        _matching(_PATH, value["path"]),
        int(value["size_bytes"]),
        _matching(_SHA256, value["sha256"]),
        int(value["rows"]),
    )


def _matching(pattern: re.Pattern[str], value: str) -> str:
    """Take a text that we could have written; a path that leads elsewhere is none."""
    if pattern.fullmatch(value) is None or ".." in value.split("/"):
        raise ValueError(value)
    return value
