"""
Run the examples in the documentation for real, and compare what they say with what is shown.

    python tools/examples.py docs/tutorial/forste-rutine.md            run a page and say what differs
    python tools/examples.py --write docs/tutorial/forste-rutine.md    put what was said into the page

A block that begins with ```console holds commands after `$ ` and below each what it says; nothing below it promises nothing. A line of only `…` stands for
any lines, and `…` inside a line for anything. Ids, digests, days and times differ from run to run: each is compared by
its form, and an id that is shown is the one that later commands on the page mean. ```console exit=3 says which exit code
the last command of the block has. A block that begins with ```python is run as a program, and must end well.

Every page but the tutorial begins in a folder where the tutorial was followed to its end.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

TOP = Path(__file__).parents[1]
TUTORIAL = TOP / "docs" / "tutorial" / "forste-rutine.md"
SHOWN_DAY = date(2026, 11, 22)  # the day on which the pages are written; days in commands move with it
HOME = "bibliotek"  # what the tutorial calls the home it makes
WITH_EXAMPLES = ("README.md", "docs/**/*.md")

# Each run makes its own of these; what is shown is an example of the form.
IDS = r"\bf-[0-9a-f]{10}\b|\b1:[0-9a-f]{8,64}|\ba-[0-9a-f]{10}\b|\bt-[0-9a-f]{10}\b|\bd-[0-9a-f]{10}\b|\b[citow]-[0-9a-f]{12}\b|\bk-[0-9a-f]{16}\b|(?<![0-9a-z-])(?=[a-f]*[0-9])[0-9a-f]{12,64}(?![0-9a-z-])"
DAYS = (
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{2}\.\d{2}\.\d{4}\b"
    r"|\b\d{1,2}\. (?:januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember) \d{4}\b"
)
IN_COMMANDS = r"\b\d{4}-\d{2}-\d{2}\b|\b\d{2}\.\d{2}\.\d{4}\b"
TIMES = r"\b\d{2}:\d{2}(?::\d{2})?\b"
BLOCK = re.compile(r"^```(console|python)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def days_moved(command: str, today: date) -> str:
    """
    Move every day in a command as far from today as it stands from `SHOWN_DAY` on the page.

    A day to come on the page would else have been by one morning, and the page would fail with nothing changed.
    """

    def moved(match: re.Match[str]) -> str:
        form = "%Y-%m-%d" if "-" in match[0] else "%d.%m.%Y"
        try:
            day = datetime.strptime(match[0], form).date()  # noqa: DTZ007  a day has no time zone
        except ValueError:
            return match[0]
        return (today + (day - SHOWN_DAY)).strftime(form)

    return re.sub(IN_COMMANDS, moved, command)


@dataclass
class Example:
    """One command and what is shown below it; or one program in Python, which shows nothing."""

    line: int
    command: str
    shown: list[str] = field(default_factory=list)
    exit_code: int = 0
    language: str = "console"


@dataclass(frozen=True)
class Difference:
    """An example that does not do what its page says."""

    page: Path
    line: int
    command: str
    why: str
    said: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(TOP)}:{self.line}: {self.command}\n  {self.why}\n" + _indented(self.said)


def pages_with_examples() -> list[Path]:
    """Give every page that shows commands or programs."""
    found = (path for pattern in WITH_EXAMPLES for path in sorted(TOP.glob(pattern)))
    return [path for path in found if BLOCK.search(path.read_text(encoding="utf-8"))]


def examples(text: str) -> Iterator[Example]:
    """Give the examples of a page, in order."""
    for block in BLOCK.finditer(text):
        first = text.count("\n", 0, block.start()) + 2
        if block[1] == "python":
            yield Example(first, block[3], language="python")
            continue
        found: list[Example] = []
        for number, line in enumerate(block[3].splitlines(), first):
            if line.startswith("$ "):
                found.append(Example(number, line[2:]))
            elif found and (line == ">" or line.startswith("> ")):
                found[-1].command += f"\n{line[2:]}"
            elif found:
                found[-1].shown.append(line)
        if found and (code := re.search(r"exit=(\d+)", block[2])):
            found[-1].exit_code = int(code[1])
        yield from found


class Session:
    """A shell and a folder, in which the examples of a page are run one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[str, str] = {}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SAMRUTINE_", "LC_", "GIT_"))}
        path = os.pathsep.join([str(warm_program().parent), str(Path(sys.executable).parent), os.environ["PATH"]])
        self._environment = {
            **kept, "PATH": path, "LANG": "C.UTF-8", "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1",
        }  # fmt: skip
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if (folder / HOME).is_dir():
            self._environment["SAMRUTINE_HOME"] = str(folder / HOME)
        self._state = folder.with_name(f"{folder.name}.state")
        self._state.write_text(f"cd {shlex.quote(str(folder))}\n", encoding="utf-8")

    def run(self, example: Example) -> tuple[int, str]:
        """Run one example; what is exported, and the folder one stands in, hold for the next."""
        if example.language == "python":
            words = [sys.executable, "-c", example.command]
        else:
            after = (
                f'code=$?; {{ export -p; echo cd $(printf %q "$PWD"); }} >{shlex.quote(str(self._state))}; exit $code'
            )
            script = f". {shlex.quote(str(self._state))}\n{self._meant(example.command)}\n{after}"
            words = ["bash", "-c", script]
        done = subprocess.run(
            words, cwd=self.folder, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, check=False, timeout=300,
        )  # fmt: skip
        said = done.stdout.decode("utf-8", "replace").replace(str(self.folder), "…")
        return done.returncode, said.replace(f"@{socket.gethostname()}", "@…")  # a page holds on every machine

    def differs(self, example: Example, code: int, said: str) -> str | None:
        """Say how the outcome differs from what the page shows; None when it does not. Learns the ids of this run."""
        if code != example.exit_code:
            return f"exit code {code}, not {example.exit_code}"
        lines = [_squeezed(line) for line in said.splitlines() if line.strip()]
        position, anything = 0, not example.shown
        for line in filter(str.strip, example.shown):
            if line.strip() == "…":
                anything = True
                continue
            pattern, names = self._pattern(line)
            places = range(position, len(lines) if anything else min(position + 1, len(lines)))
            found = next(((n, match) for n in places if (match := pattern.fullmatch(lines[n]))), None)
            if found is None:
                return f"does not say: {line.strip()}"
            self.known |= dict(zip(names, found[1].groups(), strict=True))
            position, anything = found[0] + 1, False
        return None if anything or position == len(lines) else f"says more: {lines[position]}"

    def _meant(self, command: str) -> str:
        for shown, real in self.known.items():
            command = command.replace(shown, real)
        return days_moved(command, datetime.now(ZoneInfo("Europe/Oslo")).date())

    def _pattern(self, line: str) -> tuple[re.Pattern[str], list[str]]:
        names: list[str] = []
        parts = re.split(f"({IDS}|{DAYS}|{TIMES}|…)", _squeezed(line))
        made = []
        for part in parts:
            if part == "…":
                made.append(".*?")
            elif re.fullmatch(IDS, part):
                if part in self.known:
                    made.append(re.escape(self.known[part]))
                else:
                    names.append(part)
                    made.append(f"({IDS})")
            elif re.fullmatch(DAYS, part):
                made.append(f"(?:{DAYS})")
            elif re.fullmatch(TIMES, part):
                made.append(f"(?:{TIMES})")
            else:
                made.append(re.escape(part))
        return re.compile("".join(made)), names


