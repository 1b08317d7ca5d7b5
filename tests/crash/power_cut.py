"""
Cuts the power of one act at every write: records what it writes, builds what may then lie on the disk, and heals that.

Run as a program: `power_cut.py {"folder": …, "verbs": [...], "models": [...]}`; its last line is JSON. The act itself is run by
`power_cut.py --act FOLDER VERB MARKS`, under strace.
"""

import json
import os
import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import story
from acts import VERBS, Verb
from disk import ALL_LOST, Disks, Log, Model, State, Synced, Wrote, put, states
from killing import ANSWERED, WORTH_WARMING, Ground, Server
from story import Site
from strace import record

from samrutine.storage.steps import watch

LOG_OF_DATABASE: Final = ".db-wal"


@dataclass
class Cut:
    """One power cut: after which step, what was lost, and what was found afterwards; `faults` empty means healed."""

    verb: str
    model: str
    why: str
    at: int
    after: str
    acknowledged: bool
    decided: bool = False
    faults: list[str] = field(default_factory=list)


def act(site: Site, verb: Verb, marks: Path) -> None:
    """Do the verb, and say where it is: answered when the verb has returned, whatever closing the library syncs."""
    descriptor = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    watch(lambda step: os.write(descriptor, f"{step}\n".encode()) and None)
    verb.do(site, lambda _: os.write(descriptor, f"{ANSWERED}\n".encode()))


def recorded(ground: Ground, verb: Verb) -> Log:
    """Do the verb on a fresh site under strace."""
    ground.fresh(verb)
    marks = ground.folder / "marks"
    command = [sys.executable, __file__, "--act", str(ground.site.folder), verb.name, str(marks)]
    return record(command, ground.site.folder, marks, ground.folder / "trace")


Found = tuple[Model, State, dict[str, bytes], bool]
"""A disk: by which model, what was lost, what lies there, and whether the act had been acknowledged."""


def cuts_of(log: Log, models: list[Model]) -> Iterator[Found]:
    """Give each different disk once; where the same one is left before and after the answer, after counts."""
    answered = log.said(ANSWERED)
    seen: set[tuple[str, bool]] = set()
    disks = Disks(log)
    for model in models:
        every = [(state, state.at > answered) for state in states(log, model)]
        for state, acknowledged in sorted(every, key=lambda one: not one[1]):
            there, told = disks.tree(state)
            if (told, True) in seen or (told, acknowledged) in seen:
                continue
            seen.add((told, acknowledged))
            yield model, state, there, acknowledged


def careless(log: Log) -> Log:
    """
    The same log, had the database not synced its own log until the answer was given, as with `PRAGMA synchronous=NORMAL`.

    A replay that finds nothing wrong with it has no eyes.
    """
    answered = log.said(ANSWERED)
    kept = [
        one
        for place, one in enumerate(log.events)
        if place > answered or not (isinstance(one, Synced) and one.name.endswith(LOG_OF_DATABASE))
    ]
    return replace(log, events=kept)


def drawn(found: list[Found], few: int, seed: int) -> list[Found]:
    """Draw disks at random, but of each kind of loss one before a second of any."""
    chance = random.Random(seed)
    kinds: dict[tuple[str, bool], list[Found]] = {}
    for one in chance.sample(found, len(found)):
        kinds.setdefault((one[1].why, one[3]), []).append(one)
    ranked = [(place, one) for here in kinds.values() for place, one in enumerate(here)]
    return [one for _, one in sorted(ranked, key=lambda one: one[0])[:few]]


def cut(server: Server, verb: Verb, log: Log, found: Found) -> Cut:
    """Put one disk in place, heal it, and try again."""
    model, state, there, acknowledged = found
    said = [one.words for one in log.events[: state.at] if hasattr(one, "words")]
    outcome = Cut(verb.name, model.value, state.why, state.at, said[-1] if said else "begun", acknowledged)
    ground = server.ground
    shutil.rmtree(ground.site.folder, ignore_errors=True)
    ground.site.folder.mkdir()
    put(there, ground.site.folder)
    ground.fresh_beside(verb)
    ground.acknowledgement.write_text(server.known[verb.name].answer, encoding="utf-8")
    try:
        outcome.decided, outcome.faults = server.heal(verb, acknowledged=acknowledged)
    except RuntimeError as error:
        outcome.faults.append(f"healing failed: {str(error)[-3000:]}")
    return outcome


def run(
    folder: Path, verbs: list[str], models: list[str], few: int | None = None, few_careless: int = 0, seed: int = 1
) -> dict[str, Any]:
    """
    Cut the power of each verb.

    Args:
        few: How many of the disks of each verb to try, drawn at random; all when None.
        few_careless: How many acknowledged disks to try that lost all that a database that does not sync had left to them.
    """
    story.make_chance_known()
    server = Server(Ground(folder))
    server.ground.prepare()
    if few is None or few >= WORTH_WARMING:
        server.warm()
        server.verify()
    outcomes, careless_outcomes, logs = [], [], {}
    for name in verbs:
        verb = next(one for one in VERBS if one.name == name)
        server.learn(verb)
        log = recorded(server.ground, verb)
        logs[name] = without_bytes(log)
        found = list(cuts_of(log, [Model(one) for one in models]))
        for one in found if few is None else drawn(found, few, seed):
            outcome = cut(server, verb, log, one)
            if outcome.faults:
                server.ground.keep_for_study(len(outcomes))
            outcomes.append(outcome)
        if few_careless:
            every = cuts_of(careless(log), [Model(one) for one in models])
            lost = [one for one in every if one[3] and one[1].why == ALL_LOST]
            careless_outcomes += [cut(server, verb, careless(log), one) for one in drawn(lost, few_careless, seed)]
    return {
        "logs": logs, "outcomes": [asdict(one) for one in outcomes], "careless": [asdict(one) for one in careless_outcomes]
    }  # fmt: skip


def without_bytes(log: Log) -> dict[str, Any]:
    """Give a log as JSON."""
    events = [(type(one).__name__, {"file": one.file} if isinstance(one, Wrote) else asdict(one)) for one in log.events]
    return {"names": log.names, "events": events}


if __name__ == "__main__":
    if sys.argv[1] == "--act":
        story.make_chance_known()
        chosen = next(one for one in VERBS if one.name == sys.argv[3])
        act(Site(Path(sys.argv[2]), name=chosen.home), chosen, Path(sys.argv[4]))
    else:
        options = json.loads(sys.argv[1])
        options["folder"] = Path(options["folder"])
        sys.stdout.write(json.dumps(run(**options)) + "\n")
