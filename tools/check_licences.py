"""Refuse a dependency whose licence we have not weighed. Run by `make check`."""

import json
import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[1]
ALLOWED = re.compile(
    r"MIT|BSD|Apache|Python Software Foundation|PSF|ISC|MPL|Mozilla Public License 2\.0|LGPL|Lesser General Public|Unlicense|0BSD|Zlib|HPND|CNRI"
)
FORBIDDEN = re.compile(r"AGPL|Affero|SSPL|Commons Clause")


def main() -> int:
    """Read the licences of what is installed for use, and say which are not among the weighed ones."""
    locked = (TOP / "requirements" / "run.txt").read_text(encoding="utf-8")
    names = sorted({match[1] for match in re.finditer(r"^([A-Za-z0-9._-]+)==", locked, re.MULTILINE)})
    listing = subprocess.run(
        [str(Path(sys.executable).with_name("pip-licenses")), "--format=json", "--from=mixed", "--packages", *names],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    rows = json.loads(listing.stdout)
    wrong = [row for row in rows if FORBIDDEN.search(row["License"]) or not ALLOWED.search(row["License"])]
    for row in wrong:
        print(f"{row['Name']} {row['Version']}: {row['License']!r} is not a licence we have weighed.")
    if not rows:
        print("No dependency was found; is the environment whole?")
    return 1 if wrong or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
