"""
What becomes of each routine in a group of variants: it is kept as it is, merged with others, dropped, or must be revised first.

    (nothing)        →  any of the four
    keep             →  merge, drop, needs revision
    merge            →  keep, drop, needs revision
    drop             →  keep, merge, needs revision      it is taken up again
    needs revision   →  keep, merge, drop                when somebody has revised it, or given it up

A draft can be made when every routine of the group has its answer, none still needs revision, and either one is kept or at least
two are merged. From then on the answers stand: the draft was made of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from samrutine.messages import word
from samrutine.reasons import Because

_FEWEST_MERGED: Final = 2


class Triage(StrEnum):
    """What becomes of one routine that was sent in."""

    KEEP = "keep"
    """It becomes the shared draft as it is; at most one of a group, and then nothing is merged."""
    MERGE = "merge"
    DROP = "drop"
    """It goes no further. Its municipality still has it."""
    NEEDS_REVISION = "needs-revision"
    """Somebody must write it anew before it can be kept or merged."""


EXPLAINED: Final = frozenset({Triage.DROP, Triage.NEEDS_REVISION})
"""Answers that say why, since the municipality that wrote it will ask."""

MAY_FOLLOW: Final[Mapping[Triage | None, frozenset[Triage]]] = {
    None: frozenset(Triage),
    **{one: frozenset(Triage) - {one} for one in Triage},
}
"""What may follow each answer, until a draft is made."""


@dataclass(frozen=True)
class TriageStands(Because):
    """A shared draft was made of the group, so the answers stand."""

    settled = True


@dataclass(frozen=True)
class TriagedAlready(Because):
    """The routine has this answer."""

    triage: Triage
    settled = True

    def places_in(self, language: str) -> dict[str, object]:
        """Give the answer in words."""
        return {"triage": word("triage", self.triage, language)}


@dataclass(frozen=True)
class TriageUnexplained(Because):
    """Who drops a routine, or sends it back, says why."""

    triage: Triage

    def places_in(self, language: str) -> dict[str, object]:
        """Give the answer in words."""
        return {"triage": word("triage", self.triage, language)}


@dataclass(frozen=True)
class OneIsKept(Because):
    """One routine of the group is kept as it is; then no other is, and none is merged. `kept` is its id."""

    kept: str


@dataclass(frozen=True)
class OthersAreMerged(Because):
    """Others of the group are merged, so none is kept as it is."""

    count: int


@dataclass(frozen=True)
class TriageMissing(Because):
    """Some routines of the group have no answer yet."""

    count: int
    routines: tuple[str, ...]


@dataclass(frozen=True)
class RevisionAwaited(Because):
    """Some routines of the group must be revised first."""

    count: int
    routines: tuple[str, ...]


@dataclass(frozen=True)
class NothingToDraft(Because):
    """None of the group is kept, and fewer than two are merged."""

    merged: int


def reasons_against_triage(
    group: Mapping[str, Triage | None], routine: str, to: Triage, *, reason: str | None = None, is_drafted: bool = False
) -> list[Because]:
    """
    Say why a routine of a group may not get this answer; empty means it may.

    Args:
        group: The answer of each routine of the group, by id; None where there is none yet.
        reason: Why; asked for in `EXPLAINED`.
        is_drafted: Whether a shared draft was made of the group.
    """
    if group[routine] is to:
        return [TriagedAlready(to)]
    if is_drafted:
        return [TriageStands()]
    found: list[Because] = []
    others = {id_: answer for id_, answer in sorted(group.items()) if id_ != routine}
    kept = [id_ for id_, answer in others.items() if answer is Triage.KEEP]
    merged = [id_ for id_, answer in others.items() if answer is Triage.MERGE]
    if to in {Triage.KEEP, Triage.MERGE} and kept:
        found.append(OneIsKept(kept[0]))
    if to is Triage.KEEP and merged:
        found.append(OthersAreMerged(len(merged)))
    if to in EXPLAINED and not (reason or "").strip():
        found.append(TriageUnexplained(to))
    return found


def reasons_against_draft(group: Mapping[str, Triage | None]) -> list[Because]:
    """Say why no shared draft can be made of a group yet; empty means one can."""
    found: list[Because] = []
    unanswered = _those(group, None)
    if unanswered:
        found.append(TriageMissing(len(unanswered), unanswered))
    awaited = _those(group, Triage.NEEDS_REVISION)
    if awaited:
        found.append(RevisionAwaited(len(awaited), awaited))
    merged = len(_those(group, Triage.MERGE))
    if not found and not _those(group, Triage.KEEP) and merged < _FEWEST_MERGED:
        found.append(NothingToDraft(merged))
    return found


def drafted_from(group: Mapping[str, Triage | None]) -> tuple[str, ...]:
    """Give the routines that a draft is made of: the one that is kept, or those that are merged."""
    return _those(group, Triage.KEEP) or _those(group, Triage.MERGE)


def _those(group: Mapping[str, Triage | None], answer: Triage | None) -> tuple[str, ...]:
    return tuple(sorted(id_ for id_, one in group.items() if one is answer))
