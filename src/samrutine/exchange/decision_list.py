"""What a municipality decided, as a page for its archive: the list, and what was decided of each routine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from samrutine.adoptions.effective import DocumentStatus
from samrutine.exchange.markdown import escaped
from samrutine.exchange.page import Page
from samrutine.exchange.pdf_data import PageWriter, as_json
from samrutine.exchange.phrases import Phrases
from samrutine.exchange.tree import tree
from samrutine.exchange.typeset import typeset
from samrutine.exchange.xmp import About
from samrutine.messages import say
from samrutine.procedures.model import Language


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """
    One decision of a municipality about a routine.

    Attributes:
        number: In the chain.
        at: When it was decided, aware.
        kind: What: "adopted", "declined" and so on.
        procedure: The routine's id.
        title: What it was called.
        version: Which version, where the decision is about one.
        from_on: The first day, where it has one.
        position: The position that decided, never a person; None where the decision names none.
        case: The case before the council, where the decision is political.
        reason: Why; None where none was given, or it is erased.
        hash: Its link in the chain.
        act: The act that it was decided in: several of one list have the same.
    """

    number: int
    at: datetime
    kind: str
    procedure: str
    title: str
    version: str | None
    from_on: date | None
    position: str | None
    case: str | None
    reason: str | None
    hash: str
    act: str


@dataclass(frozen=True, slots=True)
class DecisionList:
    """What was decided on a day, or in one list."""

    municipality: str
    day: date
    made_at: datetime
    lines: Sequence[DecisionLine]
    demo: bool = False


def render(listed: DecisionList) -> bytes:
    """
    Print a list of decisions as PDF/A. The same decisions give the same bytes.

    Raises:
        DocumentUnavailable: Typst could not set it.
    """
    printed = _page(listed)
    about = About(printed.procedure_id, printed.kind, printed.owner or "")
    return typeset(
        "document.typ", lambda only_latin: as_json(PageWriter(printed.say, only_latin=only_latin).page(printed)),
        procedure=printed.procedure_id, about=about,
    )  # fmt: skip


def outcome(line: DecisionLine, phrases: Phrases) -> str:
    """Say what was decided, in words."""
    said = say(f"archive.outcome.{line.kind}", "nb")
    parts = [f"{said} {line.version}" if line.version else said]
    if line.from_on is not None:
        parts.append(say("archive.from", "nb", day=phrases.day(line.from_on)))
    return " ".join(parts)


def _page(listed: DecisionList) -> Page:
    phrases = Phrases(Language.NB)
    day = phrases.day(listed.day)
    title = say("archive.list_title", "nb", day=day)
    first, last = listed.lines[0].number, listed.lines[-1].number
    return Page(
        language="nb", text_language="nb", title=title, kind=say("archive.list_kind", "nb"),
        procedure_id=f"beslutninger-{first}-{last}", status=say("archive.list_status", "nb", municipality=listed.municipality),
        tone=DocumentStatus.IN_FORCE, lines=(say("archive.list_told", "nb", count=len(listed.lines), day=day),), facts=(),
        copy_note=say("archive.list_copy", "nb"), screen_note=say("archive.list_copy", "nb"), address="", link=None,
        qr_svg=None, qr_alternative="", demo=phrases("demo.text") if listed.demo else None, mark=None, local_note=None,
        body=tree(_body(listed, phrases), {}).blocks, after=(), notes=(), running=f"{listed.municipality} · {title}",
        foot=say("archive.list_foot", "nb", first=first, last=last), made_at=listed.made_at, say=phrases,
        owner=phrases("page.owner", municipality=listed.municipality),
    )  # fmt: skip


def _body(listed: DecisionList, phrases: Phrases) -> str:
    parts = []
    for line in listed.lines:
        told = [
            (say("archive.decided", "nb"), outcome(line, phrases)),
            (say("archive.day", "nb"), phrases.day(listed.day)),
        ]
        told += [
            (say(f"archive.{name}", "nb"), value)
            for name, value in (("position", line.position), ("case", line.case), ("reason", line.reason))
            if value
        ]
        told += [(say("archive.number", "nb"), str(line.number)), (say("archive.link", "nb"), line.hash)]
        rows = "\n".join(f"- {name}: {escaped(' '.join(value.split()))}" for name, value in told)
        parts.append(f"## {escaped(line.title)}\n\n{rows}\n")
    return "\n".join(parts)
