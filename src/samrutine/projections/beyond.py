"""
Whether the register in git has decisions that the database lacks: the database is then an older copy.

Somebody put a file back. To decide on would give the same numbers to other decisions, and `repair` would put the genuine
ones aside as if nobody had decided them. What tells them from a stray commit is the chain: the first follows from the
database's own last decision, and each of the others from the one before.
"""

import re
from typing import Any, Final

from samrutine.errors import StoreUnavailable
from samrutine.projections.branches import ENTRIES, LINE
from samrutine.storage.decisions import record_of
from samrutine.storage.git import REGISTER, GitStore, answered

MOST_LOOKED_AT: Final = 20
"""How many of the newest commits that say of a number are asked for the highest: others may lie on top, such as a revert."""
_NUMBER: Final = re.compile(rb"^Number: (\d{1,12})$", re.MULTILINE)


class Beyond:
    """
    Asks the register how far it goes.

    Args:
        store: The repository with the branch `register`.
    """

    def __init__(self, store: GitStore) -> None:
        self._store = store

    def tip(self) -> str | None:
        """Give the commit that the register stands at; None where git cannot tell, which others say better."""
        try:
            return self._store.tip(REGISTER)
        except StoreUnavailable:
            return None

    def count(self, tip: str | None, number: int, link: str) -> int:
        """
        Count the decisions at `tip` that follow the one of a number and a hash, link by link; 0 where git cannot tell.

        Args:
            tip: What `tip` gave before the database was asked for its last decision: the register only repeats, so what
                it had then, a database that is no older copy has now.
        """
        if tip is None:
            return 0
        try:
            highest, at = self._highest(tip)
            if highest <= number:
                return 0
            # A commit of somebody else's may have taken files out of the tip, or say of a number that it has not.
            files = [one for commit in {tip, at} for one in self._store.tree(commit).items()]
            contents = self._store.read_many(sorted({blob for path, blob in files if path.endswith(ENTRIES)}))
        except StoreUnavailable:
            return 0
        follows: dict[str, str] = {}
        for content in contents.values():
            for line in content.decode("utf-8", "replace").splitlines():
                found = LINE.fullmatch(line)
                record = record_of(found[2], found[1]) if found is not None else None
                if found is not None and record is not None and _number(record) > number:
                    follows[str(record.get("previous"))] = found[1]
        counted, last = 0, link
        while (last := follows.pop(last, "")) != "":
            counted += 1
        return counted

    def _highest(self, tip: str) -> tuple[int, str]:
        """
        Give the highest number that a commit at the end of the branch says that it has, and that commit.

        Not the tip's alone: one commit that says of none, put there by somebody, would make the register seem to end at 0.
        """
        told = answered(
            ["--git-dir", str(self._store.folder), "log", f"--max-count={MOST_LOOKED_AT}", "--grep=^Number: ",
             "--format=%x00%H%n%B", tip]
        )  # fmt: skip
        commits = [one.split(b"\n", 1) for one in told.split(b"\0")[1:]]
        return max(
            ((int(number), commit.decode()) for commit, message in commits for number in _NUMBER.findall(message)),
            default=(0, tip),
        )


def _number(record: dict[str, Any]) -> int:
    number = record.get("number")
    return number if isinstance(number, int) else 0
