"""A Word file of ours that somebody sends in: the routine that it was made from, with what they changed."""

from collections.abc import Iterator
from typing import Final

from samrutine.errors import DocumentRefused, InvalidText
from samrutine.exchange.incoming.changed_values import comments_at_values
from samrutine.exchange.incoming.compare import words_of
from samrutine.exchange.incoming.copy_changes import copy_changes
from samrutine.exchange.incoming.model import Counts, FileKind, Finding, Incoming, OwnCopy, gravest_first
from samrutine.exchange.incoming.seen import seen_words
from samrutine.exchange.word_back import Returned, read_back
from samrutine.exchange.word_marks import Region
from samrutine.procedures.text import read

_OUTSIDE: Final = {
    Region.CONTROL: "copy-control-changed", Region.LOCAL: "copy-local-changed",
    Region.ADDITIONS: "copy-additions-changed", Region.AFTER: "copy-sources-changed",
}  # fmt: skip
_LONGEST: Final = 600


def own_copy(data: bytes, kind: FileKind, name: str) -> Incoming | Finding | None:
    """
    Read a Word file as one that we made.

    Returns:
        The routine as the file says it now; a finding when what it was made from lies in it but cannot be believed, so that
        it must be read as anybody's; None when it is anybody's.
    """
    try:
        returned = read_back(data, name)
    except (DocumentRefused, InvalidText):
        return Finding("own-copy-damaged")
    return None if returned is None else _incoming(returned, kind, name)


def _incoming(returned: Returned, kind: FileKind, name: str) -> Incoming:
    marks, text = returned.marks, read(returned.markdown, name)
    title, findings = text.front.title, list(_told(returned))
    return Incoming(
        kind=kind,
        title=title,
        markdown=text.body,
        pictures=returned.pictures,
        findings=gravest_first(findings),
        changes=returned.changes,
        comments=returned.comments,
        result=Counts(words=len(words_of(f"{title}\n{seen_words(text.body)}"))),
        own=OwnCopy(marks.id, marks.version, marks.digest, returned.is_edited or bool(findings)),
    )


def _told(returned: Returned) -> Iterator[Finding]:
    """Tell what somebody did with the file beside what the text now says; nothing when nobody did."""
    # Tracked changes are in the text that it says now, so that they are told here with those that nobody marked.
    yield from copy_changes(read(returned.original, returned.marks.id), read(returned.markdown, returned.marks.id))
    yield from comments_at_values(returned.comments)
    for region in returned.outside:
        yield from _local(returned) if region is Region.LOCAL else [_beside(returned, region)]
    yield from (Finding("copy-margins-changed", detail=line) for line in returned.margins)
    yield from returned.findings
    if returned.changes:
        yield Finding("changes-accepted", detail=str(len(returned.changes)))
    if returned.comments:
        yield Finding("comments", detail=str(len(returned.comments)))


def _beside(returned: Returned, region: Region) -> Finding:
    lines = "\n".join(returned.beside.get(region, ()))
    return Finding(
        _OUTSIDE[region], detail=lines if len(lines) <= _LONGEST else f"{lines[:_LONGEST].rsplit(None, 1)[0]} …"
    )


def _local(returned: Returned) -> Iterator[Finding]:
    """Tell of each place of local information what stands there now: a file does not tell which of them was changed."""
    whose = f"{returned.municipality}, " if returned.municipality else ""
    said: dict[str, list[str]] = {}
    for one in returned.local:
        said.setdefault(one.section, []).append(f"{whose}{one.label}: {one.words or '–'} ({one.paragraph})")
    for section, lines in said.items():
        yield Finding(_OUTSIDE[Region.LOCAL], section, "\n".join(lines))
    if not said:
        yield Finding(_OUTSIDE[Region.LOCAL])
