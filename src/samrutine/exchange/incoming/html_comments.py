"""Comments of Word in a page that it saved: they stand below the text, and are no part of it."""

import re
from typing import Any, Final

from samrutine.exchange.incoming.model import Comment

Element = Any
_COMMENT: Final = re.compile(r"mso-element\s*:\s*[\"']?comment\b(?!-)", re.IGNORECASE)
_LIST: Final = re.compile(r"mso-element\s*:\s*[\"']?comment-list\b", re.IGNORECASE)
_RANGE: Final = re.compile(r"mso-comment-reference\s*:\s*([\w-]+)", re.IGNORECASE)
_TO: Final = re.compile(r"#_mso(?:com|anchor)_(\d+)$")
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_LINES: Final = ("p", "li", "td", "th", *_HEADINGS)


def take_comments(root: Element) -> list[Comment]:
    """Take the comments out of a page, with the marks in the text; each with the heading above it, and what it was put at."""
    said: dict[str, str] = {}
    for one in [each for each in root.iter("div", "p", "span") if _COMMENT.search(each.get("style") or "")]:
        number = next((found[1] for mark in one.iter("a") if (found := _TO.search(mark.get("href") or ""))), "")
        named = next(
            (name[8:] for mark in one.iter("a") if (name := mark.get("name") or "").startswith("_msocom_")), ""
        )
        for mark in [each for each in one.iter("a") if _TO.search(each.get("href") or "")]:
            mark.drop_tree()
        said[named or number or f"-{len(said)}"] = " ".join(one.text_content().split())
        one.drop_tree()
    places = _places(root) if said else {}
    for one in [each for each in root.iter("div") if _LIST.search(each.get("style") or "")]:
        one.drop_tree()
    return [Comment(text, *places.get(number, ("", ""))) for number, text in said.items() if text]


def _places(root: Element) -> dict[str, tuple[str, str]]:
    """Give the heading and the words that each comment was put at, by its number, and take its marks away."""
    found: dict[str, tuple[str, str]] = {}
    heading = ""
    held: list[str] = []
    marks: list[Element] = []
    for one in root.iter("a", *_HEADINGS):
        if one.tag != "a":
            heading = " ".join(one.text_content().split())
        elif _RANGE.search(one.get("style") or ""):
            held.append(" ".join(one.text_content().split()))
        elif number := _TO.search(one.get("href") or ""):
            line = next(one.iterancestors(*_LINES), None)
            about = " ".join(filter(None, held)) or ("" if line is None else " ".join((line.text_content()).split()))
            found[number[1]] = (heading, about.replace(" ".join(one.text_content().split()), "").strip())
            held = []
            marks.append(one)
    for one in marks:
        one.drop_tree()
    return found
