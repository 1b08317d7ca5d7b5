"""
The register as links of the chain: read from its files, and every promise that they make checked before one is used.

Pure: from paths and bytes to links. Whoever holds only a copy of the repository must learn from this alone whether it is
whole: every link hashes to what it says and follows the one before, every number is there once, each stands in the file
where it must stand, and there is no other file.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from samrutine.errors import RegisterBroken
from samrutine.projections.branches import ENTRIES_PER_FILE, LINE
from samrutine.storage.decisions import GENESIS, RECORD_FORM, canonical_json, link_hash, register_folder

LINKS: Final = re.compile(r"((?:municipality/\d{4}|network/[a-z0-9-]+|library)/\d{4}-\d{2})/(\d{3,})\.jsonl")
"""A file of links: the folder of a body and a month, and the part, from 1."""

LOCAL: Final = re.compile(r"municipality/\d{4}/local/[a-z0-9-]+/[a-z0-9-]+\.md")
"""The words of a municipality's addition."""

_BODY: Final = re.compile(r"municipality:\d{4}|network:[a-z0-9-]+|library")
_NAMES: Final = {
    "form": int, "number": int, "id": str, "act": str, "kind": str, "at": str, "actor": str, "role": str, "body": str,
    "subject": str | None, "facts": dict, "texts": dict, "previous": str,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """One decision as the register has it. `record` is the very text that was hashed, `known` what it says."""

    number: int
    hash: str
    record: str
    known: Mapping[str, Any]
    at: datetime

    @property
    def kind(self) -> str:
        """What was decided."""
        return str(self.known["kind"])

    @property
    def facts(self) -> Mapping[str, Any]:
        """What is known of it."""
        facts: Mapping[str, Any] = self.known["facts"]
        return facts

    @property
    def folder(self) -> str:
        """The folder of the register where it stands."""
        return register_folder(self.known["body"], self.at)

    @property
    def line(self) -> str:
        """The line by which it stands there."""
        return f'{{"hash":"{self.hash}","record":{self.record}}}'


def links_of(files: Mapping[str, bytes], kinds: Collection[str]) -> list[Link]:
    """
    Read and check a whole register.

    Args:
        files: The content of each file by path; of the words of additions the path alone is looked at.
        kinds: The kinds of decisions that are known here.

    Returns:
        The links in order, from 1 without a gap; none for an empty register.

    Raises:
        RegisterBroken: What is wrong, and where. Nothing of such a register may be used.
    """
    links: list[Link] = []
    places: dict[int, str] = {}
    for path, content in sorted(files.items()):
        matched = LINKS.fullmatch(path)
        if matched is None:
            if LOCAL.fullmatch(path) is None:
                raise RegisterBroken(what="file", where=_shown(path))
            continue
        for at, link in enumerate(_in_file(path, content), 1):
            where = f"{path}:{at}"
            if link.folder != matched[1]:
                raise RegisterBroken(what="folder", where=where)
            if link.kind not in kinds:
                raise RegisterBroken(what="kind", where=f"{where} {_shown(link.kind)}")
            if link.number in places:
                raise RegisterBroken(what="twice", where=f"{places[link.number]} {where}")
            places[link.number] = where
            links.append(link)
    links.sort(key=lambda one: one.number)
    _check_chain(links, places)
    _check_places(links, places)
    return links


def _in_file(path: str, content: bytes) -> list[Link]:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise RegisterBroken(what="line", where=path) from error
    if not text.endswith("\n"):
        raise RegisterBroken(what="line", where=path)
    lines = text.removesuffix("\n").split("\n")
    if len(lines) > ENTRIES_PER_FILE:
        raise RegisterBroken(what="too-many", where=path)
    return [_link(line, f"{path}:{at}") for at, line in enumerate(lines, 1)]


def _link(line: str, where: str) -> Link:
    matched = LINE.fullmatch(line)
    if matched is None:
        raise RegisterBroken(what="line", where=where)
    link, record = matched.groups()
    if link_hash(record) != link:
        raise RegisterBroken(what="hash", where=where)
    try:
        known = json.loads(record)
        at = datetime.fromisoformat(known["at"])
        # What is hashed is written in one way alone; another way would be another record of the same decision.
        sound = canonical_json(known) == record and _is_record(known) and at.tzinfo == UTC
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RegisterBroken(what="record", where=where) from error
    if not sound:
        raise RegisterBroken(what="record", where=where)
    return Link(known["number"], link, record, known, at)


def _is_record(known: Mapping[str, Any]) -> bool:
    return (
        known.keys() == _NAMES.keys()
        and all(isinstance(known[name], kind) for name, kind in _NAMES.items())
        and known["form"] == RECORD_FORM
        and known["number"] is not True
        and known["number"] > 0
        and _BODY.fullmatch(known["body"]) is not None
        and datetime.fromisoformat(known["at"]).isoformat(timespec="microseconds") == known["at"]
    )


def _check_chain(links: Sequence[Link], places: Mapping[int, str]) -> None:
    previous, ids = GENESIS, set[str]()
    last: Link | None = None
    for number, link in enumerate(links, 1):
        if link.number != number:
            raise RegisterBroken(what="missing", where=str(number))
        where = places[number]
        if link.known["previous"] != previous:
            raise RegisterBroken(what="chain", where=where)
        if last is not None and link.at < last.at:
            raise RegisterBroken(what="time", where=where)
        if link.known["id"] in ids:
            raise RegisterBroken(what="id", where=where)
        ids.add(link.known["id"])
        previous, last = link.hash, link


def _check_places(links: Sequence[Link], places: Mapping[int, str]) -> None:
    """Each link stands on the line where its number puts it: files are appended to, and full at two hundred."""
    count: dict[str, int] = {}
    for link in links:
        before = count.get(link.folder, 0)
        part, line = divmod(before, ENTRIES_PER_FILE)
        if places[link.number] != f"{link.folder}/{part + 1:03d}.jsonl:{line + 1}":
            raise RegisterBroken(what="order", where=places[link.number])
        count[link.folder] = before + 1


def _shown(text: str) -> str:
    """Give what stands in a foreign register so that it can stand in a message."""
    return ascii(text[:80])[1:-1]
