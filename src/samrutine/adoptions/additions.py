"""
A municipality's own additions: what they are, where their section went, and what a new version asks about them.

An addition never removes shared text. It is printed after the section that it belongs to; where it says something else
than the shared text does, it says so. When the section changes, the next adoption must answer: keep it, change it, or
drop it, so that nobody reads an addition to words that are gone.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from samrutine.adoptions.effective import AdditionKind
from samrutine.errors import InvalidRequest
from samrutine.messages import word
from samrutine.procedures.model import Digest, LocalInformation, VersionNumber
from samrutine.reasons import Because

ADDED_BY_PEOPLE: Final = (AdditionKind.PRACTICAL_NOTE, AdditionKind.PROFESSIONAL_ADDITION)
"""What a municipality writes itself; local information is filled in, see `Adoptions.set_local_information`."""


class Beside(StrEnum):
    """How an addition stands to its section in a version, since somebody last looked at the two together."""

    SAME = "same"
    CHANGED = "changed"
    """The section says something else now."""
    GONE = "gone"
    """The version has no such section."""
    FIELD_GONE = "field-gone"
    """The section says the same, but the version does not declare local information that the addition shows."""


class AnswerTo(StrEnum):
    """What a municipality does about an addition when it takes a version into use."""

    KEEP = "keep"
    EDIT = "edit"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Edit:
    """The answer that an addition is kept with other words."""

    text: str


Answer = AnswerTo | Edit


def answers_given(given: Mapping[str, str | Edit]) -> dict[str, Answer]:
    """
    Read answers as people give them: "keep", "drop", or an `Edit`.

    Raises:
        InvalidRequest: Something else; the word "edit" alone too, since it says no new words.
    """
    answers: dict[str, Answer] = {}
    for addition, answer in given.items():
        if not isinstance(answer, Edit) and answer not in {AnswerTo.KEEP, AnswerTo.DROP}:
            raise InvalidRequest(what="additions", value=str(answer)[:40], expected="keep, drop, Edit")
        answers[addition] = answer if isinstance(answer, Edit) else AnswerTo(answer)
    return answers


@dataclass(frozen=True, slots=True)
class SectionAt:
    """A section as it stands in one version, and the key it had in the version before; None for a new one."""

    key: str
    heading: str
    digest: str
    earlier_key: str | None


@dataclass(frozen=True, slots=True)
class VersionSections:
    """The sections of one version, in order, and the digest of its whole text."""

    digest: str
    sections: tuple[SectionAt, ...]

    def find(self, key: str) -> SectionAt | None:
        """Find a section by its key."""
        return next((one for one in self.sections if one.key == key), None)


History = Mapping[VersionNumber, VersionSections]
"""The sections of every version that stands, so that a key can be followed from one to another."""


@dataclass(frozen=True, slots=True)
class Held:
    """
    A stretch of an addition's life: the same words at the same section, from a decision until another.

    `row` is `<addition>.<n>`. `section_digest` is that of the section when somebody last looked at the two together, or
    that of the whole text for one that belongs to all of it; None asks for no answer.
    """

    row: str
    municipality: str
    procedure: str
    section_key: str
    kind: AdditionKind
    digest: Digest
    departs: bool
    section_digest: str | None
    from_on: date | None
    until_on: date | None
    decided_number: int
    replaces: str | None = None

    @property
    def addition(self) -> str:
        """The addition's lasting id."""
        return addition_of(self.row)

    def holds_on(self, day: date) -> bool:
        """Whether it stands on a day."""
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day < self.until_on)


@dataclass(frozen=True, slots=True)
class Placed:
    """
    Where an addition stands in a version. `key` and `heading` are those of the version, or as before where it is gone.

    `fields_gone` are keys of local information that it shows and the version does not declare.
    """

    key: str
    heading: str
    beside: Beside
    digest: str | None
    fields_gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LayerChange:
    """What a decision does to additions: these rows no longer are what we know, these are."""

    ended: tuple[Held, ...]
    began: tuple[Held, ...]

    @property
    def is_empty(self) -> bool:
        """Whether it does nothing."""
        return not self.ended and not self.began


