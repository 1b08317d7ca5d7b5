"""
Which class of text a municipality's local layer belongs to: what was added and filled in beside an exempt text is exempt.

It stays so when a later version of the routine is open, until the municipality itself takes an open version into use: then
it has looked at its layer beside a text that all may read.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from sqlalchemy import BindParameter, CompoundSelect, Date, Integer, String, bindparam, cast, null, union_all
from sqlalchemy import select as columns
from sqlmodel import Session, col

from samrutine.procedures.hiding import NOTHING_HIDDEN, HiddenTexts
from samrutine.procedures.model import AccessClass, VersionNumber
from samrutine.storage.rows import InForceRow, VersionRow


class Kept(Protocol):
    """By what one knows whether a version is guarded."""

    digest: str
    access: str


Guards = Callable[[Kept], bool]
Hides = Callable[[str, int, int | None], bool]
"""Whether what one decision laid over a routine, and another took away, is left out: routine, and the two numbers."""


@dataclass(frozen=True, slots=True)
class Approved:
    """A version: the decisions by which it was approved and, if so, refused, and whether it is guarded."""

    version: VersionNumber
    decided: int
    refused: int | None
    guarded: bool


@dataclass(frozen=True, slots=True)
class Used:
    """One version that applied, applies or is to, with the decisions between which that is what we knew."""

    adopted: int
    decided: int
    superseded: int | None
    from_on: date
    guarded: bool

    def known_at(self, number: int) -> bool:
        """Whether that is what we knew after the decision of that number."""
        return self.decided <= number and (self.superseded is None or self.superseded > number)


@dataclass(frozen=True, slots=True)
class Belonging:
    """The versions of one routine, and what one municipality has taken into use of them."""

    approved: Sequence[Approved]
    used: Sequence[Used]

    def is_guarded(self, number: int, day: date) -> bool:
        """
        Whether what was laid over the text just after the decision of that number belongs to a guarded text.

        It does when the newest version was guarded, or the one that the municipality last decided on. An open version
        that is decided for a day after `day` has opened nothing yet.
        """
        standing = [
            one for one in self.approved if one.decided <= number and not (one.refused and one.refused <= number)
        ]
        newest = max(standing, key=lambda one: one.decided, default=None)
        used = [one for one in self.used if one.known_at(number) and (one.guarded or one.from_on <= day)]
        last = max(used, key=lambda one: (one.adopted, one.from_on), default=None)
        return any(one is not None and one.guarded for one in (newest, last))

    def is_guarded_in(self, version: VersionNumber, number: int, *, first: date, day: date) -> bool:
        """Whether what stands beside a version that is taken into use from a day, or until it begins, is guarded."""
        chosen = any(one.guarded for one in self.approved if one.version == version)
        newest_alone = Belonging(self.approved, ())
        return chosen or (self if first > day else newest_alone).is_guarded(number, day)

    def hides(self, decided: int, superseded: int | None, today: date) -> bool:
        """Whether what one decision laid over the text, and another took away, is guarded from those who may not see."""
        if not self.is_guarded(decided, today):
            return False
        last = decided if superseded is None else superseded
        return not any(
            not one.guarded and one.superseded is None and one.from_on <= today and one.adopted > decided
            and (superseded is None or one.adopted < last)
            for one in self.used
        )  # fmt: skip


NOW = 2**62
"""A number after every decision."""


def is_exempt_version(row: Kept) -> bool:
    """Whether the version was approved as exempt from public access."""
    return row.access == AccessClass.EXEMPT.value


def hidden_in(hidden: HiddenTexts) -> Guards:
    """Give what is guarded to a reader."""
    return lambda row: row.digest in hidden.digests


def _among(name: str) -> BindParameter[str]:
    return bindparam(name, expanding=True)


# One statement, put together once: people wait for the overview, which asks it each time, and most often of nothing.
_ROWS: Final[CompoundSelect[Any]] = union_all(
    columns(
        col(VersionRow.procedure_id), cast(null(), String).label("municipality"), col(VersionRow.major),
        col(VersionRow.minor), col(VersionRow.decided_number).label("decided"),
        col(VersionRow.refused_number).label("ended"), cast(null(), Integer).label("adopted"),
        cast(null(), Date).label("from_on"), col(VersionRow.digest), col(VersionRow.access),
    ).where(col(VersionRow.procedure_id).in_(_among("procedures"))),
    columns(
        col(InForceRow.procedure_id), col(InForceRow.municipality), col(InForceRow.major), col(InForceRow.minor),
        col(InForceRow.decided_number), col(InForceRow.superseded_number), col(InForceRow.adopted_number),
        col(InForceRow.from_on), cast(null(), String), cast(null(), String),
    ).where(
        col(InForceRow.procedure_id).in_(_among("procedures")), col(InForceRow.municipality).in_(_among("municipalities"))
    ),
)  # fmt: skip


def belongings(
    session: Session, layers: Collection[tuple[str, str]], guards: Guards
) -> dict[tuple[str, str], Belonging]:
    """
    Give what local layers belong to, each by routine and municipality, whether anything was ever used there or not.

    One statement, also for no layer.
    """
    asked = {"procedures": sorted({one for one, _ in layers}), "municipalities": sorted({town for _, town in layers})}
    versions: dict[str, list[Approved]] = {one: [] for one in asked["procedures"]}
    guarded: dict[tuple[str, int, int], bool] = {}
    uses = []
    for row in session.execute(_ROWS, asked):
        if row.municipality is not None:
            uses.append(row)
            continue
        is_guarded = guards(row)
        guarded[row.procedure_id, row.major, row.minor] = is_guarded
        versions[row.procedure_id].append(
            Approved(VersionNumber(row.major, row.minor), row.decided, row.ended, is_guarded)
        )
    used: dict[tuple[str, str], list[Used]] = {layer: [] for layer in layers}
    for row in uses:
        if (layer := (row.procedure_id, row.municipality)) in used:
            is_guarded = guarded[row.procedure_id, row.major, row.minor]
            used[layer].append(Used(row.adopted, row.decided, row.ended, row.from_on, is_guarded))
    return {layer: Belonging(versions[layer[0]], rows) for layer, rows in used.items()}


def hiding_layers(
    session: Session, municipality: str, procedures: Collection[str], hidden: HiddenTexts, today: date
) -> Hides | None:
    """
    Give what tells which parts of a municipality's layers a reader may not see; None where they may see all.

    Args:
        session: For reading.
        municipality: By number.
        procedures: The routines that it will be asked about.
        hidden: What the reader may not see.
        today: By which the municipality has taken an open version into use or not, a day in Norway.
    """
    if hidden is NOTHING_HIDDEN:
        return None
    layers = belongings(session, {(one, municipality) for one in procedures}, hidden_in(hidden))

    def hides(procedure: str, decided: int, superseded: int | None) -> bool:
        # What is laid over a routine that does not apply is in no document.
        layer = layers.get((procedure, municipality))
        return layer is None or layer.hides(decided, superseded, today)

    return hides


def belonging(session: Session, procedure: str, municipality: str, guards: Guards) -> Belonging:
    """Give what one municipality's layer over one routine belongs to."""
    return belongings(session, [(procedure, municipality)], guards)[procedure, municipality]
