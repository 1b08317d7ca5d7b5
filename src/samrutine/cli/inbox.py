"""What waits for whoever asks, for a municipality or a network; and what somebody is told."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.actors import municipality_body
from samrutine.cli.arguments import MaybeNetwork
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command
from samrutine.errors import InvalidRequest

if TYPE_CHECKING:
    from samrutine.inbox.model import Notification, Waiting


def register(app: Typer) -> None:
    """Add the commands."""
    command(app, "inbox", area="inbox")(inbox)
    command(app, "news", area="inbox")(news)


def inbox(
    shell: Shell,
    municipality: Annotated[str | None, Argument(show_default=False)] = None,
    network: MaybeNetwork = None,
) -> None:
    """Show what waits: for whoever asks, or for one municipality or network."""
    if municipality and network:
        raise InvalidRequest(
            what="inbox", value=f"{municipality} --network {network}"[:60], expected=shell.say("expected.inbox")
        )
    with shell.library() as library:
        if municipality is None and network is None:
            found, is_mine = library.inbox(shell.by), True
        else:
            body = f"network:{network}" if network else f"municipality:{municipality}"
            found, is_mine = library.waiting(body, reader=shell.actor), False
    shell.answer({"waiting": found}, lambda: _print_waiting(shell, found, is_mine=is_mine))


def _print_waiting(shell: Shell, found: "Sequence[Waiting]", *, is_mine: bool) -> None:
    if not found:
        shell.print(shell.say("inbox.nothing"))
        return
    rows = []
    for one in found:
        due = shell.say("inbox.overdue", day=shell.day(one.due_on)) if one.is_overdue else shell.day(one.due_on)
        row = [shell.label("waiting", one.what), one.title, str(one.version or "–"), _id(one), due]
        if is_mine:
            role = shell.label("role", one.role.value) if one.role else "–"
            place = shell.say("inbox.mine") if one.is_mine else one.body_name or shell.label("body", "library")
            row.append(f"{place} ({role})")
        rows.append(row)
    heads = ["what", "title", "version", "waiting_for", "due", *(["for_whom"] if is_mine else [])]
    shell.table(heads, rows, whole=(2, 3))


def _id(one: "Waiting") -> str:
    """Give what the answering command asks for; a routine's feedback and a wish have ids of their own."""
    own = one.proposal or (None if one.subject.startswith(("t-", "w-")) else one.procedure)
    return own or one.subject


def news(
    shell: Shell,
    *,
    all_of_it: Annotated[bool, Option("--all")] = False,
    mark: Annotated[bool, Option("--mark-read")] = False,
) -> None:
    """Show what somebody is told, and perhaps say that it is read."""
    with shell.library() as library:
        found = library.notifications(shell.by, unread_only=not all_of_it)
        names = {municipality_body(one.number): one.name for one in library.municipalities()}
        marked = library.mark_read(shell.by, [one.id for one in found if not one.is_read]) if mark else 0
    shell.answer({"notifications": found, "marked_read": marked}, lambda: _print_news(shell, found, names, marked))


def _print_news(shell: Shell, found: "Sequence[Notification]", names: dict[str, str], marked: int) -> None:
    if not found:
        shell.print(shell.say("news.nothing"))
        return
    shell.table(
        ("at", "what", "title", "waiting_for", "read"),
        [
            (
                shell.instant(one.at), shell.label("told", one.what), _about(shell, one, names),
                one.proposal or one.procedure or (one.subject if one.subject.startswith(("t-", "w-")) else "–"), shell.say("yes" if one.is_read else "no"),
            )
            for one in found
        ],
        whole=(0, 3),
    )  # fmt: skip
    shell.print("", shell.count("marked_read", marked) if marked else shell.say("news.how_to_mark"))


def _about(shell: Shell, one: "Notification", names: dict[str, str]) -> str:
    """Name what it is about; a role or a delegation is in a body, which people call by its name."""
    if one.title != one.subject:
        return one.title
    return names.get(one.subject) or one.subject.partition(":")[2] or shell.label("body", "library")
