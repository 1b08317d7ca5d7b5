"""Lists as Word writes them to HTML: paragraphs with a mark in front and the level in a style, made lists again."""

import re
from typing import Any, Final

Element = Any
_LEVEL = re.compile(r"mso-list\s*:[^;]*\blevel(\d)", re.IGNORECASE)
_IGNORED = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_LONGEST_NUMBER: Final = 6
_SPACE: Final = " \t\r\n\u00a0"
_BULLET = re.compile(r"[\s\u00a0]*([·•§▪➢●■❖\uf0b7\uf0a7]|[o–-](?=[\s\u00a0]|$))[\s\u00a0]*")
_NUMBER = re.compile(r"[\s\u00a0]*(\(?([0-9]{1,3}|[a-zA-Z]{1,4})[.)])(?=[\s\u00a0]|$)[\s\u00a0]*")
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def make_word_lists(root: Element) -> list[str]:
    """
    Put paragraphs of Word's lists that follow each other into lists, nested as their levels say.

    Returns:
        The marks that were taken from the paragraphs, in their order; the lists write them anew.
    """
    marks: list[str] = []
    for first in list(root.iter("p")):
        if first.getparent() is None or _level(first) is None or _continues(first.getprevious()):
            continue
        run = [first]
        while _continues(run[-1]) and _level(run[-1].getnext()) is not None:
            run.append(run[-1].getnext())
        _nest(run, marks)
    return marks


def _continues(element: Element | None) -> bool:
    """Tell whether a paragraph is one of a list, and nothing is written between it and the next."""
    return _level(element) is not None and element is not None and not (element.tail or "").strip(_SPACE)


def part_lists(root: Element) -> None:
    """Begin a new list at an item that is given a number of its own: no list of Markdown skips a number."""
    for listed in list(root.iter("ol")):
        start = listed.get("start") or "1"
        expected = int(start) if start.isdecimal() and len(start) <= _LONGEST_NUMBER else 1
        parts: list[tuple[str, list[Element]]] = [("", [])]
        is_begun = False
        for one in listed:
            said = one.get("value") or ""
            if one.tag == "li" and said.isdecimal() and len(said) <= _LONGEST_NUMBER and int(said) != expected:
                expected = int(said)
                if is_begun:
                    parts.append((said, []))
                else:
                    listed.set("start", said)
            expected += one.tag == "li"
            is_begun = is_begun or one.tag == "li"
            parts[-1][1].append(one)
        last = listed
        for said, items in parts[1:]:
            made = listed.makeelement("ol", {**listed.attrib, "start": said})
            made.extend(items)
            made.tail, last.tail = last.tail, None
            last.addnext(made)
            last = made


def _level(element: Element | None) -> int | None:
    if element is None or element.tag != "p":
        return None
    found = _LEVEL.search(element.get("style") or "")
    return int(found[1]) if found else None


def _nest(run: list[Element], marks: list[str]) -> None:
    # The lists that are open, outermost first, each with its level and the number of its last item.
    open_lists: list[tuple[int, Element]] = []
    said_after = run[-1].tail
    for paragraph in run:
        level = _level(paragraph) or 1
        while open_lists and open_lists[-1][0] > level:
            open_lists.pop()
        same = open_lists[-1][1] if open_lists and open_lists[-1][0] == level else None
        kind, number = _take_mark(paragraph, same, marks)
        if same is not None and (same.tag, same.get("type")) != kind:
            open_lists.pop()
            same = None
        if same is None:
            same = paragraph.makeelement(kind[0], {"type": kind[1]} if kind[1] else {})
            if not open_lists:
                paragraph.addprevious(same)
            elif len(open_lists[-1][1]):
                open_lists[-1][1][-1].append(same)
            open_lists.append((level, same))
        # What one item is numbered, the next goes on from; `part_lists` begins a list where it does not.
        item = paragraph.makeelement("li", {"value": str(number)} if number is not None else {})
        same.append(item)
        paragraph.tail = None
        item.append(paragraph)
        paragraph.tag = "span"
    open_lists[0][1].tail = said_after


def _take_mark(
    paragraph: Element, listed: Element | None, marks: list[str]
) -> tuple[tuple[str, str | None], int | None]:
    """
    Take the mark off a paragraph; give the kind of list it is for, and the number it says.

    Word says which letters are the mark. Where a program has left that out, a number is one in any case; a word or a letter
    only where it goes on from the item before or begins a list, since "Ca. 5 mg" begins so too.
    """
    ignored = next((one for one in paragraph.iter() if _IGNORED.search(one.get("style") or "")), None)
    if ignored is not None:
        said = "".join(ignored.itertext())
        found = _BULLET.fullmatch(said) or _NUMBER.fullmatch(said)
        if found is None:
            return ("ul", None), None
        kind, number = _counted(found[2], _expected(listed), sure=True) if found.re is _NUMBER else (None, None)
        if found.re is _NUMBER and number is None:
            return ("ul", None), None
        ignored.drop_tree()
        marks.append(found[1])
        return ("ul", None) if number is None else ("ol", kind), number
    for one in paragraph.iter():
        for name in ("text", "tail"):
            text = getattr(one, name) or ""
            if (name == "tail" and one is paragraph) or not text.strip(_SPACE):
                continue
            return _mark_in(one, name, text, _expected(listed), marks)
    return ("ul", None), None


def _mark_in(
    one: Element, name: str, text: str, expected: int, marks: list[str]
) -> tuple[tuple[str, str | None], int | None]:
    found = _BULLET.match(text)
    kind: str | None = None
    number: int | None = None
    if found is None:
        found = _NUMBER.match(text)
        kind, number = _counted(found[2], expected, sure=False) if found else (None, None)
        if found is None or number is None:
            return ("ul", None), None
    setattr(one, name, text[found.end() :])
    marks.append(found[1])
    return ("ul", None) if number is None else ("ol", kind), number


def _expected(listed: Element | None) -> int:
    return int(listed[-1].get("value") or 0) + 1 if listed is not None and len(listed) else 1


def _counted(said: str, expected: int, *, sure: bool) -> tuple[str | None, int | None]:
    """Give what kind of number a mark is, as HTML calls it, and which; None and None for one that is none."""
    if said.isdecimal():
        return None, int(said)
    small = said.lower()
    alike: dict[str, int] = {"a": ord(small) - ord("a") + 1} if len(small) == 1 else {}
    if small in _ROMAN:
        alike["i"] = _ROMAN.index(small) + 1
    kind = next((one for one, number in alike.items() if number == expected), None)
    if kind is None and sure:
        kind = next(iter(alike), None)
    if kind is None:
        return None, None
    return kind if said.islower() else kind.upper(), alike[kind]
