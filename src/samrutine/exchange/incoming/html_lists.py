"""Lists as Word writes them to HTML: paragraphs with a mark in front and the level in a style, made lists again."""

import re
from typing import Any, Final

Element = Any
_LEVEL = re.compile(r"mso-list\s*:[^;]*\blevel(\d)", re.IGNORECASE)
_LONGEST_NUMBER: Final = 6
_MARK = re.compile(r"^[\s\u00a0]*([·•o§▪–\-\uf0b7\uf0a7]|\(?[0-9]{1,3}[.)]|\(?[a-zA-Z]{1,4}[.)])[\s\u00a0]*")


def make_word_lists(root: Element) -> None:
    """Put paragraphs of Word's lists that follow each other into lists, nested as their levels say."""
    for first in list(root.iter("p")):
        if first.getparent() is None or _level(first) is None or _level(first.getprevious()) is not None:
            continue
        run = [first]
        while _level(run[-1].getnext()) is not None and not (run[-1].tail or "").strip():
            run.append(run[-1].getnext())
        _nest(run)


def part_lists(root: Element) -> None:
    """Begin a new list at an item that is given a number of its own: no list of Markdown skips a number."""
    for item in list(root.iter("li")):
        listed = item.getparent()
        said = item.get("value") or ""
        if listed is None or listed.tag != "ol" or not said.isdecimal() or len(said) > _LONGEST_NUMBER:
            continue
        items = [one for one in listed if one.tag == "li"]
        start = listed.get("start") or "1"
        before = items.index(item)
        if int(said) == before + (int(start) if start.isdecimal() else 1):
            continue
        if before == 0:
            listed.set("start", said)
            continue
        made = listed.makeelement("ol", {**listed.attrib, "start": said})
        for one in [item, *item.itersiblings()]:
            made.append(one)
        made.tail, listed.tail = listed.tail, None
        listed.addnext(made)


def _level(element: Element | None) -> int | None:
    if element is None or element.tag != "p":
        return None
    found = _LEVEL.search(element.get("style") or "")
    return int(found[1]) if found else None


def _nest(run: list[Element]) -> None:
    # The lists that are open, outermost first, each with its level.
    open_lists: list[tuple[int, Element]] = []
    for paragraph in run:
        level = _level(paragraph) or 1
        numbered = _take_mark(paragraph)
        while open_lists and open_lists[-1][0] > level:
            open_lists.pop()
        if not open_lists or open_lists[-1][0] < level:
            made = paragraph.makeelement("ol" if numbered else "ul", {})
            if not open_lists:
                paragraph.addprevious(made)
            elif len(open_lists[-1][1]):
                open_lists[-1][1][-1].append(made)
            open_lists.append((level, made))
        item = paragraph.makeelement("li", {})
        open_lists[-1][1].append(item)
        tail, paragraph.tail = paragraph.tail, None
        item.append(paragraph)
        paragraph.tag = "span"
        del tail


def _take_mark(paragraph: Element) -> bool:
    """Take the mark off a paragraph, and tell whether it was a number."""
    for one in paragraph.iter():
        for name in ("text", "tail"):
            text = getattr(one, name) or ""
            if (name == "tail" and one is paragraph) or not text.strip(" \t\r\n\u00a0"):
                continue
            found = _MARK.match(text)
            if found is None:
                return False
            setattr(one, name, text[found.end() :])
            return any(letter.isalnum() for letter in found[1]) and found[1] != "o"
    return False
