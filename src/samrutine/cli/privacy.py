"""A person's own: what is held about them, erasing it, and what was kept long enough."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from samrutine.cli.arguments import DecisionId, Reason
from samrutine.cli.files import write_whole
from samrutine.cli.shell import Shell

if TYPE_CHECKING:
    from samrutine.networks.retention import RetentionReport

MaybeWho = Annotated[str | None, Argument(show_default=False)]


def my_data(shell: Shell, who: MaybeWho = None, output: Annotated[str | None, Option("--output", "-o")] = None) -> None:
    """Show everything held about whoever asks, or write it to a file."""
    with shell.library() as library:
        found = library.own_data(who or shell.by, by=shell.by)
    if output is not None:
        import json

        data = json.dumps(found, ensure_ascii=False, indent=2).encode() + b"\n"
        write_whole(shell, Path(output), data, "--output")
        shell.answer({"path": output, "size_bytes": len(data)}, shell.say("done.my_data", path=output))
        return

    def text() -> None:
        person = found["person"]
        if isinstance(person, dict):
            for name in ("name", "login", "email"):
                shell.print(f"{shell.say(f'head.{name}')}: {person.get(name) or '–'}")
        shell.print("")
        rows = [
            (shell.say(f"own.{name}"), str(len(rows)))
            for name, rows in found.items()
            if isinstance(rows, list) and rows
        ]
        if rows:
            shell.table(("what", "count"), rows, whole=(1,))
        shell.print("", shell.say("own.how_to_get_all"))

    shell.answer(found, text)


def erase(
    shell: Shell,
    who: Annotated[str, Argument(show_default=False)],
    reason: Reason,
    *,
    keep_name: Annotated[bool, Option("--keep-name")] = False,
    decision_id: DecisionId = None,
) -> None:
    """Erase a person's name, sign-in name and address."""
    with shell.library() as library:
        made = library.erase_person(who, reason=reason, keep_name=keep_name, by=shell.by, decision_id=decision_id)
    name = "done.erase_kept" if made.kept_name else "done.erase"
    roles = shell.count("roles", made.roles_ended)
    shell.decided(made, shell.say(name, actor=made.actor, roles=roles, number=made.number))


def erase_text(
    shell: Shell,
    number: Annotated[int, Argument(show_default=False)],
    name: Annotated[str | None, Argument(show_default=False)] = None,
    *,
    reason: Reason,
    decision_id: DecisionId = None,
) -> None:
    """Erase what was written with a decision."""
    with shell.library() as library:
        made = library.erase_text(number, name, reason=reason, by=shell.by, decision_id=decision_id)
    shell.decided(made, shell.say("done.erase_text", of=made.of, number=made.number))


def retention(
    shell: Shell, *, delete: Annotated[bool, Option("--delete")] = False, decision_id: DecisionId = None
) -> None:
    """Show what was kept long enough; with `--delete`, delete it."""
    with shell.library() as library:
        found = library.retention(by=shell.by, delete=delete, decision_id=decision_id)
    shell.answer(found, lambda: _print_retention(shell, found))


def _print_retention(shell: Shell, found: "RetentionReport") -> None:
    shell.table(
        ("what", "kept_months", "over", "oldest", "why"),
        [
            (shell.say(f"kept.{line.kept.value}"), str(line.months), str(line.count), shell.day(line.oldest), line.why)
            for line in found.lines
        ],
        whole=(1, 2, 3),
    )
    if found.is_deleted:
        shell.print("", shell.say("retention.deleted", count=found.count, number=found.number))
    else:
        shell.print("", shell.say("retention.how_to_delete" if found.count else "retention.nothing", count=found.count))
