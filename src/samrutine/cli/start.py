"""Begin: make a library, play the demo, see the members."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.cli.shell import Shell
from samrutine.cli.tree import command
from samrutine.errors import ArgumentMissing, DemoExists, HomeNotFound

if TYPE_CHECKING:
    from samrutine.demo import Played


def register(app: Typer) -> None:
    """Add the commands."""
    command(app, "init", area="start")(init)
    command(app, "demo", area="start")(demo)
    command(app, "municipalities", area="start")(municipalities)


def init(
    shell: Shell,
    where: Annotated[str | None, Argument(show_default=False)] = None,
    editor_login: Annotated[str | None, Option("--editor-login")] = None,
    editor_name: Annotated[str | None, Option("--editor-name")] = None,
    *,
    starter: Annotated[bool, Option("--starter")] = False,
    as_demo: Annotated[bool, Option("--demo")] = False,
    address: Annotated[str | None, Option("--address")] = None,
    database_url: Annotated[str | None, Option("--database-url")] = None,
) -> None:
    """Make a home and its first editor."""
    home = where or shell.home_if_given
    if home is None:
        raise HomeNotFound(home="–")
    login = editor_login or _asked(shell, "editor_login")
    name = editor_name or _asked(shell, "editor_name")
    # Imported here: help needs no database.
    from samrutine.library import Library

    with shell.progress("init"), Library.init(
        home, editor_login=login, editor_name=name, starter=starter, demo=as_demo, address=address, database_url=database_url
    ) as library:  # fmt: skip
        drafts = library.proposals(reader=login)
        found = {
            "home": Path(home).resolve(), "municipalities": len(library.municipalities()), "drafts": len(drafts),
            "editor": login, "demo": as_demo,
        }  # fmt: skip

    def text() -> None:
        shell.print(shell.say("done.init", **found))
        if drafts:
            shell.print(shell.say("done.init_drafts", **found))
        shell.print(shell.say("done.init_next", **found))

    shell.answer(found, text)


def _asked(shell: Shell, name: str) -> str:
    if shell.is_asked and (given := shell.ask(name)):
        return given
    raise ArgumentMissing(what=f"--{name.replace('_', '-')}", expected=shell.say(f"expected.{name}"))


def demo(
    shell: Shell,
    where: Annotated[str | None, Argument(show_default=False)] = None,
    *,
    no_serve: Annotated[bool, Option("--no-serve")] = False,
    port: Annotated[int, Option("--port")] = 8000,
) -> None:
    """Play the story of nine municipalities, and show what to try."""
    # Imported here: only the demo needs its story.
    from samrutine.demo import STEPS, play

    home = Path(where or shell.home_if_given or "demo")
    is_watched = shell.is_asked and not no_serve
    try:
        with shell.progress("demo", STEPS) as begun:
            played = play(home, address=f"http://127.0.0.1:{port}", on_step=begun)
    except DemoExists as error:
        if not is_watched:
            raise
        # Whoever sits there wants to see it again, and can: it only is not played twice.
        shell.tell(error.text(shell.language))
    else:
        _print_demo(shell, home, played)
    if is_watched:
        # Imported here, as above.
        from samrutine.web.running import serve

        serve(
            home, host="127.0.0.1", port=port, or_free=True,
            on_ready=lambda address: shell.print(shell.say("demo.serving", address=address)),
        )  # fmt: skip


def _print_demo(shell: Shell, home: Path, played: "Played") -> None:
    # Imported here, as above.
    from samrutine.demo import PUBLISHED

    day = shell.day(played.day_before_second_versions)
    waiting = played.in_round
    commands = [
        f"{shlex.quote(program())} --home {shlex.quote(str(home))} {rest}"
        for rest in (
            "matrix",
            "search sykmelding --municipality Fauske",
            "show fravaer-kritiske-oppgaver --municipality Fauske",
            "document skrive-avvik --municipality Saltdal --format pdf",
            f"as-of {day} --municipality Steigen",
            "history fravaer-kritiske-oppgaver",
            "inbox Fauske",
            "--as leder.fauske adopt defusing-debrifing --municipality Fauske",
            f"proposal {waiting.id}",
            f"--as {played.next_member} approve {waiting.id} --digest {waiting.digest.partition(':')[2][:12]}",
            "proposals --state draft",
            "--as leder.steigen adopt fravaer-kritiske-oppgaver --municipality Steigen",
            "--as kvalitet.steigen publish Steigen",
            "verify",
        )
    ]

    def text() -> None:
        shell.print(shell.say("demo.played", **{name: str(value) for name, value in played.counts.items()}), "")
        shell.print(shell.bold(shell.say("demo.try")), *(f"  {one}" for one in commands), "")
        shell.print(shell.say("demo.published", folder=home / PUBLISHED))

    shell.answer({**played.counts, "try": commands}, text)


def program() -> str:
    """
    Give what one types to run this very program: its name where the shell finds it, or the path from where one stands.

    After `make demo` it lies in the tree's own environment, which no shell looks in.
    """
    import os
    import shutil
    import sys

    beside = Path(sys.executable).with_name("samrutine")
    if shutil.which("samrutine") or not beside.exists():
        return "samrutine"
    from_here = os.path.relpath(beside)
    return str(beside) if from_here.startswith("..") else from_here


def municipalities(shell: Shell) -> None:
    """List the members."""
    with shell.library() as library:
        found = library.municipalities()
    shell.answer(
        {"municipalities": found},
        lambda: shell.table(
            ("number", "municipality", "sami_name", "slug"),
            [(one.number, one.name, one.sami_name or "–", one.slug) for one in found],
        ),
    )
