"""Run the application: a socket, the pages behind it, until somebody stops it."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from samrutine.errors import InvalidRequest
from samrutine.library import Library
from samrutine.settings import read_settings
from samrutine.web.app import HERE, create_app
from samrutine.web.carrying import carrying

_BACKLOG: Final = 128
_MOST_AT_ONCE: Final = 200
_IDLE_SECONDS: Final = 15


def serve(
    home: Path, *, host: str, port: int, hosts: Sequence[str] = (), on_ready: Callable[[str], None], or_free: bool = False
) -> None:  # fmt: skip
    """
    Show the pages of a home until interrupted.

    Args:
        host: The address of this machine to answer on; 127.0.0.1 answers this machine alone.
        port: The port. 0 is any that is free.
        hosts: Names that the pages are reached by, beside this machine's and that of the library's own address.
        on_ready: Told where they are.
        or_free: Take another port when this one is in use.

    Raises:
        HomeNotFound, OtherSchema, DatabaseDamaged: As `Library.open`.
        InvalidRequest: A demonstration, where anybody may be anybody, is shown to this machine alone; or the port is taken.
    """
    with Library.open(home) as library:
        if library.is_demo and host not in HERE:
            raise InvalidRequest(what="--host", value=host, expected=HERE[0])
    with listening(host, port, or_free=or_free) as opened:
        on_ready(f"http://{host}:{opened.getsockname()[1]}/")
        run(home, opened, hosts=hosts)


@contextmanager
def listening(host: str, port: int, *, or_free: bool) -> Iterator[socket.socket]:
    """Open a socket; for the length of a block."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By its name, and not the default that is the same: only then does the loop answer at once and not wait 40 ms for more.
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        try:
            opened.bind((host, port))
        except OSError as error:
            if not or_free:
                raise InvalidRequest(what="--port", value=port, expected="8001") from error
            opened.bind((host, 0))
        opened.listen(_BACKLOG)
        yield opened
    finally:
        opened.close()


def run(home: Path, opened: socket.socket, *, hosts: Sequence[str] = ()) -> None:
    """Answer on a socket until interrupted."""
    # Imported here: no other command needs a server.
    import uvicorn

    app = create_app(home, address=read_settings(home).address, hosts=hosts)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, limit_concurrency=_MOST_AT_ONCE,
        timeout_keep_alive=_IDLE_SECONDS, timeout_graceful_shutdown=5, proxy_headers=False, ws="none",
    )  # fmt: skip
    with carrying(home):
        uvicorn.Server(config).run(sockets=[opened])
