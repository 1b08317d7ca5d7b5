"""
Notes of a page: what is written as links to the end and back becomes notes again.

Word writes `_ftnref1` and `_ftn1`, LibreOffice `sdfootnote1anc` and `sdfootnote1sym`, others name the paragraph or the point that the
note is. A note is what a link that looks like the mark of one leads to, and what links back or has a note's name.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

from samrutine.exchange.incoming.word_package import Element

_OPEN, _CLOSE = "\ue0f1", "\ue0f2"
"""Two letters that no language has, around the number of a note: pandoc hands letters on, and neither names nor classes."""
_HERE = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_NAMED = re.compile(r"(?:_?ftn|_?edn|sdfootnote|sdendnote|fn|footnote|endnote)", re.IGNORECASE)
_LINES: Final = frozenset({"p", "li", "dd"})
_BODIES: Final = frozenset({*_LINES, "div", "aside"})
_BLOCKS: Final = frozenset(
    {*_BODIES, "td", "th", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "body", "blockquote", "pre", "br"}
)
_NO_NOTE: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_MARK: Final = re.compile(r"[\[(]?(?:\d{1,4}|[ivxlc]{1,6}|[a-z]|[*†‡§]{1,3})[\])]?", re.IGNORECASE)
_SHORT: Final = 3
_FIGURES: Final = re.compile(r"[\[(]?(\d{1,4}|[*†‡]{1,3})[\])]?")


def mark_notes(root: Element) -> int:
    """
    Put a mark where a note is referred to and another on the note; give how often one is. `put_notes` makes them notes.

    A note that is referred to again is a note there too.
    """
    order = {one: n for n, one in enumerate(root.iter())}
    targets = {name: one for one in order for name in _names(one)}
    count, notes = 0, dict[Element, int]()
    for one in [link for link in order if link.tag == "a"]:
        other = targets.get((one.get("href") or "").removeprefix("#")) if "#" in (one.get("href") or "") else None
        if other is None or other is one or not _MARK.fullmatch(_said(one)) or order[one] > order[other]:
            continue
        body = other if other.tag in _BODIES else _body_of(other)
        if body is None or any(above is body for above in one.iterancestors()):
            continue
        if body not in notes:
            back = list(_links_back(body, one))
            is_named = other.tag in _BODIES and any(_NAMED.match(name) for name in _names(other))
            if not (back or is_named) or next(body.iter(*_NO_NOTE), None) is not None or not _body_says(body, back):
                continue
            _drop_rule_before(body)
            notes[body] = len(notes) + 1
        for link in list(_links_back(body, one)):
            said = _said(link)
            link.drop_tree() if len(said) <= _SHORT or _MARK.fullmatch(said) else link.drop_tag()
        count += 1
        _refer(one, notes[body])
    _put_last(root, list(notes))
    return count


def part_marks(root: Element) -> None:
    """Part a link that is only figures from the word or the number before it: «5» and a note's «1» are no 51."""
    for one in list(root.iter("a")):
        found = _FIGURES.fullmatch(_said(one)) if one.get("href") else None
        if found is None:
            continue
        if _before(one)[-1:].isalnum() and not any(above.tag == "sup" for above in one.iterancestors()):
            for child in list(one):
                one.remove(child)
            one.text = f"[{found[1]}]"
            _put_before(one, " ")
        if (one.tail or "")[:1].isalnum():
            one.tail = f" {one.tail}"


def _names(element: Element) -> list[str]:
    return [name for name in (element.get("name") if element.tag == "a" else None, element.get("id")) if name]


def _said(element: Element) -> str:
    return " ".join(element.text_content().split())


def _links_back(body: Element, link: Element) -> Iterator[Element]:
    """Give the links of a note that lead back to where it is referred to: to the link, or to the raised sign it stands in."""
    around = [link, *(above for above in link.iterancestors("sup", "span"))]
    names = {f"#{name}" for one in around for name in _names(one)}
    return (one for one in body.iter("a") if one.get("href") in names)


def _body_says(body: Element, back: list[Element]) -> bool:
    """Tell whether a note has words besides the links back."""
    links = " ".join(_said(one) for one in back)
    return len(_said(body)) > len(links)


