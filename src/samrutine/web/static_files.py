"""
What a browser fetches beside the pages: styles, scripts, pictures. Read once, packed once, named by what is in it.

A file's address holds its digest, so that a browser keeps it for a year and never has an old one.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

FOLDER: Final = Path(__file__).with_name("static")
_PACKED: Final = frozenset({".css", ".js", ".svg", ".json", ".webmanifest"})
_SHORTEST_PACKED: Final = 400


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent."""

    name: str
    media_type: str
    data: bytes
    packed: bytes | None
    digest: str


@cache
def static_files() -> dict[str, StaticFile]:
    """Give the files by name, `app.css`, `vendor/htmx/htmx.min.js`."""
    found = {}
    for path in sorted(FOLDER.rglob("*")):
        if not path.is_file() or path.suffix in {"", ".md"}:
            continue
        data, name = path.read_bytes(), path.relative_to(FOLDER).as_posix()
        worth = path.suffix in _PACKED and len(data) > _SHORTEST_PACKED
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        media_type = f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith("javascript") else kind
        packed = gzip.compress(data, 9, mtime=0) if worth else None
        found[name] = StaticFile(name, media_type, data, packed, hashlib.sha256(data).hexdigest()[:16])
    return found


def address_of(name: str) -> str:
    """
    Give the address of a file.

    Raises:
        KeyError: There is none of that name.
    """
    return f"/s/{static_files()[name].digest}/{name}"


def send(request: Request) -> Response:
    """Answer with a file; with nothing where there is none of that name and digest."""
    digest, name = request.path_params["digest"], request.path_params["name"]
    found = static_files().get(name)
    if found is None or found.digest != digest:
        return Response(status_code=404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if found.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, media_type=found.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(found.data, media_type=found.media_type, headers=headers)
