"""Looking after the routines: review, owner, what is due, and what nobody looks after."""

from typing import TYPE_CHECKING, Annotated, Final

from typer import Option, Typer

from samrutine.cli.arguments import DecisionId, MaybeNetwork, MaybeVersion, Procedure
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group
from samrutine.errors import ArgumentMissing

if TYPE_CHECKING:
    from samrutine.library import Library

_YES: Final = frozenset({"ja", "j", "yes", "y"})
Day = Annotated[str | None, Option("--day")]


def register(app: Typer) -> None:
    """Add the commands."""
    command(app, "due", area="reviews")(due)
    command(app, "review", area="reviews")(review)
    command(app, "orphans", area="reviews")(orphans)
    owner = group(app, "owner", area="reviews")
    command(owner, "set", area="reviews")(set_owner)


def due(
    shell: Shell,
    network: MaybeNetwork = None,
    notice_days: Annotated[int, Option("--within", min=0, max=3650)] = 60,
    day: Day = None,
) -> None:
    """Show the routines that must be looked through, the most overdue first."""
    with shell.library() as library:
        found = library.due_for_review(
            network=network, notice_days=notice_days, day=shell.read_day(day, "--day"), reader=shell.actor
        )

    def text() -> None:
        if not found:
            shell.print(shell.say("review.nothing_due", days=notice_days))
            return
        shell.table(
            ("id", "title", "version", "network", "review", "days_left"),
            [
                (
                    one.procedure, one.title, str(one.version), one.network, shell.day(one.next_review),
                    shell.count("overdue", -one.days_left) if one.is_overdue else shell.count("days", one.days_left),
                )
                for one in found
            ],
        )  # fmt: skip

    shell.answer({"due": found}, text)


def review(
    shell: Shell,
    procedure: Procedure,
    version: MaybeVersion = None,
    outcome: Annotated[str, Option("--outcome")] = "unchanged",
    note: Annotated[str | None, Option("--note")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Decide that the network has looked a routine through."""
    from samrutine.procedures.review import ReviewOutcome

    chosen = shell.choose(ReviewOutcome, outcome, "--outcome", "review_outcome")
    with shell.library() as library:
        read = version or _version_read(shell, library, procedure)
        made = library.review(procedure, version=read, outcome=chosen, note=note, by=shell.by, decision_id=decision_id)
    shell.decided(
        made,
        shell.say(
            f"done.review_{made.outcome.name.lower()}", procedure=made.procedure, version=made.version,
            next_review=shell.day(made.next_review), number=made.number,
        ),
    )  # fmt: skip


def _version_read(shell: Shell, library: "Library", procedure: str) -> str:
    """
    Ask whether the newest version is what was read. A script says which it was.

    Raises:
        ArgumentMissing: Nobody sits there to be asked.
    """
    if not shell.is_asked:
        raise ArgumentMissing(what="--version", expected=shell.say("expected.version_read"))
    newest = max(one.version for one in library.versions(procedure, reader=shell.actor))
    if shell.ask("review", procedure=procedure, version=newest).casefold() not in _YES:
        raise KeyboardInterrupt
    return str(newest)


def orphans(shell: Shell, day: Day = None) -> None:
    """Show the routines that nobody looks after."""
    with shell.library() as library:
        found = library.orphans(day=shell.read_day(day, "--day"), reader=shell.actor)

    def text() -> None:
        if not found:
            shell.print(shell.say("review.no_orphans"))
            return
        shell.table(
            ("id", "title", "network", "review", "why"),
            [
                (
                    one.procedure, one.title, one.network, shell.day(one.next_review),
                    shell.say("review.owner_left" if one.had_owner else "review.never_owned"),
                )
                for one in found
            ],
        )  # fmt: skip

    shell.answer({"orphans": found}, text)


def set_owner(
    shell: Shell,
    procedure: Procedure,
    owner: Annotated[str | None, Option("--owner")] = None,
    deputy: Annotated[str | None, Option("--deputy")] = None,
    decision_id: DecisionId = None,
) -> None:
    """Say who looks after a routine, and who steps in."""
    with shell.library() as library:
        made = library.set_owner(procedure, owner, deputy, by=shell.by, decision_id=decision_id)
    nobody = shell.say("review.nobody")
    shell.decided(
        made,
        shell.say(
            "done.owner", procedure=made.procedure, owner=owner or nobody, deputy=deputy or nobody, number=made.number
        ),
    )
