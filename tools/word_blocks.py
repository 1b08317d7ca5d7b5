"""Write the files of words that `samrutine.search.blocks` reads: sorted rows in compressed blocks. Used by the builders."""

import hashlib
import zlib
from collections.abc import Callable, Iterable

from samrutine.search.blocks import MAGIC

BLOCK_BYTES = 8192


def encode(rows: Iterable[str], about: str, prefix: Callable[[str], str] | None = None) -> bytes:
    """
    Give the file's bytes: magic, a line about it, a line for each block, the compressed blocks.

    Args:
        rows: ``word<TAB>rest`` in the order of the words.
        about: What stands after the version in the line about the file.
        prefix: What of a word decides its block, and is what the block is found by; without it a block is as many rows
            as make eight kilobytes, and is found by its first word.
    """
    blocks: list[tuple[str, bytes]] = []
    lines: list[str] = []
    name, size = "", 0
    for row in rows:
        word = row.partition("\t")[0]
        if lines and (size >= BLOCK_BYTES if prefix is None else prefix(word) != name):
            blocks.append((name, _block(lines)))
            lines, size = [], 0
        if not lines:
            name = prefix(word) if prefix else word
        lines.append(row)
        size += len(row) + 1
    if lines:
        blocks.append((name, _block(lines)))
    body = b"".join(data for _, data in blocks)
    version = hashlib.sha256(body).hexdigest()[:8]
    index = "".join(f"{name}\t{len(data)}\n" for name, data in blocks)
    return MAGIC + f"{version} {about}\n{len(index)}\n{index}".encode("ascii") + body


def _block(lines: list[str]) -> bytes:
    return zlib.compress(("\n" + "\n".join(lines) + "\n").encode("ascii"), 9)
