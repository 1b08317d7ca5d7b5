"""Letters by e-mail: send those that are due, see what became of them, and try whether they arrive."""

from typing import TYPE_CHECKING, Annotated

from typer import Option, Typer

from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group

if TYPE_CHECKING:
    from samrutine.letters.model import LetterSeen


def register(app: Typer) -> None:
    """Add the commands."""
    letters = group(app, "letters", area="letters")
    command(letters, "send", area="letters")(send)
    command(letters, "list", area="letters")(list_them)
    command(letters, "try", area="letters")(try_one)


def send(shell: Shell) -> None:
    """Send what is due, and what waits for another try."""
    with shell.progress("letters"), shell.library() as library:
        sent = library.send_letters()
    shell.answer(
        sent, shell.say("done.letters_sent", sent=sent.sent, waiting=sent.waiting, given_up=sent.given_up)
    )  # fmt: skip


def list_them(shell: Shell) -> None:
    """List what was sent to oneself; for the editor how many there are, and which failed."""
    with shell.library() as library:
        found = library.letters(by=shell.by)
        names: dict[str, str] = {one.actor: one.name or one.login or "–" for one in library.people()}

    def text() -> None:
        if not found.mine:
            shell.print(shell.say("letters.none"))
        else:
            shell.table(("made", "letter", "state"), [_row(shell, one) for one in found.mine], whole=(0,))
        if not found.counts:
            return
        counted = [f"{shell.label('letter_state', state)}: {count}" for state, count in found.counts.items()]
        shell.print("", shell.say("letters.all"), *counted)
        if found.failed:
            rows = [(names.get(one.actor, "–"), *_row(shell, one)) for one in found.failed]
            shell.print("", shell.say("letters.failed"))
            shell.table(("who", "made", "letter", "state"), rows, whole=(0,))

    shell.answer(found, text)


def try_one(shell: Shell, to: Annotated[str | None, Option("--to")] = None) -> None:
    """Send a letter that says nothing, to see that it arrives."""
    with shell.progress("letters"), shell.library() as library:
        where = library.try_letter(by=shell.by, to=to)
    shell.answer({"to": where}, shell.say("done.letters_try", to=shell.visible(where)))


def _row(shell: Shell, one: "LetterSeen") -> tuple[str, ...]:
    state = shell.label("letter_state", one.state)
    why = f": {shell.label('letter_fault', one.fault)}" if one.fault else ""
    return shell.instant(one.made_at), shell.label("letter_kind", one.kind), state + why
