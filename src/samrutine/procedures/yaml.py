"""
YAML 1.2 in, as a tree that remembers its lines, and back out as text that is always the same.

Nothing is interpreted on the way in: every scalar is the text that stands there, and the field it belongs to decides
what it means. So `land: no` is the word "no", and 0301 keeps its zero. Refused, since no routine needs them and each
has hurt somebody: aliases and anchors, tags, directives, more than one document, keys that stand twice.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from samrutine.procedures.findings import Finding

if TYPE_CHECKING:
    from ruamel.yaml.events import Event

DEEPEST: Final = 20
MOST_VALUES: Final = 5_000


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as it stands. `plain` is false when it was quoted or a block; only a plain one can be empty."""

    value: str
    plain: bool
    line: int

    @property
    def missing(self) -> bool:
        """Tell whether nothing stands there, which YAML 1.2 also writes as ~ and null."""
        return self.plain and self.value in {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: "tuple[Node, ...]"
    line: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping, in the order it stands; its keys are single values and each stands once."""

    pairs: "tuple[tuple[Scalar, Node], ...]"
    line: int


Node = Scalar | Items | Pairs


class Unreadable(Exception):
    """The YAML breaks a rule; carries the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.key)
        self.finding = finding


def tree(text: str, first_line: int) -> Node | None:
    """
    Read `text`, whose first line is line `first_line` of the file. None when nothing stands there.

    Raises:
        Unreadable: With the first rule that is broken. Bounded in depth and number of values, so it is quick.
    """
    # Imported here: ruamel.yaml costs 60 ms at start, and most commands read no front matter.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        # The list is needed: ruamel reads on while we build, and its errors must be ours.
        events = list(_bounded(YAML(typ="safe", pure=True).parse(text), first_line))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(Finding("yaml-broken", first_line + (mark.line if mark else 0))) from error
    except (YAMLError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise Unreadable(Finding("yaml-broken", first_line)) from error
    return _Builder(events, first_line).document()


def _bounded(events: "Iterator[Event]", first_line: int) -> "Iterator[Event]":
    from ruamel.yaml import events as kinds

    depth = 0
    for count, event in enumerate(events):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        if isinstance(event, kinds.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise Unreadable(Finding("yaml-alias", line))
        if isinstance(event, kinds.NodeEvent) and getattr(event, "tag", None) is not None:
            raise Unreadable(Finding("yaml-tag", line))
        if isinstance(event, kinds.DocumentStartEvent) and (event.explicit or event.version or event.tags):
            raise Unreadable(Finding("yaml-directive", line))
        if isinstance(event, kinds.DocumentEndEvent) and event.explicit:
            # What follows `...` would be another document, and would be left out in silence.
            raise Unreadable(Finding("yaml-directive", line))
        if isinstance(event, kinds.CollectionStartEvent):
            depth += 1
        elif isinstance(event, kinds.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST or count > MOST_VALUES:
            raise Unreadable(Finding("yaml-too-large", line, places={"depth": DEEPEST, "values": MOST_VALUES}))
        yield event


class _Builder:
    """Builds the tree of one document; recursion is bounded, since the depth is."""

    def __init__(self, events: "Sequence[Event]", first_line: int) -> None:
        from ruamel.yaml import events as kinds

        self._kinds = kinds
        self._events = [event for event in events if isinstance(event, kinds.NodeEvent | kinds.CollectionEndEvent)]
        self._first_line = first_line
        self._next = 0

    def document(self) -> Node | None:
        return self._node() if self._events else None

    def _take(self) -> "Event":
        event = self._events[self._next]
        self._next += 1
        return event

    def _node(self) -> Node:
        event = self._take()
        line = self._first_line + event.start_mark.line
        if isinstance(event, self._kinds.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(self._events[self._next], self._kinds.SequenceEndEvent):
                items.append(self._node())
            self._take()
            return Items(tuple(items), line)
        if isinstance(event, self._kinds.MappingStartEvent):
            return self._pairs(line)
        if not isinstance(event, self._kinds.ScalarEvent):  # pragma: no cover  the parser gives no other kind
            raise Unreadable(Finding("yaml-broken", line))
        return Scalar(str(event.value), bool(event.implicit[0]), line)

    def _pairs(self, line: int) -> Pairs:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(self._events[self._next], self._kinds.MappingEndEvent):
            key = self._node()
            if not isinstance(key, Scalar):
                raise Unreadable(Finding("yaml-broken", key.line))
            if key.value in pairs:
                raise Unreadable(Finding("key-twice", key.line, places={"key": key.value[:60]}))
            pairs[key.value] = (key, self._node())
        self._take()
        return Pairs(tuple(pairs.values()), line)


# What may stand without quotation marks. Narrow on purpose: a reader by YAML 1.1 rules (PyYAML, most editors) must see
# the same words as ours, so what 1.1 takes for a truth value, a number, a date or a time of day is quoted too.
_PLAIN_START = re.compile(r"[^\W_]|[§(/]")
_PLAIN_FORBIDDEN = re.compile(r": |:$| #")
_FLOW_FORBIDDEN = re.compile(r"[\[\]{},]")
_OTHER_MEANING = re.compile(
    r"(?i:y|yes|n|no|on|off|true|false|null|nan|inf|~)|[-+.]?[0-9][0-9_,.:xXoOeE+a-fA-F-]*(?:[Tt ].*)?"
)
_YAML_PRINTABLE = re.compile(r"[ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def scalar(value: str, *, in_flow: bool = False) -> str:
    """Write one text value on one line, quoted only where it must be; inside `[…]` more must be."""
    plain = (
        not (in_flow and _FLOW_FORBIDDEN.search(value))
        and _PLAIN_START.match(value) is not None
        and _PLAIN_FORBIDDEN.search(value) is None
        and _OTHER_MEANING.fullmatch(value) is None
        and value == value.strip()
        and all(_YAML_PRINTABLE.match(character) for character in value)
    )
    return value if plain else f'"{"".join(map(_escaped, value))}"'


def flow(values: Sequence[str]) -> str:
    """Write a list of text values on one line."""
    return f"[{', '.join(scalar(value, in_flow=True) for value in values)}]"


def _escaped(character: str) -> str:
    if character in {'"', "\\"}:
        return f"\\{character}"
    if _YAML_PRINTABLE.match(character):
        return character
    return f"\\U{ord(character):08x}"