@dataclass(frozen=True)
class AdditionsUnanswered(Because):
    """
    The version changes sections that the municipality has additions to, and nobody said what becomes of these.

    `additions` are their ids, `named` says where each stands.
    """

    procedure: str
    version: str
    municipality: str
    named: str
    additions: tuple[str, ...]


@dataclass(frozen=True)
class AdditionsShowNothing(Because):
    """
    Additions are to be kept as they are, and show local information that the version does not have.

    `additions` are their ids, `named` says what each shows.
    """

    procedure: str
    version: str
    municipality: str
    named: str
    additions: tuple[str, ...]


@dataclass(frozen=True)
class GroundsMissing(Because):
    """A professional addition says why it is needed and what it rests on. `what` is `reason` or `source`."""

    what: str

    def places_in(self, language: str) -> dict[str, object]:
        """Give the name in words."""
        return {"what": word("given", self.what, language)}


@dataclass(frozen=True)
class DepartureIsProfessional(Because):
    """Who does something else than the shared text says needs professional grounds for it; a practical note has none."""

    procedure: str


@dataclass(frozen=True)
class AdditionUnchanged(Because):
    """The addition says this already."""

    addition: str


def new_addition_id(decision_id: str) -> str:
    """Give an addition's lasting id from the act that makes it, so that the same act gives the same id."""
    return f"t-{hashlib.sha256(decision_id.encode()).hexdigest()[:10]}"


def addition_of(row: str) -> str:
    """Give the addition that a row belongs to."""
    return row.partition(".")[0]


def next_row(addition: str, taken: Sequence[str]) -> str:
    """Give the name of an addition's next row, given those of all rows that are taken."""
    numbers = [int(one.rpartition(".")[2]) for one in taken if addition_of(one) == addition]
    return f"{addition}.{max(numbers, default=0) + 1}"


def reasons_against_adding(
    procedure: str, kind: AdditionKind, *, reason: str | None, source: str | None, departs: bool
) -> list[Because]:
    """Say why such an addition may not be made; empty means it may."""
    if kind is AdditionKind.PROFESSIONAL_ADDITION:
        given = {"reason": reason, "source": source}
        return [GroundsMissing(what) for what, text in given.items() if not (text or "").strip()]
    return [DepartureIsProfessional(procedure)] if departs else []


def anchored_at(kind: AdditionKind, section_key: str, there: VersionSections) -> str | None:
    """
    Give the digest by which a later change is noticed: the section's, or for the whole text the text's own.

    A practical note to the whole text ("the key hangs in the hall") asks nothing when a sentence changes somewhere.
    """
    if section_key:
        section = there.find(section_key)
        return section.digest if section else None
    return there.digest if kind is AdditionKind.PROFESSIONAL_ADDITION else None


def placed_in(held: Held, history: History, version: VersionNumber, fields_gone: tuple[str, ...] = ()) -> Placed:
    """
    Say where an addition stands in a version, following its section from the version it was last looked at beside.

    A section that only moved or got another heading is the same section, and asks nothing. One that has come back after
    it was gone is as new: nobody asks about it either.

    Args:
        held: The addition.
        history: The procedure's sections.
        version: The version.
        fields_gone: What it shows and the version does not declare; that asks for an answer too.
    """
    at = _placed_in(held, history, version)
    if not fields_gone:
        return at
    return replace(at, beside=Beside.FIELD_GONE if at.beside is Beside.SAME else at.beside, fields_gone=fields_gone)


