"""What every kind of document is turned into before it becomes Markdown: pandoc's tree, and what was found beside it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from samrutine.exchange.incoming.changed_values import ChangedLine
from samrutine.exchange.incoming.model import Comment, Counts, FileKind, Finding, Picture, Suggested, TrackedChange
from samrutine.exchange.incoming.pandoc import Tree


@dataclass(slots=True)
class Source:
    """What our own look at a file found, to hold the result against."""

    lines: list[str] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    dropped: Counter[str] = field(default_factory=Counter)
    """Words that were left out on purpose, and told of: the list of contents, numbers of headings."""
    ordered: bool = True
    """Whether the lines stand in the order in which they are read; those of a PDF stand as the file names them."""


@dataclass(slots=True)
class Draft:
    """
    A document on its way.

    `pictures` are by the target that the tree names. `source` is None where there is only one reading of the file.
    """

    kind: FileKind
    tree: Tree
    title: str = ""
    pictures: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    pages: list[Picture] = field(default_factory=list)
    suggested: list[Suggested] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    changes: list[TrackedChange] = field(default_factory=list)
    changed_lines: list[ChangedLine] = field(default_factory=list)
    """What the changes did to the lines they stand in, for a kind of file that tells."""
    comments: list[Comment] = field(default_factory=list)
    source: Source | None = None
    alternatives: dict[str, str] = field(default_factory=dict)
    """Alternative texts by target, for a kind whose pictures pandoc gives none."""
    other_title: str = ""
    """A title to take when the text itself shows none."""
    headings_are_settled: bool = False
    """Whether titles, levels and typed numbers were decided already, from what the tree does not show."""
