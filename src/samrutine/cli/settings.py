"""
The library's own settings: show, fetch to a folder, and settle what was changed there.

`settings fetch` leaves beside the files what each was when it was read. `settings settle` sends that along, so that
nobody undoes unread what another settled meanwhile.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Typer

from samrutine.cli.arguments import DecisionId, Reason
from samrutine.cli.digests import short
from samrutine.cli.files import read_bytes, write_out, write_whole
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group
from samrutine.errors import FileNotRead, InvalidRequest, SettingNotFound

if TYPE_CHECKING:
    from samrutine.networks.settling import Setting

READ = ".lest.json"
"""The file beside those fetched that says what each was when it was read."""

LARGEST = 1_000_000


def register(app: Typer) -> None:
    """Add the commands."""
    inner = group(app, "settings", area="settings")
    command(inner, "show", area="settings")(show)
    command(inner, "fetch", area="settings")(fetch)
    command(inner, "settle", area="settings")(settle)


def show(shell: Shell, path: Annotated[str | None, Argument(show_default=False)] = None) -> None:
    """List the files of the settings, or show one."""
    with shell.library() as library:
        found = library.settings()
    if path is not None:
        one = _named(found, path)
        shell.answer(
            {"path": one.path, "digest": one.digest, "number": one.number, "content": one.content.decode()},
            lambda: write_out(one.content),
        )
        return
    shell.answer(
        {"settings": [{"path": one.path, "digest": one.digest, "number": one.number} for one in found]},
        lambda: shell.table(
            ("file", "digest", "decision"), [(one.path, short(one.digest), str(one.number)) for one in found]
        ),
    )


def _named(found: "Sequence[Setting]", path: str) -> "Setting":
    known = {one.path: one for one in found}
    if path not in known:
        raise SettingNotFound(file=Shell.visible(path[:100]), files="\n".join(f"  {one}" for one in known))
    return known[path]


def fetch(shell: Shell, folder: Annotated[str, Argument(show_default=False)]) -> None:
    """Write the settings to an empty folder, to change them there."""
    place = Path(folder)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise InvalidRequest(
            what=shell.say("metavar.folder"), value=folder, expected=shell.say("expected.empty_folder")
        )
    with shell.library() as library:
        found = library.settings()
    place.mkdir(parents=True, exist_ok=True)
    for one in found:
        target = place / one.path
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(shell, target, one.content, "settings")
    read = {one.path: one.digest for one in found}
    _keep_read(shell, place, read)
    shell.answer(
        {"folder": place.resolve(), "files": sorted(read)}, shell.say("done.fetch", folder=folder, files=len(read))
    )


def settle(
    shell: Shell, folder: Annotated[str, Argument(show_default=False)], reason: Reason, decision_id: DecisionId = None
) -> None:
    """Settle what was changed in a folder that was fetched."""
    # Imported here: help needs no digests.
    from samrutine.procedures.text import digest as digest_of

    place = Path(folder)
    read = _read(shell, place)
    now = _files(place)
    changed = {path: data for path, data in now.items() if digest_of(data) != read.get(path)}
    with shell.library() as library:
        made = library.settle(
            changed, read={path: read[path] for path in changed if path in read}, reason=reason, by=shell.by,
            decision_id=decision_id,
        )  # fmt: skip
    # What was settled is what was read last, so the folder can be changed and settled again.
    _keep_read(shell, place, {**read, **{path: digest_of(data) for path, data in changed.items()}})
    shell.decided(made, shell.say("done.settle", files=", ".join(made.files), number=made.number))


def _files(place: Path) -> dict[str, bytes]:
    """Give every file of a folder by its path in it, but those that are hidden."""
    return {
        path.relative_to(place).as_posix(): read_bytes(str(path), LARGEST)
        for path in sorted(place.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def _keep_read(shell: Shell, place: Path, read: Mapping[str, str]) -> None:
    write_whole(shell, place / READ, (json.dumps(dict(read), indent=1) + "\n").encode(), "settings")


def _read(shell: Shell, place: Path) -> dict[str, str]:
    """Give what each file was when it was fetched."""
    try:
        found = json.loads(read_bytes(str(place / READ), LARGEST))
    except (ValueError, FileNotRead):
        found = None
    if not isinstance(found, dict):
        raise InvalidRequest(what=READ, value=str(place), expected=shell.say("expected.fetched_folder"))
    return {str(path): str(digest) for path, digest in found.items()}
