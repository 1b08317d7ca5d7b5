"""
What follows from the decisions, computed again from the chain alone, beside what SQL shows.

The tables of roles, approvals, answers and intervals are written in the transactions that decide, and everything is
read from them. A row that was changed or put in behind the decisions' back is found by making them once more.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from samrutine.actors import Role
from samrutine.adoptions.answers import KINDS
from samrutine.adoptions.model import AdoptionState, Interval, IntervalChange, intervals_after, intervals_cut
from samrutine.days import norwegian_day
from samrutine.errors import InvalidText, StoreDamaged
from samrutine.networks.library_files import MUNICIPALITIES
from samrutine.networks.settling import shared_library
from samrutine.procedures.model import Digest, VersionNumber
from samrutine.procedures.text import digest as digest_of
from samrutine.projections.replay_additions import additions_due, additions_shown
from samrutine.projections.replay_columns import rights_columns, unused_columns
from samrutine.projections.replay_hearings import hearing_differences
from samrutine.projections.replay_proposal_rows import proposal_differences
from samrutine.projections.replay_readers import (
    owners_due,
    owners_shown,
    reviews_due,
    reviews_shown,
)
from samrutine.projections.replay_use import rows_around_use
from samrutine.projections.replay_versions import version_differences
from samrutine.projections.scope import Scope, plain, with_settings
from samrutine.storage.rows import (
    AdoptionRow,
    ApprovalRow,
    DecisionRow,
    DecisionTextRow,
    DelegationRow,
    InForceRow,
    LibraryFileRow,
    LocalValueRow,
    MunicipalityRow,
    NetworkRow,
    RoleGrantRow,
    WordsRow,
)

Known = tuple[object, ...]
"""One row as a tuple. The first two members name it in a fault."""

ANSWERS: Final = frozenset(KINDS.values())


@dataclass
class Follows:
    """Rows by kind. The kinds are codes of `verify`, but for intervals, where missing and extra are two faults."""

    intervals: set[Known] = field(default_factory=set)
    answers: set[Known] = field(default_factory=set)
    roles: set[Known] = field(default_factory=set)
    delegations: set[Known] = field(default_factory=set)
    approvals: set[Known] = field(default_factory=set)
    local_values: set[Known] = field(default_factory=set)
    additions: set[Known] = field(default_factory=set)
    settings: set[Known] = field(default_factory=set)


def differences(session: Session, scope: Scope) -> Iterator[tuple[str, str]]:
    """
    Give every row that is not as decided: (code, detail).

    Only asks what the chain says, so the chain itself must have been checked before.
    """
    due, shown = rows_due(session, scope), _shown(session, scope)
    yield from _named("in-force-undecided", shown.intervals - due.intervals)
    yield from _named("in-force-missing", due.intervals - shown.intervals)
    yield from _answers(due.answers, shown.answers)
    yield from (
        ("role", detail) for detail in sorted({f"{row[0]} {row[1]} {row[2]}" for row in due.roles ^ shown.roles})
    )
    for code, one, other in (
        ("delegation", due.delegations, shown.delegations),
        ("approval", due.approvals, shown.approvals),
        ("local-information", due.local_values, shown.local_values),
        ("addition", due.additions, shown.additions),
        *rows_around_use(session, scope),
        ("settings", due.settings, shown.settings),
        ("review", reviews_due(session, scope), reviews_shown(session, scope)),
        ("owner", owners_due(session, scope), owners_shown(session, scope)),
    ):
        yield from _named(code, one ^ other)
    for code, rows in version_differences(session, scope):
        yield from _named(code, rows)
    yield from (("proposal", detail) for detail in proposal_differences(session, scope))
    yield from (("hearing", detail) for detail in hearing_differences(session, scope))
    yield from unused_columns(session, scope)
    if has_what_is_about_none(scope):
        yield from rights_columns(session)


def settled_differences(session: Session) -> Iterator[tuple[str, str]]:
    """
    Give every municipality and network that is not as the settled files say.

    Where a file's own bytes are changed nothing can be held against it; which these are another check says.
    """
    try:
        shared = shared_library(session)
    except StoreDamaged:
        there = select(WordsRow.digest).where(WordsRow.digest == LibraryFileRow.digest).exists()
        gone = session.exec(select(LibraryFileRow.path).where(~there).order_by(LibraryFileRow.path))
        yield from (("words-gone", f"library {path}") for path in gone)
        return
    except InvalidText as error:
        # Which rows name the wrong files is said elsewhere; nothing follows from what cannot be read.
        yield "settings", f"library {len(error.findings)}"
        return
    due: set[Known] = {
        ("municipality", one.number, one.name, one.slug, one.sami_name, one.colour) for one in shared.municipalities
    }
    for network in shared.networks:
        due.add(("network", network.id, network.name, _json(asdict(shared.policy_of(network)))))
    shown: set[Known] = {
        ("municipality", row.number, row.name, row.slug, row.sami_name, row.colour)
        for row in session.exec(select(MunicipalityRow))
    }
    for row in session.exec(select(NetworkRow)):
        shown.add(("network", row.id, row.name, _read(row.policy)))
    yield from _named("settled", due ^ shown)


def _named(code: str, rows: set[Known]) -> Iterator[tuple[str, str]]:
    for detail in sorted({f"{row[0]} {row[1]}" for row in rows}):
        yield code, detail


def _answers(due: set[Known], shown: set[Known]) -> Iterator[tuple[str, str]]:
    """Name the municipality and the routine, and then what stands and what was decided, where it is another answer."""
    decided, stands = ({row[:2]: str(row[2]) for row in rows} for rows in (due, shown))
    for place in sorted({row[:2] for row in due ^ shown}, key=lambda one: f"{one[0]} {one[1]}"):
        here, there = stands.get(place, "–"), decided.get(place, "–")
        yield "answer", f"{place[0]} {place[1]}" + (f" {here} {there}" if here != there else "")


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _read(policy: str) -> str:
    """Write a policy as it is compared; what is no JSON is as it stands, and so differs."""
    try:
        return _json(json.loads(policy))
    except ValueError:
        return policy


@dataclass
class _Place:
    """The intervals of one procedure in one municipality, each with the decision that ended its being known."""

    rows: list[tuple[Interval, int, int | None]] = field(default_factory=list)

    def known(self) -> list[Interval]:
        return [interval for interval, _, superseded in self.rows if superseded is None]

    def write(self, change: IntervalChange, number: int) -> None:
        for old in change.superseded:
            if old.row is not None:
                interval, decided, _ = self.rows[old.row]
                self.rows[old.row] = (interval, decided, number)
        for new in change.added:
            self.rows.append((replace(new, row=len(self.rows)), number, None))


Right = tuple[str, str, str, str, str | None, int, str | None]
"""Actor, body, role, first day, the day after the last, the decision, and the grant that a deputy stands in for."""


@dataclass
class _Rights:
    """Roles and delegations, each with the decision that took it back."""

    grants: list[tuple[Right, int | None]] = field(default_factory=list)
    delegations: list[tuple[tuple[object, ...], int | None]] = field(default_factory=list)

    def follow(self, record: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        """Take one decision; most leave nothing here."""
        number = record["number"]
        match record["kind"]:
            case "role_granted":
                self.grant(
                    facts["actor"], record["body"], facts["role"], facts["from"], facts["until"], number,
                    facts.get("deputy_of"),
                )  # fmt: skip
            case "delegated":
                self.delegate(facts, number, norwegian_day(datetime.fromisoformat(record["at"])).isoformat())
            case "role_revoked":
                self.revoke(facts["actor"], record["body"], facts["role"], number)
            case "person_erased":
                self.end_all(facts["actor"], number)
            case _:
                pass

    def grant(
        self, actor: str, body: str, role: str, first: str, until: str | None, number: int, deputy_of: str | None = None
    ) -> None:
        self.grants.append(((actor, body, role, first, until, number, deputy_of), None))

    def delegate(self, facts: Mapping[str, Any], number: int, today: str) -> None:
        """
        A delegation makes its holder a decider on its own days, unless they are one on all of them.

        The decision says whether it did. Those of the first release do not: they looked at the day of the act.
        """
        actor, town, first, until = facts["actor"], facts["municipality"], facts["from"], facts["until"]
        body, decider = f"municipality:{town}", Role.DECIDER.value
        self.delegations.append(((actor, town, facts["level"], facts["position"], first, until, number), None))
        holds = (
            not facts["makes_decider"]
            if "makes_decider" in facts
            else any(
                grant[:3] == (actor, body, decider)
                and ended is None
                and grant[3] <= today
                and (grant[4] is None or today < grant[4])
                for grant, ended in self.grants
            )
        )
        if not holds:
            self.grant(actor, body, decider, first, until, number)

    def end_all(self, actor: str, number: int) -> None:
        """Whoever is erased holds nothing any more."""
        self.grants = [
            (grant, number if ended is None and grant[0] == actor else ended) for grant, ended in self.grants
        ]
        self.delegations = [
            (given, number if ended is None and given[0] == actor else ended) for given, ended in self.delegations
        ]

    def revoke(self, actor: str, body: str, role: str, number: int) -> None:
        """A decider's delegations end with the role."""
        self.grants = [
            (grant, number if ended is None and grant[:3] == (actor, body, role) else ended)
            for grant, ended in self.grants
        ]
        if role == Role.DECIDER.value:
            town = body.partition(":")[2]
            self.delegations = [
                (given, number if ended is None and given[:2] == (actor, town) else ended)
                for given, ended in self.delegations
            ]


