"""A terminal for tests: what a command wrote, where, and what it left with."""

import json
from dataclasses import dataclass

import pytest

from samrutine import Library
from samrutine.cli import main


@dataclass
class Ran:
    """One command, run."""

    code: int
    out: str
    err: str

    @property
    def answer(self):
        """The JSON on the last line of standard output."""
        return json.loads(self.out.splitlines()[-1])

    @property
    def text(self):
        """What was said, on one line, so that a test need not know where it was broken."""
        return " ".join(self.out.split())


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command in this process, in bokmål, piped, with room for most tables."""
    monkeypatch.setenv("LANG", "nb_NO.UTF-8")
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("LC_ALL", "LC_MESSAGES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def ran(*words):
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


@pytest.fixture
def at(run, monkeypatch):
    """
    Run a command in a home, perhaps as somebody, at the time of the home's own clock.

    `at(home, "list")`, `at(home, "adopt", …, by="beslutter.fauske")`.
    """
    really_open = Library.open

    def ran(home, *words, by=None):
        monkeypatch.setattr(Library, "open", lambda path, clock=None: really_open(path, clock=clock or home.clock))
        return run("--home", home.path, *(("--as", by) if by else ()), *words)

    return ran
