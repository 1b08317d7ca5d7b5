"""What a municipality prepares around its answers: who answers, what it had before, who was told, what follows by itself."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.cli.arguments import DecisionId, MaybeMunicipality, MaybeReason, MaybeVersion, Municipality, Procedure
from samrutine.cli.mistakes import mistake
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group
from samrutine.errors import ArgumentMissing, InvalidRequest

if TYPE_CHECKING:
    from samrutine.adoptions.following import StandingDecision
    from samrutine.adoptions.preparing import Inventory, KnownRoutine
    from samrutine.library import Library

OfProcedure = Annotated[str | None, Option("--procedure")]


def register(app: Typer) -> None:
    """Add the commands."""
    command(app, "assign", area="preparing")(assign)
    inventory = group(app, "inventory", area="preparing")
    command(inventory, "take", area="preparing")(take_inventory)
    command(inventory, "show", area="preparing")(show_inventory)
    command(app, "made-known", area="preparing")(made_known)
    standing = group(app, "standing", area="preparing")
    command(standing, "set", area="preparing")(set_standing)
    command(standing, "end", area="preparing")(end_standing)
    command(standing, "show", area="preparing")(show_standing)


def assign(
    shell: Shell,
    procedure: Procedure,
    municipality: Municipality,
    owner: Annotated[str | None, Option("--to")] = None,
    due: Annotated[str | None, Option("--due")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Say who prepares the answer about a routine, and by when."""
    day = shell.read_day(due, "--due")
    if owner is None and day is None:
        raise ArgumentMissing(what="--to", expected=shell.say("expected.to_or_due"))
    with shell.library() as library:
        made = library.assign(procedure, municipality, owner=owner, due=day, by=shell.by, decision_id=decision_id)
        name = library.get_municipality(made.municipality).name
    text = shell.say("done.assign", procedure=made.procedure, municipality=name)
    if owner is not None:
        text += " " + shell.say("done.assign_to", owner=owner)
    if day is not None:
        text += " " + shell.say("done.assign_due", due=shell.day(day))
    shell.decided(made, f"{text} {shell.say('done.decision', number=made.number)}")


# What there was before ---------------------------------------------------------------------------------------------------


def take_inventory(
    shell: Shell,
    answers: Annotated[list[str], Argument(show_default=False)],
    municipality: Municipality,
    decision_id: DecisionId = None,
) -> None:
    """Say what the municipality had before, of one routine or many."""
    given: dict[str, str] = {}
    name = shell.say("metavar.answers")
    for one in answers:
        procedure, sign, said = one.partition("=")
        if not sign or not procedure or procedure in given:
            raise InvalidRequest(what=name, value=one[:60], expected="skrive-avvik=mangler")
        given[procedure] = _answer(shell, said)
    with shell.library() as library:
        made = library.take_inventory(municipality, given, by=shell.by, decision_id=decision_id)
        where = library.get_municipality(made.municipality).name
    said = shell.count("routines", len(made.answers))
    shell.decided(made, shell.say("done.inventory", municipality=where, count=said, number=made.number))


def _answer(shell: Shell, said: str) -> str:
    """Read one answer; what may be answered is long, so it is told one a line."""
    from samrutine.adoptions.readiness import InventoryAnswer

    try:
        return shell.choose(InventoryAnswer, said, shell.say("metavar.answers"), "inventory").value
    except InvalidRequest:
        lines = [f"  {one.value}: {shell.label('inventory', one.value)}" for one in InventoryAnswer]
        raise mistake(shell, "inventory_answer", given=shell.visible(said)[:60], answers="\n".join(lines)) from None


def show_inventory(shell: Shell, municipality: MaybeMunicipality = None) -> None:
    """Show what every municipality had before, or one."""
    with shell.library() as library:
        found = library.inventory(reader=shell.actor)
        only = library.get_municipality(municipality).number if municipality else None
    cells = [
        {"procedure": procedure, "municipality": where, "answer": answer}
        for (procedure, where), answer in found.cells.items()
        if only in {None, where}
    ]
    shell.answer({"inventory": cells}, lambda: _print_inventory(shell, found, only))


