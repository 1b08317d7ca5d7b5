"""Publishing: where a municipality's documents lie, and putting them there."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.cli.arguments import DecisionId, MaybeMunicipality, Municipality
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group
from samrutine.errors import Conflict, InvalidRequest, NotAllowed, SamrutineError, StoreUnavailable, TargetNotFound
from samrutine.plain import plain, plain_error

if TYPE_CHECKING:
    from samrutine.publishing.model import Action, PlanLine
    from samrutine.publishing.receipts import ReceiptLine
    from samrutine.publishing.service import AtTarget


def register(app: Typer) -> None:
    """Add the commands."""
    command(app, "publish", area="publishing")(publish)
    command(app, "publications", area="publishing")(publications)
    target = group(app, "target", area="publishing")
    command(target, "set", area="publishing")(set_target)
    command(target, "end", area="publishing")(end_target)
    command(target, "resume", area="publishing")(resume)


def set_target(
    shell: Shell,
    municipality: Municipality,
    name: Annotated[str, Argument(show_default=False)],
    location: Annotated[str, Argument(show_default=False)],
    connector: Annotated[str, Option("--connector")] = "folder",
    decision_id: DecisionId = None,
) -> None:
    """Say where a municipality's documents are published."""
    with shell.library() as library:
        made = library.set_target(
            municipality, name, connector, Path(location).expanduser().absolute(), by=shell.by, decision_id=decision_id
        )
        where = library.get_municipality(made.municipality).name
    shell.decided(
        made,
        shell.say(
            "done.target_set",
            municipality=where,
            name=made.name,
            connector=shell.label("connector", made.connector),
            number=made.number,
        ),
    )


def end_target(
    shell: Shell,
    municipality: Municipality,
    name: Annotated[str, Argument(show_default=False)],
    decision_id: DecisionId = None,
) -> None:
    """Publish to a place no more."""
    with shell.library() as library:
        made = library.end_target(municipality, name, by=shell.by, decision_id=decision_id)
        where = library.get_municipality(made.municipality).name
    shell.decided(made, shell.say("done.target_ended", municipality=where, name=made.name, number=made.number))


def resume(
    shell: Shell,
    municipality: Municipality,
    name: Annotated[str, Argument(show_default=False)],
    *,
    overwrite: Annotated[bool, Option("--overwrite")] = False,
    decision_id: DecisionId = None,
) -> None:
    """Publish to a place again, after a restore."""
    with shell.library() as library:
        made = library.resume_publishing(
            municipality, name, overwrite=overwrite, by=shell.by, decision_id=decision_id
        )  # fmt: skip
        where = library.get_municipality(made.municipality).name
    shell.decided(made, shell.say("done.target_resumed", municipality=where, name=made.name, number=made.number))


def publish(
    shell: Shell,
    municipality: Annotated[str | None, Argument(show_default=False)] = None,
    *,
    everywhere: Annotated[bool, Option("--all")] = False,
    target: Annotated[str | None, Option("--target")] = None,
    overwrite: Annotated[bool, Option("--overwrite")] = False,
    plan: Annotated[bool, Option("--plan")] = False,
) -> int:
    """
    Make targets hold just what applies; or, with `--plan`, say what that would do.

    With `--all`, municipalities without a target are passed over, and those where the one who asks has no say are
    named and passed over.

    Returns:
        0 when everything lies there as sent, 5 when copies changed by hand were left, 6 when a target failed; 3 when
        the one who asks has no say anywhere.
    """
    if (municipality is None) is not everywhere:
        raise InvalidRequest(what="publish", value=municipality or "", expected=shell.say("expected.publish"))
    results: list[tuple[str, AtTarget]] = []
    skipped: list[str] = []
    by = shell.by
    with shell.library() as library, shell.progress("publish") as begun:
        places = [one.name for one in library.municipalities()] if everywhere else [municipality or ""]
        for place in places:
            name = library.get_municipality(place).name
            try:
                found: Sequence[AtTarget] = (
                    library.preview(place, by=by, target=target, overwrite=overwrite)
                    if plan
                    else library.publish(place, by=by, target=target, overwrite=overwrite, on_document=begun).targets
                )
            except SamrutineError as error:
                # Of many, one that cannot be published must not hold up the others.
                if not everywhere or (isinstance(error, NotAllowed) and len(skipped) == len(places) - 1):
                    raise
                if isinstance(error, NotAllowed):
                    skipped.append(name)
                found = _instead_of_targets(error)
            results.extend((name, one) for one in found)

    shell.answer(
        {
            "plans" if plan else "receipts": [_plain(place, one) for place, one in results if one.error is None],
            "errors": [
                {**_plain(place, one), **plain_error(one.error, shell.language)}
                for place, one in results
                if one.error is not None
            ],
            "skipped": skipped,
        },
        lambda: _print_results(shell, results, skipped),
    )
    return _exit_code([one for _, one in results])


