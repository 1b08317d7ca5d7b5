"""Whatever a user can meet has its entry in the reference, and the reference follows from the code."""

import inspect
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from samrutine import Library
from samrutine.adoptions.overview import Overview
from samrutine.errors import SamrutineError
from samrutine.messages import catalogue
from samrutine.procedures.front_matter import KEYS
from samrutine.publishing.connector import Connector
from samrutine.reasons import Because
from samrutine.settings import Settings
from samrutine.storage.rows import Row
from samrutine.storage.steps import STEPS

TOP = Path(__file__).parents[2]
REFERENCE = TOP / "docs" / "reference"
NAMED = (
    *(
        "role",
        "level",
        "proposal_state",
        "proposal_kind",
        "adoption",
        "hearing_answer",
        "remark_outcome",
        "looks_after",
    ),
    *("review_outcome", "place", "inventory", "said_state"),
)
"""Areas of the catalogue of words whose values somebody may ask the meaning of."""


def headings(page: str) -> set[str]:
    """Give the words of a page's headings."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return {line.lstrip("#").strip() for line in text.splitlines() if re.match(r"#{2,} ", line)}


def without_entry(wanted: Iterable[str], page: str) -> list[str]:
    """Give what has no heading of its own on a page."""
    return sorted(set(wanted) - headings(page))


def below(kind: type) -> list[type]:
    """Give our classes below one; what tests define for themselves is nobody's to document."""
    found = [one for one in kind.__subclasses__() if one.__module__.startswith("samrutine.")]
    return [each for one in found for each in (one, *below(one))]


def public(kind: type) -> list[str]:
    """Give the public names that a class defines."""
    return [name for name in vars(kind) if not name.startswith("_")]


