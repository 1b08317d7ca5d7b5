"""The words of municipalities' additions as files on `register`: `municipality/<number>/local/<procedure>/<addition>.md`."""

from collections.abc import Mapping
from typing import Any

from samrutine.adoptions.additions import addition_of
from samrutine.storage.decisions import folder_of


def local_files(body: str, facts: Mapping[str, Any]) -> dict[str, str | None]:
    """
    Say which files a decision writes, by path: the digest whose words go there, or None where the file goes away.

    The file holds just the addition's own words, so that its blob has the addition's digest; section, kind and days stand
    in the record. What is dropped leaves the tree when that is decided, also where it stands until a day to come: the
    record says until when, and the history has the words. Additions to an exempt routine are never written.
    """
    told = facts.get("additions")
    if not told:
        return {}
    folder = f"{folder_of(body)}/local/{facts['procedure']}"
    files: dict[str, str | None] = {f"{folder}/{addition_of(row)}.md": None for row in told["ended"]}
    for row in told["began"]:
        stays = row["until"] is None and not told["exempt"]
        files[f"{folder}/{addition_of(row['id'])}.md"] = row["digest"] if stays else None
    return files
