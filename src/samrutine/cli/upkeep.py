"""Proof and repair."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from typer import Option, Typer

from samrutine.cli.shell import Shell
from samrutine.cli.tree import command
from samrutine.errors import Conflict, NoDecisionToBeginAt, StoreDamaged
from samrutine.messages import say
from samrutine.plain import plain

if TYPE_CHECKING:
    from samrutine.library import Library
    from samrutine.projections.faults import Fault
    from samrutine.projections.verify import Verified

DAMAGED = StoreDamaged.exit_code
"""What `verify` and `repair` leave with when something is not as decided."""
CHANGED_THERE = Conflict.exit_code
"""What they leave with when only published copies are not: as `publish` does. The night goes on, see natt.sh."""
_NUMBER = re.compile(r"-?[0-9]{1,15}")


def register(app: Typer) -> None:
    """Add the commands."""
    for name, function in (
        ("verify", verify), ("repair", repair), ("status", status), ("maintain", maintain), ("doctor", doctor),
        ("upgrade", upgrade),
    ):  # fmt: skip
        command(app, name, area="upkeep")(function)


def verify(shell: Shell, since: Annotated[str | None, Option("--since")] = None) -> int:
    """Check every promise that can be checked, or those after a decision."""
    # Imported here: help needs no faults.
    from samrutine.cli.fault_words import names_in

    with shell.progress("verify"), shell.library() as library:
        found = library.verify(since=None if since is None else _number(library, since))
        names = names_in(library)
    return _verified(shell, found, names)


def _number(library: "Library", given: str) -> int:
    """Read the number of a decision; what is none is refused with those there are."""
    if not _NUMBER.fullmatch(given):
        last = max((one.position + one.behind for one in library.status()), default=1)
        raise NoDecisionToBeginAt(value=Shell.visible(given)[:40], last=last)
    return int(given)


def repair(shell: Shell) -> int:
    """Bring everything that repeats decisions up to date."""
    # Imported here: help needs no faults.
    from samrutine.cli.fault_words import names_in

    with shell.progress("repair"), shell.library() as library:
        found, names = library.repair(), names_in(library)
    return _verified(shell, found, names)


def _verified(shell: Shell, found: "Verified", names: Mapping[str, str]) -> int:
    """Answer with what was found, and what was put right before; leave with what it means."""
    names = {**names, **found.names}
    # Imported here: help needs no faults.
    from samrutine.cli.fault_words import done_in_words, in_words

    language = shell.language

    def told(one: "Fault") -> dict[str, object]:
        return {
            "code": one.code, "detail": one.detail, "text": in_words(one, names, language),
            "remedy": _remedy(one, found, language), "healed_by_repair": one.healed_by_repair,
        }  # fmt: skip

    answer: dict[str, object] = {
        "clean": found.is_clean, "library_clean": found.library_is_clean,
        "rest_not_seen": found.stopped_at_chain or found.stopped_at_database, "decisions": found.decisions,
        "versions": found.versions, "chain_head": found.chain_head, "since": found.since,
        "faults": [told(one) for one in found.faults], "notes": [told(one) for one in found.notes],
    }  # fmt: skip
    if found.done is not None:
        answer["done"] = [
            {"code": one.code, "detail": one.detail, "text": done_in_words(one, names, language)} for one in found.done
        ]
    shell.answer(answer, lambda: _print(shell, found, names))
    if found.is_clean:
        return 0
    return CHANGED_THERE if found.library_is_clean else DAMAGED


def _print(shell: Shell, found: "Verified", names: Mapping[str, str]) -> None:
    # Imported here: help needs no faults.
    from samrutine.cli.fault_words import done_in_words, gathered, in_words

    faults = gathered(found.faults)
    for one in found.done or ():
        shell.print(done_in_words(one, names, shell.language))
    if found.done == () and not found.stopped_at_chain:
        shell.print(shell.say("healed.nothing"))
    for fault in (*faults, *found.notes):
        shell.print(f"{in_words(fault, names, shell.language)} {_remedy(fault, found, shell.language)}")
    name = ("verified" if found.is_clean else "not_verified") + ("_part" if found.since is not None else "")
    shell.print(
        shell.say(
            "done.not_readable" if found.stopped_at_database else f"done.{name}",
            since=found.since, decisions=shell.count("decisions", found.decisions),
            versions=shell.count("versions", found.versions), head=found.chain_head, count=len(faults),
        )
    )  # fmt: skip
    if found.stopped_at_chain:
        shell.print(shell.say("done.rest_not_seen"))
    elif found.faults and found.library_is_clean:
        shell.print(shell.say("done.only_published"))


def _remedy(fault: "Fault", found: "Verified", language: str) -> str:
    """Say what to do; whoever has just run `repair` is not told to run it."""
    if found.done is None or not fault.healed_by_repair:
        return fault.remedy(language)
    return say(f"cli.healed.{'not_by_broken_chain' if found.stopped_at_chain else 'not'}", language)


def status(shell: Shell, *, seen: Annotated[bool, Option("--seen")] = False) -> None:
    """Say how far each projection has come, what was given up, and where publishing waits since a restore."""
    # Imported here: help needs no faults.
    from samrutine.cli.fault_words import error_again

    with shell.library() as library:
        found, unseen, paused = library.status(), library.unseen(), library.paused_targets()
        if seen:
            library.mark_seen()
        names = {str(one.number): one.name for one in library.municipalities()}

    def text() -> None:
        shell.table(
            ("consumer", "consumer_position", "behind", "attempts", "updated", "last_error"),
            [
                (
                    one.consumer,
                    str(one.position),
                    str(one.behind),
                    str(one.attempts),
                    shell.instant(one.updated_at),
                    error_again(one.last_error, shell.language) if one.last_error else "–",
                )
                for one in found
            ],
        )
        for letter in unseen:
            error = error_again(letter.error, shell.language)
            shell.print(
                shell.say(
                    "status.unseen", consumer=letter.consumer, number=letter.number, since=letter.since, error=error
                )
            )
        if unseen:
            shell.print(shell.say("status.marked_seen" if seen else "status.mark_seen"))
        for one in paused:
            where = names.get(one.municipality, one.municipality)
            shell.print(
                shell.say("restore.waits", municipality=where, target=one.name, day=shell.instant(one.paused_at))
            )

    consumers = [plain(one) for one in found]
    answer = {"home": shell.home.resolve(), "consumers": consumers}
    answer |= {"unseen": [plain(one) for one in unseen], "paused": [plain(one) for one in paused]}
    shell.answer(answer, text)


def maintain(shell: Shell, *, whole: Annotated[bool, Option("--whole")] = False) -> None:
    """Pack git, check the database and empty its log."""
    with shell.progress("maintain"), shell.library() as library:
        found = library.maintain(whole=whole)

    def text() -> None:
        for one in found.stores:
            shell.print(shell.say("done.packed", name=one.name, before=one.packs_before, after=one.packs))
            for path in one.removed:
                shell.print(shell.say("done.litter_removed", name=f"{one.name}/{path}"))
        if found.log_bytes is not None:
            name = "log_emptied" if found.log_emptied else "log_kept"
            shell.print(shell.say(f"done.{name}", kilobytes=found.log_bytes // 1024))
        for index in found.indexes_renewed:
            shell.print(shell.say("done.index_renewed", name=index))

    shell.answer(found, text)


def doctor(shell: Shell) -> int:
    """Look for what may cost the library its decisions, its secrecy or its answers."""
    # Imported here: help needs no library. Not opened: what keeps it from being opened is what is looked for.
    from samrutine.library import Library

    with shell.progress("doctor"):
        found = Library.examine(shell.home)

    def text() -> None:
        for one in found.symptoms:
            sign = shell.say(f"gravity.{one.gravity.value}")
            words = " ".join(part for part in (one.fact(shell.language), one.remedy(shell.language)) if part)
            shell.print(f"{sign} {words}")
        name = "well" if found.is_well else "unwell"
        shell.print(shell.say(f"done.{name}", count=len(found.dangers)))

    symptoms = [
        {"code": one.code, "gravity": one.gravity.value, "text": one.fact(shell.language),
         "remedy": one.remedy(shell.language), "places": plain(dict(one.places))}
        for one in found.symptoms
    ]  # fmt: skip
    shell.answer({"well": found.is_well, "symptoms": symptoms}, text)
    return 0 if found.is_well else DAMAGED


def upgrade(shell: Shell) -> None:
    """Bring the database up to this release."""
    # Imported here: help needs no database.
    from samrutine.library import Library

    with shell.progress("upgrade"):
        found = Library.upgrade(shell.home)
    name = "upgraded" if found.changed else "not_upgraded"
    shell.answer(found, shell.say(f"done.{name}", before=found.before or "–", after=found.after))
