"""A proof for the tests, made once; and the checker as an auditor runs it, on a machine without samrutine."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from samrutine.proving import check_proof

DECEMBER = date(2026, 12, 1)
"""A day on which Fauske has `handhygiene` 1.0 in use, with an addition."""


def write(folder, files):
    """Write the files of a proof in a folder."""
    for name, content in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def check(folder, *how, at=None):
    """Run the checker alone: no packages, no settings of anybody's, from another folder. Gives the code and what it says."""
    checker = at or Path(check_proof.__file__)
    outcome = subprocess.run(
        [sys.executable, "-I", "-S", str(checker), str(folder), *map(str, how)], capture_output=True, check=False,
        cwd="/", env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    return outcome.returncode, (outcome.stdout + outcome.stderr).decode()


def adopt_with_an_addition(library):
    """Let Fauske add a note and take the routine into use."""
    library.add_addition("handhygiene", "fauske", "", "practical-note", "Sprit henger i gangen.", by="ansvarlig.fauske")
    library.adopt("handhygiene", "fauske", by="beslutter.fauske")


@pytest.fixture(scope="session")
def made(tmp_path_factory, sqlite_templates):
    """A home where Fauske has adopted, and the proof of it. Nobody writes here."""
    home = sqlite_templates.copied_to(tmp_path_factory.mktemp("proven") / "home", "routine")
    with home.opened() as library:
        adopt_with_an_addition(library)
        return home, library.prove("handhygiene", "fauske", on=DECEMBER)


@pytest.fixture(scope="session")
def proof(made):
    """The proof."""
    return made[1]


@pytest.fixture
def folder(tmp_path, proof):
    """The proof in a folder of the test's own."""
    return write(tmp_path / "bevis", proof.files)


@pytest.fixture
def adopted(tmp_path, made):
    """A copy of the home where Fauske has adopted, of the test's own."""
    home = made[0]
    shutil.copytree(home.path, tmp_path / "mitt")
    return type(home)(tmp_path / "mitt", type(home.clock)(home.clock.now))
