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

from tests.support.homes import MADE_HOMES
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
        "proposals/rules.py",
        "    if any(approver.id == one.actor for one in proposal.writers):\n",
        "    if approver.id is None:\n",
        "tests/proposals/test_rules.py::TestApproving::test_the_author_cannot_approve_their_own_proposal",
    ),
    "lets whoever rewrote a text approve it": Mutation(
        "proposals/loading.py",
        "            revisers=tuple(one for one, _, _ in self.revisers.get(row.id, ())),\n",
        "",
        "tests/proposals/test_verbs.py::TestApproving::test_whoever_rewrote_the_text_is_not_among_those_who_approve_it",
    ),
    "takes any text into an open round": Mutation(
        "proposals/rules.py",
        "        reasons += reasons_against_text(as_revised, faults=faults)\n",
        "",
        "tests/proposals/test_verbs.py::TestRevising::test_a_text_that_could_not_be_sent_does_not_come_into_the_round",
    ),
    "makes a version of a text that was not looked at again": Mutation(
        "proposals/service.py",
        "            refuse(reasons_against_text(before, faults=looked.faults))\n",
        "            refuse(reasons_against_text(before, faults=()))\n",
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
        "proposals/loading.py",
        "    if row.digest != digest:\n        raise TextChanged(proposal=row.id)\n",
        "",
        "tests/proposals/test_verbs.py::TestApproving::test_approves_the_text_that_was_read_and_no_other[sqlite]",
    ),
    "leaves a day without any version": Mutation(
        "adoptions/model.py",
        "replace(one, until_on=from_day, row=None)",
        "replace(one, until_on=from_day - (from_day - one.from_on) / 2, row=None)",
        "tests/adoptions/test_intervals.py::TestInForce::test_every_history_gives_what_a_calendar_filled_in_by_hand_would",
    ),
    "lets whoever prepares decide": Mutation(
        "actors.py",
        "    Verb.DECIDE_USE: frozenset({Role.DECIDER}),\n",
        "    Verb.DECIDE_USE: frozenset({Role.DECIDER, Role.RESPONSIBLE}),\n",
        "tests/test_rights_of_verbs.py::test_a_verb_is_for_those_the_table_names_and_for_nobody_else[decide_list]",
    ),
    "lets any member open a hearing": Mutation(
        "actors.py",
        "    Verb.HEAR: frozenset({Role.LEADER, Role.EDITOR}),\n",
        "    Verb.HEAR: frozenset({Role.LEADER, Role.EDITOR, Role.MEMBER}),\n",
        "tests/test_rights_of_verbs.py::test_a_verb_is_for_those_the_table_names_and_for_nobody_else[open_hearing]",
    ),
    "lets any member send to approval": Mutation(
        "actors.py",
        "    Verb.SEND: frozenset({Role.LEADER, Role.EDITOR}),\n",
        "    Verb.SEND: frozenset({Role.LEADER, Role.EDITOR, Role.MEMBER}),\n",
        "tests/test_rights_of_verbs.py::test_a_verb_is_for_those_the_table_names_and_for_nobody_else[send]",
    ),
    "lets any employee publish": Mutation(
        "actors.py",
        "    Verb.PUBLISH: frozenset({Role.RESPONSIBLE, Role.DECIDER}),\n",
        "    Verb.PUBLISH: frozenset({Role.RESPONSIBLE, Role.DECIDER, Role.EMPLOYEE}),\n",
        "tests/test_rights_of_verbs.py::test_a_verb_is_for_those_the_table_names_and_for_nobody_else[publish]",
    ),
    "lets whoever decides on routines give roles": Mutation(
        "actors.py",
        "    Verb.MANAGE_PEOPLE: frozenset({Role.RESPONSIBLE, Role.EDITOR}),\n",
        "    Verb.MANAGE_PEOPLE: frozenset({Role.RESPONSIBLE, Role.EDITOR, Role.DECIDER}),\n",
        "tests/test_rights_of_verbs.py::test_a_verb_is_for_those_the_table_names_and_for_nobody_else[grant]",
    ),
    "lets the neighbour in": Mutation(
        "actors.py",
        " and (verb in ANY_BODY or grant.body in bodies)",
        "",
        "tests/test_rights_of_verbs.py::test_a_verb_is_for_those_the_table_names_and_for_nobody_else[set_local_information]",
    ),
    "ends a link for whoever knows its name": Mutation(
        "proposals/hearing_links.py",
        '                refuse(reasons_against(actor, Verb.HEAR, body, act.today))\n                act.record(\n                    "link_revoked"',
        '                act.record(\n                    "link_revoked"',
        "tests/test_rights_of_verbs.py::test_a_verb_is_for_those_the_table_names_and_for_nobody_else[revoke_link]",
    ),
    "asks for a yes that nobody can give": Mutation(
        "proposals/quorum.py",
        "min(self.policy.approvals, len(possible))",
        "self.policy.approvals",
        "tests/proposals/test_quorum.py::TestVacancies::test_what_nobody_can_give_is_not_asked_for",
    ),
    "counts a municipality that nobody is in post for": Mutation(
        "proposals/quorum.py",
        "len(self._places(self.agreed) & seats)",
        "len(self._places(self.agreed))",
        "tests/proposals/test_quorum.py::TestCountingAgainstThoseInPost::test_a_municipality_with_nobody_in_post_any_more_is_not_counted",
    ),
    "counts a yes to other words": Mutation(
        "proposals/model.py",
        " if one.digest == self.digest and one.number > self.asked_number)",
        " if one.number > self.asked_number)",
        "tests/proposals/test_verbs.py::TestRevising::test_what_was_agreed_before_is_not_counted_with_what_is_agreed_after",
    ),
    "follows a new dose by itself": Mutation(
        "adoptions/standing.py",
        "(NotFollowed.CRITICAL, critical)",
        "(NotFollowed.CRITICAL, False)",
        "tests/adoptions/test_standing.py::TestWhatIsFollowed::test_what_somebody_must_look_at_is_not[a number]",
    ),
    "decides the rows of a list that it can": Mutation(
        "adoptions/lists.py",
        "        if refused:\n",
        "        if not looked:\n",
        "tests/adoptions/test_lists.py::TestRefusing::test_one_row_that_may_not_be_decided_stops_the_list_and_all_such_are_named[sqlite]",
    ),
    "shows what is exempt to everybody": Mutation(
        "procedures/hiding.py",
        "return not may_read(reader, AccessClass(access), (network, *co_networks.split()), today)",
        "return False",
        "tests/test_leaks.py::test_those_who_may_not_see_it_are_answered_as_if_it_were_not_there",
    ),
    "shows drafts to everybody": Mutation(
        "procedures/access.py",
        "        if not may_read_proposal(\n            who, read_as,",
        "        if not who and not may_read_proposal(\n            who, read_as,",
        "tests/test_leaks.py::test_a_hidden_proposal_is_as_one_that_does_not_exist",
    ),
    "lets a link live for ever": Mutation(
        "proposals/hearing_links.py",
        " or row.expires_at < now",
        "",
        "tests/proposals/test_hearing_links.py::TestMisuse::test_it_holds_to_midnight_in_norway_on_its_last_day",
    ),
    "erases the name of one who decided": Mutation(
        "networks/erasure.py",
        "    if decided and not keep_name:\n",
        "    if decided and keep_name:\n",
        "tests/networks/test_erasure.py::TestErasingWhoDecided::test_is_refused_with_how_many_the_last_and_what_can_be_done[sqlite]",
    ),
    "lets an addition stand beside words that are gone": Mutation(
        "adoptions/additions_at_adoption.py",
        "        if left := unanswered(placed, answers):\n",
        "        if (left := unanswered(placed, answers)) and answers is None:\n",
        "tests/adoptions/test_local_layer.py::TestANewVersion::test_is_refused_until_each_addition_it_touches_is_answered[sqlite]",
    ),
}


