"""The one call of pandoc: a document in, its tree out. Our own pandoc, never the system's, and always in its sandbox."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.model import NotRead

_READERS: Final = {
    "docx": "docx",
    "odt": "odt",
    "rtf": "rtf",
    "markdown": "gfm-gfm_auto_identifiers-emoji-autolink_bare_uris-yaml_metadata_block-alerts-tex_math_dollars-tex_math_gfm-superscript",
    "html": "html-native_divs-native_spans-raw_html-auto_identifiers",
}
_HEAP: Final = ("+RTS", "-M400M", "-RTS")
"""Pandoc gives up by itself before the process that watches it has to."""

Tree = dict[str, Any]


@cache
def program() -> Path:
    """Give the pandoc that was installed with us."""
    import pypandoc  # looks pandoc up on import, and only documents need it

    files = Path(pypandoc.__file__).parent / "files"
    return files / ("pandoc.exe" if (files / "pandoc.exe").exists() else "pandoc")


def tree(data: bytes, reader: str, name: str, folder: Path, seconds: float) -> Tree:
    """
    Read a document into pandoc's tree, as JSON.

    Args:
        reader: a key of `_READERS`.
        folder: Where pandoc runs; nothing is written to it.
        seconds: When to give up.

    Raises:
        DocumentRefused: Pandoc could not read it, or took too long. Pandoc's own words may quote the document, and are
            not repeated.
    """
    # In the sandbox pandoc reads no file, so the document comes in by the pipe.
    command = [str(program()), "--sandbox", "-f", _READERS[reader], "-t", "json", *_HEAP]
    try:
        answer = subprocess.run(  # noqa: S603 - our own program, no shell, no word of a user's
            command,
            input=data,
            capture_output=True,
            check=False,
            cwd=folder,
            timeout=seconds,
            env={"LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentRefused(NotRead("took-too-long", name)) from error
    if answer.returncode != 0:
        raise DocumentRefused(NotRead("unreadable", name))
    try:
        read = json.loads(answer.stdout)
    except (ValueError, RecursionError) as error:
        raise DocumentRefused(NotRead("too-deep", name)) from error
    return read if isinstance(read, dict) else {}
