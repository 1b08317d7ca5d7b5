"""A proof for the tests, made once; and the checker as an auditor runs it, on a machine without samrutine."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from samrutine.proving import check_proof
from samrutine.proving.model import CLAIM, sealed
from tests.support.services import not_here

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


def holds(files, commit):
    """Whether the checker finds nothing wrong, asked in this process: a thousand processes would take minutes."""
    try:
        proof = check_proof.Proof(files)
        proof.proven()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False
    return proof.commit == commit


def resealed(proof, files, **claimed):
    """Give the files with a seal that fits them: what a forger does."""
    question = proof.question._replace(**{key: value for key, value in claimed.items() if key != "commit"})
    rest = {name: content for name, content in files.items() if name != CLAIM}
    return {**rest, CLAIM: sealed(question, claimed.get("commit", proof.commit), proof.left_out, rest)}


def sealed_anew(files, **claimed):
    """Give the files with a claim of any form at all, listed and sealed so that they fit."""
    rest = {name: content for name, content in files.items() if name != CLAIM}
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in rest.items()}
    claim = {**json.loads(files[CLAIM]), **claimed, "files": listed, "seal": ""}
    unsealed = json.dumps(claim, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    seal = hashlib.sha256(unsealed.encode()).hexdigest()
    return {**rest, CLAIM: unsealed.replace('"seal": ""', f'"seal": "{seal}"').encode()}


def set_key(home, key, **more):
    """Say in the home's settings which key signs."""
    lines = [f'{name} = "{value}"' for name, value in {"key": key, **more}.items()]
    settings = home.path / "samrutine.toml"
    kept = settings.read_text().partition("[checkpoints]")[0]
    settings.write_text(kept + "\n".join(["[checkpoints]", *lines]) + "\n")


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


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """A key for checkpoints, and another's."""
    if shutil.which("ssh-keygen") is None:
        not_here("ssh-keygen", "apt install openssh-client")
    folder = tmp_path_factory.mktemp("keys")
    for name in ("samrutine", "annen"):
        made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)]
        subprocess.run(made, check=True)
    return folder
