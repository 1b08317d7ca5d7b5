"""
The demo's pages in a browser, on this machine alone: the published folders, read-only, and where their links lead.

Every document has a link, also as a QR code, that answers whether it still applies. The web application will answer
it; until then the demo does, from what lies in the folders.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from samrutine.messages import say


def serve(folder: Path, port: int, *, names: Mapping[str, str], on_ready: Callable[[str], None]) -> None:
    """
    Show the published folders on this machine, read-only, until interrupted.

    Args:
        port: The one to try first; a free one is taken when it is in use.
        names: What each municipality is called, by the name of its folder.
        on_ready: Told the address.
    """
    with serving(folder, port, names=names) as server:
        on_ready(f"http://127.0.0.1:{server.server_address[1]}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


@contextmanager
def serving(folder: Path, port: int, *, names: Mapping[str, str]) -> Iterator[ThreadingHTTPServer]:
    """Open the server of `serve`, for the length of a block."""
    handler = partial(_Handler, folder=folder.resolve(), names=names)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    try:
        yield server
    finally:
        server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    """Gives files, a page of links at the top, and an answer to the links that stand on the documents."""

    def __init__(self, *args: Any, folder: Path, names: Mapping[str, str]) -> None:
        # Before the rest: the base class answers while it is made.
        self._folder = folder
        self._names = names
        super().__init__(*args, directory=str(folder))

    def do_GET(self) -> None:
        """Answer where a document's link leads before looking for files."""
        asked = urlsplit(self.path)
        match asked.path.split("/"):
            case ["", "v", procedure, version]:
                self._answer_link(procedure, version, parse_qs(asked.query).get("kommune", [""])[0])
            case _:
                super().do_GET()

    def _answer_link(self, procedure: str, version: str, where: str) -> None:
        """Show the municipality's page while the version applies there; else say what applies, and where."""
        published = {slug: _published(self._folder / slug) for slug in self._names}
        if where in self._names:
            now = published[where].get(procedure)
            if now == version:
                self.send_response(302)
                # The id is in the municipality's own index, so nothing is sent on as it came.
                self.send_header("Location", f"/{where}/{procedure}.html")
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self._give(_not_in_force(self._names[where], where, procedure, now))
            return
        links = {
            f"/{slug}/{procedure}.html": f"{self._names[slug]}: {held[procedure]}"
            for slug, held in published.items()
            if procedure in held
        }
        if links:
            self._give(_page(say("cli.demo.link_where", "nb"), links))
        else:
            self.send_error(404)

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """Only the top has no page of its own."""
        if Path(path).resolve() != self._folder:
            self.send_error(404)
            return
        found = {one.name: self._names.get(one.name, one.name) for one in self._folder.iterdir()}
        in_order = sorted(found.items(), key=lambda item: (item[0] not in self._names, item[1]))
        self._give(_page(say("cli.demo.page", "nb"), dict(in_order)))

    def _give(self, page: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the library's
        """Say nothing: the terminal shows what to try."""


def _published(folder: Path) -> dict[str, str]:
    """Give which version of each routine a published folder holds, by the routine's id."""
    index = folder / "index.json"
    if not index.is_file():
        return {}
    return {one["id"]: one["version"] for one in json.loads(index.read_text(encoding="utf-8"))["documents"]}


def _not_in_force(name: str, slug: str, procedure: str, now: str | None) -> bytes:
    """Say that what somebody holds a print-out of does not apply, and what does."""
    top = {f"/{slug}/": say("cli.demo.link_all", "nb", municipality=name)}
    if now is None:
        return _page(say("cli.demo.link_none", "nb", municipality=name), top)
    newer = {f"/{slug}/{procedure}.html": say("cli.demo.link_now", "nb", version=now)}
    return _page(say("cli.demo.link_old", "nb", municipality=name), newer | top)


def _page(title: str, links: Mapping[str, str]) -> bytes:
    items = "".join(f'<li><a href="{escape(one)}">{escape(words)}</a></li>' for one, words in links.items())
    return (
        f'<!doctype html><html lang="nb"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1><ul>{items}</ul></html>"
    ).encode()
