"""
Build the table of words that only å, ø and æ tell apart: "sorg" and "sørg", "vare" and "våre".

Run it at release, after `tools/build_words.py`:

    .venv/bin/python tools/build_letters.py

The word table is in plain letters, so there "sørger" is also a form of "sorg". This table says of each form that is written
in both ways which of its words belong to which: a letter for each word, in the order of the word table; ``p`` for one of the
plain spelling only, ``l`` for one of the spelling with letters only, and ``b`` for both. It reads what `build_words` reads,
and writes ``src/samrutine/search/words/norwegian.letters`` (`samrutine.search.norwegian` reads it; when the table changes,
raise ``ANALYSIS`` there).
"""

from build_words import TARGET as WORD_TABLE
from build_words import entries, form_entries
from word_blocks import encode

TARGET = WORD_TABLE.with_name("norwegian.letters")


def flags() -> dict[str, str]:
    """Give for each form that is written in both ways the letter of each of its words."""
    written: dict[str, dict[bool, set[str]]] = {}
    for form, key, lemmas in form_entries():
        written.setdefault(key, {}).setdefault(any(letter in "åøæ" for letter in form), set()).update(lemmas)
    table = entries()
    found = {}
    for key, ways in written.items():
        lemmas = table.get(key, [])
        if len(ways) == 2 and len(lemmas) > 1:
            row = "".join(_flag(lemma in ways[False], lemma in ways[True]) for lemma in lemmas)
            if set(row) != {"b"}:
                found[key] = row
    return found


def _flag(plain: bool, lettered: bool) -> str:  # noqa: FBT001
    return "b" if plain and lettered else "p" if plain else "l"


def main() -> None:
    """Write the table and say how large it became."""
    found = flags()
    data = encode((f"{key}\t{found[key]}" for key in sorted(found)), f"{len(found)} forms")
    TARGET.write_bytes(data)
    print(f"{TARGET.name}: {len(found)} forms, {len(data) / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
