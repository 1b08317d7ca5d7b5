"""What a document holds, written down by who made it, and what must come of reading it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

Cells = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """
    What a reader of the document sees, in the order of the document.

    `words` is text, not single words: how it is cut is the business of who counts. `items` are (level from 1, text) and
    `headings` (level, text); only the shape of the tree counts, not where it begins. Of a table with merged cells each
    cell's text stands once, and `exact` is False: the cells must be there, the grid may be another. With `tree` False nobody can say what
    is the title or a heading in it. With `ordered` False the words of a box or of a table in a table may stand before or after those
    they stand among.
    """

    words: tuple[str, ...] = ()
    title: str = ""
    headings: tuple[tuple[int, str], ...] = ()
    items: tuple[tuple[int, str], ...] = ()
    tables: tuple[Cells, ...] = ()
    exact: bool = True
    tree: bool = True
    pictures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    ordered: bool = True

    def plus(self, **more) -> "Truth":
        """Give the same with more at the end of the named tuples, or with another value of what is no tuple."""
        return replace(
            self,
            **{
                name: (*getattr(self, name), *value) if isinstance(value, tuple) else value
                for name, value in more.items()
            },
        )


@dataclass(frozen=True, slots=True)
class Expected:
    """
    What must come of reading a document: its text, the warnings, or the refusal.

    Attributes:
        truth: What the Markdown must hold. Without one, only the rest is looked at.
        refused: The reasons of which one must be given. Empty when the document must be read.
        either: Whether it may be read instead of refused; then all the rest must hold.
        kind: What the product must find the file to be, by its content.
        has: Strings that stand in the text as a reader sees it, dashes and spaces as they are.
        lacks: Strings that must not stand there.
        marked: A string that stands in the Markdown, with its marks.
        warns: Groups of finding codes; at least one of each group must be among the findings.
        suggested: Field and value that must be among the suggested ones.
        changes: Kind and text of every tracked change, in any order.
        comments: The text of every comment, in any order.
        boxes: The check boxes: ticked or not, and the words after each.
        numbers: Items of numbered lists as they are seen: the number, and the words.
        differs: Whether two readings of the file differ in a dose, a number or a negation, and it is said.
        more: Whether the text may hold other words than the truth, which then tells of some of them only.
        least: Word recall must be at least this.
    """

    truth: Truth | None = None
    refused: tuple[str, ...] = ()
    either: bool = False
    kind: str = ""
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    marked: str = ""
    warns: tuple[tuple[str, ...], ...] = ()
    suggested: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[tuple[str, str], ...] = ()
    comments: tuple[str, ...] = ()
    boxes: tuple[tuple[bool, str], ...] = ()
    numbers: tuple[tuple[int, str], ...] = ()
    differs: bool = False
    more: bool = False
    least: float = 1.0


@dataclass(frozen=True, slots=True)
class Case:
    """
    One document: its name as sent, and what makes its bytes and says what must come of them.

    `slow` ones only `make proof` reads.
    """

    name: str
    file: str
    make: Callable[[], tuple[bytes, Expected]]
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One thing a document can hold, or that can be wrong with it; at least three documents show it."""

    key: str
    says: str
    cases: tuple[Case, ...]


def row(key: str, says: str, *cases: Case) -> Row:
    """Put a row together."""
    return Row(key, says, cases)


def case(name: str, file: str, make: Callable[[], bytes | str], *, slow=False, **expected) -> Case:
    """Give a case whose truth is written beside it; text is sent as UTF-8."""

    def made():
        data = make()
        return data if isinstance(data, bytes) else data.encode(), Expected(**expected)

    return Case(name, file, made, slow)


def refused(name: str, file: str, make: Callable[[], bytes | str], *whys: str, slow=False, **expected) -> Case:
    """Give a case that must not be read, for one of the reasons; with more that is expected, it may be read so instead."""
    return case(name, file, make, slow=slow, refused=whys, either=bool(expected), **expected)
