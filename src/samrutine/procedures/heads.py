"""
A routine's head: which version it is, and what the routine's row says because of it.

One rule for all who write the row or hold it against the decisions: the verbs, `verify`, `repair`, and whoever makes a library
anew from its register. What a later decision builds on, such as the folder that words leave, is asked of the chain here and
not of the row, so that a row that was changed behind the decisions' back never becomes a part of one.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from samrutine.days import norwegian_day
from samrutine.procedures.model import AccessClass, DecisionLevel, Kind, Language, ProcedureText, VersionNumber
from samrutine.procedures.ordering import sort_key
from samrutine.procedures.review import months_after

HEAD_KINDS: Final = ("version_approved", "version_hurried", "version_refused", "reviewed")
"""The decisions that a routine's head, its folder and the day of its next review follow from."""

MONTHS_UNTIL_REVIEW: Final = 12
"""For a routine whose words are not there to say it."""


@dataclass(frozen=True, slots=True)
class Stands:
    """
    A version as its decision put it there.

    `day` is the decision's own, in Norway. `files` are the digests of the files that belong to it, each with its media type.
    """

    version: str
    digest: str
    folder: str
    access: str
    network: str
    day: date
    files: tuple[tuple[str, str], ...] = ()


@dataclass
class Head:
    """
    What decisions make of one routine.

    Attributes:
        stands: The version that is the head.
        counted: The version that the next review was counted from.
        planned: The day of the next review where a decision names it; None when it is a whole interval after `counted`.
    """

    stands: Stands
    counted: Stands
    planned: date | None = None
    _versions: dict[str, Stands] = field(default_factory=dict)
    _hurried: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    _reviewed: int = 0

    def take(self, made: Stands) -> None:
        """A new version is the head, to be looked through a whole interval after it."""
        self._versions[made.version] = self.stands = self.counted = made
        self.planned = None

    def follow(self, number: int, kind: str, facts: Mapping[str, Any]) -> None:
        """Take a decision about the routine that makes no version."""
        if kind == "reviewed":
            self._reviewed, self.planned = number, date.fromisoformat(facts["next_review"])
        elif kind == "version_refused" and facts["stands"] is not None:
            hurried, before = self._hurried[facts["version"]]
            # A review that was decided since the hurry has set another day.
            if self._reviewed < hurried and before is not None:
                self.planned = date.fromisoformat(before)
            self.stands = self._versions[facts["stands"]]

    def hurry(self, number: int, facts: Mapping[str, Any]) -> None:
        """Remember the day that a hurry took away, which a refusal gives back."""
        self._hurried[facts["version"]] = number, facts.get("before", {}).get("next_review")


def heads_of(records: Iterable[str]) -> dict[str, Head]:
    """
    Give the head of every routine that versions were made of, by id.

    Args:
        records: The decisions of `HEAD_KINDS` as the chain has them, in their order; all of a routine's, or none.
    """
    heads: dict[str, Head] = {}
    for text in records:
        record = json.loads(text)
        kind, facts, number = record["kind"], record["facts"], record["number"]
        procedure = facts["procedure"]
        if kind in {"version_approved", "version_hurried"}:
            made = Stands(
                facts["version"], facts["digest"], facts["folder"], facts.get("access") or AccessClass.OPEN.value,
                record["body"].partition(":")[2], norwegian_day(datetime.fromisoformat(record["at"])), files_in(facts),
            )  # fmt: skip
            heads.setdefault(procedure, Head(made, made)).take(made)
            if kind == "version_hurried":
                heads[procedure].hurry(number, facts)
        else:
            heads[procedure].follow(number, kind, facts)
    return heads


def files_in(facts: Mapping[str, Any], name: str = "files") -> tuple[tuple[str, str], ...]:
    """Give the files that a decision about a version names, digest and media type; none where it says nothing of any."""
    return tuple((digest, media_type) for digest, media_type in facts.get(name, ()))


def next_review(head: Head, made_on: date, interval_months: int | None) -> date:
    """
    Give the day by which a routine is looked through.

    Args:
        made_on: The day on which the version that it is counted from was made.
        interval_months: Of that version; None where its words are not there to say: then at once.
    """
    if head.planned is not None:
        return head.planned
    return months_after(made_on, interval_months) if interval_months is not None else made_on


def columns_of(
    procedure: str,
    head: Head,
    text_of: Callable[[str], ProcedureText | None],
    *,
    made_on: date | None = None,
) -> dict[str, Any]:
    """
    Give what a routine's row says of its head: see `procedure_columns`.

    Where the words are not there, it is what the chain knows and else the strictest there is: its id for a title, the highest
    level of decision, and a review at once.

    Args:
        text_of: Gives the words behind a digest; None where they are not there.
        made_on: The day on which the version that the next review is counted from was made; the decision's own when None.
    """
    text, counted = text_of(head.stands.digest), text_of(head.counted.digest) if head.planned is None else None
    interval = counted.front.review_interval_months if counted is not None else None
    following = next_review(head, made_on or head.counted.day, interval)
    version = VersionNumber.parse(head.stands.version)
    if text is not None:
        return procedure_columns(text, version, head.stands.digest, following)
    return {
        "id": procedure, "title": procedure, "sort_title": sort_key(procedure), "kind": Kind.ROUTINE.value,
        "language": Language.NB.value, "translation_of": None, "network": head.stands.network, "co_networks": "",
        "folder": head.stands.folder, "access": head.stands.access, "access_basis": None,
        "decision_level": DecisionLevel.POLITICAL.value, "review_interval_months": MONTHS_UNTIL_REVIEW,
        "next_review": following, "major": version.major, "minor": version.minor, "digest": head.stands.digest,
    }  # fmt: skip


def procedure_columns(text: ProcedureText, version: VersionNumber, digest: str, following: date) -> dict[str, Any]:
    """Give what the row of a routine says of its head: its words and number, and when it is looked through again."""
    front = text.front
    return {
        "id": front.id, "title": front.title, "sort_title": sort_key(front.title), "kind": front.kind.value,
        "language": front.language.value, "translation_of": front.translation_of, "network": front.network,
        "co_networks": " ".join(front.co_networks), "folder": front.subjects[0], "access": front.access.value,
        "access_basis": front.access_basis, "decision_level": front.decision_level.value,
        "review_interval_months": front.review_interval_months, "next_review": following, "major": version.major,
        "minor": version.minor, "digest": digest,
    }  # fmt: skip