def _placed_in(held: Held, history: History, version: VersionNumber) -> Placed:
    there = history.get(version)
    if there is None or (not held.section_key and held.section_digest is None):
        return Placed(held.section_key, "", Beside.SAME, held.section_digest)
    if not held.section_key:
        beside = Beside.SAME if held.section_digest == there.digest else Beside.CHANGED
        return Placed("", "", beside, there.digest)
    key = _followed(held, history, version)
    section = there.find(key) if key is not None else None
    if section is None:
        gone = Beside.GONE if held.section_digest is not None else Beside.SAME
        return Placed(held.section_key, _heading(held, history), gone, None)
    same = held.section_digest in {None, section.digest}
    return Placed(section.key, section.heading, Beside.SAME if same else Beside.CHANGED, section.digest)


def _followed(held: Held, history: History, version: VersionNumber) -> str | None:
    key: str | None = held.section_key
    begin = _anchor(held, history, version)
    if begin is None or begin == version:
        return key
    if begin < version:
        for one in sorted(number for number in history if begin < number <= version):
            key = next((section.key for section in history[one].sections if section.earlier_key == key), None)
            if key is None:
                return None
        return key
    for one in sorted((number for number in history if version < number <= begin), reverse=True):
        section = history[one].find(key) if key is not None else None
        key = section.earlier_key if section else None
    return key


def _anchor(held: Held, history: History, version: VersionNumber) -> VersionNumber | None:
    """Give the version in which the section said just what it said when the two were looked at; the nearest there is."""
    same = [
        number
        for number, there in history.items()
        if (section := there.find(held.section_key)) is not None and section.digest == held.section_digest
    ]
    before = [number for number in same if number <= version]
    return max(before) if before else min(same, default=None)


def _heading(held: Held, history: History) -> str:
    for number in sorted(history, reverse=True):
        section = history[number].find(held.section_key)
        if section is not None:
            return section.heading
    return ""


def standing_before(held: Sequence[Held], first: date, today: date) -> list[Held]:
    """
    Give the additions that stand just before a version begins to apply: what an adoption must say something about.

    Args:
        held: All that we know now of one procedure in one municipality.
        first: The first day of the version. On or before today what stands today is asked about.
        today: The day of the decision.
    """
    day = _day_before(first, today)
    return [one for one in held if one.holds_on(day)]


def _day_before(first: date, today: date) -> date:
    return today if first <= today else first - timedelta(days=1)


def unanswered(placed: Sequence[tuple[Held, Placed]], answers: Mapping[str, Answer]) -> list[tuple[Held, Placed]]:
    """Give the additions that the version asks about, and that no answer names."""
    return [(one, at) for one, at in placed if at.beside is not Beside.SAME and one.addition not in answers]


def kept_in_vain(placed: Sequence[tuple[Held, Placed]], answers: Mapping[str, Answer]) -> list[tuple[Held, Placed]]:
    """Give the additions that are to be kept as they are, and would then say on paper that something is not filled in."""
    return [(one, at) for one, at in placed if at.fields_gone and answers.get(one.addition) is AnswerTo.KEEP]


def named(where: Sequence[tuple[Held, Placed]]) -> str:
    """Name additions as people find them: "t-0123456789 («Ansvar»), t-…"."""
    return ", ".join(f"{one.addition} («{at.heading}»)" if at.heading else one.addition for one, at in where)


def named_with_fields(where: Sequence[tuple[Held, Placed]]) -> str:
    """Name additions with what they show: "t-0123456789 ({{vakttelefon}}), t-…"."""
    return ", ".join(f"{one.addition} ({', '.join(f'{{{{{key}}}}}' for key in at.fields_gone)})" for one, at in where)


