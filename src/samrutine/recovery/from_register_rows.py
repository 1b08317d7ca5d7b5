"""
The rows of tables as the chain says they are: what `replay` computes to hold SQL against, as rows to be written.

The rules stand in `samrutine.projections.replay*` and in the verbs; here each tuple of theirs gets the names of its columns,
and the ids that follow from an act's own id.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from samrutine.networks.service import opaque, role_id
from samrutine.procedures.model import VersionNumber
from samrutine.projections import replay
from samrutine.projections.replay_readers import owners_due, reviews_due
from samrutine.projections.replay_use import inventory_due, made_known_due, standing_due
from samrutine.projections.scope import ALL
from samrutine.recovery.from_register_links import Link
from samrutine.storage.rows import (
    ActorRow,
    AdditionRow,
    AdoptionRow,
    ApprovalRow,
    DelegationRow,
    InForceRow,
    InventoryRow,
    LibraryFileRow,
    LibraryRow,
    LocalValueRow,
    MadeKnownRow,
    PersonRow,
    ReviewRow,
    RoleGrantRow,
    Row,
    StandingDecisionRow,
    TargetRow,
)
from samrutine.storage.rows.publishing import TAKEN_AWAY

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Due:
    """
    The rows that a table must have.

    Attributes:
        key: The columns by which a row is found again.
        rows: Each with its key and every column that the chain knows.
        fresh: What is put into a new row beside these, by key, where the database has no default for it.
    """

    table: type[Row]
    key: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]
    fresh: Mapping[tuple[Any, ...], Mapping[str, Any]] = field(default_factory=dict)


def settle(session: Session, due: Due) -> None:
    """
    Make a table have the rows that are due: new ones are put in, and others changed where the chain knows better.

    What the chain does not know, such as a name, is left as it is. No row is taken away: `verify` names what is too much.
    """
    if not due.rows:
        return
    table: Any = due.table
    names = list(due.rows[0])
    shown = {
        tuple(row[name] for name in due.key): row
        for row in session.execute(select(*(col(getattr(table, name)) for name in names))).mappings()
    }
    new: list[dict[str, Any]] = []
    for row in due.rows:
        key = tuple(row[name] for name in due.key)
        before = shown.get(key)
        if before is None:
            new.append({**due.fresh.get(key, {}), **row})
        elif changed := {name: value for name, value in row.items() if before[name] != value}:
            where = [col(getattr(table, name)) == value for name, value in zip(due.key, key, strict=True)]
            session.execute(
                update(table).where(*where).values(**changed), execution_options={"synchronize_session": False}
            )
    for part in in_parts(new):
        session.execute(insert(table), part)


def in_parts(rows: Sequence[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """Divide rows into statements of a size that both databases take."""
    return (list(rows[at : at + AT_ONCE]) for at in range(0, len(rows), AT_ONCE))


def people_due(links: Sequence[Link]) -> list[Due]:
    """
    Give those who act, and a person without a name behind each.

    Who was erased has no name in a database that had not heard of it either.
    """
    actors: list[dict[str, Any]] = []
    made: dict[str, dict[str, Any]] = {}
    erased: dict[str, dict[str, Any]] = {}
    for link in links:
        match link.kind:
            case "person_added":
                actor = link.facts["actor"]
                person = opaque("n", link.known["act"])
                actors.append({"id": actor, "kind": "person", "person_id": person, "created_number": link.number})
                made[person] = {"created_at": link.at, "login": None, "name": None, "email": None, "erased_at": None}
            case "person_erased":
                gone = {"login": None, "email": None, "erased_at": link.at}
                if not link.facts["kept_name"]:
                    gone["name"] = None
                erased[link.facts["actor"]] = {**erased.get(link.facts["actor"], {}), **gone}
            case "outsider_invited":
                actors.append(
                    {"id": link.facts["actor"], "kind": "link", "person_id": None, "created_number": link.number}
                )
            case _:
                pass
    of_actor = {one["id"]: one["person_id"] for one in actors}
    people = Due(
        PersonRow, ("id",), [{"id": one} for one in made], {(one,): fresh for one, fresh in made.items()}
    )  # fmt: skip
    # One statement for each: not all lose the same, and there are few.
    blank = [
        Due(PersonRow, ("id",), [{"id": of_actor[actor], **gone}])
        for actor, gone in erased.items() if of_actor.get(actor)
    ]  # fmt: skip
    return [people, *blank, Due(ActorRow, ("id",), actors)]


def library_due(links: Sequence[Link]) -> Due:
    """Give the library's own row."""
    opened = next(link for link in links if link.kind == "library_opened")
    row = {
        "id": 1, "demo": opened.facts["demo"], "language": opened.facts["language"], "opened_number": opened.number,
    }  # fmt: skip
    return Due(LibraryRow, ("id",), [row])


