"""The way through a text that is the same for whoever reads it block by block: what comes, and what it stands inside of."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from markdown_it.token import Token

Part = TypeVar("Part")


class Walk(ABC, Generic[Part]):
    """
    Goes through the tokens of a body, and gives what a subclass makes of each block.

    Attributes:
        section: The words of the heading that comes before; set by the subclass, which knows how words are written.
        lists: The kinds of the lists one is inside of, the outermost first.
        quotes: How many quotations one is inside of.
        note: The label of the footnote one is inside of; "" outside.
    """

    def __init__(self) -> None:
        self.section = ""
        self.lists: list[str] = []
        self.quotes = 0
        self.note = ""

    def parts(self, tokens: "Sequence[Token]") -> Iterator[Part]:
        """Give what there is of blocks, in the order they are read, notes last."""
        n = 0
        while n < len(tokens):
            token = tokens[n]
            match token.type:
                case "heading_open":
                    n += 1
                    yield self._heading(token, tokens[n])
                case "table_open":
                    end = next(m for m in range(n, len(tokens)) if tokens[m].type == "table_close")
                    yield from self._table(tokens[n:end])
                    n = end
                case "inline":
                    yield self._paragraph(token)
                case "fence" | "code_block" | "hr":
                    yield self._by_itself(token)
                case _:
                    self._enter_or_leave(token)
            n += 1

    @abstractmethod
    def _heading(self, opening: "Token", inline: "Token") -> Part: ...

    @abstractmethod
    def _table(self, tokens: "Sequence[Token]") -> Iterable[Part]: ...

    @abstractmethod
    def _paragraph(self, inline: "Token") -> Part: ...

    @abstractmethod
    def _by_itself(self, token: "Token") -> Part:
        """Make something of code, or of a line across."""

    def _item_begins(self) -> None:
        """Note that an item of the innermost list begins; most need not know."""

    def _enter_or_leave(self, token: "Token") -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self.lists.append(token.type)
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self._item_begins()
            case "blockquote_open" | "blockquote_close":
                self.quotes += token.nesting
            case "footnote_open":
                self.note = str(token.meta["label"])
            case "footnote_close":
                self.note = ""
            case _:
                pass
