"""
A verb that is killed anywhere leaves all of a decision or none of it, and one call of `repair` heals the rest.

The trials are done by `killing.py`, a program of its own that forks; see there.
"""

import inspect
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import CodeType

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the trials' program is also run by hand

import acts
from killing import ANSWERED, HITS_IN_A_PROOF, HITS_ON_POSTGRESQL, MOMENT, kind_of, schedule, writing_methods
from story import ALL_STEPS

from samrutine import Library

# Read while tests are collected: tests themselves see no setting from outside.
KILLS_IN_A_PROOF = int(os.environ.get("SAMRUTINE_KILLS", "500"))
SEED = int(os.environ.get("SAMRUTINE_SEED", "1"))
KILLS = 10
REACHING_ALL = [
    *("restore", "rebuild from the register", "redact", "maintain", "repair a total", "back up", "give feedback"),
    "take in",
    *("publish to a folder", "publish a package", "approve an exempt text, enough"),
]
"""Verbs that reach every step between them."""
FORGOTTEN = "give feedback"
FEW_ON_POSTGRESQL = ["restore"]
MEMORY = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it


READS = {
    *(
        "open",
        "close",
        "together",
        "verify",
        "status",
        "doctor",
        "settings",
        "people",
        "person",
        "subjects",
        "networks",
        "municipalities",
    ),
    *("password_link", "second_step", "sign_in_ways", "connected_services", "meeting", "meetings"),
    *("sends_letters", "letters", "letter_choice", "gets_letters", "letter_link", "calendar_made_at", "calendar"),
    *("get_municipality", "vacancies", "inbox", "notifications", "own_data", "traces", "erased", "redactable"),
    *(
        "look_at_list",
        "preview",
        "archive_message",
        "exit_package",
        "paused_targets",
        "preview_restore",
        "read_by_link",
        "render",
        "waiting",
    ),
    *(
        "accessibility_statement",
        "barriers",
        "checklist_colleagues",
        "followed_checklist",
        "followed_checklists",
        "checklist_paper",
    ),
    *("complete", "examine", "unseen", "unanswered_searches", "require_erasable", "tokens"),
}
"""Methods of `Library` that read, beside those that ask whose eyes it is for."""


