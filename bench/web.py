"""
How fast pages come beside a bare FastAPI page of the same size: `python bench/web.py [ROUTINES]` prints a JSON line each.

Both are one process on one machine, asked in turns by the same client over the same kept connections. The bare page gives the
very lines of ours through a template, and knows nobody: no session, no rights, no library. What is due is 0.4 of its requests a
second for a routine that somebody read before (warm) and for a search; one that nobody read (cold) is told beside it. At half
of what ours can do, 95 of 100 answers are due within 100 ms.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.small_home import EDITOR, a_home, adopt_all, starter_texts
from samrutine import Library

ROUTINES = 1_150
"""Of nine sections each: ten thousand."""
IN_USE = 150
PASSWORD = "fire ord som er lange"  # noqa: S105  of nobody
CLIENTS = 4
DUE = 0.4
DUE_MS = 100.0
BARE = """
import socket, sys
from pathlib import Path
import jinja2, uvicorn
from fastapi import FastAPI
from starlette.responses import HTMLResponse
app = FastAPI()
lines = Path(sys.argv[1]).read_text(encoding="utf-8").split("\\n")
template = jinja2.Environment(autoescape=True).from_string("{% for line in lines %}{{ line|safe }}\\n{% endfor %}")
@app.get("/{rest:path}")
def page(rest: str) -> HTMLResponse:
    return HTMLResponse(template.render(lines=lines))
opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
opened.bind(("127.0.0.1", 0))
opened.listen(128)
print(f"http://127.0.0.1:{opened.getsockname()[1]}", flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[opened])
"""


def texts(count: int) -> list[bytes]:
    """Give so many routines, each one of the starter routines with a name and a word of its own."""
    found = starter_texts()
    made = []
    for number in range(count):
        text = found[number % len(found)].decode()
        text = re.sub(r"(?m)^id: .*$", f"id: rutine-{number:04d}", text, count=1)
        text = re.sub(r"(?m)^title: \"?(.*?)\"?$", rf'title: "\1, utgave {number:04d}"', text, count=1)
        made.append(re.sub(r"\(rutine:[a-z0-9-]+\)", "(rutine:rutine-0000)", text).encode())
    return made


@contextmanager
def started(command: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start a server, give it with the port that it says it answers on, and stop it after the block."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        told = next((found for line in process.stdout if (found := re.search(r"http://[^:]+:(\d+)", line))), None)
        if told is None:
            raise SystemExit(f"{command[-1]} ended with {process.wait()} and answered nothing")
        yield process, int(told[1])
    finally:
        process.terminate()
        process.wait()


def asked(where: int, path: str, cookie: str) -> bytes:
    """Ask once, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", where, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse().read()
    connection.close()
    return answer


