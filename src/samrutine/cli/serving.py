"""Show the library's pages to those who have a browser."""

from pathlib import Path
from typing import Annotated

from typer import Option, Typer

from samrutine.cli.shell import Shell
from samrutine.cli.tree import command
from samrutine.errors import HomeNotFound


def register(app: Typer) -> None:
    """Add the commands."""
    command(app, "serve", area="serving")(serve)


def serve(
    shell: Shell,
    host: Annotated[str, Option("--host")] = "127.0.0.1",
    port: Annotated[int, Option("--port", min=0, max=65535)] = 8000,
    name: Annotated[list[str] | None, Option("--name")] = None,
) -> None:
    """Show the pages until interrupted."""
    home = shell.home_if_given
    if home is None:
        raise HomeNotFound(home="–")
    # Imported here: a server takes longer to import than most commands to answer.
    from samrutine.web.running import serve as show

    show(
        Path(home), host=host, port=port, hosts=name or (),
        on_ready=lambda address: shell.print(shell.say("serving.ready", address=address)),
    )  # fmt: skip