class TestReference:
    def test_the_generated_pages_are_as_the_code_is_now(self):
        """
        A page that was right last month is believed this month.
        """
        outcome = subprocess.run(
            [sys.executable, "tools/reference.py", "--check"], cwd=TOP, capture_output=True, text=True, check=False
        )

        assert (outcome.returncode, outcome.stderr) == (0, "")

    def test_a_stale_page_is_noticed(self, tmp_path):
        """
        The check that never says no protects nothing.
        """
        script = (TOP / "tools" / "reference.py").read_text(encoding="utf-8")
        (tmp_path / "tools").mkdir()
        (tmp_path / "tools" / "reference.py").write_text(script, encoding="utf-8")
        copied = tmp_path / "docs" / "reference"
        copied.mkdir(parents=True)
        for page in REFERENCE.glob("*.md"):
            (copied / page.name).write_bytes(page.read_bytes())
        (copied / "settings.md").write_text("# Settings\n", encoding="utf-8")
        (tmp_path / "src").symlink_to(TOP / "src")

        outcome = subprocess.run(
            [sys.executable, "tools/reference.py", "--check"], cwd=tmp_path, capture_output=True, text=True, check=False
        )

        assert outcome.returncode == 1
        assert "settings.md" in outcome.stderr

    def test_every_method_of_the_library_has_its_entry(self):
        """
        What is not written down is found by reading code, by the few who can.
        """
        assert without_entry(public(Library), "python.md") == []

    def test_answers_that_are_named_tuples_have_their_entries(self):
        """
        How a value is made is our own business; its fields are everybody's.
        """
        ours = [one for one in below(tuple) if one.__module__ == Overview.__module__]
        answers = [one for one in ours if not one.__name__.startswith("_")]

        assert {"InForce", "MatrixCell"} <= {one.__name__ for one in answers}
        assert without_entry((one.__name__ for one in answers), "python.md") == []

    @pytest.mark.parametrize("name", public(Library))
    def test_a_method_is_explained_by_the_verb_that_it_gives_the_call_to(self, name):
        """
        «See Adoptions.adopt» helps nobody who reads a page.
        """
        text = (REFERENCE / "python.md").read_text(encoding="utf-8")

        entry = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]

        assert len(entry.partition("```\n\n")[2].strip()) >= len("The day in Norway.")
        assert "see `" not in entry

    def test_every_error_has_its_entry_with_its_exit_code(self):
        """
        Whoever writes a script against us must know what each code means.
        """
        text = (REFERENCE / "errors.md").read_text(encoding="utf-8")

        assert without_entry((one.__name__ for one in below(SamrutineError)), "errors.md") == []
        for one in below(SamrutineError):
            assert f"exit code {one.exit_code}" in text.partition(f"\n## {one.__name__}\n")[2].partition("\n## ")[0]

    def test_every_reason_has_its_entry(self):
        """
        A person who is told no must be able to look up why.
        """
        for module in ("adoptions.model", "proposals.model", "actors"):
            __import__(f"samrutine.{module}")

        assert without_entry((one.__name__ for one in below(Because)), "reasons.md") == []

    @pytest.mark.parametrize(("area", "page"), [("findings", "findings.md"), ("faults", "faults.md")])
    def test_everything_that_can_be_found_has_its_entry(self, area, page):
        """
        Both lists grow with each check; neither may outgrow its page.
        """
        codes = {key.partition(".")[0] for key in catalogue("en", area)} - {"one-line"}

        assert without_entry(codes, page) == []

    def test_every_setting_and_every_variable_has_its_entry(self):
        """
        A setting that nobody knows of is a surprise to the next one who runs it.
        """
        text = (REFERENCE / "settings.md").read_text(encoding="utf-8")
        source = "\n".join(path.read_text(encoding="utf-8") for path in (TOP / "src").rglob("*.py"))

        variables = set(re.findall(r"[\"'](SAMRUTINE_[A-Z_]*[A-Z])[\"']", source))

        # A table of settings is listed by its keys.
        listed = {
            name: any(f"`{shown}`" in text for shown in (name, f"[{name}]", f"[[{name}]]"))
            for name in Settings.model_fields
        }

        assert [name for name, is_there in listed.items() if not is_there] == []
        assert [name for name in sorted(variables) if f"`{name}`" not in text] == []

    def test_every_command_and_option_has_its_entry(self):
        """
        Read from the program that runs, not from the generator of the page.
        """
        from samrutine.cli.tree import build, commands_of

        text = (REFERENCE / "cli.md").read_text(encoding="utf-8")
        found = [(path, one) for path, one in commands_of(build("en")) if path and not hasattr(one, "commands")]

        assert len(found) > 20
        assert without_entry((f"samrutine {path}" for path, _ in found), "cli.md") == []
        for path, one in found:
            entry = text.partition(f"\n## samrutine {path}\n")[2].partition("\n## ")[0]
            assert [option for option in own_options(one) if option not in entry] == []

    def test_every_key_of_front_matter_has_its_entry(self):
        """
        The page is open beside the editor while a routine is written.
        """
        assert without_entry(KEYS, "front-matter.md") == []

    def test_every_table_has_its_entry(self):
        """
        An archivist asks which rows are kept for how long.
        """
        assert without_entry((str(one.__tablename__) for one in below(Row)), "tables.md") == []

    def test_every_method_of_a_connector_has_its_entry(self):
        """
        Outsiders write connectors from this page alone.
        """
        assert without_entry(public(Connector), "connector.md") == []

    def test_every_step_has_its_entry(self):
        """
        A crash report names a step, and somebody looks it up.
        """
        text = (REFERENCE / "steps.md").read_text(encoding="utf-8")

        assert [step for step in STEPS if step not in text] == []

    def test_every_word_of_the_glossary_has_its_bokmal(self):
        """
        The word in the code is of no use to the one who must write a letter about it.
        """
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in (REFERENCE / "glossary.md").read_text(encoding="utf-8").splitlines()
            if line.startswith("| ") and not line.startswith("| in the code")
        ]

        assert len(rows) > 40
        assert [row[0] for row in rows if len(row) != 4 or not row[1]] == []

    @pytest.mark.parametrize("area", NAMED)
    def test_the_glossary_has_every_word_for_a_value(self, area):
        """
        «Stilltiende tilslutning» on a screen must be found where somebody looks up what it means.
        """
        text = (REFERENCE / "glossary.md").read_text(encoding="utf-8").lower()
        words = {value for key, value in catalogue("nb", "words").items() if key.startswith(f"{area}.")}

        assert words
        assert [one for one in sorted(words) if one.lower() not in text] == []


def own_options(command: Any) -> list[str]:
    """Give the options of a command that not all commands have."""
    shared = {"--home", "--as", "--language", "--json", "--help"}
    return [option for one in command.params for option in one.opts if option.startswith("--") and option not in shared]


def test_the_helper_sees_what_is_missing():
    """
    The other tests trust these lines.
    """
    assert without_entry(["no such thing"], "errors.md") == ["no such thing"]
    assert inspect.isclass(below(SamrutineError)[0])
