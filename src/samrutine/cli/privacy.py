"""A person's own: what is held about them, erasing it, what was kept long enough, and what slipped in."""

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from samrutine.cli.arguments import DecisionId, MaybeReason, MaybeVersion, Reason
from samrutine.cli.files import form_of, write_whole
from samrutine.cli.mistakes import mistake, reader_of, require_yes
from samrutine.cli.shell import Shell
from samrutine.errors import VersionNotFound
from samrutine.messages import say
from samrutine.verbs.base import version_number

if TYPE_CHECKING:
    from samrutine.library import Library
    from samrutine.networks.retention import RetentionReport
    from samrutine.procedures.redaction import Redactable
    from samrutine.procedures.traces import Erasing, Trace

MaybeWho = Annotated[str | None, Argument(show_default=False)]


def my_data(shell: Shell, who: MaybeWho = None, output: Annotated[str | None, Option("--output", "-o")] = None) -> None:
    """Show everything held about whoever asks, or write it to a file."""
    form_of(shell, output, ("json",), option="--output")
    with shell.library() as library:
        found = library.own_data(who or reader_of(shell), by=reader_of(shell))
    if output is not None:
        import json

        # The keys are those of the JSON, for whoever moves the data; what they hold is said first, for whoever reads it.
        words = {name: shell.say(f"own.{name}") for name, rows in found.items() if isinstance(rows, list)}
        data = json.dumps({shell.say("own.explanation"): words, **found}, ensure_ascii=False, indent=2).encode() + b"\n"
        write_whole(shell, Path(output), data, "--output")
        shell.answer({"path": output, "size_bytes": len(data)}, shell.say("done.my_data", path=output))
        return

    def text() -> None:
        person = found["person"]
        if isinstance(person, dict):
            for name in ("name", "login", "email"):
                shell.print(f"{shell.say(f'head.{name}')}: {person.get(name) or '–'}")
        shell.print("")
        rows = [
            (shell.say(f"own.{name}"), str(len(rows)))
            for name, rows in found.items()
            if isinstance(rows, list) and rows
        ]
        if rows:
            shell.table(("what", "count"), rows, whole=(1,))
        shell.print("", shell.say("own.how_to_get_all"))

    shell.answer(found, text)


def erase(
    shell: Shell,
    who: Annotated[str, Argument(show_default=False)],
    reason: Reason,
    *,
    keep_name: Annotated[bool, Option("--keep-name")] = False,
    yes: Annotated[bool, Option("--yes")] = False,
    decision_id: DecisionId = None,
) -> None:
    """Erase a person's name, sign-in name and address."""
    with shell.library() as library:
        ending = ended_with(shell, library, who)
        if not yes:
            library.require_erasable(who, reason=reason, keep_name=keep_name, by=shell.by, decision_id=decision_id)
            what = shell.say("erase.keeps_name" if keep_name else "erase.all")
            require_yes(shell, "erase", yes=yes, who=shell.visible(who), what=f"{what} {ending}".strip())
        made = library.erase_person(who, reason=reason, keep_name=keep_name, by=shell.by, decision_id=decision_id)
    name = "done.erase_kept" if made.kept_name else "done.erase"
    roles = shell.count("roles", made.roles_ended)
    text = shell.say(name, actor=made.actor, roles=roles, number=made.number)
    shell.decided(made, f"{text} {ending}".strip())


def ended_with(shell: Shell, library: "Library", who: str, only: str | None = None) -> str:
    """
    Say which delegations end when somebody's roles do, and which standing decisions nothing follows any more.

    Args:
        only: The municipality in which; all when None. A number.

    Returns:
        Sentences; empty when nothing rests on the roles.
    """
    person = next((one for one in library.people() if who in {one.login, one.actor}), None)
    lines = []
    for one in person.registered if person else ():
        if only in {None, one.municipality} and (one.until_on is None or one.until_on > library.today):
            name = library.get_municipality(one.municipality).name
            lines.append(shell.say("ending.delegation", municipality=name, position=one.position))
            lines += [
                shell.say("ending.standing", municipality=name, number=each.number)
                for each in library.standing_decisions(one.municipality, reader=shell.actor)
                if each.standing.delegation == one.id and not each.ended and each.standing.until_on > library.today
            ]
    return " ".join(lines)


