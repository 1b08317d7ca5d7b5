"""
Proof that the most important tests can fail: the source is broken in one place, and the test must notice.

A test that would pass without the rule it is named for is worse than none, since people trust it.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.postgresql import HOW_TO_GET_IT, programs
from tests.support.services import not_here

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Mutation:
    """Breaks one thing: `old` in `module` becomes `new`, and `test` must fail."""

    module: str
    old: str
    new: str
    test: str


MUTATIONS = {
    "projects before it commits": Mutation(
        "storage/decisions.py",
        '                reach("decide: written, not committed")\n',
        '                reach("decide: written, not committed")\n                act.projected = self._after_commit()\n                return\n',
        "tests/test_library.py::TestActs::test_an_answer_says_truly_whether_everything_repeats_it",
    ),
    "begins without the write lock on SQLite": Mutation(
        "storage/sql.py",
        '"BEGIN IMMEDIATE" if writes else "BEGIN"',
        '"BEGIN"',
        "tests/storage/test_chain.py::TestWritingAnAct::test_a_second_act_waits_until_the_first_is_decided[sqlite]",
    ),
    "begins without locking the head on PostgreSQL": Mutation(
        "storage/decisions.py",
        ".with_for_update()",
        "",
        "tests/storage/test_chain.py::TestWritingAnAct::test_a_second_act_waits_until_the_first_is_decided[postgresql]",
    ),
    "lets the author approve": Mutation(
        "proposals/model.py",
        "    if any(approver.id == one.actor for one in proposal.writers):\n",
        "    if approver.id is None:\n",
        "tests/proposals/test_rules.py::TestApproving::test_the_author_cannot_approve_their_own_proposal",
    ),
    "lets whoever rewrote a text approve it": Mutation(
        "proposals/service.py",
        "            tuple(_revisers(session, row)),\n",
        "",
        "tests/proposals/test_verbs.py::TestApproving::test_whoever_rewrote_the_text_is_not_among_those_who_approve_it",
    ),
    "takes any text into an open round": Mutation(
        "proposals/model.py",
        "        reasons += reasons_against_text(replace(proposal, meaning=meaning), faults=faults, access=access)\n",
        "        pass\n",
        "tests/proposals/test_verbs.py::TestRevising::test_a_text_that_could_not_be_sent_does_not_come_into_the_round[exempt]",
    ),
    "makes a version of a text that was not looked at again": Mutation(
        "proposals/service.py",
        "                    refuse(reasons_against_text(before, faults=faults, access=text.front.access))\n",
        "                    pass\n",
        "tests/proposals/test_verbs.py::TestApproving::test_the_last_yes_makes_no_version_of_a_text_that_may_not_be_one",
    ),
    "moves a branch without looking where it was": Mutation(
        "storage/git.py",
        '"project", branch, new, old or NOTHING]',
        '"project", branch, new]',
        (
            "tests/projections/test_healing.py::TestAStrangersCommit"
            "::test_that_comes_between_our_look_and_our_move_is_not_overwritten"
        ),
    ),
    "approves a text that was not read": Mutation(
        "proposals/service.py",
        "        if row.digest != digest:\n            raise TextChanged(proposal=row.id)\n",
        "",
        "tests/proposals/test_verbs.py::TestApproving::test_approves_the_text_that_was_read_and_no_other[sqlite]",
    ),
    "leaves a day without any version": Mutation(
        "adoptions/model.py",
        "replace(one, until_on=from_day, row=None)",
        "replace(one, until_on=from_day - (from_day - one.from_on) / 2, row=None)",
        "tests/adoptions/test_intervals.py::TestInForce::test_every_history_gives_what_a_calendar_filled_in_by_hand_would",
    ),
}


def run(source, *tests):
    """Run tests against a copy of the source; gives whether they passed, and what was said."""
    environment = {**os.environ, "PYTHONPATH": str(source / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    outcome = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", *tests],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert outcome.returncode in {0, 1}, outcome.stdout + outcome.stderr  # anything else is no verdict
    return outcome.returncode == 0, outcome.stdout


@pytest.fixture
def copied(tmp_path):
    """A copy of the source, with what is shipped beside it."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("library", "procedures"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def needed(mutation):
    """Skip what needs PostgreSQL where it is not."""
    if "[postgresql]" in mutation.test and programs() is None:
        not_here("PostgreSQL", HOW_TO_GET_IT)


def test_the_tests_pass_while_nothing_is_broken(copied):
    """
    Else a failure below would prove nothing.
    """
    tests = [one.test for one in MUTATIONS.values() if "[postgresql]" not in one.test or programs() is not None]

    passed, said = run(copied, *tests)

    assert passed, said


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_test_fails_when_the_source(copied, name):
    """
    Each rule that people's trust hangs on is taken away in turn.
    """
    mutation = MUTATIONS[name]
    needed(mutation)
    module = copied / "src" / "samrutine" / mutation.module
    source = module.read_text(encoding="utf-8")
    assert source.count(mutation.old) == 1, "the source has changed; say anew what to break"
    module.write_text(source.replace(mutation.old, mutation.new), encoding="utf-8")

    passed, said = run(copied, mutation.test)

    assert not passed, said
    assert "1 failed" in said, said