def load(where: int, paths: Sequence[str], cookie: str, seconds: float, pace: float | None = None) -> list[float]:
    """Ask for pages for some seconds from several connections, as fast as answers come or at a pace; gives how long each took."""
    took: list[float] = []
    wrong: list[str] = []
    end = time.perf_counter() + seconds

    def one(client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", where, timeout=60)
        number, due = client, time.perf_counter()
        while (now := time.perf_counter()) < end:
            if pace is not None:
                due += CLIENTS / pace
                time.sleep(max(0.0, due - now))
            # At a pace, from when it was due: who stands in a queue waits too.
            begun = time.perf_counter() if pace is None else due
            connection.request("GET", paths[number % len(paths)], headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.HTTPStatus.OK:
                wrong.append(f"{paths[number % len(paths)]}: {answer.status}")
                return
            took.append(time.perf_counter() - begun)
            number += CLIENTS

    clients = [threading.Thread(target=one, args=(client,)) for client in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if wrong:
        raise SystemExit("; ".join(wrong))
    return took


def in_turns(one: Callable[[], float], other: Callable[[], float], rounds: int = 3) -> tuple[float, float]:
    """Give the best of each over some rounds."""
    found = [(one(), other()) for _ in range(rounds)]
    return max(pair[0] for pair in found), max(pair[1] for pair in found)


def signed_in(where: int) -> str:
    """Sign the editor in; gives what a browser keeps."""
    connection = http.client.HTTPConnection("127.0.0.1", where, timeout=60)
    form = urlencode({"brukernavn": EDITOR, "passord": PASSWORD})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{where}"}
    connection.request("POST", "/logg-inn", form, headers)
    answer = connection.getresponse()
    answer.read()
    kept = [value.partition(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    return "; ".join([*kept, "kommune=fauske"])


def resident_mib(process: subprocess.Popen[bytes]) -> float:
    """Give the memory of a process that is in use."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def said(**answer: object) -> bool:
    """Print a line; gives whether it is as good as it should be."""
    print(json.dumps(answer, ensure_ascii=False), flush=True)
    return bool(answer["ok"])


def measure(home: Path, in_use: int, seconds: float) -> Iterator[bool]:
    """Ask both for routines and for searches, in turns."""
    names = [f"/rutine/rutine-{number:04d}" for number in range(in_use)]
    words = sorted({one for text in starter_texts() for one in re.findall(r"[a-zæøå]{5,}", text.decode().lower())})
    words.sort(key=lambda one: one[::-1])  # in no order that an index has
    searches = [f"/sok?q={quote(one)}+{quote(other)}" for one, other in zip(words[:400], words[400:800], strict=True)]
    command = [
        sys.executable,
        "-u",
        "-c",
        "import sys; from samrutine.cli import main; sys.exit(main())",
        "--home",
        str(home),
    ]
    with started([*command, "serve", "--port", "0"]) as (server, ours):
        cookie = signed_in(ours)
        for what, paths in (("a routine", names), ("a search", searches)):
            cold, pages = [], []
            for path in paths[:40]:
                begun = time.perf_counter()
                pages.append(asked(ours, path, cookie))
                cold.append(time.perf_counter() - begun)
            pages.sort(key=len)
            sample = home / f"{what.split()[1]}.html"
            sample.write_bytes(pages[len(pages) // 2])
            load(ours, paths, cookie, seconds)
            with started([sys.executable, "-c", BARE, str(sample)]) as (_, bare):
                mine, theirs = in_turns(
                    lambda paths=paths: len(load(ours, paths, cookie, seconds)) / seconds,
                    lambda bare=bare: len(load(bare, ["/side"], "", seconds)) / seconds,
                )
            half = sorted(load(ours, paths, cookie, seconds * 2, pace=mine / 2))
            p95 = 1000 * half[int(0.95 * len(half))]
            yield said(
                bench=f"web, {what}, warm", share=round(mine / theirs, 2), due=DUE, ok=mine / theirs >= DUE, per_second=round(mine),
                bare_per_second=round(theirs), bytes=len(pages[len(pages) // 2]), cold_ms=round(1000 * sum(cold) / len(cold)),
            )  # fmt: skip
            yield said(
                bench=f"web, {what}, 95 of 100 at half the load",
                beyond_s=round(p95 / 1000, 3),
                due_s=DUE_MS / 1000,
                ok=p95 <= DUE_MS,
            )
        before = resident_mib(server)
        load(ours, [*names, *searches], cookie, seconds * 5)
        after = resident_mib(server)
        yield said(
            bench="web, memory after as much again",
            ratio=round(after / before, 3),
            due=1.05,
            ok=after / before <= 1.05,
            mib=round(after),
        )


def main(count: int, seconds: float) -> int:
    """Make a library, measure, and give 1 when something is not as it should be."""
    with tempfile.TemporaryDirectory(prefix="samrutine-bench-") as folder:
        home = Path(folder) / "home"
        a_home(home, texts=texts(12))
        with Library.open(home) as library:
            from bench.small_home import approve

            with library.together():
                joined = {one.network for one in library.procedures()}
                for data in texts(count)[12:]:
                    approve(library, data, joined)
            with library.together():
                adopt_all(library, "Fauske", only=[f"rutine-{number:04d}" for number in range(min(IN_USE, count))])
            library.set_password(EDITOR, PASSWORD, by=EDITOR)
        return 0 if all(list(measure(home, min(IN_USE, count), seconds))) else 1


if __name__ == "__main__":
    sys.exit(
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUTINES, float(sys.argv[2]) if len(sys.argv) > 2 else 6.0)
    )
