"""
What a page's own style sheets say of its words: struck, hidden, coloured. Written on each element, as if it had been said there.

Only what can change what a reader takes the words for is read, and only rules for the screen that are always in force.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

Element = Any
_READ: Final = frozenset(
    {"text-decoration", "text-decoration-line", "display", "visibility", "mso-hide", "color", "background", "background-color", "vertical-align"}
)  # fmt: skip
_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_RULE: Final = re.compile(r"([^{};]+)\{([^{}]*)\}")
_COMPOUND: Final = re.compile(r"(?P<tag>[a-z][a-z0-9]*|\*)?(?P<more>(?:[.#][\w-]+)*)", re.IGNORECASE)
_MOST_RULES: Final = 20_000
_STRUCK: Final = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_BLOCKS: Final = frozenset(
    {
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dt", "dd", "pre", "caption", "figcaption", "dl", "figure"),
        *("blockquote", "div", "tr", "table", "tbody", "thead", "tfoot", "ul", "ol", "section", "article", "body", "address"),
        *("summary", "main", "details", "aside", "form", "fieldset", "center", "header", "footer", "nav"),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the parts of a selector that spaces stand between."""

    tag: str
    classes: frozenset[str]
    id: str

    def fits(self, element: Element) -> bool:
        return (
            isinstance(element.tag, str)
            and self.tag in {"*", "", element.tag}
            and self.id in {"", element.get("id") or ""}
            and self.classes <= set((element.get("class") or "").split())
        )


@dataclass(frozen=True, slots=True)
class _Rule:
    weight: tuple[int, int, int, int]
    parts: tuple[_Part, ...]
    says: tuple[tuple[str, str], ...]

    def fits(self, element: Element) -> bool:
        *above, last = self.parts
        if not last.fits(element):
            return False
        around = element.iterancestors()
        return all(any(part.fits(one) for one in around) for part in reversed(above))


def apply_sheets(root: Element) -> None:
    """Write on each element what the page's style sheets say of it. What it says itself holds."""
    rules: defaultdict[str, list[_Rule]] = defaultdict(list)
    for number, (selector, said) in enumerate(_rules("\n".join(one.text or "" for one in root.iter("style")))):
        says = tuple((name, value) for name, value in declared(said).items() if name in _READ)
        for one in selector.split(",") if says else ():
            parts = _parts(one)
            if parts:
                weight = (
                    sum(1 for part in parts if part.id), sum(len(part.classes) for part in parts),
                    sum(1 for part in parts if part.tag not in {"", "*"}), number,
                )  # fmt: skip
                last = parts[-1]
                rules[last.id or min(last.classes, default="") or last.tag].append(_Rule(weight, parts, says))
    if not rules:
        return
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        keys = {element.tag, "*", "", element.get("id") or "", *(element.get("class") or "").split()}
        found = sorted(
            (rule for key in keys for rule in rules.get(key, ()) if rule.fits(element)), key=lambda one: one.weight
        )
        named = dict(pair for rule in found for pair in rule.says)
        if named:
            own = declared(element.get("style") or "")
            more = "; ".join(f"{name}: {value}" for name, value in named.items() if name not in own)
            element.set("style", "; ".join(filter(None, (more, element.get("style")))))


def declared(style: str) -> dict[str, str]:
    """Give what a style says, by property."""
    pairs = (one.partition(":") for one in style.split(";"))
    return {
        name.strip().casefold(): value.partition("!")[0].strip() for name, _, value in pairs if name.strip() and value
    }


def strike(root: Element) -> None:
    """Write with the tag for it what a style strikes out, in whatever it stands."""
    for one in [each for each in root.iter() if _STRUCK.search(each.get("style") or "")]:
        if one.tag in {"span", "font"}:
            one.tag = "s"
            continue
        waiting = [one]
        while waiting:
            element = waiting.pop()
            waiting += [child for child in element if child.tag in _BLOCKS]
            _strike_runs(element)


def _strike_runs(element: Element) -> None:
    """Put each run of words that stands in an element itself, and not in a block of it, in a struck one."""
    parts = [element.makeelement("s", {})]
    parts[0].text, element.text = element.text, None
    for child in list(element):
        if child.tag in _BLOCKS:
            following = element.makeelement("s", {})
            following.text, child.tail = child.tail, None
            parts += [child, following]
        else:
            parts[-1].append(child)
    for child in list(element):
        element.remove(child)
    for part in parts:
        element.append(part)
        if part.tag == "s" and not part.text_content().strip():
            part.drop_tag()


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Give the rules of a sheet that are always in force: what an at-rule holds is for print, or for narrow screens."""
    text = _COMMENT.sub(" ", sheet)
    kept: list[str] = []
    at = 0
    while (start := text.find("@", at)) >= 0:
        kept.append(text[at:start])
        opens, ends = text.find("{", start), text.find(";", start)
        if ends >= 0 and (opens < 0 or ends < opens):
            at = ends + 1
            continue
        depth, at = 0, opens if opens >= 0 else len(text)
        while at < len(text):
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
            if depth == 0:
                break
    kept.append(text[at:])
    for number, found in enumerate(_RULE.finditer("".join(kept))):
        if number >= _MOST_RULES:
            return
        yield found[1].strip(), found[2]


def _parts(selector: str) -> tuple[_Part, ...]:
    """Read a selector; nothing for one that says more than tags, classes and names, such as what is pointed at."""
    parts = []
    for word in selector.replace(">", " ").split():
        found = _COMPOUND.fullmatch(word)
        if found is None:
            return ()
        more = re.findall(r"([.#])([\w-]+)", found["more"])
        parts.append(
            _Part(
                (found["tag"] or "").lower(), frozenset(name for sign, name in more if sign == "."),
                next((name for sign, name in more if sign == "#"), ""),
            )
        )  # fmt: skip
    return tuple(parts)
