"""The shape of the code: imports point one way, modules hold one idea, nobody asks the clock in secret."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "samrutine"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "versions" not in path.parts)
LONGEST = 640
ASKS_THE_CLOCK = {"base.py", "wiring.py", "demo.py"}  # the callers, where nobody gave the instant
NO_NAIVE_TIME = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


def ids(path):
    """Name a module as one reads it."""
    return path.relative_to(SOURCE).as_posix()


@cache
def parsed(path):
    """Give a module as a tree; read once, and looked at for each rule."""
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path):
    """Give every `a.b(…)` of a module as (a, b, whether it has arguments)."""
    for node in ast.walk(parsed(path)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            yield node.func.value.id, node.func.attr, bool(node.args or node.keywords)


def test_imports_point_one_way():
    """
    A rule that can reach the database will, one day; then it can no longer be tested in a millisecond.
    """
    outcome = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_a_module_is_one_idea(path):
    """
    When a file starts to hold two, it is two files.
    """
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", [path for path in MODULES if path.name not in ASKS_THE_CLOCK], ids=ids)
def test_now_is_an_argument(path):
    """
    What asks the clock in secret cannot be told which day it is, neither by a test nor by an auditor.
    """
    asked = {(name, attribute) for name, attribute, _ in calls(path) if (name, attribute) in NO_NAIVE_TIME}

    assert asked == set()


@pytest.mark.parametrize("path", [path for path in MODULES if path.name in ASKS_THE_CLOCK], ids=ids)
def test_who_asks_the_clock_asks_for_utc(path):
    """
    A time without a zone is an hour wrong half the year.
    """
    asked = [given for name, attribute, given in calls(path) if (name, attribute) == ("datetime", "now")]

    assert all(asked)


LOGS_INSTEAD = {"decisions.py", "carrying.py"}


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_nobody_catches_everything(path):
    """
    An error that is swallowed is found by a customer. After a commit it is logged: it must not say "not decided".
    """
    caught = [
        node.lineno
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
        and not any(isinstance(inside, ast.Raise) for inside in ast.walk(node))
        and not (path.name in LOGS_INSTEAD and any("_LOG.error" in ast.unparse(inside) for inside in node.body))
    ]

    assert caught == []


def test_git_is_asked_by_one_module_only():
    """
    What we learned about git by measuring is written in one place; a second one would not know it.
    """
    asking = {
        ids(path)
        for path in MODULES
        if any(
            word in path.read_text(encoding="utf-8")
            for word in ('["git"', "import git\n", "from git.", "from git import")
        )
    }

    assert asking == {"storage/git.py"}
