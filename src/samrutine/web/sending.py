"""How a page gives a file away: under a name that every browser keeps, and never as something that runs here."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

MEDIA: Final[Mapping[str, str]] = {
    "pdf": "application/pdf", "html": "text/html; charset=utf-8", "md": "text/markdown; charset=utf-8", "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "zip": "application/zip",
}  # fmt: skip
"""What a file is, by the end of its name."""


def file_answer(data: bytes, name: str, media_type: str | None = None) -> Response:
    """
    Give a file to be kept.

    Args:
        name: What it is called, in any letters. Browsers that know no others get it in plain ones.
        media_type: What it is; by the end of its name when None.
    """
    plain = "".join(one if one.isascii() and one.isprintable() and one not in '"\\;' else "_" for one in name)
    kind = media_type or MEDIA[name.rpartition(".")[2]]
    said = f'attachment; filename="{plain}"'
    if plain != name:
        said += f"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, media_type=kind, headers={"Content-Disposition": said})
