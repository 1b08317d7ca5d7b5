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
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import story
from acts import VERBS, Verb
from disk import Disks, Log, Model, State, Synced, Wrote, put, states
from killing import ANSWERED, Ground, Server, answer_of
from story import Site
from strace import record

from samrutine.storage.steps import watch


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
    """Do the verb, and say where it is."""
    descriptor = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    watch(lambda step: os.write(descriptor, f"{step}\n".encode()) and None)
    verb.do(site)
    os.write(descriptor, f"{ANSWERED}\n".encode())


def recorded(ground: Ground, verb: Verb) -> Log:
    """Do the verb on a fresh site under strace."""
    ground.fresh(verb)
    marks = ground.folder / "marks"
    command = [sys.executable, __file__, "--act", str(ground.site.folder), verb.name, str(marks)]
    return record(command, ground.site.folder, marks, ground.folder / "trace")


def cuts_of(log: Log, models: list[Model]) -> Iterator[tuple[Model, State, dict[str, bytes], bool]]:
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


def cut(server: Server, verb: Verb, log: Log, found: tuple[Model, State, dict[str, bytes], bool]) -> Cut:
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
        healed = answer_of(lambda: server._healed(verb, acknowledged=acknowledged), ground.log)
    except RuntimeError as error:
        outcome.faults.append(f"healing failed: {str(error)[-3000:]}")
    else:
        outcome.decided, outcome.faults = healed["decided"], healed["faults"]
    return outcome


def run(folder: Path, verbs: list[str], models: list[str], few: int | None = None, seed: int = 1) -> dict[str, Any]:
    """
    Cut the power of each verb.

    Args:
        few: How many of the disks of each verb to try, drawn at random; all when None.
    """
    story.make_chance_known()
    server = Server(Ground(folder))
    server.ground.prepare()
    server.warm()
    outcomes, syncs = [], {}
    for name in verbs:
        verb = next(one for one in VERBS if one.name == name)
        server.learn(verb)
        log = recorded(server.ground, verb)
        syncs[name] = sum(isinstance(one, Synced) for one in log.events)
        found = list(cuts_of(log, [Model(one) for one in models]))
        if few is not None and few < len(found):
            found = random.Random(seed).sample(found, few)
        for one in found:
            outcome = cut(server, verb, log, one)
            if outcome.faults:
                server.ground.keep_for_study(len(outcomes))
            outcomes.append(outcome)
    return {"syncs": syncs, "outcomes": [asdict(one) for one in outcomes]}


def log_of(folder: Path, name: str) -> dict[str, Any]:
    """Record one verb and give its log without the bytes."""
    story.make_chance_known()
    ground = Ground(folder)
    ground.prepare()
    log = recorded(ground, next(one for one in VERBS if one.name == name))
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
        recording = options.pop("log_of", None)
        told = run(**options) if recording is None else log_of(options["folder"], recording)
        sys.stdout.write(json.dumps(told) + "\n")
