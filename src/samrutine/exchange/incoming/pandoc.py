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
    "html": "html-native_divs-native_spans-raw_html-auto_identifiers",
}
_HEAP: Final = "+RTS -M400M -RTS"

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
        reader: "docx", "odt", "rtf" or "html".
        folder: Where pandoc runs; nothing is written to it.
        seconds: When to give up.

    Raises:
        DocumentRefused: Pandoc could not read it, or took too long. Pandoc's own words may quote the document, and are
            not repeated.
    """
    # In the sandbox pandoc reads no file, so the document comes in by the pipe.
    command = [str(program()), "--sandbox", "-f", _READERS[reader], "-t", "json"]
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
