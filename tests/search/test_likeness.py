"""Words that are spelt like one that was typed."""

import subprocess
import sys

_ASK = """
from samrutine.search.likeness import Spellings
words = [f"tap{a}{b}" for a in "bcdfghjk" for b in "aeiouyab"] + [f"{a}{b}rom" for a in "bcdfghjk" for b in "aeiouyab"]
print([one.key for one in Spellings.of(words).alike("taprom", 0.25, slips=False)])
"""


def test_the_same_words_are_found_in_each_process():
    """
    Of a hundred words that are as like, only some are looked at; two who search must not see different answers.
    """
    found = {
        subprocess.run(
            [sys.executable, "-c", _ASK],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert len(found) == 1
