"""HTML in: pages saved from Word, LibreOffice, a quality system or a browser, made plain before pandoc reads them."""

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.changed_values import ChangedLine, LineHeard
from samrutine.exchange.incoming.compare import may_matter
from samrutine.exchange.incoming.draft import Draft, Source
from samrutine.exchange.incoming.html_comments import take_comments
from samrutine.exchange.incoming.html_lists import make_word_lists, part_lists
from samrutine.exchange.incoming.html_notes import mark_notes, part_marks, put_notes, without_marks
from samrutine.exchange.incoming.html_styles import apply_sheets, declared, strike
from samrutine.exchange.incoming.html_symbols import signs_as_letters
from samrutine.exchange.incoming.kinds import decoded
from samrutine.exchange.incoming.marked import LONGEST_BOLD, is_marker, is_warning_colour, told
from samrutine.exchange.incoming.metadata import each_once, suggested_in, suggested_in_rows
from samrutine.exchange.incoming.model import ChangeKind, Counts, FileKind, Finding, Limits, NotRead, TrackedChange
from samrutine.exchange.incoming.pandoc import tree
from samrutine.exchange.incoming.pictures import media_type

Element = Any
_CODE: Final = (
    "script",
    "iframe",
    "object",
    "embed",
    "applet",
    "canvas",
    "noscript",
    "svg",
    "video",
    "audio",
    "frame",
    "noframes",
)
_SILENT: Final = ("style", "link", "meta", "template", "base")
_BLOCKS: Final = frozenset(
    {
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dt", "dd", "pre", "caption", "figcaption"),
        *("blockquote", "div", "tr", "table", "ul", "ol", "section", "article", "body", "address", "summary", "main"),
    }
)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]+encoding\s*=\s*[\"']([\w-]{2,20})", re.IGNORECASE)
_DATA = re.compile(r"data:([\w/+.-]*)((?:;[\w=.-]+)*),(.*)", re.DOTALL | re.IGNORECASE)
_CONDITION = re.compile(r"<!\[(?:if[^\]]*|endif)\]>", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_HEADING_CLASS = re.compile(r"^(?:heading|overskrift|mso-?heading)[ _-]?([1-6])$", re.IGNORECASE)
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_LINES: Final = ("p", "li", *_HEADINGS)
_LOUD: Final = frozenset({"b", "strong", "a"})
_WHOLE: Final = frozenset({"td", "th", "div", "li"})
_MAY_STAND_OUT: Final = ("span", "font", "em", "i", "u", "p", *_WHOLE)
_TITLE_CLASSES: Final = frozenset({"msotitle", "title", "tittel"})
_SPAN = re.compile(r"\s*0*[1-9]")
_SIZE = re.compile(r"font-size\s*:\s*(\d{1,3}(?:\.\d{1,2})?)pt", re.IGNORECASE)
_NOT_SHOWN: Final = frozenset({"hidden", "password", "submit", "reset", "button", "image", "file", "range", "color"})
_TITLE_POINTS: Final = 20
_DEEPEST: Final = 220


def read_html(data: bytes, name: str, limits: Limits, folder: Path) -> Draft:
    """
    Read a page. Nothing is fetched: a picture that lies elsewhere is told of.

    Raises:
        DocumentRefused: It is nested too deep to be read.
    """
    from lxml import etree
    from lxml import html as lxml_html

    draft = Draft(FileKind.HTML, {})
    text = _CONTROL.sub("", _CONDITION.sub("", _letters(data, draft)))
    try:
        root = lxml_html.document_fromstring(
            re.sub(r"^\s*<\?xml[^>]*>", "", text),
            parser=lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True),
        )
    except (etree.ParserError, ValueError) as error:
        raise DocumentRefused(NotRead("empty", name)) from error
    if _depth(root) > _DEEPEST:
        raise DocumentRefused(NotRead("too-deep", name))
    apply_sheets(root)
    _margins(root, draft)
    _drop(root, draft)
    _changes(root, draft)
    draft.comments = take_comments(root)
    if draft.comments:
        draft.findings.append(Finding("comments", detail=str(len(draft.comments))))
    _fields(root, draft)
    _styles(root)
    draft.findings += signs_as_letters(root)
    notes = mark_notes(root)
    _marked(root, draft)
    part_marks(root)
    lines = [line for each in _lines(root) if (line := " ".join(without_marks(each).split()))]
    marks = make_word_lists(root)
    part_lists(root)
    draft.pictures = _pictures(root)
    draft.source = _source(root, _without(marks, lines), notes)
    title = root.find(".//title")
    given = " ".join((title.text or "").split()) if title is not None else ""
    _title(root, draft)
    plain = etree.tostring(root, encoding="unicode", method="html")
    draft.tree = tree(plain.encode(), "html", name, folder, limits.seconds)
    put_notes(draft.tree)
    draft.other_title = given
    return draft


