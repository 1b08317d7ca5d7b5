"""The last steps of every document: canonical form, counts, and both readings held against each other."""

import re
from collections import Counter

from samrutine.exchange.incoming import marks
from samrutine.exchange.incoming.blocks import Written, write
from samrutine.exchange.incoming.compare import (
    deleted_values,
    differences,
    missing_lines,
    missing_things,
    missing_words,
    words_of,
)
from samrutine.exchange.incoming.draft import Draft, Source
from samrutine.exchange.incoming.model import Counts, Difference, Finding, Incoming, Picture, gravest_first
from samrutine.procedures.bounds import LARGEST, LONGEST_LINE, out_of_bounds
from samrutine.procedures.canonical import canonical_body
from samrutine.procedures.markdown import markdown, plain_text

_MOST_TOLD = 20
_SENTENCE = re.compile(r"(?<=[.!?]) ")


def finished(draft: Draft) -> Incoming:
    """Make a draft the document that came in."""
    written = write(draft.tree.get("blocks", []), draft.pictures)
    body, simplified = _canonical(written.blocks)
    findings = [*draft.findings, *written.findings, *simplified]
    if len(body.encode()) > LARGEST or out_of_bounds(body, 1) is not None:
        findings.append(Finding("too-long"))
    title = " ".join(marks.plain(draft.title).split())
    if not title:
        findings.append(Finding("title-missing"))
    seen = f"{title}\n{shown_words(body)}"
    result = written.counts(len(words_of(seen)))
    recall = 1.0
    source: Counts | None = None
    readings: tuple[Difference, ...] = ()
    if draft.source is not None:
        more, recall, source, readings = _held_against(draft.source, seen, result, written)
        findings += more
    values = deleted_values(seen)
    findings += [Finding("deleted-values-visible", detail=one) for one in values[:_MOST_TOLD]]
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
    )


def shown_words(body: str) -> str:
    """Give the words a reader sees of a body, a line each block; alternative texts of pictures are left out."""
    lines: list[str] = []
    for token in markdown().parse(body, {}):
        if token.type == "inline":
            token.children = [child for child in token.children or [] if child.type != "image"]
            lines.append(plain_text(token))
        elif token.type in {"fence", "code_block"}:
            lines.append(token.content)
    return "\n".join(lines)


def _held_against(
    source: Source, seen: str, result: Counts, written: Written
) -> tuple[list[Finding], float, Counts, tuple[Difference, ...]]:
    missing, recall = missing_words(source.lines, seen, source.dropped)
    counted: Counter[str] = Counter()
    for line in source.lines:
        counted.update(words_of(line))
    there = source.counts
    counts = Counts(counted.total(), there.headings, there.items, there.cells, there.pictures, there.notes)
    found = [Finding("words-missing", detail=line[:300]) for line in missing_lines(source.lines, missing)[:_MOST_TOLD]]
    found += missing_things(counts, result)
    readings = differences(source.lines, seen)
    repeated = " ".join(written.repeated)
    dropped = set(source.dropped)
    kept = tuple(
        one
        for one in readings
        # What was left out on purpose is told of elsewhere; a cell over several rows says its values once more.
        if not (one.one and set(words_of(one.one)) <= dropped) and not (one.other and one.other in repeated)
    )
    return found, recall, counts, kept


def _canonical(blocks: list[str]) -> tuple[str, list[Finding]]:
    """Put the blocks in canonical form; a block that cannot be is written more simply, and that is told."""
    blocks = [part for block in blocks for part in _short_enough(block)]
    told = [Finding("block-split")] if any(len(block) > LONGEST_LINE for block in blocks) else []
    whole = "\n\n".join(blocks)
    if not whole.strip():
        return "", told
    if out_of_bounds(whole, 1) is None:
        body, faults = canonical_body(whole, 1)
        if not faults:
            return body, told
    notes = "\n\n".join(block for block in blocks if block.startswith("[^"))
    made: list[str] = []
    for block in blocks:
        simple, was_simple = _alone(block, notes)
        made.append(simple)
        if not was_simple:
            told.append(Finding("form-simplified", detail=" ".join(block.split())[:300]))
    body, faults = canonical_body("\n\n".join(made), 1) if out_of_bounds("\n\n".join(made), 1) is None else ("", ())
    return ("\n\n".join(made) + "\n" if faults or not body else body), told


def _alone(block: str, notes: str) -> tuple[str, bool]:
    """Give a block in canonical form by itself, and whether that went without writing its words bare."""
    if block.startswith("[^"):
        return block, True
    marks_of_notes = re.findall(r"\[\^(\d+)\]", block)
    needed = "\n\n".join(f"[^{n}]: –" for n in dict.fromkeys(marks_of_notes)) if notes else ""
    if out_of_bounds(block, 1) is not None:
        return block, True
    body, faults = canonical_body(f"{block}\n\n{needed}" if needed else block, 1)
    if not faults and not needed:
        return body.rstrip("\n"), True
    if not faults:
        return block, True
    lines = [line for line in shown_words(block).split("\n") if line.strip()]
    return "\n\n".join(marks.line_start(marks.marked(line)) for line in lines), False


def _short_enough(block: str) -> list[str]:
    if len(block) <= LONGEST_LINE or block.startswith(("|", "-", "*", ">", "#", "[^")) or "\n" in block:
        return [block]
    parts: list[str] = [""]
    for sentence in _SENTENCE.split(block):
        if len(parts[-1]) + len(sentence) > LONGEST_LINE // 2 and parts[-1]:
            parts.append("")
        parts[-1] = f"{parts[-1]} {sentence}".strip()
    return parts


def page_picture(name: str, data: bytes) -> Picture:
    """Give a drawn page as a picture beside the text."""
    return Picture(name, "image/png", data, is_page=True)
