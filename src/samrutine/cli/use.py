"""Use in a municipality: take into use, answer otherwise, end. Many answers at once are in `lists`."""

from typing import TYPE_CHECKING, Annotated

from typer import Option, Typer

from samrutine.cli import lists
from samrutine.cli.additions import answers_on_additions
from samrutine.cli.arguments import (
    DecisionId,
    FromDay,
    MaybeReason,
    MaybeVersion,
    Municipality,
    Procedure,
    Reason,
)
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command
from samrutine.errors import ArgumentMissing

if TYPE_CHECKING:
    from samrutine.adoptions.service import Answered
    from samrutine.library import Library


def register(app: Typer) -> None:
    """Add the commands."""
    command(app, "adopt", area="use")(adopt)
    command(app, "defer", area="use")(defer)
    command(app, "decline", area="use")(decline)
    command(app, "not-relevant", area="use")(not_relevant)
    command(app, "own-routine", area="use")(own_routine)
    command(app, "end", area="use")(end)
    command(app, "answer-list", area="use")(lists.answer_list)


def adopt(  # noqa: PLR0913  one argument for each option
    shell: Shell,
    procedure: Procedure,
    municipality: Municipality,
    version: MaybeVersion = None,
    from_on: FromDay = None,
    case: Annotated[str | None, Option("--case")] = None,
    reason: MaybeReason = None,
    keep: Annotated[list[str] | None, Option("--keep")] = None,
    drop: Annotated[list[str] | None, Option("--drop")] = None,
    edit: Annotated[list[str] | None, Option("--edit")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Take a version into use."""
    answers = answers_on_additions(shell, keep or (), drop or (), edit or ())
    with shell.library() as library:
        made = library.adopt(
            procedure, municipality, by=shell.by, version=version, from_on=shell.read_day(from_on, "--from"), case=case,
            reason=reason, additions=answers, decision_id=decision_id,
        )  # fmt: skip
        _answered(shell, library, "adopt", made)


def defer(
    shell: Shell,
    procedure: Procedure,
    municipality: Municipality,
    until_day: Annotated[str, Option("--until")],
    reason: Reason,
    decision_id: DecisionId = None,
) -> None:
    """Put the answer off until a day."""
    until = shell.read_day(until_day, "--until")
    if until is None:
        raise ArgumentMissing(what="--until", expected="31.01.2027")
    with shell.library() as library:
        made = library.defer(procedure, municipality, until=until, reason=reason, by=shell.by, decision_id=decision_id)
        _answered(shell, library, "defer", made)


def decline(
    shell: Shell, procedure: Procedure, municipality: Municipality, reason: Reason, decision_id: DecisionId = None
) -> None:
    """Answer that it is not taken into use."""
    with shell.library() as library:
        made = library.decline(procedure, municipality, reason=reason, by=shell.by, decision_id=decision_id)
        _answered(shell, library, "decline", made)


def not_relevant(
    shell: Shell, procedure: Procedure, municipality: Municipality, reason: Reason, decision_id: DecisionId = None
) -> None:
    """Answer that it concerns nothing the municipality does."""
    with shell.library() as library:
        made = library.mark_not_relevant(procedure, municipality, reason=reason, by=shell.by, decision_id=decision_id)
        _answered(shell, library, "not_relevant", made)


def own_routine(
    shell: Shell,
    procedure: Procedure,
    municipality: Municipality,
    link: Annotated[str, Option("--link")],
    reason: MaybeReason = None,
    decision_id: DecisionId = None,
) -> None:
    """Answer that the municipality follows a routine of its own."""
    with shell.library() as library:
        made = library.use_own_routine(
            procedure, municipality, link=link, reason=reason, by=shell.by, decision_id=decision_id
        )
        _answered(shell, library, "own_routine", made)


def end(
    shell: Shell,
    procedure: Procedure,
    municipality: Municipality,
    reason: Reason,
    last_day: Annotated[str | None, Option("--last-day")] = None,
    decision_id: DecisionId = None,
) -> None:
    """End the use."""
    with shell.library() as library:
        made = library.end_use(
            procedure, municipality, reason=reason, by=shell.by, last_day=shell.read_day(last_day, "--last-day"),
            decision_id=decision_id,
        )  # fmt: skip
        _answered(shell, library, "end", made)


def _answered(shell: Shell, library: "Library", name: str, made: "Answered") -> None:
    from datetime import timedelta

    last, again = made.until_on - timedelta(days=1) if made.until_on else None, ""
    if name == "end" and any(one.version is not None and one.version == made.version for one in made.cancelled):
        # It never began, so it has no last day.
        name = "end_unbegun"
        again = f" {shell.say('done.end_considered_again')}" if made.state.value == "to-consider" else ""
    text = shell.say(
        f"done.{name}", municipality=library.get_municipality(made.municipality).name, procedure=made.procedure,
        version=made.version, from_on=shell.day(made.from_on), last_day=shell.day(last), position=made.position,
        deferred_until=shell.day(made.deferred_until), number=made.number,
    ) + again  # fmt: skip
    for one in made.cancelled:
        text += "\n" + shell.say(
            "done.cancelled_version" if one.version else "done.cancelled_end", version=one.version,
            from_on=shell.day(one.from_on), last_day=shell.day(one.from_on - timedelta(days=1)),
        )  # fmt: skip
    shell.decided(made, text)
