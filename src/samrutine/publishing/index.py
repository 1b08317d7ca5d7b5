"""
The index that lies beside the published documents: as CSV for a spreadsheet, as JSON for a program, as HTML to read.

All three say the same. They are ours as much as the documents are, lie in the manifest, and are made again only when
something in them has changed.
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from html import escape
from typing import Final

from samrutine.messages import DEFAULT_LANGUAGE, LANGUAGES, say
from samrutine.procedures.attached import suffix_of
from samrutine.procedures.model import Digest
from samrutine.procedures.ordering import sort_key
from samrutine.publishing.model import (
    DOCUMENT_SUFFIXES,
    INDEX_STEM,
    INDEX_SUFFIXES,
    Edition,
    PublishedDocument,
    WantedFile,
    attached_name,
    file_name,
)

INDEX_FORM: Final = 1
"""Raise it when an index gets another look or other words: every target then gets a new one."""

INDEX_FILES: Final = frozenset(f"{INDEX_STEM}.{suffix}" for suffix in INDEX_SUFFIXES)

Cell = str | int | date | None | Sequence[str] | Sequence[Mapping[str, object]]


def index_files(edition: Edition) -> tuple[WantedFile, ...]:
    """List the index files of an edition, without making them."""
    summary = hashlib.sha256(f"{INDEX_FORM}\n".encode() + _json(edition)).hexdigest()
    return tuple(
        WantedFile(f"{INDEX_STEM}.{suffix}", suffix, Digest(f"1:{summary}"), edition.newest_day)
        for suffix in INDEX_SUFFIXES
    )


def index_bytes(edition: Edition, suffix: str) -> bytes:
    """
    Make the index in one format, "csv", "json" or "html". Equal editions give equal bytes.

    CSV is for a spreadsheet set to Norwegian: semicolons, and a byte order mark, without which Excel reads æøå as
    something else. Version 1.2 is written "v1.2", since Excel would make it the first of February. A cell that a
    spreadsheet would take for a formula begins with an apostrophe.
    """
    match suffix:
        case "csv":
            return _csv(edition)
        case "json":
            return _json(edition)
        case "html":
            return _html(edition)
        case _:
            raise AssertionError(suffix)


# What is said about a document ----------------------------------------------------------------------------------------

_Column = Callable[[PublishedDocument], Cell]


def _file(suffix: str, document: PublishedDocument) -> str | None:
    offered = any(published.suffix == suffix for published in document.files)
    return file_name(document.procedure_id, suffix) if offered else None


_COLUMNS: Final[Mapping[str, _Column]] = {
    "id": lambda document: document.procedure_id,
    "title": lambda document: document.title,
    "version": lambda document: str(document.version),
    "kind": lambda document: document.kind,
    "subjects": lambda document: list(document.subject_names),
    "network": lambda document: document.network_name,
    "co_networks": lambda document: list(document.front.co_networks),
    "audience": lambda document: list(document.front.audience),
    "language": lambda document: document.front.language,
    "in_force_from": lambda document: document.in_force_from,
    "decided_by_position": lambda document: document.decided_by_position,
    "decided_on": lambda document: document.decided_on,
    "approved_on": lambda document: document.approved_on,
    "next_review": lambda document: document.next_review,
    "review_interval_months": lambda document: document.front.review_interval_months,
    "responsible_role": lambda document: document.front.responsible_role,
    "decision_level": lambda document: document.front.decision_level,
    "professional_approval": lambda document: list(document.front.professional_approval),
    "internal_control": lambda document: list(document.front.internal_control),
    "prevention_level": lambda document: document.front.prevention_level,
    "access": lambda document: document.front.access,
    "access_basis": lambda document: document.front.access_basis,
    "legal_basis": lambda document: [
        {
            "law": basis.law,
            "name": basis.name,
            "section": basis.section,
            "in_force_from": _iso(basis.in_force_from),
            "checked": basis.checked,
        }
        for basis in document.front.legal_basis
    ],
    "sources": lambda document: [
        {"body": source.body, "title": source.title, "url": source.url, "read_on": _iso(source.read_on)}
        for source in document.front.sources
    ],
    "local_information": lambda document: [
        {"key": local.key, "label": local.label, "type": str(local.type), "required": local.required}
        for local in document.front.local_information
    ],
    "attachments": lambda document: [
        {
            "name": attachment.name,
            "media_type": attachment.media_type,
            "digest": attachment.digest,
            "file": attached_name(document.procedure_id, number, suffix_of(attachment.media_type)),
        }
        for number, attachment in enumerate(document.front.attachments, 1)
    ],
    "also_called": lambda document: list(document.front.also_called),
    "translation_of": lambda document: document.front.translation_of,
    "address": lambda document: document.address,
    "effective_digest": lambda document: document.effective_digest,
    **{f"file_{suffix}": partial(_file, suffix) for suffix in DOCUMENT_SUFFIXES},
}

# What a list of several values is called in one cell: the part of each that a person reads.
_SHOWN_PART: Final[Mapping[str, Callable[[Mapping[str, object]], str]]] = {
    "legal_basis": lambda basis: f"{basis['name']} {basis['section']} ({basis['law']})",
    "sources": lambda source: f"{source['body']}: {source['title']}",
    "local_information": lambda local: str(local["label"]),
    "attachments": lambda attachment: str(attachment["name"]),
}

# Columns whose values are our own codes, which a person meets by their names in the catalogue.
_CODED: Final = frozenset({"kind", "language", "decision_level", "internal_control", "access"})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _by_id(edition: Edition) -> list[PublishedDocument]:
    return sorted(edition.documents, key=lambda document: document.procedure_id)


def _named(column: str, code: object, language: str) -> str:
    area = "documents" if column == "kind" else "publishing"
    return say(f"{area}.{column}.{code}", language)


# JSON -----------------------------------------------------------------------------------------------------------------


def _json(edition: Edition) -> bytes:
    about = {
        "form": INDEX_FORM,
        "demo": edition.demo,
        "language": _language(edition),
        "municipality": {"number": edition.municipality, "name": edition.municipality_name},
        "target": edition.target,
        "last_changed_on": _iso(edition.newest_day),
    }
    documents = [
        json.dumps({column: _plain(read(document)) for column, read in _COLUMNS.items()}, ensure_ascii=False)
        for document in _by_id(edition)
    ]
    # A document a line: easy to compare, and many times faster than json's own indenting, which every run waits for.
    head = json.dumps(about, ensure_ascii=False).removesuffix("}")
    rows = ",\n".join(documents)
    return f'{head}, "documents": [\n{rows}\n]}}\n'.encode()


def _plain(cell: Cell) -> object:
    return cell.isoformat() if isinstance(cell, date) else cell


# CSV ------------------------------------------------------------------------------------------------------------------

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def _csv(edition: Edition) -> bytes:
    language = _language(edition)
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    place = [("municipality_name", edition.municipality_name), ("municipality", edition.municipality)]
    marks = [("demo", say("publishing.demo", language))] if edition.demo else []
    before = [*marks, *place]
    rows.writerow([say(f"publishing.column.{name}", language) for name in (*(name for name, _ in before), *_COLUMNS)])
    for document in _by_id(edition):
        cells = [_in_a_cell(column, read(document), language) for column, read in _COLUMNS.items()]
        rows.writerow([_guarded(cell) for cell in (*(value for _, value in before), *cells)])
    return out.getvalue().encode("utf-8-sig")


def _in_a_cell(column: str, cell: Cell, language: str) -> str:
    match cell:
        case None:
            return ""
        case str() if column in _CODED:
            return _named(column, cell, language)
        case str() if column == "version":
            return f"v{cell}"
        case date():
            return cell.isoformat()
        case str() | int():
            return str(cell)
        case _:
            return " | ".join(_part_in_a_cell(column, part, language) for part in cell)


def _part_in_a_cell(column: str, part: str | Mapping[str, object], language: str) -> str:
    if isinstance(part, str):
        return _named(column, part, language) if column in _CODED else part
    return _SHOWN_PART[column](part)


def _guarded(cell: str) -> str:
    """
    Keep a spreadsheet from running a cell, and a row on one line.

    Source: OWASP, "CSV Injection": a cell that begins with one of these is taken for a formula.
    """
    one_line = " ".join(cell.splitlines()) if "\n" in cell or "\r" in cell else cell
    return f"'{one_line}" if one_line.lstrip(" \u00a0\ufeff").startswith(_FORMULA_STARTS) else one_line


# HTML -----------------------------------------------------------------------------------------------------------------

# Colours: each pair of text and ground has a contrast of at least 7:1, in light and in dark (WCAG 2.1 AA asks 4.5:1).
_STYLE: Final = """
:root{color-scheme:light dark;--ground:#fff;--text:#1b1f24;--quiet:#454c55;--link:#0b4a8f;--line:#c9ced6;
--mark:#fff3c4;--mark-text:#3d2e00}
@media(prefers-color-scheme:dark){:root{--ground:#14171b;--text:#eef1f4;--quiet:#c3cad3;--link:#a9cdff;--line:#454c55;
--mark:#4a3a00;--mark-text:#fff3c4}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:1.0625rem/1.55 system-ui,"Segoe UI",Roboto,sans-serif;
overflow-wrap:anywhere}
header,nav,main,footer{max-width:48rem;margin:0 auto;padding:0 1rem}
h1{font-size:1.75rem;line-height:1.2;margin:1.5rem 0 .5rem}
h2{font-size:1.3rem;line-height:1.25;margin:2.25rem 0 .25rem;padding-bottom:.25rem;border-bottom:2px solid var(--line)}
h3{font-size:1.0625rem;line-height:1.35;margin:0}
p{margin:.25rem 0}
ul{list-style:none;margin:0;padding:0}
li.document{padding:1rem 0;border-bottom:1px solid var(--line)}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.quiet{color:var(--quiet)}
.demo{background:var(--mark);color:var(--mark-text);font-weight:700;margin:0;padding:.6rem 1rem;text-align:center}
nav ul,.formats{display:flex;flex-wrap:wrap;gap:0 1.1rem}
nav a,.formats a{display:inline-block;padding:.5rem 0}
footer{padding-top:1.5rem;padding-bottom:3rem}
@media print{.demo{border:2px solid}nav{display:none}a{color:inherit}li.document{break-inside:avoid}}
"""


def _html(edition: Edition) -> bytes:
    language = _language(edition)
    groups = _groups(edition, language)
    heading = say("publishing.heading", language, municipality=edition.municipality_name)
    title = say("publishing.demo_title", language, heading=heading) if edition.demo else heading
    parts = [
        "<!doctype html>",
        f'<html lang="{language}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        # A page opened from a file share: nothing in it may run or fetch anything.
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">""",
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<header>",
        *([f'<p class="demo">{escape(say("publishing.demo_note", language))}</p>'] if edition.demo else []),
        f"<h1>{escape(heading)}</h1>",
        f"<p>{escape(_summary(edition, language))}</p>",
        f'<p class="quiet">{escape(_copies_note(edition, language))}</p>',
        "</header>",
        *(_contents(groups, language) if len(groups) > 1 else []),
        "<main>",
        *(line for number, group in enumerate(groups, 1) for line in _group(number, *group, language)),
        "</main>",
        f'<footer class="quiet"><p>{_other_formats(language)}</p></footer>',
        "</body>",
        "</html>",
    ]
    return ("\n".join(parts) + "\n").encode()


def _groups(edition: Edition, language: str) -> list[tuple[str, list[PublishedDocument]]]:
    grouped: dict[str, list[PublishedDocument]] = {}
    for document in sorted(edition.documents, key=lambda one: (sort_key(one.title), one.procedure_id)):
        subject = document.subject_names[0] if document.subject_names else say("publishing.no_subject", language)
        grouped.setdefault(subject, []).append(document)
    return sorted(grouped.items(), key=lambda group: sort_key(group[0]))


def _summary(edition: Edition, language: str) -> str:
    count, newest = len(edition.documents), edition.newest_day
    if newest is None:
        return say("publishing.nothing", language)
    which = "one" if count == 1 else "many"
    return say(f"publishing.summary.{which}", language, count=count, day=_in_words(newest, language))


def _contents(groups: list[tuple[str, list[PublishedDocument]]], language: str) -> list[str]:
    items = [f'<li><a href="#g{number}">{escape(name)}</a></li>' for number, (name, _) in enumerate(groups, 1)]
    label = escape(say("publishing.contents", language))
    return [f'<nav aria-label="{label}">', "<ul>", *items, "</ul>", "</nav>"]


def _group(number: int, name: str, documents: list[PublishedDocument], language: str) -> list[str]:
    rows = [line for document in documents for line in _entry(document, language)]
    return [
        f'<section aria-labelledby="g{number}">',
        f'<h2 id="g{number}">{escape(name)}</h2>',
        '<ul role="list">',
        *rows,
        "</ul>",
        "</section>",
    ]


def _entry(document: PublishedDocument, language: str) -> list[str]:
    of_it = {
        "kind": _named("kind", document.kind, language),
        "version": document.version,
        "network": document.network_name,
        "position": document.decided_by_position,
        "in_force_from": _in_words(document.in_force_from, language),
        "approved_on": _in_words(document.approved_on, language) if document.approved_on else "",
        "decided_on": _in_words(document.decided_on, language) if document.decided_on else "",
        "next_review": _in_words(document.next_review, language) if document.next_review else "",
    }
    facts = ["in_use"]
    facts += ["approved"] if document.approved_on else []
    facts += ["decided" if document.decided_on else "decided_by"] if document.decided_by_position else []
    facts += ["review"] if document.next_review else []
    return [
        '<li class="document">',
        f"<h3>{_title(document, language)}</h3>",
        *(f'<p class="quiet">{escape(say(f"publishing.fact.{fact}", language, **of_it))}</p>' for fact in facts),
        f'<p class="formats">{" ".join(_links(document, language))}</p>',
        "</li>",
    ]


def _copies_note(edition: Edition, language: str) -> str:
    """Say that the files are copies, and where to check one: at its link, or with whom when it has none."""
    linked = not edition.documents or any(_can_be_checked(document) for document in edition.documents)
    return say("publishing.copies_note" if linked else "publishing.copies_without_address", language)


def _can_be_checked(document: PublishedDocument) -> bool:
    return document.address.startswith(("https://", "http://"))


def _title(document: PublishedDocument, language: str) -> str:
    own = document.front.language
    of_language = f' lang="{own}"' if own != language else ""
    text = f"<span{of_language}>{escape(document.title)}</span>" if of_language else escape(document.title)
    target = next((path for suffix in DOCUMENT_SUFFIXES if (path := _file(suffix, document)) is not None), None)
    return f'<a href="{target}">{text}</a>' if target is not None else text


def _links(document: PublishedDocument, language: str) -> list[str]:
    """Link to each format, and to where one can check that the copy applies; each link says what it leads to."""
    title = escape(document.title)
    links = [
        f'<a href="{path}" aria-label="{escape(say(f"publishing.format.{suffix}", language))}: {title}">'
        f"{escape(say(f'publishing.format.{suffix}', language))}</a>"
        for suffix in DOCUMENT_SUFFIXES
        if (path := _file(suffix, document)) is not None
    ]
    links += [
        f'<a href="{attached_name(document.procedure_id, number, suffix_of(one.media_type))}" aria-label="{escape(one.name)}: {title}">'
        f"{escape(one.name)}</a>"
        for number, one in enumerate(document.front.attachments, 1)
    ]
    if _can_be_checked(document):
        check = escape(say("publishing.check", language))
        links.append(f'<a href="{escape(document.address)}" aria-label="{check}: {title}">{check}</a>')
    return links


def _other_formats(language: str) -> str:
    return (
        f"{escape(say('publishing.also_as', language))} "
        f'<a href="{INDEX_STEM}.csv">{escape(say("publishing.as_csv", language))}</a>, '
        f'<a href="{INDEX_STEM}.json">{escape(say("publishing.as_json", language))}</a>.'
    )


def _in_words(day: date, language: str) -> str:
    """Write a day as people do in that language: "21. november 2026"."""
    month = say(f"documents.month.{day.month}", language)
    return say("documents.day", language, day=day.day, month=month, year=day.year)


def _language(edition: Edition) -> str:
    """Choose the language of the words around the titles: the edition's, or bokmål where we have no catalogue of it."""
    return str(edition.language) if edition.language in LANGUAGES else DEFAULT_LANGUAGE
