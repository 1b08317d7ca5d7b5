"""Backup and restore."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from typer import Option, Typer

from samrutine.cli.rebuilding import holds_a_repository, rebuild
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command
from samrutine.errors import StoreDamaged
from samrutine.messages import say
from samrutine.plain import plain, plain_error

if TYPE_CHECKING:
    from samrutine.projections.faults import Fault
    from samrutine.recovery.ahead import MissingDecision
    from samrutine.recovery.erasures import LaterErasure
    from samrutine.recovery.preview import RestorePreview
    from samrutine.recovery.restore import Restored

SHOWN: Final = 20
"""How many missing decisions are listed; `--json` gives all."""
_UNITS: Final = ("B", "kB", "MB", "GB", "TB", "PB")


def register(app: Typer) -> None:
    """Add the commands."""
    command(app, "backup", area="recovery")(backup)
    command(app, "restore", area="recovery")(restore)


def backup(shell: Shell, folder: str, keep_sets: Annotated[int | None, Option("--keep", min=1)] = None) -> int:
    """
    Write a backup set while others work.

    Returns:
        0 when what was taken is sound; 6 when the database or git is damaged, and the set with it, or the set alone.
    """
    with shell.progress("backup") as begun, shell.library() as library:
        done = library.backup(Path(folder).expanduser(), keep=keep_sets, on_part=begun)

    def text() -> None:
        from samrutine.projections.faults import NOT_IN_SET

        shell.print(
            shell.say(
                "done.backup", name=done.name, decisions=shell.count("decisions", done.number),
                size=_size(shell, done.size_bytes), new=_size(shell, done.new_bytes),
            )
        )  # fmt: skip
        if done.removed:
            shell.print(shell.say("done.backup_removed", count=len(done.removed)))
        if done.cleared:
            shell.tell(shell.say("done.backup_cleared", count=len(done.cleared)))
        if done.left_alone:
            shell.tell(shell.say("done.backup_left_alone", names=", ".join(done.left_alone)))
        if done.left_out:
            shell.tell(shell.say("done.backup_left_out", names=", ".join(done.left_out)))
        if done.faults:
            is_here_sound = all(one.code == NOT_IN_SET for one in done.faults)
            told = "backup_not_whole" if is_here_sound else "backup_damaged"
            shell.tell(shell.say(f"done.{told}", count=len(done.faults)))
            for one in done.faults[:SHOWN]:
                # What ails the backup alone `verify` does not know.
                shell.tell(f"- {(one.text if one.code == NOT_IN_SET else one.fact)(shell.language)}")

    shell.answer(_with_texts(shell, done, done.faults), text)
    return StoreDamaged.exit_code if done.faults else 0


def restore(
    shell: Shell,
    folder: str,
    into: Annotated[str, Option("--into")],
    name: Annotated[str | None, Option("--set")] = None,
    database_url: Annotated[str | None, Option("--database-url")] = None,
    newer_register: Annotated[str | None, Option("--register")] = None,
    restricted: Annotated[str | None, Option("--restricted")] = None,
    witness: Annotated[str | None, Option("--witness")] = None,
    *,
    from_register: Annotated[bool, Option("--from-register")] = False,
    dry_run: Annotated[bool, Option("--dry-run")] = False,
) -> int:
    """
    Put a backup back into an empty home; or, with `--dry-run`, say what that would do.

    Of a home or a repository, with `--from-register`, all that its register knows: see `cli.rebuilding`.

    Returns:
        0 when all is sound; with `--dry-run` the exit code of what is in the way; 6 when something is not as decided.
    """
    # Imported here: help needs no database.
    from samrutine.library import Library

    place, home = Path(folder).expanduser(), Path(into).expanduser()
    if from_register and holds_a_repository(place):
        return rebuild(
            shell, place, home, restricted=Path(restricted).expanduser() if restricted else None,
            database_url=database_url, witness=witness, dry_run=dry_run,
        )  # fmt: skip
    register = Path(newer_register).expanduser() if newer_register else None
    # Whoever asks for what the register has, and names none, is told which was read when it has nothing more.
    own = from_register and register is None
    if dry_run:
        with shell.progress("restore"):
            seen = Library.preview_restore(
                place, home, name=name, database_url=database_url, from_register=from_register, register=register
            )
        shell.answer(_plain_preview(shell, seen), lambda: _print_preview(shell, seen, own_register=own))
        return seen.in_the_way[0].exit_code if seen.in_the_way else 0
    with shell.progress("restore") as begun:
        done = Library.restore(
            place, home, name=name, database_url=database_url, from_register=from_register, register=register,
            on_part=begun,
        )  # fmt: skip
    shell.answer(_with_texts(shell, done, done.faults), lambda: _print_restored(shell, done, own_register=own))
    return StoreDamaged.exit_code if done.faults else 0


def _with_texts(shell: Shell, done: object, faults: "Iterable[Fault]") -> object:
    said = [{"code": one.code, "detail": one.detail, "text": one.text(shell.language)} for one in faults]
    known = plain(done)
    return {**known, "faults": said} if isinstance(known, dict) else known


def _plain_preview(shell: Shell, seen: "RestorePreview") -> dict[str, object]:
    # The errors are values of their own kind, and get the same form as an error that stops a command.
    errors = [plain_error(one, shell.language) for one in seen.in_the_way]
    known = {name: plain(getattr(seen, name)) for name in seen.__dataclass_fields__ if name != "in_the_way"}
    return {**known, "in_the_way": errors}


def _print_preview(shell: Shell, seen: "RestorePreview", *, own_register: bool) -> None:
    shell.print(
        shell.say(
            "restore.set", name=seen.name, made=shell.instant(seen.made_at),
            decisions=shell.count("decisions", seen.number), at=shell.instant(seen.decided_at), head=seen.hash,
            rows=sum(seen.rows.values()), size=_size(shell, seen.size_bytes), needed=_size(shell, seen.needed_bytes),
            free=_size(shell, seen.free_bytes),
        )
    )  # fmt: skip
    if seen.schema != seen.schema_after:
        shell.print(shell.say("restore.upgraded", before=seen.schema, after=seen.schema_after))
    if seen.ahead:
        key = "restore.ahead_taken" if seen.takes else "restore.ahead"
        shell.print(shell.say(key, decisions=shell.count("decisions", seen.ahead)))
    if own_register and not seen.ahead:
        shell.print(shell.say("restore.of_its_own", number=seen.number))
    _print_void(shell, seen.void_links, seen.paused)
    _print_erasures(shell, seen.erase_again, seen.unread)
    if seen.left_out:
        shell.print(shell.say("restore.left_out", names=", ".join(seen.left_out)))
    told = sorted((shell.label("kept_in", name), str(count)) for name, count in seen.rows.items() if count)
    shell.table(("what", "rows"), told, whole=(1,))
    if seen.faults:
        shell.print(shell.say("restore.of_damaged", name=seen.sound or "–"))
    for name in seen.not_unpacked:
        shell.print(shell.say("restore.not_unpacked", name=name))
    for path, why in seen.damaged:
        shell.print(shell.say(f"restore.damaged.{why}", file=path))
    for error in seen.in_the_way:
        shell.print(error.text(shell.language))
    shell.print(shell.say("restore.stopped" if seen.in_the_way else "restore.ready"))


def _print_restored(shell: Shell, done: "Restored", *, own_register: bool) -> None:
    key = "done.restored_again" if done.is_repeat else "done.restored"
    decisions = shell.count("decisions", done.number)
    shell.print(shell.say(key, name=done.name, home=done.home, decisions=decisions, head=done.hash))
    if done.missing:
        # Imported here: help needs no library.
        from samrutine.cli.fault_words import names_in
        from samrutine.library import Library

        with Library.open(done.home) as library:
            names = names_in(library)
        kind = "taken" if done.taken else "missing"
        shell.print(shell.say(f"restore.{kind}", decisions=shell.count("decisions", len(done.missing))))
        for one in done.missing[:SHOWN]:
            shell.print(f"  {one.number} {shell.instant(one.at)} {_decided(shell, one, names)}")
        if len(done.missing) > SHOWN:
            shell.print(shell.say("restore.more", count=len(done.missing) - SHOWN))
    if done.taken:
        shell.print(shell.say("restore.recovered", number=done.missing[-1].number + 1))
    if own_register and not done.missing:
        shell.print(shell.say("restore.of_its_own", number=done.number))
    if done.ended:
        shell.print(shell.say("restore.ended", proposals=", ".join(done.ended)))
    _print_void(shell, done.void_links, len(done.paused))
    _print_erasures(shell, done.erase_again, done.unread)
    if done.not_in_git:
        shell.print(shell.say("restore.not_in_git", names=", ".join(done.not_in_git)))
    for fault in done.faults:
        shell.print(fault.text(shell.language))


def _decided(shell: Shell, one: "MissingDecision", names: "Mapping[str, str]") -> str:
    """Say what was decided and by whom, with names; of what the register does not tell, a place is left open."""
    # Imported here: help needs no git.
    from samrutine.projections.commits import places_of

    body = names.get(one.body, one.body)
    places = places_of(body, one.facts)
    places |= {"municipality": names.get(str(places["municipality"]), places["municipality"]) or body}
    sentence = say(f"register.{one.kind}", shell.language, **{name: value or "…" for name, value in places.items()})
    return sentence if body in sentence else f"{sentence} ({body})"


def _print_void(shell: Shell, links: int, paused: int) -> None:
    if links:
        shell.print(shell.say("restore.void_links", count=links))
    if paused:
        shell.print(shell.say("restore.paused", count=paused))


def _print_erasures(shell: Shell, erasures: "Iterable[LaterErasure]", unread: "Iterable[str]") -> None:
    for one in erasures:
        shell.print(shell.say(f"restore.erase_again.{one.kind}", about=one.about, number=one.number))
    for name in unread:
        shell.print(shell.say("restore.unread", name=name))


def _size(shell: Shell, size_bytes: int) -> str:
    """Write a size the way people do: 812 kB, 1,4 MB."""
    unit, size = next(
        (unit, size_bytes / 1000**power) for power, unit in enumerate(_UNITS) if size_bytes < 1000 ** (power + 1)
    )
    written = f"{size:.0f}" if unit in _UNITS[:2] else f"{size:.1f}"
    return f"{written if shell.language == 'en' else written.replace('.', ',')} {unit}"
