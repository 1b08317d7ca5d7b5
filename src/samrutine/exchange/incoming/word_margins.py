"""What stands around the text of a Word document: headers, footers and properties, which pandoc passes over."""

from dataclasses import dataclass, field, replace

from samrutine.exchange.incoming.metadata import each_once, suggested_in, suggested_in_row, suggested_in_rows
from samrutine.exchange.incoming.model import Finding, Suggested, TrackedChange
from samrutine.exchange.incoming.word_changes import changes_in
from samrutine.exchange.incoming.word_flatten import choose, drawn_words
from samrutine.exchange.incoming.word_package import Element, W, WordPackage
from samrutine.exchange.incoming.word_strays import straighten
from samrutine.exchange.incoming.word_text import paragraphs, text_of

_LINES_READ = 12
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_CUSTOM = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"


@dataclass(slots=True)
class Margins:
    """What stands around a text: what it suggests, what is to be told of it, and what nobody had accepted there yet."""

    suggested: list[Suggested] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    changes: list[TrackedChange] = field(default_factory=list)


def margins(package: WordPackage, document: Element) -> Margins:
    """Read headers, footers, properties and the control table."""
    found = Margins()
    suggested, findings = found.suggested, found.findings
    told: set[str] = set()
    for kind in ("header", "footer"):
        for part in package.related(package.main, kind):
            root = package.xml(part)
            if root is None:
                continue
            findings += [replace(one, where=kind) for one in straighten(root)]
            found.changes += [replace(one, where=kind) for one in changes_in(root)]
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
    # The same words stand at the edge of first pages and of others.
    found.changes = list(dict.fromkeys(found.changes))
    found.suggested = each_once([*suggested, *_of_properties(package)])
    return found


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