# The program, kept warm ------------------------------------------------------------------------------------------------

# A page has some forty commands, and most of each is Python reading the same modules again. So one process reads them
# once, and forks for each command: the command's own arguments, folder, environment, input and output, and exit code.

NOT_WARM = ("samrutine.web", "samrutine.storage.migrations.env", "samrutine.__main__", "samrutine.testing")
"""What no page asks for, and what does something when it is imported."""

CLIENT = """
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(server, [len(asked).to_bytes(8, "big")], [0, 1, 2])
    server.sendall(asked)
    os._exit(server.recv(1)[0])
"""


@cache
def warm_program() -> Path:
    """Start the process that forks, and give the `samrutine` that asks it. It ends with this process."""
    folder = Path(tempfile.mkdtemp(prefix="samrutine-"))
    address = str(folder / "socket")
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).resolve()), "--serve", address], env={**os.environ, "PYTHONUTF8": "1"}
    )
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(process.terminate)
    program = folder / "samrutine"
    words = f"#!{sys.executable} -IS\n{CLIENT.format(address=address)}"
    program.write_text(words, encoding="utf-8")
    program.chmod(0o755)
    while not Path(address).exists():
        if process.poll() is not None:
            raise SystemExit("the warm program did not start")
        time.sleep(0.01)
    return program


