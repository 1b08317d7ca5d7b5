"""The last steps of every document: canonical form, counts, and both readings held against each other."""

import re
from collections import Counter
from collections.abc import Iterator

from samrutine.exchange.incoming import marks
from samrutine.exchange.incoming.blocks import Written, write
from samrutine.exchange.incoming.changed_values import comments_at_values, values_changed
from samrutine.exchange.incoming.compare import (
    deleted_values,
    differences,
    missing_lines,
    missing_things,
    missing_words,
    words_of,
)
from samrutine.exchange.incoming.draft import Draft, Source
from samrutine.exchange.incoming.formed import formed
from samrutine.exchange.incoming.model import Counts, Difference, Finding, Incoming, gravest_first
from samrutine.exchange.incoming.order import moved
from samrutine.exchange.incoming.seen import seen_words
from samrutine.exchange.incoming.tree_headings import settle_headings
from samrutine.exchange.incoming.typed_lists import make_lists
from samrutine.procedures.bounds import LARGEST, LONGEST_LINE, out_of_bounds
from samrutine.procedures.canonical import canonical_body

_MOST_TOLD = 20
_LINES_AT_ONCE = 300
_SENTENCE = re.compile(r"(?<=[.!?]) ")


def finished(draft: Draft) -> Incoming:
    """Make a draft the document that came in."""
    if not draft.headings_are_settled:
        settle_headings(draft)
    blocks = make_lists(draft.tree.get("blocks", []), draft.findings)
    written = write(blocks, draft.pictures, draft.alternatives)
    body, simplified, told_words = _canonical(written.blocks)
    findings = [*draft.findings, *written.findings, *simplified]
    if len(body.encode()) > LARGEST or out_of_bounds(body, 1) is not None:
        findings.append(Finding("too-long"))
    title = " ".join(marks.plain(draft.title or draft.other_title).split())
    if not title:
        findings.append(Finding("title-missing"))
    seen = f"{title}\n{seen_words(body) if told_words is None else told_words}"
    count = len(words_of(seen))
    if not count:
        findings.append(Finding("no-text"))
    result = written.counts(count)
    recall = 1.0
    source: Counts | None = None
    readings: tuple[Difference, ...] = ()
    only_there: tuple[str, ...] = ()
    only_here: tuple[str, ...] = ()
    if draft.source is not None:
        more, recall, source, readings = _held_against(draft.source, seen, result, written)
        findings += more
        only_there, only_here = _only_in_one(draft.source.lines, seen)
    values = deleted_values(seen)
    findings += [Finding("deleted-values-visible", detail=one) for one in values[:_MOST_TOLD]]
    findings = [
        *values_changed(draft.changed_lines), *comments_at_values(draft.comments), *findings,
    ]  # fmt: skip
    if readings:
        findings.insert(0, Finding("readings-differ", detail=str(len(readings))))
    return Incoming(
        kind=draft.kind,
        title=title,
        markdown=body,
        pictures=(*written.pictures, *draft.pages),
        suggested=tuple(draft.suggested),
        findings=gravest_first(findings),
        changes=tuple(draft.changes),
        comments=tuple(draft.comments),
        source=source,
        result=result,
        recall=recall,
        readings=readings,
        only_there=only_there,
        only_here=only_here,
    )


def _only_in_one(source: list[str], seen: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the words that one of the two counts and the other does not, where they are few enough to be read."""
    there = Counter(word for line in source for word in words_of(line))
    here = Counter(words_of(seen))
    either = [tuple((one - other).elements()) for one, other in ((there, here), (here, there))]
    return (either[0], either[1]) if max(map(len, either)) <= _MOST_TOLD else ((), ())


def _held_against(
    source: Source, seen: str, result: Counts, written: Written
) -> tuple[list[Finding], float, Counts, tuple[Difference, ...]]:
    missing, recall = missing_words(source.lines, seen, source.dropped)
    counted: Counter[str] = Counter()
    for line in source.lines:
        counted.update(words_of(line))
    there = source.counts
    counts = Counts(counted.total(), there.headings, there.items, there.cells, there.pictures, there.notes)
    found = [Finding("words-missing", detail=line) for line in missing_lines(source.lines, missing)[:_MOST_TOLD]]
    found += missing_things(counts, result)
    elsewhere = moved(source.lines, seen, (words for _, words in written.headings)) if source.ordered else []
    found += [Finding("out-of-order", detail=line) for line in elsewhere[:_MOST_TOLD]]
    readings = differences(source.lines, seen)
    repeated = " ".join(written.repeated)
    # What was left out on purpose is told of elsewhere, as often as it was; a cell over several rows says its values once more.
    left = Counter(source.dropped)
    kept: list[Difference] = []
    for one in readings:
        words = Counter(words_of(one.one))
        if words and words <= left:
            left -= words
        elif not (one.other and one.other in repeated):
            kept.append(one)
    return found, recall, counts, tuple(kept)


def _canonical(blocks: list[str]) -> tuple[str, list[Finding], str | None]:
    """
    Put the blocks in canonical form; a block that cannot be is written more simply, and that is told.

    The last given is the words that a reader sees, where they are known without reading it all again.
    """
    shorter = [part for block in blocks for part in _short_enough(block)]
    told = [Finding("block-split")] if len(shorter) > len(blocks) else []
    whole = "\n\n".join(shorter)
    if not whole.strip():
        return "", told, None
    if out_of_bounds(whole, 1) is None:
        at_once = formed(shorter)
        if at_once is not None:
            return at_once[0], told, at_once[1]
        body, faults = canonical_body(whole, 1)
        if not faults:
            return body, told, None
    # Too long to be formatted as one, or something in it cannot be: part by part, the parts halved until they can be.
    notes = [block for block in shorter if block.startswith("[^")]
    made: list[str] = []
    for chunk in _chunks([block for block in shorter if not block.startswith("[^")]):
        _put(chunk, made, told)
    return "\n\n".join([*made, *notes]) + "\n", told, None


def _chunks(blocks: list[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    lines = 0
    for block in blocks:
        chunk.append(block)
        lines += block.count("\n") + 2
        if lines > _LINES_AT_ONCE:
            yield chunk
            chunk, lines = [], 0
    if chunk:
        yield chunk


def _put(chunk: list[str], made: list[str], told: list[Finding]) -> None:
    text = "\n\n".join(chunk)
    numbers = dict.fromkeys(re.findall(r"\[\^(\d+)\]", text))
    stand_ins = "".join(f"\n\n[^{n}]: –" for n in numbers)
    if out_of_bounds(text, 1) is None:
        body, faults = canonical_body(text + stand_ins, 1)
        if not faults:
            made.append(body.rstrip("\n").removesuffix(stand_ins))
            return
    elif len(chunk) == 1:
        made.append(text)
        return
    if len(chunk) > 1:
        half = len(chunk) // 2
        _put(chunk[:half], made, told)
        _put(chunk[half:], made, told)
        return
    told.append(Finding("form-simplified", detail=" ".join(text.split())))
    lines = [line for line in seen_words(text).split("\n") if line.strip()]
    made.append("\n\n".join(marks.line_start(marks.marked(marks.plain(line))) for line in lines))


def _short_enough(block: str) -> list[str]:
    if len(block) <= LONGEST_LINE or block.startswith(("|", "-", "*", ">", "#", "[^")) or "\n" in block:
        return [block]
    parts: list[str] = [""]
    for sentence in _SENTENCE.split(block):
        if len(parts[-1]) + len(sentence) > LONGEST_LINE // 2 and parts[-1]:
            parts.append("")
        parts[-1] = f"{parts[-1]} {sentence}".strip()
    return parts