def _print_inventory(shell: Shell, found: "Inventory", only: str | None) -> None:
    rows = []
    towns = [one for one in found.municipalities if only in {None, one.number}]
    for procedure, title in found.procedures:
        said: dict[str, list[str]] = {}
        for one in towns:
            if (answer := found.cells.get((procedure, one.number))) is not None:
                said.setdefault(shell.label("inventory", answer.value), []).append(one.name)
        if said:
            rows.append((procedure, title, "; ".join(f"{word}: {', '.join(names)}" for word, names in said.items())))
    if not rows:
        shell.print(shell.say("inventory.empty"))
        return
    shell.table(("id", "title", "answer"), rows)


# Made known ------------------------------------------------------------------------------------------------------------


def made_known(
    shell: Shell,
    municipality: Municipality,
    procedure: Annotated[str | None, Argument(show_default=False)] = None,
    whom: Annotated[str | None, Option("--whom")] = None,
    how: Annotated[str, Option("--how")] = "meeting",
    told_on: Annotated[str | None, Option("--on")] = None,
    version: MaybeVersion = None,
    decision_id: DecisionId = None,
) -> None:
    """Record that people were told of a routine; without a routine, show what is made known and what is not."""
    if procedure is None:
        with shell.library() as library:
            found = library.made_known(municipality, reader=shell.actor)
        shell.answer({"made_known": [_plain_known(one) for one in found]}, lambda: _print_known(shell, found))
        return
    if not whom:
        raise ArgumentMissing(what="--whom", expected=shell.say("expected.whom"))
    from samrutine.adoptions.readiness import How

    chosen = shell.choose(How, how, "--how", "how")
    with shell.library() as library:
        made = library.make_known(
            procedure, municipality, how=chosen.value, whom=whom, told_on=shell.read_day(told_on, "--on"), version=version,
            by=shell.by, decision_id=decision_id,
        )  # fmt: skip
        name = library.get_municipality(made.municipality).name
    shell.decided(
        made,
        shell.say(
            "done.made_known", procedure=made.procedure, version=made.version, municipality=name, day=shell.day(made.told_on),
            how=shell.label("how", made.how.value), number=made.number,
        ),
    )  # fmt: skip


def _plain_known(one: "KnownRoutine") -> dict[str, object]:
    from samrutine.plain import plain

    value = plain(one)
    return {**value, "is_made_known": one.is_made_known} if isinstance(value, dict) else {}


def _print_known(shell: Shell, found: "Sequence[KnownRoutine]") -> None:
    if not found:
        shell.print(shell.say("made_known.nothing"))
        return
    rows = []
    for one in found:
        newest = next(iter(one.told), None)
        told = shell.say("made_known.not_yet")
        if newest is not None:
            places = {"day": shell.day(newest.told_on), "how": shell.label("how", newest.how.value)}
            told = shell.say("made_known.told", version=newest.version, whom=newest.whom or "–", **places)
            if not one.is_made_known:
                told = f"{shell.say('made_known.not_this')} {told}"
        rows.append((one.procedure, one.title, str(one.version), told))
    shell.table(("id", "title", "version", "made_known"), rows, whole=(0, 2))


# Standing decisions ------------------------------------------------------------------------------------------------------


def set_standing(
    shell: Shell,
    municipality: Municipality,
    last_day: Annotated[str, Option("--last-day")],
    procedure: OfProcedure = None,
    reason: MaybeReason = None,
    decision_id: DecisionId = None,
) -> None:
    """Let minor corrections follow by themselves until a day."""
    last = shell.read_day(last_day, "--last-day")
    if last is None:
        raise ArgumentMissing(what="--last-day", expected="31.12.2027")
    with shell.library() as library:
        made = library.set_standing(
            municipality, until=min(last, date.max - timedelta(days=1)) + timedelta(days=1), procedure=procedure, reason=reason, by=shell.by,
            decision_id=decision_id,
        )  # fmt: skip
        name = library.get_municipality(made.municipality).name
    what = made.procedure or shell.say("standing.all", level=shell.label("level", made.level.value))
    shell.decided(
        made,
        shell.say(
            "done.standing_set", municipality=name, what=what, last_day=shell.day(made.until_on - timedelta(days=1)),
            position=made.position, number=made.number,
        ),
    )  # fmt: skip


