"""What stands around the text of a Word document: headers, footers and properties, which pandoc passes over."""

from samrutine.exchange.incoming.metadata import each_once, suggested_in, suggested_in_row, suggested_in_rows
from samrutine.exchange.incoming.model import Finding, Suggested
from samrutine.exchange.incoming.word_flatten import choose, drawn_words
from samrutine.exchange.incoming.word_package import Element, W, WordPackage
from samrutine.exchange.incoming.word_text import paragraphs, text_of

_LINES_READ = 12
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_CUSTOM = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"


def margins(package: WordPackage, document: Element) -> tuple[list[Suggested], list[Finding]]:
    """Read headers, footers, properties and the control table; give what they suggest, and their text to be looked at."""
    suggested: list[Suggested] = []
    findings: list[Finding] = []
    told: set[str] = set()
    for kind in ("header", "footer"):
        for part in package.related(package.main, kind):
            root = package.xml(part)
            if root is None:
                continue
            lines = [text_of(one).strip() for one in paragraphs(root)]
            text = "\n".join(line for line in lines if line)
            drawn = " / ".join(filter(None, (drawn_words(one) for one in _drawings(root))))
            if drawn and drawn not in told:
                told.add(drawn)
                findings.append(Finding("drawing", kind, drawn))
            suggested += suggested_in(text, kind)
            suggested += _of_rows(root, kind)
            if text and text not in told:
                told.add(text)
                findings.append(Finding("header-footer", kind, text))
    for line in list(paragraphs(document))[:_LINES_READ]:
        if line.getparent().tag != f"{W}tc":
            suggested += suggested_in(text_of(line), "body")
    for table in list(document.iter(f"{W}tbl"))[:1]:
        suggested += _of_rows(table, "table")
    return each_once([*suggested, *_of_properties(package)]), findings


def _drawings(root: Element) -> list[Element]:
    choose(root)
    return list(root.iter(f"{W}drawing", f"{W}pict", f"{W}object"))


def _of_rows(root: Element, where: str) -> list[Suggested]:
    rows = [
        [" ".join(text_of(cell, inner=True).split()) for cell in row.findall(f"{W}tc")] for row in root.iter(f"{W}tr")
    ]
    return list(suggested_in_rows(rows, where))


def _of_properties(package: WordPackage) -> list[Suggested]:
    found: list[Suggested] = []
    for part in package.related("", "core-properties"):
        root = package.xml(part)
        title = "" if root is None else root.findtext(f"{_DUBLIN}title") or ""
        if title.strip():
            found.append(Suggested("title", " ".join(title.split()), "properties"))
    for part in package.related("", "custom-properties"):
        root = package.xml(part)
        for one in () if root is None else root.iter(f"{_CUSTOM}property"):
            found += suggested_in_row(one.get("name", ""), "".join(one.itertext()), "properties")
    return found
