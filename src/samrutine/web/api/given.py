"""What programs give: ids, days and bodies, each with what it may hold."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final, Literal

from fastapi import Header, Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from samrutine.arguments import LONGEST_TEXT
from samrutine.proposals.hearing import Remark
from samrutine.web.api.faults import ApiFault

_ID: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
_LINE: Final = r"^[^\x00-\x1f]*$"
_VERSION: Final = r"^[0-9]{1,4}\.[0-9]{1,4}$"
_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TAG: Final = re.compile(r'"(1:[0-9a-f]{64})"')
_A_TEXT: Final = 500_000

Id = Annotated[str, Path(pattern=_ID, description="Its id.")]
Where = Annotated[
    str, Path(pattern=_LINE, min_length=1, max_length=60, description="A municipality: its number, name or short name.")
]
MaybeWhere = Annotated[
    str | None, Query(pattern=_LINE, max_length=60, description="A municipality: its number, name or short name.")
]
MaybeVersion = Annotated[str | None, Query(pattern=_VERSION, description="A version, such as `1.0`.")]
MaybeNetwork = Annotated[str | None, Query(pattern=_ID, description="A network's id.")]


def _read_day(value: str) -> str:
    """Take a day that the calendar has."""
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError("no such day") from None
    return value


_Day = Annotated[str, AfterValidator(_read_day)]
MaybeDay = Annotated[
    _Day | None, Query(pattern=_DAY, description="A day in Norway; today when it is left out.", json_schema_extra={"format": "date"})
]  # fmt: skip
OnDay = Annotated[_Day, Query(pattern=_DAY, description="A day in Norway.", json_schema_extra={"format": "date"})]
IfMatch = Annotated[
    str, Header(description='The `ETag` of the text that was read, `"1:…"`: what was read is what is acted on.')
]


def day(given: str | None) -> date | None:
    """Give the day that was written; None for none."""
    return date.fromisoformat(given) if given else None


def read_tag(if_match: str) -> str:
    """
    Give the digest of the text that a program read.

    Raises:
        ApiFault: It is the tag of no text.
    """
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise ApiFault("no_text_tag", 422)
    return found[1]


class Body(BaseModel):
    """Base of what is sent. What is not named here is refused, and not left unread."""

    model_config = ConfigDict(extra="forbid")


Line = Annotated[str, Field(max_length=200, pattern=_LINE)]
Words = Annotated[str, Field(max_length=LONGEST_TEXT)]
Markdown = Annotated[str, Field(max_length=_A_TEXT, description="Markdown with front matter.")]
Version = Annotated[str, Field(pattern=_VERSION)]
Day = Annotated[_Day, Field(pattern=_DAY, json_schema_extra={"format": "date"})]
Named = Annotated[str, Field(pattern=_ID)]


class NewProposal(Body):
    """A text to keep as a draft."""

    text: Markdown
    changes: Named | None = Field(None, description="The routine that it changes; none for a new one.")
    significance: Literal["major", "minor"] = Field("major", description="Whether the change is *vesentlig*.")
    meaning: Words | None = Field(None, description="What the change means for those who follow it, in three lines.")
    from_version: Version | None = Field(None, description="The version that the change was begun from.")


class RevisedText(Body):
    """Another text of a draft."""

    text: Markdown
    meaning: Words | None = None
    unheard: Words | None = Field(None, description="Why it is not heard, where the policy asks for it.")


class Sending(Body):
    """A draft to send to approval."""

    unheard: Words | None = Field(None, description="Why it is not heard, where the policy asks for it.")


class MaybeReason(Body):
    """Why, where somebody wants to say it."""

    reason: Words | None = None


class Reason(Body):
    """Why."""

    reason: Words


class NewHearing(Body):
    """A round of hearing to open."""

    parties: list[Line] | None = Field(
        None, max_length=200, description="Whom to hear; those that the templates name when it is left out."
    )
    deadline: Day | None = None


class GivenRemark(Body):
    """A remark, to the whole text or to a part of it."""

    text: Words
    section_key: Line | None = None
    paragraph: Annotated[int, Field(ge=1, le=10_000)] | None = None


class HearingAnswer(Body):
    """What a municipality or a network says in a hearing: remarks, or that there are none."""

    body: Line = Field(description="`municipality:` with its name or number, or `network:` with its id.")
    no_remarks: bool = False
    remarks: list[GivenRemark] = Field(default_factory=list, max_length=500)


class Reply(Body):
    """What becomes of a remark."""

    outcome: Line = Field(description="`taken`, `partly`, `not-taken` or `noted`.")
    reply: Words | None = None


class Taking(Body):
    """A version to take into use."""

    version: Version | None = Field(None, description="The newest when it is left out.")
    from_on: Day | None = Field(None, description="The first day it is to apply; today when it is left out.")
    reason: Words | None = None
    case: Line | None = Field(None, description="The council's case number, where it is decided politically.")
    additions: dict[Named, Literal["keep", "drop"]] = Field(
        default_factory=dict, description="What becomes of the municipality's own additions, by their ids."
    )


class Deferral(Body):
    """An answer to put off."""

    until: Day = Field(description="The day it comes back.")
    reason: Words


class OwnRoutine(Body):
    """A routine of the municipality's own that is followed instead."""

    link: Annotated[str, Field(max_length=2_000)] = Field(description="Where it stands.")
    reason: Words | None = None


class Ending(Body):
    """A use to end."""

    reason: Words
    last_day: Day | None = Field(None, description="Today when it is left out.")


class ListedAnswer(Body):
    """A row of a list of answers."""

    procedure: Named
    answer: Literal["in-use", "deferred", "declined", "not-relevant", "own-routine", "ended"]
    version: Version | None = Field(None, description="The version to take into use; the newest when it is left out.")
    from_on: Day | None = Field(None, description="The first day it is to apply; today when it is left out.")
    until: Day | None = Field(None, description="The day a deferral comes back; or the last day of an ended use.")
    reason: Words | None = None
    link: Annotated[str, Field(max_length=2_000)] | None = Field(None, description="Where an own routine stands.")
    case: Line | None = Field(None, description="The council's case number, where it is decided politically.")
    additions: dict[Named, Literal["keep", "drop"]] = Field(
        default_factory=dict, description="What becomes of the municipality's own additions, by their ids."
    )


class AnswerList(Body):
    """Answers to many routines, decided as one: all or none."""

    rows: list[ListedAnswer] = Field(min_length=1, max_length=500)


class LocalValues(Body):
    """Local information, by the keys that the routine declares. An empty text clears a value."""

    values: dict[Line, Words] = Field(min_length=1, max_length=100)


class NewAddition(Body):
    """Something of the municipality's own to a section."""

    section_key: Line = Field(description="The section's key; empty for the whole text.")
    kind: Literal["practical-note", "professional-addition"]
    text: Words
    reason: Words | None = None
    source: Words | None = Field(None, description="What a professional addition rests on.")
    departs: bool = Field(default=False, description="It says something else than the shared text does.")


class ChangedAddition(Body):
    """Other words of an addition."""

    text: Words
    reason: Words | None = None
    source: Words | None = None
    departs: bool | None = None


def remarks_of(given: Sequence[GivenRemark]) -> list[Remark]:
    """Give remarks as the verb takes them."""
    return [Remark(one.text, one.section_key, one.paragraph) for one in given]
