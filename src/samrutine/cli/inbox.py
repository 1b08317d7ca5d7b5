"""What waits for whoever asks, for a municipality or a network; and what somebody is told."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final

from typer import Argument, Option, Typer

from samrutine.actors import municipality_body
from samrutine.cli.arguments import MaybeNetwork
from samrutine.cli.mistakes import mistake, reader_of
from samrutine.cli.naming import hurried_words
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command
from samrutine.errors import MunicipalityNotFound, NetworkNotFound

if TYPE_CHECKING:
    from samrutine.inbox.model import Notification, Waiting
    from samrutine.library import Library
    from samrutine.procedures.model import HurriedVersion, ProcedureId

ANSWERED: Final = frozenset({"feedback-answered", "wish-answered"})
"""News that somebody answered; what they answered is told beside it."""


def register(app: Typer) -> None:
    """Add the commands."""
    command(app, "inbox", area="inbox")(inbox)
    command(app, "news", area="inbox")(news)


def inbox(
    shell: Shell,
    place: Annotated[str | None, Argument(show_default=False)] = None,
    network: MaybeNetwork = None,
) -> None:
    """Show what waits: for whoever asks, or for one municipality or network."""
    if place and network:
        raise mistake(shell, "two_bodies")
    with shell.library() as library:
        if place is None and network is None:
            found, is_mine = library.inbox(reader_of(shell)), True
        else:
            body = f"network:{network}" if network else _body(shell, library, str(place))
            found, is_mine = library.waiting(body, reader=shell.actor), False
        hurried = {one.id: one.hurried for one in library.procedures(reader=shell.actor) if one.hurried}
    shell.answer({"waiting": found}, lambda: _print_waiting(shell, found, hurried, is_mine=is_mine))


def _body(shell: Shell, library: "Library", place: str) -> str:
    """Read whose inbox is asked for: a municipality's, or else a network's, by name."""
    from samrutine.networks.model import network_named

    try:
        return municipality_body(library.get_municipality(place).number)
    except MunicipalityNotFound:
        pass
    try:
        return f"network:{network_named(place, library.networks())}"
    except NetworkNotFound as error:
        networks = error.places["networks"]
        raise mistake(shell, "no_such_body", given=shell.visible(place)[:60], networks=networks) from None


def _print_waiting(
    shell: Shell, found: "Sequence[Waiting]", hurried: "Mapping[ProcedureId, HurriedVersion]", *, is_mine: bool
) -> None:
    if not found:
        shell.print(shell.say("inbox.nothing"))
        return
    rows = []
    for one in found:
        due = shell.say("inbox.overdue", day=shell.day(one.due_on)) if one.is_overdue else shell.day(one.due_on)
        what = shell.label("waiting", one.what)
        if one.procedure is not None and one.procedure in hurried and one.what == "consider-version":
            what = shell.say("inbox.about_hurried", what=what, hurried=hurried_words(shell, hurried[one.procedure]))
        row = [what, one.title, str(one.version or "–"), _id(one), due]
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
        found = library.notifications(reader_of(shell), unread_only=not all_of_it)
        names = {municipality_body(one.number): one.name for one in library.municipalities()}
        answers = _answers(library, shell.actor) if any(one.what in ANSWERED for one in found) else {}
        marked = library.mark_read(reader_of(shell), [one.id for one in found if not one.is_read]) if mark else 0

    def text() -> None:
        _print_news(shell, found, names)
        told = dict.fromkeys(one.subject for one in found if one.what in ANSWERED and answers.get(one.subject))
        for subject in told:
            shell.print("", shell.say("news.answer", subject=subject, answer=answers[subject]))
        if found:
            shell.print("", shell.count("marked_read", marked) if marked else shell.say("news.how_to_mark"))

    shell.answer({"notifications": found, "marked_read": marked}, text)


def _answers(library: "Library", reader: str | None) -> dict[str, str]:
    """Give what feedback and wishes were answered, by their ids."""
    answers = {one.id: one.answer for one in library.feedback(reader=reader) if one.answer}
    return answers | {one.id: one.answer for one in library.wishes(reader=reader) if one.answer}


def _print_news(shell: Shell, found: "Sequence[Notification]", names: dict[str, str]) -> None:
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


def _about(shell: Shell, one: "Notification", names: dict[str, str]) -> str:
    """Name what it is about; a role or a delegation is in a body, which people call by its name."""
    if one.title != one.subject:
        return one.title
    return names.get(one.subject) or one.subject.partition(":")[2] or shell.label("body", "library")