def rows_due(session: Session, scope: Scope) -> Follows:  # noqa: C901, PLR0912  one case for each kind of decision that leaves rows
    """Give the rows that the decisions of a scope leave. What is made anew from the register is made of these."""
    due = Follows()
    places: dict[tuple[str, str], _Place] = {}
    answers: dict[tuple[str, str], Known] = {}
    values: dict[tuple[str, str, str], tuple[int, datetime]] = {}
    rights = _Rights()
    files: dict[str, tuple[str, int]] = {}
    towns: tuple[str, ...] = ()
    stands: dict[str, None] = {}
    # The address of an own routine is free text, outside the chain but for its hash, which was checked before this.
    told = session.exec(
        select(DecisionTextRow).where(DecisionTextRow.name == "link", scope.number(DecisionTextRow.number))
    )
    links = {one.number: one.text for one in told}
    rows = session.exec(
        select(DecisionRow.record)
        .where(with_settings(scope))
        .order_by(col(DecisionRow.number))
        .execution_options(yield_per=1000)
    )
    for text in rows:
        record = json.loads(text)
        facts, number = record["facts"], record["number"]
        rights.follow(record, facts)
        match record["kind"]:
            case "library_settled":
                files.update({path: (digest, number) for path, digest in facts["files"].items()})
                towns = _towns(session, files)
                for town in facts.get("new_municipalities", ()):
                    for procedure in stands:
                        answers.setdefault(
                            (town, procedure), (AdoptionState.TO_CONSIDER.value, None, None, None, None, number)
                        )
            case "approval_given":
                due.approvals.add(
                    (
                        facts["proposal"], number, record["actor"], facts["municipality"], record["role"], facts["digest"],
                        facts.get("network"),
                    )
                )  # fmt: skip
            case "version_approved" | "version_hurried":
                stands[facts["procedure"]] = None
                for town in towns:
                    to_consider = (AdoptionState.TO_CONSIDER.value, None, None, None, None, number)
                    answers.setdefault((town, facts["procedure"]), to_consider)
            case "version_refused" | "procedure_withdrawn" if (
                facts.get("stands") is None or facts.get("withdrawn") is not None
            ):
                stands.pop(facts["procedure"], None)
            case "local_information_set":
                for key in facts["keys"]:
                    where = (facts["municipality"], facts["procedure"], key)
                    if where in values:
                        due.local_values.add((*where, *values[where], number))
                    values[where] = (number, datetime.fromisoformat(record["at"]))
            case kind if kind in ANSWERS:
                at = (facts["municipality"], facts["procedure"])
                answers[at] = _answer(facts, links.get(number), number)
                place = places.setdefault(at, _Place())
                place.write(_change(place.known(), facts, number), number)
            case _:
                pass
    due.additions = additions_due(session, scope)
    due.local_values |= {(*where, *set_by, None) for where, set_by in values.items()}
    due.answers = {(*at, *answer) for at, answer in answers.items()}
    if has_what_is_about_none(scope):
        due.roles = {(*grant, ended) for grant, ended in rights.grants}
        due.delegations = {(*given, ended) for given, ended in rights.delegations}
        due.settings = {("library", path, digest, number) for path, (digest, number) in files.items()}
    for at, place in places.items():
        for interval, decided, superseded in place.rows:
            due.intervals.add(
                (
                    *at, interval.from_on, interval.until_on, str(interval.version), interval.digest, interval.position,
                    interval.adopted_number, decided, superseded, interval.delegation,
                )
            )  # fmt: skip
    return due