def end_standing(
    shell: Shell,
    municipality: Municipality,
    procedure: OfProcedure = None,
    *,
    every: Annotated[bool, Option("--all")] = False,
    reason: MaybeReason = None,
    decision_id: DecisionId = None,
) -> None:
    """End a standing decision, or all that hold; each is a decision of its own."""
    if every and (procedure or decision_id):
        raise mistake(shell, "all_and_one")
    with shell.library() as library:
        name = library.get_municipality(municipality).name
        which = [one.standing.procedure for one in _holding(library, municipality, shell.actor)] if every else []
        ended = [
            library.end_standing(municipality, procedure=one, reason=reason, by=shell.by, decision_id=decision_id)
            for one in which or [procedure]
        ]
        left = _holding(library, municipality, shell.actor)
    lines = [shell.say("done.standing_end", municipality=name, number=", ".join(str(one.number) for one in ended))]
    if left:
        lines = [shell.say("done.standing_end_one", municipality=name, number=ended[-1].number)]
        lines += [_still_holds(shell, name, one) for one in left]
    shell.decided(ended[-1], "\n".join(lines))


def _holding(library: "Library", municipality: str, reader: str | None) -> "list[StandingDecision]":
    """Give the standing decisions that were not ended and whose last day has not been."""
    found = library.standing_decisions(municipality, reader=reader)
    return [one for one in found if not one.ended and one.standing.holds_on(library.today)]


def _still_holds(shell: Shell, municipality: str, one: "StandingDecision") -> str:
    terms = one.standing
    what = terms.procedure or shell.say("standing.all", level=shell.label("level", terms.level.value))
    about = f" --procedure {terms.procedure}" if terms.procedure else ""
    return shell.say(
        "done.standing_left", what=what, number=one.number, municipality=municipality, about=about,
        last_day=shell.day(terms.until_on - timedelta(days=1)),
    )  # fmt: skip


def show_standing(shell: Shell, municipality: Municipality) -> None:
    """Show the municipality's standing decisions and what they did."""
    with shell.library() as library:
        found = library.standing_decisions(municipality, reader=shell.actor)
        today = library.today
        delegations = {each.id for one in library.people() for each in one.registered if each.holds_on(today)}
    shell.answer(
        {"standing": found},
        lambda: shell.print(*[line for one in found for line in _standing_lines(shell, one, _state(one, today, delegations))])
        if found
        else shell.print(shell.say("standing.none")),
    )  # fmt: skip


def _state(one: "StandingDecision", today: date, delegations: Collection[str | None]) -> str:
    """Say whether it holds: not when it was ended, is over, or the delegation it was made by is not held any more."""
    if one.ended:
        return "ended"
    if not one.standing.holds_on(today):
        return "over"
    return "holds" if one.standing.delegation in delegations else "undelegated"


def _standing_lines(shell: Shell, one: "StandingDecision", state: str) -> list[str]:
    terms = one.standing
    what = terms.procedure or shell.say("standing.all", level=shell.label("level", terms.level.value))
    lines = [
        shell.bold(
            shell.say(
                "standing.line", number=one.number, what=what, position=terms.position, from_on=shell.day(terms.from_on),
                last_day=shell.day(terms.until_on - timedelta(days=1)), state=shell.say(f"standing.{state}"),
            )
        )
    ]  # fmt: skip
    for each in one.followed:
        places = {"procedure": each.procedure, "version": each.version, "number": each.number}
        if not each.because:
            lines.append("  " + shell.say("standing.followed", **places))
        else:
            why = ", ".join(shell.label("not_followed", reason.value) for reason in each.because)
            lines.append("  " + shell.say("standing.not_followed", why=why, **places))
    return lines