def _instead_of_targets(error: SamrutineError) -> "Sequence[AtTarget]":
    """Say what goes wrong before any target is reached; to have no target, or no say, is not wrong."""
    # Imported here: help needs no library.
    from samrutine.publishing.model import TargetId
    from samrutine.publishing.service import AtTarget

    if isinstance(error, NotAllowed | TargetNotFound):
        return ()
    return (AtTarget(TargetId("–"), "–", ended=False, error=error),)


def _print_results(shell: Shell, results: Sequence[tuple[str, "AtTarget"]], skipped: Sequence[str]) -> None:
    for place, one in results:
        _print_result(shell, place, one)
    if not results:
        shell.print(shell.say("done.nothing_published"))
    if skipped:
        shell.tell(shell.say("done.publish_skipped", municipalities=", ".join(skipped)))


def _exit_code(results: Sequence["AtTarget"]) -> int:
    if any(one.error is not None for one in results):
        return StoreUnavailable.exit_code
    states = {one.receipt.state.value for one in results if one.receipt is not None}
    if "failed" in states:
        return StoreUnavailable.exit_code
    waits = any(one.plan.for_a_person for one in results if one.plan is not None)
    return Conflict.exit_code if waits or "drifted" in states else 0


def _print_result(shell: Shell, place: str, one: "AtTarget") -> None:
    key = "done.at_ended_target" if one.ended else "done.at_target"
    shell.print(shell.say(key, municipality=place, target=one.name, what=_what_of(shell, one)))
    for line in one.receipt.lines if one.receipt is not None else ():
        _print_line(shell, line, line.problem, gave_way="overwritten")
    if one.plan is not None and one.error is not None:
        shell.print(f"  {shell.say('done.planned_only', counts=_counted(shell, one.plan.counts()))}")
    for planned in one.plan.lines if one.plan is not None else ():
        if not _print_line(shell, planned, None, gave_way="to-overwrite") and planned.action.value != "unchanged":
            shell.print(f"  {planned.path}: {shell.label('action_planned', planned.action.value)}")


def _print_line(shell: Shell, line: "ReceiptLine | PlanLine", problem: SamrutineError | None, *, gave_way: str) -> bool:
    """Print what a person must look at; tell whether there was anything."""
    if problem is None and line.action.value not in {"changed-there", "foreign"}:
        return False
    why = shell.label("action_remedy", gave_way if line.overwrites else line.action.value)
    why = problem.text(shell.language) if problem else why
    shell.print(f"  {line.path}: {why}")
    return True


def _what_of(shell: Shell, one: "AtTarget") -> str:
    if one.error is not None:
        return one.error.text(shell.language)
    if one.plan is not None:
        return shell.say("done.planned", counts=_counted(shell, one.plan.counts()))
    if one.receipt is None:
        return ""
    state = "withdrawn" if one.ended and one.receipt.leaves_nothing else one.receipt.state.value
    return f"{shell.label('publication', state)}. {_counted(shell, one.receipt.counts())}".rstrip()


def _counted(shell: Shell, counts: Mapping["Action", int]) -> str:
    return ", ".join(f"{shell.label('action', action.value)} {count}" for action, count in counts.items() if count)


def _plain(place: str, one: "AtTarget") -> dict[str, object]:
    about = {"name": place, "target": one.target, "target_name": one.name, "ended": one.ended}
    if one.plan is not None:
        files = [{"path": line.path, "action": line.action.value} for line in one.plan.lines]
        return {**about, "counts": plain(one.plan.counts()), "files": files}
    receipt = one.receipt
    if receipt is None:
        return dict(about)
    return {
        **about, "municipality": receipt.municipality, "state": receipt.state.value,
        "read_back_at": receipt.read_back_at.isoformat(), "counts": plain(receipt.counts()),
        "files": [
            {"path": line.path, "procedure": line.procedure_id, "version": plain(line.version),
             "action": line.action.value, "state": line.state.value, "sha256": line.sha256}
            for line in receipt.lines
        ],
    }  # fmt: skip


def publications(shell: Shell, municipality: MaybeMunicipality = None) -> None:
    """Show what lies where, as last read back."""
    with shell.library() as library:
        found = library.publications(municipality, reader=shell.actor)
        names = {one.number: one.name for one in library.municipalities()}
    shell.answer(
        {"publications": found},
        lambda: shell.table(
            ("municipality", "target", "procedure", "version", "state", "verified"),
            [
                (
                    names.get(one.municipality, one.municipality), one.target, one.procedure, one.version,  # type: ignore[call-overload]
                    shell.label("publication", one.state.value), shell.instant(one.verified_at) if one.verified_at else "–",
                )
                for one in found
            ],
            whole=(0, 3),
        ),
    )  # fmt: skip
