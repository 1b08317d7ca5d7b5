"""
Does acts on a disk that has a given number of bytes left, makes room, heals, and does them again.

Run as a program in a mount namespace of its own: `full_disk.py {"folder": …, "verbs": […], "mounted": true}`; its last line is
JSON. Where nothing may be mounted no file may grow beyond a limit instead, which the system says by another error.
"""

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import story
from acts import VERBS, Verb
from killing import Ground, Server, in_child, wait_for

from samrutine.errors import SamrutineError
from samrutine.settings import SETTINGS_FILE

SIZE: Final = "96m"
BLOCK: Final = 4096
LEFT: Final = (0, 2, 6, 10, 14, 18, 24, 32, 40, 48, 64, 96, 160, 320)
"""How many blocks are left when the act begins."""


@dataclass
class Filled:
    """One act on a disk that is nearly full: how it ended, and what was found after there was room again."""

    verb: str
    left: int
    ended: str = ""
    acknowledged: bool = False
    decided: bool = False
    faults: list[str] = field(default_factory=list)


def prepare(ground: Ground, *, mounted: bool) -> None:
    """Tell the story, and put the disk that will be full in its place."""
    ground.prepare()
    settings = ground.folder / "template" / "home" / SETTINGS_FILE
    settings.write_text("least_free_mb = 0\n" + settings.read_text(encoding="utf-8"), encoding="utf-8")
    ground.site.folder.mkdir()
    if mounted:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", ground.site.folder], check=True)


def fresh(ground: Ground, verb: Verb) -> None:
    """Put the told story back, on the disk that is there."""
    for path in ground.site.folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(ground.folder / "template", ground.site.folder, dirs_exist_ok=True)
    ground.fresh_beside(verb)


def fill(place: Path, left: int) -> None:
    """Fill the disk but for some bytes."""
    with place.open("wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while True:
                file.write(bytes(BLOCK * 16))
        with contextlib.suppress(OSError):
            while True:
                file.write(bytes(BLOCK))
        os.ftruncate(file.fileno(), max(0, file.tell() - left))


def try_on(server: Server, verb: Verb, left: int, *, mounted: bool) -> Filled:
    """Do the act with so many bytes left, make room, and heal."""
    ground = server.ground
    outcome = Filled(verb.name, left)
    fresh(ground, verb)
    filler, ended = ground.site.folder / "full", ground.folder / "ended"
    ended.unlink(missing_ok=True)

    def act() -> None:
        story.name_parts_of_the_index("killed")
        if not mounted:
            resource.setrlimit(resource.RLIMIT_FSIZE, (left, left))
        try:
            answer = verb.do(ground.site_of(verb))
        except SamrutineError as error:
            said = f"{type(error).__name__} {getattr(error, 'places', {}).get('store', '')}"
        else:
            said = "done"
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            ground.acknowledgement.write_text(answer, encoding="utf-8")
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        ended.write_text(said.strip(), encoding="utf-8")

    if mounted:
        fill(filler, left)
    status = wait_for(in_child(act, ground.log))
    filler.unlink(missing_ok=True)
    outcome.acknowledged = ground.acknowledgement.exists()
    outcome.ended = ended.read_text(encoding="utf-8") if ended.exists() else f"status {status}"
    if status:
        outcome.faults.append(f"ended with {status}, not by an error of ours: {ground.log.read_text()[-1500:]}")
    try:
        outcome.decided, faults = server.heal(verb, acknowledged=outcome.acknowledged)
    except RuntimeError as error:
        outcome.faults.append(f"healing failed: {str(error)[-2000:]}")
    else:
        outcome.faults += faults
    return outcome


def run(folder: Path, verbs: list[str], *, mounted: bool) -> dict[str, Any]:
    """Do each verb with each number of bytes left."""
    story.make_chance_known()
    server = Server(Ground(folder))
    prepare(server.ground, mounted=mounted)
    server.ground.fresh = lambda one: fresh(server.ground, one)  # type: ignore[method-assign]  # its folder is a disk
    server.warm()
    outcomes = []
    for name in verbs:
        verb = next(one for one in VERBS if one.name == name)
        server.learn(verb)
        outcomes += [try_on(server, verb, blocks * BLOCK, mounted=mounted) for blocks in LEFT]
    return {"outcomes": [asdict(one) for one in outcomes]}


if __name__ == "__main__":
    options = json.loads(sys.argv[1])
    options["folder"] = Path(options["folder"])
    sys.stdout.write(json.dumps(run(**options)) + "\n")