def run(source, homes, *tests):
    """Run tests against a copy of the source, with homes that sound code made; gives whether they passed, and what was said."""
    environment = {
        **os.environ, "PYTHONPATH": str(source / "src"), "PYTHONDONTWRITEBYTECODE": "1", MADE_HOMES: str(homes),
    }  # fmt: skip
    outcome = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", *tests],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert outcome.returncode in {0, 1}, outcome.stdout + outcome.stderr  # anything else is no verdict
    return outcome.returncode == 0, outcome.stdout


@pytest.fixture
def copied(tmp_path):
    """A copy of the source, with what is shipped beside it. Compiled modules too: to compile all takes a second."""
    half_written = shutil.ignore_patterns("*.pyc.*")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=half_written)
    for name in ("library", "procedures"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


@pytest.fixture
def homes(sqlite_templates):
    """Where the homes lie that the tests copy."""
    return sqlite_templates.all_made()


def needed(mutation):
    """Skip what needs PostgreSQL where it is not."""
    if "[postgresql]" in mutation.test and programs() is None:
        not_here("PostgreSQL", HOW_TO_GET_IT)


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_is_to_be_broken_stands_in_the_source(name):
    """
    The tests that break it take minutes, and are run before a release; that the source was rewritten is told at once.
    """
    mutation = MUTATIONS[name]

    source = (ROOT / "src" / "samrutine" / mutation.module).read_text(encoding="utf-8")
    of_the_test = (ROOT / mutation.test.partition("::")[0]).read_text(encoding="utf-8")

    assert source.count(mutation.old) == 1, "the source has changed; say anew what to break"
    assert f"def {mutation.test.rpartition('::')[2].partition('[')[0]}(" in of_the_test


@pytest.mark.broad
def test_the_tests_pass_while_nothing_is_broken(copied, homes):
    """
    Else a failure below would prove nothing.
    """
    tests = [one.test for one in MUTATIONS.values() if "[postgresql]" not in one.test or programs() is not None]

    passed, said = run(copied, homes, *tests)

    assert passed, said


@pytest.mark.broad
@pytest.mark.parametrize("name", MUTATIONS)
def test_a_test_fails_when_the_source(copied, homes, name):
    """
    Each rule that people's trust hangs on is taken away in turn.
    """
    mutation = MUTATIONS[name]
    needed(mutation)
    module = copied / "src" / "samrutine" / mutation.module
    source = module.read_text(encoding="utf-8")
    module.write_text(source.replace(mutation.old, mutation.new), encoding="utf-8")

    passed, said = run(copied, homes, mutation.test)

    assert not passed, said
    assert "1 failed" in said, said