def _letters(data: bytes, draft: Draft) -> str:
    declared = _XML_ENCODING.search(data[:200]) or _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            # A browser reads Latin-1 as code page 1252; the writers of such pages relied on it.
            named = declared[1].decode("ascii").lower()
            return data.decode("cp1252" if named in {"iso-8859-1", "latin1", "latin-1", "us-ascii"} else named)
        except (LookupError, UnicodeDecodeError):
            pass
    found = decoded(data)
    text, guessed = found if found is not None else (data.decode("latin-1"), True)
    if guessed:
        draft.findings.append(Finding("encoding-guessed"))
    return text


def _depth(root: Element) -> int:
    deepest, waiting = 0, [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in element]
    return deepest


def _margins(root: Element, draft: Draft) -> None:
    """Take out what was printed at the edge of pages, and hear what it says of the document."""
    marked = [one for one in root.iter("div") if one.get("title") in {"header", "footer"}]
    for one in [*marked, *root.iter("nav", "footer")]:
        text = "\n".join(filter(None, (" ".join(line.split()) for line in one.itertext())))
        if one.tag in {"nav", "footer"} and may_matter(" ".join(text.split())):
            # A page may say anywhere what must be done, and whoever made it chose the tag for its looks.
            one.tag = "div"
            continue
        where = "footer" if one.tag == "footer" or one.get("title") == "footer" else "header"
        if text:
            draft.findings.append(Finding("header-footer", where, text))
            draft.suggested += suggested_in(text, where)
        one.drop_tree()
    rows = [
        [" ".join(cell.text_content().split()) for cell in row if cell.tag in {"td", "th"}] for row in root.iter("tr")
    ]
    draft.suggested += suggested_in_rows(rows, "table")
    draft.suggested = each_once(draft.suggested)


def _drop(root: Element, draft: Draft) -> None:
    for one in list(root.iter(*_CODE)):
        words = " ".join(one.itertext()) if one.tag not in {"script", "style"} else ""
        draft.findings.append(Finding("script-dropped", detail=f"{one.tag} {' '.join(words.split())}".strip()))
        one.drop_tree()
    for one in list(root.iter(*_SILENT)):
        one.drop_tree()
    for one in list(root.iter()):
        if one.getparent() is not None and (_HIDDEN.search(one.get("style") or "") or one.get("hidden") is not None):
            text = " ".join(one.text_content().split())
            if text:
                draft.findings.append(Finding("hidden-text", detail=text))
            one.drop_tree()
        for attribute in [key for key in one.attrib if key.lower().startswith("on")]:
            del one.attrib[attribute]


def _changed_lines(root: Element) -> Iterator[ChangedLine]:
    """Give each line that something was struck from or put into, as it was and as it is."""
    touched = dict.fromkeys(
        block
        for one in root.iter("ins", "del")
        for block in (_line_around(one), *one.iter(*_BLOCKS))
        if block is not None
    )
    for block in touched:
        line = LineHeard()
        for text in block.xpath(".//text()"):
            inside = text.getparent() if text.is_text else text.getparent().getparent()
            if _line_around(inside) is block:
                tags = {inside.tag, *(one.tag for one in inside.iterancestors())}
                line.say(str(text), came="ins" in tags, gone="del" in tags)
        yield from line.ended()


