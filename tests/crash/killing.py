"""
A fork server: a process that has imported everything, and forks a child for each trial.

Starting Python anew costs more than the act that is to be killed. A forked child opens the library itself, so it
shares nothing with the next one but the code, and SQL that was put together once. The server closes every library that it opens
before it forks: a connection must not cross a fork.

Run as a program: `killing.py {"folder": …, "kills": …, "seed": …, …}`, as `run` takes it. The last line of its output is JSON.
"""

import contextlib
import gc
import importlib
import inspect
import json
import os
import random
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import story
from acts import VERBS, Verb
from sqlalchemy import make_url
from sqlalchemy.orm import configure_mappers
from sqlmodel import Session
from story import Site

from samrutine import Library, errors
from samrutine.projections.repair import repair
from samrutine.publishing.model import MANIFEST_NAME
from samrutine.storage.decisions import Decisions
from samrutine.storage.steps import watch
from tests.support.put_together import share_meanings, share_statements

share_statements()

HITS_IN_A_PROOF: Final = 5
HITS_ON_POSTGRESQL: Final = 3
"""Each step there besides the five times on SQLite: what differs is the database alone."""
ANSWERED: Final = "answered"
"""Killed when the verb has returned and the acknowledgement is on the disk."""
MOMENT: Final = "any moment"
"""Killed from outside, after a delay drawn at random."""
FAILED: Final = 70
WORTH_WARMING: Final = 10
"""From how many trials on it pays to put their SQL together beforehand."""
USUAL: Final = ("adopt", "restore")
"""Verbs that need most of the SQL that the others do."""
PRINTING: Final = ("publish to a folder", "publish a package")
"""Verbs that print: that begins threads, and where there are threads nobody may fork."""
WRITES_WITHOUT_ID: Final = frozenset(
    {
        *("init", "publish", "repair", "import_folder", "mark_read", "mark_seen"),
        *("set_password", "sign_in", "sign_in_as", "signed_in", "sessions", "end_sessions", "sign_out"),
        *("make_token", "end_token", "signed_in_by_token"),
        *("invite", "choose_password", "open_meeting", "close_meeting"),
        *(
            "write_letters",
            "send_letters",
            "try_letter",
            "choose_letters",
            "stop_letters",
            "forgot_password",
            "make_calendar",
            "end_calendar",
        ),
        *("begin_second_step", "confirm_second_step", "end_second_step", "remove_second_step", "give_code"),
        *("begin_sign_in_elsewhere", "disconnect_service"),
        *("answer_barrier", "help_with_checklist", "mark_points", "hand_on_checklist", "end_checklist"),
        *("answer_feedback", "answer_wish", "support_wish"),
        *("answer_collection", "remind_collection", "close_collection", "triage"),
        *(
            "take_in",
            "edit_incoming",
            "mask_incoming",
            "look_at_incoming",
            "let_through",
            "read_incoming_again",
            "reject_incoming",
        ),
        *("backup", "restore", "rebuild_from_register", "maintain", "checkpoint", "upgrade"),
    }
)
"""Verbs that write and take no id: what is said and not decided, what is sent, and what repeats decisions."""
READS_WITH_ID: Final = frozenset({"require_erasable"})
"""Takes the id of the decision that it asks about, and decides nothing."""
MAKERS: Final = {
    "init": "init",
    "restore": "restore",
    "rebuild from the register": "rebuild_from_register",
    "upgrade": "upgrade",
}
"""Verbs that are no methods of an opened library, by the names of their acts."""


@dataclass(frozen=True)
class Trial:
    """
    One kill.

    `number` is the place of the step in the verb's own list of steps. For a moment, `share` of the verb's time has
    passed when the signal comes; `group` says that git's own processes get it too, else they live on without a parent.
    """

    verb: str
    step: str
    number: int = 0
    share: float = 0.0
    group: bool = False


@dataclass
class Outcome:
    """What a kill did and what was found afterwards; `faults` empty means healed."""

    trial: Trial
    killed: bool = False
    acknowledged: bool = False
    decided: bool = False
    faults: list[str] = field(default_factory=list)


