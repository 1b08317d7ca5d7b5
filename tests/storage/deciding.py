"""
One of several processes that decide at once, and what starts them all at the same moment.

They are forked from one process of this session that has imported samrutine and opened nothing: real processes, each with a
library that it opens itself, without an interpreter of its own to start.
"""

import multiprocessing
import traceback
from datetime import UTC, datetime

from samrutine import Library
from samrutine.adoptions.answers import ListRow
from samrutine.errors import SamrutineError
from tests.support.texts import a_routine

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # the morning of `tests.support.clock`
IMPORTED = [
    *(
        "sqlmodel",
        "psycopg",
        "sqlalchemy.dialects.sqlite",
        "sqlalchemy.dialects.postgresql.psycopg",
        "samrutine.library",
    ),
    *("samrutine.wiring", "samrutine.adoptions.service", "samrutine.adoptions.answers", "samrutine.proposals.service"),
    *("samrutine.proposals.drafting", "samrutine.proposals.hearing_service", "samrutine.networks.settling"),
    *("samrutine.projections.service", "samrutine.search.engine"),
]
"""What each would import anyway, and half of what it would take otherwise."""

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(IMPORTED)


def adopt(library, *slugs):
    """Each takes its municipalities' routines into use, one after the other."""
    procedures = [one.id for one in library.procedures()]
    return [library.adopt(one, slug, by=f"beslutter.{slug}").number for slug in slugs for one in procedures]


def approve(library, proposal, who):
    """Agree; say whether it became a version, or why not."""
    digest = library.get_proposal(proposal, reader="redaktor")[0].digest
    return str(library.approve(proposal, digest=digest, by=who).version)


def same(library, slug, _which):
    """Make the very same act as others do, with the same decision id."""
    return library.adopt("handhygiene", slug, by=f"beslutter.{slug}", decision_id="den-samme").number


def answer(library, proposal, who, slug):
    """Answer in a hearing for a municipality."""
    return library.answer_hearing(proposal, f"municipality:{slug}", remarks=[f"Fra {slug}."], by=who).number


def agree(library, proposal, digest, who):
    """Agree to the text that was read before all began."""
    return library.approve(proposal, digest=digest, by=who).number


def hurry(library, proposal, digest, who):
    """Hurry the text that was read before all began."""
    return library.hurry(proposal, digest=digest, reason="Utbrudd.", by=who).number


def revise(library, proposal, digest, who):
    """Change the text that was read before all began."""
    return library.revise(proposal, a_routine(extra=f"Endret av {who}."), read_digest=digest, by=who).number


def decide_list(library, slug, _which):
    """Take everything into use in one list."""
    rows = [ListRow(one.id, "in-use") for one in library.procedures()]
    decided = library.decide_list(slug, rows, by=f"beslutter.{slug}")
    return [decided.number, *(one.number for one in decided.answers)]


def settle(library, digest, who):
    """Change the settings that were read before all began."""
    there = next(one for one in library.settings() if one.path == "networks.toml")
    changed = there.content.replace(b"smittevernplanene", f"planene til {who}".encode())
    return library.settle({there.path: changed}, read={there.path: digest}, reason="Prøvd.", by=who).number


SCENES = {one.__name__: one for one in (adopt, approve, same, answer, agree, hurry, revise, decide_list, settle)}


def decide(scene, home, rest, start, answers):
    """Open the library, wait for the others, decide, tell."""
    try:
        with Library.open(home, clock=lambda: NOW) as library:
            library.procedures()  # everything is imported and connected before the start
            start.wait()
            try:
                answer = {"ok": SCENES[scene](library, *rest)}
            except SamrutineError as error:
                answer = {
                    "error": type(error).__name__,
                    "reasons": [type(one).__name__ for one in getattr(error, "reasons", ())],
                }
    except BaseException:
        start.abort()
        answer = {"failed": traceback.format_exc()}
    answers.send(answer)


def at_once(home, *calls):
    """Run one process for each call, a scene and what it takes, and let them all go at the same moment; gives what each said."""
    start = PROCESSES.Barrier(len(calls), timeout=60)
    running = []
    for scene, *rest in calls:
        here, there = PROCESSES.Pipe(duplex=False)
        process = PROCESSES.Process(target=decide, args=(scene, home.path, rest, start, there))
        process.start()
        there.close()
        running.append((process, here))
    said = []
    for process, here in running:
        said.append(here.recv() if here.poll(120) else {"failed": "no answer"})
        process.join(120)
        here.close()
    assert not any("failed" in one for one in said), said
    return said
