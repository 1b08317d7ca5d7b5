"""
Build the table of how common Norwegian words are, from wordfreq's figures.

Run it at release, when wordfreq has newer figures:

    .venv/bin/python tools/build_frequencies.py

The same figures give the same bytes. wordfreq is needed here only; the product reads the table
(`samrutine.search.frequencies`). Origin and licence stand in ``words/LICENSE-frequencies.txt``, and since they are
others than those of the word table, nothing of the one goes into the other.
"""

import math
import re
from collections import Counter
from importlib import metadata

import wordfreq
from word_blocks import encode

from samrutine.search.frequencies import FREQUENCIES, STEPS
from samrutine.search.norwegian import fold

RAREST = 1e-7
WORD = re.compile(r"[a-z]{2,40}")


def main() -> None:
    """Write the table and say how large it became."""
    common: Counter[str] = Counter()
    exact: dict[str, list[float]] = {}
    for form, share in wordfreq.get_frequency_dict("nb").items():
        plain = fold(form)
        if WORD.fullmatch(plain):
            exact.setdefault(plain, []).append(share)
    for plain, shares in exact.items():
        rareness = round(-STEPS * math.log10(math.fsum(shares)))
        if rareness <= -STEPS * math.log10(RAREST):
            common[plain] = rareness
    rows = (f"{form}\t{common[form]}" for form in sorted(common))
    data = encode(rows, f"{len(common)} wordfreq-{metadata.version('wordfreq')}")
    FREQUENCIES.write_bytes(data)
    print(f"{FREQUENCIES.name}: {len(common)} forms, {len(data) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