def erase_text(
    shell: Shell,
    number: Annotated[str, Argument(show_default=False)],
    name: Annotated[str | None, Argument(show_default=False)] = None,
    *,
    reason: Reason,
    decision_id: DecisionId = None,
) -> None:
    """Erase what was written with a decision, or in a row that `traces` shows."""
    with shell.library() as library:
        made = library.erase_text(number, name, reason=reason, by=shell.by, decision_id=decision_id)
    done = "erase_text" if isinstance(made.of, int) else "erase_writing"
    shell.decided(made, shell.say(f"done.{done}", of=made.of, number=made.number))


def retention(
    shell: Shell, *, delete: Annotated[bool, Option("--delete")] = False, decision_id: DecisionId = None
) -> None:
    """Show what was kept long enough; with `--delete`, delete it."""
    by = reader_of(shell)
    with shell.library() as library:
        found = library.retention(by=by)
        # An act that deletes nothing would still be a decision, kept for ever; one that is repeated answers as it did.
        if delete and (found.count or decision_id is not None):
            found = library.retention(by=by, delete=True, decision_id=decision_id)
    shell.answer(found, lambda: _print_retention(shell, found))


def _print_retention(shell: Shell, found: "RetentionReport") -> None:
    shell.table(
        ("what", "kept_months", "over", "oldest", "why"),
        [
            (shell.say(f"kept.{line.kept.value}"), str(line.months), str(line.count), shell.day(line.oldest), line.why)
            for line in found.lines
        ],
        whole=(1, 2, 3),
    )
    if found.is_deleted:
        shell.print("", shell.say("retention.deleted", count=found.count, number=found.number))
    else:
        shell.print("", shell.say("retention.how_to_delete" if found.count else "retention.nothing", count=found.count))


def traces(shell: Shell) -> None:
    """Find where some letters stand. They are typed or sent in, not given as an argument: a shell remembers those."""
    wanted = shell.ask("traces") if shell.is_asked else sys.stdin.readline()
    by = reader_of(shell)
    with shell.library() as library:
        found = library.traces(wanted.strip(), by=by)
        towns = {str(one.number): one.name for one in library.municipalities()}

    def text() -> None:
        if not found:
            shell.print(shell.say("traces.nothing"))
            return
        rows = [(shell.label("lies", one.lies), _where(shell, one, towns), one.digest or "–") for one in found]
        shell.table(("what", "where", "digest"), rows, whole=(1, 2))
        notes = ["what_now", *(one for one in ("copy", "chain") if any(trace.lies == one for trace in found))]
        shell.print("", *(shell.say(f"traces.{one}") for one in notes))

    shell.answer(found, text)


def _where(shell: Shell, one: "Trace", towns: Mapping[str, str]) -> str:
    """Say where it stands, with words for our codes: a draft's state; and what a text was given as, before its name."""
    what, _, code = one.what.rpartition(" ")
    match one.lies:
        case "draft":
            return f"{what} {shell.label('proposal_state', code)}"
        case "decision-text":
            # The name stays: `erase-text` takes it, for whoever erases one text of several.
            word = _given(shell, code)
            return f"{what} {word} ({code})" if word != code else one.what
        case "copy":
            column, _, row = one.what.partition(" ")
            return f"{shell.label('copied', column)}: {_row(shell, column.partition('.')[0], row, towns)}"
        case _:
            return one.what


