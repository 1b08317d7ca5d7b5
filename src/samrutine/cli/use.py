"""Use in a municipality: take into use, answer otherwise, end, fill in local information."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.cli.arguments import (
    DecisionId,
    FromDay,
    MaybeNetwork,
    MaybeReason,
    MaybeVersion,
    Municipality,
    Procedure,
    Reason,
)
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group
from samrutine.errors import ArgumentMissing, InvalidRequest

if TYPE_CHECKING:
    from samrutine.adoptions.service import Answered
    from samrutine.library import Library


def register(app: Typer) -> None:
    """Add the commands."""
    command(app, "inbox", area="use")(inbox)
    command(app, "adopt", area="use")(adopt)
    local = group(app, "local", area="use")
    command(local, "set", area="use")(set_local)
    command(local, "show", area="use")(show_local)
    command(app, "decline", area="use")(decline)
    command(app, "not-relevant", area="use")(not_relevant)
    command(app, "own-routine", area="use")(own_routine)
    command(app, "end", area="use")(end)


def inbox(
    shell: Shell,
    municipality: Annotated[str | None, Argument(show_default=False)] = None,
    network: MaybeNetwork = None,
) -> None:
    """Show what waits for a municipality or a network."""
    if municipality is None and network is None:
        raise ArgumentMissing(what=shell.say("metavar.municipality"), expected=shell.say("expected.inbox"))
    if municipality and network:
        raise InvalidRequest(
            what="inbox", value=f"{municipality} --network {network}"[:60], expected=shell.say("expected.inbox")
        )
    body = f"network:{network}" if network else f"municipality:{municipality}"
    with shell.library() as library:
        found = library.waiting(body, reader=shell.actor)

    def text() -> None:
        if not found:
            shell.print(shell.say("inbox.nothing"))
            return
        shell.table(
            ("what", "title", "version", "waiting_for", "due"),
            [
                (
                    shell.label("waiting", one.what), one.title, str(one.version or "–"), one.proposal or one.procedure or one.subject,
                    shell.say("inbox.overdue", day=shell.day(one.due_on)) if one.is_overdue else shell.day(one.due_on),
                )
                for one in found
            ],
            whole=(2, 3),
        )  # fmt: skip

    shell.answer({"waiting": found}, text)


def adopt(
    shell: Shell,
    procedure: Procedure,
    municipality: Municipality,
    version: MaybeVersion = None,
    from_on: FromDay = None,
    case: Annotated[str | None, Option("--case")] = None,
    reason: MaybeReason = None,
    decision_id: DecisionId = None,
) -> None:
    """Take a version into use."""
    with shell.library() as library:
        made = library.adopt(
            procedure, municipality, by=shell.by, version=version, from_on=shell.read_day(from_on, "--from"), case=case,
            reason=reason, decision_id=decision_id,
        )  # fmt: skip
        _answered(shell, library, "adopt", made)


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

    last = made.until_on - timedelta(days=1) if made.until_on else None
    text = shell.say(
        f"done.{name}", municipality=library.get_municipality(made.municipality).name, procedure=made.procedure,
        version=made.version, from_on=shell.day(made.from_on), last_day=shell.day(last), position=made.position,
        number=made.number,
    )  # fmt: skip
    for one in made.cancelled:
        text += "\n" + shell.say(
            "done.cancelled_version" if one.version else "done.cancelled_end", version=one.version,
            from_on=shell.day(one.from_on), last_day=shell.day(one.from_on - timedelta(days=1)),
        )  # fmt: skip
    shell.decided(made, text)


def set_local(
    shell: Shell,
    procedure: Procedure,
    values: Annotated[list[str], Argument(show_default=False)],
    municipality: Municipality,
    decision_id: DecisionId = None,
) -> None:
    """Fill in local information."""
    given = _pairs(values)
    with shell.library() as library:
        made = library.set_local_information(procedure, municipality, given, by=shell.by, decision_id=decision_id)
        name = library.get_municipality(made.municipality).name
    text = shell.say(
        "done.local_set", municipality=name, procedure=made.procedure, keys=", ".join(made.keys), number=made.number
    )
    if made.still_missing:
        text += " " + shell.say("done.local_missing", keys=", ".join(made.still_missing))
    shell.decided(made, text)


def _pairs(values: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in values:
        key, sign, value = one.partition("=")
        if not sign or not key.strip() or key.strip() in found:
            raise InvalidRequest(what="key=value", value=one[:40], expected="vakttelefon='75 00 00 00'")
        found[key.strip()] = value
    return found


def show_local(shell: Shell, procedure: Procedure, municipality: Municipality) -> None:
    """Show what the routine asks the municipality to fill in, and what stands there."""
    with shell.library() as library:
        found = library.local_information(procedure, municipality, reader=shell.actor)
    shell.answer(
        {"municipality": municipality, "procedure": procedure, "local_information": found},
        lambda: shell.table(
            ("key", "label", "required", "value"),
            [(one.key, one.label, shell.say("yes" if one.required else "no"), one.value or "–") for one in found],
        ),
    )
