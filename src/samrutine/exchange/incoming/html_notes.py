"""
Notes of a page: what Word and LibreOffice write as links to the end and back become notes again.

Word writes `_ftnref1` and `_ftn1`, LibreOffice `sdfootnote1anc` and `sdfootnote1sym`; both link from the text to the note and from
the note back, and that is what is looked for here, not the names.
"""

import re
from typing import Any, Final

from samrutine.exchange.incoming.word_package import Element

_OPEN, _CLOSE = "\ue0f1", "\ue0f2"
"""Two letters that no language has, around the number of a note: pandoc hands letters on, and neither names nor classes."""
_HERE = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_NAMED = re.compile(r"(?:_?ftn|_?edn|sdfootnote|sdendnote|fn|footnote|endnote)", re.IGNORECASE)
_LINES: Final = frozenset({"p", "li", "dd"})


def mark_notes(root: Element) -> int:
    """Put a mark where a note is referred to and another on the note; give how many there are. `put_notes` makes them notes."""
    links = list(root.iter("a"))
    order = {one: n for n, one in enumerate(links)}
    targets = {name: one for one in links if (name := one.get("name") or one.get("id"))}
    count, notes = 0, list[Element]()
    for one in links:
        other = targets.get((one.get("href") or "").removeprefix("#"))
        name = one.get("name") or one.get("id") or ""
        if other is None or other is one or not name or (other.get("href") or "") != f"#{name}":
            continue
        if not _NAMED.match(name) or order[one] > order[other]:
            continue
        body = _body_of(other)
        if body is None or body in notes or any(above is body for above in one.iterancestors()):
            continue
        count += 1
        other.drop_tree()
        _drop_rule_before(body)
        _refer(one, count)
        notes.append(body)
    _put_last(root, notes)
    return count


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
            found.append({"t": "Note", "c": notes.get(piece, [])})
        elif piece:
            found.append({"t": "Str", "c": piece})
    return found
