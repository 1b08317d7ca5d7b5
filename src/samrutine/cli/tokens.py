"""Tokens: what a program shows to be let in, as the person who made it."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group
from samrutine.identity.model import LONGEST_DAYS, Scope

if TYPE_CHECKING:
    from samrutine.identity.tokens import TokenSeen


def register(person: Typer) -> None:
    """Add the commands, below those on persons."""
    token = group(person, "token", area="people")
    command(token, "make", area="people")(make)
    command(token, "list", area="people")(list_them)
    command(token, "end", area="people")(end)


def make(
    shell: Shell,
    name: Annotated[str, Argument(show_default=False)],
    *,
    write: Annotated[bool, Option("--write")] = False,
    last_day: Annotated[str | None, Option("--last-day")] = None,
) -> None:
    """Make a token of one's own for a program, and show it this once."""
    with shell.library() as library:
        until = shell.read_day(last_day, "--last-day") or library.today + timedelta(days=LONGEST_DAYS - 1)
        made = library.make_token(name, Scope.WRITE if write else Scope.READ, last_day=until, by=shell.by)
    said = shell.say(
        "done.token_make", name=made.name, scope=shell.label("token_scope", made.scope.value), last_day=shell.day(until)
    )
    shell.answer(made, lambda: shell.print(said, "", made.token))


def list_them(shell: Shell) -> None:
    """List one's own tokens."""
    with shell.library() as library:
        found = library.tokens(by=shell.by)

    def text() -> None:
        if not found:
            shell.print(shell.say("tokens.none"))
            return
        shell.table(("token", "name", "scope", "last_day", "seen"), [_row(shell, one) for one in found], whole=(0,))

    shell.answer({"tokens": found}, text)


def _row(shell: Shell, one: "TokenSeen") -> tuple[str, ...]:
    seen = shell.instant(one.seen_at) if one.seen_at is not None else "–"
    return one.key, one.name, shell.label("token_scope", one.scope.value), shell.day(one.last_day), seen


def end(shell: Shell, token: Annotated[str, Argument(show_default=False)]) -> None:
    """End one of one's own tokens at once."""
    with shell.library() as library:
        ended = library.end_token(token, by=shell.by)
    shell.answer(
        {"ended": ended}, shell.say("done.token_end" if ended else "done.token_none", token=shell.visible(token))
    )
