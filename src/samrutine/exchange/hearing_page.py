"""
The summary of remarks as a document that stands alone: Markdown, and HTML made from the very same Markdown.

What parties wrote is only ever text: every character that would become markup is escaped before the page is put together.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

from samrutine.arguments import one_of
from samrutine.errors import InvalidRequest
from samrutine.exchange.markdown import at_start, escaped
from samrutine.exchange.phrases import Phrases
from samrutine.messages import say
from samrutine.procedures.markdown import markdown
from samrutine.procedures.model import Language
from samrutine.procedures.text import read
from samrutine.proposals.hearing import HearingAnswer, HearingView
from samrutine.proposals.hearing_summary import SummedPart, SummedRemark, summed

_STYLE: Final = Path(__file__).with_name("templates") / "document.css"


def render(view: HearingView, suffix: str, language: str = "nb") -> bytes:
    """
    Write the summary of a round, UTF-8. The same round gives the same bytes.

    Args:
        view: With every remark.
        suffix: "md" or "html".
        language: Of the words around the remarks.

    Raises:
        InvalidRequest: It is not made in that format.
    """
    written = _Writer(view, language).page()
    match suffix:
        case "md":
            return written.encode("utf-8", "replace")
        case "html":
            return _html(view, written, language).encode("utf-8", "replace")
        case _:
            raise InvalidRequest(what="suffix", value=suffix[:20], expected="md, html")


def _html(view: HearingView, written: str, language: str) -> str:
    title = escape(_title(view, language))
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(language)}" class="draft">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>",
            f"<style>{_STYLE.read_text(encoding='utf-8').strip()}</style>",
            "</head>",
            "<body>",
            f"<main>{markdown().render(written)}</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _title(view: HearingView, language: str) -> str:
    return say("hearing.title", language, title=view.title)


class _Writer:
    """Writes one summary; every block is a list of lines."""

    def __init__(self, view: HearingView, language: str) -> None:
        self._view = view
        self._language = language
        self._day = Phrases(one_of(Language, "language", language)).day

    def page(self) -> str:
        blocks = [*self._head(), *self._answers(), *self._remarks()]
        return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"

    def _say(self, name: str, /, **places: object) -> str:
        return escaped(say(f"hearing.{name}", self._language, **places))

    def _head(self) -> Iterator[list[str]]:
        view = self._view
        if view.demo:
            yield [f"**{self._say('demo')}**"]
        yield [f"# {escaped(_title(view, self._language))}"]
        yield [self._say("round", network=view.network_name, proposal=view.proposal, number=view.round,
                         opened=self._day(view.opened_on), deadline=self._day(view.deadline))]  # fmt: skip
        if view.is_open:
            yield [f"**{self._say('still_open')}**"]

    def _answers(self) -> Iterator[list[str]]:
        view = self._view
        yield [f"## {self._say('answers')}"]
        yield [self._say("counts", parties=view.counts.parties, remarks=view.counts.remarks,
                         no_remarks=view.counts.no_remarks, silent=view.counts.silent, none=view.counts.none)]  # fmt: skip
        rows = [
            f"| {escaped(one.name)} | {escaped(one.answer.label(self._language))} | {one.remark_count or '–'} |"
            for one in view.parties
        ]
        header = " | ".join(self._say(f"column.{name}") for name in ("party", "answer", "remarks"))
        yield [f"| {header} |", "| --- | --- | --- |", *rows]
        if any(one.answer is HearingAnswer.SILENT for one in view.parties):
            yield [self._say("silent")]
        if view.through:
            yield [self._say("through", services=", ".join(view.through))]

    def _remarks(self) -> Iterator[list[str]]:
        yield [f"## {self._say('remarks')}"]
        parts = summed(self._view, read(self._view.text, self._view.proposal))
        if not parts:
            yield [self._say("no_remarks")]
        for part in parts:
            yield from self._part(part)

    def _part(self, part: SummedPart) -> Iterator[list[str]]:
        yield [f"### {escaped(part.heading) if part.heading else self._say('whole')}"]
        for one in part.remarks:
            yield from self._remark(one)

    def _remark(self, one: SummedRemark) -> Iterator[list[str]]:
        remark, number = one.remark, one.remark.paragraph
        where = f" · {self._say('paragraph', number=number)}" if number is not None else ""
        yield [f"**{escaped(one.party)}**{where}"]
        if one.about is not None:
            yield [f"{self._say('about')}"]
            yield _quoted(one.about)
        yield _quoted(remark.text) if remark.text is not None else [self._say("deleted")]
        if remark.outcome is None:
            yield [f"*{self._say('waits')}*"]
            return
        yield [f"{self._say('reply')} **{escaped(remark.outcome.label(self._language))}**"]
        if remark.reply:
            yield [line.removeprefix("> ").removeprefix(">") for line in _quoted(remark.reply)]


def _quoted(text: str) -> list[str]:
    """Write words as a quotation: paragraphs where the writer left an empty line, a break where they began a new line."""
    lines = [line.strip() for line in text.strip().split("\n")]
    written = []
    for n, line in enumerate(lines):
        follows = n + 1 < len(lines) and bool(lines[n + 1])
        written.append(f"> {at_start(escaped(line))}{chr(92) if line and follows else ''}".rstrip())
    return written
