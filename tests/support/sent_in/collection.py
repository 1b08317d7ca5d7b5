"""
Nine invented municipalities' routines, most of them kin: drawn from one first text a topic, and changed by each its own way.

The truth is known, since every routine is made from a topic. The topics are in `topics.toml`, the municipalities' own words in
`house.toml`; nothing here knows how likeness is measured. What is done to a text is what municipalities do: another phone and
other titles, own words for the same, sentences written anew, dropped, added, sections moved and renamed, nynorsk.
"""

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MUNICIPALITIES = tuple(f"99{number:02}" for number in range(91, 100))
"""Invented ones; no Norwegian municipality has these numbers."""

_CHOICE = re.compile(r"\{([^{}]*)\}")
_LETTERS = re.compile(r"[^\W\d_]+")
_SHARED_OF_AREA = 5
_NYNORSK_HOME = 6
_SECTIONS = ("purpose", "scope", "duty", "signs", "steps", "records", "deviation", "law")


@dataclass(frozen=True)
class SentIn:
    """One routine; `topic` and `level` are what nobody who clusters may look at."""

    id: str
    municipality: str
    title: str
    markdown: str
    topic: int
    level: str


@dataclass(frozen=True)
class Level:
    """How much of a text somebody has changed; each a share of its sentences, or a chance."""

    name: str
    written_anew: float
    dropped: float
    added: float
    own_words: float
    other_title: float
    sections_moved: float
    nynorsk: float


