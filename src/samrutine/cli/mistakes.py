"""What somebody typed that cannot be meant: a plain sentence for each, and questions before what cannot be undone."""

from typing import Final

from samrutine.cli.shell import Shell
from samrutine.errors import CommandMistake

_YES: Final = frozenset({"ja", "j", "yes", "y"})


def mistake(shell: Shell, name: str, /, **places: object) -> CommandMistake:
    """Give the error `cli.mistakes.<name>`: what is wrong with what was typed, and what to type instead."""
    return CommandMistake(
        fact=shell.say(f"mistakes.{name}.fact", **places), remedy=shell.say(f"mistakes.{name}.remedy", **places)
    )


def reader_of(shell: Shell) -> str:
    """
    Give who reads, for what is shown to one and not to another.

    Raises:
        CommandMistake: Nobody was named.
    """
    if shell.actor is None:
        raise mistake(shell, "who_reads")
    return shell.actor


def require_yes(shell: Shell, name: str, /, *, yes: bool, **places: object) -> None:
    """
    Go on only when it is meant: with `--yes`, or when whoever sits at the terminal says yes.

    Raises:
        CommandMistake: Nobody said yes; the message says what would be done.
    """
    if yes or (shell.is_asked and shell.ask(name, **places).casefold() in _YES):
        return
    raise CommandMistake(fact=shell.say(f"unsure.{name}", **places), remedy=shell.say("unsure.remedy"))