# Choosing what to kill ------------------------------------------------------------------------------------------------


def kind_of(step: str) -> str:
    """Give what a step is part of: `restore` for `restore: begun`."""
    return step.partition(":")[0]


def schedule(
    reached: dict[str, list[str]], kills: int, *, at_least: int, seed: int, by_kind: bool = False
) -> list[Trial]:
    """
    Choose the kills: every step at least `at_least` times, then every step of every verb, then moments.

    A third are moments, however few there are in all. Gives more than `kills` where the steps need it. `by_kind` asks for
    `at_least` kills at some step of each kind, and no more.
    """
    named = kind_of if by_kind else str
    chance = random.Random(seed)
    places = [Trial(verb, step, number) for verb, steps in reached.items() for number, step in enumerate(steps)]
    places += [Trial(verb, ANSWERED) for verb in reached]
    chance.shuffle(places)
    chosen: list[Trial] = []
    for name in sorted({named(place.step) for place in places}):
        here = [place for place in places if named(place.step) == name]
        if by_kind:  # the verb with the least to do shows it too
            here.sort(key=lambda place: len(reached[place.verb]))
        chosen += [here[number % len(here)] for number in range(at_least)]
    rest = [place for place in places if place not in chosen]
    # Verbs that were not met yet come first.
    rest.sort(key=lambda place: place.verb in {one.verb for one in chosen})
    chosen += rest[: max(0, kills - kills // 3 - len(chosen))]
    verbs = sorted(reached)
    chance.shuffle(verbs)
    moments = max(kills - len(chosen), kills // 3)
    chosen += [
        Trial(verbs[number % len(verbs)], MOMENT, share=chance.uniform(0, 1.05), group=number // len(verbs) % 2 == 0)
        for number in range(moments)
    ]
    chance.shuffle(chosen)
    return chosen


# Children -------------------------------------------------------------------------------------------------------------


def in_child(work: Callable[[], None], log: Path) -> int:
    """Fork, do the work in a process group of its own, and end without any cleaning up."""
    child = os.fork()
    if child:
        # By both, so that there is a group to kill from the first moment on; the child may be gone already.
        with contextlib.suppress(OSError):
            os.setpgid(child, child)
        return child
    status = FAILED
    gc.disable()  # it lives for a second
    try:
        os.setpgid(0, 0)
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def wait_for(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def answer_of(work: Callable[[], Any], log: Path) -> Any:
    """Do something in a child and give what it returned."""
    place = log.with_suffix(".answer")
    place.unlink(missing_ok=True)

    def kept() -> None:
        place.write_text(json.dumps(work()), encoding="utf-8")

    if wait_for(in_child(kept, log)):
        raise RuntimeError(log.read_text(encoding="utf-8"))
    return json.loads(place.read_text(encoding="utf-8"))


def writing_methods() -> set[str]:
    """The methods of `Library` that write: those that take a decision's id, and `WRITES_WITHOUT_ID`."""
    methods = inspect.getmembers(Library, inspect.isroutine)
    return WRITES_WITHOUT_ID | {
        name
        for name, method in methods
        if not name.startswith("_")
        and name not in READS_WITH_ID
        and "decision_id" in inspect.signature(method).parameters
    }


def _watched_methods() -> set[str]:
    """Gather the names of those methods that are called from now on in this process."""
    called: set[str] = set()

    def gathering(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def gathered(*given: Any, **named: Any) -> Any:
            called.add(name)
            return method(*given, **named)

        return gathered

    for name in writing_methods() - set(MAKERS.values()):
        setattr(Library, name, gathering(name, getattr(Library, name)))
    return called


def end_here() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


# The server -----------------------------------------------------------------------------------------------------------


class Ground:
    """Where trials happen: one site, put back to the told story before each."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.acknowledgement = folder / "acknowledgement"
        self.database_url = database_url
        self.site = Site(folder / "trial", database_url)
        folder.mkdir(parents=True, exist_ok=True)

    def prepare(self) -> None:
        """Tell the story once, and keep it as the template."""
        self._empty_database()
        answer_of(lambda: story.tell(self.site), self.log)
        self._keep_database()
        self.site.folder.rename(self.folder / "template")

    def fresh(self, verb: Verb) -> None:
        shutil.rmtree(self.site.folder, ignore_errors=True)
        shutil.copytree(self.folder / "template", self.site.folder)
        self.fresh_beside(verb)

    def fresh_beside(self, verb: Verb) -> None:
        """Put back what does not lie in the site's folder: what was said of it, and PostgreSQL's database."""
        self.log.unlink(missing_ok=True)
        self.acknowledgement.unlink(missing_ok=True)
        if verb.makes is not None:
            self._empty_database(f"_{verb.home}")
        else:
            self._put_database_back()

    def site_of(self, verb: Verb) -> Site:
        """Where the verb is done: in the story's home, or in one that it makes, with a database of its own."""
        if verb.makes is None or self.database_url is None:
            return replace(self.site, name=verb.home)
        url = make_url(self.database_url)
        own = url.set(database=f"{url.database}_{verb.home}").render_as_string(hide_password=False)
        return Site(self.site.folder, own, verb.home)

    def keep_for_study(self, number: int) -> None:
        kept = self.folder / f"failed-{number}"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(self.site.folder, kept, ignore_dangling_symlinks=True)

    def _empty_database(self, more: str = "") -> None:
        name = "{name}" + more
        self._administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")

    def _keep_database(self) -> None:
        self._administer(
            "DROP DATABASE IF EXISTS {name}_template WITH (FORCE)", "ALTER DATABASE {name} RENAME TO {name}_template"
        )

    def _put_database_back(self) -> None:
        self._administer(
            "DROP DATABASE IF EXISTS {name} WITH (FORCE)", "CREATE DATABASE {name} TEMPLATE {name}_template"
        )

    def _administer(self, *statements: str) -> None:
        """PostgreSQL only: SQLite's database lies in the home and is copied with it."""
        if self.database_url is None:
            return
        import psycopg

        url = make_url(self.database_url)
        with psycopg.connect(
            host=url.query.get("host") or url.host, port=url.port, user=url.username, password=url.password,
            dbname="postgres", autocommit=True,
        ) as connection:  # fmt: skip
            for statement in statements:
                connection.execute(statement.format(name=url.database).encode())


@dataclass
class Undisturbed:
    """What a verb does when nobody kills it; `called` are the methods of `Library` that it called."""

    called: list[str]
    steps: list[str]
    seconds: float
    answer: str
    state: dict[str, Any]
    before: list[list[Any]]
    after: list[list[Any]]
    old_files: dict[str, str]


class Server:
    """Runs trials on a ground."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.known: dict[str, Undisturbed] = {}
        self.sound: set[str] = set()
        """What was verified and found sound, as `story.all_of` gives it: nothing that differs in nothing is verified again."""
        self.untouched: set[str] = set()
        """What `repair` found nothing to do in; the same."""

    def warm(self) -> None:
        """Import what acts import late, and put their SQL together, so that children spend their time on the act."""
        share_meanings(read_too=True)
        printing = [one for one in VERBS if one.name in PRINTING]

        def loaded() -> list[str]:
            for verb in printing:
                verb.do(self.ground.site)
            return sorted(sys.modules)

        self.ground.fresh(printing[0])
        for name in answer_of(loaded, self.ground.log):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        for verb in [one for one in VERBS if one.name in USUAL]:
            self.ground.fresh(verb)
            site = self.ground.site_of(verb)
            verb.do(site)
            with site.open() as library:
                list(self._repair_faults(site, library))
                list(self._clean_faults(site, library))
                story.state_of(site, library)
        configure_mappers()
        story.make_chance_known()  # what was drawn here must not be missing there
        if len([*Path("/proc/self/task").iterdir()]) > 1:
            raise RuntimeError("a process with threads must not fork: a child would wait for one that it does not have")
        gc.collect()
        gc.freeze()

    def verify(self) -> None:
        """Verify the told story: a kill may leave it as it was."""
        site = self.ground.site

        def told() -> dict[str, list[str]]:
            with site.open() as library:
                if faults := [*self._repair_faults(site, library), *self._clean_faults(site, library)]:
                    raise RuntimeError(f"the story itself is not sound: {faults}")
            return self._known()

        self.ground.fresh(next(verb for verb in VERBS if verb.makes is None))
        self._remember(answer_of(told, self.ground.log))

    def _known(self) -> dict[str, list[str]]:
        return {"sound": sorted(self.sound), "untouched": sorted(self.untouched)}

    def _remember(self, known: dict[str, list[str]]) -> None:
        """Keep what a child found, for those that are forked after it."""
        self.sound.update(known["sound"])
        self.untouched.update(known["untouched"])

    def learn(self, verb: Verb) -> None:
        """Do the verb undisturbed, and see its steps, its time and what it leaves."""
        site = self.ground.site_of(verb)

        def undisturbed() -> dict[str, Any]:
            before: list[list[Any]] = []
            if verb.makes is None:
                with site.open() as library:
                    before = story.decisions_in(library)
            old_files = story.files_in(site.published)
            steps: list[str] = []
            called = _watched_methods()
            watch(steps.append)
            start = time.perf_counter()
            answer = verb.do(site)
            seconds = time.perf_counter() - start
            watch(None)
            with site.open() as library:
                state = story.state_of(site, library)
                after = story.decisions_in(library)
            return {
                "called": sorted(called), "steps": steps, "seconds": seconds, "answer": answer, "state": state, "before": before, "after": after,
                "old_files": old_files,
            }  # fmt: skip

        self.ground.fresh(verb)
        self.known[verb.name] = Undisturbed(**answer_of(undisturbed, self.ground.log))

    def run(self, trial: Trial, *, careless: bool = False) -> Outcome:
        """Kill once, heal, try again, and compare; `careless` is killed in a samrutine that forgets what was said."""
        verb = next(verb for verb in VERBS if verb.name == trial.verb)
        outcome = Outcome(trial)
        self.ground.fresh(verb)
        child = in_child(lambda: self._doomed(verb, trial, careless=careless), self.ground.log)
        if trial.step == MOMENT:
            time.sleep(trial.share * self.known[verb.name].seconds)
            if trial.group:
                _signal(lambda: os.killpg(child, signal.SIGKILL))
            else:
                _signal(lambda: os.kill(child, signal.SIGKILL))
        status = wait_for(child)
        outcome.killed = status == -signal.SIGKILL
        outcome.acknowledged = self.ground.acknowledgement.exists()
        if not outcome.killed and (trial.step != MOMENT or status):
            outcome.faults.append(f"not killed, but ended with {status}: {self.ground.log.read_text()[-2000:]}")
            return outcome
        try:
            outcome.decided, outcome.faults = self.heal(verb, acknowledged=outcome.acknowledged)
        except RuntimeError as error:
            outcome.faults.append(f"healing failed: {str(error)[-3000:]}")
        return outcome

    def heal(self, verb: Verb, *, acknowledged: bool) -> tuple[bool, list[str]]:
        """Heal in a child what was left of a verb; gives whether it had been decided, and what is wrong. `RuntimeError` if it fails."""
        found = answer_of(lambda: self._healed(verb, acknowledged=acknowledged), self.ground.log)
        if not found["faults"]:
            self._remember(found["known"])
        return found["decided"], found["faults"]

    def _doomed(self, verb: Verb, trial: Trial, *, careless: bool) -> None:
        left = [trial.number]
        story.name_parts_of_the_index("killed")
        if careless:
            _forget_what_was_said()

        def at_step(_: str) -> None:
            if left[0] == 0:
                end_here()
            left[0] -= 1

        if trial.step not in {MOMENT, ANSWERED}:
            watch(at_step)
        verb.do(self.ground.site_of(verb), lambda answer: self.acknowledge(answer, end=trial.step == ANSWERED))

    def acknowledge(self, answer: str, *, end: bool = False) -> None:
        """Write down what was answered, so that it lasts; and die with it, if asked to."""
        with self.ground.acknowledgement.open("w", encoding="utf-8") as file:
            file.write(answer)
            file.flush()
            os.fsync(file.fileno())
        if end:
            end_here()

    def _healed(self, verb: Verb, *, acknowledged: bool) -> dict[str, Any]:
        """Repair, verify, look for what must be there and must not; then try again and compare with the undisturbed."""
        story.name_parts_of_the_index("healed")
        site, known = self.ground.site_of(verb), self.known[verb.name]
        faults = story.backup_faults(site)
        after = known.before
        if verb.makes is None or _opens(site, faults):
            with site.open() as library:
                after = story.decisions_in(library)
                faults += _decision_faults(verb, known, after, acknowledged=acknowledged)
                if after:
                    faults += self._repair_faults(site, library)
                    # Repair sends nothing out: what publishing had begun in a municipality's own folder, it finishes below.
                    faults += [one for one in self._clean_faults(site, library) if not one.startswith("verify: copy-")]
                if story.decisions_in(library) != after:
                    faults.append("repair changed decisions")
                if acknowledged:
                    # Not only decisions: the second call would make again what was said, sent or taken, and was lost.
                    kept = _as_told(story.kept_of(site, library))
                    due = {part: value for part, value in known.state.items() if part in kept}
                    faults += [f"acknowledged and lost: {one}" for one in _differences(due, kept)]
        faults += _torn_files(site, known)
        answer = verb.do(site)
        if answer != known.answer:
            faults.append(f"the second call answered {answer}, not {known.answer}")
        if acknowledged and answer != self.ground.acknowledgement.read_text(encoding="utf-8"):
            faults.append("the second call answered otherwise than the first")
        with site.open() as library:
            faults += self._clean_faults(site, library)  # what was healed before needs no healing again
            faults += _differences(known.state, _as_told(story.state_of(site, library)))
        if verb.then is not None:
            faults += verb.then(site)
        return {"decided": len(after) > len(known.before), "faults": faults, "known": self._known()}

    def _repair_faults(self, site: Site, library: Library) -> Iterator[str]:
        now = story.all_of(site, library)
        if now in self.untouched:
            return
        if not repair(library._parts.projections).done:
            # It does not say that it went on where it was behind, which is nothing amiss.
            if story.all_of(site, library) == now:
                self.untouched.add(now)
            return
        # What git itself wrote about a repository that lacked objects, while that was being repaired, is swept up the next time.
        again = [one for one in repair(library._parts.projections).done if "fast_import_crash" not in one.detail]
        if again:
            yield f"the second repair still did {again}"

    def _clean_faults(self, site: Site, library: Library) -> list[str]:
        now = story.all_of(site, library)
        if now in self.sound:
            return []
        faults = [f"verify: {fault.code} {fault.detail}" for fault in library.verify().faults]
        faults += [f"litter {one}" for one in story.litter_in(site)]
        if not faults:
            self.sound.add(now)
        return faults


def _forget_what_was_said() -> None:
    """Acknowledge what is said without keeping it: a proof that finds nothing wrong with that has no eyes."""
    note = Decisions.note

    @contextlib.contextmanager
    def forgotten(self: Decisions, texts: dict[str, str | None] | None = None) -> Iterator[Session]:
        with contextlib.suppress(_Forgotten), note(self, texts) as session:
            yield session
            session.flush()
            raise _Forgotten

    Decisions.note = forgotten  # type: ignore[assignment,method-assign]


class _Forgotten(Exception):
    pass


def _as_told(state: dict[str, Any]) -> dict[str, Any]:
    """Give a state as it comes back from another process."""
    told: dict[str, Any] = json.loads(json.dumps(state))
    return told


def _signal(send: Callable[[], None]) -> None:
    try:
        send()
    except ProcessLookupError:
        return


def _opens(site: Site, faults: list[str]) -> bool:
    """Whether a home that was killed while it was made can be opened. If not, it must say so in our own words."""
    try:
        site.open().close()
    except errors.SamrutineError:
        return False
    except Exception as error:
        faults.append(f"half a home raises {error!r}")
        return False
    return True


def _decision_faults(verb: Verb, known: Undisturbed, after: list[list[Any]], *, acknowledged: bool) -> Iterator[str]:
    before = known.before
    whole = verb.decision_ids if verb.decides is not None else tuple(decision for _, decision, _ in known.after)
    if [number for number, *_ in after] != list(range(1, len(after) + 1)):
        yield f"numbers are not contiguous: {[number for number, *_ in after]}"
    if after[: len(before)] != before:
        yield "an earlier decision is gone or changed"
    new = tuple(decision for _, decision, _ in after[len(before) :])
    if new not in verb.outcomes | {whole}:
        yield f"decided {new}, where all or nothing of {whole} was asked"
    if acknowledged and new != whole:
        yield "an acknowledged decision is lost"


def _torn_files(site: Site, known: Undisturbed) -> Iterator[str]:
    """A document under its own name is the old one or the new one, at any moment."""
    new_files = known.state["published"]
    for name, found in story.files_in(site.published).items():
        whole = {known.old_files.get(name), new_files.get(name)}
        if (
            name in known.old_files.keys() | new_files.keys()
            and Path(name).name != MANIFEST_NAME
            and found not in whole
        ):
            yield f"torn file {name}"


def _differences(expected: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    for part, value in expected.items():
        if isinstance(value, dict):
            for name in sorted({*value, *found[part]}):
                if value.get(name) != found[part].get(name):
                    yield f"other state in {part} {name}: {found[part].get(name)} instead of {value.get(name)}"[:2000]
        elif value != found[part]:
            yield f"other state in {part}: {found[part]} instead of {value}"[:2000]


def run(
    folder: Path, kills: int, seed: int, *, at_least: int, by_kind: bool = False, names: list[str] | None = None,
    database_url: str | None = None, careless: list[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """
    Do a whole run; gives what the test asserts and the summary prints.

    Args:
        kills: How many; more where the steps need it.
        names: Which verbs to kill; all when None.
        careless: Verbs of those to try once more where what is said is not kept.
    """
    story.make_chance_known()
    server = Server(Ground(folder, database_url))
    server.ground.prepare()
    if kills >= WORTH_WARMING:
        server.warm()
    verbs = [one for one in VERBS if names is None or one.name in names]
    server.verify()
    for verb in verbs:
        server.learn(verb)
    reached = {name: known.steps for name, known in server.known.items()}
    trials = schedule(reached, kills, at_least=at_least, seed=seed, by_kind=by_kind)
    outcomes: list[Outcome] = []
    late = 0
    while trials:
        trial = trials.pop()
        outcome = server.run(trial)
        if outcome.faults:
            server.ground.keep_for_study(len(outcomes))
        outcomes.append(outcome)
        if trial.step == MOMENT and not outcome.killed:
            # Too late, or the verb was quicker than before: it killed nothing, so it does not count.
            late += 1
            if late > kills:
                raise RuntimeError(f"{late} kills came too late, the last one {trial}")
            trials.append(replace(trial, share=trial.share / 2))
    called = {one for known in server.known.values() for one in known.called}
    called |= {name for verb in verbs for name in [MAKERS.get(verb.name)] if name}
    forgotten = [server.run(Trial(name, ANSWERED), careless=True) for name in careless or ()]
    return {
        "reached": reached, "called": sorted(called), "outcomes": [asdict(one) for one in outcomes],
        "careless": [asdict(one) for one in forgotten],
    }  # fmt: skip


def _no_core_files() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _no_core_files()
    options = json.loads(sys.argv[1])
    options["folder"] = Path(options["folder"])
    sys.stdout.write(json.dumps(run(**options)) + "\n")
