"""
A power cut loses nothing that was acknowledged: which syncs one decision makes, and what may lie on the disk without them.

The log of writes is read from strace, and the disks it allows are built and healed by `tests/crash/power_cut.py`; which two
models of a disk there are is said in `tests/crash/disk.py`.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "crash"))  # its programs are also run by hand

from disk import Disks, Log, Model, Named, Said, State, Synced, Unnamed, Wrote, pending, states

from tests.support.services import not_here

CRASH = Path(__file__).parents[1] / "crash"
MODELS = [one.value for one in Model]
FEW = 6
FEW_CARELESS = 1
SOME = 100
STEPS_OF_A_DECISION = [
    *("decide: committed", "project: objects written", "project: branch moved", "project: done", "answered"),
]


@pytest.fixture(scope="module")
def place():
    """A folder in memory where the machine has a disk there: the log says what is synced, and not the disk."""
    if shutil.which("strace") is None:
        not_here("strace", "apt-get install strace")
    memory = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it
    folder = Path(tempfile.mkdtemp(prefix="samrutine-cuts-", dir=memory if memory.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def adoption(place):
    """One adoption: its log, some of the disks it may leave, and some of one that does not sync its database."""
    return cut(place / "few", verbs=["adopt"], few=FEW, few_careless=FEW_CARELESS)


def cut(folder, **options):
    """Cut the power as asked; gives how each disk healed."""
    program = CRASH / "power_cut.py"
    asked = json.dumps({"folder": str(folder), "models": MODELS, **options})
    outcome = subprocess.run([sys.executable, program, asked], capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout.splitlines()[-1])


def unhealed(answer):
    """Every disk that did not heal, in words."""
    return [
        f"{one['verb']}, {one['model']}, {one['why']}, event {one['at']} after «{one['after']}»: {'; '.join(one['faults'])}"
        for one in answer["outcomes"]
        if one["faults"]
    ]


def table(answer):
    """Lines that say how many disks of each kind there were, and how they ended."""
    lines = [f"{'power cut during':<28}{'model':<10}{'lost':<34}{'disks':>6}{'acknowledged':>14}{'healed':>8}"]
    kinds = Counter((one["verb"], one["model"], one["why"]) for one in answer["outcomes"])
    for (verb, model, why), number in sorted(kinds.items()):
        here = [one for one in answer["outcomes"] if (one["verb"], one["model"], one["why"]) == (verb, model, why)]
        acknowledged, healed = (
            sum(one["acknowledged"] for one in here),
            sum(not one["faults"] for one in here),
        )
        lines.append(f"{verb:<28}{model:<10}{why:<34}{number:>6}{acknowledged:>14}{healed:>8}")
    syncs = {verb: sum(kind == "Synced" for kind, _ in log["events"]) for verb, log in answer["logs"].items()}
    lines.append(f"{len(answer['outcomes'])} disks; syncs in each act: {syncs}")
    return lines


def called(name):
    """Give what a file is, whatever it is called in this run."""
    for pattern, what in (
        (r".*\.db-wal", "log of the database"), (r".*\.db", "database"), (r".*/tmp_pack_.*", "pack"),
        (r".*/tmp_idx_.*", "index of the pack"), (r".*/refs/heads/(\w+)\.lock", r"branch \1"), (r"home", "home"),
    ):  # fmt: skip
        if re.fullmatch(pattern, name):
            return re.sub(pattern, what, name)
    return name


class TestOneDecision:
    def test_syncs_each_thing_before_the_next_rests_on_it(self, adoption):
        """
        A missing sync is seen by nobody until the power goes. So each is named here, in order, and between which steps.
        """
        log = read_log(adoption["logs"]["adopt"])

        told = [
            called(one.name) if isinstance(one, Synced) else f"— {one.words}"
            for one in log.events
            if isinstance(one, Synced) or (isinstance(one, Said) and one.words in STEPS_OF_A_DECISION)
        ]

        assert told == [
            "log of the database",  # its head, when it is begun
            "home",  # the folder, so that the log's name lasts
            "log of the database",
            "— decide: committed",
            "pack",
            "index of the pack",
            "— project: objects written",
            "branch register",
            "— project: branch moved",
            "log of the database",  # how far each projection has come
            "— project: done",
            "— answered",
            "log of the database",  # on closing, the log is written into the database
            "database",
        ]

    def test_leaves_nothing_to_the_disk_when_it_is_acknowledged(self, adoption):
        """
        Every byte that the decision rests on is synced. What is not are names in git, which the database makes good.
        """
        log = read_log(adoption["logs"]["adopt"])
        committed = next(number for number, one in enumerate(log.events) if one == Said("decide: committed"))

        for model in Model:
            left = [log.events[one] for one in pending(log, committed, model)]
            bytes_left = [one for one in left if isinstance(one, Wrote)]
            names = {number: name for name, number in log.names.items()} | {
                one.file: one.name for one in log.events if isinstance(one, Named)
            }
            assert {names[one.file] for one in bytes_left} <= {"home/samrutine.db-shm"}

        moved = next(number for number, one in enumerate(log.events) if one == Said("project: done"))
        left = [log.events[one] for one in pending(log, moved, Model.JOURNAL)]
        assert not [one for one in left if isinstance(one, Named | Unnamed)]

    def test_is_whole_on_a_few_disks_that_a_power_cut_leaves(self, adoption):
        """
        The whole run is in the proof; some disks are tried every day.
        """
        assert unhealed(adoption) == []
        assert len(adoption["outcomes"]) == FEW
        assert {one["acknowledged"] for one in adoption["outcomes"]} == {True, False}

    def test_would_be_seen_to_be_lost_if_its_database_did_not_sync(self, adoption):
        """
        A replay that finds nothing wrong there has no eyes: between the answer and the closing lies all that may be lost.
        """
        lost = [one for one in adoption["careless"] if "an acknowledged decision is lost" in one["faults"]]

        assert lost

    @pytest.mark.slow(minutes=2)
    def test_is_whole_on_every_disk_that_a_power_cut_leaves(self, place, capfd):
        """
        Every prefix of what was written, and for each sync what may be missing without it.
        """
        answer = cut(place / "all", verbs=["adopt"])

        with capfd.disabled():
            sys.stderr.write("\n" + "\n".join(table(answer)) + "\n")
        assert unhealed(answer) == []

    @pytest.mark.slow(minutes=2)
    def test_so_are_an_approval_and_a_publication(self, place, capfd):
        """
        There the index and the copies in the municipality's own folder are written too.
        """
        answer = cut(place / "others", verbs=["approve an exempt text, enough", "publish to a folder"], few=SOME)

        with capfd.disabled():
            sys.stderr.write("\n" + "\n".join(table(answer)) + "\n")
        assert unhealed(answer) == []


def read_log(told):
    """Give the log of an act as the program told it; it was read in a process of its own, which knows no chance."""
    events = {"Named": Named, "Unnamed": Unnamed, "Synced": Synced, "Said": Said}
    log = Log({}, told["names"], set())
    for kind, values in told["events"]:
        log.events.append(events[kind](**values) if kind in events else Wrote(values["file"], 0, b""))
    return log


class TestTheModel:
    """The models themselves, on a log of five events."""

    LOG = Log(
        {0: b"old"}, {"home/a": 0}, {"home/"},
        [
            Wrote(0, 0, b"new!"), Synced(0, "home/a"), Named(1, "home/b"), Wrote(1, 0, b"x" * 2048), Synced(1, "home/b"),
        ],
    )  # fmt: skip

    def trees(self, model):
        """Every disk of the model after the last event, and which events they lack."""
        disks = Disks(self.LOG)
        return [disks.tree(one)[0] for one in states(self.LOG, model) if one.at == len(self.LOG.events)]

    def test_keeps_what_was_synced(self):
        """
        Else nothing could ever be promised.
        """
        for model in Model:
            assert all(there["home/a"] == b"new!" for there in self.trees(model))

    def test_loses_a_name_whose_folder_was_not_synced_in_the_strict_one_alone(self):
        """
        POSIX promises the bytes of a file that is synced, and not that it has a name.
        """
        assert any("home/b" not in there for there in self.trees(Model.STRICT))
        assert all(there["home/b"] == b"x" * 2048 for there in self.trees(Model.JOURNAL))

    def test_tears_what_was_being_written(self):
        """
        A disk writes sectors, and a power cut comes between two of them.
        """
        before = State(4, frozenset(), 3, "last bytes torn")

        assert Disks(self.LOG).tree(before)[0]["home/b"] == b"x" * 1024
