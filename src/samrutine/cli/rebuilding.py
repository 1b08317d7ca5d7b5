"""A library from nothing but a copy of its repository: `restore --from-register` of a home or a repository."""

from pathlib import Path
from typing import TYPE_CHECKING

from samrutine.cli.shell import Shell
from samrutine.errors import StoreDamaged
from samrutine.messages import word
from samrutine.plain import plain

if TYPE_CHECKING:
    from samrutine.recovery.from_register_home import Rebuilt


def holds_a_repository(place: Path) -> bool:
    """Whether a folder is a home or a repository, and no folder of backups."""
    return any((place / name).is_file() for name in ("HEAD", ".git/HEAD", "library.git/HEAD"))


def rebuild(
    shell: Shell, source: Path, home: Path, *, restricted: Path | None, database_url: str | None, witness: str | None,
    dry_run: bool,
) -> int:  # fmt: skip
    """
    Put a home together from a register, or say what would come.

    Returns:
        0 when nothing is wrong but what follows from what is gone; 6 otherwise.
    """
    # Imported here: help needs no database.
    from samrutine.library import Library

    with shell.progress("restore") as begun:
        done = Library.rebuild_from_register(
            source, home, restricted=restricted, database_url=database_url, witness=witness, dry_run=dry_run,
            on_part=begun,
        )  # fmt: skip
    faults = [{"code": one.code, "detail": one.detail, "text": one.text(shell.language)} for one in done.unexplained]
    known = plain(done)
    value = {**known, "unexplained": faults} if isinstance(known, dict) else known
    shell.answer(value, lambda: _print(shell, done))
    return 0 if done.is_sound else StoreDamaged.exit_code


def _print(shell: Shell, done: "Rebuilt") -> None:
    recovered = done.recovered
    places = {
        "decisions": shell.count("decisions", recovered.last), "versions": shell.count("versions", done.versions),
        "head": recovered.head,
    }  # fmt: skip
    if done.home is None:
        shell.print(shell.say("rebuild.would", **places))
    else:
        shell.print(shell.say("done.rebuilt", home=done.home, **places))
    shell.print(shell.say("rebuild.not_back"))
    for one in recovered.not_back:
        what = word("not_back", one.what.value, shell.language)
        shell.print(f"  {what}" if one.count is None else f"  {what}: {one.count}")
    if not done.restricted:
        shell.print(shell.say("rebuild.without_restricted"))
    if recovered.ended:
        shell.print(shell.say("restore.ended", proposals=", ".join(recovered.ended)))
    for fault in done.unexplained:
        shell.print(fault.text(shell.language))
    if done.home is not None:
        shell.print(shell.say("rebuild.next"))