COPIED = Level("copied", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
LIGHT = Level("light", 0.1, 0.04, 0.06, 0.2, 0.1, 0.1, 0.0)
MEDIUM = Level("medium", 0.35, 0.15, 0.25, 0.5, 0.4, 0.4, 0.1)
HEAVY = Level("heavy", 0.65, 0.3, 0.5, 0.8, 0.8, 0.8, 0.3)
LEVELS = (COPIED, LIGHT, LIGHT, MEDIUM, MEDIUM, HEAVY, HEAVY)


def sent_in(seed: int, *, of_each: int = 60, twice: int = 2, topics: Sequence[int] | None = None) -> list[SentIn]:
    """
    Give what nine municipalities have sent in, in no order.

    Args:
        of_each: How many different topics each municipality has a routine of.
        twice: How many of its routines each sends a second time, as another file: an older version, or saved as something else.
        topics: The topics to draw from; all of them when None.
    """
    chance = random.Random(seed)
    pool = list(range(len(_data()["topic"])) if topics is None else topics)
    found: list[SentIn] = []
    for home in range(len(MUNICIPALITIES)):
        chosen = chance.sample(pool, min(of_each, len(pool)))
        for n, topic in enumerate(chosen):
            level = chance.choice(LEVELS)
            title, markdown = variant(topic, home, level, chance, seed)
            texts = [(title, markdown), (title, sent_again(markdown, chance))][: 1 + (n < twice)]
            found += [
                SentIn(f"s{len(found) + m:04}", MUNICIPALITIES[home], called, text, topic, level.name)
                for m, (called, text) in enumerate(texts)
            ]
    chance.shuffle(found)
    return found


def family_of(topic: int) -> str:
    """Name the family of near topics that a topic is in; "" for one of its own."""
    return str(_data()["topic"][topic].get("family", ""))


def sent_again(markdown: str, chance: random.Random) -> str:
    """Give what the same text is in another file of the same municipality: two lines fewer, no numbers, no table on top."""
    lines = re.sub(r"(?m)^\d+\. ", "- ", markdown[markdown.index("## ") :]).split("\n")
    told = [n for n, line in enumerate(lines) if line and not line.startswith(("#", "|"))]
    gone = set(chance.sample(told, min(2, len(told))))
    return "\n".join(line for n, line in enumerate(lines) if n not in gone)


def variant(topic: int, home: int, level: Level, chance: random.Random, seed: int = 0) -> tuple[str, str]:
    """Give a municipality's title and text of a topic: the topic's first text, changed as the level says."""
    data = _data()
    about = data["topic"][topic]
    first = random.Random(f"{seed} {topic}")
    sections = {name: list(rows) for name, rows in _first_text(about, first).items()}
    for name, rows in sections.items():
        sections[name] = list(_changed(rows, about, level, chance, own=name in {"signs", "steps"}))
    skeleton = data["skeleton"][home % len(data["skeleton"])]
    for name in ("purpose", "scope", "records", "deviation", "law"):
        sections[name] = [*(_spun(one, first) for one in skeleton["sentences"][name]), *sections.get(name, [])]
    title = chance.choice(about["titles"]) if chance.random() < level.other_title else about["titles"][0]
    # Who calls it something else in the title often does so in the text too.
    term = title[0].lower() + title[1:] if title != about["titles"][0] and chance.random() < 0.6 else about["term"]
    order = list(_SECTIONS)
    if chance.random() < level.sections_moved:
        one, other = chance.sample(range(1, len(order)), 2)
        order[one], order[other] = order[other], order[one]
    body = "\n\n".join(_section(name, skeleton[name], sections.get(name, []), chance) for name in order)
    if chance.random() < 0.7:
        body = f"{_control_table(home, chance)}\n\n{body}"
    body = _filled(body, term, home, chance)
    body = _in_own_words(body, chance, level.own_words)
    is_nynorsk = chance.random() < (0.5 if home == _NYNORSK_HOME else level.nynorsk)
    return (_nynorsk(title), _nynorsk(body)) if is_nynorsk else (title, body)


@cache
def _data() -> dict[str, Any]:
    return {
        key: value
        for name in ("topics", "house", "words")
        for key, value in tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8")).items()
    }


def _first_text(about: dict[str, Any], first: random.Random) -> dict[str, list[tuple[str, str]]]:
    """Give each section's sentences, as (what it was made from, what it says)."""
    data = _data()
    shared = first.sample(data["area"][about["area"]], _SHARED_OF_AREA)
    family = data["family"].get(about.get("family", ""), [])
    steps = [*about["steps"], *family, *shared]
    first.shuffle(steps)
    return {
        "signs": [(one, _spun(one, first)) for one in about["items"]],
        "steps": [(one, _spun(one, first)) for one in steps],
        "duty": [
            (one, _spun(one, first))
            for one in (
                "<leader> {har ansvar for|sørger for} at {rutinen er kjent|ansatte kjenner rutinen}.",
                "<nurse> {utfører|har ansvar for} {det faglige|den faglige oppfølgingen} ved <term>.",
                "{Den enkelte|Hver ansatt} {følger|skal følge} {rutinen|denne rutinen} og {melder fra|sier fra} om {feil|mangler}.",
            )
        ],
    }


def _changed(
    rows: Sequence[tuple[str, str]], about: dict[str, Any], level: Level, chance: random.Random, *, own: bool
) -> Iterator[str]:
    for made_from, said in rows:
        if chance.random() < level.dropped:
            continue
        yield _spun(made_from, chance) if chance.random() < level.written_anew else said
        if own and chance.random() < level.added:
            yield _spun(_something_else(about, chance), chance)


def _something_else(about: dict[str, Any], chance: random.Random) -> str:
    """Give a sentence that the first text has not: the municipality's own, or one that also fits other topics of the area."""
    data = _data()
    kind = chance.random()
    if kind < 0.6:
        return str(chance.choice(data["own"]["sentences"]))
    if kind < 0.85:
        return str(chance.choice(data["area"][about["area"]]))
    near = [one for one in data["topic"] if one["area"] == about["area"] and one is not about]
    return str(chance.choice(chance.choice(near)["steps"])) if near else str(chance.choice(data["own"]["sentences"]))


def _section(name: str, heading: str, rows: Sequence[str], chance: random.Random) -> str:
    if not rows:
        return f"## {heading}"
    match name:
        case "signs" | "law":
            body = "\n".join(f"- {row}" for row in rows)
        case "duty" if chance.random() < 0.4:
            body = "\n".join(["| Hvem | Hva |", "| -- | -- |", *(f"| {row.split(' ')[0]} | {row} |" for row in rows)])
        case "steps" if chance.random() < 0.6:
            body = "\n".join(f"{number}. {row}" for number, row in enumerate(rows, 1))
        case _:
            body = "\n\n".join(" ".join(rows[at : at + 2]) for at in range(0, len(rows), 2))
    return f"## {heading}\n\n{body}"


def _control_table(home: int, chance: random.Random) -> str:
    number, version = chance.randint(100, 999), f"{chance.randint(1, 5)}.{chance.randint(0, 9)}"
    rows = [
        f"| Dokumentnummer | {home}-{number} |",
        f"| Versjon | {version} |",
        "| Godkjent av | <leader> |",
        f"| Gyldig til | {chance.randint(1, 28)}.{chance.randint(1, 12)}.20{chance.randint(26, 29)} |",
        "| Eier | <unit> |",
    ]
    return "\n".join(["| Dokument | |", "| -- | -- |", *rows])


def _filled(text: str, term: str, home: int, chance: random.Random) -> str:
    own = _data()["own"]
    phone = f"75 {chance.randint(10, 99)} {chance.randint(10, 99)} {chance.randint(10, 99)}"
    values = {
        "term": term, "phone": phone, "place": own["places"][home], "unit": own["units"][home],
        "system": own["systems"][home], "quality": own["qualities"][home], "leader": own["leaders"][home],
        "doctor": own["doctors"][home], "nurse": own["nurses"][home],
    }  # fmt: skip
    filled = re.sub(r"<(\w+)>", lambda found: values[found[1]], text)
    return re.sub(r"(?m)^((?:\d+\. |- )?)([a-zæøå])", lambda found: found[1] + found[2].upper(), filled)


def _spun(template: str, chance: random.Random) -> str:
    return _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), template)


def _in_own_words(text: str, chance: random.Random, share: float) -> str:
    table = {word: chance.choice(others) for word, others in _data()["own_words"].items() if chance.random() < share}
    return _LETTERS.sub(lambda found: _like(found[0], table.get(found[0].lower())), text)


def _nynorsk(text: str) -> str:
    table = _data()["nynorsk"]
    return _LETTERS.sub(lambda found: _like(found[0], table.get(found[0].lower())), text)


def _like(word: str, other: str | None) -> str:
    if other is None:
        return word
    return other[0].upper() + other[1:] if word[0].isupper() else other