def change_when_adopted(
    held: Sequence[Held], history: History, version: VersionNumber, *, first: date, today: date,
    answers: Mapping[str, Answer], edited: Mapping[str, Digest], taken: Sequence[str],
) -> LayerChange:  # fmt: skip
    """
    Say what an adoption does to the additions, once every one that must be answered is.

    What was decided about later days falls away, as the use it belonged to does. Where the version applies from a day to
    come, what stood before goes on standing until that day.

    Args:
        held: All that we know now of the procedure in the municipality.
        history: The procedure's sections.
        version: The version that is taken into use.
        first: Its first day.
        today: The day of the decision.
        answers: By addition. Those it does not name are kept.
        edited: Digests of the new words, by addition, for those whose answer is an edit.
        taken: The names of all rows there ever were.
    """
    day = _day_before(first, today)
    ended = [one for one in held if one.from_on is not None and one.from_on > day]
    began: list[Held] = []
    names = list(taken)
    for one in standing_before(held, first, today):
        answer = answers.get(one.addition, AnswerTo.KEEP)
        after = _after(one, placed_in(one, history, version), answer, edited)
        if after == one:
            continue
        ended.append(one)
        for new in _stretches(one, after, first, today):
            name = next_row(one.addition, names)
            names.append(name)
            began.append(replace(new, row=name, replaces=one.row))
    return LayerChange(tuple(ended), tuple(began))


def change_when_ended(held: Sequence[Held], ends_on: date, taken: Sequence[str]) -> LayerChange:
    """
    Say what the end of a use does to the additions: what was planned with a use that never comes falls away.

    An addition that was to be dropped, or to have other words, with a version from a day to come stands on as it is.

    Args:
        held: All that we know now of the procedure in the municipality.
        ends_on: The first day on which nothing applies.
        taken: The names of all rows there ever were.
    """
    ended = [one for one in held if one.from_on is not None and one.from_on >= ends_on]
    began: list[Held] = []
    names = list(taken)
    for one in held:
        if one in ended or one.until_on is None or one.until_on < ends_on:
            continue
        ended.append(one)
        name = next_row(one.addition, names)
        names.append(name)
        began.append(replace(one, row=name, replaces=one.row, until_on=None))
    return LayerChange(tuple(ended), tuple(began))


def _after(one: Held, at: Placed, answer: Answer, edited: Mapping[str, Digest]) -> Held | None:
    """Give the addition as it stands beside the version; None when it is dropped."""
    if answer is AnswerTo.DROP:
        return None
    digest = edited[one.addition] if isinstance(answer, Edit) else one.digest
    return replace(one, section_key=at.key, section_digest=at.digest, digest=digest, until_on=None)


def _stretches(before: Held, after: Held | None, first: date, today: date) -> Iterator[Held]:
    if first > today:
        yield replace(before, until_on=first)
        if after is not None:
            yield replace(after, from_on=first)
    elif after is not None:
        yield replace(after, from_on=None)


def as_facts(change: LayerChange, *, exempt: bool) -> dict[str, Any]:
    """
    Give a change as facts of its decision: ids, keys and digests, no words.

    Args:
        exempt: The routine is exempt from public access; then the words stay out of the register.
    """
    return {
        "exempt": exempt,
        "ended": [one.row for one in change.ended],
        "began": [
            {
                "id": one.row, "section": one.section_key, "kind": one.kind.value, "digest": one.digest,
                "departs": one.departs, "section_digest": one.section_digest, "replaces": one.replaces,
                "from": one.from_on.isoformat() if one.from_on else None,
                "until": one.until_on.isoformat() if one.until_on else None,
            }
            for one in change.began
        ],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldsChanged:
    """What a new version leaves to the municipality that the one in force did not, and the other way round."""

    new: tuple[LocalInformation, ...]
    now_required: tuple[LocalInformation, ...]
    gone: tuple[LocalInformation, ...]
    missing: tuple[LocalInformation, ...]
    """Required in the new version and not filled in: it cannot be taken into use before they are."""


def fields_changed(
    before: Sequence[LocalInformation], after: Sequence[LocalInformation], filled: Mapping[str, str]
) -> FieldsChanged:
    """Compare what two versions ask a municipality to fill in. `before` is empty where nothing is in force."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    return FieldsChanged(
        new=tuple(one for key, one in new.items() if key not in old),
        now_required=tuple(one for key, one in new.items() if one.required and key in old and not old[key].required),
        gone=tuple(one for key, one in old.items() if key not in new),
        missing=tuple(one for key, one in new.items() if one.required and not filled.get(key)),
    )