def files_due(follows: replay.Follows) -> Due:
    """Give the settled files."""
    rows = [
        {"path": path, "digest": digest, "settled_number": number}
        for _, path, digest, number in _sorted(follows.settings)
    ]
    return Due(LibraryFileRow, ("path",), rows)


def rights_due(follows: replay.Follows, acts: Mapping[int, str]) -> list[Due]:
    """Give roles and delegations. `acts` are the acts' ids, by number of decision."""
    gave: dict[str, int] = {}
    grants = [
        {
            "id": role_id(acts[number], body, is_first=gave.setdefault(acts[number], number) == number),
            "actor_id": actor, "body": body, "role": role, "from_on": _day(first),
            "until_on": _day(until), "deputy_of": deputy_of, "decided_number": number, "ended_number": ended,
        }
        for actor, body, role, first, until, number, deputy_of, ended in _by(follows.roles, 5)
    ]  # fmt: skip
    delegations = [
        {
            "id": opaque("d", acts[number]), "municipality": town, "actor_id": actor, "level": level,
            "position": position, "from_on": _day(first), "until_on": _day(until), "decided_number": number,
            "ended_number": ended,
        }
        for actor, town, level, position, first, until, number, ended in _by(follows.delegations, 6)
    ]  # fmt: skip
    return [Due(RoleGrantRow, ("id",), grants), Due(DelegationRow, ("id",), delegations)]


def approvals_due(follows: replay.Follows) -> Due:
    """Give the approvals."""
    names = ("proposal_id", "decided_number", "actor_id", "municipality", "role", "digest", "network")
    return Due(ApprovalRow, ("decided_number",), _named(names, _by(follows.approvals, 1)))


def use_due(session: Session, follows: replay.Follows) -> list[Due]:
    """Give what municipalities answered, what is in force, and the local layer, but for the words."""
    answers = [
        {
            "municipality": town, "procedure_id": procedure, "state": state, **_version(version), "in_force_from": first,
            "own_link": link, "deferred_until": deferred_until, "decided_number": number,
        }
        for town, procedure, state, version, first, link, deferred_until, number in _by(follows.answers, 7)
    ]  # fmt: skip
    intervals = [
        {
            "municipality": town, "procedure_id": procedure, "from_on": first, "until_on": until, **_version(version),
            "digest": digest, "position": position, "adopted_number": adopted, "decided_number": decided,
            "superseded_number": superseded, "delegation_id": delegation,
        }
        for town, procedure, first, until, version, digest, position, adopted, decided, superseded, delegation in sorted(
            follows.intervals, key=lambda row: (row[8], str(row[2]))
        )
    ]  # fmt: skip
    values = _named(
        ("municipality", "procedure_id", "key", "decided_number", "set_at", "superseded_number"),
        _by(follows.local_values, 3),
    )
    additions = [
        {**row, "from_on": _day(row["from_on"]), "until_on": _day(row["until_on"])}
        for row in _named(
            (
                "municipality", "id", "procedure_id", "section_key", "kind", "digest", "departs", "section_digest",
                "replaces", "from_on", "until_on", "decided_number", "superseded_number",
            ),
            _by(follows.additions, 11),
        )
    ]  # fmt: skip
    standing = _named(
        (
            "municipality", "id", "procedure_id", "level", "position", "delegation_id", "from_on", "until_on",
            "decided_number", "ended_number",
        ),
        _by(standing_due(session, ALL), 8),
    )  # fmt: skip
    known = [
        {
            "decided_number": number, "municipality": town, "procedure_id": procedure, **_version(version),
            "told_on": told_on, "how": how, "actor_id": actor,
        }
        for town, procedure, version, told_on, how, actor, number in _by(made_known_due(session, ALL), 6)
    ]  # fmt: skip
    inventory = _named(
        ("municipality", "procedure_id", "answer", "decided_number"), _by(inventory_due(session, ALL), 3)
    )
    of_interval = tuple(name for name in (intervals[0] if intervals else ()) if name != "superseded_number")
    return [
        Due(AdoptionRow, ("municipality", "procedure_id"), answers),
        Due(InForceRow, of_interval, intervals),
        Due(LocalValueRow, ("decided_number", "key"), values),
        Due(AdditionRow, ("id",), additions),
        Due(StandingDecisionRow, ("id",), standing),
        Due(MadeKnownRow, ("decided_number",), known),
        Due(InventoryRow, ("municipality", "procedure_id"), inventory),
    ]