def _towns(session: Session, files: Mapping[str, tuple[str, int]]) -> tuple[str, ...]:
    """Give the municipalities as settled then; none where the file's bytes are gone, which another check says."""
    digest = files.get(MUNICIPALITIES, ("", 0))[0]
    row = session.get(WordsRow, digest)
    if row is None or digest_of(row.content) != digest:
        return ()
    return tuple(one["number"] for one in tomllib.loads(row.content.decode())["municipality"])


def _answer(facts: Mapping[str, Any], link: str | None, number: int) -> Known:
    in_use = facts["state"] == AdoptionState.IN_USE.value
    first = date.fromisoformat(facts["from"]) if in_use else None
    comes_back = facts.get("deferred_until")
    deferred_until = date.fromisoformat(comes_back) if comes_back else None
    return (facts["state"], facts["version"] if in_use else None, first, link, deferred_until, number)


def _change(known: list[Interval], facts: Mapping[str, Any], number: int) -> IntervalChange:
    if facts["state"] == AdoptionState.DEFERRED.value:
        return IntervalChange((), ())
    if facts["state"] != AdoptionState.IN_USE.value:
        return intervals_cut(known, date.fromisoformat(facts["until"]))
    new = Interval(
        date.fromisoformat(facts["from"]), None, VersionNumber.parse(facts["version"]), Digest(facts["digest"]),
        facts["position"], number, delegation=facts.get("delegation"),
    )  # fmt: skip
    postponed = facts.get("postpones")
    return intervals_after(known, new, postpones=date.fromisoformat(postponed) if postponed else None)