def _line_around(element: Element) -> Element | None:
    """Give what an element stands in that is a line of its own, or the element itself."""
    return element if element.tag in _BLOCKS else next(element.iterancestors(*_BLOCKS), None)


def _changes(root: Element, draft: Draft) -> None:
    draft.changed_lines += _changed_lines(root)
    for one in list(root.iter("ins", "del")):
        text = " ".join(one.text_content().split())
        kind = ChangeKind.DELETED if one.tag == "del" else ChangeKind.INSERTED
        if text:
            draft.changes.append(TrackedChange(kind, text, ""))
        one.drop_tree() if one.tag == "del" else one.drop_tag()
    if draft.changes:
        draft.findings.append(Finding("text-changed-visible", detail=str(len(draft.changes))))


def _fields(root: Element, draft: Draft) -> None:
    for one in list(root.iter("input")):
        if (one.get("type") or "").lower() in {"checkbox", "radio"}:
            one.tail = f"{'☒' if one.get('checked') is not None else '☐'} {(one.tail or '').lstrip()}"
        elif (one.get("type") or "text").lower() in _NOT_SHOWN:
            _tell_of_value(one, draft)
        elif one.get("value"):
            one.tail = f"{one.get('value')} {one.tail or ''}"
        one.drop_tree()
    for one in list(root.iter("textarea", "button")):
        one.tag = "span"
        one.tail = f" {one.tail or ''}"
    for one in list(root.iter("select")):
        options = [" ".join(option.text_content().split()) for option in one.iter("option")]
        chosen = next(
            (" ".join(o.text_content().split()) for o in one.iter("option") if o.get("selected") is not None), ""
        )
        draft.findings.append(Finding("choices", detail=" / ".join(options)))
        # Where nobody has chosen, whoever reads the page sees what there is to choose from, and a dose may be one of them.
        said = chosen or " / ".join(filter(None, options))
        one.tail = f"{said} {one.tail or ''}"
        one.drop_tree()


def _tell_of_value(field: Element, draft: Draft) -> None:
    """Tell of what a field holds and does not show as text: a password is not repeated, and what sends a form is no words."""
    words = " ".join((field.get("value") or field.get("alt") or "").split())
    if words and (field.get("type") or "").lower() != "password":
        draft.findings.append(Finding("hidden-text", detail=words))


def _styles(root: Element) -> None:
    """Write what styles say with the tags that say it: struck text, headings, the title; and no cell over no rows."""
    for one in root.iter("td", "th"):
        for across in ("colspan", "rowspan"):
            if across in one.attrib and not _SPAN.match(one.get(across)):
                del one.attrib[across]
    strike(root)
    for one in list(root.iter("span", "font")):
        raised = declared(one.get("style") or "").get("vertical-align", "").casefold()
        one.tag = {"super": "sup", "sub": "sub"}.get(raised, one.tag)
    for one in list(root.iter("p")):
        heading = _HEADING_CLASS.match(one.get("class") or "")
        if heading:
            one.tag = f"h{heading[1]}"


def _marked(root: Element, draft: Draft) -> None:
    """Let short words that colour makes stand out be bold, and tell of all of them."""
    seen: set[Element] = set()
    for one in list(root.iter("mark", *_MAY_STAND_OUT)):
        style = declared(one.get("style") or "")
        # The ground of a cell is how houses draw tables.
        ground = style.get("background-color") or style.get("background") if one.tag not in _WHOLE else None
        is_marked = one.tag == "mark" or is_warning_colour(style.get("color") or one.get("color")) or is_marker(ground)
        if not is_marked or any(
            above.tag in _LOUD or above.tag in _HEADINGS or above in seen for above in one.iterancestors()
        ):
            continue
        seen.add(one)
        words = one.text_content()
        inner = next(one.iter("b", "strong"), None)
        if inner is not None and " ".join(inner.text_content().split()) == " ".join(words.split()):
            continue
        if len(words) <= LONGEST_BOLD and not any(each.tag in _BLOCKS for each in one.iterdescendants()):
            _embolden(one)
        draft.findings += told([words], "")


