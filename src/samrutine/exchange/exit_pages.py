"""The pages and lists of a municipality's exit package: HTML without a script, CSV that a spreadsheet opens, JSON, plain text."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape

from samrutine.days import norwegian_day
from samrutine.exchange.decision_list import DecisionLine, outcome
from samrutine.exchange.phrases import Phrases
from samrutine.messages import say, shown
from samrutine.procedures.model import Language

_UNSAFE = re.compile(r"[^0-9A-Za-zÆØÅæøåÄÖäö ._()-]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}"
    "table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:bold;padding:.5rem 0}"
    "th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #767676}a{color:#0b4f8a}"
)


@dataclass(frozen=True, slots=True)
class Routine:
    """A version that the municipality has used, with its files: those that belong to it, and the formats that it is made in."""

    procedure: str
    title: str
    version: str
    from_on: date
    until_on: date | None
    attached: tuple[str, ...]
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """All that the pages tell of. `information` and `additions` are rows by the names of their columns."""

    municipality: str
    day: date
    routines: Sequence[Routine]
    decisions: Sequence[DecisionLine]
    information: Sequence[Mapping[str, object]]
    additions: Sequence[Mapping[str, object]]
    left_out: int = 0
    demo: bool = False


def path_of(procedure: str, version: str, suffix: str) -> str:
    """Say where a version lies in a format."""
    return f"rutiner/{procedure}/{procedure}-{version}.{suffix}"


def path_of_file(procedure: str, version: str, number: int, name: str) -> str:
    """Say where a file that belongs to a version lies, as the list has it by number, under a name that every machine can use."""
    return f"rutiner/{procedure}/{procedure}-{version}-vedlegg/{number}-{_UNSAFE.sub('_', name)}"


def pages(record: Record) -> Iterator[tuple[str, bytes]]:
    """Give every page and list, by path. The same record gives the same bytes."""
    phrases = Phrases(Language.NB)
    rows = [_decision(line, phrases) for line in record.decisions]
    yield "index.html", _index(record, phrases).encode()
    yield "LESMEG.txt", _readme(record, phrases).encode()
    for name, table in (
        ("beslutninger", rows),
        ("lokalt/opplysninger", [_plain(one, phrases) for one in record.information]),
        ("lokalt/tillegg", [_plain(one, phrases) for one in record.additions]),
    ):
        yield f"{name}.csv", _csv(table)
        yield f"{name}.json", (json.dumps(table, ensure_ascii=False, indent=1) + "\n").encode()


def _decision(line: DecisionLine, phrases: Phrases) -> dict[str, object]:
    day = norwegian_day(line.at)
    return {
        "nummer": line.number, "dag": day.isoformat(), "dag_i_ord": phrases.day(day), "rutine": line.procedure,
        "tittel": line.title, "beslutning": outcome(line, phrases), "versjon": line.version,
        "fra": line.from_on.isoformat() if line.from_on else None, "besluttet_av": line.position,
        "politisk_sak": line.case, "begrunnelse": line.reason, "kontrollsum": line.hash,
    }  # fmt: skip


def _plain(row: Mapping[str, object], phrases: Phrases) -> dict[str, object]:
    """Write days in words beside days, and nothing that JSON has no word for."""
    found: dict[str, object] = {}
    for name, value in row.items():
        if isinstance(value, date):
            day = norwegian_day(value) if isinstance(value, datetime) else value
            found |= {name: day.isoformat(), f"{name}_i_ord": phrases.day(day)}
        else:
            found[name] = value
    return found


def _csv(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Write rows for a spreadsheet: with a byte order mark and semicolons, as Norwegian Excel opens them; no formula is run."""
    made = io.StringIO()
    columns = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in columns])
    return ("\ufeff" + made.getvalue()).encode()


def _cell(value: object) -> str:
    text = (
        ""
        if value is None
        else {True: "ja", False: "nei"}.get(value, str(value))
        if isinstance(value, bool)
        else str(value)
    )
    return f"'{text}" if text.startswith(_FORMULA) else text


def _readme(record: Record, phrases: Phrases) -> str:
    left = say("archive.readme.left_out", "nb", count=record.left_out) if record.left_out else ""
    return say(
        "archive.readme.text", "nb", municipality=record.municipality.upper(), day=phrases.day(record.day), left_out=left
    ).lstrip("\n")  # fmt: skip