def _shown(session: Session, scope: Scope) -> Follows:
    shown = Follows()
    for interval in plain(session, InForceRow, scope.routine(InForceRow.procedure_id)):
        shown.intervals.add(
            (
                interval.municipality, interval.procedure_id, interval.from_on, interval.until_on,
                f"{interval.major}.{interval.minor}", interval.digest, interval.position, interval.adopted_number,
                interval.decided_number, interval.superseded_number, interval.delegation_id,
            )
        )  # fmt: skip
    for answer in plain(session, AdoptionRow, scope.routine(AdoptionRow.procedure_id)):
        version = None if answer.major is None else f"{answer.major}.{answer.minor}"
        shown.answers.add(
            (
                answer.municipality, answer.procedure_id, answer.state, version, answer.in_force_from, answer.own_link,
                answer.deferred_until, answer.decided_number,
            )
        )  # fmt: skip
    shown.approvals = {
        (row.proposal_id, row.decided_number, row.actor_id, row.municipality, row.role, row.digest, row.network)
        for row in plain(session, ApprovalRow, scope.number(ApprovalRow.decided_number))
    }
    shown.local_values = {
        (row.municipality, row.procedure_id, row.key, row.decided_number, row.set_at, row.superseded_number)
        for row in session.exec(select(LocalValueRow).where(scope.routine(LocalValueRow.procedure_id)))
    }
    shown.additions = additions_shown(session, scope)
    if not has_what_is_about_none(scope):
        return shown
    # The reference is a text, which may be erased, and so is held apart from these: see `rights_columns`.
    shown.delegations = {
        (
            row.actor_id, row.municipality, row.level, row.position, row.from_on.isoformat(), _iso(row.until_on),
            row.decided_number, row.ended_number,
        )
        for row in session.exec(select(DelegationRow))
    }  # fmt: skip
    shown.roles = {
        (
            row.actor_id, row.body, row.role, row.from_on.isoformat(), _iso(row.until_on), row.decided_number,
            row.deputy_of, row.ended_number,
        )
        for row in session.exec(select(RoleGrantRow))
    }  # fmt: skip
    shown.settings = {
        ("library", row.path, row.digest, row.settled_number) for row in session.exec(select(LibraryFileRow))
    }
    return shown


def has_what_is_about_none(scope: Scope) -> bool:
    """Whether roles, delegations and settings are in the scope."""
    return scope.routines is None or scope.is_about_none


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
