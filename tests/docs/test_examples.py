"""What the pages show is what happens: every command and every program in the documentation is run."""

import fcntl
import importlib.util
import json
import os
import shutil
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

TOP = Path(__file__).parents[2]


def tool() -> ModuleType:
    """Load tools/examples.py, which is a program and no part of the package."""
    name = "samrutine_examples"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, TOP / "tools" / "examples.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


examples = tool()


@pytest.fixture(scope="session")
def followed(tmp_path_factory) -> Path:
    """A folder where the tutorial was followed, and beside it what differed. Made once, by whichever process is first."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    begun, folder, outcome = base / "tutorial", base / "followed", base / "tutorial.json"
    with (base / "tutorial.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not outcome.exists():
            begun.mkdir()
            differences = [str(one) for one in examples.follow(examples.TUTORIAL, begun)]
            # The library knows its target by its whole path. Were the folder still there, each page that publishes
            # would take the tutorial's copies away from it.
            begun.rename(folder)
            outcome.write_text(json.dumps(differences))
    return folder


def test_the_tutorial_does_what_it_says_from_first_command_to_last(followed):
    """
    Whoever follows it for the first time cannot know whether they or the page is wrong.
    """
    differences = json.loads(followed.with_name("tutorial.json").read_text())

    assert differences == []
    assert (followed / "kvalitetssystem" / "tuberkulosekontrollprogram.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    "page",
    [page for page in examples.pages_with_examples() if page != examples.TUTORIAL],
    ids=lambda page: page.relative_to(TOP).as_posix(),
)
def test_a_page_does_what_it_says(page, followed, tmp_path):
    """
    Each begins where the tutorial ended, so that every page can be tried on its own.
    """
    folder = tmp_path / "prov"
    shutil.copytree(followed, folder, symlinks=True)

    differences = examples.follow(page, folder)

    assert [str(one) for one in differences] == []


class TestTheComparison:
    """The tests above are worth as much as these."""

    def differs(self, tmp_path, shown, said, code=0, *, known=None):
        folder = tmp_path / "prov"
        folder.mkdir()
        session = examples.Session(folder)
        session.known |= known or {}
        example = examples.Example(1, "anything", shown)
        return session.differs(example, code, said), session.known

    @pytest.mark.parametrize(
        ("shown", "said"),
        [
            (["lagret"], "lagret ikke"),
            (["en", "to"], "en"),
            (["en"], "en\nto"),
            (["en", "tre"], "en\nto\ntre"),
            (["Beslutning 7."], "Beslutning 8."),
            (["fra 22.11.2026"], "fra i morgen"),
        ],
        ids=["other words", "says less", "says more", "something between", "another number", "no day"],
    )
    def test_notices_what_differs(self, tmp_path, shown, said):
        """
        A comparison that lets everything pass would make every page true.
        """
        why, _ = self.differs(tmp_path, shown, said)

        assert why is not None

    def test_notices_another_exit_code(self, tmp_path):
        """
        A script goes by the code, not by the words.
        """
        why, _ = self.differs(tmp_path, [], "", code=3)

        assert why is not None

    @pytest.mark.parametrize(
        ("shown", "said"),
        [
            (["…", "to", "…"], "en\nto\ntre"),
            (["fra 22.11.2026"], "fra 01.02.2031"),
            (["a  b"], "a      b"),
            (["… byte"], "113 byte"),
        ],
        ids=["lines left out", "another day", "wider table", "a number left out"],
    )
    def test_lets_pass_what_differs_from_run_to_run(self, tmp_path, shown, said):
        """
        Days, widths and sizes are not what the page promises.
        """
        why, _ = self.differs(tmp_path, shown, said)

        assert why is None

    def test_an_id_that_is_shown_is_the_one_later_commands_mean(self, tmp_path):
        """
        The reader copies the id from their own screen, and so must we.
        """
        why, known = self.differs(tmp_path, ["Forslag f-0000000000"], "Forslag f-1234567890")

        assert (why, known) == (None, {"f-0000000000": "f-1234567890"})

    def test_an_id_stays_the_same_through_a_page(self, tmp_path):
        """
        A page that answers about another proposal than the one it sent is wrong, however alike they look.
        """
        why, _ = self.differs(
            tmp_path, ["Forslag f-0000000000"], "Forslag f-ffffffffff", known={"f-0000000000": "f-1234567890"}
        )

        assert why is not None


@pytest.mark.parametrize(
    ("command", "meant"),
    [
        ("samrutine as-of 22.11.2026", "samrutine as-of 03.01.2028"),
        ("samrutine grant x --until 31.12.2027", "samrutine grant x --until 10.02.2029"),
        ("--from 2026-11-23 --case 26/00117", "--from 2028-01-04 --case 26/00117"),
        ("printf 'r;utsatt;31.12.2027;Vi venter.'", "printf 'r;utsatt;10.02.2029;Vi venter.'"),
        ("99.99.2026", "99.99.2026"),
    ],
)
def test_days_in_commands_are_as_far_ahead_as_when_the_page_was_written(command, meant):
    """
    A page must not stop working on a morning in 2028 with nothing changed in it.
    """
    assert examples.days_moved(command, date(2028, 1, 3)) == meant
