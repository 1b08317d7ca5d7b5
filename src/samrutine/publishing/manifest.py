"""
The manifest as a file: JSON that lies at the target, and is read with distrust.

Whoever can write at the target can write in the manifest. It decides which files we replace and remove, so a name in
it that we could not have given is refused, and with it the whole manifest.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

from samrutine.errors import InvalidRequest
from samrutine.messages import say
from samrutine.networks.model import MunicipalityNumber
from samrutine.procedures.model import Digest, VersionNumber, procedure_id
from samrutine.publishing.model import (
    FILE_SUFFIXES,
    MANIFEST_NAME,
    ChainHead,
    Manifest,
    ManifestEntry,
    Sha256,
    TargetId,
)

MANIFEST_FORM: Final = 1
LARGEST_MANIFEST_BYTES: Final = 64 * 1024 * 1024

_PRODUCT: Final = "samrutine"
_PATH = re.compile(rf"[a-z0-9-]{{1,90}}\.(?:{'|'.join(FILE_SUFFIXES)})")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class UnreadableManifestError(ValueError):
    """The bytes are no manifest that we wrote. The connector says which destination; see `DestinationNotOurs`."""


def write_manifest(manifest: Manifest) -> bytes:
    """Write a manifest as JSON, UTF-8, sorted by name: equal manifests give equal bytes."""
    about = {
        "product": _PRODUCT,
        "form": MANIFEST_FORM,
        "note": say("publishing.manifest_note"),
        "target": manifest.target,
        "municipality": manifest.municipality,
        "chain": {"number": manifest.head.number, "hash": manifest.head.hash},
    }
    head = json.dumps(about, ensure_ascii=False).removesuffix("}")
    files, intent = _lines(manifest.files), _lines(manifest.intent)
    return f'{head}, "files": {{\n{files}\n}}, "intent": {{\n{intent}\n}}}}\n'.encode()


def _lines(entries: Mapping[str, ManifestEntry]) -> str:
    """Write a file a line: easy to compare, and many times faster than json's own indenting, which each run does."""
    return ",\n".join(
        f"{json.dumps(path)}: {json.dumps(_entry_to_json(entry), ensure_ascii=False)}"
        for path, entry in sorted(entries.items())
    )


def read_manifest(data: bytes) -> Manifest:
    """
    Read a manifest that `write_manifest` wrote.

    Raises:
        UnreadableManifestError: It is none: damaged, edited, of a later form, or naming files we never name.
    """
    if len(data) > LARGEST_MANIFEST_BYTES:
        raise UnreadableManifestError
    try:
        value = json.loads(data)
        if value["product"] != _PRODUCT or value["form"] != MANIFEST_FORM:
            raise UnreadableManifestError
        return Manifest(
            target=TargetId(_text(value["target"])),
            municipality=MunicipalityNumber(_text(value["municipality"])),
            head=ChainHead(_count(value["chain"]["number"]), _text(value["chain"]["hash"])),
            files={_path(path): _entry_from_json(entry) for path, entry in value["files"].items()},
            intent={_path(path): _entry_from_json(entry) for path, entry in value["intent"].items()},
        )
    # JSON of another shape than ours shows itself as any of these; RecursionError is a nesting bomb.
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, InvalidRequest) as error:
        raise UnreadableManifestError from error


def _entry_to_json(entry: ManifestEntry) -> dict[str, object]:
    return {
        "procedure": entry.procedure_id,
        "version": str(entry.version) if entry.version else None,
        "effective_digest": entry.effective_digest,
        "sha256": entry.sha256,
        "size_bytes": entry.size_bytes,
    }


def _entry_from_json(value: dict[str, object]) -> ManifestEntry:
    procedure, version, sha256 = value["procedure"], value["version"], _text(value["sha256"])
    if _SHA256.fullmatch(sha256) is None:
        raise UnreadableManifestError
    return ManifestEntry(
        procedure_id=None if procedure is None else procedure_id(_text(procedure)),
        version=None if version is None else VersionNumber.parse(_text(version)),
        effective_digest=Digest(_text(value["effective_digest"])),
        sha256=Sha256(sha256),
        size_bytes=_count(value["size_bytes"]),
    )


def _path(value: str) -> str:
    if _PATH.fullmatch(value) is None or value == MANIFEST_NAME:
        raise UnreadableManifestError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise UnreadableManifestError
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise UnreadableManifestError
    return value