def _row(shell: Shell, table: str, row: str, towns: Mapping[str, str]) -> str:
    """Say which row of a table it is, by its key as `Trace.what` has it; the way people say it where it has parts of ours."""
    parts = row.split(" ")
    match table:
        case "version" | "attachment":
            return " ".join([parts[0], ".".join(parts[1:3]), *parts[3:]])
        case "adoption":
            return " ".join([towns.get(parts[0], parts[0]), *parts[1:]])
        case "decision_text":
            return " ".join([parts[0], *(_given(shell, one) for one in parts[1:])])
        case _:
            return row


def _given(shell: Shell, name: str) -> str:
    """Give the word for what a text was given as, such as a reason; the name itself when there is none."""
    return next((word for area in ("given", "asked") if (word := shell.label(area, name)) != name), name)


def redact(
    shell: Shell,
    what: Annotated[str, Argument(show_default=False)],
    version: MaybeVersion = None,
    *,
    show: Annotated[bool, Option("--show")] = False,
    reason: MaybeReason = None,
    yes: Annotated[bool, Option("--yes")] = False,
    decision_id: DecisionId = None,
) -> None:
    """Take the words of a version, an addition or a library file away for good; with `--show`, show where they lie."""
    by = reader_of(shell) if show else shell.by
    with shell.library() as library:
        digest = _digest(shell, library, what, version)
        found = library.redactable(digest, by=by)
        if show:
            shell.answer(found, lambda: _print_redactable(shell, found))
            return
        if reason is None:
            raise mistake(shell, "no_reason")
        if not yes and found.number is None and not found.reasons:
            _print_redactable(shell, found)
            require_yes(shell, "redact", yes=yes, what=shell.visible(what))
        made = library.redact(digest, reason=reason, by=by, decision_id=decision_id)
    shell.decided(made, shell.say("done.redact", places=shell.count("places", made.places), number=made.number))


def _digest(shell: Shell, library: "Library", what: str, version: str | None) -> str:
    """Take a digest as it is; a routine by its id, and the version that is meant."""
    if version is None:
        return what
    number = version_number(version)
    found = next((one for one in library.versions(what, reader=shell.actor) if one.version == number), None)
    if found is None:
        raise VersionNotFound(procedure=what, version=version)
    return found.digest


def _print_redactable(shell: Shell, found: "Redactable") -> None:
    rows = [
        (shell.label("lies", one.lies.value), one.what, shell.say("redact.goes" if one.is_cleared else "redact.look"))
        for one in found.places
    ]
    shell.table(("what", "where", "what_happens"), rows, whole=(0,))
    if found.reasons:
        shell.print("", shell.say("redact.first"))
        for one in found.reasons:
            places = one.places_in(shell.language)
            shell.print(
                f"- {say(f'{one.key}.fact', shell.language, **places)} {say(f'{one.key}.remedy', shell.language, **places)}"
            )


def erased(shell: Shell, since: Annotated[str | None, Option("--since")] = None) -> None:
    """List the decisions by which something was deleted, so that whoever restores a backup can do it again."""
    by = reader_of(shell)
    after: int | date | None = (
        int(since) if since is not None and since.isdecimal() else shell.read_day(since, "--since")
    )
    with shell.library() as library:
        found = library.erased(by=by, since=after)

    def text() -> None:
        if not found:
            shell.print(shell.say("erasures.nothing"))
            return
        rows = [
            (str(one.number), shell.instant(one.at), say(f"register.{one.kind}", shell.language), _of(shell, one))
            for one in found
        ]
        shell.table(("decision", "at", "what", "where"), rows, whole=(0, 1))
        shell.print("", shell.say("erasures.what_now"))

    shell.answer(found, text)


def _of(shell: Shell, one: "Erasing") -> str:
    """Say what a decision deleted, as far as the chain knows."""
    facts = one.facts
    match one.kind:
        case "person_erased":
            return str(facts["actor"])
        case "writing_erased":
            return str(facts["row"])
        case "text_erased":
            return f"{facts['number']} {', '.join(_given(shell, name) for name in facts['names'])}"
        case "words_redacted":
            return str(facts["digest"])
        case _:
            return str(sum(each["count"] for each in facts["deleted"]))