def _embolden(element: Element) -> None:
    """Make the words of an element bold; a paragraph, a point or a cell stays one."""
    if element.tag not in _BLOCKS:
        element.tag = "strong"
        element.attrib.clear()
        return
    strong = element.makeelement("strong", {})
    strong.text, element.text = element.text, None
    strong.extend(list(element))
    element.append(strong)


def _title(root: Element, draft: Draft) -> None:
    for one in root.iter("p", "h1"):
        if not _TITLE_CLASSES.isdisjoint((one.get("class") or "").lower().split()) and one.text_content().strip():
            draft.title = " ".join(one.text_content().split())
            one.drop_tree()
            return
    # LibreOffice says of a title only that it is large.
    first = next((one for one in root.iter(*_LINES) if one.text_content().strip()), None)
    if first is None or first.tag != "p" or _in_table(first) or next(first.iter("img"), None) is not None:
        return
    large = next((one for one in first if one.tag in {"font", "span"}), None)
    size = _SIZE.search("" if large is None else large.get("style") or "")
    words = " ".join(first.text_content().split())
    if (
        large is not None
        and size
        and float(size[1]) >= _TITLE_POINTS
        and " ".join(large.text_content().split()) == words
    ):
        draft.title = words
        first.drop_tree()


def _pictures(root: Element) -> dict[str, tuple[str, bytes]]:
    found: dict[str, tuple[str, bytes]] = {}
    for one in root.iter("img"):
        held = _DATA.match(one.get("src") or "")
        if held is None:
            continue
        try:
            data = base64.b64decode(held[3]) if "base64" in held[2].lower() else unquote_to_bytes(held[3])
        except (binascii.Error, ValueError):
            continue
        kind, ending = media_type(data)
        target = next((name for name, (_, other) in found.items() if other == data), f"bilde-{len(found) + 1}.{ending}")
        found[target] = (kind, data)
        one.set("src", target)
    return found


def _lines(root: Element) -> list[str]:
    """Give the lines of a page as they stand there, before lists are made of anything."""
    body = root.find("body")
    lines: list[str] = [""]
    if body is not None:
        _walk(body, lines)
    return [line.strip() for line in lines if line.strip()]


def _without(marks: list[str], lines: list[str]) -> list[str]:
    """Leave the marks that lists write anew out of the lines that begin with them; both are in the page's order."""
    waiting = iter([*marks, ""])
    mark = next(waiting)
    out = []
    for line in lines:
        if mark and line.startswith(mark):
            out.append(line[len(mark) :].strip())
            mark = next(waiting)
        else:
            out.append(line)
    return out


def _source(root: Element, lines: list[str], notes: int) -> Source:
    return Source(
        lines=lines,
        counts=Counts(
            headings=sum(1 for one in root.iter(*_HEADINGS) if one.text_content().strip() and not _in_table(one)),
            items=sum(1 for one in root.iter("li") if one.text_content().strip() and not _in_table(one)),
            cells=sum(1 for _ in root.iter("td", "th")),
            pictures=sum(1 for _ in root.iter("img")),
            notes=notes,
        ),
    )


def _in_table(element: Element) -> bool:
    return any(above.tag == "table" for above in element.iterancestors())


def _walk(element: Element, lines: list[str]) -> None:
    if not isinstance(element.tag, str):
        return
    block = element.tag in _BLOCKS
    if block or element.tag == "br":
        lines.append("")
    if element.tag == "sup" and next(element.iter("a"), None) is not None:
        lines[-1] += " "
    lines[-1] += element.text or ""
    for child in element:
        _walk(child, lines)
        lines[-1] += child.tail or ""
    if block:
        lines.append("")
