"""The paragraphs of a Word document, each for what it is: title, heading, item, entry of a list of contents, text."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from samrutine.exchange.incoming.compare import words_of
from samrutine.exchange.incoming.headings import (
    Line,
    TypedNumbers,
    first_is_title,
    levels,
    references_to_numbers,
    title_is_guess,
)
from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.word_changes import WHERE, place
from samrutine.exchange.incoming.word_lists import Lists
from samrutine.exchange.incoming.word_package import Element, W, is_on, value
from samrutine.exchange.incoming.word_styles import Styles
from samrutine.exchange.incoming.word_text import text_of

_LEVEL: Final = "level"
_TITLE: Final = "title"
_CONTENTS: Final = "contents"
_DEEPEST: Final = 5
_LONGEST_PLACE: Final = 80
_LEFT_OUT: Final = frozenset({f"{W}del", f"{W}moveFrom"})
_TABLE: Final = f"{W}tbl"


class Body:
    """
    The paragraphs of one part. `mark_places` looks, before changes are accepted; `settle` makes them what they are.

    Attributes:
        title: The document's title, empty until it is settled or when it has none.
        headings, items: How many there are, empty ones left out.
        dropped: Words that are left out on purpose: the list of contents, the numbers of headings.
    """

    def __init__(self, root: Element, styles: Styles, lists: Lists) -> None:
        self._root = root
        self._styles = styles
        self._lists = lists
        self._found: list[Finding] = []
        self._numbers = TypedNumbers(())
        self._numbered = False
        self.title = ""
        self.headings = 0
        self.items = 0
        self.dropped: Counter[str] = Counter()

    def mark_places(self) -> None:
        """Decide what is a heading, and write on every paragraph which heading it stands under."""
        for one in self._contents():
            one.set(_CONTENTS, "1")
        rows = [one for one in _top(self._root) if not one.get(_CONTENTS)]
        lines = [self._line(one) for one in rows]
        title = self._title(rows, lines)
        others = [line for n, line in enumerate(lines) if n != title]
        said = levels(others)
        found = said.found
        self._found += said.tell(others)
        if title is not None:
            found.insert(title, None)
            rows[title].set(_TITLE, "1")
        elif (first := first_is_title(lines, found)) is not None:
            rows[first].set(_TITLE, "1")
            words = " ".join(lines[first].text.split())
            self._found += [Finding(code, detail=words) for code in title_is_guess(found, first)]
            found[first] = None
        self._set_levels(rows, lines, found)
        self._set_places(rows)

    def settle(self) -> Iterator[Finding]:
        """Make each paragraph what it is, and no more than that; give what was found on the way."""
        yield from self._found
        dropped: list[str] = []
        for paragraph in list(self._root.iter(f"{W}p")):
            text = text_of(paragraph)
            if paragraph.get(_CONTENTS) or (self._styles.is_contents(paragraph) and not paragraph.get(_LEVEL)):
                self.dropped.update(words_of(text))
                paragraph.getparent().remove(paragraph)
                dropped.append(" ".join(text.split()))
            elif paragraph.get(_TITLE):
                self.title = (
                    " ".join(self._numbers.taken(text)[0].split()) if self._numbered else " ".join(text.split())
                )
                _remove_words(paragraph)
            elif paragraph.get(_LEVEL):
                yield from self._as_heading(paragraph, text)
            else:
                if self._numbered:
                    for reference in references_to_numbers(text):
                        yield Finding("number-reference", place(paragraph), reference)
                self._as_text(paragraph, text)
        if dropped:
            yield Finding("contents-list-dropped", detail=" / ".join(filter(None, dropped)))
        _tidy_attributes(self._root)

    def plain_paragraphs(self) -> None:
        """Make each paragraph text or an item: notes have neither title nor headings."""
        for paragraph in self._root.iter(f"{W}p"):
            self._as_text(paragraph, text_of(paragraph))
        _tidy_attributes(self._root)

    def _contents(self) -> list[Element]:
        found = [one for one in self._root.iter(f"{W}p") if self._styles.is_contents(one)]
        for control in self._root.iter(f"{W}sdt"):
            gallery = value(control, f"{W}sdtPr/{W}docPartObj/{W}docPartGallery") or ""
            if "table of contents" in gallery.lower():
                found += list(control.iter(f"{W}p"))
        return list({id(one): one for one in found}.values())

    def _line(self, paragraph: Element) -> Line:
        runs = [run for run in _runs(paragraph) if text_of(run).strip()]
        lent = self._styles.paragraph_look(paragraph)
        looks = [self._styles.run_look(run).over(lent) for run in runs]
        text = text_of(paragraph)
        letters = [letter for letter in text if letter.isalpha()]
        shouted = len(letters) > 3 and text.isupper()  # noqa: PLR2004 - an abbreviation is no heading
        lined = bool(runs) and all(is_on(run.find(f"{W}rPr/{W}u")) for run in runs)
        return Line(
            text,
            level=self._styles.heading_level(paragraph),
            bold=bool(looks) and (all(look.bold for look in looks) or shouted or lined),
            size=max((look.size or 0 for look in looks), default=0),
            in_list=self._lists.item(paragraph, self._styles) is not None,
        )

    def _title(self, rows: list[Element], lines: list[Line]) -> int | None:
        for n, (row, line) in enumerate(zip(rows, lines, strict=True)):
            if line.text.strip() and self._styles.is_title(row):
                return n
        return None

    def _set_levels(self, rows: list[Element], lines: list[Line], found: list[int | None]) -> None:
        real = [level for level in found if level is not None]
        shift = min(real, default=1) - 1
        texts = (line.text for line, level in zip(lines, found, strict=True) if level is not None)
        self._numbers = TypedNumbers(texts)
        self._numbered = bool(self._numbers.cut)
        automatic = any(line.in_list for line, level in zip(lines, found, strict=True) if level is not None)
        for row, level in zip(rows, found, strict=True):
            if level is None:
                continue
            row.set(_LEVEL, str(min(level - shift, _DEEPEST)))
            if level - shift > _DEEPEST:
                self._found.append(Finding("heading-too-deep", "", " ".join(text_of(row).split())))
        if self._numbered:
            self._found.append(
                Finding("heading-number-dropped", detail=" / ".join(" ".join(one.split()) for one in self._numbers.cut))
            )
        elif automatic:
            self._found.append(Finding("heading-number-dropped"))
            self._numbered = True

    def _set_places(self, rows: list[Element]) -> None:
        headed = {id(row): row for row in rows if row.get(_LEVEL)}
        where = ""
        for paragraph in self._root.iter(f"{W}p"):
            if id(paragraph) in headed:
                where = " ".join(text_of(paragraph).split())[:_LONGEST_PLACE]
            paragraph.set(WHERE, where)

    def _as_heading(self, paragraph: Element, text: str) -> Iterator[Finding]:
        if not text.strip() and next(paragraph.iter(f"{W}drawing"), None) is None:
            _set_properties(paragraph)
            return
        self.headings += 1 if text.strip() else 0
        rest, parts = self._numbers.taken(text)
        if parts and self._numbered:
            number = text[: len(text) - len(rest)]
            self.dropped.update(words_of(number))
            _cut(paragraph, len(number))
        _set_properties(paragraph, style=f"Heading{paragraph.get(_LEVEL)}")
        yield from ()

    def _as_text(self, paragraph: Element, text: str) -> None:
        item = self._lists.item(paragraph, self._styles)
        if item is None:
            _set_properties(paragraph, style="Quote" if self._styles.is_quote(paragraph) else None)
            return
        if text.strip() and not any(above.tag == _TABLE for above in paragraph.iterancestors()):
            self.items += 1
        _set_properties(paragraph, item=item)


def _top(root: Element) -> list[Element]:
    """Give the paragraphs that stand in the body itself: none of a table's, none of a box's."""
    found: list[Element] = []
    waiting = list(reversed(list(root)))
    while waiting:
        element = waiting.pop()
        if element.tag == f"{W}p":
            found.append(element)
        elif element.tag != _TABLE and element.tag not in _LEFT_OUT:
            waiting += reversed(list(element))
    return found


def _runs(paragraph: Element) -> Iterator[Element]:
    for run in paragraph.iter(f"{W}r"):
        above = next(run.iterancestors(f"{W}p", *_LEFT_OUT))
        if above is paragraph:
            yield run


def _set_properties(paragraph: Element, *, style: str | None = None, item: tuple[str, int] | None = None) -> None:
    kept = None
    for old in paragraph.findall(f"{W}pPr"):
        frame = old.find(f"{W}framePr")
        # A large first letter stands in a paragraph of its own; pandoc joins the two by this.
        kept = frame if frame is not None and frame.get(f"{W}dropCap") in {"drop", "margin"} else kept
        paragraph.remove(old)
    properties = paragraph.makeelement(f"{W}pPr", {})
    paragraph.insert(0, properties)

    def put(above: Element, name: str, said: str) -> None:
        above.append(above.makeelement(f"{W}{name}", {f"{W}val": said}))

    if style is not None:
        put(properties, "pStyle", style)
    if kept is not None:
        properties.append(kept)
    if item is not None:
        put(properties, "pStyle", "ListItem")
        numbers = properties.makeelement(f"{W}numPr", {})
        properties.append(numbers)
        put(numbers, "ilvl", str(item[1]))
        put(numbers, "numId", item[0])


def _cut(paragraph: Element, letters: int) -> None:
    """Take the first letters off a paragraph, a tab counting as one."""
    for piece in list(paragraph.iter(f"{W}t", f"{W}tab", f"{W}noBreakHyphen")):
        if letters <= 0:
            return
        if piece.tag != f"{W}t":
            letters -= 1
            piece.getparent().remove(piece)
            continue
        text = piece.text or ""
        piece.text = text[letters:]
        letters -= len(text)


def _remove_words(paragraph: Element) -> None:
    """Take a title's words out of the body, and leave what else hangs there: a picture, a note."""
    for piece in list(paragraph.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}noBreakHyphen")):
        piece.getparent().remove(piece)
    _set_properties(paragraph)


def _tidy_attributes(root: Element) -> None:
    for paragraph in root.iter(f"{W}p"):
        paragraph.attrib.clear()
