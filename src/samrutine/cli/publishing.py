"""Publishing: where a municipality's documents lie, and putting them there."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from samrutine.cli.arguments import DecisionId, MaybeMunicipality, Municipality
from samrutine.cli.plain import plain, plain_error
from samrutine.cli.shell import Shell
from samrutine.cli.tree import command, group
from samrutine.errors import Conflict, InvalidRequest, SamrutineError, StoreUnavailable, TargetNotFound

if TYPE_CHECKING:
    from samrutine.publishing.model import Receipt


def register(app: Typer) -> None:
    """Add the commands."""
    command(app, "publish", area="publishing")(publish)
    command(app, "publications", area="publishing")(publications)
    target = group(app, "target", area="publishing")
    command(target, "set", area="publishing")(set_target)


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
        shell.say("done.target_set", municipality=where, name=made.name, connector=made.connector, number=made.number),
    )


def publish(
    shell: Shell,
    municipality: Annotated[str | None, Argument(show_default=False)] = None,
    *,
    everywhere: Annotated[bool, Option("--all")] = False,
    target: Annotated[str | None, Option("--target")] = None,
    overwrite: Annotated[bool, Option("--overwrite")] = False,
) -> int:
    """
    Make targets hold just what applies.

    Returns:
        0 when everything lies there as sent, 5 when copies changed by hand were left, 6 when something failed.
    """
    if (municipality is None) is not everywhere:
        raise InvalidRequest(what="publish", value=municipality or "", expected=shell.say("expected.publish"))
    receipts: list[tuple[str, Receipt]] = []
    errors: list[tuple[str, SamrutineError]] = []
    by = shell.by
    with shell.library() as library, shell.progress("publish") as begun:
        places = [one.name for one in library.municipalities()] if everywhere else [municipality or ""]
        for place in places:
            name = library.get_municipality(place).name
            try:
                made = library.publish(place, by=by, target=target, overwrite=overwrite, on_document=begun)
            except SamrutineError as error:
                if not everywhere:
                    raise
                if not isinstance(error, TargetNotFound):
                    errors.append((name, error))
                continue
            receipts.extend((name, one) for one in made)

    def text() -> None:
        for place, receipt in receipts:
            _print_receipt(shell, place, receipt)
        for place, error in errors:
            shell.print(f"{place}: {error.text(shell.language)}")
        if not receipts and not errors:
            shell.print(shell.say("done.nothing_published"))

    shell.answer(
        {
            "receipts": [_plain_receipt(place, one) for place, one in receipts],
            "errors": [{"municipality": place, **plain_error(error, shell.language)} for place, error in errors],
        },
        text,
    )
    return _exit_code([one for _, one in receipts], [error for _, error in errors])


def _exit_code(receipts: Sequence["Receipt"], errors: Sequence[SamrutineError]) -> int:
    states = {receipt.state.value for receipt in receipts}
    if errors:
        return max(error.exit_code for error in errors)
    if "failed" in states:
        return StoreUnavailable.exit_code
    return Conflict.exit_code if "drifted" in states else 0


def _print_receipt(shell: Shell, place: str, receipt: "Receipt") -> None:
    counts = ", ".join(
        f"{shell.label('action', action.value)} {count}" for action, count in receipt.counts().items() if count
    )
    shell.print(f"{place}: {shell.label('publication', receipt.state.value)}. {counts}")
    for line in receipt.lines:
        if line.action.value in {"changed-there", "foreign"} or line.problem is not None:
            why = line.problem.text(shell.language) if line.problem else shell.label("action_remedy", line.action.value)
            shell.print(f"  {line.path}: {why}")


def _plain_receipt(place: str, receipt: "Receipt") -> dict[str, object]:
    return {
        "municipality": receipt.municipality, "name": place, "target": receipt.target, "state": receipt.state.value,
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
        found = library.publications(municipality)
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