@pytest.fixture
def ground():
    """
    Where trials happen: in memory, where the machine has a disk there.

    A process that is killed loses nothing that it has written, whatever the disk; what a power cut may take is
    another question, and answered by counting syncs (`bench/adopt.py`).
    """
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    folder = Path(tempfile.mkdtemp(prefix="samrutine-kills-", dir=MEMORY if usable else None))
    yield folder
    # What failed is kept for study; the rest is only in the way.
    for path in folder.glob("*/*"):
        if not path.name.startswith("failed-"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for place in folder.iterdir():
        if not any(place.iterdir()):
            place.rmdir()
    if not any(folder.iterdir()):
        folder.rmdir()


def killed(ground, kills, *, server=None, **options):
    """
    Run the trials; gives what was reached and how each trial ended.

    Args:
        server: A `PostgresqlServer`; SQLite when None.
        options: As `killing.run`.
    """
    program = Path(__file__).with_name("killing.py")
    url = server.url(ground.name.replace("-", "_")) if server else None
    asked = {"folder": str(ground / "trials"), "database_url": url, "kills": kills, "seed": SEED, **options}
    outcome = subprocess.run([sys.executable, program, json.dumps(asked)], capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr
    answer = json.loads(outcome.stdout.splitlines()[-1])
    return {"seed": SEED, **answer, "called": set(answer["called"])}


def unhealed(answer, ground):
    """Every trial that did not heal, in words."""
    return [
        f"{one['trial']}: {'; '.join(one['faults'])} (kept in {ground}, seed {answer['seed']})"
        for one in answer["outcomes"]
        if one["faults"]
    ]


def table(answer):
    """Lines that say how often each step was hit, and how the trials ended."""
    lines = [f"{'killed at':<42}{'hits':>6}{'decided':>9}{'acknowledged':>14}{'healed':>8}"]
    by_step = {}
    for one in answer["outcomes"]:
        # A moment may come when the verb was done already; such a trial killed nothing.
        by_step.setdefault(one["trial"]["step"] if one["killed"] else "too late to kill", []).append(one)
    for step in [*ALL_STEPS, ANSWERED, MOMENT, "too late to kill"]:
        here = by_step.get(step, [])
        counts = (len(here), *(sum(one[name] for one in here) for name in ("decided", "acknowledged")))
        healed = sum(not one["faults"] for one in here)
        lines.append(f"{step:<42}{counts[0]:>6}{counts[1]:>9}{counts[2]:>14}{healed:>8}")
    hit = [one for one in answer["outcomes"] if one["killed"]]
    before = sum(not one["acknowledged"] for one in hit)
    lines.append(
        f"{len(hit)} kills of {len(answer['reached'])} verbs: {before} before and {len(hit) - before} after the "
        f"acknowledgement; healed {sum(not one['faults'] for one in hit)} (seed {answer['seed']})"
    )
    return lines


class TestAKilledVerb:
    def test_leaves_what_repair_and_a_second_call_bring_to_one_state(self, ground):
        """
        Machines stop in the middle of things. Whoever then calls again must find the one decision, and nobody another.
        """
        answer = killed(ground, KILLS, at_least=1, by_kind=True, names=REACHING_ALL, careless=[FORGOTTEN])

        # A step that no verb reaches is proven by nobody; one that is not on the list is missing in the reference.
        assert {step for steps in answer["reached"].values() for step in steps} == set(ALL_STEPS)
        assert unhealed(answer, ground) == []
        hit = {kind_of(one["trial"]["step"]) for one in answer["outcomes"] if one["killed"]}
        assert hit == {kind_of(step) for step in (*ALL_STEPS, ANSWERED, MOMENT)}
        assert sum(one["killed"] for one in answer["outcomes"]) >= KILLS
        # A proof that finds nothing wrong with a samrutine that forgets has no eyes: the second call would make it anew.
        (forgotten,) = answer["careless"]
        assert forgotten["acknowledged"]
        lost = "acknowledged and lost: other state in tables feedback"
        assert [one for one in forgotten["faults"] if one.startswith(lost)]

    @pytest.mark.service("postgresql")
    def test_heals_on_postgresql_too(self, ground, postgresql_server):
        """
        There the lock and the transaction belong to a server that outlives the killed process.
        """
        answer = killed(ground, 2, at_least=0, server=postgresql_server, names=FEW_ON_POSTGRESQL)

        assert unhealed(answer, ground) == []


def missed(answer, steps, least=HITS_IN_A_PROOF):
    """Every step that was hit less often than a proof asks, and how often."""
    hits = Counter(one["trial"]["step"] for one in answer["outcomes"] if one["killed"])
    return {step: hits[step] for step in (*steps, ANSWERED) if hits[step] < least}


@pytest.mark.slow
class TestTheProof:
    @pytest.mark.slow(minutes=6)
    def test_hits_every_step_five_times_and_every_kill_heals(self, ground, capfd):
        """
        A few kills a day are for us; this is for whoever must trust us.

        `SAMRUTINE_KILLS` and `SAMRUTINE_SEED` set how many and which.
        """
        answer = killed(ground, KILLS_IN_A_PROOF, at_least=HITS_IN_A_PROOF)

        with capfd.disabled():
            sys.stderr.write("\n" + "\n".join(table(answer)) + "\n")
        assert unhealed(answer, ground) == []
        assert missed(answer, ALL_STEPS) == {}
        # A verb that is nowhere killed is the one that will be.
        assert answer["called"] == writing_methods()
        assert sum(one["killed"] for one in answer["outcomes"]) >= KILLS_IN_A_PROOF

    @pytest.mark.slow(minutes=7)
    @pytest.mark.service("postgresql")
    def test_holds_on_postgresql(self, ground, postgresql_server, capfd):
        """
        Fewer kills: what differs there is the database alone.
        """
        kills = KILLS_IN_A_PROOF * 2 // 5
        answer = killed(ground, kills, at_least=HITS_ON_POSTGRESQL, server=postgresql_server)

        with capfd.disabled():
            sys.stderr.write("\nPostgreSQL\n" + "\n".join(table(answer)) + "\n")
        assert unhealed(answer, ground) == []
        assert missed(answer, ALL_STEPS, HITS_ON_POSTGRESQL) == {}
        assert answer["called"] == writing_methods()
        assert sum(one["killed"] for one in answer["outcomes"]) >= kills


def test_what_is_not_killed_only_reads():
    """
    A verb that nobody thought of is in neither list, and this fails.
    """
    methods = {
        name: inspect.signature(method).parameters
        for name, method in inspect.getmembers(Library, inspect.isroutine)
        if not name.startswith("_")
    }

    reads = {name for name, parameters in methods.items() if "reader" in parameters} | READS

    assert set(methods) - reads == writing_methods()
    assert not reads & writing_methods()


def test_every_verb_that_writes_is_called_by_an_act():
    """
    The proof sees which are; this sees within a second that one was forgotten.
    """
    code, names = [compile(Path(acts.__file__).read_text(encoding="utf-8"), "acts", "exec")], set()
    while code:
        here = code.pop()
        names |= set(here.co_names)
        code += [one for one in here.co_consts if isinstance(one, CodeType)]

    assert writing_methods() <= names


class TestChoosingWhatToKill:
    REACHED = {"adopt": ["locked", "written", "done"], "publish": ["planned", "written", "written", "done"]}  # noqa: RUF012  read only

    def test_hits_each_step_as_often_as_asked(self):
        """
        A step that only one verb reaches would else be left to chance.
        """
        trials = schedule(self.REACHED, 10, at_least=5, seed=1)

        hits = Counter(trial.step for trial in trials)
        assert all(hits[step] >= 5 for step in ("locked", "written", "done", "planned", ANSWERED))

    def test_hits_each_kind_of_step_where_only_a_few_are_asked_for(self):
        """
        Every day something of each; every step of it is for the proof.
        """
        reached = {"adopt": ["decide: locked", "decide: written", "project: done"]}

        trials = schedule(reached, 0, at_least=1, seed=1, by_kind=True)

        assert sorted(kind_of(trial.step) for trial in trials) == [ANSWERED, "decide", "project"]

    def test_leaves_a_third_to_chance(self):
        """
        Between two steps that we have named there is always one that we have not.
        """
        trials = schedule(self.REACHED, 30, at_least=1, seed=1)

        assert len(trials) == 30
        assert sum(trial.step == MOMENT for trial in trials) >= 10

    def test_gives_the_same_trials_for_the_same_seed(self):
        """
        A trial that failed can be done again.
        """
        assert schedule(self.REACHED, 30, at_least=1, seed=7) == schedule(self.REACHED, 30, at_least=1, seed=7)
