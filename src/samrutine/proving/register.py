"""
Take out of the register's repository just what shows that a file stands in it: the commit, the folders on the way, and it.

Git names each object by a hash of what is in it, and a folder holds the names of what lies in it. So whoever knows the
commit can check one file with a handful of objects, however long the register is.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from samrutine.errors import StoreDamaged
from samrutine.proving.model import COMMIT
from samrutine.storage.git import GitStore

_ENTRY: Final = re.compile(rb"[0-7]+ ([^\0]+)\0(.{20})", re.DOTALL)
_NUMBER: Final = re.compile(rb"^Number: ([0-9]+)$", re.MULTILINE)


@dataclass
class Excerpt:
    """Files of the register at one commit, and the objects by which they stand in it. `files` grows as it is asked."""

    store: GitStore
    commit: str
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the commit itself."""
        self.files[COMMIT] = self.store.read(self.commit)

    @property
    def number(self) -> int:
        """The number of the newest decision in the register at this commit."""
        numbers = _NUMBER.findall(self.files[COMMIT])
        if not numbers:
            raise StoreDamaged(store="git", detail=f"commit {self.commit}")
        return int(numbers[-1])

    def listed(self, folder: str) -> dict[str, str]:
        """List a folder, name to object id, and take the folders on the way; empty when there is none."""
        tree = self.files[COMMIT][5:45].decode()
        steps = folder.split("/")
        while True:
            name = f"register/trees/{tree}"
            if name not in self.files:
                self.files[name] = self.store.read(tree)
            names = {one.decode(): raw.hex() for one, raw in _ENTRY.findall(self.files[name])}
            if not steps:
                return names
            if steps[0] not in names:
                return {}
            tree = names[steps.pop(0)]

    def take(self, folder: str, name: str) -> bool:
        """Take one file; whether it is there."""
        path = f"register/{folder}/{name}"
        if path not in self.files:
            blob = self.listed(folder).get(name)
            if blob is None:
                return False
            self.files[path] = self.store.read(blob)
        return True
