"""
A disk that is full: the act is refused or done, never half of it, and once there is room the same call succeeds.

samrutine refuses to decide before the disk is full; that limit is set to nothing here, so that what lies beneath it is seen.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

VERBS = ["adopt", "approve an exempt text, enough", "publish to a folder", "back up"]
PROGRAM = Path(__file__).with_name("full_disk.py")
WAYS = (["unshare", "-m"], ["unshare", "-rm"])


@pytest.fixture
def place():
    """Where the disk that will be full is put."""
    memory = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it
    folder = Path(tempfile.mkdtemp(prefix="samrutine-full-", dir=memory if memory.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


def may_mount(way, place):
    """Whether a small disk may be mounted in this way."""
    tried = place / "tried"
    tried.mkdir(exist_ok=True)
    if shutil.which(way[0]) is None:
        return False
    command = [*way, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", tried]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def filled(place, verbs):
    """Do the verbs on disks with more and more room; gives how each ended, and how the disk was made small."""
    way = next((one for one in WAYS if may_mount(one, place)), None)
    asked = json.dumps({"folder": str(place / "ground"), "verbs": verbs, "mounted": way is not None})
    outcome = subprocess.run(
        [*(way or []), sys.executable, PROGRAM, asked], capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout.splitlines()[-1])["outcomes"], " ".join(way or ["a limit on files"])


@pytest.mark.slow(minutes=1)
class TestAFullDisk:
    def test_leaves_all_of_an_act_or_none_and_lets_it_be_done_when_there_is_room(self, place, capfd):
        """
        It fills up on a Friday evening, in the middle of something.
        """
        outcomes, way = filled(place, VERBS)

        with capfd.disabled():
            sys.stderr.write(
                f"\n{'on a full disk (' + way + ')':<40}{'kB left':>8}  {'ended':<34}{'decided':>8}{'healed':>8}\n"
            )
            sys.stderr.writelines(
                f"{one['verb']:<40}{one['left'] // 1024:>8}  {one['ended']:<34}{one['decided']!s:>8}"
                f"{not one['faults']!s:>8}\n"
                for one in outcomes
            )
        assert [f"{one['verb']}, {one['left']} left: {one['faults']}" for one in outcomes if one["faults"]] == []
        assert {one["verb"] for one in outcomes if one["ended"] != "done"} == set(VERBS), "the disk was not full enough"
        assert {one["verb"] for one in outcomes if one["ended"] == "done"} == set(VERBS), "the disk was always full"