def _index(record: Record, phrases: Phrases) -> str:
    def said(name: str, **places: object) -> str:
        return escape(say(f"archive.exit.{name}", "nb", **places))

    title = said("title", municipality=record.municipality)
    parts = [
        f"<h1>{title}</h1>",
        f"<p>{said('about', municipality=record.municipality, day=phrases.day(record.day))}</p>",
    ]
    if record.demo:
        parts.append(f"<p><strong>{said('demo')}</strong></p>")
    if record.left_out:
        parts.append(f"<p>{said('left_out', count=record.left_out)}</p>")
    parts += [f"<h2>{said('routines')}</h2>", _routines(record, phrases, said("nothing"))]
    parts += [f"<h2>{said('decisions')}</h2>", _decisions(record, phrases, said("nothing"))]
    parts += [f"<ul>{_link('beslutninger.csv', said('as_csv'))}{_link('beslutninger.json', said('as_json'))}</ul>"]
    parts += [f"<h2>{said('local')}</h2>", "<ul>"]
    for name in ("information", "additions"):
        stem = {"information": "lokalt/opplysninger", "additions": "lokalt/tillegg"}[name]
        parts += [
            _link(f"{stem}.csv", f"{said(name)} {said('as_csv')}"),
            _link(f"{stem}.json", f"{said(name)} {said('as_json')}"),
        ]
    parts += [
        "</ul>",
        f"<h2>{said('proofs')}</h2>",
        f"<p>{said('proofs_told')}</p>",
        f"<ul>{_link('LESMEG.txt', 'LESMEG.txt')}</ul>",
    ]
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="nb">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _routines(record: Record, phrases: Phrases, nothing: str) -> str:
    if not record.routines:
        return f"<p>{nothing}</p>"
    rows = "".join(
        f'<tr><th scope="row">{escape(one.title)}</th><td>{escape(one.version)}</td><td>{_period(one, phrases)}</td>'
        f"<td>{_files(one)}</td></tr>\n"
        for one in record.routines
    )
    return _table(("routine", "version", "period", "files"), rows, say("archive.exit.routines", "nb"))


def _decisions(record: Record, phrases: Phrases, nothing: str) -> str:
    if not record.decisions:
        return f"<p>{nothing}</p>"
    rows = "".join(
        f"<tr><td>{shown(one.number)}</td><td>{phrases.day(norwegian_day(one.at))}</td>"
        f'<th scope="row">{escape(one.title)}</th><td>{escape(outcome(one, phrases))}</td>'
        f"<td>{escape(one.position or '')}</td><td>{escape(one.reason or '')}</td></tr>\n"
        for one in record.decisions
    )
    heads = [say(f"archive.{name}", "nb") for name in ("number", "day")]
    heads += [say("archive.exit.routine", "nb")]
    heads += [say(f"archive.{name}", "nb") for name in ("decided", "position", "reason")]
    return _headed(heads, rows, say("archive.exit.decisions", "nb"))


def _period(one: Routine, phrases: Phrases) -> str:
    first = phrases.day(one.from_on)
    if one.until_on is None:
        return escape(say("archive.exit.since", "nb", day=first))
    last = phrases.day(one.until_on - timedelta(days=1))
    return escape(say("archive.exit.until", "nb", day=first, last=last))


def _files(one: Routine) -> str:
    named = [(path_of(one.procedure, one.version, suffix), suffix.upper()) for suffix in one.formats]
    named += [(path_of_file(one.procedure, one.version, n, name), name) for n, name in enumerate(one.attached, 1)]
    links = []
    for path, name in named:
        label = say("archive.exit.files_of", "nb", file=name, title=one.title, version=one.version)
        links.append(f'<a href="{_address(path)}" aria-label="{escape(label)}">{escape(name)}</a>')
    return " ".join(links)


def _link(path: str, words: str) -> str:
    return f'<li><a href="{_address(path)}">{words}</a></li>'


def _address(path: str) -> str:
    from urllib.parse import quote

    return escape(quote(path))


def _table(names: Sequence[str], rows: str, caption: str) -> str:
    return _headed([say(f"archive.exit.{name}", "nb") for name in names], rows, caption)


def _headed(heads: Sequence[str], rows: str, caption: str) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table>"
