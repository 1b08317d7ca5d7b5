"""Refuse what must never lie in the repository: machine paths, download addresses in locks, secrets. By `make check`."""

import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[1]
LARGEST_BYTES = 8 * 1024 * 1024
PATTERNS = {
    "a path of a developer's machine": re.compile(r"(?<![\w.])/(?:home|Users|work|root)/\w+"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
}
LOCK_PATTERNS = {
    "a download address": re.compile(r"https?://|file:|--index-url|--find-links"),
}
HERE = Path(__file__).name


def main() -> int:
    """Look through every tracked text file."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, check=True, capture_output=True).stdout.decode()
    faults: list[str] = []
    for name in filter(None, listing.split("\0")):
        path = TOP / name
        if not path.is_file():
            continue
        data = path.read_bytes()
        if len(data) > LARGEST_BYTES:
            faults.append(f"{name}: {len(data)} bytes")
        if b"\0" in data or path.name == HERE:
            continue
        patterns = {**PATTERNS, **(LOCK_PATTERNS if name.startswith("requirements/") and name.endswith(".txt") else {})}
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            faults += [f"{name}:{number}: {what}" for what, pattern in patterns.items() if pattern.search(line)]
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
