"""
The report of a document that came in: what became what, what was lost or changed and where, and what was done with each.

What is quoted of the document in it is without what is held back: a report is shown, printed and sent on.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Final

from samrutine.days import norwegian_day
from samrutine.exchange.incoming.metadata import day_in
from samrutine.exchange.incoming.model import (
    PARAGRAPH_END,
    PLACES,
    ChangeKind,
    Comment,
    Counts,
    Difference,
    DifferenceKind,
    Finding,
    Incoming,
    NotRead,
    OwnCopy,
    Suggested,
    TrackedChange,
    Weight,
)
from samrutine.intake.masking import mark, masked_all
from samrutine.intake.model import reasons_against_accepting
from samrutine.intake.quarantine import Held, HeldBack, HeldState, held_back
from samrutine.intake.quoting import Quoting, shortened
from samrutine.messages import say
from samrutine.reasons import Because

GRAVE: Final = (Weight.DANGER, Weight.LOST)
"""What nobody may accept without having looked at it."""
_TOLD_WHOLE: Final = frozenset({"hidden-text", "header-footer"})
"""What stands nowhere but in the finding is told to its end."""
_LONGEST_DETAIL: Final = 300
_LONGEST_PLACE: Final = 80


@dataclass(frozen=True, slots=True)
class Reported:
    """A finding with the key by which people name it, and the actor who said that they looked at it."""

    key: str
    finding: Finding
    looked_at_by: str | None = None


@dataclass(frozen=True, slots=True)
class PictureTold:
    """A picture that belongs to the document; its bytes are in the file."""

    name: str
    media_type: str
    size: int
    alternative: str = ""
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """
    What is to be known of one document, the gravest first.

    Attributes:
        findings: Each with its key, "f1" and on.
        held: What is held back, and what was done with each.
        refused: Why it could not be read: one of `exchange.incoming.model.REFUSALS`; None for what was read.
        own: What it was made from, when it is a Word file of ours and the library knows that text.
        out_of_text: Whether something that is held back stands in what is told of the file and is no part of its text.
        source, result, recall, readings, suggested, changes, comments, only_there, only_here: As `Incoming`.
    """

    findings: tuple[Reported, ...] = ()
    held: tuple[HeldBack, ...] = ()
    suggested: tuple[Suggested, ...] = ()
    changes: tuple[TrackedChange, ...] = ()
    comments: tuple[Comment, ...] = ()
    source: Counts | None = None
    result: Counts = field(default_factory=Counts)
    recall: float = 1.0
    readings: tuple[Difference, ...] = ()
    pictures: tuple[PictureTold, ...] = ()
    refused: str | None = None
    own: OwnCopy | None = None
    only_there: tuple[str, ...] = ()
    only_here: tuple[str, ...] = ()
    out_of_text: bool = False

    @property
    def weight(self) -> Weight | None:
        """How much the gravest finding matters; None without any."""
        weights = {one.finding.weight for one in self.findings}
        return next((one for one in Weight if one in weights), None)

    @property
    def to_look_at(self) -> tuple[str, ...]:
        """Keys of the findings that nobody has looked at and somebody must."""
        return tuple(one.key for one in self.findings if one.finding.weight in GRAVE and one.looked_at_by is None)

    @property
    def open_held(self) -> tuple[HeldBack, ...]:
        """What is held back still."""
        return tuple(one for one in self.held if one.state is HeldState.OPEN)

    @property
    def drawn_pages(self) -> int:
        """
        How many pages can be shown as pictures.

        None where something is out of the text that would stand on them: it was masked, somebody edited it away, or it stands at the
        edge of a page, which is no part of the text.
        """
        hidden = any(one.state in {HeldState.MASKED, HeldState.GONE} for one in self.held)
        return 0 if hidden or self.out_of_text else sum(1 for one in self.pictures if one.is_page)

    def suggestion(self, name: str) -> str | None:
        """Give what the document says of itself in a field, where it says one thing only."""
        values = {one.value for one in self.suggested if one.field == name}
        return next(iter(values)) if len(values) == 1 else None

    def looked_at(self, keys: Iterable[str], *, by: str) -> "Report":
        """Give the report with these findings looked at by somebody, where nobody had."""
        chosen = set(keys)
        return replace(
            self,
            findings=tuple(
                replace(one, looked_at_by=by) if one.key in chosen and one.looked_at_by is None else one
                for one in self.findings
            ),
        )


def reasons_against_report(
    document: tuple[str, str], report: Report, looked_at: Sequence[str] = ()
) -> list[Because]:  # fmt: skip
    """
    Say why what was read may not come into a proposal yet.

    Args:
        document: Its id, and what the sender called it.
        looked_at: Keys of the findings that are looked at now.
    """
    seen_before = [one.key for one in report.findings if one.looked_at_by is not None]
    return reasons_against_accepting(
        document, report.to_look_at, [one.key for one in report.findings], [*looked_at, *seen_before], report.held
    )


def report_of(incoming: Incoming, whole: str) -> Report:
    """
    Make the report of a document that was read.

    Args:
        whole: Its title and its text together, as they are kept: where what is held back is looked for.
    """
    held = held_back(whole)
    # Single words say nothing to whoever looks for what must be held back, so they are told only where nothing is.
    out_of_text = any(masked_all(one.detail) != one.detail for one in incoming.findings)
    report = Report(
        tuple(Reported(f"f{number}", one) for number, one in enumerate(incoming.findings, 1)),
        held,
        incoming.suggested,
        incoming.changes,
        incoming.comments,
        incoming.source,
        incoming.result,
        incoming.recall,
        incoming.readings,
        tuple(
            PictureTold(one.name, one.media_type, len(one.data), one.alternative, one.is_page)
            for one in incoming.pictures
        ),
        own=incoming.own,
        only_there=() if out_of_text else incoming.only_there,
        only_here=() if out_of_text else incoming.only_here,
        out_of_text=out_of_text,
    )
    return without_held(report, whole)


def without_held(report: Report, *texts: str) -> Report:
    """
    Give a report without what these texts hold back: a name that is quoted alone is still that of the patient in the text.

    The same again changes nothing.

    Args:
        texts: Title and text together, as they are now and as they were before somebody changed them.
    """
    quote = Quoting(*texts)
    told = (
        replace(
            one,
            finding=replace(
                one.finding,
                where=shortened(quote(one.finding.where), _LONGEST_PLACE),
                detail=_detail(one.finding, quote),
            ),
        )
        for one in report.findings
    )
    return replace(
        report,
        findings=tuple(told),
        suggested=tuple(replace(one, value=quote(one.value), where=quote(one.where)) for one in report.suggested),
        changes=tuple(replace(one, text=quote(one.text), where=quote(one.where)) for one in report.changes),
        comments=tuple(
            replace(one, text=quote(one.text), where=quote(one.where), about=quote(one.about))
            for one in report.comments
        ),
        readings=tuple(
            replace(one, one=quote(one.one), other=quote(one.other), where=quote(one.where)) for one in report.readings
        ),
        pictures=tuple(replace(one, alternative=quote(one.alternative)) for one in report.pictures),
        only_there=() if report.held else report.only_there,
        only_here=() if report.held else report.only_here,
    )


def _detail(finding: Finding, quote: Quoting) -> str:
    if finding.says_ours:
        return finding.detail
    told = quote(finding.detail)
    return told if finding.code in _TOLD_WHOLE else shortened(told, _LONGEST_DETAIL)


def report_of_refused(reason: object) -> Report:
    """Make the report of a file that could not be read."""
    return Report(refused=reason.why if isinstance(reason, NotRead) else "unreadable")


def order_of(report: Report) -> int:
    """Say where a document stands in a batch: what may be dangerous first, then what is lost, what is refused, the rest."""
    if report.refused is not None:
        return len(GRAVE)
    weights = [*GRAVE, None, Weight.CHANGED, Weight.NOTED]
    if report.weight in GRAVE:
        return weights.index(report.weight)
    if report.open_held:
        return len(GRAVE) + 1
    return len(weights) + (0 if report.weight is None else -1)


def as_json(report: Report) -> str:
    """Write it as canonical JSON: keys sorted, no spaces, text as itself."""
    return json.dumps(asdict(report), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def report_from(text: str) -> Report:
    """Read what `as_json` wrote; of a document whose words were erased an empty one."""
    if not text:
        return Report()
    kept: dict[str, Any] = json.loads(text)
    told: dict[str, Any] = {**asdict(Report()), **kept}
    return Report(
        tuple(Reported(one["key"], Finding(**one["finding"]), one["looked_at_by"]) for one in told["findings"]),
        tuple(HeldBack(**{**one, "what": Held(one["what"]), "state": HeldState(one["state"])}) for one in told["held"]),
        _each(Suggested, told["suggested"]),
        tuple(TrackedChange(**{**one, "kind": ChangeKind(one["kind"])}) for one in told["changes"]),
        _each(Comment, told["comments"]),
        None if told["source"] is None else Counts(**told["source"]),
        Counts(**told["result"]),
        told["recall"],
        tuple(Difference(**{**one, "kind": DifferenceKind(one["kind"])}) for one in told["readings"]),
        _each(PictureTold, told["pictures"]),
        told["refused"],
        None if told["own"] is None else OwnCopy(**told["own"]),
        tuple(told["only_there"]),
        tuple(told["only_here"]),
        # A report of an earlier release says it only by what stands in place of it.
        kept["out_of_text"] if "out_of_text" in kept else any(mark(what) in text for what in Held),
    )


def counted(report: Report) -> Sequence[tuple[str, int, int]]:
    """Give what was counted in the file and in the text: name, there, here. Empty for a kind that is read only once."""
    if report.source is None:
        return []
    there, here = asdict(report.source), asdict(report.result)
    return [(one.name, there[one.name], here[one.name]) for one in fields(Counts)]


def lists_of(report: Report, language: str, *, received: datetime | None = None) -> Sequence[tuple[str, Sequence[str]]]:
    """
    Give what a report lists line by line, for every place that shows it.

    These are the words that only one of the two counts has, what the document suggests, changes, and comments.

    Args:
        received: When the document was sent in: of a day that was past by then, it is said so.

    Returns:
        The name of each list, whose heading is `quarantine.page.<name>`, and its lines; a list without any is left out.
    """
    suggested = [
        f"{say(f'intake.suggested.{one.field}', language)}: {one.value}{_past(one, received, language)}"
        f" ({say(f'intake.place.{one.where}', language)})"
        for one in report.suggested
    ]
    words = (("only_there", report.only_there), ("only_here", report.only_here))
    lists = (
        ("words", [say(f"intake.{name}", language, words=", ".join(which)) for name, which in words if which]),
        ("suggested", suggested),
        ("changes", list(_changes(report.changes, language))),
        ("comments", [_comment(one, language) for one in report.comments]),
    )
    return [(name, lines) for name, lines in lists if lines]


def _past(one: Suggested, received: datetime | None, language: str) -> str:
    """Say that a routine had run out, or was to be looked at, before it was sent in."""
    day = day_in(one.value) if one.field in {"valid_to", "next_review"} else None
    is_past = day is not None and received is not None and day < norwegian_day(received)
    return f" – {say('intake.day_past', language)}" if is_past else ""


def _changes(changes: Sequence[TrackedChange], language: str) -> Iterator[str]:
    """Give each change as a line; what came in the place of something stands with it: old → new."""
    place = 0
    while place < len(changes):
        one = changes[place]
        other = changes[place + 1] if place + 1 < len(changes) and changes[place + 1].beside else None
        if other is None:
            text = say("intake.change.paragraph-end", language) if one.text == PARAGRAPH_END else f"«{_line(one.text)}»"
            yield f"{say(f'intake.change.{one.kind}', language)}: {text}{_under(one.where, language)}"
        else:
            old, new = (one, other) if one.kind is ChangeKind.DELETED else (other, one)
            said = say("intake.change.replaced", language)
            yield f"{said}: «{_line(old.text)}» → «{_line(new.text)}»{_under(one.where, language)}"
        place += 1 if other is None else 2


def _comment(comment: Comment, language: str) -> str:
    about = f"«{_line(comment.about)}»: " if comment.about else ""
    return f"{about}{_line(comment.text)}{_under(comment.where, language)}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _under(where: str, language: str) -> str:
    if where in PLACES:
        return f" ({say(f'intake.place.{where}', language)})"
    return f" ({say('intake.under', language, heading=_line(where))})" if where else ""


def _each(kind: Any, told: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
    return tuple(kind(**one) for one in told)