def readers_due(session: Session) -> Due:
    """Give the reviews. The day of the next one stands with the routine."""
    rows = [
        {
            "decided_number": number, "procedure_id": procedure, "version": version, "outcome": outcome,
            "reviewed_on": _day(on), "next_review": _day(following), "network": network,
        }
        for procedure, number, version, outcome, on, following, network in _by(reviews_due(session, ALL), 1)
    ]  # fmt: skip
    return Due(ReviewRow, ("decided_number",), rows)


def targets_due(links: Sequence[Link]) -> Due:
    """
    Give the places to publish to, by id alone: their names and addresses are texts.

    With an empty manifest nothing of ours is looked for at a place that nobody knows.
    """
    rows: dict[str, dict[str, Any]] = {}
    for link in links:
        facts = link.facts
        if link.kind == "target_ended":
            rows[facts["target"]]["ended_number"] = link.number
        elif link.kind == "target_set":
            if "instead_of" in facts:
                rows[facts["instead_of"]]["ended_number"] = link.number
            rows[facts["target"]] = {
                "id": facts["target"], "municipality": facts["municipality"], "connector": facts["connector"],
                "set_number": link.number, "ended_number": None,
            }  # fmt: skip
    unknown = {"location": "", "manifest": TAKEN_AWAY}
    return Due(TargetRow, ("id",), list(rows.values()), {(one,): {"name": one, **unknown} for one in rows})


def owners_of(session: Session) -> dict[str, tuple[str | None, str | None]]:
    """Give who looks after which routine, and the deputy."""
    return {str(row[0]): (row[2], row[3]) for row in owners_due(session, ALL)}  # type: ignore[misc]  # as `owners_due` gives them


def followed(session: Session) -> replay.Follows:
    """Give what follows from all decisions there are."""
    return replay.rows_due(session, ALL)


def town_of(follows: replay.Follows, actor: str, number: int, day: date) -> str | None:
    """Give the municipality that somebody worked in when a decision was made: the first granted that held."""
    for _, body, _, first, until, decided, _, ended in _by({row for row in follows.roles if row[0] == actor}, 5):
        stood = decided < number and (ended is None or ended > number)
        holds = _day(first) <= day and (until is None or day < _day(until))  # type: ignore[operator]  # first is a day
        if body.startswith("municipality:") and stood and holds:
            return str(body.partition(":")[2])
    return None


def _version(version: object) -> dict[str, int | None]:
    if version is None:
        return {"major": None, "minor": None}
    number = VersionNumber.parse(str(version))
    return {"major": number.major, "minor": number.minor}


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _named(names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _by(rows: Iterable[tuple[Any, ...]], number: int) -> list[tuple[Any, ...]]:
    """Sort rows as they were decided; `number` is the place of the decision's number in each."""
    return sorted(rows, key=lambda row: (row[number], str(row)))


def _sorted(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=str)
