"""The words of municipalities' additions as files on `register`: `municipality/<number>/local/<procedure>/<addition>.md`."""

import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from samrutine.adoptions.additions import addition_of
from samrutine.procedures.model import AccessClass
from samrutine.projections.decided import Link
from samrutine.storage.decisions import folder_of
from samrutine.storage.rows import DecisionRow


def local_files(body: str, facts: Mapping[str, Any]) -> dict[str, str | None]:
    """
    Say which files a decision writes, by path: the digest whose words go there, or None where the file goes away.

    The file holds just the addition's own words, so that its blob has the addition's digest; section, kind and days stand
    in the record. What is dropped leaves the tree when that is decided, also where it stands until a day to come: the
    record says until when, and the history has the words. What belongs to an exempt text is never written, and what was
    written leaves the tree when the routine becomes exempt, see `files_made_exempt`.
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


def files_made_exempt(session: Session, decision: Link, facts: Mapping[str, Any]) -> dict[str, None]:
    """
    Say which files go away because a routine became exempt: all that were ever written beside it, wherever.

    It follows from the decisions alone, so that the branch made anew is the same. When the routine is opened again they do
    not come back of themselves: they were not written for a text that all may read.
    """
    if AccessClass.EXEMPT.value not in {facts.get("access"), facts.get("stands_access")}:
        return {}
    earlier = session.exec(
        select(DecisionRow.body, DecisionRow.record).where(
            DecisionRow.subject == facts["procedure"], DecisionRow.number < decision.number,
            col(DecisionRow.record).contains('"additions":{'),
        )
    )  # fmt: skip
    found = [local_files(body, json.loads(record)["facts"]) for body, record in earlier]
    return dict.fromkeys(sorted(path for files in found for path, digest in files.items() if digest))