def _before(element: Element) -> str:
    """Give the letters that stand right before an element in its line."""
    at = element
    while True:
        previous = at.getprevious()
        if previous is not None:
            said = (previous.tail or "") or ("" if previous.tag in _BLOCKS else "".join(previous.itertext()))
            if said or previous.tag in _BLOCKS:
                return said
            at = previous
            continue
        above = at.getparent()
        if above is None or above.text or above.tag in _BLOCKS:
            return (above.text or "") if above is not None else ""
        at = above


def _put_before(element: Element, said: str) -> None:
    previous = element.getprevious()
    if previous is not None:
        previous.tail = f"{previous.tail or ''}{said}"
    else:
        above = element.getparent()
        above.text = f"{above.text or ''}{said}"


def without_marks(line: str) -> str:
    """Give the words of a line without what `mark_notes` put among them."""
    return _HERE.sub(" ", line)


def put_notes(tree: Any) -> None:
    """Put each note where its mark stands, and take it away from where it stood."""
    blocks: list[Any] = []
    notes: dict[str, list[Any]] = {}
    number = ""
    for block in tree["blocks"]:
        begins = _begins(block)
        if begins:
            number = begins
            notes[number] = []
        elif number:
            notes[number].append(block)
        else:
            blocks.append(block)
    tree["blocks"] = blocks
    if notes:
        _put(tree, notes)


def _put_last(root: Element, notes: list[Element]) -> None:
    """Move the notes to the end of the page, each after a paragraph that says which it is."""
    end = root.find("body")
    if end is None or not notes:
        return
    for number, body in enumerate(notes, start=1):
        body.drop_tree()
        begins = body.makeelement("p", {})
        begins.text = f"{_OPEN}{number}{_CLOSE}"
        end.append(begins)
        if body.tag in {"li", "dd"}:
            body.tag = "div"
        body.tail = None
        end.append(body)


def _body_of(link: Element) -> Element | None:
    """Give the element that holds a note: a part of its own that is named so, or else its paragraph."""
    for above in link.iterancestors("div", "li", "aside"):
        if _NAMED.match(above.get("id") or ""):
            return above
    return next((above for above in link.iterancestors() if above.tag in _LINES), None)


def _drop_rule_before(body: Element) -> None:
    """Take away the line that is drawn above the first note."""
    before = body.getprevious()
    while before is not None and before.tag == "br":
        before = before.getprevious()
    if before is not None and before.tag == "hr":
        before.drop_tree()


def _refer(link: Element, number: int) -> None:
    """Put the mark of a note in the place of its link, and of the raised sign that the link alone is in."""
    at = link
    above = link.getparent()
    if (
        above is not None
        and above.tag == "sup"
        and " ".join(above.text_content().split()) == " ".join(link.text_content().split())
    ):
        at = above
    mark = f"{_OPEN}{number}{_CLOSE}"
    for child in list(at):
        at.remove(child)
    at.text = mark
    at.drop_tag()


def _begins(block: Any) -> str:
    """Give the number of the note that begins after a block, or nothing."""
    words = block["c"] if block["t"] in {"Para", "Plain"} else []
    found = _HERE.fullmatch(words[0]["c"]) if len(words) == 1 and words[0]["t"] == "Str" else None
    return found[1] if found else ""


def _put(held: Any, notes: dict[str, list[Any]]) -> None:
    waiting = [held]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            if any(isinstance(each, dict) and each.get("t") == "Str" and _HERE.search(each["c"]) for each in one):
                one[:] = [part for each in one for part in _parts(each, notes)]
            waiting += one


def _parts(inline: Any, notes: dict[str, list[Any]]) -> list[Any]:
    """Part a word that has marks in it into its letters and the notes."""
    if inline.get("t") != "Str":
        return [inline]
    found: list[Any] = []
    for n, piece in enumerate(_HERE.split(inline["c"])):
        if n % 2:
            found.append({"t": "Note", "c": deepcopy(notes.get(piece, []))})
        elif piece:
            found.append({"t": "Str", "c": piece})
    return found
