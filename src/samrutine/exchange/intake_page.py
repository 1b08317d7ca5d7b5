"""
The report of documents that came in as a page that stands alone: no address outside it, nothing to run, read by all.

Values that are held back are nowhere on it: it is printed, and sent to whoever wrote the document.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Final

from samrutine.arguments import one_of
from samrutine.days import norwegian_day
from samrutine.exchange.diff_page import CHANGES_STYLE
from samrutine.exchange.phrases import Phrases
from samrutine.intake.model import IncomingId
from samrutine.intake.report import Report, Reported, counted, lists_of, order_of
from samrutine.intake.rows import Detail
from samrutine.messages import say
from samrutine.procedures.model import Language
from samrutine.proposals.prose_diff import ProseDiff
from samrutine.proposals.prose_html import html_of

_STYLE: Final = Path(__file__).with_name("templates") / "document.css"
_OWN_STYLE: Final = "main{padding-top:1.25rem}.control+.control{margin-top:.75rem}"
_TONES: Final = {"danger": "ended", "lost": "draft", "changed": "approved", "noted": "in-force"}


def render(
    documents: Sequence[Detail], language: str = "nb", *, demo: bool = False,
    changes: Mapping[IncomingId, ProseDiff | None] | None = None,
) -> bytes:  # fmt: skip
    """
    Write the report of one document or of many, the gravest first, as HTML in UTF-8. Equal documents give equal bytes.

    Args:
        language: Of the words around what the documents say.
        demo: The library is a demonstration.
        changes: What each copy of ours changes in its version, by its id; without what is held back.
    """
    return "\n".join(_Writer(language, changes or {}, demo=demo).page(documents)).encode("utf-8", "replace")


class _Writer:
    """Writes one page; every method gives lines."""

    def __init__(self, language: str, changes: Mapping[IncomingId, ProseDiff | None], *, demo: bool) -> None:
        self._language = language
        self._changes = changes
        self._demo = demo
        self._phrases = Phrases(one_of(Language, "language", language))

    def page(self, documents: Sequence[Detail]) -> Iterator[str]:
        first = sorted(documents, key=lambda one: order_of(one.report))
        title = self._say("title" if len(first) != 1 else "title_one", count=len(first))
        yield from ("<!doctype html>", f'<html lang="{escape(self._language)}">', "<head>", '<meta charset="utf-8">')
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield from (
            f"<title>{title}</title>",
            f"<style>{_STYLE.read_text(encoding='utf-8').strip()}{_OWN_STYLE}{CHANGES_STYLE.rstrip() if any(self._changes.values()) else ''}</style>",
        )
        yield from ("</head>", "<body>")
        if self._demo:
            yield f'<p class="demo-note">{self._say("demo")}</p>'
        yield from ("<main>", f"<h1>{title}</h1>")
        if len(first) > 1:
            yield from self._batch(first)
        for one in first:
            yield from self._document(one)
        yield from ("</main>", "</body>", "</html>", "")

    def _say(self, name: str, /, **places: object) -> str:
        return escape(say(f"quarantine.page.{name}", self._language, **places))

    def _batch(self, documents: Sequence[Detail]) -> Iterator[str]:
        rows = [
            (
                f'<a href="#{escape(one.document.id)}">{escape(one.document.name)}</a>',
                escape(one.document.municipality_name or "–"),
                escape(one.document.state.label(self._language)),
                self._weight(one.report),
                str(one.document.to_look_at or "–"),
                str(one.document.held or "–"),
            )
            for one in documents
        ]
        heads = ("file", "municipality", "state", "gravest", "to_look_at", "held")
        yield from self._table(heads, rows, self._say("batch"))

    def _weight(self, report: Report) -> str:
        if report.refused is not None:
            return self._say("not_read")
        return escape(say(f"intake.weight.{report.weight}", self._language)) if report.weight else "–"

    def _document(self, one: Detail) -> Iterator[str]:
        document, report = one.document, one.report
        yield f'<article id="{escape(document.id)}"><h2>{escape(document.title or document.name)}</h2>'
        facts = [
            ("file", document.name), ("id", document.id), ("municipality", document.municipality_name or "–"),
            ("state", document.state.label(self._language)),
            ("received", self._phrases.day(norwegian_day(document.received_at))), ("digest", document.source_digest),
        ]  # fmt: skip
        rows = "".join(f"<dt>{self._say(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in facts)
        yield f'<dl class="facts">{rows}</dl>'
        if report.refused is not None:
            yield from self._refused(document.name, report.refused)
        else:
            yield from self._readings(report)
            yield from self._findings(report.findings)
            yield from self._changed(document.id)
            yield from self._held(report)
            yield from self._counts(report)
            yield from self._lists(report, document.received_at)
        yield "</article>"

    def _refused(self, name: str, why: str) -> Iterator[str]:
        words = [
            escape(say(f"intake.refused.{why}.{part}", self._language, name=name, detail=""))
            for part in ("fact", "remedy")
        ]
        yield f'<div class="control alone ended"><p class="status">{words[0]}</p><p>{words[1]}</p></div>'

    def _readings(self, report: Report) -> Iterator[str]:
        if not report.readings:
            return
        rows = [
            (
                escape(say(f"intake.difference.{one.kind}", self._language)),
                escape(one.one) or "–", escape(one.other) or "–", escape(one.where) or "–",
            )
            for one in report.readings
        ]  # fmt: skip
        yield f"<h3>{self._say('readings')}</h3>"
        yield from self._table(("what", "one", "other", "where"), rows, self._say("readings"))

    def _findings(self, findings: Sequence[Reported]) -> Iterator[str]:
        yield f"<h3>{self._say('findings')}</h3>"
        if not findings:
            yield f"<p>{self._say('no_findings')}</p>"
        for one in findings:
            finding = one.finding
            place, quoted = finding.place(self._language), finding.quoted(self._language)
            where = f" ({escape(place)})" if place else ""
            weight = escape(say(f"intake.weight.{finding.weight}", self._language))
            yield f'<div class="control alone {_TONES[finding.weight]}">'
            yield f'<p class="status">{weight} · {escape(one.key)}</p>'
            yield f"<p>{escape(finding.fact(self._language))}{where}</p>"
            if quoted:
                yield f"<blockquote><p>{escape(quoted)}</p></blockquote>"
            yield f"<p>{escape(finding.remedy(self._language))}</p>"
            if one.looked_at_by is not None:
                yield f"<p><strong>{self._say('looked_at')}</strong></p>"
            yield "</div>"

    def _changed(self, document: IncomingId) -> Iterator[str]:
        diff = self._changes.get(document)
        if diff is not None:
            yield f"<h3>{self._say('changed')}</h3>"
            yield html_of(diff, self._language, heading_level=4)

    def _held(self, report: Report) -> Iterator[str]:
        if not report.held:
            return
        rows = [
            (
                escape(one.key), escape(one.what.label(self._language)),
                escape(say(f"quarantine.state.{one.state}", self._language)), str(one.line or "–"),
                escape(one.reason or "–"),
            )
            for one in report.held
        ]  # fmt: skip
        yield f"<h3>{self._say('held_back')}</h3>"
        yield from self._table(("key", "what", "state", "line", "reason"), rows, self._say("held_back"))

    def _counts(self, report: Report) -> Iterator[str]:
        rows = [(self._say(f"count.{name}"), str(there), str(here)) for name, there, here in counted(report)]
        if not rows:
            return
        yield f"<h3>{self._say('counts')}</h3>"
        yield f"<p>{self._say('recall', percent=self._percent(report.recall))}</p>"
        yield from self._table(("what", "there", "here"), rows, self._say("counts"))

    def _percent(self, share: float) -> str:
        # Never «100» while a word is missing.
        shown = f"{int(share * 1000) / 10:.1f}"
        return shown.replace(".", ",") if self._language != "en" else shown

    def _lists(self, report: Report, received: datetime) -> Iterator[str]:
        for name, lines in lists_of(report, self._language, received=received):
            yield f"<h3>{self._say(name)}</h3>"
            yield "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"

    def _table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> Iterator[str]:
        """Give a table whose cells are HTML already; the first cell of a row is its head."""
        yield f'<div class="table" role="region" tabindex="0" aria-label="{caption}"><table>'
        yield (
            "<thead><tr>"
            + "".join(f'<th scope="col">{self._say(name)}</th>' for name in heads)
            + "</tr></thead><tbody>"
        )
        for first, *rest in rows:
            yield f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest) + "</tr>"
        yield "</tbody></table></div>"