def serve(address: str) -> None:
    """Read the modules, then fork for each command that is asked for."""
    # Each service is imported when it is first asked for, so all are, and what they lean on is made ready.
    import git  # noqa: F401
    import typst  # noqa: F401
    from sqlalchemy.orm import configure_mappers

    import samrutine
    from samrutine.cli.tree import build

    for module in pkgutil.walk_packages(samrutine.__path__, "samrutine."):
        if not module.name.startswith(NOT_WARM):
            importlib.import_module(module.name)
    build("nb")
    configure_mappers()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{address}.new")
        listening.listen()
        Path(f"{address}.new").rename(address)
        while True:
            client, _ = listening.accept()
            with client:
                head, descriptors, _, _ = socket.recv_fds(client, 8, 3)
                asked = json.loads(_exactly(client, int.from_bytes(head, "big")))
                child = os.fork()
                if child == 0:
                    _be_the_command(asked, descriptors)
                for one in descriptors:
                    os.close(one)
                _, status = os.waitpid(child, 0)
                with contextlib.suppress(BrokenPipeError):
                    client.sendall(bytes([os.waitstatus_to_exitcode(status) & 0xFF]))


def _exactly(client: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += client.recv(size - len(data))
    return data


def _be_the_command(asked: tuple[list[str], str, dict[str, str]], descriptors: list[int]) -> None:
    """In the child: run one command as if it had been started from the shell, and end."""
    from samrutine.cli import main as samrutine

    words, folder, environment = asked
    code = 1
    try:
        for target, one in enumerate(descriptors):
            os.dup2(one, target)
            os.close(one)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", closefd=False)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        code = samrutine(words)
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


# Pages -----------------------------------------------------------------------------------------------------------------


def follow(page: Path, folder: Path, *, write: bool = False) -> list[Difference]:
    """
    Run every example of a page in a folder.

    Args:
        write: Put what was said into the page, where it differs.
    """
    text = page.read_text(encoding="utf-8")
    session = Session(folder)
    found = []
    said_instead: dict[int, list[str]] = {}
    for example in examples(text):
        code, said = session.run(example)
        why = session.differs(example, code, said)
        if why:
            found.append(Difference(page, example.line, example.command, why, said))
        unsaid = not example.shown and bool(said.strip()) and example.language == "console"
        if write and (why or unsaid) and code == example.exit_code:
            last = example.line + example.command.count("\n")
            for shown, real in session.known.items():
                said = said.replace(real, shown)
            said_instead[last] = said.rstrip().splitlines()
    if said_instead:
        page.write_text("\n".join(_rewritten(text, said_instead)) + "\n", encoding="utf-8")
    return found


def _rewritten(text: str, said_instead: dict[int, list[str]]) -> Iterator[str]:
    """Give the page's lines with what was said below the commands on the given lines."""
    skipping = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("$ ", "```")):
            skipping = False
        if skipping:
            continue
        yield line
        if number in said_instead:
            yield from (each.rstrip() for each in said_instead[number])
            skipping = True


def prepared(folder: Path) -> Path:
    """Follow the tutorial to its end in a folder, where the other pages begin."""
    folder.mkdir(parents=True, exist_ok=True)
    if differences := follow(TUTORIAL, folder):
        raise SystemExit("\n".join(map(str, differences)))
    return folder


def _squeezed(line: str) -> str:
    return " ".join(line.split())


def _indented(text: str) -> str:
    return "\n".join(f"  | {line}" for line in text.splitlines())


def main(arguments: Iterable[str]) -> int:
    """Run the pages that are named, or all."""
    words = list(arguments)
    if words[:1] == ["--serve"]:
        serve(words[1])
    write = "--write" in words
    pages = [Path(word).resolve() for word in words if not word.startswith("--")] or pages_with_examples()
    differences = []
    with tempfile.TemporaryDirectory() as base:
        if any(page != TUTORIAL for page in pages):
            prepared(Path(base) / "begun")
            # Targets are known by their whole path: with the folder gone, no page takes the copies out of it.
            (Path(base) / "begun").rename(Path(base) / "prepared")
        for number, page in enumerate(pages):
            folder = Path(base) / f"page{number}"
            if page == TUTORIAL:
                folder.mkdir()
            else:
                shutil.copytree(Path(base) / "prepared", folder, symlinks=True)
            differences += follow(page, folder, write=write)
    print("\n".join(map(str, differences)))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
